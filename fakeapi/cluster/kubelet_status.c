/* Pod status as the kubelet publishes it (kubernetes.md 2.2; Kubernetes: "Pod Lifecycle"). */
#include <string.h>

#include "kubelet_internal.h"
#include "meta.h"
#include "str.h"

static sm_val text(struct sm_env *env, const char *s) {
    return sm_val_str(env->scratch, s);
}
static sm_val time_text(struct sm_env *env, sm_time t) {
    return text(env, sm_clock_rfc3339(env->scratch, t));
}

/* --- Containers ------------------------------------------------------------------------------------------------------- */

/* Unlike a real one it holds the pod's uid, so that two runs of a pod are told apart in the same way as their uids are. */
static sm_val container_id(struct sm_env *env, const struct kubelet_pod *pod, const struct container *container, uint32_t run) {
    return sm_val_strf(env->scratch, "containerd://%s/%s/%u", pod->uid, container->spec->name, run);
}

static sm_val waiting(struct sm_env *env, const char *reason, const char *message) {
    struct sm_region *r = env->scratch;
    return SM_MAP(r, "waiting", SM_MAP(r, "reason", text(env, reason), "message", message ? text(env, message) : NULL));
}

static sm_val terminated(struct sm_env *env, const struct kubelet_pod *pod, const struct container *container,
                         const struct container_end *end, uint32_t run) {
    struct sm_region *r = env->scratch;
    return SM_MAP(r, "terminated",
                  SM_MAP(r, "exitCode", sm_val_int(r, end->exit_code), "reason", text(env, end->exit_code ? "Error" : "Completed"),
                         "startedAt", time_text(env, end->started), "finishedAt", time_text(env, end->finished), "containerID",
                         container_id(env, pod, container, run)));
}

static sm_val state_of(struct sm_env *env, const struct kubelet_pod *pod, const struct container *container) {
    struct sm_region *r = env->scratch;
    bool has_init = pod->count > 0 && pod->container[0].spec->role != CONTAINER_MAIN;
    switch (container->state) {
    case CONTAINER_RUNNING:
        return SM_MAP(r, "running", SM_MAP(r, "startedAt", time_text(env, container->running_since)));
    case CONTAINER_PULL_FAILED:
        return waiting(env, "ErrImagePull",
                       sm_region_printf(r, "failed to pull and unpack image \"%s\": failed to resolve reference \"%s\": %s: not found",
                                        container->spec->image, container->spec->image, container->spec->image));
    case CONTAINER_PULL_BACKOFF:
        return waiting(env, "ImagePullBackOff", sm_region_printf(r, "Back-off pulling image \"%s\"", container->spec->image));
    case CONTAINER_CRASH_BACKOFF:
        return waiting(env, "CrashLoopBackOff",
                       sm_region_printf(r, "back-off %s restarting failed container=%s pod=%s_%s(%s)",
                                        sm_clock_duration(r, container->due - container->backoff_since), container->spec->name, pod->name,
                                        pod->name_space, pod->uid));
    case CONTAINER_EXITED:
    case CONTAINER_STARTING:
        if (container->last.finished)
            return terminated(env, pod, container, &container->last, container->restarts);
        break;
    case CONTAINER_IDLE:
    case CONTAINER_PULLING:
        break;
    }
    return waiting(env, has_init ? "PodInitializing" : "ContainerCreating", NULL);
}

/* The end before the present state. */
static sm_val last_state(struct sm_env *env, const struct kubelet_pod *pod, const struct container *container) {
    bool shown = container->state == CONTAINER_EXITED || container->state == CONTAINER_STARTING;
    const struct container_end *end = shown ? &container->prior : &container->last;
    uint32_t run = container->restarts - (container->restarts > 0 && container->state != CONTAINER_CRASH_BACKOFF);
    return end->finished ? terminated(env, pod, container, end, run) : SM_EMPTY_MAP;
}

static sm_val container_status(struct sm_env *env, const struct kubelet_pod *pod, const struct container *container) {
    struct sm_region *r = env->scratch;
    bool ever = container->running_since != 0;
    bool ready =
        container->spec->role == CONTAINER_INIT ? container->state == CONTAINER_EXITED && container->last.exit_code == 0 : container->ready;
    return SM_MAP(r, "name", text(env, container->spec->name), "image", text(env, container->spec->image), "imageID",
                  text(env, ever ? container->spec->image : ""), "containerID",
                  ever ? container_id(env, pod, container, container->restarts) : NULL, "ready", sm_val_bool(ready), "started",
                  sm_val_bool(container->started), "restartCount", sm_val_int(r, container->restarts), "state",
                  state_of(env, pod, container), "lastState", last_state(env, pod, container));
}

