#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "names.h"

/* How each rule judges a text: as many errors. */
static void names_follow_kubernetes_rules(void **state) {
    char long_label[65] = "", long_name[255] = "";
    (void)state;
    memset(long_label, 'a', 64);
    memset(long_name, 'a', 254);
    const struct {
        const char *text;
        int subdomain, label, label_1035, path, qualified, value;
    } cases[] = {
        /*              sub lab 1035 path qual value */
        {"a",             0, 0, 0, 0, 0, 0},
        {"my-name",       0, 0, 0, 0, 0, 0},
        {"9a",            0, 0, 1, 0, 0, 0},
        {"a.b-c.d",       0, 1, 1, 0, 0, 0},
        {"a..b",          1, 1, 1, 0, 0, 0},
        {"-a",            1, 1, 1, 0, 1, 1},
        {"a-",            1, 1, 1, 0, 1, 1},
        {"A_b",           1, 1, 1, 0, 0, 0},
        {"",              1, 1, 1, 0, 2, 0},
        {".",             1, 1, 1, 1, 1, 1},
        {"..",            1, 1, 1, 1, 1, 1},
        {"sei.io/node",   1, 1, 1, 1, 0, 1},
        {"Sei/node",      1, 1, 1, 1, 1, 1},
        {"/node",         1, 1, 1, 1, 1, 1},
        {"sei.io/",       1, 1, 1, 1, 2, 1},
        {"a/b/c",         1, 1, 1, 1, 1, 1},
        {"a/%",           1, 1, 1, 2, 1, 1},
        {long_label,      0, 1, 1, 0, 1, 1},
        {long_name,       1, 1, 1, 0, 1, 1},
    };
    const char *errors[SM_NAMES_ERRORS_MAX];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(sm_names_subdomain(cases[i].text, errors), cases[i].subdomain);
        assert_int_equal(sm_names_label(cases[i].text, errors), cases[i].label);
        assert_int_equal(sm_names_label_1035(cases[i].text, errors), cases[i].label_1035);
        assert_int_equal(sm_names_path_segment(cases[i].text, errors), cases[i].path);
        assert_int_equal(sm_names_qualified(cases[i].text, errors), cases[i].qualified);
        assert_int_equal(sm_names_label_value(cases[i].text, errors), cases[i].value);
    }
}

static void a_subdomain_is_told_that_a_label_has_no_dots(void **state) {
    const char *errors[SM_NAMES_ERRORS_MAX];
    (void)state;

    assert_int_equal(sm_names_label("a.b", errors), 1);
    assert_string_equal(errors[0], "must not contain dots");
    assert_int_equal(sm_names_label("a..b", errors), 1);
    assert_string_not_equal(errors[0], "must not contain dots");
}

static void too_long_and_malformed_are_two_errors(void **state) {
    const char *errors[SM_NAMES_ERRORS_MAX];
    char text[300] = "";
    (void)state;

    memset(text, '-', 254);
    assert_int_equal(sm_names_subdomain(text, errors), 2);
    assert_string_equal(errors[0], "must be no more than 253 characters");
    assert_int_equal(sm_names_label(text, errors), 2);
    assert_string_equal(errors[0], "must be no more than 63 characters");
    assert_int_equal(sm_names_label_1035(text, errors), 2);
    assert_int_equal(sm_names_label_value(text, errors), 2);
    text[253] = '/';
    text[254] = 'k';
    assert_int_equal(sm_names_qualified(text, errors), 1);
    memset(text, 'a', 254);
    text[254] = '/';
    text[255] = 'k';
    assert_int_equal(sm_names_qualified(text, errors), 1);
    assert_string_equal(errors[0], "prefix part must be no more than 253 characters");
}

static void texts_are_those_of_kubernetes(void **state) {
    const char *errors[SM_NAMES_ERRORS_MAX];
    (void)state;

    sm_names_label("A", errors);
    assert_string_equal(errors[0],
                        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and "
                        "end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
                        "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')");
    sm_names_label_1035("9", errors);
    assert_string_equal(errors[0], "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
                                   "character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for "
                                   "validation is '[a-z]([-a-z0-9]*[a-z0-9])?')");
    sm_names_qualified("a/b/c", errors);
    assert_string_equal(errors[0],
                        "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
                        "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
                        "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. "
                        "'example.com/MyName')");
    sm_names_path_segment("..", errors);
    assert_string_equal(errors[0], "may not be '..'");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_follow_kubernetes_rules),
        cmocka_unit_test(a_subdomain_is_told_that_a_label_has_no_dots),
        cmocka_unit_test(too_long_and_malformed_are_two_errors),
        cmocka_unit_test(texts_are_those_of_kubernetes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
