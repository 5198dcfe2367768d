/* What the val*.c files and the readers share: hashing, the order of keys, the steps of a path.
 *
 * Hash: multiply two 64-bit words into 128 bits and fold the halves together. Constants are digits of pi.
 *   string, key   the bytes, 16 at a time
 *   list          a chain over the elements, so their order counts
 *   map           HASH_MAP + sum of hash_member(key, value): order does not count, and replacing one member is one
 *                 subtraction and one addition
 */
#ifndef SM_VAL_INTERNAL_H
#define SM_VAL_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "bug.h"
#include "str.h"
#include "val.h"

#define HASH_NULL UINT64_C(0x243f6a8885a308d3)
#define HASH_FALSE UINT64_C(0x13198a2e03707344)
#define HASH_TRUE UINT64_C(0xa4093822299f31d0)
#define HASH_EMPTY_STRING UINT64_C(0x082efa98ec4e6c89)
#define HASH_LIST UINT64_C(0x452821e638d01377)
#define HASH_MAP UINT64_C(0xbe5466cf34e90c6c)
#define HASH_INT UINT64_C(0xc0ac29b7c97c50dd)
#define HASH_DOUBLE UINT64_C(0x3f84d5b5b5470917)
#define HASH_STRING UINT64_C(0x9216d5d98979fb1b)
#define HASH_KEY UINT64_C(0xd1310ba698dfb5ac)
#define HASH_VALUE UINT64_C(0x2ffd72dbd01adfb7)
#define HASH_STEP UINT64_C(0xb8e1afed6a267e97)

__extension__ typedef unsigned __int128 sm_uint128;

