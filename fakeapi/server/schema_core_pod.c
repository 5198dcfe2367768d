/* PodSpec, PodTemplateSpec and Pod. */
#include <string.h>

#include "schema_types.h"

/* --- Affinity ---------------------------------------------------------------------------------------------------------- */

static const struct sm_field preferred_nodes_fields[] = {
    {"preference", &sm_schema_node_selector_term, ALWAYS, NULL, 2},
    {"weight",     INT32,                         ALWAYS, NULL, 1},
};
static PLAIN(preferred_nodes, "PreferredSchedulingTerm");

static const struct sm_field node_affinity_fields[] = {
    {"preferredDuringSchedulingIgnoredDuringExecution", ATOMIC_LIST(&preferred_nodes), OMIT,     NULL, 2},
    {"requiredDuringSchedulingIgnoredDuringExecution",  &sm_schema_node_selector,      OPTIONAL, NULL, 1},
};
static PLAIN(node_affinity, "NodeAffinity");

static const struct sm_field pod_affinity_term_fields[] = {
    {"labelSelector",     &sm_schema_label_selector, OPTIONAL, NULL, 1},
    {"matchLabelKeys",    STRINGS,                   OMIT,     NULL, 5},
    {"mismatchLabelKeys", STRINGS,                   OMIT,     NULL, 6},
    {"namespaceSelector", &sm_schema_label_selector, OPTIONAL, NULL, 4},
    {"namespaces",        STRINGS,                   OMIT,     NULL, 2},
    {"topologyKey",       STRING,                    ALWAYS,   NULL, 3},
};
static PLAIN(pod_affinity_term, "PodAffinityTerm");

static const struct sm_field weighted_term_fields[] = {
    {"podAffinityTerm", &pod_affinity_term, ALWAYS, NULL, 2},
    {"weight",          INT32,              ALWAYS, NULL, 1},
};
static PLAIN(weighted_term, "WeightedPodAffinityTerm");

static const struct sm_field pod_affinity_fields[] = {
    {"preferredDuringSchedulingIgnoredDuringExecution", ATOMIC_LIST(&weighted_term),     OMIT, NULL, 2},
    {"requiredDuringSchedulingIgnoredDuringExecution",  ATOMIC_LIST(&pod_affinity_term), OMIT, NULL, 1},
};
#define pod_anti_affinity_fields pod_affinity_fields
static PLAIN(pod_affinity, "PodAffinity");
static PLAIN(pod_anti_affinity, "PodAntiAffinity");

static const struct sm_field affinity_fields[] = {
    {"nodeAffinity",    &node_affinity,     OPTIONAL, NULL, 1},
    {"podAffinity",     &pod_affinity,      OPTIONAL, NULL, 2},
    {"podAntiAffinity", &pod_anti_affinity, OPTIONAL, NULL, 3},
};
static PLAIN(affinity, "Affinity");

/* --- Parts of PodSpec ---------------------------------------------------------------------------------------------------- */

static const struct sm_field dns_option_fields[] = {
    {"name",  STRING, OMIT,     NULL, 1},
    {"value", STRING, OPTIONAL, NULL, 2},
};
static PLAIN(dns_option, "PodDNSConfigOption");

static const struct sm_field dns_config_fields[] = {
    {"nameservers", STRINGS,                  OMIT, NULL, 1},
    {"options",     ATOMIC_LIST(&dns_option), OMIT, NULL, 3},
    {"searches",    STRINGS,                  OMIT, NULL, 2},
};
static PLAIN(dns_config, "PodDNSConfig");

static const struct sm_field host_alias_fields[] = {
    {"hostnames", STRINGS, OMIT,   NULL, 2},
    {"ip",        STRING,  ALWAYS, NULL, 1},
};
static PLAIN(host_alias, "HostAlias");

static const struct sm_field os_fields[] = {
    {"name", NAMED("OSName"), ALWAYS, NULL, 1},
};
static PLAIN(os, "PodOS");

