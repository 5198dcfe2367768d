/* The conditions come out of a map, in another order each time; the order is written, and the write wakes the next pass. Mended: the
 * status is written when the generation that it speaks of has changed. */
#include <string.h>

#include "pattern.h"

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key, bool fixed) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val app = sm_ctx_cached_get(ctx, SM_DEPLOYMENTS, key.name_space, key.name);

    if (!app || (fixed && sm_val_int_at(app, "status.observedGeneration", 0) == sm_meta_generation(app)))
        return sm_done();
    sm_val conditions = SM_EMPTY_LIST;
    bool available_first = strcmp(sm_val_str_at(app, "status.conditions[0].type"), "Available") != 0;
    for (int i = 0; i < 2; i++)
        conditions = sm_condition_set(r, conditions, (i == 0) == available_first ? "Available" : "Progressing", "True", "AsUsual", "",
                                      sm_meta_generation(app), sm_ctx_now(ctx));
    sm_val status = SM_MAP(r, "observedGeneration", sm_val_int(r, sm_meta_generation(app)), "conditions", conditions);
    return sm_pattern_written(sm_ctx_patch(ctx, SM_DEPLOYMENTS, "status", key.name_space, key.name, SM_PATCH_MERGE, SM_MAP(r, "status", status)));
}

static const struct sm_watch watches[] = {{.resource = SM_DEPLOYMENTS, .map = sm_map_self}};

SM_PATTERN(hot_loop, "hot-loop", "crossplane/crossplane#7221 konflux-ci/konflux-ci#5874", SM_DEPLOYMENTS);
