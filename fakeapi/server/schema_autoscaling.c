/* autoscaling: HorizontalPodAutoscaler, as v2 stores it and as v1 shows it. */
#include "schema_types.h"

static const struct sm_field reference_fields[] = {
    {"apiVersion", STRING, OMIT,   NULL, 3},
    {"kind",       STRING, ALWAYS, NULL, 1},
    {"name",       STRING, ALWAYS, NULL, 2},
};
static ATOMIC_PLAIN(reference, "CrossVersionObjectReference");

static const struct sm_field target_fields[] = {
    {"averageUtilization", INT32,                     OPTIONAL, NULL, 4},
    {"averageValue",       QUANTITY,                  OPTIONAL, NULL, 3},
    {"type",               NAMED("MetricTargetType"), ALWAYS,   NULL, 1},
    {"value",              QUANTITY,                  OPTIONAL, NULL, 2},
};
static PLAIN(target, "MetricTarget");

static const struct sm_field identifier_fields[] = {
    {"name",     STRING,                    ALWAYS,   NULL, 1},
    {"selector", &sm_schema_label_selector, OPTIONAL, NULL, 2},
};
static PLAIN(identifier, "MetricIdentifier");

static const struct sm_field resource_fields[] = {
    {"name",   NAMED("ResourceName"), ALWAYS, NULL, 1},
    {"target", &target,               ALWAYS, NULL, 2},
};
static PLAIN(resource, "ResourceMetricSource");

static const struct sm_field container_fields[] = {
    {"container", STRING,                ALWAYS, NULL, 3},
    {"name",      NAMED("ResourceName"), ALWAYS, NULL, 1},
    {"target",    &target,               ALWAYS, NULL, 2},
};
static PLAIN(container, "ContainerResourceMetricSource");

static const struct sm_field pods_fields[] = {
    {"metric", &identifier, ALWAYS, NULL, 1},
    {"target", &target,     ALWAYS, NULL, 2},
};
static PLAIN(pods, "PodsMetricSource");

static const struct sm_field object_fields[] = {
    {"describedObject", &reference,  ALWAYS, NULL, 1},
    {"metric",          &identifier, ALWAYS, NULL, 3},
    {"target",          &target,     ALWAYS, NULL, 2},
};
static PLAIN(object, "ObjectMetricSource");

static const struct sm_field metric_fields[] = {
    {"containerResource", &container,                OPTIONAL, NULL, 7},
    {"external",          &pods,                     OPTIONAL, NULL, 5},
    {"object",            &object,                   OPTIONAL, NULL, 2},
    {"pods",              &pods,                     OPTIONAL, NULL, 3},
    {"resource",          &resource,                 OPTIONAL, NULL, 4},
    {"type",              NAMED("MetricSourceType"), ALWAYS,   NULL, 1},
};
static PLAIN(metric, "MetricSpec");

static const struct sm_field policy_fields[] = {
    {"periodSeconds", INT32,                         ALWAYS, NULL, 3},
    {"type",          NAMED("HPAScalingPolicyType"), ALWAYS, NULL, 1},
    {"value",         INT32,                         ALWAYS, NULL, 2},
};
static PLAIN(policy, "HPAScalingPolicy");

static const struct sm_field rules_fields[] = {
    {"policies",                   ATOMIC_LIST(&policy),         OMIT,     NULL, 2},
    {"selectPolicy",               NAMED("ScalingPolicySelect"), OPTIONAL, NULL, 1},
    {"stabilizationWindowSeconds", INT32,                        OPTIONAL, NULL, 3},
    {"tolerance",                  QUANTITY,                     OPTIONAL, NULL, 4},
};
static PLAIN(rules, "HPAScalingRules");

static const struct sm_field behavior_fields[] = {
    {"scaleDown", &rules, OPTIONAL, NULL, 2},
    {"scaleUp",   &rules, OPTIONAL, NULL, 1},
};
static PLAIN(behavior, "HorizontalPodAutoscalerBehavior");

