/* A reader that keeps nothing: it only finds the place and the words of the first error. Each step returns false once one was
 * found. */
#include "go_json.h"

#include <string.h>

#include "json.h"

struct reader {
    struct sm_region *r;
    const char *at, *end;
    const char *error;
    unsigned depth;
};

static bool read_value(struct reader *reader);

static bool fail(struct reader *reader, const char *context) {
    if (reader->at >= reader->end) {
        reader->error = "unexpected end of JSON input";
        return false;
    }
    unsigned char c = (unsigned char)*reader->at;
    const char *shown = c == '\''               ? "'\\''"
                        : c == '"'              ? "'\"'"
                        : c == '\n'             ? "'\\n'"
                        : c == '\t'             ? "'\\t'"
                        : c == '\r'             ? "'\\r'"
                        : c == '\\'             ? "'\\\\'"
                        : c < 0x20 || c == 0x7f ? sm_region_printf(reader->r, "'\\x%02x'", c)
                        : c < 0x80              ? sm_region_printf(reader->r, "'%c'", c)
                                                : sm_region_printf(reader->r, "'\\u00%02x'", c);
    reader->error = sm_region_printf(reader->r, "invalid character %s %s", shown, context);
    return false;
}

static void skip_blanks(struct reader *reader) {
    while (reader->at < reader->end && strchr(" \t\r\n", *reader->at) && *reader->at)
        reader->at++;
}

static bool is_at(const struct reader *reader, const char *set) {
    return reader->at < reader->end && *reader->at && strchr(set, *reader->at);
}

static bool read_literal(struct reader *reader, const char *literal) {
    for (size_t i = 0; literal[i]; i++, reader->at++) {
        if (reader->at >= reader->end || *reader->at != literal[i])
            return fail(reader, sm_region_printf(reader->r, "in literal %s (expecting '%c')", literal, literal[i]));
    }
    return true;
}

static bool read_string(struct reader *reader) {
    for (reader->at++; reader->at < reader->end && *reader->at != '"'; reader->at++) {
        if ((unsigned char)*reader->at < 0x20)
            return fail(reader, "in string literal");
        if (*reader->at != '\\')
            continue;
        reader->at++;
        if (!is_at(reader, "bfnrt\\/\"u"))
            return fail(reader, "in string escape code");
        for (int i = 0; *reader->at == 'u' && i < 4; i++) {
            const char *digit = reader->at + 1 + i;
            if (digit < reader->end && *digit && strchr("0123456789abcdefABCDEF", *digit))
                continue;
            reader->at = digit;
            return fail(reader, "in \\u hexadecimal character escape");
        }
    }
    if (reader->at >= reader->end)
        return fail(reader, "");
    reader->at++;
    return true;
}

static void skip_digits(struct reader *reader) {
    while (is_at(reader, "0123456789"))
        reader->at++;
}

static bool read_number(struct reader *reader) {
    if (*reader->at == '-')
        reader->at++;
    if (!is_at(reader, "0123456789"))
        return fail(reader, "in numeric literal");
    if (*reader->at == '0')
        reader->at++;
    else
        skip_digits(reader);
    if (is_at(reader, ".")) {
        reader->at++;
        if (!is_at(reader, "0123456789"))
            return fail(reader, "after decimal point in numeric literal");
        skip_digits(reader);
    }
    if (is_at(reader, "eE")) {
        reader->at++;
        if (is_at(reader, "+-"))
            reader->at++;
        if (!is_at(reader, "0123456789"))
            return fail(reader, "in exponent of numeric literal");
        skip_digits(reader);
    }
    return true;
}

static bool read_member(struct reader *reader) {
    skip_blanks(reader);
    if (!is_at(reader, "\""))
        return fail(reader, "looking for beginning of object key string");
    if (!read_string(reader))
        return false;
    skip_blanks(reader);
    if (!is_at(reader, ":"))
        return fail(reader, "after object key");
    reader->at++;
    return read_value(reader);
}

/* A list or an object. */
static bool read_container(struct reader *reader, const char *close, bool (*read_one)(struct reader *), const char *after) {
    if (reader->depth++ > SM_JSON_DEPTH_MAX) {
        reader->error = "exceeded max depth";
        return false;
    }
    reader->at++;
    skip_blanks(reader);
    if (!is_at(reader, close)) {
        for (;;) {
            if (!read_one(reader))
                return false;
            skip_blanks(reader);
            if (is_at(reader, close))
                break;
            if (!is_at(reader, ","))
                return fail(reader, after);
            reader->at++;
        }
    }
    reader->at++;
    reader->depth--;
    return true;
}

static bool read_value(struct reader *reader) {
    skip_blanks(reader);
    if (is_at(reader, "{"))
        return read_container(reader, "}", read_member, "after object key:value pair");
    if (is_at(reader, "["))
        return read_container(reader, "]", read_value, "after array element");
    if (is_at(reader, "\""))
        return read_string(reader);
    if (is_at(reader, "-0123456789"))
        return read_number(reader);
    if (is_at(reader, "tfn"))
        return read_literal(reader, *reader->at == 't' ? "true" : *reader->at == 'f' ? "false" : "null");
    return fail(reader, "looking for beginning of value");
}

const char *sm_go_json_error(struct sm_region *r, const char *text, size_t bytes) {
    struct reader reader = {.r = r, .at = text, .end = text + bytes};

    if (read_value(&reader)) {
        skip_blanks(&reader);
        if (reader.at < reader.end)
            fail(&reader, "after top-level value");
    }
    return reader.error;
}
