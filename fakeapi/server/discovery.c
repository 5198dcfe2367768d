#include "discovery.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "openapi.h"
#include "sha256.h"
#include "status.h"
#include "str.h"

const char sm_discovery_aggregated[] = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

enum { GROUPS_MAX = 256 };

static const char *const kind_verbs[] = {"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch", NULL};
static const char *const namespace_verbs[] = {"create", "delete", "get", "list", "patch", "update", "watch", NULL};
static const char *const part_verbs[] = {"get", "patch", "update", NULL};
static const char *const post_verbs[] = {"create", NULL};
static const char *const put_verbs[] = {"update", NULL};
static const char *const read_verbs[] = {"get", NULL};
static const char *const stream_verbs[] = {"create", "get", NULL};
static const char *const proxy_verbs[] = {"create", "delete", "get", "patch", "update", NULL};

/* Subresources that one kind alone has; [kind] NULL: that of the resource. */
static const struct part {
    const char *plural, *name, *group, *version, *kind;
    const char *const *verbs;
} parts[] = {
    {"certificatesigningrequests", "approval", "", "v1", NULL, part_verbs},
    {"namespaces", "finalize", "", "v1", NULL, put_verbs},
    {"nodes", "proxy", "", "v1", "NodeProxyOptions", proxy_verbs},
    {"pods", "attach", "", "v1", "PodAttachOptions", stream_verbs},
    {"pods", "binding", "", "v1", "Binding", post_verbs},
    {"pods", "ephemeralcontainers", "", "v1", NULL, part_verbs},
    {"pods", "eviction", "policy", "v1", "Eviction", post_verbs},
    {"pods", "exec", "", "v1", "PodExecOptions", stream_verbs},
    {"pods", "log", "", "v1", NULL, read_verbs},
    {"pods", "portforward", "", "v1", "PodPortForwardOptions", stream_verbs},
    {"pods", "proxy", "", "v1", "PodProxyOptions", proxy_verbs},
    {"pods", "resize", "", "v1", NULL, part_verbs},
    {"serviceaccounts", "token", "authentication.k8s.io", "v1", "TokenRequest", post_verbs},
    {"services", "proxy", "", "v1", "ServiceProxyOptions", proxy_verbs},
};

/* What discovery shows of a resource: of a kind, or of what is only posted. */
struct shown {
    const struct sm_resource *resource;
    const struct sm_kind_info *kind; /* NULL: posted */
};

/* Everything that is served, gathered once an answer. */
struct catalog {
    struct sm_region *r;
    struct shown *list;
    size_t count;
};

static bool comes_before(const struct sm_resource *a, const struct sm_resource *b) {
    int order = strcmp(a->group, b->group);

    return order ? order < 0 : strcmp(a->plural, b->plural) < 0;
}

static struct catalog gather(struct sm_region *r, const struct sm_server *server) {
    enum { SHOWN_MAX = 1024 };
    struct catalog c = {.r = r, .list = sm_region_alloc(r, SHOWN_MAX * sizeof c.list[0])};
    const struct sm_kind_info *kind;
    const struct sm_resource *posted;

    for (; c.count < SHOWN_MAX && (kind = sm_server_kind_at(server, c.count)) != NULL; c.count++)
        c.list[c.count] = (struct shown){kind->resource, kind};
    for (size_t i = 0; c.count < SHOWN_MAX && (posted = sm_server_posted_at(i)) != NULL; i++) {
        size_t at = c.count++;
        for (; at > 0 && comes_before(posted, c.list[at - 1].resource); at--)
            c.list[at] = c.list[at - 1];
        c.list[at] = (struct shown){posted, NULL};
    }
    return c;
}

/* --- Order ------------------------------------------------------------------------------------------------------------------- */

/* Groups come by priority, those of custom resources behind them. */
static size_t priority(const char *group) {
    static const char *const order[] = {"apiregistration.k8s.io", "apps", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io",
                                        "autoscaling", "batch", "certificates.k8s.io", "networking.k8s.io", "policy",
                                        "rbac.authorization.k8s.io", "storage.k8s.io", "admissionregistration.k8s.io",
                                        "apiextensions.k8s.io", "scheduling.k8s.io", "coordination.k8s.io", "node.k8s.io",
                                        "discovery.k8s.io", "resource.k8s.io", "flowcontrol.apiserver.k8s.io"};
    size_t i = 0, count = sizeof order / sizeof order[0];

    while (i < count && strcmp(order[i], group) != 0)
        i++;
    return i;
}

