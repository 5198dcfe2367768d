/* What a status says of the generation it was made for. */
#include "meta.h"
#include "properties.h"

/* --- generation-forward ------------------------------------------------------------------------------------------------------- */

/* Of the cluster's own controllers nobody asks it: the StatefulSet controller tries its status again over a newer set. */
static const char *generation_forward(struct sm_world *world, void *state, const struct sm_call_event *event,
                                      const struct sm_world_actor *actor) {
    const struct sm_log_entry *entry = sm_property_wrote(event) ? sm_property_change(world, event) : NULL;
    (void)state;
    (void)actor;

    if (!entry || entry->change != SM_MODIFIED)
        return NULL;
    sm_val before = sm_val_get(entry->before, "status"), after = sm_val_get(entry->object, "status"), condition;
    const struct sm_resource *resource = event->request->resource;
    if (before == after || !before || !after)
        return NULL;
    int64_t was = sm_val_int_at(before, "observedGeneration", 0), is = sm_val_int_at(after, "observedGeneration", was);
    if (is < was)
        return sm_region_printf(world->env->run, "observedGeneration of %s %s went back from %lld to %lld", resource->plural, entry->key,
                                (long long)was, (long long)is);
    sm_val conditions = sm_val_get(before, "conditions");
    if (conditions == sm_val_get(after, "conditions"))
        return NULL;
    SM_EACH_ITEM(condition, sm_val_get(after, "conditions")) {
        const char *type = sm_val_text(sm_val_get(condition, "type"));
        was = sm_val_int_at(sm_condition_find(conditions, type), "observedGeneration", 0);
        is = sm_val_int_at(condition, "observedGeneration", was);
        if (is < was)
            return sm_region_printf(world->env->run, "observedGeneration of condition %s of %s %s went back from %lld to %lld", type,
                                    resource->plural, entry->key, (long long)was, (long long)is);
    }
    return NULL;
}

const struct sm_property sm_property_generation_forward = {
    .name = "generation-forward",
    .about = "a controller under test never puts an observedGeneration back, of a status or of a condition",
    .phases = SM_PHASE_COMMITTED,
    .on_call = generation_forward,
};
