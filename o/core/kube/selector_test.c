#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "json.h"
#include "selector.h"

static int set_up(void **state) {
    static struct sm_region r;

    sm_region_init(&r, "test", 0);
    *state = &r;
    return 0;
}

static int tear_down(void **state) {
    sm_region_release(*state);
    return 0;
}

/* Recorded from a real server (conformance: list/label-selector-errors), and a few more by apimachinery's rules. */
static void label_selectors_that_do_not_parse_say_why_in_kubernetes_words(void **state) {
    static const char *const cases[][2] = {
        {"app in x", "unable to parse requirement: found 'x' expected: '('"},
        {"app=x=y", "found '=', expected: ',' or 'end of string'"},
        {"=x", "found '=', expected: !, identifier, or 'end of string'"},
        {"!", "unable to parse requirement: found '', expected: identifier"},
        {"!!", "unable to parse requirement: found '!', expected: identifier"},
        {"app x", "unable to parse requirement: found 'x', expected: in, notin, =, ==, !=, gt, lt"},
        {"app>x", "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer"},
        {"Bad_/k=v", "unable to parse requirement: <nil>: Invalid value: \"Bad_/k\": prefix part a lowercase RFC 1123 subdomain must consist of "
                     "lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. "
                     "'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"},
        {"a,,b", "found ',', expected: identifier after ','"},
        {"app=bad val!", "found 'val', expected: ',' or 'end of string'"},
        {",", "found ',', expected: !, identifier, or 'end of string'"},
        {"a,", "found '', expected: identifier after ','"},
        {"a in (x", "unable to parse requirement: found '', expected: ',' or ')'"},
        {"a in (x,", "unable to parse requirement: found '', expected: ',', or identifier"},
        {"a in (x y)", "unable to parse requirement: found 'y', expected: ',' or ')'"},
        {"a in (=)", "unable to parse requirement: found '=', expected: ',', ')' or identifier"},
        {"a=(", "unable to parse requirement: found '(', expected: identifier"},
        {"a<", "unable to parse requirement: values[0]: Invalid value: \"\": for 'Gt', 'Lt' operators, the value must be an integer"},
        {"a=-x-", "unable to parse requirement: values[0][a]: Invalid value: \"-x-\": a valid label must be an empty string or consist of "
                  "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or "
                  "'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"},
        {"/=x", "unable to parse requirement: <nil>: Invalid value: \"/\": prefix part must be non-empty; name part must be non-empty; name part "
                "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. "
                "'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"},
    };
    struct sm_region *r = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *message = NULL;

        assert_null(sm_selector_parse_labels(r, cases[i][0], &message));
        assert_string_equal(message, cases[i][1]);
    }
}

/* Which of five sets of labels a selector chooses: a {app: x, n: 1}, b {app: y, n: 5}, c {n: 9}, d {app: ""}, e {app: x}. */
static const char *const label_sets[] = {"{'app': 'x', 'n': '1'}", "{'app': 'y', 'n': '5'}", "{'n': '9'}", "{'app': ''}", "{'app': 'x'}"};

static const char *chosen(struct sm_region *r, const struct sm_selector *selector) {
    char *names = sm_region_zalloc(r, 6), *name = names;

    for (int i = 0; i < 5; i++) {
        if (sm_selector_matches_labels(selector, sm_json_literal(r, label_sets[i])))
            *name++ = (char)('a' + i);
    }
    return names;
}

static void label_selectors_choose_as_kubernetes_does(void **state) {
    static const char *const cases[][2] = {
        {"", "abcde"},      {"app=x", "ae"},          {"app==x", "ae"},         {"app!=x", "bcd"},       {"app", "abde"},
        {"!app", "c"},      {"app in (x,y)", "abe"},  {"app notin (x)", "bcd"}, {"app=", "d"},           {"app!=", "abce"},
        {"n>1", "bc"},      {"n<9", "ab"},            {"app=x,n=1", "a"},       {"app in (x),!n", "e"},  {"app in (x,)", "ade"},
        {"  app = x ", "ae"}, {"app in ()", ""},      {"app notin ()", "abcde"}, {"app in (,y)", "bd"},  {"app in (x,,y)", "abde"},
        {"in notin (a)", "abcde"}, {"app=in", ""},    {"app>1", ""},            {"n > 0", "abc"},       {"app,app!=x,!n", "d"},
    };
    struct sm_region *r = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *message = NULL;
        const struct sm_selector *selector = sm_selector_parse_labels(r, cases[i][0], &message);

        assert_null(message);
        assert_string_equal(chosen(r, selector), cases[i][1]);
    }
}

