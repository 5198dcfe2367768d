/* The controller's metrics, by their names in the registry (seinode-controller.md 2.6). */
#ifndef SM_SEINODE_METRICS_H
#define SM_SEINODE_METRICS_H

#include "node.h"

void sm_metrics_phase(struct sm_node *node, const char *phase, int value);
void sm_metrics_transition(struct sm_node *node, const char *from, const char *to);
/* Time since [since], the text of a status time; nothing if that is absent. */
void sm_metrics_phase_duration(struct sm_node *node, const char *phase, sm_val since);
void sm_metrics_plan_active(struct sm_node *node, int change);
void sm_metrics_plan_duration(struct sm_node *node); /* of the plan that has ended */
void sm_metrics_probe(struct sm_node *node, const char *outcome, bool ready);

#endif
