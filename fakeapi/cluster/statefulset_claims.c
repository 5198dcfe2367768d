/* PersistentVolumeClaims of a set: made from its claim templates just before a pod, never changed after but for their owners.
 * The owners say who deletes them (Kubernetes: "PersistentVolumeClaim retention"): nobody, the set, or a condemned pod. */
#include <string.h>

#include "meta.h"
#include "statefulset.h"

/* Who may hold a claim under a policy. */
struct policy {
    bool deleted; /* whenDeleted: Delete, the set owns it */
    bool scaled;  /* whenScaled: Delete, a pod out of range owns it */
};

static struct policy policy_of(const struct sm_sts *sts) {
    sm_val policy = sm_val_at(sts->set, "spec.persistentVolumeClaimRetentionPolicy");
    return (struct policy){.deleted = sm_val_is_text(sm_val_get(policy, "whenDeleted"), "Delete"),
                           .scaled = sm_val_is_text(sm_val_get(policy, "whenScaled"), "Delete")};
}

static sm_val templates_of(const struct sm_sts *sts) {
    return sm_val_at(sts->set, "spec.volumeClaimTemplates");
}

const char *sm_sts_claim_name(struct sm_sts *sts, sm_val claim_template, int64_t ordinal) {
    return sm_region_printf(sts->r, "%s-%s-%lld", sm_meta_name(claim_template), sts->name, (long long)ordinal);
}

static sm_val cached_claim(struct sm_sts *sts, sm_val template, sm_val pod) {
    int64_t ordinal = sm_sts_ordinal(sm_meta_name(pod), NULL);
    return sm_ctx_cached_get(sts->ctx, SM_PVCS, sts->name_space, sm_sts_claim_name(sts, template, ordinal));
}

/* --- Making them ---------------------------------------------------------------------------------------------------- */

static sm_val new_claim(struct sm_sts *sts, sm_val template, const char *name) {
    const struct sm_member *label;
    sm_val labels = sm_val_at(template, "metadata.labels");
    SM_EACH_MEMBER(label, sm_val_at(sts->set, "spec.selector.matchLabels"))
        labels = sm_val_set(sts->r, labels, label->key, label->value);
    sm_val metadata = sm_val_get(template, "metadata");
    metadata = sm_val_set(sts->r, metadata, "name", sm_val_str(sts->r, name));
    metadata = sm_val_set(sts->r, metadata, "namespace", sm_val_str(sts->r, sts->name_space));
    metadata = sm_val_set(sts->r, metadata, "labels", labels);
    sm_val claim = sm_val_set(sts->r, sm_val_set(sts->r, template, "metadata", metadata), "apiVersion", sm_val_str(sts->r, "v1"));
    return sm_val_set(sts->r, claim, "kind", sm_val_str(sts->r, "PersistentVolumeClaim"));
}

static void claim_event(struct sm_sts *sts, const char *claim, const char *pod, const char *error) {
    const char *message =
        error ? sm_region_printf(sts->r, "create Claim %s for Pod %s in StatefulSet %s failed error: %s", claim, pod, sts->name, error)
              : sm_region_printf(sts->r, "create Claim %s Pod %s in StatefulSet %s success", claim, pod, sts->name);
    sm_ctx_event(sts->ctx, SM_STATEFULSETS, sts->set, error ? "Warning" : "Normal", error ? "FailedCreate" : "SuccessfulCreate", message);
}

const char *sm_sts_create_claims(struct sm_sts *sts, sm_val pod) {
    int64_t ordinal = sm_sts_ordinal(sm_meta_name(pod), NULL);
    struct sm_sts_errors errors = {0};
    sm_val template;
    SM_EACH_ITEM(template, templates_of(sts)) {
        const char *name = sm_sts_claim_name(sts, template, ordinal);
        sm_val claim = cached_claim(sts, template, pod);
        if (claim) {
            if (sm_meta_deleting(claim))
                sm_sts_error_add(sts, &errors, sm_region_printf(sts->r, "pvc %s is being deleted", name));
            continue;
        }
        const struct sm_reply *reply = sm_ctx_create(sts->ctx, SM_PVCS, sts->name_space, new_claim(sts, template, name));
        const char *error = sm_reply_ok(reply) ? NULL : sm_reply_error(reply);
        if (error)
            sm_sts_error_add(sts, &errors, sm_region_printf(sts->r, "failed to create PVC %s: %s", name, error));
        if (!sm_reply_is(reply, "AlreadyExists"))
            claim_event(sts, name, sm_meta_name(pod), error);
    }
    return sm_sts_error_text(sts, &errors);
}

const char *sm_sts_create_missing_claims(struct sm_sts *sts, sm_val pod) {
    const char *error = sm_sts_create_claims(sts, pod);
    if (error)
        return error;
    error = sm_sts_set_claim_owners(sts, pod);
    if (error)
        sm_sts_pod_event(sts, "update", sm_meta_name(pod), error);
    return error;
}

/* --- Who may delete them -------------------------------------------------------------------------------------------- */

static bool has_owner(sm_val claim, sm_val owner) {
    sm_val reference;
    SM_EACH_ITEM(reference, sm_val_at(claim, "metadata.ownerReferences"))
        if (strcmp(sm_val_str_at(reference, "uid"), sm_meta_uid(owner)) == 0)
            return true;
    return false;
}

static bool names(sm_val reference, const struct sm_resource *resource, sm_val owner) {
    return sm_val_is_text(sm_val_get(reference, "kind"), resource->kind) &&
           sm_val_is_text(sm_val_get(reference, "apiVersion"), sm_resource_api_version(resource)) &&
           sm_val_is_text(sm_val_get(reference, "name"), sm_meta_name(owner));
}

