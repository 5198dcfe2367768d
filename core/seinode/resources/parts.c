/* What several generated objects have in common. */
#include <inttypes.h>

#include "json.h"
#include "pods.h"
#include "resources.h"

static sm_val text(struct sm_node *node, const char *value) {
    return sm_val_str(node->r, value);
}

/* --- The same for every node --------------------------------------------------------------------------------------------- */

/*   name       port   appProtocol of the Service's port */
static const struct {
    const char *name;
    int64_t port;
    const char *protocol;
} ports[] = {
    {"evm-rpc", 8545, NULL},
    {"evm-ws", 8546, NULL},
    {"grpc", 9090, "kubernetes.io/h2c"},
    {"rest", 1317, NULL},
    {"p2p", 26656, NULL},
    {"rpc", 26657, NULL},
    {"metrics", 26660, NULL},
};
enum { PORT_COUNT = sizeof ports / sizeof *ports };

static sm_val container_ports(struct sm_region *r) {
    sm_val items[PORT_COUNT], tcp = sm_val_str(r, "TCP");
    for (size_t i = 0; i < PORT_COUNT; i++)
        items[i] = SM_MAP(r, "name", sm_val_str(r, ports[i].name), "containerPort", sm_val_int(r, ports[i].port), "protocol", tcp);
    return sm_val_from_items(r, items, PORT_COUNT);
}

static sm_val service_ports(struct sm_region *r) {
    sm_val items[PORT_COUNT], tcp = sm_val_str(r, "TCP");
    for (size_t i = 0; i < PORT_COUNT; i++) {
        sm_val port = sm_val_int(r, ports[i].port);
        items[i] = SM_MAP(r, "name", sm_val_str(r, ports[i].name), "port", port, "targetPort", port, "protocol", tcp, "appProtocol",
                          ports[i].protocol ? sm_val_str(r, ports[i].protocol) : NULL);
    }
    return sm_val_from_items(r, items, PORT_COUNT);
}

const struct sm_parts *sm_parts_new(struct sm_region *r, const struct sm_seinode_platform *platform) {
    struct sm_parts *parts = sm_region_alloc(r, sizeof *parts);
    (void)platform;
    *parts = (struct sm_parts){
        .seid_ports = container_ports(r),
        .service_ports = service_ports(r),
        .seid_env = sm_json_literal(r, "[{'name':'TMPDIR','value':'/sei/tmp'}]"),
        .lag_probe = sm_json_literal(r, "{'httpGet':{'path':'/lag_status','port':26657},'initialDelaySeconds':30,'periodSeconds':10,"
                                        "'timeoutSeconds':5,'failureThreshold':3}"),
        .data_mounts = sm_json_literal(r, "[{'name':'data','mountPath':'/sei'}]"),
        .pod_annotations = sm_json_literal(r, "{'karpenter.sh/do-not-disrupt':'true'}"),
        .seictl_command = sm_json_literal(r, "['seictl','serve']"),
        .bash_command = sm_json_literal(r, "['/bin/bash','-c']"),
        .update_on_delete = sm_json_literal(r, "{'type':'OnDelete'}"),
        .set_status = sm_json_literal(r, "{'replicas':0,'availableReplicas':0}"),
        .service_status = sm_json_literal(r, "{'loadBalancer':{}}"),
    };
    return parts;
}

const struct sm_parts *sm_parts_of(struct sm_node *node) {
    return node->options->parts ? node->options->parts : sm_parts_new(node->r, node->options->platform);
}

/* --- Metadata ------------------------------------------------------------------------------------------------------------ */

sm_val sm_selector_labels(struct sm_node *node) {
    return SM_MAP(node->r, SM_LABEL_NODE, text(node, node->name));
}

sm_val sm_labels(struct sm_node *node) {
    sm_val labels = sm_val_get(node->spec, "podLabels");
    return sm_val_set(node->r, sm_val_is_map(labels) ? labels : NULL, SM_LABEL_NODE, text(node, node->name));
}

sm_val sm_bootstrap_labels(struct sm_node *node) {
    return SM_MAP(node->r, SM_LABEL_NODE, text(node, node->name), "sei.io/component", text(node, "bootstrap"));
}

sm_val sm_object_meta(struct sm_node *node, const char *name, sm_val labels) {
    return SM_MAP(node->r, "name", text(node, name), "namespace", text(node, node->name_space), "labels", labels, "ownerReferences",
                  sm_node_owner_refs(node));
}

/* --- Pods ---------------------------------------------------------------------------------------------------------------- */

static const char *pool(const struct sm_node *node) {
    const struct sm_seinode_platform *platform = node->options->platform;
    return node->mode == SM_MODE_ARCHIVE ? platform->archive_pool : platform->pool;
}

sm_val sm_pod_affinity(struct sm_node *node) {
    struct sm_region *r = node->r;
    sm_val expression =
        SM_MAP(r, "key", text(node, "karpenter.sh/nodepool"), "operator", text(node, "In"), "values", SM_LIST(r, text(node, pool(node))));
    sm_val term = SM_MAP(r, "matchExpressions", SM_LIST(r, expression));
    sm_val required = SM_MAP(r, "nodeSelectorTerms", SM_LIST(r, term));
    return SM_MAP(r, "nodeAffinity", SM_MAP(r, "requiredDuringSchedulingIgnoredDuringExecution", required));
}

