/* The StatefulSet controller: triggers, and the sync of one set (kubernetes.md 1; Kubernetes: "StatefulSets").
 *
 * A sync decides on a snapshot: claimed pods sorted into replicas (ordinals in range) and condemned (the rest). Then
 *
 *      replicas, ascending ──▶ condemned, descending ──▶ rolling update, descending ──▶ status
 *
 * and stops at the first thing it has to wait for. OrderedReady waits for every replica to be ready before it goes on, which
 * is why a pod that never becomes ready is never replaced by a rolling update (kubernetes/kubernetes#67250).
 */
#include <string.h>

#include "bug.h"
#include "cluster.h"
#include "meta.h"
#include "selector.h"
#include "statefulset.h"

/* --- Triggers ------------------------------------------------------------------------------------------------------ */

/* The set a controller reference means, if the cache has it under that uid. */
static sm_val set_of_reference(struct sm_enqueue *to, const char *name_space, sm_val reference) {
    if (!reference || !sm_val_is_text(sm_val_get(reference, "kind"), SM_STATEFULSETS->kind))
        return NULL;
    sm_val set = to->lookup(to, SM_STATEFULSETS, name_space, sm_val_str_at(reference, "name"));
    return set && strcmp(sm_meta_uid(set), sm_val_str_at(reference, "uid")) == 0 ? set : NULL;
}

struct orphan {
    struct sm_enqueue *to;
    sm_val labels;
};

static bool add_if_selected(void *arg, sm_val set) {
    struct orphan *orphan = arg;
    sm_val selector = sm_val_at(set, "spec.selector");
    bool empty = sm_val_count(sm_val_get(selector, "matchLabels")) == 0 && sm_val_count(sm_val_get(selector, "matchExpressions")) == 0;
    if (!empty && sm_selector_matches_labels(sm_selector_of(orphan->to->region, selector), orphan->labels))
        orphan->to->add(orphan->to, sm_meta_namespace(set), sm_meta_name(set));
    return true;
}

/* A pod without a controller wakes every set that might adopt it. */
static void map_orphan(struct sm_enqueue *to, sm_val pod) {
    struct orphan orphan = {.to = to, .labels = sm_val_at(pod, "metadata.labels")};
    if (sm_val_count(orphan.labels) > 0)
        to->each(to, SM_STATEFULSETS, sm_meta_namespace(pod), add_if_selected, &orphan);
}

static void map_reference(struct sm_enqueue *to, sm_val pod) {
    sm_val set = set_of_reference(to, sm_meta_namespace(pod), sm_meta_controller(pod));
    if (set)
        to->add(to, sm_meta_namespace(set), sm_meta_name(set));
}

static void map_pod_update(struct sm_enqueue *to, sm_val before, sm_val after) {
    sm_val old_reference = sm_meta_controller(before), reference = sm_meta_controller(after);
    bool moved = !sm_val_equal(old_reference, reference);
    if (moved)
        map_reference(to, before);
    if (!reference) {
        if (moved || !sm_val_equal(sm_val_at(before, "metadata.labels"), sm_val_at(after, "metadata.labels")))
            map_orphan(to, after);
        return;
    }
    sm_val set = set_of_reference(to, sm_meta_namespace(after), reference);
    if (!set)
        return;
    to->add(to, sm_meta_namespace(set), sm_meta_name(set));
    int64_t min_ready = sm_val_int_at(set, "spec.minReadySeconds", 0);
    if (min_ready > 0 && !sm_sts_pod_ready(before) && sm_sts_pod_ready(after))
        to->add_after(to, sm_meta_namespace(set), sm_meta_name(set), (min_ready + 1) * SM_SECOND);
}

static void map_pod(struct sm_enqueue *to, sm_val before, sm_val after) {
    if (before && after) {
        if (sm_meta_version(before) != sm_meta_version(after))
            map_pod_update(to, before, after);
    } else if (after && !sm_meta_controller(after) && !sm_meta_deleting(after)) {
        map_orphan(to, after);
    } else {
        map_reference(to, after ? after : before);
    }
}

/* --- The walk ------------------------------------------------------------------------------------------------------ */

struct walk {
    struct sm_sts *sts;
    const struct sm_sts_revisions *revisions;
    struct sm_sts_pods replicas;  /* by ordinal - start; NULL: missing */
    struct sm_sts_pods condemned; /* by ordinal, descending */
    sm_val first_unhealthy;       /* the condemned pod that may go although it is unhealthy */
    bool stop;                    /* the pass has to wait */
};

