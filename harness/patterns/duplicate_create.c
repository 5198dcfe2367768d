/* The cache does not show yet what was created a moment ago, and it is created again under another generated name. Mended: the name
 * says which one it is, so the second creation is refused. */
#include "pattern.h"

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key, bool fixed) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val app = sm_ctx_cached_get(ctx, SM_DEPLOYMENTS, key.name_space, key.name);

    if (!app)
        return sm_done();
    sm_val selector = SM_MAP(r, "matchLabels", SM_MAP(r, "app", sm_val_str(r, "app")));
    int64_t count = (int64_t)sm_val_count(sm_ctx_cached_list(ctx, SM_CONFIGMAPS, key.name_space, selector));
    if (count < sm_val_int_at(app, "spec.replicas", 1)) {
        sm_val part = sm_pattern_configmap(r, app, sm_region_printf(r, "app-%d", (int)count), NULL);
        if (!fixed)
            part = sm_val_set_at(r, sm_val_set_at(r, part, "metadata.name", NULL), "metadata.generateName", sm_val_str(r, "app-"));
        return sm_pattern_done_before(sm_ctx_create(ctx, SM_CONFIGMAPS, key.name_space, part));
    }
    return sm_pattern_set_status(ctx, app, "replicas", count);
}

static const struct sm_watch watches[] = {{.resource = SM_DEPLOYMENTS, .map = sm_map_self},
                                          {.resource = SM_CONFIGMAPS, .map = sm_pattern_map_app}};

SM_PATTERN(duplicate_create, "duplicate-create",
           "cryostatio/cryostat-operator#163 argoproj/argo-rollouts#243 ray-project/kuberay#715 knative/eventing#1250", SM_DEPLOYMENTS);
