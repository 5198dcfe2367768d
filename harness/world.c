#include "world.h"

#include <stdio.h>
#include <string.h>

#include "bug.h"
#include "cluster.h"
#include "match.h"
#include "meta.h"
#include "transcript.h"
#include "user.h"
#include "verdict.h"

enum { OPENING_EVENTS_MAX = 100000 };
#define OPENING_MAX (10 * SM_MINUTE)
#define USUAL_LIST_LATENCY (5 * SM_MILLISECOND)

static const char *const service_account[] = {"system:serviceaccounts", "system:authenticated", NULL};
static const char *const masters[] = {"system:masters", "system:authenticated", NULL};

/* --- Setting up ------------------------------------------------------------------------------------------------------------- */

static const struct sm_client *client_new(struct sm_world *world, const char *name, const char *user, const char *const *groups,
                                          const char *agent, uint32_t index) {
    struct sm_client *client = sm_region_zalloc(world->env->run, sizeof *client);

    *client = (struct sm_client){.name = name, .user = user, .groups = groups, .agent = agent, .index = index};
    return client;
}

static bool create(struct sm_world *world, sm_val object, const char *place) {
    const struct sm_kind_info *kind = sm_server_kind_of(world->server, sm_val_str_at(object, "apiVersion"), sm_val_str_at(object, "kind"));
    struct sm_request request = {
        .client = &sm_user_client, .verb = SM_CREATE, .subresource = "", .body = object, .field_manager = "kubectl-create"};

    if (world->setup_error)
        return false;
    if (!kind) {
        world->setup_place = place;
        world->setup_error =
            sm_region_printf(world->env->run, "no matches for kind \"%s\" in version \"%s\": give its CustomResourceDefinition before it",
                             sm_val_str_at(object, "kind"), sm_val_str_at(object, "apiVersion"));
        return false;
    }
    request.resource = kind->resource;
    request.name_space = !kind->resource->namespaced ? "" : sm_meta_namespace(object)[0] ? sm_meta_namespace(object) : "default";
    request.name = "";
    const struct sm_reply *reply = sm_network_do(world->env, world->network, &request);
    if (sm_reply_ok(reply))
        return true;
    world->setup_place = place;
    world->setup_error = sm_reply_error(reply);
    return false;
}

static void create_all(struct sm_world *world, struct sm_manifests manifests) {
    for (size_t i = 0; i < manifests.count; i++)
        create(world, manifests.objects[i], "a manifest of ours");
}

static void add_actor(struct sm_world *world, const struct sm_controller *controller, const struct sm_client *client, const void *options,
                      const struct sm_use *use) {
    struct sm_manager_config config = {.controller = controller,
                                       .client = client,
                                       .transport = sm_network_transport(world->network),
                                       .options = options,
                                       .restart_delay = SM_SECOND,
                                       .mortal = use != NULL,
                                       .queue_max = controller == &sm_garbage_collector ? 4 * SM_QUEUE_KEYS_MAX : 0};

    SM_ASSERT(world->actor_count < SM_WORLD_ACTORS_MAX);
    world->actors[world->actor_count++] = (struct sm_world_actor){sm_manager_new(world->env, &config), client, use, use != NULL};
}

static void set_lag(struct sm_env *env, struct sm_informer *informer, void *arg) {
    (void)env;
    informer->lag = *(const sm_time *)arg;
    informer->list_latency = USUAL_LIST_LATENCY;
}

static const struct {
    const char *name;
    const struct sm_controller *controller;
} cluster_controllers[] = {
#define X(id, name, object) {name, &object},
    SM_CLUSTER_CONTROLLERS(X)
#undef X
};

