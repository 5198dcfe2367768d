/* The schema for decoding, defaulting and apply of a custom resource, from its openAPIV3Schema and the nodes made of it. */
#ifndef SM_STRUCTURAL_SCHEMA_H
#define SM_STRUCTURAL_SCHEMA_H

#include "structural.h"

/* The schema of a kind: its own properties, apiVersion, kind and metadata. */
const struct sm_schema *sm_structural_schema(struct sm_region *r, const char *kind, sm_val json, const struct sm_structural *node);

#endif
