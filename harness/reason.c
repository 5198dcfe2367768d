#include "reason.h"

#include <string.h>

#include "meta.h"
#include "str.h"

/* --- Nodes -------------------------------------------------------------------------------------------------------------------- */

struct search {
    bool (*is)(sm_val node);
    sm_val found;
};

static bool visit(void *arg, const char *key, const void *value) {
    struct search *search = arg;
    (void)key;

    if (search->is(value))
        search->found = value;
    return !search->found;
}

static sm_val find_node(const struct sm_world *world, bool (*is)(sm_val node)) {
    const struct sm_log *log = sm_server_log(world->env, world->server, SM_SEINODES);
    struct search search = {.is = is};

    if (log)
        sm_pmap_each(log->root, "", visit, &search);
    return search.found;
}

static bool is_active(sm_val node) {
    return strcmp(sm_val_str_at(node, "status.plan.phase"), "Active") == 0;
}

static bool is_failed(sm_val node) {
    return strcmp(sm_val_str_at(node, "status.plan.phase"), "Failed") == 0 || strcmp(sm_val_str_at(node, "status.phase"), "Failed") == 0;
}

bool sm_reason_plan_active(const struct sm_world *world) {
    return find_node(world, is_active) != NULL;
}

/* --- What a task waits for ------------------------------------------------------------------------------------------------------ */

static void say_pod(struct sm_str *out, const struct sm_world *world, sm_val node) {
    const char *name = sm_region_printf(out->region, "%s-0", sm_meta_name(node));
    sm_val pod = sm_server_peek(world->server, SM_PODS, sm_meta_namespace(node), name);
    sm_val conditions = sm_val_at(pod, "status.conditions");

    if (!pod)
        sm_str_addf(out, "; there is no pod %s", name);
    else
        sm_str_addf(out, "; pod %s is at revision %s, %s%s", name, sm_meta_label(pod, "controller-revision-hash"),
                    sm_condition_is(conditions, "Ready", "True") ? "ready" : "not ready", sm_meta_deleting(pod) ? ", terminating" : "");
}

static void say_set(struct sm_str *out, const struct sm_world *world, sm_val node) {
    sm_val set = sm_server_peek(world->server, SM_STATEFULSETS, sm_meta_namespace(node), sm_meta_name(node));
    sm_val status = sm_val_get(set, "status");

    if (!set) {
        sm_str_addf(out, "there is no statefulset %s", sm_meta_name(node));
        return;
    }
    sm_str_addf(out, "statefulset %s has updatedReplicas %lld of %lld, currentRevision %s, updateRevision %s", sm_meta_name(node),
                (long long)sm_val_int_at(status, "updatedReplicas", 0), (long long)sm_val_int_at(set, "spec.replicas", 1),
                sm_val_str_at(status, "currentRevision"), sm_val_str_at(status, "updateRevision"));
    if (sm_val_int_at(status, "observedGeneration", 0) < sm_meta_generation(set))
        sm_str_addf(out, ", observedGeneration %lld of %lld", (long long)sm_val_int_at(status, "observedGeneration", 0),
                    (long long)sm_meta_generation(set));
    say_pod(out, world, node);
}

static void say_sidecar(struct sm_str *out, const struct sm_world *world, sm_val node) {
    sm_str_addf(out, "the sidecar of %s-0 must answer", sm_meta_name(node));
    say_pod(out, world, node);
}

static void say_claim(struct sm_str *out, const struct sm_world *world, sm_val node) {
    const char *import = sm_val_str_at(node, "spec.dataVolume.import.pvcName");
    const char *name = import[0] ? import : sm_region_printf(out->region, "data-%s", sm_meta_name(node));
    sm_val claim = sm_server_peek(world->server, SM_PVCS, sm_meta_namespace(node), name);

    if (claim)
        sm_str_addf(out, "persistentvolumeclaim %s is %s", name, sm_val_str_at(claim, "status.phase"));
    else
        sm_str_addf(out, "there is no persistentvolumeclaim %s", name);
}