/* `v1`, `v2beta1` in parts; false: a version of another form. */
static bool parse_version(const char *text, long ret[3]) {
    static const char *const stages[] = {"alpha", "beta"};
    char *end;

    if (*text != 'v' || !isdigit((unsigned char)text[1]))
        return false;
    ret[1] = strtol(text + 1, &end, 10);
    ret[0] = 2;
    ret[2] = 0;
    for (int i = 0; i < 2; i++) {
        size_t bytes = strlen(stages[i]);
        if (strncmp(end, stages[i], bytes) == 0 && isdigit((unsigned char)end[bytes])) {
            ret[0] = i;
            ret[2] = strtol(end + bytes, &end, 10);
        }
    }
    return !*end;
}

/* v10, v2, v1, v11beta2, v1alpha1, then others by name. */
static bool version_comes_first(const char *a, const char *b) {
    long x[3], y[3];
    bool known = parse_version(a, x), other_known = parse_version(b, y);

    if (!known || !other_known)
        return known != other_known ? known : strcmp(a, b) < 0;
    for (int i = 0; i < 3; i++)
        if (x[i] != y[i])
            return x[i] > y[i];
    return false;
}

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

/* What tells that objects are stored in another form than before. */
static sm_val storage_hash(struct sm_region *r, const struct shown *shown) {
    const struct sm_resource *stored = shown->kind->view ? shown->kind->view->of : shown->resource;
    const char *text = sm_region_printf(r, "%s/%s/%s", stored->group, stored->version, stored->kind);
    uint8_t digest[SM_SHA256_BYTES];

    sm_sha256(text, strlen(text), digest);
    return sm_val_str(r, sm_base64_encode(r, (const char *)digest, 8));
}

static const char *const *verbs_of(const struct shown *shown) {
    return !shown->kind ? post_verbs : shown->resource == SM_NAMESPACES ? namespace_verbs : kind_verbs;
}

