/* field.ErrorList: the forms of its texts, and the Status it ends as. */
#include "field_errors.h"

#include <stdarg.h>
#include <string.h>

#include "json.h"

void sm_field_error(struct sm_field_errors *errors, const char *reason, const char *path, const char *message) {
    if (errors->count == SM_FIELD_ERRORS_MAX)
        return;
    if (errors->count == errors->capacity) {
        errors->capacity = errors->capacity ? 2 * errors->capacity : 4;
        struct sm_cause *causes = sm_region_alloc(errors->region, errors->capacity * sizeof *causes);
        if (errors->count > 0)
            memcpy(causes, errors->causes, errors->count * sizeof *causes);
        errors->causes = causes;
    }
    errors->causes[errors->count++] = (struct sm_cause){.reason = reason, .message = message, .field = path};
}

const char *sm_field_text(struct sm_field_errors *errors, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *text = sm_region_vprintf(errors->region, format, args);
    va_end(args);
    return text;
}

static const char *printed(struct sm_field_errors *errors, sm_val value) {
    return sm_json_text(errors->region, value, SM_JSON_COMPACT);
}

void sm_field_invalid_text(struct sm_field_errors *errors, const char *path, const char *printed_value, const char *detail) {
    const char *message = sm_field_text(errors, "Invalid value: %s%s%s", printed_value, *detail ? ": " : "", detail);
    sm_field_error(errors, "FieldValueInvalid", path, message);
}

void sm_field_invalid(struct sm_field_errors *errors, const char *path, sm_val value, const char *detail) {
    sm_field_invalid_text(errors, path, printed(errors, value), detail);
}

void sm_field_required(struct sm_field_errors *errors, const char *path, const char *detail) {
    sm_field_error(errors, "FieldValueRequired", path, sm_field_text(errors, "Required value%s%s", *detail ? ": " : "", detail));
}

void sm_field_forbidden(struct sm_field_errors *errors, const char *path, const char *detail) {
    sm_field_error(errors, "FieldValueForbidden", path, sm_field_text(errors, "Forbidden: %s", detail));
}

void sm_field_duplicate(struct sm_field_errors *errors, const char *path, sm_val value) {
    sm_field_error(errors, "FieldValueDuplicate", path, sm_field_text(errors, "Duplicate value: %s", printed(errors, value)));
}

void sm_field_not_found(struct sm_field_errors *errors, const char *path, sm_val value) {
    sm_field_error(errors, "FieldValueNotFound", path, sm_field_text(errors, "Not found: %s", printed(errors, value)));
}

void sm_field_too_long(struct sm_field_errors *errors, const char *path, int64_t bytes_max) {
    const char *message = sm_field_text(errors, "Too long: may not be more than %lld bytes", (long long)bytes_max);
    sm_field_error(errors, "FieldValueTooLong", path, message);
}

void sm_field_too_many(struct sm_field_errors *errors, const char *path, int64_t count, int64_t count_max) {
    const char *message = sm_field_text(errors, "Too many: %lld: must have at most %lld items", (long long)count, (long long)count_max);
    sm_field_error(errors, "FieldValueTooMany", path, message);
}

void sm_field_unsupported(struct sm_field_errors *errors, const char *path, sm_val value, const char *const *supported) {
    struct sm_str message;
    sm_str_init(&message, errors->region);
    sm_str_add(&message, "Unsupported value: ");
    sm_json_print(&message, value, SM_JSON_COMPACT);
    for (size_t i = 0; supported[i]; i++)
        sm_str_addf(&message, "%s\"%s\"", i ? ", " : ": supported values: ", supported[i]);
    sm_field_error(errors, "FieldValueNotSupported", path, message.data);
}

void sm_field_type_invalid(struct sm_field_errors *errors, const char *path, sm_val value, const char *detail) {
    const char *message = sm_field_text(errors, "Invalid value: %s%s%s", printed(errors, value), *detail ? ": " : "", detail);
    sm_field_error(errors, "FieldValueTypeInvalid", path, message);
}

struct sm_reply sm_field_errors_reply(const struct sm_field_errors *errors, const char *group, const char *kind, const char *name) {
    return sm_status_invalid(errors->region, group, kind, name, errors->causes, errors->count);
}
