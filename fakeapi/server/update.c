/* PUT of an object or of its status. */
#include "call.h"
#include "meta.h"
#include "status.h"

#include <string.h>

/* The 409 of a uid that is not the stored one, in the words of the storage below the registry. */
struct sm_reply sm_call_other_uid(const struct sm_call *call, const char *wanted, const char *found) {
    struct sm_region *r = call->r;
    const struct sm_resource *resource = call->kind->resource;
    const char *why = sm_region_printf(r,
                                       "StorageError: invalid object, Code: 4, Key: /registry/%s/%s, ResourceVersion: 0, "
                                       "AdditionalErrorMsg: Precondition failed: UID in precondition: %s, UID in object meta: %s",
                                       resource->plural, call->key, wanted, found);

    return sm_status_conflict(r, resource, call->request->name, why);
}

/* A PUT that creates needs the right to create, too. */
bool sm_call_may_create(struct sm_call *call, struct sm_reply *reterr) {
    struct sm_rbac_question question = sm_rbac_question_of(call->r, call->request);
    const char *reason;

    question.verb = "create";
    if (!call->server->config.rbac || sm_rbac_allows(call->env, call->server, call->request->client, &question, NULL))
        return true;
    sm_rbac_allows(call->env, call->server, call->request->client, &question, &reason);
    *reterr = sm_rbac_denied(call->r, call->request->client, &question, reason);
    return false;
}

static struct sm_reply update(struct sm_call *call, sm_val before) {
    sm_val object;
    struct sm_expected expected = {.as = call->kind->resource, .schema = call->kind->schema, .known = before};
    struct sm_reply reply;

    if (!sm_decode_body(call, &expected, call->request->body, &object, &reply) || !sm_decode_names(call, &object, &reply))
        return reply;
    const char *uid = sm_meta_uid(object);
    bool forgets_uid = !before && strcmp(call->server->config.kubernetes, "1.34") >= 0;

    if (*uid && !forgets_uid && strcmp(uid, sm_meta_uid(before)) != 0)
        return sm_call_other_uid(call, uid, sm_meta_uid(before));
    if (before)
        return sm_write_update(call, object, before, false);
    if (!call->kind->create_on_update || *call->request->subresource)
        return sm_call_not_found(call);
    return sm_call_may_create(call, &reply) ? sm_write_create(call, object, false) : reply;
}

struct sm_reply sm_verb_update(struct sm_call *call) {
    return sm_call_recalled(call, sm_call_stored(call), update);
}
