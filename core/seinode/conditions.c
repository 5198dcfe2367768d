#include "conditions.h"

void sm_conditions_update_started(struct sm_node *node, const char *current_image) {
    sm_node_set_condition(node, SM_CONDITION_UPDATE, "True", "UpdateStarted",
                          sm_region_printf(node->r, "image drift detected: spec=%s current=%s", sm_node_image(node), current_image));
}

void sm_conditions_plan_ended(struct sm_node *node) {
    if (!sm_condition_is(sm_val_get(node->status, "conditions"), SM_CONDITION_UPDATE, "True"))
        return;

    const char *id = sm_plan_text(&node->plan, "id");
    if (sm_plan_is(&node->plan, SM_PLAN_COMPLETE)) {
        sm_node_set_condition(node, SM_CONDITION_UPDATE, "False", "UpdateComplete", sm_region_printf(node->r, "plan %s completed", id));
        return;
    }
    sm_val detail = sm_val_get(node->plan.head, "failedTaskDetail");
    const char *what =
        detail ? sm_region_printf(node->r, "task %s: %s", sm_val_str_at(detail, "type"), sm_val_str_at(detail, "error")) : "unknown";
    sm_node_set_condition(node, SM_CONDITION_UPDATE, "False", "UpdateFailed", sm_region_printf(node->r, "plan %s failed: %s", id, what));
}

void sm_conditions_sidecar_ready(struct sm_node *node) {
    sm_node_set_condition(node, SM_CONDITION_SIDECAR, "True", "Ready", "sidecar returned 200");
}

void sm_conditions_sidecar_not_ready(struct sm_node *node) {
    sm_node_set_condition(node, SM_CONDITION_SIDECAR, "False", "NotReady", "sidecar returned 503, re-issuing mark-ready");
}

void sm_conditions_sidecar_unreachable(struct sm_node *node, const char *error) {
    sm_node_set_condition(node, SM_CONDITION_SIDECAR, "Unknown", "Unreachable",
                          sm_region_printf(node->r, "sidecar Healthz error: %s", error));
}

/* --- Findings about what a user provides ----------------------------------------------------------------------------------- */

/*   subject                     condition type            valid, not ready, invalid                                      what passed */
static const struct {
    const char *type;
    const char *reasons[3];
    const char *object, *rules;
} subjects[] = {
    [SM_SUBJECT_IMPORT] = {SM_CONDITION_IMPORT, {"PVCValidated", "PVCNotReady", "PVCInvalid"}, "PVC", "import requirements"},
    [SM_SUBJECT_SIGNING_KEY] = {SM_CONDITION_SIGNING_KEY,
                                {"SigningKeyValidated", "SigningKeyNotReady", "SigningKeyInvalid"},
                                "Secret",
                                "signing-key validation rules"},
    [SM_SUBJECT_NODE_KEY] = {SM_CONDITION_NODE_KEY,
                             {"NodeKeyValidated", "NodeKeyNotReady", "NodeKeyInvalid"},
                             "Secret",
                             "node-key validation rules"},
};

void sm_conditions_found(struct sm_node *node, enum sm_subject subject, enum sm_finding finding, const char *name, const char *message) {
    bool valid = finding == SM_FINDING_VALID;
    if (valid)
        message = sm_region_printf(node->r, "%s \"%s\" passes all %s", subjects[subject].object, name, subjects[subject].rules);
    sm_node_set_condition(node, subjects[subject].type, valid ? "True" : "False", subjects[subject].reasons[finding], message);
}
