#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cluster_expect.h"

#define SET(spec) \
    "{'metadata': {'name': 'web'}, 'spec': {'serviceName': 'web', 'selector': {'matchLabels': {'app': 'web'}}, 'template': {'metadata': " \
    "{'labels': {'app': 'web'}}, 'spec': {'volumes': [{'name': 'data', 'emptyDir': {}}, {'name': 'tmp', 'emptyDir': {}}], 'containers': " \
    "[{'name': 'main', 'image': 'img:1'}]}}, 'volumeClaimTemplates': [{'metadata': {'name': 'data', 'labels': {'a': 'b'}}, 'spec': " \
    "{'accessModes': ['ReadWriteOnce'], 'resources': {'requests': {'storage': '1Gi'}}}}]" spec "}}"

static void free_lab(struct lab **lab) {
    lab_free(*lab);
}

#define LAB(parts) \
    struct lab *lab __attribute__((cleanup(free_lab))) = lab_new(parts, NULL); \
    (void)state

static const char *owner_kind(struct lab *lab, const char *claim) {
    return sm_val_str_at(sm_meta_controller(lab_get(lab, SM_PVCS, claim)), "kind");
}

static void claims_are_made_before_the_pod_and_kept_after_it(void **state) {
    LAB(LAB_STATEFULSET);

    lab_create(lab, SM_STATEFULSETS, SET(", 'replicas': 1"));
    lab_pass(lab, SM_SECOND);

    sm_val claim = lab_get(lab, SM_PVCS, "data-web-0"), pod = lab_get(lab, SM_PODS, "web-0");
    assert_string_equal(sm_meta_label(claim, "app"), "web");
    assert_string_equal(sm_meta_label(claim, "a"), "b");
    assert_string_equal(sm_val_str_at(pod, "spec.volumes[0].persistentVolumeClaim.claimName"), "data-web-0");
    assert_string_equal(sm_val_str_at(pod, "spec.volumes[1].name"), "tmp");
    assert_int_equal(sm_val_count(sm_val_at(pod, "spec.volumes")), 2);
    assert_string_equal(lab_events(lab), "Normal SuccessfulCreate create Claim data-web-0 Pod web-0 in StatefulSet web success\n"
                                         "Normal SuccessfulCreate create Pod web-0 in StatefulSet web successful\n");

    lab_patch(lab, SM_STATEFULSETS, "", "web", "{'spec': {'replicas': 0}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_pods(lab), "");
    assert_string_equal(lab_names(lab, SM_PVCS), "data-web-0");
}

static void a_claim_that_is_being_deleted_keeps_the_pod_from_being_made(void **state) {
    LAB(LAB_STATEFULSET);
    lab_create(lab, SM_PVCS,
               "{'metadata': {'name': 'data-web-0', 'finalizers': ['example.com/hold']}, 'spec': {'accessModes': "
               "['ReadWriteOnce'], 'resources': {'requests': {'storage': '1Gi'}}}}");
    lab_delete(lab, SM_PVCS, "data-web-0", NULL);
    lab_pass(lab, SM_SECOND);

    lab_create(lab, SM_STATEFULSETS, SET(", 'replicas': 1"));
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_pods(lab), "");
    assert_non_null(strstr(lab_events(lab),
                           "Warning FailedCreate create Pod web-0 in StatefulSet web failed error: pvc data-web-0 is being deleted\n"));
}

static void a_claim_that_cannot_be_made_is_told_of(void **state) {
    LAB(LAB_STATEFULSET);

    lab_create(lab, SM_STATEFULSETS,
               "{'metadata': {'name': 'web'}, 'spec': {'serviceName': 'web', 'selector': {'matchLabels': {'app': 'web'}}, 'template': "
               "{'metadata': {'labels': {'app': 'web'}}, 'spec': {'containers': [{'name': 'main', 'image': 'img:1'}]}}, 'replicas': 1, "
               "'volumeClaimTemplates': [{'metadata': {'name': 'data'}, 'spec': {}}]}}");
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_pods(lab), "");
    assert_non_null(
        strstr(lab_events(lab), "Warning FailedCreate create Claim data-web-0 for Pod web-0 in StatefulSet web failed error: "));
    assert_non_null(strstr(lab_events(lab),
                           "Warning FailedCreate create Pod web-0 in StatefulSet web failed error: failed to create PVC data-web-0: "));
}

