/* The controller's row: what it watches, and the options of an instance. */
#include "seinode.h"

#include "rbac.h"
#include "reconcile.h"
#include "resources.h"

const struct sm_seinode_platform sm_seinode_platform_fixture = {
    .pool = "sei-node",
    .archive_pool = "sei-archive",
    .toleration_key = "sei.io/workload",
    .service_account = "seid-node",
    .storage_class_perf = "gp3-10k-750",
    .storage_class_default = "gp3",
    .storage_class_archive = "gp3-archive",
    .storage_size_default = "2000Gi",
    .storage_size_archive = "40Ti",
    .cpu_default = "4",
    .cpu_archive = "48",
    .memory_default = "32Gi",
    .memory_archive = "448Gi",
    .genesis_bucket = "test-sei-k8s-genesis-artifacts",
    .genesis_region = "us-east-2",
    .snapshot_bucket = "test-sei-snapshots",
    .snapshot_region = "us-east-2",
    .sidecar_image = "ghcr.io/sei-protocol/seictl@sha256:a2af4e1b8ed4c12661a3c98cce050bae3f292cc7560abc2ba98fd7dfc80d9be5",
};

const struct sm_seinode_options *sm_seinode_options_new(struct sm_region *r, const struct sm_profile *profile,
                                                        const struct sm_seinode_platform *platform) {
    struct sm_seinode_options *options = sm_region_alloc(r, sizeof *options);
    *options = (struct sm_seinode_options){profile, platform, sm_parts_new(r, platform)};
    return options;
}

static void map_to_owner(struct sm_enqueue *to, sm_val before, sm_val after) {
    sm_map_owner_of(to, before, after, SM_SEINODES);
}

/* Pods, Secrets and volumes are read, but their events wake nobody: a pod that changes is seen through its set's status. */
static const struct sm_watch watches[] = {
    {.resource = SM_SEINODES, .predicate = sm_generation_changed, .map = sm_map_self},
    {.resource = SM_STATEFULSETS, .map = map_to_owner},
    {.resource = SM_JOBS, .map = map_to_owner},
    {.resource = SM_SERVICES, .map = map_to_owner},
    {.resource = SM_PVCS, .map = map_to_owner},
    {.resource = SM_PODS, .lazy = true},
    {.resource = SM_SECRETS, .lazy = true},
    {.resource = SM_PVS, .lazy = true},
};

static const char *cluster_role(const void *options) {
    return sm_seinode_rules(((const struct sm_seinode_options *)options)->profile);
}

const struct sm_controller sm_seinode_controller = {
    .name = "seinode-controller",
    .primary = SM_SEINODES,
    .watches = watches,
    .watch_count = sizeof watches / sizeof *watches,
    .reconcile = sm_seinode_reconcile,
    .cluster_role = cluster_role,
};
