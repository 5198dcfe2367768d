/* PersistentVolumeClaim and PersistentVolume. */
#include "schema_volumes.h"

/* --- PersistentVolumeClaim ------------------------------------------------------------------------------------------------ */

static const struct sm_field claim_resources_fields[] = {
    {"limits",   QUANTITIES, OMIT, NULL},
    {"requests", QUANTITIES, OMIT, NULL},
};
static PLAIN(claim_resources, "VolumeResourceRequirements");

static const struct sm_field typed_object_reference_fields[] = {
    {"apiGroup",  STRING, OR_NULL,  NULL},
    {"kind",      STRING, ALWAYS,   NULL},
    {"name",      STRING, ALWAYS,   NULL},
    {"namespace", STRING, OPTIONAL, NULL},
};
static PLAIN(typed_object_reference, "TypedObjectReference");

static const struct sm_field sm_schema_claim_spec_fields[] = {
    {"accessModes",               ATOMIC_LIST(NAMED("PersistentVolumeAccessMode")), OMIT,     NULL},
    {"dataSource",                &sm_schema_typed_local_object_reference,          OPTIONAL, NULL},
    {"dataSourceRef",             &typed_object_reference,                          OPTIONAL, NULL},
    {"resources",                 &claim_resources,                                 ALWAYS,   NULL},
    {"selector",                  &sm_schema_label_selector,                        OPTIONAL, NULL},
    {"storageClassName",          STRING,                                           OPTIONAL, NULL},
    {"volumeAttributesClassName", STRING,                                           OPTIONAL, NULL},
    {"volumeMode",                NAMED("PersistentVolumeMode"),                    OPTIONAL, "\"Filesystem\""},
    {"volumeName",                STRING,                                           OMIT,     NULL},
};
OBJECT(sm_schema_claim_spec, "PersistentVolumeClaimSpec");

static const struct sm_field claim_condition_fields[] = {
    {"lastProbeTime",      TIME,                                        ALWAYS, NULL},
    {"lastTransitionTime", TIME,                                        ALWAYS, NULL},
    {"message",            STRING,                                      OMIT,   NULL},
    {"reason",             STRING,                                      OMIT,   NULL},
    {"status",             NAMED("ConditionStatus"),                    ALWAYS, NULL},
    {"type",               NAMED("PersistentVolumeClaimConditionType"), ALWAYS, NULL},
};
static PLAIN(claim_condition, "PersistentVolumeClaimCondition");

static const struct sm_field modify_status_fields[] = {
    {"status",                          NAMED("PersistentVolumeClaimModifyVolumeStatus"), ALWAYS, NULL},
    {"targetVolumeAttributesClassName", STRING,                                           OMIT,   NULL},
};
static PLAIN(modify_status, "ModifyVolumeStatus");

static const struct sm_field claim_status_fields[] = {
    {"accessModes",                      ATOMIC_LIST(NAMED("PersistentVolumeAccessMode")), OMIT,     NULL},
    {"allocatedResourceStatuses",        STRING_MAP,                                       OMIT,     NULL},
    {"allocatedResources",               QUANTITIES,                                       OMIT,     NULL},
    {"capacity",                         QUANTITIES,                                       OMIT,     NULL},
    {"conditions",                       BY_KEY(&claim_condition, "type"),                 OMIT,     NULL},
    {"currentVolumeAttributesClassName", STRING,                                           OPTIONAL, NULL},
    {"modifyVolumeStatus",               &modify_status,                                   OPTIONAL, NULL},
    {"phase",                            NAMED("PersistentVolumeClaimPhase"),              OMIT,     "\"Pending\""},
};
static OBJECT(claim_status, "PersistentVolumeClaimStatus");

/* Templates of claims are objects, too: Kubernetes fills in what they are. */
static const struct sm_field sm_schema_claim_fields[] = {
    {"apiVersion", STRING,                 OMIT,   "\"v1\""},
    {"kind",       STRING,                 OMIT,   "\"PersistentVolumeClaim\""},
    METADATA,
    {"spec",       &sm_schema_claim_spec,  ALWAYS, NULL},
    {"status",     &claim_status,          ALWAYS, NULL},
};
OBJECT(sm_schema_claim, "PersistentVolumeClaim");

/* --- PersistentVolume ------------------------------------------------------------------------------------------------------ */

static const struct sm_field azure_file_fields[] = {
    {"readOnly",        BOOL,   OMIT,    NULL},
    {"secretName",      STRING, ALWAYS,  NULL},
    {"secretNamespace", STRING, OR_NULL, NULL},
    {"shareName",       STRING, ALWAYS,  NULL},
};
static PLAIN(azure_file, "AzureFilePersistentVolumeSource");

static const struct sm_field cephfs_fields[] = {CEPHFS_FIELDS(&sm_schema_secret_reference)};
static PLAIN(cephfs, "CephFSPersistentVolumeSource");

static const struct sm_field cinder_fields[] = {CINDER_FIELDS(&sm_schema_secret_reference)};
static PLAIN(cinder, "CinderPersistentVolumeSource");

static const struct sm_field flex_fields[] = {FLEX_FIELDS(&sm_schema_secret_reference)};
static PLAIN(flex, "FlexPersistentVolumeSource");

static const struct sm_field iscsi_fields[] = {ISCSI_FIELDS(&sm_schema_secret_reference)};
static OBJECT(iscsi, "ISCSIPersistentVolumeSource");

static const struct sm_field rbd_fields[] = {RBD_FIELDS(&sm_schema_secret_reference)};
static OBJECT(rbd, "RBDPersistentVolumeSource");

static const struct sm_field scale_io_fields[] = {SCALE_IO_FIELDS(&sm_schema_secret_reference)};
static OBJECT(scale_io, "ScaleIOPersistentVolumeSource");

