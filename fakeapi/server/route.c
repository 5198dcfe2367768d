#include <ctype.h>
#include <string.h>

#include "route_internal.h"
#include "status.h"

enum { SEGMENTS_MAX = 16 };

/* A path, cut at its slashes. */
struct path {
    const char *segments[SEGMENTS_MAX];
    size_t count; /* SEGMENTS_MAX: too many */
};

/* --- Texts --------------------------------------------------------------------------------------------------------------- */

static int hex(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    return isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

const char *sm_route_decode(struct sm_region *r, const char *text, size_t bytes, bool query) {
    char *out = sm_region_alloc(r, bytes + 1);
    size_t to = 0;

    for (size_t i = 0; i < bytes; i++) {
        if (text[i] == '%' && bytes - i > 2 && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
            out[to++] = (char)(hex(text[i + 1]) * 16 + hex(text[i + 2]));
            i += 2;
        } else {
            out[to++] = query && text[i] == '+' ? ' ' : text[i];
        }
    }
    out[to] = '\0';
    return out;
}

static struct path split(struct sm_region *r, const char *path, size_t bytes) {
    struct path result = {.count = 0};

    for (size_t from = 0; from < bytes && result.count < SEGMENTS_MAX;) {
        while (from < bytes && path[from] == '/')
            from++;
        size_t to = from;
        while (to < bytes && path[to] != '/')
            to++;
        if (to > from)
            result.segments[result.count++] = sm_route_decode(r, path + from, to - from, false);
        from = to;
    }
    return result;
}

/* --- Answers ------------------------------------------------------------------------------------------------------------- */

struct sm_reply sm_route_text(struct sm_region *r, int code, const char *text) {
    return (struct sm_reply){.code = code, .body = sm_val_str(r, text)};
}

void sm_route_refuse(struct sm_region *r, struct sm_route *route, struct sm_reply reply) {
    if (route->request.refused)
        return;
    struct sm_reply *refused = sm_region_alloc(r, sizeof *refused);
    *refused = reply;
    route->request.refused = refused;
}

static struct sm_reply page_not_found(struct sm_region *r) {
    return sm_route_text(r, 404, "404 page not found\n");
}

static struct sm_reply no_such_resource(struct sm_region *r) {
    return sm_status(r, 404, "NotFound", "the server could not find the requested resource", "", "", "", NULL, 0);
}

static struct sm_reply not_allowed(struct sm_region *r) {
    return sm_status(r, 405, "MethodNotAllowed", "the server does not allow this method on the requested resource", "", "", "", NULL, 0);
}

/* --- Resources ----------------------------------------------------------------------------------------------------------- */

/* What is known of the group of a resource that is not found. */
static void find_group(const struct sm_server *server, const char *group, const char *version, bool *ret_known, bool *ret_builtin) {
    const struct sm_kind_info *kind;

    *ret_known = *ret_builtin = false;
    for (size_t i = 0; (kind = sm_server_kind_at(server, i)) != NULL; i++) {
        if (strcmp(kind->resource->group, group) != 0)
            continue;
        *ret_builtin |= !kind->custom;
        *ret_known |= strcmp(kind->resource->version, version) == 0;
    }
}

static const struct sm_resource *find_posted(const char *group, const char *version, const char *plural) {
    const struct sm_resource *resource;

    for (size_t i = 0; (resource = sm_server_posted_at(i)) != NULL; i++) {
        if (strcmp(resource->group, group) == 0 && strcmp(resource->version, version) == 0 && strcmp(resource->plural, plural) == 0)
            return resource;
    }
    return NULL;
}

/* A resource that the server does not know, for whoever must say so. */
static const struct sm_resource *unknown_resource(struct sm_region *r, const char *group, const char *version, const char *plural,
                                                  bool namespaced) {
    struct sm_resource *resource = sm_region_alloc(r, sizeof *resource);

    *resource = (struct sm_resource){
        .group = group,
        .version = version,
        .api_version = *group ? sm_region_printf(r, "%s/%s", group, version) : version,
        .kind = "",
        .plural = plural,
        .namespaced = namespaced,
    };
    return resource;
}

/* --- Verbs --------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *method;
    int collection, object; /* a verb; -1: none */
} methods[] = {
    {"GET", SM_LIST, SM_GET},
    {"POST", SM_CREATE, -1},
    {"PUT", -1, SM_UPDATE},
    {"PATCH", -1, SM_PATCH},
    {"DELETE", SM_DELETE_COLLECTION, SM_DELETE},
};

/* What the method means here; a method that means nothing is refused, and authorised as the verb it is like. */
static void set_verb(struct sm_region *r, struct sm_route *route, const char *method, bool watch_prefix) {
    struct sm_request *request = &route->request;
    bool object = *request->name != '\0';

    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (strcmp(methods[i].method, method) != 0)
            continue;
        int verb = object ? methods[i].object : methods[i].collection, other = object ? methods[i].collection : methods[i].object;
        if (verb < 0 && !(*request->subresource && other == SM_CREATE))
            sm_route_refuse(r, route, not_allowed(r));
        request->verb = (enum sm_verb)(verb < 0 ? other : verb);
        if (watch_prefix && strcmp(method, "GET") == 0)
            request->verb = SM_WATCH;
        return;
    }
    request->verb = object ? SM_GET : SM_LIST;
    sm_route_refuse(r, route, not_allowed(r));
}

