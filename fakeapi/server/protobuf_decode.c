#include <string.h>

#include "base64.h"
#include "json.h"
#include "protobuf_internal.h"
#include "schema_posted.h"
#include "utf8.h"

struct decoding {
    struct sm_region *r;
    const char *error; /* the first; NULL: none */
};

/* One field as it stands in the bytes. */
struct part {
    uint32_t number;
    uint8_t wire;
    uint64_t value;   /* VARINT, 32, 64 */
    const char *data; /* BYTES */
    size_t bytes;
};

struct parts {
    struct part *at;
    size_t count;
};

static sm_val decode_message(struct decoding *d, const struct sm_schema *schema, const struct parts *parts, unsigned outer, int depth);

static sm_val fail(struct decoding *d, const char *error) {
    if (!d->error)
        d->error = error;
    return NULL;
}

/* --- Bytes ---------------------------------------------------------------------------------------------------------------------- */

static bool read_varint(const char **at, const char *end, uint64_t *ret) {
    uint64_t value = 0;

    for (unsigned shift = 0; *at < end && shift < 64; shift += 7) {
        unsigned char byte = (unsigned char)*(*at)++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            *ret = value;
            return true;
        }
    }
    return false;
}

static bool read_fixed(const char **at, const char *end, size_t bytes, uint64_t *ret) {
    if ((size_t)(end - *at) < bytes)
        return false;
    *ret = 0;
    for (size_t i = 0; i < bytes; i++)
        *ret |= (uint64_t)(unsigned char)*(*at)++ << (8 * i);
    return true;
}

static bool read_part(const char **at, const char *end, struct part *part) {
    uint64_t tag, bytes;

    if (!read_varint(at, end, &tag) || tag >> 3 == 0 || tag >> 32)
        return false;
    *part = (struct part){.number = (uint32_t)(tag >> 3), .wire = (uint8_t)(tag & 7)};
    switch (part->wire) {
    case SM_WIRE_VARINT:
        return read_varint(at, end, &part->value);
    case SM_WIRE_64:
        return read_fixed(at, end, 8, &part->value);
    case SM_WIRE_32:
        return read_fixed(at, end, 4, &part->value);
    case SM_WIRE_BYTES:
        if (!read_varint(at, end, &bytes) || bytes > (uint64_t)(end - *at))
            return false;
        part->data = *at;
        part->bytes = (size_t)bytes;
        *at += bytes;
        return true;
    default:
        return false;
    }
}

static bool read_parts(struct decoding *d, const char *data, size_t bytes, struct parts *ret) {
    const char *end = data + bytes;
    size_t capacity = 0;

    *ret = (struct parts){.at = NULL};
    while (data < end) {
        if (ret->count == capacity) {
            struct part *more = sm_region_alloc(d->r, (capacity ? 2 * capacity : 8) * sizeof *more);
            if (ret->count)
                memcpy(more, ret->at, ret->count * sizeof *more);
            ret->at = more;
            capacity = capacity ? 2 * capacity : 8;
        }
        if (!read_part(&data, end, &ret->at[ret->count++]))
            return fail(d, "proto: illegal wireType or unexpected EOF") != NULL;
    }
    return true;
}

/* The last of a number counts. */
static const struct part *find(const struct parts *parts, unsigned number, enum sm_wire wire) {
    for (size_t i = parts->count; i-- > 0;)
        if (parts->at[i].number == number && parts->at[i].wire == wire)
            return &parts->at[i];
    return NULL;
}

/* --- Values --------------------------------------------------------------------------------------------------------------------- */

static sm_val text(struct decoding *d, const char *data, size_t bytes) {
    for (size_t at = 0, step; at < bytes; at += step) {
        step = utf8_bytes(data + at, data + bytes);
        if (!step)
            return fail(d, "proto: invalid UTF-8 string");
    }
    return sm_val_strn(d->r, data, bytes);
}

static sm_val text_in(struct decoding *d, const struct parts *parts, unsigned number) {
    const struct part *part = find(parts, number, SM_WIRE_BYTES);

    return part ? text(d, part->data, part->bytes) : SM_EMPTY_STRING;
}

static int64_t number_in(const struct parts *parts, unsigned number) {
    const struct part *part = find(parts, number, SM_WIRE_VARINT);

    return part ? (int64_t)part->value : 0;
}

/* An empty message is no time at all. */
static sm_val time_of(struct decoding *d, const struct parts *parts, bool micro) {
    int64_t seconds = number_in(parts, 1), nanos = number_in(parts, 2);
    sm_time limit = INT64_MAX / SM_SECOND - 1;

    if (!parts->count)
        return SM_NULL;
    if (seconds > limit || seconds < -limit || nanos < 0 || nanos >= SM_SECOND)
        return fail(d, "proto: a time out of range");
    sm_time time = seconds * SM_SECOND + nanos;
    return sm_val_str(d->r, micro ? sm_clock_rfc3339_micro(d->r, time) : sm_clock_rfc3339(d->r, time));
}

