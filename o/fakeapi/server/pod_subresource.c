#include "pod_subresource.h"

#include <string.h>

#include "meta.h"
#include "status.h"

struct sm_reply sm_pod_subresource_created(struct sm_region *r) {
    return (struct sm_reply){.code = 201,
                             .body = SM_MAP(r, "kind", sm_val_str(r, "Status"), "apiVersion", sm_val_str(r, "v1"), "metadata", SM_EMPTY_MAP,
                                            "status", sm_val_str(r, "Success"), "code", sm_val_int(r, 201))};
}

bool sm_pod_subresource_named(const struct sm_call *call, const char *kind, struct sm_reply *reterr) {
    if (strcmp(sm_meta_name(call->request->body), call->request->name) == 0)
        return true;
    *reterr = sm_status_bad_request(call->r, sm_region_printf(call->r, "name in URL does not match name in %s object", kind));
    return false;
}

/* Conditions of pods have no observedGeneration, and a time of probing that is never used. */
sm_val sm_pod_subresource_condition(const struct sm_call *call, sm_val pod, const char *type, const char *reason, const char *message) {
    struct sm_region *r = call->r;
    sm_val conditions = sm_val_at(pod, "status.conditions");
    sm_val condition = SM_MAP(r, "type", sm_val_str(r, type), "status", sm_val_str(r, "True"), "lastProbeTime", SM_NULL,
                              "lastTransitionTime", sm_val_str(r, sm_clock_rfc3339(r, call->env->now)), "reason",
                              reason ? sm_val_str(r, reason) : NULL, "message", message ? sm_val_str(r, message) : NULL);

    for (size_t i = 0; i < sm_val_count(conditions); i++) {
        if (sm_val_is_text(sm_val_get(sm_val_item(conditions, i), "type"), type))
            return sm_val_set_at(r, pod, "status.conditions", sm_val_replace_item(r, conditions, i, condition));
    }
    return sm_val_set_at(r, pod, "status.conditions", sm_val_append(r, conditions, condition));
}
