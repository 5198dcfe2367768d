#include "properties.h"

#include <string.h>

#include "meta.h"

size_t sm_property_place(const struct sm_world *world, const struct sm_world_actor *actor) {
    return (size_t)(actor - world->actors);
}

bool sm_property_key_is(const char *key, const char *name_space, const char *name) {
    size_t bytes = strlen(name_space);

    if (!bytes)
        return strcmp(key, name) == 0;
    return strncmp(key, name_space, bytes) == 0 && key[bytes] == '/' && strcmp(key + bytes + 1, name) == 0;
}

const struct sm_log_entry *sm_property_change(struct sm_world *world, const struct sm_call_event *event) {
    const struct sm_request *request = event->request;
    const struct sm_log *log = sm_server_log(world->env, world->server, request->resource);
    const struct sm_log_entry *entry = log && log->count > log->first ? &log->entries[log->count - 1] : NULL;
    const char *name = request->name[0] ? request->name : sm_meta_name(event->reply->body);

    if (!entry || entry->time != world->env->now || entry->version != sm_server_version(world->server) ||
        !sm_property_key_is(entry->key, request->name_space, name))
        return NULL;
    return entry;
}

bool sm_property_wrote(const struct sm_call_event *event) {
    return event->request && event->request->verb >= SM_CREATE && sm_reply_ok(event->reply) && !event->request->dry_run;
}

sm_val sm_property_object_at(struct sm_world *world, const struct sm_resource *resource, int64_t version, const char *name_space,
                             const char *name) {
    const struct sm_log *log = sm_server_log(world->env, world->server, resource);
    int64_t index = log ? sm_log_index_at(log, version) : -1;

    return index < 0 ? NULL : sm_log_get(log, (uint32_t)index + 1, sm_meta_key(world->env->scratch, name_space, name));
}

int64_t sm_property_knew(struct sm_property_known *known, const struct sm_world *world, const struct sm_world_actor *actor,
                         const struct sm_call_event *event) {
    size_t i = sm_property_place(world, actor);
    int64_t version = sm_server_version(world->server);

    if (event->request && event->request->resource == SM_EVENTS) /* its recorder's, beside the pass */
        return -1;
    if (!event->request) { /* a service tells nothing of the store, but the pass goes on then */
        known->of[i].at = event->phase == SM_CALL_ANSWERED ? world->env->now : known->of[i].at;
        return -1;
    }
    if (event->phase == SM_CALL_SENT) {
        known->of[i].asked = event->request;
        known->of[i].known = world->env->now > known->of[i].at ? version : known->of[i].answered;
    } else if (event->phase == SM_CALL_COMMITTED) {
        known->of[i].answered = version;
    } else {
        known->of[i].at = world->env->now;
    }
    return known->of[i].asked == event->request ? known->of[i].known : -1;
}

const char *sm_property_image(sm_val pod_spec) {
    sm_val container;

    SM_EACH_ITEM(container, sm_val_get(pod_spec, "containers"))
        if (sm_val_is_text(sm_val_get(container, "name"), "seid"))
            return sm_val_text(sm_val_get(container, "image"));
    return "";
}
