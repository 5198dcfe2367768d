/* Volumes of pods, and the sources they share with PersistentVolumes (schema_volumes.h). */
#include "schema_volumes.h"

static const struct sm_field sm_schema_aws_fields[] = {
    {"fsType",    STRING, OMIT,   NULL, 2},
    {"partition", INT32,  OMIT,   NULL, 3},
    {"readOnly",  BOOL,   OMIT,   NULL, 4},
    {"volumeID",  STRING, ALWAYS, NULL, 1},
};
PLAIN(sm_schema_aws, "AWSElasticBlockStoreVolumeSource");

static const struct sm_field sm_schema_azure_disk_fields[] = {
    {"cachingMode", NAMED("AzureDataDiskCachingMode"), OPTIONAL, "\"ReadWrite\"", 3},
    {"diskName",    STRING,                            ALWAYS,   NULL, 1},
    {"diskURI",     STRING,                            ALWAYS,   NULL, 2},
    {"fsType",      STRING,                            OPTIONAL, "\"ext4\"", 4},
    {"kind",        NAMED("AzureDataDiskKind"),        OPTIONAL, "\"Shared\"", 6},
    {"readOnly",    BOOL,                              OPTIONAL, "false", 5},
};
OBJECT(sm_schema_azure_disk, "AzureDiskVolumeSource");

static const struct sm_field sm_schema_fc_fields[] = {
    {"fsType",     STRING,  OMIT,     NULL, 3},
    {"lun",        INT32,   OPTIONAL, NULL, 2},
    {"readOnly",   BOOL,    OMIT,     NULL, 4},
    {"targetWWNs", STRINGS, OMIT,     NULL, 1},
    {"wwids",      STRINGS, OMIT,     NULL, 5},
};
PLAIN(sm_schema_fc, "FCVolumeSource");

static const struct sm_field sm_schema_flocker_fields[] = {
    {"datasetName", STRING, OMIT, NULL, 1},
    {"datasetUUID", STRING, OMIT, NULL, 2},
};
PLAIN(sm_schema_flocker, "FlockerVolumeSource");

static const struct sm_field sm_schema_gce_fields[] = {
    {"fsType",    STRING, OMIT,   NULL, 2},
    {"partition", INT32,  OMIT,   NULL, 3},
    {"pdName",    STRING, ALWAYS, NULL, 1},
    {"readOnly",  BOOL,   OMIT,   NULL, 4},
};
PLAIN(sm_schema_gce, "GCEPersistentDiskVolumeSource");

static const struct sm_field sm_schema_host_path_fields[] = {
    {"path", STRING,                ALWAYS,   NULL, 1},
    {"type", NAMED("HostPathType"), OPTIONAL, "\"\"", 2},
};
OBJECT(sm_schema_host_path, "HostPathVolumeSource");

static const struct sm_field sm_schema_nfs_fields[] = {
    {"path",     STRING, ALWAYS, NULL, 2},
    {"readOnly", BOOL,   OMIT,   NULL, 3},
    {"server",   STRING, ALWAYS, NULL, 1},
};
PLAIN(sm_schema_nfs, "NFSVolumeSource");

static const struct sm_field sm_schema_photon_fields[] = {
    {"fsType", STRING, OMIT,   NULL, 2},
    {"pdID",   STRING, ALWAYS, NULL, 1},
};
PLAIN(sm_schema_photon, "PhotonPersistentDiskVolumeSource");

static const struct sm_field sm_schema_portworx_fields[] = {
    {"fsType",   STRING, OMIT,   NULL, 2},
    {"readOnly", BOOL,   OMIT,   NULL, 3},
    {"volumeID", STRING, ALWAYS, NULL, 1},
};
PLAIN(sm_schema_portworx, "PortworxVolumeSource");

