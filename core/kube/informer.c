#include "informer.h"

#include "bug.h"
#include "meta.h"

enum { OLDER_LISTS_MAX = 7 };

/* A watch may be cut instead of bringing a change, and the cache listed again so much later; or its process ends before or after
 * it has heard of it. */
enum { WATCH_WAYS = 5, WATCH_CUTS = 3, WATCH_CRASH_BEFORE = 3, WATCH_CRASH_AFTER = 4 };
static const sm_time cuts[WATCH_CUTS] = {0, SM_SECOND, 20 * SM_SECOND};
static const char *const watch_names[WATCH_WAYS] = {"none", "cut-1s", "cut-20s", "crash-before", "crash-after"};

void sm_informer_init(struct sm_informer *informer, const struct sm_resource *resource, const char *client, const char *name,
                      sm_informer_handler handler, void *arg) {
    *informer = (struct sm_informer){.resource = resource, .client = client, .name = name, .handler = handler, .arg = arg};
}

sm_pmap sm_informer_store(const struct sm_informer *informer) {
    return informer->synced && informer->read ? informer->log->entries[informer->read - 1].root : NULL;
}

sm_pmap sm_informer_read(const struct sm_informer *informer) {
    return informer->live && informer->synced ? informer->log->root : sm_informer_store(informer);
}

uint32_t sm_informer_behind(const struct sm_informer *informer) {
    return informer->synced ? informer->log->count - informer->read : 0;
}

static void cancel_pending(struct sm_env *env, struct sm_informer *informer) {
    if (informer->pending)
        sm_env_cancel(env, informer->pending);
    informer->pending = 0;
}

static void emit_seen(struct sm_env *env, const struct sm_informer *informer, sm_val before, sm_val after) {
    sm_val object = after ? after : before;

    if (!env->journal)
        return;
    const char *key = sm_meta_key(env->run, sm_meta_namespace(object), sm_meta_name(object));
    sm_env_emit(env, &(struct sm_journal_event){.kind = SM_JOURNAL_DELIVERED,
                                                .actor = informer->client,
                                                .resource = informer->resource->plural,
                                                .name_space = sm_meta_namespace(object),
                                                .name = sm_meta_name(object),
                                                .version = sm_meta_version(object),
                                                .latest = sm_meta_version(sm_pmap_get(informer->log->root, key)),
                                                .text = sm_change_names[!before  ? SM_ADDED
                                                                        : !after ? SM_DELETED
                                                                                 : SM_MODIFIED]});
}

static void tell(struct sm_env *env, struct sm_informer *informer, sm_val before, sm_val after, bool initial) {
    if (!initial)
        emit_seen(env, informer, before, after);
    if (informer->handler)
        informer->handler(env, informer->arg, informer, before, after, initial);
}

/* --- Watching --------------------------------------------------------------------------------------------------------- */

static void deliver(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    struct sm_informer *informer = self;
    const struct sm_log_entry *entry = &informer->log->entries[informer->read];
    (void)data;

    informer->pending = 0;
    if (arg == WATCH_CRASH_BEFORE) {
        informer->crash(env, informer->arg);
        return;
    }
    informer->read++;
    informer->last_delivery = env->now;
    if (entry->change == SM_DELETED)
        tell(env, informer, entry->object, NULL, false);
    else
        tell(env, informer, entry->before, entry->object, false);
    if (arg == WATCH_CRASH_AFTER)
        informer->crash(env, informer->arg);
    else
        sm_informer_notify(env, informer);
}

/* How many entries older a list is than it could be, of those that are open. */
static uint32_t older(struct sm_env *env, const struct sm_informer *informer, const char *what, uint32_t open) {
    uint32_t most = open < OLDER_LISTS_MAX ? open : OLDER_LISTS_MAX;

    return sm_env_choose(env, &(struct sm_choice_point){.kind = SM_CHOICE_AGE, .n = most + 1, .actor = informer->name, .what = what});
}

static void list_again(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    struct sm_informer *informer = self;
    (void)arg;
    (void)data;

    informer->pending = 0;
    informer->cut_until = 0;
    informer->relist_waits = informer->held;
    if (!informer->held)
        sm_informer_relist(env, informer, informer->log->count - older(env, informer, "relist", sm_informer_behind(informer)));
}

/* What becomes of the watch instead of bringing [entry]. */
static uint32_t choose_watch(struct sm_env *env, const struct sm_informer *informer, const struct sm_log_entry *entry) {
    struct sm_choice_point point = {.kind = SM_CHOICE_FAULT,
                                    .n = informer->crash ? WATCH_WAYS : WATCH_CUTS,
                                    .actor = informer->name,
                                    .what = "watch",
                                    .object = entry->key,
                                    .ways = watch_names};

    return sm_env_choose(env, &point);
}

static void cut(struct sm_env *env, struct sm_informer *informer, sm_time after) {
    informer->stopped = true;
    informer->cut_until = env->now + after;
    informer->pending = sm_env_at(
        env,
        &(struct sm_event){.due = informer->cut_until, .self = informer, .fire = list_again, .actor = informer->name, .what = "relist"});
}

