/* The score over the field's race patterns: each is found in the controller as people wrote it, and nothing in the mended one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "engines.h"
#include "files.h"
#include "pattern.h"
#include "shrink.h"
#include "str.h"

/* Each is found within so many runs; the slowest takes about half of that. */
enum { RUNS_TO_FIND = 400, RUNS_IN_SILENCE = 100 };

static const char expect[] = "\nexpect:\n"
                             "  before: &any {verdict: converges, why: whoever is right comes to an end}\n"
                             "  first-cut: *any\n  reviewed: *any\n  on-delete: *any\n  merged: *any\n";

struct stage {
    struct sm_region kept, run, scratch, work;
    struct sm_library *library;
    struct sm_use uses[3];
    struct sm_scenario scenario;
    struct sm_scenario_controller controllers[2];
};

static double milliseconds(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* What every one of these scenarios says of profiles, which mean nothing here, stands once. */
static const char *read_with_expectations(void *self, struct sm_region *r, const char *path, size_t *ret_bytes, const char **reterr) {
    (void)self;
    const char *text = sm_files_reader.read(sm_files_reader.self, r, path, ret_bytes, reterr);

    if (!text || !strstr(text, "\nsteps:"))
        return text;
    text = sm_region_printf(r, "%s%s", text, expect);
    *ret_bytes = strlen(text);
    return text;
}

static const void *name_a(struct sm_library *library, const struct sm_profile *profile) {
    (void)library;
    (void)profile;
    return "a";
}

static const void *name_b(struct sm_library *library, const struct sm_profile *profile) {
    (void)library;
    (void)profile;
    return "b";
}

static struct sm_trial *set_up(struct stage *stage, const struct sm_pattern *pattern, bool fixed) {
    static const struct sm_reader reader = {.read = read_with_expectations};
    const char *why = NULL;

    sm_region_init(&stage->kept, "kept", 0);
    sm_region_init(&stage->run, "run", 0);
    sm_region_init(&stage->scratch, "scratch", 0);
    sm_region_init(&stage->work, "work", 0);
    stage->library = sm_library_new(&stage->kept);
    struct sm_problems problems = sm_problems_init(&stage->kept);
    const struct sm_scenario *scenario =
        sm_scenario_load(&stage->kept, &reader, sm_region_printf(&stage->kept, "testdata/%s.yaml", pattern->name), &problems);
    if (!scenario)
        fail_msg("%s", problems.at[0].text);

    /* The controllers that scenarios can name are the product's; those of this test take their places. */
    const struct sm_controller *controller = fixed ? pattern->fixed : pattern->buggy;
    stage->uses[0] = (struct sm_use){"a", controller, "operator", name_a};
    stage->uses[1] = (struct sm_use){"b", controller, "operator", name_b};
    stage->controllers[0] = (struct sm_scenario_controller){.use = "a", .name = "operator"};
    stage->controllers[1] = (struct sm_scenario_controller){.use = "b", .name = "other-operator"};
    stage->scenario = *scenario;
    stage->scenario.controllers = stage->controllers;
    struct sm_trial *trial = sm_trial_new(&(struct sm_trial_config){.kept = &stage->kept,
                                                                    .run = &stage->run,
                                                                    .scratch = &stage->scratch,
                                                                    .library = stage->library,
                                                                    .scenario = &stage->scenario,
                                                                    .profile = sm_profile_find("merged"),
                                                                    .uses = stage->uses},
                                          &why);
    if (!trial)
        fail_msg("%s: %s", pattern->name, why);
    return trial;
}

static void tear_down(struct stage *stage) {
    sm_region_release(&stage->work);
    sm_region_release(&stage->scratch);
    sm_region_release(&stage->run);
    sm_region_release(&stage->kept);
}

static bool until_found(void *arg, const struct sm_campaign *campaign) {
    (void)arg;
    return campaign->finding_count == 0;
}

static struct sm_campaign campaign_of(struct stage *stage, struct sm_trial *trial, uint64_t runs) {
    return (struct sm_campaign){.engine = "sweep", .kept = &stage->kept, .work = &stage->work, .trial = trial, .seed = 1, .runs_max = runs};
}

static void is_found(const struct sm_pattern *pattern) {
    struct stage stage = {0};
    struct sm_trial *trial = set_up(&stage, pattern, false);
    struct sm_campaign campaign = campaign_of(&stage, trial, RUNS_TO_FIND);
    double begun = milliseconds();

    campaign.more = until_found;
    sm_sweep(&campaign);
    double found = milliseconds();
    if (!campaign.finding_count)
        fail_msg("%s: nothing in %d runs", pattern->name, RUNS_TO_FIND);
    const struct sm_finding *finding = campaign.finding[0];
    struct sm_verdict again = sm_trial_play(trial, finding->schedule.chosen, finding->schedule.count, &stage.work, NULL, NULL);
    assert_string_equal(sm_trial_cause(&stage.work, &again), finding->cause);
    print_message("%-26s %4d runs, %2d choices, %6.1f ms to find and shrink, %4.1f ms to replay: %s: %s\n", pattern->name,
                  (int)finding->runs_to_find, (int)finding->schedule.count, found - begun, milliseconds() - found, finding->cause,
                  finding->reason);
    tear_down(&stage);
}

static void is_silent(const struct sm_pattern *pattern) {
    struct stage stage = {0};
    struct sm_campaign campaign = campaign_of(&stage, set_up(&stage, pattern, true), RUNS_IN_SILENCE);

    sm_sweep(&campaign);
    assert_null(campaign.diverged);
    if (campaign.finding_count) {
        struct sm_str schedule;
        sm_str_init(&schedule, &stage.kept);
        for (size_t i = 0; i < campaign.finding[0]->schedule.count; i++) {
            sm_schedule_line(&schedule, &campaign.finding[0]->schedule.chosen[i]);
            sm_str_add(&schedule, "\n");
        }
        fail_msg("%s: %s\n%s", campaign.finding[0]->cause, campaign.finding[0]->reason, schedule.data);
    }
    tear_down(&stage);
}

#define X(id) \
    static void id##_is_found(void **state) { \
        (void)state; \
        is_found(&sm_pattern_##id); \
    } \
    static void id##_mended_is_left_alone(void **state) { \
        (void)state; \
        is_silent(&sm_pattern_##id); \
    }
SM_PATTERNS(X)
#undef X

int main(void) {
    const struct CMUnitTest tests[] = {
#define X(id) cmocka_unit_test(id##_is_found), cmocka_unit_test(id##_mended_is_left_alone),
        SM_PATTERNS(X)
#undef X
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
