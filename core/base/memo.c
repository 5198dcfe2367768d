#include "memo.h"

#include "val_internal.h"

enum { CAPACITY_MIN = 1 << 12 };

struct sm_memo_entry {
    uint64_t key;
    const void *what; /* NULL: free */
};

struct sm_memo *sm_memo_new(struct sm_region *region, size_t bytes_max) {
    struct sm_memo *memo = sm_region_zalloc(region, sizeof *memo);

    memo->region = region;
    memo->bytes_max = bytes_max;
    memo->capacity = CAPACITY_MIN;
    memo->entries = sm_region_zalloc(region, memo->capacity * sizeof memo->entries[0]);
    return memo;
}

/* --- The table ------------------------------------------------------------------------------------------------------------- */

/* Where [key] stands, or would. */
static struct sm_memo_entry *place(const struct sm_memo *memo, uint64_t key) {
    uint32_t i = (uint32_t)key & (memo->capacity - 1);

    while (memo->entries[i].what && memo->entries[i].key != key)
        i = (i + 1) & (memo->capacity - 1);
    return &memo->entries[i];
}

static void grow(struct sm_memo *memo) {
    struct sm_memo old = *memo;

    memo->capacity *= 2;
    memo->entries = sm_region_zalloc(memo->region, memo->capacity * sizeof memo->entries[0]);
    for (uint32_t i = 0; i < old.capacity; i++)
        if (old.entries[i].what)
            *place(memo, old.entries[i].key) = old.entries[i];
}

const void *sm_memo_find(const struct sm_memo *memo, uint64_t key) {
    return place(memo, key)->what;
}

void sm_memo_add(struct sm_memo *memo, uint64_t key, const void *what) {
    struct sm_memo_entry *entry = place(memo, key);

    SM_ASSERT(what);
    if (entry->what)
        return;
    *entry = (struct sm_memo_entry){key, what};
    if (++memo->count > memo->capacity / 2)
        grow(memo);
}

/* --- Values ---------------------------------------------------------------------------------------------------------------- */

/* The new value, over kept ones. */
static sm_val kept_map(struct sm_memo *memo, sm_val v) {
    size_t keys_bytes = 0;
    for (size_t i = 0; i < v->count; i++)
        keys_bytes += v->map[i].key_bytes + 1;

    struct map_block *block = map_block(memo->region, v->count, keys_bytes);
    char *key = (char *)(block->members + v->count);
    for (size_t i = 0; i < v->count; i++) {
        copy_bytes(key, v->map[i].key, v->map[i].key_bytes + 1);
        block->members[i] = (struct sm_member){key, v->map[i].key_bytes, sm_memo_val(memo, v->map[i].value)};
        key += v->map[i].key_bytes + 1;
    }
    block->head.hash = v->hash;
    return &block->head;
}

static sm_val kept(struct sm_memo *memo, sm_val v) {
    if (v->kind == SM_KIND_MAP)
        return kept_map(memo, v);
    if (v->kind == SM_KIND_LIST) {
        struct list_block *block = list_block(memo->region, v->count);
        for (size_t i = 0; i < v->count; i++)
            block->items[i] = sm_memo_val(memo, v->list[i]);
        block->head.hash = v->hash;
        return &block->head;
    }
    if (v->kind == SM_KIND_STRING)
        return sm_val_strn(memo->region, v->string, v->count);
    struct sm_val *number = sm_region_alloc(memo->region, sizeof *number);
    *number = *v;
    return number;
}

/* Empty containers and texts, null and booleans exist once in the program. */
static bool is_everywhere(sm_val v) {
    return v->kind == SM_KIND_NULL || v->kind == SM_KIND_BOOL || (v->kind >= SM_KIND_STRING && !v->count);
}

sm_val sm_memo_val(struct sm_memo *memo, sm_val v) {
    if (!v || is_everywhere(v))
        return v;
    sm_val known = sm_memo_find(memo, v->hash);
    if (!known) {
        known = kept(memo, v);
        sm_memo_add(memo, v->hash, known);
    }
    SM_ASSERT(sm_val_equal(known, v));
    return known;
}

const char *sm_memo_text(struct sm_memo *memo, const char *text) {
    if (!text || !*text)
        return text ? "" : NULL;
    uint64_t hash = hash_bytes(text, strlen(text));
    sm_val known = sm_memo_find(memo, hash);
    if (!known) {
        known = sm_val_str(memo->region, text);
        sm_memo_add(memo, hash, known);
    }
    return known->string;
}

/* --- Keys ------------------------------------------------------------------------------------------------------------------ */

uint64_t sm_memo_mix(uint64_t key, uint64_t part) {
    return hash_mix(key ^ HASH_KEY, part ^ HASH_VALUE) ^ HASH_STEP;
}

uint64_t sm_memo_mix_text(uint64_t key, const char *text) {
    return sm_memo_mix(key, text ? hash_bytes(text, strlen(text)) : 0);
}
