/* Container and EphemeralContainer, with all they hold: ports, environment, probes, lifecycle, security context. */
#include <string.h>

#include "schema_types.h"

static const struct sm_field port_fields[] = {
    {"containerPort", INT32,             ALWAYS, NULL, 3},
    {"hostIP",        STRING,            OMIT,   NULL, 5},
    {"hostPort",      INT32,             OMIT,   NULL, 2},
    {"name",          STRING,            OMIT,   NULL, 1},
    {"protocol",      NAMED("Protocol"), OMIT,   "\"TCP\"", 4},
};
static OBJECT(port, "ContainerPort");

/* --- Environment ------------------------------------------------------------------------------------------------------- */

static const struct sm_field key_selector_fields[] = {
    {"key",      STRING, ALWAYS,   NULL, 2},
    {"name",     STRING, OMIT,     NULL, IN(1, 1)},
    {"optional", BOOL,   OPTIONAL, NULL, 3},
};
#define config_map_key_selector_fields key_selector_fields
#define secret_key_selector_fields key_selector_fields
static ATOMIC_PLAIN(config_map_key_selector, "ConfigMapKeySelector");
static ATOMIC_PLAIN(secret_key_selector, "SecretKeySelector");

static const struct sm_field env_source_fields[] = {
    {"configMapKeyRef",  &config_map_key_selector,           OPTIONAL, NULL, 3},
    {"fieldRef",         &sm_schema_object_field_selector,   OPTIONAL, NULL, 1},
    {"resourceFieldRef", &sm_schema_resource_field_selector, OPTIONAL, NULL, 2},
    {"secretKeyRef",     &secret_key_selector,               OPTIONAL, NULL, 4},
};
static OBJECT(env_source, "EnvVarSource");

static const struct sm_field env_fields[] = {
    {"name",      STRING,      ALWAYS,   NULL, 1},
    {"value",     STRING,      OMIT,     NULL, 2},
    {"valueFrom", &env_source, OPTIONAL, NULL, 3},
};
static OBJECT(env, "EnvVar");

static const struct sm_field env_object_fields[] = {
    {"name",     STRING, OMIT,     NULL, IN(1, 1)},
    {"optional", BOOL,   OPTIONAL, NULL, 2},
};
#define config_map_env_fields env_object_fields
#define secret_env_fields env_object_fields
static PLAIN(config_map_env, "ConfigMapEnvSource");
static PLAIN(secret_env, "SecretEnvSource");

static const struct sm_field env_from_fields[] = {
    {"configMapRef", &config_map_env, OPTIONAL, NULL, 2},
    {"prefix",       STRING,          OMIT,     NULL, 1},
    {"secretRef",    &secret_env,     OPTIONAL, NULL, 3},
};
static PLAIN(env_from, "EnvFromSource");

/* --- Probes and lifecycle ---------------------------------------------------------------------------------------------- */

static const struct sm_field exec_fields[] = {
    {"command", STRINGS, OMIT, NULL, 1},
};
static PLAIN(exec, "ExecAction");

static const struct sm_field http_header_fields[] = {
    {"name",  STRING, ALWAYS, NULL, 1},
    {"value", STRING, ALWAYS, NULL, 2},
};
static PLAIN(http_header, "HTTPHeader");

static const struct sm_field http_get_fields[] = {
    {"host",        STRING,                    OMIT,   NULL, 3},
    {"httpHeaders", ATOMIC_LIST(&http_header), OMIT,   NULL, 5},
    {"path",        STRING,                    OMIT,   "\"/\"", 1},
    {"port",        INT_OR_STRING,             ALWAYS, NULL, 2},
    {"scheme",      NAMED("URIScheme"),        OMIT,   "\"HTTP\"", 4},
};
static OBJECT(http_get, "HTTPGetAction");

static const struct sm_field tcp_socket_fields[] = {
    {"host", STRING,        OMIT,   NULL, 2},
    {"port", INT_OR_STRING, ALWAYS, NULL, 1},
};
static PLAIN(tcp_socket, "TCPSocketAction");

