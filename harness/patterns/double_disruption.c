/* One pod at a time may be away. The cache does not show the deletion of a moment ago, so the next pod is deleted, too. Mended: who
 * is there, and what is wanted, is read from the API server before a deletion. */
#include <string.h>

#include "pattern.h"

static bool all_there(sm_val pods, int64_t wanted) {
    sm_val pod;
    int64_t there = 0;
    SM_EACH_ITEM(pod, pods)
        there += !sm_meta_deleting(pod) && sm_condition_is(sm_val_at(pod, "status.conditions"), "Ready", "True");
    return there >= wanted;
}

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key, bool fixed) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val set = sm_ctx_cached_get(ctx, SM_STATEFULSETS, "default", "web"), pod = sm_ctx_cached_get(ctx, SM_PODS, key.name_space, key.name);
    int64_t wanted = sm_val_int_at(set, "spec.replicas", 1);

    if (!set || !pod || strcmp(sm_meta_label(pod, "controller-revision-hash"), sm_val_str_at(set, "status.updateRevision")) == 0)
        return sm_done();
    if (!all_there(sm_ctx_cached_list(ctx, SM_PODS, key.name_space, sm_val_at(set, "spec.selector")), wanted))
        return sm_requeue_after(5 * SM_SECOND);
    if (fixed) {
        const struct sm_reply *pods = sm_ctx_live_list(ctx, SM_PODS, key.name_space, "app=web");
        const struct sm_reply *now = sm_ctx_live_get(ctx, SM_STATEFULSETS, "default", "web");
        if (!sm_reply_ok(pods) || !sm_reply_ok(now) || !all_there(sm_val_get(pods->body, "items"), wanted) ||
            strcmp(sm_meta_label(pod, "controller-revision-hash"), sm_val_str_at(now->body, "status.updateRevision")) == 0)
            return sm_requeue_after(5 * SM_SECOND);
    }
    sm_val only = SM_MAP(r, "preconditions", SM_MAP(r, "uid", sm_val_at(pod, "metadata.uid")));
    return sm_pattern_done_before(sm_ctx_delete(ctx, SM_PODS, key.name_space, key.name, only));
}

static bool add_pod(void *arg, sm_val pod) {
    struct sm_enqueue *to = arg;
    to->add(to, sm_meta_namespace(pod), sm_meta_name(pod));
    return true;
}

static void map_set(struct sm_enqueue *to, sm_val before, sm_val after) {
    (void)before;
    (void)after;
    to->each(to, SM_PODS, "default", add_pod, to);
}

static const struct sm_watch watches[] = {{.resource = SM_STATEFULSETS, .map = map_set}, {.resource = SM_PODS, .map = sm_map_self}};

SM_PATTERN(double_disruption, "double-disruption", "opensearch-project/opensearch-k8s-operator#1471", SM_PODS);
