/* The headless Service of a node. The sidecar's port is not listed; headless DNS reaches it all the same. */
#include "resources.h"

sm_val sm_service(struct sm_node *node) {
    struct sm_region *r = node->r;
    const struct sm_parts *parts = sm_parts_of(node);
    sm_val spec = SM_MAP(r, "clusterIP", sm_val_str(r, "None"), "ports", parts->service_ports, "publishNotReadyAddresses", SM_TRUE,
                         "selector", sm_selector_labels(node));
    return SM_MAP(r, "apiVersion", sm_val_str(r, "v1"), "kind", sm_val_str(r, "Service"), "metadata",
                  sm_object_meta(node, node->name, sm_labels(node)), "spec", spec, "status", parts->service_status);
}
