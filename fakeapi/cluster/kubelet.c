/* Pods of the kubelet: from the informer to a slot, from a slot's timer to its containers, from them to a status write.
 *
 *      informer ─▶ seen ─sync_delay─▶ object ─▶ containers ─▶ status ──PATCH status──▶ acknowledged
 *                                        ▲          │ timer                               │ terminal, deleting
 *                                        └──────────┘                                     └─▶ DELETE, grace 0, this uid
 *
 * One request a pod is in flight at a time; what changes meanwhile goes out with the next. A pod keeps its slot until its
 * object is gone.
 */
#include <string.h>

#include "bug.h"
#include "kubelet_internal.h"
#include "meta.h"

static const sm_time retry_delay = 10 * SM_SECOND;
enum { EXIT_REBOOT = 255, SLOT_BITS = 14 };
_Static_assert(SM_KUBELET_PODS_MAX <= 1 << SLOT_BITS, "a slot fits into the token of a request");

static void work(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod);

/* --- Slots ---------------------------------------------------------------------------------------------------------------- */

static struct kubelet_pod *find_uid(struct sm_kubelet *kubelet, const char *uid) {
    for (size_t i = 0; i < kubelet->pods_max; i++)
        if (kubelet->pod[i].used && strcmp(kubelet->pod[i].uid, uid) == 0)
            return &kubelet->pod[i];
    return NULL;
}

/* Of two with one name the one that lives. */
static struct kubelet_pod *find_name(struct sm_kubelet *kubelet, const char *name_space, const char *name) {
    struct kubelet_pod *found = NULL;
    for (size_t i = 0; i < kubelet->pods_max; i++) {
        struct kubelet_pod *pod = &kubelet->pod[i];
        if (pod->used && strcmp(pod->name, name) == 0 && strcmp(pod->name_space, name_space) == 0 && (!found || found->gone))
            found = pod;
    }
    return found;
}

static void forget(struct sm_env *env, void *self, uint64_t token, const void *data) {
    (void)env, (void)self, (void)token, (void)data;
}

/* As a node says that is full. */
static void refuse(struct sm_env *env, const struct sm_kubelet *kubelet, sm_val object) {
    struct sm_region *r = env->run;
    sm_val message = sm_val_strf(r, "Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: %zu, capacity: %zu",
                                 kubelet->pods_max, kubelet->pods_max);
    sm_val status = SM_MAP(r, "phase", sm_val_str(r, "Failed"), "reason", sm_val_str(r, "OutOfpods"), "message", message);
    struct sm_request *request = sm_region_alloc(r, sizeof *request);

    *request = (struct sm_request){.client = kubelet->config->client,
                                   .resource = SM_PODS,
                                   .verb = SM_PATCH,
                                   .patch = SM_PATCH_STRATEGIC,
                                   .subresource = "status",
                                   .name_space = sm_meta_namespace(object),
                                   .name = sm_meta_name(object),
                                   .body = SM_MAP(r, "metadata", SM_MAP(r, "uid", sm_val_str(r, sm_meta_uid(object))), "status", status)};
    kubelet->config->transport->send(env, kubelet->config->transport->self, request, (struct sm_answer_to){.fire = forget});
}

/* NULL: there is no room for it. */
static struct kubelet_pod *add(struct sm_env *env, struct sm_kubelet *kubelet, sm_val object) {
    size_t i = 0;
    while (i < kubelet->pods_max && kubelet->pod[i].used)
        i++;
    if (i == kubelet->pods_max)
        return NULL;
    struct kubelet_pod *pod = &kubelet->pod[i];
    *pod = (struct kubelet_pod){.used = true,
                                .name_space = sm_meta_namespace(object),
                                .name = sm_meta_name(object),
                                .uid = sm_meta_uid(object),
                                .node = sm_val_str_at(object, "spec.nodeName"),
                                .key = sm_meta_key(env->run, sm_meta_namespace(object), sm_meta_name(object)),
                                .ip = sm_region_printf(env->run, "10.244.%zu.%zu", (i + 2) / 256, (i + 2) % 256),
                                .object = object,
                                .request = pod->request};
    pod->used = sm_kubelet_containers_init(env, kubelet, pod);
    return pod->used ? pod : NULL;
}

