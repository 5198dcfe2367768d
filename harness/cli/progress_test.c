#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "progress.h"

static void the_line_says_how_far_a_search_has_come(void **state) {
    (void)state;
    struct sm_region r;
    struct sm_str line;
    struct sm_campaign campaign = {.runs = 500, .runs_max = 4000, .shards = 2, .failed_runs = 3, .finding_count = 2, .faults = 17,
                                   .states = 90, .states_new = 4, .depth = 7, .sometimes = 5, .sometimes_met = 1};
    struct sm_progress progress = {.engine = "sweep", .scenario = "edit", .profile = "merged", .cell = 2, .cells = 3, .spent = 10};

    sm_region_init(&r, "test", 0);
    sm_str_init(&line, &r);
    sm_progress_line(&line, &progress, &campaign);
    assert_string_equal(line.data,
                        "sweep edit under merged (2 of 3): 500 runs, 50/s, states 90 (4 new), depth 7, faults 17, sometimes met 1 of 5, "
                        "not converged 3, findings 2, 30 s left");

    campaign = (struct sm_campaign){.runs = 500};
    progress.cells = 1;
    progress.seconds_max = 30;
    sm_str_clear(&line);
    sm_progress_line(&line, &progress, &campaign);
    assert_string_equal(line.data, "sweep edit under merged: 500 runs, 50/s, not converged 0, findings 0, 20 s left");
    sm_region_release(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_line_says_how_far_a_search_has_come)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
