#include <string.h>

#include "base64.h"
#include "json.h"
#include "protobuf_internal.h"
#include "schema_posted.h"

static void encode_message(struct sm_str *out, const struct sm_schema *schema, sm_val object, unsigned outer);

/* --- Bytes ---------------------------------------------------------------------------------------------------------------------- */

static void add_varint(struct sm_str *out, uint64_t value) {
    for (; value > 0x7f; value >>= 7)
        sm_str_addc(out, (char)(value | 0x80));
    sm_str_addc(out, (char)value);
}

static void add_tag(struct sm_str *out, unsigned number, enum sm_wire wire) {
    add_varint(out, (uint64_t)number << 3 | wire);
}

static void add_bytes(struct sm_str *out, unsigned number, const char *data, size_t bytes) {
    add_tag(out, number, SM_WIRE_BYTES);
    add_varint(out, bytes);
    sm_str_addn(out, data, bytes);
}

static void add_number(struct sm_str *out, unsigned number, int64_t value) {
    add_tag(out, number, SM_WIRE_VARINT);
    add_varint(out, (uint64_t)value);
}

/* --- Values --------------------------------------------------------------------------------------------------------------------- */

static void encode_inner(struct sm_str *out, const struct sm_schema *schema, sm_val v) {
    sm_time time;

    switch (schema->type) {
    case SM_TYPE_OBJECT:
        encode_message(out, schema, v, 0);
        break;
    case SM_TYPE_QUANTITY:
        add_bytes(out, 1, sm_val_text(v), strlen(sm_val_text(v)));
        break;
    case SM_TYPE_TIME:
    case SM_TYPE_MICROTIME:
        if (sm_clock_parse_rfc3339(sm_val_text(v), &time)) {
            add_number(out, 1, time / SM_SECOND);
            add_number(out, 2, time % SM_SECOND);
        }
        break;
    case SM_TYPE_INT_OR_STRING:
        add_number(out, 1, sm_val_is_string(v));
        add_number(out, 2, sm_val_is_int(v) ? v->integer : 0);
        add_bytes(out, 3, sm_val_text(v), strlen(sm_val_text(v)));
        break;
    default: {
        const char *json = sm_json_text(out->region, v, SM_JSON_COMPACT);
        add_bytes(out, 1, json, strlen(json));
    }
    }
}

static void encode_value(struct sm_str *out, const struct sm_schema *schema, unsigned number, sm_val v) {
    struct sm_str inner;
    size_t bytes = 0;

    switch (schema->type) {
    case SM_TYPE_BOOL:
        add_number(out, number, sm_val_is_true(v));
        break;
    case SM_TYPE_INT32:
    case SM_TYPE_INT64:
        add_number(out, number, sm_val_is_int(v) ? v->integer : 0);
        break;
    case SM_TYPE_STRING:
        add_bytes(out, number, sm_val_text(v), sm_val_is_string(v) ? v->count : 0);
        break;
    case SM_TYPE_BYTES: {
        const char *data = sm_val_is_string(v) ? sm_base64_decode(out->region, v->string, v->count, &bytes, NULL) : NULL;
        add_bytes(out, number, data ? data : "", data ? bytes : 0);
        break;
    }
    default:
        sm_str_init(&inner, out->region);
        encode_inner(&inner, schema, v);
        add_bytes(out, number, inner.data, inner.bytes);
    }
}

static void encode_map(struct sm_str *out, const struct sm_schema *schema, unsigned number, sm_val map) {
    const struct sm_schema *element = schema->element;
    const struct sm_member *member;
    struct sm_str entry, list;
    sm_val item;

    SM_EACH_MEMBER(member, map) {
        sm_str_init(&entry, out->region);
        add_bytes(&entry, 1, member->key, member->key_bytes);
        if (element->wrapped) {
            sm_str_init(&list, out->region);
            SM_EACH_ITEM(item, member->value)
                encode_value(&list, element->element, 1, item);
            add_bytes(&entry, 2, list.data, list.bytes);
        } else {
            encode_value(&entry, element, 2, member->value);
        }
        add_bytes(out, number, entry.data, entry.bytes);
    }
}

