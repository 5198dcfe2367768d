/* What the server says of itself, at paths that are no resource's: groups, versions and resources (the old form, and the
 * aggregated one), /version, health. Made of the kinds it serves, custom ones included. */
#ifndef SM_DISCOVERY_H
#define SM_DISCOVERY_H

#include "route.h"

extern const char sm_discovery_aggregated[]; /* media type of the aggregated form */

/* Answers a request whose route is about no resource. [ret_type] is the content type, NULL for the usual one of such a body. */
struct sm_reply sm_discovery(struct sm_env *env, struct sm_server *server, const struct sm_http_request *http, const struct sm_route *route,
                             const char *kubernetes, const char **ret_type);

#endif
