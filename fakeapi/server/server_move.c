/* A server that moves: its objects and the changes that are still remembered are copied into the memory of another world, and
 * nothing else is. What was compiled of them (rules of RBAC, definitions) is made anew there.
 *
 *      old log   ✗ ✗ ✗ first-1 ─ first ─ … ─ count-1        ✗: forgotten, stays behind
 *      new log         0 ─────── 1 ───── … ─ n-1            entry 0 is the state that the rest is told from
 */
#include <string.h>

#include "store.h"

enum { CAPACITY_MIN = 16 };

static sm_pmap copy_root(struct sm_region *r, sm_pmap root) {
    sm_pmap copy = NULL, at;

    for (size_t i = 0; (at = sm_pmap_at(root, i)) != NULL; i++)
        copy = sm_pmap_set(r, copy, at->key, sm_val_copy(r, at->value, NULL));
    return copy;
}

static sm_pmap find(sm_pmap root, const char *key) {
    sm_pmap found = sm_pmap_seek(root, key, false);

    return found && strcmp(found->key, key) == 0 ? found : NULL;
}

/* The entry after those whose store is [root]; it shares with that what the old one shared. */
static struct sm_log_entry copy_entry(struct sm_region *r, sm_pmap root, const struct sm_log_entry *entry) {
    sm_pmap found = find(root, entry->key);
    struct sm_log_entry copy = *entry;

    copy.before = found ? found->value : NULL;
    copy.object = sm_val_copy(r, entry->object, NULL);
    copy.root = entry->change == SM_DELETED ? sm_pmap_remove(r, root, entry->key) : sm_pmap_set(r, root, entry->key, copy.object);
    copy.key = found ? found->key : entry->change == SM_DELETED ? sm_region_strdup(r, entry->key) : find(copy.root, entry->key)->key;
    return copy;
}

/* Of the first entry only what others need: nobody is told of it any more, unless nothing was ever forgotten. */
static struct sm_log_entry copy_first(struct sm_region *r, const struct sm_log_entry *entry) {
    struct sm_log_entry copy = *entry;

    copy.key = sm_region_strdup(r, entry->key);
    copy.root = copy_root(r, entry->root);
    copy.before = entry->before ? sm_val_copy(r, entry->before, NULL) : NULL;
    copy.object = entry->change == SM_DELETED ? sm_val_copy(r, entry->object, NULL) : find(copy.root, entry->key)->value;
    return copy;
}

static void copy_log(struct sm_region *r, struct sm_log *to, const struct sm_log *from) {
    uint32_t base = from->first ? from->first - 1 : 0;

    if (!from->count)
        return;
    to->count = from->count - base;
    to->first = from->first - base;
    to->capacity = CAPACITY_MIN;
    while (to->capacity < to->count)
        to->capacity *= 2;
    to->entries = sm_region_alloc(r, to->capacity * sizeof to->entries[0]);
    to->entries[0] = copy_first(r, &from->entries[base]);
    for (uint32_t i = 1; i < to->count; i++)
        to->entries[i] = copy_entry(r, to->entries[i - 1].root, &from->entries[base + i]);
    to->root = to->entries[to->count - 1].root;
}

/* Custom resources whose definition is gone are left behind. */
static void resume_definitions(struct sm_env *env, struct sm_server *server, const struct sm_server *from) {
    sm_pmap all = sm_store_slot(server, SM_CRDS)->log.root, at;

    for (size_t i = 0; (at = sm_pmap_at(all, i)) != NULL; i++) {
        struct sm_store_slot *slot = sm_custom_resume(env, server, at->value);
        const struct sm_store_slot *old = slot ? sm_store_slot(from, slot->log.resource) : NULL;
        if (old && !slot->log.count)
            copy_log(env->run, &slot->log, &old->log);
    }
}

struct sm_server *sm_server_move(struct sm_env *env, const struct sm_server *from, const struct sm_server_config *config) {
    struct sm_server *server = sm_env_state(env, sizeof *server, "server");

    server->config = *config;
    server->config.kubernetes = from->config.kubernetes;
    server->version = from->version;
    server->compacted = from->compacted;
    server->ids = from->ids;
    server->names = from->names;
    server->slot_count = SM_RESOURCE_COUNT;
    for (uint32_t i = 0; i < SM_RESOURCE_COUNT; i++) {
        server->slots[i] = (struct sm_store_slot){.log.resource = from->slots[i].log.resource,
                                                  .kind = from->slots[i].custom ? NULL : from->slots[i].kind};
        if (!from->slots[i].custom)
            copy_log(env->run, &server->slots[i].log, &from->slots[i].log);
    }
    resume_definitions(env, server, from);
    return server;
}
