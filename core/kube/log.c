#include "log.h"

#include <string.h>

#include "bug.h"

enum { CAPACITY_MIN = 16 };

const char *const sm_change_names[] = {[SM_ADDED] = "ADDED", [SM_MODIFIED] = "MODIFIED", [SM_DELETED] = "DELETED"};

static uint64_t spread(sm_val object) {
    uint64_t x = object ? object->hash : 0;

    x = (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return x ^ x >> 32;
}

void sm_log_append(struct sm_region *r, struct sm_log *log, const struct sm_log_entry *entry) {
    SM_ASSERT(log->count == 0 || entry->version > log->entries[log->count - 1].version);
    if (log->count == log->capacity) {
        uint32_t capacity = log->capacity ? 2 * log->capacity : CAPACITY_MIN;
        struct sm_log_entry *entries = sm_region_alloc(r, capacity * sizeof entries[0]);

        if (log->count)
            memcpy(entries, log->entries, log->count * sizeof entries[0]);
        log->entries = entries;
        log->capacity = capacity;
    }
    log->entries[log->count++] = *entry;
    log->root = entry->root;
    log->sum += (entry->change == SM_DELETED ? 0 : spread(entry->object)) - spread(entry->before);
}

/* The entry before the first readable one still serves as the state that a watch from there starts with. */
static uint32_t oldest_state(const struct sm_log *log) {
    return log->first ? log->first - 1 : 0;
}

int64_t sm_log_index_at(const struct sm_log *log, int64_t version) {
    uint32_t low = oldest_state(log), high = log->count;

    if (low == high || log->entries[low].version > version)
        return -1;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (log->entries[middle].version <= version)
            low = middle;
        else
            high = middle;
    }
    return low;
}

sm_val sm_log_get(const struct sm_log *log, uint32_t count, const char *key) {
    SM_ASSERT(count <= log->count && (count == 0 || count > oldest_state(log)));
    return count ? sm_pmap_get(log->entries[count - 1].root, key) : NULL;
}

sm_time sm_log_overtaken(const struct sm_log *log, uint32_t count, const char *key) {
    if (count == log->count || sm_log_get(log, count, key) == sm_pmap_get(log->root, key))
        return 0;
    for (uint32_t i = count; i < log->count; i++) {
        if (strcmp(log->entries[i].key, key) == 0)
            return log->entries[i].time;
    }
    return 0;
}
