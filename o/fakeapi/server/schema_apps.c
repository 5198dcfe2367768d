/* apps: StatefulSet and ControllerRevision. */
#include "schema_types.h"

static const struct sm_field rolling_update_fields[] = {
    {"maxUnavailable", INT_OR_STRING, OPTIONAL, NULL},
    {"partition",      INT32,         OPTIONAL, "0"},
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
    {"rollingUpdate", &rolling_update,                        OPTIONAL, NULL},
    {"type",          NAMED("StatefulSetUpdateStrategyType"), OMIT,     NULL},
};
static OBJECT_WITH(update_strategy, "StatefulSetUpdateStrategy", .fill = fill_strategy);

static const struct sm_field retention_policy_fields[] = {
    {"whenDeleted", NAMED("PersistentVolumeClaimRetentionPolicyType"), OMIT, "\"Retain\""},
    {"whenScaled",  NAMED("PersistentVolumeClaimRetentionPolicyType"), OMIT, "\"Retain\""},
};
static OBJECT(retention_policy, "StatefulSetPersistentVolumeClaimRetentionPolicy");

static const struct sm_field ordinals_fields[] = {
    {"start", INT32, ALWAYS, NULL},
};
static PLAIN(ordinals, "StatefulSetOrdinals");

static const struct sm_field spec_fields[] = {
    {"minReadySeconds",                      INT32,                             OMIT,     NULL},
    {"ordinals",                             &ordinals,                         OPTIONAL, NULL},
    {"persistentVolumeClaimRetentionPolicy", &retention_policy,                 OPTIONAL, "{}"},
    {"podManagementPolicy",                  NAMED("PodManagementPolicyType"),  OMIT,     "\"OrderedReady\""},
    {"replicas",                             INT32,                             OPTIONAL, "1"},
    {"revisionHistoryLimit",                 INT32,                             OPTIONAL, "10"},
    {"selector",                             &sm_schema_label_selector,         OR_NULL,  NULL},
    {"serviceName",                          STRING,                            ALWAYS,   NULL},
    {"template",                             &sm_schema_pod_template_spec,      ALWAYS,   NULL},
    {"updateStrategy",                       &update_strategy,                  ALWAYS,   NULL},
    {"volumeClaimTemplates",                 ATOMIC_LIST(&sm_schema_claim),     OMIT,     NULL},
};
static OBJECT(spec, "StatefulSetSpec");

static const struct sm_field condition_fields[] = {
    {"lastTransitionTime", TIME,                              ALWAYS, NULL},
    {"message",            STRING,                            OMIT,   NULL},
    {"reason",             STRING,                            OMIT,   NULL},
    {"status",             NAMED("ConditionStatus"),          ALWAYS, NULL},
    {"type",               NAMED("StatefulSetConditionType"), ALWAYS, NULL},
};
static PLAIN(condition, "StatefulSetCondition");

static const struct sm_field status_fields[] = {
    {"availableReplicas",  INT32,                      ALWAYS,   NULL},
    {"collisionCount",     INT32,                      OPTIONAL, NULL},
    {"conditions",         BY_KEY(&condition, "type"), OMIT,     NULL},
    {"currentReplicas",    INT32,                      OMIT,     NULL},
    {"currentRevision",    STRING,                     OMIT,     NULL},
    {"observedGeneration", INT64,                      OMIT,     NULL},
    {"readyReplicas",      INT32,                      OMIT,     NULL},
    {"replicas",           INT32,                      ALWAYS,   NULL},
    {"updateRevision",     STRING,                     OMIT,     NULL},
    {"updatedReplicas",    INT32,                      OMIT,     NULL},
};
static PLAIN(status, "StatefulSetStatus");

static const struct sm_field sm_schema_stateful_set_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &spec,   ALWAYS, NULL},
    {"status", &status, ALWAYS, NULL},
};
OBJECT(sm_schema_stateful_set, "StatefulSet");

static const struct sm_field sm_schema_controller_revision_fields[] = {
    API_VERSION,
    {"data",     ANY,   OR_NULL, NULL},
    KIND,
    METADATA,
    {"revision", INT64, ALWAYS,  NULL},
};
PLAIN(sm_schema_controller_revision, "ControllerRevision");
