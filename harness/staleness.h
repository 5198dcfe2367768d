/* Is a finding about staleness? It is run again with live reads at the same points: if it still fails, staleness is not its cause; if
 * not, the one cache that had to be read live for that is named. */
#ifndef SM_STALENESS_H
#define SM_STALENESS_H

#include "finding.h"
#include "trial.h"

/* In words, in [kept]. [work] is emptied. */
const char *sm_staleness(struct sm_trial *trial, struct sm_region *work, struct sm_region *kept, const struct sm_finding *finding);

/* How often a real cluster does what its schedule asks for: the rarest of its faults decides. */
const char *sm_staleness_grade(const struct sm_schedule *schedule);

#endif
