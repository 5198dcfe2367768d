/* For tests of this folder: a cluster in virtual time with the server in process. Include after cmocka's headers.
 *
 * Whoever a test does not ask for is played by the test itself: without a kubelet `play` writes pod status. What happened is
 * read as texts, so that a test says in one line how things stand.
 */
#ifndef SM_CLUSTER_EXPECT_H
#define SM_CLUSTER_EXPECT_H

#include <string.h>

#include "bug.h"
#include "cluster.h"
#include "json.h"
#include "kubelet.h"
#include "manager.h"
#include "meta.h"
#include "network.h"
#include "sidecar.h"
#include "sim.h"
#include "str.h"

enum { LAB_CONTROLLERS_MAX = 8 };

enum lab_parts {
#define X(id, name, object) LAB_##id##_BIT,
    SM_CLUSTER_CONTROLLERS(X)
#undef X
        LAB_KUBELET_BIT
};
#define LAB_STATEFULSET (1U << LAB_STATEFULSET_BIT)
#define LAB_GARBAGE_COLLECTOR (1U << LAB_GARBAGE_COLLECTOR_BIT)
#define LAB_NAMESPACE (1U << LAB_NAMESPACE_BIT)
#define LAB_PV_BINDER (1U << LAB_PV_BINDER_BIT)
#define LAB_PVC_PROTECTION (1U << LAB_PVC_PROTECTION_BIT)
#define LAB_SCHEDULER (1U << LAB_SCHEDULER_BIT)
#define LAB_JOB (1U << LAB_JOB_BIT)
#define LAB_KUBELET (1U << LAB_KUBELET_BIT)

struct lab {
    struct sm_region run;
    struct sm_region heard_region;
    struct sm_sim *sim;
    struct sm_env *env;
    struct sm_server *server;
    struct sm_network_config network_config;
    struct sm_network *network;
    struct sm_manager *managers[LAB_CONTROLLERS_MAX];
    size_t manager_count;
    struct sm_sidecars_config sidecars_config;
    struct sm_sidecars *sidecars;
    struct sm_kubelet_config kubelet_config;
    struct sm_kubelet *kubelet;
    struct sm_cluster_options options;
    struct sm_str heard; /* writes of everybody but the test, a line each */
    uint32_t committed;  /* requests of controllers */
    uint32_t crash_at;   /* the controller whose request is the so-many-th crashes before it has the answer; 0: none */
};

static const char *const lab_groups[] = {"system:masters", NULL};
static const struct sm_client lab_user = {.name = "user", .user = "admin", .groups = lab_groups, .agent = "test", .index = 1};
static const struct sm_sidecar_rule lab_sidecar_rules[] = {{.takes = -1}};
static const struct sm_image_rule lab_image_rules[] = {
    {.image = "bad*", .pull = -1},
    {.image = "crash*", .crash_after = 5 * SM_SECOND, .exit_code = 3},
    {.image = "never*", .ready = -1},
    {.image = "once*", .crash_after = SM_SECOND},
    {.image = "stubborn*", .stop = -1},
    {.pull = SM_SECOND, .start = SM_SECOND, .ready = 2 * SM_SECOND, .stop = 2 * SM_SECOND},
};

static void lab_changed(struct sm_env *env, void *arg, const struct sm_resource *resource) {
    struct lab *lab = arg;
    for (size_t i = 0; i < lab->manager_count; i++)
        sm_manager_notify(env, lab->managers[i], resource);
    if (lab->kubelet && resource == SM_PODS)
        sm_kubelet_notify(env, lab->kubelet);
}

static struct sm_reply lab_service(struct sm_env *env, void *arg, const struct sm_service_call *call) {
    struct lab *lab = arg;
    return sm_sidecars_call(env, lab->sidecars, call);
}

static void lab_observe(struct sm_env *env, void *arg, const struct sm_call_event *event) {
    struct lab *lab = arg;
    const struct sm_request *request = event->request;
    if (event->phase == SM_CALL_COMMITTED && request)
        for (size_t i = 0; i < lab->manager_count; i++)
            if (sm_manager_client(lab->managers[i]) == request->client && ++lab->committed == lab->crash_at)
                sm_manager_crash(env, lab->managers[i]);
    if (event->phase != SM_CALL_COMMITTED || !request || request->client == &lab_user || request->verb <= SM_WATCH ||
        request->resource == SM_EVENTS)
        return;
    const char *name =
        request->name && request->name[0] ? request->name : sm_meta_name(sm_reply_ok(event->reply) ? event->reply->body : request->body);
    sm_str_addf(&lab->heard, "%s %s%s%s %s", sm_request_verb(request), request->resource->plural, request->subresource[0] ? "/" : "",
                request->subresource, name);
    if (!sm_reply_ok(event->reply))
        sm_str_addf(&lab->heard, " %d", event->reply->code);
    sm_str_add(&lab->heard, "\n");
}

