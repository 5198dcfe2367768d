/* A persistent map from strings to pointers, ordered by key bytes.
 *
 * An edit copies the path from the root (about 1.4 log2 n nodes) and shares the rest, so a root pointer is a snapshot:
 * the store keeps one root a kind, a lagging cache is an older root, and history costs nothing.
 * It is a treap whose priorities are hashes of the keys: its shape depends on its content only, so equal maps that were
 * built in different orders have equal shapes. An empty map is NULL.
 */
#ifndef SM_PMAP_H
#define SM_PMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "region.h"

struct sm_pmap {
    const char *key; /* NUL-terminated, lives as long as the map */
    const void *value;
    const struct sm_pmap *left, *right;
    uint32_t priority;
    uint32_t count; /* entries in this subtree */
};

typedef const struct sm_pmap *sm_pmap;

const void *sm_pmap_get(sm_pmap map, const char *key);

/* [key] is copied into [r] only when it is new to the map. [value] must not be NULL. */
sm_pmap sm_pmap_set(struct sm_region *r, sm_pmap map, const char *key, const void *value);
sm_pmap sm_pmap_remove(struct sm_region *r, sm_pmap map, const char *key);

static inline size_t sm_pmap_count(sm_pmap map) { return map ? map->count : 0; }

/* The first entry whose key is >= [key], or > [key] if [after]; NULL at the end. O(log n): a cursor is just a key. */
sm_pmap sm_pmap_seek(sm_pmap map, const char *key, bool after);

/* The entry at [index] in key order. */
sm_pmap sm_pmap_at(sm_pmap map, size_t index);

/* Calls [visit] in key order for every key with [prefix] ("" for all) until it returns false. */
void sm_pmap_each(sm_pmap map, const char *prefix, bool (*visit)(void *arg, const char *key, const void *value), void *arg);

/* Calls [visit] in key order for every key whose value pointer differs between the two maps; an absent side is NULL.
 * Shared subtrees are skipped, so the cost is that of the difference. */
void sm_pmap_diff(sm_pmap before, sm_pmap after, bool (*visit)(void *arg, const char *key, const void *before, const void *after),
                  void *arg);

#endif
