#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cluster_expect.h"

#define SET(spec) \
    "{'metadata': {'name': 'web'}, 'spec': {'serviceName': 'web', 'selector': {'matchLabels': {'app': 'web'}}, 'template': {'metadata': " \
    "{'labels': {'app': 'web'}}, 'spec': {'containers': [{'name': 'main', 'image': 'img:1'}]}}" spec "}}"

#define IMAGE(image) "{'spec': {'template': {'spec': {'containers': [{'name': 'main', 'image': '" image "'}]}}}}"

static void free_lab(struct lab **lab) {
    lab_free(*lab);
}

#define LAB(parts, kubernetes) \
    struct lab *lab __attribute__((cleanup(free_lab))) = lab_new(parts, kubernetes); \
    (void)state

/* A set whose [count] pods are ready. */
static void create_ready(struct lab *lab, const char *set, int count) {
    lab_create(lab, SM_STATEFULSETS, set);
    lab_pass(lab, 100 * SM_MILLISECOND);
    for (int i = 0; i < count; i++)
        lab_play(lab, sm_region_printf(&lab->run, "web-%d", i), true);
    lab_heard(lab);
}

static void set_image(struct lab *lab, const char *patch) {
    lab_patch(lab, SM_STATEFULSETS, "", "web", patch);
    lab_pass(lab, 100 * SM_MILLISECOND);
}

/* On a node a pod is deleted with grace: it stays until its kubelet lets go. */
static void bind(struct lab *lab, const char *pod) {
    lab_do(lab, (struct sm_request){
                    .verb = SM_CREATE,
                    .resource = SM_PODS,
                    .subresource = "binding",
                    .name = pod,
                    .body = sm_json_literal(
                        &lab->run,
                        sm_region_printf(&lab->run, "{'metadata': {'name': '%s'}, 'target': {'kind': 'Node', 'name': 'node'}}", pod))});
    lab_pass(lab, 100 * SM_MILLISECOND);
}

/* --- Creation and scale ------------------------------------------------------------------------------------------------------- */

static void pods_are_made_in_order_each_when_the_one_before_is_ready(void **state) {
    LAB(LAB_STATEFULSET, NULL);

    lab_create(lab, SM_STATEFULSETS, SET(", 'replicas': 2"));
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_pods(lab), "web-0 Pending img:1");
    assert_string_equal(lab_set(lab, "web"), "of 2: replicas 1 ready 0 available 0 current 1 updated 1");

    lab_play(lab, "web-0", false);
    assert_string_equal(lab_pods(lab), "web-0 Running img:1");

    lab_play(lab, "web-0", true);
    assert_string_equal(lab_pods(lab), "web-0 Running img:1 ready, web-1 Pending img:1");

    lab_play(lab, "web-1", true);
    assert_string_equal(lab_set(lab, "web"), "of 2: replicas 2 ready 2 available 2 current 2 updated 2");
    assert_string_equal(lab_events(lab), "Normal SuccessfulCreate create Pod web-0 in StatefulSet web successful\n"
                                         "Normal SuccessfulCreate create Pod web-1 in StatefulSet web successful\n");
}

static void status_is_written_before_and_after_a_pod_is_counted(void **state) {
    LAB(LAB_STATEFULSET, NULL);

    lab_create(lab, SM_STATEFULSETS, SET(", 'replicas': 1"));
    lab_pass(lab, SM_SECOND);

    assert_true(strncmp(lab_heard(lab), "create controllerrevisions web-", 31) == 0);
    lab_play(lab, "web-0", true);
    lab_heard(lab);
    lab_delete(lab, SM_PODS, "web-0", NULL);
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_heard(lab), "update statefulsets/status web\n"
                                        "create pods web-0\n"
                                        "update statefulsets/status web\n"
                                        "update statefulsets/status web\n");
}

static void parallel_sets_make_all_pods_at_once(void **state) {
    LAB(LAB_STATEFULSET, NULL);

    lab_create(lab, SM_STATEFULSETS, SET(", 'replicas': 3, 'podManagementPolicy': 'Parallel'"));
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_pods(lab), "web-0 Pending img:1, web-1 Pending img:1, web-2 Pending img:1");
}

