#include "metrics.h"

/* Labels are made only for a metric that is not on record yet. */
#define METRIC(node, name, value, ...) \
    sm_ctx_metric((node)->ctx, (name), sm_ctx_recorded((node)->ctx) ? NULL : sm_region_printf((node)->r, __VA_ARGS__), (value))

#define CONTROLLER "controller=\"seinode\""

void sm_metrics_phase(struct sm_node *node, const char *phase, int value) {
    if (*phase)
        METRIC(node, "sei.controller.seinode.phase", value, "namespace=\"%s\",name=\"%s\",phase=\"%s\"", node->name_space, node->name,
               phase);
}

void sm_metrics_transition(struct sm_node *node, const char *from, const char *to) {
    METRIC(node, "sei.controller.seinode.phase.transitions", 1, CONTROLLER ",namespace=\"%s\",from_phase=\"%s\",to_phase=\"%s\"",
           node->name_space, from, to);
}

/* Whole seconds: that is all that status times have. */
static bool seconds_since(struct sm_node *node, sm_val since, double *ret_seconds) {
    sm_time start;
    if (!sm_val_is_string(since) || !sm_clock_parse_rfc3339(since->string, &start))
        return false;
    sm_time whole = (sm_ctx_second(node->ctx) - start) / SM_SECOND;
    *ret_seconds = (double)whole;
    return true;
}

void sm_metrics_phase_duration(struct sm_node *node, const char *phase, sm_val since) {
    double seconds;
    if (seconds_since(node, since, &seconds))
        METRIC(node, "sei.controller.seinode.phase.duration", seconds, "namespace=\"%s\",chain_id=\"%s\",phase=\"%s\"", node->name_space,
               sm_val_text(sm_val_get(node->spec, "chainId")), phase);
}

void sm_metrics_plan_active(struct sm_node *node, int change) {
    METRIC(node, "sei.controller.plan.active", change, CONTROLLER ",namespace=\"%s\"", node->name_space);
}

void sm_metrics_plan_duration(struct sm_node *node) {
    double seconds;
    if (node->plan.count && seconds_since(node, sm_val_get(node->plan.tasks[0], "submittedAt"), &seconds))
        METRIC(node, "sei.controller.plan.duration", seconds, CONTROLLER ",namespace=\"%s\",plan_type=\"%s\",outcome=\"%s\"",
               node->name_space, sm_plan_type(&node->plan), sm_plan_is(&node->plan, SM_PLAN_COMPLETE) ? "complete" : "failed");
}

void sm_metrics_probe(struct sm_node *node, const char *outcome, bool ready) {
    METRIC(node, "sei.controller.seinode.sidecar_health_probes", 1, CONTROLLER ",namespace=\"%s\",outcome=\"%s\"", node->name_space,
           outcome);
    METRIC(node, "sei.controller.seinode.sidecar_ready", ready, "namespace=\"%s\",name=\"%s\"", node->name_space, node->name);
}
