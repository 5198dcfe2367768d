/* The only place that sees libuuid. */
#include "uuid.h"

#include <string.h>
#include <uuid/uuid.h>

#include "bug.h"

static int hex_digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* uuid_parse without its strtoul: it took longer than the hash. */
static bool read_namespace(const char *text, uuid_t ret_bytes) {
    for (size_t i = 0; i < sizeof(uuid_t); i++) {
        if ((i == 4 || i == 6 || i == 8 || i == 10) && *text++ != '-')
            return false;
        int high = hex_digit(text[0]), low = high < 0 ? -1 : hex_digit(text[1]);
        if (low < 0)
            return false;
        ret_bytes[i] = (unsigned char)(high << 4 | low);
        text += 2;
    }
    return *text == '\0';
}

void sm_uuid_v5(char out[SM_UUID_BYTES], const char *ns, const char *name) {
    uuid_t ns_bytes, bytes;
    if (!read_namespace(ns, ns_bytes))
        sm_bug("not a UUID: %s", ns);
    uuid_generate_sha1(bytes, ns_bytes, name, strlen(name));
    uuid_unparse_lower(bytes, out);
}

void sm_uuid_v4(char out[SM_UUID_BYTES], struct sm_rng *rng) {
    uuid_t bytes;
    for (size_t i = 0; i < sizeof bytes; i += 8) {
        uint64_t word = sm_rng_next(rng);
        for (size_t j = 0; j < 8; j++)
            bytes[i + j] = (unsigned char)(word >> (56 - 8 * j));
    }
    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40); /* version 4 */
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80); /* RFC 4122's variant */
    uuid_unparse_lower(bytes, out);
}

bool sm_uuid_valid(const char *text) {
    uuid_t bytes;
    return uuid_parse(text, bytes) == 0;
}
