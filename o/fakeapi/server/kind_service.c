/* Service: cluster addresses, address families, and validation of ports. */
#include <string.h>

#include "kind_functions.h"
#include "validate.h"

/* An address out of 10.96.0.0/12, the usual range, that depends on namespace and name alone. Nothing keeps two services from
 * getting the same one of a million, and nothing here routes by it. */
static sm_val address_of(struct sm_region *r, sm_val service) {
    uint32_t hash = 2166136261u;
    const char *const parts[] = {sm_val_str_at(service, "metadata.namespace"), "/", sm_val_str_at(service, "metadata.name")};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (const char *c = parts[i]; *c != '\0'; c++)
            hash = (hash ^ (unsigned char)*c) * 16777619u;
    uint32_t host = 256 + hash % ((1u << 20) - 512); /* the lowest addresses are the cluster's own */
    return sm_val_strf(r, "10.%u.%u.%u", 96 + (host >> 16), host >> 8 & 255, host & 255);
}

static bool is_external_name(sm_val spec) {
    return sm_val_is_text(sm_val_get(spec, "type"), "ExternalName");
}

static bool is_headless(sm_val spec) {
    return sm_val_is_text(sm_val_get(spec, "clusterIP"), "None");
}

/* A headless service without a selector may be backed by both families. */
static sm_val with_families(struct sm_region *r, sm_val spec) {
    bool dual = is_headless(spec) && sm_val_count(sm_val_get(spec, "selector")) == 0;
    if (!sm_val_get(spec, "ipFamilies"))
        spec = sm_val_set(r, spec, "ipFamilies", SM_LIST(r, sm_val_str(r, "IPv4"), dual ? sm_val_str(r, "IPv6") : NULL));
    if (!sm_val_get(spec, "ipFamilyPolicy"))
        spec = sm_val_set(r, spec, "ipFamilyPolicy", sm_val_str(r, dual ? "RequireDualStack" : "SingleStack"));
    return spec;
}

CREATE(sm_service_create) {
    struct sm_region *r = write->region;
    sm_val spec = sm_val_get(object, "spec");
    if (is_external_name(spec))
        return object;
    if (!*sm_val_text(sm_val_get(spec, "clusterIP"))) {
        sm_val first = sm_val_item(sm_val_get(spec, "clusterIPs"), 0);
        spec = sm_val_set(r, spec, "clusterIP", first ? first : address_of(r, object));
    }
    if (!sm_val_get(spec, "clusterIPs"))
        spec = sm_val_set(r, spec, "clusterIPs", SM_LIST(r, sm_val_get(spec, "clusterIP")));
    return sm_val_set(r, object, "spec", with_families(r, spec));
}

/* Who sends no address means the one that is there; clusterIPs[0] follows clusterIP and the other way round. */
static sm_val keep_addresses(struct sm_region *r, sm_val spec, sm_val before) {
    sm_val ip = sm_val_get(spec, "clusterIP"), ips = sm_val_get(spec, "clusterIPs"), ip_before = sm_val_get(before, "clusterIP");
    if (!ip && !ips) {
        spec = sm_val_set(r, spec, "clusterIP", ip_before);
        return sm_val_set(r, spec, "clusterIPs", sm_val_get(before, "clusterIPs"));
    }
    if (!ip)
        return sm_val_set(r, spec, "clusterIP", sm_val_item(ips, 0));
    if (!ips || (!sm_val_equal(ip, ip_before) && sm_val_equal(ips, sm_val_get(before, "clusterIPs"))))
        return sm_val_set(r, spec, "clusterIPs", SM_LIST(r, ip));
    return spec;
}

