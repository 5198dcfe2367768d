/* Server-side apply and managedFields: who owns which field (structured-merge-diff 4.6; kubernetes.md 4.3 to 4.5).
 *
 *      applied ──fields──▶ set ┐
 *      live ── managedFields ──┴─▶ conflicts? ──▶ merge ──▶ prune what this manager gave up ──▶ new managedFields
 */
#ifndef SM_APPLY_H
#define SM_APPLY_H

#include "api.h"
#include "clock.h"
#include "schema.h"

struct sm_manager_name {
    const char *manager;
    const char *api_version;
    const char *subresource; /* "" or `status`, `scale` */
    sm_time now;             /* 0: the entry has no time, as those of `scale` */
    bool leaves_status;      /* a main resource with /status: .status is not this write's to change */
};

/* Applies [config] (its apiVersion, kind and name are checked already) to [live], NULL for a create. Returns the merged
 * object with its managedFields, not yet defaulted; NULL and [reterr] (409 with causes, 500 for fields the schema does
 * not know) on failure. [live] is defaulted, as stored. For a subresource only its part of the object is merged and owned. */
sm_val sm_apply(struct sm_region *r, const struct sm_schema *schema, sm_val live, sm_val config, const struct sm_manager_name *by,
                bool force, struct sm_reply *reterr);

/* After a create, update or other patch: gives what changed from [before] (NULL: all) to the manager as an Update entry and
 * takes it from all others. Returns [after] with its managedFields; both are defaulted. Never fails: entries that cannot be
 * read are dropped. Resetting (`managedFields: []` or `[{}]`) is honoured. */
sm_val sm_managed_update(struct sm_region *r, const struct sm_schema *schema, sm_val before, sm_val after,
                         const struct sm_manager_name *by);

/* True if the two differ in nothing, or in times of managedFields only: such a write is not written. */
bool sm_managed_same(sm_val before, sm_val after);

#endif