/* One replica's turn. Sets [stop] where OrderedReady goes no further. */
static const char *process_replica(struct walk *walk, size_t i) {
    struct sm_sts *sts = walk->sts;
    sm_val pod = walk->replicas.item[i];
    const char *phase = sm_val_str_at(pod, "status.phase"), *error;
    if (strcmp(phase, "Failed") == 0 || strcmp(phase, "Succeeded") == 0) {
        walk->stop = true; /* its successor is made by the sync that no longer sees it */
        return sm_meta_deleting(pod) ? NULL : sm_sts_delete_pod(sts, pod, NULL);
    }
    if (!pod) {
        /* Stays in the walk as it is in memory, without a phase: it counts nowhere. */
        pod = walk->replicas.item[i] = sm_sts_new_pod(sts, walk->revisions, sts->start + (int64_t)i);
        walk->stop = true;
        if (sm_sts_claim_is_stale(sts, pod))
            return NULL;
        return sm_sts_create_pod(sts, pod);
    }
    if (strcmp(phase, "Pending") == 0) {
        error = sm_sts_create_missing_claims(sts, pod);
        if (error)
            return error;
    }
    if (sts->monotonic && (sm_meta_deleting(pod) || !sm_sts_pod_running_and_available(sts, pod))) {
        walk->stop = true;
        return NULL;
    }
    return sm_sts_repair_pod(sts, pod);
}

static const char *process_condemned(struct walk *walk, size_t i) {
    struct sm_sts *sts = walk->sts;
    sm_val pod = walk->condemned.item[i];
    walk->stop = true;
    if (sm_meta_deleting(pod))
        return NULL;
    if (sts->monotonic && pod != walk->first_unhealthy && !sm_sts_pod_running_and_available(sts, pod))
        return NULL;
    return sm_sts_delete_pod(sts, pod, NULL);
}

static const char *fix_condemned_claims(struct walk *walk, size_t i) {
    sm_val pod = walk->condemned.item[i];
    return sm_sts_claims_kept_right(walk->sts, pod) ? NULL : sm_sts_set_claim_owners(walk->sts, pod);
}

/* Runs [process] for all: OrderedReady one by one until it has to wait; Parallel in batches of 1, 2, 4 … that go on until one
 * of a batch fails. True if the pass ends here. */
static bool run_for_all(struct walk *walk, size_t count, const char *(*process)(struct walk *, size_t), const char **ret_error) {
    struct sm_sts_errors errors = {0};
    size_t batch_end = 1, batch = 1;
    for (size_t i = 0; i < count; i++) {
        walk->stop = false;
        const char *error = process(walk, i);
        if (error)
            sm_sts_error_add(walk->sts, &errors, error);
        if (walk->sts->monotonic && (error || walk->stop)) {
            *ret_error = error;
            return true;
        }
        if (i + 1 == batch_end) {
            if (errors.count > 0)
                break;
            batch *= 2;
            batch_end += batch;
        }
    }
    *ret_error = sm_sts_error_text(walk->sts, &errors);
    return errors.count > 0;
}

static int64_t ordinal_of(sm_val pod) {
    return sm_sts_ordinal(sm_meta_name(pod), NULL);
}

static void sort_pods(struct walk *walk, const struct sm_sts_pods *pods) {
    struct sm_sts *sts = walk->sts;
    walk->replicas.count = (size_t)sts->replicas;
    walk->replicas.item = sm_region_zalloc(sts->r, (walk->replicas.count + 1) * sizeof *walk->replicas.item);
    walk->condemned.item = sm_region_alloc(sts->r, (pods->count + 1) * sizeof *walk->condemned.item);
    for (size_t i = 0; i < pods->count; i++) {
        sm_val pod = pods->item[i];
        int64_t ordinal = ordinal_of(pod);
        if (sm_sts_in_range(sts, ordinal)) {
            walk->replicas.item[ordinal - sts->start] = pod;
            continue;
        }
        size_t at = walk->condemned.count++;
        for (; at > 0 && ordinal_of(walk->condemned.item[at - 1]) < ordinal; at--)
            walk->condemned.item[at] = walk->condemned.item[at - 1];
        walk->condemned.item[at] = pod;
    }

    /* The first unhealthy pod counts from the lowest replica; only a condemned one makes a difference. */
    for (size_t i = 0; i < walk->replicas.count; i++)
        if (!sm_sts_pod_healthy(walk->replicas.item[i]))
            return;
    for (size_t i = walk->condemned.count; i-- > 0 && !walk->first_unhealthy;)
        if (!sm_sts_pod_healthy(walk->condemned.item[i]))
            walk->first_unhealthy = walk->condemned.item[i];
}

