/* apps: Deployment and ReplicaSet. */
#include "schema_types.h"

static const struct sm_field rolling_update_fields[] = {
    {"maxSurge",       INT_OR_STRING, OPTIONAL, "\"25%\"", 2},
    {"maxUnavailable", INT_OR_STRING, OPTIONAL, "\"25%\"", 1},
};
static OBJECT(rolling_update, "RollingUpdateDeployment");

static sm_val fill_strategy(struct sm_region *r, sm_val strategy) {
    if (!sm_val_is_text(sm_val_get(strategy, "type"), "RollingUpdate") || sm_val_get(strategy, "rollingUpdate"))
        return strategy;
    return sm_val_set(r, strategy, "rollingUpdate", sm_schema_default(r, &rolling_update, SM_EMPTY_MAP));
}

static const struct sm_field strategy_fields[] = {
    {"rollingUpdate", &rolling_update,                 OPTIONAL, NULL, 2},
    {"type",          NAMED("DeploymentStrategyType"), OMIT,     "\"RollingUpdate\"", 1},
};
static OBJECT_WITH(strategy, "DeploymentStrategy", .retain_keys = true, .fill = fill_strategy);

static const struct sm_field spec_fields[] = {
    {"minReadySeconds",         INT32,                        OMIT,     NULL, 5},
    {"paused",                  BOOL,                         OMIT,     NULL, 7},
    {"progressDeadlineSeconds", INT32,                        OPTIONAL, "600", 9},
    {"replicas",                INT32,                        OPTIONAL, "1", 1},
    {"revisionHistoryLimit",    INT32,                        OPTIONAL, "10", 6},
    {"selector",                &sm_schema_label_selector,    OR_NULL,  NULL, 2},
    {"strategy",                &strategy,                    ALWAYS,   NULL, 4},
    {"template",                &sm_schema_pod_template_spec, ALWAYS,   NULL, 3},
};
static OBJECT(spec, "DeploymentSpec");

static const struct sm_field condition_fields[] = {
    {"lastTransitionTime", TIME,                             ALWAYS, NULL, 7},
    {"lastUpdateTime",     TIME,                             ALWAYS, NULL, 6},
    {"message",            STRING,                           OMIT,   NULL, 5},
    {"reason",             STRING,                           OMIT,   NULL, 4},
    {"status",             NAMED("ConditionStatus"),         ALWAYS, NULL, 2},
    {"type",               NAMED("DeploymentConditionType"), ALWAYS, NULL, 1},
};
static PLAIN(condition, "DeploymentCondition");

static const struct sm_field status_fields[] = {
    {"availableReplicas",   INT32,                      OMIT,     NULL, 4},
    {"collisionCount",      INT32,                      OPTIONAL, NULL, 8},
    {"conditions",          BY_KEY(&condition, "type"), OMIT,     NULL, 6},
    {"observedGeneration",  INT64,                      OMIT,     NULL, 1},
    {"readyReplicas",       INT32,                      OMIT,     NULL, 7},
    {"replicas",            INT32,                      OMIT,     NULL, 2},
    {"terminatingReplicas", INT32,                      OPTIONAL, NULL, 9},
    {"unavailableReplicas", INT32,                      OMIT,     NULL, 5},
    {"updatedReplicas",     INT32,                      OMIT,     NULL, 3},
};
static PLAIN(status, "DeploymentStatus");

static const struct sm_field sm_schema_deployment_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &spec,   ALWAYS, NULL, 2},
    {"status", &status, ALWAYS, NULL, 3},
};
OBJECT(sm_schema_deployment, "Deployment");

/* --- ReplicaSet -------------------------------------------------------------------------------------------------------------- */

static const struct sm_field set_spec_fields[] = {
    {"minReadySeconds", INT32,                        OMIT,     NULL, 4},
    {"replicas",        INT32,                        OPTIONAL, "1", 1},
    {"selector",        &sm_schema_label_selector,    OR_NULL,  NULL, 2},
    {"template",        &sm_schema_pod_template_spec, ALWAYS,   NULL, 3},
};
static OBJECT(set_spec, "ReplicaSetSpec");

static const struct sm_field set_condition_fields[] = {
    {"lastTransitionTime", TIME,                             ALWAYS, NULL, 3},
    {"message",            STRING,                           OMIT,   NULL, 5},
    {"reason",             STRING,                           OMIT,   NULL, 4},
    {"status",             NAMED("ConditionStatus"),         ALWAYS, NULL, 2},
    {"type",               NAMED("ReplicaSetConditionType"), ALWAYS, NULL, 1},
};
static PLAIN(set_condition, "ReplicaSetCondition");

static const struct sm_field set_status_fields[] = {
    {"availableReplicas",    INT32,                          OMIT,     NULL, 5},
    {"conditions",           BY_KEY(&set_condition, "type"), OMIT,     NULL, 6},
    {"fullyLabeledReplicas", INT32,                          OMIT,     NULL, 2},
    {"observedGeneration",   INT64,                          OMIT,     NULL, 3},
    {"readyReplicas",        INT32,                          OMIT,     NULL, 4},
    {"replicas",             INT32,                          ALWAYS,   NULL, 1},
    {"terminatingReplicas",  INT32,                          OPTIONAL, NULL, 7},
};
static PLAIN(set_status, "ReplicaSetStatus");

static const struct sm_field sm_schema_replica_set_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &set_spec,   ALWAYS, NULL, 2},
    {"status", &set_status, ALWAYS, NULL, 3},
};
OBJECT(sm_schema_replica_set, "ReplicaSet");
