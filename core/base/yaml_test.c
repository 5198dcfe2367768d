#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "bug_expect.h"
#include "json.h"
#include "str.h"
#include "yaml.h"

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
static bool parse_bytes(const char *text, size_t bytes, struct sm_yaml_doc **ret_docs, size_t *ret_count, struct sm_yaml_error *error) {
    char *exact = malloc(bytes ? bytes : 1);
    memcpy(exact, text, bytes);
    bool parsed = sm_yaml_parse(&r, exact, bytes, ret_docs, ret_count, error);
    free(exact);
    return parsed;
}

static struct sm_yaml_doc parse(const char *text) {
    struct sm_yaml_doc *docs;
    struct sm_yaml_error error;
    size_t count;
    if (!parse_bytes(text, strlen(text), &docs, &count, &error))
        fail_msg("%s: %u:%u %s", text, error.line, error.column, error.message);
    assert_int_equal(count, 1);
    return docs[0];
}

static void assert_reads(const char *yaml, const char *json) {
    sm_val v = parse(yaml).value, expected = sm_json_literal(&r, json);
    assert_string_equal(sm_json_text(&r, v, 0), sm_json_text(&r, expected, 0));
    assert_true(sm_val_equal(v, expected));
}

static void assert_fails(const char *text, size_t bytes, unsigned line, unsigned column, const char *message) {
    struct sm_yaml_doc *docs;
    struct sm_yaml_error error;
    size_t count, used_bytes = r.used_bytes;
    if (parse_bytes(text, bytes, &docs, &count, &error))
        fail_msg("no error in %.200s", text);
    assert_string_equal(error.message, message);
    assert_int_equal(error.line, line);
    assert_int_equal(error.column, column);
    assert_int_equal(r.used_bytes, used_bytes);
}

/* [text] is [unit] [times] times over. */
static void add_times(struct sm_str *text, const char *unit, size_t times) {
    for (size_t i = 0; i < times; i++)
        sm_str_add(text, unit);
}

/* --- Scalars ----------------------------------------------------------------------------------------------------------------- */

static void plain_scalars_mean_what_kubectl_takes_them_for(void **state) {
    (void)state;
    const char *const rows[][2] = {
        {"true", "true"}, {"True", "true"}, {"y", "true"}, {"Y", "true"}, {"yes", "true"}, {"YES", "true"}, {"on", "true"}, {"On", "true"},
        {"false", "false"}, {"n", "false"}, {"No", "false"}, {"off", "false"}, {"OFF", "false"},
        {"yEs", "'yEs'"}, {"tRUE", "'tRUE'"}, {"yess", "'yess'"},
        {"~", "null"}, {"null", "null"}, {"Null", "null"}, {"NULL", "null"}, {"nULL", "'nULL'"},
        {"0", "0"}, {"12", "12"}, {"+12", "12"}, {"-12", "-12"}, {"-0", "0"},
        {"0400", "256"}, {"0o400", "256"}, {"0O17", "15"}, {"-0400", "-256"}, {"0_400", "256"},
        {"08", "8"}, {"0o8", "'0o8'"}, {"0x1F", "31"}, {"0X1f", "31"}, {"-0x1F", "-31"}, {"0x", "'0x'"}, {"0xg", "'0xg'"},
        {"0b101", "5"}, {"-0b11", "-3"}, {"0b2", "'0b2'"},
        {"1_000", "1000"}, {"1__0_", "10"}, {"_1", "'_1'"}, {"0x_1f", "31"}, {"1_0.5", "10.5"},
        {"9223372036854775807", "9223372036854775807"}, {"-9223372036854775808", "-9223372036854775808"},
        {"9223372036854775808", "9223372036854775808"}, {"18446744073709551615", "18446744073709551615"},
        {"0xffffffffffffffff", "18446744073709551615"}, {"99999999999999999999", "1e20"}, {"-9223372036854775809", "-9223372036854775809"},
        {"1.5", "1.5"}, {".5", "0.5"}, {"-.5", "-0.5"}, {"+.5", "0.5"}, {".5_0", "'.5_0'"}, {"1.0", "1"}, {"1.", "1"}, {"-0.0", "0"},
        {"1e3", "1000"}, {"1E+3", "1000"}, {"1.5e-3", "0.0015"}, {"1e400", "'1e400'"}, {"1e", "'1e'"}, {"1e+", "'1e+'"}, {"1e21", "1e21"},
        {".", "'.'"}, {"..", "'..'"}, {"-", NULL}, {"+", "'+'"}, {"-.", "'-.'"}, {"1.2.3", "'1.2.3'"}, {"1 2", "'1 2'"},
        {"2001-12-14", "'2001-12-14'"}, {"2001-12-14T21:59:43.10-05:00", "'2001-12-14T21:59:43.10-05:00'"}, {"12:30:45", "'12:30:45'"},
        {"10Gi", "'10Gi'"}, {"500m", "'500m'"}, {"v1", "'v1'"}, {"127.0.0.1", "'127.0.0.1'"}, {"1e3m", "'1e3m'"},
        {"\"yes\"", "'yes'"}, {"'12'", "'12'"}, {"\"\"", "''"}, {"''", "''"}, {"", "null"},
        {"!!str 12", "'12'"}, {"!!str", "''"}, {"! 12", "'12'"}, {"!!int \"12\"", "12"}, {"!!int 0x10", "16"}, {"!!float 3", "3"},
        {"!!float 2.5", "2.5"}, {"!!bool \"yes\"", "true"}, {"!!null \"\"", "null"}, {"!!timestamp 2001-12-14", "'2001-12-14'"},
        {"!!map {b: c}", "{'b':'c'}"}, {"!!seq [b]", "['b']"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i][1])
            assert_reads(sm_region_printf(&r, "a: %s\n", rows[i][0]), sm_region_printf(&r, "{'a':%s}", rows[i][1]));
    assert_true(sm_val_is_int(sm_val_get(parse("a: 1.0").value, "a")));
    assert_int_equal(sm_val_kind(sm_val_get(parse("a: 9223372036854775808").value, "a")), SM_KIND_DOUBLE);
}

