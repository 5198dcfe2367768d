/* Grammar: sign? digits ('.' digits)? suffix, where a suffix is decimal (n u m k M G T P E), binary (Ki … Ei) or an exponent. */
#include "quantity.h"

#include <stdlib.h>
#include <string.h>

#include "bug.h"

static const sm_int128 nanos = 1000000000;

/* Go caps binary ones at an int64. Decimal ones have more room there than 128 bits give; nobody has that much. */
#define BINARY_MAX ((sm_int128)INT64_MAX * nanos)
#define DECIMAL_MAX (nanos * nanos * nanos * nanos)

static const char *const wrong_form = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
static const char *const wrong_suffix = "unable to parse quantity's suffix";

struct suffix {
    const char *text;
    enum sm_quantity_format format;
    int exponent; /* of ten, or of two */
};

static const struct suffix suffixes[] = {
    {"n",  SM_QUANTITY_DECIMAL, -9}, {"u",  SM_QUANTITY_DECIMAL, -6}, {"m",  SM_QUANTITY_DECIMAL, -3}, {"",   SM_QUANTITY_DECIMAL, 0},
    {"k",  SM_QUANTITY_DECIMAL, 3},  {"M",  SM_QUANTITY_DECIMAL, 6},  {"G",  SM_QUANTITY_DECIMAL, 9},  {"T",  SM_QUANTITY_DECIMAL, 12},
    {"P",  SM_QUANTITY_DECIMAL, 15}, {"E",  SM_QUANTITY_DECIMAL, 18},
    {"Ki", SM_QUANTITY_BINARY, 10},  {"Mi", SM_QUANTITY_BINARY, 20},  {"Gi", SM_QUANTITY_BINARY, 30},  {"Ti", SM_QUANTITY_BINARY, 40},
    {"Pi", SM_QUANTITY_BINARY, 50},  {"Ei", SM_QUANTITY_BINARY, 60},
};
enum { SUFFIX_COUNT = sizeof suffixes / sizeof *suffixes };

static const char *suffix_text(enum sm_quantity_format format, int exponent) {
    for (size_t i = 0; i < SUFFIX_COUNT; i++)
        if (suffixes[i].format == format && suffixes[i].exponent == exponent)
            return suffixes[i].text;
    sm_bug("no suffix for exponent %d", exponent);
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* `e3`, `E-3`. */
static bool read_exponent(const char *text, int *ret_exponent) {
    if (*text != 'e' && *text != 'E')
        return false;
    const char *digits = text + 1 + (text[1] == '-' || text[1] == '+');
    if (!is_digit(*digits) || strlen(digits) > 4 || digits[strspn(digits, "0123456789")] != '\0')
        return false;
    *ret_exponent = atoi(text + 1);
    return true;
}

static bool read_suffix(const char *text, struct suffix *ret_suffix) {
    for (size_t i = 0; i < SUFFIX_COUNT; i++)
        if (strcmp(suffixes[i].text, text) == 0) {
            *ret_suffix = suffixes[i];
            return true;
        }
    ret_suffix->format = SM_QUANTITY_EXPONENT;
    return read_exponent(text, &ret_suffix->exponent);
}

/* [digits] are those of the whole number and of the fraction, [scale] of them behind the point; times ten to the [exponent]. */
static sm_int128 decimal_nanos(const char *number, size_t bytes, int exponent) {
    sm_int128 value = 0;
    int scale = 0;
    bool fraction = false, more = false;
    for (size_t i = 0; i < bytes; i++) {
        if (number[i] == '.') {
            fraction = true;
            continue;
        }
        if (value > DECIMAL_MAX) { /* too large whatever follows, unless these are digits of a fraction */
            more |= number[i] != '0';
            scale -= !fraction;
            continue;
        }
        value = value * 10 + (number[i] - '0');
        scale += fraction;
    }
    for (int power = 9 + exponent - scale; power > 0 && value != 0; power--) {
        if (value > DECIMAL_MAX)
            return DECIMAL_MAX;
        value *= 10;
    }
    for (int power = 9 + exponent - scale; power < 0 && value != 0; power++) {
        more |= value % 10 != 0;
        value /= 10;
    }
    value += more;
    return value > DECIMAL_MAX ? DECIMAL_MAX : value;
}

static sm_int128 binary_nanos(const char *number, size_t bytes, int exponent) {
    sm_int128 whole = decimal_nanos(number, bytes, 0);
    return whole > (BINARY_MAX >> exponent) ? BINARY_MAX : whole << exponent;
}

const char *sm_quantity_parse(const char *text, struct sm_quantity *ret_quantity) {
    bool negative = *text == '-';
    const char *number = text + (*text == '-' || *text == '+');
    size_t whole = strspn(number, "0123456789");
    size_t fraction = number[whole] == '.' ? 1 + strspn(number + whole + 1, "0123456789") : 0;
    size_t bytes = whole + fraction;
    const char *rest = number + bytes;
    if (bytes == 0 || (bytes == 1 && fraction) || rest[strspn(rest, "eEinumkKMGTP")] == '.' ||
        rest[strspn(rest, "eEinumkKMGTP+-0123456789")] != '\0')
        return wrong_form;
    struct suffix suffix;
    if (!read_suffix(rest, &suffix))
        return wrong_suffix;

    sm_int128 nano =
        suffix.format == SM_QUANTITY_BINARY ? binary_nanos(number, bytes, suffix.exponent) : decimal_nanos(number, bytes, suffix.exponent);
    *ret_quantity = (struct sm_quantity){.nano = negative ? -nano : nano, .format = suffix.format};
    return NULL;
}

static const char *number_text(struct sm_region *r, bool negative, sm_int128 number, const char *suffix) {
    char digits[48];
    size_t at = sizeof digits;
    digits[--at] = '\0';
    do
        digits[--at] = (char)('0' + (int)(number % 10));
    while ((number /= 10) != 0);
    return sm_region_printf(r, "%s%s%s", negative ? "-" : "", digits + at, suffix);
}

const char *sm_quantity_text(struct sm_region *r, const struct sm_quantity *quantity) {
    if (quantity->nano == 0)
        return "0";
    bool negative = quantity->nano < 0;
    sm_int128 value = negative ? -quantity->nano : quantity->nano;

    /* Small or broken binary ones are written as decimals, to lose nothing. */
    if (quantity->format == SM_QUANTITY_BINARY && value % nanos == 0 && value >= 1024 * nanos) {
        value /= nanos;
        int exponent = 0;
        for (; value % 1024 == 0; exponent += 10)
            value /= 1024;
        return number_text(r, negative, value, exponent ? suffix_text(SM_QUANTITY_BINARY, exponent) : "");
    }
    int exponent = -9;
    for (; value % 1000 == 0 && exponent < 18; exponent += 3)
        value /= 1000;
    if (quantity->format != SM_QUANTITY_EXPONENT)
        return number_text(r, negative, value, suffix_text(SM_QUANTITY_DECIMAL, exponent));
    return number_text(r, negative, value, exponent ? sm_region_printf(r, "e%d", exponent) : "");
}

bool sm_quantity_is_canonical(const char *text) {
    /* One to three digits that are no multiple of ten to the third or of 1024, and a suffix: `500m`, `10Gi`, `2`. */
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 3 || text[0] == '0')
        return false;
    struct suffix suffix;
    return read_suffix(text + digits, &suffix) && suffix.format != SM_QUANTITY_EXPONENT && suffix.exponent != 18 && suffix.exponent != 60;
}
