#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "json.h"
#include "patch.h"

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

/* Each row: a document, a patch, the result; NULL: it fails. Quotes are single ones. */
struct row {
    const char *document, *patch, *result;
};

static void check(const struct row *row) {
    struct sm_reply error = {0};
    sm_val result = sm_patch_json(&r, sm_json_literal(&r, row->document), sm_json_literal(&r, row->patch), &error);

    if (!row->result) {
        if (result)
            fail_msg("%s onto %s: gave %s", row->patch, row->document, sm_json_text(&r, result, 0));
        assert_int_equal(error.code, 422);
        assert_string_equal(sm_val_str_at(error.body, "message"), "the server rejected our request due to an error in our request");
        assert_true(sm_val_equal(sm_val_get(error.body, "details"), SM_EMPTY_MAP));
        return;
    }
    if (!sm_val_equal(result, sm_json_literal(&r, row->result)))
        fail_msg("%s onto %s: gave %s", row->patch, row->document, result ? sm_json_text(&r, result, 0) : "an error");
}

static void check_all(const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++)
        check(&rows[i]);
}
#define CHECK(rows) check_all(rows, sizeof(rows) / sizeof(rows)[0])

static void operations_on_maps(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'a':1}", "[{'op':'add','path':'/b','value':2}]", "{'a':1,'b':2}"},
        {"{'a':1}", "[{'op':'add','path':'/a','value':2}]", "{'a':2}"},
        {"{'a':1}", "[{'op':'remove','path':'/a'}]", "{}"},
        {"{'a':1}", "[{'op':'replace','path':'/a','value':{'b':[]}}]", "{'a':{'b':[]}}"},
        {"{'a':1,'b':{}}", "[{'op':'move','from':'/a','path':'/b/c'}]", "{'b':{'c':1}}"},
        {"{'a':[1],'b':{}}", "[{'op':'copy','from':'/a/0','path':'/b/c'}]", "{'a':[1],'b':{'c':1}}"},
        {"{'a':{'b':1}}", "[{'op':'test','path':'/a','value':{'b':1}},{'op':'add','path':'/c','value':2}]", "{'a':{'b':1},'c':2}"},
        {"{'a':1}", "[]", "{'a':1}"},
        {"{'a':1}", "null", "{'a':1}"},
    };
    CHECK(rows);
}

static void keys_are_escaped(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'x':{}}", "[{'op':'add','path':'/x/example.com~1k','value':1}]", "{'x':{'example.com/k':1}}"},
        {"{'x':{}}", "[{'op':'add','path':'/x/a~0b','value':1}]", "{'x':{'a~b':1}}"},
        {"{'x':{}}", "[{'op':'add','path':'/x/~01','value':1}]", "{'x':{'~1':1}}"},
        {"{'x':{}}", "[{'op':'add','path':'/x/','value':1}]", "{'x':{'':1}}"},
    };
    CHECK(rows);
}

static void lists_by_index(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'l':[1,2]}", "[{'op':'add','path':'/l/0','value':0}]", "{'l':[0,1,2]}"},
        {"{'l':[1,2]}", "[{'op':'add','path':'/l/2','value':3}]", "{'l':[1,2,3]}"},
        {"{'l':[1,2]}", "[{'op':'add','path':'/l/-','value':3}]", "{'l':[1,2,3]}"},
        {"{'l':[]}", "[{'op':'add','path':'/l/-','value':3}]", "{'l':[3]}"},
        {"{'l':[1,2]}", "[{'op':'add','path':'/l/-1','value':3}]", "{'l':[1,2,3]}"},
        {"{'l':[1,2]}", "[{'op':'replace','path':'/l/-1','value':3}]", "{'l':[1,3]}"},
        {"{'l':[1,2]}", "[{'op':'remove','path':'/l/-2'}]", "{'l':[2]}"},
        {"{'l':[{'a':1}]}", "[{'op':'replace','path':'/l/0/a','value':2}]", "{'l':[{'a':2}]}"},
        {"{'l':[1,2]}", "[{'op':'add','path':'/l/3','value':0}]", NULL},
        {"{'l':[1,2]}", "[{'op':'replace','path':'/l/2','value':0}]", NULL},
        {"{'l':[1,2]}", "[{'op':'remove','path':'/l/-3'}]", NULL},
        {"{'l':[1,2]}", "[{'op':'add','path':'/l/x','value':0}]", NULL},
        {"{'l':[1,2]}", "[{'op':'remove','path':'/l/-'}]", NULL},
        {"{'l':[1,2]}", "[{'op':'add','path':'/l/00000000000','value':0}]", NULL},
    };
    CHECK(rows);
}