static const struct sm_field grpc_fields[] = {
    {"port",    INT32,  ALWAYS,   NULL, 1},
    {"service", STRING, OPTIONAL, "\"\"", 2},
};
static OBJECT(grpc, "GRPCAction");

static const struct sm_field sleep_action_fields[] = {
    {"seconds", INT64, ALWAYS, NULL, 1},
};
static PLAIN(sleep_action, "SleepAction");

static const struct sm_field probe_fields[] = {
    {"exec",                          &exec,       OPTIONAL, NULL, IN(1, 1)},
    {"failureThreshold",              INT32,       OMIT,     "3", 6},
    {"grpc",                          &grpc,       OPTIONAL, NULL, IN(1, 4)},
    {"httpGet",                       &http_get,   OPTIONAL, NULL, IN(1, 2)},
    {"initialDelaySeconds",           INT32,       OMIT,     NULL, 2},
    {"periodSeconds",                 INT32,       OMIT,     "10", 4},
    {"successThreshold",              INT32,       OMIT,     "1", 5},
    {"tcpSocket",                     &tcp_socket, OPTIONAL, NULL, IN(1, 3)},
    {"terminationGracePeriodSeconds", INT64,       OPTIONAL, NULL, 7},
    {"timeoutSeconds",                INT32,       OMIT,     "1", 3},
};
static OBJECT(probe, "Probe");

static const struct sm_field handler_fields[] = {
    {"exec",      &exec,         OPTIONAL, NULL, 1},
    {"httpGet",   &http_get,     OPTIONAL, NULL, 2},
    {"sleep",     &sleep_action, OPTIONAL, NULL, 4},
    {"tcpSocket", &tcp_socket,   OPTIONAL, NULL, 3},
};
static OBJECT(handler, "LifecycleHandler");

static const struct sm_field lifecycle_fields[] = {
    {"postStart",  &handler,        OPTIONAL, NULL, 1},
    {"preStop",    &handler,        OPTIONAL, NULL, 2},
    {"stopSignal", NAMED("Signal"), OPTIONAL, NULL, 3},
};
static OBJECT(lifecycle, "Lifecycle");

/* --- The rest ---------------------------------------------------------------------------------------------------------- */

static const struct sm_field resize_policy_fields[] = {
    {"resourceName",  NAMED("ResourceName"),                ALWAYS, NULL, 1},
    {"restartPolicy", NAMED("ResourceResizeRestartPolicy"), ALWAYS, NULL, 2},
};
static PLAIN(resize_policy, "ContainerResizePolicy");

static const struct sm_field capabilities_fields[] = {
    {"add",  ATOMIC_LIST(NAMED("Capability")), OMIT, NULL, 1},
    {"drop", ATOMIC_LIST(NAMED("Capability")), OMIT, NULL, 2},
};
static PLAIN(capabilities, "Capabilities");

static const struct sm_field security_context_fields[] = {
    {"allowPrivilegeEscalation", BOOL,                         OPTIONAL, NULL, 7},
    {"appArmorProfile",          &sm_schema_app_armor_profile, OPTIONAL, NULL, 12},
    {"capabilities",             &capabilities,                OPTIONAL, NULL, 1},
    {"privileged",               BOOL,                         OPTIONAL, NULL, 2},
    {"procMount",                NAMED("ProcMountType"),       OPTIONAL, NULL, 9},
    {"readOnlyRootFilesystem",   BOOL,                         OPTIONAL, NULL, 6},
    {"runAsGroup",               INT64,                        OPTIONAL, NULL, 8},
    {"runAsNonRoot",             BOOL,                         OPTIONAL, NULL, 5},
    {"runAsUser",                INT64,                        OPTIONAL, NULL, 4},
    {"seLinuxOptions",           &sm_schema_selinux_options,   OPTIONAL, NULL, 3},
    {"seccompProfile",           &sm_schema_seccomp_profile,   OPTIONAL, NULL, 11},
    {"windowsOptions",           &sm_schema_windows_options,   OPTIONAL, NULL, 10},
};
static PLAIN(security_context, "SecurityContext");

static const struct sm_field volume_device_fields[] = {
    {"devicePath", STRING, ALWAYS, NULL, 2},
    {"name",       STRING, ALWAYS, NULL, 1},
};
static PLAIN(volume_device, "VolumeDevice");

