/* The stream of a watch: its initial events, then what the log brings, as the client of a route wants to see it. Pulled:
 * whoever serves it asks for the next event whenever the world has moved. */
#ifndef SM_STREAM_H
#define SM_STREAM_H

#include "route.h"
#include "str.h"

struct sm_stream;

/* Opens what [route] asks for. Returns NULL and [ret_reply], an error, or a stream and the 200 it begins with. [route] is
 * copied, and lives as long as the stream, which lives in [r]. */
struct sm_stream *sm_stream_open(struct sm_region *r, struct sm_env *env, struct sm_server *server, const struct sm_route *route,
                                 struct sm_reply *ret_reply);

/* The same server lives on elsewhere: what was not said yet is copied into [r], the region of the stream. False: that server has
 * forgotten where the stream is, or does not serve its resource any more. */
bool sm_stream_move(struct sm_region *r, struct sm_stream *stream, struct sm_env *env, struct sm_server *server);

/* The next event, `{type, object}`, in [r]; NULL if there is none now. */
sm_val sm_stream_next(struct sm_region *r, struct sm_stream *stream, struct sm_env *env);

/* Nothing will come any more: an error was sent, or its time is over. */
bool sm_stream_closed(const struct sm_stream *stream, const struct sm_env *env);

/* When it next has to do something by itself (a bookmark, its end); 0: never. */
sm_time sm_stream_due(const struct sm_stream *stream);

/* Adds an event to what is sent: a line of JSON, or a frame of protobuf. */
void sm_stream_print(struct sm_str *out, const struct sm_stream *stream, sm_val event);

#endif
