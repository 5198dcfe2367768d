#include "structural_schema.h"

#include "json.h"
#include "kind.h"

static const struct sm_schema text = {.type = SM_TYPE_STRING, .plain = true},
                              anything = {.type = SM_TYPE_ANY, .preserve_unknown = true, .plain = true};

/* What every object has, whether its schema says so or not; what the schema says of metadata does not matter for decoding. */
static const struct sm_field implied[] = {{.name = "apiVersion", .schema = &text},
                                          {.name = "kind", .schema = &text},
                                          {.name = "metadata", .schema = &sm_schema_object_meta}};
enum { IMPLIED_COUNT = sizeof implied / sizeof *implied };

static const struct sm_schema *make(struct sm_region *r, const char *name, bool object, sm_val json, const struct sm_structural *node);

static enum sm_type type_of(sm_val json, const struct sm_structural *node) {
    static const enum sm_type simple[] = {[SM_JSON_STRING] = SM_TYPE_STRING,
                                          [SM_JSON_INTEGER] = SM_TYPE_INT64,
                                          [SM_JSON_NUMBER] = SM_TYPE_NUMBER,
                                          [SM_JSON_BOOLEAN] = SM_TYPE_BOOL,
                                          [SM_JSON_ARRAY] = SM_TYPE_LIST};
    if (node->int_or_string)
        return SM_TYPE_INT_OR_STRING;
    if (node->types == 0)
        return SM_TYPE_ANY;
    if (node->types != SM_JSON_OBJECT)
        return simple[node->types];
    return sm_val_get(json, "additionalProperties") && !node->property_count ? SM_TYPE_MAP : SM_TYPE_OBJECT;
}

static bool implies(const char *name) {
    for (size_t i = 0; i < IMPLIED_COUNT; i++)
        if (strcmp(implied[i].name, name) == 0)
            return true;
    return false;
}

static void insert(struct sm_field *fields, uint32_t *count, struct sm_field field) {
    uint32_t at = (*count)++;
    for (; at && strcmp(fields[at - 1].name, field.name) > 0; at--)
        fields[at] = fields[at - 1];
    fields[at] = field;
}

static void make_fields(struct sm_region *r, bool object, sm_val json, const struct sm_structural *node, struct sm_schema *schema) {
    sm_val properties = sm_val_get(json, "properties");
    struct sm_field *fields = sm_region_alloc(r, (node->property_count + IMPLIED_COUNT) * sizeof *fields);
    uint32_t count = 0;
    for (size_t i = 0; i < node->property_count; i++) {
        const struct sm_property *property = &node->properties[i];
        if (object && implies(property->name))
            continue;
        sm_val child = sm_val_get(properties, property->name), absent = sm_val_get(child, "default");
        fields[count++] = (struct sm_field){.name = property->name,
                                            .schema = make(r, NULL, false, child, property->node),
                                            .absent = absent ? sm_json_text(r, absent, SM_JSON_COMPACT) : NULL};
    }
    for (size_t i = 0; object && i < IMPLIED_COUNT; i++)
        insert(fields, &count, implied[i]);
    schema->fields = fields;
    schema->field_count = count;
}

static const struct sm_schema *make_element(struct sm_region *r, sm_val json, const char *key, const struct sm_structural *node) {
    return node ? make(r, NULL, false, sm_val_get(json, key), node) : &anything;
}

static bool has_default(const struct sm_schema *schema) {
    for (uint32_t i = 0; i < schema->field_count; i++)
        if (schema->fields[i].absent || !schema->fields[i].schema->plain)
            return true;
    return schema->element && !schema->element->plain;
}

/* [object]: has apiVersion, kind and metadata. */
static const struct sm_schema *make(struct sm_region *r, const char *name, bool object, sm_val json, const struct sm_structural *node) {
    struct sm_schema *schema = sm_region_zalloc(r, sizeof *schema);
    *schema = (struct sm_schema){.name = name,
                                 .type = type_of(json, node),
                                 .nullable = node->nullable,
                                 .preserve_unknown = node->preserve_unknown,
                                 .atomic = sm_val_is_text(sm_val_get(json, "x-kubernetes-map-type"), "atomic"),
                                 .structural = node};
    if (schema->type == SM_TYPE_OBJECT)
        make_fields(r, object || node->embedded, json, node, schema);
    if (schema->type == SM_TYPE_MAP)
        schema->element = make_element(r, json, "additionalProperties", node->additional);
    if (schema->type == SM_TYPE_LIST) {
        schema->element = make_element(r, json, "items", node->items);
        schema->list = (enum sm_list)node->list;
        for (size_t i = 0; i < SM_SCHEMA_KEYS_MAX && node->keys[i]; i++)
            schema->keys[i] = node->keys[i];
    }
    schema->plain = !has_default(schema);
    return schema;
}

const struct sm_schema *sm_structural_schema(struct sm_region *r, const char *kind, sm_val json, const struct sm_structural *node) {
    return make(r, kind, true, json, node);
}
