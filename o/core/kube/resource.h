/* Resources: what a request is about. Built-in ones are one list; custom ones are made when their definition is stored. */
#ifndef SM_RESOURCE_H
#define SM_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>

/*        id                group                        version    kind                      plural                    namespaced */
#define SM_RESOURCES(X) \
    X(PODS, "", "v1", "Pod", "pods", true) \
    X(SERVICES, "", "v1", "Service", "services", true) \
    X(PVCS, "", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true) \
    X(PVS, "", "v1", "PersistentVolume", "persistentvolumes", false) \
    X(SECRETS, "", "v1", "Secret", "secrets", true) \
    X(CONFIGMAPS, "", "v1", "ConfigMap", "configmaps", true) \
    X(EVENTS, "", "v1", "Event", "events", true) \
    X(NAMESPACES, "", "v1", "Namespace", "namespaces", false) \
    X(NODES, "", "v1", "Node", "nodes", false) \
    X(SERVICEACCOUNTS, "", "v1", "ServiceAccount", "serviceaccounts", true) \
    X(STATEFULSETS, "apps", "v1", "StatefulSet", "statefulsets", true) \
    X(CONTROLLERREVISIONS, "apps", "v1", "ControllerRevision", "controllerrevisions", true) \
    X(JOBS, "batch", "v1", "Job", "jobs", true) \
    X(LEASES, "coordination.k8s.io", "v1", "Lease", "leases", true) \
    X(CLUSTERROLES, "rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false) \
    X(CLUSTERROLEBINDINGS, "rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", false) \
    X(ROLES, "rbac.authorization.k8s.io", "v1", "Role", "roles", true) \
    X(ROLEBINDINGS, "rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", true) \
    X(ENDPOINTS, "", "v1", "Endpoints", "endpoints", true) \
    X(PODTEMPLATES, "", "v1", "PodTemplate", "podtemplates", true) \
    X(RESOURCEQUOTAS, "", "v1", "ResourceQuota", "resourcequotas", true) \
    X(DEPLOYMENTS, "apps", "v1", "Deployment", "deployments", true) \
    X(REPLICASETS, "apps", "v1", "ReplicaSet", "replicasets", true) \
    X(PDBS, "policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", true) \
    X(CRDS, "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false) \
    X(SEINODES, "sei.io", "v1alpha1", "SeiNode", "seinodes", true)

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

#define SM_PODS (&sm_resources[SM_PODS_ID])
#define SM_SERVICES (&sm_resources[SM_SERVICES_ID])
#define SM_PVCS (&sm_resources[SM_PVCS_ID])
#define SM_PVS (&sm_resources[SM_PVS_ID])
#define SM_SECRETS (&sm_resources[SM_SECRETS_ID])
#define SM_CONFIGMAPS (&sm_resources[SM_CONFIGMAPS_ID])
#define SM_EVENTS (&sm_resources[SM_EVENTS_ID])
#define SM_NAMESPACES (&sm_resources[SM_NAMESPACES_ID])
#define SM_NODES (&sm_resources[SM_NODES_ID])
#define SM_SERVICEACCOUNTS (&sm_resources[SM_SERVICEACCOUNTS_ID])
#define SM_STATEFULSETS (&sm_resources[SM_STATEFULSETS_ID])
#define SM_CONTROLLERREVISIONS (&sm_resources[SM_CONTROLLERREVISIONS_ID])
#define SM_JOBS (&sm_resources[SM_JOBS_ID])
#define SM_LEASES (&sm_resources[SM_LEASES_ID])
#define SM_CLUSTERROLES (&sm_resources[SM_CLUSTERROLES_ID])
#define SM_CLUSTERROLEBINDINGS (&sm_resources[SM_CLUSTERROLEBINDINGS_ID])
#define SM_ROLES (&sm_resources[SM_ROLES_ID])
#define SM_ROLEBINDINGS (&sm_resources[SM_ROLEBINDINGS_ID])
#define SM_ENDPOINTS (&sm_resources[SM_ENDPOINTS_ID])
#define SM_PODTEMPLATES (&sm_resources[SM_PODTEMPLATES_ID])
#define SM_RESOURCEQUOTAS (&sm_resources[SM_RESOURCEQUOTAS_ID])
#define SM_DEPLOYMENTS (&sm_resources[SM_DEPLOYMENTS_ID])
#define SM_REPLICASETS (&sm_resources[SM_REPLICASETS_ID])
#define SM_PDBS (&sm_resources[SM_PDBS_ID])
#define SM_CRDS (&sm_resources[SM_CRDS_ID])
#define SM_SEINODES (&sm_resources[SM_SEINODES_ID])

/* True if both name the same resource, whatever the version. */
bool sm_resource_same(const struct sm_resource *a, const struct sm_resource *b);

/* `apps/v1`, `v1`. */
const char *sm_resource_api_version(const struct sm_resource *resource);

/* The built-in resource of a manifest's apiVersion and kind, or NULL. */
const struct sm_resource *sm_resource_of_kind(const char *api_version, const char *kind);

/* The built-in resource by plural (`pods`), plural with group (`statefulsets.apps`), singular or kind in any case, or NULL. */
const struct sm_resource *sm_resource_by_name(const char *name);

#endif
