/* The lease is looked at, and then it is written: a write that is long on its way lands when another leads. Mended: what is written
 * is written against the version that was read before the lease was, so it can't undo the work of a later leader. */
#include <stdlib.h>
#include <string.h>

#include "pattern.h"

enum { LEASE_SECONDS = 15 };

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key, bool fixed) {
    struct sm_region *r = sm_ctx_region(ctx);
    const char *me = sm_ctx_options(ctx);
    (void)key;

    const struct sm_reply *out = sm_ctx_live_get(ctx, SM_CONFIGMAPS, "default", "out");
    const struct sm_reply *lease = sm_ctx_live_get(ctx, SM_LEASES, "default", "leader");
    int64_t now = sm_ctx_now(ctx) / SM_SECOND;
    if (!sm_reply_ok(out) || !sm_reply_ok(lease))
        return sm_requeue_after(2 * SM_SECOND);
    const char *holder = sm_val_str_at(lease->body, "spec.holderIdentity");
    if (strcmp(holder, me) != 0 && strtoll(sm_meta_annotation(lease->body, "renewed"), NULL, 10) + LEASE_SECONDS > now)
        return sm_requeue_after(2 * SM_SECOND);
    sm_val mine = sm_val_set_at(r, lease->body, "spec.holderIdentity", sm_val_str(r, me));
    mine = sm_val_set_at(r, mine, "metadata.annotations", SM_MAP(r, "renewed", sm_val_strf(r, "%lld", (long long)now)));
    if (!sm_reply_ok(sm_ctx_update(ctx, SM_LEASES, "", mine)))
        return sm_requeue_after(2 * SM_SECOND);
    const struct sm_reply *app = sm_ctx_live_get(ctx, SM_DEPLOYMENTS, "default", "app");
    sm_val count = sm_val_strf(r, "%d", (int)sm_val_int_at(app->body, "spec.replicas", 0));
    if (!sm_reply_ok(app) || sm_val_equal(count, sm_val_at(out->body, "data.count")))
        return sm_requeue_after(5 * SM_SECOND);
    if (fixed)
        sm_ctx_update(ctx, SM_CONFIGMAPS, "", sm_val_set_at(r, out->body, "data.count", count));
    else
        sm_ctx_patch(ctx, SM_CONFIGMAPS, "", "default", "out", SM_PATCH_MERGE, SM_MAP(r, "data", SM_MAP(r, "count", count)));
    return sm_requeue_after(5 * SM_SECOND);
}

static const struct sm_watch watches[] = {{.resource = SM_DEPLOYMENTS, .map = sm_pattern_map_app}};

SM_PATTERN(two_leaders, "two-leaders", "cilium/cilium#42920 kubernetes/kubernetes#23731", SM_DEPLOYMENTS);
