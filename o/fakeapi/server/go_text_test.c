#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "go_json.h"
#include "go_text.h"
#include "json.h"

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

static void values_print_as_go_prints_them(void **state) {
    (void)state;
    static const char *const rows[][3] = {
        {"{'b':[1,'x',true,null],'a':{}}", "map[a:map[] b:[1 x true <nil>]]",
         "map[string]interface {}{\"a\":map[string]interface {}{}, \"b\":[]interface {}{1, \"x\", true, interface {}(nil)}}"},
        {"'text'", "text", "\"text\""},
        {"1.5", "1.5", "1.5"},
        {"null", "<nil>", "interface {}(nil)"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(sm_go_text(&r, sm_json_literal(&r, rows[i][0])), rows[i][1]);
        assert_string_equal(sm_go_syntax(&r, sm_json_literal(&r, rows[i][0])), rows[i][2]);
    }
    assert_string_equal(sm_go_type(sm_json_literal(&r, "{}")), "map[string]interface {}");
    assert_string_equal(sm_go_type(sm_json_literal(&r, "[]")), "[]interface {}");
    assert_string_equal(sm_go_type(sm_json_literal(&r, "1")), "int64");
    assert_string_equal(sm_go_type(NULL), "<nil>");
}

static void errors_of_json_have_gos_words(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"", "unexpected end of JSON input"},
        {"{", "unexpected end of JSON input"},
        {"\"abc", "unexpected end of JSON input"},
        {"not json", "invalid character 'o' in literal null (expecting 'u')"},
        {"tru3", "invalid character '3' in literal true (expecting 'e')"},
        {"fa", "unexpected end of JSON input"},
        {"{} x", "invalid character 'x' after top-level value"},
        {"{a:1}", "invalid character 'a' looking for beginning of object key string"},
        {"{\"a\" 1}", "invalid character '1' after object key"},
        {"{\"a\":1 \"b\":2}", "invalid character '\"' after object key:value pair"},
        {"[1 2]", "invalid character '2' after array element"},
        {"[1,]", "invalid character ']' looking for beginning of value"},
        {"-x", "invalid character 'x' in numeric literal"},
        {"1.x", "invalid character 'x' after decimal point in numeric literal"},
        {"1e+x", "invalid character 'x' in exponent of numeric literal"},
        {"01", "invalid character '1' after top-level value"},
        {"\"\\q\"", "invalid character 'q' in string escape code"},
        {"\"\\u12g4\"", "invalid character 'g' in \\u hexadecimal character escape"},
        {"\"a\nb\"", "invalid character '\\n' in string literal"},
        {"'", "invalid character '\\'' looking for beginning of value"},
        {"\x01", "invalid character '\\x01' looking for beginning of value"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *error = sm_go_json_error(&r, rows[i][0], strlen(rows[i][0]));
        if (!error || strcmp(error, rows[i][1]) != 0)
            fail_msg("%s: %s", rows[i][0], error);
    }
    const char *good = " {\"a\":[1,-0.5e3,\"\\u00e4\\n\",true,null,{}]} ";
    assert_null(sm_go_json_error(&r, good, strlen(good)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_print_as_go_prints_them),
        cmocka_unit_test(errors_of_json_have_gos_words),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
