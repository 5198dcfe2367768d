/* Words are mixed in one after the other. A value is walked; what is left out or renamed is decided by key or by the form of
 * a text, so that no table of fields is needed.
 * The memo is emptied when it is full: what is in use comes back at once.
 */
#include "hash.h"

#include <string.h>

enum { UUID_CHARS = 36, TIME_CHARS = 20, MICRO_TIME_CHARS = 27 };
enum { TIME_MARK = 0x7e, ID_MARK = 0x1d, VERSION_MARK = 0x5e };
enum { MEMO_SLOTS = 1 << 13, MEMO_USED_MAX = MEMO_SLOTS * 3 / 4, MEMO_IDS_MAX = 1 << 14 };
#define SEED UINT64_C(0x9e3779b97f4a7c15)

struct known {
    uint64_t key; /* 0: free */
    uint64_t sum;
    uint32_t first, count; /* of its ids */
};

struct sm_hash_memo {
    struct known known[MEMO_SLOTS];
    uint64_t id[MEMO_IDS_MAX];
    uint32_t used, id_count;
};

struct sm_hash_memo *sm_hash_memo_new(struct sm_region *r) {
    return sm_region_zalloc(r, sizeof(struct sm_hash_memo));
}

void sm_hash_init(struct sm_hash *hash) {
    hash->sum = SEED;
    hash->memo = NULL;
    hash->latest_due = 0;
    hash->horizon = 0;
    hash->grain = 0;
    hash->id_count = hash->first = 0;
}

static uint64_t mix(uint64_t x) {
    x ^= x >> 32;
    x *= 0xd6e8feb86659fd93;
    x ^= x >> 32;
    x *= 0xd6e8feb86659fd93;
    return x ^ (x >> 32);
}

void sm_hash_u64(struct sm_hash *hash, uint64_t x) {
    hash->sum = mix(hash->sum ^ mix(x + SEED)) + 0x2545f4914f6cdd1d;
}

/* --- Texts ------------------------------------------------------------------------------------------------------------ */

static bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* [text] has UUID_CHARS bytes. */
static bool is_uuid(const char *text) {
    for (int i = 0; i < UUID_CHARS; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? text[i] != '-' : !is_hex(text[i]))
            return false;
    }
    return true;
}

/* `2026-01-01T00:00:00Z`, `2026-01-01T00:00:00.000000Z` */
static bool is_time(const char *text, size_t bytes) {
    return (bytes == TIME_CHARS || bytes == MICRO_TIME_CHARS) && text[4] == '-' && text[7] == '-' && text[10] == 'T' && text[13] == ':' &&
           text[16] == ':' && text[bytes - 1] == 'Z';
}

static uint64_t hash_bytes(const char *text, size_t bytes) {
    uint64_t sum = bytes * SEED, word;

    for (; bytes >= sizeof word; text += sizeof word, bytes -= sizeof word) {
        memcpy(&word, text, sizeof word);
        sum = (sum ^ word) * UINT64_C(0xd6e8feb86659fd93);
        sum ^= sum >> 32;
    }
    word = 0;
    memcpy(&word, text, bytes);
    return mix(sum ^ word);
}

/* Its number by first appearance in the open part; past the limit all count as one. */
static uint32_t id_number(struct sm_hash *hash, uint64_t id) {
    uint32_t i = hash->first;

    while (i < hash->id_count && hash->id[i] != id)
        i++;
    if (i == hash->id_count && i < SM_HASH_IDS_MAX)
        hash->id[hash->id_count++] = id;
    return i - hash->first;
}

bool sm_hash_knows(const struct sm_hash *hash, const char *uuid) {
    if (strlen(uuid) != UUID_CHARS)
        return false;
    uint64_t id = hash_bytes(uuid, UUID_CHARS);

    for (uint32_t i = hash->first; i < hash->id_count; i++)
        if (hash->id[i] == id)
            return true;
    return false;
}