/* [parts]: who acts. */
static inline struct lab *lab_new(unsigned parts, const char *kubernetes) {
    static const struct sm_client clients[] = {
#define X(id, client, object) {.name = client, .user = client, .groups = lab_groups, .agent = "kube-controller-manager", .index = 10 + LAB_##id##_BIT},
        SM_CLUSTER_CONTROLLERS(X)
#undef X
            {.name = "kubelet", .user = "kubelet", .groups = lab_groups, .agent = "kubelet", .index = 2}};
    static const struct sm_controller *const controllers[] = {
#define X(id, client, object) &object,
        SM_CLUSTER_CONTROLLERS(X)
#undef X
    };
    struct sm_region region;
    sm_region_init(&region, "run", 0);
    struct lab *lab = sm_region_zalloc(&region, sizeof *lab);
    lab->run = region;
    sm_region_init(&lab->heard_region, "heard", 0);
    sm_str_init(&lab->heard, &lab->heard_region);
    lab->options.kubernetes = kubernetes;
    lab->sim = sm_sim_new(&(struct sm_sim_config){.run = &lab->run, .seed = 1, .state_bytes = 1 << 20});
    lab->env = &lab->sim->env;
    lab->server = sm_server_new(
        lab->env, &(struct sm_server_config){.seed = 1, .kubernetes = kubernetes, .changed = lab_changed, .changed_arg = lab});
    lab->network_config = (struct sm_network_config){.server = lab->server,
                                                     .latency = 2 * SM_MILLISECOND,
                                                     .service = lab_service,
                                                     .service_arg = lab,
                                                     .observe = lab_observe,
                                                     .observe_arg = lab};
    lab->network = sm_network_new(lab->env, &lab->network_config);
    for (size_t i = 0; i < sizeof controllers / sizeof *controllers; i++)
        if (parts >> i & 1)
            lab->managers[lab->manager_count++] =
                sm_manager_new(lab->env, &(struct sm_manager_config){.controller = controllers[i],
                                                                     .client = &clients[i],
                                                                     .transport = sm_network_transport(lab->network),
                                                                     .options = &lab->options,
                                                                     .restart_delay = SM_SECOND,
                                                                     .queue_max = 256});
    sm_network_begin(lab->network);
    lab->sidecars_config.rules = lab_sidecar_rules;
    lab->sidecars = sm_sidecars_new(lab->env, &lab->sidecars_config);
    lab->kubelet_config = (struct sm_kubelet_config){.client = &clients[LAB_KUBELET_BIT],
                                                     .transport = sm_network_transport(lab->network),
                                                     .rules = lab_image_rules,
                                                     .sidecars = lab->sidecars,
                                                     .sync_delay = SM_MILLISECOND};
    if (parts & LAB_KUBELET)
        lab->kubelet = sm_kubelet_new(lab->env, &lab->kubelet_config);
    for (size_t i = 0; i < lab->manager_count; i++)
        sm_manager_start(lab->env, lab->managers[i]);
    if (lab->kubelet)
        sm_kubelet_start(lab->env, lab->kubelet);
    sm_sim_run_until(lab->sim, lab->env->now + SM_SECOND);
    return lab;
}

static inline void lab_free(struct lab *lab) {
    struct sm_region run = lab->run;
    sm_region_release(&lab->heard_region);
    sm_region_release(&run);
}

static inline void lab_pass(struct lab *lab, sm_time time) { sm_sim_run_until(lab->sim, lab->env->now + time); }

/* What was written since the last time this was asked. */
static inline const char *lab_heard(struct lab *lab) {
    const char *text = sm_region_strdup(&lab->run, lab->heard.data);
    sm_str_clear(&lab->heard);
    return text;
}

/* --- What the test does ---------------------------------------------------------------------------------------------------------- */

static inline sm_val lab_do(struct lab *lab, struct sm_request request) {
    request.client = &lab_user;
    request.subresource = request.subresource ? request.subresource : "";
    request.name_space = request.name_space ? request.name_space : request.resource->namespaced ? "default" : "";
    request.name = request.name ? request.name : "";
    struct sm_request *kept = sm_region_alloc(&lab->run, sizeof *kept);
    *kept = request;
    const struct sm_reply *reply = sm_network_do(lab->env, lab->network, kept);
    if (!sm_reply_ok(reply))
        fail_msg("%s %s %s: %s", sm_request_verb(kept), kept->resource->plural, kept->name, sm_reply_error(reply));
    return reply->body;
}

/* [json] is in single quotes; apiVersion and kind may be left out. */
static inline sm_val lab_create(struct lab *lab, const struct sm_resource *resource, const char *json) {
    sm_val object = sm_json_literal(&lab->run, json);
    object = sm_val_set(&lab->run, object, "apiVersion", sm_val_str(&lab->run, sm_resource_api_version(resource)));
    object = sm_val_set(&lab->run, object, "kind", sm_val_str(&lab->run, resource->kind));
    return lab_do(lab, (struct sm_request){.verb = SM_CREATE, .resource = resource, .body = object});
}

static inline sm_val lab_patch(struct lab *lab, const struct sm_resource *resource, const char *subresource, const char *name,
                               const char *json) {
    return lab_do(lab, (struct sm_request){.verb = SM_PATCH,
                                           .patch = SM_PATCH_MERGE,
                                           .resource = resource,
                                           .subresource = subresource,
                                           .name = name,
                                           .body = sm_json_literal(&lab->run, json)});
}

