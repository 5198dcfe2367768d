/* One run of one scenario under one profile, as reports see it. All texts outlive the report. */
#ifndef SM_CELL_H
#define SM_CELL_H

#include <stdbool.h>
#include <stdint.h>

#include "clock.h"

struct sm_cell {
    const char *scenario; /* name */
    const char *file;     /* as it was named */
    const char *profile;
    const char *verdict, *expected;
    bool as_expected;
    const char *reason; /* one line; "" if there is nothing to say */
    const char *why;    /* what the scenario says of it */
    const char *replay; /* one line to paste */
    const char *log;    /* the last events, as a timeline; NULL: not kept */
    sm_time time;       /* virtual */
    uint64_t events;
};

#endif
