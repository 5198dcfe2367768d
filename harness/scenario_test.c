#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "json.h"
#include "scenario.h"
#include "scenario_shape.h"

static struct sm_region region;
static struct sm_problems problems;

/* Files of a test, by path; ended by a NULL path. */
struct file {
    const char *path, *text;
};

static const char *read_file(void *self, struct sm_region *r, const char *path, size_t *ret_bytes, const char **reterr) {
    (void)r;
    for (const struct file *file = self; file->path; file++)
        if (strcmp(file->path, path) == 0) {
            *ret_bytes = strlen(file->text);
            return file->text;
        }
    *reterr = "No such file or directory";
    return NULL;
}

static int setup(void **state) {
    (void)state;
    sm_region_init(&region, "scenario test", 0);
    problems = sm_problems_init(&region);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sm_region_release(&region);
    return 0;
}

static const struct sm_scenario *load_files(const struct file *files) {
    struct file *copy = sm_region_alloc(&region, 8 * sizeof *copy);
    size_t i = 0;

    do
        copy[i] = files[i];
    while (files[i++].path && i < 8);
    return sm_scenario_load(&region, &(struct sm_reader){.self = copy, .read = read_file}, "s/a.yaml", &problems);
}

static const struct sm_scenario *load(const char *text) {
    return load_files((const struct file[]){{"s/a.yaml", text}, {NULL, NULL}});
}

#define EXPECT \
    "expect:\n" \
    "  before: {verdict: stuck, why: w}\n" \
    "  first-cut: {verdict: violated, why: w}\n" \
    "  reviewed: {verdict: livelock, why: w}\n" \
    "  on-delete: {verdict: failed, why: w, reason: '*x*'}\n" \
    "  merged: {verdict: converges, why: w}\n"

static const struct sm_scenario *loaded(const char *text) {
    const struct sm_scenario *scenario = load(text);

    if (!scenario)
        fail_msg("%s", problems.at[0].text);
    return scenario;
}

static void the_least_scenario_has_its_defaults(void **state) {
    const struct sm_scenario *s = loaded("about: x\n" EXPECT);
    (void)state;

    assert_string_equal(s->name, "a");
    assert_int_equal(s->controller_count, 1);
    assert_string_equal(s->controllers[0].name, "seinode-controller");
    assert_null(s->controllers[0].profile);
    assert_int_equal(s->safeguard, SM_SAFEGUARD_UNSAID);
    assert_int_equal(load("about: x\nsafeguard: none\n" EXPECT)->safeguard, SM_SAFEGUARD_NONE);
    assert_false(s->world.rbac_full);
    assert_false(s->world.at_once);
    assert_string_equal(s->world.kubernetes, "1.33");
    assert_false(s->has_control);
    assert_int_equal(s->expect[0].verdict, SM_VERDICT_STUCK);
    assert_int_equal(s->expect[3].verdict, SM_VERDICT_FAILED);
    assert_string_equal(s->expect[3].reason, "*x*");
    assert_int_equal(s->expect[5].verdict, SM_VERDICT_CONVERGES);
    assert_int_equal(s->control[0].verdict, SM_VERDICT_CONVERGES);
}

static void given_follows_files_lists_and_documents(void **state) {
    const struct sm_scenario *s = load_files((const struct file[]){
        {"s/a.yaml", "about: x\n"
                     "given:\n"
                     "- {apiVersion: v1, kind: Pod, metadata: {name: p}}\n"
                     "- file: f/b.yaml\n" EXPECT},
        {"s/f/b.yaml", "apiVersion: v1\n"
                       "kind: List\n"
                       "items:\n"
                       "- {apiVersion: v1, kind: Secret, metadata: {name: one}}\n"
                       "- {apiVersion: v1, kind: Secret, metadata: {name: two}}\n"
                       "---\n"
                       "apiVersion: v1\nkind: Service\nmetadata: {name: three}\n"},
        {NULL, NULL},
    });
    (void)state;

    assert_non_null(s);
    assert_int_equal(s->given_count, 4);
    assert_string_equal(sm_val_str_at(s->given[0], "metadata.name"), "p");
    assert_string_equal(s->given_places[0].text, "s/a.yaml:3:3");
    assert_string_equal(sm_val_str_at(s->given[2], "metadata.name"), "two");
    assert_string_equal(s->given_places[2].text, "s/f/b.yaml:5:3");
    assert_string_equal(sm_val_str_at(s->given[3], "metadata.name"), "three");
}