static void texts_are_read_in_every_style(void **state) {
    (void)state;
    assert_reads("a: |\n  x\n   y\n\n  z\n", "{'a':'x\\n y\\n\\nz\\n'}");
    assert_reads("a: |-\n  x\n  y\n", "{'a':'x\\ny'}");
    assert_reads("a: >\n  x\n  y\n\n  z\n", "{'a':'x y\\nz\\n'}");
    assert_reads("a: x\n  y\n", "{'a':'x y'}");
    assert_reads("a: \"x\\ty\\u00e9\\ud83d\\ude00\\/\\x41\"\n", "{'a':'x\\ty\\u00e9\\ud83d\\ude00/A'}");
    assert_reads("a: 'it''s'", "{'a':'it\\u0027s'}");
    assert_reads("a: x # comment\n# comment\nb: x#y\n", "{'a':'x','b':'x#y'}");
    assert_reads("a: \"x\\0y\"", "{'a':'x\\u0000y'}");
    assert_reads("\xc3\xa9: \xf0\x9f\x98\x80\n", "{'\\u00e9':'\\ud83d\\ude00'}");
    assert_reads("\xef\xbb\xbf"
                 "a: 1\r\nb:\r\n- x\r\n- |\r\n  y\r\n",
                 "{'a':1,'b':['x','y\\n']}");
}

static void keys_become_texts(void **state) {
    (void)state;
    assert_reads("{1: a, 0x10: b, -1: c, 1.5: d, y: e, \"n\": f}", "{'1':'a','16':'b','-1':'c','1.5':'d','true':'e','n':'f'}");
    assert_reads("on: push\n? off\n: x\n", "{'true':'push','false':'x'}");
    assert_reads("{1.1: a, 1e300: b, -1e300: c, 0.00001: d, 1234567.5: e}",
                 "{'1.1':'a','.inf':'b','-.inf':'c','1e-05':'d','1.2345675e+06':'e'}");
    assert_reads("a: &k key\n*k : b\n", "{'a':'key','key':'b'}");
}

/* --- Documents --------------------------------------------------------------------------------------------------------------- */

