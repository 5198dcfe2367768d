/* policy: PodDisruptionBudget. */
#include "schema_types.h"

static const struct sm_field spec_fields[] = {
    {"maxUnavailable",             INT_OR_STRING,                              OPTIONAL, NULL},
    {"minAvailable",               INT_OR_STRING,                              OPTIONAL, NULL},
    {"selector",                   &sm_schema_label_selector,                  OPTIONAL, NULL},
    {"unhealthyPodEvictionPolicy", NAMED("UnhealthyPodEvictionPolicyType"),    OPTIONAL, NULL},
};
static PLAIN(spec, "PodDisruptionBudgetSpec");

static const struct sm_field status_fields[] = {
    {"conditions",         BY_KEY(&sm_schema_condition, "type"), OMIT,   NULL},
    {"currentHealthy",     INT32,                                ALWAYS, NULL},
    {"desiredHealthy",     INT32,                                ALWAYS, NULL},
    {"disruptedPods",      MAP_OF(TIME),                         OMIT,   NULL},
    {"disruptionsAllowed", INT32,                                ALWAYS, NULL},
    {"expectedPods",       INT32,                                ALWAYS, NULL},
    {"observedGeneration", INT64,                                OMIT,   NULL},
};
static PLAIN(status, "PodDisruptionBudgetStatus");

static const struct sm_field sm_schema_disruption_budget_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &spec,   ALWAYS, NULL},
    {"status", &status, ALWAYS, NULL},
};
PLAIN(sm_schema_disruption_budget, "PodDisruptionBudget");
