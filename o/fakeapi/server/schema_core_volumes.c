/* Volumes of pods, and the sources they share with PersistentVolumes (schema_volumes.h). */
#include "schema_volumes.h"

static const struct sm_field sm_schema_aws_fields[] = {
    {"fsType",    STRING, OMIT,   NULL},
    {"partition", INT32,  OMIT,   NULL},
    {"readOnly",  BOOL,   OMIT,   NULL},
    {"volumeID",  STRING, ALWAYS, NULL},
};
PLAIN(sm_schema_aws, "AWSElasticBlockStoreVolumeSource");

static const struct sm_field sm_schema_azure_disk_fields[] = {
    {"cachingMode", NAMED("AzureDataDiskCachingMode"), OPTIONAL, "\"ReadWrite\""},
    {"diskName",    STRING,                            ALWAYS,   NULL},
    {"diskURI",     STRING,                            ALWAYS,   NULL},
    {"fsType",      STRING,                            OPTIONAL, "\"ext4\""},
    {"kind",        NAMED("AzureDataDiskKind"),        OPTIONAL, "\"Shared\""},
    {"readOnly",    BOOL,                              OPTIONAL, "false"},
};
OBJECT(sm_schema_azure_disk, "AzureDiskVolumeSource");

static const struct sm_field sm_schema_fc_fields[] = {
    {"fsType",     STRING,  OMIT,     NULL},
    {"lun",        INT32,   OPTIONAL, NULL},
    {"readOnly",   BOOL,    OMIT,     NULL},
    {"targetWWNs", STRINGS, OMIT,     NULL},
    {"wwids",      STRINGS, OMIT,     NULL},
};
PLAIN(sm_schema_fc, "FCVolumeSource");

static const struct sm_field sm_schema_flocker_fields[] = {
    {"datasetName", STRING, OMIT, NULL},
    {"datasetUUID", STRING, OMIT, NULL},
};
PLAIN(sm_schema_flocker, "FlockerVolumeSource");

static const struct sm_field sm_schema_gce_fields[] = {
    {"fsType",    STRING, OMIT,   NULL},
    {"partition", INT32,  OMIT,   NULL},
    {"pdName",    STRING, ALWAYS, NULL},
    {"readOnly",  BOOL,   OMIT,   NULL},
};
PLAIN(sm_schema_gce, "GCEPersistentDiskVolumeSource");

static const struct sm_field sm_schema_host_path_fields[] = {
    {"path", STRING,                ALWAYS,   NULL},
    {"type", NAMED("HostPathType"), OPTIONAL, "\"\""},
};
OBJECT(sm_schema_host_path, "HostPathVolumeSource");

static const struct sm_field sm_schema_nfs_fields[] = {
    {"path",     STRING, ALWAYS, NULL},
    {"readOnly", BOOL,   OMIT,   NULL},
    {"server",   STRING, ALWAYS, NULL},
};
PLAIN(sm_schema_nfs, "NFSVolumeSource");

static const struct sm_field sm_schema_photon_fields[] = {
    {"fsType", STRING, OMIT,   NULL},
    {"pdID",   STRING, ALWAYS, NULL},
};
PLAIN(sm_schema_photon, "PhotonPersistentDiskVolumeSource");

static const struct sm_field sm_schema_portworx_fields[] = {
    {"fsType",   STRING, OMIT,   NULL},
    {"readOnly", BOOL,   OMIT,   NULL},
    {"volumeID", STRING, ALWAYS, NULL},
};
PLAIN(sm_schema_portworx, "PortworxVolumeSource");

static const struct sm_field sm_schema_quobyte_fields[] = {
    {"group",    STRING, OMIT,   NULL},
    {"readOnly", BOOL,   OMIT,   NULL},
    {"registry", STRING, ALWAYS, NULL},
    {"tenant",   STRING, OMIT,   NULL},
    {"user",     STRING, OMIT,   NULL},
    {"volume",   STRING, ALWAYS, NULL},
};
PLAIN(sm_schema_quobyte, "QuobyteVolumeSource");

