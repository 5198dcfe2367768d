/* What a controller may do at all: its rights, and claims, which hold data. */
#include <string.h>

#include "meta.h"
#include "properties.h"

/* --- forbidden -------------------------------------------------------------------------------------------------------------- */

static const char *forbidden(struct sm_world *world, void *state, const struct sm_call_event *event, const struct sm_world_actor *actor) {
    const struct sm_request *request = event->request;
    (void)state;
    (void)actor;

    if (!request || event->reply->code != 403)
        return NULL;
    return sm_region_printf(world->env->run, "%s may not %s %s%s%s", request->client->name, sm_verb_names[request->verb],
                            request->resource->plural, request->subresource[0] ? "/" : "", request->subresource);
}

const struct sm_property sm_property_forbidden = {
    .name = "forbidden",
    .about = "no controller under test is refused by RBAC",
    .phases = SM_PHASE_COMMITTED,
    .on_call = forbidden,
};

/* --- claim-kept --------------------------------------------------------------------------------------------------------------- */

static bool owner_goes(const struct sm_world *world, sm_val claim) {
    sm_val reference;

    SM_EACH_ITEM(reference, sm_val_at(claim, "metadata.ownerReferences")) {
        const struct sm_resource *resource = sm_resource_of_kind(sm_val_str_at(reference, "apiVersion"), sm_val_str_at(reference, "kind"));
        sm_val owner =
            resource ? sm_server_peek(world->server, resource, sm_meta_namespace(claim), sm_val_str_at(reference, "name")) : NULL;
        if (owner && strcmp(sm_meta_uid(owner), sm_val_str_at(reference, "uid")) == 0 && !sm_meta_deleting(owner))
            return false;
    }
    return sm_val_count(sm_val_at(claim, "metadata.ownerReferences")) > 0;
}

static bool namespace_goes(const struct sm_world *world, const char *name) {
    return sm_meta_deleting(sm_server_peek(world->server, SM_NAMESPACES, "", name));
}

/* The claim is still there when a deletion has committed if a finalizer keeps it; else the log has it. */
static const char *claim_kept(struct sm_world *world, void *state, const struct sm_call_event *event, const struct sm_world_actor *actor) {
    const struct sm_request *request = event->request;
    (void)state;
    (void)actor;

    if (!request || request->verb != SM_DELETE || request->resource != SM_PVCS || !sm_property_wrote(event) ||
        strcmp(request->client->name, "user") == 0)
        return NULL;
    const struct sm_log_entry *entry = sm_property_change(world, event);
    if (!entry || owner_goes(world, entry->object) || namespace_goes(world, request->name_space))
        return NULL;
    return sm_region_printf(world->env->run, "%s deleted persistentvolumeclaim %s/%s, and nobody had asked for it", request->client->name,
                            request->name_space, request->name);
}

const struct sm_property sm_property_claim_kept = {
    .name = "claim-kept",
    .about = "a claim is deleted only if the user, or the end of its owner, asks for it",
    .phases = SM_PHASE_COMMITTED,
    .anyone = true,
    .on_call = claim_kept,
};