/* --- Who ----------------------------------------------------------------------------------------------------------------- */

/* The client that another one acts for. A service account is in the groups of its kind and namespace. */
static const struct sm_client *impersonate(struct sm_region *r, const struct sm_http_request *http) {
    static const char prefix[] = "system:serviceaccount:";
    const char *user = http->impersonate_user;

    if (!user)
        return http->client;
    size_t count = 0;
    while (http->impersonate_groups && http->impersonate_groups[count])
        count++;
    const char **groups = sm_region_zalloc(r, (count + 4) * sizeof groups[0]);
    if (count)
        memcpy(groups, http->impersonate_groups, count * sizeof groups[0]);
    if (!count && strncmp(user, prefix, sizeof prefix - 1) == 0) {
        const char *name_space = user + sizeof prefix - 1;
        groups[count++] = "system:serviceaccounts";
        groups[count++] =
            sm_region_printf(r, "system:serviceaccounts:%s", sm_region_strndup(r, name_space, strcspn(name_space, ":")));
    }
    groups[count] = "system:authenticated";
    struct sm_client *client = sm_region_alloc(r, sizeof *client);
    *client = *http->client;
    client->name = client->user = user;
    client->groups = groups;
    return client;
}

/* --- Paths --------------------------------------------------------------------------------------------------------------- */

/* Below `/api/v1` or `/apis/GROUP/VERSION`: fills in where the request goes. */
static void place(struct sm_region *r, struct sm_route *route, const struct sm_server *server, const struct path *path, size_t at,
                  const char *group, const char *version) {
    struct sm_request *request = &route->request;
    const char *rest[4] = {"", "", "", ""}; /* resource, name, subresource, too much */
    size_t count = 0;
    bool in_namespace = false;

    /* `namespaces/NS/RESOURCE…`, but `namespaces/NS/status` is about the namespace itself. */
    if (path->count > at + 2 && strcmp(path->segments[at], "namespaces") == 0 &&
        !(path->count == at + 3 && (strcmp(path->segments[at + 2], "status") == 0 || strcmp(path->segments[at + 2], "finalize") == 0))) {
        request->name_space = path->segments[at + 1];
        in_namespace = true;
        at += 2;
    }
    for (; at < path->count && count < 4; at++)
        rest[count++] = path->segments[at];
    request->name = rest[1];
    request->subresource = rest[2];

    const struct sm_kind_info *kind = sm_server_kind_named(server, group, version, rest[0]);
    const struct sm_resource *posted = kind ? NULL : find_posted(group, version, rest[0]);
    if (posted && count == 1) {
        request->resource = posted;
        return;
    }
    request->resource = kind ? kind->resource : unknown_resource(r, group, version, rest[0], in_namespace);
    bool wrong_scope = kind && (in_namespace ? !kind->resource->namespaced : kind->resource->namespaced && *request->name);
    if (kind && !wrong_scope && count <= 3)
        return;
    bool group_known, group_builtin;
    find_group(server, group, version, &group_known, &group_builtin);
    bool builtin = group_builtin || !*group;
    sm_route_refuse(r, route, builtin || (group_known && !kind) ? no_such_resource(r) : page_not_found(r));
}

static const struct sm_kind_info *kind_of(const struct sm_server *server, const struct sm_resource *resource) {
    return *resource->kind ? sm_server_kind_of(server, resource->api_version, resource->kind) : NULL;
}

struct sm_route sm_route(struct sm_region *r, const struct sm_server *server, const struct sm_http_request *http) {
    struct sm_route route = {.request = {.subresource = "", .name_space = "", .name = ""}};
    size_t path_bytes = strcspn(http->path, "?");
    const char *query = http->path[path_bytes] ? http->path + path_bytes + 1 : "";
    struct path path = split(r, http->path, path_bytes);

    route.path = sm_route_decode(r, http->path, path_bytes, false);
    route.request.client = impersonate(r, http);
    bool core = path.count > 2 && strcmp(path.segments[0], "api") == 0;
    bool grouped = path.count > 3 && strcmp(path.segments[0], "apis") == 0;
    if (!core && !grouped)
        return route;

    size_t at = core ? 2 : 3;
    bool watch_prefix = path.count > at + 1 && strcmp(path.segments[at], "watch") == 0;
    route.resource = true;
    place(r, &route, server, &path, at + watch_prefix, core ? "" : path.segments[1], path.segments[at - 1]);
    set_verb(r, &route, http->method, watch_prefix);
    if (route.request.resource->namespaced && !*route.request.name_space && !*route.request.name &&
        (route.request.verb == SM_CREATE || route.request.verb == SM_DELETE_COLLECTION))
        sm_route_refuse(r, &route, not_allowed(r));
    const struct sm_kind_info *kind = kind_of(server, route.request.resource);
    sm_route_accept(r, &route, http->accept, kind);
    sm_route_query(r, &route, query);
    sm_route_body(r, &route, server, http, kind);
    return route;
}
