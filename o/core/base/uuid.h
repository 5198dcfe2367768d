/* UUIDs as text, 36 characters and a NUL. */
#ifndef SM_UUID_H
#define SM_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include "rng.h"

enum { SM_UUID_BYTES = 37 };

/* RFC 4122 version 5 (SHA-1) of [name] in namespace [ns], a UUID as text. */
void sm_uuid_v5(char out[SM_UUID_BYTES], const char *ns, const char *name);

/* Version 4 from the stream's next 128 bits. */
void sm_uuid_v4(char out[SM_UUID_BYTES], struct sm_rng *rng);

bool sm_uuid_valid(const char *text);

#endif
