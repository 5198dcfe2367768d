/* Comparing values: equality, a total order, the first difference. */
#include "bug.h"
#include "val_internal.h"

static int compare_doubles(double a, double b) {
    if (a != b)
        return a < b ? -1 : 1;
    /* -0.0 comes before 0.0: they print differently, so they differ. */
    return (__builtin_signbit(b) != 0) - (__builtin_signbit(a) != 0);
}

static int compare_lists(sm_val a, sm_val b) {
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        int order = sm_val_compare(a->list[i], b->list[i]);
        if (order)
            return order;
    }
    return (a->count > b->count) - (a->count < b->count);
}

static int compare_maps(sm_val a, sm_val b) {
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        int order = key_order(&a->map[i], &b->map[i]);
        if (!order)
            order = sm_val_compare(a->map[i].value, b->map[i].value);
        if (order)
            return order;
    }
    return (a->count > b->count) - (a->count < b->count);
}

int sm_val_compare(sm_val a, sm_val b) {
    if (a == b)
        return 0;
    if (!a || !b)
        return a ? 1 : -1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    switch (sm_val_kind(a)) {
    case SM_KIND_NULL:
        return 0;
    case SM_KIND_BOOL:
        return a->boolean - b->boolean;
    case SM_KIND_INT:
        return (a->integer > b->integer) - (a->integer < b->integer);
    case SM_KIND_DOUBLE:
        return compare_doubles(a->real, b->real);
    case SM_KIND_STRING:
        return bytes_order(a->string, a->count, b->string, b->count);
    case SM_KIND_LIST:
        return compare_lists(a, b);
    case SM_KIND_MAP:
        return compare_maps(a, b);
    }
    sm_bug("a value of unknown kind %d", a->kind);
}

bool sm_val_equal_by_hash(sm_val a, sm_val b) {
#ifdef SM_CHECK_HASHES
    SM_ASSERT(sm_val_compare(a, b) == 0);
#else
    (void)a, (void)b;
#endif
    return true;
}

/* --- The first difference ------------------------------------------------------------------------------------------------ */

/* Steps [a] and [b] down to their first differing children, one of which may be absent. */
static void step_into_maps(struct sm_str *path, sm_val *a, sm_val *b) {
    for (size_t i = 0, j = 0;;) {
        const struct sm_member *x = i < (*a)->count ? &(*a)->map[i] : NULL;
        const struct sm_member *y = j < (*b)->count ? &(*b)->map[j] : NULL;
        int order = !x ? 1 : !y ? -1 : key_order(x, y);
        if (order == 0 && sm_val_equal(x->value, y->value)) {
            i++;
            j++;
            continue;
        }
        const struct sm_member *first = order <= 0 ? x : y;
        SM_ASSERT(first);
        sm_val_path_add_key(path, first->key, first->key_bytes);
        *a = order <= 0 ? x->value : NULL;
        *b = order >= 0 ? y->value : NULL;
        return;
    }
}

static void step_into_lists(struct sm_str *path, sm_val *a, sm_val *b) {
    size_t i = 0;
    while (sm_val_equal(sm_val_item(*a, i), sm_val_item(*b, i)))
        i++;
    sm_val_path_add_index(path, i);
    *a = sm_val_item(*a, i);
    *b = sm_val_item(*b, i);
}

const char *sm_val_difference(struct sm_region *r, sm_val a, sm_val b) {
    if (sm_val_equal(a, b))
        return NULL;
    struct sm_str path;
    sm_str_init(&path, r);
    for (;;) {
        if (sm_val_is_map(a) && sm_val_is_map(b))
            step_into_maps(&path, &a, &b);
        else if (sm_val_is_list(a) && sm_val_is_list(b))
            step_into_lists(&path, &a, &b);
        else
            return path.data;
    }
}
