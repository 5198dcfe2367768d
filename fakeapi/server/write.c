/* What every write goes through once its body is an object: apiserver's rest.BeforeCreate and BeforeUpdate, and the store.
 *
 * Order matters and follows apiserver. managedFields speak of what the client sent, with defaults, so they are made before
 * the kind adds fields of its own; a resourceVersion is compared before anything is validated; and an update that empties
 * the finalizers of a deleted object is not stored but removes it.
 */
#include "call.h"
#include "crd.h"
#include "field_errors.h"
#include "meta.h"
#include "status.h"

#include <string.h>

/* --- Metadata ------------------------------------------------------------------------------------------------------------ */

static sm_val new_metadata(struct sm_call *call, sm_val meta) {
    static const char *const not_yours[] = {"deletionGracePeriodSeconds", "deletionTimestamp", "selfLink"};
    struct sm_region *r = call->r;

    for (size_t i = 0; i < sizeof not_yours / sizeof not_yours[0]; i++)
        meta = sm_val_set(r, meta, not_yours[i], NULL);
    meta = sm_val_set(r, meta, "uid", sm_store_uid(r, call->server));
    meta = sm_val_set(r, meta, "creationTimestamp", sm_val_str(r, sm_clock_rfc3339(r, call->env->now)));
    if (call->kind->generation != SM_GENERATION_NONE)
        meta = sm_val_set(r, meta, "generation", sm_val_int(r, 1));
    const char *base = sm_val_text(sm_val_get(meta, "generateName"));
    if (*base && !*sm_val_text(sm_val_get(meta, "name")))
        meta = sm_val_set(r, meta, "name", sm_store_name(r, call->server, base));
    return meta;
}

/* What a client may not change silently stays as it was stored. A time of deletion that it makes up is left for validation
 * to refuse. */
static sm_val kept_metadata(struct sm_region *r, sm_val meta, sm_val old) {
    static const char *const kept[] = {"creationTimestamp", "generation", "resourceVersion"};

    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        meta = sm_val_set(r, meta, kept[i], sm_val_get(old, kept[i]));
    if (!*sm_val_text(sm_val_get(meta, "uid")))
        meta = sm_val_set(r, meta, "uid", sm_val_get(old, "uid"));
    if (sm_val_get(old, "deletionTimestamp"))
        meta = sm_val_set(r, meta, "deletionTimestamp", sm_val_get(old, "deletionTimestamp"));
    if (!sm_val_get(meta, "deletionGracePeriodSeconds"))
        meta = sm_val_set(r, meta, "deletionGracePeriodSeconds", sm_val_get(old, "deletionGracePeriodSeconds"));
    return sm_val_set(r, meta, "selfLink", NULL);
}

static bool holds(sm_val list, size_t count, sm_val item) {
    for (size_t i = 0; i < count; i++) {
        if (sm_val_equal(sm_val_item(list, i), item))
            return true;
    }
    return false;
}

/* References that are equal in every field count once. */
static sm_val distinct_owners(struct sm_call *call, sm_val object) {
    sm_val owners = sm_val_at(object, "metadata.ownerReferences"), left = NULL;
    const char *twice = NULL;

    if (sm_val_count(owners) < 2)
        return object;
    for (size_t i = 0; i < sm_val_count(owners); i++) {
        sm_val owner = sm_val_item(owners, i);
        const char *uid = sm_val_str_at(owner, "uid");

        if (!holds(owners, i, owner))
            left = sm_val_append(call->r, left, owner);
        else
            twice = twice ? sm_region_printf(call->r, "%s, %s", twice, uid) : uid;
    }
    if (!twice)
        return object;
    sm_call_warn(call, sm_region_printf(call->r,
                                        ".metadata.ownerReferences contains duplicate entries; API server dedups owner references in "
                                        "1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate "
                                        "UID(s) observed: %s",
                                        twice));
    return sm_val_set_at(call->r, object, "metadata.ownerReferences", left);
}

/* --- Status and the rest ------------------------------------------------------------------------------------------------- */

