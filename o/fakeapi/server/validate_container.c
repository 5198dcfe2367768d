/* Validation of a pod's containers, regular and initial. Ephemeral ones come through a subresource of their own. */
#include <string.h>

#include "names.h"
#include "quantity.h"
#include "validate.h"

/* --- Ports ---------------------------------------------------------------------------------------------------------------------- */

static void check_ports(struct sm_field_errors *errors, const struct sm_spot *at, sm_val ports) {
    static const char *const protocols[] = {"SCTP", "TCP", "UDP", NULL};
    sm_val port;
    SM_EACH_ITEM(port, ports) {
        const struct sm_spot *here = SPOT_AT(at, port_i);
        sm_val number = sm_val_get(port, "containerPort");
        if (sm_val_get(port, "name") && sm_check_port_name(errors, here, port, "name"))
            sm_check_unique(errors, here, ports, port_i, "name");
        if (!sm_val_is_int(number) || number->integer == 0)
            sm_field_required(errors, sm_spot_text(errors, SPOT(here, "containerPort")), "");
        else
            sm_check_range(errors, here, port, "containerPort", 1, 65535);
        sm_check_range(errors, here, port, "hostPort", 1, 65535);
        sm_check_one_of(errors, here, port, "protocol", protocols);
    }
}

/* --- Environment ------------------------------------------------------------------------------------------------------------------ */

void sm_validate_field_ref(struct sm_field_errors *errors, const struct sm_spot *at, sm_val ref) {
    static const char *const known[] = {"metadata.name",   "metadata.namespace", "metadata.uid",  "metadata.labels", "metadata.annotations",
                                        "spec.nodeName",   "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP",
                                        "status.podIPs"};
    if (!sm_check_present(errors, at, ref, "fieldPath"))
        return;
    sm_val path = sm_val_get(ref, "fieldPath");
    const char *text = sm_val_text(path);
    size_t bytes = strcspn(text, "[");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i]) == bytes && strncmp(known[i], text, bytes) == 0)
            return;
    sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, "fieldPath")), path,
                     sm_field_text(errors, "error converting fieldPath: field label not supported: %s", text));
}

void sm_validate_resource_field_ref(struct sm_field_errors *errors, const struct sm_spot *at, sm_val ref) {
    static const char *const known[] = {"limits.cpu",   "limits.ephemeral-storage",   "limits.memory",
                                        "requests.cpu", "requests.ephemeral-storage", "requests.memory", NULL};
    if (sm_check_present(errors, at, ref, "resource") && !strstr(sm_val_str_at(ref, "resource"), ".hugepages-"))
        sm_check_one_of(errors, at, ref, "resource", known);
}

static void check_value_from(struct sm_field_errors *errors, const struct sm_spot *at, sm_val env) {
    sm_val from = sm_val_get(env, "valueFrom");
    size_t count = sm_val_count(from);
    const char *fault = count == 0 ? "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`" : NULL;
    if (count > 0 && sm_val_get(env, "value"))
        fault = "may not be specified when `value` is not empty";
    else if (count > 1)
        fault = "may not have more than one field specified at a time";

    if (sm_val_get(from, "fieldRef"))
        sm_validate_field_ref(errors, SPOT(at, "fieldRef"), sm_val_get(from, "fieldRef"));
    if (sm_val_get(from, "resourceFieldRef"))
        sm_validate_resource_field_ref(errors, SPOT(at, "resourceFieldRef"), sm_val_get(from, "resourceFieldRef"));
    if (sm_val_get(from, "configMapKeyRef"))
        sm_check_present(errors, SPOT(at, "configMapKeyRef"), sm_val_get(from, "configMapKeyRef"), "key");
    if (sm_val_get(from, "secretKeyRef"))
        sm_check_present(errors, SPOT(at, "secretKeyRef"), sm_val_get(from, "secretKeyRef"), "key");
    if (fault)
        sm_field_invalid(errors, sm_spot_text(errors, at), SM_EMPTY_STRING, fault);
}

static bool is_printable(const char *name) {
    for (; *name; name++)
        if (*name <= ' ' || *name > '~' || *name == '=')
            return false;
    return true;
}

static void check_env(struct sm_field_errors *errors, const struct sm_spot *at, sm_val variables) {
    sm_val env;
    SM_EACH_ITEM(env, variables) {
        const struct sm_spot *here = SPOT_AT(at, env_i);
        sm_val name = sm_val_get(env, "name");
        if (sm_check_present(errors, here, env, "name") && !is_printable(sm_val_text(name)))
            sm_field_invalid(errors, sm_spot_text(errors, SPOT(here, "name")), name,
                             "a valid environment variable name must consist only of printable ASCII characters other than '='");
        if (sm_val_get(env, "valueFrom"))
            check_value_from(errors, SPOT(here, "valueFrom"), env);
    }
}

