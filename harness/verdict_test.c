/* Whole runs of worlds with small controllers over one ConfigMap, `default/it`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bug.h"
#include "json.h"
#include "meta.h"
#include "scenario.h"
#include "world.h"

static struct sm_region kept, run, scratch;
static struct sm_library *library;

/* --- Controllers ------------------------------------------------------------------------------------------------------------ */

static sm_val it(struct sm_ctx *ctx, struct sm_key key) {
    return strcmp(key.name, "it") == 0 ? sm_ctx_cached_get(ctx, SM_CONFIGMAPS, key.name_space, key.name) : NULL;
}

static const struct sm_reply *set(struct sm_ctx *ctx, struct sm_key key, const char *value) {
    struct sm_region *r = sm_ctx_region(ctx);

    return sm_ctx_patch(ctx, SM_CONFIGMAPS, "", key.name_space, key.name, SM_PATCH_MERGE,
                        SM_MAP(r, "data", SM_MAP(r, "x", sm_val_str(r, value))));
}

static struct sm_result look(struct sm_ctx *ctx, struct sm_key key) {
    return it(ctx, key) ? sm_requeue_after(30 * SM_SECOND) : sm_done();
}

static struct sm_result copy_y_to_x(struct sm_ctx *ctx, struct sm_key key) {
    sm_val map = it(ctx, key);
    const char *y = sm_val_str_at(map, "data.want");

    if (map && strcmp(y, sm_val_str_at(map, "data.x")) != 0 && !sm_reply_ok(set(ctx, key, y)))
        return sm_error("no");
    return map ? sm_requeue_after(30 * SM_SECOND) : sm_done();
}

static struct sm_result copy_and_hope(struct sm_ctx *ctx, struct sm_key key) {
    sm_val map = it(ctx, key);

    if (map && strcmp(sm_val_str_at(map, "data.want"), sm_val_str_at(map, "data.x")) != 0)
        set(ctx, key, sm_val_str_at(map, "data.want"));
    return sm_requeue_after(30 * SM_SECOND);
}

static struct sm_result flip(struct sm_ctx *ctx, struct sm_key key) {
    sm_val map = it(ctx, key);

    if (!map)
        return sm_done();
    set(ctx, key, strcmp(sm_val_str_at(map, "data.x"), "a") == 0 ? "b" : "a");
    return sm_requeue_after(20 * SM_SECOND);
}

static struct sm_result flip_at_once(struct sm_ctx *ctx, struct sm_key key) {
    sm_val map = it(ctx, key);

    if (map)
        set(ctx, key, strcmp(sm_val_str_at(map, "data.x"), "a") == 0 ? "b" : "a");
    return sm_done();
}

static struct sm_result count(struct sm_ctx *ctx, struct sm_key key) {
    sm_val map = it(ctx, key);
    struct sm_region *r = sm_ctx_region(ctx);

    if (!map)
        return sm_done();
    set(ctx, key, sm_region_printf(r, "%d", atoi(sm_val_str_at(map, "data.x")) + 1));
    return sm_requeue_after(SM_SECOND);
}

static struct sm_result crash(struct sm_ctx *ctx, struct sm_key key) {
    if (it(ctx, key))
        sm_bug("it is not possible");
    return sm_done();
}

static struct sm_result delete_claims(struct sm_ctx *ctx, struct sm_key key) {
    if (it(ctx, key))
        sm_ctx_delete(ctx, SM_PVCS, "default", "claim", NULL);
    return sm_done();
}

static struct sm_result read_secrets(struct sm_ctx *ctx, struct sm_key key) {
    if (it(ctx, key))
        sm_ctx_live_get(ctx, SM_SECRETS, "default", "s");
    return sm_done();
}

static const struct sm_watch watches[] = {{.resource = SM_CONFIGMAPS, .map = sm_map_self}};

