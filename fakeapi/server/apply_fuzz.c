/* Whatever is applied to whatever is there: it is an error, or applying it again changes nothing, and every manager's set can
 * be read. Input: `[live, first, second, …]`, each applied by its own manager by force. */
#include "apply.h"
#include "bug.h"
#include "json.h"
#include "kind.h"
#include "managed_fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static sm_val stored(struct sm_region *r, const struct sm_schema *schema, sm_val object) {
    sm_val decoded = sm_schema_decode(r, schema, object).object;
    return decoded ? sm_schema_default(r, schema, decoded) : NULL;
}

static sm_val apply(struct sm_region *r, const struct sm_schema *schema, sm_val live, sm_val config, size_t manager) {
    const struct sm_manager_name by = {.manager = sm_region_printf(r, "m%zu", manager),
                                       .api_version = "apps/v1",
                                       .subresource = manager % 3 ? "" : "status",
                                       .now = SM_TIME_START,
                                       .leaves_status = manager % 3 != 0};
    struct sm_reply reply = {0};
    sm_val merged = sm_apply(r, schema, live, config, &by, true, &reply);
    SM_ASSERT((merged != NULL) != (reply.code != 0));
    return merged ? stored(r, schema, merged) : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    const struct sm_schema *schema = sm_kind_builtin(SM_STATEFULSETS)->schema;
    struct sm_region r;
    struct sm_json_error error;
    sm_region_init(&r, "fuzz", 0);
    sm_val input = sm_json_parse(&r, (const char *)data, bytes, NULL, &error), config;
    sm_val live = sm_val_is_map(sm_val_item(input, 0)) ? stored(&r, schema, sm_val_item(input, 0)) : NULL;
    live = live ? sm_managed_clean(&r, live) : NULL;
    SM_EACH_ITEM(config, live ? input : NULL) {
        if (!config_i || !sm_val_is_map(config))
            continue;
        sm_val after = apply(&r, schema, live, config, config_i);
        if (!after)
            continue;
        struct sm_managers managers;
        SM_ASSERT(sm_managers_read(&managers, &r, sm_val_at(after, "metadata.managedFields"), false));
        sm_val again = apply(&r, schema, after, config, config_i);
        SM_ASSERT(again && sm_managed_same(after, again));
        live = after;
    }
    sm_region_release(&r);
    return 0;
}
