#include "controller.h"

#include <string.h>

#include "meta.h"

bool sm_generation_changed(sm_val before, sm_val after) {
    return !before || !after || sm_meta_generation(before) != sm_meta_generation(after);
}

void sm_map_self(struct sm_enqueue *to, sm_val before, sm_val after) {
    sm_val object = after ? after : before;

    to->add(to, sm_meta_namespace(object), sm_meta_name(object));
}

/* Whether an ownerReference names [owner]'s group and kind; the version may be another. */
static bool refers_to(sm_val reference, const struct sm_resource *owner) {
    const char *api_version = sm_val_text(sm_val_get(reference, "apiVersion"));
    const char *slash = strchr(api_version, '/');
    size_t bytes = slash ? (size_t)(slash - api_version) : 0;

    return sm_val_is_text(sm_val_get(reference, "kind"), owner->kind) && strlen(owner->group) == bytes &&
           strncmp(api_version, owner->group, bytes) == 0;
}

void sm_map_owner_of(struct sm_enqueue *to, sm_val before, sm_val after, const struct sm_resource *owner) {
    sm_val objects[] = {before, after};

    for (size_t i = 0; i < 2; i++) {
        sm_val reference = sm_meta_controller(objects[i]);

        if (reference && refers_to(reference, owner))
            to->add(to, owner->namespaced ? sm_meta_namespace(objects[i]) : "", sm_val_text(sm_val_get(reference, "name")));
    }
}
