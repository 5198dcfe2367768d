/* The only place that sees libuuid. */
#include "uuid.h"

#include <string.h>
#include <uuid/uuid.h>

#include "bug.h"

void sm_uuid_v5(char out[SM_UUID_BYTES], const char *ns, const char *name) {
    uuid_t ns_bytes, bytes;
    if (uuid_parse(ns, ns_bytes) != 0)
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
