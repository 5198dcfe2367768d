/* A finding in words, at most fifteen lines: what was chosen, what a controller saw and how old it was, what it did then, and how
 * that ended; whether staleness is its cause, and how rare its faults are. Made from the journal of the shrunk run. */
#ifndef SM_EXPLAIN_H
#define SM_EXPLAIN_H

#include "engine.h"

enum { SM_EXPLAIN_LINES_MAX = 15 };

/* Runs the finding's schedule and sets its explanation, in [kept]. [work] is emptied. */
void sm_explain(struct sm_trial *trial, struct sm_region *work, struct sm_region *kept, struct sm_finding *finding);

#endif
