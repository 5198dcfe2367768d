/* Searching as people and scripts see it. The scenario is a small one: a pod must start within three seconds, which holds unless
 * something comes late or fails. */
#include "program_test.h"

static int setup(void **state) {
    (void)state;

    program_setup();
    write_file("pod.yaml", "about: A pod must start within three seconds.\n"
                           "steps:\n"
                           "- apply:\n"
                           "  - apiVersion: v1\n"
                           "    kind: Pod\n"
                           "    metadata: {name: p, namespace: default}\n"
                           "    spec: {tolerations: [{operator: Exists}], containers: [{name: c, image: registry.example/c:v1}]}\n"
                           "- assert:\n"
                           "    pod/p: {status: {phase: Running}}\n"
                           "  within: 3s\n"
                           "expect:\n"
                           "  before: {verdict: converges, why: because}\n"
                           "  first-cut: {verdict: converges, why: because}\n"
                           "  reviewed: {verdict: converges, why: because}\n"
                           "  on-delete: {verdict: converges, why: because}\n"
                           "  merged: {verdict: converges, why: because}\n"
                           "  hardened: {verdict: converges, why: because}\n");
    return 0;
}

static void a_budget_of_runs_finds_the_same_with_any_number_of_processes(void **state) {
    (void)state;

    expect("$S sweep pod.yaml --budget 300runs --result one --junit one.xml >one.txt", 2, "runs a second");
    expect("$S sweep pod.yaml --budget 300runs --jobs 2 --result two --junit two.xml >two.txt", 2, "runs a second");
    expect("$S sweep pod.yaml --budget 300runs --jobs 5 --result five --junit five.xml >five.txt", 2, "runs a second");
    expect("cmp one.txt two.txt && cmp one.txt five.txt && cmp one.xml five.xml && echo same", 0, "same");
    expect("for f in one two five; do grep -v '^\"took\"' $f >$f.same; done; cmp one.same two.same && cmp one.same five.same && echo same",
           0, "same");
    expect("cat one.txt", 0, "300 runs, ");
    expect("grep -c '^[0-9]*\\. pod.merged' one.txt", 0, "1");
}

static void the_union_of_shards_finds_what_one_machine_finds(void **state) {
    (void)state;

    expect("$S sweep pod.yaml --budget 240runs --result whole >whole.txt", 2, "");
    for (int i = 0; i < 3; i++) {
        char line[256];
        snprintf(line, sizeof line, "JOB_COMPLETION_INDEX=%d $S sweep pod.yaml --budget 240runs --shards 3 --result part%d", i, i);
        expect(line, 2, "80 runs, ");
    }
    expect("$S merge part2 part0 part1 --result merged --junit merged.xml", 2, "pod.yaml under merged: 240 runs, ");
    assert_non_null(strstr(output, "runs a second together"));
    expect("grep -o '\"cause\":\"[^\"]*\"' whole | sort -u >a; grep -o '\"cause\":\"[^\"]*\"' merged | sort -u >b; cmp a b && wc -l <a", 0,
           "");
    expect("grep -o '\"core\":\"[^\"]*\"' merged | sort | uniq -d | wc -l", 0, "0");
    expect(
        "for f in whole merged; do grep -o '\"runs\":[0-9]*,\"budget\":[0-9]*,\"failed\":[0-9]*,\"events\":[0-9]*' $f; done | uniq | wc -l",
        0, "1\n");
    expect("grep -c '<failure' merged.xml", 0, "");
}

static void parts_of_other_campaigns_are_not_merged(void **state) {
    (void)state;

    expect("$S sweep pod.yaml --budget 20runs --shard 0/2 --result first >/dev/null; $S sweep pod.yaml --budget 20runs --seed 7 --result "
           "other "
           ">/dev/null; $S merge first other",
           4, "other: sweep with seed 7, but the files before it are sweep with seed 1: merge parts of one campaign");
    expect("$S merge", 4, "no result file");
    expect("$S merge absent", 4, "absent: ");
    expect("echo '{\"version\":1,' >broken; $S merge broken", 4, "broken:2:1: ");
    expect("echo '{}' >empty; $S merge empty", 4, "empty: no result file of this version");
}

