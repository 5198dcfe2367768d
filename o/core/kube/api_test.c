#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "api.h"
#include "json.h"
#include "status.h"

static struct sm_region r, scratch;

static int set_up(void **state) {
    (void)state;
    sm_region_init(&r, "test", 0);
    sm_region_init(&scratch, "scratch", 0);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sm_region_release(&r);
    sm_region_release(&scratch);
    return 0;
}

static void errors_are_texts(void **state) {
    struct sm_reply good = {201, SM_EMPTY_MAP, NULL}, lost = {0, NULL, NULL}, said = {500, sm_val_str(&r, "boom"), NULL};
    struct sm_reply refused = {0, sm_val_str(&r, "connection refused"), NULL}, odd = {500, SM_EMPTY_MAP, NULL};
    struct sm_reply missing = sm_status_not_found(&r, SM_PODS, "a");
    (void)state;

    assert_true(sm_reply_ok(&good));
    assert_string_equal(sm_reply_error(&good), "");
    assert_string_equal(sm_reply_error(&lost), "connection lost");
    assert_string_equal(sm_reply_error(&refused), "connection refused");
    assert_string_equal(sm_reply_error(&said), "boom");
    assert_string_equal(sm_reply_error(&odd), "unknown");
    assert_string_equal(sm_reply_error(&missing), "pods \"a\" not found");
    assert_true(sm_reply_is(&missing, "NotFound"));
    assert_false(sm_reply_is(&missing, "Conflict"));
    assert_false(sm_reply_is(&good, ""));
}

static const struct sm_client client = {.name = "me"};

static struct sm_request patch_in(struct sm_region *region) {
    return (struct sm_request){.client = &client,
                               .verb = SM_PATCH,
                               .patch = SM_PATCH_APPLY,
                               .resource = SM_PODS,
                               .subresource = "status",
                               .name_space = sm_region_strdup(region, "default"),
                               .name = sm_region_strdup(region, "a"),
                               .field_manager = sm_region_strdup(region, "x"),
                               .body = sm_json_literal(region, "{'a': ['b']}")};
}

static void a_copied_request_outlives_where_it_was_made(void **state) {
    struct sm_request request = patch_in(&scratch), same = patch_in(&r);
    (void)state;

    const struct sm_request *copy = sm_request_copy(&r, &request, &scratch);
    sm_region_clear(&scratch);
    assert_true(sm_request_equal(copy, &same));
    assert_ptr_equal(copy->subresource, request.subresource);

    copy = sm_request_copy(&r, &same, &scratch);
    assert_ptr_equal(copy->body, same.body);
    copy = sm_request_copy(&r, &same, &r);
    assert_ptr_equal(copy->name, same.name);
    copy = sm_request_copy(&scratch, &same, NULL);
    assert_ptr_not_equal(copy->name, same.name);
    assert_true(sm_request_equal(copy, &same));
}

static void requests_are_equal_in_every_field_or_not_at_all(void **state) {
    const struct sm_request a = patch_in(&r);
    struct sm_request b[12];
    (void)state;

    for (int i = 0; i < 12; i++)
        b[i] = a;
    assert_true(sm_request_equal(&a, &b[0]));
    b[0].client = NULL;
    b[1].verb = SM_GET;
    b[2].patch = SM_PATCH_MERGE;
    b[3].resource = SM_JOBS;
    b[4].subresource = "";
    b[5].name = "b";
    b[6].body = SM_EMPTY_MAP;
    b[7].field_manager = NULL;
    b[8].force = true;
    b[9].limit = 5;
    b[10].dry_run = true;
    b[11].duplicates = SM_EMPTY_LIST;
    for (int i = 0; i < 12; i++)
        assert_false(sm_request_equal(&a, &b[i]));
}

static void verbs_and_queries_read_as_in_a_url(void **state) {
    struct sm_request request = patch_in(&r);
    (void)state;

    assert_string_equal(sm_request_verb(&request), "apply");
    request.force = true;
    request.dry_run = true;
    request.field_manager = "a b/c";
    request.field_validation = SM_VALIDATE_STRICT;
    assert_string_equal(sm_request_query(&r, &request), "dryRun=All&fieldManager=a+b%2Fc&fieldValidation=Strict&force=true");

    struct sm_request watch = {.verb = SM_WATCH, .resource_version = "5", .resource_version_match = "NotOlderThan"};
    watch.allow_bookmarks = watch.send_initial_events = true;
    watch.label_selector = "app in (x,y)";
    watch.limit = 500;
    assert_string_equal(sm_request_verb(&watch), "watch");
    assert_string_equal(sm_request_query(&r, &watch),
                        "allowWatchBookmarks=true&labelSelector=app+in+%28x%2Cy%29&limit=500&resourceVersion=5&"
                        "resourceVersionMatch=NotOlderThan&sendInitialEvents=true&watch=true");
    assert_string_equal(sm_request_query(&r, &(struct sm_request){.force_given = true}), "force=false");
    assert_string_equal(sm_request_query(&r, &(struct sm_request){.verb = SM_LIST}), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(errors_are_texts),
        TEST(a_copied_request_outlives_where_it_was_made),
        TEST(requests_are_equal_in_every_field_or_not_at_all),
        TEST(verbs_and_queries_read_as_in_a_url),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
