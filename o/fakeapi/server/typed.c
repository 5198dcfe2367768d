#include <string.h>

#include "typed_internal.h"

const struct sm_schema sm_typed_any = {.type = SM_TYPE_ANY};

static bool is_or_nothing(sm_val v, enum sm_kind kind) {
    return !v || v->kind == SM_KIND_NULL || v->kind == kind;
}

enum sm_shape sm_typed_shape(const struct sm_schema *schema, sm_val a, sm_val b) {
    switch (schema->type) {
    case SM_TYPE_OBJECT:
    case SM_TYPE_MAP:
        return schema->atomic || !is_or_nothing(a, SM_KIND_MAP) || !is_or_nothing(b, SM_KIND_MAP) ? SM_SHAPE_LEAF : SM_SHAPE_MAP;
    case SM_TYPE_LIST:
        return schema->list == SM_LIST_ATOMIC || !is_or_nothing(a, SM_KIND_LIST) || !is_or_nothing(b, SM_KIND_LIST) ? SM_SHAPE_LEAF
                                                                                                                    : SM_SHAPE_LIST;
    case SM_TYPE_ANY:
        return schema->atomic || !is_or_nothing(a, SM_KIND_MAP) || !is_or_nothing(b, SM_KIND_MAP) ||
                       (!sm_val_is_map(a) && !sm_val_is_map(b))
                   ? SM_SHAPE_LEAF
                   : SM_SHAPE_MAP;
    default:
        return SM_SHAPE_LEAF;
    }
}

const struct sm_schema *sm_typed_child(const struct sm_schema *schema, const char *key, size_t key_bytes, bool *ret_declared) {
    *ret_declared = false;
    if (schema->type == SM_TYPE_MAP)
        return schema->element ? schema->element : &sm_typed_any;
    if (schema->type != SM_TYPE_OBJECT)
        return &sm_typed_any;
    const struct sm_field *field = sm_schema_field(schema, key, key_bytes);
    *ret_declared = field != NULL;
    return field ? field->schema : schema->preserve_unknown ? &sm_typed_any : NULL;
}

bool sm_typed_has_part(enum sm_place place, const char *key, const char *ignore) {
    static const char *const root[] = {"apiVersion", "kind", NULL};
    static const char *const metadata[] = {"creationTimestamp", "generation", "managedFields",   "name",
                                           "namespace",         "selfLink",   "resourceVersion", "uid", NULL};

    if (place == SM_PLACE_BELOW)
        return true;
    if (place == SM_PLACE_ROOT && ignore && strcmp(key, ignore) == 0)
        return false;
    for (const char *const *name = place == SM_PLACE_ROOT ? root : metadata; *name; name++) {
        if (strcmp(key, *name) == 0)
            return false;
    }
    return true;
}

void sm_members_grow(struct sm_members *members) {
    struct sm_member *more = sm_region_alloc(members->region, members->capacity * 2 * sizeof more[0]);

    memcpy(more, members->at, members->count * sizeof more[0]);
    members->at = more;
    members->capacity *= 2;
}

const char *sm_typed_field_key(struct sm_region *r, const struct sm_member *field) {
    char *key = sm_region_alloc(r, field->key_bytes + (size_t)3);

    memcpy(key, "f:", 2);
    memcpy(key + 2, field->key, field->key_bytes + (size_t)1);
    return key;
}

const char *sm_typed_item_key(struct sm_region *r, const struct sm_schema *list, const struct sm_list_key *key) {
    char buffer[SM_LIST_KEY_BYTES];
    size_t bytes;
    const char *text = sm_list_key_text(r, list, key, buffer, &bytes);

    return text == buffer ? sm_region_strndup(r, text, bytes) : text;
}
