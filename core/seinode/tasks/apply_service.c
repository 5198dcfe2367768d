/* apply-service: the headless Service, by server-side apply with force. Every error is transient. */
#include "resources.h"
#include "task.h"

struct sm_task_result sm_apply_service(struct sm_node *node, const struct sm_task *task) {
    (void)task;
    sm_val service = sm_ctx_recorded(node->ctx) ? NULL : sm_service(node);
    const struct sm_reply *reply = sm_ctx_apply(node->ctx, SM_SERVICES, service, "seinode-controller", true);
    return sm_reply_ok(reply) ? sm_task_done() : sm_task_retry(node, "applying service: %s", sm_reply_error(reply));
}
