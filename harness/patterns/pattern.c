#include "pattern.h"

#include <string.h>

struct sm_result sm_pattern_written(const struct sm_reply *reply) {
    return sm_reply_ok(reply) ? sm_done() : sm_error(sm_reply_error(reply));
}

struct sm_result sm_pattern_done_before(const struct sm_reply *reply) {
    return sm_reply_is(reply, "AlreadyExists") || sm_reply_is(reply, "NotFound") ? sm_done() : sm_pattern_written(reply);
}

static sm_val metadata(struct sm_region *r, sm_val app, const char *name) {
    return SM_MAP(r, "name", sm_val_str(r, name), "namespace", sm_val_at(app, "metadata.namespace"), "labels",
                  SM_MAP(r, "app", sm_val_str(r, "app")), "ownerReferences",
                  sm_val_append(r, NULL, sm_meta_controller_ref(r, SM_DEPLOYMENTS, app)));
}

sm_val sm_pattern_configmap(struct sm_region *r, sm_val app, const char *name, sm_val data) {
    return SM_MAP(r, "apiVersion", sm_val_str(r, "v1"), "kind", sm_val_str(r, "ConfigMap"), "metadata", metadata(r, app, name), "data",
                  data);
}

sm_val sm_pattern_claim(struct sm_region *r, sm_val app, const char *name) {
    sm_val modes = sm_val_append(r, NULL, sm_val_str(r, "ReadWriteOnce"));
    sm_val size = SM_MAP(r, "requests", SM_MAP(r, "storage", sm_val_str(r, "1Gi")));

    return SM_MAP(r, "apiVersion", sm_val_str(r, "v1"), "kind", sm_val_str(r, "PersistentVolumeClaim"), "metadata", metadata(r, app, name),
                  "spec", SM_MAP(r, "accessModes", modes, "resources", size));
}

void sm_pattern_map_app(struct sm_enqueue *to, sm_val before, sm_val after) {
    (void)before;
    (void)after;
    to->add(to, "default", "app");
}

struct sm_result sm_pattern_set_status(struct sm_ctx *ctx, sm_val app, const char *field, int64_t value) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val status = sm_val_at(app, "status"), now = sm_val_get(status, field);

    if (sm_val_is_int(now) && sm_val_equal(now, sm_val_int(r, value)))
        return sm_done();
    sm_val version = SM_MAP(r, "resourceVersion", sm_val_at(app, "metadata.resourceVersion"));
    return sm_pattern_written(sm_ctx_patch(ctx, SM_DEPLOYMENTS, "status", sm_meta_namespace(app), sm_meta_name(app), SM_PATCH_MERGE,
                                           SM_MAP(r, "metadata", version, "status", SM_MAP(r, field, sm_val_int(r, value)))));
}
