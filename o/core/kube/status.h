/* metav1.Status: the body of every failure, in Kubernetes' words (Kubernetes API conventions, "Response Status Kind"). */
#ifndef SM_STATUS_H
#define SM_STATUS_H

#include "api.h"

/* One entry of details.causes. [detail] is the text without the `field: ` prefix. */
struct sm_cause {
    const char *reason; /* `FieldValueInvalid` … */
    const char *message;
    const char *field;
};

/* A Failure of [code]. Any string may be "" and is then left out. [kind] NULL leaves out details altogether, where Kubernetes
 * prints none; with "" they may be `{}`. [causes] may be NULL. */
struct sm_reply sm_status(struct sm_region *r, int code, const char *reason, const char *message, const char *name, const char *group,
                          const char *kind, const struct sm_cause *causes, size_t cause_count);

/* The usual ones. `pods "x" not found` and so on; resource names carry their group as Kubernetes prints them. */
struct sm_reply sm_status_not_found(struct sm_region *r, const struct sm_resource *resource, const char *name);
struct sm_reply sm_status_already_exists(struct sm_region *r, const struct sm_resource *resource, const char *name);
struct sm_reply sm_status_conflict(struct sm_region *r, const struct sm_resource *resource, const char *name, const char *why);
struct sm_reply sm_status_forbidden(struct sm_region *r, const struct sm_resource *resource, const char *name, const char *why);
struct sm_reply sm_status_bad_request(struct sm_region *r, const char *message);

/* 422 Invalid: message `Kind.group "name" is invalid: <field: message>` or `[a, b]` of all causes, repeats left out of the message. */
struct sm_reply sm_status_invalid(struct sm_region *r, const char *group, const char *kind, const char *name, const struct sm_cause *causes,
                                  size_t cause_count);

/* `pods`, `statefulsets.apps`. */
const char *sm_status_qualified(struct sm_region *r, const struct sm_resource *resource);

#endif
