/* observe-image: waits until the set counts its pods as updated, then notes the image in status.currentImage
 * (seinode-controller.md 5.4).
 *
 * As merged it notes the image that the spec names by then, whatever the template or the pod says. The hardened one asks
 * the pods: it waits for one of the current template that runs, and notes the image of that.
 */
#include "pods.h"
#include "set.h"

static struct sm_task_result from_pods(struct sm_node *node, sm_val set) {
    const struct sm_reply *reply = sm_ctx_live_list(node->ctx, SM_PODS, node->name_space, sm_pods_selector(node));
    if (!sm_reply_ok(reply))
        return sm_task_retry(node, "listing pods for statefulset \"%s\": %s", node->name, sm_reply_error(reply));
    sm_val pod;
    SM_EACH_ITEM (pod, sm_val_get(reply->body, "items")) {
        if (!sm_pods_owned_by(pod, set) || sm_meta_deleting(pod) || !sm_pods_current(node, pod, set))
            continue;
        if (!sm_val_is_text(sm_val_get(sm_val_get(pod, "status"), "phase"), "Running"))
            continue;
        sm_node_set_current_image(node, sm_pods_image(pod));
        return sm_task_done();
    }
    return sm_task_running();
}

struct sm_task_result sm_observe_image(struct sm_node *node, const struct sm_task *task) {
    (void)task;
    const char *error;
    struct sm_task_result result;
    sm_val set = sm_set_read(node, &error);
    if (error)
        return sm_task_retry(node, "%s", error);
    if (!sm_set_as_applied(node, set, &result))
        return result;
    if (!set || sm_set_unobserved(set))
        return sm_task_running();
    if (sm_node_has(node, SM_SAFEGUARD_IMAGE_OBSERVED))
        return from_pods(node, set);

    int64_t replicas = sm_val_int_at(set, "spec.replicas", -1);
    if (replicas < 0 || sm_val_int_at(set, "status.updatedReplicas", 0) < replicas)
        return sm_task_running();
    sm_node_set_current_image(node, sm_node_image(node));
    return sm_task_done();
}
