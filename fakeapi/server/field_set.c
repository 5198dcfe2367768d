#include "field_set.h"

#include <string.h>

#include "json.h"

enum operation { UNION, INTERSECTION, DIFFERENCE };

bool sm_field_set_member(sm_val node) {
    return node && (!node->count || strcmp(node->map[0].key, ".") == 0);
}

sm_val sm_field_set_node(struct sm_region *r, bool member, const struct sm_member *kids, size_t count) {
    enum { INLINE = 24 };
    struct sm_member inlined[INLINE + 1], *all = inlined;

    if (!count)
        return member ? SM_EMPTY_MAP : NULL;
    if (!member)
        return sm_val_from_members(r, kids, count);
    if (count > INLINE)
        all = sm_region_alloc(r, (count + 1) * sizeof all[0]);
    all[0] = (struct sm_member){".", 1, SM_EMPTY_MAP};
    memcpy(all + 1, kids, count * sizeof all[0]);
    return sm_val_from_members(r, all, count + 1);
}

/* --- Operations ---------------------------------------------------------------------------------------------------------- */

/* The kids of a node: its members without ".". */
static const struct sm_member *kids_of(sm_val node, size_t *ret_count) {
    if (!sm_val_count(node)) {
        *ret_count = 0;
        return NULL;
    }
    size_t skip = strcmp(node->map[0].key, ".") == 0;
    *ret_count = node->count - skip;
    return node->map + skip;
}

static sm_val combine(struct sm_region *r, enum operation operation, sm_val a, sm_val b, bool root) {
    static const bool keeps_a[] = {true, false, true}, keeps_b[] = {true, false, false};

    if (!a || !b)
        return a ? (keeps_a[operation] ? a : NULL) : (keeps_b[operation] ? b : NULL);
    if (sm_val_equal(a, b))
        return operation == DIFFERENCE ? NULL : a;
    bool in_a = !root && sm_field_set_member(a), in_b = !root && sm_field_set_member(b);
    bool member = operation == UNION ? in_a || in_b : operation == INTERSECTION ? in_a && in_b : in_a && !in_b;

    /* Kids of both, in order. */
    size_t a_count, b_count, i = 0, j = 0, count = 0;
    const struct sm_member *a_kids = kids_of(a, &a_count), *b_kids = kids_of(b, &b_count);
    struct sm_member *kids = sm_region_alloc(r, (a_count + b_count) * sizeof kids[0] + 1);
    bool same = member == in_a;
    while (i < a_count || j < b_count) {
        int order = i >= a_count ? 1 : j >= b_count ? -1 : strcmp(a_kids[i].key, b_kids[j].key);
        const struct sm_member *kid = order <= 0 ? &a_kids[i] : &b_kids[j];
        sm_val node = combine(r, operation, order <= 0 ? a_kids[i].value : NULL, order >= 0 ? b_kids[j].value : NULL, false);
        same &= node == (order <= 0 ? a_kids[i].value : NULL);
        i += order <= 0;
        j += order >= 0;
        if (node)
            kids[count++] = (struct sm_member){kid->key, kid->key_bytes, node};
    }
    return same ? a : sm_field_set_node(r, member, kids, count);
}

static sm_val at_root(struct sm_region *r, enum operation operation, sm_val a, sm_val b) {
    if (sm_field_set_empty(a) || sm_field_set_empty(b)) {
        sm_val left = operation == INTERSECTION ? NULL : operation == UNION && sm_field_set_empty(a) ? b : a;
        return left ? left : SM_EMPTY_MAP;
    }
    sm_val set = combine(r, operation, a, b, true);
    return set ? set : SM_EMPTY_MAP;
}

sm_val sm_field_set_union(struct sm_region *r, sm_val a, sm_val b) {
    return at_root(r, UNION, a, b);
}

sm_val sm_field_set_intersection(struct sm_region *r, sm_val a, sm_val b) {
    return at_root(r, INTERSECTION, a, b);
}

sm_val sm_field_set_difference(struct sm_region *r, sm_val a, sm_val b) {
    return at_root(r, DIFFERENCE, a, b);
}

/* --- Named fields -------------------------------------------------------------------------------------------------------- */

static const struct sm_schema *schema_of_kid(const struct sm_schema *schema, const struct sm_member *kid, bool *ret_declared) {
    *ret_declared = false;
    if (!schema)
        return NULL;
    if (kid->key[0] != 'f')
        return schema->type == SM_TYPE_LIST ? schema->element : NULL;
    if (schema->type == SM_TYPE_MAP)
        return schema->element;
    const struct sm_field *field = schema->type == SM_TYPE_OBJECT ? sm_schema_field(schema, kid->key + 2, kid->key_bytes - 2) : NULL;
    *ret_declared = field != NULL;
    return field ? field->schema : NULL;
}

