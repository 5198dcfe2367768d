/* Chunks form one list, oldest first. Those up to `last` hold live allocations; those behind it are empty and wait to be
 * used again, so a region that is rewound and filled in turns settles on a set of chunks and calls malloc no more.
 *
 *      first ──▶ [used] ──▶ [used] ──▶ last [used│free] ──▶ [kept] ──▶ [kept]
 *
 * Under AddressSanitizer the free part of every chunk is poisoned, and so are 16 bytes behind each allocation.
 */
#include "region.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bug.h"

#if defined(__SANITIZE_ADDRESS__)
#define SM_REGION_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SM_REGION_ASAN 1
#endif
#endif

#ifdef SM_REGION_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(address, bytes) ASAN_POISON_MEMORY_REGION(address, bytes)
#define UNPOISON(address, bytes) ASAN_UNPOISON_MEMORY_REGION(address, bytes)
enum { RED_ZONE_BYTES = 16 };
#else
#define POISON(address, bytes) ((void)(address), (void)(bytes))
#define UNPOISON(address, bytes) ((void)(address), (void)(bytes))
enum { RED_ZONE_BYTES = 0 };
#endif

enum {
    ALIGNMENT = 16,
    CHUNK_BYTES_MIN = 64 * 1024,
    CHUNK_BYTES_MAX = 8 * 1024 * 1024,
};
static const size_t limit_bytes_default = (size_t)1 << 30;

struct sm_region_chunk {
    struct sm_region_chunk *next;
    size_t capacity;
    size_t used;
    size_t unused_; /* keeps data aligned to 16 */
    unsigned char data[];
};

void sm_region_init(struct sm_region *region, const char *name, size_t limit_bytes) {
    *region = (struct sm_region){.name = name, .limit_bytes = limit_bytes ? limit_bytes : limit_bytes_default};
    SM_ASSERT(region->limit_bytes <= PTRDIFF_MAX);
}

void sm_region_release(struct sm_region *region) {
    for (struct sm_region_chunk *chunk = region->first; chunk;) {
        struct sm_region_chunk *next = chunk->next;
        UNPOISON(chunk->data, chunk->capacity);
        free(chunk);
        chunk = next;
    }
    region->first = region->last = NULL;
    region->used_bytes = 0;
}

static void empty_chunk(struct sm_region_chunk *chunk, size_t from) {
    POISON(chunk->data + from, chunk->used - from);
    chunk->used = from;
}

void sm_region_clear(struct sm_region *region) {
    sm_region_rewind(region, (struct sm_region_mark){.chunk = region->first});
}

struct sm_region_mark sm_region_mark(const struct sm_region *region) {
    return (struct sm_region_mark){region->last, region->last ? region->last->used : 0, region->used_bytes};
}

void sm_region_rewind(struct sm_region *region, struct sm_region_mark mark) {
    /* A mark of the time before the first chunk. */
    if (!mark.chunk)
        mark.chunk = region->first;
    if (!mark.chunk)
        return;

    SM_ASSERT(mark.used_bytes <= region->used_bytes && mark.at <= mark.chunk->used);
    for (struct sm_region_chunk *chunk = mark.chunk; chunk != region->last;) {
        chunk = chunk->next;
        SM_ASSERT(chunk); /* else the mark is of a time after the present one */
        empty_chunk(chunk, 0);
    }
    empty_chunk(mark.chunk, mark.at);
    region->last = mark.chunk;
    region->used_bytes = mark.used_bytes;
}

/* Makes `last` a chunk with room for [need] bytes: the next kept one, or a new one put before it. */
static struct sm_region_chunk *next_chunk(struct sm_region *region, size_t need) {
    struct sm_region_chunk **link = region->last ? &region->last->next : &region->first;

    if (!*link || (*link)->capacity < need) {
        size_t capacity = region->last ? region->last->capacity * 2 : CHUNK_BYTES_MIN;
        if (capacity > CHUNK_BYTES_MAX)
            capacity = CHUNK_BYTES_MAX;
        if (capacity < need)
            capacity = need;
        struct sm_region_chunk *chunk = malloc(sizeof *chunk + capacity);
        if (!chunk)
            sm_bug("region %s: out of memory at %zu bytes", region->name, region->used_bytes);
        *chunk = (struct sm_region_chunk){.next = *link, .capacity = capacity};
        POISON(chunk->data, capacity);
        *link = chunk;
    }
    region->last = *link;
    return *link;
}

void *sm_region_alloc(struct sm_region *region, size_t bytes) {
    size_t left = region->limit_bytes - region->used_bytes;
    size_t rounded = bytes ? (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1) : ALIGNMENT;
    if (bytes > left || rounded > left)
        sm_bug("region %s: %zu bytes more would go over its limit of %zu", region->name, bytes, region->limit_bytes);

    size_t need = rounded + RED_ZONE_BYTES;
    struct sm_region_chunk *chunk = region->last;
    if (!chunk || chunk->capacity - chunk->used < need)
        chunk = next_chunk(region, need);
    void *memory = chunk->data + chunk->used;
    chunk->used += need;
    region->used_bytes += rounded;
    UNPOISON(memory, bytes);
    return memory;
}

void *sm_region_zalloc(struct sm_region *region, size_t bytes) {
    return memset(sm_region_alloc(region, bytes), 0, bytes);
}

bool sm_region_contains(const struct sm_region *region, const void *pointer) {
    if (!region->first)
        return false;
    for (const struct sm_region_chunk *chunk = region->first;; chunk = chunk->next) {
        if ((uintptr_t)pointer - (uintptr_t)chunk->data < chunk->used)
            return true;
        if (chunk == region->last)
            return false;
    }
}

char *sm_region_strdup(struct sm_region *region, const char *text) {
    return sm_region_strndup(region, text, strlen(text));
}

char *sm_region_strndup(struct sm_region *region, const char *text, size_t bytes) {
    char *copy = sm_region_alloc(region, bytes + 1);
    memcpy(copy, text, bytes);
    copy[bytes] = '\0';
    return copy;
}

char *sm_region_printf(struct sm_region *region, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = sm_region_vprintf(region, format, args);
    va_end(args);
    return text;
}

char *sm_region_vprintf(struct sm_region *region, const char *format, va_list args) {
    char small[256];
    va_list again;
    va_copy(again, args);
    int bytes = vsnprintf(small, sizeof small, format, args);
    SM_ASSERT(bytes >= 0);

    char *text;
    if ((size_t)bytes < sizeof small) {
        text = sm_region_strndup(region, small, (size_t)bytes);
    } else {
        text = sm_region_alloc(region, (size_t)bytes + 1);
        vsnprintf(text, (size_t)bytes + 1, format, again);
    }
    va_end(again);
    return text;
}
