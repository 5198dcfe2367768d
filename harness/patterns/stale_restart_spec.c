/* After a restart an old, smaller replica count is seen, and the volumes beyond it are deleted. Mended: before anything is deleted
 * the count is read from the API server. */

#include "pattern.h"

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key, bool fixed) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val app = sm_ctx_cached_get(ctx, SM_DEPLOYMENTS, key.name_space, key.name);

    if (!app)
        return sm_done();
    for (int64_t i = 0; i < 4; i++) {
        const char *name = sm_region_printf(r, "app-data-%d", (int)i);
        bool is_there = sm_ctx_cached_get(ctx, SM_PVCS, key.name_space, name), is_wanted = i < sm_val_int_at(app, "spec.replicas", 1);
        if (is_there == is_wanted)
            continue;
        if (is_wanted)
            return sm_pattern_done_before(sm_ctx_create(ctx, SM_PVCS, key.name_space, sm_pattern_claim(r, app, name)));
        if (fixed) {
            const struct sm_reply *live = sm_ctx_live_get(ctx, SM_DEPLOYMENTS, key.name_space, key.name);
            if (!sm_reply_ok(live))
                return sm_error(sm_reply_error(live));
            if (i < sm_val_int_at(live->body, "spec.replicas", 1))
                return sm_done(); /* the cache will see it, and wake us */
        }
        return sm_pattern_done_before(sm_ctx_delete(ctx, SM_PVCS, key.name_space, name, NULL));
    }
    return sm_done();
}

static const struct sm_watch watches[] = {{.resource = SM_DEPLOYMENTS, .map = sm_map_self},
                                          {.resource = SM_PVCS, .map = sm_pattern_map_app}};

SM_PATTERN(stale_restart_spec, "stale-restart-spec",
           "elastic/cloud-on-k8s#5274 rabbitmq/cluster-operator#653 pravega/zookeeper-operator#314 yugabyte/yugabyte-operator#35",
           SM_DEPLOYMENTS);
