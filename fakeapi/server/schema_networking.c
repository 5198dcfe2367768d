/* networking and discovery: Ingress, IngressClass, NetworkPolicy, EndpointSlice. */
#include "schema_types.h"

/* --- Ingress ----------------------------------------------------------------------------------------------------------------- */

static const struct sm_field backend_port_fields[] = {
    {"name",   STRING, OMIT, NULL, 1},
    {"number", INT32,  OMIT, NULL, 2},
};
static ATOMIC_PLAIN(backend_port, "ServiceBackendPort");

static const struct sm_field backend_service_fields[] = {
    {"name", STRING,        ALWAYS, NULL, 1},
    {"port", &backend_port, ALWAYS, NULL, 2},
};
static PLAIN(backend_service, "IngressServiceBackend");

static const struct sm_field backend_fields[] = {
    {"resource", &sm_schema_typed_local_object_reference, OPTIONAL, NULL, 3},
    {"service",  &backend_service,                        OPTIONAL, NULL, 4},
};
static PLAIN(backend, "IngressBackend");

static const struct sm_field path_fields[] = {
    {"backend",  &backend,          ALWAYS,   NULL, 2},
    {"path",     STRING,            OMIT,     NULL, 1},
    {"pathType", NAMED("PathType"), OPTIONAL, NULL, 3},
};
static PLAIN(path, "HTTPIngressPath");

static const struct sm_field http_fields[] = {
    {"paths", ATOMIC_LIST(&path), ALWAYS, NULL, 1},
};
static PLAIN(http, "HTTPIngressRuleValue");

static const struct sm_field rule_fields[] = {
    {"host", STRING, OMIT,     NULL, 1},
    {"http", &http,  OPTIONAL, NULL, IN(2, 1)},
};
static PLAIN(rule, "IngressRule");

static const struct sm_field tls_fields[] = {
    {"hosts",      STRINGS, OMIT, NULL, 1},
    {"secretName", STRING,  OMIT, NULL, 2},
};
static PLAIN(tls, "IngressTLS");

static const struct sm_field ingress_spec_fields[] = {
    {"defaultBackend",   &backend,           OPTIONAL, NULL, 1},
    {"ingressClassName", STRING,             OPTIONAL, NULL, 4},
    {"rules",            ATOMIC_LIST(&rule), OMIT,     NULL, 3},
    {"tls",              ATOMIC_LIST(&tls),  OMIT,     NULL, 2},
};
static PLAIN(ingress_spec, "IngressSpec");

static const struct sm_field port_status_fields[] = {
    {"error",    STRING,            OPTIONAL, NULL, 3},
    {"port",     INT32,             ALWAYS,   NULL, 1},
    {"protocol", NAMED("Protocol"), ALWAYS,   NULL, 2},
};
static PLAIN(port_status, "IngressPortStatus");

static const struct sm_field balancer_ingress_fields[] = {
    {"hostname", STRING,                    OMIT, NULL, 2},
    {"ip",       STRING,                    OMIT, NULL, 1},
    {"ports",    ATOMIC_LIST(&port_status), OMIT, NULL, 4},
};
static PLAIN(balancer_ingress, "IngressLoadBalancerIngress");

static const struct sm_field balancer_fields[] = {
    {"ingress", ATOMIC_LIST(&balancer_ingress), OMIT, NULL, 1},
};
static PLAIN(balancer, "IngressLoadBalancerStatus");

static const struct sm_field ingress_status_fields[] = {
    {"loadBalancer", &balancer, ALWAYS, NULL, 1},
};
static PLAIN(ingress_status, "IngressStatus");

static const struct sm_field sm_schema_ingress_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &ingress_spec,   ALWAYS, NULL, 2},
    {"status", &ingress_status, ALWAYS, NULL, 3},
};
PLAIN(sm_schema_ingress, "Ingress");

/* --- IngressClass ------------------------------------------------------------------------------------------------------------ */

static const struct sm_field parameters_fields[] = {
    {"apiGroup",  STRING, OPTIONAL, NULL, 1},
    {"kind",      STRING, ALWAYS,   NULL, 2},
    {"name",      STRING, ALWAYS,   NULL, 3},
    {"namespace", STRING, OPTIONAL, NULL, 5},
    {"scope",     STRING, OPTIONAL, "\"Cluster\"", 4},
};
static OBJECT(parameters, "IngressClassParametersReference");

static const struct sm_field class_spec_fields[] = {
    {"controller", STRING,      OMIT,     NULL, 1},
    {"parameters", &parameters, OPTIONAL, NULL, 2},
};
static OBJECT(class_spec, "IngressClassSpec");

static const struct sm_field sm_schema_ingress_class_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec", &class_spec, ALWAYS, NULL, 2},
};
OBJECT(sm_schema_ingress_class, "IngressClass");

/* --- NetworkPolicy ----------------------------------------------------------------------------------------------------------- */

