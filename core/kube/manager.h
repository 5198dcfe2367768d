/* One running controller: its informers, queue, the pass in flight, and its event recorder (controller-runtime's manager).
 *
 *      log ──lag──▶ informer ──map──▶ queue ──▶ pass: reconcile, call by call ──▶ transport
 *                      ▲                              │ answers, recorded
 *                      └──── cached reads ────────────┘
 *
 * All of it is memory of a process: a crash loses it, never the store, and a write already sent may land later.
 */
#ifndef SM_MANAGER_H
#define SM_MANAGER_H

#include "controller.h"
#include "env.h"
#include "hash.h"
#include "informer.h"
#include "service.h"

enum { SM_MANAGER_INFORMERS_MAX = 20 };

struct sm_manager;

struct sm_manager_config {
    const struct sm_controller *controller;
    const struct sm_client *client;
    const struct sm_transport *transport;
    const void *options;   /* for sm_ctx_options */
    sm_time think;         /* time from a key in the queue to its pass; 0: at once, as an event of its own */
    sm_time restart_delay; /* from a crash to the new process's first list, when nothing else restarts it; negative: never */
    bool mortal;           /* whether its process ends is a choice, at every watch event too: SM_CHOICE_FAULT */
    uint32_t queue_max;    /* keys at a time; 0: SM_QUEUE_KEYS_MAX */
};

/* Takes its memory with sm_env_state. Nothing happens before sm_manager_start. */
struct sm_manager *sm_manager_new(struct sm_env *env, const struct sm_manager_config *config);

/* A process starts: its eager informers list. */
void sm_manager_start(struct sm_env *env, struct sm_manager *manager);

/* The process is gone, now: informers, queue, pass, recorder. Requests already sent go on. */
void sm_manager_crash(struct sm_env *env, struct sm_manager *manager);

/* After a crash: the new process starts after [delay], instead of restart_delay. */
void sm_manager_restart_after(struct sm_env *env, struct sm_manager *manager, sm_time delay);

/* Another version of the controller from the next start on: an upgrade. */
void sm_manager_set_options(struct sm_manager *manager, const void *options);

bool sm_manager_running(const struct sm_manager *manager);
const struct sm_controller *sm_manager_controller(const struct sm_manager *manager);
const struct sm_client *sm_manager_client(const struct sm_manager *manager);

/* Its informer of [resource], started or not; NULL if it watches no such kind. */
struct sm_informer *sm_manager_informer(struct sm_manager *manager, const struct sm_resource *resource);

/* The log of [resource] has a new entry. */
void sm_manager_notify(struct sm_env *env, struct sm_manager *manager, const struct sm_resource *resource);

/* Nothing waits, nothing is in flight, nothing undelivered but what is held (delayed adds may exist). [ret_next] the earliest of those, 0 if none. */
bool sm_manager_idle(const struct sm_manager *manager, sm_time *ret_next);

/* The key of the pass in flight, and the how-manieth it is since the run began; false if there is none. */
bool sm_manager_pass(const struct sm_manager *manager, struct sm_key *ret_key, uint64_t *ret_number);

/* Says in words what it waits for (`pass of default/n-1 waits for GET statefulsets`), for verdicts. */
const char *sm_manager_waits_for(const struct sm_manager *manager, struct sm_region *r);

/* Adds its state to a canonical hash (design decision 8). */
void sm_manager_hash(const struct sm_manager *manager, struct sm_hash *hash, sm_time now);

#endif
