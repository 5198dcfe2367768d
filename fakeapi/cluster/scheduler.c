/* The scheduler, in its simple form: a pending pod goes to the first node that suits it (Kubernetes: "Assigning Pods to
 * Nodes"). It looks at claims, node selector, required node affinity, taints and spec.unschedulable, not at resources. */
#include <string.h>

#include "cluster.h"
#include "meta.h"
#include "selector.h"

/* --- Triggers --------------------------------------------------------------------------------------------------------------- */

static bool waits(sm_val pod) {
    return pod && sm_val_str_at(pod, "spec.nodeName")[0] == '\0' && !sm_meta_deleting(pod) &&
           sm_val_is_text(sm_val_at(pod, "status.phase"), "Pending") && sm_val_count(sm_val_at(pod, "spec.schedulingGates")) == 0;
}

static void map_pod(struct sm_enqueue *to, sm_val before, sm_val after) {
    (void)before;
    if (waits(after))
        to->add(to, sm_meta_namespace(after), sm_meta_name(after));
}

static bool add_if_waits(void *arg, sm_val pod) {
    struct sm_enqueue *to = arg;
    map_pod(to, NULL, pod);
    return true;
}

static void map_node(struct sm_enqueue *to, sm_val before, sm_val after) {
    (void)before;
    if (after)
        to->each(to, SM_PODS, "", add_if_waits, to);
}

static void map_claim(struct sm_enqueue *to, sm_val before, sm_val after) {
    (void)before;
    if (after)
        to->each(to, SM_PODS, sm_meta_namespace(after), add_if_waits, to);
}

/* --- Filters ------------------------------------------------------------------------------------------------------------------ */

static const char *claims_missing(struct sm_ctx *ctx, sm_val pod) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val volume;
    SM_EACH_ITEM(volume, sm_val_at(pod, "spec.volumes")) {
        const char *name = sm_val_str_at(volume, "persistentVolumeClaim.claimName");
        if (name[0] == '\0')
            continue;
        sm_val claim = sm_ctx_cached_get(ctx, SM_PVCS, sm_meta_namespace(pod), name);
        if (!claim)
            return sm_region_printf(r, "persistentvolumeclaim \"%s\" not found", name);
        if (sm_meta_deleting(claim))
            return sm_region_printf(r, "persistentvolumeclaim \"%s\" is being deleted", name);
        if (!sm_val_is_text(sm_val_at(claim, "status.phase"), "Bound"))
            return "pod has unbound immediate PersistentVolumeClaims";
    }
    return NULL;
}

static bool tolerates(sm_val pod, sm_val taint) {
    sm_val toleration;
    SM_EACH_ITEM(toleration, sm_val_at(pod, "spec.tolerations")) {
        const char *key = sm_val_str_at(toleration, "key"), *effect = sm_val_str_at(toleration, "effect");
        bool exists = sm_val_is_text(sm_val_get(toleration, "operator"), "Exists");
        if (effect[0] && strcmp(effect, sm_val_str_at(taint, "effect")) != 0)
            continue;
        if (key[0] == '\0' ? !exists : strcmp(key, sm_val_str_at(taint, "key")) != 0)
            continue;
        if (exists || strcmp(sm_val_str_at(toleration, "value"), sm_val_str_at(taint, "value")) == 0)
            return true;
    }
    return false;
}

static bool term_matches(struct sm_region *r, sm_val term, sm_val node) {
    sm_val fields = sm_val_get(term, "matchFields"), expressions = sm_val_get(term, "matchExpressions"), field;
    if (sm_val_count(fields) == 0 && sm_val_count(expressions) == 0)
        return false;
    SM_EACH_ITEM(field, fields) {
        bool in = sm_val_is_text(sm_val_get(field, "operator"), "In");
        const char *value = sm_val_text(sm_val_item(sm_val_get(field, "values"), 0));
        if ((strcmp(sm_val_str_at(node, sm_val_str_at(field, "key")), value) == 0) != in)
            return false;
    }
    return sm_selector_matches_labels(sm_selector_of(r, SM_MAP(r, "matchExpressions", expressions)), sm_val_at(node, "metadata.labels"));
}

static bool affinity_matches(struct sm_region *r, sm_val pod, sm_val node) {
    sm_val selector = sm_val_at(pod, "spec.nodeSelector"), term;
    sm_val terms = sm_val_at(pod, "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms");
    if (selector && !sm_selector_matches_labels(sm_selector_of(r, SM_MAP(r, "matchLabels", selector)), sm_val_at(node, "metadata.labels")))
        return false;
    SM_EACH_ITEM(term, terms)
        if (term_matches(r, term, node))
            return true;
    return terms == NULL;
}

