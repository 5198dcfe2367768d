#include "node.h"

#include <string.h>

static const char *const mode_names[] = {"fullNode", "archive", "replayer", "validator"};

const char *sm_node_mode_name(enum sm_mode mode) {
    return mode_names[mode];
}

void sm_node_init(struct sm_node *node, struct sm_ctx *ctx, sm_val object) {
    *node = (struct sm_node){.ctx = ctx, .r = sm_ctx_region(ctx), .options = sm_ctx_options(ctx), .object = object};
    node->spec = sm_val_get(object, "spec");
    node->name = sm_meta_name(object);
    node->name_space = sm_meta_namespace(object);
    node->uid = sm_meta_uid(object);
    node->generation = sm_meta_generation(object);

    sm_val status = sm_val_get(object, "status");
    sm_val plan = sm_val_get(status, "plan");
    node->status = sm_val_is_map(status) ? status : SM_EMPTY_MAP;
    sm_plan_load(node->r, &node->plan, plan);

    node->mode = SM_MODE_NONE;
    for (int mode = SM_MODE_FULL; mode < SM_MODE_NONE && !node->mode_spec; mode++) {
        node->mode_spec = sm_val_get(node->spec, mode_names[mode]);
        if (node->mode_spec)
            node->mode = (enum sm_mode)mode;
    }
}

/* --- Spec ---------------------------------------------------------------------------------------------------------------- */

const char *sm_node_image(const struct sm_node *node) {
    return sm_val_text(sm_val_get(node->spec, "image"));
}

int64_t sm_node_sidecar_port(const struct sm_node *node) {
    sm_val port = sm_val_get(sm_val_get(node->spec, "sidecar"), "port");
    return sm_val_is_int(port) && port->integer ? port->integer : 7777;
}

const char *sm_node_imported_claim(const struct sm_node *node) {
    sm_val volume = sm_val_get(node->spec, "dataVolume");
    return volume ? sm_val_str_at(volume, "import.pvcName") : "";
}

const char *sm_node_claim(const struct sm_node *node) {
    const char *imported = sm_node_imported_claim(node);
    return *imported ? imported : sm_region_printf(node->r, "data-%s", node->name);
}

static const char *secret_name(const struct sm_node *node, const char *source) {
    if (node->mode != SM_MODE_VALIDATOR)
        return "";
    return sm_val_text(sm_val_get(sm_val_get(sm_val_get(node->mode_spec, source), "secret"), "secretName"));
}

const char *sm_node_signing_secret(const struct sm_node *node) {
    return secret_name(node, "signingKey");
}

const char *sm_node_key_secret(const struct sm_node *node) {
    return secret_name(node, "nodeKey");
}

sm_val sm_node_snapshot(const struct sm_node *node) {
    return node->mode == SM_MODE_ARCHIVE ? NULL : sm_val_get(node->mode_spec, "snapshot");
}

int64_t sm_node_height(const struct sm_node *node) {
    return sm_val_int_at(sm_node_snapshot(node), "s3.targetHeight", 0);
}

bool sm_node_bootstraps(const struct sm_node *node) {
    return *sm_val_text(sm_val_get(sm_node_snapshot(node), "bootstrapImage")) && sm_node_height(node) > 0;
}

const char *sm_node_job(const struct sm_node *node) {
    return sm_region_printf(node->r, "%s-bootstrap", node->name);
}

sm_val sm_node_owner_refs(const struct sm_node *node) {
    return SM_LIST(node->r, sm_meta_controller_ref(node->r, SM_SEINODES, node->object));
}

/* --- Status -------------------------------------------------------------------------------------------------------------- */

const char *sm_node_phase(const struct sm_node *node) {
    return sm_val_text(sm_val_get(node->status, "phase"));
}

const char *sm_node_current_image(const struct sm_node *node) {
    return sm_val_text(sm_val_get(node->status, "currentImage"));
}

sm_val sm_node_now(const struct sm_node *node) {
    return sm_val_str(node->r, sm_clock_rfc3339(node->r, sm_ctx_second(node->ctx)));
}

void sm_node_set_phase(struct sm_node *node, const char *phase) {
    if (!*phase)
        return;
    node->status = sm_val_set(node->r, node->status, "phase", sm_val_str(node->r, phase));
    node->status = sm_val_set(node->r, node->status, "phaseTransitionTime", sm_node_now(node));
}

void sm_node_set_current_image(struct sm_node *node, const char *image) {
    node->status = sm_val_set(node->r, node->status, "currentImage", sm_val_str(node->r, image));
}

sm_val sm_node_condition(const struct sm_node *node, const char *type) {
    return sm_condition_find(sm_val_get(node->status, "conditions"), type);
}

void sm_node_set_condition(struct sm_node *node, const char *type, const char *status, const char *reason, const char *message) {
    sm_val conditions = sm_condition_set(node->r, sm_val_get(node->status, "conditions"), type, status, reason, message, node->generation,
                                         sm_ctx_second(node->ctx));
    node->status = sm_val_set(node->r, node->status, "conditions", conditions);
}

sm_val sm_node_full_status(const struct sm_node *node) {
    return sm_val_set(node->r, node->status, "plan", sm_plan_value(node->r, &node->plan));
}
