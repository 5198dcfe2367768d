#include "stream.h"

#include <string.h>

#include "json.h"
#include "protobuf.h"
#include "representation.h"

/* A bookmark comes so long before the end, and else once a minute. */
#define BOOKMARK_BEFORE_END (2 * SM_SECOND)
#define BOOKMARK_EVERY SM_MINUTE

struct sm_stream {
    struct sm_server *server;
    struct sm_route route;
    sm_val initial; /* events that it begins with */
    size_t sent;    /* of those */
    bool begun;     /* an event was sent */
    uint32_t cursor;
    int64_t seen;     /* version up to which the log was read */
    bool broken;      /* an error was its last event */
    sm_time end;      /* 0: none */
    sm_time bookmark; /* when the next one is due; 0: none */
};

static sm_time next_bookmark(const struct sm_stream *stream, sm_time now) {
    if (!stream->route.request.allow_bookmarks)
        return 0;
    sm_time due = now + BOOKMARK_EVERY, last = stream->end - BOOKMARK_BEFORE_END;
    if (!stream->end)
        return due;
    return now >= last ? 0 : due < last ? due : last;
}

/* Resources of definitions live and die with the server's memory. */
static const struct sm_resource *keep_resource(struct sm_region *r, const struct sm_resource *resource) {
    if ((uintptr_t)resource - (uintptr_t)sm_resources < SM_RESOURCE_COUNT * sizeof *resource)
        return resource;
    struct sm_resource *copy = sm_region_alloc(r, sizeof *copy);
    *copy = *resource;
    copy->group = sm_region_strdup(r, resource->group);
    copy->version = sm_region_strdup(r, resource->version);
    copy->api_version = sm_region_strdup(r, resource->api_version);
    copy->kind = sm_region_strdup(r, resource->kind);
    copy->plural = sm_region_strdup(r, resource->plural);
    return copy;
}

struct sm_stream *sm_stream_open(struct sm_region *r, struct sm_env *env, struct sm_server *server, const struct sm_route *route,
                                 struct sm_reply *ret_reply) {
    struct sm_reply reply = sm_server_handle(env, server, &route->request);
    sm_val events = sm_val_get(reply.body, "events");

    if (reply.code != 200 || !sm_val_is_list(events)) {
        *ret_reply = reply;
        return NULL;
    }
    struct sm_stream *stream = sm_region_zalloc(r, sizeof *stream);
    int64_t cursor = sm_val_int_at(reply.body, "cursor", 0);
    stream->server = server;
    stream->route = *route;
    stream->route.request.resource = keep_resource(r, route->request.resource);
    stream->initial = route->as == SM_AS_PARTIAL_LIST ? SM_EMPTY_LIST : events;
    stream->broken = cursor < 0 || route->as == SM_AS_PARTIAL_LIST;
    stream->cursor = cursor < 0 ? 0 : (uint32_t)cursor;
    stream->seen = stream->cursor ? sm_server_log(env, server, route->request.resource)->entries[stream->cursor - 1].version : 0;
    stream->end = route->timeout_seconds > 0 ? env->now + route->timeout_seconds * SM_SECOND : 0;
    stream->bookmark = next_bookmark(stream, env->now);
    *ret_reply = (struct sm_reply){.code = 200, .body = SM_EMPTY_MAP, .warnings = reply.warnings};
    return stream;
}

static sm_val bookmark(struct sm_region *r, const struct sm_stream *stream) {
    const struct sm_resource *resource = stream->route.request.resource;
    sm_val metadata =
        SM_MAP(r, "resourceVersion", sm_val_strf(r, "%lld", (long long)sm_server_version(stream->server)), "creationTimestamp", SM_NULL);

    return SM_MAP(
        r, "type", sm_val_str(r, "BOOKMARK"), "object",
        SM_MAP(r, "kind", sm_val_str(r, resource->kind), "apiVersion", sm_val_str(r, resource->api_version), "metadata", metadata));
}

static sm_val next(struct sm_region *r, struct sm_stream *stream, struct sm_env *env) {
    const struct sm_log *log = sm_server_log(env, stream->server, stream->route.request.resource);

    if (stream->sent < sm_val_count(stream->initial))
        return stream->initial->list[stream->sent++];
    if (stream->broken || (stream->end && env->now >= stream->end))
        return NULL;
    while (log && stream->cursor < log->count) {
        const struct sm_log_entry *entry = &log->entries[stream->cursor++];
        sm_val event = sm_server_watch_event(r, stream->server, &stream->route.request, entry);
        stream->seen = entry->version;
        if (event)
            return event;
    }
    if (!stream->bookmark || env->now < stream->bookmark)
        return NULL;
    stream->bookmark = next_bookmark(stream, env->now);
    return bookmark(r, stream);
}

sm_val sm_stream_next(struct sm_region *r, struct sm_stream *stream, struct sm_env *env) {
    sm_val event = next(r, stream, env);

    if (event)
        event = sm_represent_event(r, stream->server, env->now, &stream->route, event, !stream->begun);
    stream->begun |= event != NULL;
    return event;
}

bool sm_stream_move(struct sm_region *r, struct sm_stream *stream, struct sm_env *env, struct sm_server *server) {
    const struct sm_log *log = sm_server_log(env, server, stream->route.request.resource);

    stream->server = server;
    if (!log)
        return false;
    uint32_t read = (uint32_t)(sm_log_index_at(log, stream->seen) + 1);
    if (read < log->first)
        return false;
    if (stream->sent < sm_val_count(stream->initial))
        stream->initial = sm_val_copy(r, stream->initial, NULL);
    else
        stream->initial = NULL;
    stream->sent = stream->initial ? stream->sent : 0;
    stream->cursor = read;
    return true;
}

bool sm_stream_closed(const struct sm_stream *stream, const struct sm_env *env) {
    return stream->sent >= sm_val_count(stream->initial) && (stream->broken || (stream->end && env->now >= stream->end));
}

sm_time sm_stream_due(const struct sm_stream *stream) {
    if (stream->broken)
        return 0;
    return stream->bookmark && (!stream->end || stream->bookmark < stream->end) ? stream->bookmark : stream->end;
}

void sm_stream_print(struct sm_str *out, const struct sm_stream *stream, sm_val event) {
    if (stream->route.protobuf && sm_protobuf_encode_event(out, stream->server, event))
        return;
    sm_json_print(out, event, SM_JSON_COMPACT);
    sm_str_addc(out, '\n');
}
