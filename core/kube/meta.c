#include "meta.h"

#include <string.h>

#include "bug.h"

static sm_val field(sm_val object, const char *name) {
    return sm_val_get(sm_val_get(object, "metadata"), name);
}

const char *sm_meta_name(sm_val object) {
    return sm_val_text(field(object, "name"));
}

const char *sm_meta_namespace(sm_val object) {
    return sm_val_text(field(object, "namespace"));
}

const char *sm_meta_uid(sm_val object) {
    return sm_val_text(field(object, "uid"));
}

int64_t sm_meta_version(sm_val object) {
    int64_t version = 0;

    for (const char *digit = sm_val_text(field(object, "resourceVersion")); *digit; digit++) {
        if (*digit < '0' || *digit > '9' || version > (INT64_MAX - 9) / 10)
            return 0;
        version = 10 * version + (*digit - '0');
    }
    return version;
}

int64_t sm_meta_generation(sm_val object) {
    sm_val generation = field(object, "generation");

    return sm_val_is_int(generation) ? generation->integer : 0;
}

bool sm_meta_deleting(sm_val object) {
    sm_val time = field(object, "deletionTimestamp");

    return time && !sm_val_is_null(time);
}

const char *sm_meta_label(sm_val object, const char *key) {
    return sm_val_text(sm_val_get(field(object, "labels"), key));
}

bool sm_meta_has_label(sm_val object, const char *key) {
    return sm_val_get(field(object, "labels"), key) != NULL;
}

const char *sm_meta_annotation(sm_val object, const char *key) {
    return sm_val_text(sm_val_get(field(object, "annotations"), key));
}

const char *sm_meta_key(struct sm_region *r, const char *name_space, const char *name) {
    size_t space = strlen(name_space), bytes = strlen(name);

    if (!space)
        return sm_region_strndup(r, name, bytes);
    char *key = sm_region_alloc(r, space + bytes + 2);
    memcpy(key, name_space, space);
    key[space] = '/';
    memcpy(key + space + 1, name, bytes + 1);
    return key;
}

/* --- Owners ----------------------------------------------------------------------------------------------------------- */

sm_val sm_meta_controller(sm_val object) {
    sm_val reference;

    SM_EACH_ITEM(reference, field(object, "ownerReferences")) {
        if (sm_val_is_true(sm_val_get(reference, "controller")))
            return reference;
    }
    return NULL;
}

bool sm_meta_controlled_by(sm_val object, const char *owner_uid) {
    sm_val reference = sm_meta_controller(object);

    return reference && sm_val_is_text(sm_val_get(reference, "uid"), owner_uid);
}

sm_val sm_meta_controller_ref(struct sm_region *r, const struct sm_resource *resource, sm_val owner) {
    return SM_MAP(r, "apiVersion", sm_val_str(r, resource->api_version), "kind", sm_val_str(r, resource->kind), "name",
                  sm_val_str(r, sm_meta_name(owner)), "uid", sm_val_str(r, sm_meta_uid(owner)), "controller", SM_TRUE, "blockOwnerDeletion",
                  SM_TRUE);
}

/* --- Finalizers ------------------------------------------------------------------------------------------------------- */

bool sm_meta_has_finalizer(sm_val object, const char *finalizer) {
    sm_val item;

    SM_EACH_ITEM(item, field(object, "finalizers")) {
        if (sm_val_is_text(item, finalizer))
            return true;
    }
    return false;
}

sm_val sm_meta_add_finalizer(struct sm_region *r, sm_val object, const char *finalizer) {
    if (sm_meta_has_finalizer(object, finalizer))
        return object;
    return sm_val_set_at(r, object, "metadata.finalizers", sm_val_append(r, field(object, "finalizers"), sm_val_str(r, finalizer)));
}

/* An empty list is left out, as Go's omitempty does. */
sm_val sm_meta_remove_finalizer(struct sm_region *r, sm_val object, const char *finalizer) {
    sm_val left = field(object, "finalizers");

    for (size_t i = sm_val_count(left); i-- > 0;) {
        if (sm_val_is_text(sm_val_item(left, i), finalizer))
            left = sm_val_replace_item(r, left, i, NULL);
    }
    if (left == field(object, "finalizers"))
        return object;
    return sm_val_set_at(r, object, "metadata.finalizers", sm_val_count(left) ? left : NULL);
}

/* --- Conditions ------------------------------------------------------------------------------------------------------- */

static bool find_condition(sm_val conditions, const char *type, size_t *ret_index) {
    for (size_t i = 0; i < sm_val_count(conditions); i++) {
        if (sm_val_is_text(sm_val_get(sm_val_item(conditions, i), "type"), type)) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

sm_val sm_condition_find(sm_val conditions, const char *type) {
    size_t i;

    return find_condition(conditions, type, &i) ? sm_val_item(conditions, i) : NULL;
}

bool sm_condition_is(sm_val conditions, const char *type, const char *status) {
    return sm_val_is_text(sm_val_get(sm_condition_find(conditions, type), "status"), status);
}

/* True if a condition is in all but status and time what sm_condition_set would make; most that are set are. */
static bool says(sm_val condition, const char *reason, const char *message, int64_t observed_generation) {
    sm_val generation = sm_val_get(condition, "observedGeneration");
    bool same_generation = observed_generation ? sm_val_is_int(generation) && generation->integer == observed_generation : !generation;

    return same_generation && sm_val_count(condition) == (observed_generation ? 6 : 5) &&
           sm_val_is_text(sm_val_get(condition, "reason"), reason) && sm_val_is_text(sm_val_get(condition, "message"), message);
}

sm_val sm_condition_set(struct sm_region *r, sm_val conditions, const char *type, const char *status, const char *reason,
                        const char *message, int64_t observed_generation, sm_time now) {
    size_t index;
    bool known = find_condition(conditions, type, &index);
    sm_val old = known ? sm_val_item(conditions, index) : NULL;
    sm_val moved = sm_val_get(old, "lastTransitionTime");

    if (!moved || !sm_val_is_text(sm_val_get(old, "status"), status))
        moved = sm_val_str(r, sm_clock_rfc3339(r, now));
    else if (says(old, reason, message, observed_generation))
        return conditions;
    sm_val new = SM_MAP(r, "type", sm_val_str(r, type), "status", sm_val_str(r, status), "reason", sm_val_str(r, reason), "message",
                        sm_val_str(r, message), "lastTransitionTime", moved, "observedGeneration",
                        observed_generation ? sm_val_int(r, observed_generation) : NULL);
    if (!known)
        return sm_val_append(r, conditions, new);
    return sm_val_equal(old, new) ? conditions : sm_val_replace_item(r, conditions, index, new);
}
