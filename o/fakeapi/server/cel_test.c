/* CEL: what an expression says of an input, row by row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "cel.h"
#include "json.h"
#include "structural.h"

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

/* The value of [text] as JSON, `error: …`, or `compile: …`. The expression is wrapped in a list so that it may be anything. */
static const char *say(const struct sm_structural *schema, const char *text, const char *self, const char *old) {
    const char *error = NULL;
    struct sm_cel_scope scope = {.self = schema, .want = SM_CEL_STRING};
    const char *wrapped = sm_region_printf(&r, "[dyn(%s)][0]", text);
    const struct sm_cel *cel = sm_cel_compile(&r, wrapped, &scope, &error);
    if (!cel)
        return sm_region_printf(&r, "compile: %s", error);
    int64_t steps = SM_CEL_STEPS_MAX;
    struct sm_cel_result result = sm_cel_eval(&r, cel, sm_json_literal(&r, self), old ? sm_json_literal(&r, old) : NULL, &steps);
    return result.error ? sm_region_printf(&r, "error: %s", result.error) : sm_json_text(&r, result.value, SM_JSON_COMPACT);
}

struct row {
    const char *text, *self, *expected;
};

static void check_rows(const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *said = say(NULL, rows[i].text, rows[i].self, NULL);
        if (strcmp(said, rows[i].expected) != 0)
            fail_msg("%s of %s\n  is:     %s\n  wanted: %s", rows[i].text, rows[i].self, said, rows[i].expected);
    }
}
#define CHECK(rows) check_rows(rows, sizeof(rows) / sizeof *(rows))

static void literals(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"1", "{}", "1"},
        {"-1", "{}", "-1"},
        {"0x1F", "{}", "31"},
        {"-9223372036854775808", "{}", "-9223372036854775808"},
        {"1.5e2", "{}", "150"},
        {"'a\\n\\x41\\u00e9\\'' + \"b\"", "{}", "\"a\\nAé'b\""},
        {"r'a\\n'", "{}", "\"a\\\\n\""},
        {"'''a'b'''", "{}", "\"a'b\""},
        {"true && !false", "{}", "true"},
        {"null", "{}", "null"},
        {"[1, 'a', [true]]", "{}", "[1,\"a\",[true]]"},
        {"{'a': 1, 'b': [2]}", "{}", "{\"a\":1,\"b\":[2]}"},
        {"// of what\n 1", "{}", "1"},
    };
    CHECK(rows);
}

static void operators_bind_as_in_the_language(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"1 + 2 * 3 - 4", "{}", "3"},
        {"(1 + 2) * 3", "{}", "9"},
        {"-7 / 2", "{}", "-3"},
        {"-7 % 3", "{}", "-1"},
        {"7.0 / 2.0", "{}", "3.5"},
        {"1 < 2 == true", "{}", "true"},
        {"false && false || true", "{}", "true"},
        {"true || false && false", "{}", "true"},
        {"1 == 1 ? 'a' : 'b'", "{}", "\"a\""},
        {"false ? 1 : true ? 2 : 3", "{}", "2"},
        {"- 3 + 3", "{}", "0"},
        {"!!true", "{}", "true"},
        {"'ab' < 'b'", "{}", "true"},
        {"1 < 1.5 && 2.0 >= 2", "{}", "true"},
        {"[1] + [2]", "{}", "[1,2]"},
    };
    CHECK(rows);
}

static void fields_and_elements(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"self.a.b", "{'a':{'b':5}}", "5"},
        {"self.a.b", "{'a':{}}", "error: no such key: b"},
        {"has(self.a.b)", "{'a':{}}", "false"},
        {"has(self.a.b)", "{'a':{'b':null}}", "true"},
        {"has(self.a.b)", "{}", "error: no such key: a"},
        {"self['x.y']", "{'x.y':1}", "1"},
        {"self['x']", "{}", "error: no such key: x"},
        {"self[1]", "[1,2]", "2"},
        {"self[2]", "[1,2]", "error: index out of bounds: 2"},
        {"self[-1]", "[1,2]", "error: index out of bounds: -1"},
        {"self.a.b", "{'a':1}", "error: no such overload"},
        {"self[true]", "[1]", "error: no such overload"},
    };
    CHECK(rows);
}

