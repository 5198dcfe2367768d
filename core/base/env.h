/* What code that runs in a world may ask of it: the time, an event later, a choice, a line in the journal.
 *
 *      now        virtual time; it moves only between events
 *      at         an event in the future; events fire in order of (due, sequence) unless an engine chooses otherwise
 *      choose     which way something goes that could go either way; 0 is always "no fault, oldest event, the default"
 *      emit       a line of the journal, from which timelines and reports are made
 *
 * Mutable state has one home. Everything an actor changes while a run goes on lives in memory that sm_env_state handed
 * out; everything else it builds is immutable, in the run's region. So a snapshot of a whole world is a copy of one
 * block and a mark of one region, and restoring it is the reverse. Rules that follow:
 *   - state blocks are taken while the world is set up, never later; their size is fixed, so what grows has a limit;
 *   - state may point into state and into the run's region; the region must never be written after it was published
 *     (append to an array there only past the count that the state holds).
 */
#ifndef SM_ENV_H
#define SM_ENV_H

#include "clock.h"
#include "journal.h"
#include "region.h"
#include "rng.h"

struct sm_env;
struct sm_memo;

/* Something that will happen. */
struct sm_event {
    sm_time due;
    void *self; /* the actor's state */
    void (*fire)(struct sm_env *env, void *self, uint64_t arg, const void *data);
    uint64_t arg;
    const void *data;    /* lives in the run's region, or static */
    const char *actor;   /* who acts: `seinode-controller`, `kubelet`; static or in the run's region */
    const char *what;    /* static: `reconcile`, `commit`, `answer`, `deliver`, `timer` */
    const char *object;  /* on what: `default/n-1`; may be NULL. Label = `<actor>.<what> <object>` */
    const void *channel; /* events of one channel stay in order; NULL: free */
    bool under_way;      /* it has left the actor's process already, and goes on while that is paused */
};

/* Kinds of choices: the concern of a random substream, and the first word of a schedule's line. */
enum sm_choice {
    SM_CHOICE_EVENT, /* which enabled event runs next: so many are passed over */
    SM_CHOICE_YIELD, /* at a read: answer at once (0) or let others act first (1) */
    SM_CHOICE_FAULT, /* what goes wrong: 0 nothing */
    SM_CHOICE_LATE,  /* how much later than usual an event comes */
    SM_CHOICE_AGE,   /* how many entries older a first list is */
    SM_CHOICE_USER,  /* when the user acts: 0 as soon as it may be, else after so many writes of others */
    SM_CHOICE_COUNT,
};
extern const char *const sm_choice_names[SM_CHOICE_COUNT];

/* Something that could go [n] ways. Its label, `<actor>.<what> <object>`, is stable: the same in every run of a scenario in
 * which the same thing happens. It stays in parts, because most choices are made without anybody reading it. */
struct sm_choice_point {
    enum sm_choice kind;
    uint32_t n;
    const char *actor, *what, *object; /* what and object may be NULL */
    const char *const *ways;           /* names of the ways; NULL: numbers */
};

struct sm_env_ops {
    uint64_t (*at)(struct sm_env *env, const struct sm_event *event);
    void (*cancel)(struct sm_env *env, uint64_t id);
    uint32_t (*choose)(struct sm_env *env, const struct sm_choice_point *point);
    void (*emit)(struct sm_env *env, const struct sm_journal_event *event);
    void *(*state)(struct sm_env *env, size_t bytes, const char *owner);
};

struct sm_env {
    const struct sm_env_ops *ops;
    sm_time now;
    struct sm_region *run;     /* lives as long as the run */
    struct sm_region *scratch; /* emptied after every event; the run's region itself where nobody gave one */
    struct sm_memo *memo;      /* of a search that runs the world again and again; NULL: nothing is remembered. See memo.h */
    bool journal;              /* is anybody listening: skip making texts if not */
    uint64_t cause;            /* journal number of the event being handled */
    struct sm_rng random;      /* for ids that must look random (plan ids); part of the snapshot */
};

/* Schedules [event]; returns an id that sm_env_cancel takes. An event in the past is due now. */
static inline uint64_t sm_env_at(struct sm_env *env, const struct sm_event *event) { return env->ops->at(env, event); }
/* Forgets an event; an id that fired or was cancelled already is ignored. */
static inline void sm_env_cancel(struct sm_env *env, uint64_t id) { env->ops->cancel(env, id); }
static inline uint32_t sm_env_choose(struct sm_env *env, const struct sm_choice_point *point) {
    return point->n > 1 ? env->ops->choose(env, point) : 0;
}
static inline void sm_env_emit(struct sm_env *env, const struct sm_journal_event *event) {
    if (env->journal)
        env->ops->emit(env, event);
}
/* Zeroed memory for mutable state, 16-byte aligned; see the top of this file. */
static inline void *sm_env_state(struct sm_env *env, size_t bytes, const char *owner) { return env->ops->state(env, bytes, owner); }

#endif