static void json_is_yaml(void **state) {
    (void)state;
    assert_reads("{\n\t\"a\":1,\n\t\"b\": [\n\t\t1.5,\t\"x\\ty\\/\"\n\t]\n,\"c\":{}, \"d\":[],\"e\":null,\"f\":\"\\ud83d\\ude00\"}\n",
                 "{'a':1,'b':[1.5,'x\\ty/'],'c':{},'d':[],'e':null,'f':'\\ud83d\\ude00'}");
}

static void flow_may_end_further_left(void **state) {
    (void)state;
    assert_reads("a: [\n  b,\n  c\n]\nd: {\ne: f\n}\n", "{'a':['b','c'],'d':{'e':'f'}}");
}

static void several_documents_are_read_and_empty_ones_left_out(void **state) {
    (void)state;
    const char *text = "# first\n---\na: 1\n---\n# nothing\n---\n---\nb: 2\n...\n---\n~\n--- text\n---\n";
    struct sm_yaml_doc *docs;
    struct sm_yaml_error error;
    size_t count;
    assert_true(parse_bytes(text, strlen(text), &docs, &count, &error));
    assert_int_equal(count, 4);
    assert_string_equal(sm_json_text(&r, docs[0].value, 0), "{\"a\":1}");
    assert_string_equal(sm_json_text(&r, docs[1].value, 0), "{\"b\":2}");
    assert_string_equal(sm_json_text(&r, docs[2].value, 0), "null");
    assert_string_equal(sm_json_text(&r, docs[3].value, 0), "\"text\"");
    assert_int_equal(sm_yaml_where(&docs[1], "b").line, 8);

    const char *const empty[] = {"", "\n", "# only\n", "---\n", "---\n...\n---\n"};
    for (size_t i = 0; i < 5; i++) {
        assert_true(parse_bytes(empty[i], strlen(empty[i]), &docs, &count, &error));
        assert_int_equal(count, 0);
    }
}

static void anchors_end_with_their_document(void **state) {
    (void)state;
    assert_fails("a: &x 1\n---\nb: *x\n", 18, 3, 4,
                 "no anchor `&x` stands before this alias: write the anchor first, or put the text in quotes");
}

/* --- Anchors and merge keys ----------------------------------------------------------------------------------------------------- */

static void aliases_repeat_values(void **state) {
    (void)state;
    assert_reads("a: &x {b: [1]}\nc: *x\nd: [*x, *x]\n", "{'a':{'b':[1]},'c':{'b':[1]},'d':[{'b':[1]},{'b':[1]}]}");
    assert_reads("a: &x 1\nb: *x\nc: &x 2\nd: *x\n", "{'a':1,'b':1,'c':2,'d':2}");
    assert_reads("a: &x\nb: *x\n", "{'a':null,'b':null}");
}

static void merge_keys_fill_in_what_is_absent(void **state) {
    (void)state;
    assert_reads("a: &x {b: 1, c: 2}\nd:\n  c: 3\n  <<: *x\n", "{'a':{'b':1,'c':2},'d':{'b':1,'c':3}}");
    assert_reads("a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n", "{'a':{'b':1,'c':2},'d':{'b':1,'c':3}}");
    assert_reads("- &x {a: 1}\n- &y {a: 2, b: 2}\n- <<: [*x, *y, {a: 3, c: 3}]\n", "[{'a':1},{'a':2,'b':2},{'a':1,'b':2,'c':3}]");
    assert_reads("<<: {a: 1}\n", "{'a':1}");
    assert_reads("\"<<\": {a: 1}\n", "{'<<':{'a':1}}");
    assert_reads("<<: []\na: 1\n", "{'a':1}");
}

static void bombs_are_refused(void **state) {
    (void)state;
    struct sm_str lists, maps, merges;
    sm_str_init(&lists, &r);
    sm_str_init(&maps, &r);
    sm_str_init(&merges, &r);
    sm_str_add(&lists, "a: &a [x,x,x,x,x,x,x,x,x,x]\n");
    for (char c = 'b'; c < 'k'; c++)
        sm_str_addf(&lists, "%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", c, c, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1,
                    c - 1, c - 1, c - 1);
    assert_fails(lists.data, lists.bytes, 6, 29, "more than 1000000 values once aliases are expanded: write fewer aliases");

    sm_str_add(&maps, "a: &a {x: 1}\n");
    for (char c = 'b'; c < 'z'; c++)
        sm_str_addf(&maps, "%c: &%c {l: *%c, r: *%c}\n", c, c, c - 1, c - 1);
    assert_fails(maps.data, maps.bytes, 19, 11, "more than 1000000 values once aliases are expanded: write fewer aliases");

    sm_str_add(&merges, "a: &a {");
    for (int i = 0; i < 1000; i++)
        sm_str_addf(&merges, "k%d: 1, ", i);
    sm_str_add(&merges, "}\n");
    for (int i = 0; i < 2000; i++)
        sm_str_addf(&merges, "m%d: {<<: *a}\n", i);
    assert_fails(merges.data, merges.bytes, 997, 12, "more than 1000000 values once aliases are expanded: write fewer aliases");
}

