/* The columns of built-in kinds, as kube-apiserver 1.33 prints them. */
#include <string.h>

#include "printer.h"

#define NAME \
    { "Name", sm_cell_text, "metadata.name", NULL, 0, NULL }
#define AGE \
    { "Age", sm_cell_age, NULL, NULL, 0, NULL }
#define TEXT(name, path) \
    { name, sm_cell_text, path, NULL, 0, NULL }
#define TEXT_OR(name, path, absent) \
    { name, sm_cell_text, path, absent, 0, NULL }
#define WIDE(name, path, absent) \
    { name, sm_cell_text, path, absent, 1, NULL }
#define INT(name, path) \
    { name, sm_cell_int, path, NULL, 0, "integer" }
#define NUMBER(name, path) \
    { name, sm_cell_int, path, NULL, 0, NULL }
#define COUNT(name, path) \
    { name, sm_cell_count, path, NULL, 0, NULL }
#define CELL(name, cell) \
    { name, cell, NULL, NULL, 0, NULL }
#define OWN(name, cell, path) \
    { name, cell, path, NULL, 0, NULL }
#define WIDE_OWN(name, cell, path) \
    { name, cell, path, NULL, 1, NULL }
#define CONTAINERS(path) \
    {"Containers", sm_cell_containers, path, NULL, 1, NULL}, { \
        "Images", sm_cell_images, path, NULL, 1, NULL \
    }
#define SELECTOR \
    { "Selector", sm_cell_selector, "spec.selector", NULL, 1, NULL }
#define END \
    { NULL, NULL, NULL, NULL, 0, NULL }

#define TEMPLATE "spec.template.spec.containers"

static const struct sm_column pods[] = {
    NAME, CELL("Ready", sm_cell_pod_ready), CELL("Status", sm_cell_pod_status), CELL("Restarts", sm_cell_pod_restarts), AGE,
    WIDE("IP", "status.podIP", "<none>"), WIDE("Node", "spec.nodeName", "<none>"),
    WIDE("Nominated Node", "status.nominatedNodeName", "<none>"), WIDE_OWN("Readiness Gates", sm_cell_pod_gates, NULL), END};
static const struct sm_column services[] = {NAME, TEXT("Type", "spec.type"), TEXT_OR("Cluster-IP", "spec.clusterIP", "<none>"),
                                            CELL("External-IP", sm_cell_service_address), CELL("Port(s)", sm_cell_service_ports), AGE,
                                            WIDE_OWN("Selector", sm_cell_labels, "spec.selector"), END};
static const struct sm_column claims[] = {
    NAME, OWN("Status", sm_cell_phase, "status.phase"), TEXT("Volume", "spec.volumeName"),
    OWN("Capacity", sm_cell_claim, "status.capacity.storage"), OWN("Access Modes", sm_cell_access_modes, "status.accessModes"),
    OWN("StorageClass", sm_cell_class, "spec.storageClassName"),
    TEXT_OR("VolumeAttributesClass", "spec.volumeAttributesClassName", "<unset>"), AGE, WIDE("VolumeMode", "spec.volumeMode", "<unset>"),
    END};
static const struct sm_column volumes[] = {
    NAME, TEXT("Capacity", "spec.capacity.storage"), OWN("Access Modes", sm_cell_access_modes, "spec.accessModes"),
    TEXT("Reclaim Policy", "spec.persistentVolumeReclaimPolicy"), OWN("Status", sm_cell_phase, "status.phase"),
    OWN("Claim", sm_cell_data, "spec.claimRef"), OWN("StorageClass", sm_cell_class, "spec.storageClassName"),
    TEXT_OR("VolumeAttributesClass", "spec.volumeAttributesClassName", "<unset>"), TEXT("Reason", "status.reason"), AGE,
    WIDE("VolumeMode", "spec.volumeMode", "<unset>"), END};
static const struct sm_column secrets[] = {NAME, TEXT("Type", "type"), COUNT("Data", "data"), AGE, END};
static const struct sm_column config_maps[] = {NAME, OWN("Data", sm_cell_data, "data"), AGE, END};
static const struct sm_column events[] = {
    CELL("Last Seen", sm_cell_event_last), TEXT("Type", "type"), TEXT("Reason", "reason"), CELL("Object", sm_cell_event_object),
    WIDE("Subobject", "involvedObject.fieldPath", NULL), WIDE_OWN("Source", sm_cell_event_source, NULL), OWN("Message", sm_cell_message, "message"),
    WIDE_OWN("First Seen", sm_cell_event_first, NULL), WIDE_OWN("Count", sm_cell_event_count, NULL), WIDE("Name", "metadata.name", NULL),
    END};
