#include "managed_fields.h"

#include <stdlib.h>
#include <string.h>

#include "bug.h"
#include "typed.h"

#define ANCIENT "ancient-changes"

/* --- Reading ------------------------------------------------------------------------------------------------------------- */

static bool same_manager(const struct sm_manager *a, const struct sm_manager *b) {
    return a->applies == b->applies && strcmp(a->manager, b->manager) == 0 && strcmp(a->subresource, b->subresource) == 0 &&
           (a->applies || strcmp(a->api_version, b->api_version) == 0);
}

static struct sm_manager *find(struct sm_managers *managers, const struct sm_manager *like) {
    for (size_t i = 0; i < managers->count; i++) {
        if (same_manager(&managers->at[i], like))
            return &managers->at[i];
    }
    return NULL;
}

static struct sm_manager *append(struct sm_managers *managers, struct sm_manager manager) {
    if (managers->count == managers->capacity) {
        managers->capacity = managers->capacity ? managers->capacity * 2 : 8;
        struct sm_manager *more = sm_region_alloc(managers->region, managers->capacity * sizeof more[0]);
        if (managers->count)
            memcpy(more, managers->at, managers->count * sizeof more[0]);
        managers->at = more;
    }
    managers->at[managers->count] = manager;
    return &managers->at[managers->count++];
}

static bool read_entry(struct sm_region *r, sm_val entry, bool ours, struct sm_manager *ret) {
    sm_val operation = sm_val_get(entry, "operation"), time = sm_val_get(entry, "time"), fields = sm_val_get(entry, "fieldsV1");
    bool applies = sm_val_is_text(operation, "Apply");
    const char *api_version = sm_val_text(sm_val_get(entry, "apiVersion"));

    if ((!applies && !sm_val_is_text(operation, "Update")) || !*api_version || !sm_val_is_text(sm_val_get(entry, "fieldsType"), "FieldsV1"))
        return false;
    *ret = (struct sm_manager){
        .manager = sm_val_text(sm_val_get(entry, "manager")),
        .api_version = api_version,
        .subresource = sm_val_text(sm_val_get(entry, "subresource")),
        .time = sm_val_is_string(time) ? time->string : NULL,
        .applies = applies,
        .set = ours && sm_val_is_map(fields) ? fields : sm_field_set_parse(r, fields),
    };
    if (!ret->set)
        return false;
    ret->entry = ret->was = ret->set == fields ? entry : NULL;
    return true;
}

bool sm_managers_read(struct sm_managers *managers, struct sm_region *r, sm_val entries, bool ours) {
    sm_val entry;

    *managers = (struct sm_managers){.region = r};
    SM_EACH_ITEM(entry, entries) {
        struct sm_manager manager;
        if (!read_entry(r, entry, ours, &manager)) {
            managers->count = 0;
            return false;
        }
        struct sm_manager *same = find(managers, &manager);
        if (same)
            *same = manager;
        else
            append(managers, manager);
    }
    return true;
}

/* --- Writing ------------------------------------------------------------------------------------------------------------- */

static int compare_managers(const void *left, const void *right) {
    const struct sm_manager *a = left, *b = right;
    int order = b->applies - a->applies;

    if (!order)
        order = strcmp(a->time ? a->time : "", b->time ? b->time : "");
    if (!order)
        order = strcmp(a->manager, b->manager);
    if (!order)
        order = strcmp(a->api_version, b->api_version);
    return order ? order : strcmp(a->subresource, b->subresource);
}

static sm_val entry_of(struct sm_region *r, const struct sm_manager *manager) {
    if (manager->was && manager->time)
        return sm_val_set(r, sm_val_set(r, manager->was, "fieldsV1", manager->set), "time", sm_val_str(r, manager->time));
    return SM_MAP(r, "manager", *manager->manager ? sm_val_str(r, manager->manager) : NULL, "operation",
                  sm_val_str(r, manager->applies ? "Apply" : "Update"), "apiVersion", sm_val_str(r, manager->api_version), "time",
                  manager->time ? sm_val_str(r, manager->time) : NULL, "fieldsType", sm_val_str(r, "FieldsV1"), "fieldsV1", manager->set,
                  "subresource", *manager->subresource ? sm_val_str(r, manager->subresource) : NULL);
}

static void drop_empty(struct sm_managers *managers) {
    size_t count = 0;

    for (size_t i = 0; i < managers->count; i++) {
        if (!sm_field_set_empty(managers->at[i].set))
            managers->at[count++] = managers->at[i];
    }
    managers->count = count;
}

