#include "call.h"
#include "status.h"

/* The 504 of a version that does not exist yet, after the three seconds that a server would wait for it. */
struct sm_reply sm_call_too_large(const struct sm_call *call, uint64_t version) {
    struct sm_region *r = call->r;
    struct sm_cause cause = {.reason = "ResourceVersionTooLarge", .message = "Too large resource version"};
    const char *message = sm_region_printf(r, "Timeout: Too large resource version: %llu, current: %lld", (unsigned long long)version,
                                           (long long)call->server->version);
    struct sm_reply reply = sm_status(r, 504, "Timeout", message, NULL, NULL, "", &cause, 1);

    reply.body = sm_val_set_at(r, reply.body, "details.retryAfterSeconds", sm_val_int(r, 1));
    return reply;
}

struct sm_reply sm_verb_get(struct sm_call *call) {
    const char *text = call->request->resource_version;
    uint64_t version;

    if (text && *text) {
        const char *error = sm_call_parse_version(call->r, text, &version);

        if (error)
            return sm_call_error(call->r, sm_region_printf(call->r, "resourceVersion: Invalid value: \"%s\": %s", text, error));
        if (version > (uint64_t)call->server->version)
            return sm_call_too_large(call, version);
    }
    sm_val object = sm_store_get(call->slot, call->key);
    return object ? sm_call_answer(call, 200, object) : sm_call_not_found(call);
}
