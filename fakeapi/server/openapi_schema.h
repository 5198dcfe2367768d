/* Schemas as OpenAPI says them: one component a named type, with what server-side apply and strategic merge need to know. */
#ifndef SM_OPENAPI_SCHEMA_H
#define SM_OPENAPI_SCHEMA_H

#include "kind.h"

/* [components] with that of [kind] and all those it refers to. [place]: what references begin with, `#/components/schemas/`. */
sm_val sm_openapi_add(struct sm_region *r, sm_val components, const struct sm_kind_info *kind, const char *place);

#endif
