/* Kubernetes quantities (`2000Gi`, `1.5e3`, `100m`), as far as comparing two of them goes. */
#ifndef SM_QUANTITY_H
#define SM_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

/* In thousandths, rounded up, at most INT64_MAX. False if [text] is no quantity or is negative. */
bool sm_quantity_parse(const char *text, int64_t *ret_thousandths);

#endif
