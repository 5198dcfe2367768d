/* Label and field selectors (Kubernetes: "Labels and Selectors", "Field Selectors"). */
#ifndef SM_SELECTOR_H
#define SM_SELECTOR_H

#include <stdbool.h>

#include "val.h"

struct sm_selector;

/* Parses the text of a query. On failure returns NULL and sets [reterr_message] to apimachinery's text. "" selects everything. */
const struct sm_selector *sm_selector_parse_labels(struct sm_region *r, const char *text, const char **reterr_message);
const struct sm_selector *sm_selector_parse_fields(struct sm_region *r, const char *text, const char **reterr_message);

/* From a LabelSelector object: matchLabels and matchExpressions; an empty one matches everything, an absent one (NULL) nothing. */
const struct sm_selector *sm_selector_of(struct sm_region *r, sm_val label_selector);

bool sm_selector_matches_labels(const struct sm_selector *selector, sm_val labels);

/* Fields are read by [field]: the text of `metadata.name` and so on; NULL if the kind has no such field (see sm_selector_unknown_field). */
bool sm_selector_matches_fields(const struct sm_selector *selector, sm_val object,
                                const char *(*field)(void *arg, sm_val object, const char *path), void *arg);

/* The value a field selector requires by equality for [path], or NULL: lets a list by metadata.name be a lookup. */
const char *sm_selector_required(const struct sm_selector *selector, const char *path);

/* The i-th field path named in a field selector, NULL past the end. */
const char *sm_selector_field(const struct sm_selector *selector, size_t i);

/* Text of a LabelSelector as Scale's status.selector prints it: `app=a,tier in (x,y),!z`. */
const char *sm_selector_text(struct sm_region *r, sm_val label_selector);

#endif