#define CONTROLLER(function) \
    (const struct sm_controller[]) { \
        { .name = "robot", .primary = SM_CONFIGMAPS, .watches = watches, .watch_count = 1, .reconcile = (function) } \
    }

/* --- Running ------------------------------------------------------------------------------------------------------------------- */

static int setup(void **state) {
    (void)state;
    sm_region_init(&kept, "kept", 0);
    sm_region_init(&run, "run", 0);
    sm_region_init(&scratch, "scratch", 0);
    library = sm_library_new(&kept);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sm_region_release(&kept);
    sm_region_release(&run);
    sm_region_release(&scratch);
    return 0;
}

static const char *read_text(void *self, struct sm_region *r, const char *path, size_t *ret_bytes, const char **reterr) {
    (void)r;
    (void)path;
    (void)reterr;
    *ret_bytes = strlen(self);
    return self;
}

#define GIVEN \
    "about: x\n" \
    "given:\n" \
    "- {apiVersion: v1, kind: ConfigMap, metadata: {name: it}, data: {x: a, want: a}}\n" \
    "- apiVersion: rbac.authorization.k8s.io/v1\n" \
    "  kind: ClusterRole\n" \
    "  metadata: {name: robot}\n" \
    "  rules:\n" \
    "  - {apiGroups: [''], resources: [configmaps, persistentvolumeclaims], verbs: ['*']}\n" \
    "- apiVersion: rbac.authorization.k8s.io/v1\n" \
    "  kind: ClusterRoleBinding\n" \
    "  metadata: {name: robot}\n" \
    "  roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: robot}\n" \
    "  subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: robot}]\n"
#define EXPECT \
    "expect:\n" \
    "  before: {verdict: stuck, why: w}\n" \
    "  first-cut: {verdict: stuck, why: w}\n" \
    "  reviewed: {verdict: stuck, why: w}\n" \
    "  on-delete: {verdict: stuck, why: w}\n" \
    "  merged: {verdict: stuck, why: w}\n"

static const struct sm_scenario *load(const char *text) {
    struct sm_problems problems = sm_problems_init(&kept);
    struct sm_reader reader = {.self = sm_region_printf(&kept, "%s" EXPECT, text), .read = read_text};
    const struct sm_scenario *scenario = sm_scenario_load(&kept, &reader, "a.yaml", &problems);

    if (!scenario)
        fail_msg("%s", problems.at[0].text);
    return scenario;
}

static struct sm_verdict run_chosen(struct sm_result (*reconcile)(struct sm_ctx *ctx, struct sm_key key), const char *text, bool control,
                                    struct sm_sim_chooser chooser) {
    struct sm_use *uses = sm_region_zalloc(&kept, 2 * sizeof *uses);
    struct sm_controller *controller = sm_region_alloc(&kept, sizeof *controller);
    struct sm_scenario *scenario = sm_region_alloc(&kept, sizeof *scenario);
    struct sm_scenario_controller *row = sm_region_zalloc(&kept, sizeof *row);

    *controller = *CONTROLLER(reconcile);
    uses[0] = (struct sm_use){.name = "robot", .controller = controller, .user = "robot"};
    *row = (struct sm_scenario_controller){.use = "robot", .name = "robot"};
    *scenario = *load(text);
    scenario->controllers = row;
    sm_region_clear(&run);
    return sm_verdict_run(&(struct sm_world_config){.run = &run,
                                                    .scratch = &scratch,
                                                    .library = library,
                                                    .scenario = scenario,
                                                    .profile = sm_profile_find("merged"),
                                                    .uses = uses,
                                                    .control = control,
                                                    .chooser = chooser},
                          NULL);
}

static struct sm_verdict run_world(struct sm_result (*reconcile)(struct sm_ctx *ctx, struct sm_key key), const char *text, bool control) {
    return run_chosen(reconcile, text, control, (struct sm_sim_chooser){0});
}

