#include "queue.h"

#include <string.h>

#include "bug.h"

static const sm_time delay_min = 5 * SM_MILLISECOND, delay_max = 1000 * SM_SECOND;
enum { DOUBLINGS_MAX = 18 }; /* 5 ms * 2^18 is more than delay_max */

static bool same_key(struct sm_key a, struct sm_key b) {
    return (a.name == b.name || strcmp(a.name, b.name) == 0) && (a.name_space == b.name_space || strcmp(a.name_space, b.name_space) == 0);
}

static struct sm_queue_item *find(const struct sm_queue *queue, struct sm_key key) {
    for (uint32_t i = 0; i < queue->used; i++) {
        if (queue->item[i].key.name && same_key(queue->item[i].key, key))
            return &queue->item[i];
    }
    return NULL;
}

static struct sm_queue_item *find_or_make(struct sm_queue *queue, struct sm_key key) {
    struct sm_queue_item *item = find(queue, key);

    if (item)
        return item;
    for (uint32_t i = 0; i < queue->used && !item; i++)
        item = queue->item[i].key.name ? NULL : &queue->item[i];
    if (!item) {
        if (queue->used == queue->capacity)
            sm_bug("more than %u keys in one queue; the new one is %s/%s", queue->capacity, key.name_space, key.name);
        item = &queue->item[queue->used++];
    }
    item->key = key;
    return item;
}

/* Frees the slot of a key that nothing is known of any more. */
static void release(struct sm_queue *queue, struct sm_queue_item *item) {
    if (item->dirty || item->processing || item->failures || item->due)
        return;
    memset(item, 0, sizeof *item);
    while (queue->used && !queue->item[queue->used - 1].key.name)
        queue->used--;
}

static void enqueue(struct sm_queue *queue, struct sm_queue_item *item) {
    item->queued = true;
    item->order = queue->next_order++;
    queue->queued++;
}

static void add(struct sm_queue *queue, struct sm_queue_item *item) {
    if (item->dirty)
        return;
    item->dirty = true;
    if (!item->processing)
        enqueue(queue, item);
}

void sm_queue_init(struct sm_queue *queue, struct sm_queue_item *items, uint32_t capacity) {
    *queue = (struct sm_queue){.item = items, .capacity = capacity};
    memset(items, 0, capacity * sizeof items[0]);
}

void sm_queue_clear(struct sm_queue *queue) {
    memset(queue->item, 0, queue->used * sizeof queue->item[0]);
    *queue = (struct sm_queue){.item = queue->item, .capacity = queue->capacity};
}

const struct sm_queue_item *sm_queue_find(const struct sm_queue *queue, struct sm_key key) {
    return find(queue, key);
}

void sm_queue_add(struct sm_queue *queue, struct sm_key key) {
    add(queue, find_or_make(queue, key));
}

void sm_queue_add_at(struct sm_queue *queue, struct sm_key key, sm_time due) {
    struct sm_queue_item *item = find_or_make(queue, key);

    if (!item->due || due < item->due)
        item->due = due;
}

sm_time sm_queue_failed(struct sm_queue *queue, struct sm_key key) {
    struct sm_queue_item *item = find_or_make(queue, key);
    uint32_t doublings = item->failures < DOUBLINGS_MAX ? item->failures : DOUBLINGS_MAX;
    sm_time delay = delay_min << doublings;

    item->failures++;
    return delay < delay_max ? delay : delay_max;
}

void sm_queue_forget(struct sm_queue *queue, struct sm_key key) {
    struct sm_queue_item *item = find(queue, key);

    if (item) {
        item->failures = 0;
        release(queue, item);
    }
}

/* The next delayed key: earliest deadline, then lowest slot. */
static struct sm_queue_item *next_delayed(const struct sm_queue *queue) {
    struct sm_queue_item *next = NULL;

    for (uint32_t i = 0; i < queue->used; i++) {
        struct sm_queue_item *item = &queue->item[i];

        if (item->due && (!next || item->due < next->due))
            next = item;
    }
    return next;
}

sm_time sm_queue_wake(struct sm_queue *queue, sm_time now) {
    struct sm_queue_item *item;

    while ((item = next_delayed(queue)) && item->due <= now) {
        item->due = 0;
        add(queue, item);
    }
    return item ? item->due : 0;
}

static struct sm_queue_item *longest_waiting(const struct sm_queue *queue) {
    struct sm_queue_item *oldest = NULL;

    for (uint32_t i = 0; i < queue->used && queue->queued; i++) {
        struct sm_queue_item *item = &queue->item[i];

        if (item->queued && (!oldest || item->order < oldest->order))
            oldest = item;
    }
    return oldest;
}

bool sm_queue_peek(const struct sm_queue *queue, struct sm_key *ret_key) {
    const struct sm_queue_item *item = longest_waiting(queue);

    if (item)
        *ret_key = item->key;
    return item != NULL;
}

bool sm_queue_take(struct sm_queue *queue, struct sm_key *ret_key) {
    struct sm_queue_item *item = longest_waiting(queue);

    if (!item)
        return false;
    item->queued = item->dirty = false;
    item->processing = true;
    queue->queued--;
    *ret_key = item->key;
    return true;
}

void sm_queue_done(struct sm_queue *queue, struct sm_key key) {
    struct sm_queue_item *item = find(queue, key);

    SM_ASSERT(item && item->processing);
    item->processing = false;
    if (item->dirty)
        enqueue(queue, item);
    else
        release(queue, item);
}
