#include "http.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "discovery.h"
#include "http_internal.h"
#include "status.h"
#include "representation.h"

/* One more than the server reads of a body: it says that there is too much. */
enum { BODY_BYTES_MAX = (3 << 20) + 1, GROUPS_MAX = 32, CONNECTIONS_MAX = 1000, RUNS_MAX = 16, IDLE_SECONDS = 180 };

/* A watch that names no end has one, half an hour to an hour later. */
enum { WATCH_SECONDS = 1800, WATCH_SECONDS_SPREAD = 1800, WATCH_SECONDS_STEP = 607 };

/* --- What was asked ------------------------------------------------------------------------------------------------------------ */

static const char *header(struct MHD_Connection *connection, const char *name, struct sm_region *r) {
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);

    return value ? sm_region_strdup(r, value) : NULL;
}

struct named_groups {
    struct sm_region *region;
    const char **groups;
    size_t count;
};

static enum MHD_Result add_group(void *cls, enum MHD_ValueKind kind, const char *key, const char *value) {
    struct named_groups *named = cls;
    (void)kind;

    if (strcasecmp(key, "Impersonate-Group") == 0 && value && named->count < GROUPS_MAX)
        named->groups[named->count++] = sm_region_strdup(named->region, value);
    return MHD_YES;
}

/* In [r], which outlives the exchange where something may be written: that keeps pieces of it. */
static struct sm_http_request request_of(struct sm_http_exchange *exchange, struct sm_region *r, const char *method,
                                         const struct sm_client *client) {
    struct MHD_Connection *connection = exchange->connection;
    struct named_groups named = {r, sm_region_zalloc(r, (GROUPS_MAX + 1) * sizeof(char *)), 0};

    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_group, &named);
    return (struct sm_http_request){
        .method = sm_region_strdup(r, method),
        .path = sm_region_strdup(r, exchange->uri),
        .content_type = header(connection, "Content-Type", r),
        .accept = header(connection, "Accept", r),
        .impersonate_user = header(connection, "Impersonate-User", r),
        .impersonate_groups = named.count ? named.groups : NULL,
        .body = exchange->body.bytes ? sm_region_strndup(r, exchange->body.data, exchange->body.bytes) : NULL,
        .body_bytes = exchange->body.bytes,
        .client = client,
    };
}

/* --- What is answered ---------------------------------------------------------------------------------------------------------- */

static enum MHD_Result answer_watch(struct sm_http_exchange *exchange, struct sm_route *route) {
    struct sm_http *http = exchange->http;
    struct MHD_Response *response;
    struct sm_reply reply;

    if (route->timeout_seconds <= 0)
        route->timeout_seconds = WATCH_SECONDS + http->watches++ * WATCH_SECONDS_STEP % WATCH_SECONDS_SPREAD;
    struct sm_stream *stream = sm_stream_open(&exchange->region, http->config.env, http->config.server, route, &reply);
    if (!stream)
        return sm_http_answer(exchange, &reply, NULL);
    if (!sm_http_stream_begin(exchange, stream, &response))
        return MHD_NO;
    return sm_http_queue(exchange, response, &reply,
                         route->protobuf ? "application/vnd.kubernetes.protobuf;stream=watch" : "application/json");
}

static bool is_master(const struct sm_client *client) {
    for (const char *const *group = client->groups; *group; group++)
        if (strcmp(*group, "system:masters") == 0)
            return true;
    return false;
}

static enum MHD_Result handle(struct sm_http_exchange *exchange, const char *method) {
    const struct sm_http_config *config = &exchange->http->config;
    struct sm_env *env = config->env;
    bool reads = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    bool own = config->own.answer && strncmp(exchange->uri, config->own.prefix, strlen(config->own.prefix)) == 0;
    struct sm_region *r = reads || own ? &exchange->region : env->run;
    const struct sm_client *client = sm_http_who(exchange->http, r, exchange->connection);
    const char *type = NULL;
    struct sm_reply reply;

    if (!client) {
        reply = sm_status(r, 401, "Unauthorized", "Unauthorized", "", "", NULL, NULL, 0);
        return sm_http_answer(exchange, &reply, NULL);
    }
    struct sm_http_request http = request_of(exchange, r, method, client);
    if (own && is_master(client) && config->own.answer(config->own.self, r, &http, &reply, &type))
        return sm_http_answer(exchange, &reply, type);
    struct sm_route route = sm_route(r, config->server, &http);
    if (!sm_http_may_impersonate(exchange->http, r, &http, &reply))
        return sm_http_answer(exchange, &reply, NULL);
    if (route.resource && route.request.verb == SM_WATCH)
        return answer_watch(exchange, &route);
    if (route.resource) {
        reply = sm_represent(&exchange->region, config->server, env->now, &route, sm_server_handle(env, config->server, &route.request));
        reply.body = sm_represent_bytes(&exchange->region, config->server, &route, reply.body, &type);
    } else
        reply = sm_discovery(env, config->server, &http, &route, config->kubernetes, &type);
    return sm_http_answer(exchange, &reply, type);
}

