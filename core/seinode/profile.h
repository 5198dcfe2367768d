/* Profiles: the controller's history as data. Each difference between two points of it is one named safeguard; there is one
 * planner, and it asks the profile (seinode-controller.md 8).
 *
 * A safeguard that is off is not a no-op: its row says what happens then, so that switching one off is a mutant that some
 * scenario notices.
 */
#ifndef SM_PROFILE_H
#define SM_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*    id                         name                             the race or hazard it answers */
#define SM_SAFEGUARDS(X) \
    X(REPLACE_POD, "replace-pod", "a pod that is not ready is never replaced by the StatefulSet controller") \
    X(GENERATION_GATE, "generation-gate", "replace-pod: revisions that describe the template before the last apply") \
    X(REVISION_GATE, "revision-gate", "replace-pod: the status of a brand-new set") \
    X(MISSING_SET_WAITS, "missing-set-waits", "replace-pod: the apply is not visible yet") \
    X(SELECTOR_REQUIRED, "selector-required", "replace-pod: a set without a selector matches every pod") \
    X(SINGLE_REPLICA, "single-replica", "replace-pod: ordinal order is not implemented") \
    X(OWNER_CHECK, "owner-check", "replace-pod: hand-made pods with the same labels") \
    X(HASH_LABEL_REQUIRED, "hash-label-required", "replace-pod: a pod without a revision label counts as stale") \
    X(SKIP_TERMINATING, "skip-terminating", "replace-pod: a pod is deleted twice") \
    X(ON_DELETE, "on-delete", "the StatefulSet controller's rolling update and replace-pod both delete") \
    X(LIVE_SET_READS, "live-set-reads", "replace-pod and observe-image read the set as it was before the apply") \
    X(PODS_DELETE_ALLOWED, "pods-delete-allowed", "the ClusterRole lacks pods/delete: 403 for ever") \
    X(UID_PRECONDITION, "uid-precondition", "replace-pod: the name has passed to a new pod since it was read") \
    X(LIVE_POD_READS, "live-pod-reads", "replace-pod: the pod cache shows a pod that is gone, or not the one that runs") \
    X(POD_REVISION_CHECKED, "pod-revision-checked", "replace-pod trusts currentRevision == updateRevision and never looks at pods") \
    X(WAIT_FOR_REPLACEMENT, "wait-for-replacement", "replace-pod completes although an old pod is left") \
    X(UNLABELLED_BY_IMAGE, "unlabelled-by-image", "replace-pod: an old pod that lost its revision label is skipped for ever") \
    X(IMAGE_OBSERVED, "image-observed", "observe-image stamps an image that no pod runs") \
    X(REAPPLY, "reapply", "a plan waits for a set that is gone or was changed behind it") \
    X(REPLAN_ON_CHANGE, "replan-on-change", "an active plan shuts out every later image, so a bad one is never got rid of") \
    X(DRIFT_OBSERVED, "drift-observed", "currentImage names the wanted image while another one runs: no drift is ever seen") \
    X(LIVE_NODE_READS, "live-node-reads", "a plan that is long over is executed again from an old copy of the SeiNode") \
    X(STRATEGY_MIGRATES, "strategy-migrates", \
      "apply-statefulset: a set that an older version made for rolling updates refuses OnDelete for ever") \
    X(CLAIM_WAITS, "claim-waits", "ensure-data-pvc: the claim of a deleted predecessor fails the node for good") \
    X(READY_AGAIN, "ready-again", "a sidecar that was restarted has forgotten that its node is ready, and nobody tells it again")

enum sm_safeguard {
#define X(id, name, why) SM_SAFEGUARD_##id,
    SM_SAFEGUARDS(X)
#undef X
    SM_SAFEGUARD_COUNT
};

struct sm_profile {
    const char *name; /* `before`, `first-cut`, `reviewed`, `on-delete`, `merged`, `hardened` */
    const char *about;
    uint32_t safeguards;     /* bits: 1 << SM_SAFEGUARD_… */
    int replace_pod_retries; /* maxRetries of the task */
};

extern const char *const sm_safeguard_names[SM_SAFEGUARD_COUNT];
extern const char *const sm_safeguard_why[SM_SAFEGUARD_COUNT];

enum { SM_PROFILE_COUNT = 6 };
extern const struct sm_profile sm_profiles[SM_PROFILE_COUNT]; /* in order of history; hardened last */

static inline bool sm_profile_has(const struct sm_profile *profile, enum sm_safeguard safeguard) {
    return profile->safeguards >> safeguard & 1;
}

const struct sm_profile *sm_profile_find(const char *name); /* NULL if there is none */

/* [profile] with one safeguard flipped, named `merged-owner-check` or `merged+uid-precondition`; in [r]. */
struct sm_region;
const struct sm_profile *sm_profile_flip(struct sm_region *r, const struct sm_profile *profile, enum sm_safeguard safeguard);

#endif
