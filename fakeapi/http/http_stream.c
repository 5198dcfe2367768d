/* Streams of watches. One that has nothing to send is suspended, and looked at again whenever the door runs. */
#include <string.h>

#include "http_internal.h"

enum { CHUNK_BYTES = 64 << 10 };

static bool over(const struct sm_http_exchange *exchange) {
    return exchange->http->stopping || exchange->ended || sm_stream_closed(exchange->stream, exchange->http->config.env);
}

/* Makes the text of what has happened; false: nothing has. */
static bool pull(struct sm_http_exchange *exchange) {
    sm_val event;

    if (exchange->sent < exchange->text.bytes)
        return true;
    sm_region_clear(&exchange->events);
    sm_str_init(&exchange->text, &exchange->events);
    exchange->sent = 0;
    while (!exchange->http->stopping && !exchange->ended && exchange->text.bytes < CHUNK_BYTES &&
           (event = sm_stream_next(&exchange->events, exchange->stream, exchange->http->config.env)) != NULL) {
        sm_stream_print(&exchange->text, exchange->stream, event);
    }
    return exchange->text.bytes > 0;
}

static ssize_t read_stream(void *cls, uint64_t position, char *buffer, size_t bytes) {
    struct sm_http_exchange *exchange = cls;
    (void)position;

    if (!pull(exchange)) {
        if (over(exchange))
            return MHD_CONTENT_READER_END_OF_STREAM;
        MHD_suspend_connection(exchange->connection);
        exchange->asleep = true;
        return 0;
    }
    size_t left = exchange->text.bytes - exchange->sent;
    if (bytes > left)
        bytes = left;
    memcpy(buffer, exchange->text.data + exchange->sent, bytes);
    exchange->sent += bytes;
    return (ssize_t)bytes;
}

enum MHD_Result sm_http_stream_begin(struct sm_http_exchange *exchange, struct sm_stream *stream, struct MHD_Response **ret_response) {
    struct sm_http *http = exchange->http;

    exchange->stream = stream;
    sm_region_init(&exchange->events, "events of a watch", 0);
    sm_str_init(&exchange->text, &exchange->events);
    exchange->next = http->streams;
    if (http->streams)
        http->streams->previous = exchange;
    http->streams = exchange;
    http->stream_count++;
    *ret_response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, CHUNK_BYTES, read_stream, exchange, NULL);
    return *ret_response ? MHD_YES : MHD_NO;
}

void sm_http_stream_end(struct sm_http_exchange *exchange) {
    struct sm_http *http = exchange->http;

    if (exchange->previous)
        exchange->previous->next = exchange->next;
    else
        http->streams = exchange->next;
    if (exchange->next)
        exchange->next->previous = exchange->previous;
    http->stream_count--;
    sm_region_release(&exchange->events);
}

void sm_http_stream_feed(struct sm_http *http) {
    for (struct sm_http_exchange *exchange = http->streams; exchange; exchange = exchange->next) {
        if (exchange->asleep && (pull(exchange) || over(exchange))) {
            exchange->asleep = false;
            MHD_resume_connection(exchange->connection);
        }
    }
}

void sm_http_stream_move(struct sm_http_exchange *exchange) {
    const struct sm_http_config *config = &exchange->http->config;

    exchange->ended |= !sm_stream_move(&exchange->region, exchange->stream, config->env, config->server);
}
