/* Node. */
#include "schema_types.h"

static const struct sm_field config_map_source_fields[] = {
    {"kubeletConfigKey", STRING,       ALWAYS, NULL, 5},
    {"name",             STRING,       ALWAYS, NULL, 2},
    {"namespace",        STRING,       ALWAYS, NULL, 1},
    {"resourceVersion",  STRING,       OMIT,   NULL, 4},
    {"uid",              NAMED("UID"), OMIT,   NULL, 3},
};
static PLAIN(config_map_source, "ConfigMapNodeConfigSource");

static const struct sm_field config_source_fields[] = {
    {"configMap", &config_map_source, OPTIONAL, NULL, 2},
};
static PLAIN(config_source, "NodeConfigSource");

static const struct sm_field config_status_fields[] = {
    {"active",        &config_source, OPTIONAL, NULL, 2},
    {"assigned",      &config_source, OPTIONAL, NULL, 1},
    {"error",         STRING,         OMIT,     NULL, 4},
    {"lastKnownGood", &config_source, OPTIONAL, NULL, 3},
};
static PLAIN(config_status, "NodeConfigStatus");

static const struct sm_field taint_fields[] = {
    {"effect",    NAMED("TaintEffect"), ALWAYS,   NULL, 3},
    {"key",       STRING,               ALWAYS,   NULL, 1},
    {"timeAdded", TIME,                 OPTIONAL, NULL, 4},
    {"value",     STRING,               OMIT,     NULL, 2},
};
static PLAIN(taint, "Taint");

static const struct sm_field spec_fields[] = {
    {"configSource",  &config_source,                                          OPTIONAL, NULL, 6},
    {"externalID",    STRING,                                                  OMIT,     NULL, 2},
    {"podCIDR",       STRING,                                                  OMIT,     NULL, 1},
    {"podCIDRs",      LIST_WITH(STRING, .list = SM_LIST_SET, .merge_key = ""), OMIT,     NULL, 7},
    {"providerID",    STRING,                                                  OMIT,     NULL, 3},
    {"taints",        ATOMIC_LIST(&taint),                                     OMIT,     NULL, 5},
    {"unschedulable", BOOL,                                                    OMIT,     NULL, 4},
};
static PLAIN(spec, "NodeSpec");

static const struct sm_field address_fields[] = {
    {"address", STRING,                   ALWAYS, NULL, 2},
    {"type",    NAMED("NodeAddressType"), ALWAYS, NULL, 1},
};
static PLAIN(address, "NodeAddress");

static const struct sm_field condition_fields[] = {
    {"lastHeartbeatTime",  TIME,                       ALWAYS, NULL, 3},
    {"lastTransitionTime", TIME,                       ALWAYS, NULL, 4},
    {"message",            STRING,                     OMIT,   NULL, 6},
    {"reason",             STRING,                     OMIT,   NULL, 5},
    {"status",             NAMED("ConditionStatus"),   ALWAYS, NULL, 2},
    {"type",               NAMED("NodeConditionType"), ALWAYS, NULL, 1},
};
static PLAIN(condition, "NodeCondition");

static const struct sm_field kubelet_endpoint_fields[] = {
    {"Port", INT32, ALWAYS, NULL, 1},
};
static PLAIN(kubelet_endpoint, "DaemonEndpoint");

static const struct sm_field daemon_endpoints_fields[] = {
    {"kubeletEndpoint", &kubelet_endpoint, ALWAYS, NULL, 1},
};
static PLAIN(daemon_endpoints, "NodeDaemonEndpoints");

static const struct sm_field features_fields[] = {
    {"supplementalGroupsPolicy", BOOL, OPTIONAL, NULL, 1},
};
static PLAIN(features, "NodeFeatures");

static const struct sm_field image_fields[] = {
    {"names",     STRINGS, OMIT, NULL, 1},
    {"sizeBytes", INT64,   OMIT, NULL, 2},
};
static PLAIN(image, "ContainerImage");

