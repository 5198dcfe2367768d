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

/* A small kind: list merges by name, each element with a list of ports by number; tags is a set, args is replaced. */
static const struct sm_schema text = {.type = SM_TYPE_STRING}, number = {.type = SM_TYPE_INT32};
static const struct sm_schema texts = {.type = SM_TYPE_LIST, .element = &text};
static const struct sm_schema tags = {.type = SM_TYPE_LIST, .element = &text, .list = SM_LIST_SET, .merge_key = ""};
static const struct sm_schema labels = {.type = SM_TYPE_MAP, .element = &text};
static const struct sm_field port_fields[] = {{.name = "number", .schema = &number}, {.name = "protocol", .schema = &text}};
static const struct sm_schema port = {.name = "Port", .type = SM_TYPE_OBJECT, .fields = port_fields, .field_count = 2};
static const struct sm_schema ports = {.type = SM_TYPE_LIST, .element = &port, .merge_key = "number"};
static const struct sm_field item_fields[] = {{.name = "args", .schema = &texts},
                                              {.name = "image", .schema = &text},
                                              {.name = "name", .schema = &text},
                                              {.name = "ports", .schema = &ports}};
static const struct sm_schema item = {.name = "Item", .type = SM_TYPE_OBJECT, .fields = item_fields, .field_count = 4};
static const struct sm_schema items = {.type = SM_TYPE_LIST, .element = &item, .merge_key = "name"};
static const struct sm_field root_fields[] = {
    {.name = "items", .schema = &items}, {.name = "labels", .schema = &labels}, {.name = "tags", .schema = &tags}};
static const struct sm_schema root = {.name = "Root", .type = SM_TYPE_OBJECT, .fields = root_fields, .field_count = 3};

/* A document, a patch, the result; or the code and the message of an error. */
struct row {
    const char *document, *patch, *result;
};

static void check_all(const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct row *row = &rows[i];
        struct sm_reply error = {0};
        sm_val result = sm_patch_strategic(&r, &root, sm_json_literal(&r, row->document), sm_json_literal(&r, row->patch), &error);
        const char *got =
            result ? sm_json_text(&r, result, 0) : sm_region_printf(&r, "%d %s", error.code, sm_val_str_at(error.body, "message"));
        const char *wanted = *row->result == '{' ? sm_json_text(&r, sm_json_literal(&r, row->result), 0) : row->result;
        if (strcmp(got, wanted) != 0)
            fail_msg("%s onto %s: gave %s, not %s", row->patch, row->document, got, wanted);
    }
}
#define CHECK(rows) check_all(rows, sizeof(rows) / sizeof(rows)[0])

static void maps_merge_and_null_deletes(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'labels':{'a':'1','b':'2'}}", "{'labels':{'a':null,'c':'3'}}", "{'labels':{'b':'2','c':'3'}}"},
        {"{}", "{'labels':{'a':null,'c':'3'}}", "{'labels':{'c':'3'}}"},
        {"{'labels':{'a':'1'}}", "{'labels':null}", "{}"},
        {"{'labels':{'a':'1'}}", "{'labels':'text'}", "{'labels':'text'}"},
        {"{'labels':{'a':'1'}}", "null", "{'labels':{'a':'1'}}"},
    };
    CHECK(rows);
}

static void elements_merge_by_key(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'items':[{'name':'a','image':'1','args':['x']},{'name':'b'}]}", "{'items':[{'name':'a','args':['y']}]}",
         "{'items':[{'name':'a','image':'1','args':['y']},{'name':'b'}]}"},
        {"{'items':[{'name':'a','ports':[{'number':1},{'number':2}]}]}", "{'items':[{'name':'a','ports':[{'number':2,'protocol':'UDP'}]}]}",
         "{'items':[{'name':'a','ports':[{'number':1},{'number':2,'protocol':'UDP'}]}]}"},
        {"{'items':[{'name':'a','image':'1'}]}", "{'items':[{'name':'a','image':null}]}", "{'items':[{'name':'a'}]}"},
    };
    CHECK(rows);
}

