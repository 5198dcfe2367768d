/* What the subresources of pods that are only posted share: binding.c and eviction.c. */
#ifndef SM_POD_SUBRESOURCE_H
#define SM_POD_SUBRESOURCE_H

#include "call.h"

/* The 201 of a body that is not stored. */
struct sm_reply sm_pod_subresource_created(struct sm_region *r);

/* The body must name the pod of the URL; [kind] is what the message calls it. */
bool sm_pod_subresource_named(const struct sm_call *call, const char *kind, struct sm_reply *reterr);

/* The pod with a condition that is True from now on. [reason] and [message] may be NULL. */
sm_val sm_pod_subresource_condition(const struct sm_call *call, sm_val pod, const char *type, const char *reason, const char *message);

#endif