/* A raw extension: JSON in its field 1. */
static sm_val anything(struct decoding *d, const struct parts *parts) {
    const struct part *raw = find(parts, 1, SM_WIRE_BYTES);
    struct sm_json_error error;

    if (!raw || !raw->bytes)
        return SM_NULL;
    sm_val v = sm_json_parse(d->r, raw->data, raw->bytes, NULL, &error);
    return v ? v : fail(d, "proto: a raw extension that is no JSON");
}

static sm_val in_message(struct decoding *d, const struct sm_schema *schema, const struct parts *parts, int depth) {
    switch (schema->type) {
    case SM_TYPE_OBJECT:
        return decode_message(d, schema, parts, 0, depth + 1);
    case SM_TYPE_QUANTITY:
        return text_in(d, parts, 1);
    case SM_TYPE_TIME:
        return time_of(d, parts, false);
    case SM_TYPE_MICROTIME:
        return time_of(d, parts, true);
    case SM_TYPE_INT_OR_STRING:
        return number_in(parts, 1) ? text_in(d, parts, 3) : sm_val_int(d->r, (int32_t)number_in(parts, 2));
    default:
        return anything(d, parts);
    }
}

static sm_val value_of(struct decoding *d, const struct sm_schema *schema, const struct part *part, int depth) {
    bool varint = schema->type == SM_TYPE_BOOL || schema->type == SM_TYPE_INT32 || schema->type == SM_TYPE_INT64;
    struct parts inner;

    if (part->wire != (varint ? SM_WIRE_VARINT : SM_WIRE_BYTES))
        return fail(d, "proto: wrong wireType");
    switch (schema->type) {
    case SM_TYPE_BOOL:
        return sm_val_bool(part->value != 0);
    case SM_TYPE_INT32:
        return sm_val_int(d->r, (int32_t)part->value);
    case SM_TYPE_INT64:
        return sm_val_int(d->r, (int64_t)part->value);
    case SM_TYPE_STRING:
        return text(d, part->data, part->bytes);
    case SM_TYPE_BYTES:
        return sm_val_str(d->r, sm_base64_encode(d->r, part->data, part->bytes));
    default:
        return read_parts(d, part->data, part->bytes, &inner) ? in_message(d, schema, &inner, depth) : NULL;
    }
}

/* --- Lists, maps, messages ------------------------------------------------------------------------------------------------------ */

static sm_val list_of(struct decoding *d, const struct sm_schema *schema, const struct parts *parts, unsigned number, int depth) {
    sm_val *items = sm_region_alloc(d->r, (parts->count + 1) * sizeof items[0]);
    size_t count = 0;

    for (size_t i = 0; i < parts->count; i++) {
        if (parts->at[i].number != number)
            continue;
        items[count] = value_of(d, schema->element, &parts->at[i], depth);
        if (!items[count++])
            return NULL;
    }
    return count ? sm_val_from_items(d->r, items, count) : NULL;
}

static sm_val entry_value(struct decoding *d, const struct sm_schema *element, const struct parts *entry, int depth) {
    const struct part *value = find(entry, 2, element->type == SM_TYPE_BOOL ? SM_WIRE_VARINT : SM_WIRE_BYTES);
    struct parts inner;

    if (element->wrapped) {
        if (!value)
            return SM_EMPTY_LIST;
        if (!read_parts(d, value->data, value->bytes, &inner))
            return NULL;
        sm_val list = list_of(d, element, &inner, 1, depth);
        return list || d->error ? list : SM_EMPTY_LIST;
    }
    if (value)
        return value_of(d, element, value, depth);
    return element->type == SM_TYPE_STRING || element->type == SM_TYPE_BYTES ? SM_EMPTY_STRING : SM_NULL;
}

static sm_val map_of(struct decoding *d, const struct sm_schema *schema, const struct parts *parts, unsigned number, int depth) {
    struct sm_member *members = sm_region_alloc(d->r, (parts->count + 1) * sizeof members[0]);
    size_t count = 0;

    for (size_t i = 0; i < parts->count; i++) {
        const struct part *part = &parts->at[i];
        struct parts entry;
        if (part->number != number)
            continue;
        if (part->wire != SM_WIRE_BYTES || !read_parts(d, part->data, part->bytes, &entry))
            return fail(d, "proto: wrong wireType");
        sm_val key = text_in(d, &entry, 1), value = key ? entry_value(d, schema->element, &entry, depth) : NULL;
        if (!value)
            return NULL;
        if (strlen(sm_val_text(key)) != key->count)
            return fail(d, "proto: a key that holds a zero byte");
        members[count++] = (struct sm_member){.key = key->string, .key_bytes = key->count, .value = value};
    }
    return count ? sm_val_from_members(d->r, members, count) : NULL;
}

