#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "json.h"
#include "list_key.h"
#include "typed.h"

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

/* A small kind with one of each: items by name, ports by port and protocol (UDP by default), tags a set, args and selector
 * atomic, labels a map, raw anything. */
static const struct sm_schema text = {.type = SM_TYPE_STRING}, number = {.type = SM_TYPE_INT32}, any = {.type = SM_TYPE_ANY};
static const struct sm_schema raw = {.type = SM_TYPE_ANY, .atomic = true};
static const struct sm_schema texts = {.type = SM_TYPE_LIST, .element = &text};
static const struct sm_schema tags = {.type = SM_TYPE_LIST, .element = &text, .list = SM_LIST_SET};
static const struct sm_schema labels = {.type = SM_TYPE_MAP, .element = &text};
static const struct sm_schema selector = {.type = SM_TYPE_MAP, .element = &text, .atomic = true};
static const struct sm_field port_fields[] = {
    {.name = "name", .schema = &text}, {.name = "port", .schema = &number}, {.name = "protocol", .schema = &text, .absent = "\"UDP\""}};
static const struct sm_schema port = {.type = SM_TYPE_OBJECT, .fields = port_fields, .field_count = 3};
static const struct sm_schema ports = {.type = SM_TYPE_LIST, .element = &port, .list = SM_LIST_MAP, .keys = {"protocol", "port"}};
static const struct sm_field item_fields[] = {{.name = "args", .schema = &texts},
                                              {.name = "image", .schema = &text},
                                              {.name = "name", .schema = &text},
                                              {.name = "ports", .schema = &ports}};
static const struct sm_schema item = {.type = SM_TYPE_OBJECT, .fields = item_fields, .field_count = 4};
static const struct sm_schema items = {.type = SM_TYPE_LIST, .element = &item, .list = SM_LIST_MAP, .keys = {"name"}};
static const struct sm_field meta_fields[] = {
    {.name = "creationTimestamp", .schema = &text}, {.name = "labels", .schema = &labels}, {.name = "name", .schema = &text}};
static const struct sm_schema meta = {.type = SM_TYPE_OBJECT, .fields = meta_fields, .field_count = 3};
static const struct sm_field root_fields[] = {
    {.name = "count", .schema = &number}, {.name = "free", .schema = &any},       {.name = "items", .schema = &items},
    {.name = "metadata", .schema = &meta}, {.name = "raw", .schema = &raw},       {.name = "selector", .schema = &selector},
    {.name = "status", .schema = &any},   {.name = "tags", .schema = &tags},
};
static const struct sm_schema root = {.type = SM_TYPE_OBJECT, .fields = root_fields, .field_count = 8};

static sm_val value(const char *literal) {
    return sm_json_literal(&r, literal);
}

static void assert_value(sm_val got, const char *wanted, const char *of) {
    if (!sm_val_equal(got, value(wanted)))
        fail_msg("%s: got %s, not %s", of, got ? sm_json_text(&r, got, 0) : "nothing", wanted);
}

/* --- Sets ------------------------------------------------------------------------------------------------------------------ */

static void a_set_names_what_an_object_names(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"{'count':1,'apiVersion':'v1','kind':'K'}", "{'f:count':{}}"},
        {"{'metadata':{'name':'x','creationTimestamp':null,'labels':{'a':'1'}}}", "{'f:metadata':{'f:labels':{'f:a':{}}}}"},
        {"{'metadata':{},'status':{'x':1}}", "{}"},
        {"{'metadata':{'labels':{}}}", "{'f:metadata':{'f:labels':{}}}"},
        {"{'items':[{'name':'a','args':['x']}]}", "{'f:items':{'k:{\\\"name\\\":\\\"a\\\"}':{'.':{},'f:args':{},'f:name':{}}}}"},
        {"{'items':[{'name':'a','image':null}]}", "{'f:items':{'k:{\\\"name\\\":\\\"a\\\"}':{'.':{},'f:image':{},'f:name':{}}}}"},
        {"{'items':[]}", "{}"},
        {"{'items':null}", "{'f:items':{}}"},
        {"{'items':[{'name':'a','ports':[{'port':1}]}]}",
         "{'f:items':{'k:{\\\"name\\\":\\\"a\\\"}':{'.':{},'f:name':{},'f:ports':{'k:{\\\"port\\\":1,\\\"protocol\\\":\\\"UDP\\\"}':{'.':{},'f:port':{}}}}}}"},
        {"{'tags':['a','b']}", "{'f:tags':{'v:\\\"a\\\"':{},'v:\\\"b\\\"':{}}}"},
        {"{'selector':{'a':'1'},'raw':{'a':{'b':1}}}", "{'f:raw':{},'f:selector':{}}"},
        {"{'free':{'a':{'b':1},'l':[1],'e':{}}}", "{'f:free':{'f:a':{'.':{},'f:b':{}},'f:e':{},'f:l':{}}}"},
        {"{'free':1}", "{'f:free':{}}"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *error = "";
        assert_value(sm_typed_set(&r, &root, value(rows[i][0]), "status", NULL, &error), rows[i][1], rows[i][0]);
        assert_null(error);
    }
}