static const struct sm_column namespaces[] = {NAME, TEXT("Status", "status.phase"), AGE, END};
static const struct sm_column nodes[] = {
    NAME, CELL("Status", sm_cell_node_status), CELL("Roles", sm_cell_node_roles), AGE, TEXT("Version", "status.nodeInfo.kubeletVersion"),
    WIDE_OWN("Internal-IP", sm_cell_address, "InternalIP"), WIDE_OWN("External-IP", sm_cell_address, "ExternalIP"),
    WIDE("OS-Image", "status.nodeInfo.osImage", "<unknown>"), WIDE("Kernel-Version", "status.nodeInfo.kernelVersion", "<unknown>"),
    WIDE("Container-Runtime", "status.nodeInfo.containerRuntimeVersion", "<unknown>"), END};
static const struct sm_column accounts[] = {NAME, COUNT("Secrets", "secrets"), AGE, END};
static const struct sm_column endpoints[] = {NAME, CELL("Endpoints", sm_cell_endpoints), AGE, END};
static const struct sm_column templates[] = {NAME, OWN("Containers", sm_cell_containers, "template.spec.containers"),
                                             OWN("Images", sm_cell_images, "template.spec.containers"),
                                             OWN("Pod Labels", sm_cell_labels, "template.metadata.labels"), END};
static const struct sm_column quotas[] = {NAME, OWN("Request", sm_cell_quota, "requests"), OWN("Limit", sm_cell_quota, "limits"), AGE, END};
static const struct sm_column controllers[] = {NAME, INT("Desired", "spec.replicas"), INT("Current", "status.replicas"),
                                               INT("Ready", "status.readyReplicas"), AGE, CONTAINERS(TEMPLATE),
                                               WIDE_OWN("Selector", sm_cell_labels, "spec.selector"), END};

static const struct sm_column stateful_sets[] = {NAME, OWN("Ready", sm_cell_ratio, "status.readyReplicas"), AGE, CONTAINERS(TEMPLATE), END};
static const struct sm_column revisions[] = {NAME, CELL("Controller", sm_cell_controller), NUMBER("Revision", "revision"), AGE, END};
static const struct sm_column deployments[] = {NAME, OWN("Ready", sm_cell_ratio, "status.readyReplicas"),
                                               NUMBER("Up-to-date", "status.updatedReplicas"), NUMBER("Available", "status.availableReplicas"),
                                               AGE, CONTAINERS(TEMPLATE), SELECTOR, END};
static const struct sm_column replica_sets[] = {NAME, INT("Desired", "spec.replicas"), INT("Current", "status.replicas"),
                                                INT("Ready", "status.readyReplicas"), AGE, CONTAINERS(TEMPLATE), SELECTOR, END};
static const struct sm_column daemon_sets[] = {
    NAME, INT("Desired", "status.desiredNumberScheduled"), INT("Current", "status.currentNumberScheduled"),
    INT("Ready", "status.numberReady"), INT("Up-to-date", "status.updatedNumberScheduled"), INT("Available", "status.numberAvailable"),
    OWN("Node Selector", sm_cell_labels, "spec.template.spec.nodeSelector"), AGE, CONTAINERS(TEMPLATE), SELECTOR, END};
static const struct sm_column jobs[] = {NAME, CELL("Status", sm_cell_job_status), CELL("Completions", sm_cell_job_done),
                                        CELL("Duration", sm_cell_job_time), AGE, CONTAINERS(TEMPLATE), SELECTOR, END};
static const struct sm_column cron_jobs[] = {NAME, TEXT("Schedule", "spec.schedule"), TEXT_OR("Timezone", "spec.timeZone", "<none>"),
                                             {"Suspend", sm_cell_flag, "spec.suspend", "<unset>", 0, NULL},
                                             {"Active", sm_cell_count, "status.active", NULL, 0, "integer"},
                                             {"Last Schedule", sm_cell_since, "status.lastScheduleTime", "<none>", 0, NULL}, AGE,
                                             CONTAINERS("spec.jobTemplate.spec.template.spec.containers"),
                                             WIDE_OWN("Selector", sm_cell_selector, "spec.jobTemplate.spec.selector"), END};

