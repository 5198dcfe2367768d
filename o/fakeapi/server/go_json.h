/* What Go's encoding/json says of a text that is no JSON. */
#ifndef SM_GO_JSON_H
#define SM_GO_JSON_H

#include "region.h"

/* `invalid character 'o' in literal null (expecting 'u')`, `unexpected end of JSON input`; NULL if the text is JSON. */
const char *sm_go_json_error(struct sm_region *r, const char *text, size_t bytes);

#endif
