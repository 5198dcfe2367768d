/* The engines: each answers choose() in its own way. */
#ifndef SM_ENGINES_H
#define SM_ENGINES_H

#include "engine.h"

/* Random, priorities (PCT) and swarms of faults in turn; each run ends in a quiet phase. */
void sm_sweep(struct sm_campaign *campaign);

/* Every write, watch event and step of the user of one reference run, one thing wrong at a time. */
void sm_perturb(struct sm_campaign *campaign);

/* Every schedule with at most so many things out of the ordinary: none, one, two … */
void sm_explore(struct sm_campaign *campaign);

#endif
