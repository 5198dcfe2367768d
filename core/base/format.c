#include "format.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bug.h"
#include "val_internal.h"

static char *put_digits(char *end, uint64_t value) {
    do {
        *--end = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    return end;
}

char *sm_format_int(char out[SM_FORMAT_INT_BYTES], int64_t value) {
    char *end = out + SM_FORMAT_INT_BYTES - 1;

    *end = '\0';
    char *at = put_digits(end, value < 0 ? -(uint64_t)value : (uint64_t)value);
    if (value < 0)
        *--at = '-';
    return at;
}

struct output {
    char *data;
    size_t room; /* without the NUL */
    size_t bytes;
    va_list args; /* what is left of them */
};

static inline void put(struct output *out, const char *text, size_t bytes) {
    if (out->bytes < out->room)
        copy_bytes(out->data + out->bytes, text, bytes < out->room - out->bytes ? bytes : out->room - out->bytes);
    out->bytes += bytes;
}

/* Writes the directive behind a `%`; returns what follows it, or NULL if we do not know it. */
static const char *put_directive(struct output *out, const char *at) {
    char number[SM_FORMAT_INT_BYTES];
    size_t precision = SIZE_MAX;
    int longs = 0;
    bool size = false;

    if (at[0] == '.' && at[1] == '*' && at[2] == 's') {
        int given = va_arg(out->args, int);
        precision = given < 0 ? SIZE_MAX : (size_t)given;
        at += 2;
    } else if (at[0] == '.' && at[1] >= '0' && at[1] <= '9' && at[2] == 's') {
        precision = (size_t)(at[1] - '0');
        at += 2;
    }
    for (; *at == 'l'; at++)
        longs++;
    if (!longs && *at == 'z') {
        size = true;
        at++;
    }
    const char *text = number, *end = number + SM_FORMAT_INT_BYTES - 1;
    if (*at == 'd' && !size) {
        text = sm_format_int(number, longs ? va_arg(out->args, long) : va_arg(out->args, int));
    } else if (*at == 'u') {
        number[SM_FORMAT_INT_BYTES - 1] = '\0';
        text = put_digits(number + SM_FORMAT_INT_BYTES - 1, longs || size ? va_arg(out->args, unsigned long) : va_arg(out->args, unsigned));
    } else if (*at == 's' && !longs && !size) {
        text = va_arg(out->args, const char *);
        text = text ? text : "(null)";
        end = text + (precision == SIZE_MAX ? strlen(text) : strnlen(text, precision));
    } else if (*at == 'c' && !longs && !size) {
        number[0] = (char)va_arg(out->args, int);
        end = number + 1;
    } else if (*at == '%' && !longs && !size) {
        text = at;
        end = at + 1;
    } else {
        return NULL;
    }
    put(out, text, (size_t)(end - text));
    return at + 1;
}

_Static_assert(sizeof(long) == sizeof(long long) && sizeof(long) == sizeof(size_t), "l, ll and z are read alike");

size_t sm_format(char *out, size_t size, const char *format, va_list args) {
    struct output output = {.data = out, .room = size ? size - 1 : 0};

    va_copy(output.args, args);
    for (const char *at = format; at && *at;) {
        const char *plain = at;
        if (*at != '%') {
            at = strchrnul(at, '%');
            put(&output, plain, (size_t)(at - plain));
        }
        if (*at && !(at = put_directive(&output, at + 1))) {
            int bytes = vsnprintf(out, size, format, args);
            SM_ASSERT(bytes >= 0);
            output.bytes = (size_t)bytes;
            size = 0;
        }
    }
    va_end(output.args);
    if (size)
        out[output.bytes < size ? output.bytes : size - 1] = '\0';
    return output.bytes;
}
