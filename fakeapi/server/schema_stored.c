/* Kinds that are stored as they come: nothing here reads them. Their metadata is like everybody's, the rest is kept as it was sent.
 * Their fields are known to whoever reads ../../docs/fidelity.md as "stored only". */
#include "schema_types.h"

static const struct sm_field stored_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   ANY, OPTIONAL, NULL, 0},
    {"status", ANY, OPTIONAL, NULL, 0},
};

#define STORED(symbol, kind_name) \
    const struct sm_schema symbol = {.name = (kind_name), \
                                     .type = SM_TYPE_OBJECT, \
                                     .plain = true, \
                                     .preserve_unknown = true, \
                                     .fields = stored_fields, \
                                     .field_count = sizeof stored_fields / sizeof *stored_fields}

STORED(sm_schema_mutating_webhook, "MutatingWebhookConfiguration");
STORED(sm_schema_validating_webhook, "ValidatingWebhookConfiguration");
STORED(sm_schema_admission_policy, "ValidatingAdmissionPolicy");
STORED(sm_schema_admission_binding, "ValidatingAdmissionPolicyBinding");
STORED(sm_schema_api_service, "APIService");
STORED(sm_schema_signing_request, "CertificateSigningRequest");
STORED(sm_schema_flow_schema, "FlowSchema");
STORED(sm_schema_priority_level, "PriorityLevelConfiguration");
STORED(sm_schema_ip_address, "IPAddress");
STORED(sm_schema_service_cidr, "ServiceCIDR");
STORED(sm_schema_device_class, "DeviceClass");
STORED(sm_schema_resource_claim, "ResourceClaim");
STORED(sm_schema_resource_claim_template, "ResourceClaimTemplate");
STORED(sm_schema_resource_slice, "ResourceSlice");
STORED(sm_schema_csi_driver, "CSIDriver");
STORED(sm_schema_csi_node, "CSINode");
STORED(sm_schema_csi_capacity, "CSIStorageCapacity");
STORED(sm_schema_volume_attachment, "VolumeAttachment");
