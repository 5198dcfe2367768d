/* Custom resources: a CustomResourceDefinition compiled to a kind. Structural schema, defaults, pruning, validation with
 * OpenAPI's bounds, and the x-kubernetes-validations rules in CEL (cel.h). */
#ifndef SM_CRD_H
#define SM_CRD_H

#include "kind.h"

/* Compiles the storage version of a definition that passed validation. All of it lives in [r]. The resource is the built-in
 * one of the same group and kind if core/kube names one (SeiNode), else a new one. Aborts on nothing: what cannot be compiled
 * (an expression outside the CEL subset) is an error in [errors] under its path, and NULL is returned. */
const struct sm_kind_info *sm_crd_compile(struct sm_region *r, sm_val definition, struct sm_field_errors *errors);

/* Validates a definition itself, as part of kind_crd.c. [before] NULL: create. */
void sm_crd_validate_definition(struct sm_field_errors *errors, sm_val definition, sm_val before);

/* Validates [object] by its schema's structural part and rules: types, required, enum, bounds, formats, list keys, then CEL.
 * [before] gives transition rules their oldSelf, and ratchets: what did not change is not complained about. */
void sm_crd_validate(const struct sm_kind_info *kind, struct sm_field_errors *errors, sm_val object, sm_val before);

/* The part of a schema that OpenAPI adds. */
struct sm_structural;

#endif
