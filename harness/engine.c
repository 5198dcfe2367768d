#include "engine.h"

#include <string.h>

#include "check.h"
#include "engines.h"

const struct sm_engine sm_engines[] = {
    {"perturb", "every write and every watch event of one run, one thing wrong at a time", sm_perturb, .in_parts = false},
    {"sweep", "random schedules, priorities and swarms of faults, each run ended by a quiet phase", sm_sweep, .in_parts = true},
    {"explore", "every schedule with one thing out of the ordinary, with two, three …, over the states that were not met before", sm_explore,
     .unit = "states", .usual = 1000000},
    {0},
};

const struct sm_engine *sm_engine_find(const char *name) {
    for (const struct sm_engine *engine = sm_engines; engine->name; engine++)
        if (strcmp(engine->name, name) == 0)
            return engine;
    return NULL;
}

/* --- Runs ---------------------------------------------------------------------------------------------------------------------------- */

/* The first of the shard's numbers that is not less. */
static uint64_t of_shard(const struct sm_campaign *campaign, uint64_t number) {
    uint32_t shards = campaign->shards ? campaign->shards : 1;

    return number + (campaign->shard + shards - number % shards) % shards;
}

static bool goes_on(struct sm_campaign *campaign) {
    if (campaign->diverged || campaign->stopped)
        return false;
    campaign->stopped = campaign->more && !campaign->more(campaign->arg, campaign);
    return !campaign->stopped;
}

bool sm_campaign_next(struct sm_campaign *campaign) {
    uint64_t number = of_shard(campaign, campaign->asked);

    if (!goes_on(campaign))
        return false;
    while (campaign->parts && number >= campaign->part_end) {
        uint64_t first = 0;
        if (!campaign->parts->next(campaign->parts->self, campaign, &first, &campaign->part_end))
            return false;
        number = of_shard(campaign, first);
    }
    if (campaign->runs_max && number >= campaign->runs_max)
        return false;
    campaign->number = number;
    campaign->asked = number + 1;
    return true;
}

/* Of every shard the same part, whatever its numbers have in common. */
bool sm_campaign_checks(uint64_t number) {
    return number == 0 || (number * UINT64_C(0x9e3779b97f4a7c15) >> 32) % SM_CAMPAIGN_CHECK_EACH == 0;
}

void sm_campaign_transcribe(struct sm_campaign *campaign, const struct sm_attempt *attempt, const char *cause, struct sm_region *r,
                            struct sm_failure *ret_failure) {
    struct sm_transcript *transcript = NULL;
    struct sm_sim_chooser chooser = attempt->chooser(attempt->self);

    uint64_t faults = campaign->faults;
    sm_trial_transcribe(campaign->trial, &chooser, r, &transcript);
    campaign->faults = faults; /* it is not another run */
    *ret_failure = (struct sm_failure){.number = attempt->number, .cause = cause, .chosen = transcript->chosen, .count = transcript->count};
}

static void failed(struct sm_campaign *campaign, const struct sm_attempt *attempt, const char *cause) {
    struct sm_region *r = campaign->work;
    struct sm_failure failure;

    if (campaign->parts) {
        campaign->parts->failed(campaign->parts->self, campaign, attempt, cause);
        return;
    }
    if (!sm_finding_count(campaign, cause))
        return;
    sm_campaign_transcribe(campaign, attempt, cause, r, &failure);
    struct sm_shrunk shrunk = sm_shrink(campaign->trial, r, failure.chosen, failure.count, cause, SM_FINDING_SHRINK_RUNS_MAX);
    sm_finding_file(campaign, &failure, &shrunk, campaign->runs);
}

void sm_campaign_count(struct sm_campaign *campaign, const struct sm_verdict *verdict) {
    campaign->runs++;
    campaign->events += verdict->events - campaign->trial->settled_events;
    campaign->verdicts[verdict->kind]++;
}

struct sm_verdict sm_campaign_try(struct sm_campaign *campaign, const struct sm_attempt *attempt) {
    struct sm_verdict verdict;
    uint64_t faults = campaign->faults;

    sm_region_clear(campaign->work);
    if (sm_campaign_checks(attempt->number)) {
        verdict = sm_check_run(campaign, attempt, &campaign->diverged);
        campaign->faults = faults + (campaign->faults - faults) / 2;
        campaign->checked++;
    } else {
        struct sm_sim_chooser chooser = attempt->chooser(attempt->self);
        verdict = sm_trial_run(campaign->trial, &chooser, NULL);
    }
    sm_campaign_count(campaign, &verdict);
    bool shows_nothing = verdict.kind == SM_VERDICT_VACUOUS && campaign->trial->world->sim->chosen > 0;
    if (verdict.kind == SM_VERDICT_CONVERGES || shows_nothing || campaign->diverged)
        return verdict;
    const char *reason = sm_region_strdup(campaign->work, verdict.reason);
    failed(campaign, attempt, sm_trial_cause(campaign->work, &verdict));
    verdict.reason = reason;
    return verdict;
}

struct played {
    struct sm_campaign *campaign;
    const struct sm_chosen *chosen;
    size_t count;
};

static struct sm_sim_chooser play(void *self) {
    const struct played *played = self;

    return sm_player_chooser(sm_player_new(played->campaign->work, played->chosen, played->count));
}

struct sm_verdict sm_campaign_play(struct sm_campaign *campaign, const struct sm_chosen *chosen, size_t count, uint64_t number) {
    struct played played = {campaign, chosen, count};

    return sm_campaign_try(campaign, &(struct sm_attempt){.self = &played, .chooser = play, .number = number});
}
