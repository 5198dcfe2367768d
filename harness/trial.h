/* One scenario under one profile, to be run again and again: the world is set up once and comes to rest once, and each run starts
 * from the snapshot of that. A run is what a chooser answers.
 */
#ifndef SM_TRIAL_H
#define SM_TRIAL_H

#include "transcript.h"
#include "world.h"

/* How much younger than the oldest an event may be to run before it. Part of what a schedule means. */
#define SM_TRIAL_WINDOW (10 * SM_MILLISECOND)

#define SM_TRIAL_MEMO_BYTES ((size_t)128 << 20)

struct sm_trial_config {
    struct sm_region *kept; /* of the trial and its snapshot */
    struct sm_region *run;  /* of the world, the trial's alone; likewise */
    struct sm_region *scratch;
    struct sm_library *library;
    const struct sm_scenario *scenario;
    const struct sm_profile *profile;
    const struct sm_use *uses; /* NULL: sm_uses */
    struct sm_region *memo;    /* what runs teach of the next, the trial's alone; NULL: each run works all out. See memo.h */
};

struct sm_trial {
    struct sm_trial_config config;
    struct sm_world *world;
    struct sm_sim_snapshot *rest;
    sm_time begins;          /* each run */
    uint64_t settled_events; /* of the opening, which every run's verdict counts too */
};

/* NULL if the world does not come to rest: then [reterr_why] says so, in [kept]. */
struct sm_trial *sm_trial_new(const struct sm_trial_config *config, const char **reterr_why);

/* Forgets what runs have taught: the next is the first again. */
void sm_trial_forget(struct sm_trial *trial);

/* One run. The verdict's texts live until the next. [sink] may be NULL. */
struct sm_verdict sm_trial_run(struct sm_trial *trial, const struct sm_sim_chooser *chooser, const struct sm_sim_sink *sink);

/* Restores a snapshot that was taken between two events of the trial's latest run, and goes on from there. */
struct sm_verdict sm_trial_go_on(struct sm_trial *trial, const struct sm_sim_snapshot *snapshot, const struct sm_sim_chooser *chooser);

/* The same run, written down. */
struct sm_verdict sm_trial_transcribe(struct sm_trial *trial, const struct sm_sim_chooser *chooser, struct sm_region *region,
                                      struct sm_transcript **ret_transcript);

/* The run of a schedule. [ret_player] may be NULL. */
struct sm_verdict sm_trial_play(struct sm_trial *trial, const struct sm_chosen *chosen, size_t count, struct sm_region *region,
                                const struct sm_sim_sink *sink, struct sm_player **ret_player);

/* What tells one cause of a failure from another, as far as the verdict knows: `violated: claim-kept`, `stuck: task observe-image`, `stuck`. */
const char *sm_trial_cause(struct sm_region *r, const struct sm_verdict *verdict);

#endif
