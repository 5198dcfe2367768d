/* Defaulting: what Kubernetes' SetDefaults functions do, from the column of defaults in the tables and their fill functions. */
#include <string.h>

#include "json.h"
#include "map_edit.h"
#include "schema.h"

static bool is_scalar(const struct sm_schema *schema) {
    return schema->type == SM_TYPE_ANY || schema->type > SM_TYPE_LIST;
}

static sm_val default_object(struct sm_region *r, const struct sm_schema *schema, sm_val v, sm_val known) {
    const struct sm_field *field = schema->fields, *end = field + schema->field_count;
    struct map_edit edit = map_edit_of(r, v, schema->field_count);
    uint32_t i = 0;
    while (i < v->count || field < end) {
        const struct sm_member *member = i < v->count ? &v->map[i] : NULL;
        int order = !member ? 1 : field == end ? -1 : strcmp(member->key, field->name);
        if (order < 0) {
            map_edit_take(&edit, member, member->value);
            i++;
            continue;
        }

        bool absent = order > 0 || (sm_val_is_null(member->value) && field->absent && !field->schema->nullable);
        sm_val value = !absent ? member->value : field->absent ? sm_json_literal(r, field->absent) : NULL;
        if (value && !is_scalar(field->schema)) {
            sm_val before = known && !absent ? sm_val_getn(known, member->key, member->key_bytes) : NULL;
            value = sm_schema_default_with(r, field->schema, value, before);
        }
        if (order == 0) {
            map_edit_take(&edit, member, value);
            i++;
        } else if (value)
            map_edit_add(&edit, field->name, value);
        field++;
    }
    v = map_edit_end(&edit);
    return schema->fill ? schema->fill(r, v) : v;
}

static sm_val default_map(struct sm_region *r, const struct sm_schema *schema, sm_val v, sm_val known) {
    struct map_edit edit = map_edit_of(r, v, 0);
    const struct sm_member *member;
    SM_EACH_MEMBER(member, v) {
        sm_val before = known ? sm_val_getn(known, member->key, member->key_bytes) : NULL;
        map_edit_take(&edit, member, sm_schema_default_with(r, schema->element, member->value, before));
    }
    return map_edit_end(&edit);
}

static sm_val default_list(struct sm_region *r, const struct sm_schema *schema, sm_val v, sm_val known) {
    sm_val *items = NULL;
    for (uint32_t i = 0; i < v->count; i++) {
        sm_val value = sm_schema_default_with(r, schema->element, v->list[i], sm_val_item(known, i));
        if (!items && value != v->list[i]) {
            items = sm_region_alloc(r, v->count * sizeof *items);
            memcpy(items, v->list, i * sizeof *items);
        }
        if (items)
            items[i] = value;
    }
    return items ? sm_val_from_items(r, items, v->count) : v;
}

sm_val sm_schema_default_with(struct sm_region *r, const struct sm_schema *schema, sm_val object, sm_val known) {
    if (known && sm_val_equal(object, known))
        return known;
    if (schema->type == SM_TYPE_OBJECT && sm_val_is_map(object))
        return default_object(r, schema, object, known);
    if (schema->type == SM_TYPE_MAP && !is_scalar(schema->element) && sm_val_is_map(object))
        return default_map(r, schema, object, known);
    if (schema->type == SM_TYPE_LIST && !is_scalar(schema->element) && sm_val_is_list(object))
        return default_list(r, schema, object, known);
    return object;
}
