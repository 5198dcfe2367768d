/* batch: Job. */
#include "schema_types.h"

static const struct sm_field exit_codes_fields[] = {
    {"containerName", STRING,                                              OPTIONAL, NULL, 1},
    {"operator",      NAMED("PodFailurePolicyOnExitCodesOperator"),        ALWAYS,   NULL, 2},
    {"values",        LIST_WITH(INT32, .list = SM_LIST_SET),               ALWAYS,   NULL, 3},
};
static PLAIN(exit_codes, "PodFailurePolicyOnExitCodesRequirement");

static const struct sm_field condition_pattern_fields[] = {
    {"status", NAMED("ConditionStatus"),  ALWAYS, "\"True\"", 2},
    {"type",   NAMED("PodConditionType"), ALWAYS, NULL, 1},
};
static OBJECT(condition_pattern, "PodFailurePolicyOnPodConditionsPattern");

static const struct sm_field failure_rule_fields[] = {
    {"action",          NAMED("PodFailurePolicyAction"), ALWAYS,   NULL, 1},
    {"onExitCodes",     &exit_codes,                     OPTIONAL, NULL, 2},
    {"onPodConditions", ATOMIC_LIST(&condition_pattern), OMIT,     NULL, 3},
};
static OBJECT(failure_rule, "PodFailurePolicyRule");

static const struct sm_field failure_policy_fields[] = {
    {"rules", ATOMIC_LIST(&failure_rule), ALWAYS, NULL, 1},
};
static OBJECT(failure_policy, "PodFailurePolicy");

static const struct sm_field success_rule_fields[] = {
    {"succeededCount",   INT32,  OPTIONAL, NULL, 2},
    {"succeededIndexes", STRING, OPTIONAL, NULL, 1},
};
static PLAIN(success_rule, "SuccessPolicyRule");

static const struct sm_field success_policy_fields[] = {
    {"rules", ATOMIC_LIST(&success_rule), ALWAYS, NULL, 1},
};
static PLAIN(success_policy, "SuccessPolicy");

static sm_val set_if_absent(struct sm_region *r, sm_val spec, const char *field, sm_val value) {
    return sm_val_get(spec, field) ? spec : sm_val_set(r, spec, field, value);
}

static sm_val fill_spec(struct sm_region *r, sm_val spec) {
    if (!sm_val_get(spec, "parallelism"))
        spec = set_if_absent(r, spec, "completions", sm_val_int(r, 1));
    spec = set_if_absent(r, spec, "parallelism", sm_val_int(r, 1));
    spec = set_if_absent(r, spec, "backoffLimit", sm_val_int(r, sm_val_get(spec, "backoffLimitPerIndex") ? INT32_MAX : 6));
    const char *replacement = sm_val_get(spec, "podFailurePolicy") ? "Failed" : "TerminatingOrFailed";
    return set_if_absent(r, spec, "podReplacementPolicy", sm_val_str(r, replacement));
}

static const struct sm_field spec_fields[] = {
    {"activeDeadlineSeconds",   INT64,                         OPTIONAL, NULL, 3},
    {"backoffLimit",            INT32,                         OPTIONAL, NULL, 7},
    {"backoffLimitPerIndex",    INT32,                         OPTIONAL, NULL, 12},
    {"completionMode",          NAMED("CompletionMode"),       OPTIONAL, "\"NonIndexed\"", 9},
    {"completions",             INT32,                         OPTIONAL, NULL, 2},
    {"managedBy",               STRING,                        OPTIONAL, NULL, 15},
    {"manualSelector",          BOOL,                          OPTIONAL, "false", 5},
    {"maxFailedIndexes",        INT32,                         OPTIONAL, NULL, 13},
    {"parallelism",             INT32,                         OPTIONAL, NULL, 1},
    {"podFailurePolicy",        &failure_policy,               OPTIONAL, NULL, 11},
    {"podReplacementPolicy",    NAMED("PodReplacementPolicy"), OPTIONAL, NULL, 14},
    {"selector",                &sm_schema_label_selector,     OPTIONAL, NULL, 4},
    {"successPolicy",           &success_policy,               OPTIONAL, NULL, 16},
    {"suspend",                 BOOL,                          OPTIONAL, "false", 10},
    {"template",                &sm_schema_pod_template_spec,  ALWAYS,   NULL, 6},
    {"ttlSecondsAfterFinished", INT32,                         OPTIONAL, NULL, 8},
};
static OBJECT_WITH(spec, "JobSpec", .fill = fill_spec);

