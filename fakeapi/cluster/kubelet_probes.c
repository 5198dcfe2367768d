/* Probes without polling. What a probe's target answers is known, with the moment it changed; the answer counts at the tick at
 * which a prober that asks every period would have seen it as often as the threshold asks:
 *
 *      first ──┬──────┬──────┬──────┬──  ticks, a period apart
 *                 ▲changed   └ counts, for a threshold of 2
 */
#include <string.h>

#include "kubelet_internal.h"

static const char *const fields[PROBE_COUNT] = {"startupProbe", "livenessProbe", "readinessProbe"};

static bool is_sidecar_port(sm_val port, int64_t sidecar_port) {
    return sidecar_port > 0 && ((sm_val_is_int(port) && port->integer == sidecar_port) || sm_val_is_text(port, "sidecar"));
}

void sm_kubelet_probes_init(const struct sm_kubelet_config *config, struct container_spec *container, sm_val spec, int64_t sidecar_port) {
    for (int kind = 0; kind < PROBE_COUNT; kind++) {
        sm_val v = sm_val_get(spec, fields[kind]);
        container->probe[kind] = (struct probe_spec){
            .given = v != NULL,
            .asks_sidecar = is_sidecar_port(sm_val_at(v, "httpGet.port"), sidecar_port),
            .path = sm_val_str_at(v, "httpGet.path"),
            .delay = sm_val_int_at(v, "initialDelaySeconds", 0) * SM_SECOND,
            .period = sm_val_int_at(v, "periodSeconds", 10) * SM_SECOND,
            .failures_max = sm_val_int_at(v, "failureThreshold", 3),
            .successes_min = sm_val_int_at(v, "successThreshold", 1),
        };
        if (config->probe_period <= 0)
            continue;
        container->probe[kind].delay = 0;
        container->probe[kind].period = config->probe_period;
        if (kind == PROBE_READINESS)
            container->probe[kind].failures_max = container->probe[kind].successes_min = 1;
    }
}

static bool sidecar_answers(struct sm_env *env, struct sm_kubelet *kubelet, const struct kubelet_pod *pod, const struct probe_spec *probe) {
    int code = sm_sidecars_health(env, kubelet->config->sidecars, pod->name_space, pod->name, probe->path);
    return code >= 200 && code < 400;
}

/* [kind] asks from [first] on. */
static void begin_probe(struct sm_env *env, struct sm_kubelet *kubelet, const struct kubelet_pod *pod, struct container *container,
                        int kind) {
    const struct probe_spec *spec = &container->spec->probe[kind];
    struct probe *probe = &container->probe[kind];
    if (!spec->given)
        return;
    probe->first = container->running_since + spec->delay;
    if (probe->first < env->now)
        probe->first = env->now;
    probe->answer = !spec->asks_sidecar || sidecar_answers(env, kubelet, pod, spec);
    probe->changed = env->now;
    probe->result = kind == PROBE_LIVENESS;
}

/* The startup probe is through, or there is none: the others begin. */
static void begin(struct sm_env *env, struct sm_kubelet *kubelet, const struct kubelet_pod *pod, struct container *container) {
    const struct probe_spec *spec = &container->spec->probe[PROBE_READINESS];
    struct probe *readiness = &container->probe[PROBE_READINESS];
    container->started = true;
    container->probe[PROBE_STARTUP].first = 0;
    begin_probe(env, kubelet, pod, container, PROBE_LIVENESS);
    begin_probe(env, kubelet, pod, container, PROBE_READINESS);
    container->ready = !spec->given;
    if (!spec->given || spec->asks_sidecar)
        return;
    sm_time takes = container->spec->rule->ready;
    readiness->answer = container->ready_forced ? container->forced_ready : takes >= 0;
    readiness->changed = env->now + (!container->ready_forced && takes > 0 ? takes : 0);
}

void sm_kubelet_probes_start(struct sm_env *env, struct sm_kubelet *kubelet, const struct kubelet_pod *pod, struct container *container) {
    if (container->spec->probe[PROBE_STARTUP].given)
        begin_probe(env, kubelet, pod, container, PROBE_STARTUP);
    else
        begin(env, kubelet, pod, container);
}

void sm_kubelet_probes_stop(struct container *container) {
    for (int kind = 0; kind < PROBE_COUNT; kind++)
        container->probe[kind].first = 0;
    container->started = container->ready = false;
}

/* When the present answer counts; 0: it does already. A startup probe that fails has not counted before it is through. */
static sm_time counts_at(const struct container *container, int kind) {
    const struct probe_spec *spec = &container->spec->probe[kind];
    const struct probe *probe = &container->probe[kind];
    if (!probe->first || (probe->answer == probe->result && kind != PROBE_STARTUP))
        return 0;
    sm_time from = probe->changed > probe->first ? probe->changed - probe->first : 0;
    int64_t ticks = (from + spec->period - 1) / spec->period + (probe->answer ? spec->successes_min : spec->failures_max) - 1;
    return probe->first + ticks * spec->period;
}

bool sm_kubelet_probes_advance(struct sm_env *env, struct sm_kubelet *kubelet, const struct kubelet_pod *pod, struct container *container) {
    for (int kind = 0; kind < PROBE_COUNT; kind++) {
        struct probe *probe = &container->probe[kind];
        sm_time due = counts_at(container, kind);
        if (!due || due > env->now)
            continue;
        if (!probe->answer && kind != PROBE_READINESS)
            return true;
        probe->result = probe->answer;
        if (kind == PROBE_STARTUP)
            begin(env, kubelet, pod, container);
        else if (kind == PROBE_READINESS)
            container->ready = probe->result;
    }
    return false;
}

static void set_answer(struct sm_env *env, struct probe *probe, bool answer) {
    if (!probe->first || probe->answer == answer)
        return;
    probe->answer = answer;
    probe->changed = env->now;
}

void sm_kubelet_probes_sidecar_changed(struct sm_env *env, struct sm_kubelet *kubelet, struct kubelet_pod *pod) {
    for (size_t i = 0; i < pod->count; i++)
        for (int kind = 0; kind < PROBE_COUNT; kind++) {
            const struct probe_spec *spec = &pod->container[i].spec->probe[kind];
            if (spec->asks_sidecar)
                set_answer(env, &pod->container[i].probe[kind], sidecar_answers(env, kubelet, pod, spec));
        }
}

void sm_kubelet_probes_force_ready(struct sm_env *env, struct container *container, bool ready) {
    struct probe *readiness = &container->probe[PROBE_READINESS];
    container->ready_forced = true;
    container->forced_ready = ready;
    if (container->spec->probe[PROBE_READINESS].asks_sidecar)
        return;
    if (readiness->changed > env->now && readiness->answer) /* it would have become ready later */
        readiness->answer = false;
    set_answer(env, readiness, ready);
}

sm_time sm_kubelet_probes_next(const struct container *container) {
    sm_time next = 0;
    for (int kind = 0; kind < PROBE_COUNT; kind++)
        next = earlier(next, counts_at(container, kind));
    return next;
}