static bool is_dead(const struct sm_kubelet *kubelet, const char *node) {
    for (size_t i = 0; i < SM_KUBELET_DEAD_NODES_MAX; i++)
        if (kubelet->dead[i] && strcmp(kubelet->dead[i], node) == 0)
            return true;
    return false;
}

/* --- The timer -------------------------------------------------------------------------------------------------------------- */

static void fire(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    struct sm_kubelet *kubelet = self;
    (void)data;
    kubelet->pod[arg].timer = 0;
    work(env, kubelet, &kubelet->pod[arg]);
}

void sm_kubelet_arm(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod) {
    sm_time due = pod->used ? pod->sync_at : 0;
    if (pod->used && !is_dead(kubelet, pod->node))
        due = earlier(earlier(due, pod->retry_at), sm_kubelet_containers_next(pod));
    if (pod->timer && pod->timer_due == due)
        return;
    if (pod->timer)
        sm_env_cancel(env, pod->timer);
    pod->timer = 0;
    pod->timer_due = due;
    if (due)
        pod->timer = sm_env_at(env, &(struct sm_event){.due = due,
                                                       .self = kubelet,
                                                       .fire = fire,
                                                       .arg = (uint64_t)(pod - kubelet->pod),
                                                       .actor = kubelet->config->client->name,
                                                       .what = pod->sync_at ? "sync" : "timer",
                                                       .object = pod->key});
}

static void release(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod) {
    sm_kubelet_containers_free(pod);
    pod->used = false;
    sm_kubelet_arm(env, kubelet, pod);
}

/* --- Requests ----------------------------------------------------------------------------------------------------------------- */

static void answered(struct sm_env *env, void *self, uint64_t token, const void *data) {
    struct sm_kubelet *kubelet = self;
    struct kubelet_pod *pod = &kubelet->pod[token & ((1 << SLOT_BITS) - 1)];
    const struct sm_reply *reply = data;
    if (!pod->used || pod->request != token >> SLOT_BITS)
        return;
    if (sm_reply_ok(reply) && pod->in_flight == REQUEST_STATUS) {
        pod->acked = sm_val_get(reply->body, "status");
        pod->acked_version = sm_meta_version(reply->body);
    } else if (!sm_reply_ok(reply) && reply->code != 404 && reply->code != 422) {
        pod->retry_at = env->now + retry_delay;
        if (pod->in_flight == REQUEST_STATUS) {
            pod->sent = pod->acked;
            pod->told = 0;
        } else
            pod->deleted = false;
    }
    pod->in_flight = REQUEST_NONE;
    if (pod->seen && sm_meta_version(pod->seen) > pod->acked_version)
        pod->sync_at = earlier(pod->sync_at, env->now + kubelet->config->sync_delay);
    work(env, kubelet, pod);
}

static void send(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod, enum request_kind kind,
                 struct sm_request *request) {
    uint64_t slot = (uint64_t)(pod - kubelet->pod);
    pod->in_flight = kind;
    pod->retry_at = 0;
    request->client = kubelet->config->client;
    request->resource = SM_PODS;
    request->name_space = pod->name_space;
    request->name = pod->name;
    struct sm_request *copy = sm_region_alloc(env->run, sizeof *copy);
    *copy = *request;
    kubelet->config->transport->send(env, kubelet->config->transport->self, copy,
                                     (struct sm_answer_to){.self = kubelet, .fire = answered, .token = ++pod->request << SLOT_BITS | slot});
}

static void send_delete(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod) {
    struct sm_region *r = env->run;
    sm_val options = SM_MAP(r, "apiVersion", sm_val_str(r, "v1"), "kind", sm_val_str(r, "DeleteOptions"), "gracePeriodSeconds",
                            sm_val_int(r, 0), "preconditions", SM_MAP(r, "uid", sm_val_str(r, pod->uid)));
    pod->deleted = true;
    send(env, kubelet, pod, REQUEST_DELETE, &(struct sm_request){.verb = SM_DELETE, .subresource = "", .body = options});
}