static void a_shard_is_named_whole_or_not_at_all(void **state) {
    (void)state;

    expect("JOB_COMPLETION_INDEX=1 JOB_COMPLETIONS=4 $S sweep pod.yaml --budget 40runs", 2, "10 runs, ");
    expect("JOB_COMPLETION_INDEX=1 $S sweep pod.yaml", 4, "JOB_COMPLETION_INDEX is 1, but of how many?");
    expect("JOB_COMPLETION_INDEX=4 $S sweep pod.yaml --shards 4", 4, "JOB_COMPLETION_INDEX 4 of 4");
    expect("$S sweep pod.yaml --shards 4", 4, "write --shard 0/4");
    expect("$S sweep pod.yaml --shard 4/4", 4, "--shard wants i/n");
    expect("$S sweep pod.yaml --jobs 0", 4, "--jobs wants a number");
    expect("$S sweep pod.yaml --budget 3", 4, "--budget wants s, m, h or runs");
}

static void a_time_budget_says_which_runs_repeat_it(void **state) {
    (void)state;

    expect("$S sweep pod.yaml --budget 1s --jobs 2 >timed.txt", 2, "");
    expect("tail -1 timed.txt", 0, "the same again: --budget ");
    expect("$S sweep pod.yaml $(tail -1 timed.txt | sed 's/.*again: //') >again.txt 2>/dev/null; sed '/again/,$d;/^$/d' timed.txt >a; "
           "sed '/^$/d' again.txt >b; cmp a b && echo same",
           0, "same");
}

static void an_interrupt_ends_with_what_was_found(void **state) {
    (void)state;

    expect("timeout -s INT --preserve-status 2 $S sweep pod.yaml --budget 600s --jobs 2", 2, "stalemate sweep: interrupted");
    assert_non_null(strstr(output, "1. pod.merged.violated-assert."));
    assert_non_null(strstr(output, "the same again: --budget "));
}

static void a_program_that_does_not_repeat_itself_ends_with_3(void **state) {
    (void)state;

    expect("$N sweep pod.yaml --budget 60runs", 3, "not deterministic: run 0, event ");
    assert_non_null(strstr(output, ": first "));
    assert_non_null(strstr(output, ", then "));
    expect("$N sweep pod.yaml --budget 60runs --jobs 2", 3, "not deterministic: run ");
}

static void findings_are_saved_with_explanation_and_timeline(void **state) {
    (void)state;

    expect("$S sweep pod.yaml --budget 300runs --save found", 2, "saved as found/pod.merged.violated-assert.");
    expect("ls found/*.schedule | wc -l; ls found/*.timeline | wc -l", 0, "");
    expect("cat $(ls found/*.schedule | head -1)", 0, "# pod.merged.violated-assert.");
    assert_non_null(strstr(output, "scenario = pod.yaml\nprofile = merged\nverdict = violated: assert\n"));
    expect("for f in found/*.schedule; do $S replay $f >/dev/null; test $? = 2 || echo $f; done; echo all", 0, "all");
    assert_string_equal(output, "all\n");
}

static void json_and_junit_say_what_was_found(void **state) {
    (void)state;

    expect("$S sweep pod.yaml --budget 60runs --json --junit j.xml 2>/dev/null", 2, "\"scenario\":\"pod.yaml\",\"profile\":\"merged\"");
    assert_non_null(strstr(output, "\"verdict\":\"violated\",\"property\":\"assert\""));
    expect("cat j.xml", 0, "<failure message=\"violated, not converges as expected: assert: pod.yaml:8:3: not within 3s");
    expect("$S sweep pod.yaml --budget 1runs --json --junit j.xml 2>/dev/null", 0, "\"runs\":1,\"budget\":1,\"failed\":0");
    expect("cat j.xml", 0, "failures=\"0\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_budget_of_runs_finds_the_same_with_any_number_of_processes),
        cmocka_unit_test(the_union_of_shards_finds_what_one_machine_finds),
        cmocka_unit_test(parts_of_other_campaigns_are_not_merged),
        cmocka_unit_test(a_shard_is_named_whole_or_not_at_all),
        cmocka_unit_test(a_time_budget_says_which_runs_repeat_it),
        cmocka_unit_test(an_interrupt_ends_with_what_was_found),
        cmocka_unit_test(a_program_that_does_not_repeat_itself_ends_with_3),
        cmocka_unit_test(findings_are_saved_with_explanation_and_timeline),
        cmocka_unit_test(json_and_junit_say_what_was_found),
    };
    return cmocka_run_group_tests(tests, setup, program_teardown);
}