/* What the library does and the RFC does not say. */
static void what_a_map_lacks_reads_as_null(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'a':{}}", "[{'op':'replace','path':'/a/b','value':1}]", "{'a':{'b':1}}"},
        {"{'a':{}}", "[{'op':'copy','from':'/a/b','path':'/c'}]", "{'a':{},'c':null}"},
        {"{'a':{}}", "[{'op':'test','path':'/a/b','value':null}]", "{'a':{}}"},
        {"{'a':{}}", "[{'op':'test','path':'/a/b'}]", "{'a':{}}"},
        {"{'a':{}}", "[{'op':'add','path':'/a/b'}]", "{'a':{'b':null}}"},
        {"{'a':{}}", "[{'op':'remove','path':'/a/b'}]", NULL},
        {"{'a':{}}", "[{'op':'test','path':'/a/b','value':1}]", NULL},
    };
    CHECK(rows);
}

static void paths_that_lead_nowhere_fail(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'a':1}", "[{'op':'add','path':'/b/c','value':1}]", NULL},
        {"{'a':1}", "[{'op':'add','path':'/a/c','value':1}]", NULL},
        {"{'a':null}", "[{'op':'add','path':'/a/c','value':1}]", NULL},
        {"{'a':1}", "[{'op':'add','path':'','value':{}}]", NULL},
        {"{'a':1}", "[{'op':'add','value':1}]", NULL},
        {"{'a':1}", "[{'op':'move','from':'/x/y','path':'/b'}]", NULL},
        {"{'a':1}", "[{'op':'copy','path':'/b'}]", NULL},
        {"{'a':1}", "[{'op':'explode','path':'/a'}]", NULL},
        {"{'a':1}", "[{'path':'/a'}]", NULL},
        {"{'a':1}", "[null]", NULL},
    };
    CHECK(rows);
}

static void a_path_without_slash_loses_its_first_segment(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'data':{}}", "[{'op':'add','path':'data/b','value':1}]", "{'b':1,'data':{}}"},
        {"{'data':{}}", "[{'op':'add','path':'b','value':1}]", NULL},
    };
    CHECK(rows);
}

static void test_of_the_whole_document(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'a':1}", "[{'op':'test','path':'','value':{'a':1}}]", "{'a':1}"},
        {"{'a':1}", "[{'op':'test','path':'','value':{'a':2}}]", NULL},
    };
    CHECK(rows);
}

static void a_failing_test_undoes_what_came_before(void **state) {
    (void)state;
    struct sm_reply error;
    sm_val document = sm_json_literal(&r, "{'a':1}");

    sm_val result = sm_patch_json(&r, document,
                                  sm_json_literal(&r, "[{'op':'add','path':'/b','value':1},{'op':'test','path':'/a','value':2}]"), &error);

    assert_null(result);
    assert_string_equal(sm_json_text(&r, document, 0), "{\"a\":1}");
}

static void what_is_no_patch_is_a_bad_request(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"{}", "json: cannot unmarshal object into Go value of type jsonpatch.Patch"},
        {"'x'", "json: cannot unmarshal string into Go value of type jsonpatch.Patch"},
        {"[1]", "json: cannot unmarshal number into Go value of type jsonpatch.Operation"},
        {"[[]]", "json: cannot unmarshal array into Go value of type jsonpatch.Operation"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sm_reply error;
        assert_null(sm_patch_json(&r, SM_EMPTY_MAP, sm_json_literal(&r, rows[i][0]), &error));
        assert_int_equal(error.code, 400);
        assert_string_equal(sm_val_str_at(error.body, "message"), rows[i][1]);
    }
}

static void too_many_operations_are_refused(void **state) {
    (void)state;
    enum { COUNT = 10001 };
    sm_val *operations = sm_region_alloc(&r, COUNT * sizeof operations[0]);
    struct sm_reply error;

    for (size_t i = 0; i < COUNT; i++)
        operations[i] = sm_json_literal(&r, "{'op':'test','path':'/a'}");
    assert_null(sm_patch_json(&r, SM_EMPTY_MAP, sm_val_from_items(&r, operations, COUNT), &error));

    assert_int_equal(error.code, 413);
    assert_string_equal(sm_val_str_at(error.body, "message"),
                        "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_on_maps),
        cmocka_unit_test(keys_are_escaped),
        cmocka_unit_test(lists_by_index),
        cmocka_unit_test(what_a_map_lacks_reads_as_null),
        cmocka_unit_test(paths_that_lead_nowhere_fail),
        cmocka_unit_test(a_path_without_slash_loses_its_first_segment),
        cmocka_unit_test(test_of_the_whole_document),
        cmocka_unit_test(a_failing_test_undoes_what_came_before),
        cmocka_unit_test(what_is_no_patch_is_a_bad_request),
        cmocka_unit_test(too_many_operations_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