static void a_set_that_is_known_is_returned_itself(void **state) {
    (void)state;
    const char *object = "{'count':1,'items':[{'name':'b','ports':[{'port':1}]},{'name':'a'}],'tags':['y','x'],'free':{'a':{}}}";
    sm_val known = sm_typed_set(&r, &root, value(object), NULL, NULL, NULL);

    assert_ptr_equal(sm_typed_set(&r, &root, value(object), NULL, known, NULL), known);
    sm_val other =
        sm_typed_set(&r, &root, value("{'count':1,'items':[{'name':'b'},{'name':'a'}],'tags':['x','y','z']}"), NULL, known, NULL);
    assert_value(
        other,
        "{'f:count':{},'f:items':{'k:{\\\"name\\\":\\\"a\\\"}':{'.':{},'f:name':{}},'k:{\\\"name\\\":\\\"b\\\"}':{'.':{},'f:name':{}}},"
        "'f:tags':{'v:\\\"x\\\"':{},'v:\\\"y\\\"':{},'v:\\\"z\\\"':{}}}",
        "other");
    assert_ptr_equal(sm_val_get(other, "f:count"), sm_val_get(known, "f:count"));
}

static void what_is_wrong_is_said_with_its_path(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"{'nope':1}", ".nope: field not declared in schema"},
        {"{'items':[{'name':'a','nope':1}]}", ".items[name=\"a\"].nope: field not declared in schema"},
        {"{'items':[{'name':'a'},{'name':'a'}]}", ".items: duplicate entries for key [name=\"a\"]"},
        {"{'items':[{'name':'a','ports':[{'port':1},{'port':1,'protocol':'UDP'}]}]}",
         ".items[name=\"a\"].ports: duplicate entries for key [port=1,protocol=\"UDP\"]"},
        {"{'tags':['a','a']}", ".tags: duplicate entries for key [=\"a\"]"},
        {"{'tags':[['a']]}", ".tags: element 0: not supporting lists of lists"},
        {"{'tags':[null]}", ".tags: element 0: associative list without keys has an element that's an explicit null"},
        {"{'items':{'a':1}}", ".items: expected list, got &{map[a:1]}"},
        {"{'count':'x'}", ".count: expected numeric (int or float), got string"},
        {"{'selector':{'a':[1]}}", ".selector.a: expected string, got &value.valueUnstructured{Value:[]interface {}{1}}"},
        {"{'items':[{'name':'a','args':['x',2]}]}",
         ".items[name=\"a\"].args[1]: expected string, got &value.valueUnstructured{Value:2}"},
        {"{'count':'x','nope':1}", "errors:\n  .count: expected numeric (int or float), got string\n  .nope: field not declared in schema"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *error = NULL;
        sm_typed_set(&r, &root, value(rows[i][0]), NULL, NULL, &error);
        assert_non_null(error);
        assert_string_equal(error, rows[i][1]);
    }
}

/* --- Merging --------------------------------------------------------------------------------------------------------------- */

