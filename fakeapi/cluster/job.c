/* The Job controller, in its simple form (Kubernetes: "Jobs"): non-indexed jobs, pods one after the other or side by side,
 * success, the back-off limit, and the time to live of finished jobs.
 *
 * A pod that ended is counted exactly once, in a real controller's steps: it stands in status.uncountedTerminatedPods, loses
 * the finalizer that kept it until then, and only then adds to succeeded or failed. A real controller remembers what it has
 * just written; this one looks live before it counts a pod or makes one, as caches may not show that yet.
 */
#include <string.h>

#include "cluster.h"
#include "meta.h"

static const char tracking[] = "batch.kubernetes.io/job-tracking";
static const sm_time backoff = 10 * SM_SECOND, backoff_max = 10 * SM_MINUTE;

struct job {
    struct sm_ctx *ctx;
    struct sm_region *r;
    sm_val object;
    const char *uid, *name, *name_space;
    sm_val pods; /* its own, as cached */
    int64_t active, ready, terminating;
    sm_val succeeded, failed; /* uids of pods that ended and are not counted yet; NULL: none */
    sm_time last_failure;
};

static void map_pod(struct sm_enqueue *to, sm_val before, sm_val after) {
    sm_map_owner_of(to, before, after, SM_JOBS);
}

/* --- Pods --------------------------------------------------------------------------------------------------------------------- */

static bool is_phase(sm_val pod, const char *phase) {
    return sm_val_is_text(sm_val_at(pod, "status.phase"), phase);
}

static bool has_failed(sm_val pod) {
    return is_phase(pod, "Failed") || (sm_meta_deleting(pod) && !is_phase(pod, "Succeeded"));
}

static sm_time ended_at(sm_val pod) {
    sm_time last = 0, at;
    sm_val status;
    SM_EACH_ITEM(status, sm_val_at(pod, "status.containerStatuses"))
        if (sm_clock_parse_rfc3339(sm_val_str_at(status, "state.terminated.finishedAt"), &at) && at > last)
            last = at;
    return last;
}

/* Adds a pod that has just ended to those that have to be counted. */
static void add_ended(struct job *job, sm_val *list, sm_val pod) {
    sm_val uid = sm_val_at(pod, "metadata.uid"), known;
    if (!sm_meta_has_finalizer(pod, tracking))
        return;
    SM_EACH_ITEM(known, *list)
        if (sm_val_equal(known, uid))
            return;
    const struct sm_reply *live = sm_ctx_live_get(job->ctx, SM_PODS, job->name_space, sm_meta_name(pod));
    if (sm_reply_ok(live) && sm_val_equal(sm_val_at(live->body, "metadata.uid"), uid) && sm_meta_has_finalizer(live->body, tracking))
        *list = sm_val_append(job->r, *list, uid);
}

static void look_at_pod(struct job *job, sm_val pod) {
    job->terminating += sm_meta_deleting(pod) && !is_phase(pod, "Succeeded") && !is_phase(pod, "Failed");
    if (is_phase(pod, "Succeeded")) {
        add_ended(job, &job->succeeded, pod);
    } else if (has_failed(pod)) {
        sm_time at = ended_at(pod);
        job->last_failure = at > job->last_failure ? at : job->last_failure;
        add_ended(job, &job->failed, pod);
    } else {
        job->active++;
        job->ready += sm_condition_is(sm_val_at(pod, "status.conditions"), "Ready", "True");
    }
}

static void look(struct job *job) {
    sm_val all = sm_ctx_cached_list(job->ctx, SM_PODS, job->name_space, NULL), pod;
    job->succeeded = sm_val_at(job->object, "status.uncountedTerminatedPods.succeeded");
    job->failed = sm_val_at(job->object, "status.uncountedTerminatedPods.failed");
    SM_EACH_ITEM(pod, all)
        if (sm_meta_controlled_by(pod, job->uid)) {
            job->pods = sm_val_append(job->r, job->pods, pod);
            look_at_pod(job, pod);
        }
}