static void an_error_counts_only_where_it_decides(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"self.x == 1 || true", "{}", "true"},
        {"true || self.x == 1", "{}", "true"},
        {"self.x == 1 && false", "{}", "false"},
        {"false && self.x == 1", "{}", "false"},
        {"self.x == 1 || false", "{}", "error: no such key: x"},
        {"self.x == 1 && true", "{}", "error: no such key: x"},
        {"self.x == 1 && self.y == 1", "{}", "error: no such key: x"},
        {"self.x ? 1 : 2", "{}", "error: no such key: x"},
        {"self.x ? 1 : 2", "{'x':5}", "error: no such overload"},
        {"!self.x", "{'x':5}", "error: no such overload"},
        {"self.x || false", "{'x':5}", "error: no such overload"},
        {"self.all(e, e.x > 0)", "[{'x':1},{},{'x':0}]", "false"},
        {"self.all(e, e.x > 0)", "[{'x':1},{}]", "error: no such key: x"},
        {"self.exists(e, e.x > 0)", "[{},{'x':1}]", "true"},
        {"self.exists(e, e.x > 0)", "[{},{'x':0}]", "error: no such key: x"},
        {"self.exists_one(e, e.x > 0)", "[{},{'x':1}]", "error: no such key: x"},
    };
    CHECK(rows);
}

static void arithmetic_says_what_it_cannot_do(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"1 / self", "0", "error: division by zero"},
        {"1 % self", "0", "error: modulus by zero"},
        {"self + 1", "9223372036854775807", "error: integer overflow"},
        {"-self", "-9223372036854775808", "error: integer overflow"},
        {"self / -1", "-9223372036854775808", "error: integer overflow"},
        {"self * 2", "5000000000000000000", "error: integer overflow"},
        {"self + 1", "'a'", "error: no such overload"},
        {"self + 1.5", "1", "error: no such overload"},
        {"-self", "'a'", "error: no such overload"},
        {"self < 1", "'a'", "error: no such overload"},
        {"1.0 / self", "0.5", "2"},
        {"1.0 / double(self) > 1.0e300", "0", "true"},
        {"[1.0 / double(self)]", "0", "error: no such overload"},
        {"string(1.0 / double(self)) + string(-1.0 / double(self)) + string(0.0 / double(self))", "0", "\"+Inf-InfNaN\""},
        {"self == 1", "1.0", "true"},
        {"self == '1'", "1", "false"},
        {"self == [1.0]", "[1]", "true"},
        {"self == {'a': 1.0}", "{'a':1}", "true"},
        {"self != {'a': 1.0}", "{'b':1}", "true"},
    };
    CHECK(rows);
}

static void macros(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"self.all(x, x > 0)", "[1,2]", "true"},
        {"self.all(x, x > 1)", "[1,2]", "false"},
        {"self.all(x, x > 1)", "[]", "true"},
        {"self.exists(x, x > 1)", "[1,2]", "true"},
        {"self.exists(x, x > 2)", "[1,2]", "false"},
        {"self.exists_one(x, x > 1)", "[1,2]", "true"},
        {"self.exists_one(x, x > 0)", "[1,2]", "false"},
        {"self.filter(x, x % 2 == 0)", "[1,2,3,4]", "[2,4]"},
        {"self.map(x, x * 2)", "[1,2]", "[2,4]"},
        {"self.map(x, x > 1, x * 2)", "[1,2,3]", "[4,6]"},
        {"self.all(k, self[k] > 0)", "{'a':1,'b':2}", "true"},
        {"self.map(k, k)", "{'b':1,'a':2}", "[\"a\",\"b\"]"},
        {"self.all(x, self.exists_one(y, x == y))", "[1,2]", "true"},
        {"self.all(x, x.all(x, x > 0))", "[[1],[2]]", "true"},
        {"self.all(x, x)", "[1]", "error: no such overload"},
        {"self.all(x, true)", "1", "error: no such overload"},
        {"2 in self && !(3 in self)", "[1,2]", "true"},
        {"'a' in self && !('b' in self)", "{'a':1}", "true"},
        {"1 in self", "'text'", "error: no such overload"},
    };
    CHECK(rows);
}

