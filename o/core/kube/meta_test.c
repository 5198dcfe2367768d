#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "json.h"
#include "meta.h"

static struct sm_region r;

static int set_up(void **state) {
    (void)state;
    sm_region_init(&r, "test", 0);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sm_region_release(&r);
    return 0;
}

static sm_val json(const char *text) {
    return sm_json_literal(&r, text);
}

static void assert_json(sm_val v, const char *text) {
    assert_string_equal(sm_json_text(&r, v, 0), sm_json_text(&r, json(text), 0));
}

static void metadata_reads(void **state) {
    sm_val pod = json("{'metadata': {'name': 'n', 'namespace': 's', 'uid': 'u', 'resourceVersion': '42', 'generation': 3, "
                      "'deletionTimestamp': '2026-01-01T00:00:00Z', 'labels': {'a': 'b', 'e': ''}, 'annotations': {'c': 'd'}, "
                      "'finalizers': ['f', 'g']}}");
    (void)state;

    assert_string_equal(sm_meta_name(pod), "n");
    assert_string_equal(sm_meta_namespace(pod), "s");
    assert_string_equal(sm_meta_uid(pod), "u");
    assert_int_equal(sm_meta_version(pod), 42);
    assert_int_equal(sm_meta_generation(pod), 3);
    assert_true(sm_meta_deleting(pod));
    assert_string_equal(sm_meta_label(pod, "a"), "b");
    assert_true(sm_meta_has_label(pod, "e"));
    assert_false(sm_meta_has_label(pod, "x"));
    assert_string_equal(sm_meta_annotation(pod, "c"), "d");
    assert_true(sm_meta_has_finalizer(pod, "g"));
    assert_false(sm_meta_has_finalizer(pod, "h"));
}

static void what_is_absent_reads_as_nothing(void **state) {
    const sm_val objects[] = {NULL, json("{}"), json("{'metadata': null}"), json("{'metadata': {'deletionTimestamp': null}}")};
    (void)state;

    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(sm_meta_name(objects[i]), "");
        assert_string_equal(sm_meta_label(objects[i], "a"), "");
        assert_int_equal(sm_meta_version(objects[i]), 0);
        assert_int_equal(sm_meta_generation(objects[i]), 0);
        assert_false(sm_meta_deleting(objects[i]));
        assert_null(sm_meta_controller(objects[i]));
        assert_false(sm_meta_has_finalizer(objects[i], "f"));
    }
    assert_int_equal(sm_meta_version(json("{'metadata': {'resourceVersion': '12x'}}")), 0);
    assert_int_equal(sm_meta_version(json("{'metadata': {'resourceVersion': '99999999999999999999'}}")), 0);
}

static void keys_are_namespace_and_name(void **state) {
    (void)state;

    assert_string_equal(sm_meta_key(&r, "default", "a"), "default/a");
    assert_string_equal(sm_meta_key(&r, "", "node-1"), "node-1");
}

static void the_controller_is_the_owner_that_says_so(void **state) {
    sm_val set = json("{'metadata': {'name': 'web', 'uid': 'u1'}}");
    sm_val pod = json("{'metadata': {'ownerReferences': [{'uid': 'x'}, {'uid': 'y', 'controller': false}]}}");
    (void)state;

    assert_null(sm_meta_controller(pod));
    sm_val reference = sm_meta_controller_ref(&r, SM_STATEFULSETS, set);
    assert_json(reference, "{'apiVersion': 'apps/v1', 'kind': 'StatefulSet', 'name': 'web', 'uid': 'u1', 'controller': true, "
                           "'blockOwnerDeletion': true}");
    pod = sm_val_set_at(&r, pod, "metadata.ownerReferences", sm_val_append(&r, sm_val_at(pod, "metadata.ownerReferences"), reference));
    assert_ptr_equal(sm_meta_controller(pod), reference);
    assert_true(sm_meta_controlled_by(pod, "u1"));
    assert_false(sm_meta_controlled_by(pod, "x"));
    assert_false(sm_meta_controlled_by(NULL, "x"));
}

static void finalizers_are_added_once_and_removed(void **state) {
    sm_val bare = json("{'metadata': {'name': 'a'}}");
    (void)state;

    sm_val one = sm_meta_add_finalizer(&r, bare, "f");
    assert_json(one, "{'metadata': {'name': 'a', 'finalizers': ['f']}}");
    assert_ptr_equal(sm_meta_add_finalizer(&r, one, "f"), one);
    sm_val two = sm_meta_add_finalizer(&r, one, "g");
    assert_json(sm_meta_remove_finalizer(&r, two, "f"), "{'metadata': {'name': 'a', 'finalizers': ['g']}}");
    assert_json(sm_meta_remove_finalizer(&r, one, "f"), "{'metadata': {'name': 'a'}}");
    assert_ptr_equal(sm_meta_remove_finalizer(&r, two, "x"), two);
}

static void conditions_keep_their_transition_time_until_the_status_changes(void **state) {
    (void)state;

    sm_val list = sm_condition_set(&r, NULL, "Ready", "False", "Waiting", "not yet", 1, SM_TIME_START);
    assert_json(list, "[{'type': 'Ready', 'status': 'False', 'reason': 'Waiting', 'message': 'not yet', 'observedGeneration': 1, "
                      "'lastTransitionTime': '2026-01-01T00:00:00Z'}]");
    assert_ptr_equal(sm_condition_set(&r, list, "Ready", "False", "Waiting", "not yet", 1, SM_TIME_START + SM_MINUTE), list);

    list = sm_condition_set(&r, list, "Ready", "False", "Waiting", "still not", 2, SM_TIME_START + SM_MINUTE);
    list = sm_condition_set(&r, list, "Done", "True", "", "", 0, SM_TIME_START + SM_MINUTE);
    assert_json(list, "[{'type': 'Ready', 'status': 'False', 'reason': 'Waiting', 'message': 'still not', 'observedGeneration': 2, "
                      "'lastTransitionTime': '2026-01-01T00:00:00Z'}, {'type': 'Done', 'status': 'True', 'reason': '', 'message': '', "
                      "'lastTransitionTime': '2026-01-01T00:01:00Z'}]");
    assert_true(sm_condition_is(list, "Ready", "False"));
    assert_false(sm_condition_is(list, "Absent", "False"));

    list = sm_condition_set(&r, list, "Ready", "True", "Waiting", "still not", 2, SM_TIME_START + SM_HOUR);
    assert_string_equal(sm_val_str_at(sm_condition_find(list, "Ready"), "lastTransitionTime"), "2026-01-01T01:00:00Z");
    assert_int_equal(sm_val_count(list), 2);
    assert_null(sm_condition_find(NULL, "Ready"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(metadata_reads),
        TEST(what_is_absent_reads_as_nothing),
        TEST(keys_are_namespace_and_name),
        TEST(the_controller_is_the_owner_that_says_so),
        TEST(finalizers_are_added_once_and_removed),
        TEST(conditions_keep_their_transition_time_until_the_status_changes),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