static const struct sm_field sm_schema_vsphere_fields[] = {
    {"fsType",            STRING, OMIT,   NULL},
    {"storagePolicyID",   STRING, OMIT,   NULL},
    {"storagePolicyName", STRING, OMIT,   NULL},
    {"volumePath",        STRING, ALWAYS, NULL},
};
PLAIN(sm_schema_vsphere, "VsphereVirtualDiskVolumeSource");

/* Those that a pod's volume and a PersistentVolume spell alike but for the reference to a secret. */
static const struct sm_field azure_file_fields[] = {
    {"readOnly",   BOOL,   OMIT,   NULL},
    {"secretName", STRING, ALWAYS, NULL},
    {"shareName",  STRING, ALWAYS, NULL},
};
static PLAIN(azure_file, "AzureFileVolumeSource");

static const struct sm_field cephfs_fields[] = {CEPHFS_FIELDS(&sm_schema_local_object_reference)};
static PLAIN(cephfs, "CephFSVolumeSource");

static const struct sm_field cinder_fields[] = {CINDER_FIELDS(&sm_schema_local_object_reference)};
static PLAIN(cinder, "CinderVolumeSource");

static const struct sm_field flex_fields[] = {FLEX_FIELDS(&sm_schema_local_object_reference)};
static PLAIN(flex, "FlexVolumeSource");

static const struct sm_field iscsi_fields[] = {ISCSI_FIELDS(&sm_schema_local_object_reference)};
static OBJECT(iscsi, "ISCSIVolumeSource");

static const struct sm_field rbd_fields[] = {RBD_FIELDS(&sm_schema_local_object_reference)};
static OBJECT(rbd, "RBDVolumeSource");

static const struct sm_field scale_io_fields[] = {SCALE_IO_FIELDS(&sm_schema_local_object_reference)};
static OBJECT(scale_io, "ScaleIOVolumeSource");

static const struct sm_field storage_os_fields[] = {STORAGE_OS_FIELDS(&sm_schema_local_object_reference)};
static PLAIN(storage_os, "StorageOSVolumeSource");

static const struct sm_field csi_fields[] = {
    {"driver",               STRING,                            ALWAYS,   NULL},
    {"fsType",               STRING,                            OPTIONAL, NULL},
    {"nodePublishSecretRef", &sm_schema_local_object_reference, OPTIONAL, NULL},
    {"readOnly",             BOOL,                              OPTIONAL, NULL},
    {"volumeAttributes",     STRING_MAP,                        OMIT,     NULL},
};
static PLAIN(csi, "CSIVolumeSource");

static const struct sm_field git_repo_fields[] = {
    {"directory",  STRING, OMIT,   NULL},
    {"repository", STRING, ALWAYS, NULL},
    {"revision",   STRING, OMIT,   NULL},
};
static PLAIN(git_repo, "GitRepoVolumeSource");

static const struct sm_field glusterfs_fields[] = {
    {"endpoints", STRING, ALWAYS, NULL},
    {"path",      STRING, ALWAYS, NULL},
    {"readOnly",  BOOL,   OMIT,   NULL},
};
static PLAIN(glusterfs, "GlusterfsVolumeSource");

static const struct sm_field empty_dir_fields[] = {
    {"medium",    NAMED("StorageMedium"), OMIT,     NULL},
    {"sizeLimit", QUANTITY,               OPTIONAL, NULL},
};
static PLAIN(empty_dir, "EmptyDirVolumeSource");

static sm_val fill_image(struct sm_region *r, sm_val image) {
    if (sm_val_get(image, "pullPolicy"))
        return image;
    return sm_val_set(r, image, "pullPolicy", sm_schema_pull_policy(r, sm_val_get(image, "reference")));
}

static const struct sm_field image_fields[] = {
    {"pullPolicy", NAMED("PullPolicy"), OMIT, NULL},
    {"reference",  STRING,              OMIT, NULL},
};
static OBJECT_WITH(image, "ImageVolumeSource", .fill = fill_image);

