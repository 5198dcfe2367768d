/* The event recorder of one process: client-go's, with its correlator (spec: kubernetes.md 3.12).
 *
 *      sm_recorder_add ──▶ queue ──▶ correlate: new, again, or one of many similar ──▶ POST, or PATCH of count and message
 *
 * It never blocks who records: what finds the queue full is dropped. It works off one event at a time, each as requests of
 * its own, and dies with its process.
 * All of it is state; what it points to is immutable, in the run's region.
 */
#ifndef SM_RECORDER_H
#define SM_RECORDER_H

#include "env.h"
#include "pmap.h"
#include "service.h"

enum { SM_RECORDER_EVENTS_MAX = 32 };

struct sm_recorded;

struct sm_recorder {
    const struct sm_client *client;
    const struct sm_transport *transport;
    const char *component; /* who reports: the controller's name */

    const struct sm_recorded *queue[SM_RECORDER_EVENTS_MAX];
    uint32_t first, count;
    sm_pmap seen;       /* event -> how often, under which name */
    sm_pmap similar;    /* events that differ in their message only -> the messages */
    sm_pmap allowances; /* object -> how many more events it may have now */
    sm_time last_stamp; /* no two events have one name */
    uint64_t pending;   /* id of the scheduled work; 0: none */
    uint64_t token;     /* of the request in flight */
    bool in_flight;
    uint32_t tries; /* of the event being posted */
    const struct sm_request *request;
    sm_val body; /* what a POST of it would carry */
};

void sm_recorder_init(struct sm_recorder *recorder, const struct sm_client *client, const struct sm_transport *transport,
                      const char *component);
/* The process is gone. An answer that is under way will be ignored. */
void sm_recorder_reset(struct sm_env *env, struct sm_recorder *recorder);

/* [type] is `Normal` or `Warning`. */
void sm_recorder_add(struct sm_env *env, struct sm_recorder *recorder, const struct sm_resource *resource, sm_val object, const char *type,
                     const char *reason, const char *message);

bool sm_recorder_idle(const struct sm_recorder *recorder);

#endif
