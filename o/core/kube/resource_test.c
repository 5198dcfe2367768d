#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "resource.h"

static void resources_are_found_by_kind_and_by_any_usual_name(void **state) {
    (void)state;

    assert_ptr_equal(sm_resource_of_kind("apps/v1", "StatefulSet"), SM_STATEFULSETS);
    assert_ptr_equal(sm_resource_of_kind("v1", "Pod"), SM_PODS);
    assert_null(sm_resource_of_kind("v1", "StatefulSet"));
    assert_null(sm_resource_of_kind("v1", "pod"));

    static const char *const names[] = {"statefulsets", "statefulsets.apps", "statefulset", "StatefulSet", "STATEFULSETS"};
    for (int i = 0; i < 5; i++)
        assert_ptr_equal(sm_resource_by_name(names[i]), SM_STATEFULSETS);
    assert_ptr_equal(sm_resource_by_name("persistentvolume"), SM_PVS);
    assert_null(sm_resource_by_name("statefulsets.batch"));
    assert_null(sm_resource_by_name("statefulse"));
    assert_null(sm_resource_by_name(""));
}

static void api_versions_leave_the_core_group_out(void **state) {
    (void)state;

    assert_string_equal(sm_resource_api_version(SM_PODS), "v1");
    assert_string_equal(sm_resource_api_version(SM_ROLES), "rbac.authorization.k8s.io/v1");
    assert_string_equal(sm_resource_api_version(SM_SEINODES), "sei.io/v1alpha1");
}

static void resources_are_the_same_whatever_the_version(void **state) {
    struct sm_resource newer = *SM_SEINODES, other = *SM_PODS;
    (void)state;

    newer.version = "v1";
    assert_true(sm_resource_same(&newer, SM_SEINODES));
    other.group = "metrics.k8s.io";
    assert_false(sm_resource_same(&other, SM_PODS));
    assert_false(sm_resource_same(SM_PODS, SM_PVS));
    assert_false(sm_resource_same(SM_PODS, NULL));
    assert_true(sm_resource_same(NULL, NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resources_are_found_by_kind_and_by_any_usual_name),
        cmocka_unit_test(api_versions_leave_the_core_group_out),
        cmocka_unit_test(resources_are_the_same_whatever_the_version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