static sm_val fill_spec(struct sm_region *r, sm_val spec) {
    if (sm_val_count(sm_val_get(spec, "metrics")))
        return spec;
    sm_val utilization = SM_MAP(r, "type", sm_val_str(r, "Utilization"), "averageUtilization", sm_val_int(r, 80));
    sm_val cpu = SM_MAP(r, "name", sm_val_str(r, "cpu"), "target", utilization);
    return sm_val_set(r, spec, "metrics", SM_LIST(r, SM_MAP(r, "type", sm_val_str(r, "Resource"), "resource", cpu)));
}

static const struct sm_field spec_fields[] = {
    {"behavior",       &behavior,            OPTIONAL, NULL, 5},
    {"maxReplicas",    INT32,                ALWAYS,   NULL, 3},
    {"metrics",        ATOMIC_LIST(&metric), OMIT,     NULL, 4},
    {"minReplicas",    INT32,                OPTIONAL, "1", 2},
    {"scaleTargetRef", &reference,           ALWAYS,   NULL, 1},
};
static OBJECT_WITH(spec, "HorizontalPodAutoscalerSpec", .fill = fill_spec);

static const struct sm_field condition_fields[] = {
    {"lastTransitionTime", TIME,                                          ALWAYS, NULL, 3},
    {"message",            STRING,                                        OMIT,   NULL, 5},
    {"reason",             STRING,                                        OMIT,   NULL, 4},
    {"status",             NAMED("ConditionStatus"),                      ALWAYS, NULL, 2},
    {"type",               NAMED("HorizontalPodAutoscalerConditionType"), ALWAYS, NULL, 1},
};
static PLAIN(condition, "HorizontalPodAutoscalerCondition");

static const struct sm_field status_fields[] = {
    {"conditions",         BY_KEY(&condition, "type"), OMIT,     NULL, 6},
    {"currentMetrics",     ATOMIC_LIST(ANY),           ALWAYS,   NULL, 0},
    {"currentReplicas",    INT32,                      OMIT,     NULL, 3},
    {"desiredReplicas",    INT32,                      ALWAYS,   NULL, 4},
    {"lastScaleTime",      TIME,                       OPTIONAL, NULL, 2},
    {"observedGeneration", INT64,                      OPTIONAL, NULL, 1},
};
static PLAIN(status, "HorizontalPodAutoscalerStatus");

static const struct sm_field sm_schema_autoscaler_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &spec,   ALWAYS, NULL, 2},
    {"status", &status, ALWAYS, NULL, 3},
};
OBJECT(sm_schema_autoscaler, "HorizontalPodAutoscaler");

/* --- v1 ---------------------------------------------------------------------------------------------------------------------- */

static const struct sm_field old_spec_fields[] = {
    {"maxReplicas",                    INT32,      ALWAYS,   NULL, 3},
    {"minReplicas",                    INT32,      OPTIONAL, "1", 2},
    {"scaleTargetRef",                 &reference, ALWAYS,   NULL, 1},
    {"targetCPUUtilizationPercentage", INT32,      OPTIONAL, NULL, 4},
};
static OBJECT(old_spec, "HorizontalPodAutoscalerSpec");

static const struct sm_field old_status_fields[] = {
    {"currentCPUUtilizationPercentage", INT32, OPTIONAL, NULL, 5},
    {"currentReplicas",                 INT32, ALWAYS,   NULL, 3},
    {"desiredReplicas",                 INT32, ALWAYS,   NULL, 4},
    {"lastScaleTime",                   TIME,  OPTIONAL, NULL, 2},
    {"observedGeneration",              INT64, OPTIONAL, NULL, 1},
};
static PLAIN(old_status, "HorizontalPodAutoscalerStatus");

static const struct sm_field sm_schema_autoscaler_v1_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &old_spec,   ALWAYS, NULL, 2},
    {"status", &old_status, ALWAYS, NULL, 3},
};
OBJECT(sm_schema_autoscaler_v1, "HorizontalPodAutoscaler");
