/* Properties: what must never happen, whoever acts. On without being asked; a scenario may switch one off by name.
 * Worded so that a correct controller never breaks them. One a row of sm_properties; what breaks one is a verdict. */
#ifndef SM_PROPERTY_H
#define SM_PROPERTY_H

#include "network.h"

struct sm_world;

enum { SM_PROPERTIES_MAX = 64 };

struct sm_property {
    const char *name, *about;
    size_t state_bytes; /* of its own state, zeroed at the start; see env.h */
    /* Each may be NULL; each returns NULL, or in one line (in the run's region) what broke. */
    const char *(*on_call)(struct sm_world *world, void *state, const struct sm_call_event *event);
    const char *(*on_change)(struct sm_world *world, void *state, const struct sm_resource *resource, const struct sm_log_entry *entry);
    const char *(*at_rest)(struct sm_world *world, void *state);
};

extern const struct sm_property sm_properties[];
extern const size_t sm_property_count;

int sm_property_find(const char *name); /* -1 if there is none */

#endif