static void new_elements_come_first(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'items':[{'name':'a'},{'name':'b'}]}", "{'items':[{'name':'c'}]}", "{'items':[{'name':'c'},{'name':'a'},{'name':'b'}]}"},
        {"{'items':[{'name':'a'},{'name':'b'}]}", "{'items':[{'name':'a'},{'name':'c'}]}",
         "{'items':[{'name':'a'},{'name':'c'},{'name':'b'}]}"},
        {"{'items':[{'name':'a'},{'name':'b'}]}", "{'items':[{'name':'b'},{'name':'c'}]}",
         "{'items':[{'name':'a'},{'name':'b'},{'name':'c'}]}"},
        {"{'tags':['x']}", "{'tags':['y']}", "{'tags':['y','x']}"},
    };
    CHECK(rows);
}

static void scalars_are_a_set(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'tags':['x','y']}", "{'tags':['y']}", "{'tags':['x','y']}"},
        {"{'tags':['x']}", "{'tags':[]}", "{'tags':['x']}"},
        {"{'tags':['x','y']}", "{'$deleteFromPrimitiveList/tags':['x']}", "{'tags':['y']}"},
        {"{'tags':['x','y']}", "{'$deleteFromPrimitiveList/tags':['x'],'tags':['z']}", "{'tags':['z','y']}"},
        {"{'tags':['x']}", "{'$deleteFromPrimitiveList/tags':'x'}", "{'tags':['x']}"},
        {"{}", "{'$deleteFromPrimitiveList/tags':['x']}", "{}"},
        {"{'tags':['x']}", "{'$deleteFromPrimitiveList/tags':null}", "{}"},
    };
    CHECK(rows);
}

static void patch_directive_replaces_and_deletes(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'items':[{'name':'a'},{'name':'b'}]}", "{'items':[{'$patch':'delete','name':'a'}]}", "{'items':[{'name':'b'}]}"},
        {"{'items':[{'name':'a'}]}", "{'items':[{'$patch':'replace'},{'name':'b'}]}", "{'items':[{'name':'b'}]}"},
        {"{'labels':{'a':'1'}}", "{'labels':{'$patch':'replace','b':'2'}}", "{'labels':{'b':'2'}}"},
        {"{'labels':{'a':'1'}}", "{'labels':{'$patch':'delete'}}", "{'labels':{}}"},
        {"{'items':[{'name':'a'}]}", "{'items':[{'$patch':'explode','name':'a'}]}", "500 unknown patch type: explode in map: map[$patch:explode name:a]"},
        {"{'labels':{'a':'1'}}", "{'labels':{'$patch':'merge'}}", "500 unknown patch type: merge in map: map[$patch:merge]"},
        {"{'items':[{'name':'a'}]}", "{'items':[{'$patch':'merge','name':'a'}]}", "500 merging lists cannot yet be specified in the patch"},
        {"{'items':[{'name':'a'}]}", "{'items':[{'$patch':'delete'}]}", "500 map: map[$patch:delete] does not contain declared merge key: name"},
    };
    CHECK(rows);
}

static void directives_do_not_stay_in_what_is_new(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{}", "{'items':[{'name':'a','$retainKeys':['name']},{'$patch':'delete','name':'b'}]}", "{'items':[{'name':'a'}]}"},
        {"{'items':[{'name':'z'}]}", "{'items':[{'name':'a','$setElementOrder/ports':[],'image':null}]}",
         "{'items':[{'name':'a'},{'name':'z'}]}"},
        {"{}", "{'labels':{'$patch':'delete'}}", "{}"},
    };
    CHECK(rows);
}