static void functions_of_texts(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"size(self) + self.size()", "'äb'", "4"},
        {"self.startsWith('a') && !self.startsWith('b')", "'abc'", "true"},
        {"self.endsWith('bc') && !self.endsWith('aabc')", "'abc'", "true"},
        {"self.contains('b') && !self.contains('x')", "'abc'", "true"},
        {"self.matches('^[a-c]+$') && !self.matches('^b')", "'abc'", "true"},
        {"self.matches(self)", "'('", "error: error parsing regexp: missing closing parenthesis at offset 1: `(`"},
        {"self.lowerAscii() + self.upperAscii()", "'aBc'", "\"abcABC\""},
        {"self.trim()", "' a b\\n'", "\"a b\""},
        {"self.replace('a', 'xy')", "'abab'", "\"xybxyb\""},
        {"self.replace('a', 'xy', 1)", "'abab'", "\"xybab\""},
        {"self.split(',')", "'a,,b'", "[\"a\",\"\",\"b\"]"},
        {"self.split(',', 2)", "'a,b,c'", "[\"a\",\"b,c\"]"},
        {"self.split(',', 0)", "'a,b,c'", "[]"},
        {"self.split('')", "'aéb'", "[\"a\",\"é\",\"b\"]"},
        {"self.join('-') + self.join()", "['a','b']", "\"a-bab\""},
        {"self.join()", "[1]", "error: no such overload"},
        {"self.substring(1)", "'äbc'", "\"bc\""},
        {"self.substring(0, 1)", "'äbc'", "\"ä\""},
        {"self.substring(4)", "'äbc'", "error: index out of range: 4"},
        {"self.substring(2, 1)", "'äbc'", "error: invalid substring range. start: 2, end: 1"},
        {"self.charAt(1) + self.charAt(3)", "'äbc'", "\"b\""},
        {"self.charAt(4)", "'äbc'", "error: index out of range: 4"},
        {"self.indexOf('c')", "'äbc'", "2"},
        {"self.indexOf('c', 3)", "'äbcc'", "3"},
        {"self.indexOf('x')", "'äbc'", "-1"},
        {"self.lastIndexOf('b')", "'abab'", "3"},
        {"self.lastIndexOf('b', 2)", "'abab'", "1"},
        {"self.lastIndexOf('bbbbb')", "'abab'", "-1"},
        {"self.startsWith(dyn(1))", "'a'", "error: no such overload"},
    };
    CHECK(rows);
}

static void functions_of_lists(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"size(self)", "[1,2]", "2"},
        {"self.size()", "{'a':1}", "1"},
        {"self.isSorted()", "[1,2,2]", "true"},
        {"self.isSorted()", "['b','a']", "false"},
        {"self.isSorted()", "['b',1]", "error: no such overload"},
        {"self.sum()", "[1,2]", "3"},
        {"self.sum()", "[1,2.5]", "3.5"},
        {"self.sum()", "['a']", "error: no such overload"},
        {"self.min() + self.max()", "[3,1,2]", "4"},
        {"self.min()", "[]", "error: min called on empty list"},
        {"self.indexOf(2)", "[1,2,2]", "1"},
        {"self.lastIndexOf(2)", "[1,2,2]", "2"},
        {"self.indexOf(5)", "[1,2,2]", "-1"},
    };
    CHECK(rows);
}

static void conversions(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"int(self)", "'42'", "42"},
        {"int(self)", "'x'", "error: strconv.ParseInt: parsing \"x\": invalid syntax"},
        {"int(self)", "2.9", "2"},
        {"int(self)", "1e30", "error: integer overflow"},
        {"int(self)", "7", "7"},
        {"double(self) / 2.0", "3", "1.5"},
        {"double(self)", "'1.5'", "1.5"},
        {"double(self)", "'x'", "error: strconv.ParseFloat: parsing \"x\": invalid syntax"},
        {"string(self) + string(true) + string(1.5) + string('x')", "12", "\"12true1.5x\""},
        {"bool(self)", "'True'", "true"},
        {"bool(self)", "'no'", "error: strconv.ParseBool: parsing \"no\": invalid syntax"},
        {"type(self) == string", "'a'", "true"},
        {"type(self) == int", "'a'", "false"},
        {"type(self) == type([])", "[1]", "true"},
        {"type(self)", "1", "error: no such overload"},
    };
    CHECK(rows);
}

