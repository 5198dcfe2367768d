/* Words are mixed in one after the other. A value is walked; what is left out or renamed is decided by key or by the form of
 * a text, so that no table of fields is needed.
 */
#include "hash.h"

#include <string.h>

enum { UUID_CHARS = 36, TIME_CHARS = 20, MICRO_TIME_CHARS = 27 };
enum { TIME_MARK = 0x7e, ID_MARK = 0x1d, END_MARK = 0xe0d };

void sm_hash_init(struct sm_hash *hash) {
    hash->sum = 0x9e3779b97f4a7c15;
    hash->latest_due = 0;
    hash->horizon = 0;
    hash->id_count = 0;
}

static uint64_t mix(uint64_t x) {
    x ^= x >> 32;
    x *= 0xd6e8feb86659fd93;
    x ^= x >> 32;
    x *= 0xd6e8feb86659fd93;
    return x ^ (x >> 32);
}

void sm_hash_u64(struct sm_hash *hash, uint64_t x) {
    hash->sum = mix(hash->sum ^ mix(x + 0x9e3779b97f4a7c15)) + 0x2545f4914f6cdd1d;
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
    uint64_t sum = bytes * 0x9e3779b97f4a7c15, word;

    for (; bytes >= sizeof word; text += sizeof word, bytes -= sizeof word) {
        memcpy(&word, text, sizeof word);
        sum = mix(sum ^ word) + 0x2545f4914f6cdd1d;
    }
    word = 0;
    memcpy(&word, text, bytes);
    return mix(sum ^ word);
}

/* Its number by first appearance; past the limit all count as one. */
static uint32_t id_number(struct sm_hash *hash, const char *uuid) {
    uint64_t id = hash_bytes(uuid, UUID_CHARS);
    uint32_t i = 0;

    while (i < hash->id_count && hash->id[i] != id)
        i++;
    if (i == hash->id_count && i < SM_HASH_IDS_MAX)
        hash->id[hash->id_count++] = id;
    return i;
}

bool sm_hash_knows(const struct sm_hash *hash, const char *uuid) {
    if (strlen(uuid) != UUID_CHARS)
        return false;
    uint64_t id = hash_bytes(uuid, UUID_CHARS);

    for (uint32_t i = 0; i < hash->id_count; i++)
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
        sm_hash_u64(hash, id_number(hash, text + i));
        i += UUID_CHARS - 1;
        start = i + 1;
    }
    sm_hash_u64(hash, hash_bytes(text + start, bytes - start));
}

void sm_hash_text(struct sm_hash *hash, const char *text) {
    hash_text(hash, text, strlen(text));
}

/* --- Values ------------------------------------------------------------------------------------------------------------- */

/* metadata.generation of the object around a value; observed generations count as their distance from it. */
static void hash_val(struct sm_hash *hash, sm_val v, int64_t generation);

static bool key_is(const struct sm_member *member, const char *key) {
    return strcmp(member->key, key) == 0;
}

static void hash_map(struct sm_hash *hash, sm_val v, int64_t generation) {
    sm_val own = sm_val_get(sm_val_get(v, "metadata"), "generation");

    if (sm_val_is_int(own))
        generation = own->integer;
    for (uint32_t i = 0; i < v->count; i++) {
        const struct sm_member *member = &v->map[i];

        if (key_is(member, "resourceVersion") || key_is(member, "managedFields") || key_is(member, "generation") ||
            key_is(member, "restartCount") || key_is(member, "containerID"))
            continue;
        sm_hash_u64(hash, hash_bytes(member->key, member->key_bytes));
        if (key_is(member, "observedGeneration") && sm_val_is_int(member->value))
            sm_hash_u64(hash, (uint64_t)(generation - member->value->integer));
        else
            hash_val(hash, member->value, generation);
    }
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
        for (uint32_t i = 0; i < v->count; i++)
            hash_val(hash, v->list[i], generation);
        sm_hash_u64(hash, END_MARK);
        break;
    case SM_KIND_MAP:
        hash_map(hash, v, generation);
        sm_hash_u64(hash, END_MARK);
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

    if (hash->horizon && due > hash->horizon)
        due = 0;
    if (due > hash->latest_due)
        hash->latest_due = due;
    if (!due)
        bucket = UINT64_MAX;
    else if (left <= 0)
        bucket = 0;
    else if (left < 2 * SM_SECOND)
        bucket = (uint64_t)left;
    else if (left < SM_MINUTE)
        bucket = (uint64_t)(left / SM_SECOND * SM_SECOND);
    else
        bucket = (uint64_t)SM_HOUR + (uint64_t)(63 - __builtin_clzll((uint64_t)left));
    sm_hash_u64(hash, bucket);
}