static void a_definition_makes_its_kind_known_to_steps(void **state) {
    const char *definition = "- apiVersion: apiextensions.k8s.io/v1\n"
                             "  kind: CustomResourceDefinition\n"
                             "  metadata: {name: widgets.example.org}\n"
                             "  spec:\n"
                             "    group: example.org\n"
                             "    scope: Cluster\n"
                             "    names: {kind: Widget, plural: widgets}\n"
                             "    versions: [{name: v1, served: true, storage: false}, {name: v2, served: true, storage: true}]\n";
    const struct sm_scenario *s = loaded(sm_region_printf(&region, "about: x\ngiven:\n%ssteps: [{delete: widget/a}]\n" EXPECT, definition));
    (void)state;

    assert_string_equal(s->steps[0].target.resource->version, "v2");
    assert_string_equal(s->steps[0].target.name_space, "");
    assert_null(load(sm_region_printf(&region, "about: x\ngiven:\n%ssteps: [{delete: widget/default/a}]\n" EXPECT, definition)));
    assert_string_equal(problems.at[0].text, "s/a.yaml:11:10: widgets has no namespaces: write widget/a");
}

static void a_file_that_is_broken_is_told_by_its_own_name(void **state) {
    (void)state;

    assert_null(
        load_files((const struct file[]){{"s/a.yaml", "about: x\ngiven: {file: b.yaml}\n" EXPECT}, {"s/b.yaml", "a: [\n"}, {NULL, NULL}}));
    assert_int_equal(strncmp(problems.at[0].text, "s/b.yaml:2:1: ", 14), 0);
}

static void the_world_is_read(void **state) {
    const struct sm_scenario *s = loaded("about: x\n"
                                         "world:\n"
                                         "  lag: {seinode-controller/pods: 5s, '*/statefulsets': 0s}\n"
                                         "  latency: [{client: kubelet, takes: 20ms}]\n"
                                         "  images: [{image: '*:bad', ready: never, pull: 1m30s}]\n"
                                         "  sidecar: [{task: config-apply, error: disk full, times: 2}]\n"
                                         "  faults:\n"
                                         "  - {fault: conflict, verb: patch, resource: seinodes/status, nth: 2}\n"
                                         "  - {fault: error, code: 503, resource: pods, times: 0}\n"
                                         "  rbac: full\n"
                                         "  kubernetes: '1.37'\n"
                                         "  start: at-once\n"
                                         "  seed: 7\n"
                                         "  budget: {events: 100, time: 1h}\n" EXPECT);
    const struct sm_scenario_world *w = &s->world;
    (void)state;

    assert_int_equal(w->lag_count, 2);
    assert_int_equal(w->lags[1].lag, 5 * SM_SECOND);
    assert_string_equal(w->lags[1].cache, "seinode-controller/pods");
    assert_int_equal(w->latencies[0].latency, 20 * SM_MILLISECOND);
    assert_int_equal(w->images[0].ready, -1);
    assert_int_equal(w->images[0].pull, 90 * SM_SECOND);
    assert_int_equal(w->images[0].start, w->images[1].start);
    assert_null(w->images[1].image);
    assert_string_equal(w->sidecar[0].error, "disk full");
    assert_int_equal(w->sidecar[0].failures, 2);
    assert_int_equal(w->sidecar[1].takes, -1);
    assert_int_equal(w->faults[0].fault, SM_FAULT_CONFLICT);
    assert_int_equal(w->faults[0].nth, 2);
    assert_int_equal(w->faults[0].times, 1);
    assert_int_equal(w->faults[1].times, 0);
    assert_int_equal(w->faults[1].code, 503);
    assert_true(w->rbac_full && w->at_once);
    assert_int_equal(w->seed, 7);
    assert_int_equal(w->events_max, 100);
    assert_int_equal(w->time_max, SM_HOUR);
    assert_true(s->has_control);
}

