/* The properties of any controller: for each a robot that breaks it, and one that nearly does. */
#include "robot.h"

static bool is_it(struct sm_key key) {
    return strcmp(key.name, "it") == 0;
}

static sm_val it(struct sm_ctx *ctx, struct sm_key key) {
    return is_it(key) ? sm_ctx_cached_get(ctx, SM_CONFIGMAPS, key.name_space, key.name) : NULL;
}

static void map_owner(struct sm_enqueue *to, sm_val before, sm_val after) {
    sm_map_owner_of(to, before, after, SM_CONFIGMAPS);
}

static const struct sm_watch robot_watches[] = {
    {.resource = SM_CONFIGMAPS, .map = sm_map_self}, {.resource = SM_SECRETS, .map = map_owner}, {.resource = SM_PODS}};

static struct sm_verdict run_robot(robot reconcile, const char *text) {
    return run_watching(reconcile, SM_CONFIGMAPS, robot_watches, sizeof robot_watches / sizeof robot_watches[0], text);
}

/* --- claim-kept ----------------------------------------------------------------------------------------------------------------- */

#define CLAIM(owner) \
    "- apiVersion: v1\n" \
    "  kind: PersistentVolumeClaim\n" \
    "  metadata: {name: claim, ownerReferences: [" owner "]}\n" \
    "  spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n"

static struct sm_result delete_claim(struct sm_ctx *ctx, struct sm_key key) {
    if (is_it(key) && sm_reply_ok(sm_ctx_live_get(ctx, SM_PVCS, "default", "claim")))
        sm_ctx_delete(ctx, SM_PVCS, "default", "claim", NULL);
    return sm_done();
}

static void a_claim_that_nobody_wants_gone_is_kept(void **state) {
    (void)state;

    check(run_robot(delete_claim, IT CLAIM("")), SM_VERDICT_VIOLATED, "claim-kept: robot deleted persistentvolumeclaim default/claim");
    check_converges(run_robot(delete_claim, IT CLAIM("{apiVersion: v1, kind: ConfigMap, name: gone, uid: u-1}")));
}

/* --- incarnation-known ---------------------------------------------------------------------------------------------------------- */

#define SECRET "- {apiVersion: v1, kind: Secret, metadata: {name: s}}\n"

static struct sm_result delete_unread(struct sm_ctx *ctx, struct sm_key key) {
    if (is_it(key))
        sm_ctx_delete(ctx, SM_PVCS, "default", "claim", NULL);
    return sm_done();
}

/* By name, once it is wanted and as long as the cache has it. */
static struct sm_result delete_cached(struct sm_ctx *ctx, struct sm_key key) {
    sm_val map = it(ctx, key), secret = map ? sm_ctx_cached_get(ctx, SM_SECRETS, "default", "s") : NULL;

    if (secret && strcmp(sm_val_str_at(map, "data.want"), "b") == 0)
        sm_ctx_delete(ctx, SM_SECRETS, "default", "s", NULL);
    return sm_done();
}

static struct sm_result delete_by_uid(struct sm_ctx *ctx, struct sm_key key) {
    sm_val map = it(ctx, key), secret = map ? sm_ctx_cached_get(ctx, SM_SECRETS, "default", "s") : NULL;
    struct sm_region *r = sm_ctx_region(ctx);

    if (secret && strcmp(sm_val_str_at(map, "data.want"), "b") == 0)
        sm_ctx_delete(ctx, SM_SECRETS, "default", "s",
                      SM_MAP(r, "preconditions", SM_MAP(r, "uid", sm_val_str(r, sm_meta_uid(secret)))));
    return sm_done();
}

