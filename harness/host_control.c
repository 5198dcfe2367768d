/* `/stalemate/v1/…`: what no Kubernetes has. For the administrator of a cluster; each cluster answers for itself.
 *
 * Parameters stand in the query. Answers are JSON, errors a Status, as everywhere. */
#include <string.h>

#include "certificate.h"
#include "host.h"
#include "kubeconfig.h"
#include "meta.h"
#include "status.h"

#define PREFIX "/stalemate/v1"

enum { GROUPS_MAX = 32 };
#define ADVANCE_MAX (10000 * SM_HOUR)
static const sm_time usual_quiet = 10 * SM_SECOND;

struct ask {
    struct sm_hosted *hosted;
    struct sm_region *r;
    const struct sm_http_request *http;
    const char *rest;  /* of the path, behind the endpoint's */
    const char *query; /* behind `?`; "" for none */
    const char *type;  /* of the answer, NULL: JSON */
};

/* --- Reading and answering ------------------------------------------------------------------------------------------------------- */

static int digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static const char *decode(struct sm_region *r, const char *text, size_t bytes) {
    char *out = sm_region_alloc(r, bytes + 1), *at = out;

    for (size_t i = 0; i < bytes; i++) {
        bool escape = text[i] == '%' && i + 2 < bytes && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
        *at++ = (char)(escape ? digit(text[i + 1]) << 4 | digit(text[i + 2]) : text[i] == '+' ? ' ' : text[i]);
        i += escape ? 2 : 0;
    }
    *at = '\0';
    return out;
}

/* The [nth] value of a parameter; NULL: there is none. */
static const char *parameter(const struct ask *ask, const char *name, size_t nth) {
    size_t bytes = strlen(name);

    for (const char *at = ask->query; *at; at += strcspn(at, "&"), at += *at == '&') {
        if (strncmp(at, name, bytes) == 0 && at[bytes] == '=' && nth-- == 0)
            return decode(ask->r, at + bytes + 1, strcspn(at + bytes + 1, "&"));
    }
    return NULL;
}

static struct sm_reply answer(sm_val body) {
    return (struct sm_reply){.code = 200, .body = body};
}

static struct sm_reply bad(const struct ask *ask, const char *message) {
    return sm_status(ask->r, 400, "BadRequest", message, "", "", NULL, NULL, 0);
}

static bool duration(const struct ask *ask, const char *name, sm_time *ret) {
    const char *text = parameter(ask, name, 0);

    return !text || (sm_clock_parse_duration(text, ret) && *ret >= 0 && *ret <= ADVANCE_MAX);
}

static bool number(const struct ask *ask, const char *name, int64_t *ret) {
    const char *text = parameter(ask, name, 0);
    int64_t value = 0;

    if (!text)
        return true;
    if (!*text || strlen(text) > 18)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = 10 * value + (*text - '0');
    }
    *ret = value;
    return true;
}

/* --- Time -------------------------------------------------------------------------------------------------------------------------- */

static sm_val clock_of(const struct ask *ask) {
    return SM_MAP(ask->r, "now", sm_val_str(ask->r, sm_clock_rfc3339_micro(ask->r, sm_hosted_live(ask->hosted)->env->now)), "running",
                  sm_val_bool(!sm_hosted_clock_stopped(ask->hosted)));
}

static struct sm_reply clock_read(struct ask *ask) {
    return answer(clock_of(ask));
}

static struct sm_reply clock_advance(struct ask *ask) {
    sm_time by = -1;

    if (!duration(ask, "by", &by) || by < 0)
        return bad(ask, "say how far: clock/advance?by=30s");
    sm_hosted_advance(ask->hosted, by);
    return answer(clock_of(ask));
}

static struct sm_reply clock_stop(struct ask *ask) {
    sm_hosted_stop_clock(ask->hosted, true);
    return answer(clock_of(ask));
}

static struct sm_reply clock_start(struct ask *ask) {
    sm_hosted_stop_clock(ask->hosted, false);
    return answer(clock_of(ask));
}

static struct sm_reply settle(struct ask *ask) {
    sm_time quiet = usual_quiet;

    if (!duration(ask, "quiet", &quiet))
        return bad(ask, "quiet is a duration: settle?quiet=10s");
    bool settled = sm_hosted_settle(ask->hosted, quiet);
    return answer(sm_val_set(ask->r, clock_of(ask), "settled", sm_val_bool(settled)));
}

/* --- Clusters ---------------------------------------------------------------------------------------------------------------------- */

static struct sm_reply reset(struct ask *ask) {
    sm_hosted_reset(ask->hosted);
    return answer(SM_MAP(ask->r, "resourceVersion", sm_val_strf(ask->r, "%lld", (long long)sm_server_version(sm_hosted_live(ask->hosted)->server))));
}

