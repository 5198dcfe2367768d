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
        .singular = "serviceaccount", .short_names = NAMES("sa"), .delete_answers_object = true, .create = sm_service_account_create,
        .update = sm_service_account_update,
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
    [SM_EVENTS_V1_ID] = {
        .resource = SM_EVENTS_V1, .schema = &sm_schema_event_v1, .view = &sm_view_event, .list_kind = "EventList", .singular = "event",
        .short_names = NAMES("ev"), .create_on_update = true,
        .selectable = NAMES("reason", "regarding.kind", "regarding.namespace", "regarding.name", "regarding.uid", "regarding.apiVersion",
                            "regarding.resourceVersion", "regarding.fieldPath", "reportingController", "type"),
    },
    [SM_LIMITRANGES_ID] = {
        .resource = SM_LIMITRANGES, .schema = &sm_schema_limit_range, .list_kind = "LimitRangeList", .singular = "limitrange",
        .short_names = NAMES("limits"),
    },
    [SM_REPLICATIONCONTROLLERS_ID] = {
        .resource = SM_REPLICATIONCONTROLLERS, .schema = &sm_schema_replication_controller, .list_kind = "ReplicationControllerList",
        .singular = "replicationcontroller", .short_names = NAMES("rc"), .categories = ALL, .generation = SM_GENERATION_SPEC, .status = true,
        .scale = true, .selectable = NAMES("status.replicas"),
    },
    [SM_DAEMONSETS_ID] = {
        .resource = SM_DAEMONSETS, .schema = &sm_schema_daemon_set, .list_kind = "DaemonSetList", .singular = "daemonset",
        .short_names = NAMES("ds"), .categories = ALL, .generation = SM_GENERATION_SPEC, .status = true, .validate = sm_workload_validate,
    },
    [SM_CRONJOBS_ID] = {
        .resource = SM_CRONJOBS, .schema = &sm_schema_cron_job, .list_kind = "CronJobList", .singular = "cronjob",
        .short_names = NAMES("cj"), .categories = ALL, .generation = SM_GENERATION_SPEC, .status = true,
    },
    [SM_AUTOSCALERS_ID] = {
        .resource = SM_AUTOSCALERS, .schema = &sm_schema_autoscaler, .list_kind = "HorizontalPodAutoscalerList",
        .singular = "horizontalpodautoscaler", .short_names = NAMES("hpa"), .categories = ALL, .status = true,
    },
    [SM_AUTOSCALERS_V1_ID] = {
        .resource = SM_AUTOSCALERS_V1, .schema = &sm_schema_autoscaler_v1, .view = &sm_view_autoscaler,
        .list_kind = "HorizontalPodAutoscalerList", .singular = "horizontalpodautoscaler", .short_names = NAMES("hpa"), .categories = ALL,
        .status = true,
    },
    [SM_ENDPOINTSLICES_ID] = {
        .resource = SM_ENDPOINTSLICES, .schema = &sm_schema_endpoint_slice, .list_kind = "EndpointSliceList", .singular = "endpointslice",
        .generation = SM_GENERATION_ALL,
    },
    [SM_INGRESSES_ID] = {
        .resource = SM_INGRESSES, .schema = &sm_schema_ingress, .list_kind = "IngressList", .singular = "ingress",
        .short_names = NAMES("ing"), .generation = SM_GENERATION_SPEC, .status = true,
    },
    [SM_INGRESSCLASSES_ID] = {
        .resource = SM_INGRESSCLASSES, .schema = &sm_schema_ingress_class, .list_kind = "IngressClassList", .singular = "ingressclass",
        .generation = SM_GENERATION_SPEC,
    },
    [SM_NETWORKPOLICIES_ID] = {
        .resource = SM_NETWORKPOLICIES, .schema = &sm_schema_network_policy, .list_kind = "NetworkPolicyList", .singular = "networkpolicy",
        .short_names = NAMES("netpol"), .generation = SM_GENERATION_SPEC,
    },
    [SM_STORAGECLASSES_ID] = {
        .resource = SM_STORAGECLASSES, .schema = &sm_schema_storage_class, .list_kind = "StorageClassList", .singular = "storageclass",
        .short_names = NAMES("sc"),
    },
    [SM_PRIORITYCLASSES_ID] = {
        .resource = SM_PRIORITYCLASSES, .schema = &sm_schema_priority_class, .list_kind = "PriorityClassList", .singular = "priorityclass",
        .short_names = NAMES("pc"), .generation = SM_GENERATION_SPEC,
    },
    [SM_RUNTIMECLASSES_ID] = {
        .resource = SM_RUNTIMECLASSES, .schema = &sm_schema_runtime_class, .list_kind = "RuntimeClassList", .singular = "runtimeclass",
    },
    [SM_MUTATINGWEBHOOKS_ID] = {
        .resource = SM_MUTATINGWEBHOOKS, .schema = &sm_schema_mutating_webhook, .list_kind = "MutatingWebhookConfigurationList", .singular = "mutatingwebhookconfiguration",
        .generation = SM_GENERATION_ALL,
    },
    [SM_VALIDATINGWEBHOOKS_ID] = {
        .resource = SM_VALIDATINGWEBHOOKS, .schema = &sm_schema_validating_webhook, .list_kind = "ValidatingWebhookConfigurationList", .singular = "validatingwebhookconfiguration",
        .generation = SM_GENERATION_ALL,
    },
    [SM_ADMISSIONPOLICIES_ID] = {
        .resource = SM_ADMISSIONPOLICIES, .schema = &sm_schema_admission_policy, .list_kind = "ValidatingAdmissionPolicyList", .singular = "validatingadmissionpolicy",
        .generation = SM_GENERATION_SPEC, .status = true,
    },
    [SM_ADMISSIONBINDINGS_ID] = {
        .resource = SM_ADMISSIONBINDINGS, .schema = &sm_schema_admission_binding, .list_kind = "ValidatingAdmissionPolicyBindingList", .singular = "validatingadmissionpolicybinding",
        .generation = SM_GENERATION_SPEC,
    },
    [SM_APISERVICES_ID] = {
        .resource = SM_APISERVICES, .schema = &sm_schema_api_service, .list_kind = "APIServiceList", .singular = "apiservice",
        .status = true, .categories = NAMES("api-extensions"),
    },
    [SM_SIGNINGREQUESTS_ID] = {
        .resource = SM_SIGNINGREQUESTS, .schema = &sm_schema_signing_request, .list_kind = "CertificateSigningRequestList", .singular = "certificatesigningrequest",
        .status = true, .short_names = NAMES("csr"),
    },
    [SM_FLOWSCHEMAS_ID] = {
        .resource = SM_FLOWSCHEMAS, .schema = &sm_schema_flow_schema, .list_kind = "FlowSchemaList", .singular = "flowschema",
        .generation = SM_GENERATION_SPEC, .status = true,
    },
    [SM_PRIORITYLEVELS_ID] = {
        .resource = SM_PRIORITYLEVELS, .schema = &sm_schema_priority_level, .list_kind = "PriorityLevelConfigurationList", .singular = "prioritylevelconfiguration",
        .generation = SM_GENERATION_SPEC, .status = true,
    },
    [SM_IPADDRESSES_ID] = {
        .resource = SM_IPADDRESSES, .schema = &sm_schema_ip_address, .list_kind = "IPAddressList", .singular = "ipaddress",
        .short_names = NAMES("ip"),
    },
    [SM_SERVICECIDRS_ID] = {
        .resource = SM_SERVICECIDRS, .schema = &sm_schema_service_cidr, .list_kind = "ServiceCIDRList", .singular = "servicecidr",
        .status = true,
    },
    [SM_DEVICECLASSES_ID] = {
        .resource = SM_DEVICECLASSES, .schema = &sm_schema_device_class, .list_kind = "DeviceClassList", .singular = "deviceclass",
        .generation = SM_GENERATION_SPEC,
    },
    [SM_RESOURCECLAIMS_ID] = {
        .resource = SM_RESOURCECLAIMS, .schema = &sm_schema_resource_claim, .list_kind = "ResourceClaimList", .singular = "resourceclaim",
        .status = true,
    },
    [SM_RESOURCECLAIMTEMPLATES_ID] = {
        .resource = SM_RESOURCECLAIMTEMPLATES, .schema = &sm_schema_resource_claim_template, .list_kind = "ResourceClaimTemplateList", .singular = "resourceclaimtemplate",
    },
    [SM_RESOURCESLICES_ID] = {
        .resource = SM_RESOURCESLICES, .schema = &sm_schema_resource_slice, .list_kind = "ResourceSliceList", .singular = "resourceslice",
        .generation = SM_GENERATION_SPEC,
    },
    [SM_CSIDRIVERS_ID] = {
        .resource = SM_CSIDRIVERS, .schema = &sm_schema_csi_driver, .list_kind = "CSIDriverList", .singular = "csidriver",
    },
    [SM_CSINODES_ID] = {
        .resource = SM_CSINODES, .schema = &sm_schema_csi_node, .list_kind = "CSINodeList", .singular = "csinode",
    },
    [SM_CSICAPACITIES_ID] = {
        .resource = SM_CSICAPACITIES, .schema = &sm_schema_csi_capacity, .list_kind = "CSIStorageCapacityList", .singular = "csistoragecapacity",
    },
    [SM_VOLUMEATTACHMENTS_ID] = {
        .resource = SM_VOLUMEATTACHMENTS, .schema = &sm_schema_volume_attachment, .list_kind = "VolumeAttachmentList", .singular = "volumeattachment",
        .status = true,
    },
};

const struct sm_kind_info *sm_kind_builtin(const struct sm_resource *resource) {
    if (sm_resource_is_builtin(resource)) {
        const struct sm_kind_info *kind = &kinds[resource - sm_resources];
        return kind->schema ? kind : NULL;
    }
    for (size_t i = 0; i < SM_RESOURCE_COUNT; i++)
        if (kinds[i].schema && sm_resource_same(resource, kinds[i].resource))
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
