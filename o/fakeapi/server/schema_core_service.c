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
    {"appProtocol", STRING,            OPTIONAL, NULL},
    {"name",        STRING,            OMIT,     NULL},
    {"nodePort",    INT32,             OMIT,     NULL},
    {"port",        INT32,             ALWAYS,   NULL},
    {"protocol",    NAMED("Protocol"), OMIT,     "\"TCP\""},
    {"targetPort",  INT_OR_STRING,     ALWAYS,   NULL},
};
static OBJECT_WITH(port, "ServicePort", .fill = fill_port);

static const struct sm_field client_ip_fields[] = {
    {"timeoutSeconds", INT32, OPTIONAL, NULL},
};
static PLAIN(client_ip, "ClientIPConfig");

static const struct sm_field affinity_config_fields[] = {
    {"clientIP", &client_ip, OPTIONAL, NULL},
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
    {"allocateLoadBalancerNodePorts", BOOL,                                 OPTIONAL, NULL},
    {"clusterIP",                     STRING,                               OMIT,     NULL},
    {"clusterIPs",                    STRINGS,                              OMIT,     NULL},
    {"externalIPs",                   STRINGS,                              OMIT,     NULL},
    {"externalName",                  STRING,                               OMIT,     NULL},
    {"externalTrafficPolicy",         NAMED("ServiceExternalTrafficPolicy"), OMIT,    NULL},
    {"healthCheckNodePort",           INT32,                                OMIT,     NULL},
    {"internalTrafficPolicy",         NAMED("ServiceInternalTrafficPolicy"), OPTIONAL, NULL},
    {"ipFamilies",                    ATOMIC_LIST(NAMED("IPFamily")),       OMIT,     NULL},
    {"ipFamilyPolicy",                NAMED("IPFamilyPolicy"),              OPTIONAL, NULL},
    {"loadBalancerClass",             STRING,                               OPTIONAL, NULL},
    {"loadBalancerIP",                STRING,                               OMIT,     NULL},
    {"loadBalancerSourceRanges",      STRINGS,                              OMIT,     NULL},
    {"ports",                         PORTS,                                OMIT,     NULL},
    {"publishNotReadyAddresses",      BOOL,                                 OMIT,     NULL},
    {"selector",                      ATOMIC_MAP(STRING),                   OMIT,     NULL},
    {"sessionAffinity",               NAMED("ServiceAffinity"),             OMIT,     "\"None\""},
    {"sessionAffinityConfig",         &affinity_config,                     OPTIONAL, NULL},
    {"trafficDistribution",           STRING,                               OPTIONAL, NULL},
    {"type",                          NAMED("ServiceType"),                 OMIT,     "\"ClusterIP\""},
};
static OBJECT_WITH(spec, "ServiceSpec", .fill = fill_spec);

static const struct sm_field port_status_fields[] = {
    {"error",    STRING,            OPTIONAL, NULL},
    {"port",     INT32,             ALWAYS,   NULL},
    {"protocol", NAMED("Protocol"), ALWAYS,   NULL},
};
static PLAIN(port_status, "PortStatus");

static const struct sm_field ingress_fields[] = {
    {"hostname", STRING,                      OMIT,     NULL},
    {"ip",       STRING,                      OMIT,     NULL},
    {"ipMode",   NAMED("LoadBalancerIPMode"), OPTIONAL, NULL},
    {"ports",    ATOMIC_LIST(&port_status),   OMIT,     NULL},
};
static PLAIN(ingress, "LoadBalancerIngress");

static const struct sm_field load_balancer_fields[] = {
    {"ingress", ATOMIC_LIST(&ingress), OMIT, NULL},
};
static PLAIN(load_balancer, "LoadBalancerStatus");

static const struct sm_field status_fields[] = {
    {"conditions",   BY_KEY(&sm_schema_condition, "type"), OMIT,   NULL},
    {"loadBalancer", &load_balancer,                       ALWAYS, NULL},
};
static PLAIN(status, "ServiceStatus");

static const struct sm_field sm_schema_service_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &spec,   ALWAYS, NULL},
    {"status", &status, ALWAYS, NULL},
};
OBJECT(sm_schema_service, "Service");
