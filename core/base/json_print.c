/* The printer, in the manner of Go's encoding/json: what goes over the wire and into revision hashes must be the same
 * bytes. Members are sorted already, so equal values have equal texts. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "utf8.h"
#include "val_internal.h"

struct printer {
    struct sm_str *out;
    unsigned flags;
    unsigned depth;
};

static inline void put(struct sm_str *out, char c) {
    if (out->bytes == out->capacity)
        sm_str_reserve(out, 1);
    out->data[out->bytes++] = c;
}

/* For texts inside the program, whose bounds compilers know better than copy_bytes. */
static inline void put_text(struct sm_str *out, const char *text, size_t bytes) {
    sm_str_reserve(out, bytes);
    memcpy(out->data + out->bytes, text, bytes);
    out->bytes += bytes;
}

static inline void put_bytes(struct sm_str *out, const char *text, size_t bytes) {
    if (bytes > out->capacity - out->bytes)
        sm_str_reserve(out, bytes);
    copy_bytes(out->data + out->bytes, text, bytes);
    out->bytes += bytes;
}

/* --- Strings ----------------------------------------------------------------------------------------------------------- */

static void put_code(struct sm_str *out, uint32_t code) {
    static const char digits[] = "0123456789abcdef";
    char escape[] = {'\\', 'u', digits[code >> 12], digits[code >> 8 & 15], digits[code >> 4 & 15], digits[code & 15]};
    put_bytes(out, escape, sizeof escape);
}

/* Puts the one character at [p] that may need an escape; returns what follows it. */
static const char *put_special(struct sm_str *out, const char *p, const char *end, unsigned flags) {
    unsigned char c = (unsigned char)*p;
    if (c >= 0x80) {
        size_t bytes = utf8_bytes(p, end);
        bool separator = bytes == 3 && c == 0xe2 && (unsigned char)p[1] == 0x80 && ((unsigned char)p[2] & 0xfe) == 0xa8;
        if (!bytes)
            put_code(out, 0xfffd);
        else if (separator && flags & SM_JSON_ESCAPE_HTML)
            put_code(out, 0x2000 | ((unsigned)(unsigned char)p[2] & 0x3f));
        else
            put_bytes(out, p, bytes);
        return p + (bytes ? bytes : 1);
    }
    if (c < 0x20 || c == '"' || c == '\\') {
        const char *names = "\"\"\\\\\nn\rr\tt", *name = c ? strchr(names, c) : NULL;
        if (name) {
            put(out, '\\');
            put(out, name[1]);
        } else {
            put_code(out, c);
        }
    } else if (flags & SM_JSON_ESCAPE_HTML && (c == '<' || c == '>' || c == '&')) {
        put_code(out, c);
    } else {
        put(out, (char)c);
    }
    return p + 1;
}

/* Nonzero if one of eight bytes may need an escape. */
static inline uint64_t special_bytes(uint64_t word, bool html) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t special = (word - ones * 0x20) | ((word ^ ones * '"') - ones) | ((word ^ ones * '\\') - ones) | word;
    if (html) /* '<' and '>' differ in one bit, and what else this finds is harmless */
        special |= (((word | ones * 2) ^ ones * '>') - ones) | ((word ^ ones * '&') - ones);
    return special & ones * 0x80;
}

/* True if nothing in the text may need an escape. */
static inline bool is_plain(const char *text, size_t bytes, bool html) {
    const char *last = text + bytes - 8;
    if (bytes >= 8) {
        for (; text < last; text += 8)
            if (special_bytes(load64(text), html))
                return false;
        return !special_bytes(load64(last), html);
    }
    char word[8] = "        ";
    copy_bytes(word, text, bytes);
    return !special_bytes(load64(word), html);
}

static inline void quote(struct sm_str *out, const char *text, size_t bytes, unsigned flags) {
    put(out, '"');
    if (is_plain(text, bytes, flags & SM_JSON_ESCAPE_HTML)) {
        put_bytes(out, text, bytes);
    } else {
        for (const char *end = text + bytes; text < end;) {
            if (end - text < 8 || special_bytes(load64(text), flags & SM_JSON_ESCAPE_HTML)) {
                text = put_special(out, text, end, flags);
                continue;
            }
            put_bytes(out, text, 8);
            text += 8;
        }
    }
    put(out, '"');
}

void sm_json_quote(struct sm_str *out, const char *text, size_t bytes, unsigned flags) {
    quote(out, text, bytes, flags);
    sm_str_reserve(out, 0);
    out->data[out->bytes] = '\0';
}

/* --- Numbers ----------------------------------------------------------------------------------------------------------- */

static void put_int(struct sm_str *out, int64_t value) {
    char text[24], *p = text + sizeof text;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        *--p = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (value < 0)
        *--p = '-';
    put_bytes(out, p, (size_t)(text + sizeof text - p));
}

