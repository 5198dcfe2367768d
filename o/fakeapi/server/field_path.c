#include "field_path.h"

#include "str.h"

static void add(struct sm_str *out, const struct sm_field_path *path, const struct sm_field_path *top, bool dotted) {
    if (!path || path == top)
        return;
    add(out, path->up, top, dotted);
    if (path->step == SM_STEP_INDEX)
        sm_str_addf(out, "[%zu]", path->index);
    else if (path->step == SM_STEP_KEY && !dotted)
        sm_str_addf(out, "[%s]", path->name);
    else
        sm_str_addf(out, "%s%s", out->bytes ? "." : "", path->name);
}

static const char *text(struct sm_region *r, const struct sm_field_path *path, const struct sm_field_path *top, bool dotted) {
    struct sm_str out;
    sm_str_init(&out, r);
    add(&out, path, top, dotted);
    return out.data;
}

const char *sm_field_path_text(struct sm_region *r, const struct sm_field_path *path, const struct sm_field_path *top) {
    return text(r, path, top, false);
}

const char *sm_field_path_dotted(struct sm_region *r, const struct sm_field_path *path, const struct sm_field_path *top) {
    return text(r, path, top, true);
}
