/* PodStatus. */
#include "schema_types.h"

static const struct sm_field condition_fields[] = {
    {"lastProbeTime",      TIME,                      ALWAYS, NULL},
    {"lastTransitionTime", TIME,                      ALWAYS, NULL},
    {"message",            STRING,                    OMIT,   NULL},
    {"observedGeneration", INT64,                     OMIT,   NULL},
    {"reason",             STRING,                    OMIT,   NULL},
    {"status",             NAMED("ConditionStatus"),  ALWAYS, NULL},
    {"type",               NAMED("PodConditionType"), ALWAYS, NULL},
};
static PLAIN(condition, "PodCondition");

static const struct sm_field running_fields[] = {
    {"startedAt", TIME, ALWAYS, NULL},
};
static PLAIN(running, "ContainerStateRunning");

static const struct sm_field terminated_fields[] = {
    {"containerID", STRING, OMIT,   NULL},
    {"exitCode",    INT32,  ALWAYS, NULL},
    {"finishedAt",  TIME,   ALWAYS, NULL},
    {"message",     STRING, OMIT,   NULL},
    {"reason",      STRING, OMIT,   NULL},
    {"signal",      INT32,  OMIT,   NULL},
    {"startedAt",   TIME,   ALWAYS, NULL},
};
static PLAIN(terminated, "ContainerStateTerminated");

static const struct sm_field waiting_fields[] = {
    {"message", STRING, OMIT, NULL},
    {"reason",  STRING, OMIT, NULL},
};
static PLAIN(waiting, "ContainerStateWaiting");

static const struct sm_field state_fields[] = {
    {"running",    &running,    OPTIONAL, NULL},
    {"terminated", &terminated, OPTIONAL, NULL},
    {"waiting",    &waiting,    OPTIONAL, NULL},
};
static PLAIN(state, "ContainerState");

static const struct sm_field resource_health_fields[] = {
    {"health",     NAMED("ResourceHealthStatus"), OMIT,   NULL},
    {"resourceID", NAMED("ResourceID"),           ALWAYS, NULL},
};
static PLAIN(resource_health, "ResourceHealth");

static const struct sm_field resource_status_fields[] = {
    {"name",      NAMED("ResourceName"),                                                      ALWAYS, NULL},
    {"resources", LIST_WITH(&resource_health, .list = SM_LIST_MAP, .keys = {"resourceID"}),   OMIT,   NULL},
};
static PLAIN(resource_status, "ResourceStatus");

static const struct sm_field linux_user_fields[] = {
    {"gid",                INT64,              ALWAYS, NULL},
    {"supplementalGroups", ATOMIC_LIST(INT64), OMIT,   NULL},
    {"uid",                INT64,              ALWAYS, NULL},
};
static PLAIN(linux_user, "LinuxContainerUser");

static const struct sm_field user_fields[] = {
    {"linux", &linux_user, OPTIONAL, NULL},
};
static PLAIN(user, "ContainerUser");

static const struct sm_field mount_fields[] = {
    {"mountPath",         STRING,                         ALWAYS,   NULL},
    {"name",              STRING,                         ALWAYS,   NULL},
    {"readOnly",          BOOL,                           OMIT,     NULL},
    {"recursiveReadOnly", NAMED("RecursiveReadOnlyMode"), OPTIONAL, NULL},
};
static PLAIN(mount, "VolumeMountStatus");

static const struct sm_field container_status_fields[] = {
    {"allocatedResources",       QUANTITIES,                       OMIT,     NULL},
    {"allocatedResourcesStatus", BY_KEY(&resource_status, "name"), OMIT,     NULL},
    {"containerID",              STRING,                           OMIT,     NULL},
    {"image",                    STRING,                           ALWAYS,   NULL},
    {"imageID",                  STRING,                           ALWAYS,   NULL},
    {"lastState",                &state,                           ALWAYS,   NULL},
    {"name",                     STRING,                           ALWAYS,   NULL},
    {"ready",                    BOOL,                             ALWAYS,   NULL},
    {"resources",                &sm_schema_resource_requirements, OPTIONAL, NULL},
    {"restartCount",             INT32,                            ALWAYS,   NULL},
    {"started",                  BOOL,                             OPTIONAL, NULL},
    {"state",                    &state,                           ALWAYS,   NULL},
    {"stopSignal",               NAMED("Signal"),                  OPTIONAL, NULL},
    {"user",                     &user,                            OPTIONAL, NULL},
    {"volumeMounts",             BY_KEY(&mount, "mountPath"),      OMIT,     NULL},
};
static PLAIN(container_status, "ContainerStatus");

static const struct sm_field ip_fields[] = {
    {"ip", STRING, ALWAYS, NULL},
};
#define host_ip_fields ip_fields
#define pod_ip_fields ip_fields
static PLAIN(host_ip, "HostIP");
static PLAIN(pod_ip, "PodIP");

static const struct sm_field claim_status_fields[] = {
    {"name",              STRING, ALWAYS,   NULL},
    {"resourceClaimName", STRING, OPTIONAL, NULL},
};
static PLAIN(claim_status, "PodResourceClaimStatus");

#define CLAIM_STATUSES LIST_WITH(&claim_status, .list = SM_LIST_MAP, .keys = {"name"}, .merge_key = "name", .retain_keys = true)

static const struct sm_field sm_schema_pod_status_fields[] = {
    {"conditions",                 BY_KEY(&condition, "type"),            OMIT,     NULL},
    {"containerStatuses",          ATOMIC_LIST(&container_status),        OMIT,     NULL},
    {"ephemeralContainerStatuses", ATOMIC_LIST(&container_status),        OMIT,     NULL},
    {"hostIP",                     STRING,                                OMIT,     NULL},
    {"hostIPs",                    LIST_WITH(&host_ip, .merge_key = "ip"), OMIT,    NULL},
    {"initContainerStatuses",      ATOMIC_LIST(&container_status),        OMIT,     NULL},
    {"message",                    STRING,                                OMIT,     NULL},
    {"nominatedNodeName",          STRING,                                OMIT,     NULL},
    {"observedGeneration",         INT64,                                 OMIT,     NULL},
    {"phase",                      NAMED("PodPhase"),                     OMIT,     NULL},
    {"podIP",                      STRING,                                OMIT,     NULL},
    {"podIPs",                     BY_KEY(&pod_ip, "ip"),                 OMIT,     NULL},
    {"qosClass",                   NAMED("PodQOSClass"),                  OMIT,     NULL},
    {"reason",                     STRING,                                OMIT,     NULL},
    {"resize",                     NAMED("PodResizeStatus"),              OMIT,     NULL},
    {"resourceClaimStatuses",      CLAIM_STATUSES,                        OMIT,     NULL},
    {"startTime",                  TIME,                                  OPTIONAL, NULL},
};
PLAIN(sm_schema_pod_status, "PodStatus");
