#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "json.h"
#include "status.h"

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

static void assert_status(struct sm_reply reply, const char *json) {
    assert_string_equal(sm_json_text(&r, reply.body, 0), sm_json_text(&r, sm_json_literal(&r, json), 0));
    assert_int_equal(reply.code, sm_val_int_at(reply.body, "code", 0));
}

static void failures_are_statuses_in_kubernetes_words(void **state) {
    (void)state;

    assert_status(sm_status_not_found(&r, SM_PODS, "a"),
                  "{'kind': 'Status', 'apiVersion': 'v1', 'metadata': {}, 'status': 'Failure', 'message': 'pods \\\"a\\\" not found', "
                  "'reason': 'NotFound', 'details': {'name': 'a', 'kind': 'pods'}, 'code': 404}");
    assert_status(sm_status_conflict(&r, SM_STATEFULSETS, "a", "why"),
                  "{'kind': 'Status', 'apiVersion': 'v1', 'metadata': {}, 'status': 'Failure', 'message': "
                  "'Operation cannot be fulfilled on statefulsets.apps \\\"a\\\": why', 'reason': 'Conflict', 'details': {'name': 'a', "
                  "'group': 'apps', 'kind': 'statefulsets'}, 'code': 409}");
    assert_status(sm_status_bad_request(&r, "bad"), "{'kind': 'Status', 'apiVersion': 'v1', 'metadata': {}, 'status': 'Failure', "
                                                    "'message': 'bad', 'reason': 'BadRequest', 'code': 400}");
    assert_status(
        sm_status(&r, 415, "", "text", "", "", "", NULL, 0),
        "{'kind': 'Status', 'apiVersion': 'v1', 'metadata': {}, 'status': 'Failure', 'message': 'text', 'details': {}, 'code': 415}");
}

static void messages_name_the_resource_with_its_group(void **state) {
    struct sm_reply reply = sm_status_already_exists(&r, SM_STATEFULSETS, "a");
    (void)state;

    assert_string_equal(sm_reply_error(&reply), "statefulsets.apps \"a\" already exists");
    reply = sm_status_forbidden(&r, SM_PODS, "a", "no");
    assert_string_equal(sm_reply_error(&reply), "pods \"a\" is forbidden: no");
    reply = sm_status_forbidden(&r, SM_PODS, "", "no");
    assert_string_equal(sm_reply_error(&reply), "pods is forbidden: no");
}

static void invalid_says_every_cause_once(void **state) {
    static const struct sm_cause causes[] = {
        {"FieldValueRequired", "Required value", "spec.a"},
        {"FieldValueInvalid", "Invalid value: 1", "spec.b"},
        {"FieldValueRequired", "Required value", "spec.a"},
        {"FieldValueRequired", "Required value", "spec.b"},
    };
    (void)state;

    struct sm_reply reply = sm_status_invalid(&r, "apps", "StatefulSet", "a", causes, 4);
    assert_string_equal(sm_reply_error(&reply), "StatefulSet.apps \"a\" is invalid: [spec.a: Required value, spec.b: Invalid value: 1, "
                                                "spec.b: Required value]");
    assert_int_equal(sm_val_count(sm_val_at(reply.body, "details.causes")), 4);

    reply = sm_status_invalid(&r, "", "Pod", "p", causes, 1);
    assert_status(reply, "{'kind': 'Status', 'apiVersion': 'v1', 'metadata': {}, 'status': 'Failure', 'message': "
                         "'Pod \\\"p\\\" is invalid: spec.a: Required value', 'reason': 'Invalid', 'details': {'name': 'p', 'kind': 'Pod', "
                         "'causes': [{'reason': 'FieldValueRequired', 'message': 'Required value', 'field': 'spec.a'}]}, 'code': 422}");
    reply = sm_status_invalid(&r, "", "Pod", "p", &(struct sm_cause){"X", "broken", ""}, 1);
    assert_string_equal(sm_reply_error(&reply), "Pod \"p\" is invalid: broken");
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(failures_are_statuses_in_kubernetes_words),
        TEST(messages_name_the_resource_with_its_group),
        TEST(invalid_says_every_cause_once),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