static void optionals(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"self.?a.orValue(7)", "{}", "7"},
        {"self.?a.orValue(7)", "{'a':1}", "1"},
        {"self.?a.b.orValue(7)", "{'a':{'b':2}}", "2"},
        {"self.?a.b.hasValue()", "{'a':{}}", "false"},
        {"self[?1].orValue(9)", "[1]", "9"},
        {"self[?0].value()", "[1]", "1"},
        {"self[?'k'].hasValue()", "{'k':1}", "true"},
        {"self.?a.value()", "{}", "error: optional.none() dereference"},
        {"optional.of(1).value() + optional.none().orValue(2)", "{}", "3"},
        {"self.?a.or(optional.of(3)).value()", "{}", "3"},
        {"has(self.?a.b)", "{}", "false"},
        {"self.?a == optional.none()", "{}", "true"},
    };
    CHECK(rows);
}

static void old_self(void **state) {
    (void)state;
    const char *error = NULL;
    struct sm_cel_scope scope = {.want = SM_CEL_BOOL}, optional = {.want = SM_CEL_BOOL, .optional_old = true};
    const struct sm_cel *strict = sm_cel_compile(&r, "self >= oldSelf", &scope, &error);
    const struct sm_cel *lenient = sm_cel_compile(&r, "!oldSelf.hasValue() || self >= oldSelf.value()", &optional, &error);
    const struct sm_cel *without = sm_cel_compile(&r, "self > 0", &scope, &error);
    sm_val one = sm_val_int(&r, 1), two = sm_val_int(&r, 2);
    int64_t steps = SM_CEL_STEPS_MAX;

    assert_true(sm_cel_uses_old_self(strict) && sm_cel_uses_old_self(lenient) && !sm_cel_uses_old_self(without));
    assert_true(sm_val_is_true(sm_cel_eval(&r, strict, two, one, &steps).value));
    assert_ptr_equal(sm_cel_eval(&r, strict, one, two, &steps).value, SM_FALSE);
    assert_true(sm_val_is_true(sm_cel_eval(&r, lenient, one, NULL, &steps).value));
    assert_ptr_equal(sm_cel_eval(&r, lenient, one, two, &steps).value, SM_FALSE);
}

/* --- What does not compile ------------------------------------------------------------------------------------------------ */

static const struct sm_structural text = {.types = SM_JSON_STRING}, whole = {.types = SM_JSON_INTEGER}, number = {.types = SM_JSON_NUMBER},
                                  either = {.types = SM_JSON_STRING | SM_JSON_INTEGER, .int_or_string = true},
                                  texts = {.types = SM_JSON_ARRAY, .items = &text}, numbers = {.types = SM_JSON_ARRAY, .items = &number},
                                  labels = {.types = SM_JSON_OBJECT, .additional = &text};
static const struct sm_property properties[] = {{"a-b", &whole},     {"import", &text}, {"labels", &labels}, {"n", &number},
                                                {"numbers", &numbers}, {"s", &text},    {"texts", &texts},   {"w", &whole}, {"x", &either}};
static const struct sm_structural object = {
    .types = SM_JSON_OBJECT, .root = true, .properties = properties, .property_count = sizeof properties / sizeof *properties};

static const char *compile_error(const char *expression, enum sm_cel_want want) {
    const char *error = "none";
    struct sm_cel_scope scope = {.self = &object, .want = want};
    (void)sm_cel_compile(&r, expression, &scope, &error);
    return error;
}

