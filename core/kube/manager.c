#include "manager.h"

#include "bug.h"
#include "manager_internal.h"
#include "meta.h"

/* A reflector's back-off while it cannot list. */
static const sm_time retry_min = 800 * SM_MILLISECOND, retry_max = 30 * SM_SECOND;

/* --- From watch events to keys ------------------------------------------------------------------------------------------ */

struct enqueue {
    struct sm_enqueue to;
    struct sm_env *env;
    struct sm_manager *manager;
};

static const char *keep(struct sm_env *env, const char *text) {
    return sm_region_contains(env->run, text) ? text : sm_region_strdup(env->run, text);
}

/* The key with strings that last: the queue's own if it knows the key. */
static struct sm_key lasting_key(struct enqueue *enqueue, const char *name_space, const char *name) {
    struct sm_key key = {name_space, name};
    const struct sm_queue_item *item = sm_queue_find(&enqueue->manager->queue, key);

    return item ? item->key : (struct sm_key){keep(enqueue->env, name_space), keep(enqueue->env, name)};
}

static void enqueue_add(struct sm_enqueue *to, const char *name_space, const char *name) {
    struct enqueue *enqueue = (struct enqueue *)to;

    sm_queue_add(&enqueue->manager->queue, lasting_key(enqueue, name_space, name));
}

static void enqueue_add_after(struct sm_enqueue *to, const char *name_space, const char *name, sm_time delay) {
    struct enqueue *enqueue = (struct enqueue *)to;

    sm_queue_add_at(&enqueue->manager->queue, lasting_key(enqueue, name_space, name), to->now + (delay > 0 ? delay : 0));
}

static sm_pmap enqueue_store(struct sm_enqueue *to, const struct sm_resource *resource) {
    struct enqueue *enqueue = (struct enqueue *)to;
    const struct sm_watcher *watcher = sm_manager_watcher(enqueue->manager, resource);

    if (!watcher)
        sm_bug("%s looks %s up in a cache it does not have", enqueue->manager->config.controller->name, resource->plural);
    return sm_informer_store(&watcher->informer);
}

static sm_val enqueue_lookup(struct sm_enqueue *to, const struct sm_resource *resource, const char *name_space, const char *name) {
    return sm_pmap_get(enqueue_store(to, resource), sm_meta_key(to->region, name_space, name));
}

struct visiting {
    bool (*visit)(void *arg, sm_val object);
    void *arg;
};

static bool visit_entry(void *arg, const char *key, const void *value) {
    const struct visiting *visiting = arg;
    (void)key;

    return visiting->visit(visiting->arg, value);
}

static void enqueue_each(struct sm_enqueue *to, const struct sm_resource *resource, const char *name_space,
                         bool (*visit)(void *arg, sm_val object), void *arg) {
    struct visiting visiting = {visit, arg};
    const char *prefix = name_space && *name_space ? sm_meta_key(to->region, name_space, "") : "";

    sm_pmap_each(enqueue_store(to, resource), prefix, visit_entry, &visiting);
}

static void hear(struct sm_env *env, void *arg, struct sm_informer *informer, sm_val before, sm_val after, bool initial) {
    struct sm_manager *manager = arg;
    const struct sm_controller *controller = manager->config.controller;
    struct enqueue enqueue = {.to = {.region = env->scratch,
                                     .add = enqueue_add,
                                     .add_after = enqueue_add_after,
                                     .now = env->now,
                                     .options = manager->options,
                                     .lookup = enqueue_lookup,
                                     .each = enqueue_each},
                              .env = env,
                              .manager = manager};

    for (size_t i = 0; i < controller->watch_count; i++) {
        const struct sm_watch *watch = &controller->watches[i];

        if (watch->map && sm_resource_same(watch->resource, informer->resource) && (!watch->predicate || watch->predicate(before, after)))
            watch->map(&enqueue.to, before, after);
    }
    if (!initial)
        sm_manager_queue_changed(env, manager);
}

/* --- The worker and its timer --------------------------------------------------------------------------------------------- */

/* Workers start when every eager informer has its first list. */
static bool ready(const struct sm_manager *manager) {
    for (uint32_t i = 0; i < manager->watcher_count; i++) {
        if (!manager->watchers[i].lazy && sm_watcher_awaited(&manager->watchers[i]))
            return false;
    }
    return manager->running;
}

