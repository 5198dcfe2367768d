/* Properties: what must never happen, whoever acts. On without being asked; a scenario may switch one off, or one on, by name.
 * Worded so that a correct controller never breaks them. One a row of sm_properties, by subject in properties/; what breaks one is a
 * verdict.
 *
 * They are judged in every run of every search, so each must cost next to nothing as long as nothing happens: look at the event
 * first, and search logs only for the rare ones.
 */
#ifndef SM_PROPERTY_H
#define SM_PROPERTY_H

#include "network.h"

struct sm_world;
struct sm_world_actor;

enum { SM_PROPERTIES_MAX = 64 };

struct sm_property {
    const char *name, *about;
    bool opt_in;        /* off unless a scenario switches it on: some controllers break it by design */
    size_t state_bytes; /* of its own state, zeroed at the start; see env.h */
    /* Each may be NULL; each returns NULL, or in one line (in the run's region) what broke. */
    /* Steps of calls in these phases (bits 1 << enum sm_call_phase); [actor] is the controller under test that calls. Of others only if
     * [anyone] is set: then NULL. */
    unsigned phases;
    bool anyone;
    const char *(*on_call)(struct sm_world *world, void *state, const struct sm_call_event *event, const struct sm_world_actor *actor);
    const char *(*on_change)(struct sm_world *world, void *state, const struct sm_resource *resource, const struct sm_log_entry *entry);
    const char *(*at_rest)(struct sm_world *world, void *state);
};

extern const struct sm_property *const sm_properties[];
extern const size_t sm_property_count;

int sm_property_find(const char *name); /* -1 if there is none */
uint64_t sm_properties_opt_in(void);    /* as bits, by place in sm_properties */

#endif
