/* autoscaling: HorizontalPodAutoscaler, as v2 stores it and as v1 shows it. */
#include "schema_types.h"

static const struct sm_field reference_fields[] = {
    {"apiVersion", STRING, OMIT,   NULL},
    {"kind",       STRING, ALWAYS, NULL},
    {"name",       STRING, ALWAYS, NULL},
};
static ATOMIC_PLAIN(reference, "CrossVersionObjectReference");

static const struct sm_field target_fields[] = {
    {"averageUtilization", INT32,                     OPTIONAL, NULL},
    {"averageValue",       QUANTITY,                  OPTIONAL, NULL},
    {"type",               NAMED("MetricTargetType"), ALWAYS,   NULL},
    {"value",              QUANTITY,                  OPTIONAL, NULL},
};
static PLAIN(target, "MetricTarget");

static const struct sm_field identifier_fields[] = {
    {"name",     STRING,                    ALWAYS,   NULL},
    {"selector", &sm_schema_label_selector, OPTIONAL, NULL},
};
static PLAIN(identifier, "MetricIdentifier");

static const struct sm_field resource_fields[] = {
    {"name",   NAMED("ResourceName"), ALWAYS, NULL},
    {"target", &target,               ALWAYS, NULL},
};
static PLAIN(resource, "ResourceMetricSource");

static const struct sm_field container_fields[] = {
    {"container", STRING,                ALWAYS, NULL},
    {"name",      NAMED("ResourceName"), ALWAYS, NULL},
    {"target",    &target,               ALWAYS, NULL},
};
static PLAIN(container, "ContainerResourceMetricSource");

static const struct sm_field pods_fields[] = {
    {"metric", &identifier, ALWAYS, NULL},
    {"target", &target,     ALWAYS, NULL},
};
static PLAIN(pods, "PodsMetricSource");

static const struct sm_field object_fields[] = {
    {"describedObject", &reference,  ALWAYS, NULL},
    {"metric",          &identifier, ALWAYS, NULL},
    {"target",          &target,     ALWAYS, NULL},
};
static PLAIN(object, "ObjectMetricSource");

static const struct sm_field metric_fields[] = {
    {"containerResource", &container,                OPTIONAL, NULL},
    {"external",          &pods,                     OPTIONAL, NULL},
    {"object",            &object,                   OPTIONAL, NULL},
    {"pods",              &pods,                     OPTIONAL, NULL},
    {"resource",          &resource,                 OPTIONAL, NULL},
    {"type",              NAMED("MetricSourceType"), ALWAYS,   NULL},
};
static PLAIN(metric, "MetricSpec");

static const struct sm_field policy_fields[] = {
    {"periodSeconds", INT32,                         ALWAYS, NULL},
    {"type",          NAMED("HPAScalingPolicyType"), ALWAYS, NULL},
    {"value",         INT32,                         ALWAYS, NULL},
};
static PLAIN(policy, "HPAScalingPolicy");

static const struct sm_field rules_fields[] = {
    {"policies",                   ATOMIC_LIST(&policy),         OMIT,     NULL},
    {"selectPolicy",               NAMED("ScalingPolicySelect"), OPTIONAL, NULL},
    {"stabilizationWindowSeconds", INT32,                        OPTIONAL, NULL},
    {"tolerance",                  QUANTITY,                     OPTIONAL, NULL},
};
static PLAIN(rules, "HPAScalingRules");

static const struct sm_field behavior_fields[] = {
    {"scaleDown", &rules, OPTIONAL, NULL},
    {"scaleUp",   &rules, OPTIONAL, NULL},
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
    {"behavior",       &behavior,            OPTIONAL, NULL},
    {"maxReplicas",    INT32,                ALWAYS,   NULL},
    {"metrics",        ATOMIC_LIST(&metric), OMIT,     NULL},
    {"minReplicas",    INT32,                OPTIONAL, "1"},
    {"scaleTargetRef", &reference,           ALWAYS,   NULL},
};
static OBJECT_WITH(spec, "HorizontalPodAutoscalerSpec", .fill = fill_spec);

static const struct sm_field condition_fields[] = {
    {"lastTransitionTime", TIME,                                          ALWAYS, NULL},
    {"message",            STRING,                                        OMIT,   NULL},
    {"reason",             STRING,                                        OMIT,   NULL},
    {"status",             NAMED("ConditionStatus"),                      ALWAYS, NULL},
    {"type",               NAMED("HorizontalPodAutoscalerConditionType"), ALWAYS, NULL},
};
static PLAIN(condition, "HorizontalPodAutoscalerCondition");

static const struct sm_field status_fields[] = {
    {"conditions",         BY_KEY(&condition, "type"), OMIT,     NULL},
    {"currentMetrics",     ATOMIC_LIST(ANY),           ALWAYS,   NULL},
    {"currentReplicas",    INT32,                      OMIT,     NULL},
    {"desiredReplicas",    INT32,                      ALWAYS,   NULL},
    {"lastScaleTime",      TIME,                       OPTIONAL, NULL},
    {"observedGeneration", INT64,                      OPTIONAL, NULL},
};
static PLAIN(status, "HorizontalPodAutoscalerStatus");

static const struct sm_field sm_schema_autoscaler_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &spec,   ALWAYS, NULL},
    {"status", &status, ALWAYS, NULL},
};
OBJECT(sm_schema_autoscaler, "HorizontalPodAutoscaler");

/* --- v1 ---------------------------------------------------------------------------------------------------------------------- */

static const struct sm_field old_spec_fields[] = {
    {"maxReplicas",                    INT32,      ALWAYS,   NULL},
    {"minReplicas",                    INT32,      OPTIONAL, "1"},
    {"scaleTargetRef",                 &reference, ALWAYS,   NULL},
    {"targetCPUUtilizationPercentage", INT32,      OPTIONAL, NULL},
};
static OBJECT(old_spec, "HorizontalPodAutoscalerSpec");

static const struct sm_field old_status_fields[] = {
    {"currentCPUUtilizationPercentage", INT32, OPTIONAL, NULL},
    {"currentReplicas",                 INT32, ALWAYS,   NULL},
    {"desiredReplicas",                 INT32, ALWAYS,   NULL},
    {"lastScaleTime",                   TIME,  OPTIONAL, NULL},
    {"observedGeneration",              INT64, OPTIONAL, NULL},
};
static PLAIN(old_status, "HorizontalPodAutoscalerStatus");

static const struct sm_field sm_schema_autoscaler_v1_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &old_spec,   ALWAYS, NULL},
    {"status", &old_status, ALWAYS, NULL},
};
OBJECT(sm_schema_autoscaler_v1, "HorizontalPodAutoscaler");
