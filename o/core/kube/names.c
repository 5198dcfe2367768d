#include "names.h"

#include <stdbool.h>
#include <string.h>

/* Go's texts put two blanks before "or". */
#define SUBDOMAIN_TEXT \
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an " \
    "alphanumeric character (e.g. 'example.com', regex used for validation is " \
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
#define LABEL_TEXT \
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric " \
    "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
#define NO_DOTS_TEXT "must not contain dots"
#define LABEL_1035_TEXT \
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an " \
    "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
#define NAME_PART_TEXT \
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or " \
    "'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
#define QUALIFIED_TEXT "a qualified name " NAME_PART_TEXT " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
#define LABEL_VALUE_TEXT \
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " \
    "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " \
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
#define TOO_LONG_63 "must be no more than 63 characters"
#define TOO_LONG_253 "must be no more than 253 characters"

enum { LABEL_BYTES_MAX = 63, SUBDOMAIN_BYTES_MAX = 253 };

/* --- Patterns ----------------------------------------------------------------------------------------------------------- */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_lower(char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c);
}

static bool is_alphanumeric(char c) {
    return is_lower(c) || (c >= 'A' && c <= 'Z');
}

/* [a-z0-9]([-a-z0-9]*[a-z0-9])? */
static bool label_pattern(const char *text, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        if (!is_lower(text[i]) && !(text[i] == '-' && i && i + 1 < bytes))
            return false;
    }
    return bytes > 0;
}

static bool subdomain_pattern(const char *text, size_t bytes) {
    for (;;) {
        const char *dot = memchr(text, '.', bytes);
        size_t part = dot ? (size_t)(dot - text) : bytes;

        if (!label_pattern(text, part))
            return false;
        if (!dot)
            return true;
        text += part + 1;
        bytes -= part + 1;
    }
}

/* ([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9] */
static bool name_part_pattern(const char *text, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        bool inner = i && i + 1 < bytes && (text[i] == '-' || text[i] == '_' || text[i] == '.');

        if (!is_alphanumeric(text[i]) && !inner)
            return false;
    }
    return bytes > 0;
}

/* --- Rules -------------------------------------------------------------------------------------------------------------- */

size_t sm_names_subdomain(const char *text, const char *errors[SM_NAMES_ERRORS_MAX]) {
    size_t bytes = strlen(text), count = 0;

    if (bytes > SUBDOMAIN_BYTES_MAX)
        errors[count++] = TOO_LONG_253;
    if (!subdomain_pattern(text, bytes))
        errors[count++] = SUBDOMAIN_TEXT;
    return count;
}

size_t sm_names_label(const char *text, const char *errors[SM_NAMES_ERRORS_MAX]) {
    size_t bytes = strlen(text), count = 0;

    if (bytes > LABEL_BYTES_MAX)
        errors[count++] = TOO_LONG_63;
    if (!label_pattern(text, bytes))
        errors[count++] = subdomain_pattern(text, bytes) ? NO_DOTS_TEXT : LABEL_TEXT;
    return count;
}

size_t sm_names_label_1035(const char *text, const char *errors[SM_NAMES_ERRORS_MAX]) {
    size_t bytes = strlen(text), count = 0;

    if (bytes > LABEL_BYTES_MAX)
        errors[count++] = TOO_LONG_63;
    if (!label_pattern(text, bytes) || is_digit(text[0]))
        errors[count++] = LABEL_1035_TEXT;
    return count;
}

size_t sm_names_path_segment(const char *text, const char *errors[SM_NAMES_ERRORS_MAX]) {
    size_t count = 0;

    if (strcmp(text, ".") == 0)
        errors[count++] = "may not be '.'";
    else if (strcmp(text, "..") == 0)
        errors[count++] = "may not be '..'";
    if (strchr(text, '/'))
        errors[count++] = "may not contain '/'";
    if (strchr(text, '%'))
        errors[count++] = "may not contain '%'";
    return count;
}

size_t sm_names_qualified(const char *text, const char *errors[SM_NAMES_ERRORS_MAX]) {
    const char *slash = strchr(text, '/');
    const char *name = slash ? slash + 1 : text;
    size_t prefix = slash ? (size_t)(slash - text) : 0, bytes = strlen(name), count = 0;

    if (strchr(name, '/')) {
        errors[0] = QUALIFIED_TEXT;
        return 1;
    }
    if (slash && !prefix)
        errors[count++] = "prefix part must be non-empty";
    else if (slash && prefix > SUBDOMAIN_BYTES_MAX)
        errors[count++] = "prefix part " TOO_LONG_253;
    else if (slash && !subdomain_pattern(text, prefix))
        errors[count++] = "prefix part " SUBDOMAIN_TEXT;

    if (!bytes)
        errors[count++] = "name part must be non-empty";
    else if (bytes > LABEL_BYTES_MAX)
        errors[count++] = "name part " TOO_LONG_63;
    if (!name_part_pattern(name, bytes))
        errors[count++] = "name part " NAME_PART_TEXT;
    return count;
}

size_t sm_names_label_value(const char *text, const char *errors[SM_NAMES_ERRORS_MAX]) {
    size_t bytes = strlen(text), count = 0;

    if (bytes > LABEL_BYTES_MAX)
        errors[count++] = TOO_LONG_63;
    if (bytes && !name_part_pattern(text, bytes))
        errors[count++] = LABEL_VALUE_TEXT;
    return count;
}
