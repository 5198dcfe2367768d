/* The work queue and rate limiter of one controller, as client-go's workqueue and controller-runtime 0.23 behave
 * (spec: kubernetes.md 7.2, 7.3).
 *
 * Three sets: queue (order), dirty, processing. Adding a key that waits already does nothing; adding one that is being
 * processed makes it run exactly once more; one key is never processed twice at a time.
 * Failures: 5 ms * 2^n, at most 1000 s, per key. Delayed adds: the earliest deadline of a key wins.
 *
 * The items are the caller's memory, so that all of a queue can be state; more keys at a time than there are items is a bug.
 */
#ifndef SM_QUEUE_H
#define SM_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "clock.h"

enum { SM_QUEUE_KEYS_MAX = 64 }; /* the usual number of items */

/* Names of an object. Both strings live in the run's region. */
struct sm_key {
    const char *name_space;
    const char *name;
};

struct sm_queue_item {
    struct sm_key key; /* name NULL: the slot is free */
    bool queued;       /* waits for a worker */
    bool dirty;        /* has to be processed (again) */
    bool processing;
    uint32_t failures; /* in a row */
    uint64_t order;    /* when it was queued: smallest first */
    sm_time due;       /* of a delayed add; 0: none */
};

struct sm_queue {
    struct sm_queue_item *item;
    uint32_t capacity;
    uint32_t used;   /* slots in use or once used: all others are zero */
    uint32_t queued; /* how many wait for a worker */
    uint64_t next_order;
};

void sm_queue_init(struct sm_queue *queue, struct sm_queue_item *items, uint32_t capacity);
void sm_queue_clear(struct sm_queue *queue);

/* The item of [key], NULL if the queue knows nothing of it. */
const struct sm_queue_item *sm_queue_find(const struct sm_queue *queue, struct sm_key key);

void sm_queue_add(struct sm_queue *queue, struct sm_key key);
void sm_queue_add_at(struct sm_queue *queue, struct sm_key key, sm_time due);

/* Counts one more failure and returns the delay until the key should be added again. */
sm_time sm_queue_failed(struct sm_queue *queue, struct sm_key key);
void sm_queue_forget(struct sm_queue *queue, struct sm_key key);

/* Moves every delayed key whose time has come into the queue. Returns the next deadline, 0 if none. */
sm_time sm_queue_wake(struct sm_queue *queue, sm_time now);

/* The key that has waited longest; false if none waits. Taken, it is processing. */
bool sm_queue_peek(const struct sm_queue *queue, struct sm_key *ret_key);
bool sm_queue_take(struct sm_queue *queue, struct sm_key *ret_key);
void sm_queue_done(struct sm_queue *queue, struct sm_key key);
static inline bool sm_queue_waiting(const struct sm_queue *queue) { return queue->queued > 0; }

#endif