static void ordinals_may_start_elsewhere(void **state) {
    LAB(LAB_STATEFULSET, NULL);

    create_ready(lab, SET(", 'replicas': 1, 'ordinals': {'start': 5}"), 0);
    lab_play(lab, "web-5", true);
    assert_string_equal(lab_pods(lab), "web-5 Running img:1 ready");

    lab_patch(lab, SM_STATEFULSETS, "", "web", "{'spec': {'ordinals': {'start': 6}}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_pods(lab), "web-5 Running img:1 ready, web-6 Pending img:1");

    lab_play(lab, "web-6", true);
    assert_string_equal(lab_pods(lab), "web-6 Running img:1 ready");
}

static void scaling_down_takes_the_highest_first_and_waits_for_health(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 3"), 3);

    lab_play(lab, "web-0", false);
    lab_patch(lab, SM_STATEFULSETS, "", "web", "{'spec': {'replicas': 1}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_pods(lab), "web-0 Running img:1, web-1 Running img:1 ready, web-2 Running img:1 ready");

    lab_heard(lab);
    lab_play(lab, "web-0", true);
    assert_string_equal(lab_pods(lab), "web-0 Running img:1 ready");
    assert_true(strstr(lab_heard(lab), "delete pods web-2\nupdate statefulsets/status web\ndelete pods web-1\n") != NULL);
}

static void a_condemned_pod_goes_although_it_is_unhealthy_if_it_is_the_first_such(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 3"), 3);

    bind(lab, "web-1");
    lab_play(lab, "web-2", false);
    lab_patch(lab, SM_STATEFULSETS, "", "web", "{'spec': {'replicas': 1}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_pods(lab), "web-0 Running img:1 ready, web-1 Running img:1 ready deleting");

    lab_finish(lab, "web-1");
    assert_string_equal(lab_pods(lab), "web-0 Running img:1 ready");
}

static void a_condemned_pod_waits_for_an_unhealthy_one_below_it(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 3"), 3);

    lab_play(lab, "web-1", false);
    lab_play(lab, "web-2", false);
    lab_patch(lab, SM_STATEFULSETS, "", "web", "{'spec': {'replicas': 1}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_pods(lab), "web-0 Running img:1 ready, web-1 Running img:1, web-2 Running img:1");

    lab_play(lab, "web-2", true);
    assert_string_equal(lab_pods(lab), "web-0 Running img:1 ready");
}

static void parallel_sets_scale_down_at_once(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 4, 'podManagementPolicy': 'Parallel'"), 0);

    bind(lab, "web-2");
    bind(lab, "web-3");
    lab_patch(lab, SM_STATEFULSETS, "", "web", "{'spec': {'replicas': 1}}");
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_pods(lab), "web-0 Pending img:1, web-2 Pending img:1 deleting, web-3 Pending img:1 deleting");
}

static void a_pod_is_available_only_after_its_minimum_of_ready_seconds(void **state) {
    LAB(LAB_STATEFULSET, NULL);

    lab_create(lab, SM_STATEFULSETS, SET(", 'replicas': 2, 'minReadySeconds': 10"));
    lab_pass(lab, SM_SECOND);
    lab_patch(lab, SM_PODS, "status", "web-0",
              "{'status': {'phase': 'Running', 'conditions': [{'type': 'Ready', 'status': 'True', 'lastTransitionTime': "
              "'2026-01-01T00:00:02Z'}]}}");
    lab_pass(lab, 5 * SM_SECOND);
    assert_string_equal(lab_set(lab, "web"), "of 2: replicas 1 ready 1 available 0 current 1 updated 1");

    /* It looks again ten seconds after each look, the first of which was before the pod was ready. */
    lab_pass(lab, 15 * SM_SECOND);
    assert_string_equal(lab_pods(lab), "web-0 Running img:1 ready, web-1 Pending img:1");
    assert_string_equal(lab_set(lab, "web"), "of 2: replicas 2 ready 1 available 1 current 2 updated 2");
}

/* --- Updates --------------------------------------------------------------------------------------------------------------------- */

static void rolling_updates_replace_from_the_top_one_by_one(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 2"), 2);

    set_image(lab, IMAGE("img:2"));
    assert_string_equal(lab_pods(lab), "web-0 Running img:1 ready, web-1 Pending img:2");
    assert_string_equal(lab_set(lab, "web"), "of 2: replicas 2 ready 1 available 1 current 1 updated 1, two revisions");

    lab_play(lab, "web-1", true);
    assert_string_equal(lab_pods(lab), "web-0 Pending img:2, web-1 Running img:2 ready");

    lab_play(lab, "web-0", true);
    assert_string_equal(lab_set(lab, "web"), "of 2: replicas 2 ready 2 available 2 current 2 updated 2");
}

static void an_unready_pod_is_never_replaced_by_a_rolling_update(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 1"), 1);

    lab_play(lab, "web-0", false);
    set_image(lab, IMAGE("img:2"));
    lab_pass(lab, SM_HOUR);
    assert_string_equal(lab_pods(lab), "web-0 Running img:1");
    assert_string_equal(lab_set(lab, "web"), "of 1: replicas 1 ready 0 available 0 current 1 updated 0, two revisions");

    lab_delete(lab, SM_PODS, "web-0", NULL);
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_pods(lab), "web-0 Pending img:2");
}

static void in_parallel_sets_an_unready_pod_of_an_old_revision_is_replaced(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 2, 'podManagementPolicy': 'Parallel'"), 2);

    lab_play(lab, "web-1", false);
    set_image(lab, IMAGE("img:2"));

    assert_string_equal(lab_pods(lab), "web-0 Running img:1 ready, web-1 Pending img:2");
}

static void pods_below_the_partition_stay_and_come_back_on_the_current_revision(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 2, 'updateStrategy': {'type': 'RollingUpdate', 'rollingUpdate': {'partition': 1}}"), 2);

    set_image(lab, IMAGE("img:2"));
    lab_play(lab, "web-1", true);
    assert_string_equal(lab_pods(lab), "web-0 Running img:1 ready, web-1 Running img:2 ready");

    lab_delete(lab, SM_PODS, "web-0", NULL);
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_pods(lab), "web-0 Pending img:1, web-1 Running img:2 ready");
    lab_play(lab, "web-0", true);
    assert_string_equal(lab_set(lab, "web"), "of 2: replicas 2 ready 2 available 2 current 1 updated 1, two revisions");
}

static void without_a_stanza_low_ordinals_come_back_on_the_current_revision(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 3, 'updateStrategy': {'type': 'RollingUpdate'}"), 3);
    bind(lab, "web-2");

    set_image(lab, IMAGE("img:2"));
    assert_string_equal(lab_pods(lab), "web-0 Running img:1 ready, web-1 Running img:1 ready, web-2 Running img:1 ready deleting");
    lab_delete(lab, SM_PODS, "web-0", NULL);
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_pods(lab), "web-0 Pending img:1, web-1 Running img:1 ready, web-2 Running img:1 ready deleting");
}

