/* The states that a search has seen, and how much it might still go wrong there: nine bytes a state, open addressing.
 *
 * A state is its canonical hash. Seen with as much left or more, nothing new can come of it. While its successors are being searched
 * it is open: to meet it again then is a circle.
 */
#ifndef SM_VISITED_H
#define SM_VISITED_H

#include "region.h"

enum { SM_VISITED_LEFT_MAX = 127 };

enum sm_visit {
    SM_VISIT_NEW,
    SM_VISIT_MORE,   /* seen with less left */
    SM_VISIT_SEEN,
    SM_VISIT_CIRCLE, /* open, with the same left */
};

struct sm_visited {
    struct sm_region *region; /* its own: growing leaves the smaller table behind */
    uint64_t *key;            /* 0: free */
    uint8_t *left;            /* 128: it is open */
    uint64_t count, capacity;
};

void sm_visited_init(struct sm_visited *visited, struct sm_region *region);

/* New or with more left than before, it is open from now on. */
enum sm_visit sm_visited_meet(struct sm_visited *visited, uint64_t key, uint8_t left);
void sm_visited_close(struct sm_visited *visited, uint64_t key);

/* Chance that two of them were taken for one: 1 in so many. */
uint64_t sm_visited_collision(const struct sm_visited *visited);

#endif