static sm_val describe(struct sm_region *r, const struct sm_hosted *hosted, bool full) {
    const struct sm_host_config *config = sm_hosted_config(hosted);
    const char *url = sm_hosted_url(r, hosted);
    sm_val cluster = SM_MAP(r, "number", sm_val_int(r, (int64_t)sm_hosted_number(hosted)), "url", sm_val_str(r, url), "bytes",
                            sm_val_int(r, (int64_t)sm_hosted_bytes(hosted)));

    if (!full)
        return cluster;
    const struct sm_kubeconfig kubeconfig = {.url = url, .authority = config->authority, .token = config->accounts[0].token};
    return sm_val_set(r, cluster, "kubeconfig", sm_val_str(r, sm_kubeconfig_text(r, &kubeconfig)));
}

static struct sm_reply clusters_list(struct ask *ask) {
    struct sm_host *host = sm_hosted_host(ask->hosted);
    sm_val items = SM_EMPTY_LIST;

    for (size_t i = 0; i < SM_HOST_CLUSTERS_MAX; i++)
        if (sm_hosted_at(host, i))
            items = sm_val_append(ask->r, items, describe(ask->r, sm_hosted_at(host, i), false));
    return answer(SM_MAP(ask->r, "clusters", items));
}

static struct sm_reply clusters_add(struct ask *ask) {
    const char *error = NULL;
    const struct sm_hosted *hosted = sm_hosted_new(sm_hosted_host(ask->hosted), ask->r, &error);

    if (!hosted)
        return sm_status(ask->r, 503, "ServiceUnavailable", error, "", "", NULL, NULL, 0);
    return (struct sm_reply){.code = 201, .body = describe(ask->r, hosted, true)};
}

static struct sm_reply clusters_end(struct ask *ask) {
    int64_t i = -1;

    if (!number(ask, "number", &i) || i < 0 || !sm_hosted_at(sm_hosted_host(ask->hosted), (size_t)i))
        return bad(ask, "say which: clusters?number=1");
    if ((size_t)i == sm_hosted_number(ask->hosted))
        return bad(ask, "a cluster does not end itself: ask another");
    sm_hosted_close(sm_hosted_at(sm_hosted_host(ask->hosted), (size_t)i));
    return clusters_list(ask);
}

/* A kubeconfig with a client certificate. */
static struct sm_reply users_add(struct ask *ask) {
    const struct sm_host_config *config = sm_hosted_config(ask->hosted);
    const char *name = parameter(ask, "name", 0), *groups[GROUPS_MAX + 1] = {NULL};
    struct sm_certificate certificate;

    for (size_t i = 0; i < GROUPS_MAX && (groups[i] = parameter(ask, "group", i)) != NULL;)
        i++;
    if (!config->authority)
        return bad(ask, "there are no certificates without TLS");
    if (!name || !*name || !sm_authority_client(config->authority, ask->r, name, groups, &certificate))
        return bad(ask, "say who: users?name=alice&group=dev");
    const struct sm_kubeconfig kubeconfig = {
        .url = sm_hosted_url(ask->r, ask->hosted), .authority = config->authority, .user = name, .certificate = &certificate};
    ask->type = "application/yaml";
    return (struct sm_reply){.code = 201, .body = sm_val_str(ask->r, sm_kubeconfig_text(ask->r, &kubeconfig))};
}

/* --- What was --------------------------------------------------------------------------------------------------------------------- */

static struct sm_reply compact(struct ask *ask) {
    int64_t revision = sm_server_version(sm_hosted_live(ask->hosted)->server);

    if (!number(ask, "revision", &revision))
        return bad(ask, "a revision is a resourceVersion: compact?revision=42");
    sm_hosted_compact(ask->hosted, revision);
    return answer(SM_MAP(ask->r, "revision", sm_val_int(ask->r, revision)));
}

/* Who wrote last, as far as the object says. */
static const char *manager_of(sm_val object) {
    sm_val entry, latest = NULL;

    SM_EACH_ITEM(entry, sm_val_at(object, "metadata.managedFields")) {
        if (strcmp(sm_val_str_at(entry, "time"), sm_val_str_at(latest, "time")) >= 0)
            latest = entry;
    }
    return sm_val_str_at(latest, "manager");
}

static sm_val change_of(struct sm_region *r, const struct sm_log_entry *entry) {
    sm_val patch = entry->before ? sm_val_make_merge_patch(r, entry->before, entry->object) : NULL;

    return SM_MAP(r, "resourceVersion", sm_val_strf(r, "%lld", (long long)entry->version), "time",
                  sm_val_str(r, sm_clock_rfc3339_micro(r, entry->time)), "type", sm_val_str(r, sm_change_names[entry->change]), "manager",
                  sm_val_str(r, manager_of(entry->object)), "change", patch, "object", sm_val_copy(r, entry->object, NULL));
}

