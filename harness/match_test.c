#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "json.h"
#include "match.h"

static struct sm_region region;

static int setup(void **state) {
    (void)state;
    sm_region_init(&region, "match test", 0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sm_region_release(&region);
    return 0;
}

static sm_val json(const char *text) {
    return sm_json_literal(&region, text);
}

static const char *why(const char *pattern, const char *value) {
    const char *text = NULL;

    assert_false(sm_match(json(pattern), value ? json(value) : NULL, NULL, &region, &text));
    return text;
}

static bool matches(const char *pattern, const char *value) {
    return sm_match(json(pattern), value ? json(value) : NULL, NULL, NULL, NULL);
}

static const char *node = "{'status':{'phase':'Running','plan':{'phase':'Active','tasks':[{'type':'a'},{'type':'b'}]},'currentImage':'x'}}";

static void partial_objects_match_what_they_name(void **state) {
    (void)state;

    assert_true(matches("{}", node));
    assert_true(matches("{'status':{'phase':'Running'}}", node));
    assert_true(matches("{'status':{'plan':{'tasks':[{'type':'b'}]}}}", node));

    assert_string_equal(why("{'status':{'phase':'Failed'}}", node), "status.phase is \"Running\", not \"Failed\"");
    assert_string_equal(why("{'status':{'plan':{'tasks':[{'type':'c'}]}}}", node),
                        "status.plan.tasks has no element like {\"type\":\"c\"}");
    assert_string_equal(why("{'spec':{'image':'x'}}", node), "spec.image is absent, not \"x\"");
    assert_string_equal(why("{'metadata':{'labels':{'sei.io/node':'n'}}}", node), "metadata.labels[sei.io/node] is absent, not \"n\"");
    assert_string_equal(why("{'status':{'phase':{'x':1}}}", node), "status.phase is \"Running\", not {\"x\":1}");
    assert_string_equal(why("{}", NULL), "it is absent, not {}");
}

static void operators_say_what_no_value_can(void **state) {
    (void)state;

    assert_true(matches("{'status':{'plan':{'$exists':true}}}", node));
    assert_true(matches("{'status':{'failed':{'$exists':false}}}", node));
    assert_true(matches("{'status':{'failed':{'$absent':true}}}", node));
    assert_true(matches("{'spec':{'image':{'$absent':true}}}", node));
    assert_true(matches("{'$absent':true}", NULL));
    assert_true(matches("{'status':{'phase':{'$not':'Failed'}}}", node));
    assert_true(matches("{'status':{'plan':{'tasks':{'$count':2}}}}", node));
    assert_true(matches("{'status':{'plan':{'tasks':{'$count':'1..'}}}}", node));
    assert_true(matches("{'status':{'plan':{'tasks':{'$count':'..2'}}}}", node));
    assert_true(matches("{'status':{'conditions':{'$count':0}}}", node));
    assert_true(matches("{'status':{'plan':{'tasks':{'$exactly':[{'type':'a'},{'type':'b'}]}}}}", node));

    assert_string_equal(why("{'status':{'plan':{'$absent':true}}}", node), "status.plan is there, not absent");
    assert_string_equal(why("{'$absent':true}", node), "it is there, not absent");
    assert_string_equal(why("{'status':{'plan':{'tasks':{'$count':'3..'}}}}", node), "status.plan.tasks has 2 elements, not \"3..\"");
    assert_string_equal(why("{'status':{'plan':{'tasks':{'$exactly':[{'type':'a'},{'type':'c'}]}}}}", node),
                        "status.plan.tasks[1].type is \"b\", not \"c\"");
    assert_false(matches("{'status':{'phase':{'$not':'Running'}}}", node));
    assert_false(matches("{'status':{'failed':{'$not':'x'}}}", node));
    assert_false(matches("{'status':{'plan':{'tasks':{'$exactly':[{'type':'b'},{'type':'a'}]}}}}", node));
    assert_false(matches("{'status':{'plan':{'tasks':{'$exactly':[{'type':'a'}]}}}}", node));
}

static sm_val find(void *arg, const char *kind, const char *name) {
    (void)arg;
    return strcmp(kind, "statefulset") == 0 && strcmp(name, "n-1") == 0 ? json("{'status':{'updateRevision':'n-1-b'}}") : NULL;
}

static void references_equal_a_field_of_another_object(void **state) {
    const struct sm_match_scope scope = {.find = find};
    sm_val pattern = json("{'metadata':{'labels':{'hash':'${statefulset/n-1:status.updateRevision}'}}}");
    sm_val nowhere = json("'${statefulset/n-2:status.updateRevision}'");
    (void)state;

    assert_true(sm_match(pattern, json("{'metadata':{'labels':{'hash':'n-1-b'}}}"), &scope, NULL, NULL));
    assert_false(sm_match(pattern, json("{'metadata':{'labels':{'hash':'n-1-a'}}}"), &scope, NULL, NULL));
    assert_false(sm_match(pattern, json("{}"), &scope, NULL, NULL));
    assert_false(sm_match(nowhere, json("'n-1-b'"), &scope, NULL, NULL));
}

static void patterns_are_checked_before_they_are_used(void **state) {
    const struct {
        const char *pattern, *path, *wrong;
    } cases[] = {
        {"{'a':{'$exist':true}}", "a.$exist", "unknown operator $exist: did you mean $exists?"},
        {"{'a':{'$exists':1}}", "a.$exists", "$exists does not fit: write true or false"},
        {"{'a':{'$exists':true,'b':1}}", "a.$exists", "an operator stands alone in its map: write the rest of the map without operators, or as another assert"},
        {"{'a':[1,{'$count':'x'}]}", "a[1].$count", "$count does not fit: write a number or a range like \"1..\", \"..3\", \"1..3\""},
        {"{'a':{'$count':'3..1'}}", "a.$count", "$count does not fit: write a number or a range like \"1..\", \"..3\", \"1..3\""},
        {"{'a':{'$not':{'b':'${x}'}}}", "a.$not.b", "not a reference: write ${kind/name:path}, like ${statefulset/n-1:status.updateRevision}"},
        {"'${pod/:x}'", "", "not a reference: write ${kind/name:path}, like ${statefulset/n-1:status.updateRevision}"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *path = NULL, *wrong = sm_match_check(&region, json(cases[i].pattern), &path);
        assert_non_null(wrong);
        assert_string_equal(wrong, cases[i].wrong);
        assert_string_equal(path, cases[i].path);
    }
    const char *path = NULL;
    assert_null(sm_match_check(&region, json("{'a':{'$count':'1..3'},'b':[{'$not':2}],'c':'${pod/n-1-0:metadata.uid}'}"), &path));
}

static void globs_match_any_part(void **state) {
    (void)state;

    assert_true(sm_match_glob("*", ""));
    assert_true(sm_match_glob("a*c", "abcbc"));
    assert_true(sm_match_glob("*/pods", "seinode-controller/pods"));
    assert_true(sm_match_glob("a**", "a"));
    assert_false(sm_match_glob("a*d", "abc"));
    assert_false(sm_match_glob("abc", "ab"));
    assert_false(sm_match_glob("", "a"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(partial_objects_match_what_they_name, setup, teardown),
        cmocka_unit_test_setup_teardown(operators_say_what_no_value_can, setup, teardown),
        cmocka_unit_test_setup_teardown(references_equal_a_field_of_another_object, setup, teardown),
        cmocka_unit_test_setup_teardown(patterns_are_checked_before_they_are_used, setup, teardown),
        cmocka_unit_test_setup_teardown(globs_match_any_part, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
