/* Pods of a set: what they are called and carry, and their creation, repair and deletion (kubernetes.md 1.4, 1.5, 1.10). */
#include <stdlib.h>
#include <string.h>

#include "meta.h"
#include "statefulset.h"

enum { UPDATE_ATTEMPTS = 4 };

static const char revision_label[] = "controller-revision-hash";
static const char name_label[] = "statefulset.kubernetes.io/pod-name";
static const char index_label[] = "apps.kubernetes.io/pod-index";

/* `web-12`: 12. Digits after the last dash that fit in 32 bits. */
int64_t sm_sts_ordinal(const char *pod_name, size_t *ret_parent_bytes) {
    const char *dash = strrchr(pod_name, '-');
    if (!dash || dash[1] == '\0' || strspn(dash + 1, "0123456789") != strlen(dash + 1))
        return -1;
    if (ret_parent_bytes)
        *ret_parent_bytes = (size_t)(dash - pod_name);
    int64_t ordinal = 0;
    for (const char *c = dash + 1; *c; c++) {
        ordinal = ordinal * 10 + (*c - '0');
        if (ordinal > INT32_MAX)
            return -1;
    }
    return ordinal;
}

bool sm_sts_in_range(const struct sm_sts *sts, int64_t ordinal) {
    return ordinal >= sts->start && ordinal < sts->start + sts->replicas;
}

const char *sm_sts_pod_revision(sm_val pod) {
    return sm_meta_label(pod, revision_label);
}

bool sm_sts_pod_ready(sm_val pod) {
    return sm_condition_is(sm_val_at(pod, "status.conditions"), "Ready", "True");
}

bool sm_sts_pod_running_and_ready(sm_val pod) {
    return strcmp(sm_val_str_at(pod, "status.phase"), "Running") == 0 && sm_sts_pod_ready(pod);
}

/* Ready for minReadySeconds. */
bool sm_sts_pod_running_and_available(struct sm_sts *sts, sm_val pod) {
    if (!sm_sts_pod_running_and_ready(pod))
        return false;
    if (sts->min_ready_seconds == 0)
        return true;
    sm_val ready = sm_condition_find(sm_val_at(pod, "status.conditions"), "Ready");
    sm_time since = 0;
    return sm_clock_parse_rfc3339(sm_val_str_at(ready, "lastTransitionTime"), &since) &&
           since + sts->min_ready_seconds * SM_SECOND < sm_ctx_now(sts->ctx);
}

bool sm_sts_pod_healthy(sm_val pod) {
    return sm_sts_pod_running_and_ready(pod) && !sm_meta_deleting(pod);
}

/* --- What a pod should be ------------------------------------------------------------------------------------------- */

static bool identity_matches(sm_val pod, const struct sm_sts *sts) {
    const char *name = sm_meta_name(pod), *digits = strrchr(name, '-') + 1;
    size_t parent_bytes = (size_t)(digits - name) - 1;
    return parent_bytes == strlen(sts->name) && strncmp(name, sts->name, parent_bytes) == 0 && (digits[0] != '0' || digits[1] == '\0') &&
           strcmp(sm_meta_label(pod, name_label), name) == 0 && strcmp(sm_meta_label(pod, index_label), digits) == 0;
}

static sm_val set_identity(struct sm_sts *sts, sm_val pod, int64_t ordinal) {
    sm_val name = sm_val_strf(sts->r, "%s-%lld", sts->name, (long long)ordinal);
    sm_val metadata = sm_val_get(pod, "metadata"), labels = sm_val_get(metadata, "labels");
    labels = sm_val_set(sts->r, labels, name_label, name);
    labels = sm_val_set(sts->r, labels, index_label, sm_val_strf(sts->r, "%lld", (long long)ordinal));
    metadata = sm_val_set(sts->r, sm_val_set(sts->r, metadata, "name", name), "labels", labels);
    return sm_val_set(sts->r, pod, "metadata", metadata);
}

