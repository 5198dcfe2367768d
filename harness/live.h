/* A cluster for clients from outside: server, controllers and kubelet, without scenario, faults and properties. It lives in
 * the region it was given and in its simulation, and moves only when that is run. */
#ifndef SM_LIVE_H
#define SM_LIVE_H

#include "kubelet.h"
#include "manager.h"
#include "network.h"
#include "sim.h"

enum { SM_LIVE_CONTROLLERS_MAX = 16 };

struct sm_live_config {
    struct sm_region *run, *scratch;
    uint64_t seed;
    sm_time start;           /* what the clock shows at first */
    const char *kubernetes;  /* NULL: `1.33` */
    int64_t first_version;   /* resourceVersion before the first write; 0: 1 */
    struct sm_sim_sink sink; /* of the journal; no function: none */
    const char *controllers; /* `none`, names with commas (`statefulset` stands for `statefulset-controller`); NULL: all, and the kubelet */
};

struct sm_live {
    struct sm_sim *sim;
    struct sm_env *env;
    struct sm_server *server;
    struct sm_network *network;
    struct sm_kubelet *kubelet; /* NULL: none */
    struct sm_manager *controllers[SM_LIVE_CONTROLLERS_MAX];
    size_t controller_count;
};

/* NULL: [reterr] names a controller that does not exist. */
struct sm_live *sm_live_new(const struct sm_live_config *config, const char **reterr);

/* The same cluster in other memory, which holds only what is still of use. Controllers start anew, as after a crash; containers run
 * on. [config] is that of [from] but for its regions. [from] is useless then. */
struct sm_live *sm_live_move(const struct sm_live_config *config, const struct sm_live *from);

#endif
