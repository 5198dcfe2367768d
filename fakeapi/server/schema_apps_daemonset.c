/* DaemonSet and ReplicationController. */
#include "schema_types.h"

static const struct sm_field rolling_fields[] = {
    {"maxSurge",       INT_OR_STRING, OPTIONAL, "0"},
    {"maxUnavailable", INT_OR_STRING, OPTIONAL, "1"},
};
static OBJECT(rolling, "RollingUpdateDaemonSet");

static sm_val fill_strategy(struct sm_region *r, sm_val strategy) {
    if (!sm_val_is_text(sm_val_get(strategy, "type"), "RollingUpdate") || sm_val_get(strategy, "rollingUpdate"))
        return strategy;
    return sm_val_set(r, strategy, "rollingUpdate", sm_schema_default(r, &rolling, SM_EMPTY_MAP));
}

static const struct sm_field strategy_fields[] = {
    {"rollingUpdate", &rolling,                         OPTIONAL, NULL},
    {"type",          NAMED("DaemonSetUpdateStrategyType"), OMIT, "\"RollingUpdate\""},
};
static OBJECT_WITH(strategy, "DaemonSetUpdateStrategy", .fill = fill_strategy);

static const struct sm_field spec_fields[] = {
    {"minReadySeconds",      INT32,                        OMIT,     NULL},
    {"revisionHistoryLimit", INT32,                        OPTIONAL, "10"},
    {"selector",             &sm_schema_label_selector,    OR_NULL,  NULL},
    {"template",             &sm_schema_pod_template_spec, ALWAYS,   NULL},
    {"updateStrategy",       &strategy,                    ALWAYS,   NULL},
};
static OBJECT(spec, "DaemonSetSpec");

static const struct sm_field condition_fields[] = {
    {"lastTransitionTime", TIME,                            ALWAYS, NULL},
    {"message",            STRING,                          OMIT,   NULL},
    {"reason",             STRING,                          OMIT,   NULL},
    {"status",             NAMED("ConditionStatus"),        ALWAYS, NULL},
    {"type",               NAMED("DaemonSetConditionType"), ALWAYS, NULL},
};
static PLAIN(condition, "DaemonSetCondition");

static const struct sm_field status_fields[] = {
    {"collisionCount",         INT32,                      OPTIONAL, NULL},
    {"conditions",             BY_KEY(&condition, "type"), OMIT,     NULL},
    {"currentNumberScheduled", INT32,                      ALWAYS,   NULL},
    {"desiredNumberScheduled", INT32,                      ALWAYS,   NULL},
    {"numberAvailable",        INT32,                      OMIT,     NULL},
    {"numberMisscheduled",     INT32,                      ALWAYS,   NULL},
    {"numberReady",            INT32,                      ALWAYS,   NULL},
    {"numberUnavailable",      INT32,                      OMIT,     NULL},
    {"observedGeneration",     INT64,                      OMIT,     NULL},
    {"updatedNumberScheduled", INT32,                      OMIT,     NULL},
};
static PLAIN(status, "DaemonSetStatus");

static const struct sm_field sm_schema_daemon_set_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &spec,   ALWAYS, NULL},
    {"status", &status, ALWAYS, NULL},
};
OBJECT(sm_schema_daemon_set, "DaemonSet");

/* --- ReplicationController --------------------------------------------------------------------------------------------------- */

static sm_val fill_controller(struct sm_region *r, sm_val body) {
    sm_val labels = sm_val_at(body, "template.metadata.labels");

    return sm_val_count(sm_val_get(body, "selector")) || !sm_val_count(labels) ? body : sm_val_set(r, body, "selector", labels);
}

static const struct sm_field controller_spec_fields[] = {
    {"minReadySeconds", INT32,                        OMIT,     NULL},
    {"replicas",        INT32,                        OPTIONAL, "1"},
    {"selector",        ATOMIC_MAP(STRING),           OMIT,     NULL},
    {"template",        &sm_schema_pod_template_spec, OPTIONAL, NULL},
};
static OBJECT_WITH(controller_spec, "ReplicationControllerSpec", .fill = fill_controller);

static const struct sm_field controller_condition_fields[] = {
    {"lastTransitionTime", TIME,                                        ALWAYS, NULL},
    {"message",            STRING,                                      OMIT,   NULL},
    {"reason",             STRING,                                      OMIT,   NULL},
    {"status",             NAMED("ConditionStatus"),                    ALWAYS, NULL},
    {"type",               NAMED("ReplicationControllerConditionType"), ALWAYS, NULL},
};
static PLAIN(controller_condition, "ReplicationControllerCondition");

static const struct sm_field controller_status_fields[] = {
    {"availableReplicas",    INT32,                                 OMIT,   NULL},
    {"conditions",           BY_KEY(&controller_condition, "type"), OMIT,   NULL},
    {"fullyLabeledReplicas", INT32,                                 OMIT,   NULL},
    {"observedGeneration",   INT64,                                 OMIT,   NULL},
    {"readyReplicas",        INT32,                                 OMIT,   NULL},
    {"replicas",             INT32,                                 ALWAYS, NULL},
};
static PLAIN(controller_status, "ReplicationControllerStatus");

static const struct sm_field sm_schema_replication_controller_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &controller_spec,   ALWAYS, NULL},
    {"status", &controller_status, ALWAYS, NULL},
};
OBJECT(sm_schema_replication_controller, "ReplicationController");