static void hash_text(struct sm_hash *hash, const char *text, size_t bytes) {
    size_t start = 0;

    for (size_t i = 0; i + UUID_CHARS <= bytes; i++) {
        /* The first dash decides nearly always. */
        const char *dash = memchr(text + i + 8, '-', bytes - i - 8);

        if (!dash)
            break;
        i = (size_t)(dash - text) - 8;
        if (i + UUID_CHARS > bytes || !is_uuid(text + i))
            continue;
        sm_hash_u64(hash, hash_bytes(text + start, i - start));
        sm_hash_u64(hash, ID_MARK);
        sm_hash_u64(hash, id_number(hash, hash_bytes(text + i, UUID_CHARS)));
        i += UUID_CHARS - 1;
        start = i + 1;
    }
    sm_hash_u64(hash, hash_bytes(text + start, bytes - start));
}

void sm_hash_text(struct sm_hash *hash, const char *text) {
    hash_text(hash, text, strlen(text));
}

/* --- Parts -------------------------------------------------------------------------------------------------------------- */

static struct known *slot_of(struct sm_hash_memo *memo, uint64_t key) {
    uint32_t i = (uint32_t)(key >> 32) & (MEMO_SLOTS - 1);

    while (memo->known[i].key && memo->known[i].key != key)
        i = (i + 1) & (MEMO_SLOTS - 1);
    return &memo->known[i];
}

/* [ids] may be those right behind the open part: they are read before they can be written over. The first part keeps its numbers. */
static void add_part(struct sm_hash *hash, uint64_t sum, const uint64_t *ids, uint32_t count) {
    bool is_first = hash->id_count == hash->first && count <= SM_HASH_IDS_MAX - hash->id_count;
    uint64_t numbers = count;

    if (is_first && count) {
        memmove(&hash->id[hash->first], ids, count * sizeof *ids);
        hash->id_count += count;
    }
    for (uint32_t i = 0; !is_first && i < count; i++)
        numbers = numbers * UINT64_C(0xd6e8feb86659fd93) + id_number(hash, ids[i]) + 1;
    sm_hash_u64(hash, sum);
    sm_hash_u64(hash, numbers);
}

bool sm_hash_open(struct sm_hash *hash, uint64_t key, struct sm_hash_part *ret_part) {
    uint64_t mixed = mix(key + SEED) | 1;

    if (hash->memo) {
        const struct known *known = slot_of(hash->memo, mixed);
        if (known->key) {
            add_part(hash, known->sum, &hash->memo->id[known->first], known->count);
            return false;
        }
    }
    *ret_part = (struct sm_hash_part){.key = mixed, .sum = hash->sum, .first = hash->first};
    hash->sum = SEED;
    hash->first = hash->id_count;
    return true;
}

static void remember(struct sm_hash_memo *memo, uint64_t key, uint64_t sum, const uint64_t *ids, uint32_t count) {
    if (memo->used == MEMO_USED_MAX || count > MEMO_IDS_MAX - memo->id_count) {
        memset(memo->known, 0, sizeof memo->known);
        memo->used = memo->id_count = 0;
    }
    memo->used++;
    *slot_of(memo, key) = (struct known){.key = key, .sum = sum, .first = memo->id_count, .count = count};
    if (count)
        memcpy(&memo->id[memo->id_count], ids, count * sizeof *ids);
    memo->id_count += count;
}

void sm_hash_close(struct sm_hash *hash, const struct sm_hash_part *part) {
    const uint64_t *ids = &hash->id[hash->first];
    uint32_t count = hash->id_count - hash->first;
    uint64_t sum = hash->sum;

    if (hash->memo)
        remember(hash->memo, part->key, sum, ids, count);
    hash->id_count = hash->first;
    hash->first = part->first;
    hash->sum = part->sum;
    add_part(hash, sum, ids, count);
}

/* --- Values ------------------------------------------------------------------------------------------------------------- */

/* metadata.generation of the object around a value; observed generations count as their distance from it. */
static void hash_val(struct sm_hash *hash, sm_val v, int64_t generation);

static bool key_is(const struct sm_member *member, const char *key) {
    return strcmp(member->key, key) == 0;
}

