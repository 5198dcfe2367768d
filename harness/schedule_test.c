#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "schedule.h"

static struct sm_region r;

static const char *read_text(void *self, struct sm_region *region, const char *path, size_t *ret_bytes, const char **reterr) {
    (void)region;
    (void)path;
    *reterr = "cannot be read";
    if (self)
        *ret_bytes = strlen(self);
    return self;
}

static const struct sm_schedule *read_schedule(const char *text, struct sm_problems *problems) {
    *problems = sm_problems_init(&r);
    return sm_schedule_read(&r, &(struct sm_reader){(void *)(uintptr_t)text, read_text}, "x.schedule", problems);
}

static int setup(void **state) {
    (void)state;
    sm_region_init(&r, "test", 0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sm_region_release(&r);
    return 0;
}

static const char whole[] = "# An edit in mid-update.\n"
                            "# It was stamped before it was applied.\n"
                            "scenario = scenarios/plain/edit.yaml\n"
                            "profile = merged\n"
                            "verdict = violated: claim-kept\n"
                            "build = 0.1.0\n"
                            "\n"
                            "fault seinode-controller.apply statefulsets/default/n-1#2 = lose-answer\n"
                            "event kubelet.sync default/n-1-0#3 = seinode-controller.answer pods/default/n-1-0\n"
                            "late seinode-controller.call sidecar GET /v0/healthz#1 = 20s\n"
                            "user user.patch seinode/n-1#1 = 17\n";

static void what_is_written_is_read_again(void **state) {
    struct sm_problems problems;
    struct sm_str out;
    (void)state;

    const struct sm_schedule *schedule = read_schedule(whole, &problems);
    assert_non_null(schedule);
    sm_str_init(&out, &r);
    sm_schedule_write(&out, schedule);

    assert_string_equal(out.data, whole);
    assert_int_equal(schedule->count, 4);
    assert_int_equal(schedule->chosen[1].kind, SM_CHOICE_EVENT);
    assert_string_equal(schedule->chosen[1].label, "kubelet.sync default/n-1-0");
    assert_int_equal(schedule->chosen[1].occurrence, 3);
    assert_string_equal(schedule->chosen[1].way, "seinode-controller.answer pods/default/n-1-0");
    assert_int_equal(schedule->chosen[2].line, 10);
}

static void lines_may_end_as_windows_ends_them_and_comments_stand_anywhere(void **state) {
    struct sm_problems problems;
    (void)state;

    const struct sm_schedule *schedule = read_schedule("scenario = a\r\nprofile = b\r\n# later\r\nage x.list#1 = 2", &problems);

    assert_non_null(schedule);
    assert_string_equal(schedule->profile, "b");
    assert_string_equal(schedule->about, "");
    assert_string_equal(schedule->chosen[0].way, "2");
}

static void what_is_wrong_has_a_place(void **state) {
    static const struct {
        const char *text, *problem;
    } cases[] = {
        {"scenario = a\nprofile = b\nnothing\n", "x.schedule:3:1: neither a key nor a choice"},
        {"scenario = a\nprofile = b\nlate x#1\n", "x.schedule:3:9: a choice without its way"},
        {"scenario = a\nprofile = b\nlate x#1 = \n", "x.schedule:3:12: a choice without its way"},
        {"scenario = a\nprofile = b\nlate x = 1s\n", "x.schedule:3:6: a choice without its occurrence"},
        {"scenario = a\nprofile = b\nlate x#0 = 1s\n", "x.schedule:3:6: a choice without its occurrence"},
        {"scenario = a\nprofile = b\nlate x#99999999999 = 1s\n", "x.schedule:3:6: a choice without its occurrence"},
        {"scenario = a\nprofile = b\nlate #1 = 1s\n", "x.schedule:3:6: a choice without its occurrence"},
        {"scenario = a\nprofile = b\nprofile = c\n", "x.schedule:3:1: profile is given twice"},
        {"profile = b\n", "x.schedule: no scenario"},
        {"scenario = a\n", "x.schedule: no profile"},
        {NULL, "x.schedule: cannot be read"},
    };
    struct sm_problems problems;
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_null(read_schedule(cases[i].text, &problems));
        assert_int_equal(problems.count, 1);
        if (strncmp(problems.at[0].text, cases[i].problem, strlen(cases[i].problem)) != 0)
            fail_msg("%s: not %s", problems.at[0].text, cases[i].problem);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read_again, setup, teardown),
        cmocka_unit_test_setup_teardown(lines_may_end_as_windows_ends_them_and_comments_stand_anywhere, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_wrong_has_a_place, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