/* Those under test first, so that they have the same place whatever the cluster is made of. */
static void add_actors(struct sm_world *world) {
    const struct sm_scenario *scenario = world->config.scenario;
    uint32_t index = 10;

    for (size_t i = 0; i < scenario->controller_count; i++) {
        const struct sm_scenario_controller *row = &scenario->controllers[i];
        const struct sm_profile *profile = row->profile ? row->profile : world->config.profile;
        const struct sm_use *use = sm_use_find(world->config.uses ? world->config.uses : sm_uses, row->use);
        SM_ASSERT(use);
        const struct sm_client *client = client_new(world, row->name, use->user, service_account, use->controller->name, index++);
        add_actor(world, use->controller, client, use->options ? use->options(world->config.library, profile) : NULL, use);
    }
    struct sm_cluster_options *options = sm_region_zalloc(world->env->run, sizeof *options);
    options->kubernetes = scenario->world.kubernetes;
    for (size_t i = 0; i < sizeof cluster_controllers / sizeof *cluster_controllers; i++) {
        const char *name = cluster_controllers[i].name;
        const char *user = sm_region_printf(world->env->run, "system:serviceaccount:kube-system:%s", name);
        add_actor(world, cluster_controllers[i].controller, client_new(world, name, user, masters, "kube-controller-manager", index++),
                  options, false);
    }
}

static void add_kubelet(struct sm_world *world, const struct sm_scenario_world *settings) {
    struct sm_sidecars_config *sidecars = sm_region_zalloc(world->env->run, sizeof *sidecars);
    struct sm_kubelet_config *kubelet = sm_region_zalloc(world->env->run, sizeof *kubelet);

    sidecars->rules = world->config.control ? settings->calm_sidecar : settings->sidecar;
    world->sidecars = sm_sidecars_new(world->env, sidecars);
    *kubelet = (struct sm_kubelet_config){.client = client_new(world, "kubelet", "system:node:worker-1", masters, "kubelet", 2),
                                          .transport = sm_network_transport(world->network),
                                          .rules = world->config.control ? settings->calm_images : settings->images,
                                          .sidecars = world->sidecars,
                                          .sync_delay = SM_MILLISECOND,
                                          .probe_period = settings->probe_period};
    world->kubelet = sm_kubelet_new(world->env, kubelet);
}

/* --- What happens ------------------------------------------------------------------------------------------------------------- */

static const struct sm_log_entry *last_entry(struct sm_world *world, const struct sm_resource *resource) {
    const struct sm_log *log = sm_server_log(world->env, world->server, resource);

    return &log->entries[log->count - 1];
}

static bool counts_as_write(const struct sm_resource *resource) {
    return resource != SM_EVENTS && resource != SM_LEASES;
}

static bool plan_came_to(const struct sm_log_entry *entry, const char *phase) {
    return strcmp(sm_val_str_at(entry->object, "status.plan.phase"), phase) == 0 &&
           strcmp(sm_val_str_at(entry->before, "status.plan.phase"), phase) != 0;
}

static void changed(struct sm_env *env, void *arg, const struct sm_resource *resource) {
    struct sm_world *world = arg;
    struct sm_world_memory *memory = world->memory;

    if (!world->server) /* its first objects */
        return;
    const struct sm_log_entry *entry = last_entry(world, resource);
    memory->changes++;
    if (counts_as_write(resource)) {
        memory->writes++;
        memory->last_write = env->now;
    }
    if (resource == SM_SEINODES) {
        memory->plans_failed += plan_came_to(entry, "Failed");
        memory->plans_complete += plan_came_to(entry, "Complete");
    }
    for (size_t i = 0; i < world->actor_count; i++)
        sm_manager_notify(env, world->actors[i].manager, resource);
    if (resource == SM_PODS && world->kubelet)
        sm_kubelet_notify(env, world->kubelet);
    for (size_t i = 0; i < world->on_change_count; i++) {
        const struct sm_world_hook *hook = &world->on_change[i];
        const char *broke = hook->property->on_change(world, hook->state, resource, entry);
        if (broke)
            sm_world_violate(world, hook->property->name, broke);
    }
}

static const struct sm_world_actor *under_test(const struct sm_world *world, const struct sm_client *client) {
    for (size_t i = 0; i < world->actor_count && world->actors[i].under_test; i++)
        if (world->actors[i].client == client)
            return &world->actors[i];
    return NULL;
}

