/* Validation of a pod's spec, as pods and jobs have it, in the order of Kubernetes: volumes, containers (validate_container.c),
 * the fields of the spec, where it may run (validate_scheduling.c). */
#include <string.h>

#include "names.h"
#include "validate.h"

static void check_subdomain(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field) {
    sm_val value = sm_val_get(object, field);
    const char *faults[SM_NAMES_ERRORS_MAX];
    size_t count = *sm_val_text(value) ? sm_names_subdomain(sm_val_text(value), faults) : 0;
    for (size_t i = 0; i < count; i++)
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, field)), value, faults[i]);
}

static void check_security(struct sm_field_errors *errors, const struct sm_spot *at, sm_val context) {
    static const char *const ids[] = {"fsGroup", "runAsUser", "runAsGroup"};
    sm_val group;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        sm_check_range(errors, at, context, ids[i], 0, INT32_MAX);
    SM_EACH_ITEM(group, sm_val_get(context, "supplementalGroups"))
        if (group->integer < 0 || group->integer > INT32_MAX)
            sm_field_invalid(errors, sm_spot_text(errors, SPOT_AT(SPOT(at, "supplementalGroups"), group_i)), group,
                             "must be between 0 and 2147483647, inclusive");
}

static bool is_ip(const char *text) {
    if (strchr(text, ':'))
        return strspn(text, "0123456789abcdefABCDEF:.") == strlen(text);
    for (int part = 0; part < 4; part++) {
        size_t digits = strspn(text, "0123456789");
        if (digits == 0 || digits > 3 || (digits > 1 && *text == '0') || (digits == 3 && strncmp(text, "255", 3) > 0))
            return false;
        text += digits;
        if (part < 3 && *text++ != '.')
            return false;
    }
    return *text == '\0';
}

static void check_host_aliases(struct sm_field_errors *errors, const struct sm_spot *at, sm_val aliases) {
    sm_val alias, name;
    SM_EACH_ITEM(alias, aliases) {
        const struct sm_spot *here = SPOT_AT(at, alias_i);
        sm_val ip = sm_val_get(alias, "ip");
        if (!is_ip(sm_val_text(ip)))
            sm_field_invalid(errors, sm_spot_text(errors, SPOT(here, "ip")), ip ? ip : SM_EMPTY_STRING,
                             "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        SM_EACH_ITEM(name, sm_val_get(alias, "hostnames")) {
            const char *fault = sm_validate_name(SM_NAME_SUBDOMAIN, sm_val_text(name));
            if (fault)
                sm_field_invalid(errors, sm_spot_text(errors, SPOT_AT(SPOT(here, "hostnames"), name_i)), name, fault);
        }
    }
}

static void check_gates(struct sm_field_errors *errors, const struct sm_spot *at, sm_val gates, const char *field) {
    sm_val gate;
    SM_EACH_ITEM(gate, gates) {
        sm_val name = sm_val_get(gate, field);
        const char *faults[SM_NAMES_ERRORS_MAX];
        size_t count = sm_names_qualified(sm_val_text(name), faults);
        for (size_t i = 0; i < count; i++)
            sm_field_invalid(errors, sm_spot_text(errors, SPOT(SPOT_AT(at, gate_i), field)), name, faults[i]);
        sm_check_unique(errors, SPOT_AT(at, gate_i), gates, gate_i, field);
    }
}

static void check_pull_secrets(struct sm_field_errors *errors, const struct sm_spot *at, sm_val secrets) {
    sm_val secret;
    SM_EACH_ITEM(secret, secrets)
        sm_check_present(errors, SPOT_AT(at, secret_i), secret, "name");
}

void sm_validate_pod_spec(struct sm_field_errors *errors, const char *path, sm_val spec) {
    static const char *const restart[] = {"Always", "OnFailure", "Never", NULL};
    static const char *const dns[] = {"ClusterFirstWithHostNet", "ClusterFirst", "Default", "None", NULL};
    static const char *const preemption[] = {"PreemptLowerPriority", "Never", NULL};
    const struct sm_spot *at = SPOT(NULL, path);
    sm_validate_volumes(errors, SPOT(at, "volumes"), sm_val_get(spec, "volumes"));
    sm_validate_containers(errors, at, spec);
    sm_check_one_of(errors, at, spec, "restartPolicy", restart);
    sm_check_one_of(errors, at, spec, "dnsPolicy", dns);
    if (sm_val_get(spec, "nodeSelector"))
        sm_validate_labels(errors, sm_spot_text(errors, SPOT(at, "nodeSelector")), sm_val_get(spec, "nodeSelector"));
    check_security(errors, SPOT(at, "securityContext"), sm_val_get(spec, "securityContext"));
    check_pull_secrets(errors, SPOT(at, "imagePullSecrets"), sm_val_get(spec, "imagePullSecrets"));
    sm_validate_scheduling(errors, at, spec);
    check_gates(errors, SPOT(at, "readinessGates"), sm_val_get(spec, "readinessGates"), "conditionType");
    check_gates(errors, SPOT(at, "schedulingGates"), sm_val_get(spec, "schedulingGates"), "name");

    check_subdomain(errors, at, spec, "serviceAccountName");
    check_subdomain(errors, at, spec, "nodeName");
    sm_check_range(errors, at, spec, "activeDeadlineSeconds", 1, INT32_MAX);
    if (sm_val_get(spec, "hostname"))
        sm_check_label(errors, at, spec, "hostname");
    if (sm_val_get(spec, "subdomain"))
        sm_check_label(errors, at, spec, "subdomain");
    check_host_aliases(errors, SPOT(at, "hostAliases"), sm_val_get(spec, "hostAliases"));
    check_subdomain(errors, at, spec, "priorityClassName");
    check_subdomain(errors, at, spec, "runtimeClassName");
    if (sm_val_get(spec, "preemptionPolicy"))
        sm_check_one_of(errors, at, spec, "preemptionPolicy", preemption);
}