static const char *untrack(struct sm_ctx *ctx, sm_val pod) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val metadata =
        SM_MAP(r, "uid", sm_val_at(pod, "metadata.uid"), "$deleteFromPrimitiveList/finalizers", SM_LIST(r, sm_val_str(r, tracking)));
    const struct sm_reply *reply =
        sm_ctx_patch(ctx, SM_PODS, "", sm_meta_namespace(pod), sm_meta_name(pod), SM_PATCH_STRATEGIC, SM_MAP(r, "metadata", metadata));
    return sm_reply_ok(reply) || reply->code == 404 ? NULL : sm_reply_error(reply);
}

/* [all]: those that run, too. */
static const char *untrack_pods(struct job *job, bool all) {
    const char *error = NULL;
    sm_val pod;
    SM_EACH_ITEM(pod, job->pods)
        if (!error && sm_meta_has_finalizer(pod, tracking) && (all || is_phase(pod, "Succeeded") || has_failed(pod)))
            error = untrack(job->ctx, pod);
    return error;
}

static const char *create_pod(struct job *job) {
    struct sm_region *r = job->r;
    sm_val template = sm_val_at(job->object, "spec.template"), metadata = sm_val_get(template, "metadata");
    sm_val finalizers = sm_val_append(r, sm_val_get(metadata, "finalizers"), sm_val_str(r, tracking));
    metadata = SM_MAP(r, "generateName", sm_val_strf(r, "%s-", job->name), "namespace", sm_val_str(r, job->name_space), "labels",
                      sm_val_get(metadata, "labels"), "annotations", sm_val_get(metadata, "annotations"), "finalizers", finalizers,
                      "ownerReferences", SM_LIST(r, sm_meta_controller_ref(r, SM_JOBS, job->object)));
    sm_val pod = SM_MAP(r, "apiVersion", sm_val_str(r, "v1"), "kind", sm_val_str(r, "Pod"), "metadata", metadata, "spec",
                        sm_val_get(template, "spec"));
    const struct sm_reply *reply = sm_ctx_create(job->ctx, SM_PODS, job->name_space, pod);
    if (!sm_reply_ok(reply)) {
        sm_ctx_event(job->ctx, SM_JOBS, job->object, "Warning", "FailedCreate",
                     sm_region_printf(r, "Error creating: %s", sm_reply_error(reply)));
        return sm_reply_error(reply);
    }
    job->active++;
    sm_ctx_event(job->ctx, SM_JOBS, job->object, "Normal", "SuccessfulCreate",
                 sm_region_printf(r, "Created pod: %s", sm_meta_name(reply->body)));
    return NULL;
}

static const char *create_missing(struct job *job, int64_t wanted) {
    const char *error = NULL;
    const struct sm_reply *live =
        sm_ctx_live_list(job->ctx, SM_PODS, job->name_space, sm_region_printf(job->r, "batch.kubernetes.io/controller-uid=%s", job->uid));
    int64_t there = 0;
    sm_val pod;
    if (!sm_reply_ok(live))
        return sm_reply_error(live);
    SM_EACH_ITEM(pod, sm_val_get(live->body, "items"))
        there += !is_phase(pod, "Succeeded") && !has_failed(pod);
    for (; there < wanted && !error; there++)
        error = create_pod(job);
    return error;
}

static const char *delete_active(struct job *job) {
    sm_val pod;
    SM_EACH_ITEM(pod, job->pods) {
        if (is_phase(pod, "Succeeded") || has_failed(pod))
            continue;
        const struct sm_reply *reply = sm_ctx_delete(job->ctx, SM_PODS, job->name_space, sm_meta_name(pod), NULL);
        if (!sm_reply_ok(reply) && reply->code != 404)
            return sm_reply_error(reply);
    }
    return NULL;
}

/* --- Status --------------------------------------------------------------------------------------------------------------------- */

static sm_val number_or_none(struct sm_region *r, int64_t number) {
    return number ? sm_val_int(r, number) : NULL;
}

