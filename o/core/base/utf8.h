/* UTF-8, as strict as RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF. */
#ifndef SM_UTF8_H
#define SM_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the character at [p], 1 to 4; 0 if what stands there is none. */
static inline size_t utf8_bytes(const char *p, const char *end) {
    const unsigned char *s = (const unsigned char *)p;
    size_t left = (size_t)(end - p);
    if (left && s[0] < 0x80)
        return 1;
    if (left < 2 || s[0] < 0xc2 || s[0] > 0xf4)
        return 0;

    /* Only the second byte has narrower bounds, and only after these four. */
    unsigned low = s[0] == 0xe0 ? 0xa0 : s[0] == 0xf0 ? 0x90 : 0x80;
    unsigned high = s[0] == 0xed ? 0x9f : s[0] == 0xf4 ? 0x8f : 0xbf;
    size_t bytes = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    if (left < bytes || s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i < bytes; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return bytes;
}

/* Characters of a text, as Go counts them: a byte that belongs to none counts as one. */
static inline size_t utf8_count(const char *text, size_t bytes) {
    size_t count = 0;
    for (const char *p = text, *end = text + bytes; p < end; count++) {
        size_t step = utf8_bytes(p, end);
        p += step ? step : 1;
    }
    return count;
}

/* Writes [code], which must be a character, to [out] and returns the bytes: 1 to 4. */
static inline size_t utf8_encode(uint32_t code, char out[4]) {
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t bytes = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = bytes - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    static const unsigned char lead[] = {[2] = 0xc0, [3] = 0xe0, [4] = 0xf0};
    out[0] = (char)(lead[bytes] | code);
    return bytes;
}

#endif
