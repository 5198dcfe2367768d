/* Invariants that no schema can say: elements of sets and maps are unique, embedded objects say what they are. */
#include <stddef.h>

#include "structural.h"

/* Calls [visit] for every value that a node with [flag] describes, but not in what equals its value [before]. */
struct walk {
    struct sm_field_errors *errors;
    size_t flag; /* offset of below_lists or below_embedded */
    void (*visit)(const struct walk *w, const struct sm_structural *node, const struct sm_field_path *path, sm_val v);
};

static bool wants(const struct walk *w, const struct sm_structural *node) {
    return node && *((const bool *)(const void *)((const char *)node + w->flag));
}

static void walk(const struct walk *w, const struct sm_structural *node, const struct sm_field_path *path, sm_val v, sm_val before) {
    if (!v || (before && sm_val_equal(v, before)))
        return;
    w->visit(w, node, path, v);
    for (size_t i = 0; v->kind == SM_KIND_LIST && wants(w, node->items) && i < v->count; i++) {
        struct sm_field_path at = sm_path_index(path, i);
        walk(w, node->items, &at, v->list[i], NULL);
    }
    for (size_t i = 0; v->kind == SM_KIND_MAP && wants(w, node->additional) && i < v->count; i++) {
        struct sm_field_path at = sm_path_key(path, v->map[i].key);
        walk(w, node->additional, &at, v->map[i].value, sm_val_get(before, v->map[i].key));
    }
    for (size_t i = 0; v->kind == SM_KIND_MAP && i < node->property_count; i++) {
        const struct sm_property *property = &node->properties[i];
        struct sm_field_path at = sm_path_child(path, property->name);
        if (wants(w, property->node))
            walk(w, property->node, &at, sm_val_get(v, property->name), sm_val_get(before, property->name));
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

static void visit_list(const struct walk *w, const struct sm_structural *node, const struct sm_field_path *path, sm_val v) {
    struct sm_field_errors *errors = w->errors;
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

void sm_structural_check_lists(const struct sm_structural *node, struct sm_field_errors *errors, sm_val value, sm_val before) {
    struct sm_field_errors found = sm_field_errors_init(errors->region), old = sm_field_errors_init(errors->region);
    struct walk w = {.errors = &found, .flag = offsetof(struct sm_structural, below_lists), .visit = visit_list};
    if (!node->below_lists)
        return;
    walk(&w, node, NULL, value, before);
    if (found.count == 0)
        return;
    w.errors = &old;
    walk(&w, node, NULL, before, NULL);
    for (size_t i = 0; old.count == 0 && i < found.count; i++)
        sm_field_error(errors, found.causes[i].reason, found.causes[i].field, found.causes[i].message);
}

static void visit_embedded(const struct walk *w, const struct sm_structural *node, const struct sm_field_path *path, sm_val v) {
    struct sm_field_errors *errors = w->errors;
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
    struct walk w = {.errors = errors, .flag = offsetof(struct sm_structural, below_embedded), .visit = visit_embedded};
    if (node->below_embedded)
        walk(&w, node, NULL, value, NULL);
}