static sm_val with_named(struct sm_region *r, const struct sm_schema *schema, sm_val node, bool member) {
    size_t count;
    const struct sm_member *old = kids_of(node, &count);
    struct sm_member *kids = sm_region_alloc(r, count * sizeof kids[0] + 1);

    for (size_t i = 0; i < count; i++) {
        bool declared;
        const struct sm_schema *kid = schema_of_kid(schema, &old[i], &declared);
        kids[i] = old[i];
        kids[i].value = with_named(r, kid, old[i].value, declared || sm_field_set_member(old[i].value));
    }
    return sm_field_set_node(r, member, kids, count);
}

sm_val sm_field_set_with_named(struct sm_region *r, const struct sm_schema *schema, sm_val set) {
    sm_val result = with_named(r, schema, set, false);
    return result ? result : SM_EMPTY_MAP;
}

/* --- Reading what others wrote ------------------------------------------------------------------------------------------- */

/* A step as this server writes it, NULL if it is none. */
static const char *parse_step(struct sm_region *r, const char *key, size_t bytes) {
    struct sm_json_error error;
    struct sm_str out;

    if (bytes < 2 || key[1] != ':' || !strchr("fkvi", key[0]))
        return NULL;
    if (key[0] == 'f')
        return key;
    sm_val content = sm_json_parse(r, key + 2, bytes - 2, NULL, &error);
    if (!content || (key[0] == 'k' && !sm_val_is_map(content)) || (key[0] == 'i' && !sm_val_is_int(content)))
        return NULL;
    sm_str_init(&out, r);
    sm_str_addn(&out, key, 2);
    sm_json_print(&out, content, SM_JSON_ESCAPE_HTML);
    return out.data;
}

static bool parse_node(struct sm_region *r, sm_val node, bool root, sm_val *ret) {
    if (!sm_val_is_map(node))
        return false;
    struct sm_member *kids = sm_region_alloc(r, node->count * sizeof kids[0] + 1);
    size_t count = 0;
    bool member = !root && node->count == 0;
    for (size_t i = 0; i < node->count; i++) {
        const struct sm_member *old = &node->map[i];
        if (strcmp(old->key, ".") == 0) {
            member = !root;
            continue;
        }
        const char *key = parse_step(r, old->key, old->key_bytes);
        sm_val kid;
        if (!key || !parse_node(r, old->value, false, &kid))
            return false;
        if (kid)
            kids[count++] = (struct sm_member){key, (uint32_t)strlen(key), kid};
    }
    *ret = sm_field_set_node(r, member, kids, count);
    return true;
}

sm_val sm_field_set_parse(struct sm_region *r, sm_val fields_v1) {
    sm_val set;

    if (!fields_v1 || sm_val_is_null(fields_v1))
        return SM_EMPTY_MAP;
    if (!parse_node(r, fields_v1, true, &set))
        return NULL;
    return set ? set : SM_EMPTY_MAP;
}

/* --- Paths --------------------------------------------------------------------------------------------------------------- */

static void add_step(struct sm_str *path, struct sm_region *r, const struct sm_member *kid) {
    struct sm_json_error error;
    const char *content = kid->key + 2;
    const struct sm_member *key;

    if (kid->key[0] == 'f') {
        sm_str_addf(path, ".%s", content);
    } else if (kid->key[0] == 'v') {
        sm_str_addf(path, "[=%s]", content);
    } else if (kid->key[0] == 'i') {
        sm_str_addf(path, "[%s]", content);
    } else {
        sm_str_add(path, "[");
        SM_EACH_MEMBER(key, sm_json_parse(r, content, kid->key_bytes - 2, NULL, &error)) {
            sm_str_addf(path, "%s%s=", key_i ? "," : "", key->key);
            sm_json_print(path, key->value, 0);
        }
        sm_str_add(path, "]");
    }
}

static void each(struct sm_region *r, struct sm_str *path, sm_val node, void (*visit)(void *arg, const char *path), void *arg) {
    size_t count, bytes = path->bytes;
    const struct sm_member *kids = kids_of(node, &count);

    for (int deeper = 0; deeper < 2; deeper++) {
        for (size_t i = 0; i < count; i++) {
            if (!deeper && !sm_field_set_member(kids[i].value))
                continue;
            add_step(path, r, &kids[i]);
            if (deeper)
                each(r, path, kids[i].value, visit, arg);
            else
                visit(arg, sm_region_strndup(r, path->data, path->bytes));
            path->bytes = bytes;
            path->data[bytes] = '\0';
        }
    }
}

void sm_field_set_each(struct sm_region *r, sm_val set, void (*visit)(void *arg, const char *path), void *arg) {
    struct sm_str path;

    sm_str_init(&path, r);
    each(r, &path, set, visit, arg);
}
