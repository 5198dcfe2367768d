#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base64.h"

static struct sm_region region;

static int set_up(void **state) {
    (void)state;
    sm_region_init(&region, "base64", 0);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sm_region_release(&region);
    return 0;
}

static void what_was_written_is_read_back(void **state) {
    (void)state;
    static const struct {
        const char *text, *plain;
    } rows[] = {{"", ""}, {"YQ==", "a"}, {"YWI=", "ab"}, {"YWJj", "abc"}, {"YWJjZA==", "abcd"}, {"+/+/", "\xfb\xff\xbf"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t bytes = 99;
        const char *plain = sm_base64_decode(&region, rows[i].text, strlen(rows[i].text), &bytes, NULL);
        assert_non_null(plain);
        assert_int_equal(bytes, strlen(rows[i].plain));
        assert_string_equal(plain, rows[i].plain);
        assert_string_equal(sm_base64_encode(&region, plain, bytes), rows[i].text);
    }
}

static void line_breaks_are_ignored(void **state) {
    (void)state;
    size_t bytes;
    const char *plain = sm_base64_decode(&region, "YW\r\nJj\nZA=\n=\n", 13, &bytes, NULL);
    assert_string_equal(plain, "abcd");
}

static void what_is_no_base64_says_where(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t bad;
    } rows[] = {{"***", 0}, {"Y", 0}, {"YQ", 0}, {"YWJjY", 4}, {"Y*==", 1}, {"YQ=", 3}, {"YQ=x", 3}, {"Y===", 1}, {"=YWI", 0},
                {"YQ==YQ==", 4}, {"YWI=x", 4}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t bytes, bad = 99;
        assert_null(sm_base64_decode(&region, rows[i].text, strlen(rows[i].text), &bytes, &bad));
        if (bad != rows[i].bad)
            fail_msg("%s: at %zu, not at %zu", rows[i].text, bad, rows[i].bad);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_back),
        cmocka_unit_test(line_breaks_are_ignored),
        cmocka_unit_test(what_is_no_base64_says_where),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
