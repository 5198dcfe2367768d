/* Core kinds that clients look at now and then: Endpoints, PodTemplate, ResourceQuota. */
#include "schema_types.h"

static const struct sm_field address_fields[] = {
    {"hostname",  STRING,                      OMIT,     NULL, 3},
    {"ip",        STRING,                      ALWAYS,   NULL, 1},
    {"nodeName",  STRING,                      OPTIONAL, NULL, 4},
    {"targetRef", &sm_schema_object_reference, OPTIONAL, NULL, 2},
};
static ATOMIC_PLAIN(address, "EndpointAddress");

static const struct sm_field port_fields[] = {
    {"appProtocol", STRING,            OPTIONAL, NULL, 4},
    {"name",        STRING,            OMIT,     NULL, 1},
    {"port",        INT32,             ALWAYS,   NULL, 2},
    {"protocol",    NAMED("Protocol"), OMIT,     "\"TCP\"", 3},
};
static ATOMIC_OBJECT(port, "EndpointPort");

static const struct sm_field subset_fields[] = {
    {"addresses",         ATOMIC_LIST(&address), OMIT, NULL, 1},
    {"notReadyAddresses", ATOMIC_LIST(&address), OMIT, NULL, 2},
    {"ports",             ATOMIC_LIST(&port),    OMIT, NULL, 3},
};
static OBJECT(subset, "EndpointSubset");

static const struct sm_field sm_schema_endpoints_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"subsets", ATOMIC_LIST(&subset), OMIT, NULL, 2},
};
OBJECT(sm_schema_endpoints, "Endpoints");

static const struct sm_field sm_schema_pod_template_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"template", &sm_schema_pod_template_spec, ALWAYS, NULL, 2},
};
OBJECT(sm_schema_pod_template, "PodTemplate");

static const struct sm_field scope_requirement_fields[] = {
    {"operator",  NAMED("ScopeSelectorOperator"), ALWAYS, NULL, 2},
    {"scopeName", NAMED("ResourceQuotaScope"),    ALWAYS, NULL, 1},
    {"values",    STRINGS,                        OMIT,   NULL, 3},
};
static PLAIN(scope_requirement, "ScopedResourceSelectorRequirement");

static const struct sm_field scope_selector_fields[] = {
    {"matchExpressions", ATOMIC_LIST(&scope_requirement), OMIT, NULL, 1},
};
static ATOMIC_PLAIN(scope_selector, "ScopeSelector");

static const struct sm_field quota_spec_fields[] = {
    {"hard",          QUANTITIES,                               OMIT,     NULL, 1},
    {"scopeSelector", &scope_selector,                          OPTIONAL, NULL, 3},
    {"scopes",        ATOMIC_LIST(NAMED("ResourceQuotaScope")), OMIT,     NULL, 2},
};
static PLAIN(quota_spec, "ResourceQuotaSpec");

static const struct sm_field quota_status_fields[] = {
    {"hard", QUANTITIES, OMIT, NULL, 1},
    {"used", QUANTITIES, OMIT, NULL, 2},
};
static PLAIN(quota_status, "ResourceQuotaStatus");

static const struct sm_field sm_schema_resource_quota_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &quota_spec,   ALWAYS, NULL, 2},
    {"status", &quota_status, ALWAYS, NULL, 3},
};
PLAIN(sm_schema_resource_quota, "ResourceQuota");
