/* `[kind, write, write …]`, a write being `{"by", "force", "update", "body"}`: applies and updates of one object, one after the
 * other, as the server does them. Each has a result or an error; the same apply once more changes nothing. */
#include "apply.h"
#include "bug.h"
#include "json.h"
#include "kind.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

enum { WRITES_MAX = 8 };

static sm_val complete(struct sm_region *r, const struct sm_schema *schema, sm_val object) {
    struct sm_decoded decoded = sm_schema_decode(r, schema, object);

    return decoded.object ? sm_schema_default(r, schema, decoded.object) : NULL;
}

static sm_val apply(struct sm_region *r, const struct sm_schema *schema, sm_val live, sm_val body, const struct sm_manager_name *by,
                    bool force) {
    struct sm_reply refusal = {0}, again = {0};
    sm_val config = sm_val_set_at(r, body, "metadata.managedFields", NULL);
    sm_val merged = sm_apply(r, schema, live, config, by, force, &refusal);

    SM_ASSERT((merged == NULL) == (refusal.code >= 400));
    if (!merged)
        return live;
    sm_val stored = complete(r, schema, merged);
    if (!stored)
        return live;
    sm_val same = sm_apply(r, schema, stored, config, by, force, &again);
    SM_ASSERT(same);
    SM_ASSERT(sm_managed_same(stored, complete(r, schema, same)));
    return stored;
}

static sm_val update(struct sm_region *r, const struct sm_schema *schema, sm_val live, sm_val body, const struct sm_manager_name *by) {
    sm_val object = complete(r, schema, body);
    sm_val managed = live ? sm_val_at(live, "metadata.managedFields") : NULL;

    if (!object)
        return live;
    if (!sm_val_at(object, "metadata.managedFields"))
        object = sm_val_set_at(r, object, "metadata.managedFields", managed);
    sm_val stored = sm_managed_update(r, schema, live, object, by);
    SM_ASSERT(stored);
    return stored;
}

static void play(struct sm_region *r, const struct sm_kind_info *kind, sm_val writes) {
    sm_val live = NULL;

    for (size_t i = 1; i < writes->count && i <= WRITES_MAX; i++) {
        sm_val write = writes->list[i], body = sm_val_get(write, "body");
        const struct sm_manager_name by = {.manager = sm_val_str_at(write, "by"),
                                           .api_version = kind->resource->group[0] ? "apps/v1" : "v1",
                                           .subresource = "",
                                           .now = SM_TIME_START + (sm_time)i * SM_SECOND,
                                           .leaves_status = kind->status};
        if (!sm_val_is_map(body) || (sm_val_get(body, "metadata") && !sm_val_is_map(sm_val_get(body, "metadata"))))
            continue;
        live = sm_val_true_at(write, "update") ? update(r, kind->schema, live, body, &by)
                                               : apply(r, kind->schema, live, body, &by, sm_val_true_at(write, "force"));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    struct sm_region r;
    struct sm_json_error error;

    sm_region_init(&r, "fuzz", 0);
    sm_val writes = sm_json_parse(&r, (const char *)data, bytes, NULL, &error);
    if (sm_val_is_list(writes) && writes->count > 1) {
        const struct sm_resource *resource = sm_resource_by_name(sm_val_text(writes->list[0]));
        const struct sm_kind_info *kind = resource ? sm_kind_builtin(resource) : NULL;
        if (kind)
            play(&r, kind, writes);
    }
    sm_region_release(&r);
    return 0;
}