/* Sends what the API does not know yet, one thing at a time. */
static void publish(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod) {
    if (pod->in_flight != REQUEST_NONE || pod->retry_at > env->now || (pod->stop_by && !pod->terminal))
        return; /* of a pod that stops only the end is told */
    sm_val status = sm_kubelet_status_changed(pod) ? sm_kubelet_status(env, pod) : pod->sent;
    if (!sm_val_equal(status, pod->sent)) {
        sm_val known = pod->acked ? pod->acked : sm_val_get(pod->object, "status");
        pod->sent = sm_val_copy(env->run, status, env->scratch);
        sm_val patch = sm_kubelet_status_patch(env->scratch, pod, known, pod->sent); /* shares what is kept already */
        if (patch) {
            send(env, kubelet, pod, REQUEST_STATUS,
                 &(struct sm_request){.verb = SM_PATCH,
                                      .patch = SM_PATCH_STRATEGIC,
                                      .subresource = "status",
                                      .body = sm_val_copy(env->run, patch, env->scratch)});
            return;
        }
    }
    if (pod->terminal && sm_meta_deleting(pod->object) && !pod->deleted)
        send_delete(env, kubelet, pod);
}

/* --- A pod's turn ---------------------------------------------------------------------------------------------------------------- */

/* Somebody else wrote its status: what is ours is written again. */
static void reconcile(struct kubelet_pod *pod) {
    sm_val status = sm_val_get(pod->object, "status");
    if (!pod->acked || pod->in_flight != REQUEST_NONE || sm_meta_version(pod->object) <= pod->acked_version ||
        sm_val_equal(status, pod->acked))
        return;
    pod->acked = pod->sent = status;
    pod->told = 0;
    pod->acked_version = sm_meta_version(pod->object);
}

/* The delivered object is handled. */
static void sync(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod) {
    pod->sync_at = 0;
    if (pod->gone) {
        sm_kubelet_containers_kill(env, kubelet, pod, 0);
        release(env, kubelet, pod);
        return;
    }
    if (is_dead(kubelet, pod->node))
        return;
    pod->object = pod->seen;
    if (!pod->start_time)
        pod->start_time = env->now;
    reconcile(pod);
    if (sm_meta_deleting(pod->object)) {
        sm_time by = env->now + sm_val_int_at(pod->object, "metadata.deletionGracePeriodSeconds", 0) * SM_SECOND;
        pod->stop_by = earlier(pod->stop_by, by);
    }
}

static void work(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod) {
    if (pod->used && pod->sync_at && pod->sync_at <= env->now)
        sync(env, kubelet, pod);
    if (!pod->used)
        return;
    if (pod->start_time && !is_dead(kubelet, pod->node)) {
        if (pod->retry_at <= env->now)
            pod->retry_at = 0;
        sm_kubelet_containers_advance(env, kubelet, pod);
        publish(env, kubelet, pod);
    }
    sm_kubelet_arm(env, kubelet, pod);
}

/* The echo of a write of ours, which is answered or will be: nothing to handle. What else it may be is seen at the answer. */
static bool is_echo(const struct kubelet_pod *pod, sm_val before, sm_val after) {
    bool own = pod->in_flight == REQUEST_STATUS || sm_meta_version(after) <= pod->acked_version;
    return own && before && pod->start_time && sm_val_equal(sm_val_get(before, "spec"), sm_val_get(after, "spec")) &&
           sm_meta_generation(before) == sm_meta_generation(after);
}

static void delivered(struct sm_env *env, void *arg, struct sm_informer *informer, sm_val before, sm_val after, bool initial) {
    struct sm_kubelet *kubelet = arg;
    struct kubelet_pod *pod = before ? find_uid(kubelet, sm_meta_uid(before)) : NULL;
    (void)informer;
    (void)initial;
    if (pod && (!after || strcmp(sm_meta_uid(after), pod->uid) != 0)) {
        pod->gone = true;
        pod->sync_at = earlier(pod->sync_at, env->now + kubelet->config->sync_delay);
        sm_kubelet_arm(env, kubelet, pod);
    }
    if (!after || sm_val_str_at(after, "spec.nodeName")[0] == '\0')
        return;
    pod = find_uid(kubelet, sm_meta_uid(after));
    if (!pod) {
        const char *phase = sm_val_str_at(after, "status.phase");
        if (strcmp(phase, "Succeeded") == 0 || strcmp(phase, "Failed") == 0)
            return;
        pod = add(env, kubelet, after);
    }
    if (!pod) {
        refuse(env, kubelet, after);
        return;
    }
    pod->seen = after;
    if (is_echo(pod, before, after))
        return;
    pod->sync_at = earlier(pod->sync_at, env->now + kubelet->config->sync_delay);
    sm_kubelet_arm(env, kubelet, pod);
}