static sm_val volume_named(sm_val volumes, const char *name) {
    sm_val volume, found = NULL;
    SM_EACH_ITEM(volume, volumes)
        if (sm_val_is_text(sm_val_get(volume, "name"), name))
            found = volume;
    return found;
}

static bool storage_matches(struct sm_sts *sts, sm_val pod, int64_t ordinal) {
    sm_val template, volumes = sm_val_at(pod, "spec.volumes");
    SM_EACH_ITEM(template, sm_val_at(sts->set, "spec.volumeClaimTemplates")) {
        sm_val volume = volume_named(volumes, sm_meta_name(template));
        if (strcmp(sm_val_str_at(volume, "persistentVolumeClaim.claimName"), sm_sts_claim_name(sts, template, ordinal)) != 0)
            return false;
    }
    return true;
}

/* A volume for each claim template in front; it takes the place of a volume of that name. */
static sm_val set_storage(struct sm_sts *sts, sm_val pod, int64_t ordinal) {
    sm_val templates = sm_val_at(sts->set, "spec.volumeClaimTemplates"), template, volume, volumes = NULL;
    if (sm_val_count(templates) == 0)
        return pod;
    SM_EACH_ITEM(template, templates) {
        sm_val claim = SM_MAP(sts->r, "claimName", sm_val_str(sts->r, sm_sts_claim_name(sts, template, ordinal)));
        sm_val name = sm_val_at(template, "metadata.name");
        volumes = sm_val_append(sts->r, volumes, SM_MAP(sts->r, "name", name, "persistentVolumeClaim", claim));
    }
    SM_EACH_ITEM(volume, sm_val_at(pod, "spec.volumes"))
        if (!volume_named(volumes, sm_val_str_at(volume, "name")))
            volumes = sm_val_append(sts->r, volumes, volume);
    return sm_val_set_at(sts->r, pod, "spec.volumes", volumes);
}

/* Below the partition, or without a rollingUpdate stanza below the CACHED status.currentReplicas: the current revision. */
static sm_val revision_for(struct sm_sts *sts, const struct sm_sts_revisions *revisions, int64_t ordinal) {
    sm_val strategy = sm_val_at(sts->set, "spec.updateStrategy"), rolling = sm_val_get(strategy, "rollingUpdate");
    int64_t old = 0;
    if (rolling)
        old = sm_val_int_at(rolling, "partition", 0);
    else if (sm_val_is_text(sm_val_get(strategy, "type"), "RollingUpdate"))
        old = sm_val_int_at(sts->set, "status.currentReplicas", 0);
    return ordinal < sts->start + old ? revisions->current : revisions->update;
}

sm_val sm_sts_new_pod(struct sm_sts *sts, const struct sm_sts_revisions *revisions, int64_t ordinal) {
    sm_val revision = revision_for(sts, revisions, ordinal), template = sm_sts_template(sts, revision);
    sm_val name = sm_val_strf(sts->r, "%s-%lld", sts->name, (long long)ordinal), subdomain = sm_val_at(sts->set, "spec.serviceName");
    sm_val labels = sm_val_at(template, "metadata.labels");
    sm_val metadata =
        SM_MAP(sts->r, "generateName", sm_val_strf(sts->r, "%s-", sts->name), "namespace", sm_val_str(sts->r, sts->name_space), "labels",
               sm_val_set(sts->r, labels, revision_label, sm_val_at(revision, "metadata.name")), "annotations",
               sm_val_at(template, "metadata.annotations"), "finalizers", sm_val_at(template, "metadata.finalizers"), "ownerReferences",
               SM_LIST(sts->r, sm_meta_controller_ref(sts->r, SM_STATEFULSETS, sts->set)));
    sm_val spec = sm_val_set(sts->r, sm_val_get(template, "spec"), "hostname", name);
    if (subdomain && subdomain->count > 0)
        spec = sm_val_set(sts->r, spec, "subdomain", subdomain);
    sm_val pod =
        SM_MAP(sts->r, "apiVersion", sm_val_str(sts->r, "v1"), "kind", sm_val_str(sts->r, "Pod"), "metadata", metadata, "spec", spec);
    return set_storage(sts, set_identity(sts, pod, ordinal), ordinal);
}

