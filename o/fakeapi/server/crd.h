/* Custom resources: a CustomResourceDefinition compiled to a kind. Structural schema, defaults, pruning, validation with
 * OpenAPI's bounds (structural.h), and the x-kubernetes-validations rules in CEL (cel.h).
 *
 *      definition ── sm_crd_compile ──▶ kind ── schema ──▶ decode, default (schema.h)
 *                                            └─ schema->structural ──▶ sm_crd_validate
 *
 * Compiling takes a good part of a millisecond and every simulated run stores the same definition, so what was compiled is
 * kept for the program's lifetime: a small table keyed by the content of the definition's spec. Whether an entry comes from
 * the table or is made anew shows in nothing but its address. When the table is full, kinds are made in the caller's region.
 */
#ifndef SM_CRD_H
#define SM_CRD_H

#include "kind.h"

/* Compiles one version of a definition that passed validation; [version] NULL: the storage version. It lives in [r] or longer.
 * The resource is the built-in one of the same group, version and kind if core/kube names one (SeiNode), else a new one.
 * What cannot be compiled (an expression outside the CEL subset) is an error in [errors] under its path, and NULL is
 * returned. [definition] must not outlive [r]: the kind shares its values. */
const struct sm_kind_info *sm_crd_compile(struct sm_region *r, sm_val definition, const char *version, struct sm_field_errors *errors);

/* Validates a definition itself, as part of kind_crd.c: names, versions, schemas, rules. [before] NULL: create. */
void sm_crd_validate_definition(struct sm_field_errors *errors, sm_val definition, sm_val before);

/* Validates [object] by its schema's structural part and rules: types, required, enum, bounds, formats, list keys, then CEL.
 * [before] NULL: create; else it gives transition rules their oldSelf, and ratchets: what did not change is not complained
 * about. For the status subresource only status is judged by the schema, with names relative to it, as Kubernetes does. */
void sm_crd_validate(const struct sm_write *write, const struct sm_kind_info *kind, struct sm_field_errors *errors, sm_val object,
                     sm_val before);

#endif
