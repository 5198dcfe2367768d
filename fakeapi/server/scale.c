/* The scale subresource: a view of three fields of an object, that can be read and written as an object of its own. */
#include "call.h"
#include "field_errors.h"
#include "managed_scale.h"
#include "meta.h"
#include "schema_posted.h"
#include "selector.h"
#include "status.h"

#include <string.h>

static const struct sm_resource scale_resource = {
    .group = "autoscaling", .version = "v1", .api_version = "autoscaling/v1", .kind = "Scale", .plural = "scales", .namespaced = true};

/* --- The view ------------------------------------------------------------------------------------------------------------------- */

/* Custom resources say where their fields are: `.spec.replicas`. */
static const char *path_of(const struct sm_call *call, const char *which, const char *usual) {
    const char *path = sm_val_str_at(sm_val_at(call->kind->version, "subresources.scale"), which);

    return *path ? path + (*path == '.') : usual;
}

static const char *selector_of(const struct sm_call *call, sm_val object) {
    const char *path = sm_val_str_at(call->kind->version, "subresources.scale.labelSelectorPath");

    if (!call->kind->custom)
        return sm_selector_text(call->r, sm_val_at(object, "spec.selector"));
    return *path ? sm_val_str_at(object, path + (*path == '.')) : "";
}

static sm_val view_of(const struct sm_call *call, sm_val object) {
    static const char *const shown[] = {"creationTimestamp", "name", "namespace", "resourceVersion", "uid"};
    struct sm_region *r = call->r;
    sm_val metadata = NULL;
    int64_t wanted = sm_val_int_at(object, path_of(call, "specReplicasPath", "spec.replicas"), 0);
    int64_t present = sm_val_int_at(object, path_of(call, "statusReplicasPath", "status.replicas"), 0);
    const char *selector = selector_of(call, object);

    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        metadata = sm_val_set(r, metadata, shown[i], sm_val_get(sm_val_get(object, "metadata"), shown[i]));
    return SM_MAP(r, "apiVersion", sm_val_str(r, scale_resource.api_version), "kind", sm_val_str(r, scale_resource.kind), "metadata",
                  metadata, "spec", SM_MAP(r, "replicas", wanted ? sm_val_int(r, wanted) : NULL), "status",
                  SM_MAP(r, "replicas", sm_val_int(r, present), "selector", *selector ? sm_val_str(r, selector) : NULL));
}

/* --- Writes --------------------------------------------------------------------------------------------------------------------- */

static bool check_view(const struct sm_call *call, sm_val view, struct sm_reply *reterr) {
    struct sm_field_errors errors = sm_field_errors_init(call->r);
    sm_val replicas = sm_val_at(view, "spec.replicas");

    if (sm_val_int_at(view, "spec.replicas", 0) >= 0)
        return true;
    sm_field_invalid(&errors, "spec.replicas", replicas, "must be greater than or equal to 0");
    *reterr = sm_field_errors_reply(&errors, scale_resource.group, scale_resource.kind, sm_meta_name(view));
    return false;
}

static const char *replicas_path(const struct sm_call *call) {
    return path_of(call, "specReplicasPath", "spec.replicas");
}

/* Who writes, to the view: its entries have no time. */
static struct sm_manager_name manager_of(const struct sm_call *call) {
    struct sm_manager_name by = sm_call_manager(call);

    by.api_version = scale_resource.api_version;
    return by;
}

/* The view with the entries of whoever owns replicas of the object. */
static sm_val managed_view(const struct sm_call *call, sm_val object) {
    sm_val replicas = sm_managed_scale_path(call->r, replicas_path(call));
    sm_val entries = sm_managed_scale_view(call->r, sm_val_at(object, "metadata.managedFields"), replicas);

    return sm_managed_set(call->r, view_of(call, object), entries);
}

/* Of a view that tracks its fields already only replicas are taken over, and the version that it carries is compared. */
static struct sm_reply write_view(struct sm_call *call, sm_val view, sm_val before) {
    struct sm_region *r = call->r;
    const char *uid = sm_meta_uid(view);
    struct sm_reply reply;
    sm_val after;

    if (*uid && strcmp(uid, sm_meta_uid(before)) != 0)
        return sm_call_other_uid(call, uid, sm_meta_uid(before));
    if (!check_view(call, view, &reply))
        return reply;
    sm_val entries =
        sm_managed_scale_object(r, sm_val_at(before, "metadata.managedFields"), sm_val_at(view, "metadata.managedFields"),
                                sm_managed_scale_path(r, replicas_path(call)), call->kind->resource->api_version);
    sm_val object = sm_val_set_at(r, before, replicas_path(call), sm_val_int(r, sm_val_int_at(view, "spec.replicas", 0)));
    object = sm_managed_set(r, object, entries);
    if (*sm_val_str_at(view, "metadata.resourceVersion"))
        object = sm_val_set_at(r, object, "metadata.resourceVersion", sm_val_at(view, "metadata.resourceVersion"));
    if (!sm_write_replace(call, object, before, true, &after, &reply))
        return reply;
    return (struct sm_reply){.code = 200, .body = view_of(call, after)};
}

static struct sm_reply update_view(struct sm_call *call, sm_val view, sm_val before) {
    struct sm_manager_name by = manager_of(call);

    return write_view(call, sm_managed_update(call->r, &sm_schema_scale, managed_view(call, before), view, &by), before);
}

struct sm_reply sm_verb_get_scale(struct sm_call *call) {
    struct sm_reply reply = sm_verb_get(call);

    if (sm_reply_ok(&reply))
        reply.body = view_of(call, reply.body);
    return reply;
}

struct sm_reply sm_verb_update_scale(struct sm_call *call) {
    sm_val before = sm_call_stored(call), view;
    struct sm_expected expected = {.as = &scale_resource, .schema = &sm_schema_scale};
    struct sm_reply reply;

    if (!sm_decode_body(call, &expected, call->request->body, &view, &reply) || !sm_decode_names(call, &view, &reply))
        return reply;
    return before ? update_view(call, view, before) : sm_call_not_found(call);
}

static struct sm_reply apply_view(struct sm_call *call, sm_val before) {
    struct sm_manager_name by = manager_of(call);
    sm_val config = call->request->body;
    struct sm_reply reply;

    if (!sm_patch_check_applied(call, &scale_resource, config, &reply) || !sm_decode_names(call, &config, &reply))
        return reply;
    sm_val view = sm_apply(call->r, &sm_schema_scale, managed_view(call, before), config, &by, call->request->force, &reply);
    return view ? write_view(call, view, before) : reply;
}

struct sm_reply sm_verb_patch_scale(struct sm_call *call) {
    sm_val before = sm_call_stored(call), view;
    struct sm_reply reply;

    if (!before)
        return sm_call_not_found(call);
    if (call->request->patch == SM_PATCH_APPLY)
        return apply_view(call, before);
    if (!sm_patch_document(call, &scale_resource, &sm_schema_scale, view_of(call, before), &view, &reply) ||
        !sm_decode_names(call, &view, &reply))
        return reply;
    return update_view(call, view, before);
}
