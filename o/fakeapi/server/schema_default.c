/* Defaulting: what Kubernetes' SetDefaults functions do, from the column of defaults in the tables and their fill functions. */
#include <string.h>

#include "json.h"
#include "map_edit.h"
#include "schema.h"

/* Nothing in such a value has a default. */
static bool is_plain(const struct sm_schema *schema) {
    if (schema->type == SM_TYPE_LIST || schema->type == SM_TYPE_MAP)
        schema = schema->element;
    return schema->plain || schema->type == SM_TYPE_ANY || schema->type > SM_TYPE_LIST;
}

static sm_val default_field(struct sm_region *r, const struct sm_field *field, sm_val value, sm_val known) {
    bool absent = !value || (sm_val_is_null(value) && field->absent && !field->schema->nullable);
    if (absent)
        value = field->absent ? sm_json_literal(r, field->absent) : value;
    return value && !is_plain(field->schema) ? sm_schema_default_with(r, field->schema, value, absent ? NULL : known) : value;
}

/* Beside an object that was defaulted before, the table is asked only where the two differ. */
static sm_val default_changed(struct sm_region *r, const struct sm_schema *schema, sm_val v, sm_val known) {
    struct map_edit edit = map_edit_of(r, v, known->count);
    uint32_t i = 0, k = 0;
    while (i < v->count || k < known->count) {
        const struct sm_member *member = i < v->count ? &v->map[i] : NULL, *old = k < known->count ? &known->map[k] : NULL;
        int order = !member ? 1 : !old ? -1 : map_key_order(member->key, old->key);
        i += order <= 0;
        k += order >= 0;
        if (order == 0 && member->value == old->value) {
            map_edit_take(&edit, member, member->value);
            continue;
        }
        const struct sm_member *one = order <= 0 ? member : old;
        const struct sm_field *field = sm_schema_field(schema, one->key, one->key_bytes);
        sm_val value = field ? default_field(r, field, order <= 0 ? member->value : NULL, order == 0 ? old->value : NULL) : NULL;
        if (order <= 0)
            map_edit_take(&edit, member, field ? value : member->value);
        else if (value)
            map_edit_add(&edit, field->name, value);
    }
    v = map_edit_end(&edit);
    return schema->fill ? schema->fill(r, v) : v;
}

static sm_val default_object(struct sm_region *r, const struct sm_schema *schema, sm_val v, sm_val known) {
    if (sm_val_is_map(known))
        return default_changed(r, schema, v, known);
    const struct sm_field *field = schema->fields, *end = field ? field + schema->field_count : NULL;
    struct map_edit edit = map_edit_of(r, v, schema->field_count);
    uint32_t i = 0;
    while (i < v->count || field < end) {
        const struct sm_member *member = i < v->count ? &v->map[i] : NULL;
        int order = !member ? 1 : field == end ? -1 : map_key_order(member->key, field->name);
        if (order < 0)
            map_edit_take(&edit, member, member->value);
        else if (order == 0)
            map_edit_take(&edit, member, default_field(r, field, member->value, NULL));
        else if (field->absent)
            map_edit_add(&edit, field->name, default_field(r, field, NULL, NULL));
        i += order <= 0;
        field += order >= 0;
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
    if (is_plain(schema))
        return object;
    if (known && sm_val_equal(object, known))
        return known;
    if (schema->type == SM_TYPE_OBJECT && sm_val_is_map(object))
        return default_object(r, schema, object, known);
    if (schema->type == SM_TYPE_MAP && sm_val_is_map(object))
        return default_map(r, schema, object, known);
    if (schema->type == SM_TYPE_LIST && sm_val_is_list(object))
        return default_list(r, schema, object, known);
    return object;
}
