#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "executor.h"
#include "json.h"
#include "plan.h"
#include "task.h"

static int set_up(void **state) {
    static struct sm_region r;
    sm_region_init(&r, "plan", 0);
    *state = &r;
    return 0;
}

static int tear_down(void **state) {
    sm_region_release(*state);
    return 0;
}

/* The test vector of seinode-controller.md 1.4. */
static void ids_follow_from_plan_type_and_place(void **state) {
    static const struct {
        const char *type, *id;
    } vector[] = {
        {"apply-statefulset", "e4933949-173c-5ddf-9998-02b3be925a43"}, {"apply-service", "9e4a6d59-0c5f-56c2-81fc-a84be5a975e2"},
        {"replace-pod", "c4b38a6a-f488-5f47-bd61-520b0de0fbeb"},       {"observe-image", "a326c81a-4a4d-5a86-8661-a18bdc1129ec"},
        {"mark-ready", "7ed37d53-1f14-51e7-b446-5c1bf41b40f6"},
    };
    struct sm_plan_builder builder;
    struct sm_plan plan;

    sm_plan_begin(&builder, *state, "00000000-0000-4000-8000-000000000001");
    for (size_t i = 0; i < 5; i++)
        sm_plan_add(&builder, vector[i].type, SM_EMPTY_MAP, 0);
    sm_plan_end(&builder, &plan, "Running", "");

    assert_int_equal(plan.count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(sm_val_str_at(plan.tasks[i], "id"), vector[i].id);
}

static void a_new_plan_is_as_it_is_stored(void **state) {
    struct sm_plan_builder builder;
    struct sm_plan plan;

    sm_plan_begin(&builder, *state, "00000000-0000-4000-8000-000000000001");
    sm_plan_add(&builder, "replace-pod", sm_json_literal(*state, "{'nodeName':'n-1'}"), 3);
    sm_plan_end(&builder, &plan, "Running", "Failed");

    sm_val stored = sm_json_literal(*state, "{'id':'00000000-0000-4000-8000-000000000001','phase':'Active','targetPhase':'Running',"
                                            "'failedPhase':'Failed','tasks':[{'type':'replace-pod','status':'Pending','maxRetries':3,"
                                            "'params':{'nodeName':'n-1'}}]}");
    stored = sm_val_set_at(*state, stored, "tasks[0].id", sm_val_get(plan.tasks[0], "id"));
    assert_null(sm_val_difference(*state, sm_plan_value(*state, &plan), stored));
}

static void the_current_task_is_the_first_that_is_not_complete(void **state) {
    struct sm_plan plan;
    sm_plan_load(*state, &plan, sm_json_literal(*state, "{'tasks':[{'status':'Complete'},{'status':'Pending'},{'status':'Complete'}]}"));

    assert_int_equal(sm_plan_current(&plan), 1);

    sm_plan_set_task(*state, &plan, 1, "status", sm_val_str(*state, "Complete"));
    assert_int_equal(sm_plan_current(&plan), 3);
    assert_string_equal(sm_val_str_at(sm_plan_value(*state, &plan), "tasks[1].status"), "Complete");
}

static void no_plan_is_no_value(void **state) {
    struct sm_plan plan;
    sm_plan_load(*state, &plan, NULL);

    assert_false(sm_plan_exists(&plan));
    assert_false(sm_plan_is(&plan, "Active"));
    assert_null(sm_plan_value(*state, &plan));
}

static void the_type_is_told_by_the_first_task_that_tells(void **state) {
    static const struct {
        const char *tasks, *type;
    } rows[] = {
        {"[{'type':'apply-statefulset'},{'type':'observe-image'}]", "node-update"},
        {"[{'type':'ensure-data-pvc'},{'type':'mark-ready'}]", "init"},
        {"[{'type':'mark-ready'}]", "mark-ready-reapply"},
        {"[{'type':'mark-ready'},{'type':'mark-ready'}]", "unknown"},
        {"[{'type':'apply-service'}]", "unknown"},
        {"[]", "unknown"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sm_plan plan;
        sm_plan_load(*state, &plan, SM_MAP(*state, "tasks", sm_json_literal(*state, rows[i].tasks)));
        assert_string_equal(sm_plan_type(&plan), rows[i].type);
    }
}

static void retries_come_after_10_20_30_and_30_seconds(void **state) {
    (void)state;
    static const int64_t seconds[] = {10, 20, 30, 30, 30, 30};
    for (int64_t n = 1; n <= 6; n++)
        assert_int_equal(sm_executor_backoff(n), seconds[n - 1] * SM_SECOND);
    assert_int_equal(sm_executor_backoff(180), 30 * SM_SECOND);
}

static void retries_by_type(void **state) {
    (void)state;
    const struct sm_profile *merged = sm_profile_find("merged"), *reviewed = sm_profile_find("reviewed");
    assert_int_equal(sm_task_max_retries(merged, "replace-pod"), 3);
    assert_int_equal(sm_task_max_retries(reviewed, "replace-pod"), 0);
    assert_int_equal(sm_task_max_retries(merged, "configure-genesis"), 180);
    assert_int_equal(sm_task_max_retries(merged, "discover-peers"), 20);
    assert_int_equal(sm_task_max_retries(merged, "mark-ready"), 0);
    assert_int_equal(sm_task_max_retries(merged, "brew-coffee"), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_follow_from_plan_type_and_place),
        cmocka_unit_test(a_new_plan_is_as_it_is_stored),
        cmocka_unit_test(the_current_task_is_the_first_that_is_not_complete),
        cmocka_unit_test(no_plan_is_no_value),
        cmocka_unit_test(the_type_is_told_by_the_first_task_that_tells),
        cmocka_unit_test(retries_come_after_10_20_30_and_30_seconds),
        cmocka_unit_test(retries_by_type),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
