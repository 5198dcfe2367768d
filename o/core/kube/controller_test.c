#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "controller.h"
#include "json.h"

struct fixture {
    struct sm_enqueue to; /* first */
    struct sm_region r;
    char added[256];
};

static void add(struct sm_enqueue *to, const char *name_space, const char *name) {
    struct fixture *f = (struct fixture *)to;
    size_t used = strlen(f->added);

    snprintf(f->added + used, sizeof f->added - used, "%s%s/%s", used ? " " : "", name_space, name);
}

static int set_up(void **state) {
    static struct fixture f;

    memset(&f, 0, sizeof f);
    sm_region_init(&f.r, "test", 0);
    f.to.add = add;
    *state = &f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;

    sm_region_release(&f->r);
    return 0;
}

static sm_val owned(struct fixture *f, const char *api_version, const char *kind, bool controller) {
    return sm_json_literal(&f->r, sm_region_printf(&f->r,
                                                   "{'metadata': {'name': 'a-0', 'namespace': 'ns', 'ownerReferences': [{'apiVersion': "
                                                   "'%s', 'kind': '%s', 'name': 'a', 'controller': %s}]}}",
                                                   api_version, kind, controller ? "true" : "false"));
}

static void owners_are_found_by_group_and_kind(void **state) {
    struct fixture *f = *state;

    sm_map_owner_of(&f->to, NULL, owned(f, "apps/v1", "StatefulSet", true), SM_STATEFULSETS);
    sm_map_owner_of(&f->to, owned(f, "apps/v1beta2", "StatefulSet", true), NULL, SM_STATEFULSETS);
    assert_string_equal(f->added, "ns/a ns/a");

    f->added[0] = '\0';
    sm_map_owner_of(&f->to, NULL, owned(f, "apps/v1", "StatefulSet", false), SM_STATEFULSETS);
    sm_map_owner_of(&f->to, NULL, owned(f, "apps/v1", "Deployment", true), SM_STATEFULSETS);
    sm_map_owner_of(&f->to, NULL, owned(f, "v1", "StatefulSet", true), SM_STATEFULSETS);
    sm_map_owner_of(&f->to, NULL, owned(f, "apps.x/v1", "StatefulSet", true), SM_STATEFULSETS);
    sm_map_owner_of(&f->to, NULL, owned(f, "batch/v1", "Pod", true), SM_PODS);
    sm_map_owner_of(&f->to, NULL, NULL, SM_STATEFULSETS);
    assert_string_equal(f->added, "");

    sm_map_owner_of(&f->to, NULL, owned(f, "v1", "Pod", true), SM_PODS);
    sm_map_owner_of(&f->to, NULL, owned(f, "v1", "Node", true), SM_NODES); /* has no namespace */
    assert_string_equal(f->added, "ns/a /a");
}

static void an_object_maps_to_itself_also_when_it_is_gone(void **state) {
    struct fixture *f = *state;
    sm_val object = owned(f, "v1", "Pod", true);

    sm_map_self(&f->to, NULL, object);
    sm_map_self(&f->to, object, NULL);
    assert_string_equal(f->added, "ns/a-0 ns/a-0");
}

static void updates_count_when_the_generation_changed(void **state) {
    struct fixture *f = *state;
    sm_val one = sm_json_literal(&f->r, "{'metadata': {'generation': 1}}"), two = sm_json_literal(&f->r, "{'metadata': {'generation': 2}}");

    assert_true(sm_generation_changed(NULL, one));
    assert_true(sm_generation_changed(one, NULL));
    assert_true(sm_generation_changed(one, two));
    assert_false(sm_generation_changed(one, one));
    assert_false(sm_generation_changed(SM_EMPTY_MAP, SM_EMPTY_MAP));
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(owners_are_found_by_group_and_kind),
        TEST(an_object_maps_to_itself_also_when_it_is_gone),
        TEST(updates_count_when_the_generation_changed),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
