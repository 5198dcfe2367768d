#include "call.h"

static struct sm_reply create(struct sm_call *call, sm_val before) {
    struct sm_expected expected = {.as = call->kind->resource, .schema = call->kind->schema};
    struct sm_reply reply;
    sm_val object;
    (void)before;

    if (!sm_decode_body(call, &expected, call->request->body, &object, &reply) || !sm_decode_names(call, &object, &reply))
        return reply;
    return sm_write_create(call, object, false);
}

struct sm_reply sm_verb_create(struct sm_call *call) {
    return sm_call_recalled(call, NULL, create);
}
