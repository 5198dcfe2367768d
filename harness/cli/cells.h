/* Running the matrix: every scenario under every profile, each a cell with its verdict. */
#ifndef SM_CELLS_H
#define SM_CELLS_H

#include "cell.h"
#include "command.h"
#include "library.h"
#include "scenario.h"

struct sm_cells {
    /* Given. */
    struct sm_region *kept;            /* of what the cells say */
    struct sm_region *world, *scratch; /* of one run */
    struct sm_library *library;
    const struct sm_scenario *const *scenarios;
    size_t scenario_count;
    const struct sm_profile *const *profiles;
    size_t profile_count;
    bool control;    /* without lag, faults and disturbances */
    bool timeline;   /* keep what happened, of every cell */
    bool all_events; /* with what is usually left out */
    void (*progress)(void *arg, size_t done, size_t all);
    void *progress_arg;

    /* Made. */
    struct sm_cell *at; /* scenario by scenario */
    size_t count;
    enum sm_exit code; /* the gravest of all */
};

void sm_cells_run(struct sm_cells *cells);

#endif