static void remember_error(struct sm_world *world, const struct sm_call_event *event) {
    struct sm_world_memory *memory = world->memory;

    if (sm_reply_ok(event->reply)) {
        if (event->request && event->request->verb >= SM_CREATE)
            memory->last_error_code = 0;
        return;
    }
    memory->last_error_code = event->reply->code ? event->reply->code : -1;
    if (event->request)
        memory->last_error = sm_region_printf(world->env->run, "%s %s %s%s%s: %s", sm_request_verb(event->request),
                                              event->request->resource->plural, event->request->name_space,
                                              event->request->name_space[0] ? "/" : "", event->request->name, sm_reply_error(event->reply));
    else
        memory->last_error = sm_region_printf(world->env->run, "%s %s%s: %d %s", event->service->method, event->service->service,
                                              event->service->path, event->reply->code, sm_val_text(event->reply->body));
}

static void on_call(struct sm_env *env, void *arg, const struct sm_call_event *event) {
    struct sm_world *world = arg;
    const struct sm_world_actor *actor = under_test(world, event->request ? event->request->client : event->service->client);
    (void)env;

    if (actor && event->phase == SM_CALL_COMMITTED)
        remember_error(world, event);
    for (size_t i = 0; i < world->on_call_count[event->phase]; i++) {
        const struct sm_world_hook *hook = &world->on_call[event->phase][i];
        const char *broke = actor || hook->property->anyone ? hook->property->on_call(world, hook->state, event, actor) : NULL;
        if (broke)
            sm_world_violate(world, hook->property->name, broke);
    }
    sm_user_call(world->user, event);
}

/* Of those under test alone: what the cluster's own controllers forget is their authors' business. */
static bool crash(struct sm_env *env, void *arg, const struct sm_client *client, bool really) {
    struct sm_world *world = arg;

    for (size_t i = 0; i < world->actor_count && world->actors[i].under_test; i++)
        if (world->actors[i].client == client) {
            if (really)
                sm_manager_crash(env, world->actors[i].manager);
            return true;
        }
    return false;
}

static void pause(struct sm_env *env, void *arg, const struct sm_client *client, sm_time until) {
    const struct sm_world *world = arg;
    (void)env;

    sm_sim_pause(world->sim, client->name, until);
}

static struct sm_reply call_service(struct sm_env *env, void *arg, const struct sm_service_call *call) {
    struct sm_world *world = arg;

    if (strcmp(call->service, "sidecar") != 0)
        return (struct sm_reply){.code = 0, .body = sm_val_str(env->run, "no such host")};
    return sm_sidecars_call(env, world->sidecars, call);
}

/* --- A new world ---------------------------------------------------------------------------------------------------------------- */

static sm_val full_binding(struct sm_region *r) {
    return SM_MAP(r, "apiVersion", sm_val_str(r, "rbac.authorization.k8s.io/v1"), "kind", sm_val_str(r, "ClusterRoleBinding"), "metadata",
                  SM_MAP(r, "name", sm_val_str(r, "seinode-controller-may-all")), "roleRef",
                  SM_MAP(r, "apiGroup", sm_val_str(r, "rbac.authorization.k8s.io"), "kind", sm_val_str(r, "ClusterRole"), "name",
                         sm_val_str(r, "cluster-admin")),
                  "subjects",
                  SM_LIST(r, SM_MAP(r, "kind", sm_val_str(r, "ServiceAccount"), "name", sm_val_str(r, "seinode-controller"), "namespace",
                                    sm_val_str(r, "sei-system"))));
}

static void add_network(struct sm_world *world, const struct sm_scenario_world *settings) {
    struct sm_network_config *network = sm_region_zalloc(world->env->run, sizeof *network);
    bool control = world->config.control;

    *network = (struct sm_network_config){.server = world->server,
                                          .latencies = settings->latencies,
                                          .latency_count = control ? 0 : settings->latency_count,
                                          .latency = settings->latency,
                                          .faults = settings->faults,
                                          .fault_count = control ? 0 : settings->fault_count,
                                          .crash = crash,
                                          .pause = pause,
                                          .crash_arg = world,
                                          .service = call_service,
                                          .service_arg = world,
                                          .observe = on_call,
                                          .observe_arg = world};
    world->network = sm_network_new(world->env, network);
}

