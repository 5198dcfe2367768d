/* Decoding: what comes out when Kubernetes reads a body into its Go types and prints it again.
 *
 * A map and its table are both sorted, so decoding is one merge of the two:
 *
 *      member without a field    unknown: dropped and named
 *      field without a member    nothing, or the zero value Go always prints
 *      both                      decoded; dropped if empty and the Go type says omitempty
 *
 * What does not change is shared, so a body that is as the server would print it comes out as itself. Errors are worded as
 * encoding/json does: they name the innermost struct and the way to the field, without indices (schema_error.c).
 */
#include <string.h>

#include "base64.h"
#include "clock.h"
#include "json.h"
#include "map_edit.h"
#include "quantity.h"
#include "schema_decode.h"

static sm_val decode(struct decoder *d, const struct sm_schema *schema, sm_val v, sm_val known, const struct place *at);

static bool is_custom(const struct sm_schema *schema) {
    return schema->structural != NULL;
}

/* What `omitempty` leaves out. */
static bool is_empty(sm_val v) {
    switch (sm_val_kind(v)) {
    case SM_KIND_STRING:
    case SM_KIND_LIST:
    case SM_KIND_MAP:
        return v->count == 0;
    case SM_KIND_BOOL:
        return !v->boolean;
    case SM_KIND_INT:
        return v->integer == 0;
    case SM_KIND_NULL:
    case SM_KIND_DOUBLE:
        break;
    }
    return false;
}

static bool is_collection(const struct sm_schema *schema) {
    return schema->type == SM_TYPE_LIST || schema->type == SM_TYPE_MAP;
}

/* The value of a field, NULL if it is left out. */
static sm_val decode_field(struct decoder *d, const struct sm_field *field, sm_val v, sm_val known, const struct place *at) {
    const struct sm_schema *schema = field->schema;
    sm_val value = NULL;
    if (!sm_val_is_null(v) || schema->nullable) {
        value = decode(d, schema, v, known, at);
        if (!value)
            return NULL;
    }

    switch (field->presence) {
    case SM_OPTIONAL:
        return value;
    case SM_OMIT_EMPTY:
        return value && is_empty(value) ? NULL : value;
    case SM_ALWAYS:
        if (value && !(is_collection(schema) && value->count == 0))
            return value;
        value = sm_schema_zero(d->region, schema);
        return sm_val_equal(value, v) ? v : value;
    case SM_OR_NULL:
        return value ? value : SM_NULL;
    }
    return value;
}

/* A text in a field of texts: nearly every leaf. */
static bool is_plain_text(const struct sm_field *field, sm_val v) {
    return field->schema->type == SM_TYPE_STRING && sm_val_is_string(v) && (v->count > 0 || field->presence == SM_OPTIONAL);
}

static void name_unknown(struct decoder *d, sm_val v, const struct sm_schema *schema, const struct place *up) {
    const struct sm_member *member;
    SM_EACH_MEMBER(member, v)
        if (!sm_schema_field(schema, member->key, member->key_bytes))
            decoder_unknown(d, &(struct place){.up = up, .object = schema, .key = member->key});
}

/* One step of decoding an object. [field] NULL: the schema does not know the member. False on an error. */
static bool decode_member(struct decoder *d, const struct sm_schema *schema, const struct sm_field *field, const struct sm_member *member,
                          sm_val known, const struct place *up, struct map_edit *edit, bool *named_later) {
    struct place at = {.up = up, .object = schema, .key = member->key};
    if (!field) {
        map_edit_take(edit, member, schema->preserve_unknown ? member->value : NULL);
        if (schema->preserve_unknown)
            return true;
        if (d->key_order)
            decoder_unknown(d, &at);
        else
            *named_later = true;
        return true;
    }
    if (is_plain_text(field, member->value)) {
        map_edit_take(edit, member, member->value);
        return true;
    }
    sm_val value = decode_field(d, field, member->value, known, &at);
    if (!value && d->out->error)
        return false;
    map_edit_take(edit, member, value);
    return true;
}

static void add_missing(struct decoder *d, const struct sm_field *field, struct map_edit *edit) {
    if (field->presence == SM_ALWAYS || field->presence == SM_OR_NULL)
        map_edit_add(edit, field->name, decode_field(d, field, SM_NULL, NULL, NULL));
}

/* Beside an object that was decoded before, the table is asked only where the two differ. */
static sm_val decode_changed(struct decoder *d, const struct sm_schema *schema, sm_val v, sm_val known, const struct place *up) {
    struct map_edit edit = map_edit_of(d->region, v, known->count);
    bool named_later = false;
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
        if (order > 0) {
            if (field)
                add_missing(d, field, &edit);
        } else if (!decode_member(d, schema, field, member, order == 0 ? old->value : NULL, up, &edit, &named_later))
            return NULL;
    }
    if (named_later)
        name_unknown(d, v, schema, up);
    return map_edit_end(&edit);
}

