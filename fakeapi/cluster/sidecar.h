/* The sidecar of a node pod (seictl serve; seinode-controller.md 5.7), one process a pod, hosted by the kubelet.
 *
 * Tasks are stored with the data volume and outlive the pod; the ready gate is memory and is lost with the process. Nobody
 * checks that the caller means this node.
 */
#ifndef SM_SIDECAR_H
#define SM_SIDECAR_H

#include "env.h"
#include "hash.h"
#include "service.h"

struct sm_sidecars;

/* How a task of a type goes. The first rule that matches type and node counts. */
struct sm_sidecar_rule {
    const char *type;  /* `config-apply`; NULL: any */
    const char *node;  /* pod name `n-1-0`; NULL: any */
    sm_time takes;     /* until it completes; 0: before the answer is read */
    const char *error; /* it fails with this text; NULL: it completes */
    uint32_t failures; /* only the first so many runs fail; 0 with an error: all */
};

struct sm_sidecars_config {
    const struct sm_sidecar_rule *rules; /* ended by one whose takes is -1 */
};

struct sm_sidecars *sm_sidecars_new(struct sm_env *env, const struct sm_sidecars_config *config);

/* By the kubelet: the process of a pod starts and listens, or is gone. [volume] identifies the data volume (the claim's uid). */
void sm_sidecars_process_starts(struct sm_env *env, struct sm_sidecars *sidecars, const char *name_space, const char *pod,
                                const char *hostname, const char *subdomain, const char *volume);
void sm_sidecars_process_ends(struct sm_env *env, struct sm_sidecars *sidecars, const char *name_space, const char *pod);

/* Answers an HTTP call whose host is `<pod>.<service>.<namespace>.svc…:port`. Code 0 with a text if nobody listens there. */
struct sm_reply sm_sidecars_call(struct sm_env *env, struct sm_sidecars *sidecars, const struct sm_service_call *call);

/* For probes: the code of GET /v0/healthz or /v0/livez of a pod's sidecar, 0 if it does not listen. */
int sm_sidecars_health(struct sm_env *env, struct sm_sidecars *sidecars, const char *name_space, const char *pod, const char *path);

/* Scenario steps: the process answers [code] to healthz whatever its gate (0: as usual again; -1: hangs until the caller's timeout). */
void sm_sidecars_set_health(struct sm_env *env, struct sm_sidecars *sidecars, const char *name_space, const char *pod, int code);

void sm_sidecars_hash(const struct sm_sidecars *sidecars, struct sm_hash *hash, sm_time now);

#endif
