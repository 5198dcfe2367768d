/* A treap: a search tree by key and a heap by priority. The higher priority is above; of two equal ones the lesser key.
 * Since a key's priority is its hash, one set of keys has one shape:
 *
 *      set      descends to where the key belongs, copies the way there, and on the way back rotates the new node up
 *               until its parent is above it; only fresh copies are turned, so they may be changed in place
 *      remove   copies the way to the node and puts the merger of its two subtrees in its place
 *      diff     walks both trees at once: of two different roots, the one that is above cannot be in the other tree
 */
#include "pmap.h"

#include <string.h>

#include "bug.h"
#include "val_internal.h"

static bool is_above(sm_pmap a, sm_pmap b) {
    return a->priority != b->priority ? a->priority > b->priority : strcmp(a->key, b->key) < 0;
}

static void count_again(struct sm_pmap *node) {
    node->count = (uint32_t)(1 + sm_pmap_count(node->left) + sm_pmap_count(node->right));
}

static struct sm_pmap *copy_with(struct sm_region *r, sm_pmap node, sm_pmap left, sm_pmap right) {
    struct sm_pmap *copy = sm_region_alloc(r, sizeof *copy);
    *copy = *node;
    copy->left = left;
    copy->right = right;
    count_again(copy);
    return copy;
}

const void *sm_pmap_get(sm_pmap map, const char *key) {
    while (map) {
        int order = strcmp(key, map->key);
        if (order == 0)
            return map->value;
        map = order < 0 ? map->left : map->right;
    }
    return NULL;
}

/* --- Editing ------------------------------------------------------------------------------------------------------- */

static struct sm_pmap *new_node(struct sm_region *r, const char *key, const void *value) {
    size_t bytes = strlen(key);
    struct sm_pmap *node = sm_region_alloc(r, sizeof *node);
    *node = (struct sm_pmap){.key = sm_region_strndup(r, key, bytes),
                             .value = value,
                             .priority = (uint32_t)(hash_bytes(key, bytes) >> 32),
                             .count = 1};
    return node;
}

/* Returns the new root of [map], or NULL if nothing changes. */
static struct sm_pmap *set(struct sm_region *r, sm_pmap map, const char *key, const void *value) {
    if (!map)
        return new_node(r, key, value);

    int order = strcmp(key, map->key);
    if (order == 0) {
        if (map->value == value)
            return NULL;
        struct sm_pmap *copy = copy_with(r, map, map->left, map->right);
        copy->value = value;
        return copy;
    }

    struct sm_pmap *child = set(r, order < 0 ? map->left : map->right, key, value);
    if (!child)
        return NULL;
    struct sm_pmap *parent = copy_with(r, map, order < 0 ? child : map->left, order < 0 ? map->right : child);
    if (!is_above(child, parent)) /* the usual case; the compare of keys is hardly ever reached */
        return parent;
    if (order < 0) {
        parent->left = child->right;
        child->right = parent;
    } else {
        parent->right = child->left;
        child->left = parent;
    }
    count_again(parent);
    count_again(child);
    return child;
}

sm_pmap sm_pmap_set(struct sm_region *r, sm_pmap map, const char *key, const void *value) {
    SM_ASSERT(value);
    sm_pmap changed = set(r, map, key, value);
    return changed ? changed : map;
}

/* All keys of [left] are below those of [right]. */
static sm_pmap merge(struct sm_region *r, sm_pmap left, sm_pmap right) {
    if (!left || !right)
        return left ? left : right;
    if (is_above(left, right))
        return copy_with(r, left, left->left, merge(r, left->right, right));
    return copy_with(r, right, merge(r, left, right->left), right->right);
}

sm_pmap sm_pmap_remove(struct sm_region *r, sm_pmap map, const char *key) {
    if (!map)
        return NULL;
    int order = strcmp(key, map->key);
    if (order == 0)
        return merge(r, map->left, map->right);

    sm_pmap child = order < 0 ? map->left : map->right;
    sm_pmap changed = sm_pmap_remove(r, child, key);
    if (changed == child)
        return map;
    return order < 0 ? copy_with(r, map, changed, map->right) : copy_with(r, map, map->left, changed);
}

/* --- Reading in order ---------------------------------------------------------------------------------------------- */

sm_pmap sm_pmap_seek(sm_pmap map, const char *key, bool after) {
    sm_pmap best = NULL;
    while (map) {
        int order = strcmp(map->key, key);
        if (order > 0 || (order == 0 && !after)) {
            best = map;
            map = map->left;
        } else {
            map = map->right;
        }
    }
    return best;
}

sm_pmap sm_pmap_at(sm_pmap map, size_t index) {
    while (map) {
        size_t left = sm_pmap_count(map->left);
        if (index == left)
            return map;
        if (index < left) {
            map = map->left;
        } else {
            index -= left + 1;
            map = map->right;
        }
    }
    return NULL;
}

struct each {
    const char *prefix;
    size_t prefix_bytes;
    bool (*visit)(void *arg, const char *key, const void *value);
    void *arg;
};

static bool each(const struct each *e, sm_pmap map) {
    if (!map)
        return true;
    int order = strncmp(map->key, e->prefix, e->prefix_bytes);
    if (order < 0)
        return each(e, map->right);
    if (order > 0)
        return each(e, map->left);
    return each(e, map->left) && e->visit(e->arg, map->key, map->value) && each(e, map->right);
}

void sm_pmap_each(sm_pmap map, const char *prefix, bool (*visit)(void *arg, const char *key, const void *value), void *arg) {
    each(&(struct each){prefix, strlen(prefix), visit, arg}, map);
}

/* --- Differences --------------------------------------------------------------------------------------------------- */

struct diff {
    bool (*visit)(void *arg, const char *key, const void *before, const void *after);
    void *arg;
};

/* The root of those entries of [map] whose keys are between [low] and [high]; NULL is no bound. Keys outside may remain
 * below it. */
static sm_pmap within(sm_pmap map, const char *low, const char *high) {
    while (map) {
        if (low && strcmp(map->key, low) <= 0)
            map = map->right;
        else if (high && strcmp(map->key, high) >= 0)
            map = map->left;
        else
            break;
    }
    return map;
}

static bool diff(const struct diff *d, sm_pmap before, sm_pmap after, const char *low, const char *high) {
    if (before == after)
        return true;
    before = within(before, low, high);
    after = within(after, low, high);
    if (before == after)
        return true;

    /* [root] is above everything else in both trees, so a tree whose root has another key does not have it at all. */
    sm_pmap root = !before || (after && is_above(after, before)) ? after : before;
    const struct sm_pmap absent = {.left = before, .right = before}, absent_after = {.left = after, .right = after};
    sm_pmap b = before && (before == root || strcmp(before->key, root->key) == 0) ? before : &absent;
    sm_pmap a = after && (after == root || strcmp(after->key, root->key) == 0) ? after : &absent_after;

    return diff(d, b->left, a->left, low, root->key) && (b->value == a->value || d->visit(d->arg, root->key, b->value, a->value)) &&
           diff(d, b->right, a->right, root->key, high);
}

void sm_pmap_diff(sm_pmap before, sm_pmap after, bool (*visit)(void *arg, const char *key, const void *before, const void *after),
                  void *arg) {
    diff(&(struct diff){visit, arg}, before, after, NULL, NULL);
}
