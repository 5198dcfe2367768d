#include "list_key.h"

#include <string.h>

#include "json.h"

/* --- Keys ---------------------------------------------------------------------------------------------------------------- */

/* The default of a key field; NULL: an element must name it. */
static sm_val key_default(struct sm_region *r, const struct sm_schema *list, const char *key) {
    const struct sm_field *field = sm_schema_field(list->element, key, strlen(key));

    if (!field)
        return NULL;
    if (field->absent && *field->absent == '"' && !strchr(field->absent, '\\'))
        return sm_val_strn(r, field->absent + 1, strlen(field->absent) - 2);
    if (field->absent)
        return sm_json_literal(r, field->absent);
    if (list->element->structural)
        return NULL;
    switch (field->schema->type) {
    case SM_TYPE_BOOL:
        return SM_FALSE;
    case SM_TYPE_INT32:
    case SM_TYPE_INT64:
        return sm_val_int(r, 0);
    default:
        return SM_EMPTY_STRING;
    }
}

static bool is_scalar(sm_val v) {
    return v && !sm_val_is_map(v) && !sm_val_is_list(v) && !sm_val_is_null(v);
}

struct sm_list_key sm_list_key(struct sm_region *r, const struct sm_schema *list, sm_val item) {
    struct sm_list_key key = {0};

    if (list->list == SM_LIST_SET) {
        if (!is_scalar(item))
            return key;
        key.values[0] = item;
        key.hash = item->hash | 1;
        return key;
    }
    if (!sm_val_is_map(item))
        return key;
    uint64_t hash = 0;
    for (size_t i = 0; list->keys[i]; i++) {
        sm_val value = sm_val_get(item, list->keys[i]);
        if (!value || sm_val_is_null(value))
            value = key_default(r, list, list->keys[i]);
        if (!value)
            return (struct sm_list_key){0};
        key.values[i] = value;
        hash = hash * 31 + value->hash;
    }
    key.hash = hash | 1;
    return key;
}

bool sm_list_key_equal(const struct sm_list_key *a, const struct sm_list_key *b) {
    if (a->hash != b->hash || !a->hash)
        return false;
    for (size_t i = 0; i < SM_SCHEMA_KEYS_MAX && a->values[i]; i++) {
        if (!sm_val_equal(a->values[i], b->values[i]))
            return false;
    }
    return true;
}

/* --- Texts --------------------------------------------------------------------------------------------------------------- */

/* Appends plain text as a JSON string; 0 if it does not fit or must be escaped. */
static size_t quote_plain(char *to, size_t capacity, const char *text, size_t bytes) {
    if (bytes + 3 > capacity)
        return 0;
    for (size_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&')
            return 0;
        to[i + 1] = (char)c;
    }
    to[0] = to[bytes + 1] = '"';
    return bytes + 2;
}

