/* The Service under which the controller reaches the sidecar of the bootstrap Job's pod: the node's own name, so that the
 * address stays when the set takes over. */
#include "resources.h"

sm_val sm_bootstrap_service(struct sm_node *node) {
    struct sm_region *r = node->r;
    sm_val port = sm_val_int(r, sm_node_sidecar_port(node));
    sm_val ports =
        SM_LIST(r, SM_MAP(r, "name", sm_val_str(r, "sidecar"), "port", port, "targetPort", port, "protocol", sm_val_str(r, "TCP")));
    sm_val labels = sm_bootstrap_labels(node);
    sm_val spec = SM_MAP(r, "clusterIP", sm_val_str(r, "None"), "ports", ports, "publishNotReadyAddresses", SM_TRUE, "selector", labels);
    return SM_MAP(r, "apiVersion", sm_val_str(r, "v1"), "kind", sm_val_str(r, "Service"), "metadata",
                  sm_object_meta(node, node->name, labels), "spec", spec, "status", sm_parts_of(node)->service_status);
}
