#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "json.h"
#include "yaml.h"
#include "yaml_print.h"

static struct sm_region r;

static int setup(void **state) {
    (void)state;
    sm_region_init(&r, "test", 0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sm_region_release(&r);
    return 0;
}

static const char *printed(const char *json) {
    struct sm_str out;

    sm_str_init(&out, &r);
    sm_yaml_print(&out, sm_json_literal(&r, json), (const char *const[]){"steps", "patch", NULL});
    return out.data;
}

static void blocks_are_indented_and_lists_begin_at_their_dash(void **state) {
    (void)state;

    assert_string_equal(
        printed("{'steps':[{'patch':'seinode/n-1','with':{'spec':{'image':'r:v2'}}},[1,'a'],'b',{}],'empty':[],'number':5}"),
        "steps:\n"
        "  - patch: seinode/n-1\n"
        "    with:\n"
        "      spec:\n"
        "        image: \"r:v2\"\n"
        "  - - 1\n"
        "    - a\n"
        "  - b\n"
        "  - {}\n"
        "empty: []\n"
        "number: 5\n");
    assert_string_equal(printed("{'b':1,'a':{'with':2,'patch':3},'steps':4}"), "steps: 4\na:\n  patch: 3\n  with: 2\nb: 1\n");
}

static void what_is_printed_reads_back_as_the_same(void **state) {
    static const char *const cases[] = {
        "{'a':'yes','b':'5s','c':'0400','d':'no: way','e':'x #1','f':'two\\nlines','g':true,'h':null,'i':-3,'on':'N'}",
        "[[],[[1]],[{'a':[{'b':{'c':'~'}}]}]]", "{'a b':{'': '-'}}", "'just text'", "[1.5,'1.5','']"};
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *text = printed(cases[i]);
        struct sm_yaml_doc *docs = NULL;
        struct sm_yaml_error error;
        size_t count = 0;
        if (!sm_yaml_parse(&r, text, strlen(text), &docs, &count, &error))
            fail_msg("%s\n%s", text, error.message);
        assert_int_equal(count, 1);
        if (!sm_val_equal(docs[0].value, sm_json_literal(&r, cases[i])))
            fail_msg("%s\nis not\n%s", text, cases[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(blocks_are_indented_and_lists_begin_at_their_dash, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_printed_reads_back_as_the_same, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
