/* A pod that is never ready keeps an ordered set from replacing it by the pod that would be. Mended: a pod that is not ready, and not
 * of the wanted revision, is deleted. */
#include <string.h>

#include "pattern.h"

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key, bool fixed) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val app = sm_ctx_cached_get(ctx, SM_DEPLOYMENTS, "default", "app"), set = sm_ctx_cached_get(ctx, SM_STATEFULSETS, "default", "web");
    sm_val pod = sm_ctx_cached_get(ctx, SM_PODS, "default", "web-0");
    (void)key;

    if (!app || !set)
        return sm_done();
    sm_val wanted = sm_val_at(app, "spec.template.spec.containers[0].image");
    if (!sm_val_equal(wanted, sm_val_at(set, "spec.template.spec.containers[0].image"))) {
        sm_val container = SM_MAP(r, "name", sm_val_str(r, "main"), "image", wanted);
        sm_val spec = SM_MAP(r, "containers", sm_val_append(r, NULL, container));
        return sm_pattern_written(sm_ctx_patch(ctx, SM_STATEFULSETS, "", "default", "web", SM_PATCH_STRATEGIC,
                                               SM_MAP(r, "spec", SM_MAP(r, "template", SM_MAP(r, "spec", spec)))));
    }
    if (!fixed || !pod || sm_meta_deleting(pod) || sm_condition_is(sm_val_at(pod, "status.conditions"), "Ready", "True") ||
        sm_val_int_at(set, "status.observedGeneration", 0) != sm_meta_generation(set) ||
        strcmp(sm_meta_label(pod, "controller-revision-hash"), sm_val_str_at(set, "status.updateRevision")) == 0)
        return sm_done();
    sm_val only = SM_MAP(r, "preconditions", SM_MAP(r, "uid", sm_val_at(pod, "metadata.uid"), "resourceVersion",
                                                    sm_val_at(pod, "metadata.resourceVersion")));
    const struct sm_reply *reply = sm_ctx_delete(ctx, SM_PODS, "default", "web-0", only);
    return sm_pattern_done_before(reply);
}

static const struct sm_watch watches[] = {{.resource = SM_DEPLOYMENTS, .map = sm_pattern_map_app},
                                          {.resource = SM_STATEFULSETS, .map = sm_pattern_map_app},
                                          {.resource = SM_PODS, .map = sm_pattern_map_app}};

SM_PATTERN(ordered_ready, "ordered-ready", "kubernetes/kubernetes#67250", SM_DEPLOYMENTS);
