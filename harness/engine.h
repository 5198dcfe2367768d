/* What every engine shares: a campaign runs one scenario under one profile many times, and keeps what it finds.
 *
 *      engine ── attempt: a chooser that can be made anew ──▶ sm_campaign_try ──▶ verdict
 *                                                              ├ counts; one run in twenty is run twice and compared
 *                                                              └ not converged: written down, shrunk, filed under its cause
 *
 * Engines are deterministic: the same seed, budget of runs and shard give the same findings. Time is the caller's business: it is
 * asked between runs whether to go on.
 */
#ifndef SM_ENGINE_H
#define SM_ENGINE_H

#include "trial.h"

enum { SM_FINDINGS_MAX = 256, SM_CAMPAIGN_CHECK_EACH = 20 };

struct sm_finding {
    const char *name;     /* `edit.merged.stuck-task-observe-image`, unique within a campaign */
    const char *scenario; /* path */
    const char *profile;
    const char *engine;
    const char *cause; /* sm_trial_cause */
    const char *core;  /* cause and the labels of the shrunk schedule: what makes two findings one */
    enum sm_verdict_kind verdict;
    const char *property; /* NULL: none broke */
    const char *reason;   /* of the shrunk run */
    struct sm_schedule schedule;
    const char *explanation; /* lines; NULL until sm_explain */
    size_t found_choices;    /* how many there were before shrinking */
    uint64_t run;            /* the first that showed it */
    uint64_t runs_to_find;   /* runs of the campaign until then */
    uint64_t events;         /* of the shrunk run */
    uint64_t shrink_runs;
    uint64_t times; /* runs with this cause, as far as they were told apart */
};

struct sm_campaign;

/* One run, as often as it is needed. */
struct sm_attempt {
    void *self;
    struct sm_sim_chooser (*chooser)(void *self); /* as at the beginning of the run */
    uint64_t number;                              /* the run's; of a campaign over shards, each has its own */
};

struct sm_campaign {
    /* Set by the caller. */
    const char *engine;
    struct sm_region *kept; /* of findings */
    struct sm_region *work; /* emptied between runs */
    struct sm_trial *trial;
    uint64_t seed;
    uint64_t runs_max;                                           /* 0: until [more] says no */
    uint32_t shard, shards;                                      /* 0 of 1: all */
    bool (*more)(void *arg, const struct sm_campaign *campaign); /* NULL: go on */
    void *arg;

    /* What has come of it. */
    uint64_t runs, events, failed_runs, checked, shrink_runs;
    uint64_t verdicts[SM_VERDICT_COUNT];
    const char *diverged; /* a run that did not repeat itself: where, with both labels; NULL: none */
    bool stopped;         /* [more] said no */
    struct sm_finding *finding[SM_FINDINGS_MAX];
    size_t finding_count;
    uint64_t findings_lost; /* beyond SM_FINDINGS_MAX */

    /* What an engine says of its coverage; 0 and NULL where it has nothing to say. */
    uint64_t states, states_new, transitions, depth;
    const char *coverage; /* one line: `every write and every watch event of the reference run, 412 of 412 points` */
};

/* May there be another run? Engines ask before each. */
bool sm_campaign_next(struct sm_campaign *campaign);

/* One run: counted, now and then checked, filed if it does not converge. */
struct sm_verdict sm_campaign_try(struct sm_campaign *campaign, const struct sm_attempt *attempt);

/* The same for a schedule. */
struct sm_verdict sm_campaign_play(struct sm_campaign *campaign, const struct sm_chosen *chosen, size_t count, uint64_t number);

/* Engines: one file each in engines/, one row each. */
struct sm_engine {
    const char *name, *about;
    void (*run)(struct sm_campaign *campaign);
};
extern const struct sm_engine sm_engines[]; /* ended by a NULL name */
const struct sm_engine *sm_engine_find(const char *name);

#endif
