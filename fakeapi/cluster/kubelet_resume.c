/* A kubelet moves to another world: what it knows of its pods and their processes is copied, requests that were under way are
 * not. The new one lists its pods as one that starts does, and finds them known. */
#include <string.h>

#include "bug.h"
#include "kubelet_internal.h"
#include "meta.h"

static const char *copy_text(struct sm_region *r, const char *text) {
    return text ? sm_region_strdup(r, text) : NULL;
}

static sm_val copy_val(struct sm_region *r, sm_val v) {
    return v ? sm_val_copy(r, v, NULL) : NULL;
}

static const struct container_spec *copy_spec(struct sm_region *r, const struct container_spec *from) {
    struct container_spec *spec = sm_region_alloc(r, sizeof *spec);

    *spec = *from;
    spec->name = copy_text(r, from->name);
    spec->image = copy_text(r, from->image);
    for (size_t i = 0; i < PROBE_COUNT; i++)
        spec->probe[i].path = copy_text(r, from->probe[i].path);
    return spec;
}

/* Is the pod still there, as far as the API server of the new world knows? */
static bool exists(const struct sm_log *log, const struct kubelet_pod *pod) {
    sm_val object = sm_pmap_get(log->root, pod->key);

    return object && strcmp(sm_meta_uid(object), pod->uid) == 0;
}

/* What was sent and not yet answered counts as not sent. */
static void resume_pod(struct sm_env *env, const struct sm_kubelet *kubelet, const struct sm_log *log, struct kubelet_pod *pod,
                       const struct kubelet_pod *from, const struct sm_kubelet *from_kubelet) {
    struct sm_region *r = env->run;

    *pod = *from;
    pod->name_space = copy_text(r, from->name_space);
    pod->name = copy_text(r, from->name);
    pod->uid = copy_text(r, from->uid);
    pod->node = copy_text(r, from->node);
    pod->key = copy_text(r, from->key);
    pod->ip = copy_text(r, from->ip);
    pod->object = copy_val(r, from->object);
    pod->seen = copy_val(r, from->seen);
    pod->acked = copy_val(r, from->acked);
    pod->sent = from->sent == from->acked || from->in_flight == REQUEST_STATUS ? pod->acked : copy_val(r, from->sent);
    pod->container = kubelet->container + (from->container - from_kubelet->container);
    pod->told = 0;
    pod->timer = 0;
    pod->timer_due = 0;
    pod->deleted &= from->in_flight != REQUEST_DELETE;
    pod->in_flight = REQUEST_NONE;
    pod->gone |= !exists(log, from);
    pod->sync_at = env->now;
}

void sm_kubelet_resume(struct sm_env *env, struct sm_kubelet *kubelet, const struct sm_kubelet *from) {
    const struct sm_transport *transport = kubelet->config->transport;
    const struct sm_log *log = transport->log(env, transport->self, SM_PODS);

    SM_ASSERT(kubelet->pods_max == from->pods_max);
    for (size_t i = 0; i < SM_KUBELET_DEAD_NODES_MAX; i++)
        kubelet->dead[i] = copy_text(env->run, from->dead[i]);
    for (size_t i = 0; i < kubelet->containers_max; i++) {
        kubelet->container[i] = from->container[i];
        kubelet->container[i].status = NULL; /* of the other world; it is made again */
        if (from->container[i].spec)
            kubelet->container[i].spec = copy_spec(env->run, from->container[i].spec);
    }
    for (size_t i = 0; i < kubelet->pods_max; i++) {
        if (!from->pod[i].used)
            continue;
        resume_pod(env, kubelet, log, &kubelet->pod[i], &from->pod[i], from);
        sm_kubelet_arm(env, kubelet, &kubelet->pod[i]);
    }
    sm_kubelet_start(env, kubelet);
}
