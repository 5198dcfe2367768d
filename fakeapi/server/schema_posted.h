/* Schemas of what is sent and answered but no kind of its own: options, reviews, views, Status. */
#ifndef SM_SCHEMA_POSTED_H
#define SM_SCHEMA_POSTED_H

#include "schema.h"

extern const struct sm_schema sm_schema_scale, sm_schema_status, sm_schema_list_meta;

/* Of a kind of that kind (`DeleteOptions`, `Eviction`); NULL: none. */
const struct sm_schema *sm_schema_posted(const char *kind);

#endif
