/* The executor: advances the active plan as far as it goes in one pass (seinode-controller.md 4). */
#ifndef SM_EXECUTOR_H
#define SM_EXECUTOR_H

#include "node.h"

struct sm_result sm_executor_run(struct sm_node *node);

/* The delay before retry [n] of a failed task, from 1: 10, 20, 30, 30 … seconds. */
sm_time sm_executor_backoff(int64_t n);

#endif