static void add_properties(struct sm_world *world) {
    for (size_t i = 0; i < sm_property_count; i++) {
        const struct sm_property *property = sm_properties[i];
        if (world->config.scenario->properties_off >> i & 1)
            continue;
        void *state = property->state_bytes ? sm_env_state(world->env, property->state_bytes, property->name) : NULL;
        struct sm_world_hook hook = {property, state};
        world->property_state[i] = state;
        for (unsigned phase = 0; phase < SM_CALL_PHASE_COUNT; phase++)
            if (property->on_call && property->phases >> phase & 1)
                world->on_call[phase][world->on_call_count[phase]++] = hook;
        if (property->on_change)
            world->on_change[world->on_change_count++] = hook;
    }
}

struct sm_world *sm_world_new(const struct sm_world_config *config) {
    const struct sm_scenario *scenario = config->scenario;
    const struct sm_scenario_world *settings = &scenario->world;
    struct sm_world *world = sm_region_zalloc(config->run, sizeof *world);
    sm_time lag = settings->lag;

    world->config = *config;
    world->sim = sm_sim_new(&(struct sm_sim_config){
        .run = config->run, .scratch = config->scratch, .seed = settings->seed, .sink = config->sink, .window = config->window});
    world->env = &world->sim->env;
    world->memory = sm_env_state(world->env, sizeof *world->memory, "world");
    world->judge = sm_judge_new(world);
    world->user = sm_user_new(world);
    world->server = sm_server_new(
        world->env,
        &(struct sm_server_config){
            .seed = settings->seed, .kubernetes = settings->kubernetes, .rbac = true, .changed = changed, .changed_arg = world});
    add_network(world, settings);
    add_properties(world);

    create_all(world, config->library->base);
    create_all(world, sm_library_profile(config->library, config->profile)->rbac);
    if (settings->rbac_full)
        create(world, full_binding(config->run), "a manifest of ours");
    for (size_t i = 0; i < scenario->given_count; i++)
        create(world, scenario->given[i], scenario->given_places[i].text);

    add_kubelet(world, settings);
    add_actors(world);
    sm_world_informers(world, "*", set_lag, &lag);
    for (size_t i = 0; i < world->actor_count; i++)
        sm_manager_start(world->env, world->actors[i].manager);
    sm_kubelet_start(world->env, world->kubelet);
    return world;
}

/* --- Running ------------------------------------------------------------------------------------------------------------------------ */

bool sm_world_step(struct sm_world *world) {
    uint64_t changes = world->memory->changes;

    if (!sm_sim_step(world->sim))
        return false;
    if (world->memory->changes != changes && world->memory->phase == SM_WORLD_STEPS)
        sm_user_changed(world->user);
    return true;
}

static bool caught_up(const struct sm_informer *informer) {
    return !informer || !informer->started || informer->held || (informer->stopped && !informer->pending) ||
           (informer->synced && sm_informer_behind(informer) == 0);
}

bool sm_world_idle(const struct sm_world *world) {
    sm_time next = 0;

    for (size_t i = 0; i < world->actor_count; i++)
        if (sm_manager_running(world->actors[i].manager) && !sm_manager_idle(world->actors[i].manager, &next))
            return false;
    return caught_up(sm_kubelet_informer(world->kubelet)) && sm_kubelet_idle(world->kubelet, &next);
}

static bool node_rests(void *arg, const char *key, const void *value) {
    bool *rests = arg;
    sm_val node = value;
    (void)key;

    *rests = strcmp(sm_val_str_at(node, "status.phase"), "Running") == 0 && !sm_val_at(node, "status.plan");
    return *rests;
}

static bool nodes_rest(struct sm_world *world) {
    const struct sm_log *log = sm_server_log(world->env, world->server, SM_SEINODES);
    bool rest = true;

    if (log)
        sm_pmap_each(log->root, "", node_rests, &rest);
    return rest;
}

