/* Does a run repeat itself? It is run twice and compared event by event: when, what, how far the store and the ids are. */
#ifndef SM_CHECK_H
#define SM_CHECK_H

#include "engine.h"

/* The run's verdict. If its repetition differs, [ret_diverged] says where, with both labels, in the campaign's kept region. */
struct sm_verdict sm_check_run(struct sm_campaign *campaign, const struct sm_attempt *attempt, const char **ret_diverged);

#endif
