/* OpenAPI v3, as much of it as tells clients that the server validates fields itself: a patch for each kind, with its query
 * parameters. There are no schemas in it yet, so `kubectl explain` finds nothing. */
#ifndef SM_OPENAPI_H
#define SM_OPENAPI_H

#include "server.h"

/* Where the documents are: one a group and version. */
sm_val sm_openapi_index(struct sm_region *r, const struct sm_server *server);

/* The document at [place], `api/v1` or `apis/GROUP/VERSION`; NULL if there is none. */
sm_val sm_openapi_document(struct sm_region *r, const struct sm_server *server, const char *place);

#endif
