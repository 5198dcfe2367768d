#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "json.h"
#include "managed_fields.h"
#include "managed_scale.h"

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

static const struct sm_schema text = {.type = SM_TYPE_STRING};
static const struct sm_schema data = {.type = SM_TYPE_MAP, .element = &text};
static const struct sm_field meta_fields[] = {{.name = "labels", .schema = &data}};
static const struct sm_schema meta = {.type = SM_TYPE_OBJECT, .fields = meta_fields, .field_count = 1};
static const struct sm_field fields[] = {
    {.name = "data", .schema = &data}, {.name = "metadata", .schema = &meta}, {.name = "status", .schema = &data}};
static const struct sm_schema root = {.type = SM_TYPE_OBJECT, .fields = fields, .field_count = 3};

static const struct sm_manager_name one = {.manager = "one", .api_version = "v1", .subresource = "", .now = SM_TIME_START};

static sm_val value(const char *literal) {
    return sm_json_literal(&r, literal);
}

static void say(void *arg, const char *path) {
    sm_str_addf(arg, " %s", path);
}

/* `one Update .data.a; two Apply status 2026-01-01T00:00:00Z .status.x` */
static const char *who(sm_val object) {
    struct sm_str out;
    sm_val entry;

    sm_str_init(&out, &r);
    SM_EACH_ITEM(entry, sm_val_at(object, "metadata.managedFields")) {
        const char *subresource = sm_val_str_at(entry, "subresource");
        sm_str_addf(&out, "%s%s %s%s%s", entry_i ? "; " : "", sm_val_str_at(entry, "manager"), sm_val_str_at(entry, "operation"),
                    *subresource ? " " : "", subresource);
        sm_field_set_each(&r, sm_val_get(entry, "fieldsV1"), say, &out);
    }
    return out.data;
}

static sm_val update(sm_val before, const char *after, const struct sm_manager_name *by) {
    sm_val object = value(after);
    if (!sm_val_at(object, "metadata.managedFields"))
        object = sm_managed_set(&r, object, sm_val_at(before, "metadata.managedFields"));
    return sm_managed_update(&r, &root, before, object, by);
}

/* --- Updates --------------------------------------------------------------------------------------------------------------- */

static void a_create_gives_all_to_its_manager(void **state) {
    (void)state;
    assert_string_equal(who(update(NULL, "{'data':{'a':'1'}}", &one)), "one Update .data .data.a");
}

static void what_changes_changes_hands(void **state) {
    (void)state;
    struct sm_manager_name two = {.manager = "two", .api_version = "v1", .subresource = "", .now = SM_TIME_START + SM_SECOND};
    sm_val live = update(NULL, "{'data':{'a':'1','b':'1','c':'1'}}", &one);

    live = update(live, "{'data':{'a':'2','b':'1'}}", &two);

    assert_string_equal(who(live), "one Update .data .data.b; two Update .data.a");
    assert_string_equal(sm_val_str_at(live, "metadata.managedFields[0].time"), "2026-01-01T00:00:00Z");
    assert_string_equal(sm_val_str_at(live, "metadata.managedFields[1].time"), "2026-01-01T00:00:01Z");
}

static void what_does_not_change_keeps_its_entry(void **state) {
    (void)state;
    sm_val live = update(NULL, "{'data':{'a':'1'}}", &one);

    assert_ptr_equal(sm_val_at(update(live, "{'data':{'a':'1'}}", &one), "metadata.managedFields"),
                     sm_val_at(live, "metadata.managedFields"));
}

static void main_and_status_are_two_entries(void **state) {
    (void)state;
    struct sm_manager_name status = one, main = one;
    status.subresource = "status";
    main.leaves_status = true;
    sm_val live = update(NULL, "{'data':{'a':'1'},'status':{'x':'1'}}", &main);

    live = update(live, "{'data':{'a':'1'},'status':{'x':'2'},'spec':1}", &status);

    assert_string_equal(who(live), "one Update .data .data.a; one Update status .status.x");
}

static void a_list_by_hand_counts_if_it_can_be_read(void **state) {
    (void)state;
    sm_val live = update(NULL, "{'data':{'a':'1'}}", &one);
    struct sm_manager_name status = one;
    status.subresource = "status";
    const char *renamed = "{'data':{'a':'1'},'metadata':{'managedFields':[{'manager':'new','operation':'Update','apiVersion':'v1',"
                          "'fieldsType':'FieldsV1','fieldsV1':{'f:data':{'f:a':{}}}}]}}";
    const char *bad[] = {
        "{'data':{'a':'1'},'metadata':{'managedFields':[{'manager':'x','operation':'Nope','apiVersion':'v1','fieldsType':'FieldsV1'}]}}",
        "{'data':{'a':'1'},'metadata':{'managedFields':[{'manager':'x','operation':'Apply','fieldsType':'FieldsV1'}]}}",
        "{'data':{'a':'1'},'metadata':{'managedFields':[{'manager':'x','operation':'Apply','apiVersion':'v1'}]}}",
        "{'data':{'a':'1'},'metadata':{'managedFields':[{'manager':'x','operation':'Apply','apiVersion':'v1','fieldsType':'FieldsV1',"
        "'fieldsV1':{'x':{}}}]}}",
    };

    assert_string_equal(who(update(live, renamed, &one)), "new Update .data.a");
    assert_string_equal(who(update(live, renamed, &status)), who(live));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_string_equal(who(update(live, bad[i], &one)), who(live));
}

