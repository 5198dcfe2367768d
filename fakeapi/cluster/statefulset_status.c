/* Status of a StatefulSet: counters from pods, and its single write (kubernetes.md 1.8). */
#include <string.h>

#include "cluster.h"
#include "meta.h"
#include "statefulset.h"

void sm_sts_error_add(struct sm_sts *sts, struct sm_sts_errors *errors, const char *error) {
    if (!error)
        return;
    errors->text = errors->count++ == 0 ? error : sm_region_printf(sts->r, "%s, %s", errors->text, error);
}

const char *sm_sts_error_text(struct sm_sts *sts, const struct sm_sts_errors *errors) {
    return errors->count > 1 ? sm_region_printf(sts->r, "[%s]", errors->text) : errors->text;
}

static void count(struct sm_sts *sts, struct sm_sts_status *status, const struct sm_sts_pods *pods) {
    for (size_t i = 0; pods && i < pods->count; i++) {
        sm_val pod = pods->item[i];
        if (sm_val_str_at(pod, "status.phase")[0] == '\0')
            continue;
        status->replicas++;
        if (sm_sts_pod_running_and_ready(pod)) {
            status->ready++;
            status->available += sm_sts_pod_running_and_available(sts, pod);
        }
        /* Terminating pods count as replicas and as ready, but to no revision. */
        if (sm_meta_deleting(pod))
            continue;
        status->current += strcmp(sm_sts_pod_revision(pod), status->current_revision) == 0;
        status->updated += strcmp(sm_sts_pod_revision(pod), status->update_revision) == 0;
    }
}

void sm_sts_count(struct sm_sts *sts, struct sm_sts_status *status, const struct sm_sts_pods *a, const struct sm_sts_pods *b) {
    status->replicas = status->ready = status->available = status->current = status->updated = 0;
    count(sts, status, a);
    count(sts, status, b);
}

/* Up to 1.36 OnDelete never promotes currentRevision (kubernetes/kubernetes#73492). */
static bool completes(struct sm_sts *sts, const struct sm_sts_status *status) {
    const struct sm_cluster_options *options = sm_ctx_options(sts->ctx);
    bool on_delete_too = options && options->kubernetes && strcmp(options->kubernetes, "1.37") == 0;
    return (on_delete_too || strcmp(sm_val_str_at(sts->set, "spec.updateStrategy.type"), "RollingUpdate") == 0) &&
           status->updated == sts->replicas && status->ready == sts->replicas && status->replicas == sts->replicas;
}

/* collisionCount alone is no reason to write. */
static bool differs(sm_val old, const struct sm_sts_status *status) {
    return status->observed_generation > sm_val_int_at(old, "observedGeneration", 0) ||
           status->replicas != sm_val_int_at(old, "replicas", 0) || status->current != sm_val_int_at(old, "currentReplicas", 0) ||
           status->ready != sm_val_int_at(old, "readyReplicas", 0) || status->updated != sm_val_int_at(old, "updatedReplicas", 0) ||
           status->available != sm_val_int_at(old, "availableReplicas", 0) ||
           strcmp(status->current_revision, sm_val_str_at(old, "currentRevision")) != 0 ||
           strcmp(status->update_revision, sm_val_str_at(old, "updateRevision")) != 0;
}

static sm_val number_or_none(struct sm_region *r, int64_t number) {
    return number ? sm_val_int(r, number) : NULL;
}

static sm_val status_object(struct sm_region *r, const struct sm_sts_status *status) {
    return SM_MAP(r, "observedGeneration", number_or_none(r, status->observed_generation), "replicas", sm_val_int(r, status->replicas),
                  "readyReplicas", number_or_none(r, status->ready), "currentReplicas", number_or_none(r, status->current),
                  "updatedReplicas", number_or_none(r, status->updated), "currentRevision", sm_val_str(r, status->current_revision),
                  "updateRevision", sm_val_str(r, status->update_revision), "collisionCount", sm_val_int(r, status->collisions),
                  "availableReplicas", sm_val_int(r, status->available));
}

const char *sm_sts_write_status(struct sm_sts *sts, struct sm_sts_status *status) {
    if (completes(sts, status)) {
        status->current = status->updated;
        status->current_revision = status->update_revision;
    }
    if (!differs(sm_val_get(sts->set, "status"), status))
        return NULL;
    sm_val set = sts->set, object = status_object(sts->r, status);
    const struct sm_reply *reply = NULL;
    for (int attempt = 0; attempt < 5; attempt++) {
        reply = sm_ctx_update(sts->ctx, SM_STATEFULSETS, "status", sm_val_set(sts->r, set, "status", object));
        if (!sm_reply_is(reply, "Conflict"))
            break;
        sm_val fresh = sm_ctx_cached_get(sts->ctx, SM_STATEFULSETS, sts->name_space, sts->name);
        set = fresh ? fresh : set;
    }
    return sm_reply_ok(reply) ? NULL : sm_reply_error(reply);
}