static const struct sm_field storage_os_fields[] = {STORAGE_OS_FIELDS(&sm_schema_object_reference)};
static PLAIN(storage_os, "StorageOSPersistentVolumeSource");

static const struct sm_field csi_fields[] = {
    {"controllerExpandSecretRef",  &sm_schema_secret_reference, OPTIONAL, NULL},
    {"controllerPublishSecretRef", &sm_schema_secret_reference, OPTIONAL, NULL},
    {"driver",                     STRING,                      ALWAYS,   NULL},
    {"fsType",                     STRING,                      OMIT,     NULL},
    {"nodeExpandSecretRef",        &sm_schema_secret_reference, OPTIONAL, NULL},
    {"nodePublishSecretRef",       &sm_schema_secret_reference, OPTIONAL, NULL},
    {"nodeStageSecretRef",         &sm_schema_secret_reference, OPTIONAL, NULL},
    {"readOnly",                   BOOL,                        OMIT,     NULL},
    {"volumeAttributes",           STRING_MAP,                  OMIT,     NULL},
    {"volumeHandle",               STRING,                      ALWAYS,   NULL},
};
static PLAIN(csi, "CSIPersistentVolumeSource");

static const struct sm_field glusterfs_fields[] = {
    {"endpoints",          STRING, ALWAYS,   NULL},
    {"endpointsNamespace", STRING, OPTIONAL, NULL},
    {"path",               STRING, ALWAYS,   NULL},
    {"readOnly",           BOOL,   OMIT,     NULL},
};
static PLAIN(glusterfs, "GlusterfsPersistentVolumeSource");

static const struct sm_field local_fields[] = {
    {"fsType", STRING, OPTIONAL, NULL},
    {"path",   STRING, ALWAYS,   NULL},
};
static PLAIN(local, "LocalVolumeSource");

static const struct sm_field volume_node_affinity_fields[] = {
    {"required", &sm_schema_node_selector, OPTIONAL, NULL},
};
static PLAIN(volume_node_affinity, "VolumeNodeAffinity");

static const struct sm_field volume_spec_fields[] = {
    {"accessModes",                   ATOMIC_LIST(NAMED("PersistentVolumeAccessMode")), OMIT,     NULL},
    {"awsElasticBlockStore",          &sm_schema_aws,                                   OPTIONAL, NULL},
    {"azureDisk",                     &sm_schema_azure_disk,                            OPTIONAL, NULL},
    {"azureFile",                     &azure_file,                                      OPTIONAL, NULL},
    {"capacity",                      QUANTITIES,                                       OMIT,     NULL},
    {"cephfs",                        &cephfs,                                          OPTIONAL, NULL},
    {"cinder",                        &cinder,                                          OPTIONAL, NULL},
    {"claimRef",                      &sm_schema_object_reference,                      OPTIONAL, NULL},
    {"csi",                           &csi,                                             OPTIONAL, NULL},
    {"fc",                            &sm_schema_fc,                                    OPTIONAL, NULL},
    {"flexVolume",                    &flex,                                            OPTIONAL, NULL},
    {"flocker",                       &sm_schema_flocker,                               OPTIONAL, NULL},
    {"gcePersistentDisk",             &sm_schema_gce,                                   OPTIONAL, NULL},
    {"glusterfs",                     &glusterfs,                                       OPTIONAL, NULL},
    {"hostPath",                      &sm_schema_host_path,                             OPTIONAL, NULL},
    {"iscsi",                         &iscsi,                                           OPTIONAL, NULL},
    {"local",                         &local,                                           OPTIONAL, NULL},
    {"mountOptions",                  STRINGS,                                          OMIT,     NULL},
    {"nfs",                           &sm_schema_nfs,                                   OPTIONAL, NULL},
    {"nodeAffinity",                  &volume_node_affinity,                            OPTIONAL, NULL},
    {"persistentVolumeReclaimPolicy", NAMED("PersistentVolumeReclaimPolicy"),           OMIT,     "\"Retain\""},
    {"photonPersistentDisk",          &sm_schema_photon,                                OPTIONAL, NULL},
    {"portworxVolume",                &sm_schema_portworx,                              OPTIONAL, NULL},
    {"quobyte",                       &sm_schema_quobyte,                               OPTIONAL, NULL},
    {"rbd",                           &rbd,                                             OPTIONAL, NULL},
    {"scaleIO",                       &scale_io,                                        OPTIONAL, NULL},
    {"storageClassName",              STRING,                                           OMIT,     NULL},
    {"storageos",                     &storage_os,                                      OPTIONAL, NULL},
    {"volumeAttributesClassName",     STRING,                                           OPTIONAL, NULL},
    {"volumeMode",                    NAMED("PersistentVolumeMode"),                    OPTIONAL, "\"Filesystem\""},
    {"vsphereVolume",                 &sm_schema_vsphere,                               OPTIONAL, NULL},
};
static OBJECT(volume_spec, "PersistentVolumeSpec");

static const struct sm_field volume_status_fields[] = {
    {"lastPhaseTransitionTime", TIME,                           OPTIONAL, NULL},
    {"message",                 STRING,                         OMIT,     NULL},
    {"phase",                   NAMED("PersistentVolumePhase"), OMIT,     "\"Pending\""},
    {"reason",                  STRING,                         OMIT,     NULL},
};
static OBJECT(volume_status, "PersistentVolumeStatus");

static const struct sm_field sm_schema_volume_kind_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &volume_spec,   ALWAYS, NULL},
    {"status", &volume_status, ALWAYS, NULL},
};
OBJECT(sm_schema_volume_kind, "PersistentVolume");