static void a_reset_ends_tracking(void **state) {
    (void)state;
    sm_val live = update(NULL, "{'data':{'a':'1'}}", &one);
    static const char *const resets[] = {"{'data':{'a':'1'},'metadata':{'managedFields':[]}}",
                                         "{'data':{'a':'1'},'metadata':{'managedFields':[{}]}}"};

    for (size_t i = 0; i < 2; i++) {
        sm_val reset = update(live, resets[i], &one);
        assert_null(sm_val_at(reset, "metadata.managedFields"));
        assert_null(sm_val_at(update(reset, "{'data':{'a':'2'}}", &one), "metadata.managedFields"));
    }
}

static void the_oldest_of_many_updaters_become_one(void **state) {
    (void)state;
    sm_val live =
        update(NULL, "{'data':{'k0':'1'}}", &(struct sm_manager_name){.manager = "m0", .api_version = "v1", .now = SM_TIME_START});
    for (int i = 1; i <= 12; i++) {
        sm_val after = sm_val_set_at(&r, live, sm_region_printf(&r, "data.k%d", i), sm_val_str(&r, "1"));
        const struct sm_manager_name by = {.manager = sm_region_printf(&r, "m%02d", i),
                                           .api_version = i == 2 ? "v2" : "v1",
                                           .now = SM_TIME_START + i * SM_SECOND};
        live = sm_managed_update(&r, &root, live, after, &by);
    }

    assert_int_equal(sm_val_count(sm_val_at(live, "metadata.managedFields")), SM_MANAGED_UPDATERS_MAX);
    assert_non_null(strstr(who(live), "m02 Update .data.k2; ancient-changes Update .data .data.k0 .data.k1 .data.k3 .data.k4; m05 Update"));
}

/* --- Is a write a write ------------------------------------------------------------------------------------------------------ */

static void times_of_entries_make_no_write(void **state) {
    (void)state;
    sm_val a = value("{'data':{},'metadata':{'name':'x','managedFields':[{'manager':'m','time':'1'}]}}");

    assert_true(sm_managed_same(a, value("{'data':{},'metadata':{'name':'x','managedFields':[{'manager':'m','time':'2'}]}}")));
    assert_true(sm_managed_same(a, value("{'data':{},'metadata':{'name':'x','managedFields':[{'manager':'m'}]}}")));
    assert_false(sm_managed_same(a, value("{'data':{},'metadata':{'name':'x','managedFields':[{'manager':'n','time':'1'}]}}")));
    assert_false(sm_managed_same(a, value("{'data':{},'metadata':{'name':'x','managedFields':[]}}")));
    assert_false(sm_managed_same(a, value("{'data':{},'metadata':{'name':'y','managedFields':[{'manager':'m','time':'2'}]}}")));
    assert_false(sm_managed_same(a, value("{'data':{'a':1},'metadata':{'name':'x','managedFields':[{'manager':'m','time':'2'}]}}")));
    assert_false(sm_managed_same(a, value("{'data':{},'metadata':{'name':'x','managedFields':[{'manager':'m','x':1,'time':'2'}]}}")));
    assert_false(sm_managed_same(NULL, a));
}

/* --- Scale ------------------------------------------------------------------------------------------------------------------- */

static void a_scale_knows_who_owns_replicas_under_another_path(void **state) {
    (void)state;
    sm_val path = sm_managed_scale_path(&r, "spec.size.wanted");
    sm_val entries = value("[{'manager':'a','operation':'Apply','apiVersion':'v1','fieldsType':'FieldsV1','time':'t',"
                           "'fieldsV1':{'f:spec':{'f:size':{'f:wanted':{},'f:other':{}}}}},"
                           "{'manager':'b','operation':'Update','apiVersion':'v1','fieldsType':'FieldsV1','fieldsV1':{'f:data':{}}}]");

    sm_val view = sm_managed_scale_view(&r, entries, path);
    sm_val back = sm_managed_scale_object(&r, entries, view, path, "v1");
    sm_val taken = sm_managed_scale_object(&r, entries,
                                           value("[{'manager':'s','operation':'Update','apiVersion':'autoscaling/v1','subresource':'scale',"
                                                 "'fieldsType':'FieldsV1','fieldsV1':{'f:spec':{'f:replicas':{}}}}]"),
                                           path, "v1");

    assert_string_equal(sm_json_text(&r, view, 0),
                        "[{\"apiVersion\":\"autoscaling/v1\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":"
                        "{\"f:spec\":{\"f:replicas\":{}}},\"manager\":\"a\",\"operation\":\"Apply\",\"time\":\"t\"}]");
    assert_true(sm_val_equal(back, entries));
    assert_string_equal(who(SM_MAP(&r, "metadata", SM_MAP(&r, "managedFields", taken))),
                        "a Apply .spec.size.other; b Update .data; s Update scale .spec.size.wanted");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_create_gives_all_to_its_manager),
        cmocka_unit_test(what_changes_changes_hands),
        cmocka_unit_test(what_does_not_change_keeps_its_entry),
        cmocka_unit_test(main_and_status_are_two_entries),
        cmocka_unit_test(a_list_by_hand_counts_if_it_can_be_read),
        cmocka_unit_test(a_reset_ends_tracking),
        cmocka_unit_test(the_oldest_of_many_updaters_become_one),
        cmocka_unit_test(times_of_entries_make_no_write),
        cmocka_unit_test(a_scale_knows_who_owns_replicas_under_another_path),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
