/* What a status says of the generation it was made for. */
#include "meta.h"
#include "properties.h"

/* --- generation-forward ------------------------------------------------------------------------------------------------------- */

static const char *generation_forward(struct sm_world *world, void *state, const struct sm_resource *resource,
                                      const struct sm_log_entry *entry) {
    sm_val before = sm_val_get(entry->before, "status"), after = sm_val_get(entry->object, "status"), condition;
    (void)state;

    if (entry->change != SM_MODIFIED || before == after || !before || !after)
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
    .about = "observedGeneration, of a status or of a condition, never goes back",
    .on_change = generation_forward,
};
