/* Strategic merge patch: maps merge, lists merge by a key that the schema names or are replaced, and directives say the rest:
 *
 *      $patch: replace | delete             in a map, or in an element of a list
 *      $retainKeys: [a, b]                  fields of the live map that stay
 *      $setElementOrder/LIST: [...]         the order of what the patch names
 *      $deleteFromPrimitiveList/LIST: [...] values to take out
 *
 * It follows apimachinery's strategicpatch step by step, since its quirks show: a new element comes before the live ones
 * that the patch does not name, and errors are said only where a list exists already. */
#include <stdlib.h>
#include <string.h>

#include "bug.h"
#include "go_text.h"
#include "patch.h"
#include "status.h"

#define ORDER "$setElementOrder/"
#define DELETE_FROM "$deleteFromPrimitiveList/"

struct merge {
    struct sm_region *r;
    struct sm_reply *reterr;
};

struct items {
    sm_val *at;
    size_t count;
};

static sm_val merge_map(struct merge *m, const struct sm_schema *schema, sm_val live, sm_val patch);

/* --- Errors -------------------------------------------------------------------------------------------------------------- */

static sm_val fail(struct merge *m, const char *text) {
    *m->reterr = sm_status(m->r, 500, "", text, NULL, NULL, NULL, NULL, 0);
    return NULL;
}

static sm_val malformed(struct merge *m, const char *what) {
    *m->reterr = sm_status_bad_request(m->r, sm_region_printf(m->r, "invalid patch format of %s", what));
    return NULL;
}

static sm_val no_merge_key(struct merge *m, sm_val item, const char *key) {
    return fail(m, sm_region_printf(m->r, "map: %s does not contain declared merge key: %s", sm_go_text(m->r, item), key));
}

static sm_val bad_patch_type(struct merge *m, sm_val type, sm_val map) {
    return fail(m, sm_region_printf(m->r, "unknown patch type: %s in map: %s", sm_go_text(m->r, type), sm_go_text(m->r, map)));
}

static sm_val bad_type(struct merge *m, const char *expected, sm_val found) {
    return fail(m, sm_region_printf(m->r, "expected a %s, but received a %s", expected, sm_go_type(found)));
}

/* --- What a patch puts where nothing was ---------------------------------------------------------------------------------- */

