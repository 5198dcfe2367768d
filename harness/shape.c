#include "shape.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "json.h"
#include "near.h"
#include "str.h"

enum { SHOWN_BYTES_MAX = 60 };

static const char *const kind_names[] = {
    [SM_KIND_NULL] = "null",   [SM_KIND_BOOL] = "true or false", [SM_KIND_INT] = "a whole number", [SM_KIND_DOUBLE] = "a number",
    [SM_KIND_STRING] = "text", [SM_KIND_LIST] = "a list",        [SM_KIND_MAP] = "a map",
};

struct checking {
    struct sm_problems *problems;
    const struct sm_source *source;
    struct sm_str path;
    size_t before; /* problems when it began */
};

struct sm_place sm_place_at(struct sm_region *r, const struct sm_source *source, const char *path) {
    struct sm_yaml_mark at = sm_yaml_where(source->doc, path);

    return (struct sm_place){source, path, sm_region_printf(r, "%s:%u:%u", source->file, at.line, at.column)};
}

static void add_key(struct sm_str *path, const char *key) {
    bool plain = key[0] && !strpbrk(key, ".[]");

    sm_str_addf(path, plain ? path->bytes ? ".%s" : "%s" : "[%s]", key);
}

const char *sm_path_below(struct sm_region *r, const char *path, const char *key) {
    struct sm_str below;

    sm_str_init(&below, r);
    sm_str_add(&below, path);
    add_key(&below, key);
    return below.data;
}

void sm_source_problem(struct sm_problems *problems, const struct sm_source *source, const char *path, const char *format, ...) {
    struct sm_yaml_mark at = sm_yaml_where(source->doc, path);
    va_list args;

    va_start(args, format);
    const char *text = sm_region_vprintf(problems->region, format, args);
    va_end(args);
    sm_problem(problems, source->file, at.line, at.column, "%s", text);
}

/* --- What to write instead ------------------------------------------------------------------------------------------------ */

static void add_names(struct sm_str *out, const char *const *names) {
    for (size_t i = 0; names && names[i]; i++)
        sm_str_addf(out, "%s%s", i ? ", " : "", names[i]);
}

static void add_keys(struct sm_str *out, const struct sm_shape_field *fields) {
    for (size_t i = 0; fields[i].key; i++)
        sm_str_addf(out, "%s%s", i ? ", " : "", fields[i].key);
}

static void add_wish(struct sm_str *out, const struct sm_shape *shape) {
    if (shape->example) {
        sm_str_add(out, shape->example);
        return;
    }
    switch (shape->kind) {
    case SM_SHAPE_MAP:
        sm_str_add(out, "a map with the keys ");
        add_keys(out, shape->fields);
        break;
    case SM_SHAPE_NAMED:
    case SM_SHAPE_OBJECT:
        sm_str_add(out, "a map");
        break;
    case SM_SHAPE_LIST:
        sm_str_add(out, shape->min ? "a list that is not empty" : "a list");
        break;
    case SM_SHAPE_TEXT:
        sm_str_add(out, "a text, in quotes if need be");
        break;
    case SM_SHAPE_INT:
        sm_str_addf(out, "a whole number from %lld to %lld", (long long)shape->min, (long long)shape->max);
        break;
    case SM_SHAPE_BOOL:
        sm_str_add(out, "true or false");
        break;
    case SM_SHAPE_DURATION:
        sm_str_add(out, "a duration like 250ms, 5s, 1m30s");
        if (shape->names) {
            sm_str_add(out, ", or ");
            add_names(out, shape->names);
        }
        break;
    case SM_SHAPE_NAME:
        sm_str_add(out, "one of ");
        add_names(out, shape->names);
        break;
    case SM_SHAPE_ANY:
        sm_str_add(out, "a value");
        break;
    case SM_SHAPE_ONE_OF:
        if (shape->ways[0]->kind == SM_SHAPE_MAP)
            sm_str_add(out, "a map with one of the keys ");
        for (size_t i = 0; shape->ways[i]; i++) {
            if (i)
                sm_str_add(out, shape->ways[i]->kind == SM_SHAPE_MAP ? ", " : ", or ");
            if (shape->ways[i]->kind == SM_SHAPE_MAP)
                sm_str_add(out, shape->ways[i]->fields[0].key);
            else
                add_wish(out, shape->ways[i]);
        }
        break;
    }
}

