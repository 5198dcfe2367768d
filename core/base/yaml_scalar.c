#include "yaml_scalar.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bug.h"
#include "json.h"

/* Words with a meaning, in the spellings that go-yaml knows and no others: `yEs` is a string. */
static const struct word {
    const char *text;
    sm_val value; /* NULL: JSON cannot say it */
} words[] = {
    {"", SM_NULL}, {"~", SM_NULL}, {"null", SM_NULL}, {"Null", SM_NULL}, {"NULL", SM_NULL},
    {"y", SM_TRUE}, {"Y", SM_TRUE}, {"yes", SM_TRUE}, {"Yes", SM_TRUE}, {"YES", SM_TRUE},
    {"true", SM_TRUE}, {"True", SM_TRUE}, {"TRUE", SM_TRUE}, {"on", SM_TRUE}, {"On", SM_TRUE}, {"ON", SM_TRUE},
    {"n", SM_FALSE}, {"N", SM_FALSE}, {"no", SM_FALSE}, {"No", SM_FALSE}, {"NO", SM_FALSE},
    {"false", SM_FALSE}, {"False", SM_FALSE}, {"FALSE", SM_FALSE}, {"off", SM_FALSE}, {"Off", SM_FALSE}, {"OFF", SM_FALSE},
    {".nan", NULL}, {".NaN", NULL}, {".NAN", NULL},
    {".inf", NULL}, {".Inf", NULL}, {".INF", NULL}, {"+.inf", NULL}, {"+.Inf", NULL}, {"+.INF", NULL},
    {"-.inf", NULL}, {"-.Inf", NULL}, {"-.INF", NULL},
};

static const struct word *find_word(const char *text, size_t bytes) {
    enum { WORD_BYTES_MAX = 5 };
    if (bytes > WORD_BYTES_MAX)
        return NULL;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].text) == bytes && memcmp(words[i].text, text, bytes) == 0)
            return &words[i];
    return NULL;
}

static int digit_value(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

/* An integer with the prefixes 0x, 0b, 0o and 0 (octal), of up to 64 bits. False if [p] is none. */
static bool read_integer(const char *p, bool *ret_negative, uint64_t *ret_magnitude) {
    int base = 10;
    uint64_t magnitude = 0;
    *ret_negative = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    if (p[0] == '0' && p[1]) {
        char mark = (char)(p[1] | 0x20);
        base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
        p += mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1;
    }
    if (!*p)
        return false;
    for (; *p; p++) {
        int digit = digit_value(*p);
        if (digit >= base || __builtin_mul_overflow(magnitude, (uint64_t)base, &magnitude) ||
            __builtin_add_overflow(magnitude, (uint64_t)digit, &magnitude))
            return false;
    }
    *ret_magnitude = magnitude;
    return true;
}

static const char *skip_digits(const char *p) {
    while (*p >= '0' && *p <= '9')
        p++;
    return p;
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? */
static bool is_float(const char *p) {
    if (*p == '-' || *p == '+')
        p++;
    const char *whole = p;
    p = skip_digits(p);
    bool digits = p > whole;
    if (*p == '.') {
        const char *fraction = ++p;
        p = skip_digits(p);
        digits = digits || p > fraction;
    }
    if (!digits)
        return false;
    if (*p == 'e' || *p == 'E') {
        p++;
        if (*p == '-' || *p == '+')
            p++;
        const char *exponent = p;
        p = skip_digits(p);
        if (p == exponent)
            return false;
    }
    return !*p;
}

/* What a server makes of a number that JSON carries there: 1.0 is printed as 1, and 2^63 read as a double. */
static sm_val through_json(struct sm_region *r, double value) {
    struct sm_json_error error;
    const char *text = sm_json_text(r, sm_val_double(r, value), 0);
    sm_val v = sm_json_parse(r, text, strlen(text), NULL, &error);
    SM_ASSERT(v);
    return v;
}

/* Returns NULL if [text] is no number. Underscores may stand anywhere behind its first character. */
static sm_val read_number(struct sm_region *r, const char *text, size_t bytes) {
    char small[64];
    char *plain = bytes < sizeof small ? small : sm_region_alloc(r, bytes + 1);
    size_t length = 0;
    for (size_t i = 0; i < bytes; i++)
        if (text[i] != '_')
            plain[length++] = text[i];
    plain[length] = '\0';

    bool negative;
    uint64_t magnitude;
    if (text[0] != '.' && read_integer(plain, &negative, &magnitude)) {
        if (magnitude <= (uint64_t)INT64_MAX + negative)
            return sm_val_int(r, negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude);
        if (!negative)
            return through_json(r, (double)magnitude);
    }
    if (!is_float(plain) || (text[0] == '.' && length != bytes))
        return NULL;
    double value = strtod(plain, NULL);
    return isfinite(value) ? through_json(r, value) : NULL;
}

sm_val sm_yaml_plain(struct sm_region *r, const char *text, size_t bytes) {
    const struct word *word = find_word(text, bytes); /* the empty text is one */
    if (word)
        return word->value;
    if (strchr("0123456789+-.", text[0])) {
        sm_val number = read_number(r, text, bytes);
        if (number)
            return number;
    }
    return sm_val_strn(r, text, bytes);
}

/* As Go formats a 32-bit float with the fewest digits: that is what keys become. */
static const char *float_key(struct sm_region *r, float value) {
    char text[40];
    int digits = 0;
    if (isinf(value))
        return value < 0 ? "-.inf" : ".inf";
    do
        snprintf(text, sizeof text, "%.*e", digits, (double)value);
    while (strtof(text, NULL) != value && ++digits < 9);
    int exponent = atoi(strchr(text, 'e') + 1);
    if (exponent < -4 || exponent >= 6)
        return sm_region_strdup(r, text);
    return sm_region_printf(r, "%.*f", digits > exponent ? digits - exponent : 0, (double)value);
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

const char *sm_yaml_single_quoted(struct sm_region *r, const char *raw, size_t bytes, size_t *ret_bytes) {
    char *text = sm_region_alloc(r, bytes + 1);
    size_t length = 0, blanks = 0; /* those at the end of text so far */
    for (size_t i = 0; i < bytes; i++) {
        if (raw[i] == '\n') {
            size_t breaks = 0;
            for (; i < bytes && (raw[i] == '\n' || is_blank(raw[i])); i++)
                breaks += raw[i] == '\n';
            i--;
            length -= blanks;
            if (breaks == 1)
                text[length++] = ' ';
            for (; breaks > 1; breaks--)
                text[length++] = '\n';
            blanks = 0;
            continue;
        }
        blanks = is_blank(raw[i]) ? blanks + 1 : 0;
        text[length++] = raw[i];
        i += raw[i] == '\'';
    }
    text[length] = '\0';
    *ret_bytes = length;
    return text;
}

const char *sm_yaml_key(struct sm_region *r, sm_val key) {
    switch (sm_val_kind(key)) {
    case SM_KIND_STRING:
        return key->string;
    case SM_KIND_BOOL:
        return key->boolean ? "true" : "false";
    case SM_KIND_INT:
        return sm_region_printf(r, "%lld", (long long)key->integer);
    case SM_KIND_DOUBLE:
        return float_key(r, (float)key->real);
    default:
        return NULL;
    }
}
