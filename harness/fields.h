/* Fields that an object of a kind does not have, and values of the wrong type, told where they stand: in manifests, in patches, and
 * in the partial objects of asserts. What a server would drop, or never match, is a typing error. */
#ifndef SM_FIELDS_H
#define SM_FIELDS_H

#include "schema.h"
#include "shape.h"

enum sm_fields_of {
    SM_FIELDS_OF_MANIFEST,
    SM_FIELDS_OF_PATCH,   /* merge or strategic: directives (`$patch`) pass */
    SM_FIELDS_OF_PATTERN, /* match.h: operators and references pass */
};

/* Checks [v] at [path] of [source], of a kind that messages call [kind]. */
void sm_fields_check(struct sm_problems *problems, const struct sm_source *source, const char *path, enum sm_fields_of of, const char *kind,
                     const struct sm_schema *schema, sm_val v);

#endif