static void check_env_from(struct sm_field_errors *errors, const struct sm_spot *at, sm_val sources) {
    sm_val source;
    SM_EACH_ITEM(source, sources) {
        const struct sm_spot *here = SPOT_AT(at, source_i);
        sm_val map = sm_val_get(source, "configMapRef"), secret = sm_val_get(source, "secretRef");
        if (map)
            sm_check_present(errors, SPOT(here, "configMapRef"), map, "name");
        if (secret)
            sm_check_present(errors, SPOT(here, "secretRef"), secret, "name");
        if (!map && !secret)
            sm_field_invalid(errors, sm_spot_text(errors, here), SM_EMPTY_STRING, "must specify one of: `configMapRef` or `secretRef`");
        else if (map && secret)
            sm_field_invalid(errors, sm_spot_text(errors, here), SM_EMPTY_STRING, "may not have more than one field specified at a time");
    }
}

/* --- Mounts ------------------------------------------------------------------------------------------------------------------------ */

static bool has_named(sm_val list, sm_val name, const char *field) {
    sm_val item;
    SM_EACH_ITEM(item, list)
        if (sm_val_equal(sm_val_get(item, field), name))
            return true;
    return false;
}

static void check_mounts(struct sm_field_errors *errors, const struct sm_spot *at, sm_val container, sm_val volumes) {
    sm_val mount, mounts = sm_val_get(container, "volumeMounts");
    SM_EACH_ITEM(mount, mounts) {
        const struct sm_spot *here = SPOT_AT(at, mount_i);
        sm_val name = sm_val_get(mount, "name"), path = sm_val_get(mount, "mountPath");
        sm_check_present(errors, here, mount, "name");
        if (!has_named(volumes, name, "name"))
            sm_field_not_found(errors, sm_spot_text(errors, SPOT(here, "name")), name ? name : SM_EMPTY_STRING);
        if (sm_check_present(errors, here, mount, "mountPath"))
            for (size_t other = 0; other < mount_i; other++)
                if (sm_val_equal(sm_val_get(sm_val_item(mounts, other), "mountPath"), path)) {
                    sm_field_invalid(errors, sm_spot_text(errors, SPOT(here, "mountPath")), path, "must be unique");
                    break;
                }
        if (path && has_named(sm_val_get(container, "volumeDevices"), path, "devicePath"))
            sm_field_invalid(errors, sm_spot_text(errors, SPOT(here, "mountPath")), path, "must not already exist in volumeDevices");
        if (sm_val_get(mount, "subPath") && sm_val_get(mount, "subPathExpr"))
            sm_field_invalid(errors, sm_spot_text(errors, SPOT(here, "subPathExpr")), sm_val_get(mount, "subPathExpr"),
                             "subPathExpr and subPath are mutually exclusive");
    }
}

static void check_devices(struct sm_field_errors *errors, const struct sm_spot *at, sm_val devices, sm_val volumes) {
    sm_val device;
    SM_EACH_ITEM(device, devices) {
        const struct sm_spot *here = SPOT_AT(at, device_i);
        sm_val name = sm_val_get(device, "name");
        if (sm_check_present(errors, here, device, "name") && !has_named(volumes, name, "name"))
            sm_field_not_found(errors, sm_spot_text(errors, SPOT(here, "name")), name);
        sm_check_present(errors, here, device, "devicePath");
    }
}

/* --- Resources --------------------------------------------------------------------------------------------------------------------- */

static void check_amounts(struct sm_field_errors *errors, const struct sm_spot *at, sm_val amounts) {
    const struct sm_member *amount;
    SM_EACH_MEMBER(amount, amounts) {
        const char *name = amount->key;
        bool standard = strcmp(name, "cpu") == 0 || strcmp(name, "memory") == 0 || strcmp(name, "ephemeral-storage") == 0 ||
                        strncmp(name, "hugepages-", 10) == 0 || strchr(name, '/');
        bool negative = *sm_val_text(amount->value) == '-';
        if (standard && !negative)
            continue;
        const char *path = sm_field_text(errors, "%s[%s]", sm_spot_text(errors, at), name);
        sm_val key = sm_val_str(errors->region, name);
        if (!standard) {
            sm_field_invalid(errors, path, key, "must be a standard resource type or fully qualified");
            sm_field_invalid(errors, path, key, "must be a standard resource for containers");
        }
        if (negative)
            sm_field_invalid(errors, path, amount->value, "must be greater than or equal to 0");
    }
}

