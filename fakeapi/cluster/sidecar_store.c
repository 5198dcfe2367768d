/* Tasks on data volumes, keyed by volume and id. */
#include "sidecar_store.h"

#include <string.h>

#include "bug.h"

static const char *const types[] = {
    "snapshot-restore", "configure-state-sync", "await-condition", "config-apply",           "config-validate",
    "configure-genesis", "discover-peers",      "generate-identity", "generate-gentx",       "upload-genesis-artifacts",
    "set-genesis-peers", "mark-ready",          "snapshot-upload", "assemble-and-upload-genesis",
};

static const char *const status_names[] = {"running", "completed", "failed"};

bool sm_sidecar_task_type_known(const char *type) {
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i], type) == 0)
            return true;
    return false;
}

static bool is_on(const struct sm_sidecar_task *task, const char *volume) {
    return task->volume && strcmp(task->volume, volume) == 0;
}

struct sm_sidecar_task *sm_sidecar_task_find(struct sm_sidecar_store *store, const char *volume, const char *id) {
    for (size_t i = 0; i < SM_SIDECAR_TASKS_MAX; i++)
        if (is_on(&store->task[i], volume) && strcmp(store->task[i].id, id) == 0)
            return &store->task[i];
    return NULL;
}

static struct sm_sidecar_task *room(struct sm_sidecar_store *store) {
    struct sm_sidecar_task *oldest = NULL;
    for (size_t i = 0; i < SM_SIDECAR_TASKS_MAX; i++) {
        struct sm_sidecar_task *task = &store->task[i];
        if (!task->volume)
            return task;
        if (task->status != SM_SIDECAR_RUNNING && (!oldest || task->order < oldest->order))
            oldest = task;
    }
    if (!oldest)
        sm_bug("sidecars: more than %d tasks run at a time", SM_SIDECAR_TASKS_MAX);
    return oldest;
}

struct sm_sidecar_task *sm_sidecar_task_add(struct sm_env *env, struct sm_sidecar_store *store, const char *volume, const char *id,
                                            const char *type, sm_val params) {
    struct sm_sidecar_task *task = room(store);
    *task = (struct sm_sidecar_task){.volume = volume,
                                     .id = sm_region_strdup(env->run, id),
                                     .type = sm_region_strdup(env->run, type),
                                     .params = sm_val_count(params) > 0 ? params : NULL,
                                     .order = store->submitted++,
                                     .submitted = env->now};
    return task;
}

struct sm_sidecar_task *sm_sidecar_task_next(struct sm_sidecar_store *store, const char *volume) {
    struct sm_sidecar_task *first = NULL;
    for (size_t i = 0; i < SM_SIDECAR_TASKS_MAX; i++) {
        struct sm_sidecar_task *task = &store->task[i];
        if (is_on(task, volume) && task->status == SM_SIDECAR_RUNNING &&
            (!first || task->due < first->due || (task->due == first->due && task->order < first->order)))
            first = task;
    }
    return first;
}

sm_val sm_sidecar_task_object(struct sm_region *r, const struct sm_sidecar_task *task) {
    bool ended = task->status != SM_SIDECAR_RUNNING;
    const char *error = task->status == SM_SIDECAR_FAILED ? task->error : NULL;
    return SM_MAP(r, "id", sm_val_str(r, task->id), "type", sm_val_str(r, task->type), "status", sm_val_str(r, status_names[task->status]),
                  "run", sm_val_int(r, task->run), "params", task->params, "error", error ? sm_val_str(r, error) : NULL, "submittedAt",
                  sm_val_str(r, sm_clock_rfc3339(r, task->submitted)), "completedAt",
                  ended ? sm_val_str(r, sm_clock_rfc3339(r, task->completed)) : NULL);
}

void sm_sidecar_store_hash(const struct sm_sidecar_store *store, struct sm_hash *hash, sm_time now) {
    for (size_t i = 0; i < SM_SIDECAR_TASKS_MAX; i++) {
        const struct sm_sidecar_task *task = &store->task[i];
        if (!task->volume || (task->status != SM_SIDECAR_RUNNING && !sm_hash_knows(hash, task->id)))
            continue;
        sm_hash_text(hash, task->volume);
        sm_hash_text(hash, task->id);
        sm_hash_text(hash, task->type);
        sm_hash_u64(hash, task->status);
        sm_hash_remaining(hash, task->status == SM_SIDECAR_RUNNING ? task->due : 0, now);
    }
}
