#include "discovery.h"

#include <ctype.h>
#include <string.h>

#include "openapi.h"
#include "status.h"

const char sm_discovery_aggregated[] = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

enum { GROUPS_MAX = 256 };

static const char *const kind_verbs[] = {"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch", NULL};
static const char *const part_verbs[] = {"get", "patch", "update", NULL};
static const char *const post_verbs[] = {"create", NULL};

/* Subresources that one kind alone has; [kind] NULL: that of the resource. */
static const struct part {
    const char *plural, *name, *group, *version, *kind;
    const char *const *verbs;
} parts[] = {
    {"pods", "binding", "", "v1", "Binding", post_verbs},
    {"pods", "ephemeralcontainers", "", "v1", NULL, part_verbs},
    {"pods", "eviction", "policy", "v1", "Eviction", post_verbs},
    {"pods", "resize", "", "v1", NULL, part_verbs},
    {"serviceaccounts", "token", "authentication.k8s.io", "v1", "TokenRequest", post_verbs},
};

/* What discovery shows of a resource: of a kind, or of what is only posted. */
struct shown {
    const struct sm_resource *resource;
    const struct sm_kind_info *kind; /* NULL: posted */
};

static struct shown shown_at(const struct sm_server *server, size_t i, size_t *kinds) {
    const struct sm_kind_info *kind = i < *kinds ? sm_server_kind_at(server, i) : NULL;

    if (kind)
        return (struct shown){kind->resource, kind};
    if (*kinds > i)
        *kinds = i;
    return (struct shown){sm_server_posted_at(i - *kinds), NULL};
}