static void set_lags(struct sm_world *world) {
    const struct sm_scenario_world *settings = &world->config.scenario->world;

    if (world->config.control)
        return;
    for (size_t i = settings->lag_count; i-- > 0;) { /* the first that matches counts */
        sm_time lag = settings->lags[i].lag;
        sm_world_informers(world, settings->lags[i].cache, set_lag, &lag);
    }
}

bool sm_world_settle(struct sm_world *world) {
    const struct sm_scenario_world *settings = &world->config.scenario->world;
    sm_time limit = world->env->now + OPENING_MAX;
    bool rests = settings->at_once;

    for (uint64_t i = 0; !rests && i < OPENING_EVENTS_MAX && world->env->now < limit && !world->memory->violated; i++) {
        if (!sm_world_step(world))
            break;
        rests = sm_world_idle(world) && nodes_rest(world);
    }
    return rests;
}

static void read_live(struct sm_world *world) {
    for (size_t i = 0; i < world->actor_count && world->actors[i].under_test; i++) {
        const struct sm_controller *controller = sm_manager_controller(world->actors[i].manager);
        for (size_t w = 0; w < controller->watch_count; w++) {
            struct sm_informer *informer = sm_manager_informer(world->actors[i].manager, controller->watches[w].resource);
            informer->live = sm_match_glob(world->config.live, informer->name);
        }
    }
}

/* Those of the scenario, where no engine chooses. */
static void play_choices(struct sm_world *world) {
    const struct sm_scenario_world *rules = &world->config.scenario->world;
    struct sm_sim_chooser *chooser = &world->sim->chooser;

    if (rules->choice_count && !world->config.control && !chooser->choose && !chooser->choose_event)
        *chooser = sm_player_chooser(sm_player_new(world->env->run, rules->choices, rules->choice_count));
}

void sm_world_begin(struct sm_world *world, const struct sm_sim_chooser *chooser) {
    world->memory->phase = SM_WORLD_STEPS;
    world->memory->last_write = world->env->now;
    world->memory->last_error_code = 0;
    set_lags(world);
    if (world->config.live)
        read_live(world);
    sm_network_begin(world->network);
    if (chooser)
        world->sim->chooser = *chooser;
    play_choices(world);
    sm_user_start(world->user);
}

bool sm_world_open(struct sm_world *world) {
    if (!sm_world_settle(world))
        return false;
    sm_world_begin(world, &world->config.chooser);
    return true;
}

/* --- Looking ------------------------------------------------------------------------------------------------------------------------- */

void sm_world_violate(struct sm_world *world, const char *property, const char *reason) {
    struct sm_world_memory *memory = world->memory;

    if (memory->violated)
        return;
    memory->violated = true;
    memory->property = property;
    snprintf(memory->reason, sizeof memory->reason, "%s: %s", property, reason);
}

struct sm_world_actor *sm_world_actor(struct sm_world *world, const char *name) {
    for (size_t i = 0; i < world->actor_count; i++)
        if (strcmp(world->actors[i].client->name, name) == 0)
            return &world->actors[i];
    return NULL;
}

static size_t visit_informer(struct sm_world *world, struct sm_informer *informer, const char *cache,
                             void (*each)(struct sm_env *env, struct sm_informer *informer, void *arg), void *arg) {
    if (!informer || !sm_match_glob(cache, informer->name))
        return 0;
    each(world->env, informer, arg);
    return 1;
}

size_t sm_world_informers(struct sm_world *world, const char *cache,
                          void (*each)(struct sm_env *env, struct sm_informer *informer, void *arg), void *arg) {
    size_t count = 0;

    for (size_t i = 0; i < world->actor_count; i++) {
        const struct sm_controller *controller = sm_manager_controller(world->actors[i].manager);
        for (size_t w = 0; w < controller->watch_count; w++)
            count +=
                visit_informer(world, sm_manager_informer(world->actors[i].manager, controller->watches[w].resource), cache, each, arg);
    }
    return count + visit_informer(world, sm_kubelet_informer(world->kubelet), cache, each, arg);
}

