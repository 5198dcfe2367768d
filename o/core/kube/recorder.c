#include "recorder.h"

#include <string.h>

#include "meta.h"

enum { SIMILAR_MAX = 10, BURST = 25, TRIES_MAX = 12, REMEMBERED_MAX = 4096 };
static const sm_time similar_window = 600 * SM_SECOND, refill = 300 * SM_SECOND, retry_delay = 10 * SM_SECOND;
#define COMBINED "(combined from similar events): "

struct sm_recorded {
    sm_val about; /* involvedObject */
    const char *type, *reason, *message;
    const char *name; /* of the Event */
    sm_time time;
};

struct seen {
    int64_t count;
    const char *name;
    sm_time first;
};

struct similar {
    sm_pmap messages;
    sm_time last;
};

struct allowance {
    int64_t left;
    sm_time since; /* when [left] was right */
};

static void schedule(struct sm_env *env, struct sm_recorder *recorder, sm_time due);

void sm_recorder_init(struct sm_recorder *recorder, const struct sm_client *client, const struct sm_transport *transport,
                      const char *component) {
    *recorder = (struct sm_recorder){.client = client, .transport = transport, .component = component};
}

void sm_recorder_reset(struct sm_env *env, struct sm_recorder *recorder) {
    uint64_t token = recorder->token;

    if (recorder->pending)
        sm_env_cancel(env, recorder->pending);
    sm_recorder_init(recorder, recorder->client, recorder->transport, recorder->component);
    recorder->token = token;
}

bool sm_recorder_idle(const struct sm_recorder *recorder) {
    return !recorder->count && !recorder->in_flight && !recorder->pending;
}

static sm_pmap remember(struct sm_region *r, sm_pmap map, const char *key, const void *value) {
    return sm_pmap_set(r, sm_pmap_count(map) < REMEMBERED_MAX ? map : NULL, key, value);
}

static sm_val text_or_none(struct sm_region *r, const char *text) {
    return *text ? sm_val_str(r, text) : NULL;
}

static sm_val about(struct sm_region *r, const struct sm_resource *resource, sm_val object) {
    return SM_MAP(r, "apiVersion", sm_val_str(r, resource->api_version), "kind", sm_val_str(r, resource->kind), "name",
                  sm_val_str(r, sm_meta_name(object)), "namespace", text_or_none(r, sm_meta_namespace(object)), "uid",
                  text_or_none(r, sm_meta_uid(object)), "resourceVersion",
                  text_or_none(r, sm_val_text(sm_val_at(object, "metadata.resourceVersion"))));
}

void sm_recorder_add(struct sm_env *env, struct sm_recorder *recorder, const struct sm_resource *resource, sm_val object, const char *type,
                     const char *reason, const char *message) {
    struct sm_recorded *event;

    if (recorder->count == SM_RECORDER_EVENTS_MAX)
        return;
    recorder->last_stamp = env->now > recorder->last_stamp ? env->now : recorder->last_stamp + 1;
    event = sm_region_alloc(env->run, sizeof *event);
    *event = (struct sm_recorded){
        .about = about(env->run, resource, object),
        .type = type,
        .reason = sm_region_strdup(env->run, reason),
        .message = sm_region_strdup(env->run, message),
        .name = sm_region_printf(env->run, "%s.%llx", sm_meta_name(object), (unsigned long long)recorder->last_stamp),
        .time = env->now,
    };
    recorder->queue[(recorder->first + recorder->count++) % SM_RECORDER_EVENTS_MAX] = event;
    if (!recorder->pending && !recorder->in_flight)
        schedule(env, recorder, env->now);
}

/* --- The correlator ----------------------------------------------------------------------------------------------------- */

/* The object's part of every key. */
static const char *object_key(struct sm_env *env, const struct sm_recorded *event) {
    return sm_region_printf(env->scratch, "%s %s/%s %s", sm_val_str_at(event->about, "kind"), sm_val_str_at(event->about, "namespace"),
                            sm_val_str_at(event->about, "name"), sm_val_str_at(event->about, "uid"));
}

/* A token bucket an object. */
static bool spends_allowance(struct sm_env *env, struct sm_recorder *recorder, const char *object) {
    const struct allowance *before = sm_pmap_get(recorder->allowances, object);
    struct allowance *after = sm_region_alloc(env->run, sizeof *after);

    *after = before ? *before : (struct allowance){.left = BURST, .since = env->now};
    int64_t refilled = (env->now - after->since) / refill;
    after->since += refilled * refill;
    after->left = after->left + refilled < BURST ? after->left + refilled : BURST;
    bool allowed = after->left > 0;
    after->left -= allowed;
    recorder->allowances = remember(env->run, recorder->allowances, object, after);
    return allowed;
}

/* Whether ten events that differ in their message only came within the window, this one included. */
static bool is_one_of_many(struct sm_env *env, struct sm_recorder *recorder, const char *key, const struct sm_recorded *event) {
    const struct similar *before = sm_pmap_get(recorder->similar, key);
    struct similar *after = sm_region_alloc(env->run, sizeof *after);
    bool fresh = !before || env->now - before->last > similar_window;

    after->last = env->now;
    after->messages = fresh ? NULL : before->messages;
    bool many = sm_pmap_count(sm_pmap_set(env->run, after->messages, event->message, event)) >= SIMILAR_MAX;
    if (!many)
        after->messages = sm_pmap_set(env->run, after->messages, event->message, event);
    recorder->similar = remember(env->run, recorder->similar, key, after);
    return many;
}

