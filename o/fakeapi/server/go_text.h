/* Values as Go prints them in messages: `%v` of what encoding/json decodes. */
#ifndef SM_GO_TEXT_H
#define SM_GO_TEXT_H

#include "val.h"

/* `map[a:1 b:[x y]]`, `<nil>`, strings without quotes. */
const char *sm_go_text(struct sm_region *r, sm_val v);

/* `%#v`: `map[string]interface {}{"a":1}`, `[]interface {}{"x"}`, strings in quotes. */
const char *sm_go_syntax(struct sm_region *r, sm_val v);

/* The type that encoding/json decodes it to: `map[string]interface {}`, `string`, `float64`. */
const char *sm_go_type(sm_val v);

#endif
