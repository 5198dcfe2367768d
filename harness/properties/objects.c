/* Which object a write hits: a name may have passed to another incarnation since it was read. */
#include <string.h>

#include "meta.h"
#include "properties.h"

/* --- incarnation-known ------------------------------------------------------------------------------------------------------ */

enum { SENT_MAX = 16 };

struct incarnations {
    struct {
        uint64_t answered[SENT_MAX]; /* hashes of uids that answers have shown, the latest */
        uint32_t next;
        const struct sm_request *asked; /* the request under way, and what it was going to hit when it was sent */
        uint64_t target;
        bool known;
    } client[SM_SCENARIO_CONTROLLERS_MAX];
};

static uint64_t uid_of(sm_val object) {
    sm_val uid = sm_val_get(sm_val_get(object, "metadata"), "uid");

    return uid ? uid->hash : 0;
}

/* A delete or a write that says nothing about which incarnation, or which version, it is for. An apply is for the name, whoever bears it. */
static bool is_unconditional(const struct sm_request *request) {
    sm_val conditions = sm_val_get(request->body, request->verb == SM_DELETE ? "preconditions" : "metadata");

    if (request->verb == SM_PATCH && (request->patch == SM_PATCH_APPLY || request->patch == SM_PATCH_JSON))
        return false;
    if (request->verb != SM_DELETE && request->verb != SM_UPDATE && request->verb != SM_PATCH)
        return false;
    return !sm_val_get(conditions, "uid") && !sm_val_get(conditions, "resourceVersion");
}

/* Its cache has seen this incarnation: it was not added in what is still to be delivered. */
static bool delivered(const struct sm_world_actor *actor, const struct sm_request *request) {
    const struct sm_informer *informer = sm_manager_informer(actor->manager, request->resource);

    if (!informer || !informer->synced)
        return false;
    for (uint32_t i = informer->read; i < informer->log->count; i++) {
        const struct sm_log_entry *entry = &informer->log->entries[i];
        if (entry->change == SM_ADDED && sm_property_key_is(entry->key, request->name_space, request->name))
            return false;
    }
    return true;
}

static void remember(struct incarnations *incarnations, size_t place, sm_val object) {
    uint64_t uid = uid_of(object);

    if (uid)
        incarnations->client[place].answered[incarnations->client[place].next++ % SENT_MAX] = uid;
}

static bool answered(const struct incarnations *incarnations, size_t place, uint64_t uid) {
    for (uint32_t i = 0; i < SENT_MAX; i++)
        if (incarnations->client[place].answered[i] == uid)
            return true;
    return false;
}

static void remember_answer(struct incarnations *incarnations, size_t place, const struct sm_call_event *event) {
    sm_val item;

    if (!sm_reply_ok(event->reply))
        return;
    remember(incarnations, place, event->reply->body);
    if (event->request->verb == SM_LIST)
        SM_EACH_ITEM(item, sm_val_get(event->reply->body, "items"))
            remember(incarnations, place, item);
}

static const char *incarnation_known(struct sm_world *world, void *state, const struct sm_call_event *event,
                                     const struct sm_world_actor *actor) {
    struct incarnations *incarnations = state;
    const struct sm_request *request = event->request;
    size_t place = sm_property_place(world, actor);

    if (!request || request->resource == SM_EVENTS)
        return NULL;
    if (event->phase == SM_CALL_ANSWERED) {
        remember_answer(incarnations, place, event);
        return NULL;
    }
    if (request->verb < SM_CREATE || !is_unconditional(request))
        return NULL;
    if (event->phase == SM_CALL_SENT) {
        incarnations->client[place].asked = request;
        incarnations->client[place].target = uid_of(sm_server_peek(world->server, request->resource, request->name_space, request->name));
        incarnations->client[place].known =
            delivered(actor, request) || answered(incarnations, place, incarnations->client[place].target);
        return NULL;
    }
    const struct sm_log_entry *entry = sm_property_wrote(event) ? sm_property_change(world, event) : NULL;
    if (!entry || !entry->before || (incarnations->client[place].asked == request && incarnations->client[place].known &&
                                     incarnations->client[place].target == uid_of(entry->before)))
        return NULL;
    /* Sent by a process that has ended since: what that one knew is not remembered. */
    if (incarnations->client[place].asked != request)
        return NULL;
    return sm_region_printf(world->env->run, "%s: %s %s %s%s%s hit an incarnation that it had never been sent", request->client->name,
                            sm_request_verb(request), request->resource->plural, request->name_space, request->name_space[0] ? "/" : "",
                            request->name);
}

const struct sm_property sm_property_incarnation_known = {
    .name = "incarnation-known",
    .about = "no delete or unconditional write hits an incarnation that its client was never sent",
    .state_bytes = sizeof(struct incarnations),
    .phases = SM_PHASE_SENT | SM_PHASE_COMMITTED | SM_PHASE_ANSWERED,
    .on_call = incarnation_known,
};
