#include "custom.h"

#include <string.h>

#include "call.h"
#include "crd.h"
#include "custom_names.h"
#include "meta.h"

const char sm_custom_finalizer[] = "customresourcecleanup.apiextensions.k8s.io";

/* --- Status of a definition ---------------------------------------------------------------------------------------------------- */

sm_val sm_custom_note_versions(struct sm_region *r, sm_val definition) {
    sm_val versions = sm_val_at(definition, "status.storedVersions"), version, stored;

    SM_EACH_ITEM(version, sm_val_at(definition, "spec.versions")) {
        if (!sm_val_is_true(sm_val_get(version, "storage")))
            continue;
        SM_EACH_ITEM(stored, versions) {
            if (sm_val_equal(stored, sm_val_get(version, "name")))
                return definition;
        }
        return sm_val_set_at(r, definition, "status.storedVersions", sm_val_append(r, versions, sm_val_get(version, "name")));
    }
    return definition;
}

static bool is(sm_val definition, const char *condition) {
    return sm_condition_is(sm_val_at(definition, "status.conditions"), condition, "True");
}

/* What the controllers of definitions would write next; the definition itself if they are content. */
static sm_val next_state(struct sm_env *env, const struct sm_server *server, sm_val definition) {
    struct sm_region *r = env->scratch;
    sm_val next = sm_custom_accept_names(env, server, definition);

    if (!sm_val_equal(next, definition))
        return next;
    if (!is(definition, "NamesAccepted") || is(definition, "Established"))
        return definition;
    sm_val conditions = sm_condition_set(r, sm_val_at(definition, "status.conditions"), "Established", "True", "InitialNamesAccepted",
                                         "the initial names have been accepted", 0, env->now);
    return sm_val_set_at(r, definition, "status.conditions", conditions);
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

static struct sm_store_slot *slot_of(struct sm_server *server, sm_val definition) {
    struct sm_resource asked = {.group = sm_val_str_at(definition, "spec.group"), .plural = sm_val_str_at(definition, "spec.names.plural")};

    return sm_store_slot_mutable(server, &asked);
}

static struct sm_store_slot *serve(struct sm_env *env, struct sm_server *server, sm_val definition) {
    const struct sm_custom *custom = compile(env->run, definition);
    struct sm_store_slot *slot = custom ? sm_store_slot_make(server, custom->stored->resource) : NULL;

    if (!slot)
        return NULL;
    slot->kind = custom->stored;
    slot->custom = custom;
    return slot;
}

/* --- The end of a definition --------------------------------------------------------------------------------------------------- */

static void delete_object(struct sm_env *env, struct sm_server *server, struct sm_store_slot *slot, const char *key) {
    static const char *const masters[] = {"system:masters", NULL};
    static const struct sm_client client = {
        .name = "apiserver", .user = "system:apiserver", .groups = masters, .agent = "kube-apiserver"};
    struct sm_request request = {.client = &client, .verb = SM_DELETE, .resource = slot->kind->resource, .subresource = "",
                                 .name_space = "", .name = key};
    struct sm_call call = {
        .env = env, .server = server, .r = env->scratch, .request = &request, .slot = slot, .kind = slot->kind, .key = key};

    sm_delete_object(&call, NULL);
}

/* Those with finalizers stay, and the definition with them. */
static void delete_objects(struct sm_env *env, struct sm_server *server, struct sm_store_slot *slot) {
    sm_pmap all = slot->log.root;

    for (size_t i = 0; i < sm_pmap_count(all) && slot->kind; i++) {
        sm_pmap entry = sm_pmap_at(all, i);

        if (!sm_meta_deleting(entry->value))
            delete_object(env, server, slot, entry->key);
    }
}

static void end_definition(struct sm_env *env, struct sm_server *server, sm_val definition) {
    struct sm_store_slot *slot = sm_store_slot_mutable(server, SM_CRDS);
    sm_val stored = sm_store_get(slot, sm_meta_name(definition));

    if (stored)
        sm_store_append(env, server, slot, SM_DELETED, sm_meta_name(definition), stored);
}

void sm_custom_object_gone(struct sm_env *env, struct sm_server *server, struct sm_store_slot *slot) {
    if (slot->custom && slot->custom->terminating && !slot->log.root)
        end_definition(env, server, slot->custom->definition);
}

/* Names that a definition gives up may be what another waits for. */
static void accept_others(struct sm_env *env, struct sm_server *server, sm_val gone) {
    struct sm_store_slot *slot = sm_store_slot_mutable(server, SM_CRDS);
    sm_pmap all = slot->log.root;

    for (size_t i = 0; i < sm_pmap_count(all); i++) {
        sm_pmap entry = sm_pmap_at(all, i);
        sm_val definition = entry->value;

        if (strcmp(sm_val_str_at(definition, "spec.group"), sm_val_str_at(gone, "spec.group")) == 0 && !is(definition, "NamesAccepted"))
            sm_custom_changed(env, server, SM_MODIFIED, definition);
    }
}

static void stop_serving(struct sm_env *env, struct sm_server *server, sm_val definition) {
    struct sm_store_slot *slot = slot_of(server, definition);

    if (slot && slot->custom && strcmp(sm_meta_uid(slot->custom->definition), sm_meta_uid(definition)) == 0) {
        slot->kind = NULL;
        slot->custom = NULL;
    }
    accept_others(env, server, definition);
}

/* --- Changes ------------------------------------------------------------------------------------------------------------------- */

void sm_custom_changed(struct sm_env *env, struct sm_server *server, enum sm_change change, sm_val definition) {
    if (change == SM_DELETED) {
        stop_serving(env, server, definition);
        return;
    }
    sm_val next = next_state(env, server, definition);
    if (next != definition) {
        sm_store_append(env, server, sm_store_slot_mutable(server, SM_CRDS), SM_MODIFIED, sm_meta_name(definition), next);
        return;
    }
    struct sm_store_slot *slot = is(definition, "Established") ? serve(env, server, definition) : NULL;
    if (!sm_meta_deleting(definition))
        return;
    if (slot && slot->log.root)
        delete_objects(env, server, slot);
    if (!slot || !slot->log.root)
        end_definition(env, server, definition);
}

struct sm_store_slot *sm_custom_resume(struct sm_env *env, struct sm_server *server, sm_val definition) {
    return is(definition, "Established") ? serve(env, server, definition) : NULL;
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
