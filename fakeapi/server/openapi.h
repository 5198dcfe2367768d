/* OpenAPI, as much of it as clients read: that the server validates fields itself (a patch for each kind, with its query parameters), and
 * the schemas of all kinds, with their lists' keys (`kubectl explain`, `kubectl apply`). Descriptions there are none. */
#ifndef SM_OPENAPI_H
#define SM_OPENAPI_H

#include "server.h"

/* Where the documents are: one a group and version. */
sm_val sm_openapi_index(struct sm_region *r, const struct sm_server *server);

/* The document at [place], `api/v1` or `apis/GROUP/VERSION`; NULL if there is none. */
sm_val sm_openapi_document(struct sm_region *r, const struct sm_server *server, const char *place);

/* All of them as one Swagger 2.0 document. */
sm_val sm_openapi_v2(struct sm_region *r, const struct sm_server *server);

#endif
