/* Job. */
#include <string.h>

#include "kind_functions.h"
#include "meta.h"
#include "selector.h"
#include "validate.h"

/* Unless its author chose a selector, a job finds its pods by its own uid. */
static sm_val with_selector(struct sm_region *r, sm_val job) {
    sm_val uid = sm_val_at(job, "metadata.uid"), name = sm_val_at(job, "metadata.name");
    sm_val labels = sm_val_at(job, "spec.template.metadata.labels");
    const struct {
        const char *key;
        sm_val value;
    } generated[] = {
        {"batch.kubernetes.io/controller-uid", uid},
        {"batch.kubernetes.io/job-name", name},
        {"controller-uid", uid},
        {"job-name", name},
    };
    for (size_t i = 0; i < sizeof generated / sizeof *generated; i++)
        if (!sm_val_get(labels, generated[i].key))
            labels = sm_val_set(r, labels, generated[i].key, generated[i].value);
    job = sm_val_set_at(r, job, "spec.template.metadata.labels", labels);
    if (!sm_val_at(job, "spec.selector"))
        job = sm_val_set_at(r, job, "spec.selector", SM_MAP(r, "matchLabels", SM_EMPTY_MAP));
    return sm_val_set_at(r, job, "spec.selector.matchLabels[batch.kubernetes.io/controller-uid]", uid);
}

CREATE(sm_job_create) {
    struct sm_region *r = write->region;
    if (!sm_val_true_at(object, "spec.manualSelector"))
        object = with_selector(r, object);
    sm_val labels = sm_val_at(object, "spec.template.metadata.labels");
    return sm_val_at(object, "metadata.labels") || !labels ? object : sm_val_set_at(r, object, "metadata.labels", labels);
}

static void validate_spec(struct sm_field_errors *errors, sm_val spec) {
    static const char *const counts[] = {"parallelism", "completions", "activeDeadlineSeconds", "backoffLimit",
                                         "ttlSecondsAfterFinished", "backoffLimitPerIndex"};
    static const char *const modes[] = {"NonIndexed", "Indexed", NULL};
    static const char *const policies[] = {"OnFailure", "Never", NULL};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        sm_check_not_negative(errors, SPOT(NULL, "spec"), spec, counts[i]);
    if (sm_val_get(spec, "completionMode"))
        sm_validate_one_of(errors, "spec.completionMode", sm_val_get(spec, "completionMode"), modes);
    if (sm_val_is_text(sm_val_get(spec, "completionMode"), "Indexed") && !sm_val_get(spec, "completions"))
        sm_field_required(errors, "spec.completions", "when completion mode is Indexed");

    sm_val labels = sm_val_at(spec, "template.metadata.labels"), selector = sm_val_get(spec, "selector");
    sm_validate_labels(errors, "spec.template.labels", labels);
    sm_validate_annotations(errors, "spec.template.annotations", sm_val_at(spec, "template.metadata.annotations"));
    sm_validate_pod_spec(errors, "spec.template.spec", sm_val_at(spec, "template.spec"));
    sm_val restart = sm_val_at(spec, "template.spec.restartPolicy");
    if (!*sm_val_text(restart) || sm_val_is_text(restart, "Always"))
        sm_field_required(errors, "spec.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\"");
    else
        sm_validate_one_of(errors, "spec.template.spec.restartPolicy", restart, policies);

    if (!selector)
        sm_field_required(errors, "spec.selector", "");
    else if (!sm_selector_matches_labels(sm_selector_of(errors->region, selector), labels))
        sm_field_invalid_text(errors, "spec.template.metadata.labels", sm_validate_go_value(errors, "map[string]string", labels),
                              "`selector` does not match template `labels`");
}

static void validate_update(struct sm_field_errors *errors, sm_val spec, sm_val before) {
    static const char *const immutable[] = {"completions", "selector", "template", "completionMode", "podFailurePolicy",
                                            "backoffLimitPerIndex", "managedBy", "successPolicy"};
    for (size_t i = 0; i < sizeof immutable / sizeof *immutable; i++) {
        sm_val value = sm_val_get(spec, immutable[i]);
        if (sm_val_equal(value, sm_val_get(before, immutable[i])))
            continue;
        const char *path = sm_field_text(errors, "spec.%s", immutable[i]);
        if (sm_val_is_map(value))
            sm_field_invalid_text(errors, path, sm_validate_go_value(errors, "core.PodTemplateSpec", value), "field is immutable");
        else
            sm_field_invalid(errors, path, value, "field is immutable");
    }
}

VALIDATE(sm_job_validate) {
    sm_val spec = sm_val_get(object, "spec"), spec_before = sm_val_get(before, "spec");
    if (strcmp(write->subresource, "status") == 0 || (before && sm_val_equal(spec, spec_before)))
        return;
    validate_spec(errors, spec);
    if (before)
        validate_update(errors, spec, spec_before);
}
