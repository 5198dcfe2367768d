#include "set.h"

#include "pods.h"

sm_val sm_set_read(struct sm_node *node, const char **ret_error) {
    *ret_error = NULL;
    if (!sm_node_has(node, SM_SAFEGUARD_LIVE_SET_READS))
        return sm_ctx_cached_get(node->ctx, SM_STATEFULSETS, node->name_space, node->name);
    const struct sm_reply *reply = sm_ctx_live_get(node->ctx, SM_STATEFULSETS, node->name_space, node->name);
    if (sm_reply_ok(reply))
        return reply->body;
    if (!sm_reply_is(reply, "NotFound"))
        *ret_error = sm_region_printf(node->r, "getting statefulset: %s", sm_reply_error(reply));
    return NULL;
}

bool sm_set_is_wanted(const struct sm_node *node, sm_val set) {
    return set && sm_val_int_at(set, "spec.replicas", 1) == 1 &&
           !strcmp(sm_pods_image(sm_val_get(sm_val_get(set, "spec"), "template")), sm_node_image(node));
}

bool sm_set_as_applied(struct sm_node *node, sm_val set, struct sm_task_result *ret_result) {
    if (!sm_node_has(node, SM_SAFEGUARD_REAPPLY))
        return true;
    if (set && sm_meta_deleting(set)) {
        *ret_result = sm_task_running();
        return false;
    }
    if (sm_set_is_wanted(node, set))
        return true;
    *ret_result = sm_apply_statefulset(node, NULL);
    if (ret_result->kind == SM_TASK_DONE)
        *ret_result = sm_task_running();
    return false;
}