/* --- Limits -------------------------------------------------------------------------------------------------------------------- */

static void depth_has_a_limit(void **state) {
    (void)state;
    struct sm_str text;
    sm_str_init(&text, &r);
    add_times(&text, "- ", SM_YAML_DEPTH_MAX);
    sm_str_add(&text, "a");
    assert_non_null(parse(text.data).value);

    sm_str_clear(&text);
    add_times(&text, "[", 10000);
    add_times(&text, "]", 10000);
    assert_fails(text.data, text.bytes, 1, SM_YAML_DEPTH_MAX + 1, "nested deeper than 100 levels: write it flatter");

    sm_str_clear(&text);
    for (int i = 0; i < 10000; i++)
        sm_str_add(&text, "- ");
    assert_fails(text.data, text.bytes, 1, 2 * SM_YAML_DEPTH_MAX + 1, "nested deeper than 100 levels: write it flatter");

    /* An alias counts with the height of its value. */
    sm_str_clear(&text);
    sm_str_add(&text, "- &a ");
    add_times(&text, "[", 60);
    add_times(&text, "]", 60);
    sm_str_add(&text, "\n- ");
    add_times(&text, "[", 40);
    sm_str_add(&text, "*a");
    add_times(&text, "]", 40);
    assert_fails(text.data, text.bytes, 2, 43, "nested deeper than 100 levels: write it flatter");
}

static void size_has_a_limit(void **state) {
    (void)state;
    struct sm_str text;
    sm_str_init(&text, &r);
    add_times(&text, "0123456789abcdef", SM_YAML_BYTES_MAX / 16);
    assert_int_equal(parse(text.data).value->count, SM_YAML_BYTES_MAX);
    sm_str_addc(&text, 'x');
    assert_fails(text.data, text.bytes, 0, 0, "larger than 4 MiB: write less, or several files");

    sm_str_clear(&text);
    add_times(&text, "k", 1000000);
    sm_str_add(&text, ":\n");
    add_times(&text, "- a\n", 100);
    assert_fails(text.data, text.bytes, 68, 3, "the paths of all keys together exceed 64 MiB: write shorter keys, or fewer levels");
}

