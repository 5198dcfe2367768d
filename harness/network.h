/* What lies between clients and the server: the in-process transport. A request is sent, committed, answered: three events,
 * so that other actors act between two calls of one pass, an answer can be lost, and a crash falls between any two.
 *
 *      client ──send──▶ │ half the latency │ ──commit: sm_server_handle──▶ │ the other half │ ──answer──▶ client
 *                       └ held, refused, lost                             └ lost, delayed
 *
 * Latencies and faults are rules; the first rule that matches counts. What no rule makes go wrong is a choice. Calls of outside services (`sidecar`) go the same way,
 * to a handler by name. Everything in flight is immutable in the run's region; counters and holds are one state block.
 */
#ifndef SM_NETWORK_H
#define SM_NETWORK_H

#include "hash.h"
#include "server.h"
#include "service.h"

enum { SM_NETWORK_FAULTS_MAX = 32, SM_NETWORK_HOLDS_MAX = 8, SM_NETWORK_HELD_MAX = 64 };

/* Which requests or calls a rule is about. NULL matches anything; `*` in a text matches any part of it. */
struct sm_call_match {
    const char *client;     /* `seinode-controller` */
    const char *verb;       /* `get`, `apply`, `delete` …; of a service its method: `POST` */
    const char *resource;   /* `pods`, `statefulsets/status`; a service by its name: `sidecar` */
    const char *name_space; /* never matches a service call */
    const char *name;       /* of the object; of a service its path: `/v0/healthz` */
    sm_val body;            /* a partial object that the body must match (match.h) */
};

struct sm_latency_rule {
    struct sm_call_match match;
    sm_time latency; /* there and back */
};

/* What can go wrong with a call; how often a search expects it of a real cluster is its grade. */
/*    id            name            grade */
#define SM_FAULTS(X) \
    X(NONE, "none", "common") \
    X(CONFLICT, "conflict", "common")         /* 409 Conflict, nothing is done */ \
    X(LOSE_ANSWER, "lose-answer", "rare")     /* done, but the client sees its connection break */ \
    X(LOSE_REQUEST, "lose-request", "rare")   /* nothing is done, and the client sees its connection break */ \
    X(ERROR, "error", "rare")                 /* a Status of some code, nothing is done */ \
    X(DELAY, "delay", "common")               /* it arrives so much later */ \
    X(DELAY_ANSWER, "delay-answer", "common") /* done in time, answered so much later */ \
    X(CRASH_BEFORE, "crash-before", "common") /* nothing is done: its client's process ends before it is sent */ \
    X(CRASH_AFTER, "crash-after", "common")   /* done, and its client's process ends before the answer */ \
    X(CRASH_AMID, "crash-amid", "rare")       /* its client's process ends, and it arrives so much later nevertheless */ \
    X(PAUSE_BEFORE, "pause-before", "rare")   /* its client's process does nothing for so long, then sends it */ \
    X(PAUSE_AFTER, "pause-after", "rare")     /* done, and its client's process does nothing for so long */

enum sm_fault {
#define X(id, name, grade) SM_FAULT_##id,
    SM_FAULTS(X)
#undef X
    SM_FAULT_COUNT
};
extern const char *const sm_fault_names[SM_FAULT_COUNT];
extern const char *const sm_fault_grades[SM_FAULT_COUNT];

struct sm_fault_rule {
    struct sm_call_match match;
    uint32_t nth;   /* the first call that it hits, from 1; 0: the first */
    uint32_t times; /* how many in a row; 0: all from then on */
    enum sm_fault fault;
    int code;            /* ERROR */
    const char *message; /* ERROR; NULL: the usual text of that code */
    sm_time delay;       /* DELAY, DELAY_ANSWER, CRASH_AMID, PAUSE_*; LOSE_*: when the client notices, 0: at once */
};

/* One step of one call, for triggers and properties. */
enum sm_call_phase { SM_CALL_SENT, SM_CALL_COMMITTED, SM_CALL_ANSWERED, SM_CALL_PHASE_COUNT };
struct sm_call_event {
    enum sm_call_phase phase;
    const struct sm_request *request;      /* NULL for a service call */
    const struct sm_service_call *service; /* NULL for a request */
    const struct sm_reply *reply;          /* NULL when sent */
    bool faulted;                          /* the reply was made by a fault, not by the server */
};

struct sm_network_config {
    struct sm_server *server;
    const struct sm_latency_rule *latencies; /* [latency_count] rules; what none matches takes [latency] */
    size_t latency_count;
    sm_time latency;
    const struct sm_fault_rule *faults;
    size_t fault_count;
    /* Ends the process of [client], now; false if it has none that can end. NULL: nobody has. */
    bool (*crash)(struct sm_env *env, void *arg, const struct sm_client *client, bool really);
    /* The process of [client], one that can end, does nothing until then. */
    void (*pause)(struct sm_env *env, void *arg, const struct sm_client *client, sm_time until);
    void *crash_arg; /* of both */
    /* Answers a call of a service; code -1: it hangs until the caller's timeout. */
    struct sm_reply (*service)(struct sm_env *env, void *arg, const struct sm_service_call *call);
    void *service_arg;
    /* Told of every step before what follows is scheduled. May be NULL. */
    void (*observe)(struct sm_env *env, void *arg, const struct sm_call_event *event);
    void *observe_arg;
};

struct sm_network;

/* Takes its memory with sm_env_state. [config] and its rules live as long as the run. */
struct sm_network *sm_network_new(struct sm_env *env, const struct sm_network_config *config);

/* From now on the rules count: before, every call takes the usual latency and none goes wrong. */
void sm_network_begin(struct sm_network *network);

const struct sm_transport *sm_network_transport(struct sm_network *network);

/* Commits a request at once, within the current event: for users and for setting a world up. Never faulted. */
const struct sm_reply *sm_network_do(struct sm_env *env, struct sm_network *network, const struct sm_request *request);

/* From now on calls that match wait on their way to the server; released, they arrive in the order they were sent. Holding
 * and releasing are told apart by [match]'s address. */
void sm_network_hold(struct sm_env *env, struct sm_network *network, const struct sm_call_match *match);
void sm_network_release(struct sm_env *env, struct sm_network *network, const struct sm_call_match *match);

/* What the way of a choice makes go wrong, as a rule without a match; NULL: it is no call's. */
const struct sm_fault_rule *sm_network_way(const char *way);

/* How often a search may expect what a choice stands for, by the name of its way: `time-out`, `cut-20s`. */
const char *sm_fault_grade(const char *way);

bool sm_call_matches(const struct sm_call_match *match, const struct sm_request *request, const struct sm_service_call *service);

/* How many calls fault rule [i] has hit: a rule that never fires makes a scenario vacuous. */
uint32_t sm_network_fault_hits(const struct sm_network *network, size_t i);
/* A hold that no call has ever waited for, released or not: it makes a scenario vacuous, too. NULL: none. */
const struct sm_call_match *sm_network_idle_hold(const struct sm_network *network);
uint32_t sm_network_held(const struct sm_network *network); /* calls waiting */

/* True if [event] is one of a call in flight; then adds what it carries to [hash]. */
bool sm_network_hash_event(const struct sm_event *event, struct sm_hash *hash);
void sm_network_hash(const struct sm_network *network, struct sm_hash *hash);

#endif
