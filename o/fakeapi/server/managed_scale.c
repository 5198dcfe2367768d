#include "managed_scale.h"

#include <string.h>

#define SCALE_VERSION "autoscaling/v1"

sm_val sm_managed_scale_path(struct sm_region *r, const char *path) {
    size_t bytes = strcspn(path, ".");
    sm_val below = path[bytes] ? sm_managed_scale_path(r, path + bytes + 1) : SM_EMPTY_MAP;

    return sm_val_set(r, NULL, sm_region_printf(r, "f:%.*s", (int)bytes, path), below);
}

static bool owns(struct sm_region *r, const struct sm_manager *manager, sm_val path) {
    return !sm_field_set_empty(sm_field_set_intersection(r, manager->set, path));
}

static struct sm_manager_name name_of(const struct sm_manager *manager, const char *api_version) {
    return (struct sm_manager_name){.manager = manager->manager, .api_version = api_version, .subresource = manager->subresource};
}

sm_val sm_managed_scale_view(struct sm_region *r, sm_val object_entries, sm_val replicas) {
    struct sm_managers object, view = {.region = r};

    sm_managers_read(&object, r, object_entries, true);
    for (size_t i = 0; i < object.count; i++) {
        if (!owns(r, &object.at[i], replicas))
            continue;
        struct sm_manager_name name = name_of(&object.at[i], SCALE_VERSION);
        struct sm_manager *manager = sm_managers_add(&view, &name, object.at[i].applies);
        manager->time = object.at[i].time;
        sm_manager_own(manager, sm_managed_scale_path(r, "spec.replicas"));
    }
    return sm_managers_entries(&view);
}

sm_val sm_managed_scale_object(struct sm_region *r, sm_val object_entries, sm_val view_entries, sm_val replicas, const char *api_version) {
    struct sm_managers object, view;
    sm_val path = sm_managed_scale_path(r, "spec.replicas");

    sm_managers_read(&object, r, object_entries, true);
    sm_managers_read(&view, r, view_entries, true);
    for (size_t i = 0; i < object.count; i++) {
        struct sm_manager_name name = name_of(&object.at[i], SCALE_VERSION);
        const struct sm_manager *there = sm_managers_find(&view, &name, object.at[i].applies);
        if (!there || !owns(r, there, path))
            sm_manager_own(&object.at[i], sm_field_set_difference(r, object.at[i].set, replicas));
    }
    for (size_t i = 0; i < view.count; i++) {
        struct sm_manager_name name = name_of(&view.at[i], api_version);
        struct sm_manager *here = sm_managers_find(&object, &name, view.at[i].applies);
        if (!owns(r, &view.at[i], path) || (here && owns(r, here, replicas)))
            continue;
        here = sm_managers_add(&object, &name, view.at[i].applies);
        sm_manager_own(here, sm_field_set_union(r, here->set, replicas));
    }
    return sm_managers_entries(&object);
}
