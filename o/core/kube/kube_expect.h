/* For tests of this folder: a world with a server that is just enough. Include after cmocka's headers.
 *
 * It keeps what it is sent without looking at it, knows get, create, update, merge patch and delete, and answers a request
 * in two events, each after half of [latency].
 */
#ifndef SM_KUBE_EXPECT_H
#define SM_KUBE_EXPECT_H

#include <stdio.h>

#include "bug.h"
#include "json.h"
#include "log.h"
#include "meta.h"
#include "service.h"
#include "status.h"

enum { FAKE_LOGS_MAX = 4, FAKE_SENT_MAX = 64 };

struct fake {
    struct sm_transport transport;
    struct sm_log log[FAKE_LOGS_MAX];
    int64_t version;
    sm_time latency;
    const struct sm_resource *unknown;   /* the server does not serve it */
    const struct sm_resource *forbidden; /* nobody may watch it */
    int fail;                            /* answer the next write with this code; -1: the connection is lost */
    const struct sm_request *sent[FAKE_SENT_MAX];
    const struct sm_service_call *called;
    unsigned sent_count, called_count;
    void (*changed)(struct sm_env *env, void *arg, const struct sm_resource *resource);
    void (*at_send)(struct sm_env *env, void *arg);
    void *arg;
};

struct fake_flight {
    struct fake *fake;
    const struct sm_request *request;
    struct sm_answer_to to;
    struct sm_reply reply;
};

static inline struct sm_log *fake_log(struct fake *fake, const struct sm_resource *resource) {
    for (int i = 0; i < FAKE_LOGS_MAX; i++) {
        if (!fake->log[i].resource)
            fake->log[i].resource = resource;
        if (fake->log[i].resource == resource)
            return &fake->log[i];
    }
    fail_msg("more than %d kinds", FAKE_LOGS_MAX);
    return NULL;
}

static inline sm_val fake_get(struct fake *fake, const struct sm_resource *resource, const char *key) {
    return sm_pmap_get(fake_log(fake, resource)->root, key);
}

/* Stores [object], NULL to delete, under the next version. */
static inline sm_val fake_store(struct sm_env *env, struct fake *fake, const struct sm_resource *resource, const char *key, sm_val object) {
    struct sm_log *log = fake_log(fake, resource);
    sm_val before = sm_pmap_get(log->root, key);
    sm_val version = sm_val_strf(env->run, "%lld", (long long)++fake->version);
    struct sm_log_entry entry = {.version = fake->version,
                                 .time = env->now,
                                 .key = sm_region_strdup(env->run, key),
                                 .before = before,
                                 .change = !object ? SM_DELETED : before ? SM_MODIFIED : SM_ADDED};

    entry.object = sm_val_set_at(env->run, object ? object : before, "metadata.resourceVersion", version);
    entry.root = object ? sm_pmap_set(env->run, log->root, key, entry.object) : sm_pmap_remove(env->run, log->root, key);
    sm_log_append(env->run, log, &entry);
    if (fake->changed)
        fake->changed(env, fake->arg, resource);
    return entry.object;
}

/* From JSON with single quotes. */
static inline sm_val fake_put(struct sm_env *env, struct fake *fake, const struct sm_resource *resource, const char *json) {
    sm_val object = sm_json_literal(env->run, json);

    return fake_store(env, fake, resource, sm_meta_key(env->run, sm_meta_namespace(object), sm_meta_name(object)), object);
}

static inline struct sm_reply fake_handle(struct sm_env *env, struct fake *fake, const struct sm_request *request) {
    const char *name = *request->name ? request->name : sm_meta_name(request->body);
    const char *key = sm_meta_key(env->run, request->name_space, name);
    sm_val now = fake_get(fake, request->resource, key);

    if (request->verb != SM_GET && fake->fail) {
        int code = fake->fail;

        fake->fail = 0;
        if (code < 0)
            return (struct sm_reply){.body = sm_val_str(env->run, "connection refused")};
        return sm_status(env->run, code, code == 404 ? "NotFound" : "Failed", "made to fail", "", "", "", NULL, 0);
    }
    if (request->verb == SM_CREATE)
        return now ? sm_status_already_exists(env->run, request->resource, name)
                   : (struct sm_reply){201, fake_store(env, fake, request->resource, key, request->body), NULL};
    if (!now)
        return sm_status_not_found(env->run, request->resource, name);
    switch (request->verb) {
    case SM_UPDATE:
        now = fake_store(env, fake, request->resource, key, request->body);
        break;
    case SM_PATCH:
        now = fake_store(env, fake, request->resource, key, sm_val_merge_patch(env->run, now, request->body));
        break;
    case SM_DELETE:
        now = fake_store(env, fake, request->resource, key, NULL);
        break;
    default:
        break;
    }
    return (struct sm_reply){200, now, NULL};
}

