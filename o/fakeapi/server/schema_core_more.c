/* Core kinds that clients look at now and then: Endpoints, PodTemplate, ResourceQuota. */
#include "schema_types.h"

static const struct sm_field address_fields[] = {
    {"hostname",  STRING,                      OMIT,     NULL},
    {"ip",        STRING,                      ALWAYS,   NULL},
    {"nodeName",  STRING,                      OPTIONAL, NULL},
    {"targetRef", &sm_schema_object_reference, OPTIONAL, NULL},
};
static ATOMIC_PLAIN(address, "EndpointAddress");

static const struct sm_field port_fields[] = {
    {"appProtocol", STRING,            OPTIONAL, NULL},
    {"name",        STRING,            OMIT,     NULL},
    {"port",        INT32,             ALWAYS,   NULL},
    {"protocol",    NAMED("Protocol"), OMIT,     "\"TCP\""},
};
static ATOMIC_OBJECT(port, "EndpointPort");

static const struct sm_field subset_fields[] = {
    {"addresses",         ATOMIC_LIST(&address), OMIT, NULL},
    {"notReadyAddresses", ATOMIC_LIST(&address), OMIT, NULL},
    {"ports",             ATOMIC_LIST(&port),    OMIT, NULL},
};
static OBJECT(subset, "EndpointSubset");

static const struct sm_field sm_schema_endpoints_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"subsets", ATOMIC_LIST(&subset), OMIT, NULL},
};
OBJECT(sm_schema_endpoints, "Endpoints");

static const struct sm_field sm_schema_pod_template_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"template", &sm_schema_pod_template_spec, ALWAYS, NULL},
};
OBJECT(sm_schema_pod_template, "PodTemplate");

static const struct sm_field scope_requirement_fields[] = {
    {"operator",  NAMED("ScopeSelectorOperator"), ALWAYS, NULL},
    {"scopeName", NAMED("ResourceQuotaScope"),    ALWAYS, NULL},
    {"values",    STRINGS,                        OMIT,   NULL},
};
static PLAIN(scope_requirement, "ScopedResourceSelectorRequirement");

static const struct sm_field scope_selector_fields[] = {
    {"matchExpressions", ATOMIC_LIST(&scope_requirement), OMIT, NULL},
};
static ATOMIC_PLAIN(scope_selector, "ScopeSelector");

static const struct sm_field quota_spec_fields[] = {
    {"hard",          QUANTITIES,                               OMIT,     NULL},
    {"scopeSelector", &scope_selector,                          OPTIONAL, NULL},
    {"scopes",        ATOMIC_LIST(NAMED("ResourceQuotaScope")), OMIT,     NULL},
};
static PLAIN(quota_spec, "ResourceQuotaSpec");

static const struct sm_field quota_status_fields[] = {
    {"hard", QUANTITIES, OMIT, NULL},
    {"used", QUANTITIES, OMIT, NULL},
};
static PLAIN(quota_status, "ResourceQuotaStatus");

static const struct sm_field sm_schema_resource_quota_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &quota_spec,   ALWAYS, NULL},
    {"status", &quota_status, ALWAYS, NULL},
};
PLAIN(sm_schema_resource_quota, "ResourceQuota");