static const struct sm_column budgets[] = {NAME, TEXT_OR("Min Available", "spec.minAvailable", "N/A"),
                                           TEXT_OR("Max Unavailable", "spec.maxUnavailable", "N/A"),
                                           INT("Allowed Disruptions", "status.disruptionsAllowed"), AGE, END};
static const struct sm_column leases[] = {NAME, TEXT("Holder", "spec.holderIdentity"), AGE, END};
static const struct sm_column bindings[] = {NAME, OWN("Role", sm_cell_reference, "roleRef"), AGE,
                                            WIDE_OWN("Users", sm_cell_subjects, "User"), WIDE_OWN("Groups", sm_cell_subjects, "Group"),
                                            WIDE_OWN("ServiceAccounts", sm_cell_subjects, "ServiceAccount"), END};
static const struct sm_column slices[] = {NAME, TEXT("AddressType", "addressType"), CELL("Ports", sm_cell_slice_ports),
                                          CELL("Endpoints", sm_cell_slice_endpoints), AGE, END};
static const struct sm_column ingresses[] = {NAME, TEXT_OR("Class", "spec.ingressClassName", "<none>"), CELL("Hosts", sm_cell_hosts),
                                             CELL("Address", sm_cell_ingress_address), CELL("Ports", sm_cell_ingress_ports), AGE, END};
static const struct sm_column ingress_classes[] = {NAME, TEXT("Controller", "spec.controller"),
                                                   {"Parameters", sm_cell_reference, "spec.parameters", "<none>", 0, NULL}, AGE, END};
static const struct sm_column policies[] = {NAME, OWN("Pod-Selector", sm_cell_selector, "spec.podSelector"), AGE, END};
static const struct sm_column addresses[] = {NAME, OWN("ParentRef", sm_cell_reference, "spec.parentRef"), END};
static const struct sm_column cidrs[] = {NAME, OWN("CIDRs", sm_cell_strings, "spec.cidrs"), AGE, END};
static const struct sm_column storage_classes[] = {
    OWN("Name", sm_cell_default_name, "storageclass.kubernetes.io/is-default-class"), TEXT("Provisioner", "provisioner"),
    TEXT_OR("ReclaimPolicy", "reclaimPolicy", "Delete"), TEXT_OR("VolumeBindingMode", "volumeBindingMode", "Immediate"),
    OWN("AllowVolumeExpansion", sm_cell_bool, "allowVolumeExpansion"), AGE, END};
static const struct sm_column attachments[] = {NAME, TEXT("Attacher", "spec.attacher"),
                                               TEXT("PV", "spec.source.persistentVolumeName"), TEXT("Node", "spec.nodeName"),
                                               OWN("Attached", sm_cell_bool, "status.attached"), AGE, END};
static const struct sm_column csi_nodes[] = {NAME, {"Drivers", sm_cell_count, "spec.drivers", NULL, 0, "integer"}, AGE, END};
static const struct sm_column csi_drivers[] = {
    NAME, {"AttachRequired", sm_cell_bool, "spec.attachRequired", NULL, 0, "boolean"},
    {"PodInfoOnMount", sm_cell_bool, "spec.podInfoOnMount", NULL, 0, "boolean"},
    {"StorageCapacity", sm_cell_bool, "spec.storageCapacity", NULL, 0, "boolean"},
    {"TokenRequests", sm_cell_strings, "spec.tokenRequests", "<unset>", 0, NULL},
    {"RequiresRepublish", sm_cell_bool, "spec.requiresRepublish", NULL, 0, "boolean"},
    {"Modes", sm_cell_strings, "spec.volumeLifecycleModes", "<unset>", 0, NULL}, AGE, END};
static const struct sm_column capacities[] = {NAME, TEXT("StorageClassName", "storageClassName"), TEXT_OR("Capacity", "capacity", "<unset>"),
                                              END};
static const struct sm_column scalers[] = {NAME, OWN("Reference", sm_cell_reference, "spec.scaleTargetRef"),
                                           CELL("Targets", sm_cell_targets), TEXT_OR("MinPods", "spec.minReplicas", "<unset>"),
                                           NUMBER("MaxPods", "spec.maxReplicas"), NUMBER("Replicas", "status.currentReplicas"), AGE, END};
static const struct sm_column priorities[] = {NAME, INT("Value", "value"), {"Global-Default", sm_cell_bool, "globalDefault", NULL, 0, "boolean"},
                                              AGE, TEXT("PreemptionPolicy", "preemptionPolicy"), END};
