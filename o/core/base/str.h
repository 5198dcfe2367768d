/* A growing string on a region. [data] is never NULL and always NUL-terminated. Old buffers stay in the region. */
#ifndef SM_STR_H
#define SM_STR_H

#include "region.h"

struct sm_str {
    struct sm_region *region;
    char *data;
    size_t bytes;    /* without the NUL */
    size_t capacity; /* without the NUL */
};

void sm_str_init(struct sm_str *s, struct sm_region *region);
void sm_str_clear(struct sm_str *s);

/* Makes room for [bytes] more behind data[bytes]. Who writes there itself must keep [bytes] and the NUL right. */
void sm_str_reserve(struct sm_str *s, size_t bytes);

void sm_str_add(struct sm_str *s, const char *text);
void sm_str_addn(struct sm_str *s, const char *text, size_t bytes);
void sm_str_addc(struct sm_str *s, char c);
void sm_str_addf(struct sm_str *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sm_str_vaddf(struct sm_str *s, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

#endif
