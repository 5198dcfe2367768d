/* PodSpec, PodTemplateSpec and Pod. */
#include <string.h>

#include "schema_types.h"

/* --- Affinity ---------------------------------------------------------------------------------------------------------- */

static const struct sm_field preferred_nodes_fields[] = {
    {"preference", &sm_schema_node_selector_term, ALWAYS, NULL},
    {"weight",     INT32,                         ALWAYS, NULL},
};
static PLAIN(preferred_nodes, "PreferredSchedulingTerm");

static const struct sm_field node_affinity_fields[] = {
    {"preferredDuringSchedulingIgnoredDuringExecution", ATOMIC_LIST(&preferred_nodes), OMIT,     NULL},
    {"requiredDuringSchedulingIgnoredDuringExecution",  &sm_schema_node_selector,      OPTIONAL, NULL},
};
static PLAIN(node_affinity, "NodeAffinity");

static const struct sm_field pod_affinity_term_fields[] = {
    {"labelSelector",     &sm_schema_label_selector, OPTIONAL, NULL},
    {"matchLabelKeys",    STRINGS,                   OMIT,     NULL},
    {"mismatchLabelKeys", STRINGS,                   OMIT,     NULL},
    {"namespaceSelector", &sm_schema_label_selector, OPTIONAL, NULL},
    {"namespaces",        STRINGS,                   OMIT,     NULL},
    {"topologyKey",       STRING,                    ALWAYS,   NULL},
};
static PLAIN(pod_affinity_term, "PodAffinityTerm");

static const struct sm_field weighted_term_fields[] = {
    {"podAffinityTerm", &pod_affinity_term, ALWAYS, NULL},
    {"weight",          INT32,              ALWAYS, NULL},
};
static PLAIN(weighted_term, "WeightedPodAffinityTerm");

static const struct sm_field pod_affinity_fields[] = {
    {"preferredDuringSchedulingIgnoredDuringExecution", ATOMIC_LIST(&weighted_term),     OMIT, NULL},
    {"requiredDuringSchedulingIgnoredDuringExecution",  ATOMIC_LIST(&pod_affinity_term), OMIT, NULL},
};
#define pod_anti_affinity_fields pod_affinity_fields
static PLAIN(pod_affinity, "PodAffinity");
static PLAIN(pod_anti_affinity, "PodAntiAffinity");

static const struct sm_field affinity_fields[] = {
    {"nodeAffinity",    &node_affinity,     OPTIONAL, NULL},
    {"podAffinity",     &pod_affinity,      OPTIONAL, NULL},
    {"podAntiAffinity", &pod_anti_affinity, OPTIONAL, NULL},
};
static PLAIN(affinity, "Affinity");

/* --- Parts of PodSpec ---------------------------------------------------------------------------------------------------- */

static const struct sm_field dns_option_fields[] = {
    {"name",  STRING, OMIT,     NULL},
    {"value", STRING, OPTIONAL, NULL},
};
static PLAIN(dns_option, "PodDNSConfigOption");

static const struct sm_field dns_config_fields[] = {
    {"nameservers", STRINGS,                  OMIT, NULL},
    {"options",     ATOMIC_LIST(&dns_option), OMIT, NULL},
    {"searches",    STRINGS,                  OMIT, NULL},
};
static PLAIN(dns_config, "PodDNSConfig");

static const struct sm_field host_alias_fields[] = {
    {"hostnames", STRINGS, OMIT,   NULL},
    {"ip",        STRING,  ALWAYS, NULL},
};
static PLAIN(host_alias, "HostAlias");

static const struct sm_field os_fields[] = {
    {"name", NAMED("OSName"), ALWAYS, NULL},
};
static PLAIN(os, "PodOS");

static const struct sm_field readiness_gate_fields[] = {
    {"conditionType", NAMED("PodConditionType"), ALWAYS, NULL},
};
static PLAIN(readiness_gate, "PodReadinessGate");

static const struct sm_field scheduling_gate_fields[] = {
    {"name", STRING, ALWAYS, NULL},
};
static PLAIN(scheduling_gate, "PodSchedulingGate");

static const struct sm_field resource_claim_fields[] = {
    {"name",                      STRING, ALWAYS,   NULL},
    {"resourceClaimName",         STRING, OPTIONAL, NULL},
    {"resourceClaimTemplateName", STRING, OPTIONAL, NULL},
};
static PLAIN(resource_claim, "PodResourceClaim");

static const struct sm_field sysctl_fields[] = {
    {"name",  STRING, ALWAYS, NULL},
    {"value", STRING, ALWAYS, NULL},
};
static PLAIN(sysctl, "Sysctl");

