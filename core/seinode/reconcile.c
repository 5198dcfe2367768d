/* One pass: read, keep the finalizer, resolve peers, choose a plan or advance the active one, write the status once.
 *
 * A new plan is stored before anything is done for it: the pass that made it ends, and the next one executes what it reads
 * back. So a crash never leaves effects of a plan that nobody knows of.
 */
#include "reconcile.h"

#include "conditions.h"
#include "executor.h"
#include "metrics.h"
#include "peers.h"
#include "planner.h"
#include "resources.h"

static const char finalizer[] = "sei.io/seinode-finalizer";
enum { RESYNC_SECONDS = 30 };

static struct sm_result error(struct sm_node *node, const char *what, const struct sm_reply *reply) {
    return sm_error(sm_region_printf(node->r, "%s%s", what, sm_reply_error(reply)));
}

/* A typed client writes an empty status where there is none. */
static sm_val with_status(struct sm_node *node, sm_val object) {
    return sm_val_get(object, "status") ? object : sm_val_set(node->r, object, "status", SM_EMPTY_MAP);
}

/* A merge patch of the status that fails if the object has changed since it was read. [status_patch] NULL: of nothing. */
static const struct sm_reply *patch_status(struct sm_node *node, sm_val status_patch) {
    struct sm_region *r = node->r;
    sm_val version = sm_val_get(sm_val_get(node->object, "metadata"), "resourceVersion");
    sm_val patch = SM_MAP(r, "metadata", SM_MAP(r, "resourceVersion", version), "status", status_patch);
    return sm_ctx_patch(node->ctx, SM_SEINODES, "status", node->name_space, node->name, SM_PATCH_MERGE, patch);
}

/* --- Deletion ------------------------------------------------------------------------------------------------------------ */

/* The set, the services and the job go by garbage collection; Secrets and imported claims are never touched. */
static struct sm_result finalize(struct sm_node *node) {
    if (!sm_meta_has_finalizer(node->object, finalizer))
        return sm_done();

    sm_val before = node->status;
    sm_val after = sm_val_set(node->r, before, "phase", sm_val_str(node->r, "Terminating"));
    const struct sm_reply *reply = patch_status(node, sm_val_make_merge_patch(node->r, before, after)); /* sent even if empty */
    if (!sm_reply_ok(reply))
        return error(node, "setting terminating status: ", reply);
    sm_val object = reply->body;

    if (!*sm_node_imported_claim(node)) {
        const char *claim = sm_node_claim(node);
        if (sm_ctx_cached_get(node->ctx, SM_PVCS, node->name_space, claim)) {
            reply = sm_ctx_delete(node->ctx, SM_PVCS, node->name_space, claim, sm_delete_options(node->r, SM_PVCS, NULL, NULL));
            if (!sm_reply_ok(reply) && !sm_reply_is(reply, "NotFound"))
                return error(node, "deleting data PVC: ", reply);
        }
    }
    sm_metrics_phase(node, sm_node_phase(node), 0);
    reply = sm_ctx_update(node->ctx, SM_SEINODES, "", with_status(node, sm_meta_remove_finalizer(node->r, object, finalizer)));
    return sm_reply_ok(reply) ? sm_done() : error(node, "", reply);
}

/* --- Events -------------------------------------------------------------------------------------------------------------- */

/* The controller compares with a pointer to the condition it had, and a condition is set in place: so the pointer shows the
 * new one, and there is a difference only where there was none before. SidecarReadinessRestored can't happen. */
static void sidecar_events(struct sm_node *node, bool had_condition) {
    sm_val condition = sm_node_condition(node, SM_CONDITION_SIDECAR);
    bool lost = sm_val_is_text(sm_val_get(condition, "status"), "False") && sm_val_is_text(sm_val_get(condition, "reason"), "NotReady");
    if (!had_condition && lost)
        sm_ctx_event(node->ctx, SM_SEINODES, node->object, "Warning", "SidecarReadinessLost",
                     "sidecar Healthz returned 503; controller will re-issue mark-ready");
}

