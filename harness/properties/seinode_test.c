/* The properties of SeiNodes: for each a robot or a profile that breaks it, and one that nearly does. */
#include "robot.h"

#define NODE "- {apiVersion: sei.io/v1alpha1, kind: SeiNode, metadata: {name: n-1}, spec: {chainId: c, image: 'seid:v1', fullNode: {}}}\n"
#define SETTLED "about: x\ngiven:\n" NODE

static struct sm_verdict run_node(const char *profile, const char *text) {
    sm_region_clear(&run);
    return sm_verdict_run(&(struct sm_world_config){.run = &run,
                                                    .scratch = &scratch,
                                                    .library = library,
                                                    .scenario = load(text),
                                                    .profile = sm_profile_find(profile)},
                          NULL);
}

/* --- image-ran ------------------------------------------------------------------------------------------------------------------ */

/* The second edit comes when the apply of the first is done. */
#define TWO_EDITS(second) \
    SETTLED "world: {rbac: full}\n" \
            "steps:\n" \
            "- {patch: seinode/n-1, with: {spec: {image: 'seid:v2'}}}\n" \
            "- patch: seinode/n-1\n" \
            "  with: {spec: {image: '" second "'}}\n" \
            "  when: {committed: {client: seinode-controller, verb: patch, resource: seinodes/status}, nth: 2}\n"

static void an_image_is_stamped_only_if_a_pod_was_of_it(void **state) {
    (void)state;

    check(run_node("merged", TWO_EDITS("seid:v3")), SM_VERDICT_VIOLATED,
          "image-ran: seinode-controller stamped currentImage seid:v3 on seinode default/n-1, and no pod of that image has been there");
    check_converges(run_node("hardened", TWO_EDITS("seid:v3")));
    check_converges(run_node("merged", TWO_EDITS("seid:v2")));
}

/* --- template-kept, agreement ------------------------------------------------------------------------------------------------------ */

#define IMAGE_IS(v) \
    "- wait:\n" \
    "    seinode/n-1: {status: {currentImage: 'seid:" v "', plan: {$absent: true}}}\n" \
    "    pod/n-1-0: {spec: {containers: [{name: seid, image: 'seid:" v "'}]}, status: {conditions: [{type: Ready, status: 'True'}]}}\n"
#define UPDATE(v) "- {patch: seinode/n-1, with: {spec: {image: 'seid:" v "'}}}\n" IMAGE_IS(v)
#define RESTARTED \
    SETTLED "world:\n" \
            "  rbac: full\n" \
            "  faults: [{fault: delay, client: seinode-controller, verb: apply, resource: statefulsets, delay: 20s}]\n" \
            "steps:\n" UPDATE("v2") UPDATE("v3") "- {restart-controller: seinode-controller, stale: 90s, catches-up-after: 5s}\n"

static void a_template_that_is_the_last_word_is_not_put_back(void **state) {
    (void)state;

    check(run_node("merged", RESTARTED), SM_VERDICT_VIOLATED,
          "template-kept: seinode-controller put statefulset default/n-1 back from seid:v3, which its seinode wants, to seid:v2");
    check_converges(run_node("hardened", RESTARTED));
    check_converges(run_node("before", SETTLED "world: {rbac: full}\nsteps:\n" UPDATE("v2") UPDATE("v1")));
}

static void at_rest_all_name_one_image(void **state) {
    (void)state;

    check(run_node("merged", RESTARTED "properties: {template-kept: off, incarnation-known: off}\n"), SM_VERDICT_VIOLATED,
          "agreement: seinode n-1 wants seid:v3, and its statefulset makes pods of seid:v2");
    check(run_node("merged", SETTLED "steps: [{delete: statefulset/n-1}]\n"), SM_VERDICT_VIOLATED,
          "agreement: seinode n-1 is Running, and has no statefulset");
    check_converges(run_node("merged", SETTLED "world: {rbac: full}\nsteps:\n" UPDATE("v2")));
    check_converges(run_node("merged", SETTLED "steps: [{delete: seinode/n-1}]\n"));
}

/* --- plan-first --------------------------------------------------------------------------------------------------------------------- */

