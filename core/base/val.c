/* Building, reading and copying values. Every value is one block: head, then its text, items or members. Empty
 * containers, the empty string, null and booleans exist once in the program. */
#include "val.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bug.h"
#include "format.h"
#include "val_internal.h"

/* Empty containers point at something, since arithmetic on a null pointer is undefined. */
static const struct sm_member no_members[1];
static const sm_val no_items[1];

const struct sm_val sm_val_null_ = {.kind = SM_KIND_NULL, .hash = HASH_NULL};
const struct sm_val sm_val_true_ = {.kind = SM_KIND_BOOL, .hash = HASH_TRUE, .boolean = true};
const struct sm_val sm_val_false_ = {.kind = SM_KIND_BOOL, .hash = HASH_FALSE, .boolean = false};
const struct sm_val sm_val_empty_map_ = {.kind = SM_KIND_MAP, .hash = HASH_MAP, .map = no_members};
const struct sm_val sm_val_empty_list_ = {.kind = SM_KIND_LIST, .hash = HASH_LIST, .list = no_items};
const struct sm_val sm_val_empty_string_ = {.kind = SM_KIND_STRING, .hash = HASH_EMPTY_STRING, .string = ""};

/* --- Scalars ---------------------------------------------------------------------------------------------------------- */

sm_val sm_val_bool(bool value) {
    return value ? SM_TRUE : SM_FALSE;
}

sm_val sm_val_int(struct sm_region *r, int64_t value) {
    struct sm_val *v = sm_region_alloc(r, sizeof *v);
    *v = (struct sm_val){.kind = SM_KIND_INT, .hash = hash_mix((uint64_t)value ^ HASH_STEP, HASH_INT), .integer = value};
    return v;
}

sm_val sm_val_double(struct sm_region *r, double value) {
    SM_ASSERT(isfinite(value)); /* JSON cannot say it */
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    struct sm_val *v = sm_region_alloc(r, sizeof *v);
    *v = (struct sm_val){.kind = SM_KIND_DOUBLE, .hash = hash_mix(bits ^ HASH_STEP, HASH_DOUBLE), .real = value};
    return v;
}

sm_val sm_val_strn(struct sm_region *r, const char *text, size_t bytes) {
    if (!bytes)
        return SM_EMPTY_STRING;
    struct string_block *block = string_block(r, bytes);
    copy_bytes(block->text, text, bytes);
    block->head.hash = hash_bytes(text, bytes);
    return &block->head;
}

sm_val sm_val_strf(struct sm_region *r, const char *format, ...) {
    char small[256];
    va_list args;
    va_start(args, format);
    size_t bytes = sm_format(small, sizeof small, format, args);
    va_end(args);
    if (bytes < sizeof small)
        return sm_val_strn(r, small, bytes);

    struct sm_str text;
    sm_str_init(&text, r);
    va_start(args, format);
    sm_str_vaddf(&text, format, args);
    va_end(args);
    return sm_val_strn(r, text.data, text.bytes);
}

/* --- Lists -------------------------------------------------------------------------------------------------------------- */

static sm_val finish_list(struct list_block *block) {
    uint64_t hash = HASH_LIST;
    for (size_t i = 0; i < block->head.count; i++)
        hash = hash_item(hash, block->items[i]);
    block->head.hash = hash;
    return &block->head;
}

sm_val sm_val_list(struct sm_region *r, ...) {
    va_list args;
    size_t count = 0;
    va_start(args, r);
    while (va_arg(args, sm_val))
        count++;
    va_end(args);
    if (!count)
        return SM_EMPTY_LIST;

    struct list_block *block = list_block(r, count);
    va_start(args, r);
    for (size_t i = 0; i < count; i++)
        block->items[i] = va_arg(args, sm_val);
    va_end(args);
    return finish_list(block);
}

