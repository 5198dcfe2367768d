/* apply-statefulset: the set as the spec of this pass wants it, by server-side apply with force. Every error is transient.
 *
 * A set that an older version made has rolling-update parameters that the server filled in. Nobody owns those, so no apply of
 * OnDelete takes them away, and the server refuses the two together (kubernetes.md 4.5, "Trap"). Whoever wants to go on from
 * there takes both steps in one merge patch first.
 */
#include <string.h>

#include "resources.h"
#include "task.h"

static const struct sm_reply *apply(struct sm_node *node) {
    sm_val set = sm_ctx_recorded(node->ctx) ? NULL : sm_statefulset(node);
    return sm_ctx_apply(node->ctx, SM_STATEFULSETS, set, "seinode-controller", true);
}

static bool refused_for_its_strategy(const struct sm_reply *reply) {
    sm_val cause;
    SM_EACH_ITEM(cause, sm_val_at(reply->body, "details.causes"))
        if (strcmp(sm_val_str_at(cause, "field"), "spec.updateStrategy.rollingUpdate") == 0)
            return true;
    return false;
}

struct sm_task_result sm_apply_statefulset(struct sm_node *node, const struct sm_task *task) {
    (void)task;
    const struct sm_reply *reply = apply(node);
    if (sm_node_has(node, SM_SAFEGUARD_STRATEGY_MIGRATES) && refused_for_its_strategy(reply)) {
        sm_val strategy = SM_MAP(node->r, "type", sm_val_str(node->r, "OnDelete"), "rollingUpdate", SM_NULL);
        reply = sm_ctx_patch(node->ctx, SM_STATEFULSETS, "", node->name_space, node->name, SM_PATCH_MERGE,
                             SM_MAP(node->r, "spec", SM_MAP(node->r, "updateStrategy", strategy)));
        if (sm_reply_ok(reply))
            reply = apply(node);
    }
    return sm_reply_ok(reply) ? sm_task_done() : sm_task_retry(node, "applying statefulset: %s", sm_reply_error(reply));
}
