/* What searches found, held: every schedule of scenarios/regress still ends as it says, and every plain scenario without any. */
#include <glob.h>
#include <string.h>

#include "campaign_test.h"
#include "match.h"
#include "scenario.h"
#include "scenario_try.h"
#include "schedule.h"

static const struct sm_scenario *load(const char *path) {
    struct sm_problems problems = sm_problems_init(&kept);
    const struct sm_scenario *scenario = sm_scenario_load(&kept, &sm_files_reader, path, &problems);

    if (!scenario || !sm_scenario_try(&run, library, scenario, &problems))
        fail_msg("%s", problems.at[0].text);
    return scenario;
}

/* --- Schedules -------------------------------------------------------------------------------------------------------------- */

static unsigned check(const char *path) {
    struct sm_problems problems = sm_problems_init(&kept);
    const struct sm_schedule *schedule = sm_schedule_read(&kept, &sm_files_reader, path, &problems);
    const char *why = "";
    unsigned outdated = 0;

    if (!schedule)
        fail_msg("%s", problems.at[0].text);
    assert_true(strlen(schedule->about) > 10); /* its first line says what it was */
    struct sm_trial_config config = {.kept = &kept,
                                     .run = &run,
                                     .scratch = &scratch,
                                     .library = library,
                                     .scenario = load(sm_region_printf(&kept, "../%s", schedule->scenario)),
                                     .profile = sm_profile_find(schedule->profile)};
    struct sm_trial *trial = sm_trial_new(&config, &why);
    if (!trial)
        fail_msg("%s: %s", path, why);
    struct sm_player *player = NULL;
    sm_region_clear(&work);
    struct sm_verdict verdict = sm_trial_play(trial, schedule->chosen, schedule->count, &work, NULL, &player);
    for (size_t i = 0; i < schedule->count; i++)
        if (!player->played[i]) {
            print_error("%s: %s#%u is outdated\n", path, schedule->chosen[i].label, schedule->chosen[i].occurrence);
            outdated++;
        }
    const char *cause = sm_trial_cause(&work, &verdict);
    if (strcmp(cause, schedule->verdict) == 0)
        return outdated;
    print_error("%s: %s, not %s: %s\n", path, cause, schedule->verdict, verdict.reason);
    return outdated + 1;
}

static void what_was_found_is_found_again(void **state) {
    unsigned wrong = 0;
    glob_t found;
    (void)state;

    assert_int_equal(glob("../scenarios/regress/*.schedule", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        wrong += check(found.gl_pathv[i]);
    globfree(&found);
    assert_int_equal(wrong, 0);
}

/* --- Plain scenarios ---------------------------------------------------------------------------------------------------------- */

static void plain_scenarios_end_as_they_say(void **state) {
    const char *paths[64];
    struct sm_problems problems = sm_problems_init(&kept);
    size_t count = sm_files_expand(&kept, "../scenarios/plain", paths, 64, &problems), wrong = 0;
    (void)state;

    assert_true(count >= 16);
    for (size_t i = 0; i < count; i++) {
        const struct sm_scenario *scenario = load(paths[i]);
        for (size_t p = 0; p < SM_PROFILE_COUNT; p++) {
            sm_region_clear(&run);
            struct sm_verdict verdict = sm_verdict_run(
                &(struct sm_world_config){
                    .run = &run, .scratch = &scratch, .library = library, .scenario = scenario, .profile = &sm_profiles[p]},
                NULL);
            const struct sm_expectation *expected = &scenario->expect[p];
            if (verdict.kind == expected->verdict && (!expected->reason || sm_match_glob(expected->reason, verdict.reason)))
                continue;
            print_error("%s under %s: %s, not %s: %s\n", scenario->name, sm_profiles[p].name, sm_verdict_names[verdict.kind],
                        sm_verdict_names[expected->verdict], verdict.reason);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_found_is_found_again, setup, teardown),
        cmocka_unit_test_setup_teardown(plain_scenarios_end_as_they_say, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
