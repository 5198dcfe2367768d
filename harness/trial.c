#include "trial.h"

#include <string.h>

#include "memo.h"

struct sm_trial *sm_trial_new(const struct sm_trial_config *config, const char **reterr_why) {
    struct sm_trial *trial = sm_region_zalloc(config->kept, sizeof *trial);

    trial->config = *config;
    sm_region_clear(config->run);
    trial->world = sm_world_new(&(struct sm_world_config){.run = config->run,
                                                          .scratch = config->scratch,
                                                          .library = config->library,
                                                          .scenario = config->scenario,
                                                          .profile = config->profile,
                                                          .uses = config->uses,
                                                          .window = SM_TRIAL_WINDOW});
    if (trial->world->setup_error) {
        *reterr_why = sm_region_printf(config->kept, "%s: the server refused it: %s", trial->world->setup_place, trial->world->setup_error);
        return NULL;
    }
    if (!sm_world_settle(trial->world)) {
        *reterr_why = sm_region_printf(config->kept, "%s under %s: the cluster does not come to rest before the first step",
                                       config->scenario->file, config->profile->name);
        return NULL;
    }
    trial->world->hash_memo = sm_hash_memo_new(config->kept);
    trial->begins = trial->world->env->now;
    trial->settled_events = trial->world->sim->steps;
    trial->rest = sm_sim_snapshot(trial->world->sim, config->kept);
    sm_trial_forget(trial);
    return trial;
}

void sm_trial_forget(struct sm_trial *trial) {
    struct sm_region *memo = trial->config.memo;

    if (!memo)
        return;
    sm_sim_restore(trial->world->sim, trial->rest); /* which was before all that is remembered */
    sm_region_clear(memo);
    trial->world->env->memo = sm_memo_new(memo, SM_TRIAL_MEMO_BYTES);
}

struct sm_verdict sm_trial_run(struct sm_trial *trial, const struct sm_sim_chooser *chooser, const struct sm_sim_sink *sink) {
    struct sm_sim *sim = trial->world->sim;

    sim->chooser = (struct sm_sim_chooser){0};
    sim->sink = sink ? *sink : (struct sm_sim_sink){0};
    sm_sim_restore(sim, trial->rest);
    sm_region_clear(trial->config.scratch);
    struct sm_verdict verdict = sm_verdict_steps(trial->world, chooser);
    sim->chooser = (struct sm_sim_chooser){0};
    return verdict;
}

struct sm_verdict sm_trial_go_on(struct sm_trial *trial, const struct sm_sim_snapshot *snapshot, const struct sm_sim_chooser *chooser) {
    struct sm_sim *sim = trial->world->sim;

    sim->chooser = *chooser;
    sim->sink = (struct sm_sim_sink){0};
    sm_sim_restore(sim, snapshot);
    sm_region_clear(trial->config.scratch);
    struct sm_verdict verdict = sm_verdict_go_on(trial->world);
    sim->chooser = (struct sm_sim_chooser){0};
    return verdict;
}

struct sm_verdict sm_trial_transcribe(struct sm_trial *trial, const struct sm_sim_chooser *chooser, struct sm_region *region,
                                      struct sm_transcript **ret_transcript) {
    struct sm_transcript *transcript = sm_transcript_new(region, chooser);
    struct sm_sim_chooser writing = sm_transcript_chooser(transcript);

    *ret_transcript = transcript;
    return sm_trial_run(trial, &writing, NULL);
}

struct sm_verdict sm_trial_play(struct sm_trial *trial, const struct sm_chosen *chosen, size_t count, struct sm_region *region,
                                const struct sm_sim_sink *sink, struct sm_player **ret_player) {
    struct sm_player *player = sm_player_new(region, chosen, count);
    struct sm_sim_chooser playing = sm_player_chooser(player);

    if (ret_player)
        *ret_player = player;
    return sm_trial_run(trial, &playing, sink);
}

/* --- Causes ------------------------------------------------------------------------------------------------------------------ */

/* The task that a reason speaks of, `task observe-image`; NULL if it speaks of none. */
static const char *task_of(struct sm_region *r, const char *reason) {
    const char *end = strstr(reason, " of seinode "), *at = end;

    while (at && at > reason && strncmp(at, "task ", 5) != 0)
        at--;
    return at && strncmp(at, "task ", 5) == 0 ? sm_region_strndup(r, at, (size_t)(end - at)) : NULL;
}

const char *sm_trial_cause(struct sm_region *r, const struct sm_verdict *verdict) {
    const char *name = sm_verdict_names[verdict->kind], *task = NULL;

    if (verdict->kind == SM_VERDICT_VIOLATED)
        return sm_region_printf(r, "%s: %s", name, verdict->property);
    if (verdict->kind == SM_VERDICT_STUCK || verdict->kind == SM_VERDICT_LIVELOCK)
        task = task_of(r, verdict->reason);
    return task ? sm_region_printf(r, "%s: %s", name, task) : name;
}
