/* Who owns what of an object's Scale. The two keep separate accounts: on the way to the view whoever owns `replicas` in the
 * object owns it there, and on the way back whoever lost it there loses it here. Entries that come back have no time, and so
 * come first (Kubernetes' ScaleHandler). */
#ifndef SM_MANAGED_SCALE_H
#define SM_MANAGED_SCALE_H

#include "managed_fields.h"

/* [replicas]: the set that is the path of replicas in the object. */
sm_val sm_managed_scale_view(struct sm_region *r, sm_val object_entries, sm_val replicas);

/* Entries of the object, of version [api_version], after those of its Scale have become [view_entries]. */
sm_val sm_managed_scale_object(struct sm_region *r, sm_val object_entries, sm_val view_entries, sm_val replicas, const char *api_version);

/* The set of a path like `spec.replicas`. */
sm_val sm_managed_scale_path(struct sm_region *r, const char *path);

#endif
