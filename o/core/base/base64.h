/* Base64 as encoding/base64's StdEncoding reads and writes it: padded, line breaks ignored when reading. */
#ifndef SM_BASE64_H
#define SM_BASE64_H

#include "region.h"

/* NULL if [text] is none; [ret_bad] (may be NULL) is then the byte at which Go says so. The result is NUL-terminated and may hold NULs. */
const char *sm_base64_decode(struct sm_region *r, const char *text, size_t text_bytes, size_t *ret_bytes, size_t *ret_bad);
const char *sm_base64_encode(struct sm_region *r, const char *data, size_t bytes);

#endif
