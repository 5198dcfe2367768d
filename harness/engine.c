#include "engine.h"

#include <stdlib.h>
#include <string.h>

#include "engines.h"
#include "shrink.h"

/* Shrinking is for the first few runs of a cause, and then for ever fewer: they may still have another core. */
enum { SHRINK_ALL = 6, SHRINK_RUNS_MAX = 2000, CHECK_EVENTS_MAX = 1 << 16 };

const struct sm_engine sm_engines[] = {
    {"sweep", "random schedules, priorities and swarms of faults, each run ended by a quiet phase", sm_sweep},
    {0},
};

const struct sm_engine *sm_engine_find(const char *name) {
    for (const struct sm_engine *engine = sm_engines; engine->name; engine++)
        if (strcmp(engine->name, name) == 0)
            return engine;
    return NULL;
}

/* --- Does a run repeat itself? --------------------------------------------------------------------------------------------------- */

/* Each event of a run as one number: when, what, how far the store and the ids are. */
struct check {
    struct sm_sim_chooser inner;
    const struct sm_world *world;
    uint64_t *seen;
    uint32_t count;
    uint32_t diverged; /* of the second run: where, from 1; 0: nowhere */
    bool second;
    char first_label[SM_SIM_LABEL_BYTES], second_label[SM_SIM_LABEL_BYTES];
    uint32_t wanted; /* of a third run: remember the label of this event */
};

static uint32_t check_choose(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    struct check *check = self;

    return check->inner.choose ? check->inner.choose(check->inner.self, env, point) : 0;
}

static uint32_t check_choose_event(void *self, struct sm_env *env, const struct sm_event *const *enabled, uint32_t n) {
    struct check *check = self;

    return check->inner.choose_event(check->inner.self, env, enabled, n);
}

