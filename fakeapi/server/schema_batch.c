/* batch: Job. */
#include "schema_types.h"

static const struct sm_field exit_codes_fields[] = {
    {"containerName", STRING,                                              OPTIONAL, NULL},
    {"operator",      NAMED("PodFailurePolicyOnExitCodesOperator"),        ALWAYS,   NULL},
    {"values",        LIST_WITH(INT32, .list = SM_LIST_SET),               ALWAYS,   NULL},
};
static PLAIN(exit_codes, "PodFailurePolicyOnExitCodesRequirement");

static const struct sm_field condition_pattern_fields[] = {
    {"status", NAMED("ConditionStatus"),  ALWAYS, "\"True\""},
    {"type",   NAMED("PodConditionType"), ALWAYS, NULL},
};
static OBJECT(condition_pattern, "PodFailurePolicyOnPodConditionsPattern");

static const struct sm_field failure_rule_fields[] = {
    {"action",          NAMED("PodFailurePolicyAction"), ALWAYS,   NULL},
    {"onExitCodes",     &exit_codes,                     OPTIONAL, NULL},
    {"onPodConditions", ATOMIC_LIST(&condition_pattern), OMIT,     NULL},
};
static OBJECT(failure_rule, "PodFailurePolicyRule");

static const struct sm_field failure_policy_fields[] = {
    {"rules", ATOMIC_LIST(&failure_rule), ALWAYS, NULL},
};
static OBJECT(failure_policy, "PodFailurePolicy");

static const struct sm_field success_rule_fields[] = {
    {"succeededCount",   INT32,  OPTIONAL, NULL},
    {"succeededIndexes", STRING, OPTIONAL, NULL},
};
static PLAIN(success_rule, "SuccessPolicyRule");

static const struct sm_field success_policy_fields[] = {
    {"rules", ATOMIC_LIST(&success_rule), ALWAYS, NULL},
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
    {"activeDeadlineSeconds",   INT64,                         OPTIONAL, NULL},
    {"backoffLimit",            INT32,                         OPTIONAL, NULL},
    {"backoffLimitPerIndex",    INT32,                         OPTIONAL, NULL},
    {"completionMode",          NAMED("CompletionMode"),       OPTIONAL, "\"NonIndexed\""},
    {"completions",             INT32,                         OPTIONAL, NULL},
    {"managedBy",               STRING,                        OPTIONAL, NULL},
    {"manualSelector",          BOOL,                          OPTIONAL, "false"},
    {"maxFailedIndexes",        INT32,                         OPTIONAL, NULL},
    {"parallelism",             INT32,                         OPTIONAL, NULL},
    {"podFailurePolicy",        &failure_policy,               OPTIONAL, NULL},
    {"podReplacementPolicy",    NAMED("PodReplacementPolicy"), OPTIONAL, NULL},
    {"selector",                &sm_schema_label_selector,     OPTIONAL, NULL},
    {"successPolicy",           &success_policy,               OPTIONAL, NULL},
    {"suspend",                 BOOL,                          OPTIONAL, "false"},
    {"template",                &sm_schema_pod_template_spec,  ALWAYS,   NULL},
    {"ttlSecondsAfterFinished", INT32,                         OPTIONAL, NULL},
};
static OBJECT_WITH(spec, "JobSpec", .fill = fill_spec);

static const struct sm_field condition_fields[] = {
    {"lastProbeTime",      TIME,                      ALWAYS, NULL},
    {"lastTransitionTime", TIME,                      ALWAYS, NULL},
    {"message",            STRING,                    OMIT,   NULL},
    {"reason",             STRING,                    OMIT,   NULL},
    {"status",             NAMED("ConditionStatus"),  ALWAYS, NULL},
    {"type",               NAMED("JobConditionType"), ALWAYS, NULL},
};
static PLAIN(condition, "JobCondition");

static const struct sm_field uncounted_fields[] = {
    {"failed",    LIST_WITH(NAMED("UID"), .list = SM_LIST_SET), OMIT, NULL},
    {"succeeded", LIST_WITH(NAMED("UID"), .list = SM_LIST_SET), OMIT, NULL},
};
static PLAIN(uncounted, "UncountedTerminatedPods");

static const struct sm_field status_fields[] = {
    {"active",                  INT32,                                        OMIT,     NULL},
    {"completedIndexes",        STRING,                                       OMIT,     NULL},
    {"completionTime",          TIME,                                         OPTIONAL, NULL},
    {"conditions",              LIST_WITH(&condition, .merge_key = "type"),   OMIT,     NULL},
    {"failed",                  INT32,                                        OMIT,     NULL},
    {"failedIndexes",           STRING,                                       OPTIONAL, NULL},
    {"ready",                   INT32,                                        OPTIONAL, NULL},
    {"startTime",               TIME,                                         OPTIONAL, NULL},
    {"succeeded",               INT32,                                        OMIT,     NULL},
    {"terminating",             INT32,                                        OPTIONAL, NULL},
    {"uncountedTerminatedPods", &uncounted,                                   OPTIONAL, NULL},
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
    {"spec",   &spec,   ALWAYS, NULL},
    {"status", &status, ALWAYS, NULL},
};
OBJECT_WITH(sm_schema_job, "Job", .fill = fill_job);

/* --- CronJob ----------------------------------------------------------------------------------------------------------------- */

static const struct sm_field job_template_fields[] = {
    {"metadata", &sm_schema_object_meta, ALWAYS, NULL},
    {"spec",     &spec,                  ALWAYS, NULL},
};
static OBJECT(job_template, "JobTemplateSpec");

static const struct sm_field cron_spec_fields[] = {
    {"concurrencyPolicy",          NAMED("ConcurrencyPolicy"), OMIT,     "\"Allow\""},
    {"failedJobsHistoryLimit",     INT32,                      OPTIONAL, "1"},
    {"jobTemplate",                &job_template,              ALWAYS,   NULL},
    {"schedule",                   STRING,                     ALWAYS,   NULL},
    {"startingDeadlineSeconds",    INT64,                      OPTIONAL, NULL},
    {"successfulJobsHistoryLimit", INT32,                      OPTIONAL, "3"},
    {"suspend",                    BOOL,                       OPTIONAL, "false"},
    {"timeZone",                   STRING,                     OPTIONAL, NULL},
};
static OBJECT(cron_spec, "CronJobSpec");

static const struct sm_field cron_status_fields[] = {
    {"active",             ATOMIC_LIST(&sm_schema_object_reference), OMIT,     NULL},
    {"lastScheduleTime",   TIME,                                     OPTIONAL, NULL},
    {"lastSuccessfulTime", TIME,                                     OPTIONAL, NULL},
};
static PLAIN(cron_status, "CronJobStatus");

static const struct sm_field sm_schema_cron_job_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &cron_spec,   ALWAYS, NULL},
    {"status", &cron_status, ALWAYS, NULL},
};
OBJECT(sm_schema_cron_job, "CronJob");
