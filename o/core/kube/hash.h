/* The canonical hash of a state (design decision 8): equal for states that differ only in what does not matter.
 *
 * Left out: resourceVersions, times, managedFields, counts of restarts and ids of containers. Ids that only need to be told
 * apart (uids, plan and task ids: every UUID in a string) count by order of first appearance. Times that matter enter as remaining durations, in buckets.
 */
#ifndef SM_HASH_H
#define SM_HASH_H

#include "clock.h"
#include "val.h"

enum { SM_HASH_IDS_MAX = 512 };

struct sm_hash {
    uint64_t sum;
    sm_time latest_due; /* the last of all deadlines that went in: before it, a state that looks the same may not be the same */
    sm_time horizon;    /* deadlines after it are not looked at, since nobody will live to see them; 0: all are */
    uint32_t id_count;
    uint64_t id[SM_HASH_IDS_MAX]; /* hashes of the UUIDs seen, in order */
};

void sm_hash_init(struct sm_hash *hash);
void sm_hash_u64(struct sm_hash *hash, uint64_t x);
void sm_hash_text(struct sm_hash *hash, const char *text);              /* UUIDs in it count by first appearance */
void sm_hash_val(struct sm_hash *hash, sm_val v);                       /* canonically, as above */
bool sm_hash_knows(const struct sm_hash *hash, const char *uuid);       /* it went in already: something else names it */
void sm_hash_remaining(struct sm_hash *hash, sm_time due, sm_time now); /* 0 = none */
static inline uint64_t sm_hash_end(const struct sm_hash *hash) { return hash->sum; }

#endif
