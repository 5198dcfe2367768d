/* Any document and any patch give a document or an error, and leave the document as it was. Input: `[document, patch]`. */
#include "bug.h"
#include "json.h"
#include "patch.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    struct sm_region r;
    struct sm_json_error error;
    sm_region_init(&r, "fuzz", 0);
    sm_val input = sm_json_parse(&r, (const char *)data, bytes, NULL, &error);
    sm_val document = sm_val_item(input, 0), patch = sm_val_item(input, 1);
    if (document) {
        const char *before = sm_json_text(&r, document, 0);
        struct sm_reply reply = {0};
        sm_val result = sm_patch_json(&r, document, patch, &reply);
        SM_ASSERT((result != NULL) != (reply.code != 0));
        SM_ASSERT(strcmp(before, sm_json_text(&r, document, 0)) == 0);
        if (result)
            sm_json_text(&r, result, 0);
    }
    sm_region_release(&r);
    return 0;
}