static const struct {
    const char *task; /* NULL: all others, which are the sidecar's */
    void (*say)(struct sm_str *out, const struct sm_world *world, sm_val node);
} waits[] = {
    {"apply-statefulset", say_set}, {"apply-service", say_set},   {"replace-pod", say_set},
    {"observe-image", say_set},     {"ensure-data-pvc", say_claim}, {NULL, say_sidecar},
};

static sm_val current_task(sm_val node) {
    sm_val task;

    SM_EACH_ITEM(task, sm_val_at(node, "status.plan.tasks"))
        if (strcmp(sm_val_str_at(task, "status"), "Complete") != 0)
            return task;
    return NULL;
}

static void say_last_error(struct sm_str *out, const struct sm_world *world) {
    if (world->memory->last_error_code && world->memory->last_error)
        sm_str_addf(out, "; the controller's last answer was an error: %s", world->memory->last_error);
}

const char *sm_reason_stuck(const struct sm_world *world, struct sm_region *r) {
    sm_val node = find_node(world, is_active), task = current_task(node);
    struct sm_str out;
    size_t i = 0;

    if (!node)
        return NULL;
    sm_str_init(&out, r);
    if (!task) {
        sm_str_addf(&out, "the plan of seinode %s/%s is active, and no task of it is left", sm_meta_namespace(node), sm_meta_name(node));
        return out.data;
    }
    const char *type = sm_val_str_at(task, "type");
    sm_str_addf(&out, "task %s of seinode %s/%s waits: ", type, sm_meta_namespace(node), sm_meta_name(node));
    while (waits[i].task && strcmp(waits[i].task, type) != 0)
        i++;
    waits[i].say(&out, world, node);
    say_last_error(&out, world);
    return out.data;
}

const char *sm_reason_failed(const struct sm_world *world, struct sm_region *r) {
    sm_val node = find_node(world, is_failed);
    sm_val detail = sm_val_at(node, "status.plan.failedTaskDetail");

    if (!node)
        return NULL;
    return sm_region_printf(r, "seinode %s/%s is %s%s: task %s: %s", sm_meta_namespace(node), sm_meta_name(node),
                            sm_val_str_at(node, "status.phase"),
                            strcmp(sm_val_str_at(node, "status.phase"), "Failed") == 0 ? "" : ", its plan Failed",
                            sm_val_str_at(detail, "type"), sm_val_str_at(detail, "error"));
}

/* --- Cycles ------------------------------------------------------------------------------------------------------------------------- */

enum { CYCLE_OBJECTS_MAX = 6 };

const char *sm_reason_cycle(const struct sm_world *world, struct sm_region *r, int64_t version) {
    const struct sm_kind_info *kind;
    struct sm_str out;
    size_t objects = 0;

    sm_str_init(&out, r);
    for (size_t k = 0; (kind = sm_server_kind_at(world->server, k)) != NULL; k++) {
        const struct sm_log *log = sm_server_log(world->env, world->server, kind->resource);
        if (!log || kind->resource == SM_EVENTS || kind->resource == SM_LEASES)
            continue;
        uint32_t first = log->count;
        while (first > log->first && log->entries[first - 1].version > version)
            first--;
        for (uint32_t i = first; i < log->count; i++) { /* each key once, at its first entry */
            uint32_t times = 0, earlier = first;
            while (earlier < i && strcmp(log->entries[earlier].key, log->entries[i].key) != 0)
                earlier++;
            if (earlier < i)
                continue;
            for (uint32_t j = i; j < log->count; j++)
                times += strcmp(log->entries[j].key, log->entries[i].key) == 0;
            if (objects++ < CYCLE_OBJECTS_MAX)
                sm_str_addf(&out, "%s%s %s %u times", objects > 1 ? ", " : "", kind->resource->plural, log->entries[i].key, times);
        }
    }
    if (objects > CYCLE_OBJECTS_MAX)
        sm_str_addf(&out, " and %zu more", objects - CYCLE_OBJECTS_MAX);
    return out.data;
}