static void encode_field(struct sm_str *out, const struct sm_field *field, sm_val v) {
    const struct sm_schema *schema = field->schema;
    unsigned number = field->number & 0xff;
    sm_val item;

    if (schema->type == SM_TYPE_LIST) {
        SM_EACH_ITEM(item, v)
            encode_value(out, schema->element, number, item);
    } else if (schema->type == SM_TYPE_MAP) {
        encode_map(out, schema, number, v);
    } else {
        encode_value(out, schema, number, v);
    }
}

/* Fields of the message number [outer] within this one, or of this one itself, then its inner ones. */
static void encode_message(struct sm_str *out, const struct sm_schema *schema, sm_val object, unsigned outer) {
    unsigned done[8] = {0}, done_count = 0;

    for (uint32_t i = 0; i < schema->field_count; i++) {
        const struct sm_field *field = &schema->fields[i];
        sm_val v = sm_val_get(object, field->name);
        if (v && !sm_val_is_null(v) && field->number && field->number >> 8 == outer)
            encode_field(out, field, v);
    }
    for (uint32_t i = 0; !outer && i < schema->field_count; i++) {
        unsigned inner = schema->fields[i].number >> 8;
        struct sm_str message;
        bool known = inner == 0;
        for (unsigned j = 0; j < done_count; j++)
            known |= done[j] == inner;
        if (known || done_count == sizeof done / sizeof done[0])
            continue;
        done[done_count++] = inner;
        sm_str_init(&message, out->region);
        encode_message(&message, schema, object, inner);
        add_bytes(out, inner, message.data, message.bytes);
    }
}

/* --- Envelopes ------------------------------------------------------------------------------------------------------------------ */

/* A list is its metadata, then its items; they name no kind of their own. */
static bool encode_list(struct sm_str *out, const struct sm_server *server, const char *api_version, const char *kind, sm_val object) {
    size_t bytes = strlen(kind);
    sm_val item;

    if (bytes <= 4 || strcmp(kind + bytes - 4, "List") != 0)
        return false;
    const struct sm_schema *schema = sm_protobuf_schema(server, api_version, sm_region_strndup(out->region, kind, bytes - 4));
    if (!schema)
        return false;
    encode_value(out, &sm_schema_list_meta, 1, sm_val_get(object, "metadata"));
    SM_EACH_ITEM(item, sm_val_get(object, "items"))
        encode_value(out, schema, 2, item);
    return true;
}

bool sm_protobuf_encode(struct sm_str *out, const struct sm_server *server, sm_val object) {
    const char *api_version = sm_val_str_at(object, "apiVersion"), *kind = sm_val_str_at(object, "kind");
    struct sm_str message, type, envelope;

    sm_str_init(&message, out->region);
    const struct sm_schema *schema = sm_protobuf_schema(server, api_version, kind);
    if (schema)
        encode_message(&message, schema, object, 0);
    else if (!encode_list(&message, server, api_version, kind, object))
        return false;
    sm_str_init(&type, out->region);
    add_bytes(&type, 1, api_version, strlen(api_version));
    add_bytes(&type, 2, kind, strlen(kind));
    sm_str_init(&envelope, out->region);
    add_bytes(&envelope, 1, type.data, type.bytes);
    add_bytes(&envelope, 2, message.data, message.bytes);
    add_bytes(&envelope, 3, "", 0);
    add_bytes(&envelope, 4, "", 0);
    sm_str_addn(out, SM_PROTOBUF_MAGIC, SM_PROTOBUF_MAGIC_BYTES);
    sm_str_addn(out, envelope.data, envelope.bytes);
    return true;
}

bool sm_protobuf_encode_event(struct sm_str *out, const struct sm_server *server, sm_val event) {
    const char *type = sm_val_str_at(event, "type");
    struct sm_str object, raw, message;

    sm_str_init(&object, out->region);
    if (!sm_protobuf_encode(&object, server, sm_val_get(event, "object")))
        return false;
    sm_str_init(&raw, out->region);
    add_bytes(&raw, 1, object.data, object.bytes);
    sm_str_init(&message, out->region);
    add_bytes(&message, 1, type, strlen(type));
    add_bytes(&message, 2, raw.data, raw.bytes);
    for (int shift = 24; shift >= 0; shift -= 8)
        sm_str_addc(out, (char)(message.bytes >> shift));
    sm_str_addn(out, message.data, message.bytes);
    return true;
}