static const struct sm_field claim_source_fields[] = {
    {"claimName", STRING, ALWAYS, NULL},
    {"readOnly",  BOOL,   OMIT,   NULL},
};
static PLAIN(claim_source, "PersistentVolumeClaimVolumeSource");

static const struct sm_field claim_template_fields[] = {
    {"metadata", &sm_schema_object_meta, ALWAYS, NULL},
    {"spec",     &sm_schema_claim_spec,  ALWAYS, NULL},
};
static OBJECT(claim_template, "PersistentVolumeClaimTemplate");

static const struct sm_field ephemeral_fields[] = {
    {"volumeClaimTemplate", &claim_template, OPTIONAL, NULL},
};
static OBJECT(ephemeral, "EphemeralVolumeSource");

/* --- Files from objects of the API --------------------------------------------------------------------------------------- */

static const struct sm_field key_to_path_fields[] = {
    {"key",  STRING, ALWAYS,   NULL},
    {"mode", INT32,  OPTIONAL, NULL},
    {"path", STRING, ALWAYS,   NULL},
};
static PLAIN(key_to_path, "KeyToPath");

static const struct sm_field config_map_fields[] = {
    {"defaultMode", INT32,                     OPTIONAL, "420"},
    {"items",       ATOMIC_LIST(&key_to_path), OMIT,     NULL},
    {"name",        STRING,                    OMIT,     NULL},
    {"optional",    BOOL,                      OPTIONAL, NULL},
};
static OBJECT(config_map, "ConfigMapVolumeSource");

static const struct sm_field secret_fields[] = {
    {"defaultMode", INT32,                     OPTIONAL, "420"},
    {"items",       ATOMIC_LIST(&key_to_path), OMIT,     NULL},
    {"optional",    BOOL,                      OPTIONAL, NULL},
    {"secretName",  STRING,                    OMIT,     NULL},
};
static OBJECT(secret, "SecretVolumeSource");

static const struct sm_field downward_file_fields[] = {
    {"fieldRef",         &sm_schema_object_field_selector,   OPTIONAL, NULL},
    {"mode",             INT32,                              OPTIONAL, NULL},
    {"path",             STRING,                             ALWAYS,   NULL},
    {"resourceFieldRef", &sm_schema_resource_field_selector, OPTIONAL, NULL},
};
static OBJECT(downward_file, "DownwardAPIVolumeFile");

static const struct sm_field downward_fields[] = {
    {"defaultMode", INT32,                       OPTIONAL, "420"},
    {"items",       ATOMIC_LIST(&downward_file), OMIT,     NULL},
};
static OBJECT(downward, "DownwardAPIVolumeSource");

static const struct sm_field trust_bundle_projection_fields[] = {
    {"labelSelector", &sm_schema_label_selector, OPTIONAL, NULL},
    {"name",          STRING,                    OPTIONAL, NULL},
    {"optional",      BOOL,                      OPTIONAL, NULL},
    {"path",          STRING,                    ALWAYS,   NULL},
    {"signerName",    STRING,                    OPTIONAL, NULL},
};
static PLAIN(trust_bundle_projection, "ClusterTrustBundleProjection");

static const struct sm_field object_projection_fields[] = {
    {"items",    ATOMIC_LIST(&key_to_path), OMIT,     NULL},
    {"name",     STRING,                    OMIT,     NULL},
    {"optional", BOOL,                      OPTIONAL, NULL},
};
#define config_map_projection_fields object_projection_fields
#define secret_projection_fields object_projection_fields
static PLAIN(config_map_projection, "ConfigMapProjection");
static PLAIN(secret_projection, "SecretProjection");

static const struct sm_field downward_projection_fields[] = {
    {"items", ATOMIC_LIST(&downward_file), OMIT, NULL},
};
static OBJECT(downward_projection, "DownwardAPIProjection");

