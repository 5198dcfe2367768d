/* The scenarios that we ship, held to what they claim: as it stands in ci/run's matrix, without what goes wrong, with the safeguard
 * that a scenario is about switched, and told twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "files.h"
#include "match.h"
#include "scenario_try.h"
#include "timeline.h"
#include "world.h"

static struct sm_region kept, run, scratch;
static struct sm_library *library;
static const struct sm_scenario *scenarios[SM_FILES_MAX];
static size_t scenario_count;

static int setup(void **state) {
    const char *paths[256];
    (void)state;

    sm_region_init(&kept, "kept", 0);
    sm_region_init(&run, "run", 0);
    sm_region_init(&scratch, "scratch", 0);
    library = sm_library_new(&kept);
    struct sm_problems problems = sm_problems_init(&kept);
    scenario_count = sm_files_expand(&kept, "../scenarios", paths, 256, &problems);
    for (size_t i = 0; i < scenario_count; i++) {
        scenarios[i] = sm_scenario_load(&kept, &sm_files_reader, paths[i], &problems);
        if (!scenarios[i] || !sm_scenario_try(&run, library, scenarios[i], &problems))
            fail_msg("%s", problems.at[0].text);
    }
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sm_region_release(&kept);
    sm_region_release(&run);
    sm_region_release(&scratch);
    return 0;
}

static void tell(void *self, const struct sm_journal_event *event) {
    sm_timeline_add(self, event);
}

static struct sm_verdict play(const struct sm_scenario *scenario, const struct sm_profile *profile, bool control, struct sm_timeline *timeline) {
    struct sm_world_config config = {
        .run = &run, .scratch = &scratch, .library = library, .scenario = scenario, .profile = profile, .control = control};

    if (timeline)
        config.sink = (struct sm_sim_sink){timeline, tell};
    sm_region_clear(&run);
    return sm_verdict_run(&config, NULL);
}

static void all_end_as_expected(bool control) {
    size_t wrong = 0;

    for (size_t i = 0; i < scenario_count; i++) {
        for (size_t p = 0; p < SM_PROFILE_COUNT; p++) {
            const struct sm_expectation *expected = control ? &scenarios[i]->control[p] : &scenarios[i]->expect[p];
            struct sm_verdict verdict = play(scenarios[i], &sm_profiles[p], control, NULL);
            if (verdict.kind == expected->verdict && (!expected->reason || sm_match_glob(expected->reason, verdict.reason)))
                continue;
            print_error("%s under %s: %s, not %s: %s\n", scenarios[i]->name, sm_profiles[p].name, sm_verdict_names[verdict.kind],
                        sm_verdict_names[expected->verdict], verdict.reason);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void every_cell_ends_as_its_scenario_says(void **state) {
    (void)state;
    assert_true(scenario_count >= 25);
    all_end_as_expected(false);
}

static void without_what_goes_wrong_it_ends_as_its_control_says(void **state) {
    (void)state;
    all_end_as_expected(true);
}

static void the_safeguard_that_a_scenario_is_about_decides_its_verdict(void **state) {
    const struct sm_profile *merged = sm_profile_find("merged");
    size_t named = 0;
    (void)state;

    for (size_t i = 0; i < scenario_count; i++) {
        if (scenarios[i]->safeguard == SM_SAFEGUARD_UNSAID)
            fail_msg("%s does not say which safeguard it is about", scenarios[i]->name);
        if (scenarios[i]->safeguard == SM_SAFEGUARD_NONE) {
            if (!strstr(scenarios[i]->about, "\nNo safeguard"))
                fail_msg("%s does not say why it is about no safeguard", scenarios[i]->name);
            continue;
        }
        const struct sm_profile *switched = sm_profile_flip(&kept, merged, (enum sm_safeguard)scenarios[i]->safeguard);
        enum sm_verdict_kind with = play(scenarios[i], merged, false, NULL).kind, without = play(scenarios[i], switched, false, NULL).kind;
        named++;
        if (with == without)
            fail_msg("%s: %s under merged and under %s", scenarios[i]->name, sm_verdict_names[with], switched->name);
    }
    assert_true(named >= 17);
}

/* The history is worth keeping only if its bugs show. */
static void older_profiles_show_their_bugs_and_each_says_why(void **state) {
    size_t bugs = 0;
    (void)state;

    for (size_t i = 0; i < scenario_count; i++) {
        for (size_t p = 0; p + 1 < SM_PROFILE_COUNT; p++) {
            bugs += scenarios[i]->expect[p].verdict != SM_VERDICT_CONVERGES;
            assert_true(strlen(scenarios[i]->expect[p].why) > 10);
        }
        assert_int_equal(scenarios[i]->expect[SM_PROFILE_COUNT - 1].verdict, SM_VERDICT_CONVERGES);
    }
    assert_true(bugs >= 10);
}

static void the_same_run_tells_the_same_story(void **state) {
    (void)state;

    for (size_t i = 0; i < scenario_count; i++) {
        const struct sm_profile *profile = &sm_profiles[i % SM_PROFILE_COUNT];
        struct sm_timeline once, again;
        sm_timeline_init(&once, &kept);
        sm_timeline_init(&again, &kept);
        once.all = again.all = true;
        play(scenarios[i], profile, false, &once);
        play(scenarios[i], profile, false, &again);
        assert_true(once.text.bytes > 1000);
        assert_string_equal(once.text.data, again.text.data);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_ends_as_its_scenario_says),
        cmocka_unit_test(without_what_goes_wrong_it_ends_as_its_control_says),
        cmocka_unit_test(the_safeguard_that_a_scenario_is_about_decides_its_verdict),
        cmocka_unit_test(older_profiles_show_their_bugs_and_each_says_why),
        cmocka_unit_test(the_same_run_tells_the_same_story),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
