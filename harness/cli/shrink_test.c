/* Replaying and shrinking as people and scripts see them. */
#include "program_test.h"

#define HEAD "scenario = nominal-update.yaml\\nprofile = on-delete\\n"

static int setup(void **state) {
    (void)state;

    program_setup();
    return run("cp -r $T/scenarios/nominal-update.yaml $T/scenarios/fixtures .");
}

/* A schedule of each kind, its profile, the property that it breaks, and what it is as a scenario. */
static const struct {
    const char *profile, *choices, *cause, *said;
} findings[] = {
    {"on-delete", "late seinode-controller/statefulsets.deliver default/n-1#1 = 5ms", "image-ran", "seinode-controller/statefulsets: \"5ms\""},
    {"on-delete", "fault seinode-controller/statefulsets.watch default/n-1#1 = cut-1s", "image-ran", "seinode-controller/statefulsets: "},
    {"merged",
     "fault seinode-controller/pods.watch default/n-1-0#1 = cut-20s; fault seinode-controller/seinodes.watch default/n-1#4 = cut-20s",
     "incarnation-known", "seinode-controller/pods: "},
    {"merged", "fault seinode-controller.call sidecar GET /v0/healthz#5 = crash-before; age seinode-controller/seinodes.list#1 = 7",
     "template-kept", "fault: crash-before"},
    {"on-delete", "late seinode-controller.commit statefulsets/default/n-1#1 = 5ms; late seinode-controller/statefulsets.deliver default/n-1#1 "
                  "= 5ms",
     "image-ran", "lag:"},
};

static void a_finding_as_a_scenario_is_run_to_the_same_verdict(void **state) {
    (void)state;

    for (size_t i = 0; i < sizeof findings / sizeof findings[0]; i++) {
        char line[1024];
        snprintf(
            line, sizeof line,
            "$S shrink nominal-update.yaml --profile %s --choices '%s' --as-scenario 2>said >found.yaml; code=$?; cat said; exit $code",
            findings[i].profile, findings[i].choices);
        expect(line, 2, "are said as faults, lag and restarts");
        expect("cat found.yaml", 0, findings[i].said);
        snprintf(line, sizeof line, "$S run found.yaml --profile %s --json", findings[i].profile);
        expect(line, 0, "\"verdict\":\"violated\",\"expected\":\"violated\"");
        if (!strstr(output, findings[i].cause))
            fail_msg("%s\nis now\n%s", findings[i].choices, output);
    }
    expect("$S run found.yaml", 0, "6 runs, 0 otherwise than expected");
    expect("$S run found.yaml --check", 0, "1 scenario");
}

static void what_nothing_simpler_says_stays_a_choice(void **state) {
    (void)state;

    expect("$S shrink nominal-update.yaml --profile merged --choices 'user user.edit seinode/n-1#21 = back-and-forth' --as-scenario "
           "2>/dev/null "
           ">found.yaml; grep -A1 choices: found.yaml",
           0, "- \"user user.edit seinode/n-1#21 = back-and-forth\"");
    expect("$S run found.yaml --profile merged", 0, "0 otherwise than expected");
    expect("sed 's/#21/21/' found.yaml >wrong.yaml; $S run wrong.yaml", 4, "a choice without its occurrence: write LABEL#1 for the first");
}

static void shrinking_takes_away_what_has_no_part_in_it(void **state) {
    (void)state;

    expect("printf '" HEAD "late seinode-controller/statefulsets.deliver default/n-1#1 = 20s\\nfault seinode-controller.apply "
           "services/default/n-1#1 = lose-answer\\n' >long.schedule; $S shrink long.schedule >short.schedule",
           2, "1 choices of 2 are left after ");
    expect("cat short.schedule", 0, "late seinode-controller/statefulsets.deliver default/n-1#1 = 5ms");
    expect("$S replay short.schedule", 2, "violated: image-ran");
    expect("$S shrink nominal-update.yaml --profile hardened", 0, "there is nothing to shrink");
}

static void a_replay_ends_with_what_its_run_ended_with(void **state) {
    (void)state;

    expect("printf '" HEAD "' >good.schedule; $S replay good.schedule --profile hardened", 0, "converges");
    expect("printf '" HEAD "late seinode-controller/statefulsets.deliver default/n-1#1 = 5ms\\n' >bad.schedule; $S replay bad.schedule", 2,
           "violated: image-ran: ");
    expect("$S replay bad.schedule --json", 2, "\"cause\":\"violated: image-ran\",\"choices\":1,\"played\":1");
    expect("$N replay bad.schedule --check", 3, "did not repeat itself");
    expect("$S replay bad.schedule --check", 2, "violated: image-ran: ");
}

static void an_outdated_choice_is_named(void **state) {
    (void)state;

    expect("printf '" HEAD "\\nfault seinode-controller.delete pods/default/other#1 = error\\nlate seinode-controller/statefulsets.deliver "
           "default/n-1#1 = 5ms\\n' >old.schedule; $S replay old.schedule",
           4,
           "old.schedule:4:1: outdated: fault seinode-controller.delete pods/default/other#1 = error: that choice does not occur any more");
    expect("printf '" HEAD "late seinode-controller/statefulsets.deliver default/n-1#1 = 7ms\\n' >old.schedule; $S replay old.schedule", 4,
           "old.schedule:3:1: outdated: late seinode-controller/statefulsets.deliver default/n-1#1 = 7ms: that way is not open there any "
           "more");
}

static void a_broken_schedule_is_told_with_its_place(void **state) {
    static const struct {
        const char *lines, *problem;
    } cases[] = {
        {HEAD "fault a.b c#1\\n", "x.schedule:3:14: a choice without its way"},
        {HEAD "fault a.b c = error\\n", "x.schedule:3:7: a choice without its occurrence"},
        {HEAD "fault a.b c#0 = error\\n", "x.schedule:3:7: a choice without its occurrence"},
        {HEAD "foult a.b c#1 = error\\n", "x.schedule:3:1: neither a key nor a choice"},
        {HEAD "profile = merged\\n", "x.schedule:3:1: profile is given twice"},
        {"profile = merged\\n", "x.schedule: no scenario: write `scenario = scenarios/NAME.yaml`"},
        {"scenario = nominal-update.yaml\\n", "x.schedule: no profile: write `profile = merged`"},
        {"scenario = absent.yaml\\nprofile = merged\\n", "absent.yaml"},
        {"scenario = nominal-update.yaml\\nprofile = merge\\n", "there is no profile \"merge\": did you mean merged?"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[512];
        snprintf(line, sizeof line, "printf '%s' >x.schedule; $S replay x.schedule", cases[i].lines);
        expect(line, 4, cases[i].problem);
    }
    expect("$S replay", 4, "write one schedule");
    expect("$S shrink absent.schedule", 4, "absent.schedule");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_as_a_scenario_is_run_to_the_same_verdict),
        cmocka_unit_test(what_nothing_simpler_says_stays_a_choice),
        cmocka_unit_test(shrinking_takes_away_what_has_no_part_in_it),
        cmocka_unit_test(a_replay_ends_with_what_its_run_ended_with),
        cmocka_unit_test(an_outdated_choice_is_named),
        cmocka_unit_test(a_broken_schedule_is_told_with_its_place),
    };
    return cmocka_run_group_tests(tests, setup, program_teardown);
}