/* Status as it is now. Pods not counted yet stand in uncountedTerminatedPods, or are added if [counted]. */
static sm_val status_of(struct job *job, sm_val conditions, bool counted) {
    struct sm_region *r = job->r;
    sm_val old = sm_val_get(job->object, "status"), now = sm_val_str(r, sm_clock_rfc3339(r, sm_ctx_second(job->ctx)));
    int64_t succeeded = sm_val_int_at(old, "succeeded", 0), failed = sm_val_int_at(old, "failed", 0);
    sm_val uncounted = counted ? SM_EMPTY_MAP : SM_MAP(r, "succeeded", job->succeeded, "failed", job->failed);
    if (counted) {
        succeeded += (int64_t)sm_val_count(job->succeeded);
        failed += (int64_t)sm_val_count(job->failed);
    }
    sm_val start = sm_val_get(old, "startTime");
    return SM_MAP(r, "active", number_or_none(r, job->active), "ready", sm_val_int(r, job->ready), "terminating",
                  sm_val_int(r, job->terminating), "startTime", start ? start : now, "succeeded", number_or_none(r, succeeded), "failed",
                  number_or_none(r, failed), "conditions", conditions, "completionTime",
                  sm_condition_is(conditions, "Complete", "True") ? now : NULL, "uncountedTerminatedPods", uncounted);
}

static const char *write_status(struct job *job, sm_val status) {
    if (sm_val_equal(status, sm_val_get(job->object, "status")))
        return NULL;
    const struct sm_reply *reply = sm_ctx_update(job->ctx, SM_JOBS, "status", sm_val_set(job->r, job->object, "status", status));
    if (!sm_reply_ok(reply))
        return sm_reply_error(reply);
    job->object = reply->body;
    return NULL;
}

static sm_val add_condition(struct job *job, sm_val conditions, const char *type, const char *reason, const char *message) {
    struct sm_region *r = job->r;
    sm_val now = sm_val_str(r, sm_clock_rfc3339(r, sm_ctx_second(job->ctx)));
    if (sm_condition_find(conditions, type))
        return conditions;
    return sm_val_append(r, conditions,
                         SM_MAP(r, "type", sm_val_str(r, type), "status", sm_val_str(r, "True"), "lastProbeTime", now, "lastTransitionTime",
                                now, "reason", sm_val_str(r, reason), "message", sm_val_str(r, message)));
}

/* Two conditions one after the other: that the end is certain, and, once every pod is counted, that it has come. */
static const char *finish(struct job *job, bool success) {
    const char *reason = success ? "CompletionsReached" : "BackoffLimitExceeded";
    const char *message = success ? "Reached expected number of succeeded pods" : "Job has reached the specified backoff limit";
    sm_val conditions = sm_val_at(job->object, "status.conditions");
    const char *error = delete_active(job);
    if (error)
        return error;
    job->active = job->ready = 0;
    conditions = add_condition(job, conditions, success ? "SuccessCriteriaMet" : "FailureTarget", reason, message);
    error = write_status(job, status_of(job, conditions, false));
    if (!error)
        error = untrack_pods(job, true);
    if (error)
        return error;
    conditions = add_condition(job, conditions, success ? "Complete" : "Failed", reason, message);
    error = write_status(job, status_of(job, conditions, true));
    if (!error)
        sm_ctx_event(job->ctx, SM_JOBS, job->object, success ? "Normal" : "Warning", success ? "Completed" : reason,
                     success ? "Job completed" : message);
    return error;
}

/* --- The pass --------------------------------------------------------------------------------------------------------------------- */

/* A finished job goes when its time is over. */
static struct sm_result expire(struct job *job, sm_val condition) {
    struct sm_region *r = job->r;
    sm_val ttl = sm_val_at(job->object, "spec.ttlSecondsAfterFinished");
    sm_time since = 0;
    const char *error = untrack_pods(job, true);
    if (error)
        return sm_error(error);
    if (!ttl || sm_meta_deleting(job->object) || !sm_clock_parse_rfc3339(sm_val_str_at(condition, "lastTransitionTime"), &since))
        return sm_done();
    sm_time left = since + ttl->integer * SM_SECOND - sm_ctx_now(job->ctx);
    if (left > 0)
        return sm_requeue_after(left);
    sm_val options = SM_MAP(r, "apiVersion", sm_val_str(r, "v1"), "kind", sm_val_str(r, "DeleteOptions"), "preconditions",
                            SM_MAP(r, "uid", sm_val_str(r, job->uid)), "propagationPolicy", sm_val_str(r, "Foreground"));
    const struct sm_reply *reply = sm_ctx_delete(job->ctx, SM_JOBS, job->name_space, job->name, options);
    return sm_reply_ok(reply) || reply->code == 404 ? sm_done() : sm_error(sm_reply_error(reply));
}

