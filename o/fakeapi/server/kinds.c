/* The table of built-in kinds, and what can be asked of it. */
#include <string.h>

#include "json.h"
#include "kind.h"
#include "kind_functions.h"
#include "schema_types.h"

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define ALL NAMES("all")

static const struct sm_kind_info kinds[SM_RESOURCE_COUNT] = {
    [SM_PODS_ID] = {
        .resource = SM_PODS, .schema = &sm_schema_pod, .list_kind = "PodList", .singular = "pod", .short_names = NAMES("po"),
        .categories = ALL, .generation = SM_GENERATION_SPEC, .status = true, .delete_answers_object = true, .graceful = true,
        .create = sm_pod_create, .update = sm_pod_update, .validate = sm_pod_validate, .warn = sm_pod_warn,
        .selectable = NAMES("spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
                            "status.phase", "status.podIP", "status.podIPs", "status.nominatedNodeName"),
    },
    [SM_SERVICES_ID] = {
        .resource = SM_SERVICES, .schema = &sm_schema_service, .list_kind = "ServiceList", .singular = "service",
        .short_names = NAMES("svc"), .categories = ALL, .name_rule = SM_NAME_LABEL_1035, .status = true, .create_on_update = true,
        .delete_answers_object = true, .create = sm_service_create, .update = sm_service_update, .validate = sm_service_validate,
        .selectable = NAMES("spec.clusterIP", "spec.type"),
    },
    [SM_PVCS_ID] = {
        .resource = SM_PVCS, .schema = &sm_schema_claim, .list_kind = "PersistentVolumeClaimList", .singular = "persistentvolumeclaim",
        .short_names = NAMES("pvc"), .status = true, .delete_answers_object = true, .create = sm_claim_create,
        .validate = sm_claim_validate,
    },
    [SM_PVS_ID] = {
        .resource = SM_PVS, .schema = &sm_schema_volume_kind, .list_kind = "PersistentVolumeList", .singular = "persistentvolume",
        .short_names = NAMES("pv"), .status = true, .delete_answers_object = true, .create = sm_volume_create,
        .validate = sm_volume_validate,
    },
    [SM_SECRETS_ID] = {
        .resource = SM_SECRETS, .schema = &sm_schema_secret, .list_kind = "SecretList", .singular = "secret", .update = sm_secret_update,
        .validate = sm_secret_validate, .selectable = NAMES("type"),
    },
    [SM_CONFIGMAPS_ID] = {
        .resource = SM_CONFIGMAPS, .schema = &sm_schema_config_map, .list_kind = "ConfigMapList", .singular = "configmap",
        .short_names = NAMES("cm"), .validate = sm_config_map_validate,
    },
    [SM_EVENTS_ID] = {
        .resource = SM_EVENTS, .schema = &sm_schema_event, .list_kind = "EventList", .singular = "event", .short_names = NAMES("ev"),
        .create_on_update = true, .validate = sm_event_validate,
        .selectable = NAMES("involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
                            "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
                            "reportingComponent", "source", "type"),
    },
    [SM_NAMESPACES_ID] = {
        .resource = SM_NAMESPACES, .schema = &sm_schema_namespace, .list_kind = "NamespaceList", .singular = "namespace",
        .short_names = NAMES("ns"), .name_rule = SM_NAME_LABEL, .status = true, .create = sm_namespace_create,
        .update = sm_namespace_update, .selectable = NAMES("status.phase"),
    },
    [SM_NODES_ID] = {
        .resource = SM_NODES, .schema = &sm_schema_node, .list_kind = "NodeList", .singular = "node", .short_names = NAMES("no"),
        .status = true, .selectable = NAMES("spec.unschedulable"),
    },
    [SM_SERVICEACCOUNTS_ID] = {
        .resource = SM_SERVICEACCOUNTS, .schema = &sm_schema_service_account, .list_kind = "ServiceAccountList",
        .singular = "serviceaccount", .short_names = NAMES("sa"), .update_needs_version = true, .delete_answers_object = true,
    },
    [SM_STATEFULSETS_ID] = {
        .resource = SM_STATEFULSETS, .schema = &sm_schema_stateful_set, .list_kind = "StatefulSetList", .singular = "statefulset",
        .short_names = NAMES("sts"), .categories = ALL, .generation = SM_GENERATION_SPEC, .name_rule = SM_NAME_LABEL, .status = true,
        .scale = true, .create = sm_stateful_set_create, .update = sm_stateful_set_update, .validate = sm_stateful_set_validate,
    },
    [SM_CONTROLLERREVISIONS_ID] = {
        .resource = SM_CONTROLLERREVISIONS, .schema = &sm_schema_controller_revision, .list_kind = "ControllerRevisionList",
        .singular = "controllerrevision", .validate = sm_controller_revision_validate,
    },
    [SM_JOBS_ID] = {
        .resource = SM_JOBS, .schema = &sm_schema_job, .list_kind = "JobList", .singular = "job", .categories = ALL,
        .generation = SM_GENERATION_SPEC, .propagation = SM_ORPHAN, .status = true, .create = sm_job_create, .validate = sm_job_validate,
        .selectable = NAMES("status.successful"),
    },
    [SM_LEASES_ID] = {
        .resource = SM_LEASES, .schema = &sm_schema_lease, .list_kind = "LeaseList", .singular = "lease", .update_needs_version = true,
        .create_on_update = true, .validate = sm_lease_validate,
    },
    [SM_CLUSTERROLES_ID] = {
        .resource = SM_CLUSTERROLES, .schema = &sm_schema_cluster_role, .list_kind = "ClusterRoleList", .singular = "clusterrole",
        .name_rule = SM_NAME_PATH_SEGMENT, .create_on_update = true, .validate = sm_role_validate,
    },
    [SM_CLUSTERROLEBINDINGS_ID] = {
        .resource = SM_CLUSTERROLEBINDINGS, .schema = &sm_schema_cluster_role_binding, .list_kind = "ClusterRoleBindingList",
        .singular = "clusterrolebinding", .name_rule = SM_NAME_PATH_SEGMENT, .create_on_update = true,
        .validate = sm_role_binding_validate,
    },
    [SM_ROLES_ID] = {
        .resource = SM_ROLES, .schema = &sm_schema_role, .list_kind = "RoleList", .singular = "role", .name_rule = SM_NAME_PATH_SEGMENT,
        .create_on_update = true, .validate = sm_role_validate,
    },
    [SM_ROLEBINDINGS_ID] = {
        .resource = SM_ROLEBINDINGS, .schema = &sm_schema_role_binding, .list_kind = "RoleBindingList", .singular = "rolebinding",
        .name_rule = SM_NAME_PATH_SEGMENT, .create_on_update = true, .validate = sm_role_binding_validate,
    },
    [SM_ENDPOINTS_ID] = {
        .resource = SM_ENDPOINTS, .schema = &sm_schema_endpoints, .list_kind = "EndpointsList", .singular = "endpoints",
        .short_names = NAMES("ep"), .create_on_update = true,
    },
    [SM_PODTEMPLATES_ID] = {
        .resource = SM_PODTEMPLATES, .schema = &sm_schema_pod_template, .list_kind = "PodTemplateList", .singular = "podtemplate",
        .generation = SM_GENERATION_SPEC, .delete_answers_object = true,
    },
    [SM_RESOURCEQUOTAS_ID] = {
        .resource = SM_RESOURCEQUOTAS, .schema = &sm_schema_resource_quota, .list_kind = "ResourceQuotaList", .singular = "resourcequota",
        .short_names = NAMES("quota"), .status = true, .delete_answers_object = true,
    },
    [SM_DEPLOYMENTS_ID] = {
        .resource = SM_DEPLOYMENTS, .schema = &sm_schema_deployment, .list_kind = "DeploymentList", .singular = "deployment",
        .short_names = NAMES("deploy"), .categories = ALL, .generation = SM_GENERATION_SPEC, .status = true, .scale = true,
        .validate = sm_workload_validate,
    },
    [SM_REPLICASETS_ID] = {
        .resource = SM_REPLICASETS, .schema = &sm_schema_replica_set, .list_kind = "ReplicaSetList", .singular = "replicaset",
        .short_names = NAMES("rs"), .categories = ALL, .generation = SM_GENERATION_SPEC, .status = true, .scale = true,
        .validate = sm_workload_validate,
    },
    [SM_PDBS_ID] = {
        .resource = SM_PDBS, .schema = &sm_schema_disruption_budget, .list_kind = "PodDisruptionBudgetList",
        .singular = "poddisruptionbudget", .short_names = NAMES("pdb"), .generation = SM_GENERATION_SPEC, .status = true,
        .update_needs_version = true, .validate = sm_disruption_budget_validate,
    },
    [SM_CRDS_ID] = {
        .resource = SM_CRDS, .schema = &sm_schema_crd, .list_kind = "CustomResourceDefinitionList", .singular = "customresourcedefinition",
        .short_names = NAMES("crd", "crds"), .categories = NAMES("api-extensions"), .generation = SM_GENERATION_SPEC, .status = true,
        .update_needs_version = true, .validate = sm_definition_validate,
    },
};

