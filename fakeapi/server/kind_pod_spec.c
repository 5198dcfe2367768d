/* Validation of a pod's spec, as pods and jobs have it: containers and what they hold, volumes, the fields of the spec. */
#include "validate.h"

void sm_validate_pod_spec(struct sm_field_errors *errors, const char *path, sm_val spec) {
    sm_val container, other;
    sm_val containers = sm_val_get(spec, "containers");
    if (sm_val_count(containers) == 0)
        sm_field_required(errors, sm_field_text(errors, "%s.containers", path), "");
    SM_EACH_ITEM(container, containers) {
        const char *at = sm_field_text(errors, "%s.containers[%zu]", path, container_i);
        sm_val name = sm_val_get(container, "name");
        if (!*sm_val_text(name))
            sm_field_required(errors, sm_field_text(errors, "%s.name", at), "");
        SM_EACH_ITEM(other, containers)
            if (other_i < container_i && sm_val_equal(sm_val_get(other, "name"), name))
                sm_field_duplicate(errors, sm_field_text(errors, "%s.name", at), name);
        if (!*sm_val_text(sm_val_get(container, "image")))
            sm_field_required(errors, sm_field_text(errors, "%s.image", at), "");
    }
}