/* Nobody counts the pods of a job that is gone. */
static struct sm_result let_go(struct sm_ctx *ctx, struct sm_key key) {
    sm_val all = sm_ctx_cached_list(ctx, SM_PODS, key.name_space, NULL), pod;
    SM_EACH_ITEM(pod, all) {
        sm_val owner = sm_meta_controller(pod);
        bool ours = sm_val_is_text(sm_val_get(owner, "kind"), "Job") && sm_val_is_text(sm_val_get(owner, "name"), key.name);
        const char *error = ours && sm_meta_has_finalizer(pod, tracking) ? untrack(ctx, pod) : NULL;
        if (error)
            return sm_error(error);
    }
    return sm_done();
}

static struct sm_result advance(struct job *job) {
    sm_val spec = sm_val_get(job->object, "spec"), status = sm_val_get(job->object, "status");
    int64_t completions = sm_val_int_at(spec, "completions", 1), parallelism = sm_val_int_at(spec, "parallelism", 1);
    int64_t succeeded = sm_val_int_at(status, "succeeded", 0) + (int64_t)sm_val_count(job->succeeded);
    int64_t failed = sm_val_int_at(status, "failed", 0) + (int64_t)sm_val_count(job->failed);
    const char *error = NULL;
    if (succeeded >= completions || failed > sm_val_int_at(spec, "backoffLimit", 6)) {
        error = finish(job, succeeded >= completions);
        return error ? sm_error(error) : sm_done();
    }

    int64_t wanted = completions - succeeded < parallelism ? completions - succeeded : parallelism;
    sm_time wait = 0;
    if (failed > 0 && job->last_failure) {
        sm_time pause = failed > 6 ? backoff_max : backoff << (failed - 1);
        wait = job->last_failure + pause - sm_ctx_now(job->ctx);
    }
    if (job->active < wanted && wait <= 0 && !sm_meta_deleting(job->object) && !sm_val_true_at(spec, "suspend"))
        error = create_missing(job, wanted);
    bool counting = sm_val_count(job->succeeded) + sm_val_count(job->failed) > 0;
    sm_val conditions = sm_val_get(status, "conditions");
    const char *status_error = write_status(job, status_of(job, conditions, false));
    if (!status_error && counting)
        status_error = untrack_pods(job, false);
    if (!status_error && counting)
        status_error = write_status(job, status_of(job, conditions, true));
    error = error ? error : status_error;
    return error ? sm_error(error) : wait > 0 ? sm_requeue_after(wait) : sm_done();
}

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key) {
    sm_val object = sm_ctx_cached_get(ctx, SM_JOBS, key.name_space, key.name);
    if (!object)
        return let_go(ctx, key);
    struct job job = {.ctx = ctx,
                      .r = sm_ctx_region(ctx),
                      .object = object,
                      .uid = sm_meta_uid(object),
                      .name = key.name,
                      .name_space = key.name_space};
    sm_val conditions = sm_val_at(object, "status.conditions");
    look(&job);
    if (sm_condition_is(conditions, "Complete", "True") || sm_condition_is(conditions, "Failed", "True"))
        return expire(&job, sm_condition_find(conditions, sm_condition_is(conditions, "Failed", "True") ? "Failed" : "Complete"));
    return advance(&job);
}

static const struct sm_watch watches[] = {{.resource = SM_JOBS, .map = sm_map_self}, {.resource = SM_PODS, .map = map_pod}};

const struct sm_controller sm_job_controller = {
    .name = "job-controller",
    .user_agent = "kube-controller-manager",
    .primary = SM_JOBS,
    .watches = watches,
    .watch_count = sizeof watches / sizeof *watches,
    .reconcile = reconcile,
};