#define EACH_SHOWN(it, server) \
    for (size_t it##_i = 0, it##_kinds = SIZE_MAX; ((it) = shown_at((server), it##_i, &it##_kinds)).resource; it##_i++)

/* --- Parts of answers ------------------------------------------------------------------------------------------------------ */

static sm_val texts(struct sm_region *r, const char *const *list) {
    sm_val result = NULL;

    for (; list && *list; list++)
        result = sm_val_append(r, result, sm_val_str(r, *list));
    return result;
}

static const char *lower(struct sm_region *r, const char *text) {
    char *out = sm_region_strdup(r, text);

    for (char *c = out; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return out;
}

static const char *singular(struct sm_region *r, const struct shown *shown) {
    return shown->kind && shown->kind->singular ? shown->kind->singular : lower(r, shown->resource->kind);
}

/* The subresources of a kind, in order of their names: calls [each] for every one. */
static sm_val each_part(struct sm_region *r, const struct shown *shown, sm_val list,
                        sm_val (*each)(struct sm_region *r, const struct sm_resource *resource, const struct part *part)) {
    const struct sm_resource *resource = shown->resource;

    if (!shown->kind)
        return list;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (!*resource->group && strcmp(parts[i].plural, resource->plural) == 0)
            list = sm_val_append(r, list, each(r, resource, &parts[i]));
    if (shown->kind->scale)
        list = sm_val_append(r, list, each(r, resource, &(struct part){NULL, "scale", "autoscaling", "v1", "Scale", part_verbs}));
    if (shown->kind->status)
        list = sm_val_append(r, list, each(r, resource, &(struct part){NULL, "status", "", "", NULL, part_verbs}));
    return list;
}

static sm_val old_part(struct sm_region *r, const struct sm_resource *resource, const struct part *part) {
    return SM_MAP(r, "name", sm_val_strf(r, "%s/%s", resource->plural, part->name), "singularName", sm_val_str(r, ""), "namespaced",
                  sm_val_bool(resource->namespaced), "group", part->kind && *part->group ? sm_val_str(r, part->group) : NULL, "version",
                  part->kind && *part->group ? sm_val_str(r, part->version) : NULL, "kind",
                  sm_val_str(r, part->kind ? part->kind : resource->kind), "verbs", texts(r, part->verbs));
}

static sm_val new_kind(struct sm_region *r, const char *group, const char *version, const char *kind) {
    return SM_MAP(r, "group", sm_val_str(r, group), "version", sm_val_str(r, version), "kind", sm_val_str(r, kind));
}

static sm_val new_part(struct sm_region *r, const struct sm_resource *resource, const struct part *part) {
    bool elsewhere = part->kind && *part->group;

    return SM_MAP(r, "subresource", sm_val_str(r, part->name), "responseKind",
                  new_kind(r, elsewhere ? part->group : "", elsewhere ? part->version : "", part->kind ? part->kind : resource->kind),
                  "verbs", texts(r, part->verbs));
}

static sm_val resources_old(struct sm_region *r, const struct sm_server *server, const char *group, const char *version) {
    sm_val list = NULL;
    struct shown it;

    EACH_SHOWN(it, server) {
        const struct sm_resource *resource = it.resource;
        if (strcmp(resource->group, group) != 0 || strcmp(resource->version, version) != 0)
            continue;
        list =
            sm_val_append(r, list,
                          SM_MAP(r, "name", sm_val_str(r, resource->plural), "singularName", sm_val_str(r, singular(r, &it)), "namespaced",
                                 sm_val_bool(resource->namespaced), "kind", sm_val_str(r, resource->kind), "verbs",
                                 texts(r, it.kind ? kind_verbs : post_verbs), "shortNames", it.kind ? texts(r, it.kind->short_names) : NULL,
                                 "categories", it.kind ? texts(r, it.kind->categories) : NULL));
        list = each_part(r, &it, list, old_part);
    }
    return list;
}

static sm_val resources_new(struct sm_region *r, const struct sm_server *server, const char *group, const char *version) {
    sm_val list = SM_EMPTY_LIST;
    struct shown it;

    EACH_SHOWN(it, server) {
        const struct sm_resource *resource = it.resource;
        if (strcmp(resource->group, group) != 0 || strcmp(resource->version, version) != 0)
            continue;
        list = sm_val_append(r, list,
                             SM_MAP(r, "resource", sm_val_str(r, resource->plural), "responseKind", new_kind(r, "", "", resource->kind),
                                    "scope", sm_val_str(r, resource->namespaced ? "Namespaced" : "Cluster"), "singularResource",
                                    sm_val_str(r, singular(r, &it)), "verbs", texts(r, it.kind ? kind_verbs : post_verbs), "shortNames",
                                    it.kind ? texts(r, it.kind->short_names) : NULL, "categories",
                                    it.kind ? texts(r, it.kind->categories) : NULL, "subresources", each_part(r, &it, NULL, new_part)));
    }
    return list;
}

/* --- Groups ------------------------------------------------------------------------------------------------------------------- */

static bool has(const char *const *list, size_t count, const char *text) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], text) == 0)
            return true;
    return false;
}

static size_t groups(const struct sm_server *server, const char *found[GROUPS_MAX]) {
    size_t count = 0;
    struct shown it;

    EACH_SHOWN(it, server)
    if (*it.resource->group && count < GROUPS_MAX && !has(found, count, it.resource->group))
        found[count++] = it.resource->group;
    return count;
}

static size_t versions(const struct sm_server *server, const char *group, const char *found[GROUPS_MAX]) {
    size_t count = 0;
    struct shown it;

    EACH_SHOWN(it, server)
    if (strcmp(it.resource->group, group) == 0 && count < GROUPS_MAX && !has(found, count, it.resource->version))
        found[count++] = it.resource->version;
    return count;
}

static sm_val group_old(struct sm_region *r, const struct sm_server *server, const char *group, bool alone) {
    const char *found[GROUPS_MAX];
    size_t count = versions(server, group, found);
    sm_val list = SM_EMPTY_LIST;

    for (size_t i = 0; i < count; i++)
        list =
            sm_val_append(r, list, SM_MAP(r, "groupVersion", sm_val_strf(r, "%s/%s", group, found[i]), "version", sm_val_str(r, found[i])));
    return SM_MAP(r, "kind", alone ? sm_val_str(r, "APIGroup") : NULL, "apiVersion", alone ? sm_val_str(r, "v1") : NULL, "name",
                  sm_val_str(r, group), "versions", list, "preferredVersion", list->list[0]);
}