static const struct sm_field security_context_fields[] = {
    {"appArmorProfile",          &sm_schema_app_armor_profile,        OPTIONAL, NULL},
    {"fsGroup",                  INT64,                               OPTIONAL, NULL},
    {"fsGroupChangePolicy",      NAMED("PodFSGroupChangePolicy"),     OPTIONAL, NULL},
    {"runAsGroup",               INT64,                               OPTIONAL, NULL},
    {"runAsNonRoot",             BOOL,                                OPTIONAL, NULL},
    {"runAsUser",                INT64,                               OPTIONAL, NULL},
    {"seLinuxChangePolicy",      NAMED("PodSELinuxChangePolicy"),     OPTIONAL, NULL},
    {"seLinuxOptions",           &sm_schema_selinux_options,          OPTIONAL, NULL},
    {"seccompProfile",           &sm_schema_seccomp_profile,          OPTIONAL, NULL},
    {"supplementalGroups",       ATOMIC_LIST(INT64),                  OMIT,     NULL},
    {"supplementalGroupsPolicy", NAMED("SupplementalGroupsPolicy"),   OPTIONAL, NULL},
    {"sysctls",                  ATOMIC_LIST(&sysctl),                OMIT,     NULL},
    {"windowsOptions",           &sm_schema_windows_options,          OPTIONAL, NULL},
};
static PLAIN(security_context, "PodSecurityContext");

static const struct sm_field spread_constraint_fields[] = {
    {"labelSelector",      &sm_schema_label_selector,             OPTIONAL, NULL},
    {"matchLabelKeys",     STRINGS,                               OMIT,     NULL},
    {"maxSkew",            INT32,                                 ALWAYS,   NULL},
    {"minDomains",         INT32,                                 OPTIONAL, NULL},
    {"nodeAffinityPolicy", NAMED("NodeInclusionPolicy"),          OPTIONAL, NULL},
    {"nodeTaintsPolicy",   NAMED("NodeInclusionPolicy"),          OPTIONAL, NULL},
    {"topologyKey",        STRING,                                ALWAYS,   NULL},
    {"whenUnsatisfiable",  NAMED("UnsatisfiableConstraintAction"), ALWAYS,  NULL},
};
static PLAIN(spread_constraint, "TopologySpreadConstraint");

/* --- PodSpec ------------------------------------------------------------------------------------------------------------- */

#define SPREAD_CONSTRAINTS \
    LIST_WITH(&spread_constraint, .list = SM_LIST_MAP, .keys = {"topologyKey", "whenUnsatisfiable"}, .merge_key = "topologyKey")
#define VOLUMES LIST_WITH(&sm_schema_volume, .list = SM_LIST_MAP, .keys = {"name"}, .merge_key = "name", .retain_keys = true)
#define RESOURCE_CLAIMS LIST_WITH(&resource_claim, .list = SM_LIST_MAP, .keys = {"name"}, .merge_key = "name", .retain_keys = true)

/* serviceAccount is the old name of serviceAccountName; a negative grace period means 1. */
static sm_val fill_spec(struct sm_region *r, sm_val spec) {
    sm_val name = sm_val_get(spec, "serviceAccountName"), old_name = sm_val_get(spec, "serviceAccount");
    if (!sm_val_equal(name, old_name)) {
        spec = sm_val_set(r, spec, "serviceAccountName", name ? name : old_name);
        spec = sm_val_set(r, spec, "serviceAccount", name ? name : old_name);
    }
    sm_val grace = sm_val_get(spec, "terminationGracePeriodSeconds");
    return sm_val_is_int(grace) && grace->integer < 0 ? sm_val_set(r, spec, "terminationGracePeriodSeconds", sm_val_int(r, 1)) : spec;
}