static inline sm_val lab_delete(struct lab *lab, const struct sm_resource *resource, const char *name, const char *options) {
    return lab_do(lab,
                  (struct sm_request){
                      .verb = SM_DELETE, .resource = resource, .name = name, .body = options ? sm_json_literal(&lab->run, options) : NULL});
}

static inline sm_val lab_get(struct lab *lab, const struct sm_resource *resource, const char *name) {
    return sm_server_peek(lab->server, resource, resource->namespaced ? "default" : "", name);
}

/* The test plays kubelet: this pod runs, and is ready or not. */
static inline void lab_play(struct lab *lab, const char *pod, bool ready) {
    lab_patch(lab, SM_PODS, "status", pod,
              ready ? "{'status': {'phase': 'Running', 'conditions': [{'type': 'Ready', 'status': 'True'}]}}"
                    : "{'status': {'phase': 'Running', 'conditions': [{'type': 'Ready', 'status': 'False'}]}}");
    lab_pass(lab, 100 * SM_MILLISECOND);
}

/* The test plays the rest of kubelet: a pod that was deleted is gone. */
static inline void lab_finish(struct lab *lab, const char *pod) {
    lab_delete(lab, SM_PODS, pod, "{'gracePeriodSeconds': 0}");
    lab_pass(lab, 100 * SM_MILLISECOND);
}

/* --- How things stand --------------------------------------------------------------------------------------------------------------- */

struct lab_text {
    struct lab *lab;
    struct sm_str out;
};

static bool lab_add_pod(void *arg, const char *key, const void *value) {
    struct lab_text *text = arg;
    sm_val pod = value, container, conditions = sm_val_at(pod, "status.conditions");
    (void)key;
    sm_str_addf(&text->out, "%s%s %s", text->out.bytes ? ", " : "", sm_meta_name(pod), sm_val_str_at(pod, "status.phase"));
    SM_EACH_ITEM(container, sm_val_at(pod, "spec.containers"))
        sm_str_addf(&text->out, " %s", sm_val_str_at(container, "image"));
    if (sm_condition_is(conditions, "Ready", "True"))
        sm_str_add(&text->out, " ready");
    if (sm_meta_deleting(pod))
        sm_str_add(&text->out, " deleting");
    return true;
}

static bool lab_add_name(void *arg, const char *key, const void *value) {
    struct lab_text *text = arg;
    (void)key;
    sm_str_addf(&text->out, "%s%s%s", text->out.bytes ? ", " : "", sm_meta_name(value), sm_meta_deleting(value) ? " deleting" : "");
    return true;
}

static bool lab_add_event(void *arg, const char *key, const void *value) {
    struct lab_text *text = arg;
    (void)key;
    sm_str_addf(&text->out, "%s %s %s\n", sm_val_str_at(value, "type"), sm_val_str_at(value, "reason"), sm_val_str_at(value, "message"));
    return true;
}

static inline const char *lab_all(struct lab *lab, const struct sm_resource *resource, const char *prefix,
                                  bool (*add)(void *arg, const char *key, const void *value)) {
    struct lab_text text = {.lab = lab};
    sm_str_init(&text.out, &lab->run);
    sm_pmap_each(sm_server_log(lab->env, lab->server, resource)->root, prefix, add, &text);
    return text.out.data;
}

/* `web-0 Running img:1 ready, web-1 Pending img:1` */
static inline const char *lab_pods(struct lab *lab) { return lab_all(lab, SM_PODS, "default/", lab_add_pod); }
static inline const char *lab_names(struct lab *lab, const struct sm_resource *resource) {
    return lab_all(lab, resource, resource->namespaced ? "default/" : "", lab_add_name);
}
static inline const char *lab_events(struct lab *lab) { return lab_all(lab, SM_EVENTS, "default/", lab_add_event); }

/* `of 2: replicas 2 ready 1 available 1 current 1 updated 1, rolling` */
static inline const char *lab_set(struct lab *lab, const char *name) {
    sm_val set = lab_get(lab, SM_STATEFULSETS, name), status = sm_val_get(set, "status");
    bool same = sm_val_equal(sm_val_get(status, "currentRevision"), sm_val_get(status, "updateRevision"));
    return sm_region_printf(&lab->run, "of %lld: replicas %lld ready %lld available %lld current %lld updated %lld%s%s",
                            (long long)sm_val_int_at(set, "spec.replicas", -1), (long long)sm_val_int_at(status, "replicas", -1),
                            (long long)sm_val_int_at(status, "readyReplicas", 0), (long long)sm_val_int_at(status, "availableReplicas", -1),
                            (long long)sm_val_int_at(status, "currentReplicas", 0), (long long)sm_val_int_at(status, "updatedReplicas", 0),
                            same ? "" : ", two revisions",
                            sm_val_int_at(status, "observedGeneration", 0) == sm_meta_generation(set) ? "" : ", not observed");
}

#endif
