/* What a schema must be to be structural, in Kubernetes' words (KEP "structural schemas"): types everywhere, nothing that pruning
 * could not follow, and defaults that obey their own schema. Asked before it is compiled. */
#include "structural_define.h"

#include "structural.h"

enum level { ROOT, FIELD, ITEM };

struct definer {
    struct sm_field_errors *errors;
};

static void define(const struct definer *d, const struct sm_field_path *path, sm_val schema, enum level level);
static void define_alternatives(const struct definer *d, const struct sm_field_path *path, sm_val schema, bool int_or_string);

static const char *place(const struct definer *d, const struct sm_field_path *path, const char *child) {
    struct sm_field_path at = sm_path_child(path, child);
    return sm_field_path_text(d->errors->region, &at, NULL);
}

static bool is_true(sm_val schema, const char *key) {
    return sm_val_is_true(sm_val_get(schema, key));
}

static void define_type(const struct definer *d, const struct sm_field_path *path, sm_val schema, enum level level) {
    static const char *const types[] = {"array", "boolean", "integer", "number", "object", "string", NULL};
    static const char *const missing[] = {[ROOT] = "must not be empty at the root",
                                          [FIELD] = "must not be empty for specified object fields",
                                          [ITEM] = "must not be empty for specified array items"};
    sm_val type = sm_val_get(schema, "type");
    const char *name = sm_val_text(type);
    bool known = false;
    for (size_t i = 0; types[i]; i++)
        known = known || strcmp(types[i], name) == 0;

    if (!*name && !is_true(schema, "x-kubernetes-int-or-string") && !is_true(schema, "x-kubernetes-preserve-unknown-fields"))
        sm_field_required(d->errors, place(d, path, "type"), missing[level]);
    else if (*name && !known)
        sm_field_unsupported(d->errors, place(d, path, "type"), type, types);
    else if (*name && level == ROOT && strcmp(name, "object") != 0)
        sm_field_invalid(d->errors, place(d, path, "type"), type, "must be object at the root");
    if (*name && is_true(schema, "x-kubernetes-int-or-string"))
        sm_field_forbidden(d->errors, place(d, path, "type"), "must be empty if x-kubernetes-int-or-string is true");
    if (strcmp(name, "array") == 0 && !sm_val_is_map(sm_val_get(schema, "items")))
        sm_field_required(d->errors, place(d, path, "items"), "must be specified");
}

static void define_forbidden(const struct definer *d, const struct sm_field_path *path, sm_val schema, enum level level) {
    static const char *const keywords[] = {"$ref", "definitions", "dependencies", "id", "patternProperties", "additionalItems"};
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        sm_val value = sm_val_get(schema, keywords[i]);
        if (value && !(sm_val_is_string(value) && !value->count))
            sm_field_forbidden(d->errors, place(d, path, keywords[i]), sm_field_text(d->errors, "%s is not supported", keywords[i]));
    }
    sm_val additional = sm_val_get(schema, "additionalProperties");
    if (additional && level == ROOT)
        sm_field_forbidden(d->errors, place(d, path, "additionalProperties"), "must not be used at the root");
    else if (additional && sm_val_count(sm_val_get(schema, "properties")))
        sm_field_forbidden(d->errors, place(d, path, "additionalProperties"), "additionalProperties and properties are mutual exclusive");
    else if (additional && additional->kind == SM_KIND_BOOL && !additional->boolean)
        sm_field_forbidden(d->errors, place(d, path, "additionalProperties"), "additionalProperties cannot be set to false");
    if (is_true(schema, "uniqueItems"))
        sm_field_forbidden(d->errors, place(d, path, "uniqueItems"),
                           "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
    if (is_true(schema, "x-kubernetes-embedded-resource") && !is_true(schema, "x-kubernetes-preserve-unknown-fields") &&
        !sm_val_count(sm_val_get(schema, "properties")))
        sm_field_required(d->errors, place(d, path, "properties"),
                          "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields");
}

/* A key of a list of type map must be there: required, or with a default. */
static void define_key(const struct definer *d, const struct sm_field_path *path, sm_val items, sm_val key) {
    sm_val property = sm_val_get(sm_val_get(items, "properties"), sm_val_text(key)), required = sm_val_get(items, "required"), name;
    const char *at = place(d, path, "x-kubernetes-list-map-keys");
    if (!property) {
        sm_field_invalid(d->errors, at, key, "entries must all be names of item properties");
        return;
    }
    bool there = sm_val_get(property, "default") != NULL;
    SM_EACH_ITEM(name, required)
        there = there || sm_val_equal(name, key);
    if (!there)
        sm_field_required(d->errors,
                          sm_field_text(d->errors, "%s.items.properties[%s].default", sm_field_path_text(d->errors->region, path, NULL),
                                        sm_val_text(key)),
                          "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property");
}

