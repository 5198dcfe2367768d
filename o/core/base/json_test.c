#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "bug_expect.h"
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

/* Parses a copy that ends where its memory ends, so that reading on is seen. */
static sm_val parse_bytes(const char *text, size_t bytes, const struct sm_json_options *options, struct sm_json_error *error) {
    char *exact = malloc(bytes ? bytes : 1);
    memcpy(exact, text, bytes);
    sm_val v = sm_json_parse(&r, exact, bytes, options, error);
    free(exact);
    return v;
}

static sm_val parse(const char *text) {
    struct sm_json_error error;
    sm_val v = parse_bytes(text, strlen(text), NULL, &error);
    if (!v)
        fail_msg("%s: %s at %zu", text, error.message, error.offset);
    return v;
}

static void assert_prints(const char *text, const char *expected) {
    assert_string_equal(sm_json_text(&r, parse(text), 0), expected);
}

/* --- Numbers ------------------------------------------------------------------------------------------------------------- */

static void integers_have_64_bits(void **state) {
    (void)state;
    assert_true(parse("9223372036854775807")->integer == INT64_MAX);
    assert_true(parse("-9223372036854775808")->integer == INT64_MIN);
    assert_true(parse("9007199254740993")->integer == 9007199254740993);
    assert_true(sm_val_is_int(parse("-0")));
    assert_prints("-0", "0");
    assert_prints("9223372036854775807", "9223372036854775807");
    assert_prints("-9223372036854775808", "-9223372036854775808");
}

static void other_numbers_are_doubles(void **state) {
    (void)state;
    const char *const doubles[] = {"9223372036854775808", "-9223372036854775809", "18446744073709551616",
                                   "1.0", "1e2", "-0.0", "1E-2", "0e0",
                                   "99999999999999999999999999999999999999999999999999999999999999999999999999"};
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++) {
        assert_int_equal(sm_val_kind(parse(doubles[i])), SM_KIND_DOUBLE);
        assert_true(parse(doubles[i])->real == strtod(doubles[i], NULL));
    }
}

