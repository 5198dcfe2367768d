/* A cache of one resource that lags: list + watch, of one client.
 *
 * The cache is a place in the resource's log (see log.h): everything up to [read] has been seen. How far it lags belongs to
 * it: each change arrives [lag] after it was committed, in order; a held informer gets nothing until it is released.
 * A live watch never skips or doubles an event. States are lost only by a relist (drop and list again): a vanished object
 * then arrives as a delete of its last known state, one recreated under its name as an update from the old uid to the new.
 * Whether the watch is cut instead of bringing a change, or its process ends before or after it has heard of it, is a choice:
 * SM_CHOICE_FAULT. After a cut it lists again, at a version that is not older than what it has seen: SM_CHOICE_AGE.
 * The first list is at resourceVersion 0 and may be as old as the scenario says; so after a restart a cache may be older
 * than what its predecessor saw.
 */
#ifndef SM_INFORMER_H
#define SM_INFORMER_H

#include "env.h"
#include "log.h"
#include "service.h"

struct sm_informer;

/* Told after the cache has changed. [before] NULL: added; [after] NULL: deleted. */
typedef void (*sm_informer_handler)(struct sm_env *env, void *arg, struct sm_informer *informer, sm_val before, sm_val after, bool initial);
/* Told when the first list is in the cache, after its handlers. */
typedef void (*sm_informer_synced)(struct sm_env *env, void *arg, struct sm_informer *informer);

struct sm_informer {
    const struct sm_resource *resource;
    const char *client; /* for labels and the journal */
    const char *name;   /* `seinode-controller/pods` */
    const struct sm_log *log;
    sm_informer_handler handler;
    sm_informer_synced on_synced;                 /* may be NULL; set after init */
    void (*crash)(struct sm_env *env, void *arg); /* ends its process; NULL: it can't end. Set after init */
    void *arg;

    sm_time lag;          /* of each event */
    sm_time list_latency; /* of the first list */
    sm_time list_age;     /* the first list shows the state of so long ago */
    sm_time catch_up;     /* after the first list its watch brings nothing for so long: its API server lags */
    bool started;         /* list has been asked for */
    bool synced;          /* has its first list */
    bool held;
    bool live;             /* its readers see the store as it is now, though events come as late as ever: would that have helped? */
    bool stopped;          /* its watch was cut: nothing arrives until a relist */
    bool relist_waits;     /* the time to list again came while held */
    bool list_waits;       /* the first list arrived while held */
    uint32_t list_at;      /* of the first list, see sm_informer_start */
    uint32_t read;         /* entries of the log it has seen */
    uint64_t pending;      /* id of the scheduled list or delivery; 0: none */
    sm_time last_delivery; /* deliveries never overtake each other */
    sm_time cut_until;     /* stopped: when it lists again; 0: nothing is scheduled */
};

void sm_informer_init(struct sm_informer *informer, const struct sm_resource *resource, const char *client, const char *name,
                      sm_informer_handler handler, void *arg);

/* Lists (after list_latency) at the version that entry count [at] stands for (UINT32_MAX: the latest that is list_age old
 * then), and watches on. An older list is a choice: SM_CHOICE_AGE, so many entries older. */
void sm_informer_start(struct sm_env *env, struct sm_informer *informer, const struct sm_log *log, uint32_t at);

/* Forgets everything: a crash, or the end of its process. Lags, age and hold stay. */
void sm_informer_reset(struct sm_env *env, struct sm_informer *informer);

/* The log has a new entry: schedules its delivery. Called for every informer of the resource. */
void sm_informer_notify(struct sm_env *env, struct sm_informer *informer);

void sm_informer_hold(struct sm_env *env, struct sm_informer *informer);
void sm_informer_release(struct sm_env *env, struct sm_informer *informer);

/* Drops the watch and lists again at entry count [at], though never an older state than was seen (UINT32_MAX: the latest):
 * what changed or vanished between arrives at once, in this order. */
void sm_informer_relist(struct sm_env *env, struct sm_informer *informer, uint32_t at);

/* The cache now; NULL root before the first list. */
sm_pmap sm_informer_store(const struct sm_informer *informer);

/* What its readers see: the cache, or the store if it is live. */
sm_pmap sm_informer_read(const struct sm_informer *informer);

/* Entries of the log that it has not seen. */
uint32_t sm_informer_behind(const struct sm_informer *informer);

#endif
