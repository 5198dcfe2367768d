/* StatefulSet and ControllerRevision. A set's template is hardly looked at (kubernetes.md, corrections): what its pods would
 * not pass is found when the controller makes them. */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "kind_functions.h"
#include "selector.h"
#include "validate.h"

/* --- maxUnavailable: behind a feature gate that is off in 1.33 and on, with a default, in 1.37 ------------------------------ */

enum { MAX_UNAVAILABLE_MINOR = 35, TEMPLATES_MINOR = 37 };

static int minor_version(const struct sm_write *write) {
    const char *dot = strchr(write->kubernetes, '.');
    return dot ? atoi(dot + 1) : 0;
}

static sm_val with_max_unavailable(const struct sm_write *write, sm_val set, bool keep) {
    sm_val rolling = sm_val_at(set, "spec.updateStrategy.rollingUpdate");
    if (!sm_val_is_map(rolling))
        return set;
    if (minor_version(write) < MAX_UNAVAILABLE_MINOR)
        return keep ? set : sm_val_set_at(write->region, set, "spec.updateStrategy.rollingUpdate.maxUnavailable", NULL);
    if (sm_val_get(rolling, "maxUnavailable"))
        return set;
    return sm_val_set_at(write->region, set, "spec.updateStrategy.rollingUpdate.maxUnavailable", sm_val_int(write->region, 1));
}

CREATE(sm_stateful_set_create) {
    return with_max_unavailable(write, object, false);
}

UPDATE(sm_stateful_set_update) {
    return with_max_unavailable(write, object, sm_val_at(before, "spec.updateStrategy.rollingUpdate.maxUnavailable") != NULL);
}

/* --- spec -------------------------------------------------------------------------------------------------------------------- */

static void validate_strategy(struct sm_field_errors *errors, sm_val spec) {
    sm_val strategy = sm_val_get(spec, "updateStrategy"), type = sm_val_get(strategy, "type"),
           rolling = sm_val_get(strategy, "rollingUpdate");
    if (sm_val_is_text(type, "OnDelete")) {
        if (rolling)
            sm_field_invalid_text(errors, "spec.updateStrategy.rollingUpdate",
                                  sm_validate_go_value(errors, "apps.RollingUpdateStatefulSetStrategy", rolling),
                                  "only allowed for updateStrategy 'RollingUpdate'");
    } else if (sm_val_is_text(type, "RollingUpdate"))
        sm_validate_not_negative(errors, "spec.updateStrategy.rollingUpdate.partition", sm_val_get(rolling, "partition"));
    else
        sm_field_invalid_text(errors, "spec.updateStrategy", sm_validate_go_value(errors, "apps.StatefulSetUpdateStrategy", strategy),
                              "must be 'RollingUpdate' or 'OnDelete'");
}

static void validate_retention(struct sm_field_errors *errors, sm_val policy) {
    static const char *const types[] = {"Retain", "Delete", NULL};
    if (!policy)
        return;
    sm_validate_one_of(errors, "spec.persistentVolumeClaimRetentionPolicy.whenDeleted", sm_val_get(policy, "whenDeleted"), types);
    sm_validate_one_of(errors, "spec.persistentVolumeClaimRetentionPolicy.whenScaled", sm_val_get(policy, "whenScaled"), types);
}

static void validate_selector(struct sm_field_errors *errors, sm_val selector) {
    if (!sm_val_is_map(selector)) {
        sm_field_required(errors, "spec.selector", "");
        return;
    }
    sm_validate_label_selector(errors, "spec.selector", selector);
    if (sm_val_count(sm_val_get(selector, "matchLabels")) + sm_val_count(sm_val_get(selector, "matchExpressions")) == 0)
        sm_field_invalid_text(errors, "spec.selector", sm_validate_go_value(errors, "v1.LabelSelector", selector),
                              "empty selector is invalid for statefulset");
}

/* An empty selector matches everything, an absent one nothing. */
static bool selects(struct sm_region *r, sm_val selector, sm_val labels) {
    return sm_selector_matches_labels(sm_selector_of(r, sm_val_is_map(selector) ? selector : NULL), labels);
}

static void validate_template(const struct sm_write *write, struct sm_field_errors *errors, sm_val spec) {
    static const char *const policies[] = {"Always", NULL};
    sm_val selector = sm_val_get(spec, "selector"), template = sm_val_get(spec, "template"), pod = sm_val_get(template, "spec");
    sm_val labels = sm_val_at(template, "metadata.labels");
    if (!selects(errors->region, selector, labels))
        sm_field_invalid_text(errors, "spec.template.metadata.labels", sm_validate_go_value(errors, "map[string]string", labels),
                              "`selector` does not match template `labels`");
    sm_validate_labels(errors, "spec.template.labels", labels);
    sm_validate_annotations(errors, "spec.template.annotations", sm_val_at(template, "metadata.annotations"));
    if (minor_version(write) >= TEMPLATES_MINOR)
        sm_validate_pod_spec(errors, "spec.template.spec", pod);
    sm_validate_one_of(errors, "spec.template.spec.restartPolicy", sm_val_get(pod, "restartPolicy"), policies);
    if (sm_val_get(pod, "activeDeadlineSeconds"))
        sm_field_forbidden(errors, "spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in StatefulSet is not Supported");
}