static void retain_keys_drops_the_others(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'items':[{'name':'a','image':'1','args':['x']}]}", "{'items':[{'name':'a','$retainKeys':['name','args']}]}",
         "{'items':[{'name':'a','args':['x']}]}"},
        {"{'items':[{'name':'a','image':'1'}]}", "{'items':[{'name':'a','$retainKeys':['name','args'],'args':['y']}]}",
         "{'items':[{'name':'a','args':['y']}]}"},
        {"{'items':[{'name':'a'}]}", "{'items':[{'name':'a','$retainKeys':['name'],'image':'1'}]}", "400 invalid patch format of retainKeys"},
        {"{'items':[{'name':'a'}]}", "{'items':[{'name':'a','$retainKeys':'name'}]}", "400 invalid patch format of retainKeys"},
    };
    CHECK(rows);
}

static void set_element_order_orders(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'items':[{'name':'a'},{'name':'b'}]}", "{'$setElementOrder/items':[{'name':'b'},{'name':'a'}]}",
         "{'items':[{'name':'b'},{'name':'a'}]}"},
        {"{'items':[{'name':'a'},{'name':'b'}]}",
         "{'$setElementOrder/items':[{'name':'a'},{'name':'c'},{'name':'b'}],'items':[{'name':'c','image':'1'}]}",
         "{'items':[{'name':'a'},{'name':'c','image':'1'},{'name':'b'}]}"},
        {"{'items':[{'name':'a'},{'name':'s'},{'name':'b'}]}", "{'$setElementOrder/items':[{'name':'b'},{'name':'a'}]}",
         "{'items':[{'name':'s'},{'name':'b'},{'name':'a'}]}"},
        {"{'tags':['x']}", "{'$setElementOrder/tags':['x','y'],'tags':['y']}", "{'tags':['x','y']}"},
        {"{}", "{'$setElementOrder/tags':['y','x'],'tags':['y','x']}", "{'tags':['y','x']}"},
        {"{}", "{'$setElementOrder/tags':['y']}", "{}"},
        {"{'items':[{'name':'a'},{'name':'b'}]}",
         "{'$setElementOrder/items':[{'name':'b'}],'items':[{'$patch':'delete','name':'a'}]}", "{'items':[{'name':'b'}]}"},
        {"{'tags':['x']}", "{'$setElementOrder/tags':['x'],'tags':['y']}", "500 The order in patch list:\n[y]\n doesn't match $setElementOrder list:\n[x]\n"},
        {"{'tags':['x']}", "{'$setElementOrder/tags':'x'}", "500 expected a []interface {}, but received a string"},
        {"{}", "{'$setElementOrder/nosuch':[]}", "500 unable to find api field in struct Root for the json field \"nosuch\""},
    };
    CHECK(rows);
}

static void lists_that_cannot_be_merged_are_errors(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'items':[{'name':'a'}]}", "{'items':[{'image':'1'}]}", "500 map: map[image:1] does not contain declared merge key: name"},
        {"{'items':[{'name':'a'}]}", "{'items':['x']}", "500 list element types are not identical: [[map[name:a]] [x]]"},
        {"{'tags':['x']}", "{'tags':[['y']]}", "500 list element types are not identical: [[x] [[y]]]"},
        {"{'labels':{}}", "[]", "400 invalid JSON document"},
    };
    CHECK(rows);
}

static void an_absent_list_takes_elements_without_key(void **state) {
    (void)state;
    static const struct row rows[] = {{"{}", "{'items':[{'image':'1'}]}", "{'items':[{'image':'1'}]}"}};
    CHECK(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_merge_and_null_deletes),
        cmocka_unit_test(elements_merge_by_key),
        cmocka_unit_test(new_elements_come_first),
        cmocka_unit_test(scalars_are_a_set),
        cmocka_unit_test(patch_directive_replaces_and_deletes),
        cmocka_unit_test(directives_do_not_stay_in_what_is_new),
        cmocka_unit_test(retain_keys_drops_the_others),
        cmocka_unit_test(set_element_order_orders),
        cmocka_unit_test(lists_that_cannot_be_merged_are_errors),
        cmocka_unit_test(an_absent_list_takes_elements_without_key),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