sm_val sm_world_object(const struct sm_world *world, const struct sm_target *target) {
    return target->resource ? sm_server_peek(world->server, target->resource, target->name_space, target->name) : NULL;
}

/* --- The canonical hash ---------------------------------------------------------------------------------------------------------------- */

static bool hash_object(void *arg, const char *key, const void *value) {
    sm_hash_text(arg, key);
    sm_hash_val(arg, value);
    return true;
}

/* What a store's sum stands for, unlike the hashes of values. */
enum { ALL_STORES = 0x57a11, ONE_STORE = 0x570e };

static uint64_t part_key(const struct sm_log *log, size_t i) {
    return log->sum * UINT64_C(0xd6e8feb86659fd93) + ONE_STORE + i;
}

static void hash_stores(const struct sm_world *world, struct sm_hash *hash) {
    struct sm_hash_part all, one;
    const struct sm_log *log;
    uint64_t key = ALL_STORES;

    for (size_t i = 0; (log = sm_server_log_at(world->server, i)) != NULL; i++)
        if (counts_as_write(log->resource))
            key = (key ^ part_key(log, i)) * UINT64_C(0xff51afd7ed558ccd);
    if (!sm_hash_open(hash, key, &all))
        return;
    for (size_t i = 0; (log = sm_server_log_at(world->server, i)) != NULL; i++) {
        if (!counts_as_write(log->resource) || !log->root || !sm_hash_open(hash, part_key(log, i), &one))
            continue;
        sm_hash_u64(hash, i);
        sm_pmap_each(log->root, "", hash_object, hash);
        sm_hash_close(hash, &one);
    }
    sm_hash_close(hash, &all);
}

static void hash_world(const struct sm_world *world, struct sm_hash *hash) {
    const struct sm_event *event;
    sm_time now = world->env->now;

    hash_stores(world, hash);
    for (size_t i = 0; i < world->actor_count; i++)
        sm_manager_hash(world->actors[i].manager, hash, now);
    sm_kubelet_hash(world->kubelet, hash, now);
    sm_sidecars_hash(world->sidecars, hash, now);
    sm_network_hash(world->network, hash);
    sm_user_hash(world->user, hash);
    for (uint32_t i = 0; (event = sm_sim_pending(world->sim, i)) != NULL; i++)
        if (sm_network_hash_event(event, hash))
            sm_hash_remaining(hash, event->due, now);
}

#ifdef SM_CHECK_HASHES
enum { CHECKED_EACH = 256 };

/* What a memo made of it is what it is from scratch. */
static void check_hash(const struct sm_world *world, const struct sm_hash *before, const struct sm_hash *after) {
    struct sm_hash whole = *before;

    if (!after->memo || after->sum % CHECKED_EACH)
        return;
    whole.memo = NULL;
    hash_world(world, &whole);
    if (whole.sum != after->sum)
        sm_bug("the hash of a state is %016llx by its memo, %016llx from scratch", (unsigned long long)after->sum,
               (unsigned long long)whole.sum);
}

void sm_world_hash(const struct sm_world *world, struct sm_hash *hash) {
    const struct sm_hash before = *hash;

    hash_world(world, hash);
    check_hash(world, &before, hash);
}
#else
void sm_world_hash(const struct sm_world *world, struct sm_hash *hash) {
    hash_world(world, hash);
}
#endif

void sm_world_hash_pending(const struct sm_world *world, struct sm_hash *hash) {
    const struct sm_event *event;

    for (uint32_t i = 0; (event = sm_sim_pending(world->sim, i)) != NULL; i++) {
        sm_hash_text(hash, event->actor);
        sm_hash_text(hash, event->what);
        sm_hash_text(hash, event->object ? event->object : "");
        sm_hash_remaining(hash, event->due, world->env->now);
    }
    for (uint32_t i = 0; i < world->sim->pause_count; i++) {
        const struct sm_sim_pause *pause = &world->sim->pauses[i];
        if (pause->until <= world->env->now)
            continue;
        sm_hash_text(hash, pause->process);
        sm_hash_remaining(hash, pause->until, world->env->now);
    }
}
