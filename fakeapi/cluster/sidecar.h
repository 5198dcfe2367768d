/* The sidecar of a node pod (seictl serve; seinode-controller.md 5.7), one process a pod, hosted by the kubelet.
 *
 *      kubelet ──starts, ends──▶ process: ready gate (memory) ──┐
 *      controller ──POST, GET──▶   │                            ├─▶ healthz, for probes and for the controller
 *                                  ▼                            │
 *                               volume: tasks by id ──mark-ready executed here──┘
 *
 * Tasks are stored with the data volume and outlive the pod; the ready gate is memory and is lost with the process. A task
 * that was running when its process ended is executed again by the next one. Nobody checks that the caller means this node.
 * Of all tasks the latest SM_SIDECAR_TASKS_MAX are kept.
 */
#ifndef SM_SIDECAR_H
#define SM_SIDECAR_H

#include "env.h"
#include "hash.h"
#include "service.h"

enum { SM_SIDECAR_PROCESSES_MAX = 64, SM_SIDECAR_TASKS_MAX = 96, SM_SIDECAR_RULES_MAX = 32 };

struct sm_sidecars;

/* How a task of a type goes. The first rule that matches type and node counts. */
struct sm_sidecar_rule {
    const char *type;  /* `config-apply`; NULL: any */
    const char *node;  /* pod name `n-1-0`; NULL: any */
    sm_time takes;     /* until it completes; 0: before the answer is read */
    const char *error; /* it fails with this text; NULL: it completes */
    uint32_t failures; /* only the first so many runs under this rule fail; 0 with an error: all */
};

struct sm_sidecars_config {
    const struct sm_sidecar_rule *rules; /* ended by one whose takes is -1 */
};

struct sm_sidecars *sm_sidecars_new(struct sm_env *env, const struct sm_sidecars_config *config);

/* A process as the kubelet knows it. Strings live in the run's region. */
struct sm_sidecar_pod {
    const char *name_space;
    const char *name;
    const char *hostname, *subdomain; /* its DNS name: `<hostname>.<subdomain>.<namespace>.svc…` */
    const char *ip;
    const char *volume; /* identifies the data volume: the claim's uid */
};

/* By the kubelet: the process of a pod starts and listens, or is gone. */
void sm_sidecars_process_starts(struct sm_env *env, struct sm_sidecars *sidecars, const struct sm_sidecar_pod *pod);
void sm_sidecars_process_ends(struct sm_env *env, struct sm_sidecars *sidecars, const char *name_space, const char *pod);

/* Answers an HTTP call whose host is `<hostname>.<subdomain>.<namespace>.svc…:port`. Code 0 with a text if nobody listens
 * there, -1 if the process hangs. */
struct sm_reply sm_sidecars_call(struct sm_env *env, struct sm_sidecars *sidecars, const struct sm_service_call *call);

/* For probes: the code of GET /v0/healthz or /v0/livez of a pod's sidecar, 0 if it does not listen, -1 if it hangs. */
int sm_sidecars_health(struct sm_env *env, struct sm_sidecars *sidecars, const char *name_space, const char *pod, const char *path);

/* [changed] is called when what sm_sidecars_health says of a pod may have changed. */
void sm_sidecars_observe(struct sm_sidecars *sidecars,
                         void (*changed)(struct sm_env *env, void *arg, const char *name_space, const char *pod), void *arg);

/* Scenario steps: the process answers [code] to healthz whatever its gate (0: as usual again; -1: hangs until the caller's timeout). */
void sm_sidecars_set_health(struct sm_env *env, struct sm_sidecars *sidecars, const char *name_space, const char *pod, int code);

/* To be called after whatever may name tasks: one that has ended counts only while something else names it. */
void sm_sidecars_hash(const struct sm_sidecars *sidecars, struct sm_hash *hash, sm_time now);

#endif
