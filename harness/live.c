#include "live.h"

#include <string.h>

#include "bug.h"
#include "cluster.h"
#include "sidecar.h"

#define NODE "worker-1"

enum { STATE_BYTES = 16 << 20, PENDING_MAX = 1 << 16, PODS_MAX = 1024 };

static const char *const masters[] = {"system:masters", "system:authenticated", NULL};

static const struct {
    const char *name;
    const struct sm_controller *controller;
} all[] = {
#define X(id, name, object) {name, &object},
    SM_CLUSTER_CONTROLLERS(X)
#undef X
    {"kubelet", NULL},
};

enum { ALL = sizeof all / sizeof *all };

/* Pods start and are ready soon, and stop when they are told to. */
static const struct sm_image_rule images[] = {
    {.image = NULL, .pull = SM_SECOND / 10, .start = SM_SECOND / 10, .ready = SM_SECOND / 2, .stop = SM_SECOND / 2}};
static const struct sm_sidecar_rule sidecar_rules[] = {{.takes = -1}};
static const struct sm_sidecars_config sidecars_config = {.rules = sidecar_rules};

/* Is [name] what [bytes] of [word] mean? */
static bool means(const char *name, const char *word, size_t bytes) {
    return strncmp(name, word, bytes) == 0 && (!name[bytes] || strcmp(name + bytes, "-controller") == 0);
}

/* Marks in [chosen] what the list names. Returns the first word that names nothing. */
static const char *choose(struct sm_region *r, const char *list, bool chosen[ALL]) {
    if (strcmp(list, "none") == 0)
        return NULL;
    while (*list) {
        size_t bytes = strcspn(list, ","), i = 0;
        while (i < ALL && !means(all[i].name, list, bytes))
            i++;
        if (i == ALL)
            return sm_region_strndup(r, list, bytes);
        chosen[i] = true;
        list += bytes + (list[bytes] == ',');
    }
    return NULL;
}

static void changed(struct sm_env *env, void *arg, const struct sm_resource *resource) {
    struct sm_live *live = arg;

    for (size_t i = 0; i < live->controller_count; i++)
        sm_manager_notify(env, live->controllers[i], resource);
    if (live->kubelet && resource == SM_PODS)
        sm_kubelet_notify(env, live->kubelet);
}

static void add_controller(struct sm_live *live, size_t i, const struct sm_cluster_options *options) {
    struct sm_region *r = live->env->run;
    struct sm_client *client = sm_region_zalloc(r, sizeof *client);
    const struct sm_manager_config config = {.controller = all[i].controller,
                                             .client = client,
                                             .transport = sm_network_transport(live->network),
                                             .options = options,
                                             .restart_delay = SM_SECOND,
                                             .queue_max = 4 * SM_QUEUE_KEYS_MAX};

    *client = (struct sm_client){.name = all[i].name,
                                 .user = sm_region_printf(r, "system:serviceaccount:kube-system:%s", all[i].name),
                                 .groups = masters,
                                 .agent = "kube-controller-manager",
                                 .index = (uint32_t)i + 10};
    SM_ASSERT(live->controller_count < SM_LIVE_CONTROLLERS_MAX);
    live->controllers[live->controller_count++] = sm_manager_new(live->env, &config);
}

/* The node that the kubelet is of; there is room for much. */
static void add_node(struct sm_live *live) {
    struct sm_region *r = live->env->run;
    sm_val roomy = SM_MAP(r, "cpu", sm_val_str(r, "64"), "memory", sm_val_str(r, "256Gi"), "pods", sm_val_strf(r, "%d", PODS_MAX));
    sm_val ready = SM_MAP(r, "type", sm_val_str(r, "Ready"), "status", sm_val_str(r, "True"), "reason", sm_val_str(r, "KubeletReady"));
    sm_val node = SM_MAP(r, "apiVersion", sm_val_str(r, "v1"), "kind", sm_val_str(r, "Node"), "metadata",
                         SM_MAP(r, "name", sm_val_str(r, NODE), "labels", SM_MAP(r, "kubernetes.io/hostname", sm_val_str(r, NODE))), "spec",
                         SM_EMPTY_MAP, "status", SM_MAP(r, "capacity", roomy, "allocatable", roomy, "conditions", SM_LIST(r, ready)));

    sm_server_put(live->env, live->server, SM_NODES, node);
}

