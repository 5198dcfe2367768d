/* The set of an object's fields, and on the way, if asked, whether the object is as its schema says.
 *
 * Whoever applies the same again names the same fields: as long as every node comes out equal to that of the set it is
 * compared with, nothing is built. */
#include <string.h>

#include "go_text.h"
#include "typed_internal.h"

/* The way from the root, for messages. */
struct path {
    const struct path *up;
    const char *field; /* NULL: an element */
    const struct sm_schema *list;
    const struct sm_list_key *key; /* NULL: by its place */
    size_t place;
};

struct walk {
    struct sm_region *r;
    const char *ignore;
    bool check;
    size_t error_count;
    struct sm_str errors;
};

/* A node on its way: as long as [same], all of [members] stand in [like] too. */
struct build {
    struct sm_members members;
    sm_val like;
    bool same;
};

static sm_val node_of(struct walk *walk, const struct sm_schema *schema, sm_val v, sm_val like, bool member, enum sm_place place,
                      const struct path *path);

/* --- Errors -------------------------------------------------------------------------------------------------------------- */

static void print_path(struct sm_str *out, const struct path *path) {
    if (!path)
        return;
    print_path(out, path->up);
    if (path->field)
        sm_str_addf(out, ".%s", path->field);
    else if (path->key)
        sm_list_key_print(out, path->list, path->key);
    else
        sm_str_addf(out, "[%zu]", path->place);
}

static void fault(struct walk *walk, const struct path *path, const char *text) {
    if (!walk->check)
        return;
    if (!walk->error_count++)
        sm_str_init(&walk->errors, walk->r);
    sm_str_add(&walk->errors, "\n  ");
    print_path(&walk->errors, path);
    sm_str_addf(&walk->errors, ": %s", text);
}

/* The three ways in which the library prints what it found. */
static void expected(struct walk *walk, const struct path *path, const char *what, sm_val found) {
    const char *shown = strcmp(what, "numeric (int or float)") == 0 ? sm_go_type(found)
                        : strcmp(what, "string") == 0
                            ? sm_region_printf(walk->r, "&value.valueUnstructured{Value:%s}", sm_go_syntax(walk->r, found))
                            : sm_region_printf(walk->r, "&{%s}", sm_go_text(walk->r, found));

    fault(walk, path, sm_region_printf(walk->r, "expected %s, got %s", what, shown));
}

/* --- Checking ------------------------------------------------------------------------------------------------------------ */

/* What a leaf of each type must be: a set of bits, one a kind; and its name. */
static const struct {
    unsigned kinds;
    const char *name;
} leaves[] = {
#define BIT(kind) (1U << SM_KIND_##kind)
    [SM_TYPE_OBJECT] = {BIT(MAP), "map"},
    [SM_TYPE_MAP] = {BIT(MAP), "map"},
    [SM_TYPE_LIST] = {BIT(LIST), "list"},
    [SM_TYPE_STRING] = {BIT(STRING), "string"},
    [SM_TYPE_BOOL] = {BIT(BOOL), "boolean"},
    [SM_TYPE_INT32] = {BIT(INT) | BIT(DOUBLE), "numeric (int or float)"},
    [SM_TYPE_INT64] = {BIT(INT) | BIT(DOUBLE), "numeric (int or float)"},
    [SM_TYPE_NUMBER] = {BIT(INT) | BIT(DOUBLE), "numeric (int or float)"},
    [SM_TYPE_INT_OR_STRING] = {BIT(INT) | BIT(DOUBLE) | BIT(STRING) | BIT(BOOL), "any scalar"},
    [SM_TYPE_QUANTITY] = {BIT(INT) | BIT(DOUBLE) | BIT(STRING) | BIT(BOOL), "any scalar"},
    [SM_TYPE_TIME] = {BIT(STRING), "string"},
    [SM_TYPE_MICROTIME] = {BIT(STRING), "string"},
    [SM_TYPE_BYTES] = {BIT(STRING), "string"},
#undef BIT
};

/* Checks all of a value that is a leaf as far as ownership goes. */
static void check(struct walk *walk, const struct sm_schema *schema, sm_val v, const struct path *path) {
    const struct sm_member *member;
    sm_val item;

    if (schema->type == SM_TYPE_ANY || sm_val_is_null(v))
        return;
    if (!(leaves[schema->type].kinds & 1U << v->kind)) {
        expected(walk, path, leaves[schema->type].name, v);
        return;
    }
    if (!sm_val_count(v))
        return;
    struct sm_typed_fields fields = sm_typed_fields(schema);
    SM_EACH_MEMBER(member, sm_val_is_map(v) ? v : NULL) {
        bool declared;
        struct path below = {.up = path, .field = member->key};
        const struct sm_schema *child = sm_typed_next(&fields, member->key, member->key_bytes, &declared);
        if (child)
            check(walk, child, member->value, &below);
        else
            fault(walk, &below, "field not declared in schema");
    }
    SM_EACH_ITEM(item, sm_val_is_list(v) ? v : NULL) {
        struct path below = {.up = path, .place = item_i};
        if (schema->element)
            check(walk, schema->element, item, &below);
    }
}

/* --- Building ------------------------------------------------------------------------------------------------------------ */

static void start(struct walk *walk, struct build *build, sm_val like) {
    sm_members_init(&build->members, walk->r);
    build->like = like;
    build->same = like != NULL;
}

