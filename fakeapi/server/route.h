/* From HTTP to a request: what a method, a path, headers and a body ask of an API server. Pure: no sockets. The HTTP door uses
 * it, and so do tests that replay recorded conversations.
 *
 * What is wrong with a request that concerns a resource is answered by the server only once the client is authorised: it
 * travels along as request.refused. */
#ifndef SM_ROUTE_H
#define SM_ROUTE_H

#include "server.h"

struct sm_http_request {
    const char *method;       /* `GET` */
    const char *path;         /* as sent: percent-encoded, with the query */
    const char *content_type; /* headers; NULL: absent */
    const char *accept;
    const char *impersonate_user;
    const char *const *impersonate_groups; /* ended by NULL; NULL: none */
    const char *body;                      /* NULL: none */
    size_t body_bytes;
    const struct sm_client *client; /* who was authenticated; its agent is that of this request */
};

enum sm_representation { SM_AS_OBJECT, SM_AS_TABLE, SM_AS_PARTIAL, SM_AS_PARTIAL_LIST };

struct sm_route {
    bool resource;    /* about a resource: [request] is filled in. Else a path like `/version` */
    const char *path; /* decoded, without the query */
    struct sm_request request;
    bool yaml;     /* what the client wants to read */
    bool protobuf; /* it reads nothing else */
    enum sm_representation as;
    const char *as_version;     /* of that form's group: `v1`, `v1beta1` */
    const char *include_object; /* of the rows of a table: `None`, `Metadata`, `Object`; NULL: not given */
    int64_t timeout_seconds;    /* of a watch; 0: not given */
};

/* Strings and values of the route live in [r], or are those of [http]. */
struct sm_route sm_route(struct sm_region *r, const struct sm_server *server, const struct sm_http_request *http);

/* A reply whose body is a text and no JSON: a string. */
struct sm_reply sm_route_text(struct sm_region *r, int code, const char *text);

#endif
