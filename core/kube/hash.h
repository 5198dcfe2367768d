/* The canonical hash of a state (design decision 8): equal for states that differ only in what does not matter.
 *
 * Left out: resourceVersions, times, managedFields, counts of restarts and ids of containers. Ids that only need to be told
 * apart (uids, plan and task ids: every UUID in a string) count by order of first appearance. Times that matter enter as remaining durations, in buckets.
 * A resourceVersion counts like an id: whether something old still holds the version of an object as it is now is part of the state, the number is not.
 *
 * Values are immutable and shared, so most of a state was hashed before. Each map and list is a part of its own:
 *
 *      part = sum, with ids numbered by first appearance within it  +  those ids, each once
 *      whole = its parts' sums, and for each of their ids its number in the whole
 *
 * so what a part comes to hinges on its content alone, and a memo knows it by its content hash, wherever and whenever it appears again.
 * With a memo and without, the sum is the same.
 */
#ifndef SM_HASH_H
#define SM_HASH_H

#include "clock.h"
#include "val.h"

enum { SM_HASH_IDS_MAX = 1024 };

struct sm_hash_memo;

struct sm_hash {
    uint64_t sum;              /* of the part that is open */
    struct sm_hash_memo *memo; /* NULL: everything is walked */
    sm_time latest_due;        /* the last of all deadlines that went in: before it, a state that looks the same may not be the same */
    sm_time horizon;           /* deadlines after it are not looked at, since nobody will live to see them; 0: all are */
    sm_time grain;             /* of remaining times below two seconds; above, a hundred times that; 0: exact below, ever coarser above */
    uint32_t id_count;
    uint32_t first;               /* id of the part that is open */
    uint64_t id[SM_HASH_IDS_MAX]; /* hashes of the ids seen, in order: of the whole, then of each part within */
};

/* What parts came to, in [r], which must live as long and not be rewound. It may be used for any states, one after the other. */
struct sm_hash_memo *sm_hash_memo_new(struct sm_region *r);

void sm_hash_init(struct sm_hash *hash);
void sm_hash_u64(struct sm_hash *hash, uint64_t x);
void sm_hash_text(struct sm_hash *hash, const char *text); /* UUIDs in it count by first appearance */
void sm_hash_val(struct sm_hash *hash, sm_val v);          /* canonically, as above */

/* A part of what is not a value. [key] stands for its content. False: the memo knew it, and it is in. True: add its content, then close it. */
struct sm_hash_part {
    uint64_t key, sum;
    uint32_t first;
};
bool sm_hash_open(struct sm_hash *hash, uint64_t key, struct sm_hash_part *ret_part);
void sm_hash_close(struct sm_hash *hash, const struct sm_hash_part *part);
bool sm_hash_knows(const struct sm_hash *hash, const char *uuid);       /* it went in already: something else names it */
void sm_hash_remaining(struct sm_hash *hash, sm_time due, sm_time now); /* 0 = none */
static inline uint64_t sm_hash_end(const struct sm_hash *hash) { return hash->sum; }

#endif
