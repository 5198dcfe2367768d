/* vsnprintf for what our texts are made of: %s %.*s %c %d %u, integers of l, ll and z, and %%. Texts are made at every call
 * of a pass, and libc's took a tenth of a run. Any other directive hands the whole format to libc. */
#ifndef SM_FORMAT_H
#define SM_FORMAT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* As vsnprintf: writes up to [size] bytes with the NUL, returns how many bytes the whole text has without it. */
size_t sm_format(char *out, size_t size, const char *format, va_list args) __attribute__((format(printf, 3, 0)));

/* The digits of [value], with its sign, at the end of [out] and NUL-terminated; returns where they begin. */
enum { SM_FORMAT_INT_BYTES = 24 };
char *sm_format_int(char out[SM_FORMAT_INT_BYTES], int64_t value);

#endif