/* A reference to an earlier object of this name. */
static bool has_stale_owner(sm_val claim, const struct sm_resource *resource, sm_val owner) {
    sm_val reference;
    SM_EACH_ITEM(reference, sm_val_at(claim, "metadata.ownerReferences"))
        if (names(reference, resource, owner) && strcmp(sm_val_str_at(reference, "uid"), sm_meta_uid(owner)) != 0)
            return true;
    return false;
}

static bool is_ours(struct sm_sts *sts, sm_val reference, sm_val pod) {
    return names(reference, SM_STATEFULSETS, sts->set) || names(reference, SM_PODS, pod);
}

/* Somebody else controls the claim; the policy is then none of our business. */
static bool has_other_controller(struct sm_sts *sts, sm_val claim, sm_val pod) {
    struct policy policy = policy_of(sts);
    sm_val reference;
    if (!policy.deleted && !policy.scaled)
        return false;
    SM_EACH_ITEM(reference, sm_val_at(claim, "metadata.ownerReferences"))
        if (sm_val_is_true(sm_val_get(reference, "controller")) && !is_ours(sts, reference, pod))
            return true;
    return false;
}

static bool has_plain_owner(struct sm_sts *sts, sm_val claim, sm_val pod) {
    sm_val reference;
    SM_EACH_ITEM(reference, sm_val_at(claim, "metadata.ownerReferences")) {
        const char *uid = sm_val_str_at(reference, "uid");
        if ((strcmp(uid, sts->uid) == 0 || strcmp(uid, sm_meta_uid(pod)) == 0) && !sm_val_is_true(sm_val_get(reference, "controller")))
            return true;
    }
    return false;
}

struct owners {
    bool set, pod;
};

static struct owners wanted_owners(struct sm_sts *sts, sm_val pod) {
    struct policy policy = policy_of(sts);
    bool condemned = policy.scaled && !sm_sts_in_range(sts, sm_sts_ordinal(sm_meta_name(pod), NULL));
    return (struct owners){.set = policy.deleted && !condemned, .pod = condemned};
}

static bool owners_right(struct sm_sts *sts, sm_val claim, sm_val pod) {
    bool by_set = has_owner(claim, sts->set), by_pod = has_owner(claim, pod);
    if (has_stale_owner(claim, SM_STATEFULSETS, sts->set) || has_stale_owner(claim, SM_PODS, pod))
        return false;
    if (has_other_controller(sts, claim, pod))
        return !by_set && !by_pod;
    if (has_plain_owner(sts, claim, pod))
        return false;
    struct owners wanted = wanted_owners(sts, pod);
    return wanted.set == by_set && wanted.pod == by_pod;
}

bool sm_sts_claims_kept_right(struct sm_sts *sts, sm_val pod) {
    sm_val template;
    SM_EACH_ITEM(template, templates_of(sts)) {
        sm_val claim = cached_claim(sts, template, pod);
        if (claim && !owners_right(sts, claim, pod))
            return false;
    }
    return true;
}

static sm_val with_owners(struct sm_sts *sts, sm_val claim, sm_val pod) {
    sm_val kept = SM_EMPTY_LIST, reference;
    bool other = has_other_controller(sts, claim, pod);
    SM_EACH_ITEM(reference, sm_val_at(claim, "metadata.ownerReferences"))
        if (!is_ours(sts, reference, pod))
            kept = sm_val_append(sts->r, kept, reference);
    struct owners wanted = wanted_owners(sts, pod);
    if (wanted.set && !other)
        kept = sm_val_append(sts->r, kept, sm_meta_controller_ref(sts->r, SM_STATEFULSETS, sts->set));
    if (wanted.pod && !other)
        kept = sm_val_append(sts->r, kept, sm_meta_controller_ref(sts->r, SM_PODS, pod));
    return sm_val_set_at(sts->r, claim, "metadata.ownerReferences", sm_val_count(kept) > 0 ? kept : NULL);
}

const char *sm_sts_set_claim_owners(struct sm_sts *sts, sm_val pod) {
    sm_val template;
    SM_EACH_ITEM(template, templates_of(sts)) {
        sm_val claim = cached_claim(sts, template, pod);
        if (!claim)
            continue;
        const char *name = sm_meta_name(claim);
        if (has_other_controller(sts, claim, pod))
            sm_ctx_event(sts->ctx, SM_STATEFULSETS, sts->set, "Warning", "ConflictingController",
                         sm_region_printf(sts->r,
                                          "PersistentVolumeClaim %s has a conflicting OwnerReference that acts as a manging controller, "
                                          "the retention policy is ignored for this claim",
                                          name));
        if (owners_right(sts, claim, pod))
            continue;
        const struct sm_reply *reply = sm_ctx_update(sts->ctx, SM_PVCS, "", with_owners(sts, claim, pod));
        if (!sm_reply_ok(reply))
            return sm_region_printf(sts->r, "could not update claim %s for delete policy ownerRefs: %s", name, sm_reply_error(reply));
    }
    return NULL;
}

bool sm_sts_claim_is_stale(struct sm_sts *sts, sm_val pod) {
    sm_val template;
    if (!policy_of(sts).scaled)
        return false;
    SM_EACH_ITEM(template, templates_of(sts)) {
        sm_val claim = cached_claim(sts, template, pod);
        if (claim && has_stale_owner(claim, SM_PODS, pod))
            return true;
    }
    return false;
}
