/* Deployment, ReplicaSet and PodDisruptionBudget: as far as nothing here runs them, but clients write them. */
#include <string.h>

#include "kind_functions.h"
#include "selector.h"
#include "validate.h"

VALIDATE(sm_workload_validate) {
    sm_val spec = sm_val_get(object, "spec"), spec_before = sm_val_get(before, "spec");
    if (strcmp(write->subresource, "status") == 0 || (before && sm_val_equal(spec, spec_before)))
        return;
    sm_validate_not_negative(errors, "spec.replicas", sm_val_get(spec, "replicas"));
    sm_validate_not_negative(errors, "spec.minReadySeconds", sm_val_get(spec, "minReadySeconds"));
    sm_validate_not_negative(errors, "spec.revisionHistoryLimit", sm_val_get(spec, "revisionHistoryLimit"));

    sm_val selector = sm_val_get(spec, "selector"), labels = sm_val_at(spec, "template.metadata.labels");
    if (!sm_val_is_map(selector))
        sm_field_required(errors, "spec.selector", "");
    else {
        sm_validate_label_selector(errors, "spec.selector", selector);
        if (sm_val_count(sm_val_get(selector, "matchLabels")) + sm_val_count(sm_val_get(selector, "matchExpressions")) == 0)
            sm_field_invalid_text(errors, "spec.selector", sm_validate_go_value(errors, "v1.LabelSelector", selector),
                                  "empty selector is invalid for deployment");
        if (!sm_selector_matches_labels(sm_selector_of(errors->region, selector), labels))
            sm_field_invalid_text(errors, "spec.template.metadata.labels", sm_validate_go_value(errors, "map[string]string", labels),
                                  "`selector` does not match template `labels`");
        if (before && !sm_val_equal(selector, sm_val_get(spec_before, "selector")))
            sm_field_invalid_text(errors, "spec.selector", sm_validate_go_value(errors, "v1.LabelSelector", selector),
                                  "field is immutable");
    }
    sm_validate_one_of(errors, "spec.template.spec.restartPolicy", sm_val_at(spec, "template.spec.restartPolicy"),
                       (const char *const[]){"Always", NULL});
    sm_validate_labels(errors, "spec.template.labels", labels);
    sm_validate_annotations(errors, "spec.template.annotations", sm_val_at(spec, "template.metadata.annotations"));
    sm_validate_pod_spec(errors, "spec.template.spec", sm_val_at(spec, "template.spec"));
}

VALIDATE(sm_disruption_budget_validate) {
    sm_val spec = sm_val_get(object, "spec");
    if (strcmp(write->subresource, "status") == 0 || (before && sm_val_equal(spec, sm_val_get(before, "spec"))))
        return;
    sm_val available = sm_val_get(spec, "minAvailable"), unavailable = sm_val_get(spec, "maxUnavailable");
    if (available && unavailable)
        sm_field_invalid_text(errors, "spec", sm_validate_go_value(errors, "policy.PodDisruptionBudgetSpec", spec),
                              "minAvailable and maxUnavailable cannot be both set");
    sm_validate_not_negative(errors, "spec.minAvailable", available);
    sm_validate_not_negative(errors, "spec.maxUnavailable", unavailable);
    if (sm_val_get(spec, "selector"))
        sm_validate_label_selector(errors, "spec.selector", sm_val_get(spec, "selector"));
}
