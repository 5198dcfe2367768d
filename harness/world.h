/* A world: one cluster in virtual time, with the controllers under test, the other actors and the user of a scenario.
 *
 *      user ──▶ ┐                                       ┌── kubelet, sidecars
 *      controllers under test ─ network ─▶ server ◀─ network ─┴── statefulset, garbage collector, scheduler …
 *                  ▲                          │ changed
 *                  └──── informers, late ◀────┘
 *
 * A world starts with what its scenario gives, comes to rest (its opening: no lag, no faults), and then its steps begin.
 * It is set up once, in the run's region, and holds nothing elsewhere: clearing the region is its end. What changes lives
 * in sm_env_state, so sm_sim_snapshot and sm_sim_restore are its snapshots.
 */
#ifndef SM_WORLD_H
#define SM_WORLD_H

#include "hash.h"
#include "kubelet.h"
#include "library.h"
#include "manager.h"
#include "network.h"
#include "property.h"
#include "scenario.h"
#include "server.h"
#include "sidecar.h"
#include "sim.h"
#include "use.h"

enum { SM_WORLD_ACTORS_MAX = 16, SM_WORLD_REASON_BYTES = 512 };

struct sm_world_config {
    struct sm_region *run;     /* empty */
    struct sm_region *scratch; /* emptied after every event; NULL: the run's region serves */
    struct sm_library *library;
    const struct sm_scenario *scenario;
    const struct sm_profile *profile; /* of controllers that name none */
    const struct sm_use *uses;        /* the controllers that it may name; NULL: sm_uses */
    bool control;                     /* without lag, faults and disturbances */
    struct sm_sim_chooser chooser;    /* from when the steps begin */
    struct sm_sim_sink sink;
    sm_time window;
    const char *live; /* controllers under test read the caches that match this (`*`) live from when the steps begin; NULL: none */
};

struct sm_world_actor {
    struct sm_manager *manager;
    const struct sm_client *client;
    const struct sm_use *use; /* NULL: not under test */
    bool under_test;
};

enum sm_world_phase { SM_WORLD_OPENING, SM_WORLD_STEPS };

/* What a world remembers for its verdict; state. */
struct sm_world_memory {
    enum sm_world_phase phase;
    bool violated;
    const char *property;               /* that broke first, or the kind of step; in the run's region, or static */
    char reason[SM_WORLD_REASON_BYTES]; /* of the violation */
    uint64_t changes;                   /* entries of all logs */
    uint64_t writes;                    /* without Events and Leases */
    sm_time last_write;
    uint64_t plans_failed, plans_complete;
    int last_error_code;    /* of a call of a controller under test since it last wrote; 0: none */
    const char *last_error; /* `DELETE pods default/n-1-0: …`; in the run's region */
};

struct sm_user;
struct sm_judge;

/* A property that is on, and its state. */
struct sm_world_hook {
    const struct sm_property *property;
    void *state;
};

struct sm_world {
    struct sm_world_config config;
    struct sm_sim *sim;
    struct sm_env *env;
    struct sm_server *server;
    struct sm_network *network;
    struct sm_sidecars *sidecars;
    struct sm_kubelet *kubelet;
    struct sm_world_actor actors[SM_WORLD_ACTORS_MAX]; /* those under test first */
    size_t actor_count;
    struct sm_user *user;
    struct sm_world_memory *memory;
    struct sm_judge *judge;
    void *property_state[SM_PROPERTIES_MAX];
    struct sm_world_hook on_call[SM_CALL_PHASE_COUNT][SM_PROPERTIES_MAX], on_change[SM_PROPERTIES_MAX];
    size_t on_call_count[SM_CALL_PHASE_COUNT], on_change_count;
    struct sm_hash_memo *hash_memo; /* of its canonical hash; whoever runs it often gives it one */
    const char *setup_error;        /* a manifest that the server refused; NULL: none */
    const char *setup_place;
};

struct sm_world *sm_world_new(const struct sm_world_config *config);

/* Runs one event, and everything that must be looked at after it. False if nothing is pending. */
bool sm_world_step(struct sm_world *world);

/* Runs the opening to its end: every SeiNode is Running with no plan, and nobody has anything to do. False if it does not
 * come to rest within ten minutes. */
bool sm_world_settle(struct sm_world *world);

/* Lag, faults, choices and steps begin. [chooser] NULL: the one there is. */
void sm_world_begin(struct sm_world *world, const struct sm_sim_chooser *chooser);

/* Both; false if it does not come to rest. */
bool sm_world_open(struct sm_world *world);

/* Nothing is in flight, undelivered or waiting: only timers remain. What is held does not count. */
bool sm_world_idle(const struct sm_world *world);

/* The canonical hash (design decision 8) of everything but what is only about when: which events are pending, in which order and for how long yet. */
void sm_world_hash(const struct sm_world *world, struct sm_hash *hash);
void sm_world_hash_pending(const struct sm_world *world, struct sm_hash *hash);

/* By a property or a step: the run is violated. The first reason stays. */
void sm_world_violate(struct sm_world *world, const char *property, const char *reason);

struct sm_world_actor *sm_world_actor(struct sm_world *world, const char *name); /* NULL if there is none */

/* Calls [each] for every informer whose `client/resource` matches the glob [cache]; returns how many. */
size_t sm_world_informers(struct sm_world *world, const char *cache,
                          void (*each)(struct sm_env *env, struct sm_informer *informer, void *arg), void *arg);

/* The object now; NULL if there is none, or it has no such place. */
sm_val sm_world_object(const struct sm_world *world, const struct sm_target *target);

#endif
