/* Views: a built-in resource that is another one, shown in other words. What is stored, watched and validated is the other one; a
 * view decodes, defaults and owns fields as its clients know them.
 *
 *      events.k8s.io/v1 Event ──store──▶ v1 Event        autoscaling/v1 ──store──▶ autoscaling/v2
 *                            ◀──show──                                ◀──show──
 */
#ifndef SM_VIEW_H
#define SM_VIEW_H

#include "resource.h"
#include "val.h"

struct sm_view {
    const struct sm_resource *of;
    /* Both keep metadata and return a whole object with its apiVersion. [before] is what is stored so far, or NULL: what a view cannot
     * say stays as it is there. */
    sm_val (*show)(struct sm_region *r, sm_val stored);
    sm_val (*store)(struct sm_region *r, sm_val shown, sm_val before);
};

extern const struct sm_view sm_view_event, sm_view_autoscaler;

#endif
