/* A plan: an ordered list of tasks in status.plan, each with an id that is derived and so the same after a crash
 * (seinode-controller.md 1.4).
 *
 * A plan is a value; while a pass works on it, its tasks stand apart in an array so that finishing one costs one small map.
 */
#ifndef SM_PLAN_H
#define SM_PLAN_H

#include "uuid.h"
#include "val.h"

#define SM_PLAN_ACTIVE "Active"
#define SM_PLAN_COMPLETE "Complete"
#define SM_PLAN_FAILED "Failed"

#define SM_TASK_STATUS_PENDING "Pending"
#define SM_TASK_STATUS_COMPLETE "Complete"
#define SM_TASK_STATUS_FAILED "Failed"

enum { SM_PLAN_TASKS_MAX = 32 }; /* that we build; one that is read may have any number */

struct sm_plan {
    sm_val head;   /* as stored, tasks as they were; NULL: there is no plan */
    sm_val *tasks; /* as edited */
    size_t count;
    bool changed; /* tasks differ from head's */
};

/* --- Reading ------------------------------------------------------------------------------------------------------- */

void sm_plan_load(struct sm_region *r, struct sm_plan *plan, sm_val value);
sm_val sm_plan_value(struct sm_region *r, const struct sm_plan *plan); /* NULL if there is no plan */

static inline bool sm_plan_exists(const struct sm_plan *plan) { return plan->head; }
static inline const char *sm_plan_text(const struct sm_plan *plan, const char *key) { return sm_val_text(sm_val_get(plan->head, key)); }
bool sm_plan_is(const struct sm_plan *plan, const char *phase); /* false if there is no plan */

/* The first task that is not complete; the count if all are. */
size_t sm_plan_current(const struct sm_plan *plan);
/* The first task of [type], NULL if there is none. */
sm_val sm_plan_task_of(const struct sm_plan *plan, const char *type);

/* For metrics: `node-update`, `init`, `mark-ready-reapply`, `unknown`. */
const char *sm_plan_type(const struct sm_plan *plan);

/* The id of a task: UUIDv5 of `<plan>/<type>/<index>`. */
void sm_plan_task_id(char out[SM_UUID_BYTES], const char *plan_id, const char *type, size_t index);

/* --- Editing ------------------------------------------------------------------------------------------------------- */

/* Sets one field of the plan (not `tasks`) or of a task; NULL removes it. */
void sm_plan_set(struct sm_region *r, struct sm_plan *plan, const char *key, sm_val value);
void sm_plan_set_task(struct sm_region *r, struct sm_plan *plan, size_t i, const char *key, sm_val value);

/* --- Building ------------------------------------------------------------------------------------------------------ */

struct sm_plan_builder {
    struct sm_region *r;
    const char *id;
    sm_val tasks[SM_PLAN_TASKS_MAX];
    size_t count;
};

void sm_plan_begin(struct sm_plan_builder *builder, struct sm_region *r, const char *id);
void sm_plan_add(struct sm_plan_builder *builder, const char *type, sm_val params, int64_t max_retries);
/* [failed_phase] may be "". */
void sm_plan_end(struct sm_plan_builder *builder, struct sm_plan *ret_plan, const char *target_phase, const char *failed_phase);

#endif
