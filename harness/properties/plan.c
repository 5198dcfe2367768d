/* A SeiNode's plan: stored before anything is done for it, and not the end of the node. */
#include <string.h>

#include "meta.h"
#include "properties.h"

/* --- plan-first ---------------------------------------------------------------------------------------------------------------- */

struct plans {
    struct {
        uint64_t pass;
        const void *asked; /* its latest request or call of a service */
        bool active;       /* when the pass began, its cache showed an active plan */
    } of[SM_SCENARIO_CONTROLLERS_MAX];
};

static bool is_active(sm_val node) {
    return sm_val_is_text(sm_val_at(node, "status.plan.phase"), "Active");
}

static bool is_side_effect(const struct sm_call_event *event) {
    const struct sm_request *request = event->request;

    if (!request)
        return strcmp(event->service->method, "POST") == 0 && event->reply->code > 0 && event->reply->code < 300;
    return sm_property_wrote(event) && (request->resource == SM_STATEFULSETS || request->resource == SM_SERVICES ||
                                        request->resource == SM_JOBS || request->resource == SM_PODS);
}

static const char *plan_first(struct sm_world *world, void *state, const struct sm_call_event *event, const struct sm_world_actor *actor) {
    struct plans *plans = state;
    size_t place = sm_property_place(world, actor);
    struct sm_key key;
    uint64_t pass;

    if (event->phase == SM_CALL_COMMITTED && !is_side_effect(event))
        return NULL;
    if (sm_manager_controller(actor->manager)->primary != SM_SEINODES || !sm_manager_pass(actor->manager, &key, &pass))
        return NULL;
    const void *asked = event->request ? (const void *)event->request : event->service;
    if (event->phase == SM_CALL_SENT) {
        plans->of[place].asked = asked;
        if (plans->of[place].pass == pass)
            return NULL;
        const struct sm_informer *informer = sm_manager_informer(actor->manager, SM_SEINODES);
        plans->of[place].pass = pass;
        plans->of[place].active =
            is_active(sm_pmap_get(sm_informer_store(informer), sm_meta_key(world->env->scratch, key.name_space, key.name)));
        return NULL;
    }
    if (plans->of[place].pass != pass || plans->of[place].asked != asked || /* sent by a process that has ended since */
        plans->of[place].active || is_active(sm_server_peek(world->server, SM_SEINODES, key.name_space, key.name)))
        return NULL;
    return sm_region_printf(world->env->run, "%s: %s %s for seinode %s/%s, which has no plan stored", actor->client->name,
                            event->request ? sm_request_verb(event->request) : event->service->method,
                            event->request ? event->request->resource->plural : event->service->path, key.name_space, key.name);
}

const struct sm_property sm_property_plan_first = {
    .name = "plan-first",
    .about = "a plan is stored before its first effect on a set, a service, a job, a pod or a sidecar",
    .state_bytes = sizeof(struct plans),
    .phases = SM_PHASE_SENT | SM_PHASE_COMMITTED,
    .on_call = plan_first,
};

/* --- recovers ------------------------------------------------------------------------------------------------------------------ */

struct failed {
    struct sm_world *world;
    const char *found;
};

static bool is_failed(sm_val node) {
    return sm_val_is_text(sm_val_at(node, "status.phase"), "Failed");
}

/* Its generation when it became Failed. */
static int64_t failed_at(struct sm_world *world, const char *key, int64_t now) {
    const struct sm_log *log = sm_server_log(world->env, world->server, SM_SEINODES);

    for (uint32_t i = log->count; i > log->first; i--) {
        const struct sm_log_entry *entry = &log->entries[i - 1];
        if (strcmp(entry->key, key) == 0 && is_failed(entry->object) && !is_failed(entry->before))
            return sm_meta_generation(entry->object);
    }
    return now;
}

static bool has_recovered(void *arg, const char *key, const void *value) {
    struct failed *failed = arg;
    sm_val node = value;

    if (is_failed(node) && !sm_meta_deleting(node) && failed_at(failed->world, key, sm_meta_generation(node)) < sm_meta_generation(node))
        failed->found = sm_region_printf(failed->world->env->run, "seinode %s is still Failed, though its spec was changed since", key);
    return !failed->found;
}

static const char *recovers(struct sm_world *world, void *state) {
    const struct sm_log *log = sm_server_log(world->env, world->server, SM_SEINODES);
    struct failed failed = {.world = world};
    (void)state;

    if (log)
        sm_pmap_each(log->root, "", has_recovered, &failed);
    return failed.found;
}

const struct sm_property sm_property_recovers = {
    .name = "recovers",
    .about = "a node that has Failed does not stay so when its spec is corrected (SeiNode's Failed is final by design)",
    .opt_in = true,
    .at_rest = recovers,
};
