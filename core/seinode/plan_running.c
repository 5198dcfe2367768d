/* Plans of a node that runs: another image, or a sidecar that has lost its ready gate. Nothing else counts as drift. */
#include "conditions.h"
#include "pods.h"
#include "planner.h"

static void build_update(struct sm_node *node, const char *current_image) {
    struct sm_plan_builder plan;
    sm_conditions_update_started(node, current_image);
    sm_plan_begin(&plan, node->r, sm_ctx_uuid(node->ctx));
    sm_planner_add_apply(node, &plan);
    if (sm_node_has(node, SM_SAFEGUARD_REPLACE_POD))
        sm_planner_add(node, &plan, "replace-pod", sm_planner_node_params(node));
    sm_planner_add(node, &plan, "observe-image", sm_planner_node_params(node));
    sm_planner_add(node, &plan, "mark-ready", SM_EMPTY_MAP);
    sm_plan_end(&plan, &node->plan, "Running", "");
}

static void build_mark_ready(struct sm_node *node) {
    struct sm_plan_builder plan;
    sm_plan_begin(&plan, node->r, sm_ctx_uuid(node->ctx));
    sm_planner_add(node, &plan, "mark-ready", SM_EMPTY_MAP);
    sm_plan_end(&plan, &node->plan, "Running", "");
}

bool sm_planner_build_running(struct sm_node *node, bool superseded) {
    const char *current = sm_node_current_image(node);
    if (superseded || strcmp(sm_node_image(node), current) != 0 ||
        (sm_node_has(node, SM_SAFEGUARD_DRIFT_OBSERVED) && sm_planner_observes_drift(node, &current))) {
        build_update(node, current);
        return true;
    }
    sm_val sidecar = sm_node_condition(node, SM_CONDITION_SIDECAR);
    if (sm_node_has(node, SM_SAFEGUARD_READY_AGAIN) && sm_val_is_text(sm_val_get(sidecar, "status"), "False") &&
        sm_val_is_text(sm_val_get(sidecar, "reason"), "NotReady")) {
        build_mark_ready(node);
        return true;
    }
    return false;
}

/* --- What runs ----------------------------------------------------------------------------------------------------------- */

/* One look at the set and its pods. A pod that is going is on its way to the set's template. */
static bool drifts(struct sm_node *node, sm_val set, sm_val pods, const char **ret_image) {
    const char *image = sm_pods_image(sm_val_get(sm_val_get(set, "spec"), "template"));
    sm_val pod;
    SM_EACH_ITEM(pod, pods) {
        if (sm_pods_owned_by(pod, set) && !sm_meta_deleting(pod) && strcmp(sm_pods_image(pod), sm_node_image(node)) != 0)
            image = sm_pods_image(pod);
    }
    *ret_image = image;
    return strcmp(image, sm_node_image(node)) != 0;
}

/* The caches suspect, live reads decide: a cache that has not caught up with the last update must not start another one. */
bool sm_planner_observes_drift(struct sm_node *node, const char **ret_image) {
    const char *image;
    sm_val cached_set = sm_ctx_cached_get(node->ctx, SM_STATEFULSETS, node->name_space, node->name);
    sm_val cached_pods = sm_pods_cached(node); /* a call of its own: compilers differ in which argument they make first */
    if (!drifts(node, cached_set, cached_pods, &image))
        return false;

    const struct sm_reply *set = sm_ctx_live_get(node->ctx, SM_STATEFULSETS, node->name_space, node->name);
    if (!sm_reply_ok(set) && !sm_reply_is(set, "NotFound"))
        return false;
    const struct sm_reply *pods = sm_ctx_live_list(node->ctx, SM_PODS, node->name_space, sm_pods_selector(node));
    if (!sm_reply_ok(pods) || !drifts(node, sm_reply_ok(set) ? set->body : NULL, sm_val_get(pods->body, "items"), &image))
        return false;
    *ret_image = image;
    return true;
}
