/* Any StatefulSet and any strategic merge patch give an object or an error; what merges into itself stays. Input:
 * `[object, patch]`. */
#include "bug.h"
#include "json.h"
#include "kind.h"
#include "patch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    const struct sm_schema *schema = sm_kind_builtin(SM_STATEFULSETS)->schema;
    struct sm_region r;
    struct sm_json_error error;
    sm_region_init(&r, "fuzz", 0);
    sm_val input = sm_json_parse(&r, (const char *)data, bytes, NULL, &error);
    sm_val object = sm_val_item(input, 0), patch = sm_val_item(input, 1);
    if (sm_val_is_map(object)) {
        struct sm_reply reply = {0};
        sm_val result = sm_patch_strategic(&r, schema, object, patch, &reply);
        SM_ASSERT((result != NULL) != (reply.code != 0));
        if (result)
            sm_schema_decode(&r, schema, result);
    }
    sm_region_release(&r);
    return 0;
}