static uint64_t mix(uint64_t hash, uint64_t x) {
    hash = (hash ^ x) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t number_of(const struct check *check, const struct sm_env *env, const struct sm_event *event) {
    uint64_t hash = mix(mix(1, (uint64_t)env->now), (uint64_t)sm_server_version(check->world->server));
    const char *const parts[] = {event->actor, event->what, event->object ? event->object : ""};

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        for (const char *at = parts[i]; *at; at++)
            hash = mix(hash, (unsigned char)*at);
    return mix(hash, env->random.s[0]);
}

static void check_runs(void *self, struct sm_env *env, const struct sm_event *event) {
    struct check *check = self;
    uint32_t i = check->count++;

    if (check->wanted == i + 1)
        sm_sim_label(check->first_label, event);
    if (i >= CHECK_EVENTS_MAX || check->diverged)
        return;
    uint64_t number = number_of(check, env, event);
    if (!check->second) {
        check->seen[i] = number;
    } else if (check->seen[i] != number) {
        check->diverged = i + 1;
        sm_sim_label(check->second_label, event);
    }
}

static struct sm_verdict run_checked(struct sm_campaign *campaign, const struct sm_attempt *attempt, struct check *check) {
    check->inner = attempt->chooser(attempt->self);
    check->count = 0;
    struct sm_sim_chooser chooser = {.self = check,
                                     .choose = check_choose,
                                     .choose_event = check->inner.choose_event ? check_choose_event : NULL,
                                     .runs = check_runs};
    return sm_trial_run(campaign->trial, &chooser, NULL);
}

static struct sm_verdict run_twice(struct sm_campaign *campaign, const struct sm_attempt *attempt) {
    struct check *check = sm_region_zalloc(campaign->work, sizeof *check);

    check->world = campaign->trial->world;
    check->seen = sm_region_zalloc(campaign->work, CHECK_EVENTS_MAX * sizeof *check->seen);
    struct sm_verdict first = run_checked(campaign, attempt, check);
    const char *reason = sm_region_strdup(campaign->work, first.reason);
    uint32_t events = check->count;
    check->second = true;
    struct sm_verdict second = run_checked(campaign, attempt, check);
    campaign->checked++;
    if (!check->diverged && check->count == events && first.kind == second.kind && strcmp(reason, second.reason) == 0)
        return second;
    if (check->diverged) { /* the first run's label there, as far as it can still be had */
        uint32_t at = check->diverged;
        check->wanted = at;
        run_checked(campaign, attempt, check);
        campaign->diverged = sm_region_printf(campaign->kept, "run %llu, event %u: first %s, then %s", (unsigned long long)attempt->number, at,
                                              check->first_label, check->second_label);
    } else {
        campaign->diverged =
            sm_region_printf(campaign->kept, "run %llu: first %u events, %s: %s; then %u events, %s: %s", (unsigned long long)attempt->number,
                             events, sm_verdict_names[first.kind], reason, check->count, sm_verdict_names[second.kind], second.reason);
    }
    return second;
}

/* --- Findings ------------------------------------------------------------------------------------------------------------------------ */

static int compare_texts(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What a choice is about: that a process crashes counts, not at which of its calls; that an event is late, not how much. */
static const char *gist_of(struct sm_region *r, const struct sm_chosen *chosen) {
    if (chosen->kind == SM_CHOICE_FAULT && strncmp(chosen->way, "crash", 5) == 0)
        return sm_region_printf(r, "; crash %.*s", (int)strcspn(chosen->label, "."), chosen->label);
    if (chosen->kind == SM_CHOICE_FAULT)
        return sm_region_printf(r, "; %.*s %s", (int)strcspn(chosen->way, "-"), chosen->way, chosen->label);
    if (chosen->kind == SM_CHOICE_EVENT || chosen->kind == SM_CHOICE_YIELD)
        return sm_region_printf(r, "; late %s", chosen->label);
    return sm_region_printf(r, "; %s %s", sm_choice_names[chosen->kind], chosen->label);
}

static const char *core_of(struct sm_region *r, const char *cause, const struct sm_shrunk *shrunk) {
    const char **gist = sm_region_alloc(r, (shrunk->count + 1) * sizeof *gist);
    struct sm_str core;

    for (size_t i = 0; i < shrunk->count; i++)
        gist[i] = gist_of(r, &shrunk->chosen[i]);
    qsort(gist, shrunk->count, sizeof *gist, compare_texts);
    sm_str_init(&core, r);
    sm_str_add(&core, cause);
    for (size_t i = 0; i < shrunk->count; i++)
        if (i == 0 || strcmp(gist[i], gist[i - 1]) != 0)
            sm_str_add(&core, gist[i]);
    return core.data;
}

static const char *name_of(struct sm_campaign *campaign, const char *cause) {
    const struct sm_scenario *scenario = campaign->trial->config.scenario;
    char *name = sm_region_printf(campaign->kept, "%s.%s.%s.%zu", scenario->name, campaign->trial->config.profile->name, cause,
                                  campaign->finding_count + 1);
    char *to = name;

    for (const char *from = name; *from; from++)
        if (*from == ' ')
            *to++ = '-';
        else if (*from != ':')
            *to++ = *from;
    *to = '\0';
    return name;
}

static struct sm_finding *same_cause(struct sm_campaign *campaign, const char *cause, uint64_t *ret_times) {
    struct sm_finding *first = NULL;

    *ret_times = 0;
    for (size_t i = 0; i < campaign->finding_count; i++)
        if (strcmp(campaign->finding[i]->cause, cause) == 0) {
            first = first ? first : campaign->finding[i];
            *ret_times += campaign->finding[i]->times;
        }
    return first;
}

static struct sm_finding *same_core(struct sm_campaign *campaign, const char *core) {
    for (size_t i = 0; i < campaign->finding_count; i++)
        if (strcmp(campaign->finding[i]->core, core) == 0)
            return campaign->finding[i];
    return NULL;
}

static const struct sm_chosen *keep_choices(struct sm_region *r, const struct sm_chosen *chosen, size_t count) {
    struct sm_chosen *kept = sm_region_alloc(r, (count + 1) * sizeof *kept);

    for (size_t i = 0; i < count; i++) {
        kept[i] = chosen[i];
        kept[i].label = sm_region_strdup(r, chosen[i].label);
        kept[i].way = sm_region_strdup(r, chosen[i].way);
    }
    return kept;
}

static void file_new(struct sm_campaign *campaign, const char *cause, const char *core, const struct sm_shrunk *shrunk,
                     size_t found_choices, uint64_t number) {
    struct sm_region *r = campaign->kept;
    const struct sm_trial_config *config = &campaign->trial->config;
    struct sm_finding *finding = sm_region_zalloc(r, sizeof *finding);

    *finding = (struct sm_finding){
        .name = name_of(campaign, cause),
        .scenario = config->scenario->file,
        .profile = config->profile->name,
        .engine = campaign->engine,
        .cause = sm_region_strdup(r, cause),
        .core = sm_region_strdup(r, core),
        .verdict = shrunk->verdict.kind,
        .property = shrunk->verdict.property ? sm_region_strdup(r, shrunk->verdict.property) : NULL,
        .reason = sm_region_strdup(r, shrunk->verdict.reason),
        .found_choices = found_choices,
        .run = number,
        .runs_to_find = campaign->runs,
        .events = shrunk->verdict.events,
        .shrink_runs = shrunk->runs,
        .times = 1,
    };
    finding->schedule = (struct sm_schedule){.about = "",
                                             .scenario = finding->scenario,
                                             .profile = finding->profile,
                                             .verdict = finding->cause,
                                             .build = "",
                                             .chosen = keep_choices(r, shrunk->chosen, shrunk->count),
                                             .count = shrunk->count};
    campaign->finding[campaign->finding_count++] = finding;
}

/* A shorter schedule with the same core. */
static void replace(struct sm_campaign *campaign, struct sm_finding *finding, const struct sm_shrunk *shrunk) {
    finding->reason = sm_region_strdup(campaign->kept, shrunk->verdict.reason);
    finding->schedule.chosen = keep_choices(campaign->kept, shrunk->chosen, shrunk->count);
    finding->schedule.count = shrunk->count;
    finding->events = shrunk->verdict.events;
}

static bool is_power_of_two(uint64_t n) {
    return (n & (n - 1)) == 0;
}

static void file(struct sm_campaign *campaign, const struct sm_attempt *attempt, const char *cause) {
    struct sm_region *r = campaign->work;
    struct sm_transcript *transcript = NULL;
    uint64_t times = 0;
    struct sm_finding *known = same_cause(campaign, cause, &times);

    if (known && times >= SHRINK_ALL && !is_power_of_two(times)) {
        known->times++;
        return;
    }
    struct sm_sim_chooser chooser = attempt->chooser(attempt->self);
    sm_trial_transcribe(campaign->trial, &chooser, r, &transcript);
    struct sm_shrunk shrunk = sm_shrink(campaign->trial, r, transcript->chosen, transcript->count, cause, SHRINK_RUNS_MAX);
    campaign->shrink_runs += shrunk.runs;
    if (!shrunk.fails) {
        campaign->diverged = sm_region_printf(campaign->kept, "run %llu ended with %s; its schedule of %zu choices does not",
                                              (unsigned long long)attempt->number, cause, transcript->count);
        return;
    }
    const char *core = core_of(r, cause, &shrunk);
    known = same_core(campaign, core);
    if (known) {
        known->times++;
        if (shrunk.count < known->schedule.count)
            replace(campaign, known, &shrunk);
    } else if (campaign->finding_count < SM_FINDINGS_MAX)
        file_new(campaign, cause, core, &shrunk, transcript->count, attempt->number);
    else
        campaign->findings_lost++;
}

/* --- Runs ---------------------------------------------------------------------------------------------------------------------------- */

bool sm_campaign_next(struct sm_campaign *campaign) {
    if (campaign->diverged || campaign->stopped || (campaign->runs_max && campaign->runs >= campaign->runs_max))
        return false;
    campaign->stopped = campaign->more && !campaign->more(campaign->arg, campaign);
    return !campaign->stopped;
}

struct sm_verdict sm_campaign_try(struct sm_campaign *campaign, const struct sm_attempt *attempt) {
    struct sm_verdict verdict;

    sm_region_clear(campaign->work);
    if (attempt->number % SM_CAMPAIGN_CHECK_EACH == 0) {
        verdict = run_twice(campaign, attempt);
    } else {
        struct sm_sim_chooser chooser = attempt->chooser(attempt->self);
        verdict = sm_trial_run(campaign->trial, &chooser, NULL);
    }
    campaign->runs++;
    campaign->events += verdict.events - campaign->trial->settled_events;
    campaign->verdicts[verdict.kind]++;
    if (verdict.kind == SM_VERDICT_CONVERGES || campaign->diverged)
        return verdict;
    campaign->failed_runs++;
    const char *reason = sm_region_strdup(campaign->work, verdict.reason);
    file(campaign, attempt, sm_trial_cause(campaign->work, &verdict));
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
