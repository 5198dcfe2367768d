/* Processes of sidecars and their HTTP API. */
#include "sidecar.h"

#include <string.h>

#include "bug.h"
#include "sidecar_store.h"
#include "uuid.h"

struct process {
    struct sm_sidecar_pod pod; /* name NULL: free. Stays when the process ends: its address is known from then on */
    bool listens;
    bool ready;     /* the gate: a mark-ready was executed by this process */
    int health;     /* what it answers to healthz whatever the gate; 0: as usual */
    uint64_t timer; /* of the next task to end; 0: none */
};

struct sm_sidecars {
    const struct sm_sidecars_config *config;
    void (*changed)(struct sm_env *env, void *arg, const char *name_space, const char *pod);
    void *changed_arg;
    struct process process[SM_SIDECAR_PROCESSES_MAX];
    struct sm_sidecar_store store;
    uint32_t failed[SM_SIDECAR_RULES_MAX]; /* runs that failed, by rule */
};

struct sm_sidecars *sm_sidecars_new(struct sm_env *env, const struct sm_sidecars_config *config) {
    struct sm_sidecars *sidecars = sm_env_state(env, sizeof *sidecars, "sidecars");
    sidecars->config = config;
    return sidecars;
}

void sm_sidecars_observe(struct sm_sidecars *sidecars,
                         void (*changed)(struct sm_env *env, void *arg, const char *name_space, const char *pod), void *arg) {
    sidecars->changed = changed;
    sidecars->changed_arg = arg;
}

static void tell(struct sm_env *env, struct sm_sidecars *sidecars, const struct process *process) {
    if (sidecars->changed)
        sidecars->changed(env, sidecars->changed_arg, process->pod.name_space, process->pod.name);
}

static struct process *find(struct sm_sidecars *sidecars, const char *name_space, const char *pod) {
    for (size_t i = 0; i < SM_SIDECAR_PROCESSES_MAX; i++) {
        struct process *process = &sidecars->process[i];
        if (process->pod.name && strcmp(process->pod.name, pod) == 0 && strcmp(process->pod.name_space, name_space) == 0)
            return process;
    }
    return NULL;
}

/* --- Running tasks -------------------------------------------------------------------------------------------------- */

/* The first rule that matches; the last one, which ends the list, is the usual case. */
static const struct sm_sidecar_rule *rule_for(const struct sm_sidecars *sidecars, const char *type, const char *pod) {
    const struct sm_sidecar_rule *rule = sidecars->config->rules;
    while (rule->takes >= 0 && ((rule->type && strcmp(rule->type, type) != 0) || (rule->node && strcmp(rule->node, pod) != 0)))
        rule++;
    return rule;
}

static void end_task(struct sm_env *env, struct sm_sidecars *sidecars, struct process *process, struct sm_sidecar_task *task) {
    task->status = task->error ? SM_SIDECAR_FAILED : SM_SIDECAR_COMPLETED;
    task->completed = env->now;
    if (!task->error && strcmp(task->type, "mark-ready") == 0) {
        process->ready = true;
        tell(env, sidecars, process);
    }
}

static void fire(struct sm_env *env, void *self, uint64_t arg, const void *data);

/* One timer a process, for the task that ends next. */
static void set_timer(struct sm_env *env, struct sm_sidecars *sidecars, struct process *process) {
    struct sm_sidecar_task *task = process->listens ? sm_sidecar_task_next(&sidecars->store, process->pod.volume) : NULL;
    if (process->timer)
        sm_env_cancel(env, process->timer);
    process->timer = 0;
    if (task)
        process->timer = sm_env_at(env, &(struct sm_event){.due = task->due,
                                                           .self = sidecars,
                                                           .fire = fire,
                                                           .arg = (uint64_t)(process - sidecars->process),
                                                           .actor = "sidecar",
                                                           .what = "task",
                                                           .object = process->pod.name});
}

static void fire(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    struct sm_sidecars *sidecars = self;
    struct process *process = &sidecars->process[arg];
    struct sm_sidecar_task *task;
    (void)data;
    process->timer = 0;
    while ((task = sm_sidecar_task_next(&sidecars->store, process->pod.volume)) != NULL && task->due <= env->now)
        end_task(env, sidecars, process, task);
    set_timer(env, sidecars, process);
}

