/* The kubelet's parts and their state, private to it. Pointers of the state point into state or into the run's region.
 *
 *      kubelet.c              pods: what the informer says, timers, requests, scenario steps
 *      kubelet_containers.c   one container's life: pull, start, crash, restart, stop
 *      kubelet_probes.c       when a probe's answer counts
 *      kubelet_status.c       pod status as published
 *      kubelet_resume.c       from one world to another
 */
#ifndef SM_KUBELET_INTERNAL_H
#define SM_KUBELET_INTERNAL_H

#include "kubelet.h"
#include "sidecar.h"

enum container_role { CONTAINER_INIT, CONTAINER_SIDECAR, CONTAINER_MAIN };

enum container_state {
    CONTAINER_IDLE,         /* its turn has not come */
    CONTAINER_PULLING,
    CONTAINER_PULL_FAILED,  /* ErrImagePull, then ImagePullBackOff */
    CONTAINER_PULL_BACKOFF,
    CONTAINER_STARTING,
    CONTAINER_RUNNING,
    CONTAINER_EXITED,
    CONTAINER_CRASH_BACKOFF,
};

enum probe_kind { PROBE_STARTUP, PROBE_LIVENESS, PROBE_READINESS, PROBE_COUNT };

struct probe_spec {
    bool given;
    bool asks_sidecar;
    const char *path;
    sm_time delay, period;
    int64_t failures_max, successes_min;
};

struct probe {
    sm_time first;   /* its first tick; 0: it does not run */
    sm_time changed; /* since when its target answers so; may be in the future */
    bool answer;     /* what its target answers */
    bool result;     /* what counts */
};

/* How a process ended. */
struct container_end {
    int exit_code;
    sm_time started, finished; /* finished 0: none */
};

/* What never changes of a container: in the run's region. */
struct container_spec {
    const char *name, *image;
    const struct sm_image_rule *rule;
    enum container_role role;
    struct probe_spec probe[PROBE_COUNT];
};

struct container {
    const struct container_spec *spec; /* NULL: the slot is free */
    enum container_state state;
    uint32_t restarts, crashes; /* crashes in a row, for the back-off */
    sm_time due;                /* of the state's next change; 0: none */
    sm_time running_since;
    sm_time backoff_since;
    struct container_end last;  /* the latest end */
    struct container_end prior; /* the one before that */
    bool pulled;
    bool started, ready;
    bool ready_forced, forced_ready; /* what a step said of its readiness endpoint */
    bool stopping;                   /* has its SIGTERM */
    uint64_t told;                   /* what it was like when status was last made */
    sm_val status;                   /* as long as it is like that; NULL: to be made */
    struct probe probe[PROBE_COUNT];
};

enum request_kind { REQUEST_NONE, REQUEST_STATUS, REQUEST_DELETE };

struct kubelet_pod {
    bool used;
    const char *name_space, *name, *uid, *node, *key, *ip;
    sm_val object; /* as last handled */
    sm_val seen;   /* as last delivered; differs from object until sync_at */
    sm_time sync_at;
    sm_time start_time;
    sm_time stop_by;                       /* when what still runs is killed; 0: not stopping */
    bool gone;                             /* the object is gone from the API */
    bool initialized, mains_started, done; /* done: all main containers ended for good */
    bool terminal;                         /* phase Succeeded or Failed */
    struct container *container;           /* [count], of the kubelet's */
    size_t count;
    uint64_t timer;
    sm_time timer_due;
    enum request_kind in_flight;
    uint32_t request;   /* counts requests, so that a late answer to an old one is told apart */
    sm_time retry_at;   /* after a failed request */
    bool deleted;       /* the final delete was sent */
    uint32_t told;      /* as struct container; 0: nothing was, or it may no longer be so */
    sm_val sent, acked; /* status as last sent, and as the server last had it */
    int64_t acked_version;
};

struct sm_kubelet {
    const struct sm_kubelet_config *config;
    struct sm_informer informer;
    const char *dead[SM_KUBELET_DEAD_NODES_MAX];
    size_t pods_max, containers_max;
    struct kubelet_pod *pod;     /* [pods_max] */
    struct container *container; /* [containers_max]; those of a pod stand side by side */
};

/* kubelet.c: the pod's timer, to when next something is to do. */
void sm_kubelet_arm(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod);

/* kubelet_containers.c */
/* False: there is no room for so many. */
bool sm_kubelet_containers_init(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod);
void sm_kubelet_containers_free(struct kubelet_pod *pod);
/* Does all that is due by now. */
void sm_kubelet_containers_advance(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod);
void sm_kubelet_containers_kill(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod, int exit_code);
void sm_kubelet_container_exit(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod, struct container *container,
                               int exit_code);
/* When the next of it is due; 0: never. */
sm_time sm_kubelet_containers_next(const struct kubelet_pod *pod);
bool sm_kubelet_containers_running(const struct kubelet_pod *pod);
bool sm_kubelet_container_restarts(const struct kubelet_pod *pod, const struct container *container); /* an exited one will again */
static inline sm_time earlier(sm_time a, sm_time b) { return !a || (b && b < a) ? b : a; }            /* 0: none */

/* kubelet_probes.c */
void sm_kubelet_probes_init(const struct sm_kubelet_config *config, struct container_spec *container, sm_val spec, int64_t sidecar_port);
void sm_kubelet_probes_start(struct sm_env *env, struct sm_kubelet *kubelet, const struct kubelet_pod *pod, struct container *container);
void sm_kubelet_probes_stop(struct container *container);
/* Takes over what counts by now. True if the container has to be restarted. */
bool sm_kubelet_probes_advance(struct sm_env *env, struct sm_kubelet *kubelet, const struct kubelet_pod *pod, struct container *container);
void sm_kubelet_probes_sidecar_changed(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod);
void sm_kubelet_probes_force_ready(struct sm_env *env, struct container *container, bool ready);
sm_time sm_kubelet_probes_next(const struct container *container);

/* kubelet_status.c */
/* True if status may be another than when this was last asked. */
bool sm_kubelet_status_changed(struct kubelet_pod *pod);
sm_val sm_kubelet_status(struct sm_env *env, const struct kubelet_pod *pod);
/* The strategic merge patch from one status to another; NULL if there is nothing to change. */
sm_val sm_kubelet_status_patch(struct sm_region *r, const struct kubelet_pod *pod, sm_val from, sm_val to);

#endif
