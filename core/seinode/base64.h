/* Base64 as in the data of a Secret. */
#ifndef SM_BASE64_H
#define SM_BASE64_H

#include <stddef.h>

#include "region.h"

/* The bytes with a NUL behind them, or NULL if [text] is not base64 with padding. */
const char *sm_base64_decode(struct sm_region *r, const char *text, size_t *ret_bytes);

#endif