sm_val sm_managers_entries(struct sm_managers *managers) {
    drop_empty(managers);
    if (!managers->count)
        return NULL;
    qsort(managers->at, managers->count, sizeof managers->at[0], compare_managers);
    sm_val *entries = sm_region_alloc(managers->region, managers->count * sizeof entries[0]);
    for (size_t i = 0; i < managers->count; i++)
        entries[i] = managers->at[i].entry ? managers->at[i].entry : entry_of(managers->region, &managers->at[i]);
    return sm_val_from_items(managers->region, entries, managers->count);
}

sm_val sm_managed_set(struct sm_region *r, sm_val object, sm_val entries) {
    sm_val metadata = sm_val_get(object, "metadata");

    if (sm_val_equal(sm_val_get(metadata, "managedFields"), entries))
        return object;
    return sm_val_set(r, object, "metadata", sm_val_set(r, sm_val_is_map(metadata) ? metadata : NULL, "managedFields", entries));
}

/* --- Managers ------------------------------------------------------------------------------------------------------------ */

static struct sm_manager named(const struct sm_manager_name *by, bool applies) {
    return (struct sm_manager){.manager = by->manager,
                               .api_version = by->api_version,
                               .subresource = by->subresource ? by->subresource : "",
                               .applies = applies,
                               .set = SM_EMPTY_MAP};
}

struct sm_manager *sm_managers_find(struct sm_managers *managers, const struct sm_manager_name *by, bool applies) {
    struct sm_manager like = named(by, applies);

    return find(managers, &like);
}

struct sm_manager *sm_managers_add(struct sm_managers *managers, const struct sm_manager_name *by, bool applies) {
    struct sm_manager new = named(by, applies), *old = find(managers, &new);

    return old ? old : append(managers, new);
}

void sm_manager_own(struct sm_manager *manager, sm_val set) {
    if (sm_val_equal(manager->set, set))
        return;
    manager->set = set;
    manager->entry = NULL;
}

void sm_manager_touch(struct sm_manager *manager, const char *time) {
    if (manager->time == time || (manager->time && time && strcmp(manager->time, time) == 0))
        return;
    manager->time = time;
    manager->entry = NULL;
}

const char *sm_manager_ignores(const struct sm_manager_name *by) {
    if (by->subresource && strcmp(by->subresource, "status") == 0)
        return "spec";
    return by->leaves_status ? "status" : NULL;
}

/* --- Updates ------------------------------------------------------------------------------------------------------------- */

static int compare_ages(const void *left, const void *right) {
    const struct sm_manager *a = left, *b = right;
    int order = strcmp(a->time ? a->time : "", b->time ? b->time : "");

    if (!order)
        order = strcmp(a->manager, b->manager);
    if (!order)
        order = strcmp(a->api_version, b->api_version);
    return order ? order : strcmp(a->subresource, b->subresource);
}

/* Merges the oldest updaters of one version into one until there are few enough. The first of a version keeps its name
 * until a second one joins it. */
static void cap_updaters(struct sm_managers *managers) {
    struct sm_manager *updaters = sm_region_alloc(managers->region, managers->count * sizeof updaters[0] + 1);
    size_t count = 0, left;

    for (size_t i = 0; i < managers->count; i++) {
        if (!managers->at[i].applies)
            updaters[count++] = managers->at[i];
    }
    if (count <= SM_MANAGED_UPDATERS_MAX)
        return;
    qsort(updaters, count, sizeof updaters[0], compare_ages);
    left = count;
    for (size_t i = 1; i < count && left > SM_MANAGED_UPDATERS_MAX; i++) {
        size_t first = 0;
        while (first < i && strcmp(updaters[first].api_version, updaters[i].api_version) != 0)
            first++;
        if (first == i)
            continue;
        const struct sm_manager_name bucket_name = {.manager = ANCIENT, .api_version = updaters[i].api_version};
        struct sm_manager *bucket = sm_managers_find(managers, &bucket_name, false);
        if (!bucket) {
            bucket = find(managers, &updaters[first]);
            bucket->manager = ANCIENT;
            bucket->subresource = "";
            bucket->was = NULL;
        }
        struct sm_manager *joins = find(managers, &updaters[i]);
        sm_manager_own(bucket, sm_field_set_union(managers->region, bucket->set, joins->set));
        bucket->time = joins->time;
        bucket->entry = NULL;
        joins->set = SM_EMPTY_MAP;
        left--;
        drop_empty(managers);
    }
}

void sm_managers_update(struct sm_managers *managers, const struct sm_manager_name *by, sm_val changed, sm_val removed) {
    struct sm_region *r = managers->region;

    struct sm_manager *self = sm_field_set_empty(changed) ? NULL : sm_managers_add(managers, by, false);
    for (size_t i = 0; i < managers->count; i++) {
        struct sm_manager *manager = &managers->at[i];
        sm_val set = manager == self ? manager->set : sm_field_set_difference(r, manager->set, changed);
        sm_manager_own(manager, sm_field_set_difference(r, set, removed));
    }
    if (self) {
        sm_manager_own(self, sm_field_set_union(r, self->set, changed));
        sm_manager_touch(self, by->now ? sm_clock_rfc3339(r, by->now) : NULL);
    }
    drop_empty(managers);
    cap_updaters(managers);
}

