#include "resource.h"

#include <string.h>
#include <strings.h>

/* "/v1" of the core group loses its slash. */
const struct sm_resource sm_resources[SM_RESOURCE_COUNT] = {
#define X(id_, group_, version_, kind_, plural_, namespaced_) \
    [SM_##id_##_ID] = {.group = group_, .version = version_, .api_version = &(group_ "/" version_)[sizeof(group_) == 1], \
                       .kind = kind_, .plural = plural_, .namespaced = namespaced_},
    SM_RESOURCES(X)
#undef X
};

bool sm_resource_same_names(const struct sm_resource *a, const struct sm_resource *b) {
    return a && b && strcmp(a->plural, b->plural) == 0 && strcmp(a->group, b->group) == 0;
}

const char *sm_resource_api_version(const struct sm_resource *resource) {
    return resource->api_version;
}

const struct sm_resource *sm_resource_of_kind(const char *api_version, const char *kind) {
    for (size_t i = 0; i < SM_RESOURCE_COUNT; i++) {
        if (strcmp(sm_resources[i].kind, kind) == 0 && strcmp(sm_resources[i].api_version, api_version) == 0)
            return &sm_resources[i];
    }
    return NULL;
}

/* A singular is the kind in lower case. */
const struct sm_resource *sm_resource_by_name(const char *name) {
    size_t bytes = strcspn(name, ".");
    const char *group = name[bytes] ? name + bytes + 1 : NULL;

    for (size_t i = 0; i < SM_RESOURCE_COUNT; i++) {
        const struct sm_resource *resource = &sm_resources[i];
        if ((name[0] | 0x20) != resource->plural[0]) /* the kind begins with the same letter */
            continue;
        bool named = (strlen(resource->plural) == bytes && strncasecmp(resource->plural, name, bytes) == 0) ||
                     (strlen(resource->kind) == bytes && strncasecmp(resource->kind, name, bytes) == 0);

        if (named && (!group || strcmp(group, resource->group) == 0))
            return resource;
    }
    return NULL;
}
