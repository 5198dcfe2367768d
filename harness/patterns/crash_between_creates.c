/* Two objects are made one after the other, and the first is taken for both: a crash between them leaves the second unmade.
 * Mended: each is looked for. */
#include "pattern.h"

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key, bool fixed) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val app = sm_ctx_cached_get(ctx, SM_DEPLOYMENTS, key.name_space, key.name);

    if (!app)
        return sm_done();
    bool first = sm_ctx_cached_get(ctx, SM_CONFIGMAPS, key.name_space, "app-config");
    bool second = sm_ctx_cached_get(ctx, SM_CONFIGMAPS, key.name_space, "app-scripts");
    if (first && (second || !fixed))
        return sm_done();
    if (!first) {
        const struct sm_reply *reply = sm_ctx_create(ctx, SM_CONFIGMAPS, key.name_space, sm_pattern_configmap(r, app, "app-config", NULL));
        if (!sm_reply_ok(reply) && !sm_reply_is(reply, "AlreadyExists"))
            return sm_error(sm_reply_error(reply));
    }
    return sm_pattern_done_before(sm_ctx_create(ctx, SM_CONFIGMAPS, key.name_space, sm_pattern_configmap(r, app, "app-scripts", NULL)));
}

static const struct sm_watch watches[] = {{.resource = SM_DEPLOYMENTS, .map = sm_map_self},
                                          {.resource = SM_CONFIGMAPS, .map = sm_pattern_map_app}};

SM_PATTERN(crash_between_creates, "crash-between-creates", "k8ssandra (K8SSAND-1023) kubernetes-sigs/kro#1170 konpyutaika/nifikop#49",
           SM_DEPLOYMENTS);
