/* Sources of volumes that pods and PersistentVolumes share. Where the two refer to secrets in different ways, the rows are
 * shared and the type of the reference is a parameter. */
#ifndef SM_SCHEMA_VOLUMES_H
#define SM_SCHEMA_VOLUMES_H

#include "schema_types.h"

extern const struct sm_schema sm_schema_aws, sm_schema_azure_disk, sm_schema_fc, sm_schema_flocker, sm_schema_gce, sm_schema_host_path,
    sm_schema_nfs, sm_schema_photon, sm_schema_portworx, sm_schema_quobyte, sm_schema_vsphere;

/* clang-format off */
#define CEPHFS_FIELDS(secret_ref) \
    {"monitors",         STRINGS,    ALWAYS,   NULL, 1}, \
    {"path",             STRING,     OMIT,     NULL, 2}, \
    {"readOnly",         BOOL,       OMIT,     NULL, 6}, \
    {"secretFile",       STRING,     OMIT,     NULL, 4}, \
    {"secretRef",        secret_ref, OPTIONAL, NULL, 5}, \
    {"user",             STRING,     OMIT,     NULL, 3}

#define CINDER_FIELDS(secret_ref) \
    {"fsType",           STRING,     OMIT,     NULL, 2}, \
    {"readOnly",         BOOL,       OMIT,     NULL, 3}, \
    {"secretRef",        secret_ref, OPTIONAL, NULL, 4}, \
    {"volumeID",         STRING,     ALWAYS,   NULL, 1}

#define FLEX_FIELDS(secret_ref) \
    {"driver",           STRING,     ALWAYS,   NULL, 1}, \
    {"fsType",           STRING,     OMIT,     NULL, 2}, \
    {"options",          STRING_MAP, OMIT,     NULL, 5}, \
    {"readOnly",         BOOL,       OMIT,     NULL, 4}, \
    {"secretRef",        secret_ref, OPTIONAL, NULL, 3}

#define ISCSI_FIELDS(secret_ref) \
    {"chapAuthDiscovery", BOOL,      OMIT,     NULL, 8}, \
    {"chapAuthSession",  BOOL,       OMIT,     NULL, 11}, \
    {"fsType",           STRING,     OMIT,     NULL, 5}, \
    {"initiatorName",    STRING,     OPTIONAL, NULL, 12}, \
    {"iqn",              STRING,     ALWAYS,   NULL, 2}, \
    {"iscsiInterface",   STRING,     OMIT,     "\"default\"", 4}, \
    {"lun",              INT32,      ALWAYS,   NULL, 3}, \
    {"portals",          STRINGS,    OMIT,     NULL, 7}, \
    {"readOnly",         BOOL,       OMIT,     NULL, 6}, \
    {"secretRef",        secret_ref, OPTIONAL, NULL, 10}, \
    {"targetPortal",     STRING,     ALWAYS,   NULL, 1}

#define RBD_FIELDS(secret_ref) \
    {"fsType",           STRING,     OMIT,     NULL, 3}, \
    {"image",            STRING,     ALWAYS,   NULL, 2}, \
    {"keyring",          STRING,     OMIT,     "\"/etc/ceph/keyring\"", 6}, \
    {"monitors",         STRINGS,    ALWAYS,   NULL, 1}, \
    {"pool",             STRING,     OMIT,     "\"rbd\"", 4}, \
    {"readOnly",         BOOL,       OMIT,     NULL, 8}, \
    {"secretRef",        secret_ref, OPTIONAL, NULL, 7}, \
    {"user",             STRING,     OMIT,     "\"admin\"", 5}

#define SCALE_IO_FIELDS(secret_ref) \
    {"fsType",           STRING,     OMIT,     "\"xfs\"", 9}, \
    {"gateway",          STRING,     ALWAYS,   NULL, 1}, \
    {"protectionDomain", STRING,     OMIT,     NULL, 5}, \
    {"readOnly",         BOOL,       OMIT,     NULL, 10}, \
    {"secretRef",        secret_ref, OR_NULL,  NULL, 3}, \
    {"sslEnabled",       BOOL,       OMIT,     NULL, 4}, \
    {"storageMode",      STRING,     OMIT,     "\"ThinProvisioned\"", 7}, \
    {"storagePool",      STRING,     OMIT,     NULL, 6}, \
    {"system",           STRING,     ALWAYS,   NULL, 2}, \
    {"volumeName",       STRING,     OMIT,     NULL, 8}

#define STORAGE_OS_FIELDS(secret_ref) \
    {"fsType",           STRING,     OMIT,     NULL, 3}, \
    {"readOnly",         BOOL,       OMIT,     NULL, 4}, \
    {"secretRef",        secret_ref, OPTIONAL, NULL, 5}, \
    {"volumeName",       STRING,     OMIT,     NULL, 1}, \
    {"volumeNamespace",  STRING,     OMIT,     NULL, 2}
/* clang-format on */

#endif
