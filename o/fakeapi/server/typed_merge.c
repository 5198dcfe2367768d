#include <string.h>

#include "typed_internal.h"

struct merge {
    struct sm_region *r;
    const char *ignore;
};

static sm_val merge(struct merge *m, const struct sm_schema *schema, sm_val live, sm_val config, enum sm_place place);

/* True for what a client may name, but the server keeps as it is. */
static bool is_kept(const struct merge *m, enum sm_place place, const char *key) {
    static const char *const kept[] = {"creationTimestamp", "generation", "managedFields", "selfLink"};

    if (place == SM_PLACE_ROOT)
        return m->ignore && strcmp(key, m->ignore) == 0;
    for (size_t i = 0; place == SM_PLACE_METADATA && i < sizeof kept / sizeof kept[0]; i++) {
        if (strcmp(key, kept[i]) == 0)
            return true;
    }
    return false;
}

/* --- Maps ---------------------------------------------------------------------------------------------------------------- */

/* The live map with the values that changed, both in order of their keys. */
static sm_val with_members(struct merge *m, sm_val live, const struct sm_members *changes) {
    struct sm_member *all = sm_region_alloc(m->r, (live->count + changes->count) * sizeof all[0]);
    size_t i = 0, j = 0, count = 0;

    while (i < live->count || j < changes->count) {
        int order = i >= live->count ? 1 : j >= changes->count ? -1 : strcmp(live->map[i].key, changes->at[j].key);
        all[count++] = order < 0 ? live->map[i] : changes->at[j];
        i += order <= 0;
        j += order >= 0;
    }
    return sm_val_from_members(m->r, all, count);
}

static sm_val merge_map(struct merge *m, const struct sm_schema *schema, sm_val live, sm_val config, enum sm_place place) {
    struct sm_members changes;
    struct sm_typed_fields fields = sm_typed_fields(schema);
    const struct sm_member *field;
    size_t at = 0;

    sm_members_init(&changes, m->r);
    SM_EACH_MEMBER(field, config) {
        int order = 1;
        while (at < live->count && (order = strcmp(live->map[at].key, field->key)) < 0)
            at++;
        sm_val old = at < live->count && !order ? live->map[at].value : NULL;
        if (sm_val_equal(old, field->value))
            continue;
        if (place != SM_PLACE_BELOW && is_kept(m, place, field->key))
            continue;
        bool declared;
        const struct sm_schema *child = old ? sm_typed_next(&fields, field->key, field->key_bytes, &declared) : NULL;
        sm_val new = child ? merge(m, child, old, field->value, sm_typed_below(place, field->key)) : field->value;
        if (new != old)
            sm_members_add(&changes, field->key, field->key_bytes, new);
    }
    return changes.count ? with_members(m, live, &changes) : live;
}

/* --- Lists --------------------------------------------------------------------------------------------------------------- */

/* Elements of both lists: those of [config] come in its order; those that only [live] has stay where they are, between the
 * elements that both have. The steps are those of structured-merge-diff's visitListItems. */
static sm_val merge_list(struct merge *m, const struct sm_schema *schema, sm_val live, sm_val config) {
    struct sm_list_index left, right;
    size_t i = 0, j = 0, count = 0, next_shared = 0;
    sm_val *out = sm_region_alloc(m->r, ((size_t)live->count + config->count) * sizeof out[0]);
    bool *merged = sm_region_zalloc(m->r, config->count * sizeof merged[0]);
    size_t *shared = sm_region_alloc(m->r, config->count * sizeof shared[0]);
    size_t shared_count = 0;

    sm_list_index_init(&left, m->r, schema, live);
    sm_list_index_init(&right, m->r, schema, config);
    int64_t *in_live = sm_region_alloc(m->r, config->count * sizeof in_live[0]);
    for (size_t k = 0; k < config->count; k++) {
        in_live[k] = sm_list_index_find(&left, &right.keys[k]);
        if (in_live[k] >= 0)
            shared[shared_count++] = k;
    }

    while (i < live->count || j < config->count) {
        int64_t in_config = i < live->count ? sm_list_index_find(&right, &left.keys[i]) : -1;
        bool take_both = i < live->count && j < config->count && in_config == (int64_t)j;
        if (i < live->count && j < config->count && !take_both) {
            /* A shared element, but not the one that comes next: it is taken in its turn. */
            if (in_config >= 0 && next_shared < shared_count && (size_t)in_config != shared[next_shared]) {
                i++;
                continue;
            }
        }
        if (i < live->count && !take_both) {
            if (in_config < 0) {
                out[count++] = live->list[i++];
                continue;
            }
            if (merged[in_config])
                i++;
        }
        if (j < config->count) {
            sm_val old = in_live[j] >= 0 ? live->list[in_live[j]] : NULL;
            out[count++] = old ? merge(m, schema->element, old, config->list[j], SM_PLACE_BELOW) : config->list[j];
            merged[j] = true;
            if (next_shared < shared_count && shared[next_shared] == j)
                next_shared++;
            i += take_both;
            j++;
        }
    }
    bool same = count == live->count;
    for (size_t k = 0; k < count && same; k++)
        same = out[k] == live->list[k];
    return same ? live : sm_val_from_items(m->r, out, count);
}

/* --- Values -------------------------------------------------------------------------------------------------------------- */

static sm_val merge(struct merge *m, const struct sm_schema *schema, sm_val live, sm_val config, enum sm_place place) {
    if (sm_val_equal(live, config))
        return live;
    enum sm_shape shape = sm_typed_shape(schema, live, config);
    if (shape == SM_SHAPE_LEAF || (sm_typed_nothing(live) && sm_typed_nothing(config)))
        return config;
    if (sm_typed_nothing(live))
        return config;
    if (sm_typed_nothing(config))
        return live;
    return shape == SM_SHAPE_MAP ? merge_map(m, schema, live, config, place) : merge_list(m, schema, live, config);
}

sm_val sm_typed_merge(struct sm_region *r, const struct sm_schema *schema, sm_val live, sm_val config, const char *ignore) {
    struct merge m = {.r = r, .ignore = ignore};

    return live ? merge(&m, schema, live, config, SM_PLACE_ROOT) : config;
}
