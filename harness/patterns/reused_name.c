/* A pod is deleted by name; what is under that name by then may be another one. Mended: the deletion says which. */
#include <string.h>

#include "pattern.h"

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key, bool fixed) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val pod = sm_ctx_cached_get(ctx, SM_PODS, key.name_space, key.name);

    if (strcmp(sm_meta_annotation(pod, "evict"), "yes") != 0 || sm_meta_deleting(pod))
        return sm_done();
    sm_val only = SM_MAP(r, "preconditions", SM_MAP(r, "uid", sm_val_at(pod, "metadata.uid")));
    const struct sm_reply *reply = sm_ctx_delete(ctx, SM_PODS, key.name_space, key.name, fixed ? only : NULL);
    return sm_pattern_done_before(reply); /* a conflict: the cache will show another pod */
}

static const struct sm_watch watches[] = {{.resource = SM_PODS, .map = sm_map_self}};

SM_PATTERN(reused_name, "reused-name", "kubernetes-sigs/kueue#14830 kcp-dev/kcp#643 kubernetes/kubernetes#29522", SM_PODS);
