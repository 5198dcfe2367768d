/* The pods of a node's StatefulSet, as planner and tasks look at them. */
#ifndef SM_PODS_H
#define SM_PODS_H

#include "node.h"

#define SM_LABEL_NODE "sei.io/node"
#define SM_LABEL_REVISION "controller-revision-hash"

/* Text of the selector that the node's set uses, and the pods it finds in the cache. */
const char *sm_pods_selector(const struct sm_node *node);
sm_val sm_pods_cached(struct sm_node *node);

/* The image of the container `seid` of a pod or pod template, "" if it has none. */
const char *sm_pods_image(sm_val pod);

/* True if a set of that uid owns the pod. [set] may be NULL. */
bool sm_pods_owned_by(sm_val pod, sm_val set);

/* The number at the end of its name, -1 if it has none. */
int64_t sm_pods_ordinal(sm_val pod, sm_val set);

/* True if the pod is what the set's template asks for: by its revision label; if it has lost that one, by its image. */
bool sm_pods_current(const struct sm_node *node, sm_val pod, sm_val set);

#endif