static void phase_changed(struct sm_node *node, const char *from, sm_val since) {
    const char *to = sm_node_phase(node);
    sm_metrics_transition(node, from, to);
    sm_metrics_phase(node, from, 0);
    sm_metrics_phase(node, to, 1);
    sm_ctx_event(node->ctx, SM_SEINODES, node->object, "Normal", "PhaseTransition",
                 sm_region_printf(node->r, "Phase changed from %s to %s", from, to));
    if (*from)
        sm_metrics_phase_duration(node, from, since);
}

/* --- The pass ------------------------------------------------------------------------------------------------------------ */

/* True if there was nothing to write or it was written. */
static bool flush(struct sm_node *node, sm_val before, struct sm_result *ret_result) {
    sm_val patch = sm_val_make_merge_patch(node->r, before, sm_node_full_status(node));
    if (!patch)
        return true;
    const struct sm_reply *reply = patch_status(node, patch);
    if (!sm_reply_ok(reply)) {
        *ret_result = error(node, "flushing status: ", reply);
        return false;
    }
    node->object = reply->body;
    return true;
}

static struct sm_result run(struct sm_node *node) {
    sm_val before = sm_node_full_status(node);
    const char *phase = sm_node_phase(node);
    sm_val phase_since = sm_val_get(node->status, "phaseTransitionTime");
    bool had_sidecar = sm_node_condition(node, SM_CONDITION_SIDECAR);

    sm_peers_resolve(node);
    bool new_plan = false;
    const char *wrong = sm_planner_resolve(node, &new_plan);
    if (wrong)
        return sm_error(sm_region_printf(node->r, "resolving plan: %s", wrong));
    sidecar_events(node, had_sidecar);

    struct sm_result result = sm_done();
    if (new_plan)
        result = sm_requeue_after(SM_MILLISECOND);
    else if (sm_plan_is(&node->plan, SM_PLAN_ACTIVE))
        result = sm_executor_run(node);

    if (!flush(node, before, &result))
        return result;
    if (strcmp(phase, sm_node_phase(node)) != 0)
        phase_changed(node, phase, phase_since);
    if (!strcmp(sm_node_phase(node), "Running") && !sm_plan_is(&node->plan, SM_PLAN_ACTIVE))
        return sm_requeue_after(RESYNC_SECONDS * SM_SECOND);
    return result;
}

/* An old copy of the SeiNode may show a plan that is long over, and with it an old image. */
static bool read_again(struct sm_node *node, struct sm_result *ret_result) {
    const struct sm_reply *reply = sm_ctx_live_get(node->ctx, SM_SEINODES, node->name_space, node->name);
    if (sm_reply_ok(reply)) {
        sm_node_init(node, node->ctx, reply->body);
        return true;
    }
    *ret_result = sm_reply_is(reply, "NotFound") ? sm_done() : error(node, "reading seinode: ", reply);
    return false;
}

struct sm_result sm_seinode_reconcile(struct sm_ctx *ctx, struct sm_key key) {
    sm_val object = sm_ctx_cached_get(ctx, SM_SEINODES, key.name_space, key.name);
    if (!object)
        return sm_done();
    struct sm_node node;
    struct sm_result result;
    sm_node_init(&node, ctx, object);
    if (sm_node_has(&node, SM_SAFEGUARD_LIVE_NODE_READS) && sm_plan_is(&node.plan, SM_PLAN_ACTIVE) && !read_again(&node, &result))
        return result;

    sm_metrics_phase(&node, sm_node_phase(&node), 1);
    if (sm_meta_deleting(node.object))
        return finalize(&node);
    if (!sm_meta_has_finalizer(node.object, finalizer)) {
        object = with_status(&node, sm_meta_add_finalizer(node.r, node.object, finalizer));
        const struct sm_reply *reply = sm_ctx_update(ctx, SM_SEINODES, "", object);
        if (!sm_reply_ok(reply))
            return error(&node, "", reply);
        sm_node_init(&node, ctx, reply->body);
    }
    if (!strcmp(sm_node_phase(&node), "Failed") && !sm_planner_superseded(&node)) {
        sm_ctx_event(ctx, SM_SEINODES, node.object, "Warning", "NodeFailed",
                     "SeiNode is in Failed state. Delete and recreate the resource to retry.");
        return sm_done();
    }
    return run(&node);
}
