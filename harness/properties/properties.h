/* What properties share: what a client under test did, saw and could know. */
#ifndef SM_PROPERTIES_H
#define SM_PROPERTIES_H

#include "property.h"
#include "world.h"

#define SM_PHASE_SENT (1U << SM_CALL_SENT)
#define SM_PHASE_COMMITTED (1U << SM_CALL_COMMITTED)
#define SM_PHASE_ANSWERED (1U << SM_CALL_ANSWERED)

/* The actor's place in world->actors; those under test come first. */
size_t sm_property_place(const struct sm_world *world, const struct sm_world_actor *actor);

/* The change that a request has just made, at its commit; NULL if it changed nothing. */
const struct sm_log_entry *sm_property_change(struct sm_world *world, const struct sm_call_event *event);

/* A write that the server took, not a dry run. */
bool sm_property_wrote(const struct sm_call_event *event);

/* The object as it was at a version of the store; NULL if there was none. */
sm_val sm_property_object_at(struct sm_world *world, const struct sm_resource *resource, int64_t version, const char *name_space,
                             const char *name);

/* What each client could know as it sent its last request: the version of the store when the answer before it was made, or, since a
 * pass that goes on sends at once, when this one was sent. A property's state, or part of it. */
struct sm_property_known {
    struct {
        const struct sm_request *asked;
        int64_t answered, known;
        sm_time at;
    } of[SM_SCENARIO_CONTROLLERS_MAX];
};
/* To be told of each phase of each call. What [actor] knew as it sent this one; -1 if a process sent it that has ended since. */
int64_t sm_property_knew(struct sm_property_known *known, const struct sm_world *world, const struct sm_world_actor *actor,
                         const struct sm_call_event *event);

/* `ns/name` of a key is that of these two. */
bool sm_property_key_is(const char *key, const char *name_space, const char *name);

/* The image of the container `seid` of a pod, or of a template (its `spec`); "" if there is none. */
const char *sm_property_image(sm_val pod_spec);

/* --- The rows ------------------------------------------------------------------------------------------------------------------ */

extern const struct sm_property sm_property_forbidden, sm_property_claim_kept;                           /* rights.c */
extern const struct sm_property sm_property_incarnation_known;                                           /* objects.c */
extern const struct sm_property sm_property_no_twins, sm_property_no_orphans;                            /* children.c */
extern const struct sm_property sm_property_generation_forward, sm_property_no_storm;                    /* status.c, storm.c */
extern const struct sm_property sm_property_wanted_pod_kept, sm_property_one_deletion;                   /* pods.c */
extern const struct sm_property sm_property_image_ran, sm_property_template_kept, sm_property_agreement; /* image.c */
extern const struct sm_property sm_property_plan_first, sm_property_recovers;                            /* plan.c */

#endif
