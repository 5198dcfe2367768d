/* Pods of a StatefulSet that a controller replaces. */
#include <string.h>

#include "meta.h"
#include "properties.h"

/* --- wanted-pod-kept -------------------------------------------------------------------------------------------------------- */

static bool at_wanted_revision(sm_val pod, sm_val set) {
    return pod && set && !sm_meta_deleting(pod) && !sm_meta_deleting(set) && sm_meta_controlled_by(pod, sm_meta_uid(set)) &&
           sm_val_int_at(set, "status.observedGeneration", 0) == sm_meta_generation(set) &&
           strcmp(sm_meta_label(pod, "controller-revision-hash"), sm_val_str_at(set, "status.updateRevision")) == 0;
}

/* Judged by the store when the client's last answer was made: what has become wanted since, nobody could know. */
static const char *wanted_pod_kept(struct sm_world *world, void *state, const struct sm_call_event *event,
                                   const struct sm_world_actor *actor) {
    const struct sm_request *request = event->request;

    int64_t known = sm_property_knew(state, world, actor, event);
    if (event->phase != SM_CALL_COMMITTED || known < 0 || request->verb != SM_DELETE || request->resource != SM_PODS || !sm_reply_ok(event->reply))
        return NULL;
    sm_val pod = sm_property_object_at(world, SM_PODS, known, request->name_space, request->name);
    sm_val owner = sm_meta_controller(pod);
    if (!pod || strcmp(sm_meta_uid(pod), sm_meta_uid(event->reply->body)) != 0)
        return NULL;
    sm_val set = sm_property_object_at(world, SM_STATEFULSETS, known, request->name_space, sm_val_str_at(owner, "name"));
    if (!at_wanted_revision(pod, set))
        return NULL;
    return sm_region_printf(world->env->run, "%s deleted pod %s/%s, which was at the wanted revision %s already", request->client->name,
                            request->name_space, request->name, sm_val_str_at(set, "status.updateRevision"));
}

const struct sm_property sm_property_wanted_pod_kept = {
    .name = "wanted-pod-kept",
    .about = "no controller under test deletes a pod that was already at the revision its set wants",
    .state_bytes = sizeof(struct sm_property_known),
    .phases = SM_PHASE_SENT | SM_PHASE_COMMITTED | SM_PHASE_ANSWERED,
    .on_call = wanted_pod_kept,
};

/* --- one-deletion ------------------------------------------------------------------------------------------------------------- */

enum { SETS_MAX = 4 };

struct deletions {
    struct {
        uint64_t set; /* hash of its uid; 0: free */
        uint64_t pod; /* hash of the uid of the pod that was deleted for what it wants now */
    } of[SETS_MAX];
    uint32_t next;
};

static uint64_t uid_hash(sm_val object) {
    sm_val uid = sm_val_get(sm_val_get(object, "metadata"), "uid");

    return uid ? uid->hash : 0;
}

static const char *forget_deletions(struct sm_world *world, void *state, const struct sm_resource *resource,
                                    const struct sm_log_entry *entry) {
    struct deletions *deletions = state;
    (void)world;

    if (resource != SM_STATEFULSETS || entry->change != SM_MODIFIED || !deletions->next ||
        sm_val_equal(sm_val_at(entry->before, "spec.template"), sm_val_at(entry->object, "spec.template")))
        return NULL;
    for (uint32_t i = 0; i < SETS_MAX; i++)
        if (deletions->of[i].set == uid_hash(entry->object))
            deletions->of[i].set = 0;
    return NULL;
}

static const char *one_deletion(struct sm_world *world, void *state, const struct sm_call_event *event,
                                const struct sm_world_actor *actor) {
    struct deletions *deletions = state;
    const struct sm_request *request = event->request;
    (void)actor;

    if (!request || request->verb != SM_DELETE || request->resource != SM_PODS || !sm_property_wrote(event))
        return NULL;
    const struct sm_log_entry *entry = sm_property_change(world, event);
    sm_val owner = entry ? sm_meta_controller(entry->object) : NULL, uid = sm_val_get(owner, "uid");
    if (!uid || strcmp(sm_val_str_at(owner, "kind"), "StatefulSet") != 0)
        return NULL;
    sm_val set = sm_server_peek(world->server, SM_STATEFULSETS, request->name_space, sm_val_str_at(owner, "name"));
    if (sm_val_int_at(set, "spec.replicas", 1) > 1)
        return NULL;
    for (uint32_t i = 0; i < SETS_MAX; i++)
        if (deletions->of[i].set == uid->hash) {
            if (deletions->of[i].pod == uid_hash(entry->object))
                return NULL;
            return sm_region_printf(world->env->run, "%s deleted pod %s, the second one since statefulset %s wants what it wants",
                                    request->client->name, entry->key, sm_val_str_at(owner, "name"));
        }
    uint32_t free = deletions->next++ % SETS_MAX;
    deletions->of[free].set = uid->hash;
    deletions->of[free].pod = uid_hash(entry->object);
    return NULL;
}

const struct sm_property sm_property_one_deletion = {
    .name = "one-deletion",
    .about = "controllers under test delete one pod at most of each one-pod set, until it wants another revision",
    .state_bytes = sizeof(struct deletions),
    .phases = SM_PHASE_COMMITTED,
    .on_call = one_deletion,
    .on_change = forget_deletions,
};
