/* What others may know of a manager: whether it is idle, what it waits for, and its state as a canonical hash. */
#include "manager_internal.h"
#include "meta.h"
#include "str.h"

enum { FAILURES_MAX = 18 }; /* the back-off does not grow any more */

/* --- What others may know of it ---------------------------------------------------------------------------------------------- */

bool sm_manager_idle(const struct sm_manager *manager, sm_time *ret_next) {
    *ret_next = manager->running ? manager->timer_due : manager->restart ? manager->restart_due : 0;
    if (!manager->running)
        return true;
    for (uint32_t i = 0; i < manager->watcher_count; i++) {
        const struct sm_watcher *watcher = &manager->watchers[i];

        if (!watcher->informer.held && (sm_watcher_awaited(watcher) || sm_informer_behind(&watcher->informer)))
            return false;
    }
    return !manager->pass.active && !sm_queue_waiting(&manager->queue) && sm_recorder_idle(&manager->recorder);
}

bool sm_manager_pass(const struct sm_manager *manager, struct sm_key *ret_key, uint64_t *ret_number) {
    *ret_key = manager->pass.key;
    *ret_number = manager->passes;
    return manager->pass.active;
}

static void say_call(struct sm_str *out, const struct sm_record *asked) {
    if (asked->kind == SM_CTX_SERVICE) {
        sm_str_addf(out, "%s %s %s", asked->asked.service->service, asked->asked.service->method, asked->asked.service->path);
        return;
    }
    const struct sm_request *request = asked->asked.request;
    sm_str_addf(out, "%s %s%s%s", sm_request_verb(request), request->resource->plural, *request->subresource ? "/" : "",
                request->subresource);
    if (*request->name)
        sm_str_addf(out, " %s%s%s", request->name_space, *request->name_space ? "/" : "", request->name);
}

static void say_pass(struct sm_str *out, const struct sm_manager *manager) {
    const struct sm_pass *pass = &manager->pass;

    sm_str_addf(out, "pass of %s waits for ", pass->object);
    switch (pass->waits) {
    case SM_WAITS_ANSWER:
        say_call(out, &pass->asked);
        break;
    case SM_WAITS_SYNC:
        sm_str_addf(out, "the first list of %s", manager->watchers[pass->informer].informer.resource->plural);
        break;
    default:
        sm_str_add(out, "its turn");
    }
}

/* The delayed key that is due first; NULL if there is none. */
static const struct sm_queue_item *next_due(const struct sm_queue *queue) {
    const struct sm_queue_item *next = NULL;

    for (uint32_t i = 0; i < queue->used; i++) {
        if (queue->item[i].due && (!next || queue->item[i].due < next->due))
            next = &queue->item[i];
    }
    return next;
}

const char *sm_manager_waits_for(const struct sm_manager *manager, struct sm_region *r) {
    const struct sm_queue_item *next = next_due(&manager->queue);
    struct sm_key key;
    struct sm_str out;

    if (!manager->running)
        return manager->restart ? "its restart" : "nothing: it is not running";
    if (manager->pass.active) {
        sm_str_init(&out, r);
        say_pass(&out, manager);
        return out.data;
    }
    for (uint32_t i = 0; i < manager->watcher_count; i++) {
        const struct sm_informer *informer = &manager->watchers[i].informer;

        if (!manager->watchers[i].lazy && sm_watcher_awaited(&manager->watchers[i]))
            return sm_region_printf(r, "the first list of %s", informer->resource->plural);
        if (sm_informer_behind(informer))
            return sm_region_printf(r, "changes of %s", informer->resource->plural);
    }
    if (sm_queue_peek(&manager->queue, &key))
        return sm_region_printf(r, "the turn of %s", sm_meta_key(r, key.name_space, key.name));
    if (next)
        return sm_region_printf(r, "the time to look at %s again", sm_meta_key(r, next->key.name_space, next->key.name));
    return "nothing";
}

/* --- Its state, canonically --------------------------------------------------------------------------------------------------- */

static void hash_informer(struct sm_hash *hash, const struct sm_informer *informer, sm_time now) {
    sm_hash_u64(hash, (uint64_t)informer->started | (uint64_t)informer->synced << 1 | (uint64_t)informer->held << 2 |
                          (uint64_t)informer->stopped << 3);
    sm_hash_remaining(hash, informer->cut_until, now);
    for (uint32_t i = informer->read; informer->synced && i < informer->log->count; i++) {
        const struct sm_log_entry *entry = &informer->log->entries[i];

        sm_hash_text(hash, entry->key);
        sm_hash_u64(hash, entry->change);
        /* With the store as it is now, this tells what the cache holds. */
        sm_hash_val(hash, entry->before);
    }
}

static void hash_queue(struct sm_hash *hash, const struct sm_queue *queue, sm_time now) {
    for (uint32_t i = 0; i < queue->used; i++) {
        const struct sm_queue_item *item = &queue->item[i];
        uint64_t before = 0;

        if (!item->key.name)
            continue;
        for (uint32_t j = 0; item->queued && j < queue->used; j++)
            before += queue->item[j].queued && queue->item[j].order < item->order;
        sm_hash_text(hash, item->key.name_space);
        sm_hash_text(hash, item->key.name);
        sm_hash_u64(hash, (uint64_t)item->queued | (uint64_t)item->dirty << 1 | (uint64_t)item->processing << 2 | before << 3);
        sm_hash_u64(hash, item->failures < FAILURES_MAX ? item->failures : FAILURES_MAX);
        sm_hash_remaining(hash, item->due, now);
    }
}

static void hash_record(struct sm_hash *hash, const struct sm_record *record) {
    sm_hash_u64(hash, record->kind);
    switch (record->kind) {
    case SM_CTX_REQUEST:
    case SM_CTX_SERVICE:
        sm_hash_u64(hash, (uint64_t)record->answer.reply->code);
        sm_hash_val(hash, record->answer.reply->body);
        break;
    case SM_CTX_GET:
    case SM_CTX_LIST:
        sm_hash_val(hash, record->answer.value);
        break;
    case SM_CTX_UUID:
        sm_hash_text(hash, record->answer.text);
        break;
    default:
        break;
    }
}

void sm_manager_hash(const struct sm_manager *manager, struct sm_hash *hash, sm_time now) {
    const struct sm_pass *pass = &manager->pass;

    sm_hash_u64(hash, manager->running);
    sm_hash_remaining(hash, manager->restart ? manager->restart_due : 0, now);
    if (!manager->running)
        return;
    for (uint32_t i = 0; i < manager->watcher_count; i++)
        hash_informer(hash, &manager->watchers[i].informer, now);
    hash_queue(hash, &manager->queue, now);
    sm_hash_u64(hash, pass->active ? pass->waits + 1 : 0);
    if (!pass->active)
        return;
    sm_hash_text(hash, pass->object);
    for (uint32_t i = 0; i < pass->count; i++)
        hash_record(hash, &pass->records[i]);
}