/* --- The library's side -------------------------------------------------------------------------------------------------------- */

static void *on_uri(void *cls, const char *uri, struct MHD_Connection *connection) {
    struct sm_region region;

    sm_region_init(&region, "request", 0);
    struct sm_http_exchange *exchange = sm_region_zalloc(&region, sizeof *exchange);
    exchange->region = region;
    exchange->http = cls;
    exchange->connection = connection;
    exchange->uri = sm_region_strdup(&exchange->region, uri);
    sm_str_init(&exchange->body, &exchange->region);
    return exchange;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
                                  const char *upload, size_t *upload_bytes, void **state) {
    struct sm_http_exchange *exchange = *state;
    (void)cls, (void)connection, (void)url, (void)version;

    if (!exchange->begun) {
        exchange->begun = true;
        return MHD_YES;
    }
    if (*upload_bytes) {
        size_t room = BODY_BYTES_MAX - exchange->body.bytes;
        sm_str_addn(&exchange->body, upload, *upload_bytes < room ? *upload_bytes : room);
        *upload_bytes = 0;
        return MHD_YES;
    }
    return handle(exchange, method);
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code) {
    struct sm_http_exchange *exchange = *state;
    (void)cls, (void)connection, (void)code;

    if (!exchange)
        return;
    *state = NULL;
    if (exchange->stream)
        sm_http_stream_end(exchange);
    struct sm_region region = exchange->region;
    sm_region_release(&region);
}

/* --- The door ------------------------------------------------------------------------------------------------------------------- */

struct sm_http *sm_http_open(const struct sm_http_config *config, const char **reterr) {
    struct sm_http *http = sm_region_zalloc(config->region ? config->region : config->env->run, sizeof *http);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(config->port)};

    http->config = *config;
    if (inet_pton(AF_INET, config->bind ? config->bind : "127.0.0.1", &address.sin_addr) != 1) {
        *reterr = "that is no IPv4 address";
        return NULL;
    }
    const struct sm_http_tls *tls = config->tls;
    struct MHD_OptionItem more[] = {{MHD_OPTION_END, 0, NULL}, {0}, {0}, {MHD_OPTION_END, 0, NULL}};
    if (tls) {
        more[0] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)tls->own.certificate};
        more[1] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)tls->own.key};
        more[2] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_TRUST, 0, (void *)(uintptr_t)tls->trusted};
    }
    http->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | (tls ? MHD_USE_TLS : 0), config->port, NULL, NULL,
                                    on_request, http, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_URI_LOG_CALLBACK, on_uri, http,
                                    MHD_OPTION_NOTIFY_COMPLETED, on_completed, http, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
                                    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                    (size_t)256 << 10, MHD_OPTION_ARRAY, more, MHD_OPTION_END);
    if (!http->daemon) {
        *reterr = "the port cannot be had";
        return NULL;
    }
    return http;
}

uint16_t sm_http_port(const struct sm_http *http) {
    return MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

int sm_http_descriptor(const struct sm_http *http) {
    return MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

/* A request may wake a stream, and a read one be followed by another: until the library wants to wait. */
void sm_http_run(struct sm_http *http) {
    MHD_UNSIGNED_LONG_LONG timeout;

    for (int i = 0; i < RUNS_MAX; i++) {
        sm_http_stream_feed(http);
        MHD_run(http->daemon);
        sm_http_stream_feed(http);
        if (MHD_get_timeout(http->daemon, &timeout) != MHD_YES || timeout > 0)
            break;
    }
    if (http->config.env->scratch != http->config.env->run)
        sm_region_clear(http->config.env->scratch);
}

sm_time sm_http_due(const struct sm_http *http) {
    MHD_UNSIGNED_LONG_LONG timeout;
    sm_time first = MHD_get_timeout(http->daemon, &timeout) == MHD_YES && timeout == 0 ? http->config.env->now : 0;

    for (const struct sm_http_exchange *exchange = http->streams; exchange; exchange = exchange->next) {
        sm_time due = sm_stream_due(exchange->stream);
        if (due && (!first || due < first))
            first = due;
    }
    return first;
}

void sm_http_move(struct sm_http *http, struct sm_env *env, struct sm_server *server) {
    http->config.env = env;
    http->config.server = server;
    for (struct sm_http_exchange *exchange = http->streams; exchange; exchange = exchange->next)
        sm_http_stream_move(exchange);
}

void sm_http_replace(struct sm_http *http, struct sm_env *env, struct sm_server *server) {
    for (struct sm_http_exchange *exchange = http->streams; exchange; exchange = exchange->next)
        exchange->ended = true;
    http->config.env = env;
    http->config.server = server;
}

void sm_http_stop(struct sm_http *http) {
    int listener = MHD_quiesce_daemon(http->daemon);

    http->stopping = true;
    if (listener >= 0)
        close(listener);
}

size_t sm_http_streams(const struct sm_http *http) {
    return http->stream_count;
}

void sm_http_close(struct sm_http *http) {
    http->stopping = true;
    sm_http_stream_feed(http);
    MHD_stop_daemon(http->daemon);
}