static void execute(struct sm_env *env, struct sm_sidecars *sidecars, struct process *process, struct sm_sidecar_task *task) {
    const struct sm_sidecar_rule *rule = rule_for(sidecars, task->type, process->pod.name);
    size_t i = (size_t)(rule - sidecars->config->rules);
    SM_ASSERT(i < SM_SIDECAR_RULES_MAX);
    bool fails = rule->error && (rule->failures == 0 || sidecars->failed[i] < rule->failures);
    sidecars->failed[i] += fails;
    task->status = SM_SIDECAR_RUNNING;
    task->error = fails ? rule->error : NULL;
    task->due = env->now + (rule->takes > 0 ? rule->takes : 0);
    if (rule->takes <= 0)
        end_task(env, sidecars, process, task);
}

/* --- Processes ------------------------------------------------------------------------------------------------------ */

/* The slot of a pod, or the first free one, or that of a process which is gone. */
static struct process *slot_for(struct sm_sidecars *sidecars, const char *name_space, const char *pod) {
    struct process *known = find(sidecars, name_space, pod), *gone = NULL;
    if (known)
        return known;
    for (size_t i = 0; i < SM_SIDECAR_PROCESSES_MAX; i++) {
        if (!sidecars->process[i].pod.name)
            return &sidecars->process[i];
        if (!sidecars->process[i].listens && !gone)
            gone = &sidecars->process[i];
    }
    if (!gone)
        sm_bug("more than %d sidecars run", SM_SIDECAR_PROCESSES_MAX);
    return gone;
}

void sm_sidecars_process_starts(struct sm_env *env, struct sm_sidecars *sidecars, const struct sm_sidecar_pod *pod) {
    struct process *process = slot_for(sidecars, pod->name_space, pod->name);
    SM_ASSERT(!process->listens);
    *process = (struct process){.pod = *pod, .listens = true};
    for (size_t i = 0; i < SM_SIDECAR_TASKS_MAX; i++) {
        struct sm_sidecar_task *task = &sidecars->store.task[i];
        if (task->volume && task->status == SM_SIDECAR_RUNNING && strcmp(task->volume, pod->volume) == 0)
            execute(env, sidecars, process, task);
    }
    set_timer(env, sidecars, process);
    tell(env, sidecars, process);
}

void sm_sidecars_process_ends(struct sm_env *env, struct sm_sidecars *sidecars, const char *name_space, const char *pod) {
    struct process *process = find(sidecars, name_space, pod);
    if (!process || !process->listens)
        return;
    process->listens = process->ready = false;
    process->health = 0;
    set_timer(env, sidecars, process);
    tell(env, sidecars, process);
}

int sm_sidecars_health(struct sm_env *env, struct sm_sidecars *sidecars, const char *name_space, const char *pod, const char *path) {
    const struct process *process = find(sidecars, name_space, pod);
    (void)env;
    if (!process || !process->listens)
        return 0;
    if (strcmp(path, "/v0/healthz") != 0)
        return process->health < 0 ? -1 : 200;
    return process->health ? process->health : process->ready ? 200 : 503;
}

void sm_sidecars_set_health(struct sm_env *env, struct sm_sidecars *sidecars, const char *name_space, const char *pod, int code) {
    struct process *process = find(sidecars, name_space, pod);
    if (!process || !process->listens || process->health == code)
        return;
    process->health = code;
    tell(env, sidecars, process);
}

/* --- The HTTP API --------------------------------------------------------------------------------------------------- */

static struct sm_reply answer(int code, sm_val body) {
    return (struct sm_reply){.code = code, .body = body};
}

static struct sm_reply refuse(struct sm_region *r, int code, const char *text) {
    return answer(code, SM_MAP(r, "error", sm_val_str(r, text)));
}

static struct sm_reply post_task(struct sm_env *env, struct sm_sidecars *sidecars, struct process *process, sm_val body) {
    struct sm_region *r = env->run;
    const char *type = sm_val_str_at(body, "type"), *id = sm_val_str_at(body, "id");
    char made[SM_UUID_BYTES];
    if (!sm_val_is_map(body))
        return refuse(r, 400, "invalid request body");
    if (type[0] == '\0')
        return refuse(r, 400, "type is required");
    if (!sm_sidecar_task_type_known(type))
        return refuse(r, 400, sm_region_printf(r, "unknown task type: %s", type));
    if (id[0] == '\0') {
        sm_uuid_v4(made, &env->random);
        id = made;
    } else if (!sm_uuid_valid(id)) {
        return refuse(r, 400, sm_region_printf(r, "task ID must be a valid UUID: \"%s\"", id));
    }

