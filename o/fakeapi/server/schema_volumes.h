/* Sources of volumes that pods and PersistentVolumes share. Where the two refer to secrets in different ways, the rows are
 * shared and the type of the reference is a parameter. */
#ifndef SM_SCHEMA_VOLUMES_H
#define SM_SCHEMA_VOLUMES_H

#include "schema_types.h"

extern const struct sm_schema sm_schema_aws, sm_schema_azure_disk, sm_schema_fc, sm_schema_flocker, sm_schema_gce, sm_schema_host_path,
    sm_schema_nfs, sm_schema_photon, sm_schema_portworx, sm_schema_quobyte, sm_schema_vsphere;

/* clang-format off */
#define CEPHFS_FIELDS(secret_ref) \
    {"monitors",         STRINGS,    ALWAYS,   NULL}, \
    {"path",             STRING,     OMIT,     NULL}, \
    {"readOnly",         BOOL,       OMIT,     NULL}, \
    {"secretFile",       STRING,     OMIT,     NULL}, \
    {"secretRef",        secret_ref, OPTIONAL, NULL}, \
    {"user",             STRING,     OMIT,     NULL}

#define CINDER_FIELDS(secret_ref) \
    {"fsType",           STRING,     OMIT,     NULL}, \
    {"readOnly",         BOOL,       OMIT,     NULL}, \
    {"secretRef",        secret_ref, OPTIONAL, NULL}, \
    {"volumeID",         STRING,     ALWAYS,   NULL}

#define FLEX_FIELDS(secret_ref) \
    {"driver",           STRING,     ALWAYS,   NULL}, \
    {"fsType",           STRING,     OMIT,     NULL}, \
    {"options",          STRING_MAP, OMIT,     NULL}, \
    {"readOnly",         BOOL,       OMIT,     NULL}, \
    {"secretRef",        secret_ref, OPTIONAL, NULL}

#define ISCSI_FIELDS(secret_ref) \
    {"chapAuthDiscovery", BOOL,      OMIT,     NULL}, \
    {"chapAuthSession",  BOOL,       OMIT,     NULL}, \
    {"fsType",           STRING,     OMIT,     NULL}, \
    {"initiatorName",    STRING,     OPTIONAL, NULL}, \
    {"iqn",              STRING,     ALWAYS,   NULL}, \
    {"iscsiInterface",   STRING,     OMIT,     "\"default\""}, \
    {"lun",              INT32,      ALWAYS,   NULL}, \
    {"portals",          STRINGS,    OMIT,     NULL}, \
    {"readOnly",         BOOL,       OMIT,     NULL}, \
    {"secretRef",        secret_ref, OPTIONAL, NULL}, \
    {"targetPortal",     STRING,     ALWAYS,   NULL}

#define RBD_FIELDS(secret_ref) \
    {"fsType",           STRING,     OMIT,     NULL}, \
    {"image",            STRING,     ALWAYS,   NULL}, \
    {"keyring",          STRING,     OMIT,     "\"/etc/ceph/keyring\""}, \
    {"monitors",         STRINGS,    ALWAYS,   NULL}, \
    {"pool",             STRING,     OMIT,     "\"rbd\""}, \
    {"readOnly",         BOOL,       OMIT,     NULL}, \
    {"secretRef",        secret_ref, OPTIONAL, NULL}, \
    {"user",             STRING,     OMIT,     "\"admin\""}

#define SCALE_IO_FIELDS(secret_ref) \
    {"fsType",           STRING,     OMIT,     "\"xfs\""}, \
    {"gateway",          STRING,     ALWAYS,   NULL}, \
    {"protectionDomain", STRING,     OMIT,     NULL}, \
    {"readOnly",         BOOL,       OMIT,     NULL}, \
    {"secretRef",        secret_ref, OR_NULL,  NULL}, \
    {"sslEnabled",       BOOL,       OMIT,     NULL}, \
    {"storageMode",      STRING,     OMIT,     "\"ThinProvisioned\""}, \
    {"storagePool",      STRING,     OMIT,     NULL}, \
    {"system",           STRING,     ALWAYS,   NULL}, \
    {"volumeName",       STRING,     OMIT,     NULL}

#define STORAGE_OS_FIELDS(secret_ref) \
    {"fsType",           STRING,     OMIT,     NULL}, \
    {"readOnly",         BOOL,       OMIT,     NULL}, \
    {"secretRef",        secret_ref, OPTIONAL, NULL}, \
    {"volumeName",       STRING,     OMIT,     NULL}, \
    {"volumeNamespace",  STRING,     OMIT,     NULL}
/* clang-format on */

#endif
