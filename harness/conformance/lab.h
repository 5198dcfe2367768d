/* A cluster for a recorded conversation: a server in process, in stepped time, and the controllers that the conversation
 * needs. Requests come as over HTTP; between two of them the controllers may act. */
#ifndef SM_LAB_H
#define SM_LAB_H

#include "network.h"
#include "route.h"
#include "sim.h"

enum { SM_LAB_CONTROLLERS_MAX = 4 };

struct sm_lab {
    struct sm_region *r; /* the run's */
    struct sm_sim *sim;
    struct sm_server *server;
    struct sm_network *network;
    struct sm_manager *controllers[SM_LAB_CONTROLLERS_MAX];
    size_t controller_count;
};

/* What came back, as a client sees it. */
struct sm_lab_reply {
    int code;
    sm_val headers; /* content-type, warning, retry-after */
    sm_val body;
};

/* [controllers]: with those of the StatefulSet, garbage collection and namespaces. [kubernetes]: `1.37`; NULL: 1.33. */
struct sm_lab *sm_lab_new(struct sm_region *r, bool controllers, const char *kubernetes);

/* [http] may name no client: then it is the administrator. */
struct sm_lab_reply sm_lab_do(struct sm_lab *lab, struct sm_http_request *http);

void sm_lab_pass(struct sm_lab *lab, sm_time time);

/* The same as a request, not sent: for watches. */
struct sm_route sm_lab_route(struct sm_lab *lab, struct sm_http_request *http);

#endif
