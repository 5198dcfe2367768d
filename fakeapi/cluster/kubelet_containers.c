/* The life of a pod's containers: init containers one after the other, sidecars among them as soon as their turn comes and
 * until the end, then the main containers at once. All durations come from the rules of images. */
#include <string.h>

#include "bug.h"
#include "kubelet_internal.h"
#include "meta.h"

enum { EXIT_KILLED = 137 };
static const char sidecar_name[] = "sei-sidecar";
static const sm_time pull_backoff = 10 * SM_SECOND, crash_backoff = 10 * SM_SECOND, crash_backoff_max = 5 * SM_MINUTE;

static bool glob(const char *pattern, const char *text) {
    const char *star = NULL, *resume = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            resume = text;
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

static const struct sm_image_rule *rule_for(const struct sm_kubelet *kubelet, const char *image) {
    const struct sm_image_rule *rule = kubelet->config->rules;
    while (rule->image && !glob(rule->image, image))
        rule++;
    return rule;
}

static void act(struct sm_env *env, const struct kubelet_pod *pod, const char *text) {
    sm_env_emit(env, &(struct sm_journal_event){.kind = SM_JOURNAL_ACTED,
                                                .actor = "kubelet",
                                                .resource = "pods",
                                                .name_space = pod->name_space,
                                                .name = pod->name,
                                                .text = text});
}

/* --- What a pod consists of ----------------------------------------------------------------------------------------- */

static int64_t sidecar_port(const struct sm_kubelet *kubelet, sm_val spec) {
    sm_val sidecar = sm_val_at(spec, "initContainers[name=sei-sidecar]");
    if (!kubelet->config->sidecars || !sidecar)
        return -1;
    return sm_val_int_at(sidecar, "ports[name=sidecar].containerPort", 7777);
}

static const struct container_spec *new_spec(struct sm_env *env, const struct sm_kubelet *kubelet, sm_val spec, bool init, int64_t port) {
    struct container_spec *container = sm_region_alloc(env->run, sizeof *container);
    bool always = sm_val_is_text(sm_val_get(spec, "restartPolicy"), "Always");
    container->name = sm_val_str_at(spec, "name");
    container->image = sm_val_str_at(spec, "image");
    container->rule = rule_for(kubelet, container->image);
    container->role = !init ? CONTAINER_MAIN : always ? CONTAINER_SIDECAR : CONTAINER_INIT;
    sm_kubelet_probes_init(kubelet->config, container, spec, port);
    return container;
}

/* [count] free slots side by side; NULL: there are none. */
static struct container *free_slots(struct sm_kubelet *kubelet, size_t count) {
    for (size_t start = 0, i = 0; count > 0 && i < kubelet->containers_max; i++) {
        if (kubelet->container[i].spec)
            start = i + 1;
        else if (i + 1 - start == count)
            return &kubelet->container[start];
    }
    return count > 0 ? NULL : kubelet->container;
}

bool sm_kubelet_containers_init(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod) {
    sm_val spec = sm_val_get(pod->object, "spec"), inits = sm_val_get(spec, "initContainers"), mains = sm_val_get(spec, "containers");
    size_t init_count = sm_val_count(inits);
    int64_t port = sidecar_port(kubelet, spec);
    pod->count = init_count + sm_val_count(mains);
    pod->container = free_slots(kubelet, pod->count);
    if (!pod->container)
        return false;
    for (size_t i = 0; i < pod->count; i++) {
        sm_val container = i < init_count ? sm_val_item(inits, i) : sm_val_item(mains, i - init_count);
        pod->container[i] = (struct container){.spec = new_spec(env, kubelet, container, i < init_count, port)};
    }
    return true;
}

void sm_kubelet_containers_free(struct kubelet_pod *pod) {
    for (size_t i = 0; i < pod->count; i++)
        pod->container[i].spec = NULL;
    pod->count = 0;
}

/* --- One container --------------------------------------------------------------------------------------------------- */

static bool hosts_sidecar(const struct sm_kubelet *kubelet, const struct container *container) {
    return kubelet->config->sidecars && strcmp(container->spec->name, sidecar_name) == 0;
}

/* What a pod's tasks are stored on: the claim behind its volume `data`, else something that goes with the pod. */
static const char *data_volume(struct sm_env *env, struct sm_kubelet *kubelet, const struct kubelet_pod *pod) {
    const char *claim = sm_val_str_at(pod->object, "spec.volumes[name=data].persistentVolumeClaim.claimName");
    const struct sm_transport *transport = kubelet->config->transport;
    const struct sm_log *log = claim[0] ? transport->log(env, transport->self, SM_PVCS) : NULL;
    sm_val object = log ? sm_pmap_get(log->root, sm_meta_key(env->scratch, pod->name_space, claim)) : NULL;
    return object ? sm_meta_uid(object) : pod->uid;
}

static void start_process(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod, struct container *container) {
    container->state = CONTAINER_RUNNING;
    container->running_since = env->now;
    container->restarts += container->last.finished != 0;
    container->due = container->spec->rule->crash_after > 0 ? env->now + container->spec->rule->crash_after : 0;
    if (env->journal)
        act(env, pod, sm_region_printf(env->scratch, "container %s started", container->spec->name));
    if (container->spec->role == CONTAINER_INIT) {
        sm_kubelet_container_exit(env, kubelet, pod, container, 0);
        return;
    }
    if (hosts_sidecar(kubelet, container)) {
        const char *hostname = sm_val_str_at(pod->object, "spec.hostname");
        const struct sm_sidecar_pod sidecar = {.name_space = pod->name_space,
                                               .name = pod->name,
                                               .hostname = hostname[0] ? hostname : pod->name,
                                               .subdomain = sm_val_str_at(pod->object, "spec.subdomain"),
                                               .ip = pod->ip,
                                               .volume = data_volume(env, kubelet, pod)};
        sm_sidecars_process_starts(env, kubelet->config->sidecars, &sidecar);
    }
    sm_kubelet_probes_start(env, kubelet, pod, container);
}

void sm_kubelet_container_exit(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod, struct container *container,
                               int exit_code) {
    container->state = CONTAINER_EXITED;
    container->due = 0;
    container->stopping = false;
    container->prior = container->last;
    container->last = (struct container_end){.exit_code = exit_code, .started = container->running_since, .finished = env->now};
    sm_kubelet_probes_stop(container);
    if (hosts_sidecar(kubelet, container))
        sm_sidecars_process_ends(env, kubelet->config->sidecars, pod->name_space, pod->name);
    if (env->journal)
        act(env, pod, sm_region_printf(env->scratch, "container %s exited with %d", container->spec->name, exit_code));
}

bool sm_kubelet_container_restarts(const struct kubelet_pod *pod, const struct container *container) {
    const char *policy = sm_val_str_at(pod->object, "spec.restartPolicy");
    if (pod->stop_by || container->spec->role == CONTAINER_INIT)
        return false;
    if (container->spec->role == CONTAINER_SIDECAR)
        return !pod->done;
    return strcmp(policy, "Never") != 0 && (strcmp(policy, "OnFailure") != 0 || container->last.exit_code != 0);
}

/* The first restart is at once; then 10 s, 20 s … 5 min, forgotten after ten quiet minutes. */
static void plan_restart(struct sm_env *env, struct container *container) {
    if (container->crashes > 0 && env->now - container->backoff_since > 2 * crash_backoff_max)
        container->crashes = 0;
    sm_time delay = 0;
    if (container->crashes > 0)
        delay = container->crashes > 5 ? crash_backoff_max : crash_backoff << (container->crashes - 1);
    container->crashes++;
    container->backoff_since = env->now;
    container->state = delay ? CONTAINER_CRASH_BACKOFF : CONTAINER_STARTING;
    container->due = env->now + (delay ? delay : container->spec->rule->start);
}

static bool image_is_there(const struct kubelet_pod *pod, const struct container *container) {
    for (size_t i = 0; i < pod->count; i++)
        if (pod->container[i].pulled && strcmp(pod->container[i].spec->image, container->spec->image) == 0)
            return true;
    return false;
}

static void pull(struct sm_env *env, const struct kubelet_pod *pod, struct container *container) {
    sm_time takes = image_is_there(pod, container) ? 0 : container->spec->rule->pull;
    container->state = takes < 0 ? CONTAINER_PULL_FAILED : CONTAINER_PULLING;
    container->due = env->now + (takes < 0 ? pull_backoff : takes);
    if (takes < 0 && env->journal)
        act(env, pod, sm_region_printf(env->scratch, "image %s cannot be pulled", container->spec->image));
}

/* Takes one step if one is due. */
static bool step(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod, struct container *container) {
    if (container->state == CONTAINER_IDLE) {
        pull(env, pod, container);
        return true;
    }
    if (container->state == CONTAINER_EXITED && sm_kubelet_container_restarts(pod, container)) {
        plan_restart(env, container);
        return true;
    }
    if (!container->due || container->due > env->now)
        return false;
    switch (container->state) {
    case CONTAINER_PULLING:
        container->pulled = true;
        container->state = CONTAINER_STARTING;
        container->due = env->now + (container->spec->role == CONTAINER_INIT ? 0 : container->spec->rule->start);
        break;
    case CONTAINER_PULL_FAILED:
        container->state = CONTAINER_PULL_BACKOFF;
        container->due = 0;
        break;
    case CONTAINER_CRASH_BACKOFF:
        container->state = CONTAINER_STARTING;
        container->due = env->now + container->spec->rule->start;
        break;
    case CONTAINER_STARTING:
        start_process(env, kubelet, pod, container);
        break;
    case CONTAINER_RUNNING:
        sm_kubelet_container_exit(env, kubelet, pod, container, container->spec->rule->exit_code);
        break;
    case CONTAINER_IDLE:
    case CONTAINER_PULL_BACKOFF:
    case CONTAINER_EXITED:
        container->due = 0;
        break;
    }
    return true;
}

/* --- All of a pod ------------------------------------------------------------------------------------------------------ */

bool sm_kubelet_containers_running(const struct kubelet_pod *pod) {
    for (size_t i = 0; i < pod->count; i++)
        if (pod->container[i].state == CONTAINER_RUNNING)
            return true;
    return false;
}

static bool initialize(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod) {
    for (size_t i = 0; i < pod->count && pod->container[i].spec->role != CONTAINER_MAIN; i++) {
        struct container *container = &pod->container[i];
        bool through = container->spec->role == CONTAINER_SIDECAR ? container->started : container->state == CONTAINER_EXITED;
        if (container->spec->role == CONTAINER_SIDECAR || !through)
            if (step(env, kubelet, pod, container))
                return true;
        if (!through)
            return false;
    }
    pod->initialized = true;
    return true;
}

static bool run(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod) {
    bool changed = false, all_started = true, all_done = true;
    for (size_t i = 0; i < pod->count; i++) {
        struct container *container = &pod->container[i];
        if (container->spec->role == CONTAINER_INIT)
            continue;
        changed |= step(env, kubelet, pod, container);
        if (container->spec->role != CONTAINER_MAIN)
            continue;
        all_started &= container->state == CONTAINER_RUNNING || container->last.finished != 0;
        all_done &= container->state == CONTAINER_EXITED && !sm_kubelet_container_restarts(pod, container);
    }
    pod->mains_started |= all_started;
    pod->done |= all_done;
    return changed || all_done;
}

static bool mains_running(const struct kubelet_pod *pod) {
    for (size_t i = 0; i < pod->count; i++)
        if (pod->container[i].spec->role == CONTAINER_MAIN && pod->container[i].state == CONTAINER_RUNNING)
            return true;
    return false;
}

/* SIGTERM to the main containers; when they are gone, to the sidecars; what is left when the grace is over is killed. */
static bool stop(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod) {
    bool mains = mains_running(pod), changed = false;
    for (size_t i = 0; i < pod->count; i++) {
        struct container *container = &pod->container[i];
        if (container->state == CONTAINER_CRASH_BACKOFF)
            container->state = CONTAINER_EXITED;
        if (container->state != CONTAINER_RUNNING) {
            container->due = 0;
            continue;
        }
        if (container->spec->role != CONTAINER_MAIN && mains && (!pod->stop_by || pod->stop_by > env->now))
            continue;
        if (!container->stopping) {
            sm_time grace = sm_val_int_at(pod->object, "spec.terminationGracePeriodSeconds", 30) * SM_SECOND;
            container->stopping = true;
            container->due = env->now + (container->spec->rule->stop < 0 ? grace : container->spec->rule->stop);
        }
        if (container->due > env->now && (!pod->stop_by || pod->stop_by > env->now))
            continue;
        sm_kubelet_container_exit(env, kubelet, pod, container,
                                  container->due > env->now || container->spec->rule->stop < 0 ? EXIT_KILLED : 0);
        changed = true;
    }
    pod->terminal = !sm_kubelet_containers_running(pod);
    return changed && !pod->terminal;
}

void sm_kubelet_containers_advance(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod) {
    bool changed = true;
    while (changed && !pod->terminal) {
        bool stopping = pod->stop_by || pod->done;
        for (size_t i = 0; i < pod->count && !stopping; i++)
            if (pod->container[i].state == CONTAINER_RUNNING && sm_kubelet_probes_advance(env, kubelet, pod, &pod->container[i]))
                sm_kubelet_container_exit(env, kubelet, pod, &pod->container[i], EXIT_KILLED);
        if (stopping)
            changed = stop(env, kubelet, pod);
        else
            changed = pod->initialized ? run(env, kubelet, pod) : initialize(env, kubelet, pod);
    }
}

void sm_kubelet_containers_kill(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod, int exit_code) {
    for (size_t i = 0; i < pod->count; i++)
        if (pod->container[i].state == CONTAINER_RUNNING)
            sm_kubelet_container_exit(env, kubelet, pod, &pod->container[i], exit_code);
}

sm_time sm_kubelet_containers_next(const struct kubelet_pod *pod) {
    bool stopping = pod->stop_by || pod->done;
    sm_time next = stopping && sm_kubelet_containers_running(pod) ? pod->stop_by : 0;
    for (size_t i = 0; i < pod->count && !pod->terminal; i++) {
        const struct container *container = &pod->container[i];
        if (!stopping || container->stopping)
            next = earlier(next, container->due);
        if (!stopping && container->state == CONTAINER_RUNNING)
            next = earlier(next, sm_kubelet_probes_next(container));
    }
    return next;
}
