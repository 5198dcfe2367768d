#include <string.h>

#include "typed_internal.h"

static sm_val remove_below(struct sm_region *r, const struct sm_schema *schema, sm_val v, sm_val node);

/* What is left of a part for which [node] stands in the set: NULL if nothing, for it is a member. */
static sm_val rest_of(struct sm_region *r, const struct sm_schema *schema, sm_val v, sm_val node) {
    if (sm_field_set_member(node))
        return NULL;
    return node ? remove_below(r, schema, v, node) : v;
}

static sm_val remove_from_map(struct sm_region *r, const struct sm_schema *schema, sm_val v, sm_val node) {
    struct sm_members left;
    bool same = true;

    sm_members_init(&left, r);
    for (size_t i = 0; i < v->count; i++) {
        const struct sm_member *field = &v->map[i];
        bool declared;
        const struct sm_schema *child = sm_typed_child(schema, field->key, field->key_bytes, &declared);
        sm_val below = sm_val_get(node, sm_typed_field_key(r, field));
        sm_val rest = rest_of(r, child ? child : &sm_typed_any, field->value, below);
        same &= rest == field->value;
        if (rest)
            sm_members_add(&left, field->key, field->key_bytes, rest);
    }
    return same ? v : left.count ? sm_val_from_members(r, left.at, left.count) : SM_NULL;
}

static sm_val remove_from_list(struct sm_region *r, const struct sm_schema *schema, sm_val v, sm_val node) {
    sm_val *left = sm_region_alloc(r, v->count * sizeof left[0]);
    size_t count = 0;
    bool same = true;

    for (size_t i = 0; i < v->count; i++) {
        struct sm_list_key key = sm_list_key(r, schema, v->list[i]);
        sm_val below = key.hash ? sm_val_get(node, sm_typed_item_key(r, schema, &key)) : NULL;
        left[count] = rest_of(r, schema->element, v->list[i], below);
        same &= left[count] == v->list[i];
        count += left[count] != NULL;
    }
    return same ? v : count ? sm_val_from_items(r, left, count) : SM_NULL;
}

static sm_val remove_below(struct sm_region *r, const struct sm_schema *schema, sm_val v, sm_val node) {
    switch (sm_typed_shape(schema, v, NULL)) {
    case SM_SHAPE_MAP:
        return sm_typed_nothing(v) ? SM_NULL : remove_from_map(r, schema, v, node);
    case SM_SHAPE_LIST:
        return sm_typed_nothing(v) ? SM_NULL : remove_from_list(r, schema, v, node);
    default: /* a leaf has no parts, but what was owned as a whole once and in parts now loses them all */
        return sm_val_is_map(v) || sm_val_is_list(v) ? SM_NULL : v;
    }
}

sm_val sm_typed_remove(struct sm_region *r, const struct sm_schema *schema, sm_val object, sm_val set) {
    return sm_field_set_empty(set) ? object : remove_below(r, schema, object, set);
}
