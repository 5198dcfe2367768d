/* `[target, patch]`: a merge patch always has a result; the patch made from the difference of two values leads from one to the
 * other, wherever RFC 7386 can say it. */
#include "bug.h"
#include "json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

/* Null as a member's value means "remove" to a merge patch. */
static bool has_null_member(sm_val v) {
    const struct sm_member *member;

    SM_EACH_MEMBER(member, v)
        if (sm_val_is_null(member->value) || has_null_member(member->value))
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    struct sm_region r;
    struct sm_json_error error;

    sm_region_init(&r, "fuzz", 0);
    sm_val pair = sm_json_parse(&r, (const char *)data, bytes, NULL, &error);
    if (sm_val_count(pair) == 2 && sm_val_is_list(pair)) {
        sm_val from = pair->list[0], patch = pair->list[1];
        sm_val to = sm_val_merge_patch(&r, from, patch);
        SM_ASSERT(to);
        SM_ASSERT(!sm_val_is_map(from) || !sm_val_is_map(patch) || !sm_val_equal(from, to) ||
                  sm_val_equal(sm_val_merge_patch(&r, to, patch), to));
        if (sm_val_is_map(from) && sm_val_is_map(patch) && !has_null_member(patch)) {
            sm_val made = sm_val_make_merge_patch(&r, from, patch);
            SM_ASSERT((made == NULL) == sm_val_equal(from, patch));
            if (made)
                SM_ASSERT(sm_val_equal(sm_val_merge_patch(&r, from, made), patch));
        }
    }
    sm_region_release(&r);
    return 0;
}