static void on_delete_leaves_old_pods_until_somebody_deletes_them(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 2, 'updateStrategy': {'type': 'OnDelete'}"), 2);

    set_image(lab, IMAGE("img:2"));
    lab_pass(lab, SM_HOUR);
    assert_string_equal(lab_pods(lab), "web-0 Running img:1 ready, web-1 Running img:1 ready");

    lab_delete(lab, SM_PODS, "web-0", NULL);
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_pods(lab), "web-0 Pending img:2, web-1 Running img:1 ready");

    lab_play(lab, "web-0", true);
    lab_delete(lab, SM_PODS, "web-1", NULL);
    lab_pass(lab, SM_SECOND);
    lab_play(lab, "web-1", true);
    assert_string_equal(lab_set(lab, "web"), "of 2: replicas 2 ready 2 available 2 current 0 updated 2, two revisions");
}

static void from_137_on_on_delete_promotes_the_current_revision(void **state) {
    LAB(LAB_STATEFULSET, "1.37");
    create_ready(lab, SET(", 'replicas': 1, 'updateStrategy': {'type': 'OnDelete'}"), 1);

    set_image(lab, IMAGE("img:2"));
    lab_delete(lab, SM_PODS, "web-0", NULL);
    lab_pass(lab, SM_SECOND);
    lab_play(lab, "web-0", true);

    assert_string_equal(lab_set(lab, "web"), "of 1: replicas 1 ready 1 available 1 current 1 updated 1");
}

static void a_failed_pod_is_deleted_and_made_again(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 1, 'updateStrategy': {'type': 'OnDelete'}"), 1);
    bind(lab, "web-0");
    set_image(lab, IMAGE("img:2"));
    lab_heard(lab);

    lab_patch(lab, SM_PODS, "status", "web-0", "{'status': {'phase': 'Failed'}}");
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_pods(lab), "web-0 Pending img:2");
    assert_true(strncmp(lab_heard(lab), "delete pods web-0\n", 18) == 0);
}

