/* Storage object in use protection: a claim that is being deleted stays while a pod on a node uses it. */
#include <string.h>

#include "cluster.h"
#include "meta.h"

static const char finalizer[] = "kubernetes.io/pvc-protection";

/* Pods that end, or that are bound, wake the claims they use, if those wait to go. */
static void map_pod(struct sm_enqueue *to, sm_val before, sm_val after) {
    sm_val pod = after ? after : before, volume;
    bool gone = !after || (before && strcmp(sm_meta_uid(before), sm_meta_uid(after)) != 0);
    if (!gone && sm_val_str_at(pod, "spec.nodeName")[0] == '\0')
        return;
    if (before && after && !gone && sm_val_equal(sm_val_at(before, "spec"), sm_val_at(after, "spec")))
        return;
    SM_EACH_ITEM(volume, sm_val_at(pod, "spec.volumes")) {
        const char *claim = sm_val_str_at(volume, "persistentVolumeClaim.claimName");
        if (claim[0] && sm_meta_deleting(to->lookup(to, SM_PVCS, sm_meta_namespace(pod), claim)))
            to->add(to, sm_meta_namespace(pod), claim);
    }
}

static bool uses(sm_val pods, const char *claim) {
    sm_val pod, volume;
    SM_EACH_ITEM(pod, pods) {
        if (sm_val_str_at(pod, "spec.nodeName")[0] == '\0')
            continue;
        SM_EACH_ITEM(volume, sm_val_at(pod, "spec.volumes"))
            if (strcmp(sm_val_str_at(volume, "persistentVolumeClaim.claimName"), claim) == 0)
                return true;
    }
    return false;
}

static struct sm_result put(struct sm_ctx *ctx, sm_val claim) {
    const struct sm_reply *reply = sm_ctx_update(ctx, SM_PVCS, "", claim);
    return sm_reply_ok(reply) || reply->code == 404 ? sm_done() : sm_error(sm_reply_error(reply));
}

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val claim = sm_ctx_cached_get(ctx, SM_PVCS, key.name_space, key.name);
    if (!claim)
        return sm_done();
    bool guarded = sm_meta_has_finalizer(claim, finalizer);
    if (!sm_meta_deleting(claim))
        return guarded ? sm_done() : put(ctx, sm_meta_add_finalizer(r, claim, finalizer));
    if (!guarded || uses(sm_ctx_cached_list(ctx, SM_PODS, key.name_space, NULL), key.name))
        return sm_done();

    /* The cache may not show a pod yet that has just been bound. */
    const struct sm_reply *live = sm_ctx_live_list(ctx, SM_PODS, key.name_space, NULL);
    if (!sm_reply_ok(live))
        return sm_error(sm_reply_error(live));
    if (uses(sm_val_get(live->body, "items"), key.name))
        return sm_done();
    return put(ctx, sm_meta_remove_finalizer(r, claim, finalizer));
}

static const struct sm_watch watches[] = {{.resource = SM_PVCS, .map = sm_map_self}, {.resource = SM_PODS, .map = map_pod}};

const struct sm_controller sm_pvc_protection_controller = {
    .name = "pvc-protection-controller",
    .user_agent = "kube-controller-manager",
    .primary = SM_PVCS,
    .watches = watches,
    .watch_count = sizeof watches / sizeof *watches,
    .reconcile = reconcile,
};