static sm_val container_statuses(struct sm_env *env, const struct kubelet_pod *pod, bool init) {
    sm_val *items = sm_region_alloc(env->scratch, (pod->count + 1) * sizeof *items);
    size_t count = 0;
    for (size_t i = 0; i < pod->count; i++) {
        struct container *container = &pod->container[i];
        if ((container->spec->role != CONTAINER_MAIN) != init)
            continue;
        if (!container->status)
            container->status = sm_val_copy(env->run, container_status(env, pod, container), env->scratch);
        items[count++] = container->status;
    }
    return count > 0 ? sm_val_from_items(env->scratch, items, count) : NULL;
}

/* --- Phase and conditions ----------------------------------------------------------------------------------------------- */

static const char *phase_of(const struct kubelet_pod *pod) {
    if (!pod->terminal)
        return pod->mains_started ? "Running" : "Pending";
    for (size_t i = 0; i < pod->count; i++) {
        const struct container *container = &pod->container[i];
        if (container->spec->role == CONTAINER_MAIN && (container->state != CONTAINER_EXITED || container->last.exit_code != 0))
            return "Failed";
    }
    return "Succeeded";
}

/* `containers with unready status: [a b]`, or NULL if there are none. */
static const char *listed(struct sm_env *env, const struct kubelet_pod *pod, const char *what,
                          bool (*is)(const struct kubelet_pod *pod, const struct container *container)) {
    struct sm_str names;
    sm_str_init(&names, env->scratch);
    for (size_t i = 0; i < pod->count; i++)
        if (is(pod, &pod->container[i]))
            sm_str_addf(&names, "%s%s", names.bytes ? " " : "", pod->container[i].spec->name);
    return names.bytes ? sm_region_printf(env->scratch, "containers with %s status: [%s]", what, names.data) : NULL;
}

static bool is_unready(const struct kubelet_pod *pod, const struct container *container) {
    (void)pod;
    return container->spec->role != CONTAINER_INIT && !container->ready;
}

static bool is_incomplete(const struct kubelet_pod *pod, const struct container *container) {
    if (container->spec->role == CONTAINER_MAIN || pod->initialized)
        return false;
    return container->spec->role == CONTAINER_SIDECAR ? !container->started : container->state != CONTAINER_EXITED;
}

/* lastTransitionTime moves only when status does. */
static sm_val condition(struct sm_env *env, const struct kubelet_pod *pod, const char *type, bool status, const char *reason,
                        const char *message) {
    struct sm_region *r = env->scratch;
    sm_val known = sm_val_get(pod->sent ? pod->sent : sm_val_get(pod->object, "status"), "conditions");
    sm_val before = sm_condition_find(known, type), since = NULL;
    if (sm_val_is_text(sm_val_get(before, "status"), status ? "True" : "False"))
        since = sm_val_get(before, "lastTransitionTime");
    return SM_MAP(r, "type", text(env, type), "status", text(env, status ? "True" : "False"), "lastProbeTime", SM_NULL,
                  "lastTransitionTime", since ? since : time_text(env, env->now), "reason", reason ? text(env, reason) : NULL, "message",
                  message ? text(env, message) : NULL);
}

static bool sandbox_stands(const struct kubelet_pod *pod) {
    for (size_t i = 0; i < pod->count && !pod->terminal; i++)
        if (pod->container[i].state >= CONTAINER_STARTING)
            return true;
    return false;
}

