/* resource.Quantity: numbers with a suffix (`500m`, `1Gi`, `1e3`), and the one way to write each of them.
 *
 * The number of billionths is kept in 128 bits; what is smaller is rounded up, what does not fit is cut off, as Kubernetes does. */
#ifndef SM_QUANTITY_H
#define SM_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "region.h"

enum sm_quantity_format { SM_QUANTITY_DECIMAL /* m, k, M, … */, SM_QUANTITY_BINARY /* Ki, Mi, … */, SM_QUANTITY_EXPONENT /* 1e3 */ };

__extension__ typedef __int128 sm_int128;

struct sm_quantity {
    sm_int128 nano;
    enum sm_quantity_format format;
};

/* NULL, or the error as Kubernetes words it. */
const char *sm_quantity_parse(const char *text, struct sm_quantity *ret_quantity);

/* The canonical text. */
const char *sm_quantity_text(struct sm_region *r, const struct sm_quantity *quantity);

/* A cheap test: true means that sm_quantity_text would give [text] back; false says nothing. */
bool sm_quantity_is_canonical(const char *text);

static inline int sm_quantity_compare(const struct sm_quantity *a, const struct sm_quantity *b) {
    return (a->nano > b->nano) - (a->nano < b->nano);
}

#endif
