/* What an element of a list is known by in server-side apply: the values of its keys (LIST_MAP) or itself (SET). A key that
 * an element lacks counts with its default: what the schema says, else the zero value of its type, for custom resources none.
 * An index of a list finds elements in O(1). */
#ifndef SM_LIST_KEY_H
#define SM_LIST_KEY_H

#include "schema.h"
#include "str.h"

enum { SM_LIST_KEY_BYTES = 256 };

/* The values that [item] is known by; all zero for what is no element of [list]. */
struct sm_list_key {
    sm_val values[SM_SCHEMA_KEYS_MAX];
    uint64_t hash; /* of all values; 0: no key */
};

struct sm_list_key sm_list_key(struct sm_region *r, const struct sm_schema *list, sm_val item);
bool sm_list_key_equal(const struct sm_list_key *a, const struct sm_list_key *b);

/* As in fieldsV1: `k:{"containerPort":80,"protocol":"TCP"}`, `v:"x"`. Written to [buffer] if it fits, else into [r]. */
const char *sm_list_key_text(struct sm_region *r, const struct sm_schema *list, const struct sm_list_key *key,
                             char buffer[SM_LIST_KEY_BYTES], size_t *ret_bytes);

/* As in messages, appended: `[containerPort=80,protocol="TCP"]`, `[="x"]`. */
void sm_list_key_print(struct sm_str *out, const struct sm_schema *list, const struct sm_list_key *key);

/* NULL if every element of [items] has a key, else why the first one at fault ([ret_at]) has not. */
const char *sm_list_key_fault(struct sm_region *r, const struct sm_schema *list, sm_val items, size_t *ret_at);

/* The keys of all elements, findable. Lives in [r] where the list is longer than what fits in itself. */
enum { SM_LIST_INDEX_INLINE = 16 };

struct sm_list_index {
    struct sm_list_key *keys; /* one an element */
    size_t count;
    uint32_t *slots; /* NULL: short enough to search one by one */
    size_t slot_count;
    struct sm_list_key inlined[SM_LIST_INDEX_INLINE];
};

void sm_list_index_init(struct sm_list_index *index, struct sm_region *r, const struct sm_schema *list, sm_val items);

/* The first element with [key], -1 if there is none. */
int64_t sm_list_index_find(const struct sm_list_index *index, const struct sm_list_key *key);

#endif