static void doubles_print_as_go_prints_them(void **state) {
    (void)state;
    const char *const rows[][2] = {
        {"1.0", "1"},
        {"-0.0", "-0"},
        {"0.1", "0.1"},
        {"1.5e0", "1.5"},
        {"-2.5", "-2.5"},
        {"100e-2", "1"},
        {"1e20", "100000000000000000000"},
        {"123456789012345678901", "123456789012345680000"},
        {"1e21", "1e+21"},
        {"1.25e22", "1.25e+22"},
        {"1e-6", "0.000001"},
        {"1.5e-6", "0.0000015"},
        {"1e-7", "1e-7"},
        {"1.25e-10", "1.25e-10"},
        {"1e100", "1e+100"},
        {"5e-324", "5e-324"},
        {"2.2250738585072014e-308", "2.2250738585072014e-308"},
        {"1.7976931348623157e308", "1.7976931348623157e+308"},
        {"0.30000000000000004", "0.30000000000000004"},
        {"5.6843418860808015e-14", "5.684341886080802e-14"},
        {"9.5e-7", "9.5e-7"},
        {"9223372036854775808", "9223372036854776000"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_prints(rows[i][0], rows[i][1]);
}

/* --- Strings ------------------------------------------------------------------------------------------------------------- */

static void escapes_are_read(void **state) {
    (void)state;
    assert_string_equal(parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20ac\\ud83d\\ude00\"")->string,
                        "\"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    sm_val nul = parse("\"a\\u0000b\"");
    assert_int_equal(nul->count, 3);
    assert_memory_equal(nul->string, "a\0b", 4);
    assert_string_equal(parse("{\"\\u0061b\":1}")->map[0].key, "ab");
}

static void what_is_no_text_is_replaced(void **state) {
    (void)state;
#define BAD "\xef\xbf\xbd"
    const char *const rows[][2] = {
        {"\"a\xff" "b\"", "a" BAD "b"},
        {"\"\x80\x80\"", BAD BAD},
        {"\"\xc3\"", BAD},                             /* cut short */
        {"\"\xe2\x82\"", BAD BAD},
        {"\"\xc0\xaf\"", BAD BAD},                     /* overlong */
        {"\"\xe0\x80\x80\"", BAD BAD BAD},
        {"\"\xed\xa0\x80\"", BAD BAD BAD},             /* a surrogate */
        {"\"\xf4\x90\x80\x80\"", BAD BAD BAD BAD},     /* above U+10FFFF */
        {"\"\\ud83d\"", BAD},
        {"\"\\ude00\"", BAD},
        {"\"\\ud83dx\"", BAD "x"},
        {"\"\\ud83d\\u0041\"", BAD "A"},
        {"\"\\ud83d\\ud83d\\ude00\"", BAD "\xf0\x9f\x98\x80"},
        {"\"\xf0\x9f\x98\x80\xed\x9f\xbf\xee\x80\x80\"", "\xf0\x9f\x98\x80\xed\x9f\xbf\xee\x80\x80"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(parse(rows[i][0])->string, rows[i][1]);
    assert_string_equal(parse("{\"\xff\":1}")->map[0].key, BAD);
    assert_string_equal(sm_json_text(&r, sm_val_strn(&r, "a\xff\xc3", 3), 0), "\"a\\ufffd\\ufffd\"");
}

static void strings_print_as_go_prints_them(void **state) {
    (void)state;
    sm_val v = sm_val_str(&r, "<a>&\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa \"\\\b\f\n\r\t\x01\x1f\x7f/\xc3\xa9");
    assert_string_equal(sm_json_text(&r, v, 0),
                        "\"<a>&\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa \\\"\\\\\\u0008\\u000c\\n\\r\\t\\u0001\\u001f\x7f/\xc3\xa9\"");
    assert_string_equal(sm_json_text(&r, v, SM_JSON_ESCAPE_HTML),
                        "\"\\u003ca\\u003e\\u0026\\u2028\\u2029\xe2\x80\xaa \\\"\\\\\\u0008\\u000c\\n\\r\\t\\u0001\\u001f\x7f/\xc3\xa9\"");

    /* Every character at every place of a word is seen. */
    for (int c = 1; c < 128; c++)
        for (size_t bytes = 1; bytes < 20; bytes++)
            for (size_t at = 0; at < bytes; at++) {
                struct sm_region_mark mark = sm_region_mark(&r);
                char text[20];
                memset(text, 'x', bytes);
                text[at] = (char)c;
                sm_val one = sm_val_strn(&r, text, bytes);
                const char *plain = sm_json_text(&r, one, 0), *html = sm_json_text(&r, one, SM_JSON_ESCAPE_HTML);
                assert_true(sm_val_equal(parse(plain), one));
                assert_true(sm_val_equal(parse(html), one));
                assert_int_equal(strlen(plain) > bytes + 2, c < 0x20 || c == '"' || c == '\\');
                assert_int_equal(strlen(html) > bytes + 2, c < 0x20 || strchr("\"\\<>&", c) != NULL);
                sm_region_rewind(&r, mark);
            }
}

static void a_string_may_be_quoted_alone(void **state) {
    (void)state;
    struct sm_str out;
    sm_str_init(&out, &r);
    sm_json_quote(&out, "", 0, 0);
    assert_string_equal(out.data, "\"\"");
    sm_json_quote(&out, "a\nb", 3, 0);
    assert_string_equal(out.data, "\"\"\"a\\nb\"");
}

/* --- Documents ----------------------------------------------------------------------------------------------------------- */

static void documents_print_compact_and_pretty(void **state) {
    (void)state;
    sm_val v = parse(" { \"b\" : [ ] , \"a\" : { \"c\" : [ 1 , { } , null , [ true ] ] }\t\r\n} ");
    assert_string_equal(sm_json_text(&r, v, 0), "{\"a\":{\"c\":[1,{},null,[true]]},\"b\":[]}");
    assert_string_equal(sm_json_text(&r, v, SM_JSON_PRETTY), "{\n"
                                                             "  \"a\": {\n"
                                                             "    \"c\": [\n"
                                                             "      1,\n"
                                                             "      {},\n"
                                                             "      null,\n"
                                                             "      [\n"
                                                             "        true\n"
                                                             "      ]\n"
                                                             "    ]\n"
                                                             "  },\n"
                                                             "  \"b\": []\n"
                                                             "}");
    assert_string_equal(sm_json_text(&r, NULL, 0), "null");
}

static void errors_say_what_and_where(void **state) {
    (void)state;
    const struct {
        const char *text;
        size_t offset;
        unsigned line, column;
        const char *message;
    } rows[] = {
        {"", 0, 1, 1, "unexpected end of JSON input"},
        {"  \n ", 4, 2, 2, "unexpected end of JSON input"},
        {"{", 1, 1, 2, "unexpected end of JSON input"},
        {"{\"a\"", 4, 1, 5, "unexpected end of JSON input"},
        {"{\"a\":", 5, 1, 6, "unexpected end of JSON input"},
        {"{\"a\":1", 6, 1, 7, "unexpected end of JSON input"},
        {"{\"a\":1,", 7, 1, 8, "unexpected end of JSON input"},
        {"[", 1, 1, 2, "unexpected end of JSON input"},
        {"[1,", 3, 1, 4, "unexpected end of JSON input"},
        {"\"abc", 4, 1, 5, "unexpected end of JSON input"},
        {"\"abc\\", 5, 1, 6, "unexpected end of JSON input"},
        {"\"\\u12", 5, 1, 6, "unexpected end of JSON input"},
        {"-", 1, 1, 2, "unexpected end of JSON input"},
        {"1.", 2, 1, 3, "unexpected end of JSON input"},
        {"1e+", 3, 1, 4, "unexpected end of JSON input"},
        {"nul", 3, 1, 4, "unexpected end of JSON input"},
        {"{\"a\"}", 4, 1, 5, "invalid character '}' after object key"},
        {"{\"a\" 1}", 5, 1, 6, "invalid character '1' after object key"},
        {"{\"a\":1,}", 7, 1, 8, "invalid character '}' looking for beginning of object key string"},
        {"{a:1}", 1, 1, 2, "invalid character 'a' looking for beginning of object key string"},
        {"{,}", 1, 1, 2, "invalid character ',' looking for beginning of object key string"},
        {"{\"a\":1\n\"b\":2}", 7, 2, 1, "invalid character '\"' after object key:value pair"},
        {"{\"a\":1]", 6, 1, 7, "invalid character ']' after object key:value pair"},
        {"[1,]", 3, 1, 4, "invalid character ']' looking for beginning of value"},
        {"[,]", 1, 1, 2, "invalid character ',' looking for beginning of value"},
        {"[\n1\n2]", 4, 3, 1, "invalid character '2' after array element"},
        {"[1}", 2, 1, 3, "invalid character '}' after array element"},
        {"{} x", 3, 1, 4, "invalid character 'x' after top-level value"},
        {"01", 1, 1, 2, "invalid character '1' after top-level value"},
        {"1 2", 2, 1, 3, "invalid character '2' after top-level value"},
        {"'a'", 0, 1, 1, "invalid character '\\'' looking for beginning of value"},
        {"\\", 0, 1, 1, "invalid character '\\\\' looking for beginning of value"},
        {"+1", 0, 1, 1, "invalid character '+' looking for beginning of value"},
        {".5", 0, 1, 1, "invalid character '.' looking for beginning of value"},
        {"NaN", 0, 1, 1, "invalid character 'N' looking for beginning of value"},
        {"\x01", 0, 1, 1, "invalid character '\\x01' looking for beginning of value"},
        {"\x7f", 0, 1, 1, "invalid character '\\x7f' looking for beginning of value"},
        {"\f", 0, 1, 1, "invalid character '\\f' looking for beginning of value"},
        {"\xef\xbb\xbf{}", 0, 1, 1, "invalid character '\xc3\xaf' looking for beginning of value"},
        {"\x85", 0, 1, 1, "invalid character '\\u0085' looking for beginning of value"},
        {"-a", 1, 1, 2, "invalid character 'a' in numeric literal"},
        {"1.a", 2, 1, 3, "invalid character 'a' after decimal point in numeric literal"},
        {"1ea", 2, 1, 3, "invalid character 'a' in exponent of numeric literal"},
        {"[trux]", 4, 1, 5, "invalid character 'x' in literal true (expecting 'e')"},
        {"falsy", 4, 1, 5, "invalid character 'y' in literal false (expecting 'e')"},
        {"nil", 1, 1, 2, "invalid character 'i' in literal null (expecting 'u')"},
        {"\"a\nb\"", 2, 1, 3, "invalid character '\\n' in string literal"},
        {"\"\\x\"", 2, 1, 3, "invalid character 'x' in string escape code"},
        {"\"\\u12g4\"", 5, 1, 6, "invalid character 'g' in \\u hexadecimal character escape"},
        {"[1e999]", 1, 1, 2, "cannot unmarshal number 1e999 into Go value of type float64"},
        {"{\"\\u0000\":1}", 2, 1, 3, "object keys must not contain \\u0000"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sm_json_error error;
        size_t used_bytes = r.used_bytes;
        assert_null(parse_bytes(rows[i].text, strlen(rows[i].text), NULL, &error));
        assert_string_equal(error.message, rows[i].message);
        assert_int_equal(error.offset, rows[i].offset);
        assert_int_equal(error.line, rows[i].line);
        assert_int_equal(error.column, rows[i].column);
        assert_int_equal(r.used_bytes, used_bytes);
    }
    struct sm_json_error error;
    assert_null(parse_bytes("\"\\\0\"", 4, NULL, &error));
    assert_string_equal(error.message, "invalid character '\\x00' in string escape code");
}

static void nesting_has_a_limit(void **state) {
    (void)state;
    char text[2 * SM_JSON_DEPTH_MAX + 2];
    struct sm_json_error error;
    memset(text, '[', SM_JSON_DEPTH_MAX);
    memset(text + SM_JSON_DEPTH_MAX, ']', SM_JSON_DEPTH_MAX);
    assert_non_null(parse_bytes(text, 2 * SM_JSON_DEPTH_MAX, NULL, &error));

    memset(text, '[', SM_JSON_DEPTH_MAX + 1);
    memset(text + SM_JSON_DEPTH_MAX + 1, ']', SM_JSON_DEPTH_MAX + 1);
    assert_null(parse_bytes(text, sizeof text, NULL, &error));
    assert_string_equal(error.message, "exceeded max depth");
    assert_int_equal(error.offset, SM_JSON_DEPTH_MAX);

    struct sm_json_options options = {.depth_max = 2};
    assert_non_null(parse_bytes("[[],{}]", 7, &options, &error));
    assert_null(parse_bytes("[[[]]]", 6, &options, &error));
}

static void large_containers_leave_the_stack(void **state) {
    (void)state;
    struct sm_str text;
    sm_str_init(&text, &r);
    sm_str_add(&text, "{\"list\":[");
    for (int i = 0; i < 5000; i++)
        sm_str_addf(&text, "%s%d", i ? "," : "", i);
    sm_str_add(&text, "]");
    for (int i = 0; i < 5000; i++)
        sm_str_addf(&text, ",\"k%d\":%d", i * 37 % 5000, i);
    sm_str_add(&text, "}");
    sm_val v = parse(text.data);
    assert_int_equal(sm_val_count(v), 5001);
    assert_int_equal(sm_val_count(sm_val_get(v, "list")), 5000);
    assert_int_equal(sm_val_int_at(v, "list[4999]", -1), 4999);
    assert_int_equal(sm_val_int_at(v, "k37", -1), 1);
    assert_int_equal(sm_val_int_at(v, "k0", -1), 0);
}

/* --- Duplicates ---------------------------------------------------------------------------------------------------------- */

static size_t duplicates_of(const char *text, struct sm_json_duplicate *out, size_t max) {
    size_t count = 99;
    struct sm_json_error error;
    struct sm_json_options options = {.duplicates = out, .duplicates_max = max, .ret_duplicates_count = &count};
    sm_val v = parse_bytes(text, strlen(text), &options, &error);
    assert_int_equal(v != NULL, count != 0 || strstr(text, "none") != NULL);
    return count;
}

static void duplicates_are_told_in_order(void **state) {
    (void)state;
    struct sm_json_duplicate out[8];
    const char *text = "{\"spec\":{\"c\":[{\"image\":1,\n"
                       " \"image\":2,\"x\":{\"y\":1,\"y\":1},\"\\u0078\":2,\"image\":3},{\"a.b\":1,\"a.b\":2}]},\n"
                       "  \"spec\":{\"c\":[{\"image\":1,\"image\":2}]},\"z\":1}";
    assert_int_equal(duplicates_of(text, out, 8), 5);
    const struct {
        const char *path;
        unsigned line, column;
    } rows[] = {{"spec.c[0].image", 2, 2}, {"spec.c[0].x.y", 2, 23}, {"spec.c[0].x", 2, 30}, {"spec.c[1].a.b", 2, 61}, {"spec", 3, 3}};
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(out[i].path, rows[i].path);
        assert_int_equal(out[i].line, rows[i].line);
        assert_int_equal(out[i].column, rows[i].column);
    }
    assert_prints(text, "{\"spec\":{\"c\":[{\"image\":2}]},\"z\":1}");

    assert_int_equal(duplicates_of(text, out, 2), 2);
    assert_string_equal(out[1].path, "spec.c[0].x.y");
    assert_int_equal(duplicates_of("{\"a\":{\"b\":1,\"b\":1},\"a\":1}", out, 1), 1);
    assert_string_equal(out[0].path, "a.b");
    assert_int_equal(duplicates_of("{\"a\":1,\"a\":{\"b\":1,\"b\":1}}", out, 1), 1);
    assert_string_equal(out[0].path, "a");
}

static void no_duplicates_are_none(void **state) {
    (void)state;
    struct sm_json_duplicate out[1];
    assert_int_equal(duplicates_of("{\"a\":{\"a\":\"none\"},\"b\":[{\"a\":1},{\"a\":1}]}", out, 1), 0);
    assert_int_equal(duplicates_of("{\"a\":1,\"a\":2", out, 1), 0);
    assert_int_equal(duplicates_of("{\"none\":1,\"none\":2}", out, 0), 0);
}

static void literals_abort_on_errors(void **state) {
    (void)state;
    assert_string_equal(sm_val_str_at(sm_json_literal(&r, "{'a':'b'}"), "a"), "b");
    expect_bug("invalid character '}'", sm_json_literal(&r, "{'a'}"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(integers_have_64_bits),
        TEST(other_numbers_are_doubles),
        TEST(doubles_print_as_go_prints_them),
        TEST(escapes_are_read),
        TEST(what_is_no_text_is_replaced),
        TEST(strings_print_as_go_prints_them),
        TEST(a_string_may_be_quoted_alone),
        TEST(documents_print_compact_and_pretty),
        TEST(errors_say_what_and_where),
        TEST(nesting_has_a_limit),
        TEST(large_containers_leave_the_stack),
        TEST(duplicates_are_told_in_order),
        TEST(no_duplicates_are_none),
        TEST(literals_abort_on_errors),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