static inline void fake_answer(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    const struct fake_flight *flight = data;
    (void)self;
    (void)arg;

    flight->to.fire(env, flight->to.self, flight->to.token, &flight->reply);
}

static inline void fake_schedule(struct sm_env *env, struct fake_flight *flight,
                                 void (*fire)(struct sm_env *, void *, uint64_t, const void *), const char *what) {
    sm_env_at(env, &(struct sm_event){.due = env->now + flight->fake->latency / 2,
                                      .self = flight->fake,
                                      .fire = fire,
                                      .data = flight,
                                      .actor = "network",
                                      .what = what});
}

static inline void fake_commit(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    const struct fake_flight *flight = data;
    struct fake_flight *back = sm_region_alloc(env->run, sizeof *back);
    struct fake *fake = self;
    (void)arg;

    *back = *flight;
    back->reply = fake_handle(env, fake, flight->request);
    fake_schedule(env, back, fake_answer, "answer");
}

static inline void fake_send(struct sm_env *env, void *self, const struct sm_request *request, struct sm_answer_to to) {
    struct fake *fake = self;
    struct fake_flight *flight = sm_region_zalloc(env->run, sizeof *flight);

    assert_true(fake->sent_count < FAKE_SENT_MAX);
    fake->sent[fake->sent_count++] = request;
    *flight = (struct fake_flight){.fake = fake, .request = request, .to = to};
    fake_schedule(env, flight, fake_commit, "commit");
    if (fake->at_send)
        fake->at_send(env, fake->arg);
}

/* A service says what it was asked. */
static inline void fake_call(struct sm_env *env, void *self, const struct sm_service_call *call, struct sm_answer_to to) {
    struct fake *fake = self;
    struct fake_flight *flight = sm_region_zalloc(env->run, sizeof *flight);

    fake->called = call;
    fake->called_count++;
    *flight = (struct fake_flight){.fake = fake, .to = to};
    flight->reply = (struct sm_reply){200, sm_val_strf(env->run, "%s %s", call->method, call->path), NULL};
    fake_schedule(env, flight, fake_answer, "answer");
}

static inline const struct sm_log *fake_find_log(struct sm_env *env, void *self, const struct sm_resource *resource) {
    struct fake *fake = self;
    (void)env;

    return resource == fake->unknown ? NULL : fake_log(fake, resource);
}

static inline bool fake_may_watch(struct sm_env *env, void *self, const struct sm_client *client, const struct sm_resource *resource) {
    const struct fake *fake = self;
    (void)env;
    (void)client;

    return resource != fake->forbidden;
}

static inline struct fake *fake_new(struct sm_env *env) {
    struct fake *fake = sm_env_state(env, sizeof *fake, "server");

    fake->transport =
        (struct sm_transport){.self = fake, .send = fake_send, .call = fake_call, .log = fake_find_log, .may_watch = fake_may_watch};
    return fake;
}

/* --- The journal as text, a line an event ------------------------------------------------------------------------------- */

struct fake_journal {
    char text[8192];
    size_t used;
    const char *only; /* a kind; NULL: all */
};

static inline void fake_hear(void *self, const struct sm_journal_event *event) {
    struct fake_journal *journal = self;
    char *at = journal->text + journal->used;
    size_t left = sizeof journal->text - journal->used;

    if (journal->only && strcmp(journal->only, sm_journal_names[event->kind]) != 0)
        return;
    int n = snprintf(at, left, "%s %s%s%s %s/%s", sm_journal_names[event->kind], event->verb ? event->verb : "", event->verb ? " " : "",
                     event->resource ? event->resource : "", event->name_space ? event->name_space : "", event->name ? event->name : "");
    journal->used += (size_t)n;
    if (event->version || event->latest)
        journal->used += (size_t)snprintf(journal->text + journal->used, sizeof journal->text - journal->used, " v%lld of v%lld",
                                          (long long)event->version, (long long)event->latest);
    if (event->behind)
        journal->used += (size_t)snprintf(journal->text + journal->used, sizeof journal->text - journal->used, ", %lldms behind",
                                          (long long)(event->behind / SM_MILLISECOND));
    if (event->text)
        journal->used += (size_t)snprintf(journal->text + journal->used, sizeof journal->text - journal->used, ": %s", event->text);
    journal->used += (size_t)snprintf(journal->text + journal->used, sizeof journal->text - journal->used, "\n");
    assert_true(journal->used < sizeof journal->text);
}

#endif
