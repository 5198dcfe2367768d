/* How a run ends (design decision 9). Judged after the last step and fault; the first that holds wins. */
#ifndef SM_VERDICT_H
#define SM_VERDICT_H

#include "clock.h"

/*    id          name          what it says */
#define SM_VERDICTS(X) \
    X(VIOLATED, "violated", "a property broke") \
    X(CRASHED, "crashed", "an assertion, or a call that cannot be") \
    X(FAILED, "failed", "the plan or the node is Failed, and nothing succeeds it") \
    X(CONVERGES, "converges", "no plan is active, what the scenario asserts holds, and nothing is written for two resync periods") \
    X(STUCK, "stuck", "the state repeats, and nothing is written in between") \
    X(LIVELOCK, "livelock", "the state repeats, and it is written in between") \
    X(VACUOUS, "vacuous", "what the scenario waits for never happened, so it has shown nothing") \
    X(BUDGET, "budget", "the budget of events, time or memory ran out, and no state was seen twice")

enum sm_verdict_kind {
#define X(id, name, about) SM_VERDICT_##id,
    SM_VERDICTS(X)
#undef X
    SM_VERDICT_COUNT
};
extern const char *const sm_verdict_names[SM_VERDICT_COUNT];
extern const char *const sm_verdict_about[SM_VERDICT_COUNT];

struct sm_verdict {
    enum sm_verdict_kind kind;
    const char *reason;   /* one line; in the run's region */
    const char *property; /* what broke, when violated; else NULL */
    sm_time time;         /* virtual, since the run began */
    uint64_t events;
    bool repeats; /* a state was seen a second time: it would go on like this for ever */
    bool full;    /* the budget of memory ran out; when it does depends on who listens to the journal */
};

struct sm_hash;
struct sm_world;
struct sm_world_config;
struct sm_sim_chooser;

/* Makes a world and runs it to its verdict; a bug on the way is the verdict crashed. [ret_world] may be NULL. */
struct sm_verdict sm_verdict_run(const struct sm_world_config *config, struct sm_world **ret_world);

/* Begins the steps of a world that has settled, and runs it to its verdict; a bug on the way is the verdict crashed. */
struct sm_verdict sm_verdict_steps(struct sm_world *world, const struct sm_sim_chooser *chooser);

/* Goes on with a run that was restored to a snapshot taken between two of its events, as far as its verdict. */
struct sm_verdict sm_verdict_go_on(struct sm_world *world);

/* What a run is judged by so far: state, taken when its world is made. */
struct sm_judge;
struct sm_judge *sm_judge_new(struct sm_world *world);

/* For who tells by himself whether a state was met before: from here on the run is judged; is it at its end, unless by a circle?
 * Asked after each event. */
void sm_judge_begin(struct sm_world *world);
bool sm_judge_ended(struct sm_world *world, struct sm_verdict *ret_verdict);
/* How long it must be quiet yet. */
void sm_judge_hash(const struct sm_world *world, struct sm_hash *hash);

/* Runs a world whose steps have begun (sm_world_open) to its verdict. Bugs are the caller's. */
struct sm_verdict sm_verdict_judge(struct sm_world *world);

/* Calls [run]; a bug in it is the verdict crashed, in [r]. */
struct sm_verdict sm_verdict_landed(struct sm_region *r, struct sm_verdict (*run)(void *arg), void *arg);

/* -1 if no verdict has that name. */
int sm_verdict_find(const char *name);

#endif
