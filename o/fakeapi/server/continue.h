/* Continue tokens: where a list goes on, and at which version. Clients take them as opaque, but Kubernetes' form is kept:
 * base64url without padding of `{"v":"meta.k8s.io/v1","rv":N,"start":"name\u0000"}`. */
#ifndef SM_CONTINUE_H
#define SM_CONTINUE_H

#include "val.h"

/* [last] is the last key of the page, without the prefix of the listed namespace. */
const char *sm_continue_text(struct sm_region *r, int64_t version, const char *last);

/* Returns NULL and fills in the version (-1: go on at the latest state) and the key, relative to the listed prefix, after
 * which to go on; or the text of what is wrong. */
const char *sm_continue_parse(struct sm_region *r, const char *text, int64_t *ret_version, const char **ret_last);

#endif
