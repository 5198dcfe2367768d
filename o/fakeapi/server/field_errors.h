/* A list of validation errors (apimachinery's field.ErrorList) and the forms of their texts. Ends as a 422 by
 * sm_field_errors_reply. Paths are texts: `spec.template.spec.containers[0].name`. */
#ifndef SM_FIELD_ERRORS_H
#define SM_FIELD_ERRORS_H

#include "status.h"

enum { SM_FIELD_ERRORS_MAX = 256 };

struct sm_field_errors {
    struct sm_region *region;
    struct sm_cause *causes; /* grows in the region; SM_FIELD_ERRORS_MAX at most, more are dropped */
    size_t count, capacity;
};

static inline struct sm_field_errors sm_field_errors_init(struct sm_region *r) { return (struct sm_field_errors){.region = r}; }

/* `Invalid value: <value>: <detail>`; the value prints as Go prints it in messages: strings quoted, other values as JSON. */
void sm_field_invalid(struct sm_field_errors *errors, const char *path, sm_val value, const char *detail);
void sm_field_invalid_text(struct sm_field_errors *errors, const char *path, const char *printed_value, const char *detail);
void sm_field_required(struct sm_field_errors *errors, const char *path, const char *detail);  /* `Required value[: detail]` */
void sm_field_forbidden(struct sm_field_errors *errors, const char *path, const char *detail); /* `Forbidden: detail` */
void sm_field_duplicate(struct sm_field_errors *errors, const char *path, sm_val value);       /* `Duplicate value: "v"` */
void sm_field_not_found(struct sm_field_errors *errors, const char *path, sm_val value);       /* `Not found: "v"` */
void sm_field_too_long(struct sm_field_errors *errors, const char *path, int64_t bytes_max); /* `Too long: may not be more than N bytes` */
void sm_field_too_many(struct sm_field_errors *errors, const char *path, int64_t count, int64_t count_max);
/* `Unsupported value: "v": supported values: "a", "b"`; [supported] ended by NULL. */
void sm_field_unsupported(struct sm_field_errors *errors, const char *path, sm_val value, const char *const *supported);
void sm_field_type_invalid(struct sm_field_errors *errors, const char *path, sm_val value, const char *detail);
/* Any other: reason as in causes, and the whole message. */
void sm_field_error(struct sm_field_errors *errors, const char *reason, const char *path, const char *message);

/* printf for paths and details, in the list's region. */
const char *sm_field_text(struct sm_field_errors *errors, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The 422 of all of them. [group] and [kind] as in `StatefulSet.apps`. */
struct sm_reply sm_field_errors_reply(const struct sm_field_errors *errors, const char *group, const char *kind, const char *name);

#endif
