/* Controllers that a scenario can put under test: `controllers: [{use: seinode}]`. One row each. */
#ifndef SM_USE_H
#define SM_USE_H

#include "controller.h"
#include "library.h"

struct sm_use {
    const char *name;
    const struct sm_controller *controller;
    const char *user; /* whom it acts as */
    /* Its options under a profile; NULL: none. */
    const void *(*options)(struct sm_library *library, const struct sm_profile *profile);
};

extern const struct sm_use sm_uses[]; /* ended by a NULL name */

const struct sm_use *sm_use_find(const struct sm_use *uses, const char *name); /* NULL if there is none */

#endif
