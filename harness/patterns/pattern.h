/* Race patterns of the field, each restated in a small controller of ours: once as people wrote it, once mended. The engines must
 * find the first and be silent on the second. testdata/NAME.yaml is the world; the Deployment `app` stands for somebody's custom
 * resource, since nothing else acts on Deployments here.
 */
#ifndef SM_PATTERN_H
#define SM_PATTERN_H

#include "controller.h"
#include "meta.h"

struct sm_pattern {
    const char *name;
    const char *cases; /* public threads in which it happened */
    const struct sm_controller *buggy, *fixed;
};

/* Defines sm_pattern_ID from `reconcile(ctx, key, fixed)`, watches and a primary kind. */
#define SM_PATTERN(ID, NAME, CASES, PRIMARY) \
    static struct sm_result buggy(struct sm_ctx *ctx, struct sm_key key) { return reconcile(ctx, key, false); } \
    static struct sm_result fixed(struct sm_ctx *ctx, struct sm_key key) { return reconcile(ctx, key, true); } \
    static const struct sm_controller buggy_controller = { \
        .name = "operator", .primary = PRIMARY, .watches = watches, .watch_count = sizeof watches / sizeof *watches, .reconcile = buggy}; \
    static const struct sm_controller fixed_controller = { \
        .name = "operator", .primary = PRIMARY, .watches = watches, .watch_count = sizeof watches / sizeof *watches, .reconcile = fixed}; \
    const struct sm_pattern sm_pattern_##ID = {NAME, CASES, &buggy_controller, &fixed_controller}

/*    id */
#define SM_PATTERNS(X) \
    X(stale_restart_deletion) \
    X(stale_restart_spec) \
    X(missed_intermediate_spec) \
    X(missed_deletion) \
    X(crash_between_creates) \
    X(crash_in_resize) \
    X(duplicate_create) \
    X(double_disruption) \
    X(old_status) \
    X(reused_name) \
    X(two_leaders) \
    X(lost_reply) \
    X(hot_loop) \
    X(ordered_ready) \
    X(never_promoted)

#define X(id) extern const struct sm_pattern sm_pattern_##id;
SM_PATTERNS(X)
#undef X

/* Done, or tried again: what a write came to. */
struct sm_result sm_pattern_written(const struct sm_reply *reply);

/* The same where somebody else may have done it before: AlreadyExists on create, NotFound on delete. */
struct sm_result sm_pattern_done_before(const struct sm_reply *reply);

/* Objects that [app] owns. [data] may be NULL. */
sm_val sm_pattern_configmap(struct sm_region *r, sm_val app, const char *name, sm_val data);
sm_val sm_pattern_claim(struct sm_region *r, sm_val app, const char *name);

/* A watch's mapping: whatever belongs to the app wakes it. */
void sm_pattern_map_app(struct sm_enqueue *to, sm_val before, sm_val after);

/* Sets status.[field] of [app], if it is not [value] already, and [app] is as it was read. */
struct sm_result sm_pattern_set_status(struct sm_ctx *ctx, sm_val app, const char *field, int64_t value);

#endif