static void work(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    struct sm_manager *manager = self;
    struct sm_key key;
    (void)arg;
    (void)data;

    manager->worker = 0;
    if (sm_queue_take(&manager->queue, &key))
        sm_pass_start(env, manager, key);
}

static void call_worker(struct sm_env *env, struct sm_manager *manager) {
    struct sm_key key;

    if (manager->worker || manager->pass.active || !sm_queue_peek(&manager->queue, &key) || !ready(manager))
        return;
    manager->worker = sm_env_at(env, &(struct sm_event){.due = env->now + manager->config.think,
                                                        .self = manager,
                                                        .fire = work,
                                                        .actor = manager->config.client->name,
                                                        .what = "reconcile",
                                                        .object = sm_meta_key(env->run, key.name_space, key.name)});
}

static void wake(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    struct sm_manager *manager = self;
    (void)arg;
    (void)data;

    manager->timer = 0;
    manager->timer_due = 0;
    sm_manager_queue_changed(env, manager);
}

void sm_manager_queue_changed(struct sm_env *env, struct sm_manager *manager) {
    sm_time due = sm_queue_wake(&manager->queue, env->now);

    if (due != manager->timer_due) {
        if (manager->timer)
            sm_env_cancel(env, manager->timer);
        manager->timer = 0;
        manager->timer_due = due;
        if (due)
            manager->timer = sm_env_at(
                env, &(struct sm_event){.due = due, .self = manager, .fire = wake, .actor = manager->config.client->name, .what = "timer"});
    }
    call_worker(env, manager);
}

/* --- Informers ------------------------------------------------------------------------------------------------------------ */

struct sm_watcher *sm_manager_watcher(struct sm_manager *manager, const struct sm_resource *resource) {
    for (uint32_t i = 0; i < manager->watcher_count; i++) {
        if (sm_resource_same(manager->watchers[i].informer.resource, resource))
            return &manager->watchers[i];
    }
    return NULL;
}

static void retry_informer(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    struct sm_watcher *watcher = self;
    (void)arg;
    (void)data;

    watcher->retry = 0;
    sm_manager_start_informer(env, watcher);
}

void sm_manager_start_informer(struct sm_env *env, struct sm_watcher *watcher) {
    struct sm_informer *informer = &watcher->informer;
    const struct sm_manager *manager = informer->arg;
    const struct sm_transport *transport = manager->config.transport;
    const struct sm_log *log = transport->log(env, transport->self, informer->resource);

    if (log && (!transport->may_watch || transport->may_watch(env, transport->self, manager->config.client, informer->resource))) {
        sm_informer_start(env, informer, log, UINT32_MAX);
        return;
    }
    sm_time delay = retry_min << (watcher->tries < 6 ? watcher->tries : 6);
    watcher->tries++;
    watcher->retry = sm_env_at(env, &(struct sm_event){.due = env->now + (delay < retry_max ? delay : retry_max),
                                                       .self = watcher,
                                                       .fire = retry_informer,
                                                       .actor = informer->name,
                                                       .what = "retry"});
}

static void synced(struct sm_env *env, void *arg, struct sm_informer *informer) {
    struct sm_manager *manager = arg;

    sm_manager_queue_changed(env, manager);
    sm_pass_synced(env, manager, informer);
}

struct sm_informer *sm_manager_informer(struct sm_manager *manager, const struct sm_resource *resource) {
    struct sm_watcher *watcher = sm_manager_watcher(manager, resource);

    return watcher ? &watcher->informer : NULL;
}

void sm_manager_notify(struct sm_env *env, struct sm_manager *manager, const struct sm_resource *resource) {
    struct sm_watcher *watcher = sm_manager_watcher(manager, resource);

    if (watcher)
        sm_informer_notify(env, &watcher->informer);
}

/* --- The life of a process ------------------------------------------------------------------------------------------------- */

static void crash(struct sm_env *env, void *arg) {
    sm_manager_crash(env, arg);
}

