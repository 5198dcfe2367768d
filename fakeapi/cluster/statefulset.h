/* The parts of the StatefulSet controller, private to it. One sync of one set is one struct sm_sts:
 *
 *      statefulset.c           triggers, and the sync: adopt, claim, then walk over the replicas
 *      statefulset_adopt.c     which pods and revisions are its own: adoption and release
 *      statefulset_revision.c  ControllerRevisions: hash, current, update, history
 *      statefulset_pods.c      identity of pods; their creation, update and deletion
 *      statefulset_claims.c    PersistentVolumeClaims from templates, and who may delete them
 *      statefulset_status.c    counters, and the one write of status
 *
 * All of them read from the controller's caches, which lag; acting on stale data is normal, and what comes of it (a create of
 * what exists) is an error that is retried. Errors are texts in the pass's region; NULL is success.
 */
#ifndef SM_STATEFULSET_H
#define SM_STATEFULSET_H

#include "controller.h"

struct sm_sts {
    struct sm_ctx *ctx;
    struct sm_region *r;
    sm_val set; /* as cached */
    const char *name, *name_space, *uid;
    int64_t start;    /* spec.ordinals.start */
    int64_t replicas; /* spec.replicas */
    int64_t min_ready_seconds;
    bool monotonic;       /* OrderedReady */
    bool adoption_asked;  /* the live set was read, as it is once before the first adoption */
    const char *no_adopt; /* why it may not adopt */
};

struct sm_sts_revisions {
    sm_val *all; /* as cached, sorted */
    size_t count;
    sm_val current, update;
    int64_t collisions;
};

struct sm_sts_status {
    int64_t observed_generation;
    const char *current_revision, *update_revision;
    int64_t collisions;
    int64_t replicas, ready, available, current, updated;
};

/* Pods; NULL stands for one that does not exist yet. */
struct sm_sts_pods {
    sm_val *item;
    size_t count;
};

/* statefulset_adopt.c */
const char *sm_sts_adopt_revisions(struct sm_sts *sts, const struct sm_sts_revisions *revisions);
const char *sm_sts_claim_pods(struct sm_sts *sts, struct sm_sts_pods *ret_pods);

/* statefulset_revision.c */
void sm_sts_list_revisions(struct sm_sts *sts, struct sm_sts_revisions *ret_revisions);
const char *sm_sts_choose_revisions(struct sm_sts *sts, struct sm_sts_revisions *revisions);
const char *sm_sts_truncate_history(struct sm_sts *sts, const struct sm_sts_revisions *revisions, const struct sm_sts_pods *pods);
sm_val sm_sts_template(struct sm_sts *sts, sm_val revision);
/* The hash part of a revision's name: FNV-1 over the text of its data and the collision count, in letters that spell no words. */
const char *sm_sts_revision_hash(struct sm_region *r, sm_val data, int64_t collisions);

/* statefulset_pods.c */
int64_t sm_sts_ordinal(const char *pod_name, size_t *ret_parent_bytes); /* -1 if it has none */
bool sm_sts_in_range(const struct sm_sts *sts, int64_t ordinal);
bool sm_sts_pod_ready(sm_val pod); /* condition Ready */
bool sm_sts_pod_running_and_ready(sm_val pod);
bool sm_sts_pod_running_and_available(struct sm_sts *sts, sm_val pod);
bool sm_sts_pod_healthy(sm_val pod);
const char *sm_sts_pod_revision(sm_val pod);
sm_val sm_sts_new_pod(struct sm_sts *sts, const struct sm_sts_revisions *revisions, int64_t ordinal);
const char *sm_sts_create_pod(struct sm_sts *sts, sm_val pod);
/* Repairs identity, storage and claims of a pod if they differ from what they should be. */
const char *sm_sts_repair_pod(struct sm_sts *sts, sm_val pod);
const char *sm_sts_delete_pod(struct sm_sts *sts, sm_val pod, bool *ret_gone);
void sm_sts_pod_event(struct sm_sts *sts, const char *verb, const char *pod_name, const char *error);

/* statefulset_claims.c */
const char *sm_sts_claim_name(struct sm_sts *sts, sm_val claim_template, int64_t ordinal);
const char *sm_sts_create_claims(struct sm_sts *sts, sm_val pod);
const char *sm_sts_create_missing_claims(struct sm_sts *sts, sm_val pod);
bool sm_sts_claims_kept_right(struct sm_sts *sts, sm_val pod); /* their owners are as the retention policy wants */
const char *sm_sts_set_claim_owners(struct sm_sts *sts, sm_val pod);
bool sm_sts_claim_is_stale(struct sm_sts *sts, sm_val pod); /* a claim waits for the collector: it belonged to an older pod */

/* statefulset_status.c */
void sm_sts_count(struct sm_sts *sts, struct sm_sts_status *status, const struct sm_sts_pods *a, const struct sm_sts_pods *b);
const char *sm_sts_write_status(struct sm_sts *sts, struct sm_sts_status *status);

/* Several errors as Go's aggregate prints them: alone as it is, else `[a, b]`. Either may be NULL. */
struct sm_sts_errors {
    const char *text;
    size_t count;
};
void sm_sts_error_add(struct sm_sts *sts, struct sm_sts_errors *errors, const char *error);
const char *sm_sts_error_text(struct sm_sts *sts, const struct sm_sts_errors *errors);

#endif