sm_val sm_val_from_items(struct sm_region *r, const sm_val *items, size_t count) {
    size_t present = 0;
    for (size_t i = 0; i < count; i++)
        present += items[i] != NULL;
    if (!present)
        return SM_EMPTY_LIST;

    struct list_block *block = list_block(r, present);
    size_t at = 0;
    for (size_t i = 0; i < count; i++)
        if (items[i])
            block->items[at++] = items[i];
    return finish_list(block);
}

/* --- Maps --------------------------------------------------------------------------------------------------------------- */

/* Stable merge sort; [spare] has room for [count]. */
static void merge_sort(struct sm_member *members, size_t count, struct sm_member *spare) {
    if (count < 2)
        return;
    size_t half = count / 2;
    merge_sort(members, half, spare);
    merge_sort(members + half, count - half, spare);
    if (key_order(&members[half - 1], &members[half]) <= 0)
        return;

    memcpy(spare, members, half * sizeof *members);
    size_t left = 0, right = half, out = 0;
    while (left < half && right < count)
        members[out++] = key_order(&spare[left], &members[right]) <= 0 ? spare[left++] : members[right++];
    memcpy(members + out, spare + left, (half - left) * sizeof *members);
}

/* Returns true if two keys are equal. */
static bool insertion_sort(struct sm_member *members, size_t count) {
    bool equal = false;
    for (size_t i = 1; i < count; i++) {
        struct sm_member member = members[i];
        size_t at = i;
        int order = 1;
        for (; at > 0 && (order = key_order(&members[at - 1], &member)) > 0; at--)
            members[at] = members[at - 1];
        members[at] = member;
        equal |= order == 0;
    }
    return equal;
}

bool sm_val_sort_members(struct sm_member *members, size_t count) {
    enum { INSERTION_MAX = 24 };
    if (count <= INSERTION_MAX)
        return insertion_sort(members, count);

    struct sm_member *spare = malloc(count / 2 * sizeof *spare);
    SM_ASSERT(spare);
    merge_sort(members, count, spare);
    free(spare);
    for (size_t i = 1; i < count; i++)
        if (key_order(&members[i - 1], &members[i]) == 0)
            return true;
    return false;
}

size_t sm_val_squeeze_members(struct sm_member *members, size_t count) {
    size_t left = 0;
    for (size_t i = 0; i < count; i++)
        if (i + 1 == count || key_order(&members[i], &members[i + 1]) != 0)
            members[left++] = members[i];
    return left;
}

static sm_val finish_map(struct map_block *block, size_t count) {
    if (sm_val_sort_members(block->members, count))
        count = sm_val_squeeze_members(block->members, count);
    uint64_t hash = HASH_MAP;
    for (size_t i = 0; i < count; i++)
        hash += hash_member(hash_bytes(block->members[i].key, block->members[i].key_bytes), block->members[i].value);
    block->head.count = (uint32_t)count;
    block->head.hash = hash;
    return &block->head;
}

sm_val sm_val_map(struct sm_region *r, ...) {
    va_list args;
    size_t count = 0;
    va_start(args, r);
    while (va_arg(args, const char *))
        count += va_arg(args, sm_val) != NULL;
    va_end(args);
    if (!count)
        return SM_EMPTY_MAP;

    struct map_block *block = map_block(r, count, 0);
    va_start(args, r);
    for (size_t i = 0; i < count;) {
        const char *key = va_arg(args, const char *);
        sm_val value = va_arg(args, sm_val);
        if (value)
            block->members[i++] = (struct sm_member){key, (uint32_t)strlen(key), value};
    }
    va_end(args);
    return finish_map(block, count);
}

sm_val sm_val_from_members(struct sm_region *r, const struct sm_member *members, size_t count) {
    size_t present = 0;
    for (size_t i = 0; i < count; i++)
        present += members[i].value != NULL;
    if (!present)
        return SM_EMPTY_MAP;

    struct map_block *block = map_block(r, present, 0);
    size_t at = 0;
    for (size_t i = 0; i < count; i++)
        if (members[i].value)
            block->members[at++] = members[i];
    return finish_map(block, present);
}