static void a_name_that_has_passed_on_is_not_written_blindly(void **state) {
    const char *remade = IT SECRET "steps:\n"
                                   "- hold: {cache: robot/secrets}\n"
                                   "- {delete: secret/s}\n"
                                   "- apply: [{apiVersion: v1, kind: Secret, metadata: {name: s}}]\n"
                                   "- {patch: configmap/it, with: {data: {want: b}}}\n"
                                   "- advance: 5s\n"
                                   "- release: {cache: robot/secrets}\n";
    (void)state;

    check(run_robot(delete_unread, IT CLAIM("{apiVersion: v1, kind: ConfigMap, name: gone, uid: u-1}")), SM_VERDICT_VIOLATED,
          "incarnation-known: robot: delete persistentvolumeclaims default/claim hit an incarnation that it had never been sent");
    check(run_robot(delete_cached, remade), SM_VERDICT_VIOLATED, "incarnation-known: robot: delete secrets default/s hit");
    check_converges(run_robot(delete_by_uid, remade));
    check_converges(run_robot(delete_cached, IT SECRET "steps: [{patch: configmap/it, with: {data: {want: b}}}]\n"));
    check_converges(run_robot(delete_claim, IT CLAIM("{apiVersion: v1, kind: ConfigMap, name: gone, uid: u-1}")));
}

/* --- no-twins ------------------------------------------------------------------------------------------------------------------- */

static void make_child(struct sm_ctx *ctx, sm_val owner) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val metadata =
        SM_MAP(r, "generateName", sm_val_str(r, "child-"), "ownerReferences", SM_LIST(r, sm_meta_controller_ref(r, SM_CONFIGMAPS, owner)));

    sm_ctx_create(ctx, SM_SECRETS, "default",
                  SM_MAP(r, "apiVersion", sm_val_str(r, "v1"), "kind", sm_val_str(r, "Secret"), "metadata", metadata));
}

static struct sm_result one_child(struct sm_ctx *ctx, struct sm_key key) {
    sm_val map = it(ctx, key), secret;

    if (!map)
        return sm_done();
    SM_EACH_ITEM(secret, sm_ctx_cached_list(ctx, SM_SECRETS, "default", NULL))
        if (sm_meta_controlled_by(secret, sm_meta_uid(map)))
            return sm_done();
    make_child(ctx, map);
    return sm_requeue_after(SM_SECOND);
}

static struct sm_result two_children(struct sm_ctx *ctx, struct sm_key key) {
    sm_val map = it(ctx, key);

    if (!map || sm_val_count(sm_ctx_cached_list(ctx, SM_SECRETS, "default", NULL)) > 0)
        return sm_done();
    make_child(ctx, map);
    make_child(ctx, map);
    return sm_done();
}

static void a_child_is_not_made_again_because_it_was_not_seen(void **state) {
    (void)state;

    check(run_robot(one_child, IT "world: {start: at-once, lag: {robot/secrets: 5s}}\n"), SM_VERDICT_VIOLATED,
          "no-twins: robot created secrets default/child-");
    check_converges(run_robot(one_child, IT "world: {start: at-once}\n"));
    check_converges(run_robot(two_children, IT "world: {start: at-once}\n"));
}

/* --- no-orphans ----------------------------------------------------------------------------------------------------------------- */

static struct sm_result loose_secret(struct sm_ctx *ctx, struct sm_key key) {
    struct sm_region *r = sm_ctx_region(ctx);

    if (it(ctx, key))
        sm_ctx_create(ctx, SM_SECRETS, "default",
                      SM_MAP(r, "apiVersion", sm_val_str(r, "v1"), "kind", sm_val_str(r, "Secret"), "metadata",
                             SM_MAP(r, "name", sm_val_str(r, "loose"))));
    return sm_done();
}

static void what_was_made_for_something_does_not_outlive_it(void **state) {
    const char *deleted = IT "steps: [{delete: configmap/it}]\n";
    (void)state;

    check(run_robot(loose_secret, deleted), SM_VERDICT_VIOLATED,
          "no-orphans: secrets default/loose is left, and configmaps default/it, for which it was made, is gone");
    check_converges(run_robot(loose_secret, IT));
    check_converges(run_robot(one_child, deleted)); /* the garbage collector sees to it */
}