static sm_val decode_object(struct decoder *d, const struct sm_schema *schema, sm_val v, sm_val known, const struct place *up) {
    if (!sm_val_is_map(v))
        return is_custom(schema) ? v : decoder_type_error(d, up, v, schema);
    if (sm_val_is_map(known))
        return decode_changed(d, schema, v, known, up);

    const struct sm_field *field = schema->fields, *end = field ? field + schema->field_count : NULL;
    struct map_edit edit = map_edit_of(d->region, v, schema->field_count);
    bool named_later = false;
    uint32_t i = 0;
    while (i < v->count || field < end) {
        const struct sm_member *member = i < v->count ? &v->map[i] : NULL;
        int order = !member ? 1 : field == end ? -1 : map_key_order(member->key, field->name);
        if (order > 0)
            add_missing(d, field, &edit);
        else if (!decode_member(d, schema, order == 0 ? field : NULL, member, NULL, up, &edit, &named_later))
            return NULL;
        i += order <= 0;
        field += order >= 0;
    }
    if (named_later)
        name_unknown(d, v, schema, up);
    return map_edit_end(&edit);
}

/* An element of a list or map: Go leaves null at the zero value. */
static sm_val decode_element(struct decoder *d, const struct sm_schema *schema, sm_val v, sm_val known, const struct place *at) {
    if (!sm_val_is_null(v) || schema->nullable)
        return decode(d, schema, v, known, at);
    if (is_custom(schema))
        return v;
    sm_val zero = sm_schema_zero(d->region, schema);
    return sm_val_is_null(zero) ? v : zero;
}

static sm_val decode_map(struct decoder *d, const struct sm_schema *schema, sm_val v, sm_val known, const struct place *up) {
    if (!sm_val_is_map(v))
        return is_custom(schema) ? v : decoder_type_error(d, up, v, schema);

    struct map_edit edit = map_edit_of(d->region, v, 0);
    const struct sm_member *member;
    SM_EACH_MEMBER(member, v) {
        struct place at = {.up = up, .key = member->key};
        sm_val before = known ? sm_val_getn(known, member->key, member->key_bytes) : NULL;
        sm_val value = decode_element(d, schema->element, member->value, before, &at);
        if (!value)
            return NULL;
        bool dropped = is_custom(schema) && sm_val_is_null(value) && !schema->element->nullable;
        map_edit_take(&edit, member, dropped ? NULL : value);
    }
    return map_edit_end(&edit);
}

static sm_val decode_list(struct decoder *d, const struct sm_schema *schema, sm_val v, sm_val known, const struct place *up) {
    if (!sm_val_is_list(v))
        return is_custom(schema) ? v : decoder_type_error(d, up, v, schema);

    sm_val *items = NULL;
    for (uint32_t i = 0; i < v->count; i++) {
        struct place at = {.up = up, .index = i};
        sm_val value = decode_element(d, schema->element, v->list[i], sm_val_item(known, i), &at);
        if (!value)
            return NULL;
        if (!items && value != v->list[i]) {
            items = sm_region_alloc(d->region, v->count * sizeof *items);
            memcpy(items, v->list, i * sizeof *items);
        }
        if (items)
            items[i] = value;
    }
    return items ? sm_val_from_items(d->region, items, v->count) : v;
}

static sm_val decode_int(struct decoder *d, const struct sm_schema *schema, sm_val v, const struct place *at) {
    if (!sm_val_is_int(v))
        return decoder_type_error(d, at, v, schema);
    bool fits = schema->type == SM_TYPE_INT64 || (v->integer >= INT32_MIN && v->integer <= INT32_MAX);
    return fits ? v : decoder_type_error(d, at, v, schema);
}

static sm_val decode_quantity(struct decoder *d, sm_val v) {
    const char *text = sm_val_is_string(v) ? v->string : sm_json_text(d->region, v, SM_JSON_COMPACT);
    if (sm_quantity_is_canonical(text) && sm_val_is_string(v))
        return v;
    struct sm_quantity quantity;
    const char *error = sm_quantity_parse(text, &quantity);
    if (error)
        return decoder_error(d, error);
    const char *canonical = sm_quantity_text(d->region, &quantity);
    return sm_val_is_text(v, canonical) ? v : sm_val_str(d->region, canonical);
}

