/* Container and EphemeralContainer, with all they hold: ports, environment, probes, lifecycle, security context. */
#include <string.h>

#include "schema_types.h"

static const struct sm_field port_fields[] = {
    {"containerPort", INT32,             ALWAYS, NULL},
    {"hostIP",        STRING,            OMIT,   NULL},
    {"hostPort",      INT32,             OMIT,   NULL},
    {"name",          STRING,            OMIT,   NULL},
    {"protocol",      NAMED("Protocol"), OMIT,   "\"TCP\""},
};
static OBJECT(port, "ContainerPort");

/* --- Environment ------------------------------------------------------------------------------------------------------- */

static const struct sm_field key_selector_fields[] = {
    {"key",      STRING, ALWAYS,   NULL},
    {"name",     STRING, OMIT,     NULL},
    {"optional", BOOL,   OPTIONAL, NULL},
};
#define config_map_key_selector_fields key_selector_fields
#define secret_key_selector_fields key_selector_fields
static ATOMIC_PLAIN(config_map_key_selector, "ConfigMapKeySelector");
static ATOMIC_PLAIN(secret_key_selector, "SecretKeySelector");

static const struct sm_field env_source_fields[] = {
    {"configMapKeyRef",  &config_map_key_selector,           OPTIONAL, NULL},
    {"fieldRef",         &sm_schema_object_field_selector,   OPTIONAL, NULL},
    {"resourceFieldRef", &sm_schema_resource_field_selector, OPTIONAL, NULL},
    {"secretKeyRef",     &secret_key_selector,               OPTIONAL, NULL},
};
static OBJECT(env_source, "EnvVarSource");

static const struct sm_field env_fields[] = {
    {"name",      STRING,      ALWAYS,   NULL},
    {"value",     STRING,      OMIT,     NULL},
    {"valueFrom", &env_source, OPTIONAL, NULL},
};
static OBJECT(env, "EnvVar");

static const struct sm_field env_object_fields[] = {
    {"name",     STRING, OMIT,     NULL},
    {"optional", BOOL,   OPTIONAL, NULL},
};
#define config_map_env_fields env_object_fields
#define secret_env_fields env_object_fields
static PLAIN(config_map_env, "ConfigMapEnvSource");
static PLAIN(secret_env, "SecretEnvSource");

static const struct sm_field env_from_fields[] = {
    {"configMapRef", &config_map_env, OPTIONAL, NULL},
    {"prefix",       STRING,          OMIT,     NULL},
    {"secretRef",    &secret_env,     OPTIONAL, NULL},
};
static PLAIN(env_from, "EnvFromSource");

/* --- Probes and lifecycle ---------------------------------------------------------------------------------------------- */

static const struct sm_field exec_fields[] = {
    {"command", STRINGS, OMIT, NULL},
};
static PLAIN(exec, "ExecAction");

static const struct sm_field http_header_fields[] = {
    {"name",  STRING, ALWAYS, NULL},
    {"value", STRING, ALWAYS, NULL},
};
static PLAIN(http_header, "HTTPHeader");

static const struct sm_field http_get_fields[] = {
    {"host",        STRING,                    OMIT,   NULL},
    {"httpHeaders", ATOMIC_LIST(&http_header), OMIT,   NULL},
    {"path",        STRING,                    OMIT,   "\"/\""},
    {"port",        INT_OR_STRING,             ALWAYS, NULL},
    {"scheme",      NAMED("URIScheme"),        OMIT,   "\"HTTP\""},
};
static OBJECT(http_get, "HTTPGetAction");

static const struct sm_field tcp_socket_fields[] = {
    {"host", STRING,        OMIT,   NULL},
    {"port", INT_OR_STRING, ALWAYS, NULL},
};
static PLAIN(tcp_socket, "TCPSocketAction");

static const struct sm_field grpc_fields[] = {
    {"port",    INT32,  ALWAYS,   NULL},
    {"service", STRING, OPTIONAL, "\"\""},
};
static OBJECT(grpc, "GRPCAction");

