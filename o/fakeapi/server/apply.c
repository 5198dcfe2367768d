#include "apply.h"

#include <stdlib.h>
#include <string.h>

#include "bug.h"
#include "managed_fields.h"
#include "meta.h"
#include "status.h"
#include "typed.h"

/* --- Conflicts ----------------------------------------------------------------------------------------------------------- */

struct conflict {
    const char *manager; /* as messages show it */
    const char *path;
};

struct conflicts {
    struct sm_region *r;
    struct conflict *at;
    size_t count, capacity;
    const char *manager;
};

static const char *manager_text(struct sm_region *r, const struct sm_manager *manager) {
    struct sm_str out;

    sm_str_init(&out, r);
    sm_str_addf(&out, "\"%s\"", manager->manager);
    if (*manager->subresource)
        sm_str_addf(&out, " with subresource \"%s\"", manager->subresource);
    if (!manager->applies)
        sm_str_addf(&out, " using %s", manager->api_version);
    return out.data;
}

static void add_conflict(void *arg, const char *path) {
    struct conflicts *conflicts = arg;

    if (conflicts->count == conflicts->capacity) {
        conflicts->capacity = conflicts->capacity ? conflicts->capacity * 2 : 16;
        struct conflict *more = sm_region_alloc(conflicts->r, conflicts->capacity * sizeof more[0]);
        if (conflicts->count)
            memcpy(more, conflicts->at, conflicts->count * sizeof more[0]);
        conflicts->at = more;
    }
    conflicts->at[conflicts->count++] = (struct conflict){conflicts->manager, path};
}

/* By identity, as the keys of Go's map of managers sort: name, operation, apiVersion (of updates), subresource. */
static int compare_identities(const void *left, const void *right) {
    const struct sm_manager *a = *(const struct sm_manager *const *)left, *b = *(const struct sm_manager *const *)right;
    int order = strcmp(a->manager, b->manager);

    if (!order)
        order = b->applies - a->applies;
    if (!order && !a->applies)
        order = strcmp(a->api_version, b->api_version);
    return order ? order : strcmp(a->subresource, b->subresource);
}

static struct sm_reply conflict_reply(struct conflicts *conflicts) {
    struct sm_region *r = conflicts->r;
    struct sm_cause *causes = sm_region_alloc(r, conflicts->count * sizeof causes[0]);
    struct sm_str message;

    sm_str_init(&message, r);
    if (conflicts->count == 1)
        sm_str_addf(&message, "Apply failed with 1 conflict: conflict with %s: %s", conflicts->at[0].manager, conflicts->at[0].path);
    else
        sm_str_addf(&message, "Apply failed with %zu conflicts: ", conflicts->count);
    for (size_t i = 0; i < conflicts->count; i++) {
        const struct conflict *conflict = &conflicts->at[i];
        causes[i] = (struct sm_cause){.reason = "FieldManagerConflict",
                                      .message = sm_region_printf(r, "conflict with %s", conflict->manager),
                                      .field = conflict->path};
        if (conflicts->count == 1)
            continue;
        if (!i || strcmp(conflict->manager, conflicts->at[i - 1].manager) != 0)
            sm_str_addf(&message, "%sconflicts with %s:", i ? "\n" : "", conflict->manager);
        sm_str_addf(&message, "\n- %s", conflict->path);
    }
    return sm_status(r, 409, "Conflict", message.data, "", "", "", causes, conflicts->count);
}

/* Every other manager loses what changed and what is gone; what it loses by a change is a conflict. False and [reterr] if
 * there is one and it is not forced. */
