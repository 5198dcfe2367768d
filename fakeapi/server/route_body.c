#include <string.h>
#include <strings.h>

#include "go_json.h"
#include "json.h"
#include "protobuf.h"
#include "route_internal.h"
#include "status.h"
#include "yaml.h"

enum { DUPLICATES_MAX = 64, BODY_BYTES_MAX = 3145728 };

/* --- Media types --------------------------------------------------------------------------------------------------------- */

/* `type/subtype` without parameters, in [r]. */
static const char *media_type(struct sm_region *r, const char *header) {
    size_t bytes = strcspn(header, ";");

    while (bytes && header[bytes - 1] == ' ')
        bytes--;
    return sm_region_strndup(r, header, bytes);
}

static const char *const representations = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

/* One clause of an Accept header. */
struct clause {
    const char *type, *as, *group, *version;
};

static struct clause parse_clause(struct sm_region *r, const char *text, size_t bytes) {
    struct clause clause = {"", "", "", ""};
    const struct {
        const char *name;
        const char **to;
    } parameters[] = {{"as=", &clause.as}, {"g=", &clause.group}, {"v=", &clause.version}};
    char *copy = sm_region_strndup(r, text, bytes), *at;

    for (char *part = strtok_r(copy, ";", &at); part; part = strtok_r(NULL, ";", &at)) {
        part += strspn(part, " ");
        part[strcspn(part, " ")] = '\0';
        if (!*clause.type) {
            clause.type = part;
            continue;
        }
        for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++) {
            if (strncmp(part, parameters[i].name, strlen(parameters[i].name)) == 0)
                *parameters[i].to = part + strlen(parameters[i].name);
        }
    }
    return clause;
}

/* True if the server can answer so; known types with other parameters are told apart for the message. */
static bool accept_clause(struct sm_route *route, const struct clause *clause, bool protobuf, bool *known_type) {
    static const struct {
        const char *type;
        bool yaml, protobuf;
    } types[] = {{"application/json", false, false}, {"*/*", false, false}, {"application/*", false, false},
                 {"application/yaml", true, false}, {"application/vnd.kubernetes.protobuf", false, true}};
    static const struct {
        const char *name;
        enum sm_representation as;
    } forms[] = {{"Table", SM_AS_TABLE}, {"PartialObjectMetadata", SM_AS_PARTIAL}, {"PartialObjectMetadataList", SM_AS_PARTIAL_LIST}};

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcasecmp(types[i].type, clause->type) != 0)
            continue;
        *known_type = true;
        if (types[i].protobuf != protobuf)
            continue;
        route->yaml = types[i].yaml;
        route->protobuf = protobuf;
        route->as = SM_AS_OBJECT;
        if (!*clause->as)
            return true;
        for (size_t j = 0; j < sizeof forms / sizeof forms[0]; j++) {
            if (strcmp(forms[j].name, clause->as) == 0 && !(protobuf && forms[j].as == SM_AS_TABLE) &&
                strcmp(clause->group, "meta.k8s.io") == 0 &&
                (strcmp(clause->version, "v1") == 0 || strcmp(clause->version, "v1beta1") == 0)) {
                route->as = forms[j].as;
                route->as_version = clause->version;
                return true;
            }
        }
    }
    return false;
}

void sm_route_accept(struct sm_region *r, struct sm_route *route, const char *accept, const struct sm_kind_info *kind) {
    bool known_type = false;

    if (!accept || !*accept)
        return;
    /* Whoever reads JSON, too, gets that. */
    for (int protobuf = 0; protobuf < 2; protobuf++) {
        if (protobuf && kind && !sm_protobuf_knows(kind))
            break;
        for (const char *at = accept; *at;) {
            size_t bytes = strcspn(at, ",");
            struct clause clause = parse_clause(r, at, bytes);
            if (accept_clause(route, &clause, protobuf, &known_type))
                return;
            at += bytes + (at[bytes] == ',');
        }
    }
    route->yaml = route->protobuf = false;
    route->as = SM_AS_OBJECT;
    const char *message = known_type ? sm_region_printf(r, "only the following media types are accepted: %s", representations)
                                     : sm_region_printf(r, "406: Not Acceptable\n\nAvailable representations: %s", representations);
    sm_route_refuse(r, route, sm_status(r, 406, "NotAcceptable", message, "", "", known_type ? NULL : "", NULL, 0));
}

