/* What is answered: the body as text, compressed where that was asked for and is worth it, and the headers. */
#include <string.h>
#include <zlib.h>

#include "http_internal.h"
#include "json.h"

/* As in Kubernetes: what is small is not worth it, and speed matters more than size. */
enum { GZIP_BYTES_MIN = 128 << 10, GZIP_LEVEL = 1, GZIP_WINDOW_BITS = 15 + 16, GZIP_MEMORY = 8 };

static void add_warnings(struct sm_region *r, struct MHD_Response *response, const char *const *texts) {
    for (; texts && *texts; texts++) {
        struct sm_str out;
        sm_str_init(&out, r);
        sm_str_add(&out, "299 - \"");
        for (const char *c = *texts; *c; c++) {
            if (*c == '"' || *c == '\\')
                sm_str_addc(&out, '\\');
            sm_str_addc(&out, *c == '\n' || *c == '\r' ? ' ' : *c);
        }
        sm_str_addc(&out, '"');
        MHD_add_response_header(response, "Warning", out.data);
    }
}

enum MHD_Result sm_http_queue(struct sm_http_exchange *exchange, struct MHD_Response *response, const struct sm_reply *reply,
                              const char *type) {
    int64_t seconds = sm_val_int_at(reply->body, "details.retryAfterSeconds", 0);

    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", type);
    MHD_add_response_header(response, "Cache-Control", "no-cache, private");
    add_warnings(&exchange->region, response, reply->warnings);
    if (seconds > 0)
        MHD_add_response_header(response, "Retry-After", sm_region_printf(&exchange->region, "%lld", (long long)seconds));
    enum MHD_Result result = MHD_queue_response(exchange->connection, (unsigned)reply->code, response);
    MHD_destroy_response(response);
    return result;
}

static bool wants_gzip(const struct sm_http_exchange *exchange) {
    const char *accepts = MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, "Accept-Encoding");

    return accepts && strstr(accepts, "gzip");
}

/* NULL: it cannot be compressed. */
static struct sm_str *gzip(struct sm_region *r, const struct sm_str *text) {
    struct sm_str *out = sm_region_zalloc(r, sizeof *out);
    z_stream stream = {0};

    if (deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW_BITS, GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    size_t bound = deflateBound(&stream, text->bytes);
    sm_str_init(out, r);
    sm_str_reserve(out, bound);
    stream.next_in = (Bytef *)text->data;
    stream.avail_in = (uInt)text->bytes;
    stream.next_out = (Bytef *)out->data;
    stream.avail_out = (uInt)bound;
    bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    out->bytes = stream.total_out;
    deflateEnd(&stream);
    return done ? out : NULL;
}

enum MHD_Result sm_http_answer(struct sm_http_exchange *exchange, const struct sm_reply *reply, const char *type) {
    struct sm_str text, *out = &text, *smaller = NULL;

    sm_str_init(&text, &exchange->region);
    if (sm_val_is_string(reply->body)) {
        sm_str_addn(&text, reply->body->string, reply->body->count);
    } else {
        sm_json_print(&text, reply->body, SM_JSON_COMPACT);
        sm_str_addc(&text, '\n');
    }
    if (!type)
        type = sm_val_is_string(reply->body) ? "text/plain; charset=utf-8" : "application/json";
    if (text.bytes >= GZIP_BYTES_MIN && wants_gzip(exchange) && (smaller = gzip(&exchange->region, &text)) != NULL)
        out = smaller;
    struct MHD_Response *response = MHD_create_response_from_buffer(out->bytes, out->data, MHD_RESPMEM_PERSISTENT);
    if (response && smaller) {
        MHD_add_response_header(response, "Content-Encoding", "gzip");
        MHD_add_response_header(response, "Vary", "Accept-Encoding");
    }
    return sm_http_queue(exchange, response, reply, type);
}
