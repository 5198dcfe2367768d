/* Editing: a new head and members along the path to the change, the rest shared. The hash of a map follows from the old
 * one by the member that changed. An edit that changes nothing returns the old value itself. */
#include "bug.h"
#include "val_internal.h"

/* --- One member ---------------------------------------------------------------------------------------------------------- */

static sm_val replace_member(struct sm_region *r, sm_val map, size_t at, sm_val value) {
    const struct sm_member *old = &map->map[at];
    if (sm_val_equal(old->value, value))
        return map;
    struct map_block *block = map_block(r, map->count, 0);
    memcpy(block->members, map->map, map->count * sizeof *old);
    block->members[at].value = value;
    uint64_t key_hash = hash_bytes(old->key, old->key_bytes);
    block->head.hash = map->hash - hash_member(key_hash, old->value) + hash_member(key_hash, value);
    return &block->head;
}

static sm_val remove_member(struct sm_region *r, sm_val map, size_t at) {
    if (map->count == 1)
        return SM_EMPTY_MAP;
    const struct sm_member *old = &map->map[at];
    struct map_block *block = map_block(r, map->count - 1, 0);
    memcpy(block->members, map->map, at * sizeof *old);
    memcpy(block->members + at, old + 1, (map->count - at - 1) * sizeof *old);
    block->head.hash = map->hash - hash_member(hash_bytes(old->key, old->key_bytes), old->value);
    return &block->head;
}

static sm_val insert_member(struct sm_region *r, sm_val map, const char *key, size_t key_bytes, sm_val value) {
    SM_ASSERT(key_bytes < UINT32_MAX);
    size_t at = lower_bound(map->map, map->count, key, key_bytes);
    struct map_block *block = map_block(r, map->count + (size_t)1, key_bytes + 1);
    struct sm_member *members = block->members;
    char *own_key = (char *)(members + map->count + 1);
    memcpy(own_key, key, key_bytes);
    own_key[key_bytes] = '\0';

    if (map->count) {
        memcpy(members, map->map, at * sizeof *members);
        memcpy(members + at + 1, map->map + at, (map->count - at) * sizeof *members);
    }
    members[at] = (struct sm_member){own_key, (uint32_t)key_bytes, value};
    block->head.hash = map->hash + hash_member(hash_bytes(key, key_bytes), value);
    return &block->head;
}

sm_val sm_val_set_member(struct sm_region *r, sm_val map, const struct sm_member *old, const char *key, size_t key_bytes, sm_val value) {
    if (old)
        return value ? replace_member(r, map, (size_t)(old - map->map), value) : remove_member(r, map, (size_t)(old - map->map));
    return value ? insert_member(r, map, key, key_bytes, value) : map;
}

sm_val sm_val_setn(struct sm_region *r, sm_val map, const char *key, size_t key_bytes, sm_val value) {
    if (!map)
        map = SM_EMPTY_MAP;
    if (!sm_val_is_map(map))
        sm_bug("setting `%s` in a value that is not a map", key);
    return sm_val_set_member(r, map, find_member(map, key, key_bytes), key, key_bytes, value);
}

/* --- Lists --------------------------------------------------------------------------------------------------------------- */

static sm_val rehash_list(struct list_block *block) {
    uint64_t hash = HASH_LIST;
    for (size_t i = 0; i < block->head.count; i++)
        hash = hash_item(hash, block->items[i]);
    block->head.hash = hash;
    return &block->head;
}

sm_val sm_val_append(struct sm_region *r, sm_val list, sm_val item) {
    if (!list || sm_val_is_null(list))
        list = SM_EMPTY_LIST;
    SM_ASSERT(sm_val_is_list(list));
    if (!item)
        return list;
    struct list_block *block = list_block(r, list->count + (size_t)1);
    if (list->count)
        memcpy(block->items, list->list, list->count * sizeof item);
    block->items[list->count] = item;
    block->head.hash = hash_item(list->hash, item);
    return &block->head;
}

sm_val sm_val_replace_item(struct sm_region *r, sm_val list, size_t i, sm_val item) {
    SM_ASSERT(sm_val_is_list(list) && i < list->count);
    if (item) {
        if (sm_val_equal(list->list[i], item))
            return list;
        struct list_block *block = list_block(r, list->count);
        memcpy(block->items, list->list, list->count * sizeof item);
        block->items[i] = item;
        return rehash_list(block);
    }
    if (list->count == 1)
        return SM_EMPTY_LIST;
    struct list_block *block = list_block(r, list->count - (size_t)1);
    memcpy(block->items, list->list, i * sizeof item);
    memcpy(block->items + i, list->list + i + 1, (list->count - i - 1) * sizeof item);
    return rehash_list(block);
}

/* --- Merge patch ----------------------------------------------------------------------------------------------------------
 * Where nothing changed, every child came back as it was: nothing refers to what was taken since the mark, and it is
 * given back. */

