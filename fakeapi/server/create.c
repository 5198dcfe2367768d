#include "call.h"

struct sm_reply sm_verb_create(struct sm_call *call) {
    struct sm_reply reply;
    sm_val object;

    if (!sm_decode_body(call, call->kind->resource, call->kind->schema, call->request->body, NULL, &object, &reply) ||
        !sm_decode_names(call, &object, &reply))
        return reply;
    return sm_write_create(call, object, false);
}
