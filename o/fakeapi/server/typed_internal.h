/* What the typed_*.c files share: the shape of a value, and the way down. */
#ifndef SM_TYPED_INTERNAL_H
#define SM_TYPED_INTERNAL_H

#include <string.h>

#include "list_key.h"
#include "typed.h"

enum sm_shape { SM_SHAPE_LEAF, SM_SHAPE_MAP, SM_SHAPE_LIST };

/* Where in an object a walk is: at its root and in its metadata some fields have no part. */
enum sm_place { SM_PLACE_ROOT, SM_PLACE_METADATA, SM_PLACE_BELOW };

/* How two values of one schema (either may be NULL) are seen. */
enum sm_shape sm_typed_shape(const struct sm_schema *schema, sm_val a, sm_val b);

/* Absent, null, or without elements. */
static inline bool sm_typed_nothing(sm_val v) {
    return !v || v->kind == SM_KIND_NULL || ((v->kind == SM_KIND_MAP || v->kind == SM_KIND_LIST) && !v->count);
}

/* The schema of anything, one by one where it is a map. */
extern const struct sm_schema sm_typed_any;

/* The schema of a field, and whether it is declared; NULL if it may not be there. */
const struct sm_schema *sm_typed_child(const struct sm_schema *schema, const char *key, size_t key_bytes, bool *ret_declared);

/* The same for the members of a map in their order, without searching: both are sorted. */
struct sm_typed_fields {
    const struct sm_schema *schema;
    const struct sm_field *at, *end;
};

static inline struct sm_typed_fields sm_typed_fields(const struct sm_schema *schema) {
    bool object = schema->type == SM_TYPE_OBJECT;
    return (struct sm_typed_fields){schema, schema->fields, object ? schema->fields + schema->field_count : schema->fields};
}

static inline const struct sm_schema *sm_typed_next(struct sm_typed_fields *fields, const char *key, size_t key_bytes, bool *ret_declared) {
    if (fields->schema->type != SM_TYPE_OBJECT)
        return sm_typed_child(fields->schema, key, key_bytes, ret_declared);
    for (; fields->at < fields->end; fields->at++) {
        const char *name = fields->at->name;
        int order = (unsigned char)name[0] - (unsigned char)key[0];
        if (!order)
            order = strcmp(name, key);
        if (order >= 0) {
            *ret_declared = !order;
            return !order ? fields->at++->schema : fields->schema->preserve_unknown ? &sm_typed_any : NULL;
        }
    }
    *ret_declared = false;
    return fields->schema->preserve_unknown ? &sm_typed_any : NULL;
}

bool sm_typed_has_part(enum sm_place place, const char *key, const char *ignore);

static inline enum sm_place sm_typed_below(enum sm_place place, const char *key) {
    return place == SM_PLACE_ROOT && strcmp(key, "metadata") == 0 ? SM_PLACE_METADATA : SM_PLACE_BELOW;
}

/* Members on their way to a map. Few need no memory but their own. */
enum { SM_MEMBERS_INLINE = 24 };

struct sm_members {
    struct sm_region *region;
    struct sm_member *at;
    size_t count, capacity;
    struct sm_member inlined[SM_MEMBERS_INLINE];
};

static inline void sm_members_init(struct sm_members *members, struct sm_region *r) {
    members->region = r;
    members->at = members->inlined;
    members->count = 0;
    members->capacity = SM_MEMBERS_INLINE;
}

void sm_members_grow(struct sm_members *members);

/* [key] is not copied. */
static inline void sm_members_add(struct sm_members *members, const char *key, size_t key_bytes, sm_val value) {
    if (members->count == members->capacity)
        sm_members_grow(members);
    members->at[members->count++] = (struct sm_member){key, (uint32_t)key_bytes, value};
}

/* `f:` and the name, in [r]. */
const char *sm_typed_field_key(struct sm_region *r, const struct sm_member *field);

/* `k:…` or `v:…`, in [r]. */
const char *sm_typed_item_key(struct sm_region *r, const struct sm_schema *list, const struct sm_list_key *key);

#endif
