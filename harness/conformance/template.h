/* Requests of a recorded conversation: `{{ns}}` and `{{step.path[0].field}}` stand for values of earlier replies, and
 * `{"$merge": ["{{step}}", {…}]}` for an earlier reply with changes. */
#ifndef SM_TEMPLATE_H
#define SM_TEMPLATE_H

#include "val.h"

struct sm_template {
    struct sm_region *r;
    const char *name_space;
    sm_val replies;    /* step -> body of its reply */
    const char *error; /* the first value that is not there; NULL: none */
};

sm_val sm_template_fill(struct sm_template *template, sm_val v);
const char *sm_template_text(struct sm_template *template, sm_val v);

/* `a.b[0].c`; `[name=x]` is the element whose name is x, and in brackets dots are ordinary. NULL if absent, or null. */
sm_val sm_template_dig(struct sm_region *r, sm_val v, const char *path);

#endif
