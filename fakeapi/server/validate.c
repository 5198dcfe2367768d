/* Small checks of values that many kinds make. */
#include "validate.h"

#include <string.h>

#include "json.h"

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

void sm_validate_port(struct sm_field_errors *errors, const char *path, sm_val value) {
    if (!sm_val_is_int(value) || value->integer < 1 || value->integer > 65535)
        sm_field_invalid(errors, path, value, "must be between 1 and 65535, inclusive");
}

/* IANA service names. The texts come together if several hold. */
void sm_validate_port_name(struct sm_field_errors *errors, const char *path, sm_val value) {
    const char *name = sm_val_text(value);
    size_t bytes = strlen(name);
    if (bytes > 15)
        sm_field_invalid(errors, path, value, "must be no more than 15 characters");
    bool charset = bytes > 0 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == bytes;
    if (!charset)
        sm_field_invalid(errors, path, value, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    if (!strpbrk(name, "abcdefghijklmnopqrstuvwxyz"))
        sm_field_invalid(errors, path, value, "must contain at least one letter (a-z)");
    if (strstr(name, "--"))
        sm_field_invalid(errors, path, value, "must not contain consecutive hyphens");
    if (bytes > 0 && (name[0] == '-' || name[bytes - 1] == '-'))
        sm_field_invalid(errors, path, value, "must not begin or end with a hyphen");
}

void sm_validate_port_or_name(struct sm_field_errors *errors, const char *path, sm_val value) {
    if (sm_val_is_string(value))
        sm_validate_port_name(errors, path, value);
    else
        sm_validate_port(errors, path, value);
}
