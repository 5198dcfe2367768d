/* Paths of fields, built while walking and printed only when there is something to say.
 *
 * A step lives on the stack of the function that walks, and points to the step above it. NULL is the root. */
#ifndef SM_FIELD_PATH_H
#define SM_FIELD_PATH_H

#include "region.h"

enum sm_step { SM_STEP_CHILD /* .name */, SM_STEP_KEY /* [name] */, SM_STEP_INDEX /* [3] */ };

struct sm_field_path {
    const struct sm_field_path *up;
    enum sm_step step;
    const char *name; /* CHILD, KEY */
    size_t index;     /* INDEX */
};

static inline struct sm_field_path sm_path_child(const struct sm_field_path *up, const char *name) {
    return (struct sm_field_path){.up = up, .step = SM_STEP_CHILD, .name = name};
}
static inline struct sm_field_path sm_path_key(const struct sm_field_path *up, const char *name) {
    return (struct sm_field_path){.up = up, .step = SM_STEP_KEY, .name = name};
}
static inline struct sm_field_path sm_path_index(const struct sm_field_path *up, size_t index) {
    return (struct sm_field_path){.up = up, .step = SM_STEP_INDEX, .index = index};
}

/* The text of [path] below [top] (which is not printed itself; NULL: from the root): `spec.ports[0].labels[a]`. */
const char *sm_field_path_text(struct sm_region *r, const struct sm_field_path *path, const struct sm_field_path *top);

/* The same with a dot before keys of maps: the names in messages of OpenAPI's validation. */
const char *sm_field_path_dotted(struct sm_region *r, const struct sm_field_path *path, const struct sm_field_path *top);

#endif
