/* From a failing schedule to a scenario file that people read and keep: what was chosen is said as faults by rule, lag and restarts
 * where that ends the same, and as lines of `world.choices` where nothing simpler does. Then the scenario itself is made smaller:
 * fewer steps, fewer faults, shorter times. Each change stands only if the scenario, read back from its text and run as
 * `stalemate run` does, still ends for the same cause.
 */
#ifndef SM_AS_SCENARIO_H
#define SM_AS_SCENARIO_H

#include "trial.h"

struct sm_as_scenario {
    struct sm_region *kept; /* of the result */
    struct sm_region *run;  /* of worlds, emptied */
    struct sm_region *scratch;
    struct sm_library *library;
    const struct sm_reader *reader; /* for the files that the scenario names */
    const struct sm_scenario *scenario;
    const struct sm_profile *profile;
    const struct sm_chosen *chosen;
    size_t count;
    const char *cause;

    /* What came of it. */
    uint64_t runs;
    size_t choices_left; /* that stayed choices */
    const char *reason;  /* of its run */
};

/* YAML; NULL: even with all its choices the scenario does not end for that cause. */
const char *sm_as_scenario(struct sm_as_scenario *work);

#endif
