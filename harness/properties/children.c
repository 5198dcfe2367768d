/* What controllers make: one of each, and none that outlives its owner. */
#include <string.h>

#include "meta.h"
#include "properties.h"

/* --- no-twins: what was made with a generated name is not made again because its maker had not seen it ------------------------- */

enum { MADE_MAX = 8 };

struct made {
    const struct sm_resource *resource;
    const char *key;
    uint64_t uid, body, owner; /* hashes */
    uint64_t pass;
    size_t place;
    uint32_t index; /* in the log */
};

struct twins {
    struct made made[MADE_MAX];
    uint32_t next;
};

static uint64_t hash_of(sm_val v) {
    return v ? v->hash : 0;
}

static uint64_t pass_of(const struct sm_world_actor *actor) {
    struct sm_key key;
    uint64_t number = 0;

    sm_manager_pass(actor->manager, &key, &number);
    return number;
}

/* Its maker has it in its cache, or made it in this very pass and so has its answer. */
static bool knows(const struct sm_world_actor *actor, const struct made *made) {
    const struct sm_informer *informer = sm_manager_informer(actor->manager, made->resource);

    return (informer && informer->synced && informer->read > made->index) || made->pass == pass_of(actor);
}

static const char *no_twins(struct sm_world *world, void *state, const struct sm_call_event *event, const struct sm_world_actor *actor) {
    struct twins *twins = state;
    const struct sm_request *request = event->request;
    sm_val metadata = request ? sm_val_get(request->body, "metadata") : NULL;

    if (!request || request->verb != SM_CREATE || request->resource == SM_EVENTS || !sm_val_get(metadata, "generateName") ||
        sm_val_get(metadata, "name") || !sm_property_wrote(event))
        return NULL;
    const struct sm_log_entry *entry = sm_property_change(world, event);
    sm_val owner = sm_meta_controller(request->body);
    if (!entry || !owner)
        return NULL;
    struct made new = {.resource = request->resource,
                       .key = entry->key,
                       .uid = hash_of(sm_val_at(entry->object, "metadata.uid")),
                       .body = hash_of(request->body),
                       .owner = hash_of(sm_val_get(owner, "uid")),
                       .pass = pass_of(actor),
                       .place = sm_property_place(world, actor),
                       .index = sm_server_log(world->env, world->server, request->resource)->count - 1};
    const char *twin = NULL;
    for (uint32_t i = 0; i < MADE_MAX && !twin; i++) {
        const struct made *old = &twins->made[i];
        if (!old->key || old->resource != new.resource || old->body != new.body || old->owner != new.owner || old->place != new.place ||
            knows(actor, old))
            continue;
        sm_val there = sm_pmap_get(sm_server_log(world->env, world->server, old->resource)->root, old->key);
        if (there && hash_of(sm_val_at(there, "metadata.uid")) == old->uid)
            twin = old->key;
    }
    twins->made[twins->next++ % MADE_MAX] = new;
    if (!twin)
        return NULL;
    return sm_region_printf(world->env->run, "%s created %s %s, the twin of %s, which it had not seen yet", request->client->name,
                            request->resource->plural, new.key, twin);
}

const struct sm_property sm_property_no_twins = {
    .name = "no-twins",
    .about = "nothing with a generated name is created a second time for its owner because the first was not seen yet",
    .state_bytes = sizeof(struct twins),
    .phases = SM_PHASE_COMMITTED,
    .on_call = no_twins,
};

/* --- no-orphans: what stands at rest has its owner ------------------------------------------------------------------------------ */

enum { LOOSE_MAX = 8 };

/* Something without an owner, made while its controller looked at an object of its primary kind. */
struct loose {
    const struct sm_resource *resource, *primary;
    const char *key, *primary_key; /* of entries, or in the run's region */
    uint64_t uid;                  /* hash */
};

struct orphans {
    bool look; /* an owner may be gone */
    struct loose loose[LOOSE_MAX];
    uint32_t next;
};

static const struct sm_kind_info *kind_of_owner(const struct sm_world *world, sm_val reference) {
    return sm_server_kind_of(world->server, sm_val_str_at(reference, "apiVersion"), sm_val_str_at(reference, "kind"));
}

static bool owner_exists(const struct sm_world *world, sm_val object, sm_val reference) {
    const struct sm_kind_info *kind = kind_of_owner(world, reference);

    if (!kind)
        return true; /* nobody can tell */
    const char *name_space = kind->resource->namespaced ? sm_meta_namespace(object) : "";
    sm_val owner = sm_server_peek(world->server, kind->resource, name_space, sm_val_str_at(reference, "name"));
    return owner && strcmp(sm_meta_uid(owner), sm_val_str_at(reference, "uid")) == 0;
}

