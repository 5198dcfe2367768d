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
    size_t used;    /* of the last chunk, `at` of the region tells instead */
    size_t unused_; /* keeps data aligned to 16 */
    char data[];
};

/* What the pointers of a region without chunks point to. */
static char nothing[1];

void sm_region_init(struct sm_region *region, const char *name, size_t limit_bytes) {
    *region = (struct sm_region){.name = name, .limit_bytes = limit_bytes ? limit_bytes : limit_bytes_default,
                                 .start = nothing, .at = nothing, .end = nothing};
    SM_ASSERT(region->limit_bytes <= PTRDIFF_MAX);
}

void sm_region_release(struct sm_region *region) {
    for (struct sm_region_chunk *chunk = region->first; chunk;) {
        struct sm_region_chunk *next = chunk->next;
        UNPOISON(chunk->data, chunk->capacity);
        free(chunk);
        chunk = next;
    }
    sm_region_init(region, region->name, region->limit_bytes);
}

/* Lets [chunk] serve allocations from [used] on. */
static void serve_from(struct sm_region *region, struct sm_region_chunk *chunk, size_t used) {
    size_t room = chunk->capacity - used, left = region->limit_bytes - region->used_bytes;
    region->last = chunk;
    region->start = chunk->data;
    region->at = chunk->data + used;
    region->end = region->at + (room < left ? room : left);
}

void sm_region_clear(struct sm_region *region) {
    sm_region_rewind(region, (struct sm_region_mark){.chunk = region->first});
}

struct sm_region_mark sm_region_mark(const struct sm_region *region) {
    return (struct sm_region_mark){region->last, (size_t)(region->at - region->start), region->used_bytes};
}

void sm_region_rewind(struct sm_region *region, struct sm_region_mark mark) {
    /* A mark of the time before the first chunk. */
    if (!mark.chunk)
        mark.chunk = region->first;
    if (!mark.chunk)
        return;

    region->last->used = (size_t)(region->at - region->start);
    SM_ASSERT(mark.used_bytes <= region->used_bytes && mark.at <= mark.chunk->used);
    POISON(mark.chunk->data + mark.at, mark.chunk->used - mark.at);
    for (struct sm_region_chunk *chunk = mark.chunk; chunk != region->last;) {
        chunk = chunk->next;
        SM_ASSERT(chunk); /* else the mark is of a time after the present one */
        POISON(chunk->data, chunk->used);
    }
    region->used_bytes = mark.used_bytes;
    serve_from(region, mark.chunk, mark.at);
}

/* Moves on to a chunk with room for [need] bytes: the next kept one, or a new one put before it. */
static void next_chunk(struct sm_region *region, size_t need) {
    struct sm_region_chunk **link = &region->first;
    size_t capacity = CHUNK_BYTES_MIN;
    if (region->last) {
        link = &region->last->next;
        capacity = region->last->capacity < CHUNK_BYTES_MAX / 2 ? region->last->capacity * 2 : CHUNK_BYTES_MAX;
        region->last->used = (size_t)(region->at - region->start);
    }
    if (!*link || (*link)->capacity < need) {
        if (capacity < need)
            capacity = need;
        struct sm_region_chunk *chunk = malloc(sizeof *chunk + capacity);
        if (!chunk)
            sm_bug("region %s: out of memory at %zu bytes", region->name, region->used_bytes);
        *chunk = (struct sm_region_chunk){.next = *link, .capacity = capacity};
        POISON(chunk->data, capacity);
        *link = chunk;
    }
    serve_from(region, *link, 0);
}

void *sm_region_alloc_more(struct sm_region *region, size_t bytes) {
    size_t left = region->limit_bytes - region->used_bytes;
    size_t rounded = bytes ? (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1) : ALIGNMENT;
    if (bytes > left || rounded > left)
        sm_bug("region %s: %zu bytes more would go over its limit of %zu", region->name, bytes, region->limit_bytes);

    size_t need = rounded + RED_ZONE_BYTES;
    if (!region->last || region->last->capacity - (size_t)(region->at - region->start) < need)
        next_chunk(region, need);
    void *memory = region->at;
    region->at += need;
    region->used_bytes += rounded;
    UNPOISON(memory, bytes);
    return memory;
}

void *sm_region_zalloc(struct sm_region *region, size_t bytes) {
    return memset(sm_region_alloc(region, bytes), 0, bytes);
}

bool sm_region_contains_in_older(const struct sm_region *region, const void *pointer) {
    for (const struct sm_region_chunk *chunk = region->first; chunk != region->last; chunk = chunk->next)
        if ((uintptr_t)pointer - (uintptr_t)chunk->data < chunk->used)
            return true;
    return false;
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
