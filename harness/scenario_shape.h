/* The keys of a scenario file. */
#ifndef SM_SCENARIO_SHAPE_H
#define SM_SCENARIO_SHAPE_H

#include "shape.h"

extern const struct sm_shape sm_scenario_shape;

/* What scenarios/scenario.schema.json holds. */
sm_val sm_scenario_schema(struct sm_region *r);

#endif