static bool is_orphan(const struct sm_world *world, sm_val object) {
    sm_val reference, references = sm_val_get(sm_val_get(object, "metadata"), "ownerReferences");
    bool owned = false;

    SM_EACH_ITEM(reference, references)
        owned |= owner_exists(world, object, reference);
    return sm_val_count(references) && !owned;
}

static const char *watch_owners(struct sm_world *world, void *state, const struct sm_resource *resource, const struct sm_log_entry *entry) {
    struct orphans *orphans = state;

    if (orphans->look || entry->change == SM_MODIFIED || resource == SM_EVENTS || resource == SM_LEASES)
        return NULL;
    if (entry->change == SM_DELETED)
        orphans->look = resource != SM_PODS; /* pods come and go, and own nothing */
    else
        orphans->look = world->memory->phase == SM_WORLD_STEPS && is_orphan(world, entry->object);
    return NULL;
}

static const char *watch_loose(struct sm_world *world, void *state, const struct sm_call_event *event, const struct sm_world_actor *actor) {
    struct orphans *orphans = state;
    const struct sm_request *request = event->request;
    struct sm_key key;
    uint64_t pass;

    if (!request || request->verb < SM_CREATE || event->reply->code != 201 || request->resource == SM_EVENTS ||
        request->resource == SM_LEASES || request->subresource[0] || !sm_property_wrote(event) ||
        !sm_manager_pass(actor->manager, &key, &pass))
        return NULL;
    const struct sm_log_entry *entry = sm_property_change(world, event);
    if (!entry || entry->change != SM_ADDED || sm_val_at(entry->object, "metadata.ownerReferences"))
        return NULL;
    orphans->loose[orphans->next++ % LOOSE_MAX] = (struct loose){.resource = request->resource,
                                                                 .primary = sm_manager_controller(actor->manager)->primary,
                                                                 .key = entry->key,
                                                                 .primary_key = sm_meta_key(world->env->run, key.name_space, key.name),
                                                                 .uid = hash_of(sm_val_at(entry->object, "metadata.uid"))};
    return NULL;
}

struct looking {
    const struct sm_world *world;
    const char *plural, *found;
};

static bool look_at(void *arg, const char *key, const void *value) {
    struct looking *looking = arg;

    if (is_orphan(looking->world, value))
        looking->found = sm_region_printf(looking->world->env->run, "%s %s is left, and its owner is gone", looking->plural, key);
    return !looking->found;
}

static sm_val object_of(struct sm_world *world, const struct sm_resource *resource, const char *key) {
    const struct sm_log *log = sm_server_log(world->env, world->server, resource);

    return log ? sm_pmap_get(log->root, key) : NULL;
}

static const char *no_orphans(struct sm_world *world, void *state) {
    const struct orphans *orphans = state;
    struct looking looking = {.world = world};
    const struct sm_kind_info *kind;

    if (!orphans->look)
        return NULL;
    for (size_t i = 0; !looking.found && (kind = sm_server_kind_at(world->server, i)) != NULL; i++) {
        const struct sm_log *log = sm_server_log(world->env, world->server, kind->resource);
        looking.plural = kind->resource->plural;
        if (log && kind->resource != SM_EVENTS && kind->resource != SM_LEASES)
            sm_pmap_each(log->root, "", look_at, &looking);
    }
    for (uint32_t i = 0; !looking.found && i < LOOSE_MAX; i++) {
        const struct loose *loose = &orphans->loose[i];
        if (loose->key && hash_of(sm_val_at(object_of(world, loose->resource, loose->key), "metadata.uid")) == loose->uid &&
            !object_of(world, loose->primary, loose->primary_key))
            looking.found = sm_region_printf(world->env->run, "%s %s is left, and %s %s, for which it was made, is gone",
                                             loose->resource->plural, loose->key, loose->primary->plural, loose->primary_key);
    }
    return looking.found;
}

const struct sm_property sm_property_no_orphans = {
    .name = "no-orphans",
    .about = "at rest nothing is left whose owner, or whose reason to be made, is gone",
    .state_bytes = sizeof(struct orphans),
    .phases = SM_PHASE_COMMITTED,
    .on_call = watch_loose,
    .on_change = watch_owners,
    .at_rest = no_orphans,
};
