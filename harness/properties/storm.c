/* A controller that writes the same, or this and that in turn, to one object again and again, though nobody else touches it. */
#include <string.h>

#include "hash.h"
#include "meta.h"
#include "properties.h"

/* So many equal writes in a minute are a storm. Hashing begins after some of them, for it costs more than counting. */
enum { STORM_WRITES = 30, COUNTED_FIRST = 8, SLOTS = 8 };

struct slot {
    const struct sm_client *client; /* NULL: free */
    const struct sm_resource *resource;
    const char *name_space, *name;
    sm_time begun;
    uint32_t writes, equal;
    uint64_t last, before_last; /* canonical hashes of what was written */
};

struct storm {
    struct slot slots[SLOTS];
    uint32_t next;
};

static bool is_of(const struct slot *slot, const struct sm_request *request) {
    return slot->client && slot->resource == request->resource && strcmp(slot->name, request->name) == 0 &&
           strcmp(slot->name_space, request->name_space) == 0;
}

static const char *no_storm(struct sm_world *world, void *state, const struct sm_call_event *event, const struct sm_world_actor *actor) {
    struct storm *storm = state;
    const struct sm_request *request = event->request;
    struct slot *slot = NULL;

    if (!request || (request->verb != SM_UPDATE && request->verb != SM_PATCH) || !sm_property_wrote(event) ||
        request->resource == SM_EVENTS || request->resource == SM_LEASES)
        return NULL;
    for (uint32_t i = 0; i < SLOTS; i++)
        if (is_of(&storm->slots[i], request)) {
            if (storm->slots[i].client == request->client)
                slot = &storm->slots[i];
            else
                storm->slots[i].client = NULL; /* somebody else has written in between */
        }
    if (!actor)
        return NULL;
    if (!slot) {
        slot = &storm->slots[storm->next++ % SLOTS];
        *slot = (struct slot){.client = request->client,
                              .resource = request->resource,
                              .name_space = request->name_space,
                              .name = request->name,
                              .begun = world->env->now};
    }
    if (world->env->now - slot->begun > SM_MINUTE) {
        slot->begun = world->env->now;
        slot->writes = slot->equal = 0;
    }
    if (++slot->writes <= COUNTED_FIRST)
        return NULL;
    struct sm_hash hash;
    sm_hash_init(&hash);
    sm_hash_val(&hash, request->body);
    uint64_t sum = sm_hash_end(&hash);
    slot->equal = sum == slot->last || sum == slot->before_last ? slot->equal + 1 : 0;
    slot->before_last = slot->last;
    slot->last = sum;
    if (slot->equal <= STORM_WRITES - COUNTED_FIRST)
        return NULL;
    return sm_region_printf(world->env->run, "%s wrote the same to %s %s%s%s %u times in a minute, and nobody else wrote there",
                            request->client->name, request->resource->plural, request->name_space, request->name_space[0] ? "/" : "",
                            request->name, slot->writes);
}

const struct sm_property sm_property_no_storm = {
    .name = "no-storm",
    .about = "nobody writes the same, or two things in turn, some 30 times a minute to an object that nobody else writes",
    .state_bytes = sizeof(struct storm),
    .phases = SM_PHASE_COMMITTED,
    .anyone = true,
    .on_call = no_storm,
};
