/* Checks that the validation of several kinds shares (beside those of kind.h), with Kubernetes' texts. */
#ifndef SM_VALIDATE_H
#define SM_VALIDATE_H

#include "field_errors.h"
#include "kind.h"

void sm_validate_is_subdomain(struct sm_field_errors *errors, const char *path, sm_val value);
void sm_validate_annotations(struct sm_field_errors *errors, const char *path, sm_val annotations);

/* An integer below zero; absent is fine. */
void sm_validate_not_negative(struct sm_field_errors *errors, const char *path, sm_val value);

/* Complains unless [value] is one of [supported] (ended by NULL); absent counts as "". */
void sm_validate_one_of(struct sm_field_errors *errors, const char *path, sm_val value, const char *const *supported);

/* `field is immutable` if the two differ. */
void sm_validate_same(struct sm_field_errors *errors, const char *path, sm_val value, sm_val before);

/* A value in Go's syntax: `[]string{"a"}`, `map[string]string{"app":"a"}`; `map[string]string(nil)` if absent. */
const char *sm_validate_go_value(struct sm_field_errors *errors, const char *type, sm_val value);

/* --- Deep values --------------------------------------------------------------------------------------------------------- */

/* Where a value stands: a chain through the stack, made a text only when something is wrong there. */
struct sm_spot {
    const struct sm_spot *up;
    const char *field; /* NULL: an index */
    size_t index;
};
#define SPOT(up_, field_) (&(const struct sm_spot){.up = (up_), .field = (field_)})
#define SPOT_AT(up_, index_) (&(const struct sm_spot){.up = (up_), .index = (index_)})

const char *sm_spot_text(struct sm_field_errors *errors, const struct sm_spot *at);

/* The same checks for the field [field] of the object at [at]. True if it stands there, and is fine. */
bool sm_check_present(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field); /* not "" */
bool sm_check_label(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field);   /* and present */
bool sm_check_one_of(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field,
                     const char *const *supported); /* "" is Required */
/* Absent is fine. */
void sm_check_not_negative(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field);
void sm_check_range(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field, int64_t low, int64_t high);

/* A number from 1 to 65535; the name of a port (IANA: `http-admin`); either. */
bool sm_check_port(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field);
bool sm_check_port_name(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field);
bool sm_check_port_or_name(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field);

/* A list's element whose [field] an earlier element has, too, is a duplicate there. */
void sm_check_unique(struct sm_field_errors *errors, const struct sm_spot *at, sm_val list, size_t i, const char *field);

/* A pod's spec, as pods and jobs (not StatefulSets) have it checked, and parts of it. */
void sm_validate_pod_spec(struct sm_field_errors *errors, const char *path, sm_val spec);
void sm_validate_containers(struct sm_field_errors *errors, const struct sm_spot *at, sm_val spec);
void sm_validate_volumes(struct sm_field_errors *errors, const struct sm_spot *at, sm_val volumes);
void sm_validate_scheduling(struct sm_field_errors *errors, const struct sm_spot *at, sm_val spec);
void sm_validate_field_ref(struct sm_field_errors *errors, const struct sm_spot *at, sm_val ref);
void sm_validate_resource_field_ref(struct sm_field_errors *errors, const struct sm_spot *at, sm_val ref);

#endif