static void validate_spec(const struct sm_write *write, struct sm_field_errors *errors, sm_val spec) {
    sm_val management = sm_val_get(spec, "podManagementPolicy");
    if (!sm_val_is_text(management, "OrderedReady") && !sm_val_is_text(management, "Parallel"))
        sm_field_invalid(errors, "spec.podManagementPolicy", management ? management : SM_EMPTY_STRING,
                         "must be 'OrderedReady' or 'Parallel'");
    validate_strategy(errors, spec);
    sm_validate_not_negative(errors, "spec.ordinals.start", sm_val_at(spec, "ordinals.start"));
    validate_retention(errors, sm_val_get(spec, "persistentVolumeClaimRetentionPolicy"));
    sm_validate_not_negative(errors, "spec.replicas", sm_val_get(spec, "replicas"));
    sm_validate_not_negative(errors, "spec.minReadySeconds", sm_val_get(spec, "minReadySeconds"));
    validate_selector(errors, sm_val_get(spec, "selector"));
    validate_template(write, errors, spec);
}

static void validate_immutable(struct sm_field_errors *errors, sm_val spec, sm_val before) {
    static const char *const mutable[] = {"replicas", "template", "updateStrategy", "minReadySeconds", "ordinals",
                                          "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy"};
    for (size_t i = 0; i < sizeof mutable / sizeof *mutable; i++) {
        spec = sm_val_set(errors->region, spec, mutable[i], NULL);
        before = sm_val_set(errors->region, before, mutable[i], NULL);
    }
    if (!sm_val_equal(spec, before))
        sm_field_forbidden(errors, "spec",
                           "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
                           "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
}

/* --- status ------------------------------------------------------------------------------------------------------------------ */

static void not_more_than(struct sm_field_errors *errors, sm_val status, const char *field, const char *limit) {
    sm_val value = sm_val_get(status, field);
    if (value && value->integer > sm_val_int_at(status, limit, 0))
        sm_field_invalid(errors, sm_field_text(errors, "status.%s", field), value,
                         sm_field_text(errors, "cannot be greater than status.%s", limit));
}

static void validate_status(struct sm_field_errors *errors, sm_val status, sm_val before) {
    static const char *const counters[] = {"replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas",
                                           "observedGeneration", "collisionCount"};
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++)
        sm_check_not_negative(errors, SPOT(NULL, "status"), status, counters[i]);
    not_more_than(errors, status, "readyReplicas", "replicas");
    not_more_than(errors, status, "currentReplicas", "replicas");
    not_more_than(errors, status, "updatedReplicas", "replicas");
    not_more_than(errors, status, "availableReplicas", "replicas");
    not_more_than(errors, status, "availableReplicas", "readyReplicas");

    sm_val collisions = sm_val_get(status, "collisionCount"), collisions_before = sm_val_get(before, "collisionCount");
    if (collisions_before && (!collisions || collisions->integer < collisions_before->integer))
        sm_field_invalid(errors, "status.collisionCount", collisions ? collisions : sm_val_int(errors->region, 0), "cannot be decremented");
}

VALIDATE(sm_stateful_set_validate) {
    if (strcmp(write->subresource, "status") == 0) {
        validate_status(errors, sm_val_get(object, "status"), sm_val_get(before, "status"));
        return;
    }
    sm_val spec = sm_val_get(object, "spec"), spec_before = sm_val_get(before, "spec");
    if (before && sm_val_equal(spec, spec_before))
        return;
    validate_spec(write, errors, spec);
    if (before)
        validate_immutable(errors, spec, spec_before);
}

/* --- ControllerRevision -------------------------------------------------------------------------------------------------------- */

VALIDATE(sm_controller_revision_validate) {
    (void)write;
    sm_val data = sm_val_get(object, "data");
    sm_validate_not_negative(errors, "revision", sm_val_get(object, "revision"));
    if (!data || sm_val_is_null(data))
        sm_field_required(errors, "data", "data is mandatory");
    else if (before && !sm_val_equal(data, sm_val_get(before, "data")))
        sm_field_invalid_text(errors, "data", sm_validate_go_value(errors, "runtime.RawExtension", data), "field is immutable");
}
