/* A region is memory that is freed all at once.
 *
 * Three lifetimes exist in the project, and each is a region of its own:
 *   program  names and tables that outlive every run,
 *   run      everything a world builds: objects, logs, recorded replies,
 *   pass     the scratch of one reconcile, emptied whenever it waits.
 *
 * Allocation never fails: a region over its limit is a bug or a runaway run, and aborts with the region's name.
 * Marks are last in, first out: rewinding to one frees what was allocated after it, which is what a snapshot needs.
 * Under AddressSanitizer the unused part of every chunk is poisoned, so an overrun is seen.
 */
#ifndef SM_REGION_H
#define SM_REGION_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__SANITIZE_ADDRESS__)
#define SM_REGION_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SM_REGION_ASAN 1
#endif
#endif

struct sm_region_chunk;

struct sm_region {
    const char *name;              /* for messages; not owned */
    size_t limit_bytes;            /* abort above this */
    size_t used_bytes;             /* bytes handed out, over all chunks; each allocation counts in full 16 bytes */
    struct sm_region_chunk *first; /* oldest chunk */
    struct sm_region_chunk *last;  /* chunk that serves allocations; later chunks are kept for reuse */
    char *start, *at, *end;        /* of the last chunk: its first byte, the next free one, and where that must stop */
};

/* A position to come back to. */
struct sm_region_mark {
    struct sm_region_chunk *chunk;
    size_t at;
    size_t used_bytes;
};

/* Prepares an empty region. [limit_bytes] 0 means 1 GiB. */
void sm_region_init(struct sm_region *region, const char *name, size_t limit_bytes);

/* Frees everything, the chunks too. */
void sm_region_release(struct sm_region *region);

/* Frees everything but keeps the chunks for the next use. */
void sm_region_clear(struct sm_region *region);

struct sm_region_mark sm_region_mark(const struct sm_region *region);
void sm_region_rewind(struct sm_region *region, struct sm_region_mark mark);

/* What sm_region_alloc does when the last chunk is full, and always under AddressSanitizer. */
void *sm_region_alloc_more(struct sm_region *region, size_t bytes);

/* Returns [bytes] of memory aligned to 16, not zeroed. Never NULL. */
static inline void *sm_region_alloc(struct sm_region *region, size_t bytes) {
#ifndef SM_REGION_ASAN
    size_t need = (bytes + 15) & ~(size_t)15;
    if (need - 1 < (size_t)(region->end - region->at)) {
        void *memory = region->at;
        region->at += need;
        region->used_bytes += need;
        return memory;
    }
#endif
    return sm_region_alloc_more(region, bytes);
}

/* The same, zeroed. */
void *sm_region_zalloc(struct sm_region *region, size_t bytes);

bool sm_region_contains_in_older(const struct sm_region *region, const void *pointer);

/* True if [pointer] points into memory of this region. Cost grows with the number of chunks (1 to 10). */
static inline bool sm_region_contains(const struct sm_region *region, const void *pointer) {
    if ((uintptr_t)pointer - (uintptr_t)region->start < (uintptr_t)(region->at - region->start))
        return true;
    return region->first != region->last && sm_region_contains_in_older(region, pointer);
}

/* NUL-terminated copies. */
char *sm_region_strdup(struct sm_region *region, const char *text);
char *sm_region_strndup(struct sm_region *region, const char *text, size_t bytes);
char *sm_region_printf(struct sm_region *region, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *sm_region_vprintf(struct sm_region *region, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

#endif