static void check_resources(struct sm_field_errors *errors, const struct sm_spot *at, sm_val resources) {
    sm_val limits = sm_val_get(resources, "limits"), requests = sm_val_get(resources, "requests");
    check_amounts(errors, SPOT(at, "limits"), limits);
    check_amounts(errors, SPOT(at, "requests"), requests);
    const struct sm_member *request;
    SM_EACH_MEMBER(request, requests) {
        struct sm_quantity asked, most;
        sm_val limit = sm_val_get(limits, request->key);
        if (!limit || sm_quantity_parse(sm_val_text(request->value), &asked) || sm_quantity_parse(sm_val_text(limit), &most))
            continue;
        if (sm_quantity_compare(&asked, &most) > 0)
            sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, "requests")), request->value,
                             sm_field_text(errors, "must be less than or equal to %s limit of %s", request->key, sm_val_text(limit)));
    }
}

/* --- Handlers and probes ----------------------------------------------------------------------------------------------- */

static void check_http_get(struct sm_field_errors *errors, const struct sm_spot *at, sm_val action) {
    static const char *const schemes[] = {"HTTP", "HTTPS", NULL};
    sm_val header;
    sm_check_present(errors, at, action, "path");
    sm_check_port_or_name(errors, at, action, "port");
    sm_check_one_of(errors, at, action, "scheme", schemes);
    SM_EACH_ITEM(header, sm_val_get(action, "httpHeaders")) {
        sm_val name = sm_val_get(header, "name");
        const char *text = sm_val_text(name);
        bool fits = *text && text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")] == '\0';
        if (!fits)
            sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, "httpHeaders")), name ? name : SM_EMPTY_STRING,
                             "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for "
                             "validation is '[-A-Za-z0-9]+')");
    }
}

static void check_handler(struct sm_field_errors *errors, const struct sm_spot *at, sm_val handler, int64_t grace) {
    static const char *const types[] = {"exec", "httpGet", "tcpSocket", "grpc", "sleep"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        sm_val action = sm_val_get(handler, types[i]);
        if (!action)
            continue;
        const struct sm_spot *here = SPOT(at, types[i]);
        if (count++ > 0)
            sm_field_forbidden(errors, sm_spot_text(errors, here), "may not specify more than 1 handler type");
        else if (i == 0 && sm_val_count(sm_val_get(action, "command")) == 0)
            sm_field_required(errors, sm_spot_text(errors, SPOT(here, "command")), "");
        else if (i == 1)
            check_http_get(errors, here, action);
        else if (i == 2 || i == 3)
            sm_check_port_or_name(errors, here, action, "port");
        else if (i == 4 && (sm_val_int_at(action, "seconds", 0) < 0 || sm_val_int_at(action, "seconds", 0) > grace))
            sm_field_invalid(
                errors, sm_spot_text(errors, here), sm_val_get(action, "seconds"),
                sm_field_text(errors, "must be non-negative and less than terminationGracePeriodSeconds (%lld)", (long long)grace));
    }
    if (count == 0)
        sm_field_required(errors, sm_spot_text(errors, at), "must specify a handler type");
}

static void check_probe(struct sm_field_errors *errors, const struct sm_spot *at, sm_val probe, bool readiness) {
    static const char *const counts[] = {"initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"};
    if (!probe)
        return;
    check_handler(errors, at, probe, 0);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        sm_check_not_negative(errors, at, probe, counts[i]);
    sm_val grace = sm_val_get(probe, "terminationGracePeriodSeconds"), successes = sm_val_get(probe, "successThreshold");
    if (readiness && grace)
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, "terminationGracePeriodSeconds")), grace,
                         "must not be set for readinessProbes");
    else if (sm_val_is_int(grace) && grace->integer <= 0)
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, "terminationGracePeriodSeconds")), grace, "must be greater than 0");
    if (!readiness && sm_val_is_int(successes) && successes->integer != 1)
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, "successThreshold")), successes, "must be 1");
}

static void check_running(struct sm_field_errors *errors, const struct sm_spot *at, sm_val container, int64_t grace) {
    sm_val lifecycle = sm_val_get(container, "lifecycle");
    if (sm_val_get(lifecycle, "postStart"))
        check_handler(errors, SPOT(SPOT(at, "lifecycle"), "postStart"), sm_val_get(lifecycle, "postStart"), grace);
    if (sm_val_get(lifecycle, "preStop"))
        check_handler(errors, SPOT(SPOT(at, "lifecycle"), "preStop"), sm_val_get(lifecycle, "preStop"), grace);
    check_probe(errors, SPOT(at, "livenessProbe"), sm_val_get(container, "livenessProbe"), false);
    check_probe(errors, SPOT(at, "readinessProbe"), sm_val_get(container, "readinessProbe"), true);
    check_probe(errors, SPOT(at, "startupProbe"), sm_val_get(container, "startupProbe"), false);
}

