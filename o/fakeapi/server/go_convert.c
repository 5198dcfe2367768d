#include "go_convert.h"

/* reflect.Kind of what a patch decodes to. */
static const char *kind_of(sm_val v) {
    static const char *const names[] = {
        [SM_KIND_NULL] = "invalid", [SM_KIND_BOOL] = "bool",  [SM_KIND_INT] = "int64", [SM_KIND_DOUBLE] = "float64",
        [SM_KIND_STRING] = "string", [SM_KIND_LIST] = "slice", [SM_KIND_MAP] = "map",
    };

    return names[sm_val_kind(v)];
}

static bool is_number(sm_val v) {
    return v->kind == SM_KIND_INT || v->kind == SM_KIND_DOUBLE;
}

static const char *list_error(struct sm_region *r, const struct sm_schema *schema, sm_val v) {
    const char *error = NULL;
    sm_val item;

    if (!sm_val_is_list(v))
        return sm_region_printf(r, "cannot restore slice from %s", kind_of(v));
    SM_EACH_ITEM(item, v) {
        error = sm_go_convert_error(r, schema->element, item);
        if (error)
            break;
    }
    return error;
}

static const char *map_error(struct sm_region *r, const struct sm_schema *schema, sm_val v, const char *words) {
    const struct sm_member *member;
    const char *error = NULL;

    if (!sm_val_is_map(v))
        return sm_region_printf(r, "%s %s", words, kind_of(v));
    SM_EACH_MEMBER(member, v) {
        const struct sm_schema *child = sm_schema_child(schema, member->key, member->key_bytes);
        error = child ? sm_go_convert_error(r, child, member->value) : NULL;
        if (error)
            break;
    }
    return error;
}

const char *sm_go_convert_error(struct sm_region *r, const struct sm_schema *schema, sm_val v) {
    if (!v || sm_val_is_null(v))
        return NULL;
    switch (schema->type) {
    case SM_TYPE_OBJECT:
        return map_error(r, schema, v, "cannot restore struct from:");
    case SM_TYPE_MAP:
        return map_error(r, schema, v, "cannot restore map from");
    case SM_TYPE_LIST:
        return list_error(r, schema, v);
    case SM_TYPE_STRING:
        return sm_val_is_string(v) ? NULL : "unrecognized type: string";
    case SM_TYPE_BOOL:
        return v->kind == SM_KIND_BOOL ? NULL : "unrecognized type: bool";
    case SM_TYPE_INT32:
        return is_number(v) ? NULL : "unrecognized type: int32";
    case SM_TYPE_INT64:
        return is_number(v) ? NULL : "unrecognized type: int64";
    default: /* types that read themselves from JSON, in JSON's words */
        return NULL;
    }
}
