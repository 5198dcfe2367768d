#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "field_set.h"
#include "json.h"
#include "rng.h"

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

static sm_val set(const char *text) {
    return sm_json_literal(&r, text);
}

static void assert_set(sm_val got, const char *wanted) {
    if (!sm_val_equal(got, set(wanted)))
        fail_msg("got %s, not %s", sm_json_text(&r, got, 0), wanted);
}

/* --- By example ------------------------------------------------------------------------------------------------------------ */

static void a_container_may_be_a_member_with_or_without_what_is_in_it(void **state) {
    (void)state;
    sm_val inside = set("{'f:a':{'f:b':{}}}"), itself = set("{'f:a':{}}"), both = set("{'f:a':{'.':{},'f:b':{}}}");

    assert_set(sm_field_set_union(&r, inside, itself), "{'f:a':{'.':{},'f:b':{}}}");
    assert_set(sm_field_set_intersection(&r, inside, itself), "{}");
    assert_set(sm_field_set_intersection(&r, both, itself), "{'f:a':{}}");
    assert_set(sm_field_set_difference(&r, both, itself), "{'f:a':{'f:b':{}}}");
    assert_set(sm_field_set_difference(&r, both, inside), "{'f:a':{}}");
    assert_set(sm_field_set_difference(&r, inside, inside), "{}");
}

static void operations_share_what_they_can(void **state) {
    (void)state;
    sm_val a = set("{'f:a':{'f:b':{}},'f:c':{}}"), part = set("{'f:c':{}}");

    assert_ptr_equal(sm_field_set_union(&r, a, part), a);
    assert_ptr_equal(sm_field_set_difference(&r, a, set("{'f:d':{}}")), a);
    assert_ptr_equal(sm_val_get(sm_field_set_difference(&r, a, part), "f:a"), sm_val_get(a, "f:a"));
    assert_ptr_equal(sm_field_set_union(&r, NULL, a), a);
    assert_true(sm_field_set_empty(sm_field_set_intersection(&r, a, NULL)));
}

static void what_a_client_writes_is_brought_into_form(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"{'f:a':{'k:{ \\\"b\\\": 1, \\\"a\\\":\\\"x\\\"}':{}}}", "{'f:a':{'k:{\\\"a\\\":\\\"x\\\",\\\"b\\\":1}':{}}}"},
        {"{'f:a':{'v: \\\"x\\\"':{}}}", "{'f:a':{'v:\\\"x\\\"':{}}}"},
        {"{'f:a':{'i:0':{}}}", "{'f:a':{'i:0':{}}}"},
        {"{'.':{},'f:a':{}}", "{'f:a':{}}"},
        {"{}", "{}"},
        {"null", "{}"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_set(sm_field_set_parse(&r, set(rows[i][0])), rows[i][1]);
}

static void what_is_no_set_is_refused(void **state) {
    (void)state;
    static const char *const rows[] = {"[]", "{'a':{}}", "{'x:a':{}}", "{'f:a':1}", "{'k:1':{}}", "{'k:{':{}}", "{'i:x':{}}", "{'':{}}"};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_null(sm_field_set_parse(&r, set(rows[i])));
}

static void say(void *arg, const char *path) {
    sm_str_addf(arg, "%s ", path);
}

static void paths_read_as_in_messages(void **state) {
    (void)state;
    struct sm_str out;

    sm_str_init(&out, &r);
    sm_field_set_each(
        &r, set("{'f:spec':{'f:b':{},'f:a':{'k:{\\\"n\\\":\\\"x\\\",\\\"p\\\":1}':{'.':{},'f:i':{}},'v:\\\"y\\\"':{},'i:3':{}}}}"), say,
        &out);

    assert_string_equal(out.data, ".spec.b .spec.a[3] .spec.a[n=\"x\",p=1] .spec.a[=\"y\"] .spec.a[n=\"x\",p=1].i ");
}

