#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "visited.h"

static struct sm_region r;

static int setup(void **state) {
    (void)state;
    sm_region_init(&r, "states", 0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sm_region_release(&r);
    return 0;
}

static void a_state_is_searched_again_only_with_more_left(void **state) {
    (void)state;
    struct sm_visited visited;

    sm_visited_init(&visited, &r);
    assert_int_equal(sm_visited_meet(&visited, 5, 1), SM_VISIT_NEW);
    sm_visited_close(&visited, 5);
    assert_int_equal(sm_visited_meet(&visited, 5, 1), SM_VISIT_SEEN);
    assert_int_equal(sm_visited_meet(&visited, 5, 0), SM_VISIT_SEEN);
    assert_int_equal(sm_visited_meet(&visited, 5, 2), SM_VISIT_MORE);
    sm_visited_close(&visited, 5);
    assert_int_equal(sm_visited_meet(&visited, 5, 2), SM_VISIT_SEEN);
    assert_int_equal(visited.count, 1);
}

static void an_open_state_met_with_the_same_left_is_a_circle(void **state) {
    (void)state;
    struct sm_visited visited;

    sm_visited_init(&visited, &r);
    sm_visited_meet(&visited, 0, 3);
    assert_int_equal(sm_visited_meet(&visited, 0, 3), SM_VISIT_CIRCLE);
    assert_int_equal(sm_visited_meet(&visited, 0, 2), SM_VISIT_SEEN);
    sm_visited_close(&visited, 0);
    assert_int_equal(sm_visited_meet(&visited, 0, 3), SM_VISIT_SEEN);
}

static void growing_forgets_nothing_and_ten_million_states_need_less_than_a_gibibyte(void **state) {
    enum { STATES = 300000 };
    (void)state;
    struct sm_visited visited;

    sm_visited_init(&visited, &r);
    for (uint64_t i = 1; i <= STATES; i++)
        assert_int_equal(sm_visited_meet(&visited, i * UINT64_C(0x9e3779b97f4a7c15), i % 5 + 1), SM_VISIT_NEW);
    for (uint64_t i = 1; i <= STATES; i++)
        assert_int_equal(sm_visited_meet(&visited, i * UINT64_C(0x9e3779b97f4a7c15), i % 5), SM_VISIT_SEEN);
    assert_int_equal(visited.count, STATES);
    assert_true(r.used_bytes / STATES * 10000000 < UINT64_C(1) << 30);
}

static void chances_are_those_of_the_birthday(void **state) {
    (void)state;
    struct sm_visited visited = {.count = UINT64_C(1) << 20};

    assert_in_range(sm_visited_collision(&visited), (UINT64_C(1) << 25) - 64, UINT64_C(1) << 25);
    visited.count = 1;
    assert_true(sm_visited_collision(&visited) == UINT64_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_state_is_searched_again_only_with_more_left, setup, teardown),
        cmocka_unit_test_setup_teardown(an_open_state_met_with_the_same_left_is_a_circle, setup, teardown),
        cmocka_unit_test_setup_teardown(growing_forgets_nothing_and_ten_million_states_need_less_than_a_gibibyte, setup, teardown),
        cmocka_unit_test_setup_teardown(chances_are_those_of_the_birthday, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
