/* Go's words for what decoding finds: paths of unknown fields, and encoding/json's type errors. */
#include "json.h"
#include "schema_decode.h"

static void add_path(struct sm_str *out, const struct place *at) {
    if (!at)
        return;
    add_path(out, at->up);
    if (!at->key)
        sm_str_addf(out, "[%zu]", at->index);
    else
        sm_str_addf(out, "%s%s", out->bytes ? "." : "", at->key);
}

void decoder_unknown(struct decoder *d, const struct place *at) {
    if (d->out->unknown_count == SM_UNKNOWN_MAX)
        return;
    struct sm_str path;
    sm_str_init(&path, d->region);
    add_path(&path, at);
    d->out->unknown[d->out->unknown_count++] = path.data;
}

sm_val decoder_error(struct decoder *d, const char *error) {
    if (!d->out->error)
        d->out->error = error;
    return NULL;
}

/* The fields on the way, without map keys and indices: `spec.template.spec.containers.image`. */
static void add_fields(struct sm_str *out, const struct place *at) {
    if (!at)
        return;
    add_fields(out, at->up);
    if (at->object)
        sm_str_addf(out, "%s%s", out->bytes ? "." : "", at->key);
}

static void add_type(struct sm_str *out, const struct sm_schema *schema) {
    static const char *const names[] = {
        [SM_TYPE_ANY] = "interface {}",
        [SM_TYPE_STRING] = "string",
        [SM_TYPE_BOOL] = "bool",
        [SM_TYPE_INT32] = "int32",
        [SM_TYPE_INT64] = "int64",
        [SM_TYPE_NUMBER] = "float64",
        [SM_TYPE_INT_OR_STRING] = "intstr.IntOrString",
        [SM_TYPE_QUANTITY] = "resource.Quantity",
        [SM_TYPE_TIME] = "v1.Time",
        [SM_TYPE_MICROTIME] = "v1.MicroTime",
        [SM_TYPE_BYTES] = "[]uint8",
        [SM_TYPE_OBJECT] = "struct",
        [SM_TYPE_MAP] = "map[string]",
        [SM_TYPE_LIST] = "[]",
    };
    if (schema->name) {
        sm_str_addf(out, "v1.%s", schema->name);
        return;
    }
    sm_str_add(out, names[schema->type]);
    if (schema->element)
        add_type(out, schema->element);
}

/* `string`, `number 1.5`: what stands in the body. A number is shown where the type would take another one. */
static void add_found(struct sm_str *out, sm_val v, const struct sm_schema *wanted) {
    static const char *const names[] = {
        [SM_KIND_NULL] = "null",
        [SM_KIND_BOOL] = "bool",
        [SM_KIND_INT] = "number",
        [SM_KIND_DOUBLE] = "number",
        [SM_KIND_STRING] = "string",
        [SM_KIND_LIST] = "array",
        [SM_KIND_MAP] = "object",
    };
    sm_str_add(out, names[v->kind]);
    bool is_number = v->kind == SM_KIND_INT || v->kind == SM_KIND_DOUBLE;
    if (is_number && (wanted->type == SM_TYPE_INT32 || wanted->type == SM_TYPE_INT64)) {
        sm_str_addc(out, ' ');
        sm_json_print(out, v, SM_JSON_COMPACT);
    }
}

sm_val decoder_type_error(struct decoder *d, const struct place *at, sm_val v, const struct sm_schema *wanted) {
    const struct place *field = at;
    while (field && !field->object)
        field = field->up;

    struct sm_str text;
    sm_str_init(&text, d->region);
    sm_str_add(&text, "json: cannot unmarshal ");
    add_found(&text, v, wanted);
    if (field) {
        struct sm_str path;
        sm_str_init(&path, d->region);
        add_fields(&path, at);
        sm_str_addf(&text, " into Go struct field %s.%s of type ", field->object->name ? field->object->name : "", path.data);
    } else
        sm_str_add(&text, " into Go value of type ");
    add_type(&text, wanted);
    return decoder_error(d, text.data);
}

sm_val decoder_time_error(struct decoder *d, const char *text, bool micro) {
    const char *layout = micro ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00";
    return decoder_error(d,
                         sm_region_printf(d->region, "parsing time \"%s\" as \"%s\": cannot parse \"%s\" as \"2006\"", text, layout, text));
}
