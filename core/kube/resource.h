/* Resources: what a request is about. Built-in ones are one list; custom ones are made when their definition is stored. */
#ifndef SM_RESOURCE_H
#define SM_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*        id                group                        version    kind                      plural                    namespaced
 * In order of group and plural: discovery and hashes rest on it. */
#define SM_RESOURCES(X) \
    X(CONFIGMAPS, "", "v1", "ConfigMap", "configmaps", true) \
    X(ENDPOINTS, "", "v1", "Endpoints", "endpoints", true) \
    X(EVENTS, "", "v1", "Event", "events", true) \
    X(LIMITRANGES, "", "v1", "LimitRange", "limitranges", true) \
    X(NAMESPACES, "", "v1", "Namespace", "namespaces", false) \
    X(NODES, "", "v1", "Node", "nodes", false) \
    X(PVCS, "", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true) \
    X(PVS, "", "v1", "PersistentVolume", "persistentvolumes", false) \
    X(PODS, "", "v1", "Pod", "pods", true) \
    X(PODTEMPLATES, "", "v1", "PodTemplate", "podtemplates", true) \
    X(REPLICATIONCONTROLLERS, "", "v1", "ReplicationController", "replicationcontrollers", true) \
    X(RESOURCEQUOTAS, "", "v1", "ResourceQuota", "resourcequotas", true) \
    X(SECRETS, "", "v1", "Secret", "secrets", true) \
    X(SERVICEACCOUNTS, "", "v1", "ServiceAccount", "serviceaccounts", true) \
    X(SERVICES, "", "v1", "Service", "services", true) \
    X(MUTATINGWEBHOOKS, "admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", false) \
    X(ADMISSIONPOLICIES, "admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", false) \
    X(ADMISSIONBINDINGS, "admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings", \
      false) \
    X(VALIDATINGWEBHOOKS, "admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", \
      false) \
    X(CRDS, "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false) \
    X(APISERVICES, "apiregistration.k8s.io", "v1", "APIService", "apiservices", false) \
    X(CONTROLLERREVISIONS, "apps", "v1", "ControllerRevision", "controllerrevisions", true) \
    X(DAEMONSETS, "apps", "v1", "DaemonSet", "daemonsets", true) \
    X(DEPLOYMENTS, "apps", "v1", "Deployment", "deployments", true) \
    X(REPLICASETS, "apps", "v1", "ReplicaSet", "replicasets", true) \
    X(STATEFULSETS, "apps", "v1", "StatefulSet", "statefulsets", true) \
    X(AUTOSCALERS, "autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true) \
    X(AUTOSCALERS_V1, "autoscaling", "v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true) \
    X(CRONJOBS, "batch", "v1", "CronJob", "cronjobs", true) \
    X(JOBS, "batch", "v1", "Job", "jobs", true) \
    X(SIGNINGREQUESTS, "certificates.k8s.io", "v1", "CertificateSigningRequest", "certificatesigningrequests", false) \
    X(LEASES, "coordination.k8s.io", "v1", "Lease", "leases", true) \
    X(ENDPOINTSLICES, "discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true) \
    X(EVENTS_V1, "events.k8s.io", "v1", "Event", "events", true) \
    X(FLOWSCHEMAS, "flowcontrol.apiserver.k8s.io", "v1", "FlowSchema", "flowschemas", false) \
    X(PRIORITYLEVELS, "flowcontrol.apiserver.k8s.io", "v1", "PriorityLevelConfiguration", "prioritylevelconfigurations", false) \
    X(INGRESSCLASSES, "networking.k8s.io", "v1", "IngressClass", "ingressclasses", false) \
    X(INGRESSES, "networking.k8s.io", "v1", "Ingress", "ingresses", true) \
    X(IPADDRESSES, "networking.k8s.io", "v1", "IPAddress", "ipaddresses", false) \
    X(NETWORKPOLICIES, "networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true) \
    X(SERVICECIDRS, "networking.k8s.io", "v1", "ServiceCIDR", "servicecidrs", false) \
    X(RUNTIMECLASSES, "node.k8s.io", "v1", "RuntimeClass", "runtimeclasses", false) \
    X(PDBS, "policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", true) \
    X(CLUSTERROLEBINDINGS, "rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", false) \
    X(CLUSTERROLES, "rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false) \
    X(ROLEBINDINGS, "rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", true) \
    X(ROLES, "rbac.authorization.k8s.io", "v1", "Role", "roles", true) \
    X(DEVICECLASSES, "resource.k8s.io", "v1beta1", "DeviceClass", "deviceclasses", false) \
    X(RESOURCECLAIMS, "resource.k8s.io", "v1beta1", "ResourceClaim", "resourceclaims", true) \
    X(RESOURCECLAIMTEMPLATES, "resource.k8s.io", "v1beta1", "ResourceClaimTemplate", "resourceclaimtemplates", true) \
    X(RESOURCESLICES, "resource.k8s.io", "v1beta1", "ResourceSlice", "resourceslices", false) \
    X(PRIORITYCLASSES, "scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", false) \
    X(SEINODES, "sei.io", "v1alpha1", "SeiNode", "seinodes", true) \
    X(CSIDRIVERS, "storage.k8s.io", "v1", "CSIDriver", "csidrivers", false) \
    X(CSINODES, "storage.k8s.io", "v1", "CSINode", "csinodes", false) \
    X(CSICAPACITIES, "storage.k8s.io", "v1", "CSIStorageCapacity", "csistoragecapacities", true) \
    X(STORAGECLASSES, "storage.k8s.io", "v1", "StorageClass", "storageclasses", false) \
    X(VOLUMEATTACHMENTS, "storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments", false)