/* NULL if the node suits the pod; else why not. */
static const char *unsuitable(struct sm_region *r, sm_val pod, sm_val node) {
    sm_val taint;
    if (sm_val_true_at(node, "spec.unschedulable"))
        return "node(s) were unschedulable";
    SM_EACH_ITEM(taint, sm_val_at(node, "spec.taints"))
        if (!sm_val_is_text(sm_val_get(taint, "effect"), "PreferNoSchedule") && !tolerates(pod, taint))
            return sm_region_printf(r, "node(s) had untolerated taint {%s: %s}", sm_val_str_at(taint, "key"),
                                    sm_val_str_at(taint, "value"));
    return affinity_matches(r, pod, node) ? NULL : "node(s) didn't match Pod's node affinity/selector";
}

/* --- Outcomes ------------------------------------------------------------------------------------------------------------------- */

static struct sm_result bind(struct sm_ctx *ctx, struct sm_key key, sm_val pod, const char *node) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val target = SM_MAP(r, "kind", sm_val_str(r, "Node"), "name", sm_val_str(r, node));
    sm_val metadata = SM_MAP(r, "name", sm_val_str(r, key.name), "namespace", sm_val_str(r, key.name_space), "uid",
                             sm_val_at(pod, "metadata.uid"));
    sm_val binding = SM_MAP(r, "apiVersion", sm_val_str(r, "v1"), "kind", sm_val_str(r, "Binding"), "metadata", metadata, "target", target);
    const struct sm_reply *reply = sm_ctx_call(ctx, &(struct sm_request){.verb = SM_CREATE,
                                                                         .resource = SM_PODS,
                                                                         .subresource = "binding",
                                                                         .name_space = key.name_space,
                                                                         .name = key.name,
                                                                         .body = binding});
    if (!sm_reply_ok(reply))
        return reply->code == 404 ? sm_done() : sm_error(sm_reply_error(reply));
    sm_ctx_event(ctx, SM_PODS, pod, "Normal", "Scheduled",
                 sm_region_printf(r, "Successfully assigned %s/%s to %s", key.name_space, key.name, node));
    return sm_done();
}

/* Says why once; nodes and claims that change wake it again. */
static struct sm_result refuse(struct sm_ctx *ctx, struct sm_key key, sm_val pod, const char *message) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val known = sm_condition_find(sm_val_at(pod, "status.conditions"), "PodScheduled");
    if (sm_val_is_text(sm_val_get(known, "message"), message))
        return sm_done();
    sm_ctx_event(ctx, SM_PODS, pod, "Warning", "FailedScheduling", message);
    sm_val conditions = sm_condition_set(r, NULL, "PodScheduled", "False", "Unschedulable", message, 0, sm_ctx_second(ctx));
    const struct sm_reply *reply = sm_ctx_patch(ctx, SM_PODS, "status", key.name_space, key.name, SM_PATCH_STRATEGIC,
                                                SM_MAP(r, "status", SM_MAP(r, "conditions", conditions)));
    return sm_reply_ok(reply) || reply->code == 404 ? sm_done() : sm_error(sm_reply_error(reply));
}

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val pod = sm_ctx_cached_get(ctx, SM_PODS, key.name_space, key.name);
    if (!waits(pod))
        return sm_done();
    sm_val nodes = sm_ctx_cached_list(ctx, SM_NODES, "", NULL), node;
    size_t count = sm_val_count(nodes);
    if (count == 0)
        return refuse(ctx, key, pod, "no nodes available to schedule pods");
    const char *why = claims_missing(ctx, pod);
    if (why)
        return refuse(ctx, key, pod, sm_region_printf(r, "0/%zu nodes are available: %s.", count, why));
    SM_EACH_ITEM(node, nodes) {
        const char *reason = unsuitable(r, pod, node);
        if (!reason)
            return bind(ctx, key, pod, sm_meta_name(node));
        why = why ? why : reason;
    }
    return refuse(ctx, key, pod, sm_region_printf(r, "0/%zu nodes are available: %zu %s.", count, count, why));
}

static const struct sm_watch watches[] = {
    {.resource = SM_PODS, .map = map_pod},
    {.resource = SM_NODES, .map = map_node},
    {.resource = SM_PVCS, .map = map_claim},
};

const struct sm_controller sm_scheduler = {
    .name = "scheduler",
    .user_agent = "kube-scheduler",
    .primary = SM_PODS,
    .watches = watches,
    .watch_count = sizeof watches / sizeof *watches,
    .reconcile = reconcile,
};