static const struct sm_field sleep_action_fields[] = {
    {"seconds", INT64, ALWAYS, NULL},
};
static PLAIN(sleep_action, "SleepAction");

static const struct sm_field probe_fields[] = {
    {"exec",                          &exec,       OPTIONAL, NULL},
    {"failureThreshold",              INT32,       OMIT,     "3"},
    {"grpc",                          &grpc,       OPTIONAL, NULL},
    {"httpGet",                       &http_get,   OPTIONAL, NULL},
    {"initialDelaySeconds",           INT32,       OMIT,     NULL},
    {"periodSeconds",                 INT32,       OMIT,     "10"},
    {"successThreshold",              INT32,       OMIT,     "1"},
    {"tcpSocket",                     &tcp_socket, OPTIONAL, NULL},
    {"terminationGracePeriodSeconds", INT64,       OPTIONAL, NULL},
    {"timeoutSeconds",                INT32,       OMIT,     "1"},
};
static OBJECT(probe, "Probe");

static const struct sm_field handler_fields[] = {
    {"exec",      &exec,         OPTIONAL, NULL},
    {"httpGet",   &http_get,     OPTIONAL, NULL},
    {"sleep",     &sleep_action, OPTIONAL, NULL},
    {"tcpSocket", &tcp_socket,   OPTIONAL, NULL},
};
static OBJECT(handler, "LifecycleHandler");

static const struct sm_field lifecycle_fields[] = {
    {"postStart",  &handler,        OPTIONAL, NULL},
    {"preStop",    &handler,        OPTIONAL, NULL},
    {"stopSignal", NAMED("Signal"), OPTIONAL, NULL},
};
static OBJECT(lifecycle, "Lifecycle");

/* --- The rest ---------------------------------------------------------------------------------------------------------- */

static const struct sm_field resize_policy_fields[] = {
    {"resourceName",  NAMED("ResourceName"),                ALWAYS, NULL},
    {"restartPolicy", NAMED("ResourceResizeRestartPolicy"), ALWAYS, NULL},
};
static PLAIN(resize_policy, "ContainerResizePolicy");

static const struct sm_field capabilities_fields[] = {
    {"add",  ATOMIC_LIST(NAMED("Capability")), OMIT, NULL},
    {"drop", ATOMIC_LIST(NAMED("Capability")), OMIT, NULL},
};
static PLAIN(capabilities, "Capabilities");

static const struct sm_field security_context_fields[] = {
    {"allowPrivilegeEscalation", BOOL,                         OPTIONAL, NULL},
    {"appArmorProfile",          &sm_schema_app_armor_profile, OPTIONAL, NULL},
    {"capabilities",             &capabilities,                OPTIONAL, NULL},
    {"privileged",               BOOL,                         OPTIONAL, NULL},
    {"procMount",                NAMED("ProcMountType"),       OPTIONAL, NULL},
    {"readOnlyRootFilesystem",   BOOL,                         OPTIONAL, NULL},
    {"runAsGroup",               INT64,                        OPTIONAL, NULL},
    {"runAsNonRoot",             BOOL,                         OPTIONAL, NULL},
    {"runAsUser",                INT64,                        OPTIONAL, NULL},
    {"seLinuxOptions",           &sm_schema_selinux_options,   OPTIONAL, NULL},
    {"seccompProfile",           &sm_schema_seccomp_profile,   OPTIONAL, NULL},
    {"windowsOptions",           &sm_schema_windows_options,   OPTIONAL, NULL},
};
static PLAIN(security_context, "SecurityContext");

static const struct sm_field volume_device_fields[] = {
    {"devicePath", STRING, ALWAYS, NULL},
    {"name",       STRING, ALWAYS, NULL},
};
static PLAIN(volume_device, "VolumeDevice");

