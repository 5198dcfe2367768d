/* The claim of a node's data volume, unless it imports one. */
#include "resources.h"

const char *sm_data_claim_size(const struct sm_node *node) {
    const struct sm_seinode_platform *platform = node->options->platform;
    return node->mode == SM_MODE_ARCHIVE ? platform->storage_size_archive : platform->storage_size_default;
}

sm_val sm_data_claim(struct sm_node *node) {
    struct sm_region *r = node->r;
    const struct sm_seinode_platform *platform = node->options->platform;
    const char *class = node->mode == SM_MODE_ARCHIVE ? platform->storage_class_archive : platform->storage_class_perf;
    sm_val requests = SM_MAP(r, "requests", SM_MAP(r, "storage", sm_val_str(r, sm_data_claim_size(node))));
    sm_val spec = SM_MAP(r, "accessModes", SM_LIST(r, sm_val_str(r, "ReadWriteOnce")), "resources", requests, "storageClassName",
                         sm_val_str(r, class));
    return SM_MAP(r, "apiVersion", sm_val_str(r, "v1"), "kind", sm_val_str(r, "PersistentVolumeClaim"), "metadata",
                  sm_object_meta(node, sm_node_claim(node), sm_labels(node)), "spec", spec, "status", SM_EMPTY_MAP);
}
