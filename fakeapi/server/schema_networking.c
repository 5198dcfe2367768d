/* networking and discovery: Ingress, IngressClass, NetworkPolicy, EndpointSlice. */
#include "schema_types.h"

/* --- Ingress ----------------------------------------------------------------------------------------------------------------- */

static const struct sm_field backend_port_fields[] = {
    {"name",   STRING, OMIT, NULL},
    {"number", INT32,  OMIT, NULL},
};
static ATOMIC_PLAIN(backend_port, "ServiceBackendPort");

static const struct sm_field backend_service_fields[] = {
    {"name", STRING,        ALWAYS, NULL},
    {"port", &backend_port, ALWAYS, NULL},
};
static PLAIN(backend_service, "IngressServiceBackend");

static const struct sm_field backend_fields[] = {
    {"resource", &sm_schema_typed_local_object_reference, OPTIONAL, NULL},
    {"service",  &backend_service,                        OPTIONAL, NULL},
};
static PLAIN(backend, "IngressBackend");

static const struct sm_field path_fields[] = {
    {"backend",  &backend,          ALWAYS,   NULL},
    {"path",     STRING,            OMIT,     NULL},
    {"pathType", NAMED("PathType"), OPTIONAL, NULL},
};
static PLAIN(path, "HTTPIngressPath");

static const struct sm_field http_fields[] = {
    {"paths", ATOMIC_LIST(&path), ALWAYS, NULL},
};
static PLAIN(http, "HTTPIngressRuleValue");

static const struct sm_field rule_fields[] = {
    {"host", STRING, OMIT,     NULL},
    {"http", &http,  OPTIONAL, NULL},
};
static PLAIN(rule, "IngressRule");

static const struct sm_field tls_fields[] = {
    {"hosts",      STRINGS, OMIT, NULL},
    {"secretName", STRING,  OMIT, NULL},
};
static PLAIN(tls, "IngressTLS");

static const struct sm_field ingress_spec_fields[] = {
    {"defaultBackend",   &backend,           OPTIONAL, NULL},
    {"ingressClassName", STRING,             OPTIONAL, NULL},
    {"rules",            ATOMIC_LIST(&rule), OMIT,     NULL},
    {"tls",              ATOMIC_LIST(&tls),  OMIT,     NULL},
};
static PLAIN(ingress_spec, "IngressSpec");

static const struct sm_field port_status_fields[] = {
    {"error",    STRING,            OPTIONAL, NULL},
    {"port",     INT32,             ALWAYS,   NULL},
    {"protocol", NAMED("Protocol"), ALWAYS,   NULL},
};
static PLAIN(port_status, "IngressPortStatus");

static const struct sm_field balancer_ingress_fields[] = {
    {"hostname", STRING,                    OMIT, NULL},
    {"ip",       STRING,                    OMIT, NULL},
    {"ports",    ATOMIC_LIST(&port_status), OMIT, NULL},
};
static PLAIN(balancer_ingress, "IngressLoadBalancerIngress");

static const struct sm_field balancer_fields[] = {
    {"ingress", ATOMIC_LIST(&balancer_ingress), OMIT, NULL},
};
static PLAIN(balancer, "IngressLoadBalancerStatus");

static const struct sm_field ingress_status_fields[] = {
    {"loadBalancer", &balancer, ALWAYS, NULL},
};
static PLAIN(ingress_status, "IngressStatus");

static const struct sm_field sm_schema_ingress_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &ingress_spec,   ALWAYS, NULL},
    {"status", &ingress_status, ALWAYS, NULL},
};
PLAIN(sm_schema_ingress, "Ingress");

/* --- IngressClass ------------------------------------------------------------------------------------------------------------ */

static const struct sm_field parameters_fields[] = {
    {"apiGroup",  STRING, OPTIONAL, NULL},
    {"kind",      STRING, ALWAYS,   NULL},
    {"name",      STRING, ALWAYS,   NULL},
    {"namespace", STRING, OPTIONAL, NULL},
    {"scope",     STRING, OPTIONAL, "\"Cluster\""},
};
static OBJECT(parameters, "IngressClassParametersReference");

static const struct sm_field class_spec_fields[] = {
    {"controller", STRING,      OMIT,     NULL},
    {"parameters", &parameters, OPTIONAL, NULL},
};
static OBJECT(class_spec, "IngressClassSpec");

static const struct sm_field sm_schema_ingress_class_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec", &class_spec, ALWAYS, NULL},
};
OBJECT(sm_schema_ingress_class, "IngressClass");

/* --- NetworkPolicy ----------------------------------------------------------------------------------------------------------- */

static const struct sm_field policy_port_fields[] = {
    {"endPort",  INT32,             OPTIONAL, NULL},
    {"port",     INT_OR_STRING,     OPTIONAL, NULL},
    {"protocol", NAMED("Protocol"), OPTIONAL, "\"TCP\""},
};
static OBJECT(policy_port, "NetworkPolicyPort");

