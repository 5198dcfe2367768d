/* Outside services that a controller calls by name (`sidecar`), and the transport that carries requests to a server.
 * Both are given to a manager by whoever sets the world up; core knows only these vtables. */
#ifndef SM_SERVICE_H
#define SM_SERVICE_H

#include "api.h"
#include "env.h"
#include "log.h"

/* A call of an outside service, and how it ends. Both live in the run's region once sent. */
struct sm_service_call {
    const struct sm_client *client;
    const char *service; /* `sidecar` */
    const char *method;  /* `GET` */
    const char *host;    /* `n-1-0.n-1.default.svc.cluster.local:7777` */
    const char *path;    /* `/v0/healthz` */
    sm_val body;
    sm_time timeout;
};

/* Where an answer goes. [fire] is called as an event: env, self, token, reply (const struct sm_reply *). */
struct sm_answer_to {
    void *self;
    void (*fire)(struct sm_env *env, void *self, uint64_t token, const void *reply);
    uint64_t token;
};

/* Carries requests and calls. A request is sent, committed, answered: three events; each may be delayed, lost or refused by
 * whoever implements this. send returns at once; the answer arrives as an event, or never. */
struct sm_transport {
    void *self;
    void (*send)(struct sm_env *env, void *self, const struct sm_request *request, struct sm_answer_to to);
    void (*call)(struct sm_env *env, void *self, const struct sm_service_call *call, struct sm_answer_to to);
    /* The log of a resource, for informers to pull from. NULL if the server knows no such resource. */
    const struct sm_log *(*log)(struct sm_env *env, void *self, const struct sm_resource *resource);
    /* May [client] list and watch all of it? NULL: whoever asks may. */
    bool (*may_watch)(struct sm_env *env, void *self, const struct sm_client *client, const struct sm_resource *resource);
};

#endif
