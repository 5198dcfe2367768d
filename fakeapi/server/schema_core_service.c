/* Service. */
#include <string.h>

#include "schema_types.h"

/* targetPort is the port itself unless it says otherwise; 0 and "" say nothing. */
static sm_val fill_port(struct sm_region *r, sm_val port) {
    sm_val target = sm_val_get(port, "targetPort");
    bool none = !target || (sm_val_is_int(target) && target->integer == 0) || sm_val_is_text(target, "");
    return none ? sm_val_set(r, port, "targetPort", sm_val_get(port, "port")) : port;
}

static const struct sm_field port_fields[] = {
    {"appProtocol", STRING,            OPTIONAL, NULL, 6},
    {"name",        STRING,            OMIT,     NULL, 1},
    {"nodePort",    INT32,             OMIT,     NULL, 5},
    {"port",        INT32,             ALWAYS,   NULL, 3},
    {"protocol",    NAMED("Protocol"), OMIT,     "\"TCP\"", 2},
    {"targetPort",  INT_OR_STRING,     ALWAYS,   NULL, 4},
};
static OBJECT_WITH(port, "ServicePort", .fill = fill_port);

static const struct sm_field client_ip_fields[] = {
    {"timeoutSeconds", INT32, OPTIONAL, NULL, 1},
};
static PLAIN(client_ip, "ClientIPConfig");

static const struct sm_field affinity_config_fields[] = {
    {"clientIP", &client_ip, OPTIONAL, NULL, 1},
};
static PLAIN(affinity_config, "SessionAffinityConfig");

static sm_val fill_spec(struct sm_region *r, sm_val spec) {
    const char *type = sm_val_str_at(spec, "type");
    bool balances = strcmp(type, "LoadBalancer") == 0;
    bool external = balances || strcmp(type, "NodePort") == 0;

    if (sm_val_is_text(sm_val_get(spec, "sessionAffinity"), "ClientIP")) {
        if (!sm_val_at(spec, "sessionAffinityConfig.clientIP.timeoutSeconds"))
            spec = sm_val_set_at(r, spec, "sessionAffinityConfig.clientIP.timeoutSeconds", sm_val_int(r, 10800));
    } else
        spec = sm_val_set(r, spec, "sessionAffinityConfig", NULL);
    if (external && !sm_val_get(spec, "externalTrafficPolicy"))
        spec = sm_val_set(r, spec, "externalTrafficPolicy", sm_val_str(r, "Cluster"));
    if (strcmp(type, "ExternalName") != 0 && !sm_val_get(spec, "internalTrafficPolicy"))
        spec = sm_val_set(r, spec, "internalTrafficPolicy", sm_val_str(r, "Cluster"));
    if (balances && !sm_val_get(spec, "allocateLoadBalancerNodePorts"))
        spec = sm_val_set(r, spec, "allocateLoadBalancerNodePorts", SM_TRUE);
    return spec;
}

#define PORTS LIST_WITH(&port, .list = SM_LIST_MAP, .keys = {"port", "protocol"}, .merge_key = "port")

static const struct sm_field spec_fields[] = {
    {"allocateLoadBalancerNodePorts", BOOL,                                 OPTIONAL, NULL, 20},
    {"clusterIP",                     STRING,                               OMIT,     NULL, 3},
    {"clusterIPs",                    STRINGS,                              OMIT,     NULL, 18},
    {"externalIPs",                   STRINGS,                              OMIT,     NULL, 5},
    {"externalName",                  STRING,                               OMIT,     NULL, 10},
    {"externalTrafficPolicy",         NAMED("ServiceExternalTrafficPolicy"), OMIT,    NULL, 11},
    {"healthCheckNodePort",           INT32,                                OMIT,     NULL, 12},
    {"internalTrafficPolicy",         NAMED("ServiceInternalTrafficPolicy"), OPTIONAL, NULL, 22},
    {"ipFamilies",                    ATOMIC_LIST(NAMED("IPFamily")),       OMIT,     NULL, 19},
    {"ipFamilyPolicy",                NAMED("IPFamilyPolicy"),              OPTIONAL, NULL, 17},
    {"loadBalancerClass",             STRING,                               OPTIONAL, NULL, 21},
    {"loadBalancerIP",                STRING,                               OMIT,     NULL, 8},
    {"loadBalancerSourceRanges",      STRINGS,                              OMIT,     NULL, 9},
    {"ports",                         PORTS,                                OMIT,     NULL, 1},
    {"publishNotReadyAddresses",      BOOL,                                 OMIT,     NULL, 13},
    {"selector",                      ATOMIC_MAP(STRING),                   OMIT,     NULL, 2},
    {"sessionAffinity",               NAMED("ServiceAffinity"),             OMIT,     "\"None\"", 7},
    {"sessionAffinityConfig",         &affinity_config,                     OPTIONAL, NULL, 14},
    {"trafficDistribution",           STRING,                               OPTIONAL, NULL, 23},
    {"type",                          NAMED("ServiceType"),                 OMIT,     "\"ClusterIP\"", 4},
};
static OBJECT_WITH(spec, "ServiceSpec", .fill = fill_spec);

static const struct sm_field port_status_fields[] = {
    {"error",    STRING,            OPTIONAL, NULL, 3},
    {"port",     INT32,             ALWAYS,   NULL, 1},
    {"protocol", NAMED("Protocol"), ALWAYS,   NULL, 2},
};
static PLAIN(port_status, "PortStatus");

static const struct sm_field ingress_fields[] = {
    {"hostname", STRING,                      OMIT,     NULL, 2},
    {"ip",       STRING,                      OMIT,     NULL, 1},
    {"ipMode",   NAMED("LoadBalancerIPMode"), OPTIONAL, NULL, 3},
    {"ports",    ATOMIC_LIST(&port_status),   OMIT,     NULL, 4},
};
static PLAIN(ingress, "LoadBalancerIngress");

static const struct sm_field load_balancer_fields[] = {
    {"ingress", ATOMIC_LIST(&ingress), OMIT, NULL, 1},
};
static PLAIN(load_balancer, "LoadBalancerStatus");

static const struct sm_field status_fields[] = {
    {"conditions",   BY_KEY(&sm_schema_condition, "type"), OMIT,   NULL, 2},
    {"loadBalancer", &load_balancer,                       ALWAYS, NULL, 1},
};
static PLAIN(status, "ServiceStatus");

static const struct sm_field sm_schema_service_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &spec,   ALWAYS, NULL, 2},
    {"status", &status, ALWAYS, NULL, 3},
};
OBJECT(sm_schema_service, "Service");