static struct sm_reply history(struct ask *ask) {
    const struct sm_live *live = sm_hosted_live(ask->hosted);
    struct sm_http_request http = {.method = "GET", .path = ask->rest, .client = ask->http->client};
    struct sm_route route = sm_route(ask->r, live->server, &http);
    const struct sm_log *log = route.resource ? sm_server_log(live->env, live->server, route.request.resource) : NULL;
    sm_val changes = SM_EMPTY_LIST;

    if (!log || !*route.request.name)
        return bad(ask, "say of what: history/api/v1/namespaces/default/pods/NAME");
    const char *key = sm_meta_key(ask->r, route.request.name_space, route.request.name);
    for (uint32_t i = log->first; i < log->count; i++)
        if (strcmp(log->entries[i].key, key) == 0)
            changes = sm_val_append(ask->r, changes, change_of(ask->r, &log->entries[i]));
    return answer(SM_MAP(ask->r, "changes", changes));
}

static struct sm_reply journal(struct ask *ask) {
    int64_t from = 0;

    if (!number(ask, "from", &from))
        return bad(ask, "from is the number of a line: journal?from=1");
    return answer(SM_MAP(ask->r, "lines", sm_hosted_journal(ask->r, ask->hosted, (uint64_t)from)));
}

/* --- The table ---------------------------------------------------------------------------------------------------------------------- */

static struct sm_reply index_of(struct ask *ask);

static const struct {
    const char *method, *path;
    struct sm_reply (*answer)(struct ask *ask);
    const char *about;
    bool below; /* paths below it, too */
} endpoints[] = {
    {"GET", "", index_of, "this list", false},
    {"GET", "/clock", clock_read, "the time in this cluster, and whether it goes by itself", false},
    {"POST", "/clock/advance", clock_advance, "?by=30s: everything that happens until then happens now", false},
    {"POST", "/clock/stop", clock_stop, "time stands still until it is advanced", false},
    {"POST", "/clock/start", clock_start, "time goes on with the wall's", false},
    {"POST", "/settle", settle, "?quiet=10s: time goes on until nothing is due so soon after the last change", false},
    {"POST", "/reset", reset, "an empty cluster; watches end", false},
    {"GET", "/clusters", clusters_list, "all clusters", false},
    {"POST", "/clusters", clusters_add, "one more cluster: its URL and kubeconfig", false},
    {"DELETE", "/clusters", clusters_end, "?number=1: its end", false},
    {"POST", "/users", users_add, "?name=alice&group=dev: a kubeconfig with a client certificate", false},
    {"POST", "/compact", compact, "?revision=42: forget what is older; whoever asks for it is answered 410", false},
    {"GET", "/history", history, "/api/v1/namespaces/default/pods/NAME: all changes of an object that are remembered", true},
    {"GET", "/journal", journal, "?from=1: what happened, line by line", false},
};

enum { ENDPOINTS = sizeof endpoints / sizeof *endpoints };

static struct sm_reply index_of(struct ask *ask) {
    sm_val list = SM_EMPTY_LIST;

    for (size_t i = 0; i < ENDPOINTS; i++)
        list = sm_val_append(ask->r, list,
                             SM_MAP(ask->r, "method", sm_val_str(ask->r, endpoints[i].method), "path",
                                    sm_val_strf(ask->r, PREFIX "%s", endpoints[i].path), "about", sm_val_str(ask->r, endpoints[i].about)));
    return answer(SM_MAP(ask->r, "endpoints", list));
}

static bool is_at(size_t i, const char *path, size_t bytes) {
    size_t own = strlen(endpoints[i].path);

    return strncmp(path, endpoints[i].path, own) == 0 && own <= bytes && (own == bytes || (endpoints[i].below && path[own] == '/'));
}

bool sm_host_control(void *hosted, struct sm_region *r, const struct sm_http_request *http, struct sm_reply *ret, const char **ret_type) {
    const char *path = http->path + strlen(PREFIX), *query = strchr(http->path, '?');
    bool found = false;

    if (strncmp(http->path, PREFIX, strlen(PREFIX)) != 0 || http->impersonate_user)
        return false;
    size_t bytes = strcspn(path, "?");
    if (bytes && path[bytes - 1] == '/')
        bytes--;
    for (size_t i = 0; i < ENDPOINTS; i++) {
        if (!is_at(i, path, bytes))
            continue;
        found = true;
        if (strcmp(endpoints[i].method, http->method) != 0)
            continue;
        struct ask ask = {
            .hosted = hosted, .r = r, .http = http, .rest = path + strlen(endpoints[i].path), .query = query ? query + 1 : ""};
        *ret = endpoints[i].answer(&ask);
        *ret_type = ask.type;
        return true;
    }
    if (found)
        *ret =
            sm_status(r, 405, "MethodNotAllowed", "the server does not allow this method on the requested resource", "", "", NULL, NULL, 0);
    return found;
}
