/* The log of one resource: every committed change, in order. Watching is pulling from it.
 *
 * Each entry keeps the root of the whole store of that resource after the change, so a cache that has read n entries simply
 * is the root of entry n-1: there is no second store, a lagging cache is an older root and its place in the log.
 * The array is append-only in the run's region; the count is the only thing that changes.
 */
#ifndef SM_LOG_H
#define SM_LOG_H

#include "clock.h"
#include "pmap.h"
#include "resource.h"
#include "val.h"

enum sm_change { SM_ADDED, SM_MODIFIED, SM_DELETED };
extern const char *const sm_change_names[]; /* `ADDED` … */

struct sm_log_entry {
    int64_t version; /* resourceVersion of the change */
    sm_time time;    /* when it was committed */
    enum sm_change change;
    const char *key; /* `ns/name` */
    sm_val object;   /* after the change; for DELETED: the last state, with the version of the deletion */
    sm_val before;   /* NULL for ADDED */
    sm_pmap root;    /* the store after the change: key -> object (sm_val) */
};

struct sm_log {
    const struct sm_resource *resource;
    struct sm_log_entry *entries; /* entries[first .. count-1] can be read */
    uint32_t count;
    uint32_t capacity;
    uint32_t first; /* entries before it were compacted */
    sm_pmap root;   /* the store now */
    uint64_t sum;   /* of the hashes of what is in it: equal for equal stores */
};

void sm_log_append(struct sm_region *r, struct sm_log *log, const struct sm_log_entry *entry);

/* The store as it was at [version]: entry index of the last change not after it; -1 if none. O(log n). */
int64_t sm_log_index_at(const struct sm_log *log, int64_t version);

/* The object of [key] at cursor [count] (number of entries read), NULL if absent then. */
sm_val sm_log_get(const struct sm_log *log, uint32_t count, const char *key);

/* When the version of [key] seen at cursor [count] was overtaken, or 0 if it is still the latest. */
sm_time sm_log_overtaken(const struct sm_log *log, uint32_t count, const char *key);

#endif