static void check(struct sm_verdict verdict, enum sm_verdict_kind kind, const char *reason) {
    if (verdict.kind != kind || strstr(verdict.reason, reason) == NULL)
        fail_msg("%s: %s", sm_verdict_names[verdict.kind], verdict.reason);
}

/* --- Verdicts --------------------------------------------------------------------------------------------------------------------- */

static void a_world_that_stays_as_it_is_converges_after_two_resync_periods(void **state) {
    struct sm_verdict verdict = run_world(look, GIVEN, false);
    (void)state;

    check(verdict, SM_VERDICT_CONVERGES, "");
    assert_true(verdict.time >= 30 * SM_SECOND && verdict.time < 2 * SM_MINUTE);
}

static void what_is_asserted_must_hold_at_the_end(void **state) {
    (void)state;

    check(run_world(copy_y_to_x,
                    GIVEN "steps:\n"
                          "- {patch: configmap/it, with: {data: {want: b}}}\n"
                          "- assert: {configmap/it: {data: {x: b}}}\n",
                    false),
          SM_VERDICT_CONVERGES, "");
    check(run_world(look,
                    GIVEN "steps:\n"
                          "- {patch: configmap/it, with: {data: {want: b}}}\n"
                          "- assert: {configmap/it: {data: {x: b}}}\n",
                    false),
          SM_VERDICT_STUCK, "a.yaml:16:3: configmap/it: data.x is \"a\", not \"b\"");
}

/* The first eight patches are lost. */
static uint32_t lose_patches(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    unsigned *lost = self;
    (void)env;

    for (uint32_t way = 0; point->kind == SM_CHOICE_FAULT && strcmp(point->what, "patch") == 0 && way < point->n && *lost < 8; way++)
        if (strcmp(point->ways[way], "lose-request") == 0) {
            ++*lost;
            return way;
        }
    return 0;
}

static void what_looks_like_a_circle_while_things_go_wrong_is_none(void **state) {
    unsigned lost = 0;
    (void)state;

    check(run_chosen(copy_and_hope,
                     GIVEN "steps:\n"
                           "- {patch: configmap/it, with: {data: {want: b}}}\n"
                           "- assert: {configmap/it: {data: {x: b}}}\n",
                     false, (struct sm_sim_chooser){.self = &lost, .choose = lose_patches}),
          SM_VERDICT_CONVERGES, "");
    assert_int_equal(lost, 8);
}

static void writing_the_same_again_and_again_is_a_livelock(void **state) {
    (void)state;

    check(run_world(flip, GIVEN "world: {start: at-once}\nproperties: {no-storm: off}\n", false), SM_VERDICT_LIVELOCK,
          "configmaps default/it");
    check(run_world(flip_at_once, GIVEN "world: {start: at-once}\nproperties: {no-storm: off}\n", false), SM_VERDICT_LIVELOCK,
          "configmaps default/it");
}

static void a_state_that_never_repeats_runs_out_of_budget(void **state) {
    (void)state;

    check(run_world(count, GIVEN "world: {start: at-once, budget: {events: 1000}}\n", false), SM_VERDICT_BUDGET,
          "1000 events, and no state was seen twice");
    check(run_world(count, GIVEN "world: {start: at-once, budget: {time: 1s}}\n", false), SM_VERDICT_BUDGET,
          "1s, and no state was seen twice");
}

static void a_run_that_fills_its_memory_runs_out_of_budget(void **state) {
    size_t limit = run.limit_bytes;
    (void)state;

    run.limit_bytes = (size_t)16 << 20;
    struct sm_verdict verdict = run_world(count, GIVEN "world: {start: at-once, budget: {events: 1000000000, time: 200000h}}\n", false);
    run.limit_bytes = limit;

    check(verdict, SM_VERDICT_BUDGET, "16 MiB of memory, and no state was seen twice");
    assert_true(verdict.full);
}

static void a_bug_is_the_verdict_crashed(void **state) {
    (void)state;

    check(run_world(crash, GIVEN, false), SM_VERDICT_CRASHED, "it is not possible");
    check(run_world(look, GIVEN, false), SM_VERDICT_CONVERGES, "");
}