static inline uint64_t hash_mix(uint64_t a, uint64_t b) {
    sm_uint128 product = (sm_uint128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t load64(const char *p) {
    uint64_t word;
    memcpy(&word, p, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static inline uint32_t load32(const char *p) {
    uint32_t word;
    memcpy(&word, p, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap32(word);
#endif
    return word;
}

/* memcpy for what is mostly short: first and last words, which may overlap. */
static inline void copy_bytes(char *to, const char *from, size_t bytes) {
    if (bytes > 32) {
        memcpy(to, from, bytes);
    } else if (bytes > 16) {
        memcpy(to, from, 16);
        memcpy(to + bytes - 16, from + bytes - 16, 16);
    } else if (bytes >= 8) {
        memcpy(to, from, 8);
        memcpy(to + bytes - 8, from + bytes - 8, 8);
    } else if (bytes >= 4) {
        memcpy(to, from, 4);
        memcpy(to + bytes - 4, from + bytes - 4, 4);
    } else if (bytes > 0) {
        to[0] = from[0];
        to[bytes / 2] = from[bytes / 2];
        to[bytes - 1] = from[bytes - 1];
    }
}

/* The hash of a string value and of a key. The last words may overlap what was read before; length is mixed in. */
static inline uint64_t hash_bytes(const char *p, size_t bytes) {
    uint64_t hash = HASH_STRING;
    uint64_t low, high;
    if (bytes > 16) {
        const char *last = p + bytes - 16;
        for (; p < last; p += 16)
            hash = hash_mix(load64(p) ^ HASH_STEP, load64(p + 8) ^ hash);
        low = load64(last);
        high = load64(last + 8);
    } else if (bytes >= 8) {
        low = load64(p);
        high = load64(p + bytes - 8);
    } else if (bytes >= 4) {
        low = load32(p);
        high = load32(p + bytes - 4);
    } else if (bytes > 0) {
        low = (uint64_t)(unsigned char)p[0] << 16 | (uint64_t)(unsigned char)p[bytes / 2] << 8 | (unsigned char)p[bytes - 1];
        high = 0;
    } else {
        return HASH_EMPTY_STRING;
    }
    return hash_mix(hash_mix(low ^ HASH_KEY, high ^ hash) ^ bytes, HASH_STEP);
}

static inline uint64_t hash_item(uint64_t hash, sm_val item) { return hash_mix(hash ^ item->hash, HASH_STEP); }

static inline uint64_t hash_member(uint64_t key_hash, sm_val value) { return hash_mix(key_hash ^ HASH_KEY, value->hash ^ HASH_VALUE); }

/* --- Keys ---------------------------------------------------------------------------------------------------------- */

/* Keys are short: comparing their first and last words is faster than calling memcmp. */
static inline bool same_bytes(const char *a, const char *b, size_t bytes) {
    if (bytes > 16)
        return memcmp(a, b, bytes) == 0;
    if (bytes >= 8)
        return load64(a) == load64(b) && load64(a + bytes - 8) == load64(b + bytes - 8);
    if (bytes >= 4)
        return load32(a) == load32(b) && load32(a + bytes - 4) == load32(b + bytes - 4);
    return bytes == 0 || (a[0] == b[0] && a[bytes / 2] == b[bytes / 2] && a[bytes - 1] == b[bytes - 1]);
}

static inline int bytes_order(const char *a, size_t a_bytes, const char *b, size_t b_bytes) {
    size_t both = a_bytes < b_bytes ? a_bytes : b_bytes, i = 0;
    for (; i + 8 <= both; i += 8) {
        uint64_t left = load64(a + i), right = load64(b + i);
        if (left != right)
            return __builtin_bswap64(left) < __builtin_bswap64(right) ? -1 : 1;
    }
    for (; i < both; i++)
        if (a[i] != b[i])
            return (unsigned char)a[i] - (unsigned char)b[i];
    return (a_bytes > b_bytes) - (a_bytes < b_bytes);
}

static inline int key_order(const struct sm_member *a, const struct sm_member *b) {
    return bytes_order(a->key, a->key_bytes, b->key, b->key_bytes);
}

/* The first member whose key is not below [key]. */
static inline size_t lower_bound(const struct sm_member *members, size_t count, const char *key, size_t key_bytes) {
    size_t from = 0;
    while (from < count) {
        size_t middle = from + (count - from) / 2;
        if (bytes_order(members[middle].key, members[middle].key_bytes, key, key_bytes) < 0)
            from = middle + 1;
        else
            count = middle;
    }
    return from;
}

enum { LINEAR_MAX = 20 };

/* The member of [key], or NULL. One loop for each way of comparing, so that what is sought stays in registers. */
static inline const struct sm_member *find_member(sm_val map, const char *key, size_t key_bytes) {
    const struct sm_member *member = map->map, *end = member + map->count;
    if (map->count > LINEAR_MAX) {
        member += lower_bound(member, map->count, key, key_bytes);
        return member < end && member->key_bytes == key_bytes && same_bytes(member->key, key, key_bytes) ? member : NULL;
    }
    if (key_bytes >= 8) {
        uint64_t first = load64(key), last = load64(key + key_bytes - 8);
        for (; member < end; member++)
            if (member->key_bytes == key_bytes && load64(member->key) == first && load64(member->key + key_bytes - 8) == last &&
                (key_bytes <= 16 || memcmp(member->key, key, key_bytes) == 0))
                return member;
    } else if (key_bytes - 4 < 4) {
        uint32_t first = load32(key), last = load32(key + key_bytes - 4);
        for (; member < end; member++)
            if (member->key_bytes == key_bytes && load32(member->key) == first && load32(member->key + key_bytes - 4) == last)
                return member;
    } else {
        for (; member < end; member++)
            if (member->key_bytes == key_bytes && same_bytes(member->key, key, key_bytes))
                return member;
    }
    return NULL;
}

/* --- Guesses --------------------------------------------------------------------------------------------------------- */

/* The same places ask the same keys of objects of the same shape, over and over. So the index at which a key was found is
 * remembered by the address of its text, and tried first the next time. A guess is checked against the text before it is
 * believed: it saves a search, and can't change what is found. Whatever the program did last, it stays right. */
enum { GUESS_BITS = 12 };
extern _Thread_local uint8_t sm_val_guesses[1 << GUESS_BITS];

static inline uint8_t *guess_for(const char *key, uint32_t count) {
    return &sm_val_guesses[((uintptr_t)key + count) * HASH_STEP >> (64 - GUESS_BITS)];
}

/* --- Blocks: a value and its payload in one allocation ---------------------------------------------------------------- */

struct list_block {
    struct sm_val head;
    sm_val items[];
};

struct map_block {
    struct sm_val head;
    struct sm_member members[];
};

struct string_block {
    struct sm_val head;
    char text[];
};

/* The caller fills in items, members or text, and the hash. [more_bytes] follow the members, for keys. */
static inline struct list_block *list_block(struct sm_region *r, size_t count) {
    SM_ASSERT(count <= UINT32_MAX);
    struct list_block *block = sm_region_alloc(r, sizeof *block + count * sizeof block->items[0]);
    block->head = (struct sm_val){.kind = SM_KIND_LIST, .count = (uint32_t)count, .list = block->items};
    return block;
}

static inline struct map_block *map_block(struct sm_region *r, size_t count, size_t more_bytes) {
    SM_ASSERT(count <= UINT32_MAX);
    struct map_block *block = sm_region_alloc(r, sizeof *block + count * sizeof block->members[0] + more_bytes);
    block->head = (struct sm_val){.kind = SM_KIND_MAP, .count = (uint32_t)count, .map = block->members};
    return block;
}

static inline struct string_block *string_block(struct sm_region *r, size_t bytes) {
    SM_ASSERT(bytes < UINT32_MAX);
    struct string_block *block = sm_region_alloc(r, sizeof *block + bytes + 1);
    block->head = (struct sm_val){.kind = SM_KIND_STRING, .count = (uint32_t)bytes, .string = block->text};
    block->text[bytes] = '\0';
    return block;
}

/* Sorts by key in place; equal keys stay in their order. True if there are any. */
bool sm_val_sort_members(struct sm_member *members, size_t count);

/* Of sorted members keeps the last of each key; returns how many are left. */
size_t sm_val_squeeze_members(struct sm_member *members, size_t count);

/* Returns [map] with the member of [key] replaced, removed (value NULL) or made; [old] is the one there is, or NULL. */
sm_val sm_val_set_member(struct sm_region *r, sm_val map, const struct sm_member *old, const char *key, size_t key_bytes, sm_val value);

/* Takes one step of the path at [*at] and appends it to [taken] in its plain form, elements by index. False at the end of
 * the path, and where [*v] holds nothing of that name. */
bool sm_val_path_walk(sm_val *v, const char **at, struct sm_str *taken);

/* Appends a step to the text of a path. */
void sm_val_path_add_key(struct sm_str *path, const char *key, size_t key_bytes);
void sm_val_path_add_index(struct sm_str *path, size_t index);

#endif