static void what_does_not_parse_says_where(void **state) {
    (void)state;
    static const struct {
        const char *text, *error;
    } rows[] = {
        {"self.w >", "1:9: Syntax error: mismatched input '<EOF>' expecting an expression\n | self.w >\n | ........^"},
        {"(self.w", "1:8: Syntax error: mismatched input '<EOF>' expecting ')'"},
        {"self.w)", "1:7: Syntax error: mismatched input, expecting <EOF>"},
        {"[1, 2", "1:6: Syntax error: mismatched input '<EOF>' expecting ']'"},
        {"{'a' 1}", "1:6: Syntax error: mismatched input, expecting ':'"},
        {"true ? 1", "1:9: Syntax error: mismatched input '<EOF>' expecting ':'"},
        {"self.5", "1:6: Syntax error: mismatched input, expecting IDENTIFIER"},
        {"self.", "1:6: Syntax error: mismatched input '<EOF>' expecting IDENTIFIER"},
        {"'a", "1:1: Syntax error: token recognition error: the text does not end"},
        {"true &&\n 'a\\q'", "2:4: Syntax error: invalid escape sequence\n |  'a\\q'\n | ...^"},
        {"1u == 1u", "1:1: Syntax error: unsigned integers are not supported"},
        {"b'a' == b'a'", "1:1: Syntax error: bytes are not supported"},
        {"9223372036854775808 > 1", "1:1: Syntax error: invalid int literal"},
        {"1e999 > 1.0", "1:1: Syntax error: invalid double literal"},
        {"99999999999999999999 > 1", "1:1: Syntax error: invalid int literal"},
        {"a # b", "1:3: Syntax error: token recognition error at: '#'"},
        {"import", "1:1: Syntax error: reserved identifier: import"},
        {"has(self)", "1:1: invalid argument to has() macro"},
        {"self.texts.all(1, true)", "1:16: argument must be a simple name"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *error = compile_error(rows[i].text, SM_CEL_BOOL), *wanted = sm_region_printf(&r, "ERROR: <input>:%s", rows[i].error);
        if (strncmp(error, wanted, strlen(wanted)) != 0)
            fail_msg("%s\n  is:     %s\n  wanted: %s", rows[i].text, error, wanted);
    }
}

static void types_come_from_the_schema(void **state) {
    (void)state;
    static const struct {
        const char *text, *error;
    } rows[] = {
        {"self.nosuch == 1", "1:5: undefined field 'nosuch'\n | self.nosuch == 1\n | ....^"},
        {"nosuch == 1", "1:1: undeclared reference to 'nosuch' (in container '')"},
        {"nosuch(1)", "1:1: undeclared reference to 'nosuch' (in container '')"},
        {"quantity(self.s) == 1", "1:1: undeclared reference to 'quantity' (in container '')"},
        {"self.w == 'a'", "1:8: found no matching overload for '_==_' applied to '(int, string)'"},
        {"self.w + self.s == ''", "1:8: found no matching overload for '_+_' applied to '(int, string)'"},
        {"self.n % 2.0 == 0.0", "1:8: found no matching overload for '_%_' applied to '(double, double)'"},
        {"self.w < self.s", "1:8: found no matching overload for '_<_' applied to '(int, string)'"},
        {"self.w.startsWith('a')", "1:7: found no matching overload for 'startsWith' applied to 'int.(string)'"},
        {"startsWith('a', 'b')", "1:1: found no matching overload for 'startsWith' applied to '(string, string)'"},
        {"1 in self.texts", "1:3: found no matching overload for '@in' applied to '(int, list(string))'"},
        {"self.labels[1] == 'a'", "1:12: found no matching overload for '_[_]' applied to '(map(string, string), int)'"},
        {"-self.s == 1", "1:1: found no matching overload for '-_' applied to '(string)'"},
        {"self.w && true", "1:5: expected type 'bool' but found 'int'"},
        {"self.texts.all(t, t)", "1:19: expected type 'bool' but found 'string'"},
        {"self.w.all(t, true)", "1:5: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)"},
        {"true ? self.w : self.s", "1:6: found no matching overload for '_?_:_' applied to '(bool, int, string)'"},
        {"self.w.x == 1", "1:7: type 'int' does not support field selection"},
        {"self.s.matches('(')", "1:16: invalid matches argument: error parsing regexp"},
        {"self.s.matches('a(?=b)')", "1:16: invalid matches argument: error parsing regexp: invalid or unsupported Perl syntax: `(?=`"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *error = compile_error(rows[i].text, SM_CEL_BOOL), *wanted = sm_region_printf(&r, "ERROR: <input>:%s", rows[i].error);
        if (strncmp(error, wanted, strlen(wanted)) != 0)
            fail_msg("%s\n  is:     %s\n  wanted: %s", rows[i].text, error, wanted);
    }
    assert_string_equal(compile_error("self.w", SM_CEL_BOOL), "cel expression must evaluate to a bool");
    assert_string_equal(compile_error("true", SM_CEL_STRING), "messageExpression must evaluate to a string");

    static const char *const good[] = {"self.a__dash__b == 1",  "self.__import__ == 'a'",    "self.metadata.name == 'a'",
                                       "self.kind == 'K'",      "self.x == 1 || self.x == 'a'", "self.labels.a == self.labels['b']",
                                       "self.w < 1.5",          "type(self.x) == int",       "self.texts.map(t, size(t)).sum() > 1",
                                       "self.n / 2.0 > 1.0",    "self.?s.orValue('a') == 'a'"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_string_equal(compile_error(good[i], SM_CEL_BOOL), "none");
}

static void whole_numbers_of_a_number_are_doubles(void **state) {
    (void)state;

    assert_string_equal(say(&object, "self.n / 2.0", "{'n':3}", NULL), "1.5");
    assert_string_equal(say(&object, "self.numbers[0] / 2.0", "{'numbers':[3]}", NULL), "1.5");
    assert_string_equal(say(&object, "self.numbers.all(n, n / 2.0 == 1.5)", "{'numbers':[3]}", NULL), "true");
    assert_string_equal(say(&object, "self.?n.value() / 2.0", "{'n':3}", NULL), "1.5");
    assert_string_equal(say(&number, "self / 2.0", "3", NULL), "1.5");
    assert_string_equal(say(&object, "self.__import__ + self.metadata.name", "{'import':'a','metadata':{'name':'b'}}", NULL), "\"ab\"");
}

static void nothing_runs_away(void **state) {
    (void)state;
    struct sm_str deep;
    sm_str_init(&deep, &r);
    for (int i = 0; i < 1000; i++)
        sm_str_add(&deep, "(");
    const char *list = "['0','1','2','3','4','5','6','7','8','9']";

    assert_non_null(strstr(compile_error(deep.data, SM_CEL_BOOL), "expression recursion limit exceeded: 200"));
    deep.bytes = 0;
    for (int i = 0; i < 1000; i++)
        sm_str_add(&deep, "1+");
    sm_str_add(&deep, "1 > 0");
    assert_non_null(strstr(compile_error(deep.data, SM_CEL_BOOL), "expression recursion limit exceeded: 200"));
    const char *long_run = "self.all(a, self.all(b, self.all(c, self.all(d, self.all(e, self.all(f, self.all(g, a != 'x')))))))";
    assert_string_equal(say(NULL, long_run, list, NULL), "error: operation cancelled: actual cost limit exceeded");
    assert_string_equal(say(NULL, sm_region_printf(&r, "%s || true", long_run), list, NULL),
                        "error: operation cancelled: actual cost limit exceeded");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literals),
        cmocka_unit_test(operators_bind_as_in_the_language),
        cmocka_unit_test(fields_and_elements),
        cmocka_unit_test(an_error_counts_only_where_it_decides),
        cmocka_unit_test(arithmetic_says_what_it_cannot_do),
        cmocka_unit_test(macros),
        cmocka_unit_test(functions_of_texts),
        cmocka_unit_test(functions_of_lists),
        cmocka_unit_test(conversions),
        cmocka_unit_test(optionals),
        cmocka_unit_test(old_self),
        cmocka_unit_test(what_does_not_parse_says_where),
        cmocka_unit_test(types_come_from_the_schema),
        cmocka_unit_test(whole_numbers_of_a_number_are_doubles),
        cmocka_unit_test(nothing_runs_away),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
