/* Checks that the validation of several kinds shares (beside those of kind.h), with Kubernetes' texts. */
#ifndef SM_VALIDATE_H
#define SM_VALIDATE_H

#include "field_errors.h"
#include "kind.h"

/* [value] absent counts as "". */
void sm_validate_is_label(struct sm_field_errors *errors, const char *path, sm_val value);
void sm_validate_is_subdomain(struct sm_field_errors *errors, const char *path, sm_val value);
void sm_validate_is_qualified(struct sm_field_errors *errors, const char *path, sm_val value);
void sm_validate_annotations(struct sm_field_errors *errors, const char *path, sm_val annotations);

/* An integer below zero; absent is fine. */
void sm_validate_not_negative(struct sm_field_errors *errors, const char *path, sm_val value);

/* Complains unless [value] is one of [supported] (ended by NULL); absent counts as "". */
void sm_validate_one_of(struct sm_field_errors *errors, const char *path, sm_val value, const char *const *supported);

/* `field is immutable` if the two differ. */
void sm_validate_same(struct sm_field_errors *errors, const char *path, sm_val value, sm_val before);

/* 1 to 65535. */
void sm_validate_port(struct sm_field_errors *errors, const char *path, sm_val value);
void sm_validate_port_name(struct sm_field_errors *errors, const char *path, sm_val value); /* IANA: `http-admin` */
/* A number of a port, or the name of one. */
void sm_validate_port_or_name(struct sm_field_errors *errors, const char *path, sm_val value);

/* A value in Go's syntax: `[]string{"a"}`, `map[string]string{"app":"a"}`; `map[string]string(nil)` if absent. */
const char *sm_validate_go_value(struct sm_field_errors *errors, const char *type, sm_val value);

/* pod.c: a pod's spec, as pods and jobs (not StatefulSets) have it checked. */
void sm_validate_pod_spec(struct sm_field_errors *errors, const char *path, sm_val spec);

#endif
