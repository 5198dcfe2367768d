#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "json.h"
#include "junit.h"
#include "run_json.h"
#include "table.h"
#include "timeline.h"

static struct sm_region region;
static struct sm_str out;

static int setup(void **state) {
    (void)state;
    sm_region_init(&region, "reports test", 0);
    sm_str_init(&out, &region);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sm_region_release(&region);
    return 0;
}

static const struct sm_cell cells[] = {
    {.scenario = "image", .file = "s/image.yaml", .profile = "before", .verdict = "stuck", .expected = "stuck", .as_expected = true, .reason = "x", .replay = "r1"},
    {.scenario = "image", .file = "s/image.yaml", .profile = "merged", .verdict = "converges", .expected = "converges", .as_expected = true},
    {.scenario = "stale-pod", .file = "s/stale-pod.yaml", .profile = "before", .verdict = "failed", .expected = "stuck", .reason = "a \"b\"", .why = "w", .replay = "r2"},
};
static const char *const profiles[] = {"before", "merged"};

static void the_matrix_has_a_row_a_scenario_and_a_column_a_profile(void **state) {
    (void)state;

    sm_table(&out, cells, 3, profiles, 2, false);

    assert_string_equal(out.data, "scenario   before              merged\n"
                                  "image      stuck               converges\n"
                                  "stale-pod  failed (not stuck)  -\n");
}

static void colour_is_green_where_the_cell_is_as_expected(void **state) {
    (void)state;

    sm_table(&out, cells, 3, profiles, 1, true);

    assert_string_equal(out.data, "scenario   before\n"
                                  "image      \033[32mstuck\033[0m\n"
                                  "stale-pod  \033[31mfailed (not stuck)\033[0m\n");
}

static void of_two_scenarios_of_one_name_the_files_are_shown(void **state) {
    const struct sm_cell twins[] = {
        {.scenario = "x", .file = "a/x.yaml", .profile = "before", .verdict = "stuck", .expected = "stuck", .as_expected = true},
        {.scenario = "x", .file = "b/x.yaml", .profile = "before", .verdict = "failed", .expected = "failed", .as_expected = true},
    };
    (void)state;

    sm_table(&out, twins, 2, profiles, 1, false);

    assert_string_equal(out.data, "scenario  before\n"
                                  "a/x.yaml  stuck\n"
                                  "b/x.yaml  failed\n");
}

static void junit_has_a_suite_a_scenario_and_a_case_a_profile(void **state) {
    const struct sm_cell some[] = {
        {.scenario = "a", .file = "./s/a.yaml", .profile = "before", .verdict = "stuck", .expected = "stuck", .as_expected = true,
         .reason = "x < \"y\" & \x01\xff\n", .why = "", .time = 1500 * SM_MILLISECOND, .events = 7, .log = "l1\nl2\n", .log_is_whole = true},
        {.scenario = "a", .file = "./s/a.yaml", .profile = "merged", .verdict = "stuck", .expected = "converges", .reason = "r", .why = "w",
         .time = 62 * SM_SECOND + 3 * SM_MILLISECOND, .log = "e1\ne2\n", .replay = "stalemate run"},
        {.scenario = "b", .file = "b.yaml", .profile = "before", .verdict = "budget", .expected = "budget", .as_expected = true,
         .undecided = true, .control = true, .reason = "", .complaint = "b.yaml:1:1: more", .replay = "stalemate run"},
    };
    (void)state;

    sm_junit(&out, some, 3);

    assert_string_equal(
        out.data, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<testsuites name=\"stalemate\" tests=\"3\" failures=\"1\" errors=\"1\" skipped=\"0\" time=\"63.503\">\n"
                  "  <testsuite name=\"a\" file=\"./s/a.yaml\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\" time=\"63.503\">\n"
                  "    <properties>\n"
                  "      <property name=\"time\" value=\"virtual seconds\"/>\n"
                  "    </properties>\n"
                  "    <testcase name=\"before\" classname=\"s.a\" file=\"./s/a.yaml\" time=\"1.500\">\n"
                  "      <properties>\n"
                  "        <property name=\"verdict\" value=\"stuck\"/>\n"
                  "        <property name=\"reason\" value=\"x &lt; &quot;y&quot; &amp; \xef\xbf\xbd\xef\xbf\xbd&#10;\"/>\n"
                  "        <property name=\"events\" value=\"7\"/>\n"
                  "      </properties>\n"
                  "      <system-out>l1\nl2\n</system-out>\n"
                  "    </testcase>\n"
                  "    <testcase name=\"merged\" classname=\"s.a\" file=\"./s/a.yaml\" time=\"62.003\">\n"
                  "      <properties>\n"
                  "        <property name=\"verdict\" value=\"stuck\"/>\n"
                  "        <property name=\"reason\" value=\"r\"/>\n"
                  "        <property name=\"why\" value=\"w\"/>\n"
                  "        <property name=\"events\" value=\"0\"/>\n"
                  "      </properties>\n"
                  "      <failure message=\"stuck, not converges as expected: r\" type=\"stuck\">stuck, not converges as expected\n"
                  "reason:   r\n"
                  "expected: w\n"
                  "the last events:\n"
                  "e1\n"
                  "e2\n"
                  "replay:   stalemate run\n"
                  "</failure>\n"
                  "    </testcase>\n"
                  "  </testsuite>\n"
                  "  <testsuite name=\"b\" file=\"b.yaml\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" time=\"0.000\">\n"
                  "    <properties>\n"
                  "      <property name=\"time\" value=\"virtual seconds\"/>\n"
                  "    </properties>\n"
                  "    <testcase name=\"before, control\" classname=\"b\" file=\"b.yaml\" time=\"0.000\">\n"
                  "      <properties>\n"
                  "        <property name=\"verdict\" value=\"budget\"/>\n"
                  "        <property name=\"events\" value=\"0\"/>\n"
                  "      </properties>\n"
                  "      <error message=\"a budget ran out\" type=\"budget\">a budget ran out\n"
                  "b.yaml:1:1: more\n"
                  "replay:   stalemate run\n"
                  "</error>\n"
                  "    </testcase>\n"
                  "  </testsuite>\n"
                  "</testsuites>\n");
}

