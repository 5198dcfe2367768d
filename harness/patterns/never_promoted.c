/* Under OnDelete the set's currentRevision never becomes its updateRevision: waiting for that never ends. Mended: what counts is how
 * many pods are updated. */
#include <string.h>

#include "pattern.h"

static bool is_rolled(sm_val set, bool fixed) {
    if (sm_val_int_at(set, "status.observedGeneration", 0) != sm_meta_generation(set))
        return false;
    return fixed ? sm_val_int_at(set, "status.updatedReplicas", 0) == sm_val_int_at(set, "spec.replicas", 1)
                 : strcmp(sm_val_str_at(set, "status.currentRevision"), sm_val_str_at(set, "status.updateRevision")) == 0;
}

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key, bool fixed) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val app = sm_ctx_cached_get(ctx, SM_DEPLOYMENTS, "default", "app"), set = sm_ctx_cached_get(ctx, SM_STATEFULSETS, "default", "web");
    (void)key;

    if (!app || !set)
        return sm_done();
    if (is_rolled(set, fixed))
        return sm_pattern_set_status(ctx, app, "observedGeneration", sm_meta_generation(set));
    sm_val pod = sm_ctx_cached_get(ctx, SM_PODS, "default", "web-0");
    if (!pod || sm_meta_deleting(pod) || sm_val_int_at(set, "status.observedGeneration", 0) != sm_meta_generation(set) ||
        strcmp(sm_meta_label(pod, "controller-revision-hash"), sm_val_str_at(set, "status.updateRevision")) == 0)
        return sm_requeue_after(10 * SM_SECOND);
    sm_val only = SM_MAP(r, "preconditions", SM_MAP(r, "uid", sm_val_at(pod, "metadata.uid")));
    const struct sm_reply *reply = sm_ctx_delete(ctx, SM_PODS, "default", "web-0", only);
    return sm_reply_ok(reply) || reply->code == 404 || reply->code == 409 ? sm_requeue_after(10 * SM_SECOND)
                                                                         : sm_error(sm_reply_error(reply));
}

static const struct sm_watch watches[] = {{.resource = SM_DEPLOYMENTS, .map = sm_pattern_map_app},
                                          {.resource = SM_STATEFULSETS, .map = sm_pattern_map_app},
                                          {.resource = SM_PODS, .map = sm_pattern_map_app}};

SM_PATTERN(never_promoted, "never-promoted", "kubernetes/kubernetes#73492 kubernetes/kubernetes#106055 VictoriaMetrics/operator#1242",
           SM_DEPLOYMENTS);