static void steps_are_read(void **state) {
    const struct sm_scenario *s = loaded("about: x\n"
                                         "safeguard: uid-precondition\n"
                                         "controllers: [{use: seinode, profile: before}, {use: seinode}]\n"
                                         "properties: {forbidden: off}\n"
                                         "steps:\n"
                                         "- apply: {apiVersion: v1, kind: Pod, metadata: {name: p}}\n"
                                         "- {patch: statefulset/n-1, type: json, with: [{op: remove, path: /x}]}\n"
                                         "- {delete: pod/other/p, grace: 0s, propagation: Orphan}\n"
                                         "- {scale: statefulset/n-1, replicas: 3}\n"
                                         "- {restart-controller: seinode-controller, profile: merged, down: 2s, stale: 1m, after: 3s}\n"
                                         "- hold: {call: {verb: delete, resource: pods}}\n"
                                         "  when: {sent: {verb: apply, resource: statefulsets}, nth: 2}\n"
                                         "- release: {call: {verb: delete, resource: pods}}\n"
                                         "- hold: {cache: seinode-controller/pods}\n"
                                         "- {relist: seinode-controller/pods, stale: 5s}\n"
                                         "- advance: 1m\n"
                                         "- {wait: {seinode/n-1: {status: {phase: Running}}}, within: 2m}\n"
                                         "- never: {pod/n-1-0: {metadata: {deletionTimestamp: {$exists: true}}}}\n"
                                         "- {exit: pod/n-1-0, container: seid}\n"
                                         "- {ready: pod/n-1-0, container: seid, is: false}\n"
                                         "- {sidecar: pod/n-1-0, answers: hangs}\n"
                                         "- {node: worker-1, state: dies, disturbs: false}\n"
                                         "- {assert: {seinode/n-1: {}}, when: {matches: {pod/n-1-0: {$absent: true}}}}\n" EXPECT);
    (void)state;

    assert_int_equal(s->step_count, 17);
    assert_int_equal(s->safeguard, SM_SAFEGUARD_UID_PRECONDITION);
    assert_string_equal(s->controllers[0].profile->name, "before");
    assert_string_equal(s->controllers[1].name, "seinode-controller-2");
    assert_int_not_equal(s->properties_off, 0);
    assert_int_equal(s->steps[0].object_count, 1);
    assert_int_equal(s->steps[1].patch, SM_PATCH_JSON);
    assert_ptr_equal(s->steps[1].target.resource, SM_STATEFULSETS);
    assert_string_equal(s->steps[1].target.name_space, "default");
    assert_string_equal(s->steps[2].target.name_space, "other");
    assert_int_equal(sm_val_int_at(s->steps[2].body, "gracePeriodSeconds", -1), 0);
    assert_int_equal(s->steps[3].number, 3);
    assert_string_equal(s->steps[4].profile->name, "merged");
    assert_int_equal(s->steps[4].after, 3 * SM_SECOND);
    assert_true(s->steps[4].disturbs);
    assert_int_equal(s->steps[5].when.phase, SM_CALL_SENT);
    assert_int_equal(s->steps[5].when.nth, 2);
    assert_ptr_equal(s->steps[5].call, s->steps[6].call);
    assert_string_equal(s->steps[7].cache, "seinode-controller/pods");
    assert_int_equal(s->steps[8].stale, 5 * SM_SECOND);
    assert_int_equal(s->steps[9].time, SM_MINUTE);
    assert_int_equal(s->steps[10].time, 2 * SM_MINUTE);
    assert_string_equal(s->steps[10].place, "s/a.yaml:17:3");
    assert_int_equal(s->steps[12].number, 1);
    assert_int_equal(s->steps[14].number, -1);
    assert_false(s->steps[15].disturbs);
    assert_non_null(s->steps[16].when.object);
}