static const struct sm_field volume_mount_fields[] = {
    {"mountPath",         STRING,                         ALWAYS,   NULL},
    {"mountPropagation",  NAMED("MountPropagationMode"),  OPTIONAL, NULL},
    {"name",              STRING,                         ALWAYS,   NULL},
    {"readOnly",          BOOL,                           OMIT,     NULL},
    {"recursiveReadOnly", NAMED("RecursiveReadOnlyMode"), OPTIONAL, NULL},
    {"subPath",           STRING,                         OMIT,     NULL},
    {"subPathExpr",       STRING,                         OMIT,     NULL},
};
static PLAIN(volume_mount, "VolumeMount");

/* An image without a tag or digest has the tag `latest`. */
static bool is_latest(const char *image) {
    const char *name = strrchr(image, '/');
    name = name ? name + 1 : image;
    size_t bytes = strcspn(name, "@");
    const char *tag = memchr(name, ':', bytes);
    if (!tag)
        return *image != '\0' && name[bytes] == '\0';
    return (size_t)(name + bytes - tag) == strlen(":latest") && strncmp(tag, ":latest", strlen(":latest")) == 0;
}

sm_val sm_schema_pull_policy(struct sm_region *r, sm_val image) {
    return sm_val_str(r, is_latest(sm_val_text(image)) ? "Always" : "IfNotPresent");
}

#define PORTS LIST_WITH(&port, .list = SM_LIST_MAP, .keys = {"containerPort", "protocol"}, .merge_key = "containerPort")

/* Fields of Container and EphemeralContainer up to the only one that they do not share. */
#define CONTAINER_FIELDS_1 \
    {"args", STRINGS, OMIT, NULL}, {"command", STRINGS, OMIT, NULL}, {"env", BY_KEY(&env, "name"), OMIT, NULL}, \
        {"envFrom", ATOMIC_LIST(&env_from), OMIT, NULL}, {"image", STRING, OMIT, NULL}, \
        {"imagePullPolicy", NAMED("PullPolicy"), OMIT, NULL}, {"lifecycle", &lifecycle, OPTIONAL, NULL}, \
        {"livenessProbe", &probe, OPTIONAL, NULL}, {"name", STRING, ALWAYS, NULL}, {"ports", PORTS, OMIT, NULL}, \
        {"readinessProbe", &probe, OPTIONAL, NULL}, {"resizePolicy", ATOMIC_LIST(&resize_policy), OMIT, NULL}, \
        {"resources", &sm_schema_resource_requirements, ALWAYS, NULL}, {"restartPolicy", NAMED("ContainerRestartPolicy"), OPTIONAL, NULL}, \
        {"securityContext", &security_context, OPTIONAL, NULL}, {"startupProbe", &probe, OPTIONAL, NULL}, {"stdin", BOOL, OMIT, NULL}, { \
        "stdinOnce", BOOL, OMIT, NULL \
    }
#define CONTAINER_FIELDS_2 \
    {"terminationMessagePath", STRING, OMIT, "\"/dev/termination-log\""}, \
        {"terminationMessagePolicy", NAMED("TerminationMessagePolicy"), OMIT, "\"File\""}, {"tty", BOOL, OMIT, NULL}, \
        {"volumeDevices", BY_KEY(&volume_device, "devicePath"), OMIT, NULL}, \
        {"volumeMounts", BY_KEY(&volume_mount, "mountPath"), OMIT, NULL}, { \
        "workingDir", STRING, OMIT, NULL \
    }

static sm_val fill_container(struct sm_region *r, sm_val container) {
    if (sm_val_get(container, "imagePullPolicy"))
        return container;
    return sm_val_set(r, container, "imagePullPolicy", sm_schema_pull_policy(r, sm_val_get(container, "image")));
}

static const struct sm_field sm_schema_container_fields[] = {
    CONTAINER_FIELDS_1,
    CONTAINER_FIELDS_2,
};
OBJECT_WITH(sm_schema_container, "Container", .fill = fill_container);

static const struct sm_field sm_schema_ephemeral_container_fields[] = {
    CONTAINER_FIELDS_1,
    {"targetContainerName",      STRING,                              OMIT,     NULL},
    CONTAINER_FIELDS_2,
};
OBJECT_WITH(sm_schema_ephemeral_container, "EphemeralContainer", .fill = fill_container);
