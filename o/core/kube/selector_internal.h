/* What selector.c and selector_labels.c share. */
#ifndef SM_SELECTOR_INTERNAL_H
#define SM_SELECTOR_INTERNAL_H

#include <stdint.h>

#include "selector.h"

enum sm_operator { OP_IN, OP_NOT_IN, OP_EQUAL, OP_NOT_EQUAL, OP_GREATER, OP_LESS, OP_EXISTS, OP_NOT_EXISTS };

struct sm_requirement {
    const char *key;
    enum sm_operator op;
    const char **values;
    size_t value_count;
    int64_t number; /* of GREATER and LESS */
};

struct sm_selector {
    struct sm_requirement *requirements;
    size_t count, capacity;
    bool nothing;
};

/* Appends a requirement without values. */
struct sm_requirement *sm_selector_add_requirement(struct sm_region *r, struct sm_selector *selector);
/* Values are a set, in order. */
void sm_selector_add_value(struct sm_region *r, struct sm_requirement *requirement, const char *value);
void sm_selector_sort_by_key(struct sm_selector *selector);
bool sm_selector_parse_number(const char *text, int64_t *ret_number);

#endif
