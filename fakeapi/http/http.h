/* The HTTP door of an API server: sockets on one side, sm_request on the other. One thread, and nothing happens but in
 * sm_http_run: whoever owns the world lets it come to the present, runs the door, and waits at the door's descriptor.
 *
 *      socket ─▶ TLS ─▶ libmicrohttpd ─▶ who is it ─▶ route.h ─▶ server.h ─▶ JSON ─▶ gzip ─▶ socket
 *                                                        └▶ stream.h, fed from the log: a chunk at once for what there is
 *
 * What is written lives in the run's region, as the server wants it; the rest of a request and its answer's text in a region of its own.
 */
#ifndef SM_HTTP_H
#define SM_HTTP_H

#include "certificate.h"
#include "route.h"
#include "server.h"

struct sm_http;

/* A bearer token and whose it is. */
struct sm_http_account {
    const char *token;
    const char *user;
    const char *const *groups; /* ended by NULL; system:authenticated is among them */
};

/* TLS: what the door shows, and the PEM of those whose client certificates it believes. */
struct sm_http_tls {
    struct sm_certificate own;
    const char *trusted;
};

/* Paths that are no part of the API. True: [ret] is the answer, and all of it lives in [r]; a string is told as [ret_type]. It may
 * move the door to another world. Only administrators (system:masters) come so far. */
struct sm_http_own {
    void *self;
    const char *prefix; /* `/stalemate/` */
    bool (*answer)(void *self, struct sm_region *r, const struct sm_http_request *request, struct sm_reply *ret, const char **ret_type);
};

struct sm_http_config {
    struct sm_region *region; /* the door lives there; NULL: in the run's, which it then cannot leave */
    struct sm_env *env;
    struct sm_server *server;
    const char *bind;                       /* IPv4 address; NULL: 127.0.0.1 */
    uint16_t port;                          /* 0: any */
    const struct sm_http_account *accounts; /* the door keeps the pointer */
    size_t account_count;
    const struct sm_http_account *nobody; /* who is who brings neither token nor certificate; NULL: system:anonymous */
    const char *kubernetes;               /* `1.33` */
    struct sm_http_own own;               /* no function: none */
    const struct sm_http_tls *tls;        /* NULL: plain HTTP; the door keeps the pointer */
};

/* Listens. NULL: [reterr] says why not. The door lives in the run's region. */
struct sm_http *sm_http_open(const struct sm_http_config *config, const char **reterr);
uint16_t sm_http_port(const struct sm_http *http);

/* Readable when there is something to do. */
int sm_http_descriptor(const struct sm_http *http);

/* Answers what has come, and feeds the streams what happened. Does not wait. */
void sm_http_run(struct sm_http *http);

/* When a stream has something to do by itself; 0: never. */
sm_time sm_http_due(const struct sm_http *http);

/* The same cluster goes on in another world: streams go on there, or end where it has forgotten what they have not said yet. */
void sm_http_move(struct sm_http *http, struct sm_env *env, struct sm_server *server);
/* Another cluster is served from now on; every stream ends. */
void sm_http_replace(struct sm_http *http, struct sm_env *env, struct sm_server *server);

/* No more clients; every stream is ended as a stream ends that is over. Run it until nothing is open, then close it. */
void sm_http_stop(struct sm_http *http);
size_t sm_http_streams(const struct sm_http *http);
void sm_http_close(struct sm_http *http);

#endif