static void json_holds_the_lines_that_were_kept(void **state) {
    const struct sm_cell some[] = {
        {.log = "a \"b\"\nc\n"},
        {.log = "d\n", .log_is_whole = true},
    };
    struct sm_json_error error;
    (void)state;

    sm_run_json(&out, some, 2);

    sm_val doc = sm_json_parse(&region, out.data, out.bytes, NULL, &error);
    assert_non_null(doc);
    assert_string_equal(sm_json_text(&region, sm_val_at(doc, "results[0].lastEvents"), 0), "[\"a \\\"b\\\"\",\"c\"]");
    assert_string_equal(sm_json_text(&region, sm_val_at(doc, "results[1].timeline"), 0), "[\"d\"]");
}

static void json_has_the_names_that_scripts_read(void **state) {
    (void)state;

    sm_run_json(&out, cells, 3);

    struct sm_json_error error;
    sm_val doc = sm_json_parse(&region, out.data, out.bytes, NULL, &error);
    assert_non_null(doc);
    assert_int_equal(sm_val_count(sm_val_get(doc, "results")), 3);
    assert_string_equal(sm_val_str_at(doc, "results[2].scenario"), "stale-pod");
    assert_string_equal(sm_val_str_at(doc, "results[2].profile"), "before");
    assert_string_equal(sm_val_str_at(doc, "results[2].verdict"), "failed");
    assert_string_equal(sm_val_str_at(doc, "results[2].expected"), "stuck");
    assert_string_equal(sm_val_str_at(doc, "results[2].reason"), "a \"b\"");
    assert_string_equal(sm_val_str_at(doc, "results[2].replay"), "r2");
    assert_false(sm_val_true_at(doc, "results[2].ok"));
    assert_true(sm_val_true_at(doc, "results[0].ok"));
}

static const struct sm_journal_event events[] = {
    {.time = SM_TIME_START + 1500 * SM_MILLISECOND,
     .kind = SM_JOURNAL_READ,
     .actor = "seinode-controller",
     .resource = "pods",
     .name_space = "default",
     .name = "n-1-0",
     .version = 7,
     .latest = 9,
     .behind = 2 * SM_SECOND},
    {.time = SM_TIME_START + 1500 * SM_MILLISECOND, .kind = SM_JOURNAL_SENT, .actor = "seinode-controller", .verb = "delete"},
    {.time = SM_TIME_START + 2 * SM_SECOND,
     .kind = SM_JOURNAL_COMMITTED,
     .actor = "kubelet",
     .verb = "patch",
     .resource = "pods/status",
     .name_space = "default",
     .name = "n-1-0",
     .code = 409,
     .text = "modified",
     .request = SM_EMPTY_MAP},
};

