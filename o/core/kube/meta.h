/* Reading and building the metadata of objects. Readers accept NULL and give "" or 0. */
#ifndef SM_META_H
#define SM_META_H

#include "clock.h"
#include "resource.h"
#include "val.h"

const char *sm_meta_name(sm_val object);
const char *sm_meta_namespace(sm_val object);
const char *sm_meta_uid(sm_val object);
int64_t sm_meta_version(sm_val object); /* resourceVersion as a number; 0 if none */
int64_t sm_meta_generation(sm_val object);
bool sm_meta_deleting(sm_val object);                      /* deletionTimestamp is set */
const char *sm_meta_label(sm_val object, const char *key); /* "" if absent; see sm_meta_has_label */
bool sm_meta_has_label(sm_val object, const char *key);
const char *sm_meta_annotation(sm_val object, const char *key);
bool sm_meta_has_finalizer(sm_val object, const char *finalizer);

/* `ns/name`, or `name` for cluster-scoped objects: the key of stores and queues. */
const char *sm_meta_key(struct sm_region *r, const char *name_space, const char *name);

/* The ownerReference with controller=true, or NULL. */
sm_val sm_meta_controller(sm_val object);
bool sm_meta_controlled_by(sm_val object, const char *owner_uid);

/* A controller reference to [owner] (controller and blockOwnerDeletion true), whose apiVersion and kind are [resource]'s. */
sm_val sm_meta_controller_ref(struct sm_region *r, const struct sm_resource *resource, sm_val owner);

/* Edits; each returns a new object. */
sm_val sm_meta_add_finalizer(struct sm_region *r, sm_val object, const char *finalizer);
sm_val sm_meta_remove_finalizer(struct sm_region *r, sm_val object, const char *finalizer);

/* --- metav1.Condition lists (keyed by type) ------------------------------------------------------------------------ */

/* The condition of [type] in a list, or NULL. */
sm_val sm_condition_find(sm_val conditions, const char *type);
bool sm_condition_is(sm_val conditions, const char *type, const char *status);

/* Sets a condition as apimachinery's meta.SetStatusCondition does: lastTransitionTime moves only when status changes, a new
 * one is appended. Returns the new list. */
sm_val sm_condition_set(struct sm_region *r, sm_val conditions, const char *type, const char *status, const char *reason,
                        const char *message, int64_t observed_generation, sm_time now);

#endif
