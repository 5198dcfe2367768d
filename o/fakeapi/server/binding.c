/* pods/binding: puts a pod on a node, once. */
#include "meta.h"
#include "pod_subresource.h"
#include "status.h"

#include <string.h>

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

    if (!sm_pod_subresource_named(call, "Binding", &reply))
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
    sm_write_commit(call, sm_pod_subresource_condition(call, bound, "PodScheduled", NULL, NULL), pod);
    return sm_pod_subresource_created(r);
}