static void a_property_that_breaks_violates_the_run(void **state) {
    const char *claim = GIVEN "- apiVersion: v1\n"
                              "  kind: PersistentVolumeClaim\n"
                              "  metadata: {name: claim}\n"
                              "  spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n";
    (void)state;

    check(run_world(read_secrets, GIVEN, false), SM_VERDICT_VIOLATED, "forbidden: robot may not get secrets");
    check(run_world(read_secrets, GIVEN "properties: {forbidden: off}\n", false), SM_VERDICT_CONVERGES, "");
    check(run_world(delete_claims, claim, false), SM_VERDICT_VIOLATED,
          "claim-kept: robot deleted persistentvolumeclaim default/claim, and nobody had asked for it");
}

static void what_must_never_match_violates_the_run(void **state) {
    const char *text = GIVEN "steps:\n"
                             "- never: {configmap/it: {data: {x: b}}}\n"
                             "- {patch: configmap/it, with: {data: {want: b}}}\n";
    (void)state;

    check(run_world(copy_y_to_x, text, false), SM_VERDICT_VIOLATED, "never: a.yaml:15:3: configmap/it matches");
    check(run_world(look, text, false), SM_VERDICT_CONVERGES, "");
}

/* --- Steps ---------------------------------------------------------------------------------------------------------------------------- */

static void what_a_scenario_waits_for_in_vain_makes_it_vacuous(void **state) {
    (void)state;

    check(run_world(look, GIVEN "steps: [{wait: {configmap/it: {data: {x: z}}}}]\n", false), SM_VERDICT_VACUOUS,
          "a.yaml:14:9: configmap/it: data.x");
    check(run_world(look, GIVEN "steps: [{advance: 1s, when: {sent: {verb: delete}}}]\n", false), SM_VERDICT_VACUOUS,
          "a.yaml:14:9: what it waits for has not happened (0 of 1)");
    check(run_world(look, GIVEN "world: {faults: [{fault: conflict, verb: delete}]}\n", false), SM_VERDICT_VACUOUS,
          "world.faults[0] never hit a call");
    check(run_world(look, GIVEN "world: {faults: [{fault: conflict, verb: delete}]}\n", true), SM_VERDICT_CONVERGES, "");
    check(run_world(look, GIVEN "steps: [{hold: {call: {verb: delete}}}]\n", false), SM_VERDICT_VACUOUS, "a.yaml:14:9: no call was held");
    check(run_world(look, GIVEN "steps: [{hold: &h {call: {verb: delete}}}, {release: *h}]\n", false), SM_VERDICT_VACUOUS,
          "a.yaml:14:9: no call was held");
    check(run_world(copy_y_to_x,
                    GIVEN "steps:\n"
                          "- {hold: &h {call: {verb: patch}}}\n"
                          "- {patch: configmap/it, with: {data: {want: b}}}\n"
                          "- {advance: 1s}\n"
                          "- {release: *h}\n",
                    false),
          SM_VERDICT_CONVERGES, "");
}

static void a_step_that_must_be_done_in_time_violates_if_it_is_late(void **state) {
    const char *text = GIVEN "world: {latency: 10s}\n"
                             "steps:\n"
                             "- {patch: configmap/it, with: {data: {want: b}}}\n"
                             "- {assert: {configmap/it: {data: {x: b}}}, within: 2s}\n";
    (void)state;

    check(run_world(copy_y_to_x, text, false), SM_VERDICT_VIOLATED, "assert: a.yaml:17:3: not within 2s: configmap/it: data.x is \"a\"");
    check(run_world(copy_y_to_x, text, true), SM_VERDICT_CONVERGES, "");
}

