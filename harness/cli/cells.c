#include "cells.h"

#include <string.h>

#include "match.h"
#include "timeline.h"
#include "trial.h"

enum { LAST_EVENTS = 10 };

static void journal_line(void *self, const struct sm_journal_event *event) {
    sm_timeline_add(self, event);
}

static struct sm_verdict run_once(struct sm_cells *cells, const struct sm_scenario *scenario, const struct sm_profile *profile,
                                  struct sm_timeline *timeline) {
    struct sm_world_config config = {.run = cells->world,
                                     .scratch = cells->scratch,
                                     .library = cells->library,
                                     .scenario = scenario,
                                     .profile = profile,
                                     .control = cells->control,
                                     .window = SM_TRIAL_WINDOW};

    if (timeline)
        config.sink = (struct sm_sim_sink){timeline, journal_line};
    sm_region_clear(cells->world);
    return sm_verdict_run(&config, NULL);
}

/* That of the profile, or of the one that it was made from. */
static const struct sm_expectation *expectation(const struct sm_cells *cells, const struct sm_scenario *scenario,
                                                const struct sm_profile *profile) {
    size_t best = SM_PROFILE_COUNT - 1, bytes = 0;

    for (size_t i = 0; i < SM_PROFILE_COUNT; i++)
        if (strncmp(profile->name, sm_profiles[i].name, strlen(sm_profiles[i].name)) == 0 && strlen(sm_profiles[i].name) > bytes) {
            best = i;
            bytes = strlen(sm_profiles[i].name);
        }
    return cells->control ? &scenario->control[best] : &scenario->expect[best];
}

static bool fits(const struct sm_verdict *verdict, const struct sm_expectation *expected) {
    return verdict->kind == expected->verdict && (!expected->reason || sm_match_glob(expected->reason, verdict->reason));
}

/* A run that nobody expected to and that goes on for ever: it waits for what never comes, or the same is written again and again.
 * (What is stuck has come to rest.) */
static bool is_endless(const struct sm_verdict *verdict) {
    return verdict->repeats && (verdict->kind == SM_VERDICT_VACUOUS || verdict->kind == SM_VERDICT_LIVELOCK);
}

static enum sm_exit code_of(const struct sm_verdict *verdict, bool as_expected) {
    if (verdict->kind == SM_VERDICT_BUDGET) /* has shown nothing, whatever was expected */
        return SM_EXIT_BUDGET;
    return as_expected ? SM_EXIT_OK : is_endless(verdict) ? SM_EXIT_NOT_CONVERGED : SM_EXIT_UNEXPECTED;
}

static bool is_graver(enum sm_exit a, enum sm_exit b) {
    static const int gravity[] = {[SM_EXIT_OK] = 0,     [SM_EXIT_UNEXPECTED] = 1,     [SM_EXIT_NOT_CONVERGED] = 2,
                                  [SM_EXIT_BUDGET] = 3, [SM_EXIT_NONDETERMINISM] = 4, [SM_EXIT_USAGE] = 5};

    return gravity[a] > gravity[b];
}

/* Of a run that came to no end: what is wrong with it, where, and what to write instead. The reason of one that waits begins with
 * the place of the step. */
static const char *complaint(struct sm_region *r, const struct sm_scenario *scenario, const struct sm_profile *profile,
                             const struct sm_verdict *verdict, const char *reason) {
    size_t file = strlen(scenario->file);
    bool has_place = strncmp(reason, scenario->file, file) == 0 && reason[file] == ':';
    const char *place = sm_place_at(r, scenario->source, "world.budget").text;

    if (verdict->kind == SM_VERDICT_BUDGET)
        return sm_region_printf(r, "%s: under %s, %s: write %sa step that ends it", place, profile->name, reason,
                                verdict->full ? "" : "a larger world.budget, or ");
    if (!is_endless(verdict))
        return NULL;
    return sm_region_printf(r, "%s%s%s, for ever, under %s: write what ends it, or expect %s", has_place ? "" : scenario->file,
                            has_place ? "" : ":1:1: ", reason, profile->name, sm_verdict_names[verdict->kind]);
}

static bool differ(const struct sm_verdict *a, const struct sm_verdict *b, const char *reason_of_a) {
    bool same_end = (a->full && b->full) || (a->events == b->events && a->time == b->time);

    return a->kind != b->kind || !same_end || strcmp(reason_of_a, b->reason) != 0;
}

static void run_cell(struct sm_cells *cells, const struct sm_scenario *scenario, const struct sm_profile *profile) {
    struct sm_cell *cell = &cells->at[cells->count++];
    const struct sm_expectation *expected = expectation(cells, scenario, profile);
    struct sm_timeline timeline;
    bool keep = cells->timeline;

    sm_timeline_init(&timeline, cells->kept);
    timeline.all = cells->all_events;
    struct sm_verdict verdict = run_once(cells, scenario, profile, keep ? &timeline : NULL);
    const char *reason = sm_region_strdup(cells->kept, verdict.reason);
    bool as_expected = fits(&verdict, expected);
    enum sm_exit code = code_of(&verdict, as_expected);

    if (!as_expected && !keep) { /* once more, to hear what happened */
        timeline.last = LAST_EVENTS;
        keep = true;
        struct sm_verdict again = run_once(cells, scenario, profile, &timeline);
        if (differ(&verdict, &again, reason))
            code = SM_EXIT_NONDETERMINISM;
    }
    if (is_graver(code, cells->code))
        cells->code = code;
    *cell = (struct sm_cell){
        .scenario = scenario->name,
        .file = scenario->file,
        .profile = profile->name,
        .control = cells->control,
        .verdict = sm_verdict_names[verdict.kind],
        .expected = sm_verdict_names[expected->verdict],
        .as_expected = as_expected,
        .undecided = verdict.kind == SM_VERDICT_BUDGET,
        .unstable = code == SM_EXIT_NONDETERMINISM,
        .reason = reason,
        .why = expected->why,
        .complaint = as_expected ? NULL : complaint(cells->kept, scenario, profile, &verdict, reason),
        .replay = sm_region_printf(cells->kept, "stalemate run %s --profile %s%s --timeline", scenario->file, profile->name,
                                   cells->control ? " --control" : ""),
        .log = keep ? timeline.text.data : NULL,
        .log_is_whole = cells->timeline,
        .time = verdict.time,
        .events = verdict.events,
    };
}

void sm_cells_run(struct sm_cells *cells) {
    size_t all = cells->scenario_count * cells->profile_count;

    cells->at = sm_region_zalloc(cells->kept, (all + 1) * sizeof *cells->at);
    for (size_t s = 0; s < cells->scenario_count; s++)
        for (size_t p = 0; p < cells->profile_count; p++) {
            run_cell(cells, cells->scenarios[s], cells->profiles[p]);
            if (cells->progress)
                cells->progress(cells->progress_arg, cells->count, all);
        }
}