static const struct sm_field volume_mount_fields[] = {
    {"mountPath",         STRING,                         ALWAYS,   NULL, 3},
    {"mountPropagation",  NAMED("MountPropagationMode"),  OPTIONAL, NULL, 5},
    {"name",              STRING,                         ALWAYS,   NULL, 1},
    {"readOnly",          BOOL,                           OMIT,     NULL, 2},
    {"recursiveReadOnly", NAMED("RecursiveReadOnlyMode"), OPTIONAL, NULL, 7},
    {"subPath",           STRING,                         OMIT,     NULL, 4},
    {"subPathExpr",       STRING,                         OMIT,     NULL, 6},
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
/* Those of an EphemeralContainer lie in a message of their own. */
#define ITS_OWN(number) (number)
#define IN_COMMON(number) IN(1, number)
#define CONTAINER_FIELDS_1(AT) \
    {"args", STRINGS, OMIT, NULL, AT(4)}, {"command", STRINGS, OMIT, NULL, AT(3)}, {"env", BY_KEY(&env, "name"), OMIT, NULL, AT(7)}, \
        {"envFrom", ATOMIC_LIST(&env_from), OMIT, NULL, AT(19)}, {"image", STRING, OMIT, NULL, AT(2)}, \
        {"imagePullPolicy", NAMED("PullPolicy"), OMIT, NULL, AT(14)}, {"lifecycle", &lifecycle, OPTIONAL, NULL, AT(12)}, \
        {"livenessProbe", &probe, OPTIONAL, NULL, AT(10)}, {"name", STRING, ALWAYS, NULL, AT(1)}, {"ports", PORTS, OMIT, NULL, AT(6)}, \
        {"readinessProbe", &probe, OPTIONAL, NULL, AT(11)}, {"resizePolicy", ATOMIC_LIST(&resize_policy), OMIT, NULL, AT(23)}, \
        {"resources", &sm_schema_resource_requirements, ALWAYS, NULL, AT(8)}, \
        {"restartPolicy", NAMED("ContainerRestartPolicy"), OPTIONAL, NULL, AT(24)}, \
        {"securityContext", &security_context, OPTIONAL, NULL, AT(15)}, {"startupProbe", &probe, OPTIONAL, NULL, AT(22)}, \
        {"stdin", BOOL, OMIT, NULL, AT(16)}, { \
        "stdinOnce", BOOL, OMIT, NULL, AT(17) \
    }
#define CONTAINER_FIELDS_2(AT) \
    {"terminationMessagePath", STRING, OMIT, "\"/dev/termination-log\"", AT(13)}, \
        {"terminationMessagePolicy", NAMED("TerminationMessagePolicy"), OMIT, "\"File\"", AT(20)}, {"tty", BOOL, OMIT, NULL, AT(18)}, \
        {"volumeDevices", BY_KEY(&volume_device, "devicePath"), OMIT, NULL, AT(21)}, \
        {"volumeMounts", BY_KEY(&volume_mount, "mountPath"), OMIT, NULL, AT(9)}, { \
        "workingDir", STRING, OMIT, NULL, AT(5) \
    }

static sm_val fill_container(struct sm_region *r, sm_val container) {
    if (sm_val_get(container, "imagePullPolicy"))
        return container;
    return sm_val_set(r, container, "imagePullPolicy", sm_schema_pull_policy(r, sm_val_get(container, "image")));
}

static const struct sm_field sm_schema_container_fields[] = {
    CONTAINER_FIELDS_1(ITS_OWN),
    CONTAINER_FIELDS_2(ITS_OWN),
};
OBJECT_WITH(sm_schema_container, "Container", .fill = fill_container);

static const struct sm_field sm_schema_ephemeral_container_fields[] = {
    CONTAINER_FIELDS_1(IN_COMMON),
    {"targetContainerName",      STRING,                              OMIT,     NULL, 2},
    CONTAINER_FIELDS_2(IN_COMMON),
};
OBJECT_WITH(sm_schema_ephemeral_container, "EphemeralContainer", .fill = fill_container);