static const struct sm_field sm_schema_quobyte_fields[] = {
    {"group",    STRING, OMIT,   NULL, 5},
    {"readOnly", BOOL,   OMIT,   NULL, 3},
    {"registry", STRING, ALWAYS, NULL, 1},
    {"tenant",   STRING, OMIT,   NULL, 6},
    {"user",     STRING, OMIT,   NULL, 4},
    {"volume",   STRING, ALWAYS, NULL, 2},
};
PLAIN(sm_schema_quobyte, "QuobyteVolumeSource");

static const struct sm_field sm_schema_vsphere_fields[] = {
    {"fsType",            STRING, OMIT,   NULL, 2},
    {"storagePolicyID",   STRING, OMIT,   NULL, 4},
    {"storagePolicyName", STRING, OMIT,   NULL, 3},
    {"volumePath",        STRING, ALWAYS, NULL, 1},
};
PLAIN(sm_schema_vsphere, "VsphereVirtualDiskVolumeSource");

/* Those that a pod's volume and a PersistentVolume spell alike but for the reference to a secret. */
static const struct sm_field azure_file_fields[] = {
    {"readOnly",   BOOL,   OMIT,   NULL, 3},
    {"secretName", STRING, ALWAYS, NULL, 1},
    {"shareName",  STRING, ALWAYS, NULL, 2},
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
    {"driver",               STRING,                            ALWAYS,   NULL, 1},
    {"fsType",               STRING,                            OPTIONAL, NULL, 3},
    {"nodePublishSecretRef", &sm_schema_local_object_reference, OPTIONAL, NULL, 5},
    {"readOnly",             BOOL,                              OPTIONAL, NULL, 2},
    {"volumeAttributes",     STRING_MAP,                        OMIT,     NULL, 4},
};
static PLAIN(csi, "CSIVolumeSource");

static const struct sm_field git_repo_fields[] = {
    {"directory",  STRING, OMIT,   NULL, 3},
    {"repository", STRING, ALWAYS, NULL, 1},
    {"revision",   STRING, OMIT,   NULL, 2},
};
static PLAIN(git_repo, "GitRepoVolumeSource");

static const struct sm_field glusterfs_fields[] = {
    {"endpoints", STRING, ALWAYS, NULL, 1},
    {"path",      STRING, ALWAYS, NULL, 2},
    {"readOnly",  BOOL,   OMIT,   NULL, 3},
};
static PLAIN(glusterfs, "GlusterfsVolumeSource");

static const struct sm_field empty_dir_fields[] = {
    {"medium",    NAMED("StorageMedium"), OMIT,     NULL, 1},
    {"sizeLimit", QUANTITY,               OPTIONAL, NULL, 2},
};
static PLAIN(empty_dir, "EmptyDirVolumeSource");

static sm_val fill_image(struct sm_region *r, sm_val image) {
    if (sm_val_get(image, "pullPolicy"))
        return image;
    return sm_val_set(r, image, "pullPolicy", sm_schema_pull_policy(r, sm_val_get(image, "reference")));
}

static const struct sm_field image_fields[] = {
    {"pullPolicy", NAMED("PullPolicy"), OMIT, NULL, 2},
    {"reference",  STRING,              OMIT, NULL, 1},
};
static OBJECT_WITH(image, "ImageVolumeSource", .fill = fill_image);

static const struct sm_field claim_source_fields[] = {
    {"claimName", STRING, ALWAYS, NULL, 1},
    {"readOnly",  BOOL,   OMIT,   NULL, 2},
};
static PLAIN(claim_source, "PersistentVolumeClaimVolumeSource");

static const struct sm_field claim_template_fields[] = {
    {"metadata", &sm_schema_object_meta, ALWAYS, NULL, 1},
    {"spec",     &sm_schema_claim_spec,  ALWAYS, NULL, 2},
};
static OBJECT(claim_template, "PersistentVolumeClaimTemplate");

static const struct sm_field ephemeral_fields[] = {
    {"volumeClaimTemplate", &claim_template, OPTIONAL, NULL, 1},
};
static OBJECT(ephemeral, "EphemeralVolumeSource");

/* --- Files from objects of the API --------------------------------------------------------------------------------------- */