/* --- Revisions --------------------------------------------------------------------------------------------------------------------- */

static sm_val revision_of(struct lab *lab) {
    return lab_get(lab, SM_CONTROLLERREVISIONS, sm_val_str_at(lab_get(lab, SM_STATEFULSETS, "web"), "status.updateRevision"));
}

static void rolling_back_takes_the_old_revision_under_a_new_number(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 1, 'updateStrategy': {'type': 'OnDelete'}"), 1);
    const char *first = sm_meta_name(revision_of(lab));

    set_image(lab, IMAGE("img:2"));
    assert_int_equal(sm_val_int_at(revision_of(lab), "revision", 0), 2);
    set_image(lab, IMAGE("img:1"));

    assert_string_equal(sm_meta_name(revision_of(lab)), first);
    assert_int_equal(sm_val_int_at(revision_of(lab), "revision", 0), 3);
}

static void old_revisions_that_nothing_uses_are_deleted_beyond_the_limit(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 1, 'revisionHistoryLimit': 1, 'updateStrategy': {'type': 'OnDelete'}"), 1);

    set_image(lab, IMAGE("img:2"));
    const char *second = sm_meta_name(revision_of(lab));
    set_image(lab, IMAGE("img:3"));
    const char *third = sm_meta_name(revision_of(lab));
    set_image(lab, IMAGE("img:4"));

    assert_null(lab_get(lab, SM_CONTROLLERREVISIONS, second));
    assert_non_null(lab_get(lab, SM_CONTROLLERREVISIONS, third));
    assert_int_equal(sm_pmap_count(sm_server_log(lab->env, lab->server, SM_CONTROLLERREVISIONS)->root), 3);
}

/* The name of the second revision, which a test takes before the controller does. */
static const char *second_revision(struct lab *lab) {
    struct lab *other = lab_new(LAB_STATEFULSET, NULL);
    create_ready(other, SET(", 'replicas': 1"), 0);
    set_image(other, IMAGE("img:2"));
    const char *name = sm_region_strdup(&lab->run, sm_meta_name(revision_of(other)));
    lab_free(other);
    return name;
}

static void a_name_taken_by_other_data_counts_as_a_collision(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 1"), 1);
    const char *name = second_revision(lab);
    lab_create(lab, SM_CONTROLLERREVISIONS,
               sm_region_printf(&lab->run, "{'metadata': {'name': '%s'}, 'data': {'a': 'b'}, 'revision': 1}", name));

    set_image(lab, IMAGE("img:2"));

    assert_string_not_equal(sm_meta_name(revision_of(lab)), name);
    assert_int_equal(sm_val_int_at(lab_get(lab, SM_STATEFULSETS, "web"), "status.collisionCount", 0), 1);
}

static void a_name_taken_by_equal_data_is_used(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 1"), 1);
    sm_val old = revision_of(lab), data = sm_val_get(old, "data");
    const char *name = second_revision(lab);
    sm_val image = sm_val_str(&lab->run, "img:2");
    sm_val revision =
        SM_MAP(&lab->run, "metadata", SM_MAP(&lab->run, "name", sm_val_str(&lab->run, name)), "revision", sm_val_int(&lab->run, 1), "data",
               sm_val_set_at(&lab->run, data, "spec.template.spec.containers[0].image", image));
    lab_create(lab, SM_CONTROLLERREVISIONS, sm_json_text(&lab->run, revision, 0));

    set_image(lab, IMAGE("img:2"));

    assert_string_equal(sm_meta_name(revision_of(lab)), name);
    assert_int_equal(sm_val_int_at(lab_get(lab, SM_STATEFULSETS, "web"), "status.collisionCount", 7), 0);
}

/* --- Adoption and release ------------------------------------------------------------------------------------------------------------ */

static const char *owner_of(struct lab *lab, const struct sm_resource *resource, const char *name) {
    return sm_val_str_at(sm_meta_controller(lab_get(lab, resource, name)), "uid");
}

