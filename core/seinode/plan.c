#include "plan.h"

#include <stdio.h>

#include "bug.h"

static const char task_id_namespace[] = "b7e89c3a-4f12-4d8b-9a6e-1c2d3e4f5a6b";

/* --- Reading ------------------------------------------------------------------------------------------------------------- */

void sm_plan_load(struct sm_region *r, struct sm_plan *plan, sm_val value) {
    *plan = (struct sm_plan){.head = sm_val_is_map(value) ? value : NULL};
    sm_val tasks = sm_val_get(plan->head, "tasks");
    plan->count = sm_val_is_list(tasks) ? sm_val_count(tasks) : 0;
    if (plan->count) {
        plan->tasks = sm_region_alloc(r, plan->count * sizeof(sm_val));
        memcpy(plan->tasks, tasks->list, plan->count * sizeof(sm_val));
    }
}

sm_val sm_plan_value(struct sm_region *r, const struct sm_plan *plan) {
    if (!plan->changed)
        return plan->head;
    return sm_val_set(r, plan->head, "tasks", sm_val_from_items(r, plan->tasks, plan->count));
}

bool sm_plan_is(const struct sm_plan *plan, const char *phase) {
    return sm_val_is_text(sm_val_get(plan->head, "phase"), phase);
}

size_t sm_plan_current(const struct sm_plan *plan) {
    size_t i = 0;
    while (i < plan->count && sm_val_is_text(sm_val_get(plan->tasks[i], "status"), SM_TASK_STATUS_COMPLETE))
        i++;
    return i;
}

sm_val sm_plan_task_of(const struct sm_plan *plan, const char *type) {
    for (size_t i = 0; i < plan->count; i++)
        if (sm_val_is_text(sm_val_get(plan->tasks[i], "type"), type))
            return plan->tasks[i];
    return NULL;
}

const char *sm_plan_type(const struct sm_plan *plan) {
    for (size_t i = 0; i < plan->count; i++) {
        sm_val type = sm_val_get(plan->tasks[i], "type");
        if (sm_val_is_text(type, "observe-image"))
            return "node-update";
        if (sm_val_is_text(type, "ensure-data-pvc"))
            return "init";
    }
    return plan->count == 1 && sm_plan_task_of(plan, "mark-ready") ? "mark-ready-reapply" : "unknown";
}

void sm_plan_task_id(char out[SM_UUID_BYTES], const char *plan_id, const char *type, size_t index) {
    char name[160];
    int length = snprintf(name, sizeof name, "%s/%s/%zu", plan_id, type, index);
    SM_ASSERT(length > 0 && (size_t)length < sizeof name);
    sm_uuid_v5(out, task_id_namespace, name);
}

/* --- Editing ------------------------------------------------------------------------------------------------------------- */

void sm_plan_set(struct sm_region *r, struct sm_plan *plan, const char *key, sm_val value) {
    plan->head = sm_val_set(r, plan->head, key, value);
}

void sm_plan_set_task(struct sm_region *r, struct sm_plan *plan, size_t i, const char *key, sm_val value) {
    plan->tasks[i] = sm_val_set(r, plan->tasks[i], key, value);
    plan->changed = true;
}

/* --- Building ------------------------------------------------------------------------------------------------------------ */

void sm_plan_begin(struct sm_plan_builder *builder, struct sm_region *r, const char *id) {
    builder->r = r;
    builder->id = id;
    builder->count = 0;
}

void sm_plan_add(struct sm_plan_builder *builder, const char *type, sm_val params, int64_t max_retries) {
    struct sm_region *r = builder->r;
    char id[SM_UUID_BYTES];
    SM_ASSERT(builder->count < SM_PLAN_TASKS_MAX);
    sm_plan_task_id(id, builder->id, type, builder->count);
    builder->tasks[builder->count++] =
        SM_MAP(r, "type", sm_val_str(r, type), "id", sm_val_str(r, id), "status", sm_val_str(r, SM_TASK_STATUS_PENDING), "params", params,
               "maxRetries", max_retries ? sm_val_int(r, max_retries) : NULL);
}

void sm_plan_end(struct sm_plan_builder *builder, struct sm_plan *ret_plan, const char *target_phase, const char *failed_phase) {
    struct sm_region *r = builder->r;
    sm_val plan = SM_MAP(r, "id", sm_val_str(r, builder->id), "phase", sm_val_str(r, SM_PLAN_ACTIVE), "targetPhase",
                         sm_val_str(r, target_phase), "failedPhase", *failed_phase ? sm_val_str(r, failed_phase) : NULL, "tasks",
                         sm_val_from_items(r, builder->tasks, builder->count));
    sm_plan_load(r, ret_plan, plan);
}