sm_val sm_pod_tolerations(struct sm_node *node) {
    return SM_LIST(node->r, SM_MAP(node->r, "key", text(node, node->options->platform->toleration_key), "value", text(node, pool(node)),
                                   "effect", text(node, "NoSchedule")));
}

sm_val sm_pod_data_volume(struct sm_node *node, const char *claim) {
    struct sm_region *r = node->r;
    return SM_MAP(r, "name", text(node, "data"), "persistentVolumeClaim", SM_MAP(r, "claimName", text(node, claim)));
}

sm_val sm_pod_init_container(struct sm_node *node, const char *image) {
    struct sm_region *r = node->r;
    const char *chain = sm_val_text(sm_val_get(node->spec, "chainId"));
    const char *script = sm_region_printf(r,
                                          "if [ -f /sei/config/genesis.json ]; then echo \"data directory already initialized, skipping "
                                          "seid init\"; else seid init %s --chain-id %s --home /sei --overwrite; fi && mkdir -p /sei/tmp",
                                          chain, chain);
    return SM_MAP(r, "name", text(node, "seid-init"), "image", text(node, image), "command",
                  SM_LIST(r, text(node, "/bin/sh"), text(node, "-c"), text(node, script)), "resources", SM_EMPTY_MAP, "volumeMounts",
                  sm_parts_of(node)->data_mounts);
}

sm_val sm_pod_requests(struct sm_node *node) {
    const struct sm_seinode_platform *platform = node->options->platform;
    bool archive = node->mode == SM_MODE_ARCHIVE;
    sm_val requests = SM_MAP(node->r, "cpu", text(node, archive ? platform->cpu_archive : platform->cpu_default), "memory",
                             text(node, archive ? platform->memory_archive : platform->memory_default));
    return SM_MAP(node->r, "requests", requests);
}

const char *sm_pod_wait_for_sidecar(struct sm_node *node, const char *waiting) {
    return sm_region_printf(node->r,
                            "echo \"%s\"; while true; do if (exec 3<>/dev/tcp/localhost/%" PRId64
                            " && printf \"GET /v0/healthz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n\" >&3 && head -1 <&3 | grep -q "
                            "\"200\") 2>/dev/null; then break; fi; sleep 5; done; ",
                            waiting, sm_node_sidecar_port(node));
}

/* --- The sidecar --------------------------------------------------------------------------------------------------------- */

static sm_val probe(struct sm_node *node, const char *path, int64_t delay, int64_t period, int64_t failures) {
    struct sm_region *r = node->r;
    sm_val get = SM_MAP(r, "path", text(node, path), "port", sm_val_int(r, sm_node_sidecar_port(node)));
    return SM_MAP(r, "httpGet", get, "initialDelaySeconds", sm_val_int(r, delay), "periodSeconds", sm_val_int(r, period),
                  "failureThreshold", sm_val_int(r, failures));
}

static sm_val variable(struct sm_node *node, const char *name, const char *value) {
    return SM_MAP(node->r, "name", text(node, name), "value", text(node, value));
}

static sm_val sidecar_env(struct sm_node *node) {
    const struct sm_seinode_platform *platform = node->options->platform;
    return SM_LIST(node->r, variable(node, "SEI_CHAIN_ID", sm_val_text(sm_val_get(node->spec, "chainId"))),
                   variable(node, "SEI_SIDECAR_PORT", sm_region_printf(node->r, "%" PRId64, sm_node_sidecar_port(node))),
                   variable(node, "SEI_HOME", "/sei"), variable(node, "SEI_GENESIS_BUCKET", platform->genesis_bucket),
                   variable(node, "SEI_GENESIS_REGION", platform->genesis_region),
                   variable(node, "SEI_SNAPSHOT_BUCKET", platform->snapshot_bucket),
                   variable(node, "SEI_SNAPSHOT_REGION", platform->snapshot_region));
}

sm_val sm_pod_sidecar(struct sm_node *node, bool probes) {
    struct sm_region *r = node->r;
    const struct sm_parts *parts = sm_parts_of(node);
    sm_val spec = sm_val_get(node->spec, "sidecar"), resources = sm_val_get(spec, "resources");
    const char *image = sm_val_text(sm_val_get(spec, "image"));
    sm_val port =
        SM_MAP(r, "name", text(node, "sidecar"), "containerPort", sm_val_int(r, sm_node_sidecar_port(node)), "protocol", text(node, "TCP"));
    return SM_MAP(r, "name", text(node, "sei-sidecar"), "image", text(node, *image ? image : node->options->platform->sidecar_image),
                  "command", parts->seictl_command, "env", sidecar_env(node), "ports", SM_LIST(r, port), "restartPolicy",
                  text(node, "Always"), "resources", resources ? resources : SM_EMPTY_MAP, "volumeMounts", parts->data_mounts,
                  "livenessProbe", probes ? probe(node, "/v0/livez", 5, 10, 3) : NULL, "readinessProbe",
                  probes ? probe(node, "/v0/healthz", 2, 5, 6) : NULL);
}

/* --- Requests ------------------------------------------------------------------------------------------------------------ */

sm_val sm_delete_options(struct sm_region *r, const struct sm_resource *resource, const char *propagation, const char *uid) {
    return SM_MAP(r, "apiVersion", sm_val_str(r, sm_resource_api_version(resource)), "kind", sm_val_str(r, "DeleteOptions"),
                  "propagationPolicy", propagation ? sm_val_str(r, propagation) : NULL, "preconditions",
                  uid ? SM_MAP(r, "uid", sm_val_str(r, uid)) : NULL);
}
