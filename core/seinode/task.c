#include "task.h"

#include <string.h>

/*   type                          maxRetries  execute                      status */
static const struct sm_task_kind kinds[] = {
    {"ensure-data-pvc", 0, sm_ensure_data_pvc, NULL},
    {"apply-statefulset", 0, sm_apply_statefulset, NULL},
    {"apply-service", 0, sm_apply_service, NULL},
    {"replace-pod", 0, sm_replace_pod, NULL},
    {"observe-image", 0, sm_observe_image, NULL},
    {"validate-signing-key", 0, sm_validate_signing_key, NULL},
    {"validate-node-key", 0, sm_validate_node_key, NULL},
    {"deploy-bootstrap-service", 0, sm_deploy_bootstrap_service, sm_deploy_bootstrap_service_status},
    {"deploy-bootstrap-job", 0, sm_deploy_bootstrap_job, sm_deploy_bootstrap_job_status},
    {"await-bootstrap-complete", 0, sm_await_bootstrap, sm_await_bootstrap_status},
    {"teardown-bootstrap", 0, sm_teardown_bootstrap, NULL},
    {"snapshot-restore", 0, sm_sidecar_submit, sm_sidecar_status},
    {"configure-genesis", 180, sm_sidecar_submit, sm_sidecar_status},
    {"config-apply", 0, sm_sidecar_submit, sm_sidecar_status},
    {"discover-peers", 20, sm_sidecar_submit, sm_sidecar_status},
    {"configure-state-sync", 0, sm_sidecar_submit, sm_sidecar_status},
    {"config-validate", 0, sm_sidecar_post, NULL},
    {"mark-ready", 0, sm_sidecar_post, NULL},
    {"snapshot-upload", 0, sm_sidecar_post, NULL},
    {"generate-identity", 0, sm_sidecar_submit, sm_sidecar_status},
    {"generate-gentx", 0, sm_sidecar_submit, sm_sidecar_status},
    {"upload-genesis-artifacts", 0, sm_sidecar_submit, sm_sidecar_status},
    {"set-genesis-peers", 0, sm_sidecar_submit, sm_sidecar_status},
    {"await-condition", 0, sm_sidecar_submit, sm_sidecar_status},
    {"assemble-and-upload-genesis", 180, sm_sidecar_submit, sm_sidecar_status},
};

const struct sm_task_kind *sm_task_kind(const char *type) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kinds[i].type, type))
            return &kinds[i];
    return NULL;
}

int sm_task_max_retries(const struct sm_profile *profile, const char *type) {
    const struct sm_task_kind *kind = sm_task_kind(type);
    return !strcmp(type, "replace-pod") ? profile->replace_pod_retries : kind ? kind->max_retries : 0;
}

#define RESULT(kind_) \
    va_list args; \
    va_start(args, format); \
    struct sm_task_result result = {(kind_), sm_region_vprintf(node->r, format, args)}; \
    va_end(args); \
    return result

struct sm_task_result sm_task_retry(struct sm_node *node, const char *format, ...) {
    RESULT(SM_TASK_RETRY);
}

struct sm_task_result sm_task_terminal(struct sm_node *node, const char *format, ...) {
    RESULT(SM_TASK_TERMINAL);
}

struct sm_task_result sm_task_failed(struct sm_node *node, const char *format, ...) {
    RESULT(SM_TASK_FAILED);
}