/* The subresources of a kind, in order of their names: calls [each] for every one. */
static sm_val each_part(struct sm_region *r, const struct shown *shown, sm_val list,
                        sm_val (*each)(struct sm_region *r, const struct sm_resource *resource, const struct part *part)) {
    const struct sm_resource *resource = shown->resource;
    const struct part scale = {NULL, "scale", "autoscaling", "v1", "Scale", part_verbs},
                      status = {NULL, "status", "", "", NULL, part_verbs};

    if (!shown->kind)
        return list;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (!shown->kind->custom && strcmp(parts[i].plural, resource->plural) == 0)
            list = sm_val_append(r, list, each(r, resource, &parts[i]));
    if (shown->kind->scale)
        list = sm_val_append(r, list, each(r, resource, &scale));
    if (shown->kind->status)
        list = sm_val_append(r, list, each(r, resource, &status));
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

static sm_val resources_old(struct sm_region *r, const struct catalog *c, const char *group, const char *version) {
    sm_val list = NULL;

    for (size_t i = 0; i < c->count; i++) {
        const struct shown it = c->list[i];
        const struct sm_resource *resource = it.resource;
        if (strcmp(resource->group, group) != 0 || strcmp(resource->version, version) != 0)
            continue;
        list = sm_val_append(r, list,
                             SM_MAP(r, "name", sm_val_str(r, resource->plural), "singularName", sm_val_str(r, singular(r, &it)),
                                    "namespaced", sm_val_bool(resource->namespaced), "kind", sm_val_str(r, resource->kind), "verbs",
                                    texts(r, verbs_of(&it)), "shortNames", it.kind ? texts(r, it.kind->short_names) : NULL, "categories",
                                    it.kind ? texts(r, it.kind->categories) : NULL, "storageVersionHash",
                                    it.kind ? storage_hash(r, &it) : NULL));
        list = each_part(r, &it, list, old_part);
    }
    return list;
}

static sm_val resources_new(struct sm_region *r, const struct catalog *c, const char *group, const char *version) {
    sm_val list = SM_EMPTY_LIST;

    for (size_t i = 0; i < c->count; i++) {
        const struct shown it = c->list[i];
        const struct sm_resource *resource = it.resource;
        if (strcmp(resource->group, group) != 0 || strcmp(resource->version, version) != 0)
            continue;
        list = sm_val_append(r, list,
                             SM_MAP(r, "resource", sm_val_str(r, resource->plural), "responseKind", new_kind(r, "", "", resource->kind),
                                    "scope", sm_val_str(r, resource->namespaced ? "Namespaced" : "Cluster"), "singularResource",
                                    sm_val_str(r, singular(r, &it)), "verbs", texts(r, verbs_of(&it)), "shortNames",
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

static size_t groups(const struct catalog *c, const char *found[GROUPS_MAX]) {
    size_t count = 0;

    for (size_t i = 0; i < c->count; i++) {
        const char *group = c->list[i].resource->group;
        if (!*group || count == GROUPS_MAX || has(found, count, group))
            continue;
        size_t at = count++;
        for (; at > 0 && priority(group) < priority(found[at - 1]); at--)
            found[at] = found[at - 1];
        found[at] = group;
    }
    return count;
}

static size_t versions(const struct catalog *c, const char *group, const char *found[GROUPS_MAX]) {
    size_t count = 0;

    for (size_t i = 0; i < c->count; i++) {
        const struct sm_resource *resource = c->list[i].resource;
        if (strcmp(resource->group, group) != 0 || count == GROUPS_MAX || has(found, count, resource->version))
            continue;
        size_t at = count++;
        for (; at > 0 && version_comes_first(resource->version, found[at - 1]); at--)
            found[at] = found[at - 1];
        found[at] = resource->version;
    }
    return count;
}

static sm_val group_old(struct sm_region *r, const struct catalog *c, const char *group, bool alone) {
    const char *found[GROUPS_MAX];
    size_t count = versions(c, group, found);
    sm_val list = SM_EMPTY_LIST;

    for (size_t i = 0; i < count; i++)
        list =
            sm_val_append(r, list, SM_MAP(r, "groupVersion", sm_val_strf(r, "%s/%s", group, found[i]), "version", sm_val_str(r, found[i])));
    return SM_MAP(r, "kind", alone ? sm_val_str(r, "APIGroup") : NULL, "apiVersion", alone ? sm_val_str(r, "v1") : NULL, "name",
                  sm_val_str(r, group), "versions", list, "preferredVersion", list->list[0]);
}

static sm_val group_new(struct sm_region *r, const struct catalog *c, const char *group) {
    const char *found[GROUPS_MAX];
    size_t count = versions(c, group, found);
    sm_val list = SM_EMPTY_LIST;

    for (size_t i = 0; i < count; i++)
        list = sm_val_append(r, list,
                             SM_MAP(r, "version", sm_val_str(r, found[i]), "resources", resources_new(r, c, group, found[i]), "freshness",
                                    sm_val_str(r, "Current")));
    return SM_MAP(r, "metadata", SM_MAP(r, "name", *group ? sm_val_str(r, group) : NULL, "creationTimestamp", SM_NULL), "versions", list);
}

/* --- Answers ------------------------------------------------------------------------------------------------------------------ */

static struct sm_reply ok(sm_val body) {
    return (struct sm_reply){.code = 200, .body = body};
}

static struct sm_reply not_found(struct sm_region *r) {
    return sm_route_text(r, 404, "404 page not found\n");
}

static struct sm_reply all_new(struct sm_region *r, const struct catalog *c, bool core) {
    const char *found[GROUPS_MAX];
    sm_val list = core ? SM_LIST(r, group_new(r, c, "")) : SM_EMPTY_LIST;
    size_t count = core ? 0 : groups(c, found);

    for (size_t i = 0; i < count; i++)
        list = sm_val_append(r, list, group_new(r, c, found[i]));
    return ok(SM_MAP(r, "kind", sm_val_str(r, "APIGroupDiscoveryList"), "apiVersion", sm_val_str(r, "apidiscovery.k8s.io/v2"), "metadata",
                     SM_EMPTY_MAP, "items", list));
}

static struct sm_reply all_old(struct sm_region *r, const struct catalog *c, bool core) {
    const char *found[GROUPS_MAX];
    sm_val list = SM_EMPTY_LIST;

    if (core)
        return ok(SM_MAP(r, "kind", sm_val_str(r, "APIVersions"), "versions", SM_LIST(r, sm_val_str(r, "v1")),
                         "serverAddressByClientCIDRs", SM_EMPTY_LIST));
    size_t count = groups(c, found);
    for (size_t i = 0; i < count; i++)
        list = sm_val_append(r, list, group_old(r, c, found[i], false));
    return ok(SM_MAP(r, "kind", sm_val_str(r, "APIGroupList"), "apiVersion", sm_val_str(r, "v1"), "groups", list));
}

static struct sm_reply resources_of(struct sm_region *r, const struct catalog *c, const char *group, const char *version) {
    sm_val list = resources_old(r, c, group, version);

    if (!list)
        return not_found(r);
    return ok(SM_MAP(r, "kind", sm_val_str(r, "APIResourceList"), "apiVersion", sm_val_str(r, "v1"), "groupVersion",
                     sm_val_strf(r, "%s%s%s", group, *group ? "/" : "", version), "resources", list));
}

static struct sm_reply group_of(struct sm_region *r, const struct catalog *c, const char *group) {
    const char *found[GROUPS_MAX];

    return versions(c, group, found) ? ok(group_old(r, c, group, true)) : not_found(r);
}

static struct sm_reply version(struct sm_region *r, const char *kubernetes) {
    const char *minor = strchr(kubernetes, '.') ? strchr(kubernetes, '.') + 1 : "33";
    sm_val text = sm_val_strf(r, "v1.%s.0+stalemate", minor);

    return ok(SM_MAP(r, "major", sm_val_str(r, "1"), "minor", sm_val_str(r, minor), "gitVersion", text, "gitCommit", sm_val_str(r, ""),
                     "gitTreeState", sm_val_str(r, "clean"), "buildDate", sm_val_str(r, "1970-01-01T00:00:00Z"), "goVersion",
                     sm_val_str(r, "go1.24"), "compiler", sm_val_str(r, "gc"), "platform", sm_val_str(r, "linux/amd64")));
}

/* The checks that a server has, as far as anybody asks for one by name. */
static const char *const checks[] = {"ping", "log", "etcd", "poststarthook/generic-apiserver-start-informers", "shutdown"};

static bool named_in(const char *query, const char *option, const char *name) {
    size_t option_bytes = strlen(option), name_bytes = strlen(name);

    while (*query) {
        size_t bytes = strcspn(query, "&");
        if (bytes == option_bytes + 1 + name_bytes && strncmp(query, option, option_bytes) == 0 && query[option_bytes] == '=' &&
            strncmp(query + option_bytes + 1, name, name_bytes) == 0)
            return true;
        query += bytes + (query[bytes] == '&');
    }
    return false;
}

static bool is_verbose(const char *query) {
    return strncmp(query, "verbose", 7) == 0 || strstr(query, "&verbose");
}

/* `healthz`, `livez/ping`, `readyz?verbose`. False: it is none of them. */
static bool health(struct sm_region *r, const char *path, const char *query, struct sm_reply *ret_reply) {
    static const char *const names[] = {"healthz", "livez", "readyz"};
    struct sm_str text;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t bytes = strlen(names[i]);
        const char *check = path + 1 + bytes;
        if (strncmp(path + 1, names[i], bytes) != 0 || (*check && *check != '/'))
            continue;
        bool one = *check && check[1];
        if (one && !has(checks, sizeof checks / sizeof checks[0] - (strcmp(names[i], "readyz") != 0), check + 1))
            return false;
        sm_str_init(&text, r);
        for (size_t j = 0; j < sizeof checks / sizeof checks[0]; j++) {
            if (strcmp(checks[j], "shutdown") == 0 && strcmp(names[i], "readyz") != 0)
                continue;
            bool excluded = named_in(query, "exclude", checks[j]);
            sm_str_addf(&text, "[+]%s %s\n", checks[j], excluded ? "excluded: ok" : "ok");
        }
        sm_str_addf(&text, "%s check passed\n", names[i]);
        *ret_reply = sm_route_text(r, 200, !one && is_verbose(query) ? text.data : "ok");
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
static struct sm_reply below(struct sm_region *r, const struct catalog *c, bool core, const char *rest) {
    size_t bytes = strcspn(rest, "/");
    const char *first = sm_region_strndup(r, rest, bytes), *second = rest[bytes] ? rest + bytes + 1 : "";
    size_t second_bytes = strcspn(second, "/");

    if (second[second_bytes] && second[second_bytes + 1])
        return not_found(r);
    second = sm_region_strndup(r, second, second_bytes);
    if (core)
        return *second ? not_found(r) : resources_of(r, c, "", first);
    return *second ? resources_of(r, c, first, second) : group_of(r, c, first);
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
        struct catalog catalog = gather(r, server);
        if (*rest)
            return below(r, &catalog, core, rest);
        int form = accepted(http->accept);
        if (form < 0)
            return not_acceptable(r);
        if (form > 0)
            *ret_type = sm_discovery_aggregated;
        return form > 0 ? all_new(r, &catalog, core) : all_old(r, &catalog, core);
    }
    if (strcmp(path, "/version") == 0 || strcmp(path, "/version/") == 0)
        return version(r, kubernetes ? kubernetes : "1.33");
    if (strcmp(path, "/openapi/v2") == 0)
        return ok(sm_openapi_v2(r, server));
    if (strcmp(path, "/openapi/v3") == 0)
        return ok(sm_openapi_index(r, server));
    if (strncmp(path, openapi, sizeof openapi - 1) == 0) {
        sm_val document = sm_openapi_document(r, server, path + sizeof openapi - 1);
        return document ? ok(document) : not_found(r);
    }
    const char *query = strchr(http->path, '?');
    struct sm_reply reply;
    if (health(r, path, query ? query + 1 : "", &reply))
        return reply;
    return not_found(r);
}