static const struct sm_field key_to_path_fields[] = {
    {"key",  STRING, ALWAYS,   NULL, 1},
    {"mode", INT32,  OPTIONAL, NULL, 3},
    {"path", STRING, ALWAYS,   NULL, 2},
};
static PLAIN(key_to_path, "KeyToPath");

static const struct sm_field config_map_fields[] = {
    {"defaultMode", INT32,                     OPTIONAL, "420", 3},
    {"items",       ATOMIC_LIST(&key_to_path), OMIT,     NULL, 2},
    {"name",        STRING,                    OMIT,     NULL, IN(1, 1)},
    {"optional",    BOOL,                      OPTIONAL, NULL, 4},
};
static OBJECT(config_map, "ConfigMapVolumeSource");

static const struct sm_field secret_fields[] = {
    {"defaultMode", INT32,                     OPTIONAL, "420", 3},
    {"items",       ATOMIC_LIST(&key_to_path), OMIT,     NULL, 2},
    {"optional",    BOOL,                      OPTIONAL, NULL, 4},
    {"secretName",  STRING,                    OMIT,     NULL, 1},
};
static OBJECT(secret, "SecretVolumeSource");

static const struct sm_field downward_file_fields[] = {
    {"fieldRef",         &sm_schema_object_field_selector,   OPTIONAL, NULL, 2},
    {"mode",             INT32,                              OPTIONAL, NULL, 4},
    {"path",             STRING,                             ALWAYS,   NULL, 1},
    {"resourceFieldRef", &sm_schema_resource_field_selector, OPTIONAL, NULL, 3},
};
static OBJECT(downward_file, "DownwardAPIVolumeFile");

static const struct sm_field downward_fields[] = {
    {"defaultMode", INT32,                       OPTIONAL, "420", 2},
    {"items",       ATOMIC_LIST(&downward_file), OMIT,     NULL, 1},
};
static OBJECT(downward, "DownwardAPIVolumeSource");

static const struct sm_field trust_bundle_projection_fields[] = {
    {"labelSelector", &sm_schema_label_selector, OPTIONAL, NULL, 3},
    {"name",          STRING,                    OPTIONAL, NULL, 1},
    {"optional",      BOOL,                      OPTIONAL, NULL, 5},
    {"path",          STRING,                    ALWAYS,   NULL, 4},
    {"signerName",    STRING,                    OPTIONAL, NULL, 2},
};
static PLAIN(trust_bundle_projection, "ClusterTrustBundleProjection");

static const struct sm_field object_projection_fields[] = {
    {"items",    ATOMIC_LIST(&key_to_path), OMIT,     NULL, 2},
    {"name",     STRING,                    OMIT,     NULL, IN(1, 1)},
    {"optional", BOOL,                      OPTIONAL, NULL, 4},
};
#define config_map_projection_fields object_projection_fields
#define secret_projection_fields object_projection_fields
static PLAIN(config_map_projection, "ConfigMapProjection");
static PLAIN(secret_projection, "SecretProjection");

static const struct sm_field downward_projection_fields[] = {
    {"items", ATOMIC_LIST(&downward_file), OMIT, NULL, 1},
};
static OBJECT(downward_projection, "DownwardAPIProjection");

static const struct sm_field token_projection_fields[] = {
    {"audience",          STRING, OMIT,     NULL, 1},
    {"expirationSeconds", INT64,  OPTIONAL, "3600", 2},
    {"path",              STRING, ALWAYS,   NULL, 3},
};
static OBJECT(token_projection, "ServiceAccountTokenProjection");

static const struct sm_field projection_fields[] = {
    {"clusterTrustBundle",  &trust_bundle_projection, OPTIONAL, NULL, 5},
    {"configMap",           &config_map_projection,   OPTIONAL, NULL, 3},
    {"downwardAPI",         &downward_projection,     OPTIONAL, NULL, 2},
    {"secret",              &secret_projection,       OPTIONAL, NULL, 1},
    {"serviceAccountToken", &token_projection,        OPTIONAL, NULL, 4},
};
static OBJECT(projection, "VolumeProjection");

