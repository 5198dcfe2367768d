#include "quantity.h"

#include <string.h>

/*   suffix  factor in thousandths, as a power: thousandths = 1000^decimal * 1024^binary */
static const struct {
    const char *suffix;
    int decimal, binary;
} suffixes[] = {
    {"m", 0, 0}, {"", 1, 0},  {"k", 2, 0},  {"M", 3, 0},  {"G", 4, 0},  {"T", 5, 0},  {"P", 6, 0}, {"E", 7, 0},
    {"Ki", 1, 1}, {"Mi", 1, 2}, {"Gi", 1, 3}, {"Ti", 1, 4}, {"Pi", 1, 5}, {"Ei", 1, 6},
};

static int64_t times(int64_t value, int64_t factor) {
    int64_t product;
    return __builtin_mul_overflow(value, factor, &product) ? INT64_MAX : product;
}

static int64_t scaled(int64_t value, int decimal, int binary) {
    for (int i = 0; i < decimal; i++)
        value = times(value, 1000);
    for (int i = 0; i < binary; i++)
        value = times(value, 1024);
    return value;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* `e3` or `E3`: an exponent of ten; false if [text] is no such thing. */
static bool exponent(const char *text, int *ret_exponent) {
    if (*text != 'e' && *text != 'E')
        return false;
    const char *at = text + 1;
    bool negative = *at == '-';
    int value = 0;
    at += *at == '-' || *at == '+';
    if (!is_digit(*at))
        return false;
    for (; is_digit(*at); at++)
        value = value < 100 ? value * 10 + (*at - '0') : value;
    *ret_exponent = negative ? -value : value;
    return !*at;
}

bool sm_quantity_parse(const char *text, int64_t *ret_thousandths) {
    enum { PLACES_MAX = 9 };
    int64_t digits = 0, scale = 1;
    bool any = false, saturated = false;
    text += *text == '+';
    for (; is_digit(*text); text++, any = true) {
        digits = times(digits, 10);
        saturated |= __builtin_add_overflow(digits, *text - '0', &digits);
    }
    if (*text == '.')
        for (text++; is_digit(*text); text++, any = true)
            if (scale < 1000000000) {
                digits = times(digits, 10);
                saturated |= __builtin_add_overflow(digits, *text - '0', &digits);
                scale *= 10;
            }
    if (!any)
        return false;

    int64_t value = 0;
    int power;
    if (exponent(text, &power)) {
        value = times(digits, 1000);
        for (; power > 0; power--)
            value = times(value, 10);
        for (; power < 0 && value; power++)
            value = value / 10 + (value % 10 != 0);
    } else {
        size_t i = 0, count = sizeof suffixes / sizeof *suffixes;
        while (i < count && strcmp(suffixes[i].suffix, text) != 0)
            i++;
        if (i == count)
            return false;
        value = scaled(digits, suffixes[i].decimal, suffixes[i].binary);
    }
    if (saturated || value == INT64_MAX)
        *ret_thousandths = INT64_MAX;
    else
        *ret_thousandths = value / scale + (value % scale != 0);
    return true;
}