static void a_timeline_says_who_did_what_and_how_far_behind(void **state) {
    struct sm_timeline timeline;
    (void)state;

    sm_timeline_init(&timeline, &region);
    for (size_t i = 0; i < 3; i++)
        sm_timeline_add(&timeline, &events[i]);

    assert_string_equal(
        timeline.text.data,
        "     1.500s  seinode-controller        reads its cache of pods default/n-1-0, v7 while the store is at v9, 2s behind\n"
        "     2.000s    kubelet                   patch pods/status default/n-1-0 -> 409 {}: modified\n");
}

static void a_timeline_keeps_the_last_lines_only_if_asked(void **state) {
    struct sm_timeline timeline;
    (void)state;

    sm_timeline_init(&timeline, &region);
    timeline.last = 1;
    timeline.all = true;
    for (size_t i = 0; i < 3; i++)
        sm_timeline_add(&timeline, &events[i]);

    assert_int_equal(strncmp(timeline.text.data, "     2.000s", 11), 0);
    assert_ptr_equal(strchr(timeline.text.data, '\n'), timeline.text.data + timeline.text.bytes - 1);
}

static void a_timeline_of_a_run_without_end_stops_where_memory_comes_to_its_end(void **state) {
    struct sm_region small;
    struct sm_timeline timeline;
    (void)state;

    sm_region_init(&small, "small", 64 << 10);
    sm_timeline_init(&timeline, &small);
    timeline.all = true;
    for (size_t i = 0; i < 10000; i++)
        sm_timeline_add(&timeline, &events[0]);

    const char *end = strstr(timeline.text.data, "(no room for what follows)\n");
    assert_true(timeline.text.bytes > 4096 && end && !end[strlen("(no room for what follows)\n")]);
    sm_region_release(&small);
}

static void the_last_lines_take_no_more_room_however_long_the_run(void **state) {
    struct sm_timeline timeline;
    (void)state;

    sm_timeline_init(&timeline, &region);
    timeline.last = 3;
    timeline.all = true;
    for (size_t i = 0; i < 10; i++)
        sm_timeline_add(&timeline, &events[0]);
    size_t bytes = region.used_bytes;
    for (size_t i = 0; i < 1000; i++)
        sm_timeline_add(&timeline, &events[0]);

    assert_int_equal(region.used_bytes, bytes);
}

static void what_is_not_a_call_is_said_by_its_kind(void **state) {
    const struct {
        struct sm_journal_event event;
        const char *text;
    } cases[] = {
        {{.kind = SM_JOURNAL_STEP, .resource = "seinodes", .name = "n-1", .text = "patch seinode/n-1 (a.yaml:3)"},
         "step seinodes n-1: patch seinode/n-1 (a.yaml:3)"},
        {{.kind = SM_JOURNAL_CHOSE, .text = "event", .choice = 1, .choices = 3}, "chose: event (1 of 3)"},
        {{.kind = SM_JOURNAL_FAULT, .verb = "delete", .resource = "pods", .name_space = "d", .name = "p", .text = "lose-answer"},
         "FAULT lose-answer: delete pods d/p"},
        {{.kind = SM_JOURNAL_READ, .resource = "pods", .name = "p"}, "reads its cache of pods p: not there"},
        {{.kind = SM_JOURNAL_SERVICE, .verb = "GET /v0/healthz", .resource = "sidecar", .name = "h", .code = 503},
         "GET /v0/healthz sidecar h -> 503"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(sm_timeline_what(&region, &cases[i].event), cases[i].text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_matrix_has_a_row_a_scenario_and_a_column_a_profile, setup, teardown),
        cmocka_unit_test_setup_teardown(colour_is_green_where_the_cell_is_as_expected, setup, teardown),
        cmocka_unit_test_setup_teardown(of_two_scenarios_of_one_name_the_files_are_shown, setup, teardown),
        cmocka_unit_test_setup_teardown(junit_has_a_suite_a_scenario_and_a_case_a_profile, setup, teardown),
        cmocka_unit_test_setup_teardown(json_holds_the_lines_that_were_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(json_has_the_names_that_scripts_read, setup, teardown),
        cmocka_unit_test_setup_teardown(a_timeline_says_who_did_what_and_how_far_behind, setup, teardown),
        cmocka_unit_test_setup_teardown(a_timeline_keeps_the_last_lines_only_if_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(a_timeline_of_a_run_without_end_stops_where_memory_comes_to_its_end, setup, teardown),
        cmocka_unit_test_setup_teardown(the_last_lines_take_no_more_room_however_long_the_run, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_a_call_is_said_by_its_kind, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
