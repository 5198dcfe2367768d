/* Volumes for claims: provisioner and binder in one (Kubernetes: "Persistent Volumes", binding).
 *
 *      claim Pending ─▶ volume created, claimRef ─▶ volume Bound ─▶ claim: volumeName, annotations ─▶ claim Bound
 *
 * Each arrow is a write of its own, as a real cluster's. A volume outlives its claim as Released; nothing reclaims it.
 */
#include <string.h>

#include "cluster.h"
#include "meta.h"

static const char completed[] = "pv.kubernetes.io/bind-completed", by_controller[] = "pv.kubernetes.io/bound-by-controller";

/* A volume wakes the claim it refers to. */
static void map_volume(struct sm_enqueue *to, sm_val before, sm_val after) {
    sm_val claim = sm_val_at(after ? after : before, "spec.claimRef");
    if (claim)
        to->add(to, sm_val_str_at(claim, "namespace"), sm_val_str_at(claim, "name"));
}

static bool refers_to(sm_val volume, struct sm_key key) {
    sm_val claim = sm_val_at(volume, "spec.claimRef");
    return sm_val_is_text(sm_val_get(claim, "name"), key.name) && sm_val_is_text(sm_val_get(claim, "namespace"), key.name_space);
}

static bool refers_to_uid(sm_val volume, const char *uid) {
    const char *given = sm_val_str_at(volume, "spec.claimRef.uid");
    return given[0] == '\0' || strcmp(given, uid) == 0;
}

static const struct sm_reply *set_phase(struct sm_ctx *ctx, sm_val volume, const char *phase) {
    struct sm_region *r = sm_ctx_region(ctx);
    return sm_ctx_update(ctx, SM_PVS, "status", sm_val_set_at(r, volume, "status.phase", sm_val_str(r, phase)));
}

/* --- A claim that is gone ------------------------------------------------------------------------------------------------- */

static struct sm_result release(struct sm_ctx *ctx, struct sm_key key, const char *uid) {
    sm_val volume, volumes = sm_ctx_cached_list(ctx, SM_PVS, "", NULL);
    SM_EACH_ITEM(volume, volumes) {
        bool holds = refers_to(volume, key) && !(uid && refers_to_uid(volume, uid));
        if (!holds || !sm_val_is_text(sm_val_at(volume, "status.phase"), "Bound"))
            continue;
        const struct sm_reply *reply = set_phase(ctx, volume, "Released");
        if (!sm_reply_ok(reply) && reply->code != 404)
            return sm_error(sm_reply_error(reply));
    }
    return sm_done();
}

/* --- A claim that wants a volume ------------------------------------------------------------------------------------------ */

static sm_val claim_reference(struct sm_region *r, sm_val claim) {
    return SM_MAP(r, "apiVersion", sm_val_str(r, "v1"), "kind", sm_val_str(r, "PersistentVolumeClaim"), "namespace",
                  sm_val_at(claim, "metadata.namespace"), "name", sm_val_at(claim, "metadata.name"), "uid",
                  sm_val_at(claim, "metadata.uid"));
}

static sm_val new_volume(struct sm_region *r, sm_val claim, const char *name) {
    sm_val spec =
        SM_MAP(r, "accessModes", sm_val_at(claim, "spec.accessModes"), "capacity",
               SM_MAP(r, "storage", sm_val_at(claim, "spec.resources.requests.storage")), "claimRef", claim_reference(r, claim), "hostPath",
               SM_MAP(r, "path", sm_val_strf(r, "/volumes/%s", name)), "persistentVolumeReclaimPolicy", sm_val_str(r, "Retain"),
               "storageClassName", sm_val_at(claim, "spec.storageClassName"), "volumeMode", sm_val_at(claim, "spec.volumeMode"));
    return SM_MAP(r, "apiVersion", sm_val_str(r, "v1"), "kind", sm_val_str(r, "PersistentVolume"), "metadata",
                  SM_MAP(r, "name", sm_val_str(r, name)), "spec", spec);
}