static const struct sm_field swap_fields[] = {
    {"capacity", INT64, OPTIONAL, NULL, 1},
};
static PLAIN(swap, "NodeSwapStatus");

static const struct sm_field info_fields[] = {
    {"architecture",            STRING, ALWAYS,   NULL, 10},
    {"bootID",                  STRING, ALWAYS,   NULL, 3},
    {"containerRuntimeVersion", STRING, ALWAYS,   NULL, 6},
    {"kernelVersion",           STRING, ALWAYS,   NULL, 4},
    {"kubeProxyVersion",        STRING, ALWAYS,   NULL, 8},
    {"kubeletVersion",          STRING, ALWAYS,   NULL, 7},
    {"machineID",               STRING, ALWAYS,   NULL, 1},
    {"operatingSystem",         STRING, ALWAYS,   NULL, 9},
    {"osImage",                 STRING, ALWAYS,   NULL, 5},
    {"swap",                    &swap,  OPTIONAL, NULL, 11},
    {"systemUUID",              STRING, ALWAYS,   NULL, 2},
};
static PLAIN(info, "NodeSystemInfo");

static const struct sm_field handler_features_fields[] = {
    {"recursiveReadOnlyMounts", BOOL, OPTIONAL, NULL, 1},
    {"userNamespaces",          BOOL, OPTIONAL, NULL, 2},
};
static PLAIN(handler_features, "NodeRuntimeHandlerFeatures");

static const struct sm_field runtime_handler_fields[] = {
    {"features", &handler_features, OPTIONAL, NULL, 2},
    {"name",     STRING,            ALWAYS,   NULL, 1},
};
static PLAIN(runtime_handler, "NodeRuntimeHandler");

static const struct sm_field attached_volume_fields[] = {
    {"devicePath", STRING,                    ALWAYS, NULL, 2},
    {"name",       NAMED("UniqueVolumeName"), ALWAYS, NULL, 1},
};
static PLAIN(attached_volume, "AttachedVolume");

/* What can be allocated is what is there. */
static sm_val fill_status(struct sm_region *r, sm_val status) {
    sm_val capacity = sm_val_get(status, "capacity");
    return !capacity || sm_val_get(status, "allocatable") ? status : sm_val_set(r, status, "allocatable", capacity);
}

static const struct sm_field status_fields[] = {
    {"addresses",       BY_KEY(&address, "type"),               OMIT,     NULL, 5},
    {"allocatable",     QUANTITIES,                             OMIT,     NULL, 2},
    {"capacity",        QUANTITIES,                             OMIT,     NULL, 1},
    {"conditions",      BY_KEY(&condition, "type"),             OMIT,     NULL, 4},
    {"config",          &config_status,                         OPTIONAL, NULL, 11},
    {"daemonEndpoints", &daemon_endpoints,                      ALWAYS,   NULL, 6},
    {"features",        &features,                              OPTIONAL, NULL, 13},
    {"images",          ATOMIC_LIST(&image),                    OMIT,     NULL, 8},
    {"nodeInfo",        &info,                                  ALWAYS,   NULL, 7},
    {"phase",           NAMED("NodePhase"),                     OMIT,     NULL, 3},
    {"runtimeHandlers", ATOMIC_LIST(&runtime_handler),          OMIT,     NULL, 12},
    {"volumesAttached", ATOMIC_LIST(&attached_volume),          OMIT,     NULL, 10},
    {"volumesInUse",    ATOMIC_LIST(NAMED("UniqueVolumeName")), OMIT,     NULL, 9},
};
static OBJECT_WITH(status, "NodeStatus", .fill = fill_status);

static const struct sm_field sm_schema_node_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &spec,   ALWAYS, NULL, 2},
    {"status", &status, ALWAYS, NULL, 3},
};
OBJECT(sm_schema_node, "Node");
