/* namespaces/finalize: the one place where spec.finalizers changes. With the last of them a deleted namespace ends. */
#include "call.h"
#include "meta.h"

#include <string.h>

struct sm_reply sm_verb_finalize(struct sm_call *call) {
    sm_val before = sm_store_get(call->slot, call->key), object;
    struct sm_expected expected = {.as = SM_NAMESPACES, .schema = call->kind->schema, .known = before};
    struct sm_reply reply;

    if (!sm_decode_body(call, &expected, call->request->body, &object, &reply) || !sm_decode_names(call, &object, &reply))
        return reply;
    if (!before)
        return sm_call_not_found(call);
    const char *uid = sm_meta_uid(object);
    if (*uid && strcmp(uid, sm_meta_uid(before)) != 0)
        return sm_call_other_uid(call, uid, sm_meta_uid(before));
    return sm_write_update(call, object, before, false);
}
