/* What every engine shares: a campaign runs one scenario under one profile many times, and keeps what it finds.
 *
 *      engine ── attempt: a chooser that can be made anew ──▶ sm_campaign_try ──▶ verdict
 *                                                              ├ counts; one run in twenty is run twice and compared (check.h)
 *                                                              └ not converged: written down, shrunk, filed under its cause (finding.h)
 *
 * Runs have numbers from 0. Shard i of n does those with number % n = i, and what a run does depends on its number alone; so parts
 * of a campaign can be done anywhere, in any order, and joined: what is filed depends on the numbers, not on who ran them.
 * Engines are deterministic: the same seed, budget of runs and shard give the same findings. Time is the caller's business: it is
 * asked between runs whether to go on.
 */
#ifndef SM_ENGINE_H
#define SM_ENGINE_H

#include "finding.h"

enum { SM_CAMPAIGN_CHECK_EACH = 20, SM_CAMPAIGN_RUNS_USUAL = 10000 };

/* What explore may try. */
struct sm_explore_options {
    uint32_t bounds; /* how many bounds: 0 things out of the ordinary, at most 1, 2 …; 0: until the space is exhausted, or the budget */
    uint32_t faults_max; /* of them faults; 0: all may be */
    bool exact;          /* times are told apart exactly, not to a hundredth of a second */
    uint32_t tries;      /* kinds, as bits of sm_explore_tries; 0: the usual */
};
enum { SM_EXPLORE_BOUND_MAX = 127 };
extern const char *const sm_explore_tries[]; /* ended by NULL */

/* One run, as often as it is needed. */
struct sm_attempt {
    void *self;
    struct sm_sim_chooser (*chooser)(void *self); /* as at the beginning of the run */
    uint64_t number;                              /* the run's: what sm_campaign_next gave */
};

/* Who shares a campaign among processes gives each its parts with these. */
struct sm_campaign_parts {
    void *self;
    /* The next runs to do, those of [first, end) that are the shard's; false: no more. */
    bool (*next)(void *self, struct sm_campaign *campaign, uint64_t *ret_first, uint64_t *ret_end);
    /* Instead of shrinking and filing: a run did not converge. */
    void (*failed)(void *self, struct sm_campaign *campaign, const struct sm_attempt *attempt, const char *cause);
};

struct sm_campaign {
    /* Set by the caller. */
    const char *engine;
    struct sm_region *kept; /* of findings */
    struct sm_region *work; /* emptied between runs */
    struct sm_trial *trial;
    uint64_t seed;
    uint64_t runs_max; /* of all shards together; 0: until [more] says no */
    struct sm_explore_options explore;
    uint32_t shard, shards;                                      /* 0 of 1: all */
    const struct sm_campaign_parts *parts;                       /* NULL: all that is the shard's */
    bool (*more)(void *arg, const struct sm_campaign *campaign); /* NULL: go on */
    void *arg;

    /* What has come of it. */
    uint64_t number; /* of the run that may be next */
    uint64_t runs, events, failed_runs, checked, shrink_runs;
    uint64_t verdicts[SM_VERDICT_COUNT];
    const char *diverged; /* a run that did not repeat itself: where, with both labels; NULL: none */
    bool stopped;         /* [more] said no */
    struct sm_finding *finding[SM_FINDINGS_MAX];
    size_t finding_count;
    uint64_t findings_lost; /* beyond SM_FINDINGS_MAX and SM_CAUSES_MAX */
    struct sm_cause_count cause[SM_CAUSES_MAX];
    size_t cause_count;
    uint64_t asked, part_end; /* the campaign's own */

    /* What an engine says of its coverage; 0 and NULL where it has nothing to say. */
    uint64_t states, states_new, transitions, depth;
    uint64_t faults;                   /* chosen in all runs together */
    uint64_t sometimes, sometimes_met; /* of the scenario: how many there are, and how many held in some run */
    const char *coverage;              /* one line: `every write and every watch event of the reference run, 412 of 412 points` */
};

/* May there be another run? Then campaign->number is its number: greater than the last, not always by one. Engines ask before each. */
bool sm_campaign_next(struct sm_campaign *campaign);

/* One run: counted, now and then checked, filed if it does not converge. */
struct sm_verdict sm_campaign_try(struct sm_campaign *campaign, const struct sm_attempt *attempt);

/* Counts a run that the engine ran by itself: one that converged, and whose number is none to check. */
void sm_campaign_count(struct sm_campaign *campaign, const struct sm_verdict *verdict);

/* Whether the run of that number is run twice. */
bool sm_campaign_checks(uint64_t number);

/* Runs an attempt once more, into a failure to shrink; lives in [r]. */
void sm_campaign_transcribe(struct sm_campaign *campaign, const struct sm_attempt *attempt, const char *cause, struct sm_region *r,
                            struct sm_failure *ret_failure);

/* sm_campaign_try for a schedule. */
struct sm_verdict sm_campaign_play(struct sm_campaign *campaign, const struct sm_chosen *chosen, size_t count, uint64_t number);

/* Engines: one file each in engines/, one row each. */
struct sm_engine {
    const char *name, *about;
    void (*run)(struct sm_campaign *campaign);
    bool in_parts;    /* it does run campaign->number, whatever ran before: so processes can share the runs */
    const char *unit; /* of its budget; NULL: runs */
    uint64_t usual;   /* budget; 0: SM_CAMPAIGN_RUNS_USUAL */
};
extern const struct sm_engine sm_engines[]; /* ended by a NULL name */
const struct sm_engine *sm_engine_find(const char *name);
static inline const char *sm_engine_unit(const struct sm_engine *engine) { return engine && engine->unit ? engine->unit : "runs"; }

#endif