static void sidecar_changed(struct sm_env *env, void *arg, const char *name_space, const char *name) {
    struct sm_kubelet *kubelet = arg;
    struct kubelet_pod *pod = find_name(kubelet, name_space, name);
    if (!pod)
        return;
    sm_kubelet_probes_sidecar_changed(env, kubelet, pod);
    sm_kubelet_arm(env, kubelet, pod);
}

/* --- Life ------------------------------------------------------------------------------------------------------------------------ */

struct sm_kubelet *sm_kubelet_new(struct sm_env *env, const struct sm_kubelet_config *config) {
    struct sm_kubelet *kubelet = sm_env_state(env, sizeof *kubelet, "kubelet");
    kubelet->config = config;
    kubelet->pods_max = config->pods_max ? config->pods_max : SM_KUBELET_PODS;
    SM_ASSERT(kubelet->pods_max <= SM_KUBELET_PODS_MAX);
    kubelet->containers_max = SM_KUBELET_POD_CONTAINERS * kubelet->pods_max;
    kubelet->pod = sm_env_state(env, kubelet->pods_max * sizeof kubelet->pod[0], "kubelet's pods");
    kubelet->container = sm_env_state(env, kubelet->containers_max * sizeof kubelet->container[0], "kubelet's containers");
    sm_informer_init(&kubelet->informer, SM_PODS, config->client->name, sm_region_printf(env->run, "%s/pods", config->client->name),
                     delivered, kubelet);
    if (config->sidecars)
        sm_sidecars_observe(config->sidecars, sidecar_changed, kubelet);
    return kubelet;
}

void sm_kubelet_start(struct sm_env *env, struct sm_kubelet *kubelet) {
    const struct sm_transport *transport = kubelet->config->transport;
    sm_informer_start(env, &kubelet->informer, transport->log(env, transport->self, SM_PODS), UINT32_MAX);
}

void sm_kubelet_notify(struct sm_env *env, struct sm_kubelet *kubelet) {
    sm_informer_notify(env, &kubelet->informer);
}
struct sm_informer *sm_kubelet_informer(struct sm_kubelet *kubelet) {
    return &kubelet->informer;
}

/* --- Scenario steps ------------------------------------------------------------------------------------------------------------ */

/* Calls [act] for every pod of [node]. */
static void each_on_node(struct sm_env *env, struct sm_kubelet *kubelet, const char *node,
                         void (*act)(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod)) {
    for (size_t i = 0; i < kubelet->pods_max; i++)
        if (kubelet->pod[i].used && strcmp(kubelet->pod[i].node, node) == 0)
            act(env, kubelet, &kubelet->pod[i]);
}

static void lose(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod) {
    if (kubelet->config->sidecars)
        sm_sidecars_process_ends(env, kubelet->config->sidecars, pod->name_space, pod->name);
    sm_kubelet_arm(env, kubelet, pod);
}

/* After a reboot every process that ran is found gone. */
static void resume(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod) {
    sm_kubelet_containers_kill(env, kubelet, pod, EXIT_REBOOT);
    pod->sync_at = env->now;
    sm_kubelet_arm(env, kubelet, pod);
}

void sm_kubelet_node_dies(struct sm_env *env, struct sm_kubelet *kubelet, const char *node) {
    size_t i = 0;
    if (is_dead(kubelet, node))
        return;
    while (i < SM_KUBELET_DEAD_NODES_MAX && kubelet->dead[i])
        i++;
    if (i == SM_KUBELET_DEAD_NODES_MAX)
        sm_bug("kubelet: more than %d nodes are dead", SM_KUBELET_DEAD_NODES_MAX);
    kubelet->dead[i] = sm_region_strdup(env->run, node);
    each_on_node(env, kubelet, node, lose);
}

