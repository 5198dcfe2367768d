#include "base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int digit_of(char c) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static size_t skip_breaks(const char *text, size_t at, size_t text_bytes) {
    while (at < text_bytes && (text[at] == '\n' || text[at] == '\r'))
        at++;
    return at;
}

/* The padding of a last group that has [have] digits; [at] stands on its first `=`. */
static bool padding_fits(const char *text, size_t text_bytes, size_t at, int have, size_t *ret_bad) {
    *ret_bad = at;
    if (have < 2)
        return false;
    if (have == 2) {
        at = skip_breaks(text, at + 1, text_bytes);
        *ret_bad = at;
        if (at == text_bytes || text[at] != '=')
            return false;
    }
    at = skip_breaks(text, at + 1, text_bytes);
    *ret_bad = at;
    return at == text_bytes;
}

const char *sm_base64_decode(struct sm_region *r, const char *text, size_t text_bytes, size_t *ret_bytes, size_t *ret_bad) {
    size_t bad = 0;
    char *out = sm_region_alloc(r, text_bytes / 4 * 3 + 4);
    size_t bytes = 0, at = 0;
    for (;;) {
        uint32_t group = 0;
        int have = 0;
        for (; have < 4; have++) {
            at = skip_breaks(text, at, text_bytes);
            if (at == text_bytes)
                break;
            int digit = digit_of(text[at]);
            if (digit < 0)
                break;
            group = group << 6 | (uint32_t)digit;
            at++;
        }
        if (have == 4) {
            out[bytes++] = (char)(group >> 16);
            out[bytes++] = (char)(group >> 8);
            out[bytes++] = (char)group;
            continue;
        }
        if (have == 0 && at == text_bytes)
            break;

        bad = at == text_bytes ? at - (size_t)have : at;
        if (at == text_bytes || text[at] != '=' || !padding_fits(text, text_bytes, at, have, &bad)) {
            if (ret_bad)
                *ret_bad = bad;
            return NULL;
        }
        group <<= 6 * (4 - have);
        out[bytes++] = (char)(group >> 16);
        if (have == 3)
            out[bytes++] = (char)(group >> 8);
        break;
    }
    out[bytes] = '\0';
    *ret_bytes = bytes;
    return out;
}

const char *sm_base64_encode(struct sm_region *r, const char *data, size_t bytes) {
    char *out = sm_region_alloc(r, (bytes + 2) / 3 * 4 + 1);
    size_t at = 0;
    for (size_t i = 0; i < bytes; i += 3) {
        size_t have = bytes - i < 3 ? bytes - i : 3;
        uint32_t group = (uint32_t)(unsigned char)data[i] << 16;
        if (have > 1)
            group |= (uint32_t)(unsigned char)data[i + 1] << 8;
        if (have > 2)
            group |= (unsigned char)data[i + 2];
        out[at++] = digits[group >> 18];
        out[at++] = digits[group >> 12 & 63];
        out[at++] = have > 1 ? digits[group >> 6 & 63] : '=';
        out[at++] = have > 2 ? digits[group & 63] : '=';
    }
    out[at] = '\0';
    return out;
}
