/* Small checks of values that many kinds make. */
#include "validate.h"

#include <string.h>

#include "names.h"
#include "str.h"

void sm_validate_not_negative(struct sm_field_errors *errors, const char *path, sm_val value) {
    if (sm_val_is_int(value) && value->integer < 0)
        sm_field_invalid(errors, path, value, "must be greater than or equal to 0");
}

void sm_validate_one_of(struct sm_field_errors *errors, const char *path, sm_val value, const char *const *supported) {
    for (size_t i = 0; supported[i]; i++)
        if (strcmp(sm_val_text(value), supported[i]) == 0)
            return;
    sm_field_unsupported(errors, path, value ? value : SM_EMPTY_STRING, supported);
}

void sm_validate_same(struct sm_field_errors *errors, const char *path, sm_val value, sm_val before) {
    if (!sm_val_equal(value, before))
        sm_field_invalid(errors, path, value, "field is immutable");
}

/* --- Deep values --------------------------------------------------------------------------------------------------------------- */

static void add_spot(struct sm_str *text, const struct sm_spot *at) {
    if (!at)
        return;
    add_spot(text, at->up);
    if (at->field) {
        sm_str_add(text, text->bytes ? "." : "");
        sm_str_add(text, at->field);
    } else
        sm_str_addf(text, "[%zu]", at->index);
}

const char *sm_spot_text(struct sm_field_errors *errors, const struct sm_spot *at) {
    struct sm_str text;
    sm_str_init(&text, errors->region);
    add_spot(&text, at);
    return text.data;
}

bool sm_check_present(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field) {
    if (*sm_val_text(sm_val_get(object, field)))
        return true;
    sm_field_required(errors, sm_spot_text(errors, SPOT(at, field)), "");
    return false;
}

bool sm_check_label(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field) {
    if (!sm_check_present(errors, at, object, field))
        return false;
    sm_val value = sm_val_get(object, field);
    const char *faults[SM_NAMES_ERRORS_MAX];
    size_t count = sm_names_label(sm_val_text(value), faults);
    for (size_t i = 0; i < count; i++)
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, field)), value, faults[i]);
    return count == 0;
}

bool sm_check_one_of(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field,
                     const char *const *supported) {
    if (!sm_check_present(errors, at, object, field))
        return false;
    sm_val value = sm_val_get(object, field);
    for (size_t i = 0; supported[i]; i++)
        if (sm_val_is_text(value, supported[i]))
            return true;
    sm_field_unsupported(errors, sm_spot_text(errors, SPOT(at, field)), value, supported);
    return false;
}

void sm_check_not_negative(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field) {
    sm_val value = sm_val_get(object, field);
    if (sm_val_is_int(value) && value->integer < 0)
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, field)), value, "must be greater than or equal to 0");
}

void sm_check_range(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field, int64_t low, int64_t high) {
    sm_val value = sm_val_get(object, field);
    if (sm_val_is_int(value) && (value->integer < low || value->integer > high))
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, field)), value,
                         sm_field_text(errors, "must be between %lld and %lld, inclusive", (long long)low, (long long)high));
}

bool sm_check_port(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field) {
    sm_val value = sm_val_get(object, field);
    if (sm_val_is_int(value) && value->integer >= 1 && value->integer <= 65535)
        return true;
    sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, field)), value, "must be between 1 and 65535, inclusive");
    return false;
}

bool sm_check_port_name(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field) {
    sm_val value = sm_val_get(object, field);
    const char *name = sm_val_text(value);
    size_t bytes = strlen(name);
    const struct {
        bool holds;
        const char *text;
    } faults[] = {
        {bytes > 15, "must be no more than 15 characters"},
        {!*name || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0',
         "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"},
        {!strpbrk(name, "abcdefghijklmnopqrstuvwxyz"), "must contain at least one letter (a-z)"},
        {strstr(name, "--"), "must not contain consecutive hyphens"},
        {*name == '-' || (bytes > 0 && name[bytes - 1] == '-'), "must not begin or end with a hyphen"},
    };
    bool fits = true;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (faults[i].holds) {
            sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, field)), value, faults[i].text);
            fits = false;
        }
    return fits;
}

bool sm_check_port_or_name(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field) {
    bool is_name = sm_val_is_string(sm_val_get(object, field));
    return is_name ? sm_check_port_name(errors, at, object, field) : sm_check_port(errors, at, object, field);
}

void sm_check_unique(struct sm_field_errors *errors, const struct sm_spot *at, sm_val list, size_t i, const char *field) {
    sm_val value = sm_val_get(sm_val_item(list, i), field);
    for (size_t other = 0; other < i && value; other++)
        if (sm_val_equal(sm_val_get(sm_val_item(list, other), field), value)) {
            sm_field_duplicate(errors, sm_spot_text(errors, SPOT(at, field)), value);
            return;
        }
}