/* --- Reading ------------------------------------------------------------------------------------------------------------- */

static sm_val text_list(struct sm_region *r, const struct sm_json_duplicate *duplicates, size_t count) {
    sm_val list = NULL;

    for (size_t i = 0; i < count; i++)
        list = sm_val_append(r, list, sm_val_str(r, duplicates[i].path));
    return list;
}

/* Returns NULL and Go's words if the text is no JSON. */
static sm_val read_json(struct sm_region *r, struct sm_route *route, const char *text, size_t bytes, const char **ret_error) {
    struct sm_json_duplicate duplicates[DUPLICATES_MAX];
    struct sm_json_error error;
    size_t count = 0;
    const struct sm_json_options options = {.duplicates = duplicates, .duplicates_max = DUPLICATES_MAX, .ret_duplicates_count = &count};
    sm_val v = sm_json_parse(r, text, bytes, &options, &error);

    if (!v) {
        const char *words = sm_go_json_error(r, text, bytes);
        *ret_error = words ? words : sm_region_strdup(r, error.message);
        return NULL;
    }
    route->request.duplicates = text_list(r, duplicates, count < DUPLICATES_MAX ? count : DUPLICATES_MAX);
    return v;
}

static sm_val read_yaml(struct sm_region *r, struct sm_route *route, const char *text, size_t bytes, const char **ret_error) {
    struct sm_yaml_duplicate duplicates[DUPLICATES_MAX];
    struct sm_yaml_doc *docs;
    struct sm_yaml_error error;
    size_t count, duplicate_count;
    sm_val said = NULL;

    if (!sm_yaml_parse_lax(r, text, bytes, &docs, &count, duplicates, DUPLICATES_MAX, &duplicate_count, &error)) {
        *ret_error = sm_region_printf(r, "yaml: line %u: %s", error.line, error.message);
        return NULL;
    }
    for (size_t i = 0; i < duplicate_count; i++)
        said = sm_val_append(r, said, sm_val_strf(r, "line %u: key \"%s\" already set in map", duplicates[i].line, duplicates[i].key));
    route->request.duplicates = said;
    return count ? docs[0].value : SM_NULL;
}

/* --- Bodies by verb ------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *type;
    enum sm_patch patch;
} patch_types[] = {
    {"application/json-patch+json", SM_PATCH_JSON},
    {"application/merge-patch+json", SM_PATCH_MERGE},
    {"application/strategic-merge-patch+json", SM_PATCH_STRATEGIC},
    {"application/apply-patch+yaml", SM_PATCH_APPLY},
};

static void read_patch(struct sm_region *r, struct sm_route *route, const struct sm_http_request *http, const char *text, size_t bytes) {
    struct sm_request *request = &route->request;
    const char *type = http->content_type ? media_type(r, http->content_type) : "", *error = NULL;

    request->patch = SM_PATCH_NONE;
    for (size_t i = 0; i < sizeof patch_types / sizeof patch_types[0]; i++) {
        if (strcmp(patch_types[i].type, type) == 0)
            request->patch = patch_types[i].patch;
    }
    if (request->patch == SM_PATCH_NONE)
        return; /* the server answers 415, each kind in its words */
    request->body = read_json(r, route, text, bytes, &error);
    /* An applied object is YAML, and nearly always JSON all the same. Duplicate keys are told as of YAML. */
    bool again = request->patch == SM_PATCH_APPLY && (error || request->duplicates);
    if (!error && !again)
        return;
    if (again) {
        error = NULL;
        request->body = read_yaml(r, route, text, bytes, &error);
        if (error)
            sm_route_refuse(r, route, sm_status_bad_request(r, sm_region_printf(r, "error decoding YAML: %s", error)));
        return;
    }
    bool named = request->patch != SM_PATCH_JSON;
    sm_route_refuse(r, route, sm_status_bad_request(r, named ? sm_region_printf(r, "error decoding patch: %s", error) : error));
}