/* --- generation-forward ---------------------------------------------------------------------------------------------------------- */

static void observe(struct sm_ctx *ctx, int64_t generation) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val condition = SM_MAP(r, "type", sm_val_str(r, "Seen"), "status", sm_val_str(r, "True"), "reason", sm_val_str(r, "R"), "message",
                              sm_val_str(r, ""), "lastTransitionTime", sm_val_str(r, "2026-01-01T00:00:00Z"), "observedGeneration",
                              sm_val_int(r, generation));

    sm_ctx_patch(
        ctx, SM_SEINODES, "status", "default", "n-1", SM_PATCH_MERGE,
        SM_MAP(r, "metadata",
               SM_MAP(r, "uid", sm_val_get(sm_val_get(sm_ctx_live_get(ctx, SM_SEINODES, "default", "n-1")->body, "metadata"), "uid")),
               "status", SM_MAP(r, "conditions", SM_LIST(r, condition))));
}

static struct sm_result observe_back(struct sm_ctx *ctx, struct sm_key key) {
    if (is_it(key)) {
        observe(ctx, 2);
        observe(ctx, 1);
    }
    return sm_done();
}

static struct sm_result observe_forward(struct sm_ctx *ctx, struct sm_key key) {
    if (is_it(key)) {
        observe(ctx, 1);
        observe(ctx, 2);
    }
    return sm_done();
}

static void an_observed_generation_never_goes_back(void **state) {
    const char *node =
        IT "- {apiVersion: sei.io/v1alpha1, kind: SeiNode, metadata: {name: n-1}, spec: {chainId: c, image: i, fullNode: {}}}\n"
           "world: {start: at-once}\n";
    (void)state;

    check(run_robot(observe_back, node), SM_VERDICT_VIOLATED,
          "generation-forward: observedGeneration of condition Seen of seinodes default/n-1 went back from 2 to 1");
    check_converges(run_robot(observe_forward, node));
}

/* --- no-storm -------------------------------------------------------------------------------------------------------------------- */

static void set_x(struct sm_ctx *ctx, sm_val map, const char *value) {
    struct sm_region *r = sm_ctx_region(ctx);

    sm_ctx_patch(ctx, SM_CONFIGMAPS, "", "default", "it", SM_PATCH_MERGE,
                 SM_MAP(r, "metadata", SM_MAP(r, "uid", sm_val_str(r, sm_meta_uid(map))), "data", SM_MAP(r, "x", sm_val_str(r, value))));
}

static struct sm_result flip_at_once(struct sm_ctx *ctx, struct sm_key key) {
    sm_val map = it(ctx, key);

    if (map)
        set_x(ctx, map, strcmp(sm_val_str_at(map, "data.x"), "a") == 0 ? "b" : "a");
    return sm_done();
}

/* Its own writes do not wake it. */
static const struct sm_watch timer_only[] = {{.resource = SM_CONFIGMAPS, .predicate = sm_generation_changed, .map = sm_map_self}};

static struct sm_result flip_now_and_then(struct sm_ctx *ctx, struct sm_key key) {
    sm_val map = it(ctx, key);

    if (!map)
        return sm_done();
    set_x(ctx, map, strcmp(sm_val_str_at(map, "data.x"), "a") == 0 ? "b" : "a");
    return sm_requeue_after(20 * SM_SECOND);
}

static struct sm_result count_to_a_hundred(struct sm_ctx *ctx, struct sm_key key) {
    sm_val map = it(ctx, key);
    int x = atoi(sm_val_str_at(map, "data.x"));

    if (map && x < 100)
        set_x(ctx, map, sm_region_printf(sm_ctx_region(ctx), "%d", x + 1));
    return sm_done();
}

static struct sm_result set_once(struct sm_ctx *ctx, struct sm_key key) {
    sm_val map = it(ctx, key);

