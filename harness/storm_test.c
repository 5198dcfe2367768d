/* The hardened controller in a storm: at every point where something could go either way, a seed says which way, until it
 * has said so often enough; then the world is quiet. Whatever came before, it must converge.
 *
 * SM_STORM_RUNS=1000 in the environment runs so many seeds of each scenario.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rng.h"
#include "verdict.h"
#include "world.h"

enum { RUNS = 25, FAULTS = 40, LATES = 20, OTHER_WAYS = 400 };

/* How often a choice is not the usual one. */
static const uint32_t percent[SM_CHOICE_COUNT] = {[SM_CHOICE_EVENT] = 10, [SM_CHOICE_YIELD] = 20, [SM_CHOICE_FAULT] = 5,
                                                  [SM_CHOICE_LATE] = 2,   [SM_CHOICE_AGE] = 10,   [SM_CHOICE_USER] = 0};

struct storm {
    struct sm_rng rng;
    uint32_t faults, lates, others; /* still to come */
};

static uint32_t draw(struct storm *storm, enum sm_choice kind, uint32_t n) {
    uint32_t *left = kind == SM_CHOICE_FAULT ? &storm->faults : kind == SM_CHOICE_LATE ? &storm->lates : &storm->others;

    if (!*left || sm_rng_below(&storm->rng, 100) >= percent[kind])
        return 0;
    --*left;
    return 1 + sm_rng_below(&storm->rng, n - 1);
}

static uint32_t choose(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    (void)env;
    /* Minutes late: a cluster whose own controllers are that slow deletes and creates a pod in a circle for as long. */
    return draw(self, point->kind, point->kind == SM_CHOICE_LATE ? point->n - 2 : point->n);
}

static uint32_t choose_event(void *self, struct sm_env *env, const struct sm_event *const *enabled, uint32_t n) {
    (void)env;
    (void)enabled;
    return draw(self, SM_CHOICE_EVENT, n);
}

static const char *read_for_loader(void *self, struct sm_region *r, const char *path, size_t *ret_bytes, const char **reterr) {
    (void)self;
    FILE *file = fopen(path, "rb");
    *reterr = "cannot be read";
    if (!file)
        return NULL;
    fseek(file, 0, SEEK_END);
    size_t bytes = (size_t)ftell(file);
    rewind(file);
    char *text = sm_region_alloc(r, bytes + 1);
    *ret_bytes = fread(text, 1, bytes, file);
    text[*ret_bytes] = '\0';
    fclose(file);
    return text;
}

/* One run. Every third has events in order, every fourth has no faults. */
static struct sm_verdict run(struct sm_region *r, struct sm_library *library, const struct sm_scenario *scenario, uint64_t seed) {
    struct storm storm = {.faults = seed % 4 ? FAULTS : 0, .lates = LATES, .others = OTHER_WAYS};
    sm_rng_init(&storm.rng, seed, "storm");
    return sm_verdict_run(&(struct sm_world_config){.run = r,
                                                    .library = library,
                                                    .scenario = scenario,
                                                    .profile = sm_profile_find("hardened"),
                                                    .chooser = {&storm, choose, choose_event},
                                                    .window = (sm_time)(seed % 3) * 5 * SM_MILLISECOND},
                          NULL);
}

static void check(const char *path) {
    struct sm_region kept, r;
    sm_region_init(&kept, "kept", 0);
    sm_region_init(&r, "run", 0);
    struct sm_problems problems = sm_problems_init(&kept);
    const struct sm_scenario *scenario = sm_scenario_load(&kept, &(struct sm_reader){NULL, read_for_loader}, path, &problems);
    if (!scenario)
        fail_msg("%s", problems.at[0].text);
    struct sm_library *library = sm_library_new(&kept);

    const char *count = getenv("SM_STORM_RUNS");
    uint64_t runs = count ? strtoull(count, NULL, 10) : RUNS;
    unsigned failures = 0;
    for (uint64_t seed = 1; seed <= runs; seed++) {
        sm_region_clear(&r);
        struct sm_verdict verdict = run(&r, library, scenario, seed);
        if (verdict.kind == SM_VERDICT_CONVERGES)
            continue;
        failures++;
        print_message("%s, seed %llu: %s: %s\n", path, (unsigned long long)seed, sm_verdict_names[verdict.kind], verdict.reason);
    }
    assert_int_equal(failures, 0);
    sm_region_release(&r);
    sm_region_release(&kept);
}

static void images_come_and_go(void **state) {
    (void)state;
    check("testdata/storm.yaml");
}

static void hands_reach_into_the_cluster(void **state) {
    (void)state;
    check("testdata/storm_hands.yaml");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images_come_and_go),
        cmocka_unit_test(hands_reach_into_the_cluster),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
