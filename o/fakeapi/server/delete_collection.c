/* DELETE of a collection: one object after the other, each by the same options; not atomic. */
#include "call.h"
#include "meta.h"
#include "status.h"

/* Answers the list as it was read before anything was deleted. */
struct sm_reply sm_verb_delete_collection(struct sm_call *call) {
    struct sm_reply list = sm_verb_list(call);
    sm_val item;

    if (!sm_reply_ok(&list))
        return list;
    SM_EACH_ITEM(item, sm_val_get(list.body, "items")) {
        call->key = sm_meta_key(call->r, sm_meta_namespace(item), sm_meta_name(item));
        struct sm_reply reply = sm_delete_object(call, call->request->body);
        if (!sm_reply_ok(&reply) && reply.code != 404)
            return reply;
    }
    return list;
}