/* A new object has no status of the client's, but the zero that its Go type prints. */
static sm_val without_status(struct sm_call *call, sm_val object) {
    const struct sm_field *field = sm_schema_field(call->kind->schema, "status", strlen("status"));
    bool printed = field && field->presence == SM_ALWAYS;

    if (!call->kind->status)
        return object;
    return sm_val_set(call->r, object, "status", printed ? sm_schema_zero(call->r, field->schema) : NULL);
}

/* A write of the main resource leaves status alone, one of /status everything else. Kinds that are built in take changes of
 * metadata there, custom ones do not. */
static sm_val kept_parts(struct sm_call *call, sm_val object, sm_val before) {
    struct sm_region *r = call->r;

    if (!call->kind->status)
        return object;
    if (strcmp(call->request->subresource, "status") != 0)
        return sm_val_set(r, object, "status", sm_val_get(before, "status"));
    sm_val meta = sm_val_get(object, "metadata");
    if (call->kind->custom)
        meta = sm_val_set(r, sm_val_get(before, "metadata"), "managedFields", sm_val_get(meta, "managedFields"));
    return sm_val_set(r, sm_val_set(r, before, "status", sm_val_get(object, "status")), "metadata", meta);
}

static bool differ_outside(sm_val a, sm_val b, bool status_counts) {
    size_t i = 0, j = 0;

    while (i < sm_val_count(a) || j < sm_val_count(b)) {
        const struct sm_member *left = sm_val_member(a, i), *right = sm_val_member(b, j);
        int order = !left ? 1 : !right ? -1 : strcmp(left->key, right->key);
        const char *key = order <= 0 ? left->key : right->key;
        bool same = order == 0 && sm_val_equal(left->value, right->value);

        if (!same && strcmp(key, "metadata") != 0 && strcmp(key, "apiVersion") != 0 && (status_counts || strcmp(key, "status") != 0))
            return true;
        i += order <= 0;
        j += order >= 0;
    }
    return false;
}

static bool raises_generation(const struct sm_kind_info *kind, sm_val object, sm_val before) {
    switch (kind->generation) {
    case SM_GENERATION_SPEC:
        return !sm_val_equal(sm_val_get(object, "spec"), sm_val_get(before, "spec"));
    case SM_GENERATION_ALL_BUT_STATUS:
        return differ_outside(object, before, false);
    case SM_GENERATION_ALL:
        return differ_outside(object, before, true);
    case SM_GENERATION_NONE:
        break;
    }
    return false;
}

/* --- Rules of the kind --------------------------------------------------------------------------------------------------- */

static struct sm_write write_of(const struct sm_call *call) {
    return (struct sm_write){.region = call->r,
                             .now = call->env->now,
                             .kubernetes = call->server->config.kubernetes,
                             .subresource = call->request->subresource,
                             .api_version = call->request->resource->api_version};
}

static bool validate(struct sm_call *call, sm_val object, sm_val before, struct sm_reply *reterr) {
    const struct sm_kind_info *kind = call->kind;
    struct sm_write write = write_of(call);
    struct sm_field_errors errors = sm_field_errors_init(call->r);

    sm_validate_meta(&errors, kind, object, before);
    if (kind->validate)
        kind->validate(&write, &errors, object, before);
    if (kind->custom)
        sm_crd_validate(&write, kind, &errors, object, before);
    if (errors.count == 0)
        return true;
    *reterr = sm_field_errors_reply(&errors, kind->resource->group, kind->resource->kind, sm_meta_name(object));
    return false;
}

static void say_warning(void *arg, const char *text) {
    sm_call_warn(arg, text);
}

static void warn(struct sm_call *call, sm_val object, sm_val before) {
    struct sm_write write = write_of(call);

    if (call->kind->warn)
        call->kind->warn(&write, object, before, say_warning, call);
}

static bool guards_rights(const struct sm_kind_info *kind) {
    return strcmp(kind->resource->group, "rbac.authorization.k8s.io") == 0;
}