static const struct sm_field sm_schema_pod_spec_fields[] = {
    {"activeDeadlineSeconds",         INT64,                                         OPTIONAL, NULL},
    {"affinity",                      &affinity,                                     OPTIONAL, NULL},
    {"automountServiceAccountToken",  BOOL,                                          OPTIONAL, NULL},
    {"containers",                    BY_KEY(&sm_schema_container, "name"),          ALWAYS,   NULL},
    {"dnsConfig",                     &dns_config,                                   OPTIONAL, NULL},
    {"dnsPolicy",                     NAMED("DNSPolicy"),                            OMIT,     "\"ClusterFirst\""},
    {"enableServiceLinks",            BOOL,                                          OPTIONAL, NULL},
    {"ephemeralContainers",           BY_KEY(&sm_schema_ephemeral_container, "name"), OMIT,    NULL},
    {"hostAliases",                   BY_KEY(&host_alias, "ip"),                     OMIT,     NULL},
    {"hostIPC",                       BOOL,                                          OMIT,     NULL},
    {"hostNetwork",                   BOOL,                                          OMIT,     NULL},
    {"hostPID",                       BOOL,                                          OMIT,     NULL},
    {"hostUsers",                     BOOL,                                          OPTIONAL, NULL},
    {"hostname",                      STRING,                                        OMIT,     NULL},
    {"imagePullSecrets",              BY_KEY(&sm_schema_local_object_reference, "name"), OMIT, NULL},
    {"initContainers",                BY_KEY(&sm_schema_container, "name"),          OMIT,     NULL},
    {"nodeName",                      STRING,                                        OMIT,     NULL},
    {"nodeSelector",                  ATOMIC_MAP(STRING),                            OMIT,     NULL},
    {"os",                            &os,                                           OPTIONAL, NULL},
    {"overhead",                      QUANTITIES,                                    OMIT,     NULL},
    {"preemptionPolicy",              NAMED("PreemptionPolicy"),                     OPTIONAL, NULL},
    {"priority",                      INT32,                                         OPTIONAL, NULL},
    {"priorityClassName",             STRING,                                        OMIT,     NULL},
    {"readinessGates",                ATOMIC_LIST(&readiness_gate),                  OMIT,     NULL},
    {"resourceClaims",                RESOURCE_CLAIMS,                               OMIT,     NULL},
    {"resources",                     &sm_schema_resource_requirements,              OPTIONAL, NULL},
    {"restartPolicy",                 NAMED("RestartPolicy"),                        OMIT,     "\"Always\""},
    {"runtimeClassName",              STRING,                                        OPTIONAL, NULL},
    {"schedulerName",                 STRING,                                        OMIT,     "\"default-scheduler\""},
    {"schedulingGates",               BY_KEY(&scheduling_gate, "name"),              OMIT,     NULL},
    {"securityContext",               &security_context,                             OPTIONAL, "{}"},
    {"serviceAccount",                STRING,                                        OMIT,     NULL},
    {"serviceAccountName",            STRING,                                        OMIT,     NULL},
    {"setHostnameAsFQDN",             BOOL,                                          OPTIONAL, NULL},
    {"shareProcessNamespace",         BOOL,                                          OPTIONAL, NULL},
    {"subdomain",                     STRING,                                        OMIT,     NULL},
    {"terminationGracePeriodSeconds", INT64,                                         OPTIONAL, "30"},
    {"tolerations",                   ATOMIC_LIST(&sm_schema_toleration),            OMIT,     NULL},
    {"topologySpreadConstraints",     SPREAD_CONSTRAINTS,                            OMIT,     NULL},
    {"volumes",                       VOLUMES,                                       OMIT,     NULL},
};
OBJECT_WITH(sm_schema_pod_spec, "PodSpec", .fill = fill_spec);

static const struct sm_field sm_schema_pod_template_spec_fields[] = {
    METADATA,
    {"spec", &sm_schema_pod_spec, ALWAYS, NULL},
};
OBJECT(sm_schema_pod_template_spec, "PodTemplateSpec");

/* --- Pod: what is defaulted there and not in templates ------------------------------------------------------------------- */

static sm_val with_requests(struct sm_region *r, sm_val container) {
    sm_val limits = sm_val_at(container, "resources.limits"), requests = sm_val_at(container, "resources.requests");
    if (!limits)
        return container;
    sm_val all = requests;
    const struct sm_member *limit;
    SM_EACH_MEMBER(limit, limits)
        if (!sm_val_get(requests, limit->key))
            all = sm_val_set(r, all, limit->key, limit->value);
    return all == requests ? container : sm_val_set_at(r, container, "resources.requests", all);
}

static sm_val with_host_ports(struct sm_region *r, sm_val container) {
    sm_val ports = sm_val_get(container, "ports"), all = ports, port;
    SM_EACH_ITEM(port, ports)
        if (!sm_val_get(port, "hostPort"))
            all = sm_val_replace_item(r, all, port_i, sm_val_set(r, port, "hostPort", sm_val_get(port, "containerPort")));
    return all == ports ? container : sm_val_set(r, container, "ports", all);
}

static sm_val each_container(struct sm_region *r, sm_val spec, const char *list, sm_val (*change)(struct sm_region *, sm_val)) {
    sm_val before = sm_val_get(spec, list), containers = before, container;
    SM_EACH_ITEM(container, before) {
        sm_val changed = change(r, container);
        if (changed != container)
            containers = sm_val_replace_item(r, containers, container_i, changed);
    }
    return containers == before ? spec : sm_val_set(r, spec, list, containers);
}

static sm_val fill_pod(struct sm_region *r, sm_val pod) {
    sm_val before = sm_val_get(pod, "spec"), spec = before;
    if (!sm_val_is_map(spec))
        return pod;
    if (!sm_val_get(spec, "enableServiceLinks"))
        spec = sm_val_set(r, spec, "enableServiceLinks", SM_TRUE);
    spec = each_container(r, spec, "containers", with_requests);
    spec = each_container(r, spec, "initContainers", with_requests);
    if (sm_val_is_true(sm_val_get(spec, "hostNetwork"))) {
        spec = each_container(r, spec, "containers", with_host_ports);
        spec = each_container(r, spec, "initContainers", with_host_ports);
    }
    return spec == before ? pod : sm_val_set(r, pod, "spec", spec);
}

static const struct sm_field sm_schema_pod_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &sm_schema_pod_spec,   ALWAYS, NULL},
    {"status", &sm_schema_pod_status, ALWAYS, NULL},
};
OBJECT_WITH(sm_schema_pod, "Pod", .fill = fill_pod);