UPDATE(sm_service_update) {
    struct sm_region *r = write->region;
    sm_val spec = sm_val_get(object, "spec"), spec_before = sm_val_get(before, "spec");
    if (sm_val_equal(spec, spec_before))
        return object;
    if (is_external_name(spec)) {
        if (!is_external_name(spec_before)) /* gives its addresses back */
            for (size_t i = 0; i < 4; i++) {
                static const char *const given[] = {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"};
                if (sm_val_equal(sm_val_get(spec, given[i]), sm_val_get(spec_before, given[i])))
                    spec = sm_val_set(r, spec, given[i], NULL);
            }
        return sm_val_set(r, object, "spec", spec);
    }
    if (is_external_name(spec_before))
        return sm_service_create(write, object);

    spec = keep_addresses(r, spec, spec_before);
    for (size_t i = 0; i < 2; i++) {
        static const char *const kept[] = {"ipFamilies", "ipFamilyPolicy"};
        if (!sm_val_get(spec, kept[i]))
            spec = sm_val_set(r, spec, kept[i], sm_val_get(spec_before, kept[i]));
    }
    return sm_val_set(r, object, "spec", spec);
}

/* --- Validation -------------------------------------------------------------------------------------------------------------- */

static void validate_ports(struct sm_field_errors *errors, sm_val ports) {
    static const char *const protocols[] = {"SCTP", "TCP", "UDP", NULL};
    bool several = sm_val_count(ports) > 1;
    const struct sm_spot *at = SPOT(SPOT(NULL, "spec"), "ports");
    sm_val port, other;
    SM_EACH_ITEM(port, ports) {
        const struct sm_spot *here = SPOT_AT(at, port_i);
        if (sm_val_get(port, "name") || several) {
            sm_check_label(errors, here, port, "name");
            sm_check_unique(errors, here, ports, port_i, "name");
        }
        sm_check_port(errors, here, port, "port");
        sm_check_one_of(errors, here, port, "protocol", protocols);
        sm_check_port_or_name(errors, here, port, "targetPort");
    }
    SM_EACH_ITEM(port, ports)
        for (size_t i = 0; i < port_i; i++) {
            other = sm_val_item(ports, i);
            if (sm_val_equal(sm_val_get(port, "port"), sm_val_get(other, "port")) &&
                sm_val_equal(sm_val_get(port, "protocol"), sm_val_get(other, "protocol"))) {
                const char *value = sm_validate_go_value(errors, "core.ServicePort", port);
                sm_field_error(errors, "FieldValueDuplicate", sm_spot_text(errors, SPOT_AT(at, port_i)),
                               sm_field_text(errors, "Duplicate value: %s", value));
                break;
            }
        }
}

/* A change from one address to another; from none or to none is allowed where the type changes. */
static void validate_address(struct sm_field_errors *errors, sm_val spec, sm_val before) {
    sm_val ips = sm_val_get(spec, "clusterIPs"), ips_before = sm_val_get(before, "clusterIPs");
    if (!before || is_external_name(before) || is_external_name(spec) || sm_val_count(ips_before) == 0)
        return;
    if (sm_val_equal(sm_val_item(ips, 0), sm_val_item(ips_before, 0)))
        return;
    if (sm_val_count(ips) == 0)
        sm_field_invalid_text(errors, "spec.clusterIPs[0]", sm_validate_go_value(errors, "[]string", ips),
                              "primary clusterIP can not be unset");
    else
        sm_field_invalid_text(errors, "spec.clusterIPs[0]", sm_validate_go_value(errors, "[]string", ips), "may not change once set");
}

VALIDATE(sm_service_validate) {
    static const char *const types[] = {"ClusterIP", "ExternalName", "LoadBalancer", "NodePort", NULL};
    static const char *const affinities[] = {"ClientIP", "None", NULL};
    sm_val spec = sm_val_get(object, "spec"), spec_before = sm_val_get(before, "spec");
    if (strcmp(write->subresource, "status") == 0 || (before && sm_val_equal(spec, spec_before)))
        return;

    validate_address(errors, spec, spec_before);
    sm_val ports = sm_val_get(spec, "ports");
    if (sm_val_count(ports) == 0 && !is_headless(spec) && !is_external_name(spec))
        sm_field_required(errors, "spec.ports", "");
    sm_val name = sm_val_get(spec, "externalName");
    if (is_external_name(spec)) {
        if (!*sm_val_text(name))
            sm_field_required(errors, "spec.externalName", "");
        else
            sm_validate_is_subdomain(errors, "spec.externalName", name);
    }
    validate_ports(errors, ports);
    sm_validate_labels(errors, "spec.selector", sm_val_get(spec, "selector"));
    sm_validate_one_of(errors, "spec.sessionAffinity", sm_val_get(spec, "sessionAffinity"), affinities);
    sm_validate_one_of(errors, "spec.type", sm_val_get(spec, "type"), types);
}
