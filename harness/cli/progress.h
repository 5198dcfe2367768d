/* The line that says, once a second, how far a search has come. */
#ifndef SM_PROGRESS_H
#define SM_PROGRESS_H

#include "engine.h"

struct sm_progress {
    const char *engine, *scenario, *profile; /* scenario: its name */
    size_t cell, cells;                      /* this is the so-many-th */
    double spent, seconds_max;               /* of this cell; seconds_max 0: a budget of runs */
};

/* `sweep nominal-update under merged (1 of 6): 1200 of 10000 runs, 850/s, …` */
void sm_progress_line(struct sm_str *out, const struct sm_progress *progress, const struct sm_campaign *campaign);

#endif