static const struct sm_field projected_fields[] = {
    {"defaultMode", INT32,                    OPTIONAL, "420", 2},
    {"sources",     ATOMIC_LIST(&projection), ALWAYS,   NULL, 1},
};
static OBJECT(projected, "ProjectedVolumeSource");

/* --- Volume -------------------------------------------------------------------------------------------------------------- */

/* A volume without a source is an emptyDir. */
static sm_val fill_volume(struct sm_region *r, sm_val volume) {
    bool has_source = sm_val_count(volume) > (sm_val_get(volume, "name") ? 1 : 0);
    return has_source ? volume : sm_val_set(r, volume, "emptyDir", SM_EMPTY_MAP);
}

static const struct sm_field sm_schema_volume_fields[] = {
    {"awsElasticBlockStore",  &sm_schema_aws,        OPTIONAL, NULL, IN(2, 4)},
    {"azureDisk",             &sm_schema_azure_disk, OPTIONAL, NULL, IN(2, 22)},
    {"azureFile",             &azure_file,           OPTIONAL, NULL, IN(2, 18)},
    {"cephfs",                &cephfs,               OPTIONAL, NULL, IN(2, 14)},
    {"cinder",                &cinder,               OPTIONAL, NULL, IN(2, 13)},
    {"configMap",             &config_map,           OPTIONAL, NULL, IN(2, 19)},
    {"csi",                   &csi,                  OPTIONAL, NULL, IN(2, 28)},
    {"downwardAPI",           &downward,             OPTIONAL, NULL, IN(2, 16)},
    {"emptyDir",              &empty_dir,            OPTIONAL, NULL, IN(2, 2)},
    {"ephemeral",             &ephemeral,            OPTIONAL, NULL, IN(2, 29)},
    {"fc",                    &sm_schema_fc,         OPTIONAL, NULL, IN(2, 17)},
    {"flexVolume",            &flex,                 OPTIONAL, NULL, IN(2, 12)},
    {"flocker",               &sm_schema_flocker,    OPTIONAL, NULL, IN(2, 15)},
    {"gcePersistentDisk",     &sm_schema_gce,        OPTIONAL, NULL, IN(2, 3)},
    {"gitRepo",               &git_repo,             OPTIONAL, NULL, IN(2, 5)},
    {"glusterfs",             &glusterfs,            OPTIONAL, NULL, IN(2, 9)},
    {"hostPath",              &sm_schema_host_path,  OPTIONAL, NULL, IN(2, 1)},
    {"image",                 &image,                OPTIONAL, NULL, IN(2, 30)},
    {"iscsi",                 &iscsi,                OPTIONAL, NULL, IN(2, 8)},
    {"name",                  STRING,                ALWAYS,   NULL, 1},
    {"nfs",                   &sm_schema_nfs,        OPTIONAL, NULL, IN(2, 7)},
    {"persistentVolumeClaim", &claim_source,         OPTIONAL, NULL, IN(2, 10)},
    {"photonPersistentDisk",  &sm_schema_photon,     OPTIONAL, NULL, IN(2, 23)},
    {"portworxVolume",        &sm_schema_portworx,   OPTIONAL, NULL, IN(2, 24)},
    {"projected",             &projected,            OPTIONAL, NULL, IN(2, 26)},
    {"quobyte",               &sm_schema_quobyte,    OPTIONAL, NULL, IN(2, 21)},
    {"rbd",                   &rbd,                  OPTIONAL, NULL, IN(2, 11)},
    {"scaleIO",               &scale_io,             OPTIONAL, NULL, IN(2, 25)},
    {"secret",                &secret,               OPTIONAL, NULL, IN(2, 6)},
    {"storageos",             &storage_os,           OPTIONAL, NULL, IN(2, 27)},
    {"vsphereVolume",         &sm_schema_vsphere,    OPTIONAL, NULL, IN(2, 20)},
};
OBJECT_WITH(sm_schema_volume, "Volume", .fill = fill_volume);
