/* What config-apply is told: the mode of the configuration and every override, later ones winning (3.3). */
#include "planner.h"

static const char *const intent_modes[] = {"full", "archive", "full", "validator"};

struct override {
    const char *key, *value;
};

static const struct override publisher[] = {
    {"storage.pruning_keep_recent", "50000"},
    {"storage.pruning_keep_every", "0"},
    {"chain.min_retain_blocks", "50000"},
    {"network.p2p.max_connections", "500"},
    {"network.p2p.send_rate", "20971520"},
    {"network.p2p.recv_rate", "20971520"},
};

static const struct override replays[] = {
    {"storage.state_commit.async_commit_buffer", "100"},
    {"storage.state_commit.memiavl.snapshot_keep_recent", "2"},
    {"storage.state_commit.memiavl.snapshot_min_time_interval", "3600"},
};

static sm_val add(struct sm_node *node, sm_val overrides, const char *key, const char *value) {
    return sm_val_set(node->r, overrides, key, sm_val_str(node->r, value));
}

static sm_val add_all(struct sm_node *node, sm_val overrides, const struct override *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        overrides = add(node, overrides, list[i].key, list[i].value);
    return overrides;
}

static sm_val of_mode(struct sm_node *node, sm_val overrides) {
    if (node->mode == SM_MODE_REPLAYER)
        return add_all(node, overrides, replays, sizeof replays / sizeof *replays);
    sm_val keep = node->mode == SM_MODE_VALIDATOR ? NULL : sm_val_at(node->mode_spec, "snapshotGeneration.tendermint.keepRecent");
    if (!keep)
        return overrides;
    overrides = add(node, overrides, "storage.snapshot_interval", "2000");
    overrides = sm_val_set(node->r, overrides, "storage.snapshot_keep_recent", sm_val_strf(node->r, "%lld", (long long)keep->integer));
    return node->mode == SM_MODE_FULL ? add_all(node, overrides, publisher, sizeof publisher / sizeof *publisher) : overrides;
}

sm_val sm_planner_intent(struct sm_node *node) {
    struct sm_region *r = node->r;
    const char *address = sm_val_text(sm_val_get(node->status, "externalAddress"));
    sm_val overrides = SM_EMPTY_MAP;
    if (*address)
        overrides = add(node, overrides, "network.p2p.external_address", address);
    overrides = of_mode(node, overrides);
    overrides = sm_val_merge_patch(r, overrides,
                                   sm_val_is_map(sm_val_get(node->spec, "overrides")) ? sm_val_get(node->spec, "overrides") : SM_EMPTY_MAP);
    overrides = add(node, overrides, "logging.level", "info"); /* whatever was asked for */
    return SM_MAP(r, "mode", sm_val_str(r, intent_modes[node->mode]), "overrides", overrides);
}