/* What merging [patch] into nothing gives: itself without the members that are null. */
static sm_val without_nulls(struct sm_region *r, sm_val patch) {
    if (!sm_val_is_map(patch) || !patch->count)
        return patch;
    struct sm_region_mark mark = sm_region_mark(r);
    struct map_block *block = map_block(r, patch->count, 0);
    uint64_t hash = patch->hash;
    uint32_t count = 0;
    bool changed = false;
    for (size_t i = 0; i < patch->count; i++) {
        struct sm_member member = patch->map[i];
        sm_val old = member.value;
        member.value = sm_val_is_null(old) ? NULL : without_nulls(r, old);
        if (member.value != old) {
            uint64_t key_hash = hash_bytes(member.key, member.key_bytes);
            hash += (member.value ? hash_member(key_hash, member.value) : 0) - hash_member(key_hash, old);
            changed = true;
        }
        if (member.value)
            block->members[count++] = member;
    }
    if (!changed) {
        sm_region_rewind(r, mark);
        return patch;
    }
    if (!count)
        return SM_EMPTY_MAP;
    block->head.count = count;
    block->head.hash = hash;
    return &block->head;
}

/* Merges two sorted runs of members into [out]; returns how many, and adds to the hash what changed. */
static size_t merge_members(struct sm_region *r, sm_val target, sm_val patch, struct sm_member *out, uint64_t *hash, bool *ret_changed) {
    size_t i = 0, j = 0, count = 0;
    *ret_changed = false;
    while (j < patch->count) {
        const struct sm_member *change = &patch->map[j];
        int order = i < target->count ? key_order(&target->map[i], change) : 1;
        if (order < 0) {
            out[count++] = target->map[i++];
            continue;
        }
        sm_val old = order == 0 ? target->map[i].value : NULL;
        sm_val value = sm_val_is_null(change->value) ? NULL : sm_val_merge_patch(r, old, change->value);
        if (value)
            out[count++] = (struct sm_member){order == 0 ? target->map[i].key : change->key, change->key_bytes, value};
        if (value != old) {
            uint64_t key_hash = hash_bytes(change->key, change->key_bytes);
            *hash += (value ? hash_member(key_hash, value) : 0) - (old ? hash_member(key_hash, old) : 0);
            *ret_changed = true;
        }
        i += order == 0;
        j++;
    }
    if (i < target->count)
        memcpy(out + count, target->map + i, (target->count - i) * sizeof *out);
    return count + (target->count - i);
}

sm_val sm_val_merge_patch(struct sm_region *r, sm_val target, sm_val patch) {
    if (!patch)
        return target;
    if (!sm_val_is_map(patch))
        return sm_val_equal(target, patch) ? target : patch;
    if (!sm_val_is_map(target))
        return without_nulls(r, patch);
    if (!patch->count)
        return target;

    struct sm_region_mark mark = sm_region_mark(r);
    struct map_block *block = map_block(r, (size_t)target->count + patch->count, 0);
    uint64_t hash = target->hash;
    bool changed;
    size_t count = merge_members(r, target, patch, block->members, &hash, &changed);
    if (!changed) {
        sm_region_rewind(r, mark);
        return target;
    }
    if (!count)
        return SM_EMPTY_MAP;
    block->head.count = (uint32_t)count;
    block->head.hash = hash;
    return &block->head;
}

static sm_val make_map_patch(struct sm_region *r, sm_val from, sm_val to) {
    struct map_block *block = map_block(r, (size_t)from->count + to->count, 0);
    uint64_t hash = HASH_MAP;
    size_t count = 0;
    for (size_t i = 0, j = 0; i < from->count || j < to->count;) {
        const struct sm_member *old = i < from->count ? &from->map[i] : NULL;
        const struct sm_member *new = j < to->count ? &to->map[j] : NULL;
        int order = !old ? 1 : !new ? -1 : key_order(old, new);
        i += order <= 0;
        j += order >= 0;

        sm_val value = order < 0 ? SM_NULL : order > 0 ? new->value : sm_val_make_merge_patch(r, old->value, new->value);
        if (!value)
            continue;
        struct sm_member member = order < 0 ? *old : *new;
        member.value = value;
        hash += hash_member(hash_bytes(member.key, member.key_bytes), value);
        block->members[count++] = member;
    }
    SM_ASSERT(count > 0);
    block->head.count = (uint32_t)count;
    block->head.hash = hash;
    return &block->head;
}

sm_val sm_val_make_merge_patch(struct sm_region *r, sm_val from, sm_val to) {
    if (sm_val_equal(from, to))
        return NULL;
    if (!to)
        return SM_NULL;
    return sm_val_is_map(from) && sm_val_is_map(to) ? make_map_patch(r, from, to) : to;
}
