/* Plans that bring a node to Running: the base plan, the one that first runs a Job up to a height, and a genesis ceremony. */
#include "planner.h"
#include "resources.h"

static sm_val text(struct sm_node *node, const char *value) {
    return sm_val_str(node->r, value);
}

static void add_plain(struct sm_node *node, struct sm_plan_builder *plan, const char *type) {
    sm_planner_add(node, plan, type, SM_EMPTY_MAP);
}

static void add_key(struct sm_node *node, struct sm_plan_builder *plan, const char *type, const char *secret) {
    if (*secret)
        sm_planner_add(node, plan, type, SM_MAP(node->r, "secretName", text(node, secret), "namespace", text(node, node->name_space)));
}

static void add_data(struct sm_node *node, struct sm_plan_builder *plan) {
    sm_planner_add(node, plan, "ensure-data-pvc", sm_planner_node_params(node));
    add_key(node, plan, "validate-signing-key", sm_node_signing_secret(node));
    add_key(node, plan, "validate-node-key", sm_node_key_secret(node));
}

static void add_apply(struct sm_node *node, struct sm_plan_builder *plan, bool pod_may_be_old) {
    sm_planner_add_apply(node, plan);
    if (pod_may_be_old)
        sm_planner_add(node, plan, "replace-pod", sm_planner_node_params(node));
}

/* --- The sidecar's part -------------------------------------------------------------------------------------------------- */

/* One source of discover-peers; labels were resolved to names in DNS by this pass. */
static sm_val peer_source(struct sm_node *node, sm_val peer) {
    struct sm_region *r = node->r;
    sm_val ec2 = sm_val_get(peer, "ec2Tags"), addresses = sm_val_get(sm_val_get(peer, "static"), "addresses");
    if (ec2)
        return SM_MAP(r, "type", text(node, "ec2Tags"), "region", sm_val_get(ec2, "region"), "tags", sm_val_get(ec2, "tags"));
    if (addresses)
        return SM_MAP(r, "type", text(node, "static"), "addresses", addresses);
    return SM_MAP(r, "type", text(node, "dnsEndpoints"), "endpoints", sm_val_get(node->status, "resolvedPeers"));
}

static void add_peers(struct sm_node *node, struct sm_plan_builder *plan) {
    sm_val peers = sm_val_get(node->spec, "peers"), sources = NULL, peer;
    if (!sm_val_count(peers))
        return;
    SM_EACH_ITEM(peer, peers)
        sources = sm_val_append(node->r, sources, peer_source(node, peer));
    sm_planner_add(node, plan, "discover-peers", SM_MAP(node->r, "Sources", sources ? sources : SM_NULL));
}

static void add_state_sync(struct sm_node *node, struct sm_plan_builder *plan) {
    sm_val snapshot = sm_node_snapshot(node);
    if (!snapshot)
        return;
    sm_val params = SM_MAP(node->r, "UseLocalSnapshot", sm_val_bool(sm_val_get(snapshot, "s3")), "TrustPeriod",
                           text(node, sm_val_str_at(snapshot, "trustPeriod")), "BackfillBlocks",
                           sm_val_int(node->r, sm_val_int_at(snapshot, "backfillBlocks", 0)));
    sm_planner_add(node, plan, "configure-state-sync", params);
}

static void add_upload(struct sm_node *node, struct sm_plan_builder *plan) {
    if (node->mode != SM_MODE_REPLAYER && sm_val_at(node->mode_spec, "snapshotGeneration.tendermint.publish"))
        add_plain(node, plan, "snapshot-upload");
}

static void add_config(struct sm_node *node, struct sm_plan_builder *plan) {
    add_plain(node, plan, "configure-genesis");
    sm_planner_add(node, plan, "config-apply", sm_planner_intent(node));
}

static void add_progression(struct sm_node *node, struct sm_plan_builder *plan, bool upload) {
    if (sm_val_get(sm_node_snapshot(node), "s3"))
        sm_planner_add(node, plan, "snapshot-restore", SM_MAP(node->r, "TargetHeight", sm_val_int(node->r, sm_node_height(node))));
    add_config(node, plan);
    add_peers(node, plan);
    add_state_sync(node, plan);
    add_plain(node, plan, "config-validate");
    if (upload)
        add_upload(node, plan);
    add_plain(node, plan, "mark-ready");
}

/* --- The three plans ----------------------------------------------------------------------------------------------------- */

static void base(struct sm_node *node, struct sm_plan_builder *plan, bool pod_may_be_old) {
    add_data(node, plan);
    add_apply(node, plan, pod_may_be_old);
    add_progression(node, plan, true);
}

static void bootstrap(struct sm_node *node, struct sm_plan_builder *plan, bool pod_may_be_old) {
    struct sm_region *r = node->r;
    sm_val job = text(node, sm_node_job(node)), service = text(node, node->name), name_space = text(node, node->name_space);
    sm_val job_params = SM_MAP(r, "jobName", job, "namespace", name_space);

    add_data(node, plan);
    sm_planner_add(node, plan, "deploy-bootstrap-service", SM_MAP(r, "serviceName", service, "namespace", name_space));
    sm_planner_add(node, plan, "deploy-bootstrap-job", job_params);
    add_progression(node, plan, false);
    sm_planner_add(node, plan, "await-bootstrap-complete", job_params);
    sm_planner_add(node, plan, "teardown-bootstrap", SM_MAP(r, "jobName", job, "serviceName", service, "namespace", name_space));

    add_apply(node, plan, pod_may_be_old);
    add_config(node, plan);
    add_peers(node, plan);
    add_plain(node, plan, "config-validate");
    add_upload(node, plan);
    add_plain(node, plan, "mark-ready");
}

static void ceremony(struct sm_node *node, struct sm_plan_builder *plan, bool pod_may_be_old, sm_val genesis) {
    struct sm_region *r = node->r;
    sm_val chain = text(node, sm_val_str_at(genesis, "chainId")), name = text(node, node->name);

    sm_planner_add(node, plan, "ensure-data-pvc", sm_planner_node_params(node));
    add_apply(node, plan, pod_may_be_old);
    sm_planner_add(node, plan, "generate-identity", SM_MAP(r, "ChainID", chain, "Moniker", name));
    sm_planner_add(node, plan, "generate-gentx",
                   SM_MAP(r, "ChainID", chain, "StakingAmount", text(node, sm_val_str_at(genesis, "stakingAmount")), "AccountBalance",
                          text(node, sm_val_str_at(genesis, "accountBalance")), "GenesisParams",
                          text(node, sm_val_str_at(genesis, "genesisParams"))));
    sm_planner_add(node, plan, "upload-genesis-artifacts", SM_MAP(r, "NodeName", name));
    add_config(node, plan);
    add_plain(node, plan, "set-genesis-peers");
    add_plain(node, plan, "config-validate");
    add_plain(node, plan, "mark-ready");
}

void sm_planner_build_init(struct sm_node *node, bool pod_may_be_old) {
    struct sm_plan_builder plan;
    sm_val genesis = node->mode == SM_MODE_VALIDATOR ? sm_val_get(node->mode_spec, "genesisCeremony") : NULL;
    sm_plan_begin(&plan, node->r, sm_ctx_uuid(node->ctx));
    if (genesis)
        ceremony(node, &plan, pod_may_be_old, genesis);
    else if (sm_node_bootstraps(node))
        bootstrap(node, &plan, pod_may_be_old);
    else
        base(node, &plan, pod_may_be_old);
    sm_plan_end(&plan, &node->plan, "Running", "Failed");
}
