/* What a YAML scalar means: the rules of YAML 1.1 as go-yaml v2 has them, and then the way through JSON that kubectl takes. */
#ifndef SM_YAML_SCALAR_H
#define SM_YAML_SCALAR_H

#include "val.h"

/* Returns what a plain (unquoted) text means, a string if nothing else. NULL if JSON cannot say it: infinity, not-a-number. */
sm_val sm_yaml_plain(struct sm_region *r, const char *text, size_t bytes);

/* What stands between single quotes: `''` is a quote, lines are folded. */
const char *sm_yaml_single_quoted(struct sm_region *r, const char *raw, size_t bytes, size_t *ret_bytes);

/* The text of a map's key that was read as [key]; NULL if it cannot be one: null, lists, maps. */
const char *sm_yaml_key(struct sm_region *r, sm_val key);

#endif
