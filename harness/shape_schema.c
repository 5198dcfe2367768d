/* A shape as JSON Schema, draft 2020-12. */
#include "shape.h"

struct writing {
    struct sm_region *r;
    sm_val definitions;
};

static sm_val schema(struct writing *w, const struct sm_shape *shape, const char *about);

static sm_val text(struct sm_region *r, const char *s) {
    return s ? sm_val_str(r, s) : NULL;
}

static sm_val names(struct sm_region *r, const char *const *name) {
    sm_val list = SM_EMPTY_LIST;

    for (size_t i = 0; name && name[i]; i++)
        list = sm_val_append(r, list, text(r, name[i]));
    return list;
}

static sm_val typed(struct sm_region *r, const char *type, const char *about) {
    return SM_MAP(r, "type", text(r, type), "description", text(r, about));
}

static sm_val map_schema(struct writing *w, const struct sm_shape *shape, const char *about) {
    struct sm_region *r = w->r;
    sm_val properties = SM_EMPTY_MAP, required = NULL;

    for (const struct sm_shape_field *field = shape->fields; field->key; field++) {
        properties = sm_val_set(r, properties, field->key, schema(w, field->shape, field->about));
        if (field->required)
            required = sm_val_append(r, required, text(r, field->key));
    }
    sm_val v = sm_val_set(r, typed(r, "object", about), "properties", properties);
    v = sm_val_set(r, v, "required", required);
    return sm_val_set(r, v, "additionalProperties", SM_FALSE);
}

static sm_val one_of_schema(struct writing *w, const struct sm_shape *shape, const char *about) {
    struct sm_region *r = w->r;
    sm_val ways = SM_EMPTY_LIST;

    for (size_t i = 0; shape->ways[i]; i++) {
        sm_val way = schema(w, shape->ways[i], NULL);
        if (shape->ways[i]->kind == SM_SHAPE_MAP && shape->ways[1]) { /* told apart by their first key */
            sm_val first = text(r, shape->ways[i]->fields[0].key), required = sm_val_get(way, "required");
            way = sm_val_set(r, way, "required", sm_val_append(r, required, first));
        }
        ways = sm_val_append(r, ways, way);
    }
    return SM_MAP(r, "description", text(r, about), "anyOf", ways);
}

static sm_val in_place(struct writing *w, const struct sm_shape *shape, const char *about) {
    struct sm_region *r = w->r;
    sm_val v = NULL;

    switch (shape->kind) {
    case SM_SHAPE_MAP:
        return map_schema(w, shape, about);
    case SM_SHAPE_NAMED:
        return sm_val_set(r, typed(r, "object", about), "additionalProperties", schema(w, shape->element, NULL));
    case SM_SHAPE_LIST:
        v = sm_val_set(r, typed(r, "array", about), "items", schema(w, shape->element, NULL));
        return shape->min ? sm_val_set(r, v, "minItems", sm_val_int(r, shape->min)) : v;
    case SM_SHAPE_TEXT:
        return sm_val_set(r, typed(r, "string", about), "minLength", sm_val_int(r, 1));
    case SM_SHAPE_INT:
        v = sm_val_set(r, typed(r, "integer", about), "minimum", sm_val_int(r, shape->min));
        return sm_val_set(r, v, "maximum", sm_val_int(r, shape->max));
    case SM_SHAPE_BOOL:
        return typed(r, "boolean", about);
    case SM_SHAPE_NAME:
        return SM_MAP(r, "enum", names(r, shape->names), "description", text(r, about));
    case SM_SHAPE_DURATION:
        v = sm_val_set(r, typed(r, "string", NULL), "pattern", text(r, "^(0|(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$"));
        if (!shape->names)
            return sm_val_set(r, v, "description", text(r, about));
        return SM_MAP(r, "description", text(r, about), "anyOf", SM_LIST(r, v, SM_MAP(r, "enum", names(r, shape->names))));
    case SM_SHAPE_OBJECT:
        return typed(r, "object", about);
    case SM_SHAPE_ANY:
        return SM_MAP(r, "description", text(r, about));
    case SM_SHAPE_ONE_OF:
        return one_of_schema(w, shape, about);
    }
    return SM_EMPTY_MAP;
}

/* A shape with a name is defined once and referred to. */
static sm_val schema(struct writing *w, const struct sm_shape *shape, const char *about) {
    if (!shape->name)
        return in_place(w, shape, about);
    if (!sm_val_get(w->definitions, shape->name))
        w->definitions = sm_val_set(w->r, w->definitions, shape->name, in_place(w, shape, NULL));
    return SM_MAP(w->r, "$ref", sm_val_strf(w->r, "#/$defs/%s", shape->name), "description", text(w->r, about));
}

sm_val sm_shape_schema(struct sm_region *r, const struct sm_shape *shape, const char *id, const char *title) {
    struct writing w = {.r = r, .definitions = SM_EMPTY_MAP};
    sm_val v = schema(&w, shape, NULL);

    v = sm_val_set(r, v, "$schema", text(r, "https://json-schema.org/draft/2020-12/schema"));
    v = sm_val_set(r, v, "$id", text(r, id));
    v = sm_val_set(r, v, "$defs", w.definitions);
    return sm_val_set(r, v, "title", text(r, title));
}
