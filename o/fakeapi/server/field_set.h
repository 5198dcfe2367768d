/* Sets of fields, as managedFields holds them: a set *is* its fieldsV1 value, so reading and printing cost nothing, and what
 * two sets have in common is shared.
 *
 *      {"f:spec": {"f:containers": {"k:{\"name\":\"c\"}": {".": {}, "f:image": {}}}}}
 *
 * A key is a step: `f:` a field, `k:` and `v:` an element by its keys or its value, `i:` by its place. A node is a member of
 * the set if it is `{}` or holds ".". The root is no member, so the empty set is SM_EMPTY_MAP. Below the root an absent node
 * is NULL. */
#ifndef SM_FIELD_SET_H
#define SM_FIELD_SET_H

#include "schema.h"
#include "str.h"

static inline bool sm_field_set_empty(sm_val set) { return sm_val_count(set) == 0; }

/* True if a node below the root is a member itself. */
bool sm_field_set_member(sm_val node);

/* A node from its parts: members, not sorted, without ".". NULL if nothing is in it. */
sm_val sm_field_set_node(struct sm_region *r, bool member, const struct sm_member *kids, size_t count);

sm_val sm_field_set_union(struct sm_region *r, sm_val a, sm_val b);
sm_val sm_field_set_intersection(struct sm_region *r, sm_val a, sm_val b);

/* Members of [a] that are no members of [b]; what lies below a member of [b] stays. */
sm_val sm_field_set_difference(struct sm_region *r, sm_val a, sm_val b);

/* Every declared field of an object on the way to a member becomes a member. */
sm_val sm_field_set_with_named(struct sm_region *r, const struct sm_schema *schema, sm_val set);

/* What a client wrote in the form that this server writes: keys compact and sorted, no empty branches. NULL if malformed. */
sm_val sm_field_set_parse(struct sm_region *r, sm_val fields_v1);

/* Calls [visit] with the text of each member's path (`.spec.containers[name="c"].image`), members of a node first. */
void sm_field_set_each(struct sm_region *r, sm_val set, void (*visit)(void *arg, const char *path), void *arg);

#endif
