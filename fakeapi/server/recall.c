/* What the same write came to before: see memo.h.
 *
 * From its body to the object that can be stored, a write depends on the request, the object as it is (a new one: on the count of
 * uids), and the second; nothing else is asked, and nothing is changed. So this is remembered, and only the end is done each time:
 *
 *      authorised ─▶ recalled? ──no──▶ decode, patch, default, own, validate ─▶ remembered ─▶ the end: stored
 *                        └──────yes──────────────────────────────────────────────────────────────▲
 *
 * So are refusals, but those of a new object, which may be due to others. What has warnings is worked out each time, and so is what
 * asks about other objects.
 */
#include "call.h"
#include "memo.h"
#include "meta.h"

#include <string.h>

struct outcome {
    sm_val object; /* to be stored; NULL: refused */
    struct sm_reply refusal;
};

static bool can_recall(const struct sm_call *call, sm_val before) {
    const struct sm_resource *resource = call->kind->resource;

    if (!call->env->memo || call->dry_run || call->warning_count || resource == SM_CRDS ||
        strcmp(resource->group, "rbac.authorization.k8s.io") == 0)
        return false;
    return before || (call->request->verb == SM_CREATE && *sm_meta_name(call->request->body));
}

/* A definition may be another one, at the same address, in another run. */
static uint64_t key_of_kind(const struct sm_call *call) {
    if (!call->slot->custom)
        return sm_memo_mix(0, (uintptr_t)call->kind);
    return sm_memo_mix_text(sm_memo_mix_val(1, call->slot->custom->definition), call->kind->resource->version);
}

static uint64_t key_of(const struct sm_call *call, sm_val before) {
    const struct sm_request *request = call->request;
    uint64_t options =
        (uint64_t)request->verb | (uint64_t)request->patch << 4 | (uint64_t)request->force << 8 | (uint64_t)request->field_validation << 12;
    uint64_t key = sm_memo_mix(sm_memo_mix(key_of_kind(call), options), (uint64_t)(call->env->now / SM_SECOND));

    key = before ? sm_memo_mix_val(key, before) : sm_memo_mix(~key, call->server->ids);
    key = sm_memo_mix_val(sm_memo_mix_val(key, request->body), request->duplicates);
    key = sm_memo_mix_text(sm_memo_mix_text(key, call->key), request->subresource);
    key = sm_memo_mix_text(sm_memo_mix_text(key, request->name_space), request->name);
    return sm_memo_mix_text(sm_memo_mix_text(key, request->field_manager), request->client->agent);
}

static void remember(const struct sm_call *call, struct outcome outcome) {
    struct sm_memo *memo = call->env->memo;

    if (!call->memo_key || call->warning_count || sm_memo_full(memo))
        return;
    struct outcome *kept = sm_region_alloc(memo->region, sizeof *kept);
    *kept = outcome;
    kept->object = sm_memo_val(memo, outcome.object);
    kept->refusal.body = sm_memo_val(memo, outcome.refusal.body);
    sm_memo_add(memo, call->memo_key, kept);
}

void sm_call_remember(const struct sm_call *call, sm_val object) {
    remember(call, (struct outcome){.object = object});
}

struct sm_reply sm_call_recalled(struct sm_call *call, sm_val before, struct sm_reply (*write)(struct sm_call *call, sm_val before)) {
    const struct outcome *known = NULL;

    if (can_recall(call, before)) {
        call->memo_key = key_of(call, before);
        known = sm_memo_find(call->env->memo, call->memo_key);
    }
    if (known && known->object)
        return before ? sm_write_updated(call, known->object, before) : sm_write_created(call, known->object);
    if (known)
        return known->refusal;
    struct sm_reply reply = write(call, before);
    if (before && !sm_reply_ok(&reply))
        remember(call, (struct outcome){.refusal = reply});
    return reply;
}
