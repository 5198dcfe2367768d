/* Members are struck off the list when their pod is seen going. A pod that has gone before anybody looked is never struck off.
 * Mended: one that is not there any more is struck off, too, and after a restart the list is compared with the pods. */

#include "pattern.h"

static struct sm_result strike_off(struct sm_ctx *ctx, const char *name_space, const char *name) {
    struct sm_region *r = sm_ctx_region(ctx);
    return sm_pattern_written(sm_ctx_patch(ctx, SM_CONFIGMAPS, "", name_space, "members", SM_PATCH_MERGE,
                                           SM_MAP(r, "data", sm_val_set(r, SM_EMPTY_MAP, name, SM_NULL))));
}

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key, bool fixed) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val pod = sm_ctx_cached_get(ctx, SM_PODS, "default", "member-0");
    sm_val members = sm_ctx_cached_get(ctx, SM_CONFIGMAPS, "default", "members");
    bool is_member = sm_val_get(sm_val_get(members, "data"), "member-0") != NULL;
    (void)key;

    if (pod && !sm_meta_deleting(pod) && !is_member)
        return sm_pattern_written(sm_ctx_patch(ctx, SM_CONFIGMAPS, "", "default", "members", SM_PATCH_MERGE,
                                               SM_MAP(r, "data", SM_MAP(r, "member-0", sm_val_str(r, "yes")))));
    if ((pod ? sm_meta_deleting(pod) : fixed) && is_member)
        return strike_off(ctx, "default", "member-0");
    return sm_done();
}

static const struct sm_watch watches[] = {{.resource = SM_PODS, .map = sm_pattern_map_app},
                                          {.resource = SM_CONFIGMAPS, .map = sm_pattern_map_app}};

SM_PATTERN(missed_deletion, "missed-deletion", "instaclustr/cassandra-operator#398 pravega/zookeeper-operator#453", SM_PODS);