static void a_claim_lost_by_a_pending_pod_is_made_again(void **state) {
    LAB(LAB_STATEFULSET);
    lab_create(lab, SM_STATEFULSETS, SET(", 'replicas': 1"));
    lab_pass(lab, SM_SECOND);

    lab_patch(lab, SM_PVCS, "", "data-web-0", "{'metadata': {'finalizers': null}}");
    lab_delete(lab, SM_PVCS, "data-web-0", NULL);
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_names(lab, SM_PVCS), "");
    lab_patch(lab, SM_PODS, "", "web-0", "{'metadata': {'labels': {'x': 'y'}}}");
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_names(lab, SM_PVCS), "data-web-0");
}

static void when_deleted_the_set_takes_its_claims_with_it(void **state) {
    LAB(LAB_STATEFULSET | LAB_GARBAGE_COLLECTOR | LAB_PVC_PROTECTION);
    lab_create(lab, SM_STATEFULSETS, SET(", 'replicas': 1, 'persistentVolumeClaimRetentionPolicy': {'whenDeleted': 'Delete'}"));
    lab_pass(lab, SM_SECOND);
    lab_play(lab, "web-0", true);
    assert_string_equal(owner_kind(lab, "data-web-0"), "StatefulSet");

    lab_delete(lab, SM_STATEFULSETS, "web", NULL);
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_pods(lab), "");
    assert_string_equal(lab_names(lab, SM_PVCS), "");
}

static void when_scaled_a_condemned_pod_takes_its_claim_with_it(void **state) {
    LAB(LAB_STATEFULSET | LAB_GARBAGE_COLLECTOR | LAB_PVC_PROTECTION);
    lab_create(lab, SM_STATEFULSETS,
               SET(", 'replicas': 2, 'persistentVolumeClaimRetentionPolicy': {'whenDeleted': 'Delete', 'whenScaled': 'Delete'}"));
    lab_pass(lab, SM_SECOND);
    lab_play(lab, "web-0", true);
    lab_play(lab, "web-1", true);
    assert_string_equal(owner_kind(lab, "data-web-1"), "StatefulSet");

    lab_patch(lab, SM_STATEFULSETS, "", "web", "{'spec': {'replicas': 1}}");
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_names(lab, SM_PVCS), "data-web-0");
    assert_string_equal(owner_kind(lab, "data-web-0"), "StatefulSet");
}

