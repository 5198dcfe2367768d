/* PATCH of an object or of its status: JSON, merge and strategic merge patches, and apply. */
#include "patch.h"
#include "call.h"
#include "field_errors.h"
#include "go_text.h"
#include "json.h"
#include "meta.h"
#include "status.h"

#include <string.h>

static const char *go_kind(sm_val v) {
    static const char *const names[] = {
        [SM_KIND_NULL] = "null",     [SM_KIND_BOOL] = "bool",  [SM_KIND_INT] = "number", [SM_KIND_DOUBLE] = "number",
        [SM_KIND_STRING] = "string", [SM_KIND_LIST] = "array", [SM_KIND_MAP] = "object",
    };

    return names[sm_val_kind(v)];
}

/* Merge patches of both sorts are objects. */
static bool check_map(struct sm_call *call, sm_val patch, struct sm_reply *reterr) {
    if (sm_val_is_map(patch))
        return true;
    *reterr = sm_status_bad_request(
        call->r, sm_region_printf(call->r, "error decoding patch: json: cannot unmarshal %s into Go value of type map[string]interface {}",
                                  patch ? go_kind(patch) : "null"));
    return false;
}

static sm_val merged(struct sm_call *call, sm_val document, sm_val patch, struct sm_reply *reterr) {
    if (!patch || sm_val_is_null(patch)) {
        *reterr = sm_status_bad_request(call->r, "Invalid JSON Patch");
        return NULL;
    }
    return check_map(call, patch, reterr) ? sm_val_merge_patch(call->r, document, patch) : NULL;
}

static sm_val strategically_merged(struct sm_call *call, const struct sm_schema *schema, sm_val document, sm_val patch,
                                   struct sm_reply *reterr) {
    if (!patch || sm_val_is_null(patch))
        return document;
    return check_map(call, patch, reterr) ? sm_patch_strategic(call->r, schema, document, patch, reterr) : NULL;
}

/* Errors quote the outcome as JSON, or a strategic patch as Go prints it. */
static const char *quoted(struct sm_call *call, sm_val outcome) {
    if (call->request->patch == SM_PATCH_STRATEGIC)
        return sm_go_text(call->r, call->request->body);
    const char *json = sm_json_text(call->r, outcome, SM_JSON_COMPACT);
    struct sm_str escaped;

    sm_str_init(&escaped, call->r);
    sm_json_quote(&escaped, json, strlen(json), SM_JSON_COMPACT);
    return sm_region_strndup(call->r, escaped.data + 1, escaped.bytes - 2);
}

static struct sm_reply unsupported(const struct sm_call *call) {
    if (!call->kind->custom)
        return sm_status(call->r, 415, "UnsupportedMediaType", "415: Unsupported Media Type", NULL, NULL, "", NULL, 0);
    return sm_status(call->r, 415, "UnsupportedMediaType",
                     "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, "
                     "application/merge-patch+json, application/apply-patch+yaml",
                     NULL, NULL, NULL, NULL, 0);
}

/* The text of an outcome is long, and seldom needed: it is made only when decoding fails or has something to say. */
bool sm_patch_document(struct sm_call *call, const struct sm_resource *as, const struct sm_schema *schema, sm_val document,
                       sm_val *ret_object, struct sm_reply *reterr) {
    struct sm_region *r = call->r;
    sm_val patch = call->request->body, outcome = NULL;

    switch (call->request->patch) {
    case SM_PATCH_JSON:
        outcome = sm_patch_json(r, document, patch, reterr);
        break;
    case SM_PATCH_STRATEGIC:
        outcome = strategically_merged(call, schema, document, patch, reterr);
        break;
    case SM_PATCH_MERGE:
        outcome = merged(call, document, patch, reterr);
        break;
    case SM_PATCH_NONE:
    case SM_PATCH_APPLY:
        *reterr = unsupported(call);
        break;
    }
    if (!outcome)
        return false;
    struct sm_expected expected = {.as = as, .schema = schema, .known = document, .patch = ""};
    uint32_t warned = call->warning_count;
    if (sm_decode_body(call, &expected, outcome, ret_object, reterr))
        return true;
    call->warning_count = warned;
    expected.patch = quoted(call, outcome);
    return sm_decode_body(call, &expected, outcome, ret_object, reterr);
}

/* --- Apply ----------------------------------------------------------------------------------------------------------------- */

