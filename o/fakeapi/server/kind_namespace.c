/* Namespace. */
#include <string.h>

#include "kind_functions.h"

static const char *const name_label = "kubernetes.io/metadata.name";

/* The label that selectors find a namespace by is put back on every write. */
static sm_val with_label(struct sm_region *r, sm_val namespace) {
    sm_val labels = sm_val_at(namespace, "metadata.labels");
    sm_val name = sm_val_at(namespace, "metadata.name");
    if (sm_val_equal(sm_val_get(labels, name_label), name))
        return namespace;
    return sm_val_set_at(r, namespace, "metadata.labels", sm_val_set(r, labels, name_label, name));
}

CREATE(sm_namespace_create) {
    struct sm_region *r = write->region;
    sm_val finalizer, finalizers = sm_val_at(object, "spec.finalizers");
    bool has_ours = false;
    SM_EACH_ITEM(finalizer, finalizers)
        has_ours |= sm_val_is_text(finalizer, "kubernetes");
    if (!has_ours)
        object = sm_val_set_at(r, object, "spec.finalizers", sm_val_append(r, finalizers, sm_val_str(r, "kubernetes")));
    object = sm_val_set(r, object, "status", SM_MAP(r, "phase", sm_val_str(r, "Active")));
    return with_label(r, object);
}

/* spec.finalizers change through /finalize alone. */
UPDATE(sm_namespace_update) {
    if (strcmp(write->subresource, "finalize") != 0)
        object = sm_val_set_at(write->region, object, "spec.finalizers", sm_val_at(before, "spec.finalizers"));
    return with_label(write->region, object);
}
