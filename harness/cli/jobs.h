/* A campaign on several cores: processes that share the trial's snapshot, each with its own copy of the world.
 *
 *      parent ──part: runs [first, end)──▶ worker ──what came of them: counts, failures with their schedules──▶ parent
 *             ──a failure to shrink──────▶        ──the shortest schedule─────────────────────────────────────▶
 *
 * Workers do whatever comes next; the parent counts and files what they bring in the order of the runs' numbers. So the campaign
 * ends with the same findings, in the same order, however many workers there are, as it would alone. If time is up, the parts under
 * way are ended first: what was done are the runs below a number, and that number is the budget that repeats it.
 */
#ifndef SM_JOBS_H
#define SM_JOBS_H

#include "engine.h"

enum { SM_JOBS_MAX = 256 };

/* [engine]->run(campaign), by [jobs] processes. */
void sm_jobs_run(const struct sm_engine *engine, struct sm_campaign *campaign, uint32_t jobs);

/* The worker's side: serves the parent at the other end of [fd] until that closes it. */
void sm_jobs_work(const struct sm_engine *engine, struct sm_campaign *campaign, int fd);

/* Kinds of messages. */
enum {
    SM_JOBS_PART = 'p',   /* to a worker: first, end, where counting has come to, causes with their times */
    SM_JOBS_SHRINK = 's', /* to a worker: place of the failure, cause, choices */
    SM_JOBS_DONE = 'd',   /* counts, failures … */
    SM_JOBS_SHRUNK = 'k', /* place of the failure, what it was shrunk to */
};

#endif
