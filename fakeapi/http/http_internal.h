/* What the files of the door share. */
#ifndef SM_HTTP_INTERNAL_H
#define SM_HTTP_INTERNAL_H

#include <microhttpd.h>

#include "http.h"
#include "str.h"
#include "stream.h"

/* One request, from its first line to its last byte out. It is the first thing in its own region. */
struct sm_http_exchange {
    struct sm_region region;
    struct sm_http *http;
    struct MHD_Connection *connection;
    const char *uri;
    bool begun;
    struct sm_str body;

    struct sm_stream *stream; /* NULL: an answer of one piece */
    struct sm_region events;  /* the text that is being sent */
    struct sm_str text;
    size_t sent;
    bool ended;                               /* nothing more is asked of the stream */
    bool asleep;                              /* suspended: nothing to send */
    struct sm_http_exchange *previous, *next; /* of those that stream */
};

struct sm_http {
    struct sm_http_config config;
    struct MHD_Daemon *daemon;
    struct sm_http_exchange *streams;
    size_t stream_count;
    uint32_t watches; /* opened so far */
    bool stopping;
};

/* http_who.c: who sends this; NULL: nobody we know, which is a 401. In [r]. */
const struct sm_client *sm_http_who(struct sm_http *http, struct sm_region *r, struct MHD_Connection *connection);
/* May the client of [request] act for whom its headers name? If not, [reterr] is the answer. */
bool sm_http_may_impersonate(struct sm_http *http, struct sm_region *r, const struct sm_http_request *request, struct sm_reply *reterr);

/* http_answer.c: queues a reply as the answer; [type] NULL: JSON, or plain text for a string. */
enum MHD_Result sm_http_answer(struct sm_http_exchange *exchange, const struct sm_reply *reply, const char *type);
/* Queues a response whose body is made elsewhere, with the headers that [reply] asks for. Consumes it. */
enum MHD_Result sm_http_queue(struct sm_http_exchange *exchange, struct MHD_Response *response, const struct sm_reply *reply,
                              const char *type);

/* http_stream.c */
enum MHD_Result sm_http_stream_begin(struct sm_http_exchange *exchange, struct sm_stream *stream, struct MHD_Response **ret_response);
void sm_http_stream_end(struct sm_http_exchange *exchange);
void sm_http_stream_feed(struct sm_http *http);
void sm_http_stream_move(struct sm_http_exchange *exchange);

#endif