static const struct sm_field ip_block_fields[] = {
    {"cidr",   STRING,  ALWAYS, NULL},
    {"except", STRINGS, OMIT,   NULL},
};
static PLAIN(ip_block, "IPBlock");

static const struct sm_field peer_fields[] = {
    {"ipBlock",           &ip_block,                 OPTIONAL, NULL},
    {"namespaceSelector", &sm_schema_label_selector, OPTIONAL, NULL},
    {"podSelector",       &sm_schema_label_selector, OPTIONAL, NULL},
};
static PLAIN(peer, "NetworkPolicyPeer");

static const struct sm_field ingress_rule_fields[] = {
    {"from",  ATOMIC_LIST(&peer),        OMIT, NULL},
    {"ports", ATOMIC_LIST(&policy_port), OMIT, NULL},
};
static OBJECT(ingress_rule, "NetworkPolicyIngressRule");

static const struct sm_field egress_rule_fields[] = {
    {"ports", ATOMIC_LIST(&policy_port), OMIT, NULL},
    {"to",    ATOMIC_LIST(&peer),        OMIT, NULL},
};
static OBJECT(egress_rule, "NetworkPolicyEgressRule");

/* What a policy is about follows from its rules. */
static sm_val fill_policy(struct sm_region *r, sm_val spec) {
    sm_val types = SM_LIST(r, sm_val_str(r, "Ingress"));

    if (sm_val_get(spec, "policyTypes"))
        return spec;
    if (sm_val_count(sm_val_get(spec, "egress")))
        types = sm_val_append(r, types, sm_val_str(r, "Egress"));
    return sm_val_set(r, spec, "policyTypes", types);
}

static const struct sm_field policy_spec_fields[] = {
    {"egress",      ATOMIC_LIST(&egress_rule),        OMIT,   NULL},
    {"ingress",     ATOMIC_LIST(&ingress_rule),       OMIT,   NULL},
    {"podSelector", &sm_schema_label_selector,        ALWAYS, NULL},
    {"policyTypes", ATOMIC_LIST(NAMED("PolicyType")), OMIT,   NULL},
};
static OBJECT_WITH(policy_spec, "NetworkPolicySpec", .fill = fill_policy);

static const struct sm_field sm_schema_network_policy_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec", &policy_spec, ALWAYS, NULL},
};
OBJECT(sm_schema_network_policy, "NetworkPolicy");

/* --- EndpointSlice ----------------------------------------------------------------------------------------------------------- */

static const struct sm_field conditions_fields[] = {
    {"ready",       BOOL, OPTIONAL, NULL},
    {"serving",     BOOL, OPTIONAL, NULL},
    {"terminating", BOOL, OPTIONAL, NULL},
};
static PLAIN(conditions, "EndpointConditions");

static const struct sm_field hint_fields[] = {
    {"name", STRING, ALWAYS, NULL},
};
static PLAIN(hint, "ForZone");

static const struct sm_field hints_fields[] = {
    {"forNodes", ATOMIC_LIST(&hint), OMIT, NULL},
    {"forZones", ATOMIC_LIST(&hint), OMIT, NULL},
};
static PLAIN(hints, "EndpointHints");

static const struct sm_field endpoint_fields[] = {
    {"addresses",          LIST_WITH(STRING, .list = SM_LIST_SET), ALWAYS,   NULL},
    {"conditions",         &conditions,                            ALWAYS,   NULL},
    {"deprecatedTopology", ATOMIC_MAP(STRING),                     OMIT,     NULL},
    {"hints",              &hints,                                 OPTIONAL, NULL},
    {"hostname",           STRING,                                 OPTIONAL, NULL},
    {"nodeName",           STRING,                                 OPTIONAL, NULL},
    {"targetRef",          &sm_schema_object_reference,            OPTIONAL, NULL},
    {"zone",               STRING,                                 OPTIONAL, NULL},
};
static PLAIN(endpoint, "Endpoint");

static const struct sm_field slice_port_fields[] = {
    {"appProtocol", STRING,            OPTIONAL, NULL},
    {"name",        STRING,            OPTIONAL, "\"\""},
    {"port",        INT32,             OPTIONAL, NULL},
    {"protocol",    NAMED("Protocol"), OPTIONAL, "\"TCP\""},
};
static ATOMIC_OBJECT(slice_port, "EndpointPort");

static const struct sm_field sm_schema_endpoint_slice_fields[] = {
    {"addressType", NAMED("AddressType"),     ALWAYS, NULL},
    API_VERSION,
    {"endpoints",   ATOMIC_LIST(&endpoint),   ALWAYS, NULL},
    KIND,
    METADATA,
    {"ports",       ATOMIC_LIST(&slice_port), ALWAYS, NULL},
};
OBJECT(sm_schema_endpoint_slice, "EndpointSlice");