static const struct sm_field readiness_gate_fields[] = {
    {"conditionType", NAMED("PodConditionType"), ALWAYS, NULL, 1},
};
static PLAIN(readiness_gate, "PodReadinessGate");

static const struct sm_field scheduling_gate_fields[] = {
    {"name", STRING, ALWAYS, NULL, 1},
};
static PLAIN(scheduling_gate, "PodSchedulingGate");

static const struct sm_field resource_claim_fields[] = {
    {"name",                      STRING, ALWAYS,   NULL, 1},
    {"resourceClaimName",         STRING, OPTIONAL, NULL, 3},
    {"resourceClaimTemplateName", STRING, OPTIONAL, NULL, 4},
};
static PLAIN(resource_claim, "PodResourceClaim");

static const struct sm_field sysctl_fields[] = {
    {"name",  STRING, ALWAYS, NULL, 1},
    {"value", STRING, ALWAYS, NULL, 2},
};
static PLAIN(sysctl, "Sysctl");

static const struct sm_field security_context_fields[] = {
    {"appArmorProfile",          &sm_schema_app_armor_profile,        OPTIONAL, NULL, 11},
    {"fsGroup",                  INT64,                               OPTIONAL, NULL, 5},
    {"fsGroupChangePolicy",      NAMED("PodFSGroupChangePolicy"),     OPTIONAL, NULL, 9},
    {"runAsGroup",               INT64,                               OPTIONAL, NULL, 6},
    {"runAsNonRoot",             BOOL,                                OPTIONAL, NULL, 3},
    {"runAsUser",                INT64,                               OPTIONAL, NULL, 2},
    {"seLinuxChangePolicy",      NAMED("PodSELinuxChangePolicy"),     OPTIONAL, NULL, 13},
    {"seLinuxOptions",           &sm_schema_selinux_options,          OPTIONAL, NULL, 1},
    {"seccompProfile",           &sm_schema_seccomp_profile,          OPTIONAL, NULL, 10},
    {"supplementalGroups",       ATOMIC_LIST(INT64),                  OMIT,     NULL, 4},
    {"supplementalGroupsPolicy", NAMED("SupplementalGroupsPolicy"),   OPTIONAL, NULL, 12},
    {"sysctls",                  ATOMIC_LIST(&sysctl),                OMIT,     NULL, 7},
    {"windowsOptions",           &sm_schema_windows_options,          OPTIONAL, NULL, 8},
};
static PLAIN(security_context, "PodSecurityContext");

