/* Kubelet of every node: starts the containers of bound pods, probes them, restarts what crashes, stops them with grace, and
 * writes pod status. It hosts the sidecar process of node pods (sidecar.h). An actor without a queue: it has one informer of
 * pods, and per pod one state machine driven by one timer.
 *
 *      bound ─pull─▶ init containers ─▶ started ─probes─▶ ready ──delete──▶ stopping ─▶ terminal status ─▶ final delete
 *
 * Probes cost events only where their answer changes: a probe that would say the same again is not run, and one whose answer
 * changed counts at the tick, and after so many ticks, at which the real one would notice. A probe of the sidecar's port asks
 * the sidecar; one of any other asks the container's own endpoint. A container whose startup probe asks the sidecar waits for
 * its gate, as node images do, and is ready [ready] after that; any other is ready [ready] after its start.
 */
#ifndef SM_KUBELET_H
#define SM_KUBELET_H

#include "env.h"
#include "hash.h"
#include "informer.h"
#include "service.h"

enum { SM_KUBELET_PODS = 64, SM_KUBELET_PODS_MAX = 1 << 14, SM_KUBELET_POD_CONTAINERS = 2, SM_KUBELET_DEAD_NODES_MAX = 8 };

/* How containers of an image behave. Times are durations; -1: never. The first rule whose pattern matches an image counts.
 * Init containers that are no sidecars do their work at once; of their image only the pull counts. */
struct sm_image_rule {
    const char *image;   /* glob over the whole image reference: `registry.example/seid:bad*` */
    sm_time pull;        /* from bound to pulled; -1: ErrImagePull, ImagePullBackOff */
    sm_time start;       /* from pulled to running */
    sm_time ready;       /* until its own readiness endpoint answers 200, see above; -1: never ready */
    sm_time crash_after; /* exits with [exit_code] so long after its start; 0: it runs on. Restarts: at once, then 10 s * 2^n, 5 min */
    int exit_code;
    sm_time stop; /* from SIGTERM to its exit, with 0; above the grace it is killed at the grace; -1: only killed */
};

struct sm_sidecars;

struct sm_kubelet_config {
    const struct sm_client *client; /* `kubelet` */
    const struct sm_transport *transport;
    const struct sm_image_rule *rules; /* ended by a rule whose image is NULL, which is the default */
    struct sm_sidecars *sidecars;      /* NULL: containers with its name are ordinary ones */
    sm_time sync_delay;                /* from a pod event to its handling */
    size_t pods_max;      /* of all nodes; SM_KUBELET_POD_CONTAINERS a pod on average; more fail as OutOfpods. 0: SM_KUBELET_PODS */
    sm_time probe_period; /* of all probes, from the start on, and one answer counts; 0: as each pod says */
};

struct sm_kubelet;

struct sm_kubelet *sm_kubelet_new(struct sm_env *env, const struct sm_kubelet_config *config);
void sm_kubelet_start(struct sm_env *env, struct sm_kubelet *kubelet);
/* Instead of a start: takes over from the kubelet of a world that ends, whose containers run on in this one. */
void sm_kubelet_resume(struct sm_env *env, struct sm_kubelet *kubelet, const struct sm_kubelet *from);
/* The log of pods has a new entry. */
void sm_kubelet_notify(struct sm_env *env, struct sm_kubelet *kubelet);
struct sm_informer *sm_kubelet_informer(struct sm_kubelet *kubelet);

/* Scenario steps. The node does nothing any more, its pods' processes are gone without a word; and back. */
void sm_kubelet_node_dies(struct sm_env *env, struct sm_kubelet *kubelet, const char *node);
void sm_kubelet_node_returns(struct sm_env *env, struct sm_kubelet *kubelet, const char *node);
/* One container's process exits with [exit_code] now. False if there is no such running container. */
bool sm_kubelet_container_exits(struct sm_env *env, struct sm_kubelet *kubelet, const char *name_space, const char *pod,
                                const char *container, int exit_code);
/* From now on the container's own readiness endpoint answers so. */
bool sm_kubelet_set_ready(struct sm_env *env, struct sm_kubelet *kubelet, const char *name_space, const char *pod, const char *container,
                          bool ready);

/* Nothing of it is under way but timers; [ret_next] the earliest, 0 if none. */
bool sm_kubelet_idle(const struct sm_kubelet *kubelet, sm_time *ret_next);
void sm_kubelet_hash(const struct sm_kubelet *kubelet, struct sm_hash *hash, sm_time now);

#endif