/* --- Copying ------------------------------------------------------------------------------------------------------------- */

static bool is_static(sm_val v) {
    return v->kind <= SM_KIND_BOOL || v == SM_EMPTY_STRING || v == SM_EMPTY_MAP || v == SM_EMPTY_LIST;
}

/* What is static lives in no region. */
static inline bool moves(sm_val v, const struct sm_region *from) {
    return from ? sm_region_contains(from, v) : !is_static(v);
}

static sm_val copy(struct sm_region *r, sm_val v, const struct sm_region *from);

/* Keys that live in [from] move into the new block, behind the members. */
static sm_val copy_map(struct sm_region *r, sm_val v, const struct sm_region *from) {
    size_t keys_bytes = 0;
    for (size_t i = 0; i < v->count; i++)
        if (!from || sm_region_contains(from, v->map[i].key))
            keys_bytes += v->map[i].key_bytes + 1;

    struct map_block *block = map_block(r, v->count, keys_bytes);
    char *keys = (char *)(block->members + v->count);
    for (size_t i = 0; i < v->count; i++) {
        struct sm_member member = v->map[i];
        if (keys_bytes && (!from || sm_region_contains(from, member.key))) {
            copy_bytes(keys, member.key, member.key_bytes + 1);
            member.key = keys;
            keys += member.key_bytes + 1;
        }
        if (moves(member.value, from))
            member.value = copy(r, member.value, from);
        block->members[i] = member;
    }
    block->head.hash = v->hash;
    return &block->head;
}

/* A copy, whatever lives where. */
static sm_val copy(struct sm_region *r, sm_val v, const struct sm_region *from) {
    switch (sm_val_kind(v)) {
    case SM_KIND_STRING: {
        struct string_block *block = string_block(r, v->count);
        copy_bytes(block->text, v->string, v->count);
        block->head.hash = v->hash;
        return &block->head;
    }
    case SM_KIND_LIST: {
        struct list_block *block = list_block(r, v->count);
        for (size_t i = 0; i < v->count; i++)
            block->items[i] = moves(v->list[i], from) ? copy(r, v->list[i], from) : v->list[i];
        block->head.hash = v->hash;
        return &block->head;
    }
    case SM_KIND_MAP:
        return copy_map(r, v, from);
    default: {
        struct sm_val *scalar = sm_region_alloc(r, sizeof *scalar);
        *scalar = *v;
        return scalar;
    }
    }
}

sm_val sm_val_copy(struct sm_region *r, sm_val v, const struct sm_region *from) {
    return v && moves(v, from) ? copy(r, v, from) : v;
}

_Thread_local uint8_t sm_val_guesses[1 << GUESS_BITS];

/* --- Reading ------------------------------------------------------------------------------------------------------------- */

/* Apart, and of long keys always, so that along good guesses everything stays in registers. */
static __attribute__((noinline)) sm_val search(sm_val map, const char *key, size_t key_bytes) {
    const struct sm_member *member = find_member(map, key, key_bytes);
    if (!member)
        return NULL;
    if (member - map->map <= UINT8_MAX)
        *guess_for(key, map->count) = (uint8_t)(member - map->map);
    return member->value;
}

sm_val sm_val_getn(sm_val map, const char *key, size_t key_bytes) {
    if (!sm_val_is_map(map))
        return NULL;
    uint8_t guess = *guess_for(key, map->count);
    const struct sm_member *guessed = &map->map[guess];
    if (key_bytes <= 16 && guess < map->count && guessed->key_bytes == key_bytes && same_bytes(guessed->key, key, key_bytes))
        return guessed->value;
    return search(map, key, key_bytes);
}

int64_t sm_val_int_at(sm_val v, const char *path, int64_t absent) {
    v = sm_val_at(v, path);
    return sm_val_is_int(v) ? v->integer : absent;
}

bool sm_val_true_at(sm_val v, const char *path) {
    return sm_val_is_true(sm_val_at(v, path));
}