    struct sm_sidecar_task *task = sm_sidecar_task_find(&sidecars->store, process->pod.volume, id);
    if (!task)
        task = sm_sidecar_task_add(env, &sidecars->store, process->pod.volume, id, type, sm_val_get(body, "params"));
    if (task->run == 0 || task->status == SM_SIDECAR_FAILED) {
        task->run++;
        execute(env, sidecars, process, task);
        set_timer(env, sidecars, process);
    }
    return answer(201, SM_MAP(r, "id", sm_val_str(r, task->id)));
}

static struct sm_reply get_task(struct sm_env *env, struct sm_sidecars *sidecars, const struct process *process, const char *id) {
    const struct sm_sidecar_task *task = sm_sidecar_task_find(&sidecars->store, process->pod.volume, id);
    return task ? answer(200, sm_sidecar_task_object(env->run, task)) : refuse(env->run, 404, "task not found");
}

/* `fn-1-0.fn-1.default.svc.cluster.local:7777`. A pod that has ended may have had the same name in DNS as one that listens. */
static struct process *process_at(struct sm_sidecars *sidecars, const char *host) {
    struct process *found = NULL;
    for (size_t i = 0; i < SM_SIDECAR_PROCESSES_MAX; i++) {
        const struct sm_sidecar_pod *pod = &sidecars->process[i].pod;
        const char *const part[] = {pod->hostname, pod->subdomain, pod->name_space};
        const char *at = host;
        for (size_t p = 0; at && pod->name && p < 3; p++) {
            size_t bytes = strlen(part[p]);
            at = strncmp(at, part[p], bytes) == 0 && at[bytes] == '.' ? at + bytes + 1 : NULL;
        }
        if (at && at != host && strncmp(at, "svc", 3) == 0 && (!found || sidecars->process[i].listens))
            found = &sidecars->process[i];
    }
    return found;
}

static struct sm_reply unreachable(struct sm_region *r, const struct process *process, const char *host) {
    const char *colon = strchr(host, ':');
    int name_bytes = colon ? (int)(colon - host) : (int)strlen(host);
    if (!process)
        return answer(0, sm_val_strf(r, "dial tcp: lookup %.*s on 10.96.0.10:53: no such host", name_bytes, host));
    return answer(0, sm_val_strf(r, "dial tcp %s%s: connect: connection refused", process->pod.ip, colon ? colon : ""));
}

struct sm_reply sm_sidecars_call(struct sm_env *env, struct sm_sidecars *sidecars, const struct sm_service_call *call) {
    static const char tasks[] = "/v0/tasks";
    struct process *process = process_at(sidecars, call->host);
    bool get = strcmp(call->method, "GET") == 0, post = strcmp(call->method, "POST") == 0;
    if (!process || !process->listens)
        return unreachable(env->run, process, call->host);
    if (process->health < 0)
        return answer(-1, SM_NULL);
    if (get && (strcmp(call->path, "/v0/healthz") == 0 || strcmp(call->path, "/v0/livez") == 0))
        return answer(sm_sidecars_health(env, sidecars, process->pod.name_space, process->pod.name, call->path), SM_NULL);
    if (get && strcmp(call->path, "/v0/status") == 0)
        return answer(200, SM_MAP(env->run, "status", sm_val_str(env->run, process->ready ? "Ready" : "Initializing")));
    if (post && strcmp(call->path, tasks) == 0)
        return post_task(env, sidecars, process, call->body);
    if (get && strncmp(call->path, tasks, sizeof tasks - 1) == 0 && call->path[sizeof tasks - 1] == '/')
        return get_task(env, sidecars, process, call->path + sizeof tasks);
    return refuse(env->run, 404, "not found");
}

void sm_sidecars_hash(const struct sm_sidecars *sidecars, struct sm_hash *hash, sm_time now) {
    for (size_t i = 0; i < SM_SIDECAR_PROCESSES_MAX; i++) {
        const struct process *process = &sidecars->process[i];
        if (!process->listens)
            continue;
        sm_hash_text(hash, process->pod.name_space);
        sm_hash_text(hash, process->pod.name);
        sm_hash_u64(hash, process->ready);
        sm_hash_u64(hash, (uint64_t)(int64_t)process->health);
    }
    sm_sidecar_store_hash(&sidecars->store, hash, now);
}
