/* pods/binding puts a pod on a node; pods/eviction deletes it unless a budget forbids. */
#include "call.h"
#include "meta.h"
#include "status.h"

#include <string.h>

static struct sm_reply created(struct sm_region *r) {
    return (struct sm_reply){.code = 201,
                             .body = SM_MAP(r, "kind", sm_val_str(r, "Status"), "apiVersion", sm_val_str(r, "v1"), "metadata", SM_EMPTY_MAP,
                                            "status", sm_val_str(r, "Success"), "code", sm_val_int(r, 201))};
}

/* Conditions of pods have no observedGeneration, and a time of probing that is never used. */
static sm_val with_condition(const struct sm_call *call, sm_val pod, const char *type, const char *reason, const char *message) {
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

static bool check_name(const struct sm_call *call, const char *kind, struct sm_reply *reterr) {
    if (strcmp(sm_meta_name(call->request->body), call->request->name) == 0)
        return true;
    *reterr = sm_status_bad_request(call->r, sm_region_printf(call->r, "name in URL does not match name in %s object", kind));
    return false;
}

/* --- Binding --------------------------------------------------------------------------------------------------------------------- */

static const char *wrong_target(struct sm_region *r, sm_val binding) {
    const char *kind = sm_val_str_at(binding, "target.kind");

    if (*kind && strcmp(kind, "Node") != 0)
        return sm_region_printf(r, "target.kind: Unsupported value: \"%s\": supported values: \"Node\", \"<empty>\"", kind);
    return *sm_val_str_at(binding, "target.name") ? NULL : "target.name: Required value";
}

static const char *why_not_bound(struct sm_region *r, sm_val pod) {
    const char *name = sm_meta_name(pod), *node = sm_val_str_at(pod, "spec.nodeName");

    if (sm_meta_deleting(pod))
        return sm_region_printf(r, "pod %s is being deleted, cannot be assigned to a host", name);
    if (*node)
        return sm_region_printf(r, "pod %s is already assigned to node \"%s\"", name, node);
    return sm_val_count(sm_val_at(pod, "spec.schedulingGates")) ? sm_region_printf(r, "pod %s has non-empty .spec.schedulingGates", name)
                                                                : NULL;
}

struct sm_reply sm_verb_bind(struct sm_call *call) {
    struct sm_region *r = call->r;
    sm_val binding = call->request->body, pod = sm_store_get(call->slot, call->key);
    const struct sm_member *annotation;
    struct sm_reply reply;

    if (!check_name(call, "Binding", &reply))
        return reply;
    const char *wrong = wrong_target(r, binding);
    if (wrong)
        return sm_call_error(r, wrong);
    if (!pod)
        return sm_call_not_found(call);
    const char *why = why_not_bound(r, pod);
    if (why) {
        const char *name = call->request->name;
        const char *message = sm_region_printf(r, "Operation cannot be fulfilled on pods/binding \"%s\": %s", name, why);

        return sm_status(r, 409, "Conflict", message, name, "", "pods/binding", NULL, 0);
    }
    sm_val bound = sm_val_set_at(r, pod, "spec.nodeName", sm_val_at(binding, "target.name"));
    sm_val annotations = sm_val_at(bound, "metadata.annotations");
    SM_EACH_MEMBER(annotation, sm_val_at(binding, "metadata.annotations"))
        annotations = sm_val_set(r, annotations, annotation->key, annotation->value);
    bound = sm_val_set_at(r, bound, "metadata.annotations", annotations);
    sm_write_commit(call, with_condition(call, bound, "PodScheduled", NULL, NULL), pod);
    return created(r);
}

/* --- Eviction -------------------------------------------------------------------------------------------------------------------- */

/* The pod says why it goes before it does; what the options forbid changes nothing. */
struct sm_reply sm_verb_evict(struct sm_call *call) {
    sm_val options = sm_val_get(call->request->body, "deleteOptions"), pod = sm_store_get(call->slot, call->key);
    bool dry_run = call->dry_run;
    struct sm_reply reply;

    if (!check_name(call, "Eviction", &reply))
        return reply;
    if (!pod)
        return sm_call_not_found(call);
    call->dry_run = true;
    reply = sm_delete_object(call, options);
    call->dry_run = dry_run || sm_val_count(sm_val_get(options, "dryRun")) > 0;
    if (!sm_reply_ok(&reply) || call->dry_run)
        return sm_reply_ok(&reply) ? created(call->r) : reply;
    sm_write_commit(call, with_condition(call, pod, "DisruptionTarget", "EvictionByEvictionAPI", "Eviction API: evicting"), pod);
    reply = sm_delete_object(call, options);
    return sm_reply_ok(&reply) ? created(call->r) : reply;
}
