/* `[kind, document, patch]`: any map is a strategic merge patch that has a result or an error. An empty one changes nothing, and
 * the result is the same the second time. */
#include "bug.h"
#include "json.h"
#include "kind.h"
#include "patch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void patch(struct sm_region *r, const struct sm_schema *schema, sm_val document, sm_val body) {
    struct sm_reply refusal = {0}, again = {0};
    sm_val result = sm_patch_strategic(r, schema, document, body, &refusal);

    SM_ASSERT((result == NULL) == (refusal.code >= 400));
    SM_ASSERT(result || sm_val_str_at(refusal.body, "message")[0]);
    SM_ASSERT(sm_val_equal(result, sm_patch_strategic(r, schema, document, body, &again)) && again.code == refusal.code);
    if (body->count == 0)
        SM_ASSERT(sm_val_equal(result, document));
    if (result)
        sm_schema_decode(r, schema, result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    struct sm_region r;
    struct sm_json_error error;

    sm_region_init(&r, "fuzz", 0);
    sm_val triple = sm_json_parse(&r, (const char *)data, bytes, NULL, &error);
    if (sm_val_is_list(triple) && triple->count == 3 && sm_val_is_map(triple->list[1]) && sm_val_is_map(triple->list[2])) {
        const struct sm_resource *resource = sm_resource_by_name(sm_val_text(triple->list[0]));
        const struct sm_kind_info *kind = resource ? sm_kind_builtin(resource) : NULL;
        if (kind)
            patch(&r, kind->schema, triple->list[1], triple->list[2]);
    }
    sm_region_release(&r);
    return 0;
}