/* From here on the object is what is stored, and not what a view shows. */
static sm_val stored_form(struct sm_call *call, sm_val object, sm_val before) {
    if (!call->view)
        return object;
    call->kind = sm_kind_builtin(call->view->of);
    return sm_schema_default(call->r, call->kind->schema, call->view->store(call->r, object, before));
}

/* --- Create -------------------------------------------------------------------------------------------------------------- */

static struct sm_reply exists(const struct sm_call *call, const char *name, sm_val found) {
    const struct sm_resource *resource = call->kind->resource;
    struct sm_reply reply = sm_status_already_exists(call->r, resource, name);

    if (!sm_meta_deleting(found))
        return reply;
    return sm_status(call->r, 409, "AlreadyExists", sm_region_printf(call->r, "object is being deleted: %s", sm_reply_error(&reply)), name,
                     resource->group, resource->plural, NULL, 0);
}

/* A name that was made up is made up again until it is free. */
static sm_val with_free_name(struct sm_call *call, sm_val object, bool made_up) {
    enum { TRIES = 8 };

    for (int i = 0;; i++) {
        call->key = sm_meta_key(call->r, sm_meta_namespace(object), sm_meta_name(object));
        if (!made_up || i == TRIES || !sm_store_get(call->slot, call->key))
            return object;
        const char *base = sm_val_str_at(object, "metadata.generateName");
        object = sm_val_set_at(call->r, object, "metadata.name", sm_store_name(call->r, call->server, base));
    }
}

static struct sm_reply store_new(struct sm_call *call, sm_val object) {
    sm_val found = sm_store_get(call->slot, call->key);

    if (found)
        return exists(call, sm_meta_name(object), found);
    return sm_call_answer(call, 201, sm_write_commit(call, object, NULL));
}

struct sm_reply sm_write_create(struct sm_call *call, sm_val object, bool managed) {
    struct sm_region *r = call->r;
    const struct sm_kind_info *kind = call->kind;
    struct sm_write write = write_of(call);
    struct sm_reply reply;
    bool made_up = !*sm_meta_name(object);

    object = distinct_owners(call, object);
    if (!sm_admit_create(call, object, &reply))
        return reply;
    object = sm_schema_default(r, kind->schema, without_status(call, object));
    if (!managed) {
        struct sm_manager_name by = sm_call_manager(call);

        object = sm_managed_update(r, kind->schema, NULL, object, &by);
    }
    object = stored_form(call, object, NULL);
    kind = call->kind;
    object = sm_val_set(r, object, "metadata", new_metadata(call, sm_val_get(object, "metadata")));
    if (kind->create)
        object = kind->create(&write, object);
    if (kind->resource == SM_CRDS)
        object = sm_custom_note_versions(r, object);
    if (!validate(call, object, NULL, &reply))
        return reply;
    warn(call, object, NULL);
    if (guards_rights(kind) && !sm_rbac_may_grant(call, object, NULL, &reply))
        return reply;

    uint64_t version;
    const char *error = sm_call_parse_version(r, sm_val_str_at(object, "metadata.resourceVersion"), &version);
    if (error || version != 0)
        return sm_call_error(r, error ? error : "resourceVersion should not be set on objects to be created");
    object = with_free_name(call, sm_val_set_at(r, object, "metadata.resourceVersion", NULL), made_up);
    sm_call_remember(call, object);
    return store_new(call, object);
}

struct sm_reply sm_write_created(struct sm_call *call, sm_val object) {
    struct sm_reply reply;

    if (!sm_admit_create(call, object, &reply))
        return reply;
    call->server->ids++; /* the uid that it has */
    call->key = sm_meta_key(call->r, sm_meta_namespace(object), sm_meta_name(object));
    return store_new(call, object);
}

/* --- Update -------------------------------------------------------------------------------------------------------------- */

