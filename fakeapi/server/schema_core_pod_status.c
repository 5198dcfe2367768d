/* PodStatus. */
#include "schema_types.h"

static const struct sm_field condition_fields[] = {
    {"lastProbeTime",      TIME,                      ALWAYS, NULL, 3},
    {"lastTransitionTime", TIME,                      ALWAYS, NULL, 4},
    {"message",            STRING,                    OMIT,   NULL, 6},
    {"observedGeneration", INT64,                     OMIT,   NULL, 7},
    {"reason",             STRING,                    OMIT,   NULL, 5},
    {"status",             NAMED("ConditionStatus"),  ALWAYS, NULL, 2},
    {"type",               NAMED("PodConditionType"), ALWAYS, NULL, 1},
};
static PLAIN(condition, "PodCondition");

static const struct sm_field running_fields[] = {
    {"startedAt", TIME, ALWAYS, NULL, 1},
};
static PLAIN(running, "ContainerStateRunning");

static const struct sm_field terminated_fields[] = {
    {"containerID", STRING, OMIT,   NULL, 7},
    {"exitCode",    INT32,  ALWAYS, NULL, 1},
    {"finishedAt",  TIME,   ALWAYS, NULL, 6},
    {"message",     STRING, OMIT,   NULL, 4},
    {"reason",      STRING, OMIT,   NULL, 3},
    {"signal",      INT32,  OMIT,   NULL, 2},
    {"startedAt",   TIME,   ALWAYS, NULL, 5},
};
static PLAIN(terminated, "ContainerStateTerminated");

static const struct sm_field waiting_fields[] = {
    {"message", STRING, OMIT, NULL, 2},
    {"reason",  STRING, OMIT, NULL, 1},
};
static PLAIN(waiting, "ContainerStateWaiting");

static const struct sm_field state_fields[] = {
    {"running",    &running,    OPTIONAL, NULL, 2},
    {"terminated", &terminated, OPTIONAL, NULL, 3},
    {"waiting",    &waiting,    OPTIONAL, NULL, 1},
};
static PLAIN(state, "ContainerState");

static const struct sm_field resource_health_fields[] = {
    {"health",     NAMED("ResourceHealthStatus"), OMIT,   NULL, 2},
    {"resourceID", NAMED("ResourceID"),           ALWAYS, NULL, 1},
};
static PLAIN(resource_health, "ResourceHealth");

static const struct sm_field resource_status_fields[] = {
    {"name",      NAMED("ResourceName"),                                                      ALWAYS, NULL, 1},
    {"resources", LIST_WITH(&resource_health, .list = SM_LIST_MAP, .keys = {"resourceID"}),   OMIT,   NULL, 2},
};
static PLAIN(resource_status, "ResourceStatus");

static const struct sm_field linux_user_fields[] = {
    {"gid",                INT64,              ALWAYS, NULL, 2},
    {"supplementalGroups", ATOMIC_LIST(INT64), OMIT,   NULL, 3},
    {"uid",                INT64,              ALWAYS, NULL, 1},
};
static PLAIN(linux_user, "LinuxContainerUser");

static const struct sm_field user_fields[] = {
    {"linux", &linux_user, OPTIONAL, NULL, 1},
};
static PLAIN(user, "ContainerUser");

static const struct sm_field mount_fields[] = {
    {"mountPath",         STRING,                         ALWAYS,   NULL, 2},
    {"name",              STRING,                         ALWAYS,   NULL, 1},
    {"readOnly",          BOOL,                           OMIT,     NULL, 3},
    {"recursiveReadOnly", NAMED("RecursiveReadOnlyMode"), OPTIONAL, NULL, 4},
};
static PLAIN(mount, "VolumeMountStatus");

static const struct sm_field container_status_fields[] = {
    {"allocatedResources",       QUANTITIES,                       OMIT,     NULL, 10},
    {"allocatedResourcesStatus", BY_KEY(&resource_status, "name"), OMIT,     NULL, 14},
    {"containerID",              STRING,                           OMIT,     NULL, 8},
    {"image",                    STRING,                           ALWAYS,   NULL, 6},
    {"imageID",                  STRING,                           ALWAYS,   NULL, 7},
    {"lastState",                &state,                           ALWAYS,   NULL, 3},
    {"name",                     STRING,                           ALWAYS,   NULL, 1},
    {"ready",                    BOOL,                             ALWAYS,   NULL, 4},
    {"resources",                &sm_schema_resource_requirements, OPTIONAL, NULL, 11},
    {"restartCount",             INT32,                            ALWAYS,   NULL, 5},
    {"started",                  BOOL,                             OPTIONAL, NULL, 9},
    {"state",                    &state,                           ALWAYS,   NULL, 2},
    {"stopSignal",               NAMED("Signal"),                  OPTIONAL, NULL, 15},
    {"user",                     &user,                            OPTIONAL, NULL, 13},
    {"volumeMounts",             BY_KEY(&mount, "mountPath"),      OMIT,     NULL, 12},
};
static PLAIN(container_status, "ContainerStatus");

static const struct sm_field ip_fields[] = {
    {"ip", STRING, ALWAYS, NULL, 1},
};
#define host_ip_fields ip_fields
#define pod_ip_fields ip_fields
static PLAIN(host_ip, "HostIP");
static PLAIN(pod_ip, "PodIP");

static const struct sm_field claim_status_fields[] = {
    {"name",              STRING, ALWAYS,   NULL, 1},
    {"resourceClaimName", STRING, OPTIONAL, NULL, 2},
};
static PLAIN(claim_status, "PodResourceClaimStatus");

#define CLAIM_STATUSES LIST_WITH(&claim_status, .list = SM_LIST_MAP, .keys = {"name"}, .merge_key = "name", .retain_keys = true)

static const struct sm_field sm_schema_pod_status_fields[] = {
    {"conditions",                 BY_KEY(&condition, "type"),            OMIT,     NULL, 2},
    {"containerStatuses",          ATOMIC_LIST(&container_status),        OMIT,     NULL, 8},
    {"ephemeralContainerStatuses", ATOMIC_LIST(&container_status),        OMIT,     NULL, 13},
    {"hostIP",                     STRING,                                OMIT,     NULL, 5},
    {"hostIPs",                    LIST_WITH(&host_ip, .merge_key = "ip"), OMIT,    NULL, 16},
    {"initContainerStatuses",      ATOMIC_LIST(&container_status),        OMIT,     NULL, 10},
    {"message",                    STRING,                                OMIT,     NULL, 3},
    {"nominatedNodeName",          STRING,                                OMIT,     NULL, 11},
    {"observedGeneration",         INT64,                                 OMIT,     NULL, 17},
    {"phase",                      NAMED("PodPhase"),                     OMIT,     NULL, 1},
    {"podIP",                      STRING,                                OMIT,     NULL, 6},
    {"podIPs",                     BY_KEY(&pod_ip, "ip"),                 OMIT,     NULL, 12},
    {"qosClass",                   NAMED("PodQOSClass"),                  OMIT,     NULL, 9},
    {"reason",                     STRING,                                OMIT,     NULL, 4},
    {"resize",                     NAMED("PodResizeStatus"),              OMIT,     NULL, 14},
    {"resourceClaimStatuses",      CLAIM_STATUSES,                        OMIT,     NULL, 15},
    {"startTime",                  TIME,                                  OPTIONAL, NULL, 7},
};
PLAIN(sm_schema_pod_status, "PodStatus");
