/* apps: StatefulSet and ControllerRevision. */
#include "schema_types.h"

static const struct sm_field rolling_update_fields[] = {
    {"maxUnavailable", INT_OR_STRING, OPTIONAL, NULL, 2},
    {"partition",      INT32,         OPTIONAL, "0", 1},
};
static OBJECT(rolling_update, "RollingUpdateStatefulSetStrategy");

/* The stanza of the default strategy comes with the default only: who names the type gets none. */
static sm_val fill_strategy(struct sm_region *r, sm_val strategy) {
    if (sm_val_get(strategy, "type"))
        return strategy;
    if (!sm_val_get(strategy, "rollingUpdate"))
        strategy = sm_val_set(r, strategy, "rollingUpdate", SM_MAP(r, "partition", sm_val_int(r, 0)));
    return sm_val_set(r, strategy, "type", sm_val_str(r, "RollingUpdate"));
}

static const struct sm_field update_strategy_fields[] = {
    {"rollingUpdate", &rolling_update,                        OPTIONAL, NULL, 2},
    {"type",          NAMED("StatefulSetUpdateStrategyType"), OMIT,     NULL, 1},
};
static OBJECT_WITH(update_strategy, "StatefulSetUpdateStrategy", .fill = fill_strategy);

static const struct sm_field retention_policy_fields[] = {
    {"whenDeleted", NAMED("PersistentVolumeClaimRetentionPolicyType"), OMIT, "\"Retain\"", 1},
    {"whenScaled",  NAMED("PersistentVolumeClaimRetentionPolicyType"), OMIT, "\"Retain\"", 2},
};
static OBJECT(retention_policy, "StatefulSetPersistentVolumeClaimRetentionPolicy");

static const struct sm_field ordinals_fields[] = {
    {"start", INT32, ALWAYS, NULL, 1},
};
static PLAIN(ordinals, "StatefulSetOrdinals");

static const struct sm_field spec_fields[] = {
    {"minReadySeconds",                      INT32,                             OMIT,     NULL, 9},
    {"ordinals",                             &ordinals,                         OPTIONAL, NULL, 11},
    {"persistentVolumeClaimRetentionPolicy", &retention_policy,                 OPTIONAL, "{}", 10},
    {"podManagementPolicy",                  NAMED("PodManagementPolicyType"),  OMIT,     "\"OrderedReady\"", 6},
    {"replicas",                             INT32,                             OPTIONAL, "1", 1},
    {"revisionHistoryLimit",                 INT32,                             OPTIONAL, "10", 8},
    {"selector",                             &sm_schema_label_selector,         OR_NULL,  NULL, 2},
    {"serviceName",                          STRING,                            ALWAYS,   NULL, 5},
    {"template",                             &sm_schema_pod_template_spec,      ALWAYS,   NULL, 3},
    {"updateStrategy",                       &update_strategy,                  ALWAYS,   NULL, 7},
    {"volumeClaimTemplates",                 ATOMIC_LIST(&sm_schema_claim),     OMIT,     NULL, 4},
};
static OBJECT(spec, "StatefulSetSpec");

static const struct sm_field condition_fields[] = {
    {"lastTransitionTime", TIME,                              ALWAYS, NULL, 3},
    {"message",            STRING,                            OMIT,   NULL, 5},
    {"reason",             STRING,                            OMIT,   NULL, 4},
    {"status",             NAMED("ConditionStatus"),          ALWAYS, NULL, 2},
    {"type",               NAMED("StatefulSetConditionType"), ALWAYS, NULL, 1},
};
static PLAIN(condition, "StatefulSetCondition");

static const struct sm_field status_fields[] = {
    {"availableReplicas",  INT32,                      ALWAYS,   NULL, 11},
    {"collisionCount",     INT32,                      OPTIONAL, NULL, 9},
    {"conditions",         BY_KEY(&condition, "type"), OMIT,     NULL, 10},
    {"currentReplicas",    INT32,                      OMIT,     NULL, 4},
    {"currentRevision",    STRING,                     OMIT,     NULL, 6},
    {"observedGeneration", INT64,                      OMIT,     NULL, 1},
    {"readyReplicas",      INT32,                      OMIT,     NULL, 3},
    {"replicas",           INT32,                      ALWAYS,   NULL, 2},
    {"updateRevision",     STRING,                     OMIT,     NULL, 7},
    {"updatedReplicas",    INT32,                      OMIT,     NULL, 5},
};
static PLAIN(status, "StatefulSetStatus");

static const struct sm_field sm_schema_stateful_set_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &spec,   ALWAYS, NULL, 2},
    {"status", &status, ALWAYS, NULL, 3},
};
OBJECT(sm_schema_stateful_set, "StatefulSet");

static const struct sm_field sm_schema_controller_revision_fields[] = {
    API_VERSION,
    {"data",     ANY,   OR_NULL, NULL, 2},
    KIND,
    METADATA,
    {"revision", INT64, ALWAYS,  NULL, 3},
};
PLAIN(sm_schema_controller_revision, "ControllerRevision");