static void add_watcher(struct sm_env *env, struct sm_manager *manager, const struct sm_watch *watch) {
    struct sm_watcher *watcher = sm_manager_watcher(manager, watch->resource);
    const char *client = manager->config.client->name, *plural = watch->resource->plural;

    /* Two watches of one kind share an informer; one eager watch makes it eager. */
    if (watcher) {
        watcher->lazy = watcher->lazy && watch->lazy;
        watcher->optional = watcher->optional && watch->optional;
        return;
    }
    watcher = &manager->watchers[manager->watcher_count++];
    watcher->lazy = watch->lazy;
    watcher->optional = watch->optional;
    sm_informer_init(&watcher->informer, watch->resource, client, sm_region_printf(env->run, "%s/%s", client, plural), hear, manager);
    watcher->informer.on_synced = synced;
    watcher->informer.crash = manager->config.mortal ? crash : NULL;
}

struct sm_manager *sm_manager_new(struct sm_env *env, const struct sm_manager_config *config) {
    const struct sm_controller *controller = config->controller;
    uint32_t keys = config->queue_max ? config->queue_max : SM_QUEUE_KEYS_MAX;
    struct sm_manager *manager = sm_env_state(env, sizeof *manager, controller->name);

    SM_ASSERT(controller->watch_count <= SM_MANAGER_INFORMERS_MAX);
    manager->config = *config;
    manager->watchers = sm_env_state(env, controller->watch_count * sizeof manager->watchers[0], controller->name);
    for (size_t i = 0; i < controller->watch_count; i++)
        add_watcher(env, manager, &controller->watches[i]);
    sm_queue_init(&manager->queue, sm_env_state(env, keys * sizeof manager->queue.item[0], controller->name), keys);
    sm_recorder_init(&manager->recorder, config->client, config->transport, controller->name);
    return manager;
}

static void emit(struct sm_env *env, const struct sm_manager *manager, enum sm_journal_kind kind) {
    sm_env_emit(env, &(struct sm_journal_event){.kind = kind, .actor = manager->config.client->name});
}

static void cancel(struct sm_env *env, uint64_t *id) {
    if (*id)
        sm_env_cancel(env, *id);
    *id = 0;
}

void sm_manager_start(struct sm_env *env, struct sm_manager *manager) {
    if (manager->running)
        return;
    cancel(env, &manager->restart);
    manager->running = true;
    manager->options = manager->config.options;
    if (manager->starts++)
        emit(env, manager, SM_JOURNAL_RESTARTED);
    for (uint32_t i = 0; i < manager->watcher_count; i++) {
        if (!manager->watchers[i].lazy)
            sm_manager_start_informer(env, &manager->watchers[i]);
    }
}

static void restart(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    struct sm_manager *manager = self;
    (void)arg;
    (void)data;

    manager->restart = 0;
    sm_manager_start(env, manager);
}

void sm_manager_crash(struct sm_env *env, struct sm_manager *manager) {
    if (!manager->running)
        return;
    emit(env, manager, SM_JOURNAL_CRASHED);
    manager->running = false;
    for (uint32_t i = 0; i < manager->watcher_count; i++) {
        struct sm_watcher *watcher = &manager->watchers[i];

        cancel(env, &watcher->retry);
        watcher->tries = 0;
        sm_informer_reset(env, &watcher->informer);
    }
    cancel(env, &manager->worker);
    cancel(env, &manager->timer);
    manager->timer_due = 0;
    sm_queue_clear(&manager->queue);
    manager->pass = (struct sm_pass){0};
    sm_recorder_reset(env, &manager->recorder);
    if (manager->config.restart_delay >= 0)
        sm_manager_restart_after(env, manager, manager->config.restart_delay);
}

void sm_manager_restart_after(struct sm_env *env, struct sm_manager *manager, sm_time delay) {
    cancel(env, &manager->restart);
    if (manager->running)
        return;
    manager->restart_due = env->now + delay;
    manager->restart = sm_env_at(
        env, &(struct sm_event){
                 .due = manager->restart_due, .self = manager, .fire = restart, .actor = manager->config.client->name, .what = "start"});
}

void sm_manager_set_options(struct sm_manager *manager, const void *options) {
    manager->config.options = options;
}

bool sm_manager_running(const struct sm_manager *manager) {
    return manager->running;
}

const struct sm_controller *sm_manager_controller(const struct sm_manager *manager) {
    return manager->config.controller;
}

const struct sm_client *sm_manager_client(const struct sm_manager *manager) {
    return manager->config.client;
}
