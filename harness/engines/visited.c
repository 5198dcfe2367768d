#include "visited.h"

#include <string.h>

enum { CAPACITY_MIN = 1 << 12, OPEN = 128 };

static void make(struct sm_visited *visited, uint64_t capacity) {
    visited->capacity = capacity;
    visited->key = sm_region_zalloc(visited->region, capacity * sizeof *visited->key);
    visited->left = sm_region_zalloc(visited->region, capacity);
}

void sm_visited_init(struct sm_visited *visited, struct sm_region *region) {
    *visited = (struct sm_visited){.region = region};
    make(visited, CAPACITY_MIN);
}

static uint64_t slot_of(const struct sm_visited *visited, uint64_t key) {
    uint64_t i = key >> 7 & (visited->capacity - 1);

    while (visited->key[i] && visited->key[i] != key)
        i = (i + 1) & (visited->capacity - 1);
    return i;
}

static void grow(struct sm_visited *visited) {
    const struct sm_visited old = *visited;

    make(visited, 2 * old.capacity);
    for (uint64_t i = 0; i < old.capacity; i++) {
        if (!old.key[i])
            continue;
        uint64_t to = slot_of(visited, old.key[i]);
        visited->key[to] = old.key[i];
        visited->left[to] = old.left[i];
    }
}

enum sm_visit sm_visited_meet(struct sm_visited *visited, uint64_t key, uint8_t left) {
    key = key ? key : 1;
    uint64_t i = slot_of(visited, key);

    if (!visited->key[i]) {
        if (++visited->count > visited->capacity / 8 * 5) {
            grow(visited);
            i = slot_of(visited, key);
        }
        visited->key[i] = key;
        visited->left[i] = left | OPEN;
        return SM_VISIT_NEW;
    }
    if ((visited->left[i] & ~OPEN) < left) {
        visited->left[i] = left | OPEN;
        return SM_VISIT_MORE;
    }
    return visited->left[i] == (left | OPEN) ? SM_VISIT_CIRCLE : SM_VISIT_SEEN;
}

void sm_visited_close(struct sm_visited *visited, uint64_t key) {
    visited->left[slot_of(visited, key ? key : 1)] &= (uint8_t)~OPEN;
}

/* Of n hashes of 64 bits: about n^2 in 2^65. */
uint64_t sm_visited_collision(const struct sm_visited *visited) {
    uint64_t n = visited->count, half = n > 1 ? UINT64_MAX / n : UINT64_MAX;

    return n > 1 ? half / n * 2 : UINT64_MAX;
}
