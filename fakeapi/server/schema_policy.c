/* policy: PodDisruptionBudget. */
#include "schema_types.h"

static const struct sm_field spec_fields[] = {
    {"maxUnavailable",             INT_OR_STRING,                              OPTIONAL, NULL, 3},
    {"minAvailable",               INT_OR_STRING,                              OPTIONAL, NULL, 1},
    {"selector",                   &sm_schema_label_selector,                  OPTIONAL, NULL, 2},
    {"unhealthyPodEvictionPolicy", NAMED("UnhealthyPodEvictionPolicyType"),    OPTIONAL, NULL, 4},
};
static PLAIN(spec, "PodDisruptionBudgetSpec");

static const struct sm_field status_fields[] = {
    {"conditions",         BY_KEY(&sm_schema_condition, "type"), OMIT,   NULL, 7},
    {"currentHealthy",     INT32,                                ALWAYS, NULL, 4},
    {"desiredHealthy",     INT32,                                ALWAYS, NULL, 5},
    {"disruptedPods",      MAP_OF(TIME),                         OMIT,   NULL, 2},
    {"disruptionsAllowed", INT32,                                ALWAYS, NULL, 3},
    {"expectedPods",       INT32,                                ALWAYS, NULL, 6},
    {"observedGeneration", INT64,                                OMIT,   NULL, 1},
};
static PLAIN(status, "PodDisruptionBudgetStatus");

static const struct sm_field sm_schema_disruption_budget_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &spec,   ALWAYS, NULL, 2},
    {"status", &status, ALWAYS, NULL, 3},
};
PLAIN(sm_schema_disruption_budget, "PodDisruptionBudget");
