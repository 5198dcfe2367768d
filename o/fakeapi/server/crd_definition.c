/* Is a CustomResourceDefinition one? In the order and the words of apiextensions-apiserver. */
#include "crd.h"
#include "crd_kept.h"
#include "structural_define.h"

/* --- Names ---------------------------------------------------------------------------------------------------------------- */

static const char *lower(struct sm_region *r, const char *text) {
    char *copy = sm_region_strdup(r, text);
    for (char *p = copy; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    return copy;
}

static void check_group(struct sm_field_errors *errors, sm_val spec) {
    sm_val group = sm_val_get(spec, "group");
    const char *text = sm_val_text(group), *fault = *text ? sm_validate_name(SM_NAME_SUBDOMAIN, text) : NULL;
    if (!*text)
        sm_field_required(errors, "spec.group", "");
    else if (fault)
        sm_field_invalid(errors, "spec.group", group, fault);
    else if (!strchr(text, '.'))
        sm_field_invalid(errors, "spec.group", group, "should be a domain with at least one dot");
}

static void check_label(struct sm_field_errors *errors, const char *path, sm_val name, bool kind) {
    const char *text = sm_val_text(name);
    const char *fault = *text ? sm_validate_name(SM_NAME_LABEL_1035, kind ? lower(errors->region, text) : text) : NULL;
    if (fault)
        sm_field_invalid(errors, path, name,
                         kind ? sm_field_text(errors, "may have mixed case, but should otherwise match: %s", fault) : fault);
}

static void check_names(struct sm_field_errors *errors, sm_val spec) {
    static const struct {
        const char *key, *path;
        bool kind;
    } names[] = {{"plural", "spec.names.plural", false},
                 {"singular", "spec.names.singular", false},
                 {"kind", "spec.names.kind", true},
                 {"listKind", "spec.names.listKind", true}};
    sm_val map = sm_val_get(spec, "names"), item;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!*sm_val_text(sm_val_get(map, names[i].key)))
            sm_field_required(errors, names[i].path, "");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        check_label(errors, names[i].path, sm_val_get(map, names[i].key), names[i].kind);
    SM_EACH_ITEM(item, sm_val_get(map, "shortNames"))
        check_label(errors, sm_field_text(errors, "spec.names.shortNames[%zu]", item_i), item, false);
    sm_val kind = sm_val_get(map, "kind");
    if (kind && sm_val_equal(kind, sm_val_get(map, "listKind")))
        sm_field_invalid(errors, "spec.names.listKind", kind, "kind and listKind may not be the same");
    SM_EACH_ITEM(item, sm_val_get(map, "categories"))
        check_label(errors, sm_field_text(errors, "spec.names.categories[%zu]", item_i), item, false);
}

static void check_own_name(struct sm_field_errors *errors, sm_val definition) {
    sm_val name = sm_val_at(definition, "metadata.name");
    const char *wanted =
        sm_field_text(errors, "%s.%s", sm_val_str_at(definition, "spec.names.plural"), sm_val_str_at(definition, "spec.group"));
    if (name && !sm_val_is_text(name, wanted))
        sm_field_invalid(errors, "metadata.name", name, "must be spec.names.plural+\".\"+spec.group");
}

/* --- Versions ------------------------------------------------------------------------------------------------------------- */

static void check_columns(struct sm_field_errors *errors, const char *path, sm_val version) {
    static const char *const types[] = {"boolean", "date", "integer", "number", "string", NULL};
    sm_val column;
    SM_EACH_ITEM(column, sm_val_get(version, "additionalPrinterColumns")) {
        const char *at = sm_field_text(errors, "%s.additionalPrinterColumns[%zu]", path, column_i);
        sm_val type = sm_val_get(column, "type"), json_path = sm_val_get(column, "jsonPath");
        bool known = false;
        for (size_t i = 0; types[i]; i++)
            known = known || sm_val_is_text(type, types[i]);
        if (!*sm_val_text(sm_val_get(column, "name")))
            sm_field_required(errors, sm_field_text(errors, "%s.name", at), "");
        if (!*sm_val_text(type))
            sm_field_required(errors, sm_field_text(errors, "%s.type", at), "must be one of boolean,date,integer,number,string");
        else if (!known)
            sm_field_invalid(errors, sm_field_text(errors, "%s.type", at), type, "must be one of boolean,date,integer,number,string");
        if (!*sm_val_text(json_path))
            sm_field_required(errors, sm_field_text(errors, "%s.jsonPath", at), "");
        else if (*json_path->string != '.')
            sm_field_invalid(errors, sm_field_text(errors, "%s.jsonPath", at), json_path, "must be a simple json path starting with .");
    }
}

