/* The tasks around the bootstrap Job: deploy its Service and the Job, wait until it has reached its height, remove both. */
#include "resources.h"
#include "task.h"

static const char *param(const struct sm_task *task, const char *key) {
    return sm_val_text(sm_val_get(task->params, key));
}

/* Whatever exists already under the name counts as done, whoever made it. */
static struct sm_task_result deploy(struct sm_node *node, const struct sm_resource *resource, sm_val object, const char *what) {
    const struct sm_reply *reply = sm_ctx_create(node->ctx, resource, node->name_space, object);
    if (sm_reply_ok(reply) || sm_reply_is(reply, "AlreadyExists"))
        return sm_task_running();
    return sm_task_retry(node, "creating bootstrap %s: %s", what, sm_reply_error(reply));
}

static struct sm_task_result visible(struct sm_node *node, const struct sm_resource *resource, const char *name) {
    return sm_ctx_cached_get(node->ctx, resource, node->name_space, name) ? sm_task_done() : sm_task_running();
}

struct sm_task_result sm_deploy_bootstrap_service(struct sm_node *node, const struct sm_task *task) {
    (void)task;
    return deploy(node, SM_SERVICES, sm_bootstrap_service(node), "service");
}

struct sm_task_result sm_deploy_bootstrap_service_status(struct sm_node *node, const struct sm_task *task) {
    return visible(node, SM_SERVICES, param(task, "serviceName"));
}

struct sm_task_result sm_deploy_bootstrap_job(struct sm_node *node, const struct sm_task *task) {
    (void)task;
    if (!sm_val_get(sm_node_snapshot(node), "s3"))
        return sm_task_retry(node, "generating bootstrap job: snapshot has no s3 source");
    return deploy(node, SM_JOBS, sm_bootstrap_job(node), "job");
}

struct sm_task_result sm_deploy_bootstrap_job_status(struct sm_node *node, const struct sm_task *task) {
    return visible(node, SM_JOBS, param(task, "jobName"));
}

struct sm_task_result sm_await_bootstrap(struct sm_node *node, const struct sm_task *task) {
    (void)node;
    (void)task;
    return sm_task_running();
}

struct sm_task_result sm_await_bootstrap_status(struct sm_node *node, const struct sm_task *task) {
    const char *name = param(task, "jobName");
    sm_val job = sm_ctx_cached_get(node->ctx, SM_JOBS, node->name_space, name), condition;
    if (!job)
        return sm_task_failed(node, "bootstrap job %s not found", name);
    SM_EACH_ITEM(condition, sm_val_get(sm_val_get(job, "status"), "conditions")) {
        if (!sm_val_is_text(sm_val_get(condition, "status"), "True"))
            continue;
        if (sm_val_is_text(sm_val_get(condition, "type"), "Complete"))
            return sm_task_done();
        if (sm_val_is_text(sm_val_get(condition, "type"), "Failed")) {
            const char *message = sm_val_text(sm_val_get(condition, "message"));
            return sm_task_failed(node, "bootstrap job failed: %s", *message ? message : "bootstrap job failed");
        }
    }
    return sm_task_running();
}

/* False if it is there and can't be deleted. */
static bool remove_object(struct sm_node *node, const struct sm_resource *resource, const char *name, const char *propagation,
                          const char *what, struct sm_task_result *ret_result) {
    if (!sm_ctx_cached_get(node->ctx, resource, node->name_space, name))
        return true;
    const struct sm_reply *reply =
        sm_ctx_delete(node->ctx, resource, node->name_space, name, sm_delete_options(node->r, resource, propagation, NULL));
    if (sm_reply_ok(reply) || sm_reply_is(reply, "NotFound"))
        return true;
    *ret_result = sm_task_retry(node, "deleting bootstrap %s: %s", what, sm_reply_error(reply));
    return false;
}

/* Done as soon as both deletes are on their way. */
struct sm_task_result sm_teardown_bootstrap(struct sm_node *node, const struct sm_task *task) {
    struct sm_task_result result;
    if (!remove_object(node, SM_JOBS, param(task, "jobName"), "Foreground", "job", &result) ||
        !remove_object(node, SM_SERVICES, param(task, "serviceName"), NULL, "service", &result))
        return result;
    return sm_task_done();
}