static void a_trigger_fires_between_two_calls(void **state) {
    (void)state;

    /* The user changes y between the controller's read and the commit of what follows from it. */
    check(run_world(copy_y_to_x,
                    GIVEN "steps:\n"
                          "- {patch: configmap/it, with: {data: {want: b}}}\n"
                          "- {patch: configmap/it, with: {data: {want: c}}, when: {sent: {client: robot, verb: patch}}}\n"
                          "- assert: {configmap/it: {data: {x: b}}}\n"
                          "- assert: {configmap/it: {data: {x: c}}}\n",
                    false),
          SM_VERDICT_STUCK, "a.yaml:17:3: configmap/it: data.x is \"c\", not \"b\"");
    check(run_world(copy_y_to_x,
                    GIVEN "steps:\n"
                          "- {patch: configmap/it, with: {data: {want: b}}}\n"
                          "- {patch: configmap/it, with: {data: {want: c}}, when: {matches: {configmap/it: {data: {x: b}}}}}\n"
                          "- wait: {configmap/it: {data: {x: c}}}\n",
                    false),
          SM_VERDICT_CONVERGES, "");
}

static void a_held_cache_shows_nothing_new_until_it_is_released(void **state) {
    (void)state;

    check(run_world(copy_y_to_x,
                    GIVEN "steps:\n"
                          "- hold: {cache: robot/configmaps}\n"
                          "- {patch: configmap/it, with: {data: {want: b}}}\n"
                          "- assert: {configmap/it: {data: {x: b}}}\n",
                    false),
          SM_VERDICT_STUCK, "data.x is \"a\", not \"b\"");
    check(run_world(copy_y_to_x,
                    GIVEN "steps:\n"
                          "- hold: {cache: robot/*}\n"
                          "- {patch: configmap/it, with: {data: {want: b}}}\n"
                          "- advance: 5m\n"
                          "- release: {cache: robot/*}\n"
                          "- assert: {configmap/it: {data: {x: b}}}\n",
                    false),
          SM_VERDICT_CONVERGES, "");
}

static void a_held_call_lands_when_it_is_released(void **state) {
    const char *text = GIVEN "steps:\n"
                             "- hold: {call: {client: robot, verb: patch}}\n"
                             "- {patch: configmap/it, with: {data: {want: b}}}\n"
                             "- advance: 1m\n"
                             "- never: {configmap/it: {data: {x: c}}}\n"
                             "- {patch: configmap/it, with: {data: {x: d}}}\n"
                             "- release: {call: {client: robot, verb: patch}}\n"
                             "- assert: {configmap/it: {data: {x: b}}}\n";
    (void)state;

    check(run_world(copy_y_to_x, text, false), SM_VERDICT_CONVERGES, "");
}

static void a_restarted_controller_may_begin_with_an_old_list(void **state) {
    (void)state;

    /* Its first list is from before the change; the watch that follows brings it. */
    check(run_world(copy_y_to_x,
                    GIVEN "steps:\n"
                          "- {restart-controller: robot, down: 10s, stale: 5s}\n"
                          "- {patch: configmap/it, with: {data: {want: b}}, after: 9s}\n"
                          "- assert: {configmap/it: {data: {x: b}}}\n",
                    false),
          SM_VERDICT_CONVERGES, "");
    check(run_world(look, GIVEN "steps: [{restart-controller: nobody}]\n", false), SM_VERDICT_VIOLATED, "there is no controller nobody");
}

static void objects_are_applied_deleted_and_scaled_as_kubectl_does(void **state) {
    (void)state;

    check(run_world(look,
                    GIVEN "steps:\n"
                          "- apply:\n"
                          "  - {apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {a: b}}\n"
                          "- {delete: configmap/it}\n"
                          "- assert: {configmap/it: {$absent: true}, secret/s: {type: Opaque}}\n",
                    false),
          SM_VERDICT_CONVERGES, "");
    check(run_world(look, GIVEN "steps: [{delete: configmap/none}]\n", false), SM_VERDICT_VIOLATED,
          "a.yaml:14:9: the server refused it: configmaps \"none\" not found");
}

