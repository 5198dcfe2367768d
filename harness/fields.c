#include "fields.h"

#include <string.h>

#include "json.h"
#include "near.h"
#include "str.h"

enum { SHOWN_BYTES_MAX = 60, KNOWN_MAX = 12 };

struct checking {
    struct sm_problems *problems;
    const struct sm_source *source;
    enum sm_fields_of of;
    const char *kind;
};

static const char *const type_names[] = {
    [SM_TYPE_ANY] = "a value",
    [SM_TYPE_OBJECT] = "a map",
    [SM_TYPE_MAP] = "a map",
    [SM_TYPE_LIST] = "a list",
    [SM_TYPE_STRING] = "a text, in quotes if need be",
    [SM_TYPE_BOOL] = "true or false",
    [SM_TYPE_INT32] = "a whole number",
    [SM_TYPE_INT64] = "a whole number",
    [SM_TYPE_NUMBER] = "a number",
    [SM_TYPE_INT_OR_STRING] = "a whole number or a text",
    [SM_TYPE_QUANTITY] = "a quantity like 500m or 1Gi",
    [SM_TYPE_TIME] = "a time like \"2026-01-02T03:04:05Z\"",
    [SM_TYPE_MICROTIME] = "a time like \"2026-01-02T03:04:05.000000Z\"",
    [SM_TYPE_BYTES] = "bytes in base64",
};

static bool is_number(sm_val v) {
    return v->kind == SM_KIND_INT || v->kind == SM_KIND_DOUBLE;
}

/* The kind of value alone; what is in a text is the server's to judge. */
static bool type_fits(enum sm_type type, sm_val v) {
    switch (type) {
    case SM_TYPE_ANY:
        return true;
    case SM_TYPE_OBJECT:
    case SM_TYPE_MAP:
        return sm_val_is_map(v);
    case SM_TYPE_LIST:
        return sm_val_is_list(v);
    case SM_TYPE_BOOL:
        return v->kind == SM_KIND_BOOL;
    case SM_TYPE_INT32:
    case SM_TYPE_INT64:
    case SM_TYPE_NUMBER:
        return is_number(v);
    case SM_TYPE_INT_OR_STRING:
    case SM_TYPE_QUANTITY:
        return is_number(v) || sm_val_is_string(v);
    case SM_TYPE_STRING:
    case SM_TYPE_TIME:
    case SM_TYPE_MICROTIME:
    case SM_TYPE_BYTES:
        return sm_val_is_string(v);
    }
    return true;
}

static void wrong_type(const struct checking *c, const char *path, const struct sm_schema *schema, sm_val v) {
    struct sm_region *r = c->problems->region;
    const char *shown = sm_val_is_map(v) ? "a map" : sm_val_is_list(v) ? "a list" : sm_json_text(r, v, SM_JSON_COMPACT);

    if (strlen(shown) > SHOWN_BYTES_MAX)
        shown = sm_region_printf(r, "%.*s…", SHOWN_BYTES_MAX, shown);
    sm_source_problem(c->problems, c->source, path, "%s does not fit this field of a %s: write %s", shown, c->kind,
                      type_names[schema->type]);
}

static void unknown_field(const struct checking *c, const char *path, const struct sm_schema *schema, const char *key) {
    struct sm_near near = sm_near_init(key);
    struct sm_str known;

    sm_str_init(&known, c->problems->region);
    sm_str_add(&known, "known here are ");
    for (uint32_t i = 0; i < schema->field_count; i++) {
        sm_near_try(&near, schema->fields[i].name);
        if (i < KNOWN_MAX)
            sm_str_addf(&known, "%s%s", i ? ", " : "", schema->fields[i].name);
    }
    if (schema->field_count > KNOWN_MAX)
        sm_str_add(&known, " …");
    sm_source_problem(c->problems, c->source, path, "a %s has no field \"%s\" here: %s", c->kind, key,
                      near.best                 ? sm_region_printf(c->problems->region, "did you mean %s?", near.best)
                      : schema->field_count > 0 ? known.data
                                                : "leave it out");
}

static void check(const struct checking *c, const char *path, const struct sm_schema *schema, sm_val v);

/* True if [v] is an operator or a reference, which stand for values of any kind. */
static bool check_operator(const struct checking *c, const char *path, const struct sm_schema *schema, sm_val v) {
    const struct sm_member *only = sm_val_member(v, 0);

    if (sm_val_is_string(v))
        return strncmp(v->string, "${", 2) == 0;
    if (!only || v->count != 1 || only->key[0] != '$')
        return false;
    if (strcmp(only->key, "$not") == 0 || strcmp(only->key, "$exactly") == 0)
        check(c, sm_path_below(c->problems->region, path, only->key), schema, only->value);
    return true;
}

static void check_map(const struct checking *c, const char *path, const struct sm_schema *schema, sm_val v) {
    struct sm_region *r = c->problems->region;
    const struct sm_member *member;

    SM_EACH_MEMBER(member, v) {
        const char *below = sm_path_below(r, path, member->key);
        const struct sm_field *field = schema->type == SM_TYPE_OBJECT ? sm_schema_field(schema, member->key, member->key_bytes) : NULL;
        if (schema->type == SM_TYPE_MAP)
            check(c, below, schema->element, member->value);
        else if (field)
            check(c, below, field->schema, member->value);
        else if (!schema->preserve_unknown && (c->of == SM_FIELDS_OF_MANIFEST || member->key[0] != '$'))
            unknown_field(c, below, schema, member->key);
    }
}

static void check(const struct checking *c, const char *path, const struct sm_schema *schema, sm_val v) {
    if (!schema || sm_val_is_null(v) || schema->type == SM_TYPE_ANY)
        return;
    if (c->of == SM_FIELDS_OF_PATTERN && check_operator(c, path, schema, v))
        return;
    if (!type_fits(schema->type, v)) {
        wrong_type(c, path, schema, v);
        return;
    }
    if (schema->type == SM_TYPE_OBJECT || schema->type == SM_TYPE_MAP)
        check_map(c, path, schema, v);
    if (schema->type == SM_TYPE_LIST)
        for (size_t i = 0; i < v->count; i++)
            check(c, sm_region_printf(c->problems->region, "%s[%zu]", path, i), schema->element, v->list[i]);
}

void sm_fields_check(struct sm_problems *problems, const struct sm_source *source, const char *path, enum sm_fields_of of, const char *kind,
                     const struct sm_schema *schema, sm_val v) {
    const struct checking c = {.problems = problems, .source = source, .of = of, .kind = kind};

    check(&c, path, schema, v);
}