static const struct sm_field spread_constraint_fields[] = {
    {"labelSelector",      &sm_schema_label_selector,             OPTIONAL, NULL, 4},
    {"matchLabelKeys",     STRINGS,                               OMIT,     NULL, 8},
    {"maxSkew",            INT32,                                 ALWAYS,   NULL, 1},
    {"minDomains",         INT32,                                 OPTIONAL, NULL, 5},
    {"nodeAffinityPolicy", NAMED("NodeInclusionPolicy"),          OPTIONAL, NULL, 6},
    {"nodeTaintsPolicy",   NAMED("NodeInclusionPolicy"),          OPTIONAL, NULL, 7},
    {"topologyKey",        STRING,                                ALWAYS,   NULL, 2},
    {"whenUnsatisfiable",  NAMED("UnsatisfiableConstraintAction"), ALWAYS,  NULL, 3},
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
    {"activeDeadlineSeconds",         INT64,                                         OPTIONAL, NULL, 5},
    {"affinity",                      &affinity,                                     OPTIONAL, NULL, 18},
    {"automountServiceAccountToken",  BOOL,                                          OPTIONAL, NULL, 21},
    {"containers",                    BY_KEY(&sm_schema_container, "name"),          ALWAYS,   NULL, 2},
    {"dnsConfig",                     &dns_config,                                   OPTIONAL, NULL, 26},
    {"dnsPolicy",                     NAMED("DNSPolicy"),                            OMIT,     "\"ClusterFirst\"", 6},
    {"enableServiceLinks",            BOOL,                                          OPTIONAL, NULL, 30},
    {"ephemeralContainers",           BY_KEY(&sm_schema_ephemeral_container, "name"), OMIT,    NULL, 34},
    {"hostAliases",                   BY_KEY(&host_alias, "ip"),                     OMIT,     NULL, 23},
    {"hostIPC",                       BOOL,                                          OMIT,     NULL, 13},
    {"hostNetwork",                   BOOL,                                          OMIT,     NULL, 11},
    {"hostPID",                       BOOL,                                          OMIT,     NULL, 12},
    {"hostUsers",                     BOOL,                                          OPTIONAL, NULL, 37},
    {"hostname",                      STRING,                                        OMIT,     NULL, 16},
    {"imagePullSecrets",              BY_KEY(&sm_schema_local_object_reference, "name"), OMIT, NULL, 15},
    {"initContainers",                BY_KEY(&sm_schema_container, "name"),          OMIT,     NULL, 20},
    {"nodeName",                      STRING,                                        OMIT,     NULL, 10},
    {"nodeSelector",                  ATOMIC_MAP(STRING),                            OMIT,     NULL, 7},
    {"os",                            &os,                                           OPTIONAL, NULL, 36},
    {"overhead",                      QUANTITIES,                                    OMIT,     NULL, 32},
    {"preemptionPolicy",              NAMED("PreemptionPolicy"),                     OPTIONAL, NULL, 31},
    {"priority",                      INT32,                                         OPTIONAL, NULL, 25},
    {"priorityClassName",             STRING,                                        OMIT,     NULL, 24},
    {"readinessGates",                ATOMIC_LIST(&readiness_gate),                  OMIT,     NULL, 28},
    {"resourceClaims",                RESOURCE_CLAIMS,                               OMIT,     NULL, 39},
    {"resources",                     &sm_schema_resource_requirements,              OPTIONAL, NULL, 40},
    {"restartPolicy",                 NAMED("RestartPolicy"),                        OMIT,     "\"Always\"", 3},
    {"runtimeClassName",              STRING,                                        OPTIONAL, NULL, 29},
    {"schedulerName",                 STRING,                                        OMIT,     "\"default-scheduler\"", 19},
    {"schedulingGates",               BY_KEY(&scheduling_gate, "name"),              OMIT,     NULL, 38},
    {"securityContext",               &security_context,                             OPTIONAL, "{}", 14},
    {"serviceAccount",                STRING,                                        OMIT,     NULL, 9},
    {"serviceAccountName",            STRING,                                        OMIT,     NULL, 8},
    {"setHostnameAsFQDN",             BOOL,                                          OPTIONAL, NULL, 35},
    {"shareProcessNamespace",         BOOL,                                          OPTIONAL, NULL, 27},
    {"subdomain",                     STRING,                                        OMIT,     NULL, 17},
    {"terminationGracePeriodSeconds", INT64,                                         OPTIONAL, "30", 4},
    {"tolerations",                   ATOMIC_LIST(&sm_schema_toleration),            OMIT,     NULL, 22},
    {"topologySpreadConstraints",     SPREAD_CONSTRAINTS,                            OMIT,     NULL, 33},
    {"volumes",                       VOLUMES,                                       OMIT,     NULL, 1},
};
OBJECT_WITH(sm_schema_pod_spec, "PodSpec", .fill = fill_spec);

static const struct sm_field sm_schema_pod_template_spec_fields[] = {
    METADATA,
    {"spec", &sm_schema_pod_spec, ALWAYS, NULL, 2},
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
    {"spec",   &sm_schema_pod_spec,   ALWAYS, NULL, 2},
    {"status", &sm_schema_pod_status, ALWAYS, NULL, 3},
};
OBJECT_WITH(sm_schema_pod, "Pod", .fill = fill_pod);