static void a_world_that_the_server_refuses_says_where(void **state) {
    (void)state;

    check(run_world(look, GIVEN "- {apiVersion: v1, kind: ConfigMap, metadata: {name: A_B}}\n", false), SM_VERDICT_VACUOUS,
          "a.yaml:14:3: the server refused it: ConfigMap \"A_B\" is invalid");
}

/* --- With the SeiNode controller ------------------------------------------------------------------------------------------------------- */

#define NODE \
    "about: x\n" \
    "given: [{apiVersion: sei.io/v1alpha1, kind: SeiNode, metadata: {name: n-1}, spec: {chainId: c, image: 'seid:v1', fullNode: {}}}]\n"

static struct sm_verdict run_node(const char *profile, const char *text) {
    sm_region_clear(&run);
    return sm_verdict_run(&(struct sm_world_config){.run = &run,
                                                    .scratch = &scratch,
                                                    .library = library,
                                                    .scenario = load(text),
                                                    .profile = sm_profile_find(profile)},
                          NULL);
}

static void a_plan_that_is_stuck_says_which_task_waits_for_what(void **state) {
    const char *text = NODE "steps:\n"
                            "- {ready: pod/n-1-0, container: seid, is: false}\n"
                            "- advance: 1m\n"
                            "- {patch: seinode/n-1, with: {spec: {image: 'seid:v2'}}}\n";
    struct sm_verdict verdict = run_node("before", text);
    (void)state;

    check(verdict, SM_VERDICT_STUCK, "task observe-image of seinode default/n-1 waits: statefulset n-1 has updatedReplicas 0 of 1");
    check(verdict, SM_VERDICT_STUCK, "; pod n-1-0 is at revision n-1-");
    check(verdict, SM_VERDICT_STUCK, ", not ready");
    check(run_node("merged", text), SM_VERDICT_CONVERGES, "");
}

static void a_node_whose_first_plan_fails_has_failed(void **state) {
    (void)state;

    check(run_node("merged", NODE "world: {start: at-once, sidecar: [{task: config-apply, error: disk full}]}\n"), SM_VERDICT_FAILED,
          "seinode default/n-1 is Failed: task config-apply: disk full");
    check(run_node("merged", NODE "world: {sidecar: [{task: config-apply, error: disk full}]}\n"), SM_VERDICT_VACUOUS,
          "the cluster did not come to rest before the first step: seinode default/n-1 is Failed");
    check(run_node("merged", NODE "world: {images: [{image: 'seid:*', pull: never}]}\n"), SM_VERDICT_VACUOUS,
          "the cluster did not come to rest before the first step: task configure-genesis of seinode default/n-1 waits: the sidecar of "
          "n-1-0");
}

static void what_happens_to_pods_sidecars_and_nodes_is_seen_and_mended(void **state) {
    (void)state;

    check(run_node("merged", NODE "steps:\n"
                                  "- {exit: pod/n-1-0, container: seid, code: 137}\n"
                                  "- assert: {pod/n-1-0: {status: {containerStatuses: [{name: seid, restartCount: 1, ready: true}]}}}\n"),
          SM_VERDICT_CONVERGES, "");
    check(run_node("merged", NODE "steps:\n"
                                  "- {sidecar: pod/n-1-0, answers: hangs}\n"
                                  "- wait: {seinode/n-1: {status: {conditions: [{type: SidecarReady, status: Unknown}]}}}\n"
                                  "- {sidecar: pod/n-1-0, answers: usual}\n"
                                  "- assert: {seinode/n-1: {status: {conditions: [{type: SidecarReady, status: 'True'}]}}}\n"),
          SM_VERDICT_CONVERGES, "");
    check(run_node("merged", NODE "steps:\n"
                                  "- {node: worker-1, state: dies}\n"
                                  "- {patch: seinode/n-1, with: {spec: {image: 'seid:v2'}}}\n"
                                  "- advance: 5m\n"
                                  "- {node: worker-1, state: returns}\n"
                                  "- assert: {seinode/n-1: {status: {currentImage: 'seid:v2', plan: {$absent: true}}}}\n"),
          SM_VERDICT_CONVERGES, "");
    check(run_node("merged", NODE "steps: [{exit: pod/n-1-0, container: nobody}]\n"), SM_VERDICT_VIOLATED,
          "there is no running container nobody in pod/n-1-0");
    check(run_node("merged", NODE "steps: [{ready: pod/none, container: seid, is: true}]\n"), SM_VERDICT_VIOLATED,
          "there is no running container seid in pod/none");
}

