/* The node's StatefulSet as the tasks that wait for it read it. */
#ifndef SM_SET_H
#define SM_SET_H

#include "task.h"

/* Reads the set, live or from the cache as the profile does it. NULL if there is none ([ret_error] NULL) or the read failed. */
sm_val sm_set_read(struct sm_node *node, const char **ret_error);

/* True if there is a set, with one replica of the image that the spec names. */
bool sm_set_is_wanted(const struct sm_node *node, sm_val set);

/* False if the set is gone or is not what the plan applied, under a profile that then applies it again: [ret_result]. */
bool sm_set_as_applied(struct sm_node *node, sm_val set, struct sm_task_result *ret_result);

/* The set's status is about an older template than the one it has. */
static inline bool sm_set_unobserved(sm_val set) { return sm_val_int_at(set, "status.observedGeneration", 0) < sm_meta_generation(set); }

#endif