/* --- What is done to pods ------------------------------------------------------------------------------------------- */

void sm_sts_pod_event(struct sm_sts *sts, const char *verb, const char *pod_name, const char *error) {
    const char *reason = sm_region_printf(sts->r, "%s%c%s", error ? "Failed" : "Successful", verb[0] - 'a' + 'A', verb + 1);
    const char *message = error ? sm_region_printf(sts->r, "%s Pod %s in StatefulSet %s failed error: %s", verb, pod_name, sts->name, error)
                                : sm_region_printf(sts->r, "%s Pod %s in StatefulSet %s successful", verb, pod_name, sts->name);
    sm_ctx_event(sts->ctx, SM_STATEFULSETS, sts->set, error ? "Warning" : "Normal", reason, message);
}

const char *sm_sts_create_pod(struct sm_sts *sts, sm_val pod) {
    const char *error = sm_sts_create_claims(sts, pod);
    if (error) {
        sm_sts_pod_event(sts, "create", sm_meta_name(pod), error);
        return error;
    }
    const struct sm_reply *reply = sm_ctx_create(sts->ctx, SM_PODS, sts->name_space, pod);
    if (sm_reply_is(reply, "AlreadyExists"))
        return sm_reply_error(reply);
    const char *claims_error = sm_sts_set_claim_owners(sts, pod);
    if (claims_error) {
        sm_sts_pod_event(sts, "update", sm_meta_name(pod), claims_error);
        return claims_error;
    }
    error = sm_reply_ok(reply) ? NULL : sm_reply_error(reply);
    sm_sts_pod_event(sts, "create", sm_meta_name(pod), error);
    return error;
}

const char *sm_sts_delete_pod(struct sm_sts *sts, sm_val pod, bool *ret_gone) {
    const struct sm_reply *reply = sm_ctx_delete(sts->ctx, SM_PODS, sts->name_space, sm_meta_name(pod), NULL);
    const char *error = sm_reply_ok(reply) ? NULL : sm_reply_error(reply);
    if (ret_gone)
        *ret_gone = reply->code == 404;
    sm_sts_pod_event(sts, "delete", sm_meta_name(pod), error);
    return error;
}

/* What is wrong with a pod is put right in one PUT. Sets [ret_put] if that is needed. */
static const char *repair(struct sm_sts *sts, sm_val *pod, bool *ret_put) {
    int64_t ordinal = sm_sts_ordinal(sm_meta_name(*pod), NULL);
    const char *error = NULL;
    *ret_put = false;
    if (!identity_matches(*pod, sts)) {
        *pod = set_identity(sts, *pod, ordinal);
        *ret_put = true;
    }
    if (!storage_matches(sts, *pod, ordinal)) {
        *pod = set_storage(sts, *pod, ordinal);
        *ret_put = true;
        error = sm_sts_create_claims(sts, *pod);
    }
    if (!error && !sm_sts_claims_kept_right(sts, *pod)) {
        error = sm_sts_set_claim_owners(sts, *pod);
        *ret_put = true;
    }
    if (error)
        sm_sts_pod_event(sts, "update", sm_meta_name(*pod), error);
    return error;
}

const char *sm_sts_repair_pod(struct sm_sts *sts, sm_val pod) {
    const char *name = sm_meta_name(pod), *error = NULL;
    const struct sm_reply *reply = NULL;
    for (int attempt = 0; attempt < UPDATE_ATTEMPTS; attempt++) {
        bool put = false;
        error = repair(sts, &pod, &put);
        if (error || !put)
            break;
        reply = sm_ctx_update(sts->ctx, SM_PODS, "", pod);
        error = sm_reply_ok(reply) ? NULL : sm_reply_error(reply);
        if (!sm_reply_is(reply, "Conflict"))
            break;
        sm_val fresh = sm_ctx_cached_get(sts->ctx, SM_PODS, sts->name_space, name);
        pod = fresh ? fresh : pod;
    }
    if (reply)
        sm_sts_pod_event(sts, "update", name, error);
    return error;
}