static sm_val group_new(struct sm_region *r, const struct sm_server *server, const char *group) {
    const char *found[GROUPS_MAX];
    size_t count = versions(server, group, found);
    sm_val list = SM_EMPTY_LIST;

    for (size_t i = 0; i < count; i++)
        list = sm_val_append(r, list,
                             SM_MAP(r, "version", sm_val_str(r, found[i]), "resources", resources_new(r, server, group, found[i]),
                                    "freshness", sm_val_str(r, "Current")));
    return SM_MAP(r, "metadata", SM_MAP(r, "name", *group ? sm_val_str(r, group) : NULL, "creationTimestamp", SM_NULL), "versions", list);
}

/* --- Answers ------------------------------------------------------------------------------------------------------------------ */

static struct sm_reply ok(sm_val body) {
    return (struct sm_reply){.code = 200, .body = body};
}

static struct sm_reply not_found(struct sm_region *r) {
    return sm_route_text(r, 404, "404 page not found\n");
}

static struct sm_reply all_new(struct sm_region *r, const struct sm_server *server, bool core) {
    const char *found[GROUPS_MAX];
    sm_val list = core ? SM_LIST(r, group_new(r, server, "")) : SM_EMPTY_LIST;
    size_t count = core ? 0 : groups(server, found);

    for (size_t i = 0; i < count; i++)
        list = sm_val_append(r, list, group_new(r, server, found[i]));
    return ok(SM_MAP(r, "kind", sm_val_str(r, "APIGroupDiscoveryList"), "apiVersion", sm_val_str(r, "apidiscovery.k8s.io/v2"), "metadata",
                     SM_EMPTY_MAP, "items", list));
}

static struct sm_reply all_old(struct sm_region *r, const struct sm_server *server, bool core) {
    const char *found[GROUPS_MAX];
    sm_val list = SM_EMPTY_LIST;

    if (core)
        return ok(SM_MAP(r, "kind", sm_val_str(r, "APIVersions"), "versions", SM_LIST(r, sm_val_str(r, "v1")),
                         "serverAddressByClientCIDRs", SM_EMPTY_LIST));
    size_t count = groups(server, found);
    for (size_t i = 0; i < count; i++)
        list = sm_val_append(r, list, group_old(r, server, found[i], false));
    return ok(SM_MAP(r, "kind", sm_val_str(r, "APIGroupList"), "apiVersion", sm_val_str(r, "v1"), "groups", list));
}

static struct sm_reply resources_of(struct sm_region *r, const struct sm_server *server, const char *group, const char *version) {
    sm_val list = resources_old(r, server, group, version);

    if (!list)
        return not_found(r);
    return ok(SM_MAP(r, "kind", sm_val_str(r, "APIResourceList"), "apiVersion", sm_val_str(r, "v1"), "groupVersion",
                     sm_val_strf(r, "%s%s%s", group, *group ? "/" : "", version), "resources", list));
}

static struct sm_reply group_of(struct sm_region *r, const struct sm_server *server, const char *group) {
    const char *found[GROUPS_MAX];

    return versions(server, group, found) ? ok(group_old(r, server, group, true)) : not_found(r);
}

static struct sm_reply version(struct sm_region *r, const char *kubernetes) {
    const char *minor = strchr(kubernetes, '.') ? strchr(kubernetes, '.') + 1 : "33";
    sm_val text = sm_val_strf(r, "v1.%s.0+stalemate", minor);

    return ok(SM_MAP(r, "major", sm_val_str(r, "1"), "minor", sm_val_str(r, minor), "gitVersion", text, "gitCommit", sm_val_str(r, ""),
                     "gitTreeState", sm_val_str(r, "clean"), "buildDate", sm_val_str(r, "1970-01-01T00:00:00Z"), "goVersion",
                     sm_val_str(r, "go1.24"), "compiler", sm_val_str(r, "gc"), "platform", sm_val_str(r, "linux/amd64")));
}

