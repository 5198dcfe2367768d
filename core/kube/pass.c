#include "manager_internal.h"

#include <string.h>

#include "bug.h"
#include "meta.h"

enum { RECORDS_MIN = 16 };

static void emit(struct sm_env *env, const struct sm_manager *manager, enum sm_journal_kind kind, const char *text) {
    const struct sm_pass *pass = &manager->pass;

    sm_env_emit(env, &(struct sm_journal_event){.kind = kind,
                                                .actor = manager->config.client->name,
                                                .resource = manager->config.controller->primary->plural,
                                                .name_space = pass->key.name_space,
                                                .name = pass->key.name,
                                                .text = text});
}

/* --- The end of a pass -------------------------------------------------------------------------------------------------- */

static void emit_metrics(struct sm_env *env, const struct sm_manager *manager) {
    const struct sm_pass *pass = &manager->pass;

    for (uint32_t i = 0; env->journal && i < pass->count; i++) {
        const struct sm_metric *metric = pass->records[i].asked.metric;

        if (pass->records[i].kind == SM_CTX_METRIC)
            emit(env, manager, SM_JOURNAL_METRIC, sm_region_printf(env->scratch, "%s{%s} %g", metric->name, metric->labels, metric->value));
    }
}

static void finish(struct sm_env *env, struct sm_manager *manager, struct sm_result result) {
    struct sm_pass *pass = &manager->pass;
    struct sm_queue *queue = &manager->queue;
    const char *text = "done";
    sm_time delay = 0;

    switch (result.kind) {
    case SM_RESULT_DONE:
        sm_queue_forget(queue, pass->key);
        break;
    case SM_RESULT_REQUEUE:
        SM_ASSERT(result.after > 0);
        delay = result.after;
        sm_queue_forget(queue, pass->key);
        if (env->journal)
            text = sm_region_printf(env->scratch, "again in %s", sm_clock_duration(env->scratch, delay));
        break;
    case SM_RESULT_ERROR:
        delay = sm_queue_failed(queue, pass->key);
        if (env->journal)
            text = sm_region_printf(env->scratch, "error: %s; again in %s", result.error, sm_clock_duration(env->scratch, delay));
        break;
    }
    if (delay)
        sm_queue_add_at(queue, pass->key, env->now + delay);
    sm_queue_done(queue, pass->key);
    emit_metrics(env, manager);
    emit(env, manager, SM_JOURNAL_FINISHED, text);
    *pass = (struct sm_pass){0};
    sm_manager_queue_changed(env, manager);
}

/* --- Runs of reconcile -------------------------------------------------------------------------------------------------- */

static void run(struct sm_env *env, struct sm_manager *manager) {
    struct sm_ctx ctx = {.env = env, .manager = manager};

    manager->pass.waits = SM_WAITS_NOT;
    if (setjmp(ctx.abandoned))
        return;
    struct sm_result result;
    if (!sm_script_follow(&ctx, &result)) {
        result = manager->config.controller->reconcile(&ctx, manager->pass.key);
        if (ctx.cursor < manager->pass.count)
            sm_pass_diverged(&ctx, "it ends");
        sm_script_learn(&ctx, &(struct sm_step){.kind = SM_CTX_END, .result = result});
    }
    finish(env, manager, result);
}

void sm_pass_start(struct sm_env *env, struct sm_manager *manager, struct sm_key key) {
    manager->pass = (struct sm_pass){.active = true, .key = key};
    manager->passes++;
    manager->pass.object = sm_meta_key(env->run, key.name_space, key.name);
    sm_script_begin(manager, &manager->pass);
    emit(env, manager, SM_JOURNAL_STARTED, NULL);
    run(env, manager);
}

void sm_pass_wait(struct sm_ctx *ctx) {
    longjmp(ctx->abandoned, 1);
}

/* --- The record --------------------------------------------------------------------------------------------------------- */

void sm_pass_diverged(const struct sm_ctx *ctx, const char *what) {
    const struct sm_pass *pass = &ctx->manager->pass;

    sm_bug("%s runs a pass of %s again, and at call %u of %u, with the same answers, %s", ctx->manager->config.controller->name,
           pass->object, ctx->cursor + 1, pass->count, what);
}

const struct sm_record *sm_pass_replay(struct sm_ctx *ctx, enum sm_call_kind kind) {
    const struct sm_pass *pass = &ctx->manager->pass;

    if (ctx->cursor == pass->count)
        return NULL;
    const struct sm_record *record = &pass->records[ctx->cursor];
    if (record->kind != kind)
        sm_pass_diverged(ctx, "it makes another call");
    ctx->cursor++;
    return record;
}

static struct sm_record *append(struct sm_region *r, struct sm_pass *pass) {
    if (pass->count == pass->capacity) {
        uint32_t capacity = pass->capacity ? 2 * pass->capacity : RECORDS_MIN;
        struct sm_record *records = sm_region_alloc(r, capacity * sizeof records[0]);

        if (pass->count)
            memcpy(records, pass->records, pass->count * sizeof records[0]);
        pass->records = records;
        pass->capacity = capacity;
    }
    return &pass->records[pass->count++];
}

struct sm_record *sm_pass_record(struct sm_ctx *ctx, enum sm_call_kind kind) {
    struct sm_record *record = append(ctx->env->run, &ctx->manager->pass);

    *record = (struct sm_record){.kind = kind};
    ctx->cursor++;
    return record;
}

/* --- What a pass waits for ------------------------------------------------------------------------------------------------ */

static uint64_t hash_of(const struct sm_reply *reply) {
    return (reply->body ? reply->body->hash : 0) + (uint64_t)reply->code;
}

void sm_pass_answered(struct sm_env *env, void *self, uint64_t token, const void *reply) {
    struct sm_manager *manager = self;
    struct sm_pass *pass = &manager->pass;

    if (!pass->active || pass->waits != SM_WAITS_ANSWER || pass->token != token)
        return;
    struct sm_record *record = append(env->run, pass);
    *record = pass->asked;
    record->answer.reply = reply;
    sm_script_heard(env, pass, hash_of(reply));
    run(env, manager);
}

void sm_pass_synced(struct sm_env *env, struct sm_manager *manager, const struct sm_informer *informer) {
    struct sm_pass *pass = &manager->pass;

    if (pass->active && pass->waits == SM_WAITS_SYNC && &manager->watchers[pass->informer].informer == informer)
        run(env, manager);
}

static void take_turn(struct sm_env *env, void *self, uint64_t token, const void *data) {
    struct sm_manager *manager = self;
    (void)data;

    if (manager->pass.active && manager->pass.waits == SM_WAITS_TURN && manager->pass.token == token)
        run(env, manager);
}

void sm_pass_give_way(struct sm_ctx *ctx, const struct sm_resource *resource) {
    struct sm_manager *manager = ctx->manager;
    struct sm_pass *pass = &manager->pass;
    struct sm_choice_point point = {
        .kind = SM_CHOICE_YIELD, .n = 2, .actor = manager->config.client->name, .what = "read", .object = resource->plural};

    if (pass->gave_way || sm_env_choose(ctx->env, &point) == 0) {
        pass->gave_way = false;
        return;
    }
    pass->gave_way = true;
    pass->waits = SM_WAITS_TURN;
    pass->token = ++manager->tokens;
    sm_env_at(ctx->env, &(struct sm_event){.due = ctx->env->now,
                                           .self = manager,
                                           .fire = take_turn,
                                           .arg = pass->token,
                                           .actor = manager->config.client->name,
                                           .what = "resume",
                                           .object = pass->object});
    sm_pass_wait(ctx);
}
