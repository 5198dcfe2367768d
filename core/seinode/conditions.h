/* The conditions of a SeiNode: types, reasons and texts (seinode-controller.md 1.3). */
#ifndef SM_CONDITIONS_H
#define SM_CONDITIONS_H

#include "node.h"

#define SM_CONDITION_UPDATE "NodeUpdateInProgress"
#define SM_CONDITION_SIDECAR "SidecarReady"
#define SM_CONDITION_IMPORT "ImportPVCReady"
#define SM_CONDITION_SIGNING_KEY "SigningKeyReady"
#define SM_CONDITION_NODE_KEY "NodeKeyReady"

void sm_conditions_update_started(struct sm_node *node, const char *current_image);

/* A plan has ended: closes NodeUpdateInProgress if it is True. It does not look at the kind of plan. */
void sm_conditions_plan_ended(struct sm_node *node);

void sm_conditions_sidecar_ready(struct sm_node *node);
void sm_conditions_sidecar_not_ready(struct sm_node *node);
void sm_conditions_sidecar_unreachable(struct sm_node *node, const char *error);

/* What a validation found about an object that the user provides, by [name]. [message] is not looked at when it is valid. */
enum sm_subject { SM_SUBJECT_IMPORT, SM_SUBJECT_SIGNING_KEY, SM_SUBJECT_NODE_KEY };
enum sm_finding { SM_FINDING_VALID, SM_FINDING_NOT_READY, SM_FINDING_INVALID };
void sm_conditions_found(struct sm_node *node, enum sm_subject subject, enum sm_finding finding, const char *name, const char *message);

#endif