bool sm_patch_check_applied(const struct sm_call *call, const struct sm_resource *as, sm_val config, struct sm_reply *reterr) {
    struct sm_region *r = call->r;
    const char *api_version = sm_val_str_at(config, "apiVersion"), *kind = sm_val_str_at(config, "kind");

    if (!sm_val_is_map(config)) {
        *reterr = sm_status_bad_request(r, "error decoding YAML: couldn't get version/kind; json parse error");
        return false;
    }
    if (sm_val_count(sm_val_at(config, "metadata.managedFields")) > 0) {
        *reterr = sm_status_bad_request(r, "metadata.managedFields must be nil");
        return false;
    }
    if (strcmp(api_version, as->api_version) == 0 && strcmp(kind, as->kind) == 0)
        return true;
    const char *slash = strchr(api_version, '/');
    *reterr = sm_status_bad_request(r, sm_region_printf(r, "invalid object type: %s%s, Kind=%s", slash ? "" : "/", api_version, kind));
    return false;
}

static bool check_duplicates(const struct sm_call *call, struct sm_reply *reterr) {
    sm_val first = sm_val_item(call->request->duplicates, 0);

    if (!first || call->request->field_validation != SM_VALIDATE_STRICT)
        return true;
    *reterr = sm_status_bad_request(call->r, sm_region_printf(call->r,
                                                              "error strict decoding YAML: error converting YAML to JSON: yaml: "
                                                              "unmarshal errors:\n  %s",
                                                              sm_val_text(first)));
    return false;
}

static struct sm_reply apply(struct sm_call *call, sm_val before) {
    struct sm_region *r = call->r;
    const struct sm_kind_info *kind = call->kind;
    sm_val config = call->request->body, named = config, duplicate;
    struct sm_manager_name by = sm_call_manager(call);
    struct sm_reply reply;

    if (!sm_patch_check_applied(call, kind->resource, config, &reply) || !check_duplicates(call, &reply) ||
        !sm_decode_names(call, &named, &reply))
        return reply;
    if (call->request->field_validation == SM_VALIDATE_WARN) {
        SM_EACH_ITEM(duplicate, call->request->duplicates)
            sm_call_warn(call, sm_val_text(duplicate));
    }
    const char *uid = sm_meta_uid(config);
    if (!before && *uid)
        return sm_status_conflict(
            r, kind->resource, call->request->name,
            sm_region_printf(r, "uid mismatch: the provided object specified uid %s, and no existing object was found", uid));
    if (!before && *call->request->subresource)
        return sm_call_not_found(call);
    if (!before && !sm_call_may_create(call, &reply))
        return reply;

    /* What tracking never owns stays out of the merge: the version locks, the uid is compared by validation. */
    sm_val version = sm_val_at(config, "metadata.resourceVersion");
    config = sm_val_set_at(r, config, "metadata.resourceVersion", NULL);
    config = sm_val_set_at(r, config, "metadata.uid", NULL);
    sm_val object = sm_apply(r, kind->schema, before, config, &by, call->request->force, &reply);
    if (!object)
        return reply;
    struct sm_decoded decoded = sm_schema_decode_with(r, kind->schema, object, &(struct sm_decode_options){.known = before});
    if (!decoded.object)
        return sm_call_error(r, decoded.error);
    object = decoded.object;
    if (!sm_decode_names(call, &object, &reply))
        return reply;
    if (!before)
        return sm_write_create(call, object, true);
    if (version)
        object = sm_val_set_at(r, object, "metadata.resourceVersion", version);
    if (*uid)
        object = sm_val_set_at(r, object, "metadata.uid", sm_val_str(r, uid));
    return sm_write_update(call, object, before, true);
}

static struct sm_reply patch(struct sm_call *call, sm_val before) {
    sm_val object;
    struct sm_reply reply;

    if (call->request->patch == SM_PATCH_APPLY)
        return apply(call, before);
    if (call->request->patch == SM_PATCH_NONE || (call->kind->custom && call->request->patch == SM_PATCH_STRATEGIC))
        return unsupported(call);
    if (!before)
        return sm_call_not_found(call);
    if (!sm_patch_document(call, call->kind->resource, call->kind->schema, before, &object, &reply) ||
        !sm_decode_names(call, &object, &reply))
        return reply;
    return sm_write_update(call, object, before, false);
}

struct sm_reply sm_verb_patch(struct sm_call *call) {
    return sm_call_recalled(call, sm_call_stored(call), patch);
}
