/* Every call has the same shape: answer it from the record, or do it and record it, or send it and wait. What a re-run asks
 * is compared with the record where hashes are checked, too.
 */
#include <string.h>

#include "bug.h"
#include "manager_internal.h"
#include "memo.h"
#include "meta.h"
#include "selector.h"
#include "uuid.h"

#ifdef SM_CHECK_HASHES
enum { CHECKED = 1 };
#else
enum { CHECKED = 0 };
#endif

struct sm_region *sm_ctx_region(struct sm_ctx *ctx) {
    return ctx->env->scratch;
}

bool sm_ctx_recorded(const struct sm_ctx *ctx) {
    return !CHECKED && ctx->cursor < ctx->manager->pass.count;
}

const void *sm_ctx_options(struct sm_ctx *ctx) {
    return ctx->manager->options;
}

/* A text that outlives the pass. */
static const char *keep(struct sm_ctx *ctx, const char *text) {
    return sm_region_strdup(ctx->env->run, text);
}

static void check(struct sm_ctx *ctx, bool same, const char *what) {
    if (!same) {
        ctx->cursor--;
        sm_pass_diverged(ctx, what);
    }
}

static bool same_text(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* --- Requests ----------------------------------------------------------------------------------------------------------- */

static struct sm_answer_to wait_for(struct sm_ctx *ctx, const struct sm_record *asked) {
    struct sm_pass *pass = &ctx->manager->pass;

    pass->waits = SM_WAITS_ANSWER;
    pass->asked = *asked;
    pass->token = ++ctx->manager->tokens;
    return (struct sm_answer_to){.self = ctx->manager, .fire = sm_pass_answered, .token = pass->token};
}

const struct sm_reply *sm_ctx_call(struct sm_ctx *ctx, const struct sm_request *request) {
    const struct sm_record *record = sm_pass_replay(ctx, SM_CTX_REQUEST);
    const struct sm_transport *transport = ctx->manager->config.transport;

    if (record && !CHECKED)
        return record->answer.reply;
    struct sm_request full = *request;
    if (!full.client)
        full.client = ctx->manager->config.client;
    if (record) {
        check(ctx, sm_request_equal(record->asked.request, &full), "it sends another request");
        return record->answer.reply;
    }
    struct sm_record asked = {.kind = SM_CTX_REQUEST};
    sm_script_learn(ctx, &(struct sm_step){.kind = SM_CTX_REQUEST, .request = &full});
    asked.asked.request = sm_request_copy(ctx->env->run, &full, ctx->env->scratch);
    transport->send(ctx->env, transport->self, asked.asked.request, wait_for(ctx, &asked));
    sm_pass_wait(ctx);
}

const struct sm_reply *sm_ctx_live_get(struct sm_ctx *ctx, const struct sm_resource *resource, const char *name_space, const char *name) {
    return sm_ctx_call(ctx, &(struct sm_request){
                                .verb = SM_GET, .resource = resource, .subresource = "", .name_space = name_space, .name = name});
}

const struct sm_reply *sm_ctx_live_list(struct sm_ctx *ctx, const struct sm_resource *resource, const char *name_space,
                                        const char *label_selector) {
    return sm_ctx_call(ctx, &(struct sm_request){.verb = SM_LIST,
                                                 .resource = resource,
                                                 .subresource = "",
                                                 .name_space = name_space,
                                                 .name = "",
                                                 .label_selector = label_selector});
}

const struct sm_reply *sm_ctx_create(struct sm_ctx *ctx, const struct sm_resource *resource, const char *name_space, sm_val object) {
    return sm_ctx_call(ctx, &(struct sm_request){.verb = SM_CREATE,
                                                 .resource = resource,
                                                 .subresource = "",
                                                 .name_space = name_space,
                                                 .name = "",
                                                 .body = object});
}

const struct sm_reply *sm_ctx_update(struct sm_ctx *ctx, const struct sm_resource *resource, const char *subresource, sm_val object) {
    return sm_ctx_call(ctx, &(struct sm_request){.verb = SM_UPDATE,
                                                 .resource = resource,
                                                 .subresource = subresource ? subresource : "",
                                                 .name_space = sm_meta_namespace(object),
                                                 .name = sm_meta_name(object),
                                                 .body = object});
}

const struct sm_reply *sm_ctx_patch(struct sm_ctx *ctx, const struct sm_resource *resource, const char *subresource, const char *name_space,
                                    const char *name, enum sm_patch patch, sm_val body) {
    return sm_ctx_call(ctx, &(struct sm_request){.verb = SM_PATCH,
                                                 .patch = patch,
                                                 .resource = resource,
                                                 .subresource = subresource ? subresource : "",
                                                 .name_space = name_space,
                                                 .name = name,
                                                 .body = body});
}

const struct sm_reply *sm_ctx_apply(struct sm_ctx *ctx, const struct sm_resource *resource, sm_val object, const char *field_manager,
                                    bool force) {
    return sm_ctx_call(ctx, &(struct sm_request){.verb = SM_PATCH,
                                                 .patch = SM_PATCH_APPLY,
                                                 .resource = resource,
                                                 .subresource = "",
                                                 .name_space = sm_meta_namespace(object),
                                                 .name = sm_meta_name(object),
                                                 .body = object,
                                                 .field_manager = field_manager,
                                                 .force = force,
                                                 .force_given = force});
}

const struct sm_reply *sm_ctx_delete(struct sm_ctx *ctx, const struct sm_resource *resource, const char *name_space, const char *name,
                                     sm_val options) {
    return sm_ctx_call(
        ctx, &(struct sm_request){
                 .verb = SM_DELETE, .resource = resource, .subresource = "", .name_space = name_space, .name = name, .body = options});
}

static bool same_service(const struct sm_service_call *a, const struct sm_service_call *b) {
    return same_text(a->service, b->service) && same_text(a->method, b->method) && same_text(a->host, b->host) &&
           same_text(a->path, b->path) && sm_val_equal(a->body, b->body) && a->timeout == b->timeout;
}

static const char *keep_scratch(struct sm_ctx *ctx, const char *text) {
    return ctx->env->scratch != ctx->env->run && sm_region_contains(ctx->env->scratch, text) ? keep(ctx, text) : text;
}

static sm_val keep_value(struct sm_ctx *ctx, sm_val value) {
    return value && ctx->env->scratch != ctx->env->run ? sm_val_copy(ctx->env->run, value, ctx->env->scratch) : value;
}

const struct sm_reply *sm_ctx_service(struct sm_ctx *ctx, const char *service, const char *method, const char *host, const char *path,
                                      sm_val body, sm_time timeout) {
    const struct sm_record *record = sm_pass_replay(ctx, SM_CTX_SERVICE);
    const struct sm_transport *transport = ctx->manager->config.transport;
    struct sm_service_call call = {ctx->manager->config.client, service, method, host, path, body, timeout};

    if (record) {
        if (CHECKED)
            check(ctx, same_service(record->asked.service, &call), "it calls another service");
        return record->answer.reply;
    }
    sm_script_learn(ctx,
                    &(struct sm_step){.kind = SM_CTX_SERVICE, .text = {service, method, host, path}, .value = body, .timeout = timeout});
    struct sm_service_call *sent = sm_region_alloc(ctx->env->run, sizeof *sent);
    *sent = call;
    sent->service = keep_scratch(ctx, service);
    sent->method = keep_scratch(ctx, method);
    sent->host = keep_scratch(ctx, host);
    sent->path = keep_scratch(ctx, path);
    sent->body = keep_value(ctx, body);
    struct sm_record asked = {.kind = SM_CTX_SERVICE};
    asked.asked.service = sent;
    transport->call(ctx->env, transport->self, sent, wait_for(ctx, &asked));
    sm_pass_wait(ctx);
}

/* --- Cached reads --------------------------------------------------------------------------------------------------------- */

static bool same_read(const struct sm_cached_read *a, const struct sm_cached_read *b) {
    return sm_resource_same(a->resource, b->resource) && same_text(a->name_space, b->name_space) && same_text(a->name, b->name) &&
           sm_val_equal(a->label_selector, b->label_selector);
}

/* The informer to read from, once it has its first list and others had their turn. */
static struct sm_informer *reader(struct sm_ctx *ctx, const struct sm_resource *resource) {
    struct sm_manager *manager = ctx->manager;
    struct sm_watcher *watcher = sm_manager_watcher(manager, resource);

    if (!watcher)
        sm_bug("%s reads %s from a cache it does not have", manager->config.controller->name, resource->plural);
    if (!watcher->informer.synced && (watcher->informer.started || !watcher->optional)) {
        manager->pass.waits = SM_WAITS_SYNC;
        manager->pass.informer = (uint32_t)(watcher - manager->watchers);
        if (!watcher->informer.started && !watcher->retry)
            sm_manager_start_informer(ctx->env, watcher);
        sm_pass_wait(ctx);
    }
    sm_pass_give_way(ctx, watcher->informer.resource);
    return &watcher->informer;
}

static void emit_get(struct sm_ctx *ctx, const struct sm_informer *informer, const struct sm_cached_read *read, const char *key,
                     sm_val object) {
    struct sm_env *env = ctx->env;

    if (!env->journal || !informer->log)
        return;
    sm_time overtaken = sm_log_overtaken(informer->log, informer->read, key);
    sm_env_emit(env, &(struct sm_journal_event){.kind = SM_JOURNAL_READ,
                                                .actor = informer->client,
                                                .verb = "get",
                                                .resource = read->resource->plural,
                                                .name_space = read->name_space,
                                                .name = read->name,
                                                .version = sm_meta_version(object),
                                                .latest = sm_meta_version(sm_pmap_get(informer->log->root, key)),
                                                .behind = overtaken ? env->now - overtaken : 0,
                                                .text = object ? NULL : "not found"});
}

static const struct sm_cached_read *keep_read(struct sm_ctx *ctx, const struct sm_cached_read *read) {
    if (!CHECKED)
        return NULL;
    struct sm_cached_read *kept = sm_region_alloc(ctx->env->run, sizeof *kept);
    *kept = *read;
    kept->name_space = keep(ctx, read->name_space);
    kept->name = read->name ? keep(ctx, read->name) : NULL;
    kept->label_selector = keep_value(ctx, read->label_selector);
    return kept;
}

sm_val sm_ctx_cached_get(struct sm_ctx *ctx, const struct sm_resource *resource, const char *name_space, const char *name) {
    struct sm_cached_read read = {.resource = resource, .name_space = name_space, .name = name};
    const struct sm_record *record = sm_pass_replay(ctx, SM_CTX_GET);

    if (record) {
        if (CHECKED)
            check(ctx, same_read(record->asked.read, &read), "it reads something else");
        return record->answer.value;
    }
    sm_script_learn(ctx, &(struct sm_step){.kind = SM_CTX_GET, .resource = resource, .text = {name_space, name}});
    const struct sm_informer *informer = reader(ctx, resource);
    const char *key = sm_meta_key(ctx->env->scratch, name_space, name);
    sm_val object = sm_pmap_get(sm_informer_read(informer), key);
    struct sm_record *new = sm_pass_record(ctx, SM_CTX_GET);
    new->asked.read = keep_read(ctx, &read);
    new->answer.value = object;
    sm_script_heard(ctx->env, &ctx->manager->pass, object ? object->hash : 0);
    emit_get(ctx, informer, &read, key, object);
    return object;
}

struct gathering {
    const struct sm_selector *selector; /* NULL: everything */
    sm_val *items;
    size_t count;
};

static bool gather(void *arg, const char *key, const void *value) {
    struct gathering *gathering = arg;
    sm_val object = value;
    (void)key;

    if (!gathering->selector || sm_selector_matches_labels(gathering->selector, sm_val_get(sm_val_get(object, "metadata"), "labels")))
        gathering->items[gathering->count++] = object;
    return true;
}

static void emit_list(struct sm_ctx *ctx, const struct sm_informer *informer, const struct sm_cached_read *read, size_t count) {
    struct sm_env *env = ctx->env;
    const struct sm_log *log = informer->log;

    if (!env->journal || !log)
        return;
    sm_env_emit(env, &(struct sm_journal_event){.kind = SM_JOURNAL_READ,
                                                .actor = informer->client,
                                                .verb = "list",
                                                .resource = read->resource->plural,
                                                .name_space = read->name_space,
                                                .version = informer->read ? log->entries[informer->read - 1].version : 0,
                                                .latest = log->count ? log->entries[log->count - 1].version : 0,
                                                .behind = informer->read < log->count ? env->now - log->entries[informer->read].time : 0,
                                                .text = sm_region_printf(env->scratch, "%zu found", count)});
}

sm_val sm_ctx_cached_list(struct sm_ctx *ctx, const struct sm_resource *resource, const char *name_space, sm_val label_selector) {
    struct sm_cached_read read = {.resource = resource, .name_space = name_space, .label_selector = label_selector};
    const struct sm_record *record = sm_pass_replay(ctx, SM_CTX_LIST);
    struct sm_region *scratch = ctx->env->scratch;

    if (record) {
        if (CHECKED)
            check(ctx, same_read(record->asked.read, &read), "it lists something else");
        return record->answer.value;
    }
    sm_script_learn(ctx, &(struct sm_step){.kind = SM_CTX_LIST, .resource = resource, .text = {name_space}, .value = label_selector});
    const struct sm_informer *informer = reader(ctx, resource);
    sm_pmap store = sm_informer_read(informer);
    struct gathering gathering = {.selector = label_selector ? sm_selector_of(scratch, label_selector) : NULL};
    gathering.items = sm_region_alloc(scratch, (sm_pmap_count(store) + 1) * sizeof gathering.items[0]);
    sm_pmap_each(store, *name_space ? sm_meta_key(scratch, name_space, "") : "", gather, &gathering);
    struct sm_record *new = sm_pass_record(ctx, SM_CTX_LIST);
    new->asked.read = keep_read(ctx, &read);
    new->answer.value = gathering.count ? sm_val_from_items(ctx->env->run, gathering.items, gathering.count) : SM_EMPTY_LIST;
    sm_script_heard(ctx->env, &ctx->manager->pass, new->answer.value->hash);
    emit_list(ctx, informer, &read, gathering.count);
    return new->answer.value;
}

/* --- Time and randomness --------------------------------------------------------------------------------------------------- */

static sm_time time_now(struct sm_ctx *ctx, enum sm_call_kind kind, sm_time unit) {
    const struct sm_record *record = sm_pass_replay(ctx, kind);

    if (!record) {
        sm_script_learn(ctx, &(struct sm_step){.kind = kind});
        struct sm_record *new = sm_pass_record(ctx, kind);
        new->answer.time = ctx->env->now - ctx->env->now % unit;
        sm_script_heard(ctx->env, &ctx->manager->pass, (uint64_t) new->answer.time);
        record = new;
    }
    return record->answer.time;
}

sm_time sm_ctx_now(struct sm_ctx *ctx) {
    return time_now(ctx, SM_CTX_NOW, 1);
}

sm_time sm_ctx_second(struct sm_ctx *ctx) {
    return time_now(ctx, SM_CTX_SECOND, SM_SECOND);
}

const char *sm_ctx_uuid(struct sm_ctx *ctx) {
    const struct sm_record *record = sm_pass_replay(ctx, SM_CTX_UUID);

    if (!record) {
        char *uuid = sm_region_alloc(ctx->env->run, SM_UUID_BYTES);
        sm_script_learn(ctx, &(struct sm_step){.kind = SM_CTX_UUID});
        struct sm_record *new = sm_pass_record(ctx, SM_CTX_UUID);

        sm_uuid_v4(uuid, &ctx->env->random);
        new->answer.text = uuid;
        sm_script_heard(ctx->env, &ctx->manager->pass, sm_memo_mix_text(0, uuid));
        record = new;
    }
    return record->answer.text;
}

/* --- Effects without an answer ---------------------------------------------------------------------------------------------- */

void sm_ctx_event(struct sm_ctx *ctx, const struct sm_resource *resource, sm_val object, const char *type, const char *reason,
                  const char *message) {
    const struct sm_record *record = sm_pass_replay(ctx, SM_CTX_EVENT);
    struct sm_env *env = ctx->env;

    if (record) {
        if (CHECKED)
            check(ctx, same_text(record->asked.text, message), "it records another event");
        return;
    }
    sm_script_learn(ctx, &(struct sm_step){.kind = SM_CTX_EVENT, .resource = resource, .value = object, .text = {type, reason, message}});
    sm_script_heard(ctx->env, &ctx->manager->pass, 0);
    sm_pass_record(ctx, SM_CTX_EVENT)->asked.text = CHECKED ? keep(ctx, message) : NULL;
    if (env->journal)
        sm_env_emit(env, &(struct sm_journal_event){.kind = SM_JOURNAL_EVENT,
                                                    .actor = ctx->manager->config.client->name,
                                                    .resource = resource->plural,
                                                    .name_space = sm_meta_namespace(object),
                                                    .name = sm_meta_name(object),
                                                    .text = sm_region_printf(env->scratch, "%s %s %s", type, reason, message)});
    sm_recorder_add(env, &ctx->manager->recorder, resource, object, type, reason, message);
}

void sm_ctx_metric(struct sm_ctx *ctx, const char *name, const char *labels, double value) {
    const struct sm_record *record = sm_pass_replay(ctx, SM_CTX_METRIC);

    labels = labels ? labels : "";
    if (record) {
        if (CHECKED)
            check(ctx, same_text(record->asked.metric->name, name) && same_text(record->asked.metric->labels, labels),
                  "it counts another metric");
        return;
    }
    sm_script_learn(ctx, &(struct sm_step){.kind = SM_CTX_METRIC, .text = {name, labels}, .number = value});
    sm_script_heard(ctx->env, &ctx->manager->pass, 0);
    struct sm_metric *metric = sm_region_alloc(ctx->env->run, sizeof *metric);
    *metric = (struct sm_metric){keep(ctx, name), keep(ctx, labels), value};
    sm_pass_record(ctx, SM_CTX_METRIC)->asked.metric = metric;
}

void sm_ctx_note(struct sm_ctx *ctx, const char *text) {
    const struct sm_record *record = sm_pass_replay(ctx, SM_CTX_NOTE);
    const struct sm_pass *pass = &ctx->manager->pass;

    if (record) {
        if (CHECKED)
            check(ctx, same_text(record->asked.text, text), "it notes something else");
        return;
    }
    sm_script_learn(ctx, &(struct sm_step){.kind = SM_CTX_NOTE, .text = {text}});
    sm_script_heard(ctx->env, &ctx->manager->pass, 0);
    sm_pass_record(ctx, SM_CTX_NOTE)->asked.text = CHECKED ? keep(ctx, text) : NULL;
    sm_env_emit(ctx->env, &(struct sm_journal_event){.kind = SM_JOURNAL_NOTE,
                                                     .actor = ctx->manager->config.client->name,
                                                     .resource = ctx->manager->config.controller->primary->plural,
                                                     .name_space = pass->key.name_space,
                                                     .name = pass->key.name,
                                                     .text = text});
}
