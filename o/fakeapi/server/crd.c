#include "crd.h"

#include <stdatomic.h>

#include "crd_kept.h"
#include "structural.h"

/* --- Compiling ------------------------------------------------------------------------------------------------------------ */

static const char *const *texts_of(struct sm_region *r, sm_val list) {
    size_t count = sm_val_count(list);
    if (!count)
        return NULL;
    const char **texts = sm_region_zalloc(r, (count + 1) * sizeof *texts);
    for (size_t i = 0; i < count; i++)
        texts[i] = sm_val_text(sm_val_item(list, i));
    return texts;
}

/* Paths of selectableFields without the leading dot. */
static const char *const *selectable_of(struct sm_region *r, sm_val list) {
    size_t count = sm_val_count(list);
    if (!count)
        return NULL;
    const char **paths = sm_region_zalloc(r, (count + 1) * sizeof *paths);
    for (size_t i = 0; i < count; i++) {
        const char *path = sm_val_text(sm_val_get(sm_val_item(list, i), "jsonPath"));
        paths[i] = path + (*path == '.');
    }
    return paths;
}

static const char *lower(struct sm_region *r, const char *text) {
    char *copy = sm_region_strdup(r, text);
    for (char *p = copy; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    return copy;
}

static const char *text_or(sm_val map, const char *key, const char *absent) {
    const char *text = sm_val_text(sm_val_get(map, key));
    return *text ? text : absent;
}

static const struct sm_resource *resource_of(struct sm_region *r, sm_val spec, sm_val version) {
    sm_val names = sm_val_get(spec, "names");
    struct sm_resource resource = {.group = sm_val_text(sm_val_get(spec, "group")),
                                   .version = sm_val_text(sm_val_get(version, "name")),
                                   .kind = sm_val_text(sm_val_get(names, "kind")),
                                   .plural = sm_val_text(sm_val_get(names, "plural")),
                                   .namespaced = !sm_val_is_text(sm_val_get(spec, "scope"), "Cluster")};
    resource.api_version = sm_region_printf(r, "%s/%s", resource.group, resource.version);
    const struct sm_resource *known = sm_resource_of_kind(resource.api_version, resource.kind);
    if (known && strcmp(known->plural, resource.plural) == 0 && known->namespaced == resource.namespaced)
        return known;
    struct sm_resource *made = sm_region_alloc(r, sizeof *made);
    *made = resource;
    return made;
}

static sm_val version_of(sm_val spec, const char *name, size_t *ret_index) {
    sm_val version;
    SM_EACH_ITEM(version, sm_val_get(spec, "versions")) {
        *ret_index = version_i;
        if (name ? sm_val_is_text(sm_val_get(version, "name"), name) : sm_val_is_true(sm_val_get(version, "storage")))
            return version;
    }
    return NULL;
}

static const struct sm_kind_info *compile(struct sm_region *r, sm_val spec, const char *name, struct sm_field_errors *errors) {
    size_t index = 0, before = errors->count;
    sm_val version = version_of(spec, name, &index);
    if (!version)
        return NULL;
    struct sm_field_path steps[5] = {sm_path_child(NULL, "spec"), sm_path_child(&steps[0], "versions"), sm_path_index(&steps[1], index),
                                     sm_path_child(&steps[2], "schema"), sm_path_child(&steps[3], "openAPIV3Schema")};
    sm_val names = sm_val_get(spec, "names"), subresources = sm_val_get(version, "subresources");
    const struct sm_resource *resource = resource_of(r, spec, version);
    const struct sm_schema *schema =
        sm_structural_compile(r, errors, &steps[4], resource->kind, sm_val_at(version, "schema.openAPIV3Schema"));
    if (errors->count > before)
        return NULL;

    bool status = sm_val_get(subresources, "status") != NULL;
    struct sm_kind_info *kind = sm_region_alloc(r, sizeof *kind);
    *kind = (struct sm_kind_info){.resource = resource,
                                  .schema = schema,
                                  .list_kind = text_or(names, "listKind", sm_region_printf(r, "%sList", resource->kind)),
                                  .singular = text_or(names, "singular", lower(r, resource->kind)),
                                  .short_names = texts_of(r, sm_val_get(names, "shortNames")),
                                  .categories = texts_of(r, sm_val_get(names, "categories")),
                                  .generation = status ? SM_GENERATION_ALL_BUT_STATUS : SM_GENERATION_ALL,
                                  .name_rule = SM_NAME_SUBDOMAIN,
                                  .propagation = SM_BACKGROUND,
                                  .custom = true,
                                  .version = version,
                                  .status = status,
                                  .scale = sm_val_get(subresources, "scale") != NULL,
                                  .update_needs_version = true,
                                  .selectable = selectable_of(r, sm_val_get(version, "selectableFields"))};
    return kind;
}

/* --- What was compiled stays ---------------------------------------------------------------------------------------------- */

enum { KEPT_MAX = 16, KEPT_BYTES_MAX = 64 * 1024 * 1024 };

static struct {
    atomic_flag busy; /* runs may share the process with others */
    struct sm_region region;
    size_t count;
    struct {
        sm_val spec;
        const char *version;
        const struct sm_kind_info *kind;
        bool sound;
    } entries[KEPT_MAX];
} kept = {.busy = ATOMIC_FLAG_INIT};

static void lock(void) {
    while (atomic_flag_test_and_set(&kept.busy))
        continue;
}

static void unlock(void) {
    atomic_flag_clear(&kept.busy);
}

static const struct sm_kind_info *find_kept(sm_val spec, const char *version) {
    for (size_t i = 0; i < kept.count; i++)
        if (sm_val_equal(kept.entries[i].spec, spec) && strcmp(kept.entries[i].version, version) == 0)
            return kept.entries[i].kind;
    return NULL;
}

static const struct sm_kind_info *compile_kept(sm_val spec, const char *version, struct sm_field_errors *errors) {
    if (!kept.region.limit_bytes)
        sm_region_init(&kept.region, "custom kinds", KEPT_BYTES_MAX);
    struct sm_region_mark mark = sm_region_mark(&kept.region);
    sm_val own = sm_val_copy(&kept.region, spec, NULL);
    const char *own_version = sm_region_strdup(&kept.region, version);
    const struct sm_kind_info *kind = compile(&kept.region, own, own_version, errors);
    if (!kind) {
        sm_region_rewind(&kept.region, mark);
        return NULL;
    }
    kept.entries[kept.count].spec = own;
    kept.entries[kept.count].version = own_version;
    kept.entries[kept.count].sound = false;
    kept.entries[kept.count++].kind = kind;
    return kind;
}

const struct sm_kind_info *sm_crd_compile(struct sm_region *r, sm_val definition, const char *version, struct sm_field_errors *errors) {
    sm_val spec = sm_val_get(definition, "spec");
    size_t index;
    const char *name = sm_val_text(sm_val_get(version_of(spec, version, &index), "name"));
    if (!*name)
        return NULL;
    lock();
    const struct sm_kind_info *kind = find_kept(spec, name);
    bool room = kept.count < KEPT_MAX && kept.region.used_bytes < KEPT_BYTES_MAX / 2;
    if (!kind && room)
        kind = compile_kept(spec, name, errors);
    unlock();
    return kind || room ? kind : compile(r, spec, name, errors);
}

bool sm_crd_is_sound(sm_val spec) {
    bool sound = false;
    lock();
    for (size_t i = 0; i < kept.count; i++)
        sound = sound || (kept.entries[i].sound && sm_val_equal(kept.entries[i].spec, spec));
    unlock();
    return sound;
}

void sm_crd_note_sound(sm_val spec) {
    lock();
    for (size_t i = 0; i < kept.count; i++)
        kept.entries[i].sound = kept.entries[i].sound || sm_val_equal(kept.entries[i].spec, spec);
    unlock();
}

/* --- Validating objects --------------------------------------------------------------------------------------------------- */

/* Faults after which rules could fail for no reason of their own. */
static bool broken(const struct sm_field_errors *errors) {
    static const char *const reasons[] = {"FieldValueNotSupported", "FieldValueRequired", "FieldValueTooLong", "FieldValueTooMany",
                                          "FieldValueTypeInvalid"};
    for (size_t i = 0; i < errors->count; i++)
        for (size_t j = 0; j < sizeof reasons / sizeof *reasons; j++)
            if (strcmp(errors->causes[i].reason, reasons[j]) == 0)
                return true;
    return false;
}

static void check_schema(const struct sm_structural *root, bool status, struct sm_field_errors *errors, sm_val object, sm_val before) {
    if (!status) {
        sm_structural_check(root, errors, NULL, object, before);
        return;
    }
    const struct sm_structural *node = sm_structural_property(root, "status");
    struct sm_field_path path = sm_path_child(NULL, "status");
    sm_val value = sm_val_get(object, "status");
    if (node && value)
        sm_structural_check(node, errors, &path, value, sm_val_get(before, "status"));
}

void sm_crd_validate(const struct sm_write *write, const struct sm_kind_info *kind, struct sm_field_errors *errors, sm_val object,
                     sm_val before) {
    const struct sm_structural *root = kind->schema->structural;
    check_schema(root, strcmp(write->subresource, "status") == 0, errors, object, before);
    sm_structural_check_embedded(root, errors, object);
    sm_structural_check_lists(root, errors, object, before);
    if (!root->below_rules)
        return;
    if (broken(errors))
        sm_field_invalid_text(errors, "<nil>", "\"null\"",
                              "some validation rules were not checked because the object was invalid; correct the existing errors to "
                              "complete validation");
    else
        sm_structural_check_rules(root, errors, object, before);
}
