/* Objects under a schema as structured-merge-diff sees them: which parts are owned one by one, and which as a whole.
 *
 * Owned one by one: fields of an object, keys of a map, elements of a set or of a list with keys. Everything else is a leaf:
 * scalars, atomic lists and maps, and what is not of the kind its schema says. Of two empty values (absent, null, no element)
 * nothing can be merged: they count as leaves too.
 *
 * All of these take whole objects. What only the server writes has no part: apiVersion, kind, and in metadata name,
 * namespace, uid, resourceVersion, generation, creationTimestamp, selfLink, managedFields. */
#ifndef SM_TYPED_H
#define SM_TYPED_H

#include "field_set.h"

/* The set of what [object] names. [like] is a set it will probably equal, and is then returned itself; NULL: none.
 * [ignore] is a top-level field that is left out; NULL: none. If [ret_error] is not NULL, the object is checked, and it is
 * set to the text of what is wrong, else to NULL. */
sm_val sm_typed_set(struct sm_region *r, const struct sm_schema *schema, sm_val object, const char *ignore, sm_val like,
                    const char **ret_error);

/* [config] laid over [live]: it wins, and what it does not name stays. Returns [live] itself if nothing changes. Fields that
 * only the server writes, and [ignore], stay as they are. */
sm_val sm_typed_merge(struct sm_region *r, const struct sm_schema *schema, sm_val live, sm_val config, const char *ignore);

/* What differs: members of [*ret_changed] are new or have another value in [after], those of [*ret_removed] are gone. */
void sm_typed_compare(struct sm_region *r, const struct sm_schema *schema, sm_val before, sm_val after, const char *ignore,
                      sm_val *ret_changed, sm_val *ret_removed);

/* [object] without the members of [set]. What loses its last part becomes null. */
sm_val sm_typed_remove(struct sm_region *r, const struct sm_schema *schema, sm_val object, sm_val set);

#endif