static void orphans_are_adopted_with_their_revisions(void **state) {
    LAB(LAB_STATEFULSET | LAB_GARBAGE_COLLECTOR, NULL);
    create_ready(lab, SET(", 'replicas': 1"), 1);
    lab_create(lab, SM_PODS,
               "{'metadata': {'name': 'web-x', 'labels': {'app': 'web'}}, 'spec': {'containers': [{'name': 'a', 'image': 'b'}]}}");
    const char *revision = sm_meta_name(revision_of(lab));
    lab_delete(lab, SM_STATEFULSETS, "web", "{'propagationPolicy': 'Orphan'}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(owner_of(lab, SM_PODS, "web-0"), "");

    lab_create(lab, SM_STATEFULSETS, SET(", 'replicas': 1"));
    lab_pass(lab, SM_SECOND);

    const char *uid = sm_meta_uid(lab_get(lab, SM_STATEFULSETS, "web"));
    assert_string_equal(owner_of(lab, SM_PODS, "web-0"), uid);
    assert_string_equal(owner_of(lab, SM_PODS, "web-x"), "");
    assert_string_equal(owner_of(lab, SM_CONTROLLERREVISIONS, revision), uid);
    assert_string_equal(lab_set(lab, "web"), "of 1: replicas 1 ready 1 available 1 current 1 updated 1");
}

static void a_pod_that_no_longer_matches_is_released_and_readopted(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 1"), 1);

    lab_patch(lab, SM_PODS, "", "web-0", "{'metadata': {'labels': {'app': 'other'}}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(owner_of(lab, SM_PODS, "web-0"), "");
    assert_string_equal(lab_set(lab, "web"), "of 1: replicas 0 ready 0 available 0 current 0 updated 0");
    assert_true(strstr(lab_heard(lab), "create pods web-0 409\n") != NULL);

    lab_patch(lab, SM_PODS, "", "web-0", "{'metadata': {'labels': {'app': 'web'}}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_set(lab, "web"), "of 1: replicas 1 ready 1 available 1 current 1 updated 1");
}

static void a_deleted_set_adopts_nothing_although_the_cache_still_shows_it(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 1"), 1);
    sm_informer_hold(lab->env, sm_manager_informer(lab->managers[0], SM_STATEFULSETS));
    lab_delete(lab, SM_STATEFULSETS, "web", NULL);

    lab_create(lab, SM_PODS,
               "{'metadata': {'name': 'web-7', 'labels': {'app': 'web'}}, 'spec': {'containers': [{'name': 'a', 'image': 'b'}]}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(owner_of(lab, SM_PODS, "web-7"), "");

    lab_create(lab, SM_STATEFULSETS, SET(", 'replicas': 0"));
    lab_pass(lab, 10 * SM_SECOND);
    assert_string_equal(owner_of(lab, SM_PODS, "web-7"), "");
}

static void a_set_that_is_being_deleted_only_counts(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 1"), 1);
    lab_patch(lab, SM_STATEFULSETS, "", "web", "{'metadata': {'finalizers': ['example.com/hold']}}");
    lab_delete(lab, SM_STATEFULSETS, "web", NULL);
    lab_pass(lab, SM_SECOND);
    lab_heard(lab);

    lab_delete(lab, SM_PODS, "web-0", NULL);
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_pods(lab), "");
    assert_string_equal(lab_set(lab, "web"), "of 1: replicas 0 ready 0 available 0 current 0 updated 0");
    assert_null(strstr(lab_heard(lab), "create"));
}

static void identity_is_repaired(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 1"), 1);

    lab_patch(lab, SM_PODS, "", "web-0",
              "{'metadata': {'labels': {'statefulset.kubernetes.io/pod-name': 'x', 'apps.kubernetes.io/pod-index': null}}}");
    lab_pass(lab, SM_SECOND);

    assert_string_equal(sm_meta_label(lab_get(lab, SM_PODS, "web-0"), "statefulset.kubernetes.io/pod-name"), "web-0");
    assert_string_equal(sm_meta_label(lab_get(lab, SM_PODS, "web-0"), "apps.kubernetes.io/pod-index"), "0");
    assert_true(strstr(lab_events(lab), "Normal SuccessfulUpdate update Pod web-0 in StatefulSet web successful\n") != NULL);
}

/* --- Stale caches and failures --------------------------------------------------------------------------------------------------------- */

static void a_status_write_from_a_stale_cache_is_tried_again(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 1"), 1);
    struct sm_informer *sets = sm_manager_informer(lab->managers[0], SM_STATEFULSETS);

    sm_informer_hold(lab->env, sets);
    lab_patch(lab, SM_STATEFULSETS, "", "web", "{'metadata': {'labels': {'a': 'b'}}}");
    lab_play(lab, "web-0", false);
    assert_true(strncmp(lab_heard(lab), "update statefulsets/status web 409\nupdate statefulsets/status web 409\n", 70) == 0);

    sm_informer_release(lab->env, sets);
    lab_pass(lab, 10 * SM_SECOND);
    assert_string_equal(lab_set(lab, "web"), "of 1: replicas 1 ready 0 available 0 current 1 updated 1");
}

static void a_pod_that_cannot_be_made_is_told_of_and_tried_again(void **state) {
    LAB(LAB_STATEFULSET, NULL);

    lab_create(lab, SM_STATEFULSETS,
               "{'metadata': {'name': 'web'}, 'spec': {'serviceName': 'web', 'selector': {'matchLabels': {'app': 'web'}}, "
               "'template': {'metadata': {'labels': {'app': 'web'}}, 'spec': {'containers': [{'name': 'main'}]}}, "
               "'replicas': 1}}");
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_pods(lab), "");
    assert_true(strstr(lab_events(lab), "Warning FailedCreate create Pod web-0 in StatefulSet web failed error: Pod \"web-0\" is invalid: "
                                        "spec.containers[0].image: Required value") != NULL);
    assert_string_equal(lab_set(lab, "web"), "of 1: replicas 0 ready 0 available 0 current 0 updated 0");
}

static void a_rolling_update_that_deletes_a_pod_which_is_gone_goes_on(void **state) {
    LAB(LAB_STATEFULSET, NULL);
    create_ready(lab, SET(", 'replicas': 1"), 1);
    struct sm_informer *pods = sm_manager_informer(lab->managers[0], SM_PODS);

    sm_informer_hold(lab->env, pods);
    lab_delete(lab, SM_PODS, "web-0", NULL);
    set_image(lab, IMAGE("img:2"));
    assert_true(strstr(lab_heard(lab), "delete pods web-0 404\n") != NULL);

    sm_informer_release(lab->env, pods);
    lab_pass(lab, 10 * SM_SECOND);
    assert_string_equal(lab_pods(lab), "web-0 Pending img:2");
}

#define TEST(name) \
    { #name, name, NULL, NULL, NULL }

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(pods_are_made_in_order_each_when_the_one_before_is_ready),
        TEST(status_is_written_before_and_after_a_pod_is_counted),
        TEST(parallel_sets_make_all_pods_at_once),
        TEST(ordinals_may_start_elsewhere),
        TEST(scaling_down_takes_the_highest_first_and_waits_for_health),
        TEST(a_condemned_pod_goes_although_it_is_unhealthy_if_it_is_the_first_such),
        TEST(a_condemned_pod_waits_for_an_unhealthy_one_below_it),
        TEST(parallel_sets_scale_down_at_once),
        TEST(a_pod_is_available_only_after_its_minimum_of_ready_seconds),
        TEST(rolling_updates_replace_from_the_top_one_by_one),
        TEST(an_unready_pod_is_never_replaced_by_a_rolling_update),
        TEST(in_parallel_sets_an_unready_pod_of_an_old_revision_is_replaced),
        TEST(pods_below_the_partition_stay_and_come_back_on_the_current_revision),
        TEST(without_a_stanza_low_ordinals_come_back_on_the_current_revision),
        TEST(on_delete_leaves_old_pods_until_somebody_deletes_them),
        TEST(from_137_on_on_delete_promotes_the_current_revision),
        TEST(a_failed_pod_is_deleted_and_made_again),
        TEST(rolling_back_takes_the_old_revision_under_a_new_number),
        TEST(old_revisions_that_nothing_uses_are_deleted_beyond_the_limit),
        TEST(a_name_taken_by_other_data_counts_as_a_collision),
        TEST(a_name_taken_by_equal_data_is_used),
        TEST(orphans_are_adopted_with_their_revisions),
        TEST(a_pod_that_no_longer_matches_is_released_and_readopted),
        TEST(a_deleted_set_adopts_nothing_although_the_cache_still_shows_it),
        TEST(a_set_that_is_being_deleted_only_counts),
        TEST(identity_is_repaired),
        TEST(a_status_write_from_a_stale_cache_is_tried_again),
        TEST(a_pod_that_cannot_be_made_is_told_of_and_tried_again),
        TEST(a_rolling_update_that_deletes_a_pod_which_is_gone_goes_on),
    };
    return cmocka_run_group_tests_name("statefulset", tests, NULL, NULL);
}