static size_t print_plain(char *to, size_t capacity, sm_val v) {
    if (sm_val_is_string(v))
        return quote_plain(to, capacity, v->string, v->count);
    if (!sm_val_is_int(v) || v->integer < 0 || capacity < 24)
        return 0;
    char digits[24];
    size_t count = 0;
    int64_t left = v->integer;
    do {
        digits[count++] = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    for (size_t i = 0; i < count; i++)
        to[i] = digits[count - 1 - i];
    return count;
}

/* Places of the keys in order of their names, in which texts show them. */
static size_t by_name(const struct sm_schema *list, uint8_t order[SM_SCHEMA_KEYS_MAX]) {
    size_t count = 0;

    for (; list->keys[count]; count++) {
        size_t at = count;
        for (; at > 0 && strcmp(list->keys[order[at - 1]], list->keys[count]) > 0; at--)
            order[at] = order[at - 1];
        order[at] = (uint8_t)count;
    }
    return count;
}

/* The short way, for short texts without escapes: nearly all. */
static size_t print_key_plain(char *to, const struct sm_schema *list, const struct sm_list_key *key) {
    enum { KEY_BYTES_MAX = 64 };
    size_t at = 2, capacity = SM_LIST_KEY_BYTES - KEY_BYTES_MAX - 8, more;

    if (list->list == SM_LIST_SET) {
        memcpy(to, "v:", 2);
        more = print_plain(to + at, capacity, key->values[0]);
        to[at + more] = '\0';
        return more ? at + more : 0;
    }
    memcpy(to, "k:", 2);
    uint8_t order[SM_SCHEMA_KEYS_MAX];
    size_t count = by_name(list, order);
    for (size_t i = 0; i < count; i++) {
        const char *name = list->keys[order[i]];
        size_t bytes = strlen(name);
        if (bytes > KEY_BYTES_MAX || at >= capacity)
            return 0;
        to[at++] = i ? ',' : '{';
        to[at++] = '"';
        memcpy(to + at, name, bytes);
        memcpy(to + at + bytes, "\":", 2);
        at += bytes + 2;
        more = at < capacity ? print_plain(to + at, capacity - at, key->values[order[i]]) : 0;
        if (!more)
            return 0;
        at += more;
    }
    memcpy(to + at, "}", 2);
    return at + 1;
}

const char *sm_list_key_text(struct sm_region *r, const struct sm_schema *list, const struct sm_list_key *key,
                             char buffer[SM_LIST_KEY_BYTES], size_t *ret_bytes) {
    struct sm_str out;

    *ret_bytes = print_key_plain(buffer, list, key);
    if (*ret_bytes)
        return buffer;
    sm_str_init(&out, r);
    if (list->list == SM_LIST_SET) {
        sm_str_add(&out, "v:");
        sm_json_print(&out, key->values[0], SM_JSON_ESCAPE_HTML);
    } else {
        uint8_t order[SM_SCHEMA_KEYS_MAX];
        size_t count = by_name(list, order);
        sm_str_add(&out, "k:");
        for (size_t i = 0; i < count; i++) {
            sm_str_add(&out, i ? "," : "{");
            sm_json_quote(&out, list->keys[order[i]], strlen(list->keys[order[i]]), SM_JSON_ESCAPE_HTML);
            sm_str_add(&out, ":");
            sm_json_print(&out, key->values[order[i]], SM_JSON_ESCAPE_HTML);
        }
        sm_str_add(&out, "}");
    }
    *ret_bytes = out.bytes;
    return out.data;
}

void sm_list_key_print(struct sm_str *out, const struct sm_schema *list, const struct sm_list_key *key) {
    sm_str_add(out, "[");
    if (list->list == SM_LIST_SET) {
        sm_str_add(out, "=");
        sm_json_print(out, key->values[0], 0);
    } else {
        uint8_t order[SM_SCHEMA_KEYS_MAX];
        size_t count = by_name(list, order);
        for (size_t i = 0; i < count; i++) {
            sm_str_addf(out, "%s%s=", i ? "," : "", list->keys[order[i]]);
            sm_json_print(out, key->values[order[i]], 0);
        }
    }
    sm_str_add(out, "]");
}

const char *sm_list_key_fault(struct sm_region *r, const struct sm_schema *list, sm_val items, size_t *ret_at) {
    sm_val item;

    SM_EACH_ITEM(item, items) {
        *ret_at = item_i;
        if (list->list == SM_LIST_SET) {
            if (sm_val_is_map(item))
                return "associative list without keys has an element that's a map type";
            if (sm_val_is_list(item))
                return "not supporting lists of lists";
            if (sm_val_is_null(item))
                return "associative list without keys has an element that's an explicit null";
            continue;
        }
        if (sm_val_is_null(item))
            return "associative list with keys may not have a null element";
        if (!sm_val_is_map(item))
            return "associative list with keys may not have non-map elements";
        for (size_t i = 0; list->keys[i]; i++) {
            sm_val value = sm_val_get(item, list->keys[i]);
            if ((!value || sm_val_is_null(value)) && !key_default(r, list, list->keys[i]))
                return sm_region_printf(
                    r, "associative list with keys has an element that omits key field \"%s\" (and doesn't have default value)",
                    list->keys[i]);
        }
    }
    return NULL;
}

/* --- Index --------------------------------------------------------------------------------------------------------------- */

static void insert(struct sm_list_index *index, size_t i) {
    size_t slot = index->keys[i].hash % index->slot_count;

    for (; index->slots[slot]; slot = (slot + 1) % index->slot_count) {
        if (sm_list_key_equal(&index->keys[index->slots[slot] - 1], &index->keys[i]))
            return;
    }
    index->slots[slot] = (uint32_t)i + 1;
}

void sm_list_index_init(struct sm_list_index *index, struct sm_region *r, const struct sm_schema *list, sm_val items) {
    index->count = sm_val_count(items);
    index->keys = index->inlined;
    index->slots = NULL;
    index->slot_count = 0;
    if (index->count > SM_LIST_INDEX_INLINE) {
        index->keys = sm_region_alloc(r, index->count * sizeof index->keys[0]);
        index->slot_count = index->count * 2;
        index->slots = sm_region_zalloc(r, index->slot_count * sizeof index->slots[0]);
    }
    for (size_t i = 0; i < index->count; i++) {
        index->keys[i] = sm_list_key(r, list, items->list[i]);
        if (index->slots && index->keys[i].hash)
            insert(index, i);
    }
}

int64_t sm_list_index_find(const struct sm_list_index *index, const struct sm_list_key *key) {
    if (!key->hash)
        return -1;
    if (!index->slots) {
        for (size_t i = 0; i < index->count; i++) {
            if (sm_list_key_equal(&index->keys[i], key))
                return (int64_t)i;
        }
        return -1;
    }
    for (size_t slot = key->hash % index->slot_count; index->slots[slot]; slot = (slot + 1) % index->slot_count) {
        if (sm_list_key_equal(&index->keys[index->slots[slot] - 1], key))
            return (int64_t)index->slots[slot] - 1;
    }
    return -1;
}
