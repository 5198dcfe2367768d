#include "store.h"

#include <string.h>

#include "bug.h"
#include "meta.h"
#include "uuid.h"

/* --- Slots ------------------------------------------------------------------------------------------------------------- */

/* A request may carry a copy of a resource, or another version of it, so the address only is the fast way. */
static size_t slot_index(const struct sm_server *server, const struct sm_resource *resource) {
    uintptr_t offset = (uintptr_t)resource - (uintptr_t)sm_resources;
    size_t i = offset / sizeof *resource;

    if (i < SM_RESOURCE_COUNT && resource == &sm_resources[i])
        return i;
    for (i = 0; i < server->slot_count; i++) {
        if (sm_resource_same(server->slots[i].log.resource, resource))
            return i;
    }
    return SM_STORE_SLOTS_MAX;
}

const struct sm_store_slot *sm_store_slot(const struct sm_server *server, const struct sm_resource *resource) {
    size_t i = slot_index(server, resource);

    return i < SM_STORE_SLOTS_MAX ? &server->slots[i] : NULL;
}

struct sm_store_slot *sm_store_slot_mutable(struct sm_server *server, const struct sm_resource *resource) {
    size_t i = slot_index(server, resource);

    return i < SM_STORE_SLOTS_MAX ? &server->slots[i] : NULL;
}

/* With every slot taken, the first that serves nothing any more is used again: nobody can watch what is not defined. */
struct sm_store_slot *sm_store_slot_make(struct sm_server *server, const struct sm_resource *resource) {
    struct sm_store_slot *slot = sm_store_slot_mutable(server, resource);

    if (slot)
        return slot;
    if (server->slot_count < SM_STORE_SLOTS_MAX) {
        slot = &server->slots[server->slot_count++];
    } else {
        size_t i = SM_RESOURCE_COUNT;

        while (i < SM_STORE_SLOTS_MAX && (server->slots[i].kind || server->slots[i].log.root))
            i++;
        if (i == SM_STORE_SLOTS_MAX)
            return NULL;
        slot = &server->slots[i];
    }
    *slot = (struct sm_store_slot){.log = {.resource = resource}};
    return slot;
}

/* --- Changes ----------------------------------------------------------------------------------------------------------- */

sm_val sm_store_version_text(struct sm_region *r, int64_t version) {
    return sm_val_strf(r, "%lld", (long long)version);
}

sm_val sm_store_keep(struct sm_env *env, sm_val v) {
    return env->scratch == env->run ? v : sm_val_copy(env->run, v, env->scratch);
}

sm_val sm_store_append(struct sm_env *env, struct sm_server *server, struct sm_store_slot *slot, enum sm_change change, const char *key,
                       sm_val object) {
    struct sm_region *r = env->run;
    int64_t version = ++server->version;
    sm_pmap root = slot->log.root, found = sm_pmap_seek(root, key, false);
    bool exists = found && strcmp(found->key, key) == 0;
    sm_val before = exists ? found->value : NULL;

    SM_ASSERT((change == SM_ADDED) == !exists);
    key = exists ? found->key : sm_region_strdup(r, key);
    object = sm_val_set_at(env->scratch, object, "metadata.resourceVersion", sm_store_version_text(env->scratch, version));
    object = sm_store_keep(env, object);
    root = change == SM_DELETED ? sm_pmap_remove(r, root, key) : sm_pmap_set(r, root, key, object);
    struct sm_log_entry entry = {
        .version = version, .time = env->now, .change = change, .key = key, .object = object, .before = before, .root = root};
    sm_log_append(r, &slot->log, &entry);
    if (server->config.changed)
        server->config.changed(env, server->config.changed_arg, slot->log.resource);
    if (slot->log.resource == SM_CRDS)
        sm_custom_changed(env, server, change, object);
    if (change == SM_DELETED && slot->custom)
        sm_custom_object_gone(env, server, slot);
    return object;
}

/* --- Names ------------------------------------------------------------------------------------------------------------- */

/* The namespace of all uids: they are told apart by seed and count. */
static const char uid_space[] = "6d1b3c52-8f0e-5a4d-9b7c-2e1f4a6d8c30";

sm_val sm_store_uid(struct sm_region *r, struct sm_server *server) {
    char name[48], uid[SM_UUID_BYTES];
    char *at = name;

    for (uint64_t n = server->config.seed; n; n >>= 4)
        *at++ = "0123456789abcdef"[n & 15];
    *at++ = '/';
    for (uint64_t n = ++server->ids; n; n >>= 4)
        *at++ = "0123456789abcdef"[n & 15];
    *at = '\0';
    sm_uuid_v5(uid, uid_space, name);
    return sm_val_strn(r, uid, SM_UUID_BYTES - 1);
}

sm_val sm_store_name(struct sm_region *r, struct sm_server *server, const char *base) {
    enum { BASE_MAX = 58, RANDOM = 5 };
    static const char alphabet[] = "bcdfghjklmnpqrstvwxz2456789";
    char name[BASE_MAX + RANDOM];
    size_t bytes = strnlen(base, BASE_MAX);

    memcpy(name, base, bytes);
    for (int i = 0; i < RANDOM; i++)
        name[bytes++] = alphabet[sm_rng_below(&server->names, sizeof alphabet - 1)];
    return sm_val_strn(r, name, bytes);
}
