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
    bool control;          /* a run without lag, faults and disturbances */
    bool undecided;        /* a budget ran out */
    bool unstable;         /* it did not repeat itself */
    const char *reason;    /* one line; "" if there is nothing to say */
    const char *why;       /* what the scenario says of it */
    const char *complaint; /* of a run that came to no end: its place, what is wrong, what to write instead; NULL: none */
    const char *replay;    /* one line to paste */
    const char *log;       /* the last events, as a timeline; NULL: not kept */
    bool log_is_whole;     /* all events */
    sm_time time;          /* virtual */
    uint64_t events;
};

#endif