static bool take_from_others(struct sm_managers *managers, const struct sm_manager *self, sm_val changed, sm_val removed, bool force,
                             struct sm_reply *reterr) {
    struct sm_region *r = managers->region;
    struct sm_manager **others = sm_region_alloc(r, managers->count * sizeof others[0] + 1);
    struct conflicts conflicts = {.r = r};
    size_t count = 0;

    for (size_t i = 0; i < managers->count; i++) {
        if (&managers->at[i] != self)
            others[count++] = &managers->at[i];
    }
    if (!force) {
        qsort(others, count, sizeof others[0], compare_identities);
        for (size_t i = 0; i < count; i++) {
            sm_val both = sm_field_set_intersection(r, others[i]->set, changed);
            if (sm_field_set_empty(both))
                continue;
            conflicts.manager = manager_text(r, others[i]);
            sm_field_set_each(r, both, add_conflict, &conflicts);
        }
        if (conflicts.count) {
            *reterr = conflict_reply(&conflicts);
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        sm_val set = sm_field_set_difference(r, others[i]->set, changed);
        sm_manager_own(others[i], sm_field_set_difference(r, set, removed));
    }
    return true;
}

/* --- Pruning ------------------------------------------------------------------------------------------------------------- */

/* [merged] without what this manager applied last time ([last]), does not apply now, and nobody else owns. Three steps, as in
 * structured-merge-diff: take out all of [last]; put back what anybody owns; of what is then still out, only [last] stays out,
 * for the parts of an element that nobody owns (defaults) go with the element or not at all. */
static sm_val prune(struct sm_region *r, const struct sm_schema *schema, sm_val merged, sm_val last, const struct sm_managers *managers) {
    /* What the server says of an object stands in metadata too, in no set, and stays. */
    sm_val metadata = SM_MAP(r, "f:metadata", SM_EMPTY_MAP), owned = metadata;

    for (size_t i = 0; i < managers->count; i++)
        owned = sm_field_set_union(r, owned, managers->at[i].set);
    last = sm_field_set_difference(r, sm_field_set_with_named(r, schema, last), metadata);
    owned = sm_field_set_with_named(r, schema, owned);
    sm_val all = sm_field_set_with_named(r, schema, sm_typed_set(r, schema, merged, NULL, NULL, NULL));

    sm_val without_last = sm_typed_remove(r, schema, merged, last);
    sm_val kept = sm_field_set_with_named(r, schema, sm_typed_set(r, schema, without_last, NULL, NULL, NULL));
    sm_val unowned = sm_field_set_difference(r, all, sm_field_set_union(r, kept, owned));
    sm_val with_owned = sm_typed_remove(r, schema, merged, unowned);
    kept = sm_field_set_with_named(r, schema, sm_typed_set(r, schema, with_owned, NULL, NULL, NULL));
    sm_val gone = sm_field_set_intersection(r, sm_field_set_difference(r, all, kept), last);
    return sm_typed_remove(r, schema, merged, gone);
}

/* --- Apply --------------------------------------------------------------------------------------------------------------- */

static const char *object_text(struct sm_region *r, sm_val config) {
    const char *api_version = sm_val_str_at(config, "apiVersion");

    return sm_region_printf(r, "%s/%s; %s%s, Kind=%s", sm_meta_namespace(config), sm_meta_name(config), strchr(api_version, '/') ? "" : "/",
                            api_version, sm_val_str_at(config, "kind"));
}

static sm_val fail(struct sm_reply *reterr, struct sm_reply reply) {
    *reterr = reply;
    return NULL;
}

sm_val sm_apply(struct sm_region *r, const struct sm_schema *schema, sm_val live, sm_val config, const struct sm_manager_name *by,
                bool force, struct sm_reply *reterr) {
    const char *ignore = sm_manager_ignores(by), *error;
    struct sm_managers managers;

    SM_ASSERT(sm_val_is_map(config) && by->manager && by->api_version);
    sm_val named = sm_val_at(config, "metadata.managedFields");
    if (named && !sm_val_is_null(named))
        return fail(reterr, sm_status_bad_request(r, "metadata.managedFields must be nil"));
    sm_managers_read(&managers, r, sm_val_at(live, "metadata.managedFields"), true);

    /* An object that nobody owned anything of so far: all of it belongs to who came before. */
    if (live && !managers.count) {
        struct sm_manager_name earlier = *by;
        sm_val changed, removed;
        earlier.manager = "before-first-apply";
        sm_typed_compare(r, schema, sm_schema_decode(r, schema, SM_EMPTY_MAP).object, live, ignore, &changed, &removed);
        sm_managers_update(&managers, &earlier, changed, removed);
    }

    struct sm_manager *self = sm_managers_find(&managers, by, true);
    sm_val last = self ? self->set : SM_EMPTY_MAP;
    sm_val set = sm_typed_set(r, schema, config, ignore, last, &error);
    if (error)
        return fail(reterr, sm_status(r, 500, "",
                                      sm_region_printf(r, "failed to create typed patch object (%s): %s", object_text(r, config), error),
                                      NULL, NULL, NULL, NULL, 0));
    if (!self)
        self = sm_managers_add(&managers, by, true);
    sm_manager_own(self, set);
    if (strcmp(self->api_version, by->api_version) != 0) {
        self->api_version = by->api_version;
        self->entry = NULL;
    }

    sm_val merged = sm_typed_merge(r, schema, live, config, ignore);
    if (!sm_field_set_empty(sm_field_set_difference(r, last, set)))
        merged = prune(r, schema, merged, last, &managers);
    if (!sm_val_equal(merged, live)) {
        sm_val changed, removed;
        sm_typed_compare(r, schema, live, merged, ignore, &changed, &removed);
        if (!take_from_others(&managers, self, changed, removed, force, reterr))
            return NULL;
        sm_manager_touch(self, by->now ? sm_clock_rfc3339(r, by->now) : NULL);
    }
    return sm_managed_set(r, merged, sm_managers_entries(&managers));
}
