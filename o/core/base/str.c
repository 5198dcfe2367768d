#include "str.h"

#include <stdio.h>
#include <string.h>

#include "bug.h"

enum { CAPACITY_MIN = 111 }; /* with the NUL a multiple of the region's alignment */

/* What an unused string points to; never written, since its capacity is 0. */
static char nothing[1];

void sm_str_init(struct sm_str *s, struct sm_region *region) {
    *s = (struct sm_str){.region = region, .data = nothing};
}

void sm_str_clear(struct sm_str *s) {
    s->bytes = 0;
    if (s->capacity)
        s->data[0] = '\0';
}

void sm_str_reserve(struct sm_str *s, size_t bytes) {
    if (bytes <= s->capacity - s->bytes)
        return;
    size_t capacity = s->capacity ? s->capacity * 2 + 1 : CAPACITY_MIN;
    if (capacity - s->bytes < bytes)
        capacity = (s->bytes + bytes) | (size_t)15;
    char *data = sm_region_alloc(s->region, capacity + 1);
    memcpy(data, s->data, s->bytes + 1);
    s->data = data;
    s->capacity = capacity;
}

void sm_str_add(struct sm_str *s, const char *text) {
    sm_str_addn(s, text, strlen(text));
}

void sm_str_addn(struct sm_str *s, const char *text, size_t bytes) {
    if (!bytes)
        return;
    sm_str_reserve(s, bytes);
    memcpy(s->data + s->bytes, text, bytes);
    s->bytes += bytes;
    s->data[s->bytes] = '\0';
}

void sm_str_addc(struct sm_str *s, char c) {
    sm_str_reserve(s, 1);
    s->data[s->bytes++] = c;
    s->data[s->bytes] = '\0';
}

void sm_str_addf(struct sm_str *s, const char *format, ...) {
    va_list args;
    va_start(args, format);
    sm_str_vaddf(s, format, args);
    va_end(args);
}

void sm_str_vaddf(struct sm_str *s, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    sm_str_reserve(s, 32); /* most numbers and short texts fit at once */
    size_t room = s->capacity - s->bytes;
    int bytes = vsnprintf(s->data + s->bytes, room + 1, format, args);
    SM_ASSERT(bytes >= 0);
    if ((size_t)bytes > room) {
        s->data[s->bytes] = '\0'; /* sm_str_reserve copies up to here */
        sm_str_reserve(s, (size_t)bytes);
        vsnprintf(s->data + s->bytes, (size_t)bytes + 1, format, again);
    }
    s->bytes += (size_t)bytes;
    va_end(again);
}
