/* PersistentVolumeClaim and PersistentVolume. */
#include "schema_volumes.h"

/* --- PersistentVolumeClaim ------------------------------------------------------------------------------------------------ */

static const struct sm_field claim_resources_fields[] = {
    {"limits",   QUANTITIES, OMIT, NULL, 1},
    {"requests", QUANTITIES, OMIT, NULL, 2},
};
static PLAIN(claim_resources, "VolumeResourceRequirements");

static const struct sm_field typed_object_reference_fields[] = {
    {"apiGroup",  STRING, OR_NULL,  NULL, 1},
    {"kind",      STRING, ALWAYS,   NULL, 2},
    {"name",      STRING, ALWAYS,   NULL, 3},
    {"namespace", STRING, OPTIONAL, NULL, 4},
};
static PLAIN(typed_object_reference, "TypedObjectReference");

static const struct sm_field sm_schema_claim_spec_fields[] = {
    {"accessModes",               ATOMIC_LIST(NAMED("PersistentVolumeAccessMode")), OMIT,     NULL, 1},
    {"dataSource",                &sm_schema_typed_local_object_reference,          OPTIONAL, NULL, 7},
    {"dataSourceRef",             &typed_object_reference,                          OPTIONAL, NULL, 8},
    {"resources",                 &claim_resources,                                 ALWAYS,   NULL, 2},
    {"selector",                  &sm_schema_label_selector,                        OPTIONAL, NULL, 4},
    {"storageClassName",          STRING,                                           OPTIONAL, NULL, 5},
    {"volumeAttributesClassName", STRING,                                           OPTIONAL, NULL, 9},
    {"volumeMode",                NAMED("PersistentVolumeMode"),                    OPTIONAL, "\"Filesystem\"", 6},
    {"volumeName",                STRING,                                           OMIT,     NULL, 3},
};
OBJECT(sm_schema_claim_spec, "PersistentVolumeClaimSpec");

static const struct sm_field claim_condition_fields[] = {
    {"lastProbeTime",      TIME,                                        ALWAYS, NULL, 3},
    {"lastTransitionTime", TIME,                                        ALWAYS, NULL, 4},
    {"message",            STRING,                                      OMIT,   NULL, 6},
    {"reason",             STRING,                                      OMIT,   NULL, 5},
    {"status",             NAMED("ConditionStatus"),                    ALWAYS, NULL, 2},
    {"type",               NAMED("PersistentVolumeClaimConditionType"), ALWAYS, NULL, 1},
};
static PLAIN(claim_condition, "PersistentVolumeClaimCondition");

static const struct sm_field modify_status_fields[] = {
    {"status",                          NAMED("PersistentVolumeClaimModifyVolumeStatus"), ALWAYS, NULL, 2},
    {"targetVolumeAttributesClassName", STRING,                                           OMIT,   NULL, 1},
};
static PLAIN(modify_status, "ModifyVolumeStatus");

static const struct sm_field claim_status_fields[] = {
    {"accessModes",                      ATOMIC_LIST(NAMED("PersistentVolumeAccessMode")), OMIT,     NULL, 2},
    {"allocatedResourceStatuses",        STRING_MAP,                                       OMIT,     NULL, 7},
    {"allocatedResources",               QUANTITIES,                                       OMIT,     NULL, 5},
    {"capacity",                         QUANTITIES,                                       OMIT,     NULL, 3},
    {"conditions",                       BY_KEY(&claim_condition, "type"),                 OMIT,     NULL, 4},
    {"currentVolumeAttributesClassName", STRING,                                           OPTIONAL, NULL, 8},
    {"modifyVolumeStatus",               &modify_status,                                   OPTIONAL, NULL, 9},
    {"phase",                            NAMED("PersistentVolumeClaimPhase"),              OMIT,     "\"Pending\"", 1},
};
static OBJECT(claim_status, "PersistentVolumeClaimStatus");

