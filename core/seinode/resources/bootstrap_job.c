/* The Job that runs seid from a snapshot up to a height with an image of its own. Its pod never mounts a signing key. */
#include <inttypes.h>

#include "resources.h"

static sm_val text(struct sm_node *node, const char *value) {
    return sm_val_str(node->r, value);
}

/* seid ends with 130 when it has halted at the height. */
static sm_val seid(struct sm_node *node, const char *image) {
    struct sm_region *r = node->r;
    const struct sm_parts *parts = sm_parts_of(node);
    const char *wait = sm_pod_wait_for_sidecar(node, "waiting for sidecar bootstrap tasks to complete...");
    int64_t height = sm_node_height(node);
    sm_val script =
        sm_val_strf(r,
                    "%secho \"sidecar healthy, starting seid with halt-height %" PRId64 "\"; seid start --home /sei --halt-height %" PRId64
                    "; rc=$?; if [ $rc -eq 130 ]; then echo \"seid halted at target height (exit 130), treating as "
                    "success\"; exit 0; fi; exit $rc",
                    wait, height, height);
    return SM_MAP(r, "name", text(node, "seid"), "image", text(node, image), "command", parts->bash_command, "args", SM_LIST(r, script),
                  "env", parts->seid_env, "resources", sm_pod_requests(node), "volumeMounts", parts->data_mounts);
}

sm_val sm_bootstrap_job(struct sm_node *node) {
    struct sm_region *r = node->r;
    const char *image = sm_val_text(sm_val_get(sm_node_snapshot(node), "bootstrapImage"));
    const char *claim = sm_region_printf(r, "data-%s", node->name); /* even if the node imports another */
    sm_val labels = sm_bootstrap_labels(node);
    sm_val pod = SM_MAP(r, "affinity", sm_pod_affinity(node), "containers", SM_LIST(r, seid(node, image)), "hostname",
                        sm_val_strf(r, "%s-0", node->name), "initContainers",
                        SM_LIST(r, sm_pod_init_container(node, image), sm_pod_sidecar(node, false)), "restartPolicy", text(node, "Never"),
                        "serviceAccountName", text(node, node->options->platform->service_account), "shareProcessNamespace", SM_TRUE,
                        "subdomain", text(node, node->name), "terminationGracePeriodSeconds", sm_val_int(r, 120), "tolerations",
                        sm_pod_tolerations(node), "volumes", SM_LIST(r, sm_pod_data_volume(node, claim)));
    sm_val meta = SM_MAP(r, "labels", labels, "annotations", sm_parts_of(node)->pod_annotations);
    sm_val spec = SM_MAP(r, "backoffLimit", sm_val_int(r, 0), "ttlSecondsAfterFinished", sm_val_int(r, 3600), "template",
                         SM_MAP(r, "metadata", meta, "spec", pod));
    return SM_MAP(r, "apiVersion", text(node, "batch/v1"), "kind", text(node, "Job"), "metadata",
                  sm_object_meta(node, sm_node_job(node), labels), "spec", spec, "status", SM_EMPTY_MAP);
}
