/* Which pods and revisions belong to a set: adoption and release (Kubernetes: "Owners and Dependents").
 *
 * A pod is a member if the selector matches its labels and its name is `<set>-<ordinal>`. Before the first adoption of a sync
 * the set is read live: a cache may still show a set that is gone, or one of the same name from before.
 */
#include <string.h>

#include "meta.h"
#include "selector.h"
#include "statefulset.h"

/* Why this set may not adopt, or NULL. Asked once a sync. */
static const char *may_adopt(struct sm_sts *sts) {
    if (sts->adoption_asked)
        return sts->no_adopt;
    sts->adoption_asked = true;
    const struct sm_reply *reply = sm_ctx_live_get(sts->ctx, SM_STATEFULSETS, sts->name_space, sts->name);
    if (!sm_reply_ok(reply))
        sts->no_adopt = sm_reply_error(reply);
    else if (strcmp(sm_meta_uid(reply->body), sts->uid) != 0)
        sts->no_adopt = sm_region_printf(sts->r, "original StatefulSet %s/%s is gone: got uid %s, wanted %s", sts->name_space, sts->name,
                                         sm_meta_uid(reply->body), sts->uid);
    else if (sm_meta_deleting(reply->body))
        sts->no_adopt = sm_region_printf(sts->r, "%s/%s has just been deleted at %s", sts->name_space, sts->name,
                                         sm_val_str_at(reply->body, "metadata.deletionTimestamp"));
    return sts->no_adopt;
}

/* The uid in a patch is a guard: it cannot change, so a patch of another object is refused. */
static const struct sm_reply *patch_owners(struct sm_sts *sts, const struct sm_resource *resource, sm_val object, sm_val reference) {
    sm_val uid = sm_val_at(object, "metadata.uid");
    sm_val metadata = SM_MAP(sts->r, "ownerReferences", SM_LIST(sts->r, reference), "uid", uid);
    return sm_ctx_patch(sts->ctx, resource, "", sts->name_space, sm_meta_name(object), SM_PATCH_STRATEGIC,
                        SM_MAP(sts->r, "metadata", metadata));
}

static const struct sm_reply *adopt(struct sm_sts *sts, const struct sm_resource *resource, sm_val object) {
    return patch_owners(sts, resource, object, sm_meta_controller_ref(sts->r, SM_STATEFULSETS, sts->set));
}

const char *sm_sts_adopt_revisions(struct sm_sts *sts, const struct sm_sts_revisions *revisions) {
    for (size_t i = 0; i < revisions->count; i++) {
        if (sm_meta_controller(revisions->all[i]))
            continue;
        const char *why = may_adopt(sts);
        if (why)
            return sm_region_printf(sts->r, "can't adopt ControllerRevisions: %s", why);
        const struct sm_reply *reply = adopt(sts, SM_CONTROLLERREVISIONS, revisions->all[i]);
        if (!sm_reply_ok(reply))
            return sm_reply_error(reply);
    }
    return NULL;
}

static bool is_member(const struct sm_sts *sts, const struct sm_selector *selector, sm_val pod) {
    size_t parent_bytes = 0;
    const char *name = sm_meta_name(pod);
    return sm_sts_ordinal(name, &parent_bytes) >= 0 && parent_bytes == strlen(sts->name) && strncmp(name, sts->name, parent_bytes) == 0 &&
           sm_selector_matches_labels(selector, sm_val_at(pod, "metadata.labels"));
}

/* True if the pod is the set's own after all. [ret_error] is set if that could not be found out. */
static bool claim(struct sm_sts *sts, const struct sm_selector *selector, sm_val pod, const char **ret_error) {
    sm_val reference = sm_meta_controller(pod);
    bool set_deleting = sm_meta_deleting(sts->set);
    if (reference && strcmp(sm_val_str_at(reference, "uid"), sts->uid) != 0)
        return false;
    if (reference) {
        if (is_member(sts, selector, pod))
            return true;
        if (set_deleting)
            return false;
        sm_val uid = sm_val_at(sts->set, "metadata.uid");
        sm_val remove = SM_MAP(sts->r, "$patch", sm_val_str(sts->r, "delete"), "uid", uid);
        const struct sm_reply *reply = patch_owners(sts, SM_PODS, pod, remove);
        if (!sm_reply_ok(reply) && reply->code != 404 && reply->code != 422)
            *ret_error = sm_reply_error(reply);
        return false;
    }
    if (set_deleting || sm_meta_deleting(pod) || !is_member(sts, selector, pod))
        return false;
    const char *why = may_adopt(sts);
    if (why) {
        *ret_error = sm_region_printf(sts->r, "can't adopt Pod %s/%s (%s): %s", sts->name_space, sm_meta_name(pod), sm_meta_uid(pod), why);
        return false;
    }
    const struct sm_reply *reply = adopt(sts, SM_PODS, pod);
    if (!sm_reply_ok(reply) && reply->code != 404)
        *ret_error = sm_reply_error(reply);
    return sm_reply_ok(reply);
}

const char *sm_sts_claim_pods(struct sm_sts *sts, struct sm_sts_pods *ret_pods) {
    const struct sm_selector *selector = sm_selector_of(sts->r, sm_val_at(sts->set, "spec.selector"));
    sm_val all = sm_ctx_cached_list(sts->ctx, SM_PODS, sts->name_space, NULL), pod;
    struct sm_sts_errors errors = {0};
    ret_pods->item = sm_region_alloc(sts->r, (sm_val_count(all) + 1) * sizeof *ret_pods->item);
    SM_EACH_ITEM(pod, all) {
        const char *error = NULL;
        if (claim(sts, selector, pod, &error))
            ret_pods->item[ret_pods->count++] = pod;
        sm_sts_error_add(sts, &errors, error);
    }
    return sm_sts_error_text(sts, &errors);
}
