/* The program as people and scripts see it: what it prints, and its exit code. Scenarios are written into a folder of the test. */
#include "command.h"
#include "json.h"
#include "program_test.h"

#define EXPECT(verdict) \
    "expect:\n" \
    "  before: {verdict: " verdict ", why: because}\n" \
    "  first-cut: {verdict: " verdict ", why: because}\n" \
    "  reviewed: {verdict: " verdict ", why: because}\n" \
    "  on-delete: {verdict: " verdict ", why: because}\n" \
    "  merged: {verdict: " verdict ", why: because}\n" \
    "  hardened: {verdict: " verdict ", why: because}\n"

static int setup(void **state) {
    (void)state;

    program_setup();
    assert_int_equal(run("mkdir scenarios"), 0);
    write_file("scenarios/quiet.yaml", "about: |\n  Nothing happens.\n  Not at all.\n" EXPECT("converges"));
    write_file("scenarios/vain.yaml", "about: Something never comes.\nsteps: [{wait: {pod/none: {}}}]\n" EXPECT("vacuous"));
    write_file("wrong.yaml", "about: Nothing happens.\n" EXPECT("stuck"));
    write_file("broken.yaml", "about: [\n");
    write_file("unknown.yaml", "about: x\nstep: []\n" EXPECT("stuck"));
    write_file("cache.yaml", "about: x\nworld: {lag: {nobody/pods: 1s}}\n" EXPECT("stuck"));
    write_file("refused.yaml", "about: x\ngiven: [{apiVersion: v1, kind: ConfigMap, metadata: {name: A_B}}]\n" EXPECT("stuck"));
    write_file("waits.yaml", "about: x\nsteps:\n- advance: 1s\n- wait: {pod/none: {}}\n" EXPECT("converges"));
    write_file("unmet.yaml", "about: x\nsteps:\n- advance: 1s\n- assert: {pod/none: {}}\n" EXPECT("converges"));
    write_file("endless.yaml", "about: x\nworld: {budget: {time: 10s}}\nsteps: [{advance: 1m}]\n" EXPECT("converges"));
    return 0;
}

static void expect_output(const char *text) {
    if (!strstr(output, text))
        fail_msg("`%s` is not in:\n%s", text, output);
}

static void a_matrix_as_expected_ends_with_0(void **state) {
    (void)state;

    assert_int_equal(run("$S run"), SM_EXIT_OK);
    expect_output("scenario  before     first-cut  reviewed   on-delete  merged     hardened\n"
                  "quiet     converges  converges  converges  converges  converges  converges\n"
                  "vain      vacuous    vacuous    vacuous    vacuous    vacuous    vacuous\n"
                  "\n2 scenarios, 12 runs, 0 otherwise than expected\n");
}

static void an_unexpected_cell_ends_with_1_and_says_how_to_see_it_again(void **state) {
    (void)state;

    assert_int_equal(run("$S run wrong.yaml quiet --profile merged,before"), SM_EXIT_UNEXPECTED);
    expect_output("wrong     converges (not stuck)  converges (not stuck)\n"
                  "quiet     converges              converges\n");
    expect_output("wrong under merged: converges, not stuck as expected\n");
    expect_output("  expected: because\n");
    expect_output("\n  stalemate run wrong.yaml --profile merged --timeline\n");
    expect_output("2 scenarios, 4 runs, 2 otherwise than expected\n");
}

static void scenarios_are_named_by_file_folder_glob_and_name(void **state) {
    (void)state;

    assert_int_equal(run("$S run scenarios/quiet.yaml --list"), SM_EXIT_OK);
    assert_string_equal(output, "quiet  Nothing happens.\n");
    assert_int_equal(run("$S run 'scenarios/v*' --list"), SM_EXIT_OK);
    assert_string_equal(output, "vain  Something never comes.\n");
    assert_int_equal(run("$S run scenarios/ --list"), SM_EXIT_OK);
    assert_string_equal(output, "quiet  Nothing happens.\nvain   Something never comes.\n");
    assert_int_equal(run("$S run vain --check"), SM_EXIT_OK);
    assert_string_equal(output, "1 scenario is well-formed\n");
}