void sm_kubelet_node_returns(struct sm_env *env, struct sm_kubelet *kubelet, const char *node) {
    for (size_t i = 0; i < SM_KUBELET_DEAD_NODES_MAX; i++)
        if (kubelet->dead[i] && strcmp(kubelet->dead[i], node) == 0) {
            kubelet->dead[i] = NULL;
            each_on_node(env, kubelet, node, resume);
            return;
        }
}

static struct container *container_named(struct kubelet_pod *pod, const char *name) {
    for (size_t i = 0; pod && i < pod->count; i++)
        if (strcmp(pod->container[i].spec->name, name) == 0)
            return &pod->container[i];
    return NULL;
}

bool sm_kubelet_container_exits(struct sm_env *env, struct sm_kubelet *kubelet, const char *name_space, const char *pod_name,
                                const char *container_name, int exit_code) {
    struct kubelet_pod *pod = find_name(kubelet, name_space, pod_name);
    struct container *container = container_named(pod, container_name);
    if (!container || container->state != CONTAINER_RUNNING || is_dead(kubelet, pod->node))
        return false;
    sm_kubelet_container_exit(env, kubelet, pod, container, exit_code);
    work(env, kubelet, pod);
    return true;
}

bool sm_kubelet_set_ready(struct sm_env *env, struct sm_kubelet *kubelet, const char *name_space, const char *pod_name,
                          const char *container_name, bool ready) {
    struct kubelet_pod *pod = find_name(kubelet, name_space, pod_name);
    struct container *container = container_named(pod, container_name);
    if (!container || !container->spec->probe[PROBE_READINESS].given)
        return false;
    sm_kubelet_probes_force_ready(env, container, ready);
    work(env, kubelet, pod);
    return true;
}

/* --- Questions -------------------------------------------------------------------------------------------------------------------- */

bool sm_kubelet_idle(const struct sm_kubelet *kubelet, sm_time *ret_next) {
    bool idle = true;
    *ret_next = 0;
    for (size_t i = 0; i < kubelet->pods_max; i++) {
        const struct kubelet_pod *pod = &kubelet->pod[i];
        if (!pod->used)
            continue;
        idle &= pod->in_flight == REQUEST_NONE && (!pod->sync_at || is_dead(kubelet, pod->node));
        if (pod->timer)
            *ret_next = earlier(*ret_next, pod->timer_due);
    }
    return idle;
}

static void hash_container(const struct container *container, struct sm_hash *hash, sm_time now) {
    sm_hash_text(hash, container->spec->name);
    sm_hash_u64(hash, container->state);
    sm_hash_u64(hash, (uint64_t)(container->started | container->ready << 1 | container->stopping << 2 | container->ready_forced << 3 |
                                 container->forced_ready << 4));
    sm_hash_remaining(hash, container->due, now);
    sm_hash_remaining(hash, container->state == CONTAINER_RUNNING ? sm_kubelet_probes_next(container) : 0, now);
}

void sm_kubelet_hash(const struct sm_kubelet *kubelet, struct sm_hash *hash, sm_time now) {
    for (size_t i = 0; i < kubelet->pods_max; i++) {
        const struct kubelet_pod *pod = &kubelet->pod[i];
        if (!pod->used)
            continue;
        sm_hash_text(hash, pod->uid);
        sm_hash_u64(hash, (uint64_t)(pod->gone | pod->initialized << 1 | pod->done << 2 | pod->terminal << 3 | pod->deleted << 4));
        sm_hash_u64(hash, pod->in_flight);
        sm_hash_u64(hash, is_dead(kubelet, pod->node));
        sm_hash_remaining(hash, pod->sync_at, now);
        sm_hash_remaining(hash, pod->stop_by, now);
        sm_hash_remaining(hash, pod->retry_at, now);
        for (size_t c = 0; c < pod->count; c++)
            hash_container(&pod->container[c], hash, now);
    }
}
