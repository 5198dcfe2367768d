/* Which plan a SeiNode gets. One planner serves all profiles. */
#include "planner.h"

#include "conditions.h"
#include "metrics.h"
#include "seictl.h"
#include "set.h"
#include "task.h"

/* Every pass over a running node asks, also while a plan is active. */
static void probe(struct sm_node *node) {
    const char *error;
    switch (sm_seictl_healthz(node, &error)) {
    case SM_SEICTL_READY:
        sm_metrics_probe(node, "ready", true);
        sm_conditions_sidecar_ready(node);
        break;
    case SM_SEICTL_NOT_READY:
        sm_metrics_probe(node, "not_ready", false);
        sm_conditions_sidecar_not_ready(node);
        break;
    case SM_SEICTL_UNREACHABLE:
        sm_metrics_probe(node, "unreachable", false);
        sm_conditions_sidecar_unreachable(node, error);
        break;
    }
}

static void plan_ended(struct sm_node *node) {
    sm_conditions_plan_ended(node);
    sm_metrics_plan_duration(node);
    node->plan = (struct sm_plan){0};
}

/* A plan says for which image it was made in its apply-statefulset task; one that does not is of an older controller and
 * counts as made for another. A plan without that task is about the node as it is. */
static const char *image_of_plan(const struct sm_node *node) {
    sm_val apply = sm_plan_task_of(&node->plan, "apply-statefulset");
    return apply ? sm_val_text(sm_val_get(sm_val_get(apply, "params"), "image")) : sm_node_current_image(node);
}

bool sm_planner_superseded(const struct sm_node *node) {
    return sm_node_has(node, SM_SAFEGUARD_REPLAN_ON_CHANGE) && sm_plan_exists(&node->plan) && !sm_plan_is(&node->plan, SM_PLAN_COMPLETE) &&
           strcmp(image_of_plan(node), sm_node_image(node)) != 0;
}

/* True if the set that the plan has applied is gone or was changed, so that its other tasks wait for a pod that never comes.
 * Those that look at the set apply it again themselves. The cache suspects, a live read decides. */
static bool lost_its_set(struct sm_node *node) {
    sm_val apply = sm_plan_task_of(&node->plan, "apply-statefulset");
    size_t current = sm_plan_current(&node->plan);
    if (!sm_node_has(node, SM_SAFEGUARD_REAPPLY) || !sm_plan_is(&node->plan, SM_PLAN_ACTIVE) || current == node->plan.count)
        return false;
    if (apply && !sm_val_is_text(sm_val_get(apply, "status"), SM_TASK_STATUS_COMPLETE))
        return false;
    sm_val type = sm_val_get(node->plan.tasks[current], "type");
    if (sm_val_is_text(type, "replace-pod") || sm_val_is_text(type, "observe-image") ||
        sm_set_is_wanted(node, sm_ctx_cached_get(node->ctx, SM_STATEFULSETS, node->name_space, node->name)))
        return false;
    const char *error;
    sm_val set = sm_set_read(node, &error);
    return !error && !sm_set_is_wanted(node, set);
}

const char *sm_planner_resolve(struct sm_node *node, bool *ret_new_plan) {
    bool running = !strcmp(sm_node_phase(node), "Running");
    if (running)
        probe(node);

    bool superseded = sm_planner_superseded(node) || lost_its_set(node);
    if (sm_plan_is(&node->plan, SM_PLAN_ACTIVE) && !superseded)
        return NULL;
    if (sm_plan_exists(&node->plan) && !sm_plan_is(&node->plan, SM_PLAN_ACTIVE))
        plan_ended(node);

    if (node->mode == SM_MODE_NONE)
        return sm_region_printf(node->r, "no mode sub-spec set on SeiNode %s/%s", node->name_space, node->name);
    const char *wrong = sm_planner_validate(node);
    if (wrong)
        return wrong;

    if (!running)
        sm_planner_build_init(node, superseded);
    else if (!sm_planner_build_running(node, superseded))
        return NULL;
    *ret_new_plan = true;
    const char *phase = sm_node_phase(node);
    if (!*phase || !strcmp(phase, "Pending") || (superseded && !strcmp(phase, "Failed")))
        sm_node_set_phase(node, "Initializing");
    return NULL;
}

/* --- Parts of plans ------------------------------------------------------------------------------------------------------ */

void sm_planner_add(struct sm_node *node, struct sm_plan_builder *plan, const char *type, sm_val params) {
    sm_plan_add(plan, type, params, sm_task_max_retries(node->options->profile, type));
}

sm_val sm_planner_node_params(struct sm_node *node) {
    return SM_MAP(node->r, "nodeName", sm_val_str(node->r, node->name), "namespace", sm_val_str(node->r, node->name_space));
}

void sm_planner_add_apply(struct sm_node *node, struct sm_plan_builder *plan) {
    sm_val params = sm_planner_node_params(node), apply_params = params;
    if (sm_node_has(node, SM_SAFEGUARD_REPLAN_ON_CHANGE))
        apply_params = sm_val_set(node->r, params, "image", sm_val_str(node->r, sm_node_image(node)));
    sm_planner_add(node, plan, "apply-statefulset", apply_params);
    sm_planner_add(node, plan, "apply-service", params);
}
