/* `[document, patch]`: any list is a JSON patch that has a result or an error, and the document stays as it was. */
#include "bug.h"
#include "json.h"
#include "patch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    struct sm_region r;
    struct sm_json_error error;

    sm_region_init(&r, "fuzz", 0);
    sm_val pair = sm_json_parse(&r, (const char *)data, bytes, NULL, &error);
    if (sm_val_is_list(pair) && pair->count == 2 && sm_val_is_list(pair->list[1])) {
        struct sm_reply refusal = {0};
        sm_val copy = sm_val_copy(&r, pair, NULL);
        sm_val result = sm_patch_json(&r, pair->list[0], pair->list[1], &refusal);
        SM_ASSERT(sm_val_equal(pair, copy));
        SM_ASSERT((result == NULL) == (refusal.code >= 400));
        SM_ASSERT(result || sm_val_str_at(refusal.body, "message")[0]);
        if (pair->list[1]->count == 0)
            SM_ASSERT(sm_val_equal(result, pair->list[0]));
    }
    sm_region_release(&r);
    return 0;
}
