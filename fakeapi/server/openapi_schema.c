#include "openapi_schema.h"

#include <string.h>

#include "json.h"
#include "str.h"

struct building {
    struct sm_region *r;
    const struct sm_kind_info *kind;
    const char *place;
    sm_val components;
};

static sm_val property(struct building *b, const struct sm_schema *schema);

/* `io.k8s.api.apps.v1.StatefulSetSpec`; a custom resource's group backwards: `com.example.v1.Widget`. */
static const char *name_of(const struct building *b, const char *type) {
    const struct sm_resource *resource = b->kind->resource;
    const char *group = *resource->group ? resource->group : "core", *end = group + strlen(group);
    struct sm_str name;

    sm_str_init(&name, b->r);
    if (!b->kind->custom) {
        sm_str_addf(&name, "io.k8s.api.%.*s.%s.%s", (int)strcspn(group, "."), group, resource->version, type);
        return name.data;
    }
    while (end > group) {
        const char *begin = end;
        while (begin > group && begin[-1] != '.')
            begin--;
        sm_str_addf(&name, "%.*s.", (int)(end - begin), begin);
        end = begin > group ? begin - 1 : group;
    }
    sm_str_addf(&name, "%s.%s", resource->version, type);
    return name.data;
}

static sm_val text(const struct building *b, const char *s) {
    return sm_val_str(b->r, s);
}

static sm_val typed(const struct building *b, const char *type, const char *format) {
    return SM_MAP(b->r, "type", text(b, type), "format", format ? text(b, format) : NULL);
}

static sm_val list(struct building *b, const struct sm_schema *schema) {
    static const char *const types[] = {[SM_LIST_ATOMIC] = "atomic", [SM_LIST_SET] = "set", [SM_LIST_MAP] = "map"};
    const char *strategy = schema->retain_keys ? "merge,retainKeys" : "merge";
    sm_val keys = NULL;

    for (size_t i = 0; schema->list == SM_LIST_MAP && schema->keys[i]; i++)
        keys = sm_val_append(b->r, keys, text(b, schema->keys[i]));
    return SM_MAP(b->r, "type", text(b, "array"), "items", property(b, schema->element), "x-kubernetes-list-type",
                  text(b, types[schema->list]), "x-kubernetes-list-map-keys", keys, "x-kubernetes-patch-strategy",
                  schema->merge_key ? text(b, strategy) : NULL, "x-kubernetes-patch-merge-key",
                  schema->merge_key && *schema->merge_key ? text(b, schema->merge_key) : NULL);
}

static sm_val object(struct building *b, const struct sm_schema *schema) {
    sm_val properties = SM_EMPTY_MAP;
    struct sm_json_error error;

    for (uint32_t i = 0; i < schema->field_count; i++) {
        const struct sm_field *field = &schema->fields[i];
        sm_val it = property(b, field->schema);
        if (field->absent)
            it = sm_val_set(b->r, it, "default", sm_json_parse(b->r, field->absent, strlen(field->absent), NULL, &error));
        properties = sm_val_set(b->r, properties, field->name, it);
    }
    return SM_MAP(b->r, "type", text(b, "object"), "properties", schema->field_count ? properties : NULL,
                  "x-kubernetes-preserve-unknown-fields", schema->preserve_unknown ? SM_TRUE : NULL, "x-kubernetes-map-type",
                  schema->atomic ? text(b, "atomic") : NULL, "x-kubernetes-patch-strategy",
                  schema->retain_keys ? text(b, "retainKeys") : NULL);
}

/* A type that has a name is said once. It is known before its fields are, since they may lead back to it. */
static sm_val reference(struct building *b, const struct sm_schema *schema) {
    const char *name = name_of(b, schema->name);

    if (!sm_val_get(b->components, name)) {
        b->components = sm_val_set(b->r, b->components, name, SM_EMPTY_MAP);
        sm_val said = object(b, schema);
        b->components = sm_val_set(b->r, b->components, name, said);
    }
    sm_val to = SM_MAP(b->r, "$ref", sm_val_strf(b->r, "%s%s", b->place, name));
    return SM_MAP(b->r, "allOf", SM_LIST(b->r, to), "x-kubernetes-patch-strategy", schema->retain_keys ? text(b, "retainKeys") : NULL);
}

static sm_val property(struct building *b, const struct sm_schema *schema) {
    switch (schema->type) {
    case SM_TYPE_OBJECT:
        return schema->name ? reference(b, schema) : object(b, schema);
    case SM_TYPE_MAP:
        return SM_MAP(b->r, "type", text(b, "object"), "additionalProperties", property(b, schema->element));
    case SM_TYPE_LIST:
        return list(b, schema);
    case SM_TYPE_STRING:
        return typed(b, "string", NULL);
    case SM_TYPE_BOOL:
        return typed(b, "boolean", NULL);
    case SM_TYPE_INT32:
        return typed(b, "integer", "int32");
    case SM_TYPE_INT64:
        return typed(b, "integer", "int64");
    case SM_TYPE_NUMBER:
        return typed(b, "number", "double");
    case SM_TYPE_INT_OR_STRING:
        return typed(b, "string", "int-or-string");
    case SM_TYPE_QUANTITY:
        return typed(b, "string", NULL);
    case SM_TYPE_TIME:
    case SM_TYPE_MICROTIME:
        return typed(b, "string", "date-time");
    case SM_TYPE_BYTES:
        return typed(b, "string", "byte");
    case SM_TYPE_ANY:
        break;
    }
    return SM_MAP(b->r, "x-kubernetes-preserve-unknown-fields", SM_TRUE);
}

/* A custom resource brings its own schema; what every object has is added. */
static sm_val custom(struct building *b) {
    sm_val schema = sm_val_at(b->kind->version, "schema.openAPIV3Schema"), properties = sm_val_get(schema, "properties");

    if (!schema)
        return SM_MAP(b->r, "type", text(b, "object"), "x-kubernetes-preserve-unknown-fields", SM_TRUE);
    properties = sm_val_set(b->r, properties, "apiVersion", typed(b, "string", NULL));
    properties = sm_val_set(b->r, properties, "kind", typed(b, "string", NULL));
    properties = sm_val_set(b->r, properties, "metadata", property(b, &sm_schema_object_meta));
    return sm_val_set(b->r, schema, "properties", properties);
}

sm_val sm_openapi_add(struct sm_region *r, sm_val components, const struct sm_kind_info *kind, const char *place) {
    const struct sm_resource *resource = kind->resource;
    struct building b = {.r = r, .kind = kind, .place = place, .components = components};
    const char *name = name_of(&b, resource->kind);
    sm_val itself = SM_MAP(r, "group", text(&b, resource->group), "version", text(&b, resource->version), "kind", text(&b, resource->kind));

    sm_val said = kind->custom ? custom(&b) : object(&b, kind->schema);
    said = sm_val_set(r, said, "x-kubernetes-group-version-kind", SM_LIST(r, itself));
    return sm_val_set(r, b.components, name, said);
}
