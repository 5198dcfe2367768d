#include "custom.h"

#include <string.h>

#include "call.h"
#include "crd.h"
#include "meta.h"

/* --- Status of a definition ---------------------------------------------------------------------------------------------------- */

static sm_val stored_versions(struct sm_region *r, sm_val definition) {
    sm_val versions = sm_val_at(definition, "status.storedVersions"), version, stored;

    if (!sm_val_is_list(versions))
        versions = SM_EMPTY_LIST;
    SM_EACH_ITEM(version, sm_val_at(definition, "spec.versions")) {
        if (!sm_val_is_true(sm_val_get(version, "storage")))
            continue;
        SM_EACH_ITEM(stored, versions) {
            if (sm_val_equal(stored, sm_val_get(version, "name")))
                return versions;
        }
        return sm_val_append(r, versions, sm_val_get(version, "name"));
    }
    return versions;
}

static sm_val condition(struct sm_region *r, sm_val conditions, sm_time now, const char *type, const char *reason, const char *message) {
    return sm_condition_set(r, conditions, type, "True", reason, message, 0, now);
}

/* Kubernetes needs a moment to accept names and to establish; here both are there at once. */
sm_val sm_custom_accept(struct sm_env *env, const struct sm_server *server, sm_val definition) {
    struct sm_region *r = env->scratch;
    sm_val conditions = sm_val_at(definition, "status.conditions");

    (void)server;
    if (!sm_val_is_list(conditions))
        conditions = NULL;
    conditions = condition(r, conditions, env->now, "NamesAccepted", "NoConflicts", "no conflicts found");
    conditions = condition(r, conditions, env->now, "Established", "InitialNamesAccepted", "the initial names have been accepted");
    sm_val status = SM_MAP(r, "acceptedNames", sm_val_at(definition, "spec.names"), "conditions", conditions, "storedVersions",
                           stored_versions(r, definition));
    return sm_val_set(r, definition, "status", status);
}

/* --- Serving ------------------------------------------------------------------------------------------------------------------- */

static const struct sm_custom *compile(struct sm_region *r, sm_val definition) {
    struct sm_custom *custom = sm_region_zalloc(r, sizeof *custom);
    struct sm_field_errors errors = sm_field_errors_init(r);
    sm_val version;

    custom->definition = definition;
    custom->changed = sm_meta_version(definition);
    custom->terminating = sm_meta_deleting(definition);
    custom->stored = sm_crd_compile(r, definition, NULL, &errors);
    if (!custom->stored)
        return NULL;
    SM_EACH_ITEM(version, sm_val_at(definition, "spec.versions")) {
        const char *name = sm_val_str_at(version, "name");

        if (!sm_val_is_true(sm_val_get(version, "served")) || custom->served_count == SM_CUSTOM_VERSIONS_MAX)
            continue;
        const struct sm_kind_info *kind = strcmp(name, custom->stored->resource->version) == 0
                                              ? custom->stored
                                              : sm_crd_compile(r, definition, name, &errors);
        if (kind)
            custom->served[custom->served_count++] = kind;
    }
    return custom;
}

/* All objects of a definition go with it. */
static void remove_objects(struct sm_env *env, struct sm_server *server, struct sm_store_slot *slot) {
    while (slot->log.root) {
        sm_pmap first = sm_pmap_at(slot->log.root, 0);
        const char *key = first->key;
        sm_val object = first->value;

        sm_store_append(env, server, slot, SM_DELETED, key, object);
    }
}

void sm_custom_changed(struct sm_env *env, struct sm_server *server, enum sm_change change, sm_val definition) {
    struct sm_region *r = env->run;
    struct sm_resource asked = {.group = sm_val_str_at(definition, "spec.group"), .plural = sm_val_str_at(definition, "spec.names.plural")};
    struct sm_store_slot *slot = sm_store_slot_mutable(server, &asked);

    if (change == SM_DELETED) {
        if (!slot || !slot->custom)
            return;
        remove_objects(env, server, slot);
        slot->kind = NULL;
        slot->custom = NULL;
        return;
    }
    const struct sm_custom *custom = compile(r, definition);
    if (!custom)
        return;
    slot = sm_store_slot_make(server, custom->stored->resource);
    if (!slot)
        return;
    slot->kind = custom->stored;
    slot->custom = custom;
}

const struct sm_kind_info *sm_custom_kind(const struct sm_custom *custom, const char *version) {
    for (uint32_t i = 0; i < custom->served_count; i++) {
        if (strcmp(custom->served[i]->resource->version, version) == 0)
            return custom->served[i];
    }
    return NULL;
}

sm_val sm_custom_show(struct sm_region *r, const struct sm_custom *custom, const struct sm_kind_info *kind, sm_val object) {
    if (sm_meta_version(object) < custom->changed) {
        struct sm_decoded decoded = sm_schema_decode(r, kind->schema, object);

        if (decoded.object)
            object = sm_schema_default(r, kind->schema, decoded.object);
    }
    if (sm_val_is_text(sm_val_get(object, "apiVersion"), kind->resource->api_version))
        return object;
    return sm_val_set(r, object, "apiVersion", sm_val_str(r, kind->resource->api_version));
}
