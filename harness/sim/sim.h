/* The virtual world's clock: what stands behind struct sm_env wherever no real one does.
 *
 *      pending events, ordered by (due, sequence) ──step──▶ fire ──at──▶ more pending events
 *      state blocks of the actors                                └─emit──▶ sink
 *
 * One step runs one event. Time jumps to when it is due. Which one runs is the oldest unless the chooser says otherwise:
 * it may pick among those that are due within [window] of the oldest. Of one channel only the oldest can run, and an event
 * that is put behind another of its channel is never due before it. Each event may be chosen to come late as it is
 * scheduled: a slow watch, a slow answer, a slow start, a user who waits are all that.
 *
 * A snapshot is a copy of the clock, the pending events and the state blocks, and a mark of the run's region. Snapshots are
 * last in, first out: restoring one makes those taken after it useless.
 * A simulation lives in the region it was given and holds nothing else: clearing the region is its end.
 */
#ifndef SM_SIM_H
#define SM_SIM_H

#include "env.h"

enum { SM_SIM_ENABLED_MAX = 64, SM_SIM_LABEL_BYTES = 256, SM_SIM_LATE_WAYS = 10, SM_SIM_PAUSES_MAX = 4 };

/* The ways of SM_CHOICE_LATE: durations, each several times the one before, so that windows of any size are met. */
extern const sm_time sm_sim_late[SM_SIM_LATE_WAYS];
extern const char *const sm_sim_late_names[SM_SIM_LATE_WAYS];

/* Answers choices; an answer must be less than n. A NULL function answers 0, or hears nothing. */
struct sm_sim_chooser {
    void *self;
    uint32_t (*choose)(void *self, struct sm_env *env, const struct sm_choice_point *point);
    /* Which of n > 1 events runs next, oldest first: SM_CHOICE_EVENT. The labels are sm_sim_label's. */
    uint32_t (*choose_event)(void *self, struct sm_env *env, const struct sm_event *const *enabled, uint32_t n);
    /* Hears that an event is about to be picked: the place for a snapshot. */
    void (*between)(void *self, struct sm_env *env);
    /* Hears of each event just before it runs. */
    void (*runs)(void *self, struct sm_env *env, const struct sm_event *event);
};

/* Hears of every journal event, with number, time and cause filled in. */
struct sm_sim_sink {
    void *self;
    void (*emit)(void *self, const struct sm_journal_event *event);
};

struct sm_sim_config {
    struct sm_region *run;
    struct sm_region *scratch; /* NULL: the run's, which is then never emptied */
    uint64_t seed;             /* of env.random */
    sm_time start;             /* 0: SM_TIME_START */
    sm_time window;            /* how much younger than the oldest an event may be to run before it */
    size_t state_bytes;        /* of all state blocks together; 0: 1 MiB */
    uint32_t pending_max;      /* 0: 4096 */
    struct sm_sim_chooser chooser;
    struct sm_sim_sink sink; /* no function: no journal */
};

struct sm_sim_pending;
struct sm_sim_slot;

/* A process that does nothing for a while: its machine sleeps, or collects garbage. */
struct sm_sim_pause {
    const char *process;
    sm_time until;
};

struct sm_sim {
    struct sm_env env; /* first: an env of these ops is a simulation */
    struct sm_sim_chooser chooser;
    struct sm_sim_sink sink;
    sm_time window;

    /* Read only. */
    uint64_t steps;     /* events run */
    uint64_t sequence;  /* of the next event */
    uint64_t emitted;   /* journal events */
    uint64_t last;      /* number of the latest journal event of the step, 0: none yet */
    uint64_t chosen;    /* answers that were not 0 */
    sm_time late_until; /* nothing that was chosen to come late is due after this */

    struct sm_sim_pause pauses[SM_SIM_PAUSES_MAX]; /* over or not */
    uint32_t pause_count;

    struct sm_sim_pending *pending; /* youngest first */
    struct sm_sim_slot *slots;
    uint32_t pending_count, pending_max;
    uint32_t slots_used, free_slot;
    char *state;
    size_t state_used, state_max;
};

struct sm_sim *sm_sim_new(const struct sm_sim_config *config);

/* Runs the next event; false if there is none. */
bool sm_sim_step(struct sm_sim *sim);

/* Nothing of [process] runs before [until]: events of the actors `process` and `process/…`, pending or to come, wait, except those
 * under way. [process] lives as long as the run. */
void sm_sim_pause(struct sm_sim *sim, const char *process, sm_time until);

/* Runs every event that is due at [time] or before, then moves the clock there. A bug after ten million events. */
void sm_sim_run_until(struct sm_sim *sim, sm_time time);

/* Runs until nothing is pending or [events_max] events have run; true if nothing is pending. */
bool sm_sim_drain(struct sm_sim *sim, uint64_t events_max);

/* When the oldest pending event is due; false if there is none. */
bool sm_sim_next_due(const struct sm_sim *sim, sm_time *ret_due);

/* The pending event at [index], oldest first; NULL past the end. */
const struct sm_event *sm_sim_pending(const struct sm_sim *sim, uint32_t index);

/* `<actor>.<what> <object>`, cut off at SM_SIM_LABEL_BYTES - 1. */
const char *sm_sim_label(char out[SM_SIM_LABEL_BYTES], const struct sm_event *event);
const char *sm_sim_point_label(char out[SM_SIM_LABEL_BYTES], const struct sm_choice_point *point);

/* Lives in [keep], which must not be the run's region. */
struct sm_sim_snapshot;
struct sm_sim_snapshot *sm_sim_snapshot(const struct sm_sim *sim, struct sm_region *keep);
void sm_sim_restore(struct sm_sim *sim, const struct sm_sim_snapshot *snapshot);

#endif