static void define_list(const struct definer *d, const struct sm_field_path *path, sm_val schema) {
    static const char *const list_types[] = {"atomic", "set", "map", NULL}, *const map_types[] = {"atomic", "granular", NULL};
    sm_val list = sm_val_get(schema, "x-kubernetes-list-type"), map = sm_val_get(schema, "x-kubernetes-map-type");
    sm_val keys = sm_val_get(schema, "x-kubernetes-list-map-keys"), key;
    const char *name = sm_val_text(list), *map_name = sm_val_text(map);
    bool is_map = strcmp(name, "map") == 0;
    if (*name && strcmp(name, "atomic") != 0 && strcmp(name, "set") != 0 && !is_map)
        sm_field_unsupported(d->errors, place(d, path, "x-kubernetes-list-type"), list, list_types);
    if (*map_name && strcmp(map_name, "atomic") != 0 && strcmp(map_name, "granular") != 0)
        sm_field_unsupported(d->errors, place(d, path, "x-kubernetes-map-type"), map, map_types);
    if (*name && !sm_val_is_text(sm_val_get(schema, "type"), "array"))
        sm_field_invalid(d->errors, place(d, path, "type"), sm_val_str(d->errors->region, sm_val_text(sm_val_get(schema, "type"))),
                         "must be array if x-kubernetes-list-type is specified");
    if (is_map && !sm_val_count(keys))
        sm_field_required(d->errors, place(d, path, "x-kubernetes-list-map-keys"), "must not be empty if x-kubernetes-list-type is map");
    if (!is_map && sm_val_count(keys))
        sm_field_required(d->errors, place(d, path, "x-kubernetes-list-type"), "must be map if x-kubernetes-list-map-keys is non-empty");
    SM_EACH_ITEM(key, is_map ? keys : NULL)
        define_key(d, path, sm_val_get(schema, "items"), key);
}

/* Below allOf, anyOf, oneOf and not stand checks of values only: what is there is said once, outside. */
static void define_alternative(const struct definer *d, const struct sm_field_path *path, sm_val schema, bool int_or_string) {
    static const struct {
        const char *key, *must;
    } keys[] = {{"additionalProperties", "must be undefined to be structural"},
                {"default", "must be undefined to be structural"},
                {"description", "must be empty to be structural"},
                {"nullable", "must be false to be structural"},
                {"title", "must be empty to be structural"},
                {"type", "must be empty to be structural"},
                {"x-kubernetes-embedded-resource", "must be false to be structural"},
                {"x-kubernetes-int-or-string", "must be false to be structural"},
                {"x-kubernetes-preserve-unknown-fields", "must be false to be structural"}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        sm_val value = sm_val_get(schema, keys[i].key);
        bool empty = !value || (sm_val_is_string(value) && !value->count) || (value->kind == SM_KIND_BOOL && !value->boolean);
        if (!empty && !(int_or_string && strcmp(keys[i].key, "type") == 0))
            sm_field_forbidden(d->errors, place(d, path, keys[i].key), keys[i].must);
    }
    define_alternatives(d, path, schema, false);
    const struct sm_member *member;
    struct sm_field_path properties = sm_path_child(path, "properties"), items = sm_path_child(path, "items");
    SM_EACH_MEMBER(member, sm_val_get(schema, "properties")) {
        struct sm_field_path at = sm_path_key(&properties, member->key);
        define_alternative(d, &at, member->value, false);
    }
    if (sm_val_is_map(sm_val_get(schema, "items")))
        define_alternative(d, &items, sm_val_get(schema, "items"), false);
}

static void define_alternatives(const struct definer *d, const struct sm_field_path *path, sm_val schema, bool int_or_string) {
    static const char *const lists[] = {"allOf", "anyOf", "oneOf"};
    sm_val one;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct sm_field_path all = sm_path_child(path, lists[i]);
        SM_EACH_ITEM(one, sm_val_get(schema, lists[i])) {
            struct sm_field_path at = sm_path_index(&all, one_i);
            define_alternative(d, &at, one, int_or_string);
        }
    }
    struct sm_field_path not = sm_path_child(path, "not");
    if (sm_val_is_map(sm_val_get(schema, "not")))
        define_alternative(d, &not, sm_val_get(schema, "not"), false);
}

static void define(const struct definer *d, const struct sm_field_path *path, sm_val schema, enum level level) {
    define_type(d, path, schema, level);
    define_forbidden(d, path, schema, level);
    define_list(d, path, schema);
    define_alternatives(d, path, schema, is_true(schema, "x-kubernetes-int-or-string"));

    const struct sm_member *member;
    struct sm_field_path properties = sm_path_child(path, "properties"), items = sm_path_child(path, "items"),
                         additional = sm_path_child(path, "additionalProperties");
    SM_EACH_MEMBER(member, sm_val_get(schema, "properties")) {
        struct sm_field_path at = sm_path_key(&properties, member->key);
        define(d, &at, member->value, FIELD);
    }
    if (sm_val_is_map(sm_val_get(schema, "items")))
        define(d, &items, sm_val_get(schema, "items"), ITEM);
    if (sm_val_is_map(sm_val_get(schema, "additionalProperties")))
        define(d, &additional, sm_val_get(schema, "additionalProperties"), FIELD);
}

void sm_structural_define(struct sm_field_errors *errors, const struct sm_field_path *path, sm_val schema) {
    struct definer d = {.errors = errors};
    define(&d, path, schema, ROOT);
}

/* --- Defaults ------------------------------------------------------------------------------------------------------------- */

void sm_structural_check_defaults(const struct sm_structural *node, struct sm_field_errors *errors, const struct sm_field_path *path,
                                  sm_val schema) {
    struct sm_field_path at = sm_path_child(path, "default"), properties = sm_path_child(path, "properties"),
                         items = sm_path_child(path, "items"), additional = sm_path_child(path, "additionalProperties");
    sm_val absent = sm_val_get(schema, "default");
    if (absent && !sm_val_is_null(absent))
        sm_structural_check(node, errors, &at, absent, NULL);
    for (uint32_t i = 0; i < node->property_count; i++) {
        struct sm_field_path one = sm_path_key(&properties, node->properties[i].name);
        sm_structural_check_defaults(node->properties[i].node, errors, &one,
                                     sm_val_get(sm_val_get(schema, "properties"), node->properties[i].name));
    }
    if (node->items)
        sm_structural_check_defaults(node->items, errors, &items, sm_val_get(schema, "items"));
    if (node->additional)
        sm_structural_check_defaults(node->additional, errors, &additional, sm_val_get(schema, "additionalProperties"));
}
