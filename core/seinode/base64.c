#include "base64.h"

#include <string.h>

static int sextet(char c) {
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(alphabet, c) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

const char *sm_base64_decode(struct sm_region *r, const char *text, size_t *ret_bytes) {
    size_t length = strlen(text), pads = 0;
    if (length % 4)
        return NULL;
    while (pads < 2 && pads < length && text[length - 1 - pads] == '=')
        pads++;
    size_t bytes = length / 4 * 3 - pads;
    char *out = sm_region_alloc(r, length / 4 * 3 + 1);
    for (size_t i = 0, at = 0; i < length; i += 4, at += 3) {
        uint32_t group = 0;
        for (size_t k = 0; k < 4; k++) {
            bool padding = i + k >= length - pads;
            int value = padding ? 0 : sextet(text[i + k]);
            if (value < 0)
                return NULL;
            group = group << 6 | (uint32_t)value;
        }
        out[at] = (char)(group >> 16);
        out[at + 1] = (char)(group >> 8 & 0xff);
        out[at + 2] = (char)(group & 0xff);
    }
    out[bytes] = '\0';
    *ret_bytes = bytes;
    return out;
}
