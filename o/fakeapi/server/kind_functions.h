/* The functions of the rows of kinds.c, from kind_*.c. Only these include this. */
#ifndef SM_KIND_FUNCTIONS_H
#define SM_KIND_FUNCTIONS_H

#include "field_errors.h"
#include "kind.h"

#define CREATE(name) sm_val name(const struct sm_write *write, sm_val object)
#define UPDATE(name) sm_val name(const struct sm_write *write, sm_val object, sm_val before)
#define VALIDATE(name) void name(const struct sm_write *write, struct sm_field_errors *errors, sm_val object, sm_val before)

CREATE(sm_pod_create);
UPDATE(sm_pod_update);
VALIDATE(sm_pod_validate);
void sm_pod_warn(const struct sm_write *write, sm_val object, sm_val before, void (*say)(void *arg, const char *text), void *arg);

CREATE(sm_service_create);
UPDATE(sm_service_update);
VALIDATE(sm_service_validate);

CREATE(sm_claim_create);
VALIDATE(sm_claim_validate);
CREATE(sm_volume_create);
VALIDATE(sm_volume_validate);

UPDATE(sm_secret_update);
VALIDATE(sm_secret_validate);
VALIDATE(sm_config_map_validate);
VALIDATE(sm_event_validate);

CREATE(sm_namespace_create);
UPDATE(sm_namespace_update);

CREATE(sm_stateful_set_create);
UPDATE(sm_stateful_set_update);
VALIDATE(sm_stateful_set_validate);
VALIDATE(sm_controller_revision_validate);

CREATE(sm_job_create);
VALIDATE(sm_job_validate);

VALIDATE(sm_workload_validate);
VALIDATE(sm_disruption_budget_validate);

VALIDATE(sm_lease_validate);
VALIDATE(sm_role_validate);
VALIDATE(sm_role_binding_validate);
VALIDATE(sm_definition_validate);

#endif