/* Adds one to the last digit of `d.ddde±xx`. False if that would need another digit in front. */
static bool next_decimal(char *text) {
    for (char *p = strchr(text, 'e') - 1; p >= text; p--) {
        if (*p == '.')
            continue;
        if (*p != '9') {
            ++*p;
            return true;
        }
        *p = '0';
    }
    return false;
}

/* Writes a positive number as `d.ddde±xx` with the fewest digits that read back equal. */
static void shortest(double value, char text[40]) {
    int exponent;
    bool power_of_two = frexp(value, &exponent) == 0.5;
    /* 15 digits are exact for every normal number that has no more, and 17 for all. */
    for (int digits = value < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
        snprintf(text, 40, "%.*e", digits - 1, value);
        if (strtod(text, NULL) == value)
            return;
        /* Below a power of two numbers lie closer: the next decimal above may fit where the nearest one does not. */
        if (power_of_two && next_decimal(text) && strtod(text, NULL) == value)
            return;
    }
}

static void put_double(struct sm_str *out, double value) {
    char text[40], digits[24];
    if (signbit(value)) {
        put(out, '-');
        value = -value;
    }
    if (value == 0) {
        put(out, '0');
        return;
    }
    shortest(value, text);
    int count = 0, exponent = atoi(strchr(text, 'e') + 1);
    for (const char *p = text; *p != 'e'; p++)
        if (*p != '.')
            digits[count++] = *p;
    while (count > 1 && digits[count - 1] == '0')
        count--;

    if (exponent < -6 || exponent >= 21) {
        put(out, digits[0]);
        if (count > 1) {
            put(out, '.');
            put_text(out, digits + 1, (size_t)count - 1);
        }
        put(out, 'e');
        put(out, exponent < 0 ? '-' : '+');
        put_int(out, abs(exponent));
    } else if (exponent < 0) {
        put_text(out, "0.000000", (size_t)(1 - exponent));
        put_text(out, digits, (size_t)count);
    } else {
        for (int i = 0; i <= exponent || i < count; i++) {
            if (i == exponent + 1)
                put(out, '.');
            put(out, i < count ? digits[i] : '0');
        }
    }
}

/* --- Values ------------------------------------------------------------------------------------------------------------ */

static void put_value(struct printer *printer, sm_val v);

static void new_line(const struct printer *printer) {
    if (!(printer->flags & SM_JSON_PRETTY))
        return;
    put(printer->out, '\n');
    for (unsigned i = 0; i < printer->depth; i++)
        put_bytes(printer->out, "  ", 2);
}

static void put_map(struct printer *printer, sm_val map) {
    struct sm_str *out = printer->out;
    put(out, '{');
    printer->depth++;
    for (size_t i = 0; i < map->count; i++) {
        if (i)
            put(out, ',');
        new_line(printer);
        quote(out, map->map[i].key, map->map[i].key_bytes, printer->flags);
        put(out, ':');
        if (printer->flags & SM_JSON_PRETTY)
            put(out, ' ');
        put_value(printer, map->map[i].value);
    }
    printer->depth--;
    if (map->count)
        new_line(printer);
    put(out, '}');
}

static void put_list(struct printer *printer, sm_val list) {
    struct sm_str *out = printer->out;
    put(out, '[');
    printer->depth++;
    for (size_t i = 0; i < list->count; i++) {
        if (i)
            put(out, ',');
        new_line(printer);
        put_value(printer, list->list[i]);
    }
    printer->depth--;
    if (list->count)
        new_line(printer);
    put(out, ']');
}

static void put_value(struct printer *printer, sm_val v) {
    struct sm_str *out = printer->out;
    switch (v ? sm_val_kind(v) : SM_KIND_NULL) {
    case SM_KIND_NULL:
        put_bytes(out, "null", 4);
        break;
    case SM_KIND_BOOL:
        put_bytes(out, v->boolean ? "true" : "false", v->boolean ? 4 : 5);
        break;
    case SM_KIND_INT:
        put_int(out, v->integer);
        break;
    case SM_KIND_DOUBLE:
        put_double(out, v->real);
        break;
    case SM_KIND_STRING:
        quote(out, v->string, v->count, printer->flags);
        break;
    case SM_KIND_LIST:
        put_list(printer, v);
        break;
    case SM_KIND_MAP:
        put_map(printer, v);
        break;
    }
}

void sm_json_print(struct sm_str *out, sm_val v, unsigned flags) {
    struct printer printer = {.out = out, .flags = flags};
    put_value(&printer, v);
    out->data[out->bytes] = '\0';
}

const char *sm_json_text(struct sm_region *r, sm_val v, unsigned flags) {
    struct sm_str out;
    sm_str_init(&out, r);
    sm_json_print(&out, v, flags);
    return out.data;
}
