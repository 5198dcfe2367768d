/* After a restart the first list may show the incarnation that was being deleted when the store has its successor: cleaning up by
 * name takes the successor's volume. Mended: the deletion names the volume that was this incarnation's. */
#include "pattern.h"

static const char finalizer[] = "example.com/clean-up";

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key, bool fixed) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val app = sm_ctx_cached_get(ctx, SM_DEPLOYMENTS, key.name_space, key.name);

    if (!app)
        return sm_done();
    if (sm_meta_deleting(app)) {
        if (!sm_meta_has_finalizer(app, finalizer))
            return sm_done();
        const struct sm_reply *live = fixed ? sm_ctx_live_get(ctx, SM_PVCS, key.name_space, "app-data") : NULL;
        if (live && !sm_reply_ok(live) && live->code != 404)
            return sm_error(sm_reply_error(live));
        if (!live || (sm_reply_ok(live) && sm_meta_controlled_by(live->body, sm_meta_uid(app)))) {
            sm_val only = live ? SM_MAP(r, "preconditions", SM_MAP(r, "uid", sm_val_at(live->body, "metadata.uid"))) : NULL;
            const struct sm_reply *reply = sm_ctx_delete(ctx, SM_PVCS, key.name_space, "app-data", only);
            if (!sm_reply_ok(reply) && reply->code != 404)
                return sm_error(sm_reply_error(reply));
        }
        return sm_pattern_written(sm_ctx_update(ctx, SM_DEPLOYMENTS, "", sm_meta_remove_finalizer(r, app, finalizer)));
    }
    if (!sm_meta_has_finalizer(app, finalizer)) /* the update brings us here again */
        return sm_pattern_written(sm_ctx_update(ctx, SM_DEPLOYMENTS, "", sm_meta_add_finalizer(r, app, finalizer)));
    if (sm_ctx_cached_get(ctx, SM_PVCS, key.name_space, "app-data"))
        return sm_done();
    return sm_pattern_done_before(sm_ctx_create(ctx, SM_PVCS, key.name_space, sm_pattern_claim(r, app, "app-data")));
}

static const struct sm_watch watches[] = {{.resource = SM_DEPLOYMENTS, .map = sm_map_self},
                                          {.resource = SM_PVCS, .map = sm_pattern_map_app}};

SM_PATTERN(stale_restart_deletion, "stale-restart-deletion",
           "k8ssandra/cass-operator#118 instaclustr/cassandra-operator#402 Orange-OpenSource/casskop#316", SM_DEPLOYMENTS);