static void check_versions(struct sm_field_errors *errors, sm_val spec) {
    sm_val versions = sm_val_get(spec, "versions"), version;
    size_t storage = 0;
    bool unique = true;
    SM_EACH_ITEM(version, versions) {
        sm_val name = sm_val_get(version, "name");
        const char *path = sm_field_text(errors, "spec.versions[%zu]", version_i);
        storage += sm_val_is_true(sm_val_get(version, "storage"));
        for (size_t i = 0; i < version_i; i++)
            unique = unique && !sm_val_equal(name, sm_val_get(sm_val_item(versions, i), "name"));
        const char *fault = sm_validate_name(SM_NAME_LABEL_1035, sm_val_text(name));
        if (fault)
            sm_field_invalid(errors, sm_field_text(errors, "%s.name", path), name ? name : SM_EMPTY_STRING, fault);
        if (!sm_val_is_map(sm_val_at(version, "schema.openAPIV3Schema")))
            sm_field_required(errors, sm_field_text(errors, "%s.schema.openAPIV3Schema", path), "schemas are required");
        if (!sm_val_is_true(sm_val_get(version, "deprecated")) && sm_val_get(version, "deprecationWarning"))
            sm_field_invalid(errors, sm_field_text(errors, "%s.deprecationWarning", path), sm_val_get(version, "deprecationWarning"),
                             "can only be set for deprecated versions");
        check_columns(errors, path, version);
    }
    if (!unique)
        sm_field_invalid(errors, "spec.versions", versions, "must contain unique version names");
    if (storage != 1)
        sm_field_invalid(errors, "spec.versions", versions ? versions : SM_EMPTY_LIST,
                         "must have exactly one version marked as storage version");
}

static void check_schema(struct sm_field_errors *errors, sm_val definition, size_t index, sm_val version) {
    struct sm_field_path steps[5] = {sm_path_child(NULL, "spec"), sm_path_child(&steps[0], "versions"), sm_path_index(&steps[1], index),
                                     sm_path_child(&steps[2], "schema"), sm_path_child(&steps[3], "openAPIV3Schema")};
    sm_val schema = sm_val_at(version, "schema.openAPIV3Schema");
    size_t before = errors->count;
    if (!sm_val_is_map(schema))
        return;
    sm_structural_define(errors, &steps[4], schema);
    if (errors->count > before)
        return;
    const struct sm_kind_info *kind = sm_crd_compile(errors->region, definition, sm_val_text(sm_val_get(version, "name")), errors);
    if (kind)
        sm_structural_check_defaults(kind->schema->structural, errors, &steps[4], schema);
}

/* --- The whole ------------------------------------------------------------------------------------------------------------ */

static void check_spec(struct sm_field_errors *errors, sm_val definition) {
    static const char *const scopes[] = {"Cluster", "Namespaced", NULL};
    sm_val spec = sm_val_get(definition, "spec"), scope = sm_val_get(spec, "scope"), version;
    size_t before = errors->count;
    if (sm_crd_is_sound(spec))
        return;
    check_group(errors, spec);
    if (!*sm_val_text(scope))
        sm_field_required(errors, "spec.scope", "");
    else if (!sm_val_is_text(scope, "Cluster") && !sm_val_is_text(scope, "Namespaced"))
        sm_field_unsupported(errors, "spec.scope", scope, scopes);
    if (sm_val_is_true(sm_val_get(spec, "preserveUnknownFields")))
        sm_field_invalid(errors, "spec.preserveUnknownFields", SM_TRUE,
                         "cannot set to true, set x-kubernetes-preserve-unknown-fields to true instead");
    check_versions(errors, spec);
    check_names(errors, spec);
    if (errors->count == before)
        SM_EACH_ITEM(version, sm_val_get(spec, "versions"))
            check_schema(errors, definition, version_i, version);
    if (errors->count == before)
        sm_crd_note_sound(spec);
}

static void check_immutable(struct sm_field_errors *errors, const char *path, sm_val definition, sm_val before) {
    sm_val now = sm_val_at(definition, path);
    if (!sm_val_equal(now, sm_val_at(before, path)))
        sm_field_invalid(errors, path, now ? now : SM_NULL, "field is immutable");
}

static bool established(sm_val definition) {
    return sm_val_is_text(sm_val_at(definition, "status.conditions[type=Established].status"), "True");
}

static void check_stored_versions(struct sm_field_errors *errors, sm_val definition) {
    sm_val stored = sm_val_at(definition, "status.storedVersions"), name, version;
    bool storage_stored = false;
    const char *storage = "";
    SM_EACH_ITEM(version, sm_val_at(definition, "spec.versions"))
        if (sm_val_is_true(sm_val_get(version, "storage")))
            storage = sm_val_text(sm_val_get(version, "name"));
    SM_EACH_ITEM(name, stored) {
        bool there = false;
        SM_EACH_ITEM(version, sm_val_at(definition, "spec.versions"))
            there = there || sm_val_equal(name, sm_val_get(version, "name"));
        storage_stored = storage_stored || sm_val_is_text(name, storage);
        if (!there)
            sm_field_invalid(errors, sm_field_text(errors, "status.storedVersions[%zu]", name_i), name, "must appear in spec.versions");
    }
    if (sm_val_count(stored) && !storage_stored)
        sm_field_invalid(errors, "status.storedVersions", stored, sm_field_text(errors, "must have the storage version %s", storage));
}

void sm_crd_validate_definition(struct sm_field_errors *errors, sm_val definition, sm_val before) {
    check_own_name(errors, definition);
    check_spec(errors, definition);
    check_stored_versions(errors, definition);
    if (!before)
        return;
    if (established(before)) {
        check_immutable(errors, "spec.scope", definition, before);
        check_immutable(errors, "spec.names.kind", definition, before);
    }
    check_immutable(errors, "spec.group", definition, before);
    check_immutable(errors, "spec.names.plural", definition, before);
}