/* `healthz`, `livez/ping`: one check there is. */
static bool is_health(const char *path) {
    static const char *const names[] = {"/healthz", "/livez", "/readyz"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t bytes = strlen(names[i]);
        if (strncmp(path, names[i], bytes) == 0 && (!path[bytes] || strcmp(path + bytes, "/ping") == 0))
            return true;
    }
    return false;
}

/* The media types that can be had of /api and /apis: 1 the aggregated one, 0 JSON, -1 neither; the first that is known counts. */
static int accepted(const char *accept) {
    while (accept && *accept) {
        size_t bytes = strcspn(accept, ",");
        const char *clause = accept + strspn(accept, " ");
        size_t left = bytes - (size_t)(clause - accept);
        if (memmem(clause, left, "as=APIGroupDiscoveryList", 24) && memmem(clause, left, "g=apidiscovery.k8s.io", 21)) {
            if (memmem(clause, left, "v=v2;", 5) || (left > 4 && memcmp(clause + left - 4, "v=v2", 4) == 0))
                return 1;
        } else if (!memmem(clause, left, "as=", 3) &&
                   (memmem(clause, left, "json", 4) || memmem(clause, left, "*/*", 3) || memmem(clause, left, "application/*", 13))) {
            return 0;
        }
        accept += bytes + (accept[bytes] == ',');
        if (!*accept)
            return -1;
    }
    return 0;
}

static struct sm_reply not_acceptable(struct sm_region *r) {
    return sm_status(r, 406, "NotAcceptable",
                     "only the following media types are accepted: application/json, application/yaml, "
                     "application/vnd.kubernetes.protobuf",
                     "", "", NULL, NULL, 0);
}

/* [rest] of a path below /apis, or a version below /api. */
static struct sm_reply below(struct sm_region *r, const struct sm_server *server, bool core, const char *rest) {
    size_t bytes = strcspn(rest, "/");
    const char *first = sm_region_strndup(r, rest, bytes), *second = rest[bytes] ? rest + bytes + 1 : "";
    size_t second_bytes = strcspn(second, "/");

    if (second[second_bytes] && second[second_bytes + 1])
        return not_found(r);
    second = sm_region_strndup(r, second, second_bytes);
    if (core)
        return *second ? not_found(r) : resources_of(r, server, "", first);
    return *second ? resources_of(r, server, first, second) : group_of(r, server, first);
}

struct sm_reply sm_discovery(struct sm_env *env, struct sm_server *server, const struct sm_http_request *http, const struct sm_route *route,
                             const char *kubernetes, const char **ret_type) {
    struct sm_region *r = env->run;
    const char *path = route->path;
    static const char openapi[] = "/openapi/v3/";
    struct sm_reply refused;

    *ret_type = NULL;
    if (!sm_server_allows_path(env, server, route->request.client, lower(r, http->method), path, &refused))
        return refused;
    bool core = strncmp(path, "/api", 4) == 0 && (path[4] == '\0' || path[4] == '/');
    bool grouped = strncmp(path, "/apis", 5) == 0 && (path[5] == '\0' || path[5] == '/');
    if (core || grouped) {
        const char *rest = path + (core ? 4 : 5);
        rest += *rest == '/';
        if (strcmp(http->method, "GET") != 0)
            return sm_status(r, 405, "MethodNotAllowed", "the server does not allow this method on the requested resource", "", "", "",
                             NULL, 0);
        if (*rest)
            return below(r, server, core, rest);
        int form = accepted(http->accept);
        if (form < 0)
            return not_acceptable(r);
        if (form > 0)
            *ret_type = sm_discovery_aggregated;
        return form > 0 ? all_new(r, server, core) : all_old(r, server, core);
    }
    if (strcmp(path, "/version") == 0 || strcmp(path, "/version/") == 0)
        return version(r, kubernetes ? kubernetes : "1.33");
    if (strcmp(path, "/openapi/v3") == 0)
        return ok(sm_openapi_index(r, server));
    if (strncmp(path, openapi, sizeof openapi - 1) == 0) {
        sm_val document = sm_openapi_document(r, server, path + sizeof openapi - 1);
        return document ? ok(document) : not_found(r);
    }
    if (is_health(path))
        return sm_route_text(r, 200, "ok");
    return not_found(r);
}