static void add_kubelet(struct sm_live *live) {
    struct sm_region *r = live->env->run;
    struct sm_client *client = sm_region_zalloc(r, sizeof *client);
    struct sm_kubelet_config *config = sm_region_zalloc(r, sizeof *config);

    *client = (struct sm_client){.name = "kubelet", .user = "system:node:" NODE, .groups = masters, .agent = "kubelet", .index = 2};
    *config = (struct sm_kubelet_config){.client = client,
                                         .transport = sm_network_transport(live->network),
                                         .rules = images,
                                         .sidecars = sm_sidecars_new(live->env, &sidecars_config),
                                         .pods_max = PODS_MAX,
                                         .sync_delay = SM_MILLISECOND};
    live->kubelet = sm_kubelet_new(live->env, config);
}

/* [from] NULL: an empty one. */
static struct sm_live *build(const struct sm_live_config *config, const bool chosen[ALL], const struct sm_live *from) {
    struct sm_region *r = config->run;
    struct sm_live *live = sm_region_zalloc(r, sizeof *live);

    live->sim = sm_sim_new(&(struct sm_sim_config){.run = r,
                                                   .scratch = config->scratch,
                                                   .seed = config->seed,
                                                   .start = from ? from->env->now : config->start,
                                                   .state_bytes = STATE_BYTES,
                                                   .pending_max = PENDING_MAX,
                                                   .sink = config->sink});
    live->env = &live->sim->env;
    const struct sm_server_config server = {.seed = config->seed,
                                            .kubernetes = config->kubernetes,
                                            .rbac = true,
                                            .first_version = config->first_version,
                                            .changed = changed,
                                            .changed_arg = live};
    live->server = from ? sm_server_move(live->env, from->server, &server) : sm_server_new(live->env, &server);
    struct sm_network_config *network = sm_region_zalloc(r, sizeof *network);
    *network = (struct sm_network_config){.server = live->server, .latency = SM_MILLISECOND};
    live->network = sm_network_new(live->env, network);

    struct sm_cluster_options *options = sm_region_zalloc(r, sizeof *options);
    options->kubernetes = config->kubernetes;
    for (size_t i = 0; i < ALL; i++) {
        if (chosen[i] && all[i].controller)
            add_controller(live, i, options);
        else if (chosen[i])
            add_kubelet(live);
    }
    if (live->kubelet && !from)
        add_node(live);
    for (size_t i = 0; i < live->controller_count; i++)
        sm_manager_start(live->env, live->controllers[i]);
    if (live->kubelet && from)
        sm_kubelet_resume(live->env, live->kubelet, from->kubelet);
    else if (live->kubelet)
        sm_kubelet_start(live->env, live->kubelet);
    return live;
}

static const char *choose_all(const struct sm_live_config *config, bool chosen[ALL]) {
    memset(chosen, !config->controllers, ALL * sizeof chosen[0]);
    return config->controllers ? choose(config->run, config->controllers, chosen) : NULL;
}

struct sm_live *sm_live_new(const struct sm_live_config *config, const char **reterr) {
    bool chosen[ALL];

    *reterr = choose_all(config, chosen);
    return *reterr ? NULL : build(config, chosen, NULL);
}

struct sm_live *sm_live_move(const struct sm_live_config *config, const struct sm_live *from) {
    bool chosen[ALL];

    choose_all(config, chosen);
    struct sm_live *live = build(config, chosen, from);
    live->env->random = from->env->random;
    return live;
}