static const struct sm_field token_projection_fields[] = {
    {"audience",          STRING, OMIT,     NULL},
    {"expirationSeconds", INT64,  OPTIONAL, "3600"},
    {"path",              STRING, ALWAYS,   NULL},
};
static OBJECT(token_projection, "ServiceAccountTokenProjection");

static const struct sm_field projection_fields[] = {
    {"clusterTrustBundle",  &trust_bundle_projection, OPTIONAL, NULL},
    {"configMap",           &config_map_projection,   OPTIONAL, NULL},
    {"downwardAPI",         &downward_projection,     OPTIONAL, NULL},
    {"secret",              &secret_projection,       OPTIONAL, NULL},
    {"serviceAccountToken", &token_projection,        OPTIONAL, NULL},
};
static OBJECT(projection, "VolumeProjection");

static const struct sm_field projected_fields[] = {
    {"defaultMode", INT32,                    OPTIONAL, "420"},
    {"sources",     ATOMIC_LIST(&projection), ALWAYS,   NULL},
};
static OBJECT(projected, "ProjectedVolumeSource");

/* --- Volume -------------------------------------------------------------------------------------------------------------- */

/* A volume without a source is an emptyDir. */
static sm_val fill_volume(struct sm_region *r, sm_val volume) {
    bool has_source = sm_val_count(volume) > (sm_val_get(volume, "name") ? 1 : 0);
    return has_source ? volume : sm_val_set(r, volume, "emptyDir", SM_EMPTY_MAP);
}

static const struct sm_field sm_schema_volume_fields[] = {
    {"awsElasticBlockStore",  &sm_schema_aws,        OPTIONAL, NULL},
    {"azureDisk",             &sm_schema_azure_disk, OPTIONAL, NULL},
    {"azureFile",             &azure_file,           OPTIONAL, NULL},
    {"cephfs",                &cephfs,               OPTIONAL, NULL},
    {"cinder",                &cinder,               OPTIONAL, NULL},
    {"configMap",             &config_map,           OPTIONAL, NULL},
    {"csi",                   &csi,                  OPTIONAL, NULL},
    {"downwardAPI",           &downward,             OPTIONAL, NULL},
    {"emptyDir",              &empty_dir,            OPTIONAL, NULL},
    {"ephemeral",             &ephemeral,            OPTIONAL, NULL},
    {"fc",                    &sm_schema_fc,         OPTIONAL, NULL},
    {"flexVolume",            &flex,                 OPTIONAL, NULL},
    {"flocker",               &sm_schema_flocker,    OPTIONAL, NULL},
    {"gcePersistentDisk",     &sm_schema_gce,        OPTIONAL, NULL},
    {"gitRepo",               &git_repo,             OPTIONAL, NULL},
    {"glusterfs",             &glusterfs,            OPTIONAL, NULL},
    {"hostPath",              &sm_schema_host_path,  OPTIONAL, NULL},
    {"image",                 &image,                OPTIONAL, NULL},
    {"iscsi",                 &iscsi,                OPTIONAL, NULL},
    {"name",                  STRING,                ALWAYS,   NULL},
    {"nfs",                   &sm_schema_nfs,        OPTIONAL, NULL},
    {"persistentVolumeClaim", &claim_source,         OPTIONAL, NULL},
    {"photonPersistentDisk",  &sm_schema_photon,     OPTIONAL, NULL},
    {"portworxVolume",        &sm_schema_portworx,   OPTIONAL, NULL},
    {"projected",             &projected,            OPTIONAL, NULL},
    {"quobyte",               &sm_schema_quobyte,    OPTIONAL, NULL},
    {"rbd",                   &rbd,                  OPTIONAL, NULL},
    {"scaleIO",               &scale_io,             OPTIONAL, NULL},
    {"secret",                &secret,               OPTIONAL, NULL},
    {"storageos",             &storage_os,           OPTIONAL, NULL},
    {"vsphereVolume",         &sm_schema_vsphere,    OPTIONAL, NULL},
};
OBJECT_WITH(sm_schema_volume, "Volume", .fill = fill_volume);
