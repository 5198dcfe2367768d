/* Other shapes of what a server answers: tables for `kubectl get`, metadata alone for informers that need no more. A reply is made as
 * ever and then shown as its route asks; an error stays the Status it is. */
#ifndef SM_REPRESENTATION_H
#define SM_REPRESENTATION_H

#include "route.h"

/* [reply] as [route] wants to see it. Values live in [r], or are those of [reply]. */
struct sm_reply sm_represent(struct sm_region *r, const struct sm_server *server, sm_time now, const struct sm_route *route,
                             struct sm_reply reply);

/* The same of an event `{type, object}` of a watch; [first]: it is the first of its stream, and tells the columns. */
sm_val sm_represent_event(struct sm_region *r, const struct sm_server *server, sm_time now, const struct sm_route *route, sm_val event,
                          bool first);

/* A body as the bytes that its reader asked for, where that is not JSON: a string, and its media type. Else [body] itself. JSON is
 * YAML, so that is what readers of YAML get. */
sm_val sm_represent_bytes(struct sm_region *r, const struct sm_server *server, const struct sm_route *route, sm_val body,
                          const char **ret_type);

#endif