const struct sm_kind_info *sm_kind_builtin(const struct sm_resource *resource) {
    for (size_t i = 0; i < SM_RESOURCE_COUNT; i++)
        if (kinds[i].schema && (resource == kinds[i].resource || sm_resource_same(resource, kinds[i].resource)))
            return &kinds[i];
    return NULL;
}

/* --- Field selectors --------------------------------------------------------------------------------------------------------- */

/* Fields that say something even where the object does not. */
static const char *const fields_absent[][2] = {
    {"spec.hostNetwork",   "false"},
    {"spec.unschedulable", "false"},
    {"status.succeeded",   "0"},
};

static const char *ips_text(struct sm_region *r, sm_val ips) {
    struct sm_str text;
    sm_str_init(&text, r);
    sm_val ip;
    SM_EACH_ITEM(ip, ips)
        sm_str_addf(&text, "%s%s", ip_i ? "," : "", sm_val_str_at(ip, "ip"));
    return text.data;
}

const char *sm_kind_field_text(struct sm_region *r, sm_val object, const char *path) {
    if (strcmp(path, "source") == 0) {
        const char *component = sm_val_str_at(object, "source.component");
        return *component ? component : sm_val_str_at(object, "reportingComponent");
    }
    if (strcmp(path, "status.successful") == 0)
        path = "status.succeeded";

    sm_val value = sm_val_at(object, path);
    if (!value)
        for (size_t i = 0; i < sizeof fields_absent / sizeof *fields_absent; i++)
            if (strcmp(path, fields_absent[i][0]) == 0)
                return fields_absent[i][1];
    if (sm_val_is_list(value))
        return ips_text(r, value);
    return sm_val_is_string(value) || !value ? sm_val_text(value) : sm_json_text(r, value, SM_JSON_COMPACT);
}
