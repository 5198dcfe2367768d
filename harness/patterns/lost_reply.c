/* A creation whose answer is lost is sent again, under another generated name, and the first one is nobody's. Mended: the name is
 * made from the owner, so the second creation is refused. */
#include "pattern.h"

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key, bool fixed) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val app = sm_ctx_cached_get(ctx, SM_DEPLOYMENTS, key.name_space, key.name);

    if (!app)
        return sm_done();
    const struct sm_reply *parts = sm_ctx_live_list(ctx, SM_CONFIGMAPS, key.name_space, "app=app");
    if (!sm_reply_ok(parts))
        return sm_error(sm_reply_error(parts));
    int64_t count = (int64_t)sm_val_count(sm_val_get(parts->body, "items"));
    sm_val part = sm_pattern_configmap(r, app, "app-part", NULL);
    if (!fixed)
        part = sm_val_set_at(r, sm_val_set_at(r, part, "metadata.name", NULL), "metadata.generateName", sm_val_str(r, "app-"));
    for (int tries = 0; count == 0 && tries < 3; tries++) {
        const struct sm_reply *reply = sm_ctx_create(ctx, SM_CONFIGMAPS, key.name_space, part);
        if (sm_reply_ok(reply) || sm_reply_is(reply, "AlreadyExists"))
            return sm_done(); /* its event brings us here again */
    }
    return count ? sm_pattern_set_status(ctx, app, "replicas", count) : sm_error("no part could be made");
}

static const struct sm_watch watches[] = {{.resource = SM_DEPLOYMENTS, .map = sm_map_self},
                                          {.resource = SM_CONFIGMAPS, .map = sm_pattern_map_app}};

SM_PATTERN(lost_reply, "lost-reply", "kubernetes-sigs/vsphere-csi-driver#2507 aws-controllers-k8s/community#2062", SM_DEPLOYMENTS);
