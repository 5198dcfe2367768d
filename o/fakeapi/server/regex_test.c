/* Patterns mean what they mean to Go. */
#include "regex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

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

static bool matches(const char *pattern, const char *text) {
    const char *error = NULL;
    const struct sm_regex *regex = sm_regex_compile(&r, pattern, &error);
    if (!regex)
        fail_msg("%s: %s", pattern, error);
    return sm_regex_matches(regex, &r, text, strlen(text));
}

static void a_match_may_begin_anywhere(void **state) {
    (void)state;

    assert_true(matches("b", "abc"));
    assert_true(matches("b+c", "abbc"));
    assert_false(matches("^b", "abc"));
    assert_false(matches("x", "abc"));
    assert_true(matches("", "abc"));
}

static void the_end_is_the_very_end(void **state) {
    (void)state;

    assert_true(matches("c$", "abc"));
    assert_false(matches("c$", "abc\n"));
    assert_true(matches("(?m)c$", "abc\nd"));
    assert_false(matches("^c", "abc\nc"));
}

static void characters_are_not_bytes(void **state) {
    (void)state;

    assert_true(matches("^.$", "é"));
    assert_true(matches("^[^a]$", "é"));
    assert_false(matches("^\\w$", "é"));
    assert_false(matches("^.$", "\xff")); /* no text at all */
}

static void what_go_does_not_know_is_an_error(void **state) {
    (void)state;
    static const struct {
        const char *pattern, *error;
    } rows[] = {
        {"a(?=b)", "error parsing regexp: invalid or unsupported Perl syntax: `(?=`"},
        {"a(?!b)", "error parsing regexp: invalid or unsupported Perl syntax: `(?!`"},
        {"(?<=a)b", "error parsing regexp: invalid or unsupported Perl syntax: `(?<`"},
        {"(a)\\1", "error parsing regexp: invalid escape sequence: `\\1`"},
        {"(", "error parsing regexp: missing closing parenthesis at offset 1: `(`"},
        {"[a", "error parsing regexp: missing terminating ] for character class at offset 2: `[a`"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *error = NULL;
        assert_null(sm_regex_compile(&r, rows[i].pattern, &error));
        assert_string_equal(error, rows[i].error);
    }
    assert_true(matches("[(?=]", "?"));
    assert_true(matches("[]1]\\\\1", "]\\1"));
    assert_true(matches("(?:a)(?P<n>b)", "ab"));
}

static void a_search_ends_and_leaves_no_memory(void **state) {
    (void)state;
    const char *error = NULL;
    const struct sm_regex *regex = sm_regex_compile(&r, "^(a+)+$", &error);
    size_t used = r.used_bytes;

    assert_false(sm_regex_matches(regex, &r, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 42));
    assert_true(sm_regex_matches(regex, &r, "aaa", 3));

    assert_int_equal(r.used_bytes, used);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_match_may_begin_anywhere),
        cmocka_unit_test(the_end_is_the_very_end),
        cmocka_unit_test(characters_are_not_bytes),
        cmocka_unit_test(what_go_does_not_know_is_an_error),
        cmocka_unit_test(a_search_ends_and_leaves_no_memory),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