static struct sm_result apply_without_a_plan(struct sm_ctx *ctx, struct sm_key key) {
    sm_val node = sm_ctx_cached_get(ctx, SM_SEINODES, key.name_space, key.name);
    struct sm_region *r = sm_ctx_region(ctx);

    if (node)
        sm_ctx_create(ctx, SM_SERVICES, "default",
                      SM_MAP(r, "apiVersion", sm_val_str(r, "v1"), "kind", sm_val_str(r, "Service"), "metadata",
                             SM_MAP(r, "name", sm_val_str(r, "s"), "ownerReferences",
                                    SM_LIST(r, sm_meta_controller_ref(r, SM_SEINODES, node))),
                             "spec", SM_MAP(r, "clusterIP", sm_val_str(r, "None"), "ports",
                                            SM_LIST(r, SM_MAP(r, "port", sm_val_int(r, 80))))));
    return sm_done();
}

static sm_val plan(struct sm_region *r) {
    return SM_MAP(r, "status",
                  SM_MAP(r, "plan", SM_MAP(r, "id", sm_val_str(r, "p"), "phase", sm_val_str(r, "Active"), "tasks", SM_EMPTY_LIST)));
}

static struct sm_result store_first(struct sm_ctx *ctx, struct sm_key key) {
    struct sm_region *r = sm_ctx_region(ctx);

    sm_ctx_patch(ctx, SM_SEINODES, "status", "default", "n-1", SM_PATCH_MERGE, plan(r));
    apply_without_a_plan(ctx, key);
    sm_ctx_patch(ctx, SM_SEINODES, "status", "default", "n-1", SM_PATCH_MERGE, SM_MAP(r, "status", SM_MAP(r, "plan", SM_NULL)));
    return sm_done();
}

static const struct sm_watch node_watches[] = {{.resource = SM_SEINODES, .predicate = sm_generation_changed, .map = sm_map_self}};

static void a_plan_is_stored_before_anything_is_done_for_it(void **state) {
    const char *text = IT NODE "world: {start: at-once}\n";
    (void)state;

    check(run_watching(apply_without_a_plan, SM_SEINODES, node_watches, 1, text), SM_VERDICT_VIOLATED,
          "plan-first: robot: create services for seinode default/n-1, which has no plan stored");
    check_converges(run_watching(store_first, SM_SEINODES, node_watches, 1, text));
    check_converges(run_node("hardened", SETTLED "world: {rbac: full}\nsteps:\n" UPDATE("v2")));
}

/* --- recovers ----------------------------------------------------------------------------------------------------------------------- */

static void a_corrected_spec_recovers_where_that_is_asked_for(void **state) {
    const char *text = SETTLED "world: {start: at-once, sidecar: [{task: config-apply, error: disk full}]}\n"
                               "steps:\n"
                               "- wait: {seinode/n-1: {status: {phase: Failed}}}\n";
    const char *corrected = "- {patch: seinode/n-1, with: {spec: {image: 'seid:v2'}}}\n";
    (void)state;

    check(run_node("merged", sm_region_printf(&kept, "%s%sproperties: {recovers: on}\n", text, corrected)), SM_VERDICT_VIOLATED,
          "recovers: seinode default/n-1 is still Failed, though its spec was changed since");
    check(run_node("merged", sm_region_printf(&kept, "%s%s", text, corrected)), SM_VERDICT_FAILED, "");
    check(run_node("merged", sm_region_printf(&kept, "%sproperties: {recovers: on}\n", text)), SM_VERDICT_FAILED, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_image_is_stamped_only_if_a_pod_was_of_it, setup, teardown),
        cmocka_unit_test_setup_teardown(a_template_that_is_the_last_word_is_not_put_back, setup, teardown),
        cmocka_unit_test_setup_teardown(at_rest_all_name_one_image, setup, teardown),
        cmocka_unit_test_setup_teardown(a_plan_is_stored_before_anything_is_done_for_it, setup, teardown),
        cmocka_unit_test_setup_teardown(a_corrected_spec_recovers_where_that_is_asked_for, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