struct sm_resource {
    const char *group; /* "" for the core group */
    const char *version;
    const char *api_version; /* `apps/v1`, `v1` */
    const char *kind;        /* `StatefulSet` */
    const char *plural;      /* `statefulsets` */
    bool namespaced;
};

enum sm_resource_id {
#define X(id, group, version, kind, plural, namespaced) SM_##id##_ID,
    SM_RESOURCES(X)
#undef X
    SM_RESOURCE_COUNT
};

extern const struct sm_resource sm_resources[SM_RESOURCE_COUNT];

#define SM_CONFIGMAPS (&sm_resources[SM_CONFIGMAPS_ID])
#define SM_ENDPOINTS (&sm_resources[SM_ENDPOINTS_ID])
#define SM_EVENTS (&sm_resources[SM_EVENTS_ID])
#define SM_LIMITRANGES (&sm_resources[SM_LIMITRANGES_ID])
#define SM_NAMESPACES (&sm_resources[SM_NAMESPACES_ID])
#define SM_NODES (&sm_resources[SM_NODES_ID])
#define SM_PVCS (&sm_resources[SM_PVCS_ID])
#define SM_PVS (&sm_resources[SM_PVS_ID])
#define SM_PODS (&sm_resources[SM_PODS_ID])
#define SM_PODTEMPLATES (&sm_resources[SM_PODTEMPLATES_ID])
#define SM_REPLICATIONCONTROLLERS (&sm_resources[SM_REPLICATIONCONTROLLERS_ID])
#define SM_RESOURCEQUOTAS (&sm_resources[SM_RESOURCEQUOTAS_ID])
#define SM_SECRETS (&sm_resources[SM_SECRETS_ID])
#define SM_SERVICEACCOUNTS (&sm_resources[SM_SERVICEACCOUNTS_ID])
#define SM_SERVICES (&sm_resources[SM_SERVICES_ID])
#define SM_MUTATINGWEBHOOKS (&sm_resources[SM_MUTATINGWEBHOOKS_ID])
#define SM_ADMISSIONPOLICIES (&sm_resources[SM_ADMISSIONPOLICIES_ID])
#define SM_ADMISSIONBINDINGS (&sm_resources[SM_ADMISSIONBINDINGS_ID])
#define SM_VALIDATINGWEBHOOKS (&sm_resources[SM_VALIDATINGWEBHOOKS_ID])
#define SM_CRDS (&sm_resources[SM_CRDS_ID])
#define SM_APISERVICES (&sm_resources[SM_APISERVICES_ID])
#define SM_CONTROLLERREVISIONS (&sm_resources[SM_CONTROLLERREVISIONS_ID])
#define SM_DAEMONSETS (&sm_resources[SM_DAEMONSETS_ID])
#define SM_DEPLOYMENTS (&sm_resources[SM_DEPLOYMENTS_ID])
#define SM_REPLICASETS (&sm_resources[SM_REPLICASETS_ID])
#define SM_STATEFULSETS (&sm_resources[SM_STATEFULSETS_ID])
#define SM_AUTOSCALERS (&sm_resources[SM_AUTOSCALERS_ID])
#define SM_AUTOSCALERS_V1 (&sm_resources[SM_AUTOSCALERS_V1_ID])
#define SM_CRONJOBS (&sm_resources[SM_CRONJOBS_ID])
#define SM_JOBS (&sm_resources[SM_JOBS_ID])
#define SM_SIGNINGREQUESTS (&sm_resources[SM_SIGNINGREQUESTS_ID])
#define SM_LEASES (&sm_resources[SM_LEASES_ID])
#define SM_ENDPOINTSLICES (&sm_resources[SM_ENDPOINTSLICES_ID])
#define SM_EVENTS_V1 (&sm_resources[SM_EVENTS_V1_ID])
#define SM_FLOWSCHEMAS (&sm_resources[SM_FLOWSCHEMAS_ID])
#define SM_PRIORITYLEVELS (&sm_resources[SM_PRIORITYLEVELS_ID])
#define SM_INGRESSCLASSES (&sm_resources[SM_INGRESSCLASSES_ID])
#define SM_INGRESSES (&sm_resources[SM_INGRESSES_ID])
#define SM_IPADDRESSES (&sm_resources[SM_IPADDRESSES_ID])
#define SM_NETWORKPOLICIES (&sm_resources[SM_NETWORKPOLICIES_ID])
#define SM_SERVICECIDRS (&sm_resources[SM_SERVICECIDRS_ID])
#define SM_RUNTIMECLASSES (&sm_resources[SM_RUNTIMECLASSES_ID])
#define SM_PDBS (&sm_resources[SM_PDBS_ID])
#define SM_CLUSTERROLEBINDINGS (&sm_resources[SM_CLUSTERROLEBINDINGS_ID])
#define SM_CLUSTERROLES (&sm_resources[SM_CLUSTERROLES_ID])
#define SM_ROLEBINDINGS (&sm_resources[SM_ROLEBINDINGS_ID])
#define SM_ROLES (&sm_resources[SM_ROLES_ID])
#define SM_DEVICECLASSES (&sm_resources[SM_DEVICECLASSES_ID])
#define SM_RESOURCECLAIMS (&sm_resources[SM_RESOURCECLAIMS_ID])
#define SM_RESOURCECLAIMTEMPLATES (&sm_resources[SM_RESOURCECLAIMTEMPLATES_ID])
#define SM_RESOURCESLICES (&sm_resources[SM_RESOURCESLICES_ID])
#define SM_PRIORITYCLASSES (&sm_resources[SM_PRIORITYCLASSES_ID])
#define SM_SEINODES (&sm_resources[SM_SEINODES_ID])
#define SM_CSIDRIVERS (&sm_resources[SM_CSIDRIVERS_ID])
#define SM_CSINODES (&sm_resources[SM_CSINODES_ID])
#define SM_CSICAPACITIES (&sm_resources[SM_CSICAPACITIES_ID])
#define SM_STORAGECLASSES (&sm_resources[SM_STORAGECLASSES_ID])
#define SM_VOLUMEATTACHMENTS (&sm_resources[SM_VOLUMEATTACHMENTS_ID])

/* The same by their names; for sm_resource_same. */
bool sm_resource_same_names(const struct sm_resource *a, const struct sm_resource *b);

static inline bool sm_resource_is_builtin(const struct sm_resource *resource) {
    return (uintptr_t)resource - (uintptr_t)sm_resources < sizeof sm_resources;
}

/* True if both name the same resource, whatever the version. Two built-in ones are the same only if they are one. */
static inline bool sm_resource_same(const struct sm_resource *a, const struct sm_resource *b) {
    return a == b || (!(sm_resource_is_builtin(a) && sm_resource_is_builtin(b)) && sm_resource_same_names(a, b));
}

/* `apps/v1`, `v1`. */
const char *sm_resource_api_version(const struct sm_resource *resource);

/* The built-in resource of a manifest's apiVersion and kind, or NULL. */
const struct sm_resource *sm_resource_of_kind(const char *api_version, const char *kind);

/* The built-in resource by plural (`pods`), plural with group (`statefulsets.apps`), singular or kind in any case, or NULL. */
const struct sm_resource *sm_resource_by_name(const char *name);

#endif