/* A set that was made with RollingUpdate keeps the stanza that was defaulted, and OnDelete beside it is invalid. */
static void an_upgraded_controller_meets_what_the_old_one_made(void **state) {
    const char *text = NODE "steps:\n"
                            "- {restart-controller: seinode-controller, profile: merged}\n"
                            "- {patch: seinode/n-1, with: {spec: {image: 'seid:v2'}}}\n"
                            "- {relist: seinode-controller/pods, stale: 1s}\n";
    (void)state;

    check(run_node("before", text), SM_VERDICT_STUCK, "task apply-statefulset of seinode default/n-1 waits: ");
    check(run_node("before", text), SM_VERDICT_STUCK, "the controller's last answer was an error: apply statefulsets default/n-1: ");
    check(run_node("before", text), SM_VERDICT_STUCK, "only allowed for updateStrategy 'RollingUpdate'");
    check(run_node("on-delete", text), SM_VERDICT_CONVERGES, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_world_that_stays_as_it_is_converges_after_two_resync_periods, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_asserted_must_hold_at_the_end, setup, teardown),
        cmocka_unit_test_setup_teardown(what_looks_like_a_circle_while_things_go_wrong_is_none, setup, teardown),
        cmocka_unit_test_setup_teardown(writing_the_same_again_and_again_is_a_livelock, setup, teardown),
        cmocka_unit_test_setup_teardown(a_state_that_never_repeats_runs_out_of_budget, setup, teardown),
        cmocka_unit_test_setup_teardown(a_run_that_fills_its_memory_runs_out_of_budget, setup, teardown),
        cmocka_unit_test_setup_teardown(a_bug_is_the_verdict_crashed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_property_that_breaks_violates_the_run, setup, teardown),
        cmocka_unit_test_setup_teardown(what_must_never_match_violates_the_run, setup, teardown),
        cmocka_unit_test_setup_teardown(what_a_scenario_waits_for_in_vain_makes_it_vacuous, setup, teardown),
        cmocka_unit_test_setup_teardown(a_step_that_must_be_done_in_time_violates_if_it_is_late, setup, teardown),
        cmocka_unit_test_setup_teardown(a_trigger_fires_between_two_calls, setup, teardown),
        cmocka_unit_test_setup_teardown(a_held_cache_shows_nothing_new_until_it_is_released, setup, teardown),
        cmocka_unit_test_setup_teardown(a_held_call_lands_when_it_is_released, setup, teardown),
        cmocka_unit_test_setup_teardown(a_restarted_controller_may_begin_with_an_old_list, setup, teardown),
        cmocka_unit_test_setup_teardown(objects_are_applied_deleted_and_scaled_as_kubectl_does, setup, teardown),
        cmocka_unit_test_setup_teardown(a_world_that_the_server_refuses_says_where, setup, teardown),
        cmocka_unit_test_setup_teardown(a_plan_that_is_stuck_says_which_task_waits_for_what, setup, teardown),
        cmocka_unit_test_setup_teardown(a_node_whose_first_plan_fails_has_failed, setup, teardown),
        cmocka_unit_test_setup_teardown(what_happens_to_pods_sidecars_and_nodes_is_seen_and_mended, setup, teardown),
        cmocka_unit_test_setup_teardown(an_upgraded_controller_meets_what_the_old_one_made, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
