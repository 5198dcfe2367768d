/* From the body of a request to an object of the kind that the URL names, in the words of apiserver's decoders. */
#include "call.h"
#include "field_errors.h"
#include "go_convert.h"
#include "meta.h"
#include "status.h"
#include "str.h"

#include <string.h>

struct decoding {
    struct sm_call *call;
    const struct sm_resource *as;
    const char *api_version, *kind; /* the body's, or those expected */
    const char *patch;              /* text of a patch; NULL: a whole body */
};

static const char *version_of(const char *api_version) {
    const char *slash = strchr(api_version, '/');

    return slash ? slash + 1 : api_version;
}

static struct sm_reply refuse(const struct decoding *d, const char *error) {
    struct sm_region *r = d->call->r;

    if (!d->patch)
        return sm_status_bad_request(
            r, sm_region_printf(r, "%s in version \"%s\" cannot be handled as a %s: %s", d->kind, version_of(d->api_version), d->as->kind, error));
    struct sm_cause cause = {.reason = "FieldValueInvalid",
                             .message = sm_region_printf(r, "Invalid value: \"%s\": %s", d->patch, error),
                             .field = "patch"};
    /* A patch is refused before the server knows the kind: the message starts with a blank, details name nothing. */
    return sm_status_invalid(r, "", "", "", &cause, 1);
}

/* --- Kind and version ---------------------------------------------------------------------------------------------------- */

/* Versions that a server still decodes though it serves them no more. */
static bool decodable_once(const char *api_version, const char *kind) {
    static const char *const rows[][2] = {
        {"apps/v1beta1", "StatefulSet"},          {"apps/v1beta2", "StatefulSet"},
        {"apps/v1beta1", "ControllerRevision"},   {"apps/v1beta2", "ControllerRevision"},
        {"events.k8s.io/v1beta1", "Event"},
        {"coordination.k8s.io/v1beta1", "Lease"}, {"apiextensions.k8s.io/v1beta1", "CustomResourceDefinition"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i][0], api_version) == 0 && strcmp(rows[i][1], kind) == 0)
            return true;
    }
    return false;
}

/* The Go package of a group's internal types. */
static const char *package_of(struct sm_region *r, const char *group) {
    return *group ? sm_region_strndup(r, group, strcspn(group, ".")) : "core";
}

static bool check_kind(const struct decoding *d, sm_val body, struct sm_reply *reterr) {
    struct sm_region *r = d->call->r;
    bool same_version = strcmp(d->api_version, d->as->api_version) == 0, same_kind = strcmp(d->kind, d->as->kind) == 0;

    if (same_version && same_kind)
        return true;
    const struct sm_kind_info *other = sm_server_kind_of(d->call->server, d->api_version, d->kind);
    bool custom = d->call->slot->custom != NULL;

    if (same_kind && (custom || other || decodable_once(d->api_version, d->kind))) {
        *reterr =
            sm_status_bad_request(r, sm_region_printf(r, "the API version in the data (%s) does not match the expected API version (%s)",
                                                      d->api_version, d->as->api_version));
        return false;
    }
    if (custom) {
        struct sm_field_errors errors = sm_field_errors_init(r);

        sm_field_invalid(&errors, "kind", sm_val_str(r, d->kind), sm_field_text(&errors, "must be %s", d->as->kind));
        *reterr = sm_field_errors_reply(&errors, d->as->group, d->kind, sm_meta_name(body));
        return false;
    }
    if (!other) {
        *reterr = refuse(d, sm_region_printf(r, "no kind \"%s\" is registered for version \"%s\" in scheme \"pkg/runtime/scheme.go:110\"",
                                             d->kind, d->api_version));
        return false;
    }
    struct sm_decoded decoded = sm_schema_decode(r, other->schema, body);
    *reterr = refuse(d, decoded.error ? decoded.error
                                      : sm_region_printf(r, "converting (%s.%s) to (%s.%s): unknown conversion", version_of(d->api_version),
                                                         d->kind, package_of(r, d->as->group), d->as->kind));
    return false;
}

/* --- Unknown and duplicate fields ---------------------------------------------------------------------------------------- */

/* What the reader of the body saw twice: paths of JSON, or whole texts of YAML (`line 7: key "a" already set in map`). */
static const char *duplicate_text(struct sm_region *r, const char *entry, bool strict) {
    if (strncmp(entry, "line ", 5) == 0)
        return strict ? sm_region_printf(r, "yaml: unmarshal errors:\n  %s", entry) : entry;
    return sm_region_printf(r, "duplicate field \"%s\"", entry);
}

static bool check_strictly(const struct decoding *d, const struct sm_decoded *decoded, struct sm_reply *reterr) {
    struct sm_region *r = d->call->r;
    struct sm_str said;
    sm_val entry;

    sm_str_init(&said, r);
    SM_EACH_ITEM(entry, d->call->request->duplicates)
        sm_str_addf(&said, "%s%s", said.bytes ? ", " : "", duplicate_text(r, sm_val_text(entry), true));
    for (uint32_t i = 0; i < decoded->unknown_count; i++)
        sm_str_addf(&said, "%sunknown field \"%s\"", said.bytes ? ", " : "", decoded->unknown[i]);
    if (said.bytes == 0)
        return true;
    *reterr = refuse(d, sm_region_printf(r, "strict decoding error: %s", said.data));
    return false;
}

