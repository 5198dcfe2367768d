/* The count goes to 0, which asks for a backup, and up again. A controller that is late sees only the last of it, and the backup is
 * never made. Mended: a generation that was passed over is taken for one that asked for it. */
#include "pattern.h"

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key, bool fixed) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val app = sm_ctx_cached_get(ctx, SM_DEPLOYMENTS, key.name_space, key.name);

    if (!app)
        return sm_done();
    int64_t seen = sm_val_int_at(app, "status.observedGeneration", 0), generation = sm_meta_generation(app);
    if (seen == generation)
        return sm_done();
    if (sm_val_int_at(app, "spec.replicas", 1) == 0 || (fixed && seen && generation > seen + 1)) {
        const struct sm_reply *reply = sm_ctx_create(ctx, SM_CONFIGMAPS, key.name_space, sm_pattern_configmap(r, app, "app-backup", NULL));
        if (!sm_reply_ok(reply) && !sm_reply_is(reply, "AlreadyExists"))
            return sm_error(sm_reply_error(reply));
    }
    return sm_pattern_set_status(ctx, app, "observedGeneration", generation);
}

static const struct sm_watch watches[] = {{.resource = SM_DEPLOYMENTS, .map = sm_map_self}};

SM_PATTERN(missed_intermediate_spec, "missed-intermediate-spec",
           "rabbitmq/cluster-operator#758 Orange-OpenSource/casskop#342 yugabyte/yugabyte-operator#39", SM_DEPLOYMENTS);
