/* apps: Deployment and ReplicaSet. */
#include "schema_types.h"

static const struct sm_field rolling_update_fields[] = {
    {"maxSurge",       INT_OR_STRING, OPTIONAL, "\"25%\""},
    {"maxUnavailable", INT_OR_STRING, OPTIONAL, "\"25%\""},
};
static OBJECT(rolling_update, "RollingUpdateDeployment");

static sm_val fill_strategy(struct sm_region *r, sm_val strategy) {
    if (!sm_val_is_text(sm_val_get(strategy, "type"), "RollingUpdate") || sm_val_get(strategy, "rollingUpdate"))
        return strategy;
    return sm_val_set(r, strategy, "rollingUpdate", sm_schema_default(r, &rolling_update, SM_EMPTY_MAP));
}

static const struct sm_field strategy_fields[] = {
    {"rollingUpdate", &rolling_update,                 OPTIONAL, NULL},
    {"type",          NAMED("DeploymentStrategyType"), OMIT,     "\"RollingUpdate\""},
};
static OBJECT_WITH(strategy, "DeploymentStrategy", .retain_keys = true, .fill = fill_strategy);

static const struct sm_field spec_fields[] = {
    {"minReadySeconds",         INT32,                        OMIT,     NULL},
    {"paused",                  BOOL,                         OMIT,     NULL},
    {"progressDeadlineSeconds", INT32,                        OPTIONAL, "600"},
    {"replicas",                INT32,                        OPTIONAL, "1"},
    {"revisionHistoryLimit",    INT32,                        OPTIONAL, "10"},
    {"selector",                &sm_schema_label_selector,    OR_NULL,  NULL},
    {"strategy",                &strategy,                    ALWAYS,   NULL},
    {"template",                &sm_schema_pod_template_spec, ALWAYS,   NULL},
};
static OBJECT(spec, "DeploymentSpec");

static const struct sm_field condition_fields[] = {
    {"lastTransitionTime", TIME,                             ALWAYS, NULL},
    {"lastUpdateTime",     TIME,                             ALWAYS, NULL},
    {"message",            STRING,                           OMIT,   NULL},
    {"reason",             STRING,                           OMIT,   NULL},
    {"status",             NAMED("ConditionStatus"),         ALWAYS, NULL},
    {"type",               NAMED("DeploymentConditionType"), ALWAYS, NULL},
};
static PLAIN(condition, "DeploymentCondition");

static const struct sm_field status_fields[] = {
    {"availableReplicas",   INT32,                      OMIT,     NULL},
    {"collisionCount",      INT32,                      OPTIONAL, NULL},
    {"conditions",          BY_KEY(&condition, "type"), OMIT,     NULL},
    {"observedGeneration",  INT64,                      OMIT,     NULL},
    {"readyReplicas",       INT32,                      OMIT,     NULL},
    {"replicas",            INT32,                      OMIT,     NULL},
    {"terminatingReplicas", INT32,                      OPTIONAL, NULL},
    {"unavailableReplicas", INT32,                      OMIT,     NULL},
    {"updatedReplicas",     INT32,                      OMIT,     NULL},
};
static PLAIN(status, "DeploymentStatus");

static const struct sm_field sm_schema_deployment_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &spec,   ALWAYS, NULL},
    {"status", &status, ALWAYS, NULL},
};
OBJECT(sm_schema_deployment, "Deployment");

/* --- ReplicaSet -------------------------------------------------------------------------------------------------------------- */

static const struct sm_field set_spec_fields[] = {
    {"minReadySeconds", INT32,                        OMIT,     NULL},
    {"replicas",        INT32,                        OPTIONAL, "1"},
    {"selector",        &sm_schema_label_selector,    OR_NULL,  NULL},
    {"template",        &sm_schema_pod_template_spec, ALWAYS,   NULL},
};
static OBJECT(set_spec, "ReplicaSetSpec");

static const struct sm_field set_condition_fields[] = {
    {"lastTransitionTime", TIME,                             ALWAYS, NULL},
    {"message",            STRING,                           OMIT,   NULL},
    {"reason",             STRING,                           OMIT,   NULL},
    {"status",             NAMED("ConditionStatus"),         ALWAYS, NULL},
    {"type",               NAMED("ReplicaSetConditionType"), ALWAYS, NULL},
};
static PLAIN(set_condition, "ReplicaSetCondition");

static const struct sm_field set_status_fields[] = {
    {"availableReplicas",    INT32,                          OMIT,     NULL},
    {"conditions",           BY_KEY(&set_condition, "type"), OMIT,     NULL},
    {"fullyLabeledReplicas", INT32,                          OMIT,     NULL},
    {"observedGeneration",   INT64,                          OMIT,     NULL},
    {"readyReplicas",        INT32,                          OMIT,     NULL},
    {"replicas",             INT32,                          ALWAYS,   NULL},
    {"terminatingReplicas",  INT32,                          OPTIONAL, NULL},
};
static PLAIN(set_status, "ReplicaSetStatus");

static const struct sm_field sm_schema_replica_set_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &set_spec,   ALWAYS, NULL},
    {"status", &set_status, ALWAYS, NULL},
};
OBJECT(sm_schema_replica_set, "ReplicaSet");
