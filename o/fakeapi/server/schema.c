/* Looking into schemas. */
#include "schema.h"

#include <string.h>

const struct sm_field *sm_schema_field(const struct sm_schema *schema, const char *name, size_t name_bytes) {
    if (!schema || schema->type != SM_TYPE_OBJECT)
        return NULL;
    uint32_t low = 0, high = schema->field_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct sm_field *field = &schema->fields[middle];
        int order = (unsigned char)field->name[0] - (name_bytes ? (unsigned char)name[0] : 0);
        if (!order)
            order = strncmp(field->name, name, name_bytes);
        if (order == 0 && field->name[name_bytes] == '\0')
            return field;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct sm_schema *sm_schema_child(const struct sm_schema *schema, const char *name, size_t name_bytes) {
    if (schema && schema->type == SM_TYPE_MAP)
        return schema->element;
    const struct sm_field *field = sm_schema_field(schema, name, name_bytes);
    return field ? field->schema : NULL;
}

sm_val sm_schema_zero(struct sm_region *r, const struct sm_schema *schema) {
    switch (schema->type) {
    case SM_TYPE_OBJECT:
        return sm_schema_decode(r, schema, SM_EMPTY_MAP).object;
    case SM_TYPE_STRING:
        return SM_EMPTY_STRING;
    case SM_TYPE_BOOL:
        return SM_FALSE;
    case SM_TYPE_INT32:
    case SM_TYPE_INT64:
    case SM_TYPE_NUMBER:
    case SM_TYPE_INT_OR_STRING:
        return sm_val_int(r, 0);
    case SM_TYPE_QUANTITY:
        return sm_val_str(r, "0");
    case SM_TYPE_ANY:
    case SM_TYPE_MAP:
    case SM_TYPE_LIST:
    case SM_TYPE_TIME:
    case SM_TYPE_MICROTIME:
    case SM_TYPE_BYTES:
        break;
    }
    return SM_NULL;
}

struct sm_decoded sm_schema_decode(struct sm_region *r, const struct sm_schema *schema, sm_val body) {
    return sm_schema_decode_with(r, schema, body, NULL);
}

sm_val sm_schema_default(struct sm_region *r, const struct sm_schema *schema, sm_val object) {
    return sm_schema_default_with(r, schema, object, NULL);
}