static void named_fields_on_the_way_become_members(void **state) {
    (void)state;
    static const struct sm_schema text = {.type = SM_TYPE_STRING};
    static const struct sm_schema map = {.type = SM_TYPE_MAP, .element = &text};
    static const struct sm_field item_fields[] = {{.name = "labels", .schema = &map}, {.name = "name", .schema = &text}};
    static const struct sm_schema item = {.type = SM_TYPE_OBJECT, .fields = item_fields, .field_count = 2};
    static const struct sm_schema list = {.type = SM_TYPE_LIST, .element = &item, .list = SM_LIST_MAP, .keys = {"name"}};
    static const struct sm_field fields[] = {{.name = "items", .schema = &list}};
    static const struct sm_schema root = {.type = SM_TYPE_OBJECT, .fields = fields, .field_count = 1};

    sm_val named = sm_field_set_with_named(&r, &root, set("{'f:items':{'k:{\\\"name\\\":\\\"a\\\"}':{'f:labels':{'f:x':{}}}}}"));

    assert_set(named, "{'f:items':{'.':{},'k:{\\\"name\\\":\\\"a\\\"}':{'f:labels':{'.':{},'f:x':{}}}}}");
}

/* --- Against sets of paths ------------------------------------------------------------------------------------------------- */

enum { NAMES = 3, DEPTH = 3, PATHS_MAX = NAMES + NAMES * NAMES + NAMES * NAMES * NAMES };

/* A path is a number: digits are names from 1, the first one highest. */
static sm_val with_path(sm_val node, unsigned path) {
    unsigned first = path;
    while (first > 9)
        first /= 10;
    unsigned rest = path, power = 1;
    while (path / power > 9)
        power *= 10;
    rest = path - first * power;
    const char *key = sm_region_printf(&r, "f:%u", first);
    sm_val kid = sm_val_get(node, key);
    if (rest)
        kid = with_path(kid ? kid->count ? kid : sm_val_set(&r, kid, ".", SM_EMPTY_MAP) : SM_EMPTY_MAP, rest);
    else
        kid = kid ? sm_val_set(&r, kid, ".", SM_EMPTY_MAP) : SM_EMPTY_MAP;
    return sm_val_set(&r, node, key, kid);
}

static size_t all_paths(unsigned paths[PATHS_MAX]) {
    size_t count = 0, from = 0;
    for (unsigned name = 1; name <= NAMES; name++)
        paths[count++] = name;
    for (int depth = 1; depth < DEPTH; depth++) {
        size_t end = count;
        for (; from < end; from++)
            for (unsigned name = 1; name <= NAMES; name++)
                paths[count++] = paths[from] * 10 + name;
    }
    return count;
}

static sm_val of_paths(const unsigned *paths, size_t count, const bool *member) {
    sm_val result = SM_EMPTY_MAP;
    for (size_t i = count; i-- > 0;) /* deepest first, so that a container is known to have kids */
        if (member[i])
            result = with_path(result, paths[i]);
    return result;
}

static void operations_are_those_of_sets_of_paths(void **state) {
    (void)state;
    unsigned paths[PATHS_MAX];
    size_t count = all_paths(paths);
    struct sm_rng rng;

    sm_rng_init(&rng, 1, "field sets");
    for (int round = 0; round < 300; round++) {
        bool a[PATHS_MAX], b[PATHS_MAX], either[PATHS_MAX], both[PATHS_MAX], only[PATHS_MAX];
        uint32_t density = 1 + sm_rng_below(&rng, 6);
        for (size_t i = 0; i < count; i++) {
            a[i] = sm_rng_below(&rng, 8) < density;
            b[i] = sm_rng_below(&rng, 8) < density;
            either[i] = a[i] || b[i];
            both[i] = a[i] && b[i];
            only[i] = a[i] && !b[i];
        }
        sm_val left = of_paths(paths, count, a), right = of_paths(paths, count, b);

        assert_true(sm_val_equal(sm_field_set_union(&r, left, right), of_paths(paths, count, either)));
        assert_true(sm_val_equal(sm_field_set_intersection(&r, left, right), of_paths(paths, count, both)));
        assert_true(sm_val_equal(sm_field_set_difference(&r, left, right), of_paths(paths, count, only)));
        assert_true(sm_val_equal(sm_field_set_parse(&r, left), left));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_container_may_be_a_member_with_or_without_what_is_in_it),
        cmocka_unit_test(operations_share_what_they_can),
        cmocka_unit_test(what_a_client_writes_is_brought_into_form),
        cmocka_unit_test(what_is_no_set_is_refused),
        cmocka_unit_test(paths_read_as_in_messages),
        cmocka_unit_test(named_fields_on_the_way_become_members),
        cmocka_unit_test(operations_are_those_of_sets_of_paths),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
