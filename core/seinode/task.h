/* What a task does. One file a task under tasks/, one row in task.c.
 *
 * execute runs on every poll, not once, so it must be repeatable: what it did may not be seen yet, and what it returned may
 * have been lost with the status write.
 */
#ifndef SM_TASK_H
#define SM_TASK_H

#include "node.h"

struct sm_task {
    sm_val value; /* as stored in the plan */
    const char *type, *id;
    sm_val params; /* frozen when the plan was built; NULL if it has none */
};

struct sm_task_result {
    enum {
        SM_TASK_RUNNING,  /* ask again in 5 s */
        SM_TASK_DONE,     /* complete */
        SM_TASK_FAILED,   /* may be retried, see max_retries */
        SM_TASK_RETRY,    /* a transient error: nothing of it shows in the status, again in 5 s */
        SM_TASK_TERMINAL, /* fails the plan */
    } kind;
    const char *error; /* for the last three; in the pass's region */
};

static inline struct sm_task_result sm_task_running(void) { return (struct sm_task_result){.kind = SM_TASK_RUNNING}; }
static inline struct sm_task_result sm_task_done(void) { return (struct sm_task_result){.kind = SM_TASK_DONE}; }
struct sm_task_result sm_task_retry(struct sm_node *node, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct sm_task_result sm_task_terminal(struct sm_node *node, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct sm_task_result sm_task_failed(struct sm_node *node, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct sm_task_kind {
    const char *type;
    int max_retries; /* replace-pod's is the profile's */
    struct sm_task_result (*execute)(struct sm_node *node, const struct sm_task *task);
    /* Asked after an execute that said RUNNING; NULL: that was the answer. */
    struct sm_task_result (*status)(struct sm_node *node, const struct sm_task *task);
};

const struct sm_task_kind *sm_task_kind(const char *type); /* NULL if there is none */
int sm_task_max_retries(const struct sm_profile *profile, const char *type);

/* --- The tasks ----------------------------------------------------------------------------------------------------- */

#define SM_TASK_CALLBACK(name) struct sm_task_result name(struct sm_node *node, const struct sm_task *task)
SM_TASK_CALLBACK(sm_ensure_data_pvc);
SM_TASK_CALLBACK(sm_apply_statefulset);
SM_TASK_CALLBACK(sm_apply_service);
SM_TASK_CALLBACK(sm_replace_pod);
SM_TASK_CALLBACK(sm_observe_image);
SM_TASK_CALLBACK(sm_validate_signing_key);
SM_TASK_CALLBACK(sm_validate_node_key);
SM_TASK_CALLBACK(sm_deploy_bootstrap_service);
SM_TASK_CALLBACK(sm_deploy_bootstrap_service_status);
SM_TASK_CALLBACK(sm_deploy_bootstrap_job);
SM_TASK_CALLBACK(sm_deploy_bootstrap_job_status);
SM_TASK_CALLBACK(sm_await_bootstrap);
SM_TASK_CALLBACK(sm_await_bootstrap_status);
SM_TASK_CALLBACK(sm_teardown_bootstrap);
SM_TASK_CALLBACK(sm_sidecar_submit); /* polled kinds */
SM_TASK_CALLBACK(sm_sidecar_post);   /* fire-and-forget kinds */
SM_TASK_CALLBACK(sm_sidecar_status);

#endif