/* Templates of claims are objects, too: Kubernetes fills in what they are. */
static const struct sm_field sm_schema_claim_fields[] = {
    {"apiVersion", STRING,                 OMIT,   "\"v1\"", 0},
    {"kind",       STRING,                 OMIT,   "\"PersistentVolumeClaim\"", 0},
    METADATA,
    {"spec",       &sm_schema_claim_spec,  ALWAYS, NULL, 2},
    {"status",     &claim_status,          ALWAYS, NULL, 3},
};
OBJECT(sm_schema_claim, "PersistentVolumeClaim");

/* --- PersistentVolume ------------------------------------------------------------------------------------------------------ */

static const struct sm_field azure_file_fields[] = {
    {"readOnly",        BOOL,   OMIT,    NULL, 3},
    {"secretName",      STRING, ALWAYS,  NULL, 1},
    {"secretNamespace", STRING, OR_NULL, NULL, 4},
    {"shareName",       STRING, ALWAYS,  NULL, 2},
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
    {"controllerExpandSecretRef",  &sm_schema_secret_reference, OPTIONAL, NULL, 9},
    {"controllerPublishSecretRef", &sm_schema_secret_reference, OPTIONAL, NULL, 6},
    {"driver",                     STRING,                      ALWAYS,   NULL, 1},
    {"fsType",                     STRING,                      OMIT,     NULL, 4},
    {"nodeExpandSecretRef",        &sm_schema_secret_reference, OPTIONAL, NULL, 10},
    {"nodePublishSecretRef",       &sm_schema_secret_reference, OPTIONAL, NULL, 8},
    {"nodeStageSecretRef",         &sm_schema_secret_reference, OPTIONAL, NULL, 7},
    {"readOnly",                   BOOL,                        OMIT,     NULL, 3},
    {"volumeAttributes",           STRING_MAP,                  OMIT,     NULL, 5},
    {"volumeHandle",               STRING,                      ALWAYS,   NULL, 2},
};
static PLAIN(csi, "CSIPersistentVolumeSource");

static const struct sm_field glusterfs_fields[] = {
    {"endpoints",          STRING, ALWAYS,   NULL, 1},
    {"endpointsNamespace", STRING, OPTIONAL, NULL, 4},
    {"path",               STRING, ALWAYS,   NULL, 2},
    {"readOnly",           BOOL,   OMIT,     NULL, 3},
};
static PLAIN(glusterfs, "GlusterfsPersistentVolumeSource");

static const struct sm_field local_fields[] = {
    {"fsType", STRING, OPTIONAL, NULL, 2},
    {"path",   STRING, ALWAYS,   NULL, 1},
};
static PLAIN(local, "LocalVolumeSource");

static const struct sm_field volume_node_affinity_fields[] = {
    {"required", &sm_schema_node_selector, OPTIONAL, NULL, 1},
};
static PLAIN(volume_node_affinity, "VolumeNodeAffinity");

/* Like any other reference, but not one that apply owns as a whole. */
static const struct sm_field claim_ref_fields[] = {
    {"apiVersion",      STRING,       OMIT, NULL, 5},
    {"fieldPath",       STRING,       OMIT, NULL, 7},
    {"kind",            STRING,       OMIT, NULL, 1},
    {"name",            STRING,       OMIT, NULL, 3},
    {"namespace",       STRING,       OMIT, NULL, 2},
    {"resourceVersion", STRING,       OMIT, NULL, 6},
    {"uid",             NAMED("UID"), OMIT, NULL, 4},
};
static PLAIN(claim_ref, "ObjectReference");