static const char *wish(struct checking *c, const struct sm_shape *shape) {
    struct sm_str out;

    sm_str_init(&out, c->problems->region);
    add_wish(&out, shape);
    return out.data;
}

static void unknown_key(struct checking *c, const char *key, const struct sm_shape_field *fields) {
    struct sm_near near = sm_near_init(key);
    struct sm_str known;

    sm_str_init(&known, c->problems->region);
    for (size_t i = 0; fields[i].key; i++)
        sm_near_try(&near, fields[i].key);
    if (near.best)
        sm_str_addf(&known, "did you mean %s?", near.best);
    else
        add_keys(&known, fields);
    sm_source_problem(c->problems, c->source, c->path.data, "unknown key \"%s\": %s%s", key, near.best ? "" : "known here are ",
                      known.data);
}

/* --- Checking ---------------------------------------------------------------------------------------------------------------- */

static bool is_duration(sm_val v, const char *const *names) {
    sm_time duration = 0;

    if (!sm_val_is_string(v))
        return false;
    for (size_t i = 0; names && names[i]; i++)
        if (strcmp(v->string, names[i]) == 0)
            return true;
    return v->string[0] != '-' && v->string[0] != '+' && sm_clock_parse_duration(v->string, &duration) && duration >= 0;
}

static bool is_name(sm_val v, const char *const *names) {
    for (size_t i = 0; sm_val_is_string(v) && names[i]; i++)
        if (strcmp(v->string, names[i]) == 0)
            return true;
    return false;
}

/* The kind alone. */
static bool kind_fits(const struct sm_shape *shape, sm_val v) {
    switch (shape->kind) {
    case SM_SHAPE_MAP:
    case SM_SHAPE_NAMED:
    case SM_SHAPE_OBJECT:
        return sm_val_is_map(v);
    case SM_SHAPE_LIST:
        return sm_val_is_list(v);
    case SM_SHAPE_TEXT:
    case SM_SHAPE_NAME:
    case SM_SHAPE_DURATION:
        return sm_val_is_string(v);
    case SM_SHAPE_INT:
        return sm_val_is_int(v);
    case SM_SHAPE_BOOL:
        return v->kind == SM_KIND_BOOL;
    case SM_SHAPE_ANY:
        return true;
    case SM_SHAPE_ONE_OF:
        return sm_shape_way(shape, v) != NULL;
    }
    return false;
}

const struct sm_shape *sm_shape_way(const struct sm_shape *shape, sm_val v) {
    const struct sm_shape *fits = NULL;

    for (size_t i = 0; shape->ways[i]; i++) {
        const struct sm_shape *way = shape->ways[i];
        if (!kind_fits(way, v))
            continue;
        if (way->kind != SM_SHAPE_MAP || sm_val_get(v, way->fields[0].key))
            return way;
        if (!shape->ways[1]) /* the only way */
            fits = way;
    }
    return fits;
}

static void check(struct checking *c, const struct sm_shape *shape, sm_val v);

static void cut(struct sm_str *path, size_t bytes) {
    path->bytes = bytes;
    path->data[bytes] = '\0';
}

static void check_map(struct checking *c, const struct sm_shape *shape, sm_val v) {
    const struct sm_member *member;
    size_t bytes = c->path.bytes;

    SM_EACH_MEMBER(member, v) {
        const struct sm_shape_field *field = shape->fields;
        while (field->key && strcmp(field->key, member->key) != 0)
            field++;
        add_key(&c->path, member->key);
        if (field->key)
            check(c, field->shape, member->value);
        else
            unknown_key(c, member->key, shape->fields);
        cut(&c->path, bytes);
    }
    for (const struct sm_shape_field *field = shape->fields; field->key; field++)
        if (field->required && !sm_val_get(v, field->key))
            sm_source_problem(c->problems, c->source, c->path.data, "the key %s is missing: write %s: %s", field->key, field->key,
                              wish(c, field->shape));
}