/* --- Containers -------------------------------------------------------------------------------------------------------- */

static void check_common(struct sm_field_errors *errors, const struct sm_spot *at, sm_val container, sm_val volumes) {
    static const char *const message_policies[] = {"FallbackToLogsOnError", "File", NULL};
    static const char *const pull_policies[] = {"Always", "IfNotPresent", "Never", NULL};
    sm_val image = sm_val_get(container, "image"), context = sm_val_get(container, "securityContext");
    const char *text = sm_val_text(image);
    size_t bytes = strlen(text);
    sm_check_label(errors, at, container, "name");
    if (sm_check_present(errors, at, container, "image") && (strchr(" \t\n", *text) || strchr(" \t\n", text[bytes - 1])))
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, "image")), image, "must not have leading or trailing whitespace");
    sm_check_one_of(errors, at, container, "terminationMessagePolicy", message_policies);
    check_ports(errors, SPOT(at, "ports"), sm_val_get(container, "ports"));
    check_env(errors, SPOT(at, "env"), sm_val_get(container, "env"));
    check_env_from(errors, SPOT(at, "envFrom"), sm_val_get(container, "envFrom"));
    check_mounts(errors, SPOT(at, "volumeMounts"), container, volumes);
    check_devices(errors, SPOT(at, "volumeDevices"), sm_val_get(container, "volumeDevices"), volumes);
    sm_check_one_of(errors, at, container, "imagePullPolicy", pull_policies);
    check_resources(errors, SPOT(at, "resources"), sm_val_get(container, "resources"));
    sm_check_range(errors, SPOT(at, "securityContext"), context, "runAsUser", 0, INT32_MAX);
    sm_check_range(errors, SPOT(at, "securityContext"), context, "runAsGroup", 0, INT32_MAX);
}

static void check_init_container(struct sm_field_errors *errors, const struct sm_spot *at, sm_val container, int64_t grace) {
    static const char *const policies[] = {"Always", NULL};
    static const char *const sidecars_only[] = {"lifecycle", "livenessProbe", "readinessProbe", "startupProbe"};
    if (sm_val_get(container, "restartPolicy")) {
        if (sm_check_one_of(errors, at, container, "restartPolicy", policies))
            check_running(errors, at, container, grace);
        return;
    }
    for (size_t i = 0; i < sizeof sidecars_only / sizeof *sidecars_only; i++)
        if (sm_val_get(container, sidecars_only[i]))
            sm_field_forbidden(errors, sm_spot_text(errors, SPOT(at, sidecars_only[i])),
                               "may not be set for init containers without restartPolicy=Always");
}

void sm_validate_containers(struct sm_field_errors *errors, const struct sm_spot *at, sm_val spec) {
    sm_val containers = sm_val_get(spec, "containers"), initial = sm_val_get(spec, "initContainers"), volumes = sm_val_get(spec, "volumes");
    sm_val container;
    int64_t grace = sm_val_int_at(spec, "terminationGracePeriodSeconds", 0);
    if (sm_val_count(containers) == 0)
        sm_field_required(errors, sm_spot_text(errors, SPOT(at, "containers")), "");
    SM_EACH_ITEM(container, containers) {
        const struct sm_spot *here = SPOT_AT(SPOT(at, "containers"), container_i);
        check_common(errors, here, container, volumes);
        sm_check_unique(errors, here, containers, container_i, "name");
        check_running(errors, here, container, grace);
        if (sm_val_get(container, "restartPolicy"))
            sm_field_forbidden(errors, sm_spot_text(errors, SPOT(here, "restartPolicy")), "may not be set for non-init containers");
    }
    SM_EACH_ITEM(container, initial) {
        const struct sm_spot *here = SPOT_AT(SPOT(at, "initContainers"), container_i);
        check_common(errors, here, container, volumes);
        if (has_named(containers, sm_val_get(container, "name"), "name"))
            sm_field_duplicate(errors, sm_spot_text(errors, SPOT(here, "name")), sm_val_get(container, "name"));
        else
            sm_check_unique(errors, here, initial, container_i, "name");
        check_init_container(errors, here, container, grace);
    }
}