static sm_val field_of(struct decoding *d, const struct sm_field *field, const struct parts *parts, int depth) {
    unsigned number = field->number & 0xff;
    const struct sm_schema *schema = field->schema;

    if (schema->type == SM_TYPE_LIST)
        return list_of(d, schema, parts, number, depth);
    if (schema->type == SM_TYPE_MAP)
        return map_of(d, schema, parts, number, depth);
    for (size_t i = parts->count; i-- > 0;)
        if (parts->at[i].number == number)
            return value_of(d, schema, &parts->at[i], depth);
    return NULL;
}

/* Fields that lie in the message number [outer] of this one, or in none; those of other numbers follow. */
static sm_val decode_message(struct decoding *d, const struct sm_schema *schema, const struct parts *parts, unsigned outer, int depth) {
    struct sm_member *members = sm_region_alloc(d->r, (schema->field_count + 1) * sizeof members[0]);
    size_t count = 0;

    if (depth > SM_PROTOBUF_DEPTH_MAX)
        return fail(d, "proto: nested too deep");
    for (uint32_t i = 0; i < schema->field_count && !d->error; i++) {
        const struct sm_field *field = &schema->fields[i];
        sm_val value = field->number && field->number >> 8 == outer ? field_of(d, field, parts, depth) : NULL;
        if (value)
            members[count++] = (struct sm_member){.key = field->name, .key_bytes = (uint32_t)strlen(field->name), .value = value};
    }
    sm_val object = d->error ? NULL : sm_val_from_members(d->r, members, count);
    for (size_t i = 0; object && !outer && i < parts->count; i++) {
        const struct part *part = &parts->at[i];
        struct parts inner;
        bool is_outer = false;
        for (uint32_t j = 0; j < schema->field_count; j++)
            is_outer |= schema->fields[j].number >> 8 == part->number;
        if (!is_outer || part->wire != SM_WIRE_BYTES)
            continue;
        if (!read_parts(d, part->data, part->bytes, &inner))
            return NULL;
        sm_val more = decode_message(d, schema, &inner, part->number, depth + 1);
        if (!more)
            return NULL;
        const struct sm_member *member;
        SM_EACH_MEMBER(member, more)
            object = sm_val_set(d->r, object, member->key, member->value);
    }
    return object;
}

/* --- Envelopes ------------------------------------------------------------------------------------------------------------------ */

const struct sm_schema *sm_protobuf_schema(const struct sm_server *server, const char *api_version, const char *kind) {
    const struct sm_schema *posted = sm_schema_posted(kind);

    if (posted)
        return posted;
    const struct sm_kind_info *found = sm_server_kind_of(server, api_version, kind);
    return found && sm_protobuf_knows(found) ? found->schema : NULL;
}

bool sm_protobuf_knows(const struct sm_kind_info *kind) {
    return !kind->custom && !kind->schema->preserve_unknown && kind->resource != SM_CRDS;
}

sm_val sm_protobuf_decode(struct sm_region *r, const struct sm_server *server, const char *data, size_t bytes, const char **reterr) {
    struct decoding d = {.r = r};
    struct parts envelope, type, message;

    if (bytes < SM_PROTOBUF_MAGIC_BYTES || memcmp(data, SM_PROTOBUF_MAGIC, SM_PROTOBUF_MAGIC_BYTES) != 0) {
        *reterr = "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]";
        return NULL;
    }
    sm_val object = NULL;
    if (read_parts(&d, data + SM_PROTOBUF_MAGIC_BYTES, bytes - SM_PROTOBUF_MAGIC_BYTES, &envelope)) {
        const struct part *meta = find(&envelope, 1, SM_WIRE_BYTES), *raw = find(&envelope, 2, SM_WIRE_BYTES);
        if (read_parts(&d, meta ? meta->data : "", meta ? meta->bytes : 0, &type) &&
            read_parts(&d, raw ? raw->data : "", raw ? raw->bytes : 0, &message)) {
            sm_val version = text_in(&d, &type, 1), kind = version ? text_in(&d, &type, 2) : NULL;
            const struct sm_schema *schema = kind ? sm_protobuf_schema(server, sm_val_text(version), sm_val_text(kind)) : NULL;
            if (kind && !schema)
                fail(&d, sm_region_printf(r, "no kind \"%s\" is registered for version \"%s\" in scheme \"pkg/runtime/scheme.go:110\"",
                                          sm_val_text(kind), sm_val_text(version)));
            object = schema ? decode_message(&d, schema, &message, 0, 0) : NULL;
            if (object)
                object = sm_val_set(r, sm_val_set(r, object, "apiVersion", version), "kind", kind);
        }
    }
    *reterr = d.error;
    return object;
}
