/* replace-pod: deletes the set's pod if it is not of the set's current template, so that the StatefulSet controller makes
 * a new one. The rows of the decision table (seinode-controller.md 5.3) stand in its order; the first that matches wins.
 *
 * As merged it looks once and is done. It asks currentRevision first, which under OnDelete is never promoted: so a template
 * that goes back to the first revision looks as if nothing were to do. And it decides by a cache of pods, and deletes by
 * name. The hardened one looks at the pods themselves, deletes the very pod it saw, and stays until the wanted one is there.
 */
#include "pods.h"
#include "resources.h"
#include "set.h"
#include "str.h"

/* What a look at the pods has found. */
struct look {
    bool current; /* a pod of the current template that stays */
    bool others;  /* a pod that goes, or was just deleted */
};

/* The pods that the set's selector finds; NULL if the list failed. Without a selector that means all pods. */
static sm_val list_pods(struct sm_node *node, sm_val set, struct sm_task_result *ret_result) {
    sm_val labels = sm_val_at(set, "spec.selector.matchLabels");
    if (!sm_node_has(node, SM_SAFEGUARD_LIVE_POD_READS))
        return sm_ctx_cached_list(node->ctx, SM_PODS, node->name_space, labels ? SM_MAP(node->r, "matchLabels", labels) : NULL);

    struct sm_str selector;
    const struct sm_member *label;
    sm_str_init(&selector, node->r);
    SM_EACH_MEMBER(label, labels)
        sm_str_addf(&selector, "%s%s=%s", selector.bytes ? "," : "", label->key, sm_val_text(label->value));
    const struct sm_reply *reply = sm_ctx_live_list(node->ctx, SM_PODS, node->name_space, selector.data);
    if (sm_reply_ok(reply)) {
        sm_val items = sm_val_get(reply->body, "items");
        return items ? items : SM_EMPTY_LIST;
    }
    *ret_result = sm_task_retry(node, "listing pods for statefulset \"%s\": %s", node->name, sm_reply_error(reply));
    return NULL;
}

/* True if the pod is gone or going, or its name has passed to another one. */
static bool delete_pod(struct sm_node *node, sm_val pod, struct sm_task_result *ret_result) {
    const char *uid = sm_node_has(node, SM_SAFEGUARD_UID_PRECONDITION) ? sm_meta_uid(pod) : NULL;
    const struct sm_reply *reply =
        sm_ctx_delete(node->ctx, SM_PODS, node->name_space, sm_meta_name(pod), sm_delete_options(node->r, SM_PODS, NULL, uid));
    if (sm_reply_ok(reply) || sm_reply_is(reply, "NotFound") || (uid && sm_reply_is(reply, "Conflict")))
        return true;
    *ret_result = sm_task_retry(node, "deleting pod \"%s\": %s", sm_meta_name(pod), sm_reply_error(reply));
    return false;
}

/* A pod beyond the set's replicas, or of no number, is the StatefulSet controller's to deal with, whatever its revision. */
static bool not_ours(const struct sm_node *node, sm_val pod, sm_val set) {
    int64_t ordinal = sm_pods_ordinal(pod, set);
    return sm_node_has(node, SM_SAFEGUARD_REAPPLY) && (ordinal < 0 || ordinal >= sm_val_int_at(set, "spec.replicas", 1));
}

/* Rows 9 to 13 for one pod. False if it could not be deleted. */
static bool consider(struct sm_node *node, sm_val pod, sm_val set, struct look *look, struct sm_task_result *ret_result) {
    if (sm_node_has(node, SM_SAFEGUARD_OWNER_CHECK) && !sm_pods_owned_by(pod, set))
        return true;
    if (not_ours(node, pod, set))
        return true;
    bool judged_by_image = sm_node_has(node, SM_SAFEGUARD_UNLABELLED_BY_IMAGE);
    if (sm_node_has(node, SM_SAFEGUARD_HASH_LABEL_REQUIRED) && !judged_by_image && !sm_meta_has_label(pod, SM_LABEL_REVISION))
        return true;
    if (sm_pods_current(node, pod, set)) {
        look->current |= !sm_meta_deleting(pod);
        look->others |= sm_meta_deleting(pod);
        return true;
    }
    look->others = true;
    if (sm_node_has(node, SM_SAFEGUARD_SKIP_TERMINATING) && sm_meta_deleting(pod))
        return true;
    return delete_pod(node, pod, ret_result);
}

/* Rows 3 to 7: true if the pods are to be looked at. */
static bool ready_to_look(struct sm_node *node, sm_val set, struct sm_task_result *ret_result) {
    const char *update = sm_val_str_at(set, "status.updateRevision");
    *ret_result = sm_task_running();
    if (sm_node_has(node, SM_SAFEGUARD_GENERATION_GATE) && sm_set_unobserved(set))
        return false;
    if (sm_node_has(node, SM_SAFEGUARD_REVISION_GATE) && !*update)
        return false;
    if (!sm_node_has(node, SM_SAFEGUARD_POD_REVISION_CHECKED) && !strcmp(sm_val_str_at(set, "status.currentRevision"), update)) {
        *ret_result = sm_task_done();
        return false;
    }
    if (sm_node_has(node, SM_SAFEGUARD_SELECTOR_REQUIRED) && !sm_val_count(sm_val_at(set, "spec.selector.matchLabels"))) {
        *ret_result = sm_task_terminal(node, "statefulset \"%s\" has no selector; cannot identify owned pods", node->name);
        return false;
    }
    long long replicas = sm_val_int_at(set, "spec.replicas", 1);
    if (sm_node_has(node, SM_SAFEGUARD_SINGLE_REPLICA) && replicas > 1) {
        *ret_result = sm_task_terminal(node,
                                       "replace-pod does not support multi-replica StatefulSets (got replicas=%lld); add ordinal-aware "
                                       "deletion before scaling up",
                                       replicas);
        return false;
    }
    return true;
}

struct sm_task_result sm_replace_pod(struct sm_node *node, const struct sm_task *task) {
    (void)task;
    const char *error;
    struct sm_task_result result;
    sm_val set = sm_set_read(node, &error);
    if (error)
        return sm_task_retry(node, "%s", error);
    if (!sm_set_as_applied(node, set, &result))
        return result;
    if (!set)
        return sm_node_has(node, SM_SAFEGUARD_MISSING_SET_WAITS) ? sm_task_running() : sm_task_done();
    if (!ready_to_look(node, set, &result))
        return result;

    struct look look = {false, false};
    sm_val pods = list_pods(node, set, &result), pod;
    if (!pods)
        return result;
    SM_EACH_ITEM(pod, pods)
        if (!consider(node, pod, set, &look, &result))
            return result;
    if (sm_node_has(node, SM_SAFEGUARD_WAIT_FOR_REPLACEMENT) && (!look.current || look.others))
        return sm_task_running();
    return sm_task_done();
}
