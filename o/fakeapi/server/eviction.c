/* pods/eviction: a deletion that budgets of disruption may forbid (Kubernetes: "API-initiated Eviction"). */
#include "meta.h"
#include "pod_subresource.h"
#include "selector.h"
#include "status.h"

#include <string.h>

enum { DISRUPTED_MAX = 2000, STILL_PROCESSED_SECONDS = 10 };

/* --- Budgets ------------------------------------------------------------------------------------------------------------------- */

static bool covers(struct sm_region *r, sm_val budget, sm_val pod) {
    const struct sm_selector *selector = sm_selector_of(r, sm_val_at(budget, "spec.selector"));

    return selector && sm_selector_matches_labels(selector, sm_val_at(pod, "metadata.labels"));
}

/* The budget of a pod, NULL if it has none; false: it has several. */
static bool find_budget(const struct sm_call *call, sm_val pod, sm_val *ret_budget) {
    sm_pmap all = sm_store_slot(call->server, SM_PDBS)->log.root;
    const char *prefix = sm_region_printf(call->r, "%s/", call->request->name_space);

    *ret_budget = NULL;
    for (sm_pmap at = sm_pmap_seek(all, prefix, false); at && strncmp(at->key, prefix, strlen(prefix)) == 0;
         at = sm_pmap_seek(all, at->key, true)) {
        if (!covers(call->r, at->value, pod))
            continue;
        if (*ret_budget)
            return false;
        *ret_budget = at->value;
    }
    return true;
}

static struct sm_reply too_many(struct sm_region *r, const char *why, int64_t retry_after) {
    struct sm_cause cause = {.reason = "DisruptionBudget", .message = why};
    struct sm_reply reply = sm_status(r, 429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", NULL,
                                      NULL, "", &cause, 1);

    if (retry_after)
        reply.body = sm_val_set_at(r, reply.body, "details.retryAfterSeconds", sm_val_int(r, retry_after));
    return reply;
}

static bool check_budget(const struct sm_call *call, sm_val budget, struct sm_reply *reterr) {
    struct sm_region *r = call->r;
    const char *name = sm_meta_name(budget);
    int64_t allowed = sm_val_int_at(budget, "status.disruptionsAllowed", 0);

    if (sm_val_int_at(budget, "status.observedGeneration", 0) < sm_meta_generation(budget))
        *reterr = too_many(r, sm_region_printf(r, "The disruption budget %s is still being processed by the server.", name),
                           STILL_PROCESSED_SECONDS);
    else if (allowed < 0)
        *reterr = sm_status_forbidden(r, SM_PDBS, name, "pdb disruptions allowed is negative");
    else if (sm_val_count(sm_val_at(budget, "status.disruptedPods")) > DISRUPTED_MAX)
        *reterr = sm_status_forbidden(r, SM_PDBS, name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
    else if (allowed == 0)
        *reterr = too_many(r,
                           sm_region_printf(r, "The disruption budget %s needs %lld healthy pods and has %lld currently", name,
                                            (long long)sm_val_int_at(budget, "status.desiredHealthy", 0),
                                            (long long)sm_val_int_at(budget, "status.currentHealthy", 0)),
                           0);
    else
        return true;
    return false;
}

/* One disruption less is allowed, and the budget knows of which pod. */
static void use_budget(struct sm_call *call, sm_val budget) {
    struct sm_region *r = call->r;
    sm_time now = call->env->now;
    int64_t allowed = sm_val_int_at(budget, "status.disruptionsAllowed", 0) - 1;
    struct sm_call other = *call;
    sm_val used = sm_val_set_at(r, budget, "status.disruptionsAllowed", sm_val_int(r, allowed));
    sm_val pods = sm_val_set(r, sm_val_at(budget, "status.disruptedPods"), call->request->name, sm_val_str(r, sm_clock_rfc3339(r, now)));

    used = sm_val_set_at(r, used, "status.disruptedPods", pods);
    if (allowed == 0)
        used = sm_val_set_at(r, used, "status.conditions",
                             sm_condition_set(r, sm_val_at(budget, "status.conditions"), "DisruptionAllowed", "False", "InsufficientPods",
                                              "", sm_val_int_at(budget, "status.observedGeneration", 0), now));
    other.slot = sm_store_slot_mutable(call->server, SM_PDBS);
    other.kind = sm_server_kind(call->server, SM_PDBS);
    other.key = sm_meta_key(r, sm_meta_namespace(budget), sm_meta_name(budget));
    sm_write_commit(&other, used, budget);
}

/* --- Pods ---------------------------------------------------------------------------------------------------------------------- */

/* Pods that serve nobody are no loss: what has ended, has not begun, or is going anyway. */
static bool needs_no_budget(sm_val pod) {
    const char *phase = sm_val_str_at(pod, "status.phase");

    return sm_meta_deleting(pod) || strcmp(phase, "Succeeded") == 0 || strcmp(phase, "Failed") == 0 || strcmp(phase, "Pending") == 0;
}

/* One that is not ready does not count for its budget, as long as enough others are. */
static bool is_unhealthy_beside(sm_val pod, sm_val budget) {
    int64_t desired = sm_val_int_at(budget, "status.desiredHealthy", 0);

    if (sm_condition_is(sm_val_at(pod, "status.conditions"), "Ready", "True"))
        return false;
    if (sm_val_is_text(sm_val_at(budget, "spec.unhealthyPodEvictionPolicy"), "AlwaysAllow"))
        return true;
    return desired > 0 && sm_val_int_at(budget, "status.currentHealthy", 0) >= desired;
}

/* The pod says why it goes before it does. What its options forbid changes nothing, so they are tried first. */
struct sm_reply sm_verb_evict(struct sm_call *call) {
    sm_val options = sm_val_get(call->request->body, "deleteOptions"), pod = sm_store_get(call->slot, call->key), budget = NULL;
    bool dry_run = call->dry_run || sm_val_count(sm_val_get(options, "dryRun")) > 0;
    struct sm_reply reply;

    if (!sm_pod_subresource_named(call, "Eviction", &reply))
        return reply;
    if (!pod)
        return sm_call_not_found(call);
    if (!needs_no_budget(pod) && !find_budget(call, pod, &budget))
        return sm_call_error(call->r, "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
    if (budget && is_unhealthy_beside(pod, budget))
        budget = NULL;
    if (budget && !check_budget(call, budget, &reply))
        return reply;
    call->dry_run = true;
    reply = sm_delete_object(call, options);
    call->dry_run = dry_run;
    if (!sm_reply_ok(&reply) || dry_run)
        return sm_reply_ok(&reply) ? sm_pod_subresource_created(call->r) : reply;
    if (budget)
        use_budget(call, budget);
    sm_write_commit(call, sm_pod_subresource_condition(call, pod, "DisruptionTarget", "EvictionByEvictionAPI", "Eviction API: evicting"),
                    pod);
    reply = sm_delete_object(call, options);
    return sm_reply_ok(&reply) ? sm_pod_subresource_created(call->r) : reply;
}
