/* What a finding has to do with staleness. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "scenario.h"
#include "staleness.h"

static struct sm_region kept, run, scratch, work;

static int setup(void **state) {
    (void)state;
    sm_region_init(&kept, "kept", 0);
    sm_region_init(&run, "run", 0);
    sm_region_init(&scratch, "scratch", 0);
    sm_region_init(&work, "work", 0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sm_region_release(&kept);
    sm_region_release(&run);
    sm_region_release(&scratch);
    sm_region_release(&work);
    return 0;
}

static const char *read_text(void *self, struct sm_region *r, const char *path, size_t *ret_bytes, const char **reterr) {
    (void)r;
    (void)path;
    (void)reterr;
    *ret_bytes = strlen(self);
    return self;
}

#define NODE \
    "about: x\n" \
    "given: [{apiVersion: sei.io/v1alpha1, kind: SeiNode, metadata: {name: n-1}, spec: {chainId: c, image: 'seid:v1', fullNode: {}}}]\n" \
    "world:\n" \
    "  rbac: full\n"
#define UPDATE(v) \
    "- {patch: seinode/n-1, with: {spec: {image: 'seid:" v "'}}}\n" \
    "- wait:\n" \
    "    seinode/n-1: {status: {currentImage: 'seid:" v "', plan: {$absent: true}}}\n" \
    "    pod/n-1-0: {spec: {containers: [{name: seid, image: 'seid:" v "'}]}, status: {conditions: [{type: Ready, status: 'True'}]}}\n"
#define EXPECT \
    "expect:\n" \
    "  before: {verdict: stuck, why: w}\n" \
    "  first-cut: {verdict: stuck, why: w}\n" \
    "  reviewed: {verdict: stuck, why: w}\n" \
    "  on-delete: {verdict: stuck, why: w}\n" \
    "  merged: {verdict: stuck, why: w}\n"

/* What is said of a scenario that fails under merged however its choices go. */
static const char *said_of(const char *text, const char *cause) {
    struct sm_problems problems = sm_problems_init(&kept);
    struct sm_reader reader = {.self = sm_region_printf(&kept, "%s" EXPECT, text), .read = read_text};
    const struct sm_scenario *scenario = sm_scenario_load(&kept, &reader, "a.yaml", &problems);
    const char *why = "";

    if (!scenario)
        fail_msg("%s", problems.at[0].text);
    struct sm_trial_config config = {.kept = &kept,
                                     .run = &run,
                                     .scratch = &scratch,
                                     .library = sm_library_new(&kept),
                                     .scenario = scenario,
                                     .profile = sm_profile_find("merged")};
    struct sm_trial *trial = sm_trial_new(&config, &why);
    if (!trial)
        fail_msg("%s", why);
    return sm_staleness(trial, &work, &kept, &(struct sm_finding){.cause = cause});
}

static void what_fails_with_live_reads_is_not_caused_by_staleness(void **state) {
    (void)state;
    assert_string_equal(said_of(NODE "steps: [{delete: statefulset/n-1}]\n", "violated: agreement"),
                        "not caused by staleness: with live reads it fails the same");
}

static void else_the_read_is_named(void **state) {
    (void)state;
    /* What was long over when the process ended is what the new one sees. */
    assert_string_equal(
        said_of(NODE "  faults: [{fault: delay, client: seinode-controller, verb: apply, resource: statefulsets, delay: 20s}]\n"
                     "steps:\n" UPDATE("v2") UPDATE("v3") "- {restart-controller: seinode-controller, stale: 90s, catches-up-after: 5s}\n",
                "violated: template-kept"),
        "caused by a stale read: of seinode-controller/seinodes; read live, it does not happen");
}

static void the_rarest_fault_is_a_schedules_grade(void **state) {
    static const struct sm_chosen chosen[] = {{.kind = SM_CHOICE_FAULT, .label = "a", .way = "crash-after"},
                                              {.kind = SM_CHOICE_LATE, .label = "b", .way = "5s"},
                                              {.kind = SM_CHOICE_FAULT, .label = "c", .way = "lose-answer"}};
    (void)state;

    assert_string_equal(sm_staleness_grade(&(struct sm_schedule){.chosen = chosen, .count = 2}), "common");
    assert_string_equal(sm_staleness_grade(&(struct sm_schedule){.chosen = chosen, .count = 3}), "rare");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_fails_with_live_reads_is_not_caused_by_staleness, setup, teardown),
        cmocka_unit_test_setup_teardown(else_the_read_is_named, setup, teardown),
        cmocka_unit_test(the_rarest_fault_is_a_schedules_grade),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