static const struct sm_field condition_fields[] = {
    {"lastProbeTime",      TIME,                      ALWAYS, NULL, 3},
    {"lastTransitionTime", TIME,                      ALWAYS, NULL, 4},
    {"message",            STRING,                    OMIT,   NULL, 6},
    {"reason",             STRING,                    OMIT,   NULL, 5},
    {"status",             NAMED("ConditionStatus"),  ALWAYS, NULL, 2},
    {"type",               NAMED("JobConditionType"), ALWAYS, NULL, 1},
};
static PLAIN(condition, "JobCondition");

static const struct sm_field uncounted_fields[] = {
    {"failed",    LIST_WITH(NAMED("UID"), .list = SM_LIST_SET), OMIT, NULL, 2},
    {"succeeded", LIST_WITH(NAMED("UID"), .list = SM_LIST_SET), OMIT, NULL, 1},
};
static PLAIN(uncounted, "UncountedTerminatedPods");

static const struct sm_field status_fields[] = {
    {"active",                  INT32,                                        OMIT,     NULL, 4},
    {"completedIndexes",        STRING,                                       OMIT,     NULL, 7},
    {"completionTime",          TIME,                                         OPTIONAL, NULL, 3},
    {"conditions",              LIST_WITH(&condition, .merge_key = "type"),   OMIT,     NULL, 1},
    {"failed",                  INT32,                                        OMIT,     NULL, 6},
    {"failedIndexes",           STRING,                                       OPTIONAL, NULL, 10},
    {"ready",                   INT32,                                        OPTIONAL, NULL, 9},
    {"startTime",               TIME,                                         OPTIONAL, NULL, 2},
    {"succeeded",               INT32,                                        OMIT,     NULL, 5},
    {"terminating",             INT32,                                        OPTIONAL, NULL, 11},
    {"uncountedTerminatedPods", &uncounted,                                   OPTIONAL, NULL, 8},
};
static PLAIN(status, "JobStatus");

/* A job without labels has those of its pods. */
static sm_val fill_job(struct sm_region *r, sm_val job) {
    sm_val labels = sm_val_at(job, "spec.template.metadata.labels");
    return sm_val_at(job, "metadata.labels") || !labels ? job : sm_val_set_at(r, job, "metadata.labels", labels);
}

static const struct sm_field sm_schema_job_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &spec,   ALWAYS, NULL, 2},
    {"status", &status, ALWAYS, NULL, 3},
};
OBJECT_WITH(sm_schema_job, "Job", .fill = fill_job);

/* --- CronJob ----------------------------------------------------------------------------------------------------------------- */

static const struct sm_field job_template_fields[] = {
    {"metadata", &sm_schema_object_meta, ALWAYS, NULL, 1},
    {"spec",     &spec,                  ALWAYS, NULL, 2},
};
static OBJECT(job_template, "JobTemplateSpec");

static const struct sm_field cron_spec_fields[] = {
    {"concurrencyPolicy",          NAMED("ConcurrencyPolicy"), OMIT,     "\"Allow\"", 3},
    {"failedJobsHistoryLimit",     INT32,                      OPTIONAL, "1", 7},
    {"jobTemplate",                &job_template,              ALWAYS,   NULL, 5},
    {"schedule",                   STRING,                     ALWAYS,   NULL, 1},
    {"startingDeadlineSeconds",    INT64,                      OPTIONAL, NULL, 2},
    {"successfulJobsHistoryLimit", INT32,                      OPTIONAL, "3", 6},
    {"suspend",                    BOOL,                       OPTIONAL, "false", 4},
    {"timeZone",                   STRING,                     OPTIONAL, NULL, 8},
};
static OBJECT(cron_spec, "CronJobSpec");

static const struct sm_field cron_status_fields[] = {
    {"active",             ATOMIC_LIST(&sm_schema_object_reference), OMIT,     NULL, 1},
    {"lastScheduleTime",   TIME,                                     OPTIONAL, NULL, 4},
    {"lastSuccessfulTime", TIME,                                     OPTIONAL, NULL, 5},
};
static PLAIN(cron_status, "CronJobStatus");

static const struct sm_field sm_schema_cron_job_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &cron_spec,   ALWAYS, NULL, 2},
    {"status", &cron_status, ALWAYS, NULL, 3},
};
OBJECT(sm_schema_cron_job, "CronJob");
