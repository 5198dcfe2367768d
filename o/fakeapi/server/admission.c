/* Admission plugins that a client notices: NamespaceLifecycle. What others add to objects is the kinds' (kind_*.c). */
#include "call.h"
#include "meta.h"
#include "status.h"

#include <string.h>

static struct sm_reply terminating(const struct sm_call *call, sm_val object) {
    const char *name_space = call->request->name_space, *name = sm_meta_name(object);
    struct sm_region *r = call->r;
    struct sm_cause cause = {.reason = "NamespaceTerminating",
                             .message = sm_region_printf(r, "namespace %s is being terminated", name_space),
                             .field = "metadata.namespace"};
    const char *why =
        sm_region_printf(r, "unable to create new content in namespace %s because it is being terminated", name_space);
    struct sm_reply reply = sm_status_forbidden(r, call->kind->resource, name, why);

    return sm_status(r, 403, "Forbidden", sm_reply_error(&reply), name, call->kind->resource->group, call->kind->resource->plural, &cause, 1);
}

bool sm_admit_create(struct sm_call *call, sm_val object, struct sm_reply *reterr) {
    const char *name_space = call->request->name_space;

    if (!call->kind->resource->namespaced)
        return true;
    sm_val found = sm_store_get(sm_store_slot(call->server, SM_NAMESPACES), name_space);
    if (!found) {
        *reterr = sm_status_not_found(call->r, SM_NAMESPACES, name_space);
        return false;
    }
    if (sm_meta_deleting(found) || sm_val_is_text(sm_val_at(found, "status.phase"), "Terminating")) {
        *reterr = terminating(call, object);
        return false;
    }
    return true;
}

bool sm_admit_delete(struct sm_call *call, struct sm_reply *reterr) {
    static const char *const immortal[] = {"default", "kube-system", "kube-public"};

    if (call->kind->resource != SM_NAMESPACES)
        return true;
    for (size_t i = 0; i < sizeof immortal / sizeof immortal[0]; i++) {
        if (strcmp(call->request->name, immortal[i]) == 0) {
            *reterr = sm_status_forbidden(call->r, SM_NAMESPACES, call->request->name, "this namespace may not be deleted");
            return false;
        }
    }
    return true;
}