static void schedule_delivery(struct sm_env *env, struct sm_informer *informer, const struct sm_log_entry *entry, uint32_t way) {
    sm_time due = entry->time + informer->lag;

    informer->pending = sm_env_at(env, &(struct sm_event){.due = due > informer->last_delivery ? due : informer->last_delivery,
                                                          .self = informer,
                                                          .fire = deliver,
                                                          .arg = way,
                                                          .actor = informer->name,
                                                          .what = "deliver",
                                                          .object = entry->key});
}

void sm_informer_notify(struct sm_env *env, struct sm_informer *informer) {
    if (!informer->synced || informer->held || informer->stopped || informer->pending || informer->read == informer->log->count)
        return;
    const struct sm_log_entry *entry = &informer->log->entries[informer->read];
    uint32_t way = choose_watch(env, informer, entry);
    if (way == WATCH_CRASH_BEFORE || way == WATCH_CRASH_AFTER || way == 0)
        schedule_delivery(env, informer, entry, way);
    else
        cut(env, informer, cuts[way]);
}

void sm_informer_hold(struct sm_env *env, struct sm_informer *informer) {
    informer->held = true;
    if (informer->synced && !informer->stopped)
        cancel_pending(env, informer);
}

/* --- The first list --------------------------------------------------------------------------------------------------- */

struct telling {
    struct sm_env *env;
    struct sm_informer *informer;
    bool deletions; /* of a relist's two rounds, the second */
};

static bool tell_initial(void *arg, const char *key, const void *value) {
    const struct telling *telling = arg;
    (void)key;

    tell(telling->env, telling->informer, NULL, value, true);
    return true;
}

static uint32_t oldest(const struct sm_log *log) {
    return log->first;
}

/* How many entries the first list has seen. */
static uint32_t list_position(struct sm_env *env, const struct sm_informer *informer) {
    const struct sm_log *log = informer->log;
    uint32_t at = informer->list_at < log->count ? informer->list_at : log->count;

    if (informer->list_at == UINT32_MAX) {
        while (at > oldest(log) && log->entries[at - 1].time > env->now - informer->list_age)
            at--;
    }
    return at - older(env, informer, "list", at - oldest(log));
}

static void list(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    struct sm_informer *informer = self;
    struct telling telling = {.env = env, .informer = informer};
    (void)arg;
    (void)data;

    informer->pending = 0;
    informer->list_waits = informer->held;
    if (informer->held)
        return;
    informer->read = list_position(env, informer);
    informer->synced = true;
    informer->last_delivery = env->now + informer->catch_up;
    if (env->journal)
        sm_env_emit(
            env, &(struct sm_journal_event){.kind = SM_JOURNAL_SYNCED,
                                            .actor = informer->client,
                                            .resource = informer->resource->plural,
                                            .version = informer->read ? informer->log->entries[informer->read - 1].version : 0,
                                            .latest = informer->log->count ? informer->log->entries[informer->log->count - 1].version : 0});
    sm_pmap_each(sm_informer_store(informer), "", tell_initial, &telling);
    if (informer->on_synced)
        informer->on_synced(env, informer->arg, informer);
    sm_informer_notify(env, informer);
}

static void schedule_list(struct sm_env *env, struct sm_informer *informer, sm_time due) {
    informer->pending =
        sm_env_at(env, &(struct sm_event){.due = due, .self = informer, .fire = list, .actor = informer->name, .what = "list"});
}

void sm_informer_start(struct sm_env *env, struct sm_informer *informer, const struct sm_log *log, uint32_t at) {
    SM_ASSERT(!informer->started && log);
    informer->started = true;
    informer->log = log;
    informer->list_at = at;
    schedule_list(env, informer, env->now + informer->list_latency);
}

void sm_informer_release(struct sm_env *env, struct sm_informer *informer) {
    informer->held = false;
    if (informer->list_waits)
        schedule_list(env, informer, env->now);
    informer->list_waits = false;
    if (informer->relist_waits)
        sm_informer_relist(env, informer, UINT32_MAX);
    sm_informer_notify(env, informer);
}

void sm_informer_reset(struct sm_env *env, struct sm_informer *informer) {
    cancel_pending(env, informer);
    informer->started = informer->synced = informer->stopped = informer->list_waits = informer->relist_waits = false;
    informer->read = informer->list_at = 0;
    informer->last_delivery = informer->cut_until = 0;
    informer->log = NULL;
}

/* --- Listing again ---------------------------------------------------------------------------------------------------- */

static bool tell_difference(void *arg, const char *key, const void *before, const void *after) {
    const struct telling *telling = arg;
    (void)key;

    if (telling->deletions == (after == NULL))
        tell(telling->env, telling->informer, before, after, false);
    return true;
}

void sm_informer_relist(struct sm_env *env, struct sm_informer *informer, uint32_t at) {
    struct telling telling = {.env = env, .informer = informer};

    if (!informer->synced)
        return;
    cancel_pending(env, informer);
    sm_pmap before = sm_informer_store(informer);
    at = at < informer->log->count ? at : informer->log->count;
    informer->read = at > informer->read ? at : informer->read;
    informer->stopped = informer->relist_waits = false;
    informer->cut_until = 0;
    informer->last_delivery = env->now;
    sm_pmap after = sm_informer_store(informer);
    sm_pmap_diff(before, after, tell_difference, &telling);
    telling.deletions = true;
    sm_pmap_diff(before, after, tell_difference, &telling);
    sm_informer_notify(env, informer);
}