/* The value as it is if it can be shown in a line, else its kind; and the name that was meant, if one is near. */
static void does_not_fit(struct checking *c, const struct sm_shape *shape, sm_val v) {
    bool scalar =
        v->kind != SM_KIND_NULL && v->kind != SM_KIND_LIST && v->kind != SM_KIND_MAP && !(v->kind == SM_KIND_STRING && v->count == 0);
    const char *shown = scalar ? sm_json_text(c->problems->region, v, SM_JSON_COMPACT) : kind_names[v->kind];
    const char *meant = shape->names && sm_val_is_string(v) ? sm_near_of(v->string, shape->names) : NULL;

    if (sm_val_is_string(v) && v->count == 0)
        shown = "an empty text";
    if (strlen(shown) > SHOWN_BYTES_MAX)
        shown = sm_region_printf(c->problems->region, "%.*s…", SHOWN_BYTES_MAX, shown);
    sm_source_problem(c->problems, c->source, c->path.data, "%s does not %s: %s", shown, scalar ? "fit" : "belong here",
                      meant ? sm_region_printf(c->problems->region, "did you mean %s?", meant)
                            : sm_region_printf(c->problems->region, "write %s", wish(c, shape)));
}

/* A map that is none of the maps it may be: its key that is nearly one of theirs, or all of them. */
static void no_way(struct checking *c, const struct sm_shape *shape, sm_val v) {
    const struct sm_member *member;

    SM_EACH_MEMBER(member, v) {
        struct sm_near near = sm_near_init(member->key);
        for (size_t i = 0; shape->ways[i]; i++)
            if (shape->ways[i]->kind == SM_SHAPE_MAP)
                sm_near_try(&near, shape->ways[i]->fields[0].key);
        if (near.best) {
            size_t bytes = c->path.bytes;
            add_key(&c->path, member->key);
            sm_source_problem(c->problems, c->source, c->path.data, "unknown key \"%s\": did you mean %s?", member->key, near.best);
            cut(&c->path, bytes);
            return;
        }
    }
    sm_source_problem(c->problems, c->source, c->path.data, "none of its keys says what this is: write %s", wish(c, shape));
}

static void check(struct checking *c, const struct sm_shape *shape, sm_val v) {
    const struct sm_member *member;
    size_t bytes = c->path.bytes;
    bool fits = kind_fits(shape, v);

    if (shape->kind == SM_SHAPE_ONE_OF && !fits && sm_val_is_map(v) && shape->ways[0]->kind == SM_SHAPE_MAP) {
        no_way(c, shape, v);
        return;
    }
    if (shape->kind == SM_SHAPE_ONE_OF && fits) {
        check(c, sm_shape_way(shape, v), v);
        return;
    }
    if (shape->kind == SM_SHAPE_TEXT)
        fits = fits && v->count > 0;
    else if (shape->kind == SM_SHAPE_NAME)
        fits = is_name(v, shape->names);
    else if (shape->kind == SM_SHAPE_DURATION)
        fits = is_duration(v, shape->names);
    else if (shape->kind == SM_SHAPE_INT)
        fits = fits && v->integer >= shape->min && v->integer <= shape->max;
    else if (shape->kind == SM_SHAPE_LIST)
        fits = fits && v->count >= (size_t)shape->min;
    if (!fits) {
        does_not_fit(c, shape, v);
        return;
    }
    if (shape->kind == SM_SHAPE_MAP)
        check_map(c, shape, v);
    if (shape->kind == SM_SHAPE_NAMED)
        SM_EACH_MEMBER(member, v) {
            add_key(&c->path, member->key);
            check(c, shape->element, member->value);
            cut(&c->path, bytes);
        }
    if (shape->kind == SM_SHAPE_LIST)
        for (size_t i = 0; i < v->count; i++) {
            sm_str_addf(&c->path, "[%zu]", i);
            check(c, shape->element, v->list[i]);
            cut(&c->path, bytes);
        }
}

bool sm_shape_check(struct sm_problems *problems, const struct sm_source *source, const struct sm_shape *shape) {
    struct checking c = {.problems = problems, .source = source, .before = problems->count};

    sm_str_init(&c.path, problems->region);
    check(&c, shape, source->doc->value);
    return problems->count == c.before;
}
