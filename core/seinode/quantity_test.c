#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base64.h"
#include "quantity.h"

static void quantities_in_thousandths(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } rows[] = {
        {"0", 0},           {"1", 1000},           {"100m", 100},           {"1.5", 1500},
        {"1k", 1000000},    {"1Ki", 1024000},      {"2000Gi", 2147483648000000},
        {"40Ti", INT64_C(43980465111040000)},      {"1e3", 1000000},        {"1E3", 1000000},
        {"1.5e-3", 2},      {"0.0001", 1},         {".5", 500},             {"1.", 1000},
        {"+1", 1000},       {"9Ei", INT64_MAX},    {"99999999999999999999", INT64_MAX},
        {"1e99999", INT64_MAX},                    {"0.5Gi", INT64_C(536870912000)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t value = -1;
        assert_true(sm_quantity_parse(rows[i].text, &value));
        assert_int_equal(value, rows[i].value);
    }
}

static void what_is_no_quantity(void **state) {
    (void)state;
    static const char *const texts[] = {"", ".", "Gi", "-1", "1gi", "1 Gi", "1e", "1e+", "1e3k", "1iB", "++1"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t value = 7;
        assert_false(sm_quantity_parse(texts[i], &value));
        assert_int_equal(value, 7);
    }
}

static void base64_with_padding(void **state) {
    (void)state;
    static const struct {
        const char *text, *plain;
    } rows[] = {{"", ""}, {"YQ==", "a"}, {"YWI=", "ab"}, {"YWJj", "abc"}, {"YWJjZA==", "abcd"}, {"+/+/", "\xfb\xff\xbf"}};
    struct sm_region r;
    sm_region_init(&r, "base64", 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t bytes = 99;
        const char *plain = sm_base64_decode(&r, rows[i].text, &bytes);
        assert_non_null(plain);
        assert_int_equal(bytes, strlen(rows[i].plain));
        assert_string_equal(plain, rows[i].plain);
    }
    sm_region_release(&r);
}

static void what_is_no_base64(void **state) {
    (void)state;
    static const char *const texts[] = {"Y", "YQ", "YQ=", "Y===", "Y*==", "YQ==YQ==", "=YWI"};
    struct sm_region r;
    sm_region_init(&r, "base64", 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t bytes;
        assert_null(sm_base64_decode(&r, texts[i], &bytes));
    }
    sm_region_release(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantities_in_thousandths),
        cmocka_unit_test(what_is_no_quantity),
        cmocka_unit_test(base64_with_padding),
        cmocka_unit_test(what_is_no_base64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
