/* Node. */
#include "schema_types.h"

static const struct sm_field config_map_source_fields[] = {
    {"kubeletConfigKey", STRING,       ALWAYS, NULL},
    {"name",             STRING,       ALWAYS, NULL},
    {"namespace",        STRING,       ALWAYS, NULL},
    {"resourceVersion",  STRING,       OMIT,   NULL},
    {"uid",              NAMED("UID"), OMIT,   NULL},
};
static PLAIN(config_map_source, "ConfigMapNodeConfigSource");

static const struct sm_field config_source_fields[] = {
    {"configMap", &config_map_source, OPTIONAL, NULL},
};
static PLAIN(config_source, "NodeConfigSource");

static const struct sm_field config_status_fields[] = {
    {"active",        &config_source, OPTIONAL, NULL},
    {"assigned",      &config_source, OPTIONAL, NULL},
    {"error",         STRING,         OMIT,     NULL},
    {"lastKnownGood", &config_source, OPTIONAL, NULL},
};
static PLAIN(config_status, "NodeConfigStatus");

static const struct sm_field taint_fields[] = {
    {"effect",    NAMED("TaintEffect"), ALWAYS,   NULL},
    {"key",       STRING,               ALWAYS,   NULL},
    {"timeAdded", TIME,                 OPTIONAL, NULL},
    {"value",     STRING,               OMIT,     NULL},
};
static PLAIN(taint, "Taint");

static const struct sm_field spec_fields[] = {
    {"configSource",  &config_source,                                          OPTIONAL, NULL},
    {"externalID",    STRING,                                                  OMIT,     NULL},
    {"podCIDR",       STRING,                                                  OMIT,     NULL},
    {"podCIDRs",      LIST_WITH(STRING, .list = SM_LIST_SET, .merge_key = ""), OMIT,     NULL},
    {"providerID",    STRING,                                                  OMIT,     NULL},
    {"taints",        ATOMIC_LIST(&taint),                                     OMIT,     NULL},
    {"unschedulable", BOOL,                                                    OMIT,     NULL},
};
static PLAIN(spec, "NodeSpec");

static const struct sm_field address_fields[] = {
    {"address", STRING,                   ALWAYS, NULL},
    {"type",    NAMED("NodeAddressType"), ALWAYS, NULL},
};
static PLAIN(address, "NodeAddress");

static const struct sm_field condition_fields[] = {
    {"lastHeartbeatTime",  TIME,                       ALWAYS, NULL},
    {"lastTransitionTime", TIME,                       ALWAYS, NULL},
    {"message",            STRING,                     OMIT,   NULL},
    {"reason",             STRING,                     OMIT,   NULL},
    {"status",             NAMED("ConditionStatus"),   ALWAYS, NULL},
    {"type",               NAMED("NodeConditionType"), ALWAYS, NULL},
};
static PLAIN(condition, "NodeCondition");

static const struct sm_field kubelet_endpoint_fields[] = {
    {"Port", INT32, ALWAYS, NULL},
};
static PLAIN(kubelet_endpoint, "DaemonEndpoint");

static const struct sm_field daemon_endpoints_fields[] = {
    {"kubeletEndpoint", &kubelet_endpoint, ALWAYS, NULL},
};
static PLAIN(daemon_endpoints, "NodeDaemonEndpoints");

static const struct sm_field features_fields[] = {
    {"supplementalGroupsPolicy", BOOL, OPTIONAL, NULL},
};
static PLAIN(features, "NodeFeatures");

static const struct sm_field image_fields[] = {
    {"names",     STRINGS, OMIT, NULL},
    {"sizeBytes", INT64,   OMIT, NULL},
};
static PLAIN(image, "ContainerImage");

static const struct sm_field swap_fields[] = {
    {"capacity", INT64, OPTIONAL, NULL},
};
static PLAIN(swap, "NodeSwapStatus");

static const struct sm_field info_fields[] = {
    {"architecture",            STRING, ALWAYS,   NULL},
    {"bootID",                  STRING, ALWAYS,   NULL},
    {"containerRuntimeVersion", STRING, ALWAYS,   NULL},
    {"kernelVersion",           STRING, ALWAYS,   NULL},
    {"kubeProxyVersion",        STRING, ALWAYS,   NULL},
    {"kubeletVersion",          STRING, ALWAYS,   NULL},
    {"machineID",               STRING, ALWAYS,   NULL},
    {"operatingSystem",         STRING, ALWAYS,   NULL},
    {"osImage",                 STRING, ALWAYS,   NULL},
    {"swap",                    &swap,  OPTIONAL, NULL},
    {"systemUUID",              STRING, ALWAYS,   NULL},
};
static PLAIN(info, "NodeSystemInfo");

static const struct sm_field handler_features_fields[] = {
    {"recursiveReadOnlyMounts", BOOL, OPTIONAL, NULL},
    {"userNamespaces",          BOOL, OPTIONAL, NULL},
};
static PLAIN(handler_features, "NodeRuntimeHandlerFeatures");

static const struct sm_field runtime_handler_fields[] = {
    {"features", &handler_features, OPTIONAL, NULL},
    {"name",     STRING,            ALWAYS,   NULL},
};
static PLAIN(runtime_handler, "NodeRuntimeHandler");

static const struct sm_field attached_volume_fields[] = {
    {"devicePath", STRING,                    ALWAYS, NULL},
    {"name",       NAMED("UniqueVolumeName"), ALWAYS, NULL},
};
static PLAIN(attached_volume, "AttachedVolume");

/* What can be allocated is what is there. */
static sm_val fill_status(struct sm_region *r, sm_val status) {
    sm_val capacity = sm_val_get(status, "capacity");
    return !capacity || sm_val_get(status, "allocatable") ? status : sm_val_set(r, status, "allocatable", capacity);
}

static const struct sm_field status_fields[] = {
    {"addresses",       BY_KEY(&address, "type"),               OMIT,     NULL},
    {"allocatable",     QUANTITIES,                             OMIT,     NULL},
    {"capacity",        QUANTITIES,                             OMIT,     NULL},
    {"conditions",      BY_KEY(&condition, "type"),             OMIT,     NULL},
    {"config",          &config_status,                         OPTIONAL, NULL},
    {"daemonEndpoints", &daemon_endpoints,                      ALWAYS,   NULL},
    {"features",        &features,                              OPTIONAL, NULL},
    {"images",          ATOMIC_LIST(&image),                    OMIT,     NULL},
    {"nodeInfo",        &info,                                  ALWAYS,   NULL},
    {"phase",           NAMED("NodePhase"),                     OMIT,     NULL},
    {"runtimeHandlers", ATOMIC_LIST(&runtime_handler),          OMIT,     NULL},
    {"volumesAttached", ATOMIC_LIST(&attached_volume),          OMIT,     NULL},
    {"volumesInUse",    ATOMIC_LIST(NAMED("UniqueVolumeName")), OMIT,     NULL},
};
static OBJECT_WITH(status, "NodeStatus", .fill = fill_status);

static const struct sm_field sm_schema_node_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &spec,   ALWAYS, NULL},
    {"status", &status, ALWAYS, NULL},
};
OBJECT(sm_schema_node, "Node");
