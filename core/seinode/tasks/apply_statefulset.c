/* apply-statefulset: the set as the spec of this pass wants it, by server-side apply with force. Every error is transient. */
#include "resources.h"
#include "task.h"

struct sm_task_result sm_apply_statefulset(struct sm_node *node, const struct sm_task *task) {
    (void)task;
    sm_val set = sm_ctx_recorded(node->ctx) ? NULL : sm_statefulset(node);
    const struct sm_reply *reply = sm_ctx_apply(node->ctx, SM_STATEFULSETS, set, "seinode-controller", true);
    return sm_reply_ok(reply) ? sm_task_done() : sm_task_retry(node, "applying statefulset: %s", sm_reply_error(reply));
}
