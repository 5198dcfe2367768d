/* A resize deletes the old object and makes it again with what the old one held: a crash in between, and that is lost. Mended: the
 * new one is made from the old one, and before that one goes. */
#include "pattern.h"

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key, bool fixed) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val app = sm_ctx_cached_get(ctx, SM_DEPLOYMENTS, key.name_space, key.name);

    if (!app)
        return sm_done();
    bool is_large = sm_val_int_at(app, "spec.replicas", 1) > 1;
    sm_val old = sm_ctx_cached_get(ctx, SM_CONFIGMAPS, key.name_space, "app-small");
    if (!is_large || (!old && fixed) || (!old && sm_ctx_cached_get(ctx, SM_CONFIGMAPS, key.name_space, "app-large")))
        return sm_done();
    sm_val token = old ? sm_val_at(old, "data.token") : sm_val_str(r, "made anew");
    sm_val large = sm_pattern_configmap(r, app, "app-large", SM_MAP(r, "token", token));
    for (int i = 0; i < 2; i++) {
        bool creates = (i == 0) == fixed;
        const struct sm_reply *reply = creates ? sm_ctx_create(ctx, SM_CONFIGMAPS, key.name_space, large)
                                       : old   ? sm_ctx_delete(ctx, SM_CONFIGMAPS, key.name_space, "app-small", NULL)
                                               : NULL;
        if (reply && !sm_reply_ok(reply) && !sm_reply_is(reply, "AlreadyExists") && !sm_reply_is(reply, "NotFound"))
            return sm_error(sm_reply_error(reply));
    }
    return sm_done();
}

static const struct sm_watch watches[] = {{.resource = SM_DEPLOYMENTS, .map = sm_map_self},
                                          {.resource = SM_CONFIGMAPS, .map = sm_pattern_map_app}};

SM_PATTERN(crash_in_resize, "crash-in-resize", "rabbitmq/cluster-operator#782", SM_DEPLOYMENTS);
