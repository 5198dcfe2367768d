/* What pure functions came to, remembered beyond the run: a search does nearly the same things over and over.
 *
 *      key: a hash of all that a function reads ──▶ what it came to, in the memo's region, which no run empties
 *
 * Nothing of it may ever show: with a memo and without one a run is the same, event by event. So a key must hold everything that
 * the result depends on (addresses too, of what lives longer than the memo), and a result must be all that the function does.
 *
 * Values are kept by content: what two of them share is kept once, so a new one costs what is new about it.
 * A memo that is full learns no more, and still knows what it knows: runs and snapshots hold pointers into it.
 */
#ifndef SM_MEMO_H
#define SM_MEMO_H

#include "val.h"

struct sm_memo_entry;

struct sm_memo {
    struct sm_region *region;
    size_t bytes_max;
    struct sm_memo_entry *entries; /* a hash table; [capacity] is a power of two */
    uint32_t count, capacity;
};

/* Lives in [region] and fills it, up to about [bytes_max]. */
struct sm_memo *sm_memo_new(struct sm_region *region, size_t bytes_max);

static inline bool sm_memo_full(const struct sm_memo *memo) { return memo->region->used_bytes >= memo->bytes_max; }

/* NULL: not known. */
const void *sm_memo_find(const struct sm_memo *memo, uint64_t key);
/* [what] lives in the memo's region. A key that is known keeps what it has. */
void sm_memo_add(struct sm_memo *memo, uint64_t key, const void *what);

/* Copies in the memo's region; NULL for NULL. */
sm_val sm_memo_val(struct sm_memo *memo, sm_val v);
const char *sm_memo_text(struct sm_memo *memo, const char *text);

/* Keys: a chain over what they are made of. */
uint64_t sm_memo_mix(uint64_t key, uint64_t part);
uint64_t sm_memo_mix_text(uint64_t key, const char *text); /* NULL is not "" */
static inline uint64_t sm_memo_mix_val(uint64_t key, sm_val v) { return sm_memo_mix(key, v ? v->hash : 0); }

#endif