static void what_is_applied_wins_and_the_rest_stays(void **state) {
    (void)state;
    static const char *const rows[][3] = {
        {"{'count':1,'tags':['x']}", "{'count':2}", "{'count':2,'tags':['x']}"},
        {"{'metadata':{'labels':{'a':'1'}}}", "{'metadata':{'labels':{'b':'2'}}}", "{'metadata':{'labels':{'a':'1','b':'2'}}}"},
        {"{'selector':{'a':'1'}}", "{'selector':{'b':'2'}}", "{'selector':{'b':'2'}}"},
        {"{'items':[{'name':'a','image':'1','args':['x']}]}", "{'items':[{'name':'a','args':['y']}]}",
         "{'items':[{'name':'a','image':'1','args':['y']}]}"},
        {"{'free':{'a':{'b':1},'l':[1]}}", "{'free':{'a':{'c':2},'l':[2]}}", "{'free':{'a':{'b':1,'c':2},'l':[2]}}"},
        {"{'free':{'a':1}}", "{'free':2}", "{'free':2}"},
        {"{'count':1}", "{'count':null}", "{'count':null}"},
        {"{'metadata':{'labels':{'a':'1'}}}", "{'metadata':{'labels':null}}", "{'metadata':{'labels':{'a':'1'}}}"},
        {"{'metadata':{'labels':null}}", "{'metadata':{'labels':{'a':'1'}}}", "{'metadata':{'labels':{'a':'1'}}}"},
        {"{'tags':[]}", "{'tags':null}", "{'tags':null}"},
        {"{'metadata':{'creationTimestamp':'t'}}", "{'metadata':{'creationTimestamp':null,'generation':4}}",
         "{'metadata':{'creationTimestamp':'t'}}"},
        {"{'status':{'a':1}}", "{'status':{'a':2}}", "{'status':{'a':1}}"},
        {"{'items':[{'name':'a','ports':[{'port':1,'protocol':'UDP'}]}]}", "{'items':[{'name':'a','ports':[{'port':1,'name':'n'}]}]}",
         "{'items':[{'name':'a','ports':[{'port':1,'protocol':'UDP','name':'n'}]}]}"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_value(sm_typed_merge(&r, &root, value(rows[i][0]), value(rows[i][1]), "status"), rows[i][2], rows[i][1]);
}

/* Letters are elements: those of the live list, those applied, and what comes out. */
static void elements_come_in_the_order_of_who_applies(void **state) {
    (void)state;
    static const char *const rows[][3] = {
        {"abc", "abc", "abc"}, {"abc", "cab", "cab"}, {"abc", "xb", "axbc"},   {"abc", "x", "abcx"},     {"", "ab", "ab"},
        {"abcd", "db", "acdb"}, {"cab", "bxy", "cabxy"}, {"abc", "cxa", "bcxa"}, {"abc", "ax", "abcx"}, {"abc", "cb", "acb"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sm_val lists[3];
        for (size_t j = 0; j < 3; j++) {
            lists[j] = SM_EMPTY_LIST;
            for (const char *c = rows[i][j]; *c; c++)
                lists[j] = sm_val_append(&r, lists[j], sm_val_strn(&r, c, 1));
        }
        sm_val merged = sm_typed_merge(&r, &root, SM_MAP(&r, "tags", lists[0]), SM_MAP(&r, "tags", lists[1]), NULL);
        if (!sm_val_equal(sm_val_get(merged, "tags"), lists[2]))
            fail_msg("%s onto %s: %s, not %s", rows[i][1], rows[i][0], sm_json_text(&r, merged, 0), rows[i][2]);
    }
}

static void what_does_not_change_is_shared(void **state) {
    (void)state;
    sm_val live = value("{'count':1,'items':[{'name':'a','image':'1'},{'name':'b'}],'tags':['x','y'],'free':{'a':1}}");

    assert_ptr_equal(sm_typed_merge(&r, &root, live, value("{'items':[{'name':'a'}],'tags':['x'],'free':{}}"), NULL), live);
    sm_val merged = sm_typed_merge(&r, &root, live, value("{'items':[{'name':'a','image':'2'}]}"), NULL);
    assert_ptr_equal(sm_val_at(merged, "items[1]"), sm_val_at(live, "items[1]"));
    assert_ptr_equal(sm_val_get(merged, "tags"), sm_val_get(live, "tags"));
    assert_ptr_equal(sm_typed_merge(&r, &root, NULL, live, NULL), live);
}

/* --- Comparing ------------------------------------------------------------------------------------------------------------- */

static void differences_are_two_sets(void **state) {
    (void)state;
    static const char *const rows[][4] = {
        {"{'count':1}", "{'count':2}", "{'f:count':{}}", "{}"},
        {"{'count':1}", "{'count':1.0}", "{}", "{}"},
        {"{'count':1}", "{}", "{}", "{'f:count':{}}"},
        {"{}", "{'metadata':{'labels':{'a':'1'},'name':'n'}}", "{'f:metadata':{'f:labels':{'.':{},'f:a':{}}}}", "{}"},
        {"{'metadata':{'labels':{'a':'1'}}}", "{'metadata':{}}", "{}", "{'f:metadata':{'f:labels':{'.':{},'f:a':{}}}}"},
        {"{'metadata':{'labels':null}}", "{'metadata':{'labels':{'a':'1'}}}", "{'f:metadata':{'f:labels':{'f:a':{}}}}", "{}"},
        {"{'metadata':{'labels':{}}}", "{'metadata':{}}", "{}", "{'f:metadata':{'f:labels':{}}}"},
        {"{'tags':['x','y']}", "{'tags':['y','z']}", "{'f:tags':{'v:\\\"z\\\"':{}}}", "{'f:tags':{'v:\\\"x\\\"':{}}}"},
        {"{'tags':['x','y']}", "{'tags':['y','x']}", "{}", "{}"},
        {"{'items':[{'name':'a','image':'1'}]}", "{'items':[{'name':'a','image':'2'},{'name':'b'}]}",
         "{'f:items':{'k:{\\\"name\\\":\\\"a\\\"}':{'f:image':{}},'k:{\\\"name\\\":\\\"b\\\"}':{'.':{},'f:name':{}}}}", "{}"},
        {"{'selector':{'a':'1','b':'1'}}", "{'selector':{'a':'1'}}", "{'f:selector':{}}", "{}"},
        {"{'free':{'a':1}}", "{'free':[1]}", "{'f:free':{}}", "{}"},
        {"{'status':{'a':1}}", "{'status':{'a':2},'metadata':{'name':'x'}}", "{}", "{}"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sm_val changed, removed;
        sm_typed_compare(&r, &root, value(rows[i][0]), value(rows[i][1]), "status", &changed, &removed);
        assert_value(changed, rows[i][2], rows[i][1]);
        assert_value(removed, rows[i][3], rows[i][1]);
    }
}

/* --- Removing -------------------------------------------------------------------------------------------------------------- */

static void members_go_and_what_loses_its_last_part_is_null(void **state) {
    (void)state;
    static const char *const rows[][3] = {
        {"{'count':1,'tags':['x']}", "{'f:count':{}}", "{'tags':['x']}"},
        {"{'tags':['x','y']}", "{'f:tags':{'v:\\\"x\\\"':{}}}", "{'tags':['y']}"},
        {"{'tags':['x']}", "{'f:tags':{'v:\\\"x\\\"':{}}}", "{'tags':null}"},
        {"{'free':{'a':1}}", "{'f:free':{'f:a':{}}}", "{'free':null}"},
        {"{'items':[{'name':'a','image':'1'},{'name':'b'}]}",
         "{'f:items':{'k:{\\\"name\\\":\\\"a\\\"}':{'f:image':{}},'k:{\\\"name\\\":\\\"b\\\"}':{}}}", "{'items':[{'name':'a'}]}"},
        {"{'selector':{'a':'1'}}", "{'f:selector':{'f:a':{}}}", "{'selector':null}"},
        {"{'count':1}", "{'f:count':{'f:x':{}}}", "{'count':1}"},
        {"{'free':{}}", "{'f:free':{'f:a':{}}}", "{'free':null}"},
        {"{'tags':['x']}", "{'f:tags':{'v:\\\"z\\\"':{}}}", "{'tags':['x']}"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_value(sm_typed_remove(&r, &root, value(rows[i][0]), value(rows[i][1])), rows[i][2], rows[i][0]);
    sm_val object = value("{'count':1}");
    assert_ptr_equal(sm_typed_remove(&r, &root, object, SM_EMPTY_MAP), object);
}

/* --- Keys of elements ------------------------------------------------------------------------------------------------------- */

static void texts_of_keys_are_escaped_where_they_must_be(void **state) {
    (void)state;
    static const struct {
        const struct sm_schema *list;
        const char *item, *text, *printed;
    } rows[] = {
        {&items, "{'name':'a'}", "k:{\"name\":\"a\"}", "[name=\"a\"]"},
        {&items, "{}", "k:{\"name\":\"\"}", "[name=\"\"]"},
        {&ports, "{'port':8080}", "k:{\"port\":8080,\"protocol\":\"UDP\"}", "[port=8080,protocol=\"UDP\"]"},
        {&ports, "{'port':-1,'protocol':'a<b'}", "k:{\"port\":-1,\"protocol\":\"a\\u003cb\"}", "[port=-1,protocol=\"a<b\"]"},
        {&tags, "'x\\ty'", "v:\"x\\ty\"", "[=\"x\\ty\"]"},
        {&tags, "'\xc3\xa4'", "v:\"\xc3\xa4\"", "[=\"\xc3\xa4\"]"},
        {&tags, "true", "v:true", "[=true]"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sm_list_key key = sm_list_key(&r, rows[i].list, value(rows[i].item));
        char buffer[SM_LIST_KEY_BYTES];
        struct sm_str out;
        size_t bytes;
        sm_str_init(&out, &r);
        sm_list_key_print(&out, rows[i].list, &key);
        const char *shown = sm_list_key_text(&r, rows[i].list, &key, buffer, &bytes);
        assert_string_equal(shown, rows[i].text);
        assert_int_equal(bytes, strlen(shown));
        assert_string_equal(out.data, rows[i].printed);
    }
}

static void long_keys_fit_too(void **state) {
    (void)state;
    char name[1000];
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    struct sm_list_key key = sm_list_key(&r, &items, SM_MAP(&r, "name", sm_val_str(&r, name)));
    char buffer[SM_LIST_KEY_BYTES];
    size_t bytes;

    const char *shown = sm_list_key_text(&r, &items, &key, buffer, &bytes);

    assert_ptr_not_equal(shown, buffer);
    assert_int_equal(bytes, strlen("k:{\"name\":\"\"}") + strlen(name));
}

static void long_lists_are_indexed(void **state) {
    (void)state;
    enum { COUNT = 1000 };
    struct sm_list_index index;
    sm_val list = SM_EMPTY_LIST;

    for (int i = 0; i < COUNT; i++)
        list = sm_val_append(&r, list, SM_MAP(&r, "name", sm_val_strf(&r, "n%d", i % (COUNT - 1))));
    list = sm_val_append(&r, list, SM_NULL);
    sm_list_index_init(&index, &r, &items, list);

    for (int i = 0; i < COUNT - 1; i++)
        assert_int_equal(sm_list_index_find(&index, &index.keys[i]), i);
    assert_int_equal(sm_list_index_find(&index, &index.keys[COUNT - 1]), 0);
    assert_int_equal(sm_list_index_find(&index, &index.keys[COUNT]), -1);
    struct sm_list_key other = sm_list_key(&r, &items, value("{'name':'other'}"));
    assert_int_equal(sm_list_index_find(&index, &other), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_names_what_an_object_names),
        cmocka_unit_test(a_set_that_is_known_is_returned_itself),
        cmocka_unit_test(what_is_wrong_is_said_with_its_path),
        cmocka_unit_test(what_is_applied_wins_and_the_rest_stays),
        cmocka_unit_test(elements_come_in_the_order_of_who_applies),
        cmocka_unit_test(what_does_not_change_is_shared),
        cmocka_unit_test(differences_are_two_sets),
        cmocka_unit_test(members_go_and_what_loses_its_last_part_is_null),
        cmocka_unit_test(texts_of_keys_are_escaped_where_they_must_be),
        cmocka_unit_test(long_keys_fit_too),
        cmocka_unit_test(long_lists_are_indexed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
