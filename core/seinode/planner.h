/* The planner: decides what a SeiNode needs next (seinode-controller.md 3). */
#ifndef SM_PLANNER_H
#define SM_PLANNER_H

#include "node.h"

/* Probes the sidecar of a running node, clears a plan that has ended, builds the next one. Returns NULL, or why the spec
 * can't be planned for. [ret_new_plan] is set when node->plan is one that has not been stored yet. */
const char *sm_planner_resolve(struct sm_node *node, bool *ret_new_plan);

/* True if the plan was made for another image than the spec names, under a profile that then makes a new one. */
bool sm_planner_superseded(const struct sm_node *node);

/* --- Its parts ----------------------------------------------------------------------------------------------------- */

/* NULL, or what is wrong with the spec of the node's mode. */
const char *sm_planner_validate(const struct sm_node *node);

/* The plan that brings a node to Running. [pod_may_be_old]: a pod of an earlier image may exist. */
void sm_planner_build_init(struct sm_node *node, bool pod_may_be_old);

/* The plan a running node needs; false if it needs none. [superseded]: the set may be as a plan for another image left it. */
bool sm_planner_build_running(struct sm_node *node, bool superseded);

/* True if something else runs than status.currentImage says; [ret_image] is what runs, "" if nothing does. */
bool sm_planner_observes_drift(struct sm_node *node, const char **ret_image);

/* Adds a task with the retries of its kind. */
void sm_planner_add(struct sm_node *node, struct sm_plan_builder *plan, const char *type, sm_val params);
/* Params of the tasks on the node's own objects. */
sm_val sm_planner_node_params(struct sm_node *node);
void sm_planner_add_apply(struct sm_node *node, struct sm_plan_builder *plan);

/* Params of config-apply: the mode and every override. */
sm_val sm_planner_intent(struct sm_node *node);

#endif
