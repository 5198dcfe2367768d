/* Immutable values: what JSON can say, shared and content-hashed.
 *
 * A value never changes once built. Whoever wants another one copies the path to the change and shares the rest,
 * so an object costs nothing to hand around, to keep in a history or to compare with its successor:
 *
 *      old ──▶ { metadata ─┐  spec ─┐  status ─┐ }
 *      new ──▶ { metadata' │  spec ─┘  status ─┘ }      sm_val_set(r, old, "metadata", metadata')
 *
 * Invariants:
 *   - Members of a map are sorted by key (bytes), without duplicates. So printing is canonical and comparing is linear.
 *   - Integers are int64. A number outside int64, or with a fraction or an exponent, is a double.
 *   - Strings are NUL-terminated and have a length; they may contain NUL.
 *   - The hash depends on content only (1 and 1.0 differ in kind and in hash). It may only shortcut a comparison:
 *     builds with SM_CHECK_HASHES and without NDEBUG check it with a real compare.
 *   - A C NULL pointer means "absent"; JSON's null is SM_NULL. Every reader accepts NULL and treats it as absent.
 *
 * Values live in the region they were built in and share substructure of others: a value must not outlive any region
 * it shares with. sm_val_copy moves one across lifetimes.
 *
 * Paths are written as in kubectl: `spec.containers[0].image`, `spec.containers[name=seid].image`,
 * `metadata.labels[sei.io/node]`, `[-1]` for the last element. In brackets dots are ordinary.
 */
#ifndef SM_VAL_H
#define SM_VAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "region.h"

enum sm_kind { SM_KIND_NULL, SM_KIND_BOOL, SM_KIND_INT, SM_KIND_DOUBLE, SM_KIND_STRING, SM_KIND_LIST, SM_KIND_MAP };

struct sm_member;

struct sm_val {
    uint8_t kind;   /* enum sm_kind */
    uint32_t count; /* bytes of a string, elements of a list, members of a map */
    uint64_t hash;
    union {
        bool boolean;
        int64_t integer;
        double real;
        const char *string; /* NUL-terminated */
        const struct sm_val *const *list;
        const struct sm_member *map; /* sorted by key */
    };
};

typedef const struct sm_val *sm_val;

struct sm_member {
    const char *key; /* NUL-terminated; keys hold no NUL */
    uint32_t key_bytes;
    sm_val value;
};

extern const struct sm_val sm_val_null_, sm_val_true_, sm_val_false_, sm_val_empty_map_, sm_val_empty_list_, sm_val_empty_string_;
#define SM_NULL (&sm_val_null_)
#define SM_TRUE (&sm_val_true_)
#define SM_FALSE (&sm_val_false_)
#define SM_EMPTY_MAP (&sm_val_empty_map_)
#define SM_EMPTY_LIST (&sm_val_empty_list_)
#define SM_EMPTY_STRING (&sm_val_empty_string_)

/* --- Building -------------------------------------------------------------------------------------------------- */

