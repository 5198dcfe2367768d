/* SHA-256 (FIPS 180-4). */
#ifndef SM_SHA256_H
#define SM_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SM_SHA256_BYTES = 32 };

void sm_sha256(const void *data, size_t bytes, uint8_t ret_digest[SM_SHA256_BYTES]);

#endif
