/* A peer's status is trusted without its observedGeneration: it still speaks of the template of before. Mended: it counts only if it
 * was written for the generation that is there, and what is wanted is read from the API server. */
#include <string.h>

#include "pattern.h"

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key, bool fixed) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val app = sm_ctx_cached_get(ctx, SM_DEPLOYMENTS, "default", "app"), set = sm_ctx_cached_get(ctx, SM_STATEFULSETS, "default", "web");
    (void)key;

    if (fixed) {
        const struct sm_reply *live = sm_ctx_live_get(ctx, SM_DEPLOYMENTS, "default", "app");
        if (!sm_reply_ok(live))
            return sm_error(sm_reply_error(live));
        app = live->body;
    }
    if (!app || !set)
        return sm_requeue_after(2 * SM_SECOND);
    sm_val wanted = sm_val_at(app, "spec.template.spec.containers[0].image");
    if (strcmp(sm_val_text(wanted), sm_meta_annotation(app, "rolled-to")) == 0)
        return sm_done();
    if (!sm_val_equal(wanted, sm_val_at(set, "spec.template.spec.containers[0].image"))) {
        sm_val container = SM_MAP(r, "name", sm_val_str(r, "main"), "image", wanted);
        sm_val spec = SM_MAP(r, "containers", sm_val_append(r, NULL, container));
        const struct sm_reply *reply = sm_ctx_patch(ctx, SM_STATEFULSETS, "", "default", "web", SM_PATCH_STRATEGIC,
                                                    SM_MAP(r, "spec", SM_MAP(r, "template", SM_MAP(r, "spec", spec))));
        return sm_reply_ok(reply) ? sm_requeue_after(2 * SM_SECOND) : sm_error(sm_reply_error(reply));
    }
    if (sm_val_int_at(set, "status.updatedReplicas", 0) < 1 || sm_val_int_at(set, "status.readyReplicas", 0) < 1 ||
        (fixed && sm_val_int_at(set, "status.observedGeneration", 0) != sm_meta_generation(set)))
        return sm_requeue_after(2 * SM_SECOND);
    const struct sm_reply *pod = sm_ctx_live_get(ctx, SM_PODS, "default", "web-0");
    if (!sm_reply_ok(pod))
        return sm_error(sm_reply_error(pod));
    sm_val notes = SM_MAP(r, "rolled-to", wanted, "pod", sm_val_at(pod->body, "metadata.uid"));
    return sm_pattern_written(sm_ctx_patch(ctx, SM_DEPLOYMENTS, "", "default", "app", SM_PATCH_MERGE,
                                           SM_MAP(r, "metadata", SM_MAP(r, "resourceVersion", sm_val_at(app, "metadata.resourceVersion"), "annotations", notes))));
}

static const struct sm_watch watches[] = {{.resource = SM_DEPLOYMENTS, .map = sm_pattern_map_app}, {.resource = SM_STATEFULSETS}};

SM_PATTERN(old_status, "old-status", "m3db/m3db-operator#271 elastic/cloud-on-k8s#2591 pulumi/pulumi-kubernetes#4094", SM_DEPLOYMENTS);
