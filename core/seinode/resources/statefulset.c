/* The StatefulSet of a node: one pod with seid, its sidecar, and the data volume. */
#include <inttypes.h>

#include "json.h"
#include "resources.h"

struct key_file {
    const char *volume, *secret, *file;
};

static sm_val text(struct sm_node *node, const char *value) {
    return sm_val_str(node->r, value);
}

/* --- Key files of a validator -------------------------------------------------------------------------------------------- */

enum { KEY_FILE_MODE = 0400 };

static size_t key_files(const struct sm_node *node, struct key_file files[2]) {
    const struct key_file all[] = {
        {"signing-key", sm_node_signing_secret(node), "priv_validator_key.json"},
        {"node-key", sm_node_key_secret(node), "node_key.json"},
    };
    size_t count = 0;
    for (size_t i = 0; i < 2; i++)
        if (*all[i].secret)
            files[count++] = all[i];
    return count;
}

static sm_val volumes(struct sm_node *node) {
    struct sm_region *r = node->r;
    struct key_file files[2];
    sm_val list = SM_LIST(r, sm_pod_data_volume(node, sm_node_claim(node)));
    for (size_t i = 0, count = key_files(node, files); i < count; i++) {
        sm_val item = SM_MAP(r, "key", text(node, files[i].file), "path", text(node, files[i].file));
        sm_val secret =
            SM_MAP(r, "secretName", text(node, files[i].secret), "items", SM_LIST(r, item), "defaultMode", sm_val_int(r, KEY_FILE_MODE));
        list = sm_val_append(r, list, SM_MAP(r, "name", text(node, files[i].volume), "secret", secret));
    }
    return list;
}

static sm_val seid_mounts(struct sm_node *node) {
    struct sm_region *r = node->r;
    struct key_file files[2];
    sm_val list = sm_parts_of(node)->data_mounts;
    for (size_t i = 0, count = key_files(node, files); i < count; i++)
        list = sm_val_append(r, list,
                             SM_MAP(r, "name", text(node, files[i].volume), "mountPath", sm_val_strf(r, "/sei/config/%s", files[i].file),
                                    "subPath", text(node, files[i].file), "readOnly", SM_TRUE));
    return list;
}

/* --- seid ---------------------------------------------------------------------------------------------------------------- */

static void add_quoted(struct sm_str *out, sm_val words, size_t from) {
    for (size_t i = from; i < sm_val_count(words); i++) {
        sm_val word = sm_val_item(words, i);
        sm_str_addc(out, ' ');
        sm_json_quote(out, sm_val_text(word), sm_val_is_string(word) ? word->count : 0, SM_JSON_COMPACT);
    }
}

static sm_val seid_args(struct sm_node *node) {
    struct sm_str script;
    sm_val entrypoint = sm_val_get(node->spec, "entrypoint"), command = sm_val_get(entrypoint, "command");
    sm_str_init(&script, node->r);
    sm_str_add(&script, sm_pod_wait_for_sidecar(node, "waiting for sidecar to become ready..."));
    sm_str_add(&script, "echo \"sidecar ready, starting seid\"; exec ");
    if (sm_val_count(command)) {
        sm_str_add(&script, sm_val_text(sm_val_item(command, 0)));
        add_quoted(&script, command, 1);
        add_quoted(&script, sm_val_get(entrypoint, "args"), 0);
    } else {
        sm_str_add(&script, "seid \"start\" \"--home\" \"/sei\"");
    }
    return SM_LIST(node->r, sm_val_strn(node->r, script.data, script.bytes));
}

/* It may take as long as it likes to become ready: 86400 failures are five days. */
static sm_val startup_probe(struct sm_node *node) {
    struct sm_region *r = node->r;
    sm_val get = SM_MAP(r, "path", text(node, "/v0/healthz"), "port", sm_val_int(r, sm_node_sidecar_port(node)));
    return SM_MAP(r, "httpGet", get, "initialDelaySeconds", sm_val_int(r, 5), "periodSeconds", sm_val_int(r, 5), "failureThreshold",
                  sm_val_int(r, 86400));
}

static sm_val seid(struct sm_node *node) {
    const struct sm_parts *parts = sm_parts_of(node);
    return SM_MAP(node->r, "name", text(node, "seid"), "image", text(node, sm_node_image(node)), "command", parts->bash_command, "args",
                  seid_args(node), "env", parts->seid_env, "ports", parts->seid_ports, "resources", sm_pod_requests(node), "volumeMounts",
                  seid_mounts(node), "startupProbe", startup_probe(node), "readinessProbe", parts->lag_probe);
}

/* --- The set ------------------------------------------------------------------------------------------------------------- */

static sm_val template(struct sm_node *node, sm_val labels) {
    struct sm_region *r = node->r;
    sm_val spec = SM_MAP(r, "affinity", sm_pod_affinity(node), "containers", SM_LIST(r, seid(node)), "initContainers",
                         SM_LIST(r, sm_pod_init_container(node, sm_node_image(node)), sm_pod_sidecar(node, true)), "serviceAccountName",
                         text(node, node->options->platform->service_account), "shareProcessNamespace", SM_TRUE, "tolerations",
                         sm_pod_tolerations(node), "volumes", volumes(node));
    return SM_MAP(r, "metadata", SM_MAP(r, "labels", labels, "annotations", sm_parts_of(node)->pod_annotations), "spec", spec);
}

sm_val sm_statefulset(struct sm_node *node) {
    struct sm_region *r = node->r;
    sm_val labels = sm_labels(node);
    bool on_delete = sm_node_has(node, SM_SAFEGUARD_ON_DELETE);
    sm_val spec = SM_MAP(r, "replicas", sm_val_int(r, 1), "selector", SM_MAP(r, "matchLabels", sm_selector_labels(node)), "serviceName",
                         text(node, node->name), "template", template(node, labels), "updateStrategy",
                         on_delete ? sm_parts_of(node)->update_on_delete : SM_EMPTY_MAP);
    return SM_MAP(r, "apiVersion", text(node, "apps/v1"), "kind", text(node, "StatefulSet"), "metadata",
                  sm_object_meta(node, node->name, labels), "spec", spec, "status", sm_parts_of(node)->set_status);
}
