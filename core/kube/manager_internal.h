/* What manager.c, pass.c and context.c share.
 *
 * A pass is its record: the calls that have been answered, in order. The call that waits is not in it; what it waits for
 * stands in [waits]. When that has come, reconcile runs from its start, every recorded call is answered at once, and the
 * next one is new:
 *
 *      record  [get ✓][now ✓][patch ✓]              waits: the answer of a request
 *                ▲ cursor, in each run                     └─ then it is appended, and reconcile runs again
 */
#ifndef SM_MANAGER_INTERNAL_H
#define SM_MANAGER_INTERNAL_H

#include <setjmp.h>

#include "manager.h"
#include "recorder.h"

enum sm_call_kind {
    SM_CTX_REQUEST,
    SM_CTX_SERVICE,
    SM_CTX_GET,
    SM_CTX_LIST,
    SM_CTX_NOW,
    SM_CTX_SECOND,
    SM_CTX_UUID,
    SM_CTX_EVENT,
    SM_CTX_METRIC,
    SM_CTX_NOTE,
    SM_CTX_END, /* of the pass: only as a step */
};

/* What a cached read asked. */
struct sm_cached_read {
    const struct sm_resource *resource;
    const char *name_space;
    const char *name;      /* NULL for a list */
    sm_val label_selector; /* of a list */
};

struct sm_metric {
    const char *name, *labels;
    double value;
};

/* An answered call. All of it lives in the run's region. */
struct sm_record {
    enum sm_call_kind kind;
    /* What was asked. Reads and texts only where re-runs are checked. */
    union {
        const struct sm_request *request;
        const struct sm_service_call *service;
        const struct sm_cached_read *read;
        const struct sm_metric *metric;
        const char *text;
    } asked;
    union {
        const struct sm_reply *reply;
        sm_val value;
        sm_time time;
        const char *text;
    } answer;
};

/* A call as a script knows it, or the end of the pass. */
enum { SM_STEP_TEXTS = 4 };
struct sm_step {
    enum sm_call_kind kind;
    const struct sm_resource *resource;
    const struct sm_request *request;
    const char *text[SM_STEP_TEXTS]; /* the texts that the call takes, in their order */
    sm_val value;                    /* the value that it takes */
    sm_time timeout;                 /* of a SERVICE */
    double number;                   /* of a METRIC */
    struct sm_result result;         /* of the END */
};

struct sm_pass {
    bool active;
    struct sm_key key;
    const char *object;        /* the key as text */
    uint64_t place;            /* in the script: a hash of the answers so far */
    struct sm_record *records; /* written only past [count] */
    uint32_t count, capacity;
    enum { SM_WAITS_NOT, SM_WAITS_ANSWER, SM_WAITS_SYNC, SM_WAITS_TURN } waits;
    bool gave_way;          /* others had their turn before the call at the record's end */
    struct sm_record asked; /* ANSWER: the call */
    uint32_t informer;      /* SYNC */
    uint64_t token;         /* ANSWER, TURN: tells the answer of this call from those of older ones */
};

/* An informer, and what starts it. */
struct sm_watcher {
    struct sm_informer informer;
    bool lazy, optional;
    uint64_t retry; /* id of the next try to start, while the server knows no such kind; 0: none */
    uint32_t tries;
};

/* Workers, and who judges idleness, wait for its first list. */
static inline bool sm_watcher_awaited(const struct sm_watcher *watcher) {
    return !watcher->informer.synced && (watcher->informer.started || (!watcher->lazy && !watcher->optional));
}

struct sm_manager {
    struct sm_manager_config config;
    const void *options; /* of the process; config.options are the next one's */
    struct sm_watcher *watchers;
    uint32_t watcher_count;
    uint32_t starts;

    bool running;
    uint64_t restart; /* ids of scheduled events; 0: none */
    uint64_t worker;
    uint64_t timer;
    sm_time restart_due, timer_due;
    struct sm_queue queue;
    struct sm_pass pass;
    uint64_t passes; /* begun */
    uint64_t tokens;
    struct sm_recorder recorder;
};

struct sm_ctx {
    struct sm_env *env;
    struct sm_manager *manager;
    uint32_t cursor; /* calls made in this run */
    bool follows;    /* a script: the calls are not reconcile's */
    jmp_buf abandoned;
};

/* --- manager.c ---------------------------------------------------------------------------------------------------- */

struct sm_watcher *sm_manager_watcher(struct sm_manager *manager, const struct sm_resource *resource);
/* Starts an informer, or tries to until the server knows the kind. */
void sm_manager_start_informer(struct sm_env *env, struct sm_watcher *watcher);
/* After the queue has changed: sets the timer of delayed keys and calls the worker. */
void sm_manager_queue_changed(struct sm_env *env, struct sm_manager *manager);

/* --- pass.c ------------------------------------------------------------------------------------------------------- */

void sm_pass_start(struct sm_env *env, struct sm_manager *manager, struct sm_key key);
/* The informer that the pass waits for has its first list. */
void sm_pass_synced(struct sm_env *env, struct sm_manager *manager, const struct sm_informer *informer);
/* Where answers go: struct sm_answer_to. */
void sm_pass_answered(struct sm_env *env, void *self, uint64_t token, const void *reply);
/* Appends a record and counts it as made. */
struct sm_record *sm_pass_record(struct sm_ctx *ctx, enum sm_call_kind kind);
/* The record of the call that is being made, NULL if it is new. A bug if the record holds another kind of call here. */
const struct sm_record *sm_pass_replay(struct sm_ctx *ctx, enum sm_call_kind kind);
_Noreturn void sm_pass_diverged(const struct sm_ctx *ctx, const char *what);
/* Ends this run of reconcile: the pass waits. */
_Noreturn void sm_pass_wait(struct sm_ctx *ctx);
/* At a read of [resource]: lets others act first, if so chosen; returns when it is this call's turn. */
void sm_pass_give_way(struct sm_ctx *ctx, const struct sm_resource *resource);

/* --- script.c ----------------------------------------------------------------------------------------------------- */

/* At the start of a pass. */
void sm_script_begin(const struct sm_manager *manager, struct sm_pass *pass);
/* A call was answered; [answer] is a hash of what controllers can see of it. */
void sm_script_heard(struct sm_env *env, struct sm_pass *pass, uint64_t answer);
/* reconcile makes a call that is not in the record, or has ended. Said before the call is made. */
void sm_script_learn(struct sm_ctx *ctx, const struct sm_step *step);
/* Makes all calls that are known. True: the pass has ended, with this result. Like any call it may end this run. */
bool sm_script_follow(struct sm_ctx *ctx, struct sm_result *ret_result);

#endif
