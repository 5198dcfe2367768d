/* What the parts of the scenario loader share. Every part may assume that the document has its shape. */
#ifndef SM_SCENARIO_READ_H
#define SM_SCENARIO_READ_H

#include "scenario.h"
#include "shape.h"

struct sm_scenario_reading {
    struct sm_region *r;
    const struct sm_reader *reader;
    struct sm_problems *problems;
    const struct sm_source *source;
    struct sm_scenario *scenario;
    const struct sm_resource *const *custom; /* of the definitions in `given`, ended by NULL */
};

/* A list of manifests, or one; `{file: …}` and kind List are followed. Returns the objects; [ret_places]
 * says where each stands. */
const sm_val *sm_scenario_manifests(struct sm_scenario_reading *reading, const char *path, sm_val v, const struct sm_place **ret_places,
                                    size_t *ret_count);

/* Resources that custom resource definitions among [objects] define; ended by NULL. */
const struct sm_resource *const *sm_scenario_custom(struct sm_region *r, const sm_val *objects, size_t count);

struct sm_target sm_scenario_target(struct sm_scenario_reading *reading, const char *path, const char *text);
struct sm_call_match sm_scenario_call(struct sm_scenario_reading *reading, const char *path, sm_val v);

void sm_scenario_world(struct sm_scenario_reading *reading, sm_val v);
void sm_scenario_steps(struct sm_scenario_reading *reading, sm_val list);

/* Shorthands for what the shape has checked. */
sm_time sm_read_duration(sm_val v, sm_time absent);    /* `never` is -1 */
const char *sm_read_text(sm_val map, const char *key); /* NULL if absent */

#endif
