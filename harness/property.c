#include "property.h"

#include <string.h>

#include "meta.h"
#include "world.h"

/* --- forbidden: no controller under test is ever refused by RBAC ------------------------------------------------------------ */

static bool under_test(const struct sm_world *world, const struct sm_client *client) {
    for (size_t i = 0; i < world->actor_count; i++)
        if (world->actors[i].client == client)
            return world->actors[i].under_test;
    return false;
}

static const char *forbidden(struct sm_world *world, void *state, const struct sm_call_event *event) {
    const struct sm_request *request = event->request;
    (void)state;

    if (event->phase != SM_CALL_COMMITTED || !request || event->reply->code != 403 || !under_test(world, request->client))
        return NULL;
    return sm_region_printf(world->env->run, "%s may not %s %s%s%s", request->client->name, sm_verb_names[request->verb],
                            request->resource->plural, request->subresource[0] ? "/" : "", request->subresource);
}

/* --- claim-kept: a claim is deleted only if the user, or the deletion of its owner, asks for it -------------------------------- */

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

/* The claim is still there when a deletion has committed: the volume protection's finalizer keeps it, or the reply shows it. */
static const char *claim_kept(struct sm_world *world, void *state, const struct sm_call_event *event) {
    const struct sm_request *request = event->request;
    (void)state;

    if (event->phase != SM_CALL_COMMITTED || !request || request->verb != SM_DELETE || request->resource != SM_PVCS ||
        !sm_reply_ok(event->reply) || strcmp(request->client->name, "user") == 0)
        return NULL;
    sm_val claim = sm_server_peek(world->server, SM_PVCS, request->name_space, request->name);
    if (!claim || owner_goes(world, claim) || namespace_goes(world, request->name_space))
        return NULL;
    return sm_region_printf(world->env->run, "%s deleted persistentvolumeclaim %s/%s, and nobody had asked for it", request->client->name,
                            request->name_space, request->name);
}

/* --- All of them ----------------------------------------------------------------------------------------------------------------- */

const struct sm_property sm_properties[] = {
    {.name = "forbidden", .about = "no controller under test is refused by RBAC", .on_call = forbidden},
    {.name = "claim-kept", .about = "a claim is deleted only if the user, or the end of its owner, asks for it", .on_call = claim_kept},
};
const size_t sm_property_count = sizeof sm_properties / sizeof *sm_properties;

int sm_property_find(const char *name) {
    for (size_t i = 0; i < sm_property_count; i++)
        if (strcmp(sm_properties[i].name, name) == 0)
            return (int)i;
    return -1;
}
