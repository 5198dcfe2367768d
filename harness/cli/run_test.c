/* The program as people and scripts see it: what it prints, and its exit code. Scenarios are written into a folder of the test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "command.h"
#include "json.h"

static char program[4096]; /* build/<preset>/stalemate, three folders above the test */
static char folder[] = "/tmp/stalemate-run-test-"
                       "XX"
                       "XX"
                       "XX";
static char output[1 << 20]; /* stdout, then stderr */

/* Runs a shell line in [folder], with $S for the program; returns its exit code. */
static int run(const char *line) {
    char command[8192];

    snprintf(command, sizeof command, "cd %s && S=%s; exec 2>&1; %s", folder, program, line);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t bytes = fread(output, 1, sizeof output - 1, pipe);
    output[bytes] = '\0';
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void write_file(const char *name, const char *text) {
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

#define EXPECT(verdict) \
    "expect:\n" \
    "  before: {verdict: " verdict ", why: because}\n" \
    "  first-cut: {verdict: " verdict ", why: because}\n" \
    "  reviewed: {verdict: " verdict ", why: because}\n" \
    "  on-delete: {verdict: " verdict ", why: because}\n" \
    "  merged: {verdict: " verdict ", why: because}\n" \
    "  hardened: {verdict: " verdict ", why: because}\n"

static int setup(void **state) {
    ssize_t bytes = readlink("/proc/self/exe", program, sizeof program - 16);
    (void)state;

    assert_true(bytes > 0);
    program[bytes] = '\0';
    for (int i = 0; i < 3; i++)
        *strrchr(program, '/') = '\0';
    memcpy(program + strlen(program), "/stalemate", sizeof "/stalemate");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(run("mkdir scenarios"), 0);
    write_file("scenarios/quiet.yaml", "about: |\n  Nothing happens.\n  Not at all.\n" EXPECT("converges"));
    write_file("scenarios/vain.yaml", "about: Something never comes.\nsteps: [{wait: {pod/none: {}}}]\n" EXPECT("vacuous"));
    write_file("wrong.yaml", "about: Nothing happens.\n" EXPECT("stuck"));
    write_file("broken.yaml", "about: [\n");
    write_file("unknown.yaml", "about: x\nstep: []\n" EXPECT("stuck"));
    write_file("cache.yaml", "about: x\nworld: {lag: {nobody/pods: 1s}}\n" EXPECT("stuck"));
    write_file("refused.yaml", "about: x\ngiven: [{apiVersion: v1, kind: ConfigMap, metadata: {name: A_B}}]\n" EXPECT("stuck"));
    write_file("endless.yaml", "about: x\nworld: {budget: {time: 10s}}\nsteps: [{advance: 1m}]\n" EXPECT("converges"));
    return 0;
}

static int teardown(void **state) {
    (void)state;
    return run("rm -r \"$PWD\"");
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
    assert_string_equal(output, "1 scenarios are well-formed\n");
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
        {"$S run --profile newest", "stalemate run: there is no profile newest: write all, or one of before first-cut"},
        {"$S run --profiles all", "stalemate run: unknown option --profiles: write one of --profile --timeline"},
        {"$S run --profile", "stalemate run: --profile needs an argument: write --profile P,…|all\n"},
        {"$S run --json=yes", "stalemate run: --json takes no argument: write it alone\n"},
        {"$S walk", "stalemate: there is no command walk\n"},
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

static void a_budget_that_runs_out_ends_with_5(void **state) {
    (void)state;

    assert_int_equal(run("$S run endless.yaml wrong.yaml --profile merged"), SM_EXIT_BUDGET);
    expect_output("budget (not converges)");
}

static void json_is_one_document(void **state) {
    struct sm_region region;
    struct sm_json_error error;
    (void)state;

    sm_region_init(&region, "run test", 0);
    assert_int_equal(run("$S run wrong.yaml --profile merged --json"), SM_EXIT_UNEXPECTED);
    sm_val doc = sm_json_parse(&region, output, strlen(output), NULL, &error);
    assert_non_null(doc);
    assert_string_equal(sm_val_str_at(doc, "results[0].scenario"), "wrong");
    assert_string_equal(sm_val_str_at(doc, "results[0].verdict"), "converges");
    assert_string_equal(sm_val_str_at(doc, "results[0].expected"), "stuck");
    assert_string_equal(sm_val_str_at(doc, "results[0].replay"), "stalemate run wrong.yaml --profile merged --timeline");
    sm_region_release(&region);
}

static void a_timeline_shows_the_run_and_its_verdict(void **state) {
    (void)state;

    assert_int_equal(run("$S run vain --profile merged --timeline"), SM_EXIT_OK);
    expect_output("--- vain under merged\n");
    expect_output("create namespaces sei-system -> 201");
    expect_output("=== vacuous: scenarios/vain.yaml:2: there is no pod/none (vacuous expected)\n");
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
    assert_int_equal(run("$S version --json"), SM_EXIT_OK);
    expect_output("{\"version\":\"0.1.0\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_matrix_as_expected_ends_with_0),
        cmocka_unit_test(an_unexpected_cell_ends_with_1_and_says_how_to_see_it_again),
        cmocka_unit_test(scenarios_are_named_by_file_folder_glob_and_name),
        cmocka_unit_test(what_is_wrong_ends_with_4_before_anything_runs),
        cmocka_unit_test(a_budget_that_runs_out_ends_with_5),
        cmocka_unit_test(json_is_one_document),
        cmocka_unit_test(a_timeline_shows_the_run_and_its_verdict),
        cmocka_unit_test(one_safeguard_can_be_flipped_and_a_control_run_asked_for),
        cmocka_unit_test(help_and_version_are_there),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