static bool check_version(struct sm_call *call, sm_val object, sm_val before, struct sm_reply *reterr) {
    const struct sm_resource *resource = call->kind->resource;
    const char *text = sm_val_str_at(object, "metadata.resourceVersion");

    if (sm_val_equal(sm_val_at(object, "metadata.resourceVersion"), sm_val_at(before, "metadata.resourceVersion")))
        return true;
    uint64_t version;
    const char *error = sm_call_parse_version(call->r, text, &version);
    if (error) {
        *reterr = sm_call_error(call->r, error);
        return false;
    }
    if (version == 0 && !call->kind->update_needs_version)
        return true;
    if (version == 0) {
        struct sm_field_errors errors = sm_field_errors_init(call->r);

        sm_field_invalid_text(&errors, "metadata.resourceVersion", "0x0", "must be specified for an update");
        *reterr = sm_field_errors_reply(&errors, resource->group, resource->plural, call->request->name);
        return false;
    }
    *reterr = sm_call_modified(call);
    return false;
}

/* The last finalizer of a deleted object is gone, and nothing waits for a grace period. A namespace has finalizers of its
 * own kind in its spec. */
static bool ends(const struct sm_call *call, sm_val object, sm_val before) {
    return sm_meta_deleting(before) && sm_val_int_at(before, "metadata.deletionGracePeriodSeconds", 0) == 0 &&
           sm_val_count(sm_val_at(object, "metadata.finalizers")) == 0 &&
           (call->kind->resource != SM_NAMESPACES || sm_val_count(sm_val_at(object, "spec.finalizers")) == 0);
}

static sm_val store_changed(struct sm_call *call, sm_val object, sm_val before) {
    if (!ends(call, object, before))
        return sm_write_commit(call, object, before);
    sm_write_remove(call, before);
    return object;
}

bool sm_write_replace(struct sm_call *call, sm_val object, sm_val before, bool managed, sm_val *ret_object, struct sm_reply *reterr) {
    struct sm_region *r = call->r;
    const struct sm_kind_info *kind = call->kind;
    struct sm_write write = write_of(call);

    if (!check_version(call, object, before, reterr))
        return false;
    object = distinct_owners(call, object);
    object = sm_val_set(r, object, "metadata", kept_metadata(r, sm_val_get(object, "metadata"), sm_val_get(before, "metadata")));
    object = kept_parts(call, sm_schema_default_with(r, kind->schema, object, before), before);
    if (!managed) {
        struct sm_manager_name by = sm_call_manager(call);

        object = sm_managed_update(r, kind->schema, before, object, &by);
    }
    if (call->view) {
        before = sm_store_get(call->slot, call->key);
        object = stored_form(call, object, before);
        kind = call->kind;
    }
    if (kind->update)
        object = kind->update(&write, object, before);
    if (raises_generation(kind, object, before))
        object = sm_val_set_at(r, object, "metadata.generation", sm_val_int(r, sm_meta_generation(before) + 1));
    if (kind->resource == SM_CRDS && !*call->request->subresource)
        object = sm_custom_note_versions(r, object);
    if (!validate(call, object, before, reterr))
        return false;
    warn(call, object, before);
    if (guards_rights(kind) && !sm_rbac_may_grant(call, object, before, reterr))
        return false;
    sm_call_remember(call, object);
    *ret_object = store_changed(call, object, before);
    return true;
}

struct sm_reply sm_write_updated(struct sm_call *call, sm_val object, sm_val before) {
    return sm_call_answer(call, 200, store_changed(call, object, before));
}

struct sm_reply sm_write_update(struct sm_call *call, sm_val object, sm_val before, bool managed) {
    struct sm_reply reply;
    sm_val after;

    return sm_write_replace(call, object, before, managed, &after, &reply) ? sm_call_answer(call, 200, after) : reply;
}

/* --- The store ----------------------------------------------------------------------------------------------------------- */

sm_val sm_write_commit(struct sm_call *call, sm_val object, sm_val before) {
    if (before && sm_managed_same(before, object))
        return before;
    if (call->dry_run)
        return object;
    return sm_store_append(call->env, call->server, call->slot, before ? SM_MODIFIED : SM_ADDED, call->key, object);
}

sm_val sm_write_remove(struct sm_call *call, sm_val last) {
    if (call->dry_run)
        return last;
    return sm_store_append(call->env, call->server, call->slot, SM_DELETED, call->key, last);
}
