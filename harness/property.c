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

/* --- wanted-pod-kept: a pod that was already what its set wants is not deleted ----------------------------------------------------- */

/* What a client could know as it sent its last request: the version of the store when the answer before it was made, or, since a
 * pass that goes on sends at once, when this one was sent. */
struct last_answer {
    int64_t answered[SM_WORLD_ACTORS_MAX], known[SM_WORLD_ACTORS_MAX];
    sm_time at[SM_WORLD_ACTORS_MAX];
};

/* An object as it was at a version of the store. */
static sm_val object_at(struct sm_world *world, const struct sm_resource *resource, int64_t version, const char *name_space,
                        const char *name) {
    const struct sm_log *log = sm_server_log(world->env, world->server, resource);
    int64_t index = log ? sm_log_index_at(log, version) : -1;

    return index < 0 ? NULL : sm_log_get(log, (uint32_t)index + 1, sm_meta_key(world->env->scratch, name_space, name));
}

static bool at_wanted_revision(sm_val pod, sm_val set) {
    return pod && set && !sm_meta_deleting(pod) && !sm_meta_deleting(set) && sm_meta_controlled_by(pod, sm_meta_uid(set)) &&
           sm_val_int_at(set, "status.observedGeneration", 0) == sm_meta_generation(set) &&
           strcmp(sm_meta_label(pod, "controller-revision-hash"), sm_val_str_at(set, "status.updateRevision")) == 0;
}

/* Judged by the store when the client's last answer was made: what has become wanted since, nobody could know. */
static const char *wanted_pod_kept(struct sm_world *world, void *state, const struct sm_call_event *event) {
    struct last_answer *last = state;
    const struct sm_request *request = event->request;

    if (!request || !under_test(world, request->client))
        return NULL;
    size_t i = 0;
    while (world->actors[i].client != request->client)
        i++;
    if (event->phase == SM_CALL_SENT)
        last->known[i] = world->env->now > last->at[i] ? sm_server_version(world->server) : last->answered[i];
    if (event->phase == SM_CALL_COMMITTED)
        last->answered[i] = sm_server_version(world->server);
    if (event->phase == SM_CALL_ANSWERED)
        last->at[i] = world->env->now;
    if (event->phase != SM_CALL_COMMITTED || request->verb != SM_DELETE || request->resource != SM_PODS || !sm_reply_ok(event->reply))
        return NULL;

    int64_t known = last->known[i];
    sm_val pod = object_at(world, SM_PODS, known, request->name_space, request->name);
    sm_val owner = sm_meta_controller(pod);
    if (!pod || strcmp(sm_meta_uid(pod), sm_meta_uid(event->reply->body)) != 0)
        return NULL;
    sm_val set = object_at(world, SM_STATEFULSETS, known, request->name_space, sm_val_str_at(owner, "name"));
    if (!at_wanted_revision(pod, set))
        return NULL;
    return sm_region_printf(world->env->run, "%s deleted pod %s/%s, which was at the wanted revision %s already", request->client->name,
                            request->name_space, request->name, sm_val_str_at(set, "status.updateRevision"));
}

/* --- All of them ----------------------------------------------------------------------------------------------------------------- */

const struct sm_property sm_properties[] = {
    {.name = "forbidden", .about = "no controller under test is refused by RBAC", .on_call = forbidden},
    {.name = "claim-kept", .about = "a claim is deleted only if the user, or the end of its owner, asks for it", .on_call = claim_kept},
    {.name = "wanted-pod-kept",
     .about = "no controller under test deletes a pod that was already at the revision its set wants",
     .state_bytes = sizeof(struct last_answer),
     .on_call = wanted_pod_kept},
};
const size_t sm_property_count = sizeof sm_properties / sizeof *sm_properties;

int sm_property_find(const char *name) {
    for (size_t i = 0; i < sm_property_count; i++)
        if (strcmp(sm_properties[i].name, name) == 0)
            return (int)i;
    return -1;
}
