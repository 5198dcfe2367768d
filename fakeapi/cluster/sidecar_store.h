/* The tasks of all sidecars, private to them: what is on data volumes. */
#ifndef SM_SIDECAR_STORE_H
#define SM_SIDECAR_STORE_H

#include "sidecar.h"

enum sm_sidecar_status { SM_SIDECAR_RUNNING, SM_SIDECAR_COMPLETED, SM_SIDECAR_FAILED };

struct sm_sidecar_task {
    const char *volume; /* NULL: the slot is free */
    const char *id;
    const char *type;
    sm_val params;
    enum sm_sidecar_status status;
    uint32_t run;   /* 1, 2 … */
    uint64_t order; /* by submission */
    sm_time submitted, completed;
    sm_time due;       /* of a running task whose process lives */
    const char *error; /* it fails, or failed, with this */
};

struct sm_sidecar_store {
    struct sm_sidecar_task task[SM_SIDECAR_TASKS_MAX];
    uint64_t submitted; /* number of tasks ever */
};

/* NULL if [volume] has no such task. */
struct sm_sidecar_task *sm_sidecar_task_find(struct sm_sidecar_store *store, const char *volume, const char *id);

/* A new task in place of the oldest one that has ended, if there is no room. */
struct sm_sidecar_task *sm_sidecar_task_add(struct sm_env *env, struct sm_sidecar_store *store, const char *volume, const char *id,
                                            const char *type, sm_val params);

/* The running task of [volume] that is due first, NULL if none is. */
struct sm_sidecar_task *sm_sidecar_task_next(struct sm_sidecar_store *store, const char *volume);

/* As GET /v0/tasks/{id} shows it. */
sm_val sm_sidecar_task_object(struct sm_region *r, const struct sm_sidecar_task *task);

bool sm_sidecar_task_type_known(const char *type);

void sm_sidecar_store_hash(const struct sm_sidecar_store *store, struct sm_hash *hash, sm_time now);

#endif
