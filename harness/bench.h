/* The loads that `stalemate bench` measures. Nothing here knows the time: it does the work, and the command holds the watch.
 *
 *      new: scenario ─▶ world ─▶ opening ─▶ snapshot          update: restore ─▶ the user's step ─▶ … ─▶ plan complete
 *
 * An update is what the product does all day: nominal-update's cluster with a node at Running and a StatefulSet whose pod runs,
 * the user's change of the image, and everything until the controller has stored its plan as Complete. All writes pass through
 * the whole server (RBAC, validation, managedFields), latencies and properties are on, nobody listens to the journal. The opening
 * is not part of a run: it was snapshotted. Every run is the same one, to the byte.
 */
#ifndef SM_BENCH_H
#define SM_BENCH_H

#include "scenario.h"
#include "verdict.h"
#include "world.h"

struct sm_bench_config {
    struct sm_region *kept;    /* for what lives as long as the bench */
    struct sm_region *run;     /* of the world */
    struct sm_region *scratch; /* of its events */
    struct sm_library *library;
    const struct sm_scenario *scenario;
    const struct sm_profile *profile;
};

struct sm_bench {
    struct sm_world *world;
    const struct sm_sim_snapshot *rest; /* before the first step */
    uint64_t complete;                  /* plans, by then */
    size_t peak_bytes;                  /* most that the run's region ever held */
};

/* NULL if the scenario's world does not come to rest. */
struct sm_bench *sm_bench_new(const struct sm_bench_config *config);

/* One update; returns its number of events. A bug if the plan is not complete after SM_BENCH_EVENTS_MAX of them. */
enum { SM_BENCH_EVENTS_MAX = 100000 };
uint64_t sm_bench_update(struct sm_bench *bench);

/* [count] writes in a row to the node at rest: merge patches of its status, each a change, and what they wake. */
void sm_bench_write(struct sm_bench *bench, uint32_t count);

/* What a machine is compared by: [rounds] rounds of integer arithmetic and dependent loads, whose result must be used. */
uint64_t sm_bench_calibrate(uint32_t rounds);

#endif