/* The volume that is reserved for the claim, or the one it asks for by name. */
static sm_val volume_for(struct sm_ctx *ctx, struct sm_key key, sm_val claim) {
    const char *wanted = sm_val_str_at(claim, "spec.volumeName");
    if (wanted[0])
        return sm_ctx_cached_get(ctx, SM_PVS, "", wanted);
    sm_val volume, volumes = sm_ctx_cached_list(ctx, SM_PVS, "", NULL);
    SM_EACH_ITEM(volume, volumes)
        if (refers_to(volume, key) && refers_to_uid(volume, sm_meta_uid(claim)))
            return volume;
    return NULL;
}

static const struct sm_reply *bind_claim(struct sm_ctx *ctx, sm_val claim, sm_val volume) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val yes = sm_val_str(r, "yes"), notes = sm_val_at(claim, "metadata.annotations");
    if (sm_val_str_at(claim, "spec.volumeName")[0] == '\0')
        notes = sm_val_set(r, notes, by_controller, yes);
    notes = sm_val_set(r, notes, completed, yes);
    claim = sm_val_set_at(r, claim, "metadata.annotations", notes);
    return sm_ctx_update(ctx, SM_PVCS, "", sm_val_set_at(r, claim, "spec.volumeName", sm_val_at(volume, "metadata.name")));
}

static const struct sm_reply *set_claim_bound(struct sm_ctx *ctx, sm_val claim, sm_val volume) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val status = SM_MAP(r, "accessModes", sm_val_at(volume, "spec.accessModes"), "capacity", sm_val_at(volume, "spec.capacity"), "phase",
                           sm_val_str(r, "Bound"));
    return sm_ctx_update(ctx, SM_PVCS, "status", sm_val_set(r, claim, "status", status));
}

static struct sm_result bind(struct sm_ctx *ctx, struct sm_key key, sm_val claim) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val volume = volume_for(ctx, key, claim);
    const struct sm_reply *reply;
    if (!volume && sm_val_str_at(claim, "spec.volumeName")[0])
        return sm_done(); /* it asks for a volume that is not there */
    if (!volume) {
        const char *name = sm_region_printf(r, "pvc-%s", sm_meta_uid(claim));
        reply = sm_ctx_create(ctx, SM_PVS, "", new_volume(r, claim, name));
        if (sm_reply_is(reply, "AlreadyExists"))
            reply = sm_ctx_live_get(ctx, SM_PVS, "", name);
        if (!sm_reply_ok(reply))
            return sm_error(sm_reply_error(reply));
        volume = reply->body;
    }
    if (sm_val_at(volume, "spec.claimRef") && !(refers_to(volume, key) && refers_to_uid(volume, sm_meta_uid(claim))))
        return sm_done(); /* another claim's */
    if (sm_val_str_at(volume, "spec.claimRef.uid")[0] == '\0') {
        reply = sm_ctx_update(ctx, SM_PVS, "", sm_val_set_at(r, volume, "spec.claimRef", claim_reference(r, claim)));
        if (!sm_reply_ok(reply))
            return sm_error(sm_reply_error(reply));
        volume = reply->body;
    }
    if (!sm_val_is_text(sm_val_at(volume, "status.phase"), "Bound")) {
        reply = set_phase(ctx, volume, "Bound");
        if (!sm_reply_ok(reply))
            return sm_error(sm_reply_error(reply));
    }
    if (sm_meta_annotation(claim, completed)[0] == '\0') {
        reply = bind_claim(ctx, claim, volume);
        if (!sm_reply_ok(reply))
            return sm_error(sm_reply_error(reply));
        claim = reply->body;
    }
    reply = set_claim_bound(ctx, claim, volume);
    return sm_reply_ok(reply) ? sm_done() : sm_error(sm_reply_error(reply));
}

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key) {
    sm_val claim = sm_ctx_cached_get(ctx, SM_PVCS, key.name_space, key.name);
    if (claim && !sm_meta_deleting(claim) && !sm_val_is_text(sm_val_at(claim, "status.phase"), "Bound"))
        return bind(ctx, key, claim);
    return release(ctx, key, claim ? sm_meta_uid(claim) : NULL);
}

static const struct sm_watch watches[] = {{.resource = SM_PVCS, .map = sm_map_self}, {.resource = SM_PVS, .map = map_volume}};

const struct sm_controller sm_pv_binder = {
    .name = "persistentvolume-binder",
    .user_agent = "kube-controller-manager",
    .primary = SM_PVCS,
    .watches = watches,
    .watch_count = sizeof watches / sizeof *watches,
    .reconcile = reconcile,
};
