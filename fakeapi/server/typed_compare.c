#include <string.h>

#include "typed_internal.h"

struct compare {
    struct sm_region *r;
    const char *ignore;
};

/* Nodes below the root, NULL where nothing differs. */
struct difference {
    sm_val changed, removed;
};

/* Both on their way. */
struct nodes {
    struct sm_members changed, removed;
};

static struct difference compare(struct compare *c, const struct sm_schema *schema, sm_val before, sm_val after, enum sm_place place);

static bool is_number(sm_val v) {
    return v->kind == SM_KIND_INT || v->kind == SM_KIND_DOUBLE;
}

static bool same_leaf(sm_val a, sm_val b) {
    if (sm_val_equal(a, b))
        return true;
    if (a->kind == b->kind || !is_number(a) || !is_number(b))
        return false;
    return (a->kind == SM_KIND_INT ? (double)a->integer : a->real) == (b->kind == SM_KIND_INT ? (double)b->integer : b->real);
}

static struct difference compare_leaf(sm_val before, sm_val after) {
    if (!after)
        return (struct difference){.removed = SM_EMPTY_MAP};
    if (!before || !same_leaf(before, after))
        return (struct difference){.changed = SM_EMPTY_MAP};
    return (struct difference){0};
}

static void add(struct nodes *nodes, const char *key, size_t key_bytes, struct difference difference) {
    if (difference.changed)
        sm_members_add(&nodes->changed, key, key_bytes, difference.changed);
    if (difference.removed)
        sm_members_add(&nodes->removed, key, key_bytes, difference.removed);
}

static void compare_maps(struct compare *c, struct nodes *nodes, const struct sm_schema *schema, sm_val before, sm_val after,
                         enum sm_place place) {
    struct sm_typed_fields fields = sm_typed_fields(schema);
    size_t i = 0, j = 0, before_count = sm_val_count(before), after_count = sm_val_count(after);

    while (i < before_count || j < after_count) {
        int order = i >= before_count ? 1 : j >= after_count ? -1 : strcmp(before->map[i].key, after->map[j].key);
        const struct sm_member *field = order <= 0 ? &before->map[i] : &after->map[j];
        sm_val old = order <= 0 ? before->map[i].value : NULL, new = order >= 0 ? after->map[j].value : NULL;
        i += order <= 0;
        j += order >= 0;
        if (sm_val_equal(old, new) || (place != SM_PLACE_BELOW && !sm_typed_has_part(place, field->key, c->ignore)))
            continue;
        bool declared;
        const struct sm_schema *child = sm_typed_next(&fields, field->key, field->key_bytes, &declared);
        struct difference difference =
            compare(c, child ? child : &sm_typed_any, old, new, sm_typed_below(place, field->key));
        if (difference.changed || difference.removed)
            add(nodes, sm_typed_field_key(c->r, field), field->key_bytes + (size_t)2, difference);
    }
}

static void compare_lists(struct compare *c, struct nodes *nodes, const struct sm_schema *schema, sm_val before, sm_val after) {
    struct sm_list_index left, right;

    sm_list_index_init(&left, c->r, schema, before);
    sm_list_index_init(&right, c->r, schema, after);
    for (size_t side = 0; side < 2; side++) {
        const struct sm_list_index *index = side ? &right : &left, *other = side ? &left : &right;
        for (size_t i = 0; i < index->count; i++) {
            const struct sm_list_key *key = &index->keys[i];
            /* Repeated elements count once; what both have is seen from the left. */
            if (!key->hash || sm_list_index_find(index, key) != (int64_t)i)
                continue;
            int64_t at = sm_list_index_find(other, key);
            if (side && at >= 0)
                continue;
            sm_val old = side ? NULL : before->list[i], new = side ? after->list[i] : at >= 0 ? after->list[at] : NULL;
            struct difference difference = compare(c, schema->element, old, new, SM_PLACE_BELOW);
            if (difference.changed || difference.removed) {
                const char *text = sm_typed_item_key(c->r, schema, key);
                add(nodes, text, strlen(text), difference);
            }
        }
    }
}

static struct difference compare(struct compare *c, const struct sm_schema *schema, sm_val before, sm_val after, enum sm_place place) {
    struct nodes nodes;

    if (sm_val_equal(before, after))
        return (struct difference){0};
    enum sm_shape shape = sm_typed_shape(schema, before, after);
    if (shape == SM_SHAPE_LEAF || (sm_typed_nothing(before) && sm_typed_nothing(after)))
        return place == SM_PLACE_BELOW ? compare_leaf(before, after) : (struct difference){0};

    sm_members_init(&nodes.changed, c->r);
    sm_members_init(&nodes.removed, c->r);
    if (shape == SM_SHAPE_MAP)
        compare_maps(c, &nodes, schema, before, after, place);
    else
        compare_lists(c, &nodes, schema, before, after);
    bool added = !before && place == SM_PLACE_BELOW, removed = !after && place == SM_PLACE_BELOW;
    return (struct difference){
        .changed = sm_field_set_node(c->r, added, nodes.changed.at, nodes.changed.count),
        .removed = sm_field_set_node(c->r, removed, nodes.removed.at, nodes.removed.count),
    };
}

void sm_typed_compare(struct sm_region *r, const struct sm_schema *schema, sm_val before, sm_val after, const char *ignore,
                      sm_val *ret_changed, sm_val *ret_removed) {
    struct compare c = {.r = r, .ignore = ignore};
    struct difference difference = compare(&c, schema, before, after, SM_PLACE_ROOT);

    *ret_changed = difference.changed ? difference.changed : SM_EMPTY_MAP;
    *ret_removed = difference.removed ? difference.removed : SM_EMPTY_MAP;
}