static bool is_left_out(const struct sm_member *member) {
    switch (member->key[0]) {
    case 'c':
        return key_is(member, "containerID");
    case 'g':
        return key_is(member, "generation");
    case 'm':
        return key_is(member, "managedFields");
    case 'r':
        return key_is(member, "restartCount");
    default:
        return false;
    }
}

static void hash_version(struct sm_hash *hash, sm_val version) {
    sm_hash_u64(hash, id_number(hash, mix(version->hash + VERSION_MARK)));
}

static void hash_map(struct sm_hash *hash, sm_val v, int64_t generation) {
    sm_val own = sm_val_get(sm_val_get(v, "metadata"), "generation");
    /* The version of a list tells of no object, and that of a reference is of no use to anybody. */
    bool is_list = sm_val_is_list(sm_val_get(v, "items")), is_reference = sm_val_get(v, "kind") != NULL;

    if (sm_val_is_int(own))
        generation = own->integer;
    for (uint32_t i = 0; i < v->count; i++) {
        const struct sm_member *member = &v->map[i];
        bool is_version = key_is(member, "resourceVersion");

        if (is_left_out(member) || (is_version && is_reference) || (is_list && key_is(member, "metadata")))
            continue;
        sm_hash_u64(hash, hash_bytes(member->key, member->key_bytes));
        if (is_version)
            hash_version(hash, member->value);
        else if (key_is(member, "observedGeneration") && sm_val_is_int(member->value))
            sm_hash_u64(hash, (uint64_t)(generation - member->value->integer));
        else
            hash_val(hash, member->value, generation);
    }
}

static void hash_container(struct sm_hash *hash, sm_val v, int64_t generation) {
    struct sm_hash_part part;

    if (!sm_hash_open(hash, v->hash ^ (uint64_t)generation * UINT64_C(0xff51afd7ed558ccd), &part))
        return;
    for (uint32_t i = 0; v->kind == SM_KIND_LIST && i < v->count; i++)
        hash_val(hash, v->list[i], generation);
    if (v->kind == SM_KIND_MAP)
        hash_map(hash, v, generation);
    sm_hash_close(hash, &part);
}

static void hash_val(struct sm_hash *hash, sm_val v, int64_t generation) {
    sm_hash_u64(hash, v->kind);
    switch (sm_val_kind(v)) {
    case SM_KIND_STRING:
        if (is_time(v->string, v->count))
            sm_hash_u64(hash, TIME_MARK);
        else
            hash_text(hash, v->string, v->count);
        break;
    case SM_KIND_LIST:
    case SM_KIND_MAP:
        hash_container(hash, v, generation);
        break;
    default:
        sm_hash_u64(hash, v->hash);
    }
}

void sm_hash_val(struct sm_hash *hash, sm_val v) {
    if (v)
        hash_val(hash, v, 0);
    else
        sm_hash_u64(hash, 0);
}

/* Buckets: exact below two seconds, in seconds below a minute, in powers of two above. Exact as long as what happens within
 * a second may hinge on the order of two deadlines. */
void sm_hash_remaining(struct sm_hash *hash, sm_time due, sm_time now) {
    sm_time left = due - now;
    uint64_t bucket;

    if (!due) {
        sm_hash_u64(hash, UINT64_MAX);
        return;
    }
    if (hash->horizon && due > hash->horizon)
        due = 0;
    if (due > hash->latest_due)
        hash->latest_due = due;
    if (!due)
        bucket = UINT64_MAX;
    else if (left <= 0)
        bucket = 0;
    else if (hash->grain)
        bucket = 1 + (uint64_t)(left < 2 * SM_SECOND ? left / hash->grain : left / (100 * hash->grain) * 100);
    else if (left < 2 * SM_SECOND)
        bucket = (uint64_t)left;
    else if (left < SM_MINUTE)
        bucket = (uint64_t)(left / SM_SECOND * SM_SECOND);
    else
        bucket = (uint64_t)SM_HOUR + (uint64_t)(63 - __builtin_clzll((uint64_t)left));
    sm_hash_u64(hash, bucket);
}