    if (map)
        set_x(ctx, map, "b");
    return sm_done();
}

static void writing_the_same_without_end_is_a_storm(void **state) {
    (void)state;

    check(run_robot(flip_at_once, IT "world: {start: at-once}\n"), SM_VERDICT_VIOLATED,
          "no-storm: robot wrote the same to configmaps default/it 33 times in a minute, and nobody else wrote there");
    check_converges(run_robot(count_to_a_hundred, IT "world: {start: at-once}\n"));
    check_converges(run_robot(set_once, IT "world: {start: at-once}\n"));
    check(run_watching(flip_now_and_then, SM_CONFIGMAPS, timer_only, 1, IT "world: {start: at-once}\n"), SM_VERDICT_LIVELOCK, "");
}

/* --- wanted-pod-kept, one-deletion -------------------------------------------------------------------------------------------------- */

#define SET \
    "- apiVersion: apps/v1\n" \
    "  kind: StatefulSet\n" \
    "  metadata: {name: web}\n" \
    "  spec:\n" \
    "    serviceName: web\n" \
    "    updateStrategy: {type: OnDelete}\n" \
    "    selector: {matchLabels: {app: web}}\n" \
    "    template: {metadata: {labels: {app: web}}, spec: {containers: [{name: seid, image: 'x:1'}]}}\n"
#define UPDATED "- {patch: statefulset/web, with: {spec: {template: {metadata: {annotations: {a: b}}}}}}\n- advance: 5s\n"
#define WANTED "- {patch: configmap/it, with: {data: {want: b}}}\n"

/* Once for each time that the map changes. */
static struct sm_result delete_pod(struct sm_ctx *ctx, struct sm_key key) {
    sm_val map = it(ctx, key);

    if (map && strcmp(sm_val_str_at(map, "data.want"), "a") != 0 && sm_reply_ok(sm_ctx_live_get(ctx, SM_PODS, "default", "web-0")))
        sm_ctx_delete(ctx, SM_PODS, "default", "web-0", NULL);
    return sm_done();
}

static void a_pod_that_is_what_its_set_wants_is_kept(void **state) {
    (void)state;

    check(run_robot(delete_pod, IT SET "steps:\n" WANTED), SM_VERDICT_VIOLATED,
          "wanted-pod-kept: robot deleted pod default/web-0, which was at the wanted revision web-");
    check_converges(run_robot(delete_pod, IT SET "steps:\n" UPDATED WANTED));
}

static void one_pod_at_most_is_deleted_for_one_revision(void **state) {
    const char *again = "- advance: 60s\n- {patch: configmap/it, with: {data: {want: c}}}\n";
    (void)state;

    check(run_robot(delete_pod, sm_region_printf(&kept, IT SET "properties: {wanted-pod-kept: off}\nsteps:\n" UPDATED WANTED "%s", again)),
          SM_VERDICT_VIOLATED, "one-deletion: robot deleted pod default/web-0, the second one since statefulset web wants what it wants");
    check_converges(run_robot(
        delete_pod, sm_region_printf(&kept,
                                     IT SET "steps:\n" UPDATED WANTED "- advance: 60s\n"
                                            "- {patch: statefulset/web, with: {spec: {template: {metadata: {annotations: {a: c}}}}}}\n%s",
                                     again)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_claim_that_nobody_wants_gone_is_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(a_name_that_has_passed_on_is_not_written_blindly, setup, teardown),
        cmocka_unit_test_setup_teardown(a_child_is_not_made_again_because_it_was_not_seen, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_made_for_something_does_not_outlive_it, setup, teardown),
        cmocka_unit_test_setup_teardown(an_observed_generation_never_goes_back, setup, teardown),
        cmocka_unit_test_setup_teardown(writing_the_same_without_end_is_a_storm, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pod_that_is_what_its_set_wants_is_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(one_pod_at_most_is_deleted_for_one_revision, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