static sm_val conditions(struct sm_env *env, const struct kubelet_pod *pod, const char *phase) {
    const char *incomplete = listed(env, pod, "incomplete", is_incomplete), *unready = listed(env, pod, "unready", is_unready);
    const char *ready_reason = unready ? "ContainersNotReady" : NULL, *initialized_reason = incomplete ? "ContainersNotInitialized" : NULL;
    bool ready = !unready && strcmp(phase, "Running") == 0;
    if (pod->terminal) {
        bool succeeded = strcmp(phase, "Succeeded") == 0;
        ready_reason = succeeded ? "PodCompleted" : "PodFailed";
        unready = NULL;
        if (succeeded) {
            initialized_reason = "PodCompleted";
            incomplete = NULL;
        }
    }
    return SM_LIST(env->scratch, condition(env, pod, "PodReadyToStartContainers", sandbox_stands(pod), NULL, NULL),
                   condition(env, pod, "Initialized", !incomplete, initialized_reason, incomplete),
                   condition(env, pod, "Ready", ready, ready_reason, unready),
                   condition(env, pod, "ContainersReady", ready, ready_reason, unready),
                   condition(env, pod, "PodScheduled", true, NULL, NULL));
}

bool sm_kubelet_status_changed(struct kubelet_pod *pod) {
    uint32_t told = 1U | (uint32_t)pod->initialized << 1 | (uint32_t)pod->mains_started << 2 | (uint32_t)pod->terminal << 3;
    bool changed = pod->told != told;
    pod->told = told;
    for (size_t i = 0; i < pod->count; i++) {
        struct container *container = &pod->container[i];
        uint64_t now = (uint64_t)container->restarts << 8 | (uint64_t)container->state << 3 | (uint64_t)container->pulled << 2 |
                       (uint64_t)container->started << 1 | (uint64_t)container->ready;
        if (container->told == now)
            continue;
        changed = true;
        container->told = now;
        container->status = NULL;
    }
    return changed;
}

sm_val sm_kubelet_status(struct sm_env *env, const struct kubelet_pod *pod) {
    struct sm_region *r = env->scratch;
    const char *phase = phase_of(pod);
    sm_val host = text(env, "10.0.0.1"), ip = NULL;
    for (size_t i = 0; i < pod->count; i++)
        if (pod->container[i].state >= CONTAINER_STARTING || pod->container[i].running_since)
            ip = text(env, pod->ip);
    return SM_MAP(r, "phase", text(env, phase), "conditions", conditions(env, pod, phase), "hostIP", host, "hostIPs",
                  SM_LIST(r, SM_MAP(r, "ip", host)), "podIP", ip, "podIPs", ip ? SM_LIST(r, SM_MAP(r, "ip", ip)) : NULL, "startTime",
                  time_text(env, pod->start_time), "initContainerStatuses", container_statuses(env, pod, true), "containerStatuses",
                  container_statuses(env, pod, false));
}

/* --- The patch ------------------------------------------------------------------------------------------------------------ */

/* Conditions merge by type: those that changed, what they lost as null, and the order of all. */
static sm_val conditions_patch(struct sm_region *r, sm_val from, sm_val to) {
    sm_val changed = NULL, after;
    const struct sm_member *field;
    SM_EACH_ITEM(after, to) {
        sm_val before = sm_condition_find(from, sm_val_str_at(after, "type"));
        if (sm_val_equal(before, after))
            continue;
        sm_val patch = after;
        SM_EACH_MEMBER(field, before)
            if (!sm_val_get(after, field->key))
                patch = sm_val_set(r, patch, field->key, SM_NULL);
        changed = sm_val_append(r, changed, patch);
    }
    return changed;
}

static sm_val order_of(struct sm_region *r, sm_val list) {
    sm_val order = NULL, item;
    SM_EACH_ITEM(item, list)
        order = sm_val_append(r, order, SM_MAP(r, "type", sm_val_get(item, "type")));
    return order;
}

sm_val sm_kubelet_status_patch(struct sm_region *r, const struct kubelet_pod *pod, sm_val from, sm_val to) {
    sm_val patch = SM_EMPTY_MAP;
    const struct sm_member *field;
    SM_EACH_MEMBER(field, to) {
        sm_val before = sm_val_get(from, field->key);
        if (sm_val_equal(before, field->value))
            continue;
        bool merges = strcmp(field->key, "conditions") == 0;
        sm_val value = merges ? conditions_patch(r, before, field->value) : field->value;
        if (merges && value)
            patch = sm_val_set(r, patch, "$setElementOrder/conditions", order_of(r, field->value));
        if (value)
            patch = sm_val_set(r, patch, field->key, value);
    }
    if (sm_val_count(patch) == 0)
        return NULL;
    return SM_MAP(r, "metadata", SM_MAP(r, "uid", sm_val_str(r, pod->uid)), "status", patch);
}
