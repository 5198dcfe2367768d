/* The profiles of the controller's history: sets of safeguards, each profile the one before it and what was added. */
#include "profile.h"

#include <string.h>

#include "region.h"

#define BIT(id) (UINT32_C(1) << SM_SAFEGUARD_##id)

#define BEFORE BIT(READY_AGAIN)
#define FIRST_CUT (BEFORE | BIT(REPLACE_POD) | BIT(REVISION_GATE) | BIT(MISSING_SET_WAITS) | BIT(SELECTOR_REQUIRED) | BIT(SKIP_TERMINATING))
#define REVIEWED \
    (FIRST_CUT | BIT(GENERATION_GATE) | BIT(SINGLE_REPLICA) | BIT(OWNER_CHECK) | BIT(HASH_LABEL_REQUIRED) | BIT(PODS_DELETE_ALLOWED))
#define ON_DELETE (REVIEWED | BIT(ON_DELETE))
#define MERGED (ON_DELETE | BIT(LIVE_SET_READS))
#define HARDENED \
    (MERGED | BIT(UID_PRECONDITION) | BIT(LIVE_POD_READS) | BIT(POD_REVISION_CHECKED) | BIT(WAIT_FOR_REPLACEMENT) | \
     BIT(UNLABELLED_BY_IMAGE) | BIT(IMAGE_OBSERVED) | BIT(REAPPLY) | BIT(REPLAN_ON_CHANGE) | BIT(DRIFT_OBSERVED) | BIT(LIVE_NODE_READS) | \
     BIT(CLAIM_WAITS) | BIT(STRATEGY_MIGRATES))

const char *const sm_safeguard_names[SM_SAFEGUARD_COUNT] = {
#define X(id, name, why) [SM_SAFEGUARD_##id] = (name),
    SM_SAFEGUARDS(X)
#undef X
};

const char *const sm_safeguard_why[SM_SAFEGUARD_COUNT] = {
#define X(id, name, why) [SM_SAFEGUARD_##id] = (why),
    SM_SAFEGUARDS(X)
#undef X
};

const struct sm_profile sm_profiles[SM_PROFILE_COUNT] = {
    {"before",
     "The parent of the pull request. An image change applies the set and waits; the StatefulSet controller rolls the pod, and does "
     "not touch one that is not ready. So a node that stands still at an upgrade height never gets its new binary.",
     BEFORE, 0},
    {"first-cut",
     "The first version with replace-pod, which deletes the pod itself. It trusts whatever carries the labels, does not ask whether "
     "the set's status describes the new template, and its role may not delete pods.",
     FIRST_CUT, 0},
    {"reviewed",
     "After review: waits until the set's status is about the applied template, deletes only pods that the set owns and whose "
     "revision is known, refuses sets of several replicas, and may delete pods. The set still rolls on its own, too.",
     REVIEWED, 0},
    {"on-delete",
     "The set's strategy is OnDelete, so only replace-pod deletes. Reads of the set still come from the cache, which may be older "
     "than the apply: then the plan ends well on the old pod, and nothing will ever roll it.",
     ON_DELETE, 0},
    {"merged",
     "As merged: replace-pod and observe-image read the set from the API server. The pods still come from the cache, are deleted by "
     "name alone, and replace-pod is done when it has looked once.",
     MERGED, 3},
    {"hardened",
     "What it should have been: it reads live what it acts on, deletes with a uid, waits until the wanted pod is there, stamps the image "
     "that runs, and starts again when the spec, the set or the pod is not what the plan was made for.",
     HARDENED, 3},
};

const struct sm_profile *sm_profile_find(const char *name) {
    for (size_t i = 0; i < SM_PROFILE_COUNT; i++)
        if (!strcmp(sm_profiles[i].name, name))
            return &sm_profiles[i];
    return NULL;
}

const struct sm_profile *sm_profile_flip(struct sm_region *r, const struct sm_profile *profile, enum sm_safeguard safeguard) {
    struct sm_profile *flipped = sm_region_alloc(r, sizeof *flipped);
    bool had = sm_profile_has(profile, safeguard);
    *flipped = *profile;
    flipped->name = sm_region_printf(r, "%s%c%s", profile->name, had ? '-' : '+', sm_safeguard_names[safeguard]);
    flipped->about = sm_region_printf(r, "%s %s: %s.", profile->name, had ? "without" : "with", sm_safeguard_names[safeguard]);
    flipped->safeguards ^= UINT32_C(1) << safeguard;
    return flipped;
}