static sm_val event_body(struct sm_env *env, const struct sm_recorder *recorder, const struct sm_recorded *event, const struct seen *seen,
                         const char *message, const char *name_space) {
    struct sm_region *r = env->run;
    sm_val component = sm_val_str(r, recorder->component);

    return SM_MAP(r, "apiVersion", sm_val_str(r, "v1"), "kind", sm_val_str(r, "Event"), "metadata",
                  SM_MAP(r, "name", sm_val_str(r, seen->name), "namespace", sm_val_str(r, name_space)), "involvedObject", event->about,
                  "reason", sm_val_str(r, event->reason), "message", text_or_none(r, message), "type", sm_val_str(r, event->type), "count",
                  sm_val_int(r, seen->count), "firstTimestamp", sm_val_str(r, sm_clock_rfc3339(r, seen->first)), "lastTimestamp",
                  sm_val_str(r, sm_clock_rfc3339(r, event->time)), "eventTime", SM_NULL, "source", SM_MAP(r, "component", component),
                  "reportingComponent", component, "reportingInstance", SM_EMPTY_STRING);
}

/* What to send for [event], or NULL if it is one too many; leaves in [recorder] what a POST of it carries. */
static const struct sm_request *correlate(struct sm_env *env, struct sm_recorder *recorder, const struct sm_recorded *event) {
    const char *own = sm_val_str_at(event->about, "namespace"), *name_space = *own ? own : "default";
    const char *object = object_key(env, event);
    const char *key = sm_region_printf(env->scratch, "%s %s %s", object, event->type, event->reason);
    bool many = is_one_of_many(env, recorder, key, event);
    const char *message = many ? sm_region_printf(env->run, COMBINED "%s", event->message) : event->message;
    struct seen *seen = sm_region_alloc(env->run, sizeof *seen);

    if (!many)
        key = sm_region_printf(env->scratch, "%s %s", key, event->message);
    const struct seen *before = sm_pmap_get(recorder->seen, key);
    *seen = before ? *before : (struct seen){.name = event->name, .first = event->time};
    seen->count++;
    recorder->seen = remember(env->run, recorder->seen, key, seen);
    if (!spends_allowance(env, recorder, object))
        return NULL;

    recorder->body = event_body(env, recorder, event, seen, message, name_space);
    struct sm_request request = {
        .client = recorder->client, .resource = SM_EVENTS, .subresource = "", .name_space = name_space, .name = "", .body = recorder->body};
    request.verb = before ? SM_PATCH : SM_CREATE;
    if (before) {
        request.patch = SM_PATCH_STRATEGIC;
        request.name = seen->name;
        request.body = SM_MAP(env->run, "count", sm_val_get(recorder->body, "count"), "lastTimestamp",
                              sm_val_get(recorder->body, "lastTimestamp"), "message", sm_val_get(recorder->body, "message"));
    }
    return sm_request_copy(env->run, &request, env->run);
}

/* --- Posting ------------------------------------------------------------------------------------------------------------ */

static void work(struct sm_env *env, struct sm_recorder *recorder);

static void answered(struct sm_env *env, void *self, uint64_t token, const void *data) {
    struct sm_recorder *recorder = self;
    const struct sm_reply *reply = data;

    if (!recorder->in_flight || token != recorder->token)
        return;
    recorder->in_flight = false;
    if (reply->code == 0 && ++recorder->tries < TRIES_MAX) {
        schedule(env, recorder, env->now + retry_delay);
        return;
    }
    if (recorder->request->verb == SM_PATCH && sm_reply_is(reply, "NotFound")) {
        struct sm_request *again = sm_region_alloc(env->run, sizeof *again);

        *again = *recorder->request;
        again->verb = SM_CREATE;
        again->patch = SM_PATCH_NONE;
        again->name = "";
        again->body = recorder->body;
        recorder->request = again;
    } else {
        recorder->request = NULL;
    }
    work(env, recorder);
}

static void work(struct sm_env *env, struct sm_recorder *recorder) {
    while (!recorder->request && recorder->count) {
        const struct sm_recorded *event = recorder->queue[recorder->first];

        recorder->first = (recorder->first + 1) % SM_RECORDER_EVENTS_MAX;
        recorder->count--;
        recorder->tries = 0;
        recorder->request = correlate(env, recorder, event);
    }
    if (!recorder->request)
        return;
    recorder->in_flight = true;
    recorder->token++;
    recorder->transport->send(env, recorder->transport->self, recorder->request,
                              (struct sm_answer_to){.self = recorder, .fire = answered, .token = recorder->token});
}

static void fire(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    struct sm_recorder *recorder = self;
    (void)arg;
    (void)data;

    recorder->pending = 0;
    work(env, recorder);
}

static void schedule(struct sm_env *env, struct sm_recorder *recorder, sm_time due) {
    recorder->pending =
        sm_env_at(env, &(struct sm_event){.due = due, .self = recorder, .fire = fire, .actor = recorder->client->name, .what = "record"});
}
