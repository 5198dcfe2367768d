/* One task after another until one has to wait. A task's own state is not kept between passes: an unfinished task stays
 * Pending and its execute runs again at every poll.
 */
#include "executor.h"

#include "metrics.h"
#include "task.h"

enum { POLL_SECONDS = 5, BACKOFF_MAX_SECONDS = 30 };

sm_time sm_executor_backoff(int64_t n) {
    sm_time delay = POLL_SECONDS * SM_SECOND << (n < 5 ? n : 5);
    return delay < BACKOFF_MAX_SECONDS * SM_SECOND ? delay : BACKOFF_MAX_SECONDS * SM_SECOND;
}

/* --- How a plan ends ----------------------------------------------------------------------------------------------------- */

static struct sm_result complete(struct sm_node *node) {
    sm_plan_set(node->r, &node->plan, "phase", sm_val_str(node->r, SM_PLAN_COMPLETE));
    sm_node_set_phase(node, sm_plan_text(&node->plan, "targetPhase"));
    sm_metrics_plan_active(node, -1);
    return sm_requeue_after(SM_MILLISECOND);
}

static struct sm_result fail(struct sm_node *node, size_t i, const char *error) {
    struct sm_region *r = node->r;
    sm_val task = node->plan.tasks[i];
    sm_val text = sm_val_str(r, error);
    sm_plan_set_task(r, &node->plan, i, "status", sm_val_str(r, SM_TASK_STATUS_FAILED));
    sm_plan_set_task(r, &node->plan, i, "error", text);

    sm_plan_set(r, &node->plan, "phase", sm_val_str(r, SM_PLAN_FAILED));
    sm_plan_set(r, &node->plan, "failedTaskIndex", sm_val_int(r, (int64_t)i));
    sm_val detail = SM_MAP(r, "type", sm_val_get(task, "type"), "id", sm_val_get(task, "id"), "error", text, "retryCount",
                           sm_val_int(r, sm_val_int_at(task, "retryCount", 0)), "maxRetries",
                           sm_val_int(r, sm_val_int_at(task, "maxRetries", 0)));
    sm_plan_set(r, &node->plan, "failedTaskDetail", detail);
    sm_node_set_phase(node, sm_plan_text(&node->plan, "failedPhase"));
    sm_metrics_plan_active(node, -1);
    return sm_done();
}

/* --- One task ------------------------------------------------------------------------------------------------------------ */

static void submitted(struct sm_node *node, size_t i) {
    if (!sm_val_get(node->plan.tasks[i], "submittedAt"))
        sm_plan_set_task(node->r, &node->plan, i, "submittedAt", sm_node_now(node));
}

/* A task said Failed: again from the start while its budget lasts. */
static struct sm_result failed(struct sm_node *node, size_t i, const char *error) {
    sm_val task = node->plan.tasks[i];
    int64_t max_retries = sm_val_int_at(task, "maxRetries", 0), retries = sm_val_int_at(task, "retryCount", 0);
    if (retries >= max_retries)
        return fail(node, i, error);

    sm_plan_set_task(node->r, &node->plan, i, "retryCount", sm_val_int(node->r, retries + 1));
    sm_plan_set_task(node->r, &node->plan, i, "status", sm_val_str(node->r, SM_TASK_STATUS_PENDING));
    sm_plan_set_task(node->r, &node->plan, i, "error", NULL);
    sm_plan_set_task(node->r, &node->plan, i, "submittedAt", NULL);
    return sm_requeue_after(sm_executor_backoff(retries + 1));
}

/* True if the task is complete; else [ret_result] says what becomes of the pass. */
static bool advance(struct sm_node *node, size_t i, struct sm_result *ret_result) {
    sm_val value = node->plan.tasks[i];
    struct sm_task task = {value, sm_val_text(sm_val_get(value, "type")), sm_val_text(sm_val_get(value, "id")),
                           sm_val_get(value, "params")};
    const struct sm_task_kind *kind = sm_task_kind(task.type);
    if (!kind) {
        *ret_result = fail(node, i, sm_region_printf(node->r, "unknown task type \"%s\"", task.type));
        return false;
    }
    if (task.params && !sm_val_is_map(task.params) && !sm_val_is_null(task.params)) {
        *ret_result = fail(node, i, sm_region_printf(node->r, "deserializing params of task \"%s\": not an object", task.type));
        return false;
    }

    struct sm_task_result result = kind->execute(node, &task);
    if (result.kind == SM_TASK_TERMINAL) {
        *ret_result = fail(node, i, result.error);
        return false;
    }
    if (result.kind == SM_TASK_RETRY) {
        sm_ctx_note(node->ctx, sm_region_printf(node->r, "task execution failed, will retry: %s: %s", task.type, result.error));
        *ret_result = sm_requeue_after(POLL_SECONDS * SM_SECOND);
        return false;
    }
    submitted(node, i);
    if (result.kind == SM_TASK_RUNNING && kind->status)
        result = kind->status(node, &task);

    if (result.kind == SM_TASK_DONE) {
        sm_plan_set_task(node->r, &node->plan, i, "status", sm_val_str(node->r, SM_TASK_STATUS_COMPLETE));
        return true;
    }
    *ret_result = result.kind == SM_TASK_FAILED ? failed(node, i, result.error) : sm_requeue_after(POLL_SECONDS * SM_SECOND);
    return false;
}

struct sm_result sm_executor_run(struct sm_node *node) {
    if (!sm_plan_is(&node->plan, SM_PLAN_ACTIVE))
        return sm_done();
    sm_metrics_plan_active(node, 1);
    for (;;) {
        size_t i = sm_plan_current(&node->plan);
        if (i == node->plan.count)
            return complete(node);
        struct sm_result result;
        if (!advance(node, i, &result))
            return result;
    }
}