static void a_claim_of_the_pod_before_is_waited_out(void **state) {
    LAB(LAB_STATEFULSET);
    lab_create(lab, SM_STATEFULSETS, SET(", 'replicas': 2, 'persistentVolumeClaimRetentionPolicy': {'whenScaled': 'Delete'}"));
    lab_pass(lab, SM_SECOND);
    lab_play(lab, "web-0", true);
    lab_play(lab, "web-1", true);
    lab_patch(lab, SM_STATEFULSETS, "", "web", "{'spec': {'replicas': 1}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(owner_kind(lab, "data-web-1"), "Pod");

    lab_patch(lab, SM_STATEFULSETS, "", "web", "{'spec': {'replicas': 2}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_pods(lab), "web-0 Running img:1 ready");

    lab_patch(lab, SM_PVCS, "", "data-web-1", "{'metadata': {'finalizers': null}}");
    lab_delete(lab, SM_PVCS, "data-web-1", NULL);
    lab_patch(lab, SM_PODS, "", "web-0", "{'metadata': {'labels': {'x': 'y'}}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_pods(lab), "web-0 Running img:1 ready, web-1 Pending img:1");
}

static void a_policy_that_changes_is_put_into_effect(void **state) {
    LAB(LAB_STATEFULSET);
    lab_create(lab, SM_STATEFULSETS, SET(", 'replicas': 1"));
    lab_pass(lab, SM_SECOND);
    lab_play(lab, "web-0", true);
    assert_string_equal(owner_kind(lab, "data-web-0"), "");

    lab_patch(lab, SM_STATEFULSETS, "", "web", "{'spec': {'persistentVolumeClaimRetentionPolicy': {'whenDeleted': 'Delete'}}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(owner_kind(lab, "data-web-0"), "StatefulSet");

    lab_patch(lab, SM_STATEFULSETS, "", "web", "{'spec': {'persistentVolumeClaimRetentionPolicy': {'whenDeleted': 'Retain'}}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(owner_kind(lab, "data-web-0"), "");
}

static void a_claim_that_somebody_else_controls_is_left_alone(void **state) {
    LAB(LAB_STATEFULSET);
    lab_create(lab, SM_PVCS,
               "{'metadata': {'name': 'data-web-0', 'ownerReferences': [{'apiVersion': 'v1', 'kind': 'ConfigMap', 'name': 'c', 'uid': "
               "'11111111-1111-4111-8111-111111111111', 'controller': true}]}, 'spec': {'accessModes': ['ReadWriteOnce'], 'resources': "
               "{'requests': {'storage': '1Gi'}}}}");
    lab_pass(lab, SM_SECOND);

    lab_create(lab, SM_STATEFULSETS, SET(", 'replicas': 1, 'persistentVolumeClaimRetentionPolicy': {'whenDeleted': 'Delete'}"));
    lab_pass(lab, SM_SECOND);

    assert_string_equal(owner_kind(lab, "data-web-0"), "ConfigMap");
    assert_non_null(
        strstr(lab_events(lab), "Warning ConflictingController PersistentVolumeClaim data-web-0 has a conflicting OwnerReference"));
    assert_string_equal(lab_pods(lab), "web-0 Pending img:1");
}

static void an_owner_that_is_no_controller_is_put_right(void **state) {
    LAB(LAB_STATEFULSET);
    lab_create(lab, SM_STATEFULSETS, SET(", 'replicas': 1, 'persistentVolumeClaimRetentionPolicy': {'whenDeleted': 'Delete'}"));
    lab_pass(lab, SM_SECOND);
    lab_play(lab, "web-0", true);

    lab_patch(lab, SM_PVCS, "", "data-web-0",
              sm_region_printf(
                  &lab->run,
                  "{'metadata': {'ownerReferences': [{'apiVersion': 'apps/v1', 'kind': 'StatefulSet', 'name': 'web', 'uid': '%s'}]}}",
                  sm_meta_uid(lab_get(lab, SM_STATEFULSETS, "web"))));
    lab_pass(lab, SM_SECOND);
    lab_play(lab, "web-0", false);
    lab_play(lab, "web-0", true);

    assert_string_equal(owner_kind(lab, "data-web-0"), "StatefulSet");
}

#define TEST(name) \
    { #name, name, NULL, NULL, NULL }

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(claims_are_made_before_the_pod_and_kept_after_it),
        TEST(a_claim_that_is_being_deleted_keeps_the_pod_from_being_made),
        TEST(a_claim_that_cannot_be_made_is_told_of),
        TEST(a_claim_lost_by_a_pending_pod_is_made_again),
        TEST(when_deleted_the_set_takes_its_claims_with_it),
        TEST(when_scaled_a_condemned_pod_takes_its_claim_with_it),
        TEST(a_claim_of_the_pod_before_is_waited_out),
        TEST(a_policy_that_changes_is_put_into_effect),
        TEST(a_claim_that_somebody_else_controls_is_left_alone),
        TEST(an_owner_that_is_no_controller_is_put_right),
    };
    return cmocka_run_group_tests_name("statefulset_claims", tests, NULL, NULL);
}