/* metav1.Time prints whole seconds, metav1.MicroTime six digits; both in UTC. */
static sm_val decode_time(struct decoder *d, const struct sm_schema *schema, sm_val v, const struct place *at) {
    if (!sm_val_is_string(v))
        return decoder_type_error(d, at, v, &(const struct sm_schema){.type = SM_TYPE_STRING});
    sm_time time;
    if (!sm_clock_parse_rfc3339(v->string, &time))
        return decoder_time_error(d, v->string, schema->type == SM_TYPE_MICROTIME);
    const char *text = schema->type == SM_TYPE_TIME ? sm_clock_rfc3339(d->region, time) : sm_clock_rfc3339_micro(d->region, time);
    return sm_val_is_text(v, text) ? v : sm_val_str(d->region, text);
}

/* Digits at [at] as a number, -1 if there are others. */
static int number_at(const char *text, size_t at, size_t digits) {
    int number = 0;
    for (size_t i = at; i < at + digits; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = 10 * number + (text[i] - '0');
    }
    return number;
}

static bool is_between(int number, int low, int high) {
    return number >= low && number <= high;
}

/* `2024-01-01T00:00:00Z`, for micro with six digits of a fraction: most times come as the server printed them. The years
 * are Go's, not those of sm_time. */
static bool is_plain_time(sm_val v, bool micro) {
    static const int days[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (!sm_val_is_string(v) || v->count != (micro ? 27 : 20) || v->string[v->count - 1] != 'Z')
        return false;
    const char *text = v->string;
    if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || (micro && text[19] != '.'))
        return false;
    int year = number_at(text, 0, 4), month = number_at(text, 5, 2);
    bool leaps = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return year >= 0 && is_between(month, 1, 12) && is_between(number_at(text, 8, 2), 1, days[month] + (leaps && month == 2)) &&
           is_between(number_at(text, 11, 2), 0, 23) && is_between(number_at(text, 14, 2), 0, 59) &&
           is_between(number_at(text, 17, 2), 0, 59) && (!micro || number_at(text, 20, 6) >= 0);
}

static sm_val decode_bytes(struct decoder *d, const struct sm_schema *schema, sm_val v, const struct place *at) {
    if (!sm_val_is_string(v))
        return decoder_type_error(d, at, v, schema);
    size_t bad, bytes;
    const char *raw = sm_base64_decode(d->region, v->string, v->count, &bytes, &bad);
    if (!raw)
        return decoder_error(d, sm_region_printf(d->region, "illegal base64 data at input byte %zu", bad));
    const char *text = sm_base64_encode(d->region, raw, bytes);
    return sm_val_is_text(v, text) ? v : sm_val_str(d->region, text);
}

static sm_val decode_scalar(struct decoder *d, const struct sm_schema *schema, sm_val v, const struct place *at) {
    switch (schema->type) {
    case SM_TYPE_STRING:
        return sm_val_is_string(v) ? v : decoder_type_error(d, at, v, schema);
    case SM_TYPE_BOOL:
        return v->kind == SM_KIND_BOOL ? v : decoder_type_error(d, at, v, schema);
    case SM_TYPE_INT32:
    case SM_TYPE_INT64:
        return decode_int(d, schema, v, at);
    case SM_TYPE_INT_OR_STRING:
        return sm_val_is_string(v) ? v : decode_int(d, INT32, v, at);
    case SM_TYPE_QUANTITY:
        return decode_quantity(d, v);
    case SM_TYPE_TIME:
    case SM_TYPE_MICROTIME:
        return is_plain_time(v, schema->type == SM_TYPE_MICROTIME) ? v : decode_time(d, schema, v, at);
    case SM_TYPE_BYTES:
        return decode_bytes(d, schema, v, at);
    case SM_TYPE_ANY:
    case SM_TYPE_OBJECT:
    case SM_TYPE_MAP:
    case SM_TYPE_LIST:
    case SM_TYPE_NUMBER:
        break;
    }
    return v;
}

static sm_val decode(struct decoder *d, const struct sm_schema *schema, sm_val v, sm_val known, const struct place *at) {
    switch (schema->type) {
    case SM_TYPE_ANY:
        return v;
    case SM_TYPE_OBJECT:
        return known && sm_val_equal(v, known) ? known : decode_object(d, schema, v, known, at);
    case SM_TYPE_MAP:
        return known && sm_val_equal(v, known) ? known : decode_map(d, schema, v, known, at);
    case SM_TYPE_LIST:
        return known && sm_val_equal(v, known) ? known : decode_list(d, schema, v, known, at);
    default:
        return is_custom(schema) ? v : decode_scalar(d, schema, v, at);
    }
}

struct sm_decoded sm_schema_decode_with(struct sm_region *r, const struct sm_schema *schema, sm_val body,
                                        const struct sm_decode_options *options) {
    struct sm_decoded out;
    out.object = NULL;
    out.error = NULL;
    out.unknown_count = 0;
    struct decoder d = {.region = r, .out = &out, .key_order = is_custom(schema) || (options && options->patched)};
    out.object = decode(&d, schema, body, options ? options->known : NULL, NULL);
    return out;
}
