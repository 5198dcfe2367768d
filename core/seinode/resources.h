/* The objects that the controller makes, one file each under resources/ (seinode-controller.md 6), as it sends them: with the
 * zero values that a typed Go client writes.
 */
#ifndef SM_RESOURCES_H
#define SM_RESOURCES_H

#include "node.h"

/* What is the same in every object of a platform: made once, shared by all. */
struct sm_parts {
    sm_val seid_ports, service_ports;
    sm_val seid_env;
    sm_val lag_probe;
    sm_val data_mounts;
    sm_val pod_annotations;
    sm_val seictl_command, bash_command;
    sm_val update_on_delete;
    sm_val set_status, service_status;
};
const struct sm_parts *sm_parts_new(struct sm_region *r, const struct sm_seinode_platform *platform);

/* The parts of the node's options; made in the pass's region if those have none. */
const struct sm_parts *sm_parts_of(struct sm_node *node);

sm_val sm_statefulset(struct sm_node *node);
sm_val sm_service(struct sm_node *node);
sm_val sm_data_claim(struct sm_node *node);
sm_val sm_bootstrap_service(struct sm_node *node);
sm_val sm_bootstrap_job(struct sm_node *node); /* the snapshot must have an s3 */

/* Capacity that the data volume of the node's mode must have: `2000Gi`. */
const char *sm_data_claim_size(const struct sm_node *node);

/* --- What they are made of ------------------------------------------------------------------------------------------ */

sm_val sm_labels(struct sm_node *node);          /* spec.podLabels and the node's own, which wins */
sm_val sm_selector_labels(struct sm_node *node); /* the node's own only */
sm_val sm_bootstrap_labels(struct sm_node *node);
sm_val sm_object_meta(struct sm_node *node, const char *name, sm_val labels);

sm_val sm_pod_affinity(struct sm_node *node);
sm_val sm_pod_tolerations(struct sm_node *node);
sm_val sm_pod_data_volume(struct sm_node *node, const char *claim);
sm_val sm_pod_init_container(struct sm_node *node, const char *image);
sm_val sm_pod_sidecar(struct sm_node *node, bool probes);
sm_val sm_pod_requests(struct sm_node *node);
/* Shell text that returns when the sidecar's healthz answers 200. */
const char *sm_pod_wait_for_sidecar(struct sm_node *node, const char *waiting);

/* Body of a DELETE as a typed client sends it. [propagation] and [uid] (a precondition) may be NULL. */
sm_val sm_delete_options(struct sm_region *r, const struct sm_resource *resource, const char *propagation, const char *uid);

#endif