static void quotes_within_single_quotes_are_doubled(void **state) {
    (void)state;
    const struct {
        const char *text, *value;
    } rows[] = {
        {"a: 'it''s'", "it's"},
        {"a: ''''", "'"},
        {"a: 'x''''y'", "x''y"},
        {"a: ''''''''''''''''''''''", "''''''''''"},
        {"a: 'x''y  \n  z\n\n\n   \tw '", "x'y z\n\nw "},
        {"a: '\n ''\n  '''", " ' '"},
        {"\xef\xbb\xbf" "a: 'b''''c'", "b''c"},
        {"a: 'x''y\r\n z'\r\n", "x'y z"},
        {"a: 'x''y \r\n\r\n z\r\r\r w'\r\n", "x'y\nz\n\nw"},
        {"a: \"x\r\r\n\r y\"\r", "x\n\ny"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sm_yaml_doc doc = parse(rows[i].text);
        assert_string_equal(sm_val_str_at(doc.value, "a"), rows[i].value);
    }
    assert_true(sm_val_is_text(sm_val_get(parse("'a''''b': c").value, "a''b"), "c"));
}

/* --- Places -------------------------------------------------------------------------------------------------------------------- */

static void assert_where(const struct sm_yaml_doc *doc, const char *path, const char *found, unsigned line, unsigned column) {
    struct sm_yaml_mark mark = sm_yaml_where(doc, path);
    assert_string_equal(mark.path, found);
    assert_int_equal(mark.line, line);
    assert_int_equal(mark.column, column);
}

static void keys_that_no_path_can_name_have_a_place_all_the_same(void **state) {
    (void)state;
    struct sm_yaml_doc doc = parse("a:\n"
                                   "  'x]y': {b: 1}\n"
                                   "  '': 2\n"
                                   "']': 3\n");

    assert_where(&doc, "a[x]y]", "a[x]y]", 2, 3);
    assert_where(&doc, "a[x]y].b", "a[x]y].b", 2, 11);
    assert_where(&doc, "a[x]y].c.d", "a[x]y]", 2, 3);
    assert_where(&doc, "a[q]y]", "a", 1, 1);
    assert_where(&doc, "a[]", "a[]", 3, 3);
    assert_where(&doc, "[]]", "[]]", 4, 1);
    assert_where(&doc, "..", "", 1, 1);
}

static void every_member_and_element_has_a_place(void **state) {
    (void)state;
    struct sm_yaml_doc doc = parse("# a comment\n"
                                   "a: 1\n"
                                   "\"b\": &x {c: 'd', e: [1, \"2\"]}\n"
                                   "\xc3\xa9: *x\n"
                                   "list:\n"
                                   "- name: x\n"
                                   "  on: yes\n"
                                   "- <<: *x\n"
                                   "  a.b/c: 1\n"
                                   "- - 5\n"
                                   "  -   *x\n");
    assert_where(&doc, "", "", 2, 1);
    assert_where(&doc, "a", "a", 2, 1);
    assert_where(&doc, "b", "b", 3, 1);
    assert_where(&doc, "b.c", "b.c", 3, 10);
    assert_where(&doc, "b.e", "b.e", 3, 18);
    assert_where(&doc, "b.e[0]", "b.e[0]", 3, 22);
    assert_where(&doc, "b.e[1]", "b.e[1]", 3, 25);
    assert_where(&doc, "b.e[-1]", "b.e[1]", 3, 25);
    assert_where(&doc, "list[0].true", "list[0].true", 7, 3);
    assert_where(&doc, "list[name=x].name", "list[0].name", 6, 3);
    assert_where(&doc, "list[1][a.b/c]", "list[1][a.b/c]", 9, 3);
    assert_where(&doc, "list[1].c", "list[1].c", 8, 3);
    assert_where(&doc, "list[2]", "list[2]", 10, 3);
    assert_where(&doc, "list[2][0]", "list[2][0]", 10, 5);
    assert_where(&doc, "list[2][1]", "list[2][1]", 11, 7);

    /* What is absent, or came by an alias, is where the nearest part of it is. */
    assert_where(&doc, "absent", "", 2, 1);
    assert_where(&doc, "b.x.y", "b", 3, 1);
    assert_where(&doc, "list[7].name", "list", 5, 1);
    assert_where(&doc, "a.b", "a", 2, 1);
    assert_where(&doc, "list[2][1].e[0]", "list[2][1]", 11, 7);
    assert_where(&doc, "[\xc3\xa9].c", "\xc3\xa9", 4, 1);
    assert_where(&doc, "list[1].e[0]", "list[1].e", 8, 3);
    assert_int_equal(doc.mark_count, 19);
    for (size_t i = 1; i < doc.mark_count; i++)
        assert_true(strcmp(doc.marks[i - 1].path, doc.marks[i].path) < 0);
}

/* --- Errors -------------------------------------------------------------------------------------------------------------------- */

static void errors_say_where_and_what_to_write(void **state) {
    (void)state;
    const char *goes_on = "this text goes on in the next line, and then a colon makes it a key: check the indentation of the next line, "
                          "and that every key ends in a colon and a blank";
    const char *not_closed = "the list opened at line 1, column 4 is not closed: write a comma or `]`";
    const struct {
        const char *text;
        unsigned line, column;
        const char *message;
    } rows[] = {
        {"a: 1\nb: 2\na: 3\n", 3, 1, "the key `a` stands here a second time, first in line 1: keep one"},
        {"a:\n  b: 1\n  c: 2\n  \"b\": 3\n  c: 4\n", 4, 3, "the key `b` stands here a second time, first in line 2: keep one"},
        {"1: a\n\"1\": b\n", 2, 1, "the key `1` stands here a second time, first in line 1: keep one"},
        {"{a: 1, a: 1}", 1, 8, "the key `a` stands here a second time, first in line 1: keep one"},
        {"a:\n\tb: 1\n", 2, 1, "a tab indents this line: indent with blanks"},
        {"a: 1\n  \tb: 2\n", 2, 3, "a tab indents this line: indent with blanks"},
        {"a: \"x\n", 1, 4, "the text in double quotes is not closed: write a closing quote"},
        {"a: 'x\n", 1, 4, "the text in single quotes is not closed: write a closing quote, and double those within"},
        {"a: [1, 2\nb: 1\n", 3, 1, not_closed},
        {"a: [1, 2\n---\n", 2, 1, not_closed},
        {"a: {b: 1\n", 2, 1, "the map opened at line 1, column 4 is not closed: write a comma or `}`"},
        {"a: 1\n b: 2\n", 1, 4, goes_on},
        {"a:1\nb: 2\n", 1, 1, goes_on},
        {"a: b: c\n", 1, 5, "a second key in one line: put the value in quotes if it holds a colon and a blank"},
        {"a: - b\n", 1, 4, "a list cannot start in the line of its key: put its first `- ` in the next line"},
        {"- a\nb: 1\n", 2, 1, "expected another `- ` of the list above: check the indentation"},
        {"a:\n  b: 1\n c: 2\n", 3, 2, "this key stands neither under the keys above it nor under an outer one: check the indentation"},
        {"a: |\n  x\n y\n", 3, 2, "expected a key here: check the indentation"},
        {"a: >x\n  b", 1, 5, "more text behind `|` or `>`: start it in the next line"},
        {"a:\n- b\n-\n- c\n", 4, 1, "expected a value here: write an empty item of a list as `null`"},
        {"a: @x\n", 1, 4, "a text cannot start with this character: put it in quotes"},
        {"a: %x\n", 1, 4, "a text cannot start with this character: put it in quotes"},
        {"a: \"\\q\"\n", 1, 5, "an unknown escape in double quotes: write \\\\ for a backslash, or use single quotes"},
        {"a: \"b\" c\n", 1, 8, "more text behind the closing quote: put all of it inside, and double the quotes it holds"},
        {"a: }\n", 1, 4, "a closing bracket or brace that nothing opened: leave it out, or put the text in quotes"},
        {"a: [1,,2]\n", 1, 7, "a comma with nothing before it: leave it out"},
        {"a: !b!c d\n", 1, 4, "a tag (`!…`) that is not known: leave it out, or put a text that starts with `!` in quotes"},
        {"a: !<b\n", 1, 7, "a tag (`!<…`) without its `>`: leave it out, or put a text that starts with `!` in quotes"},
        {"a: !b c\n", 1, 7, "the tag `!b` is not known: leave it out"},
        {"a: !!binary aGk=\n", 1, 13, "the tag `tag:yaml.org,2002:binary` is not known: leave it out"},
        {"a: !!int x\n", 1, 10, "`x` is not what its tag `tag:yaml.org,2002:int` says: leave the tag out"},
        {"a: !!seq {b: c}\n", 1, 10, "the tag `tag:yaml.org,2002:seq` is not known here: leave it out"},
        {"a: *b\n", 1, 4, "no anchor `&b` stands before this alias: write the anchor first, or put the text in quotes"},
        {"a: &b [*b]\n", 1, 8, "`*b` stands inside the value of `&b` itself: write the value out"},
        {"a: &b *c\n", 1, 8, "an anchor (`&…`) cannot be given to an alias (`*…`): leave it out"},
        {"<<: 1\n", 1, 1, "`<<` takes a map or a list of maps: write an alias of a map"},
        {"<<: [{}, 1]\n", 1, 1, "`<<` takes a map or a list of maps: write an alias of a map"},
        {"{<<: {}, <<: {}}\n", 1, 10, "a second `<<` in this map: give the first one a list: `<<: [*a, *b]`"},
        {"a: .inf\n", 1, 4, "`.inf` is no number that JSON can carry: put it in quotes if a text is meant"},
        {"a: -.Inf\n", 1, 4, "`-.Inf` is no number that JSON can carry: put it in quotes if a text is meant"},
        {"- .nan\n", 1, 3, "`.nan` is no number that JSON can carry: put it in quotes if a text is meant"},
        {"? [a]\n: b\n", 1, 3, "a list cannot be a key: put it in quotes if a text is meant"},
        {"{{a: b}: c}\n", 1, 2, "a map cannot be a key: put it in quotes if a text is meant"},
        {"a: &x [b]\n*x : c\n", 2, 1, "a list or a map cannot be a key: write a text"},
        {"~: a\n", 1, 1, "a key is missing here: write \"null\" in quotes if that text is meant"},
        {"a: b\n: c\n", 1, 1, "a key is missing here: write \"null\" in quotes if that text is meant"},
        {"\"\\0\": 1\n", 1, 1, "a key cannot hold the character \\0: leave it out"},
        {"a: \xc3\xa9\xff\n", 1, 5, "the byte 0xff is not UTF-8: save the file as UTF-8"},
        {"\xff\xfe" "a", 1, 1, "the byte 0xff is not UTF-8: save the file as UTF-8"},
        {"a: b\n\x01\n", 2, 1, "a control character stands here: leave it out, or write it as an escape in double quotes"},
        {"a: \xc2\x80\n", 1, 4, "a control character stands here: leave it out, or write it as an escape in double quotes"},
        {"a: \xc2\x85\n", 1, 4, "a control character stands here: leave it out, or write it as an escape in double quotes"},
        {"a: \"b\\\n \n c\"\n", 1, 4, "a line ends in an escaped blank, or in `\\` before an empty line: write the text in one line"},
        {"a: \"b\\ \n c\"\n", 1, 4, "a line ends in an escaped blank, or in `\\` before an empty line: write the text in one line"},
        {"a: 'b\xe2\x80\xa8'\n", 1, 6, "a separator of lines (U+2028) stands here: write it as \\u2028 in double quotes"},
        {"a: b\xe2\x80\xa9 c\n", 1, 5, "a separator of lines (U+2029) stands here: write it as \\u2029 in double quotes"},
        {"%YAML 3.0\n---\na: 1\n", 1, 1, "this is neither YAML 1.1 nor 1.2: check what stands here"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_fails(rows[i].text, strlen(rows[i].text), rows[i].line, rows[i].column, rows[i].message);
    assert_fails("a: \0\n", 5, 1, 4, "a control character stands here: leave it out, or write it as an escape in double quotes");
}

static void of_duplicates_the_last_counts_if_they_are_asked_for(void **state) {
    (void)state;
    struct sm_yaml_duplicate duplicates[2];
    struct sm_yaml_doc *docs;
    struct sm_yaml_error error;
    size_t count, duplicate_count;
    const char *text = "a: 1\nb:\n  x: 1\n  x: 2\na: 3\na: 4\n";

    assert_true(sm_yaml_parse_lax(&r, text, strlen(text), &docs, &count, duplicates, 2, &duplicate_count, &error));

    assert_string_equal(sm_json_text(&r, docs[0].value, 0), "{\"a\":4,\"b\":{\"x\":2}}");
    assert_int_equal(duplicate_count, 2);
    assert_string_equal(duplicates[0].key, "x");
    assert_int_equal(duplicates[0].line, 4);
    assert_string_equal(duplicates[1].key, "a");
    assert_int_equal(duplicates[1].line, 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(plain_scalars_mean_what_kubectl_takes_them_for),
        TEST(texts_are_read_in_every_style),
        TEST(keys_become_texts),
        TEST(json_is_yaml),
        TEST(flow_may_end_further_left),
        TEST(several_documents_are_read_and_empty_ones_left_out),
        TEST(anchors_end_with_their_document),
        TEST(aliases_repeat_values),
        TEST(merge_keys_fill_in_what_is_absent),
        TEST(bombs_are_refused),
        TEST(depth_has_a_limit),
        TEST(size_has_a_limit),
        TEST(every_member_and_element_has_a_place),
        TEST(quotes_within_single_quotes_are_doubled),
        TEST(keys_that_no_path_can_name_have_a_place_all_the_same),
        TEST(errors_say_where_and_what_to_write),
        TEST(of_duplicates_the_last_counts_if_they_are_asked_for),
    };
    return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
