/* What a pod's cells say: the STATUS of a pod is put together from its phase, its containers' states and its deletion. */
#include <string.h>

#include "age.h"
#include "meta.h"
#include "printer.h"

struct summary {
    const char *reason;
    int64_t restarts, ready, total;
    sm_time last_restart; /* 0: none */
};

static bool is_sidecar(sm_val pod, const char *name) {
    sm_val container;

    SM_EACH_ITEM(container, sm_val_at(pod, "spec.initContainers"))
        if (sm_val_is_text(sm_val_get(container, "name"), name))
            return strcmp(sm_val_str_at(container, "restartPolicy"), "Always") == 0;
    return false;
}

static bool condition_is(sm_val pod, const char *type, const char *status) {
    sm_val condition;

    SM_EACH_ITEM(condition, sm_val_at(pod, "status.conditions"))
        if (sm_val_is_text(sm_val_get(condition, "type"), type))
            return sm_val_is_text(sm_val_get(condition, "status"), status);
    return false;
}

static void note_restart(struct summary *s, sm_val status) {
    sm_time at;

    s->restarts += sm_val_int_at(status, "restartCount", 0);
    if (sm_clock_parse_rfc3339(sm_val_str_at(status, "lastState.terminated.finishedAt"), &at) && at > s->last_restart)
        s->last_restart = at;
}

/* `Signal:9`, `ExitCode:1`, where no reason was given. */
static const char *end_of(struct sm_region *r, const char *prefix, sm_val terminated) {
    const char *reason = sm_val_str_at(terminated, "reason");
    long long signal = sm_val_int_at(terminated, "signal", 0);

    if (*reason)
        return sm_region_printf(r, "%s%s", prefix, reason);
    return signal ? sm_region_printf(r, "%sSignal:%lld", prefix, signal)
                  : sm_region_printf(r, "%sExitCode:%lld", prefix, (long long)sm_val_int_at(terminated, "exitCode", 0));
}

/* True while the pod is still at its init containers. */
static bool initializing(struct sm_region *r, sm_val pod, struct summary *s) {
    sm_val statuses = sm_val_at(pod, "status.initContainerStatuses"), status;
    sm_time last = 0;

    SM_EACH_ITEM(status, statuses) {
        bool sidecar = is_sidecar(pod, sm_val_str_at(status, "name"));
        sm_val terminated = sm_val_at(status, "state.terminated");
        const char *waiting = sm_val_str_at(status, "state.waiting.reason");

        note_restart(s, status);
        if (sidecar)
            last = s->last_restart;
        if (terminated && sm_val_int_at(terminated, "exitCode", 0) == 0)
            continue;
        if (sidecar && sm_val_true_at(status, "started")) {
            s->ready += sm_val_true_at(status, "ready");
            continue;
        }
        if (terminated)
            s->reason = end_of(r, "Init:", terminated);
        else if (*waiting && strcmp(waiting, "PodInitializing") != 0)
            s->reason = sm_region_printf(r, "Init:%s", waiting);
        else
            s->reason = sm_region_printf(r, "Init:%zu/%zu", status_i, sm_val_count(sm_val_at(pod, "spec.initContainers")));
        return true;
    }
    s->last_restart = last;
    return false;
}

static void running(struct sm_region *r, sm_val pod, struct summary *s) {
    sm_val statuses = sm_val_at(pod, "status.containerStatuses");
    int64_t of_sidecars = 0;
    bool runs = false;
    sm_val init;

    SM_EACH_ITEM(init, sm_val_at(pod, "status.initContainerStatuses"))
        if (is_sidecar(pod, sm_val_str_at(init, "name")))
            of_sidecars += sm_val_int_at(init, "restartCount", 0);
    s->restarts = of_sidecars;
    for (size_t i = sm_val_count(statuses); i-- > 0;) {
        sm_val status = sm_val_item(statuses, i), terminated = sm_val_at(status, "state.terminated");
        const char *waiting = sm_val_str_at(status, "state.waiting.reason");

        note_restart(s, status);
        if (*waiting) {
            s->reason = waiting;
        } else if (terminated) {
            s->reason = end_of(r, "", terminated);
        } else if (sm_val_true_at(status, "ready") && sm_val_at(status, "state.running")) {
            runs = true;
            s->ready++;
        }
    }
    if (runs && strcmp(s->reason, "Completed") == 0)
        s->reason = condition_is(pod, "Ready", "True") ? "Running" : "NotReady";
}

static bool is_over(sm_val pod) {
    const char *phase = sm_val_str_at(pod, "status.phase");

    return strcmp(phase, "Succeeded") == 0 || strcmp(phase, "Failed") == 0;
}

static struct summary summarize(struct sm_region *r, sm_val pod) {
    const char *reason = sm_val_str_at(pod, "status.reason");
    struct summary s = {.reason = *reason ? reason : sm_val_str_at(pod, "status.phase"),
                        .total = (int64_t)sm_val_count(sm_val_at(pod, "spec.containers"))};
    sm_val container, condition;

    SM_EACH_ITEM(container, sm_val_at(pod, "spec.initContainers"))
        s.total += strcmp(sm_val_str_at(container, "restartPolicy"), "Always") == 0;
    SM_EACH_ITEM(condition, sm_val_at(pod, "status.conditions"))
        if (sm_val_is_text(sm_val_get(condition, "type"), "PodScheduled") &&
            sm_val_is_text(sm_val_get(condition, "reason"), "SchedulingGated"))
            s.reason = "SchedulingGated";
    if (!initializing(r, pod, &s) || condition_is(pod, "Initialized", "True"))
        running(r, pod, &s);
    if (sm_meta_deleting(pod) && strcmp(reason, "NodeLost") == 0)
        s.reason = "Unknown";
    else if (sm_meta_deleting(pod) && !is_over(pod))
        s.reason = "Terminating";
    return s;
}

sm_val sm_cell_pod_ready(const struct sm_printing *p, sm_val pod) {
    struct summary s = summarize(p->r, pod);

    return sm_val_strf(p->r, "%lld/%lld", (long long)s.ready, (long long)s.total);
}

sm_val sm_cell_pod_status(const struct sm_printing *p, sm_val pod) {
    return sm_val_str(p->r, summarize(p->r, pod).reason);
}

sm_val sm_cell_pod_restarts(const struct sm_printing *p, sm_val pod) {
    struct summary s = summarize(p->r, pod);

    if (s.restarts && s.last_restart)
        return sm_val_strf(p->r, "%lld (%s ago)", (long long)s.restarts, sm_age_text(p->r, p->now - s.last_restart));
    return sm_val_strf(p->r, "%lld", (long long)s.restarts);
}

/* How many of the gates are open. */
sm_val sm_cell_pod_gates(const struct sm_printing *p, sm_val pod) {
    sm_val gates = sm_val_at(pod, "spec.readinessGates"), gate;
    size_t open = 0;

    if (!sm_val_count(gates))
        return sm_val_str(p->r, "<none>");
    SM_EACH_ITEM(gate, gates)
        open += condition_is(pod, sm_val_str_at(gate, "conditionType"), "True");
    return sm_val_strf(p->r, "%zu/%zu", open, sm_val_count(gates));
}
