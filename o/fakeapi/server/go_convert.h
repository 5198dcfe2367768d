/* What apimachinery's unstructured converter says of a value that is not as its Go type wants it: the words of a strategic
 * merge patch, which never becomes JSON on its way. */
#ifndef SM_GO_CONVERT_H
#define SM_GO_CONVERT_H

#include "schema.h"

/* Of the first such value, in order of the fields' names: `unrecognized type: int32`. NULL: there is none. */
const char *sm_go_convert_error(struct sm_region *r, const struct sm_schema *schema, sm_val v);

#endif
