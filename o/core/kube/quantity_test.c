#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "quantity.h"

static struct sm_region region;

static int set_up(void **state) {
    (void)state;
    sm_region_init(&region, "quantity", 0);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sm_region_release(&region);
    return 0;
}

static const char *canonical(const char *text) {
    struct sm_quantity quantity;
    if (sm_quantity_parse(text, &quantity))
        fail_msg("%s is no quantity", text);
    return sm_quantity_text(&region, &quantity);
}

static void every_number_is_written_in_one_way(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"1000m", "1"},       {"0.5", "500m"},   {"0.25", "250m"},   {"1024Mi", "1Gi"},  {"0.5Gi", "512Mi"},   {"1.5Gi", "1536Mi"},
        {"1000", "1k"},       {"1024", "1024"},  {"1500", "1500"},   {"1500000", "1500k"}, {"0", "0"},         {"0Gi", "0"},
        {"-0", "0"},          {"+1", "1"},       {"-1500m", "-1500m"}, {"010", "10"},    {"1.", "1"},          {".5", "500m"},
        {"512Ki", "512Ki"},   {"0.5Ki", "512"},  {"1.5", "1500m"},   {"0.1Gi", "107374182400m"}, {"100Mi", "100Mi"}, {"1e3", "1e3"},
        {"12e4", "120e3"},    {"1E3", "1e3"},    {"1e-3", "1e-3"},   {"2000Gi", "2000Gi"}, {"40Ti", "40Ti"},   {"1000k", "1M"},
        {"0.0000000001", "1n"}, {"1u", "1u"},    {"1n", "1n"},       {"10E", "10E"},     {"1e0", "1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(canonical(rows[i][0]), rows[i][1]);
}

static void what_is_canonical_stays(void **state) {
    (void)state;
    static const char *const texts[] = {"500m", "1", "10Gi", "250m", "999", "1Ki", "1023Mi", "2000Gi", "1536Mi", "10E", "7Ei", "999P", "0"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_string_equal(canonical(texts[i]), texts[i]);
}

static void the_cheap_test_never_errs(void **state) {
    (void)state;
    static const char *const suffixes[] = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "e3", "x"};
    static const char *const numbers[] = {"0", "00", "01", "1", "10", "100", "999", "1000", "1024", "1.5", "-1", ""};
    size_t said = 0;
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
        for (size_t s = 0; s < sizeof suffixes / sizeof *suffixes; s++) {
            const char *text = sm_region_printf(&region, "%s%s", numbers[n], suffixes[s]);
            if (!sm_quantity_is_canonical(text))
                continue;
            assert_string_equal(canonical(text), text);
            said++;
        }
    assert_true(said > 40);
}

static void quantities_compare_by_size(void **state) {
    (void)state;
    static const char *const rising[] = {"-1", "0",   "1n",  "0.0001", "100m",  ".5",   "1",  "1.5",
                                         "1k", "1Ki", "1e6", "1Mi",    "0.5Gi", "40Ti", "99E"};
    for (size_t i = 1; i < sizeof rising / sizeof *rising; i++) {
        struct sm_quantity a, b;
        assert_null(sm_quantity_parse(rising[i - 1], &a));
        assert_null(sm_quantity_parse(rising[i], &b));
        assert_int_equal(sm_quantity_compare(&a, &b), -1);
        assert_int_equal(sm_quantity_compare(&b, &a), 1);
        assert_int_equal(sm_quantity_compare(&b, &b), 0);
    }
}

static void what_is_too_large_is_cut_off(void **state) {
    (void)state;
    struct sm_quantity a, b;
    assert_null(sm_quantity_parse("99999999999999999999999999999999999999999999999999", &a));
    assert_null(sm_quantity_parse("1e9999", &b));
    assert_int_equal(sm_quantity_compare(&a, &b), 0);
    assert_null(sm_quantity_parse("99Ei", &a));
    assert_null(sm_quantity_parse("98Ei", &b));
    assert_int_equal(sm_quantity_compare(&a, &b), 0);
    assert_null(sm_quantity_parse("1e-9999", &a));
    assert_string_equal(sm_quantity_text(&region, &a), "1e-9");
}

static void what_is_no_quantity_says_why(void **state) {
    (void)state;
    static const char *const forms[] = {"", ".", "Gi", "abc", "1 Gi", "++1", "1Zi", "1.2.3"};
    static const char *const suffixes[] = {"1e", "1e+", "1gi", "1ki", "1iB", "1e3k", "1mm", "1e10000"};
    struct sm_quantity quantity;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const char *error = sm_quantity_parse(forms[i], &quantity);
        if (!error || (strncmp(error, "quantities must match", 21) != 0))
            fail_msg("%s: %s", forms[i], error ? error : "no error");
    }
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        assert_non_null(sm_quantity_parse(suffixes[i], &quantity));
    assert_string_equal(sm_quantity_parse("1ki", &quantity), "unable to parse quantity's suffix");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_is_written_in_one_way),
        cmocka_unit_test(what_is_canonical_stays),
        cmocka_unit_test(the_cheap_test_never_errs),
        cmocka_unit_test(quantities_compare_by_size),
        cmocka_unit_test(what_is_too_large_is_cut_off),
        cmocka_unit_test(what_is_no_quantity_says_why),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