static bool starts_with(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_directive(const char *key) {
    return *key == '$' &&
           (strcmp(key, "$patch") == 0 || strcmp(key, "$retainKeys") == 0 || starts_with(key, ORDER) || starts_with(key, DELETE_FROM));
}

/* [v] without directives and without nulls in maps; NULL if nothing is left of it. */
static sm_val without_directives(struct sm_region *r, sm_val v) {
    if (sm_val_is_list(v)) {
        sm_val *items = sm_region_alloc(r, v->count * sizeof items[0] + 1);
        size_t count = 0;
        bool changed = false;
        for (size_t i = 0; i < v->count; i++) {
            items[count] = without_directives(r, v->list[i]);
            changed |= items[count] != v->list[i];
            count += items[count] != NULL;
        }
        return changed ? sm_val_from_items(r, items, count) : v;
    }
    if (!sm_val_is_map(v))
        return v;
    if (sm_val_is_text(sm_val_get(v, "$patch"), "delete"))
        return NULL;
    const struct sm_member *member;
    sm_val result = v;
    SM_EACH_MEMBER(member, v) {
        sm_val child = sm_val_is_null(member->value) || is_directive(member->key) ? NULL : without_directives(r, member->value);
        if (child != member->value)
            result = sm_val_set(r, result, member->key, child);
    }
    return result;
}

/* --- Lists: elements and their order -------------------------------------------------------------------------------------- */

/* What an element is known by: the value of its key, or itself where [key] is "". NULL: it has none. */
static sm_val name_of(sm_val item, const char *key) {
    return *key ? sm_val_get(item, key) : item;
}

static int64_t index_of(sm_val list, sm_val name, const char *key) {
    for (size_t i = 0; i < sm_val_count(list); i++) {
        if (sm_val_equal(name_of(list->list[i], key), name))
            return (int64_t)i;
    }
    return -1;
}

static struct items items_new(struct merge *m, size_t capacity) {
    return (struct items){.at = sm_region_alloc(m->r, capacity * sizeof(sm_val) + 1)};
}

/* A stable insertion sort by place in [order]: all items have one, and few are out of order. */
static void sort_by(struct items *items, sm_val order, const char *key) {
    for (size_t i = 1; i < items->count; i++) {
        sm_val item = items->at[i];
        int64_t place = index_of(order, name_of(item, key), key);
        size_t j = i;
        for (; j > 0 && index_of(order, name_of(items->at[j - 1], key), key) > place; j--)
            items->at[j] = items->at[j - 1];
        items->at[j] = item;
    }
}

/* Items of [merged] that [named] names go in its order, the others in [live]'s; the others are put before the first named
 * one that stands behind them in [live], so what is new comes first. */
static sm_val in_order(struct merge *m, sm_val merged, sm_val named, sm_val live, const char *key) {
    size_t count = sm_val_count(merged);
    struct items patch = items_new(m, count), rest = items_new(m, count), out = items_new(m, count);

    for (size_t i = 0; i < count; i++) {
        sm_val name = name_of(merged->list[i], key);
        if (!name)
            return no_merge_key(m, merged->list[i], key);
        struct items *to = index_of(named, name, key) >= 0 ? &patch : &rest;
        to->at[to->count++] = merged->list[i];
    }
    sort_by(&patch, named, key);
    sort_by(&rest, live, key);
    for (size_t i = 0, j = 0; i < rest.count || j < patch.count;) {
        bool take_rest = j >= patch.count;
        if (i < rest.count && j < patch.count) {
            int64_t left = index_of(live, name_of(rest.at[i], key), key), right = index_of(live, name_of(patch.at[j], key), key);
            take_rest = left >= 0 && right >= 0 && left < right;
        }
        out.at[out.count++] = take_rest ? rest.at[i++] : patch.at[j++];
    }
    return sm_val_from_items(m->r, out.at, out.count);
}

/* --- Lists: merging ------------------------------------------------------------------------------------------------------ */

/* All elements of both lists must be of one kind. Returns an element, NULL and an error if they are not. */
static sm_val sample(struct merge *m, sm_val live, sm_val patch) {
    sm_val item, first = NULL;
    sm_val both[] = {live, patch};

    for (size_t i = 0; i < 2; i++) {
        SM_EACH_ITEM(item, both[i]) {
            if (!first && sm_val_is_list(item)) {
                *m->reterr =
                    sm_status(m->r, 422, "Invalid", "the server rejected our request due to an error in our request", "", "", "", NULL, 0);
                return NULL;
            }
            first = first ? first : item;
            if (sm_val_kind(item) != sm_val_kind(first))
                return fail(m, sm_region_printf(m->r, "list element types are not identical: [%s %s]", sm_go_text(m->r, live),
                                                sm_go_text(m->r, patch)));
        }
    }
    return first;
}

static sm_val delete_values(struct merge *m, sm_val live, sm_val values) {
    struct items kept = items_new(m, live->count);
    sm_val item;

    SM_EACH_ITEM(item, live) {
        if (index_of(values, item, "") < 0)
            kept.at[kept.count++] = item;
    }
    return kept.count == live->count ? live : sm_val_from_items(m->r, kept.at, kept.count);
}

static sm_val merge_scalars(struct merge *m, sm_val live, sm_val patch) {
    struct items out = items_new(m, (size_t)live->count + patch->count);
    sm_val both[] = {live, patch};
    sm_val item;

    for (size_t i = 0; i < 2; i++) {
        SM_EACH_ITEM(item, both[i]) {
            struct sm_val seen = {.kind = SM_KIND_LIST, .count = (uint32_t)out.count, .list = out.at};
            if (index_of(&seen, item, "") < 0)
                out.at[out.count++] = item;
        }
    }
    return sm_val_from_items(m->r, out.at, out.count);
}

/* Elements with `$patch` act on [*live] and are left out of the list returned, NULL on an error. */
static sm_val take_directives(struct merge *m, sm_val *live, sm_val patch, const char *key) {
    struct items plain = items_new(m, patch->count);
    bool replace = false;
    sm_val item;

    SM_EACH_ITEM(item, patch) {
        sm_val type = sm_val_get(item, "$patch");
        if (!type) {
            plain.at[plain.count++] = item;
        } else if (sm_val_is_text(type, "delete")) {
            sm_val name = sm_val_get(item, key);
            if (!name)
                return no_merge_key(m, item, key);
            for (int64_t i = index_of(*live, name, key); i >= 0; i = index_of(*live, name, key))
                *live = sm_val_replace_item(m->r, *live, (size_t)i, NULL);
        } else if (sm_val_is_text(type, "replace")) {
            replace = true;
        } else if (sm_val_is_text(type, "merge")) {
            return fail(m, "merging lists cannot yet be specified in the patch");
        } else {
            return bad_patch_type(m, type, item);
        }
    }
    sm_val elements = sm_val_from_items(m->r, plain.at, plain.count);
    if (!replace)
        return elements;
    *live = elements;
    return SM_EMPTY_LIST;
}

static sm_val merge_elements(struct merge *m, const struct sm_schema *element, sm_val live, sm_val patch, const char *key) {
    sm_val item, merged = live;

    SM_EACH_ITEM(item, patch) {
        sm_val name = sm_val_get(item, key);
        if (!name)
            return no_merge_key(m, item, key);
        int64_t at = index_of(merged, name, key);
        if (at < 0) {
            merged = sm_val_append(m->r, merged, without_directives(m->r, item));
            continue;
        }
        sm_val both = merge_map(m, element, merged->list[at], item);
        if (!both)
            return NULL;
        merged = sm_val_replace_item(m->r, merged, (size_t)at, both);
    }
    return merged;
}

static sm_val merge_list(struct merge *m, const struct sm_schema *schema, sm_val live, sm_val patch) {
    const char *key = schema ? schema->merge_key : NULL;
    sm_val merged;

    if (!key)
        return patch;
    if (!live->count && !patch->count)
        return live;
    sm_val first = sample(m, live, patch);
    if (!first)
        return NULL;
    if (!sm_val_is_map(first)) {
        key = "";
        merged = merge_scalars(m, live, patch);
    } else if (!*key) {
        return fail(m, sm_region_printf(m->r, "cannot merge lists without merge key for %s",
                                        schema->element && schema->element->name ? schema->element->name : ""));
    } else {
        patch = take_directives(m, &live, patch, key);
        merged = patch ? merge_elements(m, schema->element, live, patch, key) : NULL;
    }
    return merged ? in_order(m, merged, patch, live, key) : NULL;
}

/* --- Maps: directives ---------------------------------------------------------------------------------------------------- */

/* The live map without what `$retainKeys` does not list. */
static sm_val retain_keys(struct merge *m, sm_val live, sm_val patch, sm_val keys) {
    const struct sm_member *member;
    sm_val result = live;

    if (!sm_val_is_list(keys))
        return malformed(m, "retainKeys");
    SM_EACH_MEMBER(member, patch) {
        if (sm_val_is_null(member->value) || is_directive(member->key))
            continue;
        if (index_of(keys, sm_val_str(m->r, member->key), "") < 0)
            return malformed(m, "retainKeys");
    }
    SM_EACH_MEMBER(member, live) {
        if (index_of(keys, sm_val_str(m->r, member->key), "") < 0)
            result = sm_val_set(m->r, result, member->key, NULL);
    }
    return result;
}

/* True if what the patch puts into the list comes in the same order in [order]. */
static bool agrees(sm_val patch, sm_val order, const char *key) {
    size_t at = 0;
    sm_val item;

    SM_EACH_ITEM(item, patch) {
        if (*key && sm_val_is_text(sm_val_get(item, "$patch"), "delete"))
            continue;
        while (at < order->count && !sm_val_equal(name_of(order->list[at], key), name_of(item, key)))
            at++;
        if (at++ >= order->count)
            return false;
    }
    return true;
}

/* `$setElementOrder/FIELD: order`: merges that list, if there is one, and orders it. Returns the new [live]. */
static sm_val set_order(struct merge *m, const struct sm_schema *schema, sm_val live, sm_val patch, const char *field, sm_val order) {
    sm_val old = sm_val_get(live, field), new = sm_val_get(patch, field), merged;

    if (!sm_val_is_list(order))
        return bad_type(m, "[]interface {}", order);
    if (old && !sm_val_is_list(old))
        return bad_type(m, "[]interface {}", old);
    if (new && !sm_val_is_list(new))
        return bad_type(m, "[]interface {}", new);
    const struct sm_schema *list = sm_schema_child(schema, field, strlen(field));
    if (!list)
        return fail(m, sm_region_printf(m->r, "unable to find api field in struct %s for the json field \"%s\"",
                                        schema && schema->name ? schema->name : "", field));
    const char *key = list->merge_key ? list->merge_key : "";
    if (new && !agrees(new, order, key))
        return fail(m, sm_region_printf(m->r, "The order in patch list:\n%s\n doesn't match $setElementOrder list:\n%s\n",
                                        sm_go_text(m->r, new), sm_go_text(m->r, order)));
    if (!old && !new)
        return live;
    if (!new)
        merged = old;
    else if (!old)
        merged = without_directives(m->r, new);
    else
        merged = merge_list(m, list, old, new);
    merged = merged ? in_order(m, merged, order, old, key) : NULL;
    return merged ? sm_val_set(m->r, live, field, merged) : NULL;
}

/* --- Maps ---------------------------------------------------------------------------------------------------------------- */

/* One member of the patch. Returns the new [live]. */
static sm_val merge_member(struct merge *m, const struct sm_schema *schema, sm_val live, const char *key, sm_val value) {
    bool deletes = starts_with(key, DELETE_FROM);
    const char *field = deletes ? key + strlen(DELETE_FROM) : key;
    sm_val old = sm_val_get(live, field), merged;

    if (sm_val_is_null(value))
        return sm_val_set(m->r, live, field, NULL);
    if (!old || sm_val_kind(old) != sm_val_kind(value))
        return deletes ? live : sm_val_set(m->r, live, field, without_directives(m->r, value));
    if (deletes)
        return sm_val_is_list(old) ? sm_val_set(m->r, live, field, delete_values(m, old, value)) : live;

    const struct sm_schema *child = schema ? sm_schema_child(schema, field, strlen(field)) : NULL;
    if (sm_val_is_map(old))
        merged = merge_map(m, child, old, value);
    else if (sm_val_is_list(old))
        merged = merge_list(m, child, old, value);
    else
        merged = value;
    return merged ? sm_val_set(m->r, live, field, merged) : NULL;
}

static sm_val merge_map(struct merge *m, const struct sm_schema *schema, sm_val live, sm_val patch) {
    const struct sm_member *member;
    sm_val type = sm_val_get(patch, "$patch"), keys = sm_val_get(patch, "$retainKeys");

    if (sm_val_is_text(type, "replace"))
        return sm_val_set(m->r, patch, "$patch", NULL);
    if (sm_val_is_text(type, "delete"))
        return SM_EMPTY_MAP;
    if (type)
        return bad_patch_type(m, type, patch);
    if (keys)
        live = retain_keys(m, live, patch, keys);

    /* A list with an order of its own is done with its directive, and is not met again. */
    bool ordered = false;
    SM_EACH_MEMBER(member, patch) {
        if (live && starts_with(member->key, ORDER)) {
            live = set_order(m, schema, live, patch, member->key + strlen(ORDER), member->value);
            ordered = true;
        }
    }
    SM_EACH_MEMBER(member, patch) {
        if (!live || strcmp(member->key, "$retainKeys") == 0 || starts_with(member->key, ORDER))
            continue;
        if (ordered && sm_val_get(patch, sm_region_printf(m->r, ORDER "%s", member->key)))
            continue;
        live = merge_member(m, schema, live, member->key, member->value);
    }
    return live;
}

sm_val sm_patch_strategic(struct sm_region *r, const struct sm_schema *schema, sm_val document, sm_val patch, struct sm_reply *reterr) {
    struct merge m = {.r = r, .reterr = reterr};

    SM_ASSERT(sm_val_is_map(document));
    if (!patch || sm_val_is_null(patch))
        return document;
    if (!sm_val_is_map(patch)) {
        *reterr = sm_status_bad_request(r, "invalid JSON document");
        return NULL;
    }
    return merge_map(&m, schema, document, patch);
}