static void label_selector_objects_choose_and_print(void **state) {
    static const char *const cases[][3] = {
        {"{}", "abcde", ""},
        {"null", "", ""},
        {"{'matchLabels': {'app': 'x'}}", "ae", "app=x"},
        {"{'matchLabels': {'n': '1', 'app': 'x'}}", "a", "app=x,n=1"},
        {"{'matchExpressions': [{'key': 'app', 'operator': 'In', 'values': ['y', 'x']}]}", "abe", "app in (x,y)"},
        {"{'matchExpressions': [{'key': 'app', 'operator': 'NotIn', 'values': ['x']}]}", "bcd", "app notin (x)"},
        {"{'matchExpressions': [{'key': 'app', 'operator': 'Exists'}, {'key': 'n', 'operator': 'DoesNotExist'}]}", "de", "app,!n"},
        {"{'matchExpressions': [{'key': 'app', 'operator': 'Near', 'values': ['x']}, {'key': 'app', 'operator': 'Exists'}]}", "", ""},
        {"{'matchLabels': {'app': 'a'}, 'matchExpressions': [{'key': 'x', 'operator': 'DoesNotExist'}, "
         "{'key': 'app', 'operator': 'In', 'values': ['a', 'b']}]}", "", "app=a,app in (a,b),!x"},
    };
    struct sm_region *r = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sm_val object = sm_json_literal(r, cases[i][0]);

        assert_string_equal(chosen(r, sm_selector_of(r, object)), cases[i][1]);
        assert_string_equal(sm_selector_text(r, object), cases[i][2]);
    }
    assert_string_equal(chosen(r, sm_selector_of(r, NULL)), "");
}

static const char *field(void *arg, sm_val object, const char *path) {
    (void)arg;
    sm_val value = sm_val_at(object, path);
    return value ? sm_val_text(value) : NULL;
}

static void field_selectors_choose_by_fields(void **state) {
    static const struct {
        const char *text;
        bool matches;
    } cases[] = {
        {"", true},
        {"metadata.name=a", true},
        {"metadata.name==a", true},
        {"metadata.name!=a", false},
        {"metadata.name=b", false},
        {"status.phase=Running,metadata.name=a", true},
        {"status.phase!=Running,metadata.name=a", false},
        {"spec.nodeName=", true},
        {"spec.nodeName!=", false},
        {",metadata.name=a,", true},
        {"note=x\\,y\\=z\\\\", true},
    };
    struct sm_region *r = *state;
    sm_val object = sm_json_literal(r, "{'metadata': {'name': 'a'}, 'status': {'phase': 'Running'}}");

    object = sm_val_set(r, object, "note", sm_val_str(r, "x,y=z\\"));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *message = NULL;
        const struct sm_selector *selector = sm_selector_parse_fields(r, cases[i].text, &message);

        assert_null(message);
        assert_int_equal(sm_selector_matches_fields(selector, object, field, NULL), cases[i].matches);
    }
}

static void field_selectors_that_do_not_parse_say_why(void **state) {
    static const char *const cases[][2] = {
        {"metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'"},
        {"metadata.name>a", "invalid selector: 'metadata.name>a'; can't understand 'metadata.name>a'"},
        {"a=b,metadata.name in (a)", "invalid selector: 'a=b,metadata.name in (a)'; can't understand 'metadata.name in (a)'"},
        {"a=b=c", "invalid field selector: unescaped character in value: 61"},
        {"a=\\x", "invalid field selector: invalid escape sequence: \\x"},
        {"a=\\", "invalid field selector: invalid escape sequence: \\"},
    };
    struct sm_region *r = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *message = NULL;

        assert_null(sm_selector_parse_fields(r, cases[i][0], &message));
        assert_string_equal(message, cases[i][1]);
    }
}

static void field_selectors_tell_their_fields_and_what_they_require(void **state) {
    struct sm_region *r = *state;
    const char *message = NULL;
    const struct sm_selector *selector = sm_selector_parse_fields(r, "status.phase!=Failed,metadata.name=a", &message);

    assert_string_equal(sm_selector_field(selector, 0), "metadata.name");
    assert_string_equal(sm_selector_field(selector, 1), "status.phase");
    assert_null(sm_selector_field(selector, 2));
    assert_string_equal(sm_selector_required(selector, "metadata.name"), "a");
    assert_null(sm_selector_required(selector, "status.phase"));
    assert_null(sm_selector_required(selector, "spec.nodeName"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(label_selectors_that_do_not_parse_say_why_in_kubernetes_words),
        TEST(label_selectors_choose_as_kubernetes_does),
        TEST(label_selector_objects_choose_and_print),
        TEST(field_selectors_choose_by_fields),
        TEST(field_selectors_that_do_not_parse_say_why),
        TEST(field_selectors_tell_their_fields_and_what_they_require),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
