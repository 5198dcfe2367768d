#include "stream.h"

#include <string.h>

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
    stream->initial = route->as == SM_AS_PARTIAL_LIST ? SM_EMPTY_LIST : events;
    stream->broken = cursor < 0 || route->as == SM_AS_PARTIAL_LIST;
    stream->cursor = cursor < 0 ? 0 : (uint32_t)cursor;
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
        sm_val event = sm_server_watch_event(r, stream->server, &stream->route.request, &log->entries[stream->cursor++]);
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

bool sm_stream_closed(const struct sm_stream *stream, const struct sm_env *env) {
    return stream->sent >= sm_val_count(stream->initial) && (stream->broken || (stream->end && env->now >= stream->end));
}

sm_time sm_stream_due(const struct sm_stream *stream) {
    if (stream->broken)
        return 0;
    return stream->bookmark && (!stream->end || stream->bookmark < stream->end) ? stream->bookmark : stream->end;
}
