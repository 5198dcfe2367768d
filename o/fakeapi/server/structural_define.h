/* Is an openAPIV3Schema structural? */
#ifndef SM_STRUCTURAL_DEFINE_H
#define SM_STRUCTURAL_DEFINE_H

#include "field_errors.h"
#include "field_path.h"

struct sm_structural;

/* Types, forbidden keywords, list types. [path]: where [schema] stands in the definition. */
void sm_structural_define(struct sm_field_errors *errors, const struct sm_field_path *path, sm_val schema);

/* Defaults against the nodes made of the same schema. */
void sm_structural_check_defaults(const struct sm_structural *node, struct sm_field_errors *errors, const struct sm_field_path *path,
                                  sm_val schema);

#endif
