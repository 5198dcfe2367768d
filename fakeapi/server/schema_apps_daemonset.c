/* DaemonSet and ReplicationController. */
#include "schema_types.h"

static const struct sm_field rolling_fields[] = {
    {"maxSurge",       INT_OR_STRING, OPTIONAL, "0", 2},
    {"maxUnavailable", INT_OR_STRING, OPTIONAL, "1", 1},
};
static OBJECT(rolling, "RollingUpdateDaemonSet");

static sm_val fill_strategy(struct sm_region *r, sm_val strategy) {
    if (!sm_val_is_text(sm_val_get(strategy, "type"), "RollingUpdate") || sm_val_get(strategy, "rollingUpdate"))
        return strategy;
    return sm_val_set(r, strategy, "rollingUpdate", sm_schema_default(r, &rolling, SM_EMPTY_MAP));
}

static const struct sm_field strategy_fields[] = {
    {"rollingUpdate", &rolling,                         OPTIONAL, NULL, 2},
    {"type",          NAMED("DaemonSetUpdateStrategyType"), OMIT, "\"RollingUpdate\"", 1},
};
static OBJECT_WITH(strategy, "DaemonSetUpdateStrategy", .fill = fill_strategy);

static const struct sm_field spec_fields[] = {
    {"minReadySeconds",      INT32,                        OMIT,     NULL, 4},
    {"revisionHistoryLimit", INT32,                        OPTIONAL, "10", 6},
    {"selector",             &sm_schema_label_selector,    OR_NULL,  NULL, 1},
    {"template",             &sm_schema_pod_template_spec, ALWAYS,   NULL, 2},
    {"updateStrategy",       &strategy,                    ALWAYS,   NULL, 3},
};
static OBJECT(spec, "DaemonSetSpec");

static const struct sm_field condition_fields[] = {
    {"lastTransitionTime", TIME,                            ALWAYS, NULL, 3},
    {"message",            STRING,                          OMIT,   NULL, 5},
    {"reason",             STRING,                          OMIT,   NULL, 4},
    {"status",             NAMED("ConditionStatus"),        ALWAYS, NULL, 2},
    {"type",               NAMED("DaemonSetConditionType"), ALWAYS, NULL, 1},
};
static PLAIN(condition, "DaemonSetCondition");

static const struct sm_field status_fields[] = {
    {"collisionCount",         INT32,                      OPTIONAL, NULL, 9},
    {"conditions",             BY_KEY(&condition, "type"), OMIT,     NULL, 10},
    {"currentNumberScheduled", INT32,                      ALWAYS,   NULL, 1},
    {"desiredNumberScheduled", INT32,                      ALWAYS,   NULL, 3},
    {"numberAvailable",        INT32,                      OMIT,     NULL, 7},
    {"numberMisscheduled",     INT32,                      ALWAYS,   NULL, 2},
    {"numberReady",            INT32,                      ALWAYS,   NULL, 4},
    {"numberUnavailable",      INT32,                      OMIT,     NULL, 8},
    {"observedGeneration",     INT64,                      OMIT,     NULL, 5},
    {"updatedNumberScheduled", INT32,                      OMIT,     NULL, 6},
};
static PLAIN(status, "DaemonSetStatus");

static const struct sm_field sm_schema_daemon_set_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &spec,   ALWAYS, NULL, 2},
    {"status", &status, ALWAYS, NULL, 3},
};
OBJECT(sm_schema_daemon_set, "DaemonSet");

/* --- ReplicationController --------------------------------------------------------------------------------------------------- */

static sm_val fill_controller(struct sm_region *r, sm_val body) {
    sm_val labels = sm_val_at(body, "template.metadata.labels");

    return sm_val_count(sm_val_get(body, "selector")) || !sm_val_count(labels) ? body : sm_val_set(r, body, "selector", labels);
}

static const struct sm_field controller_spec_fields[] = {
    {"minReadySeconds", INT32,                        OMIT,     NULL, 4},
    {"replicas",        INT32,                        OPTIONAL, "1", 1},
    {"selector",        ATOMIC_MAP(STRING),           OMIT,     NULL, 2},
    {"template",        &sm_schema_pod_template_spec, OPTIONAL, NULL, 3},
};
static OBJECT_WITH(controller_spec, "ReplicationControllerSpec", .fill = fill_controller);

static const struct sm_field controller_condition_fields[] = {
    {"lastTransitionTime", TIME,                                        ALWAYS, NULL, 3},
    {"message",            STRING,                                      OMIT,   NULL, 5},
    {"reason",             STRING,                                      OMIT,   NULL, 4},
    {"status",             NAMED("ConditionStatus"),                    ALWAYS, NULL, 2},
    {"type",               NAMED("ReplicationControllerConditionType"), ALWAYS, NULL, 1},
};
static PLAIN(controller_condition, "ReplicationControllerCondition");

static const struct sm_field controller_status_fields[] = {
    {"availableReplicas",    INT32,                                 OMIT,   NULL, 5},
    {"conditions",           BY_KEY(&controller_condition, "type"), OMIT,   NULL, 6},
    {"fullyLabeledReplicas", INT32,                                 OMIT,   NULL, 2},
    {"observedGeneration",   INT64,                                 OMIT,   NULL, 3},
    {"readyReplicas",        INT32,                                 OMIT,   NULL, 4},
    {"replicas",             INT32,                                 ALWAYS, NULL, 1},
};
static PLAIN(controller_status, "ReplicationControllerStatus");

static const struct sm_field sm_schema_replication_controller_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &controller_spec,   ALWAYS, NULL, 2},
    {"status", &controller_status, ALWAYS, NULL, 3},
};
OBJECT(sm_schema_replication_controller, "ReplicationController");
