/* A SeiNode's image: what its status says has run, and what the user said last stands. */
#include <string.h>

#include "meta.h"
#include "properties.h"

static sm_val pod_of(struct sm_world *world, sm_val node) {
    return sm_server_peek(world->server, SM_PODS, sm_meta_namespace(node),
                          sm_region_printf(world->env->scratch, "%s-0", sm_meta_name(node)));
}

static const char *image_of_pod(sm_val pod) {
    return sm_property_image(sm_val_get(pod, "spec"));
}

static const char *image_of_set(sm_val set) {
    return sm_property_image(sm_val_at(set, "spec.template.spec"));
}

/* --- image-ran ---------------------------------------------------------------------------------------------------------------- */

/* When the plan that the node has now, or had until now, was first stored; 0 if it has none. */
static sm_time plan_began(struct sm_world *world, const struct sm_log_entry *entry) {
    const struct sm_log *log = sm_server_log(world->env, world->server, SM_SEINODES);
    const char *id = sm_val_str_at(entry->object, "status.plan.id");
    sm_time began = 0;

    if (!*id)
        id = sm_val_str_at(entry->before, "status.plan.id");
    for (uint32_t i = log->count; *id && i > log->first; i--) {
        const struct sm_log_entry *older = &log->entries[i - 1];
        if (strcmp(older->key, entry->key) == 0 && strcmp(sm_val_str_at(older->object, "status.plan.id"), id) == 0)
            began = older->time;
    }
    return began;
}

static bool has_run(struct sm_world *world, sm_val node, const char *image, sm_time since) {
    const struct sm_log *log = sm_server_log(world->env, world->server, SM_PODS);
    const char *name = sm_region_printf(world->env->scratch, "%s-0", sm_meta_name(node));

    for (uint32_t i = log->count; i > log->first; i--) {
        const struct sm_log_entry *entry = &log->entries[i - 1];
        if (!sm_property_key_is(entry->key, sm_meta_namespace(node), name))
            continue;
        if (entry->change != SM_DELETED && strcmp(image_of_pod(entry->object), image) == 0)
            return true;
        if (entry->time < since) /* what it was when the plan began */
            break;
    }
    return false;
}

static const char *image_ran(struct sm_world *world, void *state, const struct sm_call_event *event, const struct sm_world_actor *actor) {
    const struct sm_request *request = event->request;
    (void)state;
    (void)actor;

    if (!request || request->resource != SM_SEINODES || !sm_property_wrote(event))
        return NULL;
    const struct sm_log_entry *entry = sm_property_change(world, event);
    if (!entry || entry->change != SM_MODIFIED)
        return NULL;
    sm_val was = sm_val_at(entry->before, "status.currentImage"), is = sm_val_at(entry->object, "status.currentImage");
    if (!is || sm_val_equal(was, is) || strcmp(image_of_pod(pod_of(world, entry->object)), sm_val_text(is)) == 0)
        return NULL;
    if (has_run(world, entry->object, sm_val_text(is), plan_began(world, entry)))
        return NULL;
    return sm_region_printf(world->env->run,
                            "%s stamped currentImage %s on seinode %s, and no pod of that image has been there in its plan",
                            request->client->name, sm_val_text(is), entry->key);
}

const struct sm_property sm_property_image_ran = {
    .name = "image-ran",
    .about = "an image is stamped as current only if the node's pod has been of it since the plan was stored",
    .phases = SM_PHASE_COMMITTED,
    .on_call = image_ran,
};

/* --- template-kept ------------------------------------------------------------------------------------------------------------- */

/* Judged by the spec when the client's last answer was made, too: a word that nobody could know yet is no word. */
static const char *template_kept(struct sm_world *world, void *state, const struct sm_call_event *event,
                                 const struct sm_world_actor *actor) {
    const struct sm_request *request = event->request;

    int64_t known = sm_property_knew(state, world, actor, event);
    if (event->phase != SM_CALL_COMMITTED || known < 0 || request->resource != SM_STATEFULSETS || !sm_property_wrote(event))
        return NULL;
    const struct sm_log_entry *entry = sm_property_change(world, event);
    sm_val owner = entry ? sm_meta_controller(entry->before) : NULL;
    if (!owner || entry->change != SM_MODIFIED || strcmp(sm_val_str_at(owner, "kind"), SM_SEINODES->kind) != 0)
        return NULL;
    const char *before = image_of_set(entry->before), *after = image_of_set(entry->object), *name = sm_val_str_at(owner, "name");
    if (strcmp(before, after) == 0)
        return NULL;
    const char *wanted = sm_val_str_at(sm_server_peek(world->server, SM_SEINODES, request->name_space, name), "spec.image");
    if (strcmp(before, wanted) != 0 ||
        strcmp(sm_val_str_at(sm_property_object_at(world, SM_SEINODES, known, request->name_space, name), "spec.image"), wanted) != 0)
        return NULL;
    return sm_region_printf(world->env->run, "%s put statefulset %s back from %s, which its seinode wants, to %s", request->client->name,
                            entry->key, before, after);
}

const struct sm_property sm_property_template_kept = {
    .name = "template-kept",
    .about = "a set whose template is the user's last word is not put back to an older one",
    .state_bytes = sizeof(struct sm_property_known),
    .phases = SM_PHASE_SENT | SM_PHASE_COMMITTED | SM_PHASE_ANSWERED,
    .on_call = template_kept,
};

/* --- agreement ----------------------------------------------------------------------------------------------------------------- */

struct disagreement {
    struct sm_world *world;
    const char *found;
};

static bool agrees(void *arg, const char *key, const void *value) {
    struct disagreement *disagreement = arg;
    struct sm_world *world = disagreement->world;
    struct sm_region *r = world->env->run;
    sm_val node = value;
    (void)key;

    if (sm_meta_deleting(node) || strcmp(sm_val_str_at(node, "status.phase"), "Running") != 0)
        return true;
    const char *name = sm_meta_name(node), *wanted = sm_val_str_at(node, "spec.image");
    const char *current = sm_val_str_at(node, "status.currentImage");
    sm_val set = sm_server_peek(world->server, SM_STATEFULSETS, sm_meta_namespace(node), name), pod = pod_of(world, node);
    if (strcmp(wanted, current) != 0)
        disagreement->found = sm_region_printf(r, "seinode %s wants %s, and its status says %s", name, wanted, current);
    else if (!set)
        disagreement->found = sm_region_printf(r, "seinode %s is Running, and has no statefulset", name);
    else if (strcmp(image_of_set(set), wanted) != 0)
        disagreement->found =
            sm_region_printf(r, "seinode %s wants %s, and its statefulset makes pods of %s", name, wanted, image_of_set(set));
    else if (!pod)
        disagreement->found = sm_region_printf(r, "seinode %s is Running, and has no pod", name);
    else if (strcmp(image_of_pod(pod), wanted) != 0)
        disagreement->found = sm_region_printf(r, "seinode %s wants %s, and its pod is of %s", name, wanted, image_of_pod(pod));
    return !disagreement->found;
}

static const char *agreement(struct sm_world *world, void *state) {
    const struct sm_log *log = sm_server_log(world->env, world->server, SM_SEINODES);
    struct disagreement disagreement = {.world = world};
    (void)state;

    if (log)
        sm_pmap_each(log->root, "", agrees, &disagreement);
    return disagreement.found;
}

const struct sm_property sm_property_agreement = {
    .name = "agreement",
    .about = "at rest the spec, the status, the set and the pod of a Running node name one image",
    .at_rest = agreement,
};
