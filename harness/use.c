#include "use.h"

#include <string.h>

static const void *seinode_options(struct sm_library *library, const struct sm_profile *profile) {
    return sm_library_profile(library, profile)->options;
}

const struct sm_use sm_uses[] = {
    {"seinode", &sm_seinode_controller, "system:serviceaccount:sei-system:seinode-controller", seinode_options},
    {NULL, NULL, NULL, NULL},
};

const struct sm_use *sm_use_find(const struct sm_use *uses, const char *name) {
    for (; uses->name; uses++)
        if (strcmp(uses->name, name) == 0)
            return uses;
    return NULL;
}
