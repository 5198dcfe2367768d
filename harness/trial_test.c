/* What a trial remembers of its runs changes none of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "files.h"
#include "memo.h"
#include "rng.h"
#include "trial.h"

enum { RUNS = 24 };

static struct sm_region kept, run, scratch, memo;
static struct sm_library *library;

static int setup(void **state) {
    (void)state;
    sm_region_init(&kept, "kept", 0);
    sm_region_init(&run, "run", 0);
    sm_region_init(&scratch, "scratch", 0);
    sm_region_init(&memo, "memo", 0);
    library = sm_library_new(&kept);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sm_region_release(&kept);
    sm_region_release(&run);
    sm_region_release(&scratch);
    sm_region_release(&memo);
    return 0;
}

static struct sm_trial *trial_of(const char *file, struct sm_region *memo_region) {
    struct sm_problems problems = sm_problems_init(&kept);
    const char *why = NULL;
    const struct sm_scenario *scenario = sm_scenario_load(&kept, &sm_files_reader, file, &problems);

    assert_non_null(scenario);
    struct sm_trial *trial = sm_trial_new(&(struct sm_trial_config){.kept = &kept,
                                                                    .run = &run,
                                                                    .scratch = &scratch,
                                                                    .library = library,
                                                                    .scenario = scenario,
                                                                    .profile = sm_profile_find("merged"),
                                                                    .memo = memo_region},
                                          &why);
    assert_non_null(trial);
    return trial;
}

/* Now and then something goes another way; each event is written down as one number. */
struct story {
    struct sm_rng rng;
    const struct sm_world *world;
    uint64_t told;
};

static uint32_t choose(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    struct story *story = self;
    (void)env;
    return sm_rng_below(&story->rng, 60) == 0 ? sm_rng_below(&story->rng, point->n) : 0;
}

static void hear(void *self, struct sm_env *env, const struct sm_event *event) {
    struct story *story = self;
    char label[SM_SIM_LABEL_BYTES];

    story->told = sm_memo_mix(sm_memo_mix_text(story->told, sm_sim_label(label, event)), (uint64_t)env->now);
    story->told = sm_memo_mix(story->told, (uint64_t)sm_server_version(story->world->server));
}

static void tell(struct sm_trial *trial, uint64_t seed, uint64_t *ret_told, struct sm_verdict *ret_verdict) {
    struct story story = {.world = trial->world};
    struct sm_sim_chooser chooser = {.self = &story, .choose = choose, .runs = hear};

    sm_rng_init(&story.rng, seed, "story");
    *ret_verdict = sm_trial_run(trial, &chooser, NULL);
    for (size_t i = 0; i < SM_RESOURCE_COUNT; i++) { /* every object as it was after every change */
        const struct sm_log *log = sm_server_log(trial->world->env, trial->world->server, &sm_resources[i]);
        for (uint32_t e = 0; log && e < log->count; e++)
            story.told = sm_memo_mix_val(story.told, log->entries[e].object);
    }
    *ret_told = story.told;
}

static void runs_are_the_same_with_and_without(const char *file) {
    uint64_t told[2][RUNS];
    struct sm_verdict verdict[2][RUNS];

    for (int with = 0; with < 2; with++) {
        struct sm_trial *trial = trial_of(file, with ? &memo : NULL);
        for (uint64_t i = 0; i < RUNS; i++)
            tell(trial, i / 2, &told[with][i], &verdict[with][i]);
        assert_int_equal(trial->world->env->memo != NULL, with);
    }
    for (size_t i = 0; i < RUNS; i++) {
        assert_int_equal(verdict[0][i].kind, verdict[1][i].kind);
        assert_int_equal(verdict[0][i].events, verdict[1][i].events);
        assert_int_equal(told[0][i], told[1][i]);
    }
    assert_int_not_equal(told[0][0], told[0][2]);
}

static void an_update_is_the_same(void **state) {
    (void)state;
    runs_are_the_same_with_and_without("../scenarios/nominal-update.yaml");
}

static void an_upgrade_of_the_controller_is_the_same(void **state) {
    (void)state;
    runs_are_the_same_with_and_without("../scenarios/upgrade-of-controller.yaml");
}

/* A run that was seen before costs no new memory. */
static void what_was_seen_is_known(void **state) {
    (void)state;
    struct sm_trial *trial = trial_of("../scenarios/nominal-update.yaml", &memo);
    struct sm_verdict verdict;
    uint64_t told;

    tell(trial, 1, &told, &verdict);
    size_t bytes = memo.used_bytes;
    assert_true(bytes > 100000);
    tell(trial, 1, &told, &verdict);
    assert_int_equal(memo.used_bytes, bytes);
}

/* What is remembered is bounded, and a trial that remembers no more goes on. */
static void a_full_memo_does_no_harm(void **state) {
    (void)state;
    struct sm_trial *trial = trial_of("../scenarios/nominal-update.yaml", &memo);
    struct sm_verdict verdict;
    uint64_t told;

    trial->world->env->memo->bytes_max = memo.used_bytes + 10000;
    for (uint64_t i = 0; i < 4; i++)
        tell(trial, i, &told, &verdict);
    size_t bytes = memo.used_bytes;
    tell(trial, 5, &told, &verdict);
    assert_int_equal(memo.used_bytes, bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_update_is_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(an_upgrade_of_the_controller_is_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_seen_is_known, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_memo_does_no_harm, setup, teardown),
    };
    return cmocka_run_group_tests_name("harness/trial", tests, NULL, NULL);
}
