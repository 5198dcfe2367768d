/* PersistentVolumeClaim and PersistentVolume. */
#include <string.h>

#include "json.h"
#include "kind_functions.h"
#include "meta.h"
#include "quantity.h"
#include "validate.h"

static const char *const access_modes[] = {"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod", NULL};
static const char *const volume_modes[] = {"Block", "Filesystem", NULL};

/* Admission puts the finalizer that keeps a claim while a pod uses it. */
CREATE(sm_claim_create) {
    struct sm_region *r = write->region;
    object = sm_meta_add_finalizer(r, object, "kubernetes.io/pvc-protection");
    return sm_val_set_at(r, object, "status.phase", sm_val_str(r, "Pending"));
}

CREATE(sm_volume_create) {
    struct sm_region *r = write->region;
    object = sm_meta_add_finalizer(r, object, "kubernetes.io/pv-protection");
    return sm_val_set_at(r, object, "status", SM_MAP(r, "phase", sm_val_str(r, "Pending")));
}

static void validate_modes(struct sm_field_errors *errors, sm_val modes) {
    if (sm_val_count(modes) == 0)
        sm_field_required(errors, "spec.accessModes", "at least 1 access mode is required");
    sm_val mode;
    SM_EACH_ITEM(mode, modes)
        sm_validate_one_of(errors, "spec.accessModes", mode, access_modes);
}

static void validate_storage(struct sm_field_errors *errors, const char *path, sm_val quantity) {
    struct sm_quantity parsed;
    if (sm_quantity_parse(sm_val_text(quantity), &parsed) || parsed.nano > 0)
        return;
    sm_field_invalid(errors, path, quantity, "must be greater than zero");
}

static void validate_claim_spec(struct sm_field_errors *errors, sm_val spec) {
    validate_modes(errors, sm_val_get(spec, "accessModes"));
    if (sm_val_get(spec, "selector"))
        sm_validate_label_selector(errors, "spec.selector", sm_val_get(spec, "selector"));
    sm_val storage = sm_val_at(spec, "resources.requests.storage");
    if (storage)
        validate_storage(errors, "spec.resources[storage]", storage);
    else
        sm_field_required(errors, "spec.resources[storage]", "");
    sm_val class = sm_val_get(spec, "storageClassName");
    if (*sm_val_text(class))
        sm_validate_is_subdomain(errors, "spec.storageClassName", class);
    if (sm_val_get(spec, "volumeMode"))
        sm_validate_one_of(errors, "spec.volumeMode", sm_val_get(spec, "volumeMode"), volume_modes);
}

/* Requests of a bound claim may grow, the binder may name the volume once, and a class may be set where there was none. */
static void validate_claim_update(struct sm_field_errors *errors, sm_val object, sm_val before) {
    struct sm_region *r = errors->region;
    sm_val spec = sm_val_get(object, "spec"), spec_before = sm_val_get(before, "spec");
    if (!*sm_val_str_at(before, "spec.volumeName"))
        spec_before = sm_val_set(r, spec_before, "volumeName", sm_val_get(spec, "volumeName"));
    if (sm_val_is_text(sm_val_at(before, "status.phase"), "Bound") || *sm_val_str_at(before, "spec.volumeName"))
        spec_before = sm_val_set_at(r, spec_before, "resources.requests", sm_val_at(spec, "resources.requests"));
    spec_before = sm_val_set(r, spec_before, "volumeAttributesClassName", sm_val_get(spec, "volumeAttributesClassName"));
    if (!sm_val_get(spec_before, "storageClassName"))
        spec_before = sm_val_set(r, spec_before, "storageClassName", sm_val_get(spec, "storageClassName"));
    if (sm_val_equal(spec, spec_before))
        return;
    const char *difference = sm_val_difference(r, spec_before, spec);
    sm_field_forbidden(errors, "spec",
                       sm_field_text(errors,
                                     "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound "
                                     "claims\n  core.PersistentVolumeClaimSpec{\n \t... // %s\n }\n",
                                     difference));
}

/* An enlargement that did not come about may be taken back, down to what is there. */
static void validate_growth(struct sm_field_errors *errors, sm_val object, sm_val before) {
    struct sm_quantity now, then, there;
    if (sm_quantity_parse(sm_val_str_at(object, "spec.resources.requests.storage"), &now) ||
        sm_quantity_parse(sm_val_str_at(before, "spec.resources.requests.storage"), &then) ||
        sm_quantity_parse(sm_val_str_at(before, "status.capacity.storage"), &there))
        return;
    if (sm_quantity_compare(&now, &then) < 0 && sm_quantity_compare(&now, &there) <= 0)
        sm_field_forbidden(errors, "spec.resources.requests.storage", "field can not be less than status.capacity");
}

VALIDATE(sm_claim_validate) {
    sm_val spec = sm_val_get(object, "spec");
    if (strcmp(write->subresource, "status") == 0 || (before && sm_val_equal(spec, sm_val_get(before, "spec"))))
        return;
    validate_claim_spec(errors, spec);
    if (!before)
        return;
    validate_claim_update(errors, object, before);
    validate_growth(errors, object, before);
}

/* --- PersistentVolume ---------------------------------------------------------------------------------------------------------- */

static bool is_source(const char *field) {
    static const char *const others[] = {"accessModes", "capacity", "claimRef", "mountOptions", "nodeAffinity",
                                         "persistentVolumeReclaimPolicy", "storageClassName", "volumeAttributesClassName", "volumeMode"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(field, others[i]) == 0)
            return false;
    return true;
}

static void validate_sources(struct sm_field_errors *errors, sm_val spec) {
    size_t count = 0;
    const struct sm_member *member;
    SM_EACH_MEMBER(member, spec)
        if (is_source(member->key) && count++ > 0)
            sm_field_forbidden(errors, sm_field_text(errors, "spec.%s", member->key), "may not specify more than 1 volume type");
    if (count == 0)
        sm_field_required(errors, "spec", "must specify a volume type");
}

VALIDATE(sm_volume_validate) {
    static const char *const policies[] = {"Delete", "Recycle", "Retain", NULL};
    sm_val spec = sm_val_get(object, "spec"), spec_before = sm_val_get(before, "spec");
    if (strcmp(write->subresource, "status") == 0 || (before && sm_val_equal(spec, spec_before)))
        return;
    validate_modes(errors, sm_val_get(spec, "accessModes"));
    sm_val storage = sm_val_at(spec, "capacity.storage");
    if (sm_val_count(sm_val_get(spec, "capacity")) == 0)
        sm_field_required(errors, "spec.capacity", "");
    else if (!storage)
        sm_field_error(errors, "FieldValueNotSupported", "spec.capacity",
                       sm_field_text(errors, "Unsupported value: %s: supported values: \"storage\"",
                                     sm_validate_go_value(errors, "core.ResourceList", sm_val_get(spec, "capacity"))));
    else
        validate_storage(errors, "spec.capacity[storage]", storage);
    sm_validate_one_of(errors, "spec.persistentVolumeReclaimPolicy", sm_val_get(spec, "persistentVolumeReclaimPolicy"), policies);
    sm_validate_one_of(errors, "spec.volumeMode", sm_val_get(spec, "volumeMode"), volume_modes);
    validate_sources(errors, spec);

    const struct sm_member *member;
    SM_EACH_MEMBER(member, spec_before)
        if (is_source(member->key) && !sm_val_equal(member->value, sm_val_get(spec, member->key)))
            sm_field_forbidden(errors, "spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation");
}
