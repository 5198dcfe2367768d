/* metadata.managedFields as a table of managers, and back. A manager is known by name, operation and subresource, and for
 * updates by apiVersion too. */
#ifndef SM_MANAGED_FIELDS_H
#define SM_MANAGED_FIELDS_H

#include "apply.h"
#include "field_set.h"

enum { SM_MANAGED_UPDATERS_MAX = 10 /* more are merged into `ancient-changes` */ };

struct sm_manager {
    const char *manager;
    const char *api_version;
    const char *subresource; /* "" for none */
    const char *time;        /* RFC 3339; NULL: none */
    bool applies;            /* operation Apply, else Update */
    sm_val set;              /* fieldsV1; empty: the manager owns nothing and is not written */
    sm_val entry;            /* as it was read, to be written again if nothing of it changed; NULL: new or changed */
    sm_val was;              /* the same, however set and time have changed since; NULL: new, or it has another name */
};

struct sm_managers {
    struct sm_region *region;
    struct sm_manager *at;
    size_t count, capacity;
};

/* Reads a list of entries; absent is empty. False if one of them is not an entry. [ours]: this server wrote the list, so its
 * sets have the form of field_set.h already. */
bool sm_managers_read(struct sm_managers *managers, struct sm_region *r, sm_val entries, bool ours);

/* The list of entries in order (Apply first, then by time, manager, apiVersion, subresource); NULL if nobody owns anything. */
sm_val sm_managers_entries(struct sm_managers *managers);

/* The manager [by] as an applier or an updater; NULL if there is none. */
struct sm_manager *sm_managers_find(struct sm_managers *managers, const struct sm_manager_name *by, bool applies);

/* The same, made if there is none. Pointers to others are no longer good. */
struct sm_manager *sm_managers_add(struct sm_managers *managers, const struct sm_manager_name *by, bool applies);

void sm_manager_own(struct sm_manager *manager, sm_val set);
void sm_manager_touch(struct sm_manager *manager, const char *time);

/* A change by [by]: it owns what changed, nobody else does, and nobody owns what is gone. */
void sm_managers_update(struct sm_managers *managers, const struct sm_manager_name *by, sm_val changed, sm_val removed);

/* The top-level field that a write by [by] never owns, NULL if there is none. */
const char *sm_manager_ignores(const struct sm_manager_name *by);

/* [object] with these entries (NULL: none). */
sm_val sm_managed_set(struct sm_region *r, sm_val object, sm_val entries);

#endif
