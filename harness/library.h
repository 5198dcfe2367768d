/* What is parsed once and used by every run: the manifests that every cluster starts with. Program-lifetime, immutable once
 * made, and handed around; nothing here is static. */
#ifndef SM_LIBRARY_H
#define SM_LIBRARY_H

#include "profile.h"
#include "seinode.h"

enum { SM_LIBRARY_PROFILES_MAX = 64 };

struct sm_manifests {
    const sm_val *objects;
    size_t count;
};

struct sm_library {
    struct sm_region *region;
    struct sm_manifests base; /* namespace of the controller, node, service account of the nodes' pods, SeiNode's definition */
    struct sm_library_profile {
        const struct sm_profile *profile;
        struct sm_manifests rbac;
        const struct sm_seinode_options *options;
    } profiles[SM_LIBRARY_PROFILES_MAX]; /* filled as they are asked for */
    size_t profile_count;
};

struct sm_library *sm_library_new(struct sm_region *region);

/* What belongs to [profile], which must live as long as the library. */
const struct sm_library_profile *sm_library_profile(struct sm_library *library, const struct sm_profile *profile);

#endif
