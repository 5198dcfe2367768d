/* Invariants that no schema can say: elements of sets and maps are unique, embedded objects say what they are. */
#include "structural.h"

typedef void visitor(const struct sm_structural *node, struct sm_field_errors *errors, const struct sm_field_path *path, sm_val v);

static void walk(const struct sm_structural *node, struct sm_field_errors *errors, const struct sm_field_path *path, sm_val v,
                 visitor *visit) {
    if (!node->below_lists)
        return;
    visit(node, errors, path, v);
    for (size_t i = 0; sm_val_is_list(v) && node->items && i < v->count; i++) {
        struct sm_field_path at = sm_path_index(path, i);
        walk(node->items, errors, &at, v->list[i], visit);
    }
    for (size_t i = 0; sm_val_is_map(v) && i < v->count; i++) {
        const char *key = v->map[i].key;
        const struct sm_structural *child = sm_structural_property(node, key);
        struct sm_field_path at = child ? sm_path_child(path, key) : sm_path_key(path, key);
        if (child || node->additional)
            walk(child ? child : node->additional, errors, &at, v->map[i].value, visit);
    }
}

static bool same_keys(const struct sm_structural *node, sm_val a, sm_val b) {
    for (size_t i = 0; node->keys[i]; i++)
        if (!sm_val_equal(sm_val_get(a, node->keys[i]), sm_val_get(b, node->keys[i])))
            return false;
    return sm_val_is_map(a) && sm_val_is_map(b);
}

sm_val sm_structural_same_item(const struct sm_structural *node, sm_val list, sm_val item) {
    if (node->list != SM_LIST_MAP)
        return NULL;
    sm_val candidate;
    SM_EACH_ITEM(candidate, list)
        if (same_keys(node, candidate, item))
            return candidate;
    return NULL;
}

static sm_val keys_of(struct sm_region *r, const struct sm_structural *node, sm_val item) {
    sm_val keys = SM_EMPTY_MAP;
    for (size_t i = 0; node->keys[i]; i++)
        keys = sm_val_set(r, keys, node->keys[i], sm_val_get(item, node->keys[i]));
    return keys;
}

static void visit_list(const struct sm_structural *node, struct sm_field_errors *errors, const struct sm_field_path *path, sm_val v) {
    if (node->list == SM_LIST_ATOMIC || !sm_val_is_list(v))
        return;
    for (size_t i = 0; i < v->count; i++) {
        struct sm_field_path at = sm_path_index(path, i);
        sm_val item = v->list[i];
        if (node->list == SM_LIST_MAP && !sm_val_is_map(item)) {
            sm_field_invalid(errors, sm_field_path_text(errors->region, &at, NULL), item,
                             "must be an object for an array of list-type map");
            continue;
        }
        for (size_t j = 0; j < i; j++) {
            if (node->list == SM_LIST_MAP ? !same_keys(node, item, v->list[j]) : !sm_val_equal(item, v->list[j]))
                continue;
            sm_field_duplicate(errors, sm_field_path_text(errors->region, &at, NULL),
                               node->list == SM_LIST_MAP ? keys_of(errors->region, node, item) : item);
            break;
        }
    }
}

void sm_structural_check_lists(const struct sm_structural *node, struct sm_field_errors *errors, sm_val value) {
    walk(node, errors, NULL, value, visit_list);
}

static void visit_embedded(const struct sm_structural *node, struct sm_field_errors *errors, const struct sm_field_path *path, sm_val v) {
    static const char *const names[] = {"apiVersion", "kind"};
    if (!node->embedded || !sm_val_is_map(v))
        return;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct sm_field_path at = sm_path_child(path, names[i]);
        if (!*sm_val_text(sm_val_get(v, names[i])))
            sm_field_required(errors, sm_field_path_text(errors->region, &at, NULL), "must not be empty");
    }
}

void sm_structural_check_embedded(const struct sm_structural *node, struct sm_field_errors *errors, sm_val value) {
    walk(node, errors, NULL, value, visit_embedded);
}
