/* For tests: worlds whose controller under test is a robot, a reconcile that may do everything. */
#ifndef SM_ROBOT_H
#define SM_ROBOT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "meta.h"
#include "scenario.h"
#include "world.h"

typedef struct sm_result (*robot)(struct sm_ctx *ctx, struct sm_key key);

static struct sm_region kept, run, scratch;
static struct sm_library *library;

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

#define EXPECT \
    "expect:\n" \
    "  before: {verdict: stuck, why: w}\n" \
    "  first-cut: {verdict: stuck, why: w}\n" \
    "  reviewed: {verdict: stuck, why: w}\n" \
    "  on-delete: {verdict: stuck, why: w}\n" \
    "  merged: {verdict: stuck, why: w}\n"

/* The ConfigMap `it`, and a robot that may do everything. */
#define IT \
    "about: x\n" \
    "given:\n" \
    "- {apiVersion: v1, kind: ConfigMap, metadata: {name: it}, data: {x: a, want: a}}\n" \
    "- apiVersion: rbac.authorization.k8s.io/v1\n" \
    "  kind: ClusterRoleBinding\n" \
    "  metadata: {name: robot}\n" \
    "  roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\n" \
    "  subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: robot}]\n"

static const struct sm_scenario *load(const char *text) {
    struct sm_problems problems = sm_problems_init(&kept);
    struct sm_reader reader = {.self = sm_region_printf(&kept, "%s" EXPECT, text), .read = read_text};
    const struct sm_scenario *scenario = sm_scenario_load(&kept, &reader, "a.yaml", &problems);

    if (!scenario)
        fail_msg("%s", problems.at[0].text);
    return scenario;
}

static inline struct sm_verdict run_watching(robot reconcile, const struct sm_resource *primary, const struct sm_watch *watches,
                                             size_t watch_count, const char *text) {
    struct sm_use *uses = sm_region_zalloc(&kept, 2 * sizeof *uses);
    struct sm_controller *controller = sm_region_alloc(&kept, sizeof *controller);
    struct sm_scenario *scenario = sm_region_alloc(&kept, sizeof *scenario);
    struct sm_scenario_controller *row = sm_region_zalloc(&kept, sizeof *row);

    *controller = (struct sm_controller){
        .name = "robot", .primary = primary, .watches = watches, .watch_count = watch_count, .reconcile = reconcile};
    uses[0] = (struct sm_use){.name = "robot", .controller = controller, .user = "robot"};
    *row = (struct sm_scenario_controller){.use = "robot", .name = "robot"};
    *scenario = *load(text);
    scenario->controllers = row;
    sm_region_clear(&run);
    return sm_verdict_run(
        &(struct sm_world_config){
            .run = &run, .scratch = &scratch, .library = library, .scenario = scenario, .profile = sm_profile_find("merged"), .uses = uses},
        NULL);
}

static void check(struct sm_verdict verdict, enum sm_verdict_kind kind, const char *reason) {
    if (verdict.kind != kind || strstr(verdict.reason, reason) == NULL)
        fail_msg("%s: %s", sm_verdict_names[verdict.kind], verdict.reason);
}

/* The near miss: the property stays silent, and nothing else is wrong. */
static void check_converges(struct sm_verdict verdict) { check(verdict, SM_VERDICT_CONVERGES, ""); }

#endif
