/* Scripts: what a controller does next, known from earlier passes.
 *
 * A reconcile sees the world through the answers of its calls alone, so the answers so far tell the next call. Where a memo is kept,
 * each call that is made for the first time after certain answers is remembered under a hash of them:
 *
 *      controller, options, key ──get──▶ ·─answer─▶ ·──now──▶ ·─answer─▶ ·──patch──▶ …──▶ the end, and its result
 *
 * A pass follows the script as far as it is known: it makes the calls themselves (they read, yield, wait and are recorded as ever),
 * but not the thoughts between them. At the first answers that are new, reconcile itself runs over the record, and the script grows.
 */
#include "bug.h"
#include "manager_internal.h"
#include "memo.h"

void sm_script_begin(const struct sm_manager *manager, struct sm_pass *pass) {
    /* Addresses of what stood before the memo's first run. */
    uint64_t place = sm_memo_mix((uintptr_t)manager->config.controller, (uintptr_t)manager->options);

    place = sm_memo_mix(place, (uintptr_t)manager->config.client); /* requests say who asks */
    pass->place = sm_memo_mix_text(sm_memo_mix_text(place, pass->key.name_space), pass->key.name);
}

void sm_script_heard(struct sm_env *env, struct sm_pass *pass, uint64_t answer) {
    if (env->memo)
        pass->place = sm_memo_mix(pass->place, answer);
}

/* --- Learning -------------------------------------------------------------------------------------------------------------- */

static const struct sm_request *kept_request(struct sm_memo *memo, const struct sm_request *request) {
    struct sm_request *kept = sm_region_alloc(memo->region, sizeof *kept), texts = *request;

    texts.body = texts.duplicates = NULL;
    *kept = *sm_request_copy(memo->region, &texts, NULL);
    kept->body = sm_memo_val(memo, request->body);
    kept->duplicates = sm_memo_val(memo, request->duplicates);
    return kept;
}

void sm_script_learn(struct sm_ctx *ctx, const struct sm_step *step) {
    struct sm_memo *memo = ctx->env->memo;
    uint64_t place = ctx->manager->pass.place;
    const struct sm_resource *resource = step->request ? step->request->resource : step->resource;

    if (!memo || ctx->follows || sm_memo_full(memo) || sm_memo_find(memo, place))
        return;
    if (sm_region_contains(ctx->env->run, resource)) /* of a definition that the run has made */
        return;
    struct sm_step *kept = sm_region_alloc(memo->region, sizeof *kept);
    *kept = *step;
    if (step->request)
        kept->request = kept_request(memo, step->request);
    for (size_t i = 0; i < SM_STEP_TEXTS; i++)
        kept->text[i] = sm_memo_text(memo, step->text[i]);
    kept->value = sm_memo_val(memo, step->value);
    kept->result.error = sm_memo_text(memo, step->result.error);
    sm_memo_add(memo, place, kept);
}

/* --- Following ------------------------------------------------------------------------------------------------------------- */

static void make(struct sm_ctx *ctx, const struct sm_step *step) {
    const char *const *text = step->text;

    switch (step->kind) {
    case SM_CTX_REQUEST:
        sm_ctx_call(ctx, step->request);
        break;
    case SM_CTX_SERVICE:
        sm_ctx_service(ctx, text[0], text[1], text[2], text[3], step->value, step->timeout);
        break;
    case SM_CTX_GET:
        sm_ctx_cached_get(ctx, step->resource, text[0], text[1]);
        break;
    case SM_CTX_LIST:
        sm_ctx_cached_list(ctx, step->resource, text[0], step->value);
        break;
    case SM_CTX_NOW:
        sm_ctx_now(ctx);
        break;
    case SM_CTX_SECOND:
        sm_ctx_second(ctx);
        break;
    case SM_CTX_UUID:
        sm_ctx_uuid(ctx);
        break;
    case SM_CTX_EVENT:
        sm_ctx_event(ctx, step->resource, step->value, text[0], text[1], text[2]);
        break;
    case SM_CTX_METRIC:
        sm_ctx_metric(ctx, text[0], text[1], step->number);
        break;
    case SM_CTX_NOTE:
        sm_ctx_note(ctx, text[0]);
        break;
    case SM_CTX_END:
        sm_bug("the end of a pass is no call");
    }
}

bool sm_script_follow(struct sm_ctx *ctx, struct sm_result *ret_result) {
    const struct sm_pass *pass = &ctx->manager->pass;
    const struct sm_step *step;

    if (!ctx->env->memo)
        return false;
    ctx->follows = true;
    ctx->cursor = pass->count;
    while ((step = sm_memo_find(ctx->env->memo, pass->place)) != NULL) {
        if (step->kind == SM_CTX_END) {
            *ret_result = step->result;
            return true;
        }
        make(ctx, step);
    }
    ctx->follows = false;
    ctx->cursor = 0;
    return false;
}