static void what_is_wrong_ends_with_4_before_anything_runs(void **state) {
    const struct {
        const char *line, *text;
    } cases[] = {
        {"$S run broken.yaml quiet", "broken.yaml:2:1: "},
        {"$S run unknown.yaml", "unknown.yaml:2:1: unknown key \"step\": did you mean steps?\n"},
        {"$S run cache.yaml", "cache.yaml:2:15: there is no cache nobody/pods: write client/resource of an actor"},
        {"$S run refused.yaml", "refused.yaml:2:9: the server refuses it: ConfigMap \"A_B\" is invalid"},
        {"$S run none", "none: there is no such scenario: write a file, a folder, a glob, or a name out of scenarios/\n"},
        {"$S run none.yaml", "none.yaml: there is no such scenario"},
        {"mkdir -p empty; $S run empty", "empty: no scenario in this folder: write a folder that holds *.yaml\n"},
        {"$S run quit", "quit: there is no such scenario: did you mean quiet?\n"},
        {"$S run --profile newest", "stalemate run: there is no profile \"newest\": write all, or one of before first-cut"},
        {"$S run --profile merged,hardend", "stalemate run: there is no profile \"hardend\": did you mean hardened?\n"},
        {"$S run --profile merged,", "stalemate run: there is no profile \"\": write all, or one of before"},
        {"$S run --profiles=all", "stalemate run: unknown option --profiles: did you mean --profile?\n"},
        {"$S run -x", "stalemate run: unknown option -x: write one of --profile --timeline"},
        {"$S run --profile", "stalemate run: --profile needs an argument: write --profile P,…|all\n"},
        {"$S run --json=yes", "stalemate run: --json takes no argument: write it alone\n"},
        {"$S walk", "stalemate: there is no command walk: write one of these\n"},
        {"$S rnu", "stalemate: there is no command rnu: did you mean run?\n"},
        {"$S", "usage: stalemate COMMAND"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (run(cases[i].line) != SM_EXIT_USAGE)
            fail_msg("%s: %s", cases[i].line, output);
        expect_output(cases[i].text);
        assert_null(strstr(output, "converges"));
    }
}

static void every_bad_file_ends_with_4_and_nothing_runs(void **state) {
    (void)state;

    assert_int_equal(run("for f in $T/harness/testdata/bad/*.yaml; do $S run $f quiet >out 2>err; c=$?; "
                         "[ $c = 4 ] && [ ! -s out ] && grep -q 'yaml:[0-9]*:[0-9]*: ..*: .' err || echo $f $c; done"),
                     0);
    assert_string_equal(output, "");
}

static void a_hundred_megabytes_and_ten_thousand_levels_end_with_4(void **state) {
    (void)state;

    assert_int_equal(run("(echo 'about: x'; yes '# a line of a large file' | head -c 100000000) >large.yaml; $S run large.yaml"),
                     SM_EXIT_USAGE);
    assert_string_equal(output, "large.yaml:1:1: it is larger than 4 MiB: write less, or several files\n");
    assert_int_equal(run("rm large.yaml; (printf 'given: '; yes '[' | head -10000 | tr -d '\\n') >deep.yaml; $S run deep.yaml"),
                     SM_EXIT_USAGE);
    assert_string_equal(output, "deep.yaml:1:107: nested deeper than 100 levels: write it flatter\n");
}

static void a_run_that_waits_for_ever_ends_with_2(void **state) {
    (void)state;

    assert_int_equal(run("$S run waits.yaml wrong.yaml --profile merged >/dev/null"), SM_EXIT_NOT_CONVERGED);
    assert_string_equal(output, "waits.yaml:4:3: there is no pod/none, for ever, under merged: write what ends it, or expect vacuous\n");
    assert_int_equal(run("$S run unmet.yaml --profile merged >/dev/null"), SM_EXIT_UNEXPECTED); /* it has come to rest */
    assert_int_equal(run("$S run vain --profile merged >/dev/null"), SM_EXIT_OK);               /* as expected */
}

static void a_run_that_does_not_repeat_itself_ends_with_3(void **state) {
    (void)state;

    assert_int_equal(
        run("cp -r $T/scenarios/fixtures .; sed 's/verdict: converges/verdict: stuck/' $T/scenarios/nominal-update.yaml >update.yaml"), 0);
    assert_int_equal(run("$N run update.yaml waits.yaml endless.yaml --profile merged"), SM_EXIT_NONDETERMINISM);
    expect_output("stalemate run: update under merged did not repeat itself: this is a bug of stalemate\n");
    assert_int_equal(run("$N run quiet --profile merged"), SM_EXIT_OK); /* runs as expected are not run again */
}

static void a_budget_that_runs_out_ends_with_5(void **state) {
    (void)state;

    assert_int_equal(run("$S run endless.yaml wrong.yaml --profile merged"), SM_EXIT_BUDGET);
    expect_output("budget (not converges)");
    expect_output(
        "\nendless.yaml:2:9: under merged, 10s, and no state was seen twice: write a larger world.budget, or a step that ends it\n");
}

static void what_cannot_be_written_ends_with_4(void **state) {
    (void)state;

    assert_int_equal(run("$S run --junit none/x.xml >out"), SM_EXIT_USAGE);
    assert_string_equal(output,
                        "stalemate run: --junit none/x.xml: No such file or directory: write the path of a file that can be written\n");
    assert_int_equal(run("[ -s out ]"), 1); /* and nothing ran */
    assert_int_equal(run("$S run quiet --junit /dev/full"), SM_EXIT_USAGE);
    expect_output("stalemate run: --junit /dev/full: cannot write it: No space left on device\n");
    assert_int_equal(run("$S run quiet >/dev/full"), SM_EXIT_USAGE);
    expect_output("stalemate: cannot write all of the output: No space left on device\n");
}

static void junit_is_what_its_schema_says(void **state) {
    (void)state;

    if (run("command -v xmllint") != 0) {
        print_message("NO XMLLINT HERE: JUnit is not checked\n");
        skip();
    }
    assert_int_equal(
        run("$S run quiet vain wrong.yaml endless.yaml --junit a.xml >/dev/null; xmllint --noout --schema $T/ci/junit.xsd a.xml"), 0);
    assert_int_equal(run("xmllint --xpath 'concat(/testsuites/@tests, \" \", /testsuites/@failures, \" \", /testsuites/@errors)' a.xml"),
                     0);
    assert_string_equal(output, "24 6 6\n");
    assert_int_equal(run("xmllint --xpath 'string(//testcase[@classname=\"wrong\"][@name=\"merged\"]/failure/@message)' a.xml"), 0);
    assert_string_equal(output, "converges, not stuck as expected\n");
    assert_int_equal(run("$S run quiet vain --control --timeline --junit b.xml >/dev/null; xmllint --noout --schema $T/ci/junit.xsd b.xml"),
                     0);
    assert_int_equal(run("$S run quiet --junit c.xml >/dev/null; $S run quiet --junit d.xml >/dev/null; cmp c.xml d.xml"), 0);
    /* And the schema can refuse. */
    assert_int_not_equal(run("sed s/failures=/fails=/ a.xml >e.xml; xmllint --noout --schema $T/ci/junit.xsd e.xml"), 0);
}

static sm_val json(struct sm_region *r) {
    struct sm_json_error error;
    sm_val doc = sm_json_parse(r, output, strlen(output), NULL, &error);

    if (!doc)
        fail_msg("%s in %s", error.message, output);
    return doc;
}

static void everything_is_told_in_json_too(void **state) {
    struct sm_region region;
    sm_val doc;
    (void)state;

    sm_region_init(&region, "run test", 0);
    assert_int_equal(run("$S run wrong.yaml --profile merged --json"), SM_EXIT_UNEXPECTED);
    doc = json(&region);
    assert_string_equal(sm_val_str_at(doc, "results[0].scenario"), "wrong");
    assert_string_equal(sm_val_str_at(doc, "results[0].verdict"), "converges");
    assert_string_equal(sm_val_str_at(doc, "results[0].expected"), "stuck");
    assert_string_equal(sm_val_str_at(doc, "results[0].replay"), "stalemate run wrong.yaml --profile merged --timeline");
    assert_int_equal(sm_val_count(sm_val_at(doc, "results[0].lastEvents")), 10);
    assert_null(sm_val_at(doc, "results[0].timeline"));

    assert_int_equal(run("$S run quiet --profile merged --json --timeline"), SM_EXIT_OK);
    assert_true(sm_val_count(sm_val_at(json(&region), "results[0].timeline")) > 3);

    assert_int_equal(run("$S run --json --list"), SM_EXIT_OK);
    doc = json(&region);
    assert_int_equal(sm_val_count(sm_val_get(doc, "scenarios")), 2);
    assert_string_equal(sm_val_str_at(doc, "scenarios[1].name"), "vain");
    assert_string_equal(sm_val_str_at(doc, "scenarios[1].expect.merged"), "vacuous");
    assert_string_equal(sm_val_str_at(doc, "scenarios[0].about"), "Nothing happens.\nNot at all.\n");

    assert_int_equal(run("$S run --json --check"), SM_EXIT_OK);
    assert_string_equal(output, "{\"count\":0,\"problems\":[],\"scenarios\":2}\n");

    assert_int_equal(run("$S run unknown.yaml none --json 2>/dev/null"), SM_EXIT_USAGE);
    doc = json(&region);
    assert_int_equal(sm_val_int_at(doc, "count", 0), 2);
    assert_string_equal(sm_val_str_at(doc, "problems[0].file"), "unknown.yaml");
    assert_int_equal(sm_val_int_at(doc, "problems[0].line", 0), 2);
    assert_int_equal(sm_val_int_at(doc, "problems[0].column", 0), 1);
    assert_string_equal(sm_val_str_at(doc, "problems[0].message"), "unknown key \"step\": did you mean steps?");
    assert_null(sm_val_at(doc, "problems[1].line"));

    assert_int_equal(run("$S version --json"), SM_EXIT_OK);
    assert_string_equal(sm_val_str_at(json(&region), "version"), "0.1.0");
    sm_region_release(&region);
}

static void one_file_is_run_once_and_one_profile_stands_once(void **state) {
    (void)state;

    assert_int_equal(run("$S run scenarios/quiet.yaml quiet scenarios --profile merged,merged,merged"), SM_EXIT_OK);
    expect_output("scenario  merged\nquiet     converges\nvain      vacuous\n\n2 scenarios, 2 runs");
    assert_int_equal(run("mkdir other; cp scenarios/quiet.yaml other; $S run quiet other --profile merged"), SM_EXIT_OK);
    expect_output("scenarios/quiet.yaml  converges\nother/quiet.yaml      converges\n");
}

static void a_timeline_shows_the_run_and_its_verdict(void **state) {
    (void)state;

    assert_int_equal(run("$S run vain --profile merged --timeline"), SM_EXIT_OK);
    expect_output("--- vain under merged\n");
    expect_output("create namespaces sei-system -> 201");
    expect_output("=== vacuous: scenarios/vain.yaml:2:9: there is no pod/none (vacuous expected)\n");
}

static void one_safeguard_can_be_flipped_and_a_control_run_asked_for(void **state) {
    (void)state;

    assert_int_equal(run("$S run quiet --profile merged-owner-check,merged+uid-precondition --control"), SM_EXIT_OK);
    expect_output("merged-owner-check  merged+uid-precondition\n");
}

static void help_and_version_are_there(void **state) {
    (void)state;

    assert_int_equal(run("$S --help"), SM_EXIT_OK);
    expect_output("  run        the scripted matrix");
    assert_int_equal(run("$S run --help"), SM_EXIT_OK);
    expect_output("  --profile    P,…|all");
    assert_int_equal(run("$S version"), SM_EXIT_OK);
    expect_output("stalemate 0.1.0, Kubernetes 1.33\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_matrix_as_expected_ends_with_0),
        cmocka_unit_test(an_unexpected_cell_ends_with_1_and_says_how_to_see_it_again),
        cmocka_unit_test(scenarios_are_named_by_file_folder_glob_and_name),
        cmocka_unit_test(what_is_wrong_ends_with_4_before_anything_runs),
        cmocka_unit_test(a_budget_that_runs_out_ends_with_5),
        cmocka_unit_test(every_bad_file_ends_with_4_and_nothing_runs),
        cmocka_unit_test(a_hundred_megabytes_and_ten_thousand_levels_end_with_4),
        cmocka_unit_test(a_run_that_waits_for_ever_ends_with_2),
        cmocka_unit_test(a_run_that_does_not_repeat_itself_ends_with_3),
        cmocka_unit_test(what_cannot_be_written_ends_with_4),
        cmocka_unit_test(junit_is_what_its_schema_says),
        cmocka_unit_test(everything_is_told_in_json_too),
        cmocka_unit_test(one_file_is_run_once_and_one_profile_stands_once),
        cmocka_unit_test(a_timeline_shows_the_run_and_its_verdict),
        cmocka_unit_test(one_safeguard_can_be_flipped_and_a_control_run_asked_for),
        cmocka_unit_test(help_and_version_are_there),
    };
    return cmocka_run_group_tests(tests, setup, program_teardown);
}
