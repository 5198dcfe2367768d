/* What the planner refuses although the API server accepts it (seinode-controller.md 3.1). */
#include "planner.h"

static const char *bootstrap_image(const struct sm_node *node) {
    if (!*sm_val_text(sm_val_get(sm_node_snapshot(node), "bootstrapImage")) || sm_node_height(node) > 0)
        return NULL;
    return sm_region_printf(node->r, "%s: bootstrapImage requires s3 with targetHeight > 0", sm_node_mode_name(node->mode));
}

static const char *snapshot_generation(const struct sm_node *node) {
    const char *mode = sm_node_mode_name(node->mode);
    sm_val generation = sm_val_get(node->mode_spec, "snapshotGeneration"), tendermint = sm_val_get(generation, "tendermint");
    if (!generation)
        return NULL;
    if (!tendermint)
        return sm_region_printf(node->r, "%s: snapshotGeneration requires tendermint", mode);
    if (sm_val_get(tendermint, "publish") && sm_val_int_at(tendermint, "keepRecent", 0) < 2)
        return sm_region_printf(node->r, "%s: snapshotGeneration.tendermint.publish requires keepRecent >= 2", mode);
    return NULL;
}

static const char *full(const struct sm_node *node) {
    const char *wrong = bootstrap_image(node);
    return wrong ? wrong : snapshot_generation(node);
}

static const char *replayer(const struct sm_node *node) {
    sm_val export = sm_val_get(node->mode_spec, "resultExport");
    if (!sm_val_get(sm_node_snapshot(node), "s3"))
        return "replayer: snapshot.s3 is required";
    if (sm_node_height(node) <= 0)
        return "replayer: snapshot.s3.targetHeight must be > 0";
    if (!sm_val_count(sm_val_get(node->spec, "peers")))
        return "replayer: at least one peer is required";
    if (export && !sm_val_get(export, "shadowResult"))
        return "replayer: resultExport requires shadowResult";
    return NULL;
}

static const char *keys(const struct sm_node *node) {
    sm_val signing = sm_val_get(node->mode_spec, "signingKey"), key = sm_val_get(node->mode_spec, "nodeKey");
    const char *signing_secret = sm_node_signing_secret(node), *key_secret = sm_node_key_secret(node);
    if (signing && !*signing_secret)
        return "validator: signingKey.secret.secretName is required";
    if (key && !*key_secret)
        return "validator: nodeKey.secret.secretName is required";
    if (signing && !key)
        return "validator: nodeKey is required with signingKey";
    if (key && !signing)
        return "validator: signingKey is required with nodeKey";
    if (signing && !strcmp(signing_secret, key_secret))
        return "validator: signingKey and nodeKey must name different secrets";
    return NULL;
}

static const char *validator(const struct sm_node *node) {
    sm_val genesis = sm_val_get(node->mode_spec, "genesisCeremony");
    if (genesis && sm_val_get(node->mode_spec, "signingKey"))
        return "validator: signingKey and genesisCeremony exclude each other";
    const char *wrong = keys(node);
    if (wrong || !genesis)
        return wrong ? wrong : bootstrap_image(node);
    if (!*sm_val_str_at(genesis, "chainId"))
        return "validator: genesisCeremony.chainId is required";
    if (!*sm_val_str_at(genesis, "stakingAmount"))
        return "validator: genesisCeremony.stakingAmount is required";
    return NULL;
}

static const char *(*const checks[])(const struct sm_node *) = {
    [SM_MODE_FULL] = full,
    [SM_MODE_ARCHIVE] = snapshot_generation,
    [SM_MODE_REPLAYER] = replayer,
    [SM_MODE_VALIDATOR] = validator,
};

const char *sm_planner_validate(const struct sm_node *node) {
    return checks[node->mode](node);
}
