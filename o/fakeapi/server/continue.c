#include "continue.h"

#include <string.h>

#include "json.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static const char *encode(struct sm_region *r, const char *text, size_t bytes) {
    struct sm_str out;

    sm_str_init(&out, r);
    for (size_t i = 0; i < bytes; i += 3) {
        size_t left = bytes - i < 3 ? bytes - i : 3;
        uint32_t triple = 0;

        for (size_t j = 0; j < 3; j++)
            triple = triple << 8 | (j < left ? (unsigned char)text[i + j] : 0);
        for (size_t j = 0; j <= left; j++)
            sm_str_addc(&out, digits[triple >> (18 - 6 * j) & 63]);
    }
    return out.data;
}

/* NULL with the place of the first byte that is wrong. */
static const char *decode(struct sm_region *r, const char *text, size_t *ret_bytes, size_t *reterr_at) {
    size_t count = strlen(text), used = 0;
    char *out = sm_region_alloc(r, count + 1);
    uint32_t bits = 0, held = 0;

    for (size_t i = 0; i < count; i++) {
        const char *digit = strchr(digits, text[i]);

        if (!digit) {
            *reterr_at = i;
            return NULL;
        }
        held = held << 6 | (uint32_t)(digit - digits);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[used++] = (char)(held >> bits & 0xff);
        }
    }
    if (count % 4 == 1) {
        *reterr_at = count - 1;
        return NULL;
    }
    out[used] = '\0';
    *ret_bytes = used;
    return out;
}

const char *sm_continue_text(struct sm_region *r, int64_t version, const char *last) {
    struct sm_str json;
    size_t bytes = strlen(last) + 1;

    sm_str_init(&json, r);
    sm_str_addf(&json, "{\"v\":\"meta.k8s.io/v1\",\"rv\":%lld,\"start\":", (long long)version);
    sm_json_quote(&json, last, bytes, SM_JSON_COMPACT);
    sm_str_addc(&json, '}');
    return encode(r, json.data, json.bytes);
}

const char *sm_continue_parse(struct sm_region *r, const char *text, int64_t *ret_version, const char **ret_last) {
    size_t bytes, at = 0;
    struct sm_json_error error;
    const char *json = decode(r, text, &bytes, &at);

    if (!json)
        return sm_region_printf(r, "continue key is not valid: illegal base64 data at input byte %zu", at);
    sm_val token = sm_json_parse(r, json, bytes, NULL, &error);
    if (!sm_val_is_map(token))
        return "continue key is not valid: invalid character in the token";
    const char *encoding = sm_val_str_at(token, "v"), *start = sm_val_str_at(token, "start");
    if (strcmp(encoding, "meta.k8s.io/v1") != 0)
        return sm_region_printf(r, "continue key is not valid: server does not recognize this encoded version %s", encoding);
    if (sm_val_int_at(token, "rv", 0) == 0)
        return "continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)";
    if (!*start)
        return "continue key is not valid: encoded start key empty (version meta.k8s.io/v1)";
    *ret_version = sm_val_int_at(token, "rv", 0);
    *ret_last = start;
    return NULL;
}
