/* Why a world stands still, in words: which task of which plan waits for what; and what goes round in a livelock. */
#ifndef SM_REASON_H
#define SM_REASON_H

#include "world.h"

/* `task observe-image of seinode default/n-1 waits: statefulset n-1 has updatedReplicas 0 of 1 …`. NULL if no plan is active. */
const char *sm_reason_stuck(const struct sm_world *world, struct sm_region *r);

/* A plan or node that is Failed, and with what error; NULL if there is none. */
const char *sm_reason_failed(const struct sm_world *world, struct sm_region *r);

/* True if some SeiNode has an active plan. */
bool sm_reason_plan_active(const struct sm_world *world);

/* What was written since [version], by object: `statefulsets default/n-1 3 times, …`. */
const char *sm_reason_cycle(const struct sm_world *world, struct sm_region *r, int64_t version);

#endif