static const struct sm_column runtimes[] = {NAME, TEXT("Handler", "handler"), AGE, END};
static const struct sm_column webhooks[] = {NAME, {"Webhooks", sm_cell_count, "webhooks", NULL, 0, "integer"}, AGE, END};
static const struct sm_column admission_policies[] = {NAME, {"Validations", sm_cell_count, "spec.validations", NULL, 0, "integer"},
                                                      TEXT_OR("ParamKind", "spec.paramKind.kind", "<unset>"), AGE, END};
static const struct sm_column admission_bindings[] = {NAME, TEXT("PolicyName", "spec.policyName"),
                                                      TEXT_OR("ParamRef", "spec.paramRef.name", "<unset>"), AGE, END};
static const struct sm_column requests[] = {NAME, AGE, TEXT_OR("SignerName", "spec.signerName", "<none>"),
                                            TEXT("Requestor", "spec.username"),
                                            TEXT_OR("RequestedDuration", "spec.expirationSeconds", "<none>"),
                                            CELL("Condition", sm_cell_request_state), END};
static const struct sm_column flows[] = {NAME, TEXT("PriorityLevel", "spec.priorityLevelConfiguration.name"),
                                         INT("MatchingPrecedence", "spec.matchingPrecedence"),
                                         TEXT_OR("DistinguisherMethod", "spec.distinguisherMethod.type", "<none>"), AGE,
                                         TEXT_OR("MissingPL", "status.missing", "?"), END};
static const struct sm_column levels[] = {
    NAME, TEXT("Type", "spec.type"), TEXT_OR("NominalConcurrencyShares", "spec.limited.nominalConcurrencyShares", "<none>"),
    TEXT_OR("Queues", "spec.limited.limitResponse.queuing.queues", "<none>"),
    TEXT_OR("HandSize", "spec.limited.limitResponse.queuing.handSize", "<none>"),
    TEXT_OR("QueueLengthLimit", "spec.limited.limitResponse.queuing.queueLengthLimit", "<none>"), AGE, END};
static const struct sm_column others[] = {NAME, {"Created At", sm_cell_text, "metadata.creationTimestamp", NULL, 0, "date"}, END};

static const struct {
    const char *kind;
    const struct sm_column *columns;
} printers[] = {
    {"CSIDriver", csi_drivers},
    {"CSINode", csi_nodes},
    {"CSIStorageCapacity", capacities},
    {"CertificateSigningRequest", requests},
    {"ClusterRoleBinding", bindings},
    {"ConfigMap", config_maps},
    {"ControllerRevision", revisions},
    {"CronJob", cron_jobs},
    {"DaemonSet", daemon_sets},
    {"Deployment", deployments},
    {"EndpointSlice", slices},
    {"Endpoints", endpoints},
    {"Event", events},
    {"FlowSchema", flows},
    {"HorizontalPodAutoscaler", scalers},
    {"IPAddress", addresses},
    {"Ingress", ingresses},
    {"IngressClass", ingress_classes},
    {"Job", jobs},
    {"Lease", leases},
    {"MutatingWebhookConfiguration", webhooks},
    {"Namespace", namespaces},
    {"NetworkPolicy", policies},
    {"Node", nodes},
    {"PersistentVolume", volumes},
    {"PersistentVolumeClaim", claims},
    {"Pod", pods},
    {"PodDisruptionBudget", budgets},
    {"PodTemplate", templates},
    {"PriorityClass", priorities},
    {"PriorityLevelConfiguration", levels},
    {"ReplicaSet", replica_sets},
    {"ReplicationController", controllers},
    {"ResourceQuota", quotas},
    {"RoleBinding", bindings},
    {"RuntimeClass", runtimes},
    {"Secret", secrets},
    {"Service", services},
    {"ServiceAccount", accounts},
    {"ServiceCIDR", cidrs},
    {"StatefulSet", stateful_sets},
    {"StorageClass", storage_classes},
    {"ValidatingAdmissionPolicy", admission_policies},
    {"ValidatingAdmissionPolicyBinding", admission_bindings},
    {"ValidatingWebhookConfiguration", webhooks},
    {"VolumeAttachment", attachments},
};

const struct sm_column *sm_printer_of(const struct sm_kind_info *kind) {
    for (size_t i = 0; i < sizeof printers / sizeof printers[0]; i++)
        if (strcmp(printers[i].kind, kind->resource->kind) == 0)
            return printers[i].columns;
    return others;
}
