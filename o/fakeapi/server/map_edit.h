/* A map that is walked once and perhaps changed on the way: nothing is copied until something differs, and then once. */
#ifndef SM_MAP_EDIT_H
#define SM_MAP_EDIT_H

#include <string.h>

#include "val.h"

/* strcmp for names in tables, of which most differ in the first letter. */
static inline int map_key_order(const char *a, const char *b) {
    int order = (unsigned char)*a - (unsigned char)*b;
    return order != 0 || a == b ? order : strcmp(a, b);
}

struct map_edit {
    struct sm_region *region;
    sm_val source;
    uint32_t extra;            /* members that may be added at most */
    uint32_t count;            /* members taken so far */
    struct sm_member *members; /* NULL: the first [count] of the source */
};

static inline struct map_edit map_edit_of(struct sm_region *r, sm_val source, uint32_t extra) {
    return (struct map_edit){.region = r, .source = source, .extra = extra};
}

static inline void map_edit_differs(struct map_edit *edit) {
    if (edit->members)
        return;
    edit->members = sm_region_alloc(edit->region, (edit->source->count + edit->extra + (size_t)1) * sizeof *edit->members);
    if (edit->count > 0)
        memcpy(edit->members, edit->source->map, edit->count * sizeof *edit->members);
}

/* The next member of the source, with [value] for its own; NULL drops it. */
static inline void map_edit_take(struct map_edit *edit, const struct sm_member *member, sm_val value) {
    if (value != member->value)
        map_edit_differs(edit);
    if (!value)
        return;
    if (edit->members)
        edit->members[edit->count] = (struct sm_member){member->key, member->key_bytes, value};
    edit->count++;
}

/* A member the source does not have. */
static inline void map_edit_add(struct map_edit *edit, const char *key, sm_val value) {
    map_edit_differs(edit);
    edit->members[edit->count++] = (struct sm_member){key, (uint32_t)strlen(key), value};
}

static inline sm_val map_edit_end(const struct map_edit *edit) {
    return edit->members ? sm_val_from_members(edit->region, edit->members, edit->count) : edit->source;
}

#endif
