/* The last check of a scenario before anything runs: does its cluster take what it gives, and do the caches and controllers it
 * names exist? A world is set up and thrown away. */
#ifndef SM_SCENARIO_TRY_H
#define SM_SCENARIO_TRY_H

#include "library.h"
#include "scenario.h"

/* True if nothing is wrong; else [problems] has grown. [run] is cleared. */
bool sm_scenario_try(struct sm_region *run, struct sm_library *library, const struct sm_scenario *scenario, struct sm_problems *problems);

#endif
