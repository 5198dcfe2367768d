#include "lab.h"

#include <string.h>

#include "cluster.h"
#include "discovery.h"
#include "manager.h"
#include "str.h"
#include "representation.h"

/* What a request takes, there and back. */
#define REQUEST (10 * SM_MILLISECOND)

static const char *const masters[] = {"system:masters", "system:authenticated", NULL};

static const struct sm_client administrator = {.name = "user", .user = "admin", .groups = masters, .agent = "conformance", .index = 1};

static const struct {
    const struct sm_controller *controller;
    struct sm_client client;
} controllers[] = {
    {&sm_statefulset_controller, {"statefulset-controller", "system:serviceaccount:kube-system:statefulset-controller", masters, "kube-controller-manager", 2}},
    {&sm_garbage_collector, {"garbage-collector", "system:serviceaccount:kube-system:generic-garbage-collector", masters, "kube-controller-manager", 3}},
    {&sm_namespace_controller, {"namespace-controller", "system:serviceaccount:kube-system:namespace-controller", masters, "kube-controller-manager", 4}},
};

static void changed(struct sm_env *env, void *arg, const struct sm_resource *resource) {
    struct sm_lab *lab = arg;

    for (size_t i = 0; i < lab->controller_count; i++)
        sm_manager_notify(env, lab->controllers[i], resource);
}

struct sm_lab *sm_lab_new(struct sm_region *r, bool with_controllers, const char *kubernetes) {
    struct sm_cluster_options *options = sm_region_zalloc(r, sizeof *options);
    struct sm_lab *lab = sm_region_zalloc(r, sizeof *lab);
    const struct sm_sim_config sim = {.run = r, .seed = 1, .state_bytes = 8 << 20};
    const struct sm_server_config server = {.seed = 1, .kubernetes = kubernetes, .rbac = true, .changed = changed, .changed_arg = lab};
    struct sm_network_config *network = sm_region_zalloc(r, sizeof *network);

    lab->r = r;
    options->kubernetes = kubernetes;
    lab->sim = sm_sim_new(&sim);
    lab->server = sm_server_new(&lab->sim->env, &server);
    *network = (struct sm_network_config){.server = lab->server, .latency = SM_MILLISECOND};
    lab->network = sm_network_new(&lab->sim->env, network);
    for (size_t i = 0; with_controllers && i < sizeof controllers / sizeof controllers[0]; i++) {
        const struct sm_manager_config config = {.controller = controllers[i].controller,
                                                 .client = &controllers[i].client,
                                                 .transport = sm_network_transport(lab->network),
                                                 .options = options,
                                                 .restart_delay = SM_SECOND};
        lab->controllers[lab->controller_count++] = sm_manager_new(&lab->sim->env, &config);
    }
    for (size_t i = 0; i < lab->controller_count; i++)
        sm_manager_start(&lab->sim->env, lab->controllers[i]);
    sm_lab_pass(lab, SM_SECOND);
    return lab;
}

void sm_lab_pass(struct sm_lab *lab, sm_time time) {
    sm_sim_run_until(lab->sim, lab->sim->env.now + time);
}

static sm_val warnings(struct sm_region *r, const char *const *texts) {
    struct sm_str out;

    if (!texts || !texts[0])
        return NULL;
    sm_str_init(&out, r);
    for (size_t i = 0; texts[i]; i++) {
        sm_str_add(&out, i ? ", 299 - \"" : "299 - \"");
        for (const char *c = texts[i]; *c; c++) {
            if (*c == '"' || *c == '\\')
                sm_str_addc(&out, '\\');
            sm_str_addc(&out, *c);
        }
        sm_str_addc(&out, '"');
    }
    return sm_val_str(r, out.data);
}

static sm_val retry_after(struct sm_region *r, sm_val body) {
    int64_t seconds = sm_val_int_at(body, "details.retryAfterSeconds", 0);

    return seconds ? sm_val_strf(r, "%lld", (long long)seconds) : NULL;
}

struct sm_route sm_lab_route(struct sm_lab *lab, struct sm_http_request *http) {
    if (!http->client)
        http->client = &administrator;
    return sm_route(lab->r, lab->server, http);
}

struct sm_lab_reply sm_lab_do(struct sm_lab *lab, struct sm_http_request *http) {
    struct sm_region *r = lab->r;
    struct sm_route route = sm_lab_route(lab, http);
    const char *type = NULL;
    struct sm_reply reply = route.resource ? sm_represent(r, lab->server, lab->sim->env.now, &route,
                                                          sm_server_handle(&lab->sim->env, lab->server, &route.request))
                                           : sm_discovery(&lab->sim->env, lab->server, http, &route, NULL, &type);

    sm_lab_pass(lab, REQUEST);
    return (struct sm_lab_reply){
        .code = reply.code,
        .headers = SM_MAP(r, "content-type",
                          sm_val_str(r, type                           ? type
                                        : sm_val_is_string(reply.body) ? "text/plain"
                                                                       : "application/json"),
                          "warning", warnings(r, reply.warnings), "retry-after", retry_after(r, reply.body)),
        .body = reply.body,
    };
}