static const struct sm_field volume_spec_fields[] = {
    {"accessModes",                   ATOMIC_LIST(NAMED("PersistentVolumeAccessMode")), OMIT,     NULL, 3},
    {"awsElasticBlockStore",          &sm_schema_aws,                                   OPTIONAL, NULL, IN(2, 2)},
    {"azureDisk",                     &sm_schema_azure_disk,                            OPTIONAL, NULL, IN(2, 16)},
    {"azureFile",                     &azure_file,                                      OPTIONAL, NULL, IN(2, 13)},
    {"capacity",                      QUANTITIES,                                       OMIT,     NULL, 1},
    {"cephfs",                        &cephfs,                                          OPTIONAL, NULL, IN(2, 9)},
    {"cinder",                        &cinder,                                          OPTIONAL, NULL, IN(2, 8)},
    {"claimRef",                      &claim_ref,                                       OPTIONAL, NULL, 4},
    {"csi",                           &csi,                                             OPTIONAL, NULL, IN(2, 22)},
    {"fc",                            &sm_schema_fc,                                    OPTIONAL, NULL, IN(2, 10)},
    {"flexVolume",                    &flex,                                            OPTIONAL, NULL, IN(2, 12)},
    {"flocker",                       &sm_schema_flocker,                               OPTIONAL, NULL, IN(2, 11)},
    {"gcePersistentDisk",             &sm_schema_gce,                                   OPTIONAL, NULL, IN(2, 1)},
    {"glusterfs",                     &glusterfs,                                       OPTIONAL, NULL, IN(2, 4)},
    {"hostPath",                      &sm_schema_host_path,                             OPTIONAL, NULL, IN(2, 3)},
    {"iscsi",                         &iscsi,                                           OPTIONAL, NULL, IN(2, 7)},
    {"local",                         &local,                                           OPTIONAL, NULL, IN(2, 20)},
    {"mountOptions",                  STRINGS,                                          OMIT,     NULL, 7},
    {"nfs",                           &sm_schema_nfs,                                   OPTIONAL, NULL, IN(2, 5)},
    {"nodeAffinity",                  &volume_node_affinity,                            OPTIONAL, NULL, 9},
    {"persistentVolumeReclaimPolicy", NAMED("PersistentVolumeReclaimPolicy"),           OMIT,     "\"Retain\"", 5},
    {"photonPersistentDisk",          &sm_schema_photon,                                OPTIONAL, NULL, IN(2, 17)},
    {"portworxVolume",                &sm_schema_portworx,                              OPTIONAL, NULL, IN(2, 18)},
    {"quobyte",                       &sm_schema_quobyte,                               OPTIONAL, NULL, IN(2, 15)},
    {"rbd",                           &rbd,                                             OPTIONAL, NULL, IN(2, 6)},
    {"scaleIO",                       &scale_io,                                        OPTIONAL, NULL, IN(2, 19)},
    {"storageClassName",              STRING,                                           OMIT,     NULL, 6},
    {"storageos",                     &storage_os,                                      OPTIONAL, NULL, IN(2, 21)},
    {"volumeAttributesClassName",     STRING,                                           OPTIONAL, NULL, 10},
    {"volumeMode",                    NAMED("PersistentVolumeMode"),                    OPTIONAL, "\"Filesystem\"", 8},
    {"vsphereVolume",                 &sm_schema_vsphere,                               OPTIONAL, NULL, IN(2, 14)},
};
static OBJECT(volume_spec, "PersistentVolumeSpec");

static const struct sm_field volume_status_fields[] = {
    {"lastPhaseTransitionTime", TIME,                           OPTIONAL, NULL, 4},
    {"message",                 STRING,                         OMIT,     NULL, 2},
    {"phase",                   NAMED("PersistentVolumePhase"), OMIT,     "\"Pending\"", 1},
    {"reason",                  STRING,                         OMIT,     NULL, 3},
};
static OBJECT(volume_status, "PersistentVolumeStatus");

static const struct sm_field sm_schema_volume_kind_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &volume_spec,   ALWAYS, NULL, 2},
    {"status", &volume_status, ALWAYS, NULL, 3},
};
OBJECT(sm_schema_volume_kind, "PersistentVolume");
