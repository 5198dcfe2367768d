/* What the route_*.c files share. */
#ifndef SM_ROUTE_INTERNAL_H
#define SM_ROUTE_INTERNAL_H

#include "route.h"

/* Undoes percent-encoding; in queries `+` is a blank. */
const char *sm_route_decode(struct sm_region *r, const char *text, size_t bytes, bool query);

/* The request will be answered so; the first refusal counts. */
void sm_route_refuse(struct sm_region *r, struct sm_route *route, struct sm_reply reply);

/* route_query.c: the options of a request. [query] is what follows `?`, or "". */
void sm_route_query(struct sm_region *r, struct sm_route *route, const char *query);

/* route_body.c: media types and the body. [kind] NULL: unknown. */
void sm_route_body(struct sm_region *r, struct sm_route *route, const struct sm_server *server, const struct sm_http_request *http,
                   const struct sm_kind_info *kind);
void sm_route_accept(struct sm_region *r, struct sm_route *route, const char *accept, const struct sm_kind_info *kind);

#endif