/* The member of [like] with this key, which is nearly always the one at [*hint]. */
static const struct sm_member *find_like(sm_val like, const char *prefix, const char *key, size_t key_bytes, size_t *hint) {
    if (!like)
        return NULL;
    size_t skip = *prefix ? 2 : 0;
    for (size_t n = 0; n < like->count; n++, (*hint)++) {
        if (*hint >= like->count)
            *hint = 0;
        const struct sm_member *member = &like->map[*hint];
        if (member->key_bytes == key_bytes + skip && memcmp(member->key + skip, key, key_bytes) == 0 &&
            (!skip || member->key[0] == prefix[0])) {
            (*hint)++;
            return member;
        }
    }
    return NULL;
}

static sm_val finish(struct walk *walk, struct build *build, bool member) {
    size_t kids = build->members.count;

    if (!kids)
        return member ? SM_EMPTY_MAP : NULL;
    if (build->same && kids + (member ? 1 : 0) == build->like->count && member == sm_field_set_member(build->like))
        return build->like;
    return sm_field_set_node(walk->r, member, build->members.at, kids);
}

static sm_val node_of_map(struct walk *walk, const struct sm_schema *schema, sm_val v, sm_val like, bool member, enum sm_place place,
                          const struct path *path) {
    struct build build;
    struct sm_typed_fields fields = sm_typed_fields(schema);
    const struct sm_member *field;
    size_t hint = 0;

    start(walk, &build, like);
    SM_EACH_MEMBER(field, v) {
        struct path below = {.up = path, .field = field->key};
        bool declared;
        if (place != SM_PLACE_BELOW && !sm_typed_has_part(place, field->key, walk->ignore))
            continue;
        const struct sm_schema *child = sm_typed_next(&fields, field->key, field->key_bytes, &declared);
        if (!child) {
            fault(walk, &below, "field not declared in schema");
            continue;
        }
        enum sm_place child_place = sm_typed_below(place, field->key);
        bool own = !declared || sm_val_is_null(field->value) || (sm_val_is_map(field->value) && !field->value->count);
        const struct sm_member *old = find_like(like, "f", field->key, field->key_bytes, &hint);
        sm_val node = node_of(walk, child, field->value, old ? old->value : NULL, own && child_place != SM_PLACE_METADATA, child_place,
                              &below);
        if (!node)
            continue;
        if (old && node == old->value) {
            sm_members_add(&build.members, old->key, old->key_bytes, node);
            continue;
        }
        build.same = false;
        sm_members_add(&build.members, old ? old->key : sm_typed_field_key(walk->r, field), field->key_bytes + (size_t)2, node);
    }
    return finish(walk, &build, member);
}

static sm_val node_of_list(struct walk *walk, const struct sm_schema *schema, sm_val v, sm_val like, bool member, const struct path *path) {
    struct build build;
    struct sm_list_index index;
    size_t hint = 0, at;
    sm_val item;

    const char *why = walk->check ? sm_list_key_fault(walk->r, schema, v, &at) : NULL;
    if (why) {
        fault(walk, path, sm_region_printf(walk->r, "element %zu: %s", at, why));
        return NULL;
    }
    start(walk, &build, like);
    sm_list_index_init(&index, walk->r, schema, v);
    SM_EACH_ITEM(item, v) {
        const struct sm_list_key *key = &index.keys[item_i];
        struct path below = {.up = path, .list = schema, .key = key};
        if (!key->hash)
            continue;
        if (sm_list_index_find(&index, key) != (int64_t)item_i) {
            struct sm_str text;
            sm_str_init(&text, walk->r);
            sm_list_key_print(&text, schema, key);
            fault(walk, path, sm_region_printf(walk->r, "duplicate entries for key %s", text.data));
            continue;
        }
        char buffer[SM_LIST_KEY_BYTES];
        size_t bytes;
        const char *text = sm_list_key_text(walk->r, schema, key, buffer, &bytes);
        const struct sm_member *old = find_like(like, "", text, bytes, &hint);
        sm_val node = node_of(walk, schema->element, item, old ? old->value : NULL, true, SM_PLACE_BELOW, &below);
        if (old && node == old->value) {
            sm_members_add(&build.members, old->key, old->key_bytes, node);
            continue;
        }
        build.same = false;
        if (!old && text == buffer)
            text = sm_region_strndup(walk->r, text, bytes);
        sm_members_add(&build.members, old ? old->key : text, bytes, node);
    }
    return finish(walk, &build, member);
}

/* The node of [v]; [member]: it is one itself, whatever is in it. */
static sm_val node_of(struct walk *walk, const struct sm_schema *schema, sm_val v, sm_val like, bool member, enum sm_place place,
                      const struct path *path) {
    switch (sm_typed_shape(schema, v, NULL)) {
    case SM_SHAPE_MAP:
        return node_of_map(walk, schema, v, like, member, place, path);
    case SM_SHAPE_LIST:
        return node_of_list(walk, schema, v, like, member, path);
    default:
        if (walk->check)
            check(walk, schema, v, path);
        return SM_EMPTY_MAP;
    }
}

sm_val sm_typed_set(struct sm_region *r, const struct sm_schema *schema, sm_val object, const char *ignore, sm_val like,
                    const char **ret_error) {
    struct walk walk = {.r = r, .ignore = ignore, .check = ret_error != NULL};
    sm_val set = node_of(&walk, schema, object, like, false, SM_PLACE_ROOT, NULL);

    if (ret_error) {
        *ret_error = NULL;
        if (walk.error_count == 1)
            *ret_error = walk.errors.data + strlen("\n  ");
        else if (walk.error_count)
            *ret_error = sm_region_printf(r, "errors:%s", walk.errors.data);
    }
    return set ? set : SM_EMPTY_MAP;
}
