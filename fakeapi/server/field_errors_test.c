#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "field_errors.h"
#include "json.h"

static struct sm_region region;

static int set_up(void **state) {
    (void)state;
    sm_region_init(&region, "errors", 0);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sm_region_release(&region);
    return 0;
}

static void each_form_has_its_text(void **state) {
    (void)state;
    struct sm_field_errors errors = sm_field_errors_init(&region);
    sm_val text = sm_val_str(&region, "v"), number = sm_val_int(&region, -1);

    sm_field_invalid(&errors, "a", text, "detail");
    sm_field_invalid(&errors, "a", number, "");
    sm_field_required(&errors, "a", "");
    sm_field_required(&errors, "a", "detail");
    sm_field_forbidden(&errors, "a", "detail");
    sm_field_duplicate(&errors, "a", text);
    sm_field_not_found(&errors, "a", text);
    sm_field_too_long(&errors, "a", 63);
    sm_field_too_many(&errors, "a", 3, 2);
    sm_field_unsupported(&errors, "a", text, (const char *const[]){"x", "y", NULL});
    sm_field_type_invalid(&errors, "a", text, "must be of type integer");

    static const char *const wanted[][2] = {
        {"FieldValueInvalid",      "Invalid value: \"v\": detail"},
        {"FieldValueInvalid",      "Invalid value: -1"},
        {"FieldValueRequired",     "Required value"},
        {"FieldValueRequired",     "Required value: detail"},
        {"FieldValueForbidden",    "Forbidden: detail"},
        {"FieldValueDuplicate",    "Duplicate value: \"v\""},
        {"FieldValueNotFound",     "Not found: \"v\""},
        {"FieldValueTooLong",      "Too long: may not be more than 63 bytes"},
        {"FieldValueTooMany",      "Too many: 3: must have at most 2 items"},
        {"FieldValueNotSupported", "Unsupported value: \"v\": supported values: \"x\", \"y\""},
        {"FieldValueTypeInvalid",  "Invalid value: \"v\": must be of type integer"},
    };
    assert_int_equal(errors.count, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < errors.count; i++) {
        assert_string_equal(errors.causes[i].reason, wanted[i][0]);
        assert_string_equal(errors.causes[i].message, wanted[i][1]);
        assert_string_equal(errors.causes[i].field, "a");
    }
}

static void the_answer_is_invalid_with_all_causes(void **state) {
    (void)state;
    struct sm_field_errors errors = sm_field_errors_init(&region);
    sm_field_required(&errors, "spec.a", "");
    sm_field_forbidden(&errors, "spec.b", "no");

    struct sm_reply reply = sm_field_errors_reply(&errors, "apps", "StatefulSet", "web");

    assert_int_equal(reply.code, 422);
    assert_true(sm_reply_is(&reply, "Invalid"));
    assert_string_equal(sm_reply_error(&reply), "StatefulSet.apps \"web\" is invalid: [spec.a: Required value, spec.b: Forbidden: no]");
    assert_int_equal(sm_val_count(sm_val_at(reply.body, "details.causes")), 2);
}

static void more_than_the_limit_is_dropped(void **state) {
    (void)state;
    struct sm_field_errors errors = sm_field_errors_init(&region);

    for (int i = 0; i < SM_FIELD_ERRORS_MAX + 10; i++)
        sm_field_required(&errors, sm_field_text(&errors, "spec.list[%d]", i), "");

    assert_int_equal(errors.count, SM_FIELD_ERRORS_MAX);
    assert_string_equal(errors.causes[SM_FIELD_ERRORS_MAX - 1].field, "spec.list[255]");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_has_its_text),
        cmocka_unit_test(the_answer_is_invalid_with_all_causes),
        cmocka_unit_test(more_than_the_limit_is_dropped),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