static void read_protobuf(struct sm_region *r, struct sm_route *route, const struct sm_server *server, const char *data, size_t bytes) {
    const char *error = NULL;

    if (!bytes)
        return;
    route->request.body = sm_protobuf_decode(r, server, data, bytes, &error);
    if (!route->request.body)
        sm_route_refuse(r, route, sm_status_bad_request(r, error));
}

static void read_object(struct sm_region *r, struct sm_route *route, const struct sm_http_request *http, const char *text, size_t bytes,
                        const struct sm_kind_info *kind) {
    const char *type = http->content_type ? media_type(r, http->content_type) : "application/json", *error = NULL;
    bool yaml = strcasecmp(type, "application/yaml") == 0;

    if (!yaml && strcasecmp(type, "application/json") != 0) {
        sm_route_refuse(r, route,
                        sm_status(r, 415, "UnsupportedMediaType",
                                  sm_region_printf(r, "the body of the request was in an unknown format - accepted media types include: %s",
                                                   representations),
                                  NULL, NULL, NULL, NULL, 0));
        return;
    }
    route->request.body = yaml ? read_yaml(r, route, text, bytes, &error) : read_json(r, route, text, bytes, &error);
    if (!error)
        return;
    if (route->request.verb == SM_DELETE || route->request.verb == SM_DELETE_COLLECTION) {
        sm_route_refuse(r, route, sm_status(r, 500, "", error, NULL, NULL, NULL, NULL, 0));
        return;
    }
    struct sm_str start;
    sm_str_init(&start, r);
    for (size_t i = 0; i < bytes && i < 1024; i++)
        sm_str_addf(&start, "%02x", (unsigned char)text[i]);
    sm_route_refuse(
        r, route,
        sm_status_bad_request(r, sm_region_printf(r,
                                                  "the object provided is unrecognized (must be of type %s): couldn't get version/kind; "
                                                  "json parse error: %s (%s)",
                                                  kind ? kind->resource->kind : "", error, bytes ? start.data : "<empty>")));
}

/* Custom resources, and kinds that are only stored, have no messages. */
static bool is_protobuf(struct sm_region *r, const struct sm_http_request *http, const struct sm_route *route,
                        const struct sm_kind_info *kind) {
    bool options = route->request.verb == SM_DELETE || route->request.verb == SM_DELETE_COLLECTION;

    return http->content_type && strcasecmp(media_type(r, http->content_type), "application/vnd.kubernetes.protobuf") == 0 &&
           route->request.verb != SM_PATCH && (!kind || options || *route->request.subresource || sm_protobuf_knows(kind));
}

void sm_route_body(struct sm_region *r, struct sm_route *route, const struct sm_server *server, const struct sm_http_request *http,
                   const struct sm_kind_info *kind) {
    const char *text = http->body ? http->body : "";
    size_t bytes = http->body ? http->body_bytes : 0;

    if (route->request.refused)
        return;
    if (bytes > BODY_BYTES_MAX) {
        sm_route_refuse(r, route,
                        sm_status(r, 413, "RequestEntityTooLarge",
                                  sm_region_printf(r, "Request entity too large: limit is %d", BODY_BYTES_MAX), NULL, NULL, NULL, NULL, 0));
        return;
    }
    if (is_protobuf(r, http, route, kind)) {
        read_protobuf(r, route, server, text, bytes);
        return;
    }
    switch (route->request.verb) {
    case SM_PATCH:
        read_patch(r, route, http, text, bytes);
        break;
    case SM_CREATE:
    case SM_UPDATE:
        read_object(r, route, http, text, bytes, kind);
        break;
    case SM_DELETE:
    case SM_DELETE_COLLECTION:
        if (bytes)
            read_object(r, route, http, text, bytes, kind);
        break;
    default:
        break;
    }
}