/* A list that says "forget all": empty, or one entry that says nothing. */
static bool is_reset(sm_val entries) {
    return sm_val_is_list(entries) &&
           (entries->count == 0 || (entries->count == 1 && sm_val_is_map(entries->list[0]) && entries->list[0]->count == 0));
}

/* Who is known to own what before the change: what the client sent counts if it can be read and says anything, and not at
 * all on subresources. */
static void read_known(struct sm_managers *managers, struct sm_region *r, sm_val sent, sm_val live, bool subresource) {
    *managers = (struct sm_managers){.region = r};
    if (subresource || sm_val_equal(sent, live)) {
        sm_managers_read(managers, r, live, true);
        return;
    }
    if (is_reset(sent))
        return;
    if (!sm_managers_read(managers, r, sent, false) || !managers->count)
        sm_managers_read(managers, r, live, true);
}

sm_val sm_managed_update(struct sm_region *r, const struct sm_schema *schema, sm_val before, sm_val after,
                         const struct sm_manager_name *by) {
    struct sm_managers managers;
    sm_val live = sm_val_at(before, "metadata.managedFields"), changed, removed;

    SM_ASSERT(after);
    read_known(&managers, r, sm_val_at(after, "metadata.managedFields"), live, by->subresource && *by->subresource);
    /* Nobody tracks an object that is not tracked. */
    if (before && !managers.count)
        return sm_managed_set(r, after, NULL);
    sm_val from = before ? before : sm_schema_decode(r, schema, SM_EMPTY_MAP).object;
    sm_typed_compare(r, schema, from, after, sm_manager_ignores(by), &changed, &removed);
    if (!sm_field_set_empty(changed) || !sm_field_set_empty(removed))
        sm_managers_update(&managers, by, changed, removed);
    return sm_managed_set(r, after, sm_managers_entries(&managers));
}

sm_val sm_managed_clean(struct sm_region *r, sm_val object) {
    struct sm_managers managers;
    sm_val entries = sm_val_at(object, "metadata.managedFields");

    if (!entries)
        return object;
    return sm_managed_set(r, object, sm_managers_read(&managers, r, entries, false) ? sm_managers_entries(&managers) : NULL);
}

/* --- Is a write a write ---------------------------------------------------------------------------------------------------- */

static bool same_but_time(sm_val a, sm_val b) {
    if (sm_val_equal(a, b))
        return true;
    const struct sm_member *member;
    if (!sm_val_is_map(a) || !sm_val_is_map(b))
        return false;
    SM_EACH_MEMBER(member, a) {
        if (strcmp(member->key, "time") != 0 && !sm_val_equal(member->value, sm_val_get(b, member->key)))
            return false;
    }
    SM_EACH_MEMBER(member, b) {
        if (strcmp(member->key, "time") != 0 && !sm_val_get(a, member->key))
            return false;
    }
    return true;
}

static bool same_members_but(sm_val a, sm_val b, const char *key) {
    if (!sm_val_is_map(a) || !sm_val_is_map(b))
        return false;
    size_t a_at = 0, b_at = 0;
    while (a_at < a->count || b_at < b->count) {
        if (a_at < a->count && strcmp(a->map[a_at].key, key) == 0)
            a_at++;
        else if (b_at < b->count && strcmp(b->map[b_at].key, key) == 0)
            b_at++;
        else if (a_at >= a->count || b_at >= b->count || strcmp(a->map[a_at].key, b->map[b_at].key) != 0 ||
                 !sm_val_equal(a->map[a_at].value, b->map[b_at].value))
            return false;
        else
            a_at++, b_at++;
    }
    return true;
}

bool sm_managed_same(sm_val before, sm_val after) {
    if (sm_val_equal(before, after))
        return true;
    sm_val old = sm_val_get(before, "metadata"), new = sm_val_get(after, "metadata");
    sm_val old_entries = sm_val_get(old, "managedFields"), new_entries = sm_val_get(new, "managedFields");
    if (!same_members_but(before, after, "metadata") || !same_members_but(old, new, "managedFields") ||
        sm_val_count(old_entries) != sm_val_count(new_entries))
        return false;
    for (size_t i = 0; i < sm_val_count(old_entries); i++) {
        if (!same_but_time(old_entries->list[i], new_entries->list[i]))
            return false;
    }
    return true;
}