/* From the highest replica down: one pod of another revision is deleted a pass, and an unhealthy one is waited for. */
static const char *roll(struct walk *walk, struct sm_sts_status *status) {
    int64_t lowest = sm_val_int_at(walk->sts->set, "spec.updateStrategy.rollingUpdate.partition", 0);
    for (int64_t i = (int64_t)walk->replicas.count - 1; i >= lowest; i--) {
        sm_val pod = walk->replicas.item[i];
        if (pod && strcmp(sm_sts_pod_revision(pod), status->update_revision) != 0 && !sm_meta_deleting(pod)) {
            bool gone = false;
            const char *error = sm_sts_delete_pod(walk->sts, pod, &gone);
            if (error && !gone)
                return error;
            status->current--;
            return error;
        }
        if (!sm_sts_pod_healthy(pod))
            return NULL;
    }
    return NULL;
}

static const char *update(struct sm_sts *sts, const struct sm_sts_revisions *revisions, const struct sm_sts_pods *pods,
                          struct sm_sts_status *status) {
    *status = (struct sm_sts_status){
        .observed_generation = sm_meta_generation(sts->set),
        .current_revision = sm_meta_name(revisions->current),
        .update_revision = sm_meta_name(revisions->update),
        .collisions = revisions->collisions,
    };
    sm_sts_count(sts, status, pods, NULL);
    if (sm_meta_deleting(sts->set))
        return NULL;

    struct walk walk = {.sts = sts, .revisions = revisions};
    sort_pods(&walk, pods);
    const char *error = NULL;
    bool ended = run_for_all(&walk, walk.replicas.count, process_replica, &error) ||
                 run_for_all(&walk, walk.condemned.count, fix_condemned_claims, &error) ||
                 run_for_all(&walk, walk.condemned.count, process_condemned, &error);
    sm_sts_count(sts, status, &walk.replicas, &walk.condemned);
    if (ended || strcmp(sm_val_str_at(sts->set, "spec.updateStrategy.type"), "OnDelete") == 0)
        return error;
    return roll(&walk, status);
}

/* --- The sync ------------------------------------------------------------------------------------------------------ */

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key) {
    sm_val set = sm_ctx_cached_get(ctx, SM_STATEFULSETS, key.name_space, key.name);
    if (!set)
        return sm_done();
    struct sm_sts sts = {
        .ctx = ctx,
        .r = sm_ctx_region(ctx),
        .set = set,
        .name = sm_meta_name(set),
        .name_space = sm_meta_namespace(set),
        .uid = sm_meta_uid(set),
        .start = sm_val_int_at(set, "spec.ordinals.start", 0),
        .replicas = sm_val_int_at(set, "spec.replicas", 1),
        .min_ready_seconds = sm_val_int_at(set, "spec.minReadySeconds", 0),
        .monotonic = strcmp(sm_val_str_at(set, "spec.podManagementPolicy"), "Parallel") != 0,
    };

    struct sm_sts_revisions revisions = {0};
    sm_sts_list_revisions(&sts, &revisions);
    const char *error = sm_sts_adopt_revisions(&sts, &revisions);
    if (error)
        return sm_error(error);
    struct sm_sts_pods pods = {0};
    error = sm_sts_claim_pods(&sts, &pods);
    if (error)
        return sm_error(error);

    /* Status is written also where the walk ended in an error: it tells how far it came. */
    struct sm_sts_status status = {0};
    struct sm_sts_errors errors = {0};
    sm_sts_list_revisions(&sts, &revisions); /* again: from here on what adoption changed counts as the cache shows it */
    error = sm_sts_choose_revisions(&sts, &revisions);
    if (!error) {
        error = update(&sts, &revisions, &pods, &status);
        const char *status_error = sm_sts_write_status(&sts, &status);
        error = error ? error : status_error;
    }
    sm_sts_error_add(&sts, &errors, error);
    sm_sts_error_add(&sts, &errors, sm_sts_truncate_history(&sts, &revisions, &pods));
    if (errors.count > 0)
        return sm_error(sm_sts_error_text(&sts, &errors));
    if (sts.min_ready_seconds > 0 && status.available != sts.replicas)
        return sm_requeue_after(sts.min_ready_seconds * SM_SECOND);
    return sm_done();
}

static const struct sm_watch watches[] = {
    {.resource = SM_STATEFULSETS, .map = sm_map_self},
    {.resource = SM_PODS, .map = map_pod},
    {.resource = SM_CONTROLLERREVISIONS},
    {.resource = SM_PVCS},
};

const struct sm_controller sm_statefulset_controller = {
    .name = "statefulset-controller",
    .user_agent = "kube-controller-manager",
    .primary = SM_STATEFULSETS,
    .watches = watches,
    .watch_count = sizeof watches / sizeof *watches,
    .reconcile = reconcile,
};