static void what_is_wrong_has_its_place_and_what_to_write_instead(void **state) {
    const struct {
        const char *text, *problem;
    } cases[] = {
        {"about: [\n", "s/a.yaml:2:1: "},
        {"about: x\n---\nabout: y\n", "s/a.yaml:1:1: 2 documents: write one scenario a file, and manifests under given"},
        {"x\n", "s/a.yaml:1:1: \"x\" does not fit: write a map with the keys about, "},
        {"about: x\nstep: []\n" EXPECT, "s/a.yaml:2:1: unknown key \"step\": did you mean steps?"},
        {"about: x\nfoo: []\n" EXPECT, "s/a.yaml:2:1: unknown key \"foo\": known here are about, safeguard, "},
        {"about: x\n", "s/a.yaml:1:1: the key expect is missing: write expect: a map with the keys before, "},
        {"about: x\nexpect: {before: {verdict: stuck}}\n", "s/a.yaml:2:10: the key why is missing"},
        {"about: x\nworld: {lag: 5}\n" EXPECT, "s/a.yaml:2:9: 5 does not fit: write a duration like 250ms, 5s, 1m30s, or a map"},
        {"about: x\nworld: {lag: -5s}\n" EXPECT, "s/a.yaml:2:9: \"-5s\" does not fit: write a duration like 250ms, 5s, 1m30s"},
        {"about: x\nworld: {lag: {pods: 5s}}\n" EXPECT, "s/a.yaml:2:15: \"pods\" names no cache: write client/resource"},
        {"about: x\nworld: {kubernetes: 1.33}\n" EXPECT, "s/a.yaml:2:9: 1.33 does not fit: write one of \"1.33\", \"1.37\", in quotes"},
        {"about: x\nworld: {faults: [{fault: delay}]}\n" EXPECT, "s/a.yaml:2:18: a delay of nothing: write delay: a duration like 5s"},
        {"about: x\nworld: {faults: [{fault: error, verb: put}]}\n" EXPECT, "s/a.yaml:2:33: there is no verb put: write one of get, "},
        {"about: x\nsteps: [{do: it}]\n" EXPECT, "s/a.yaml:2:9: none of its keys says what this is: write a map with one of the keys apply, patch, "},
        {"about: x\nsteps: [{advance: 5s, patch: pod/x}]\n" EXPECT, "s/a.yaml:2:9: the key with is missing"},
        {"about: x\nsteps: [{delete: pod}]\n" EXPECT, "s/a.yaml:2:10: \"pod\" names no object: write kind/name or kind/namespace/name"},
        {"about: x\nsteps: [{delete: pot/x}]\n" EXPECT, "s/a.yaml:2:10: unknown kind pot: did you mean pod?"},
        {"about: x\nsteps: [{delete: node/a/b}]\n" EXPECT, "s/a.yaml:2:10: nodes has no namespaces: write node/b"},
        {"about: x\nsteps: [{assert: {pod/x: {a: {$is: 1}}}}]\n" EXPECT, "s/a.yaml:2:31: unknown operator $is: write one of $exists, "},
        {"about: x\nsteps: [{release: {call: {verb: get}}}]\n" EXPECT, "s/a.yaml:2:10: no step before holds this: write the call as in its hold"},
        {"about: x\nsteps: [{exit: service/x, container: c}]\n" EXPECT, "s/a.yaml:2:10: this is about a pod: write pod/name"},
        {"about: x\nsteps: [{patch: pod/x, with: [{}]}]\n" EXPECT, "s/a.yaml:2:24: a merge patch is a map: write a map, or type: json"},
        {"about: x\ngiven: [{kind: Pod}]\n" EXPECT, "s/a.yaml:2:9: a manifest without apiVersion: write apiVersion as for kubectl"},
        {"about: x\ngiven: [{file: none.yaml}]\n" EXPECT, "s/a.yaml:2:10: s/none.yaml: No such file or directory, from the folder of this one"},
        {"about: x\ncontrollers: [{use: seinode, name: a}, {use: seinode, name: a}]\n" EXPECT, "s/a.yaml:2:40: the name a is taken: write another name"},
        {"about: x\nproperties: {foo: false}\n" EXPECT, "s/a.yaml:2:14: there is no property foo: write one of forbidden, "},
        {"about: x\nsafeguard: luck\n" EXPECT, "s/a.yaml:2:1: \"luck\" does not fit: write one of replace-pod, "},
        {"about: ''\n" EXPECT, "s/a.yaml:1:1: an empty text does not belong here: write a text, in quotes if need be"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        problems.count = 0;
        assert_null(load(cases[i].text));
        assert_true(problems.count > 0);
        bool found = false;
        for (size_t p = 0; p < problems.count; p++)
            found = found || strncmp(problems.at[p].text, cases[i].problem, strlen(cases[i].problem)) == 0;
        if (!found)
            fail_msg("case %zu:\n  `%s` instead of\n  `%s`", i, problems.at[0].text, cases[i].problem);
    }
}

static void all_problems_of_a_file_are_told_at_once(void **state) {
    (void)state;

    assert_null(load("about: 1\nworld: {lag: x, seed: -1}\nsteps: [{delete: 5}]\n" EXPECT));

    assert_int_equal(problems.count, 4);
}

static void the_shipped_schema_is_the_table(void **state) {
    const char *path = "../scenarios/scenario.schema.json";
    struct sm_str text;
    char shipped[1 << 18];
    (void)state;

    sm_str_init(&text, &region);
    sm_json_print(&text, sm_scenario_schema(&region), SM_JSON_PRETTY);
    sm_str_addc(&text, '\n');
    if (getenv("SM_REWRITE")) {
        FILE *out = fopen(path, "w");
        assert_non_null(out);
        fputs(text.data, out);
        fclose(out);
    }
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t bytes = fread(shipped, 1, sizeof shipped - 1, file);
    fclose(file);
    shipped[bytes] = '\0';
    if (strcmp(shipped, text.data) != 0)
        fail_msg("%s is out of date: SM_REWRITE=1 writes it anew", path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_least_scenario_has_its_defaults, setup, teardown),
        cmocka_unit_test_setup_teardown(given_follows_files_lists_and_documents, setup, teardown),
        cmocka_unit_test_setup_teardown(a_definition_makes_its_kind_known_to_steps, setup, teardown),
        cmocka_unit_test_setup_teardown(a_file_that_is_broken_is_told_by_its_own_name, setup, teardown),
        cmocka_unit_test_setup_teardown(the_world_is_read, setup, teardown),
        cmocka_unit_test_setup_teardown(steps_are_read, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_wrong_has_its_place_and_what_to_write_instead, setup, teardown),
        cmocka_unit_test_setup_teardown(all_problems_of_a_file_are_told_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(the_shipped_schema_is_the_table, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
