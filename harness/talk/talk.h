/* A conversation with a controller, without a cluster: objects are given, its calls are written down in order and answered.
 *
 * So a test reaches what no cluster can produce: a cache and a store that differ as it likes, objects below admission, any
 * answer to any call. What a call is answered with, unless the test says otherwise:
 *
 *      get, list        what the store has, else 404
 *      create, update   the body, with a resourceVersion
 *      patch            the object with a merge patch put on it, or the body of an apply
 *      delete           the object
 *      services         200 with an empty object, 201 for a POST
 *
 * Writes do not change the store, so a conversation is about one pass, or about passes that all see the same.
 * Everything lives in the talk's own regions.
 */
#ifndef SM_TALK_H
#define SM_TALK_H

#include "manager.h"
#include "sim.h"
#include "str.h"

enum { SM_TALK_OBJECTS_MAX = 32, SM_TALK_ANSWERS_MAX = 32, SM_TALK_CALLS_MAX = 256, SM_TALK_RESOURCES_MAX = 24 };

struct sm_talk_answer {
    const char *call; /* `GET statefulsets/n-1`, `POST /v0/tasks` */
    struct sm_reply reply;
};

struct sm_talk_call {
    const char *call;
    const struct sm_request *request; /* NULL for a service call */
    const struct sm_service_call *service;
    struct sm_answer_to to;
    struct sm_reply reply;
};

struct sm_talk {
    struct sm_region run, scratch;
    struct sm_sim *sim;
    struct sm_manager *manager;
    const struct sm_controller *controller;
    const void *options;
    struct sm_client client;
    struct sm_transport transport;
    struct sm_log logs[SM_TALK_RESOURCES_MAX]; /* what the caches read */
    sm_val store[SM_TALK_OBJECTS_MAX];
    struct sm_talk_answer answers[SM_TALK_ANSWERS_MAX];
    struct sm_talk_call calls[SM_TALK_CALLS_MAX];
    size_t log_count, store_count, answer_count, call_count;
    int64_t version;
    uint32_t passes;     /* that have ended */
    struct sm_str heard; /* calls, events and how passes ended, a line each */
    /* What to write behind a call; "" for nothing. NULL: bodies of patches and options of deletes, as JSON. */
    const char *(*describe)(struct sm_region *r, const struct sm_request *request);
};

void sm_talk_init(struct sm_talk *talk, const struct sm_controller *controller, const void *options);
void sm_talk_release(struct sm_talk *talk);

/* What there is: everywhere, only for live reads, only in caches. */
void sm_talk_given(struct sm_talk *talk, sm_val object);
void sm_talk_stored(struct sm_talk *talk, sm_val object);
void sm_talk_cached(struct sm_talk *talk, sm_val object);

/* Answers [call] so, each time; the latest word counts. */
void sm_talk_answer(struct sm_talk *talk, const char *call, int code, sm_val body);

/* Starts the controller and lets it run until [passes] passes have ended. Returns what was heard. */
const char *sm_talk_run(struct sm_talk *talk, uint32_t passes);

/* The i-th request of that call, NULL if there were fewer. */
const struct sm_request *sm_talk_request(const struct sm_talk *talk, const char *call, size_t i);

#endif
