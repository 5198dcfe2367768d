#include "property.h"

#include <string.h>

#include "properties.h"

const struct sm_property *const sm_properties[] = {
    &sm_property_forbidden,          &sm_property_claim_kept, &sm_property_incarnation_known, &sm_property_no_twins, &sm_property_no_orphans,
    &sm_property_generation_forward, &sm_property_no_storm,   &sm_property_wanted_pod_kept,   &sm_property_one_deletion, &sm_property_image_ran, &sm_property_template_kept, &sm_property_agreement, &sm_property_plan_first, &sm_property_recovers,
};
const size_t sm_property_count = sizeof sm_properties / sizeof sm_properties[0];

int sm_property_find(const char *name) {
    for (size_t i = 0; i < sm_property_count; i++)
        if (strcmp(sm_properties[i]->name, name) == 0)
            return (int)i;
    return -1;
}

uint64_t sm_properties_opt_in(void) {
    uint64_t bits = 0;

    for (size_t i = 0; i < sm_property_count; i++)
        bits |= (uint64_t)sm_properties[i]->opt_in << i;
    return bits;
}