sm_val sm_val_bool(bool value);
sm_val sm_val_int(struct sm_region *r, int64_t value);
sm_val sm_val_double(struct sm_region *r, double value);
sm_val sm_val_strn(struct sm_region *r, const char *text, size_t bytes); /* copies */
static inline sm_val sm_val_str(struct sm_region *r, const char *text) { return sm_val_strn(r, text, strlen(text)); }
sm_val sm_val_strf(struct sm_region *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A map of alternating key (const char *) and sm_val, ended by (char *)NULL. A pair whose value is NULL is left out.
 * Keys are not copied: pass literals or strings that live as long as [r]. Use the SM_MAP macro. */
sm_val sm_val_map(struct sm_region *r, ...);
#define SM_MAP(r, ...) sm_val_map((r), __VA_ARGS__, (char *)NULL)

/* A list of sm_val, ended by NULL. Use the SM_LIST macro. */
sm_val sm_val_list(struct sm_region *r, ...);
#define SM_LIST(r, ...) sm_val_list((r), __VA_ARGS__, (sm_val)NULL)

/* From arrays, which are copied. Members need not be sorted; of two with one key the last wins; NULL values are left out. */
sm_val sm_val_from_items(struct sm_region *r, const sm_val *items, size_t count);
sm_val sm_val_from_members(struct sm_region *r, const struct sm_member *members, size_t count);

/* Copies [v] into [r], sharing what already lives outside [from]. [from] NULL copies everything. What [v] holds twice is
 * copied twice. */
sm_val sm_val_copy(struct sm_region *r, sm_val v, const struct sm_region *from);

/* --- Reading. NULL where absent or of another kind; never an error ---------------------------------------------- */

static inline enum sm_kind sm_val_kind(sm_val v) { return (enum sm_kind)v->kind; }
static inline bool sm_val_is_map(sm_val v) { return v && v->kind == SM_KIND_MAP; }
static inline bool sm_val_is_list(sm_val v) { return v && v->kind == SM_KIND_LIST; }
static inline bool sm_val_is_string(sm_val v) { return v && v->kind == SM_KIND_STRING; }
static inline bool sm_val_is_int(sm_val v) { return v && v->kind == SM_KIND_INT; }
static inline bool sm_val_is_null(sm_val v) { return v && v->kind == SM_KIND_NULL; }
static inline bool sm_val_is_true(sm_val v) { return v && v->kind == SM_KIND_BOOL && v->boolean; }

/* Number of elements or members; 0 for anything else. */
static inline size_t sm_val_count(sm_val v) { return v && (v->kind == SM_KIND_LIST || v->kind == SM_KIND_MAP) ? v->count : 0; }

sm_val sm_val_getn(sm_val map, const char *key, size_t key_bytes);
static inline sm_val sm_val_get(sm_val map, const char *key) { return sm_val_getn(map, key, strlen(key)); }
static inline sm_val sm_val_item(sm_val list, size_t i) { return sm_val_is_list(list) && i < list->count ? list->list[i] : NULL; }

static inline const struct sm_member *sm_val_member(sm_val map, size_t i) {
    return sm_val_is_map(map) && i < map->count ? &map->map[i] : NULL;
}

/* Follows a path, see the top of this file. A malformed path is a bug and aborts. */
sm_val sm_val_atn(sm_val v, const char *path, size_t path_bytes); /* NUL-terminated all the same */
static inline sm_val sm_val_at(sm_val v, const char *path) { return sm_val_atn(v, path, strlen(path)); }

/* For paths out of input. (A key that holds `]` has no path.) */
bool sm_val_path_is_well_formed(const char *path);

/* The same with a default for what is absent or of another kind. */
static inline const char *sm_val_text(sm_val v) { return sm_val_is_string(v) ? v->string : ""; } /* the bytes of a string, else "" */
static inline const char *sm_val_str_at(sm_val v, const char *path) { return sm_val_text(sm_val_at(v, path)); }
int64_t sm_val_int_at(sm_val v, const char *path, int64_t absent);
bool sm_val_true_at(sm_val v, const char *path);

static inline bool sm_val_is_text(sm_val v, const char *text) {
    return sm_val_is_string(v) && v->count == strlen(text) && memcmp(v->string, text, v->count) == 0;
}

/* for (size_t i = 0; …) is fine; these read better. The container is evaluated once; break and continue work. */
#define SM_EACH_ITEM(item, list_) \
    for (sm_val item##_of = (list_); item##_of; item##_of = NULL) \
        for (size_t item##_i = 0; ((item) = sm_val_item(item##_of, item##_i)) != NULL; item##_i++)
#define SM_EACH_MEMBER(member, map_) \
    for (sm_val member##_of = (map_); member##_of; member##_of = NULL) \
        for (size_t member##_i = 0; ((member) = sm_val_member(member##_of, member##_i)) != NULL; member##_i++)

/* --- Editing: each returns a new value in [r]; the old one is untouched ------------------------------------------ */

/* Sets one member; [value] NULL removes it. [map] NULL counts as an empty map. The key is copied when it is new. */
sm_val sm_val_setn(struct sm_region *r, sm_val map, const char *key, size_t key_bytes, sm_val value);
static inline sm_val sm_val_set(struct sm_region *r, sm_val map, const char *key, sm_val value) {
    return sm_val_setn(r, map, key, strlen(key), value);
}

/* Sets at a path of at most 64 steps, making maps on the way; NULL removes. [v] NULL counts as an empty map, and so does
 * null on the way. List elements are never made: setting in one that is absent, or in a text or a number, is a bug.
 * An edit that changes nothing returns the old value itself. */
sm_val sm_val_set_at(struct sm_region *r, sm_val v, const char *path, sm_val value);

sm_val sm_val_append(struct sm_region *r, sm_val list, sm_val item);                 /* list NULL or null: a new one */
sm_val sm_val_replace_item(struct sm_region *r, sm_val list, size_t i, sm_val item); /* item NULL removes it */

/* --- Comparing --------------------------------------------------------------------------------------------------- */

/* True for two values of one hash; where hashes are checked, a bug if they differ in content. */
bool sm_val_equal_by_hash(sm_val a, sm_val b);

/* NULL equals only NULL. */
static inline bool sm_val_equal(sm_val a, sm_val b) { return a == b || (a && b && a->hash == b->hash && sm_val_equal_by_hash(a, b)); }

/* A total order over content, for sorting: kind, then content. */
int sm_val_compare(sm_val a, sm_val b);

/* Path of the first difference in key order, as text in [r] (`spec.replicas`), or NULL if equal. */
const char *sm_val_difference(struct sm_region *r, sm_val a, sm_val b);

/* --- RFC 7386 JSON merge patch ------------------------------------------------------------------------------------ */

sm_val sm_val_merge_patch(struct sm_region *r, sm_val target, sm_val patch);

/* The smallest merge patch that turns [from] into [to]: NULL when they are equal. Lists are replaced whole. */
sm_val sm_val_make_merge_patch(struct sm_region *r, sm_val from, sm_val to);

#endif
