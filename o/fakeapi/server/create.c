#include "call.h"

struct sm_reply sm_verb_create(struct sm_call *call) {
    struct sm_reply reply;
    sm_val object;

    struct sm_expected expected = {.as = call->kind->resource, .schema = call->kind->schema};

    if (!sm_decode_body(call, &expected, call->request->body, &object, &reply) || !sm_decode_names(call, &object, &reply))
        return reply;
    return sm_write_create(call, object, false);
}