static const struct sm_field policy_port_fields[] = {
    {"endPort",  INT32,             OPTIONAL, NULL, 3},
    {"port",     INT_OR_STRING,     OPTIONAL, NULL, 2},
    {"protocol", NAMED("Protocol"), OPTIONAL, "\"TCP\"", 1},
};
static OBJECT(policy_port, "NetworkPolicyPort");

static const struct sm_field ip_block_fields[] = {
    {"cidr",   STRING,  ALWAYS, NULL, 1},
    {"except", STRINGS, OMIT,   NULL, 2},
};
static PLAIN(ip_block, "IPBlock");

static const struct sm_field peer_fields[] = {
    {"ipBlock",           &ip_block,                 OPTIONAL, NULL, 3},
    {"namespaceSelector", &sm_schema_label_selector, OPTIONAL, NULL, 2},
    {"podSelector",       &sm_schema_label_selector, OPTIONAL, NULL, 1},
};
static PLAIN(peer, "NetworkPolicyPeer");

static const struct sm_field ingress_rule_fields[] = {
    {"from",  ATOMIC_LIST(&peer),        OMIT, NULL, 2},
    {"ports", ATOMIC_LIST(&policy_port), OMIT, NULL, 1},
};
static OBJECT(ingress_rule, "NetworkPolicyIngressRule");

static const struct sm_field egress_rule_fields[] = {
    {"ports", ATOMIC_LIST(&policy_port), OMIT, NULL, 1},
    {"to",    ATOMIC_LIST(&peer),        OMIT, NULL, 2},
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
    {"egress",      ATOMIC_LIST(&egress_rule),        OMIT,   NULL, 3},
    {"ingress",     ATOMIC_LIST(&ingress_rule),       OMIT,   NULL, 2},
    {"podSelector", &sm_schema_label_selector,        ALWAYS, NULL, 1},
    {"policyTypes", ATOMIC_LIST(NAMED("PolicyType")), OMIT,   NULL, 4},
};
static OBJECT_WITH(policy_spec, "NetworkPolicySpec", .fill = fill_policy);

static const struct sm_field sm_schema_network_policy_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec", &policy_spec, ALWAYS, NULL, 2},
};
OBJECT(sm_schema_network_policy, "NetworkPolicy");

/* --- EndpointSlice ----------------------------------------------------------------------------------------------------------- */

static const struct sm_field conditions_fields[] = {
    {"ready",       BOOL, OPTIONAL, NULL, 1},
    {"serving",     BOOL, OPTIONAL, NULL, 2},
    {"terminating", BOOL, OPTIONAL, NULL, 3},
};
static PLAIN(conditions, "EndpointConditions");

static const struct sm_field hint_fields[] = {
    {"name", STRING, ALWAYS, NULL, 1},
};
static PLAIN(hint, "ForZone");

static const struct sm_field hints_fields[] = {
    {"forNodes", ATOMIC_LIST(&hint), OMIT, NULL, 2},
    {"forZones", ATOMIC_LIST(&hint), OMIT, NULL, 1},
};
static PLAIN(hints, "EndpointHints");

static const struct sm_field endpoint_fields[] = {
    {"addresses",          LIST_WITH(STRING, .list = SM_LIST_SET), ALWAYS,   NULL, 1},
    {"conditions",         &conditions,                            ALWAYS,   NULL, 2},
    {"deprecatedTopology", ATOMIC_MAP(STRING),                     OMIT,     NULL, 5},
    {"hints",              &hints,                                 OPTIONAL, NULL, 8},
    {"hostname",           STRING,                                 OPTIONAL, NULL, 3},
    {"nodeName",           STRING,                                 OPTIONAL, NULL, 6},
    {"targetRef",          &sm_schema_object_reference,            OPTIONAL, NULL, 4},
    {"zone",               STRING,                                 OPTIONAL, NULL, 7},
};
static PLAIN(endpoint, "Endpoint");

static const struct sm_field slice_port_fields[] = {
    {"appProtocol", STRING,            OPTIONAL, NULL, 4},
    {"name",        STRING,            OPTIONAL, "\"\"", 1},
    {"port",        INT32,             OPTIONAL, NULL, 3},
    {"protocol",    NAMED("Protocol"), OPTIONAL, "\"TCP\"", 2},
};
static ATOMIC_OBJECT(slice_port, "EndpointPort");

static const struct sm_field sm_schema_endpoint_slice_fields[] = {
    {"addressType", NAMED("AddressType"),     ALWAYS, NULL, 4},
    API_VERSION,
    {"endpoints",   ATOMIC_LIST(&endpoint),   ALWAYS, NULL, 2},
    KIND,
    METADATA,
    {"ports",       ATOMIC_LIST(&slice_port), ALWAYS, NULL, 3},
};
OBJECT(sm_schema_endpoint_slice, "EndpointSlice");