static void warn_of_fields(const struct decoding *d, const struct sm_decoded *decoded) {
    struct sm_call *call = d->call;
    sm_val entry;

    SM_EACH_ITEM(entry, call->request->duplicates)
        sm_call_warn(call, duplicate_text(call->r, sm_val_text(entry), false));
    for (uint32_t i = 0; i < decoded->unknown_count; i++)
        sm_call_warn(call, sm_region_printf(call->r, "unknown field \"%s\"", decoded->unknown[i]));
}

/* --- Whole bodies -------------------------------------------------------------------------------------------------------- */

static const char *text_or(sm_val v, const char *absent) {
    const char *text = sm_val_text(v);

    return *text ? text : absent;
}

static const char *json_kind(sm_val v) {
    static const char *const names[] = {
        [SM_KIND_NULL] = "null",     [SM_KIND_BOOL] = "bool",  [SM_KIND_INT] = "number", [SM_KIND_DOUBLE] = "number",
        [SM_KIND_STRING] = "string", [SM_KIND_LIST] = "array", [SM_KIND_MAP] = "object",
    };

    return names[sm_val_kind(v)];
}

/* An empty list of managedFields says "forget who owns what", though decoding drops what is empty. */
static sm_val with_reset(struct sm_region *r, sm_val object, sm_val body) {
    sm_val sent = sm_val_at(body, "metadata.managedFields");

    return sm_val_is_list(sent) && sent->count == 0 ? sm_val_set_at(r, object, "metadata.managedFields", sent) : object;
}

bool sm_decode_body(struct sm_call *call, const struct sm_expected *expected, sm_val body, sm_val *ret_object, struct sm_reply *reterr) {
    struct sm_region *r = call->r;
    const struct sm_resource *as = expected->as;
    struct sm_decode_options options = {.known = expected->known, .patched = expected->patch != NULL};

    if (!body || sm_val_is_null(body))
        body = SM_EMPTY_MAP;
    if (!sm_val_is_map(body)) {
        *reterr = sm_status_bad_request(
            r, sm_region_printf(r,
                                "the object provided is unrecognized (must be of type %s): couldn't get version/kind; json parse error: "
                                "json: cannot unmarshal %s into Go value of type struct",
                                as->kind, json_kind(body)));
        return false;
    }
    struct decoding d = {.call = call,
                         .as = as,
                         .api_version = text_or(sm_val_get(body, "apiVersion"), as->api_version),
                         .kind = text_or(sm_val_get(body, "kind"), as->kind),
                         .patch = expected->patch};

    if (!check_kind(&d, body, reterr))
        return false;
    struct sm_decoded decoded = sm_schema_decode_with(r, expected->schema, body, &options);
    if (!decoded.object) {
        bool strategic = d.patch && call->request->patch == SM_PATCH_STRATEGIC;
        const char *words = strategic ? sm_go_convert_error(r, expected->schema, body) : NULL;
        *reterr = refuse(&d, words ? words : decoded.error);
        return false;
    }
    if (call->request->field_validation == SM_VALIDATE_STRICT && !check_strictly(&d, &decoded, reterr))
        return false;
    if (call->request->field_validation == SM_VALIDATE_WARN)
        warn_of_fields(&d, &decoded);
    *ret_object = with_reset(r, decoded.object, body);
    if (!sm_val_is_text(sm_val_get(decoded.object, "apiVersion"), as->api_version))
        *ret_object = sm_val_set(r, *ret_object, "apiVersion", sm_val_str(r, as->api_version));
    if (!sm_val_is_text(sm_val_get(decoded.object, "kind"), as->kind))
        *ret_object = sm_val_set(r, *ret_object, "kind", sm_val_str(r, as->kind));
    return true;
}

bool sm_decode_names(const struct sm_call *call, sm_val *object, struct sm_reply *reterr) {
    struct sm_region *r = call->r;
    const char *name = sm_meta_name(*object), *url_name = call->request->name;
    const char *name_space = sm_meta_namespace(*object), *url_space = call->kind->resource->namespaced ? call->request->name_space : "";

    if (*url_name && !*name) {
        *reterr = sm_status_bad_request(
            r, sm_region_printf(r, "the name of the object (%s based on URL) was undeterminable: name must be provided", url_name));
        return false;
    }
    if (*url_name && strcmp(name, url_name) != 0) {
        *reterr = sm_status_bad_request(
            r, sm_region_printf(r, "the name of the object (%s) does not match the name on the URL (%s)", name, url_name));
        return false;
    }
    if (*name_space && *url_space && strcmp(name_space, url_space) != 0) {
        *reterr = sm_status_bad_request(r, "the namespace of the provided object does not match the namespace sent on the request");
        return false;
    }
    if (strcmp(name_space, url_space) != 0)
        *object = sm_val_set_at(r, *object, "metadata.namespace", *url_space ? sm_val_str(r, url_space) : NULL);
    return true;
}
