#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "json.h"
#include "statefulset.h"

/* What kube-controller-manager 1.33 made of this template. */
static void the_hash_is_that_of_a_real_controller(void **state) {
    struct sm_region r;
    (void)state;
    sm_region_init(&r, "test", 0);

    sm_val data = sm_json_literal(
        &r,
        "{'spec': {'template': {'$patch': 'replace', 'metadata': {'creationTimestamp': null, 'labels': {'app': 'web'}}, 'spec': "
        "{'containers': [{'image': 'img:1', 'imagePullPolicy': 'IfNotPresent', 'name': 'main', 'resources': {}, "
        "'terminationMessagePath': '/dev/termination-log', 'terminationMessagePolicy': 'File'}], 'dnsPolicy': 'ClusterFirst', "
        "'restartPolicy': 'Always', 'schedulerName': 'default-scheduler', 'securityContext': {}, 'terminationGracePeriodSeconds': 30}}}}");

    assert_string_equal(sm_sts_revision_hash(&r, data, 0), "975c9849b");
    assert_string_not_equal(sm_sts_revision_hash(&r, data, 1), "975c9849b");
    sm_region_release(&r);
}

static void an_ordinal_is_what_follows_the_last_dash(void **state) {
    static const struct {
        const char *name;
        int64_t ordinal;
    } rows[] = {{"web-0", 0}, {"web-12", 12}, {"a-b-3", 3}, {"web", -1}, {"web-", -1}, {"web-1x", -1}, {"web-2147483648", -1}, {"web-2147483647", INT32_MAX}};
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(sm_sts_ordinal(rows[i].name, NULL), rows[i].ordinal);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hash_is_that_of_a_real_controller),
        cmocka_unit_test(an_ordinal_is_what_follows_the_last_dash),
    };
    return cmocka_run_group_tests_name("statefulset_revision", tests, NULL, NULL);
}
