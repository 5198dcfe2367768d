#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "bench_search.h"
#include "files.h"

static struct sm_region kept, run, scratch;
static struct sm_bench_config config;
static struct sm_bench *bench;

static int setup(void **state) {
    (void)state;
    sm_region_init(&kept, "kept", 0);
    sm_region_init(&run, "run", 0);
    sm_region_init(&scratch, "scratch", 0);
    struct sm_problems problems = sm_problems_init(&kept);
    const struct sm_scenario *scenario = sm_scenario_load(&kept, &sm_files_reader, "../scenarios/nominal-update.yaml", &problems);
    assert_non_null(scenario);
    config = (struct sm_bench_config){&kept, &run, &scratch, sm_library_new(&kept), scenario, sm_profile_find("merged")};
    bench = sm_bench_new(&config);
    assert_non_null(bench);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sm_region_release(&kept);
    sm_region_release(&run);
    sm_region_release(&scratch);
    return 0;
}

static void update_ends_with_a_plan_complete_on_a_new_pod(void **state) {
    const struct sm_target pod = {.resource = SM_PODS, .name_space = "default", .name = "n-1-0"};
    (void)state;

    sm_bench_update(bench);

    assert_string_equal(sm_val_str_at(sm_world_object(bench->world, &pod), "spec.containers[name=seid].image"), "registry.example/seid:v2");
    assert_int_equal(bench->world->memory->plans_complete, bench->complete + 1);
}

static void update_is_the_same_run_again_and_leaves_no_memory_behind(void **state) {
    (void)state;
    uint64_t events = sm_bench_update(bench);
    int64_t version = sm_server_version(bench->world->server);
    size_t bytes = run.used_bytes, kept_bytes = kept.used_bytes;

    for (int i = 0; i < 20; i++) {
        assert_int_equal(sm_bench_update(bench), events);
        assert_int_equal(sm_server_version(bench->world->server), version);
        assert_int_equal(run.used_bytes, bytes);
    }

    assert_int_equal(kept.used_bytes, kept_bytes);
    assert_int_equal(scratch.used_bytes, 0);
}

static void writes_are_all_changes(void **state) {
    (void)state;
    sm_bench_write(bench, 0);
    int64_t before = sm_server_version(bench->world->server);

    sm_bench_write(bench, 50);

    assert_int_equal(sm_server_version(bench->world->server), before + 50);
}

/* Last: it takes the world. */
static void search_finds_shrinks_and_campaigns_the_same_each_time(void **state) {
    (void)state;
    struct sm_bench_search *search = sm_bench_search_new(&config);
    assert_non_null(search);

    assert_int_equal(sm_bench_campaign(search, sm_engine_find("sweep"), 20)->runs, 20);
    assert_int_equal(sm_bench_campaign(search, sm_engine_find("sweep"), 20)->runs, 20);

    assert_int_equal(sm_bench_failure_choices(search), 0);
    assert_true(sm_bench_find_failure(search, 500));
    size_t choices = sm_bench_failure_choices(search), left = sm_bench_shrink(search);
    assert_true(choices >= 10);
    assert_in_range(left, 1, 5);
    assert_int_equal(sm_bench_shrink(search), left);

    sm_bench_search_free(search);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(update_ends_with_a_plan_complete_on_a_new_pod),
        cmocka_unit_test(update_is_the_same_run_again_and_leaves_no_memory_behind),
        cmocka_unit_test(writes_are_all_changes),
        cmocka_unit_test(search_finds_shrinks_and_campaigns_the_same_each_time),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
