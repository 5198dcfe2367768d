#include "shape.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "json.h"
#include "str.h"

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

/* How many letters differ, if it is few: what a typing error does. */
static unsigned distance(const char *a, const char *b) {
    size_t a_bytes = strlen(a), b_bytes = strlen(b);
    unsigned row[64];

    if (a_bytes >= 60 || b_bytes >= 60)
        return 60;
    for (unsigned j = 0; j <= b_bytes; j++)
        row[j] = j;
    for (unsigned i = 1; i <= a_bytes; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= b_bytes; j++) {
            unsigned above = row[j], best = diagonal + (a[i - 1] != b[j - 1]);
            if (above + 1 < best)
                best = above + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
            diagonal = above;
        }
    }
    return row[b_bytes];
}

static void unknown_key(struct checking *c, const char *key, const struct sm_shape_field *fields) {
    const char *nearest = NULL;
    unsigned best = 3;
    struct sm_str known;

    for (size_t i = 0; fields[i].key; i++) {
        unsigned d = distance(key, fields[i].key);
        if (d < best) {
            best = d;
            nearest = fields[i].key;
        }
    }
    sm_str_init(&known, c->problems->region);
    if (nearest)
        sm_str_addf(&known, "did you mean %s?", nearest);
    else
        add_keys(&known, fields);
    sm_source_problem(c->problems, c->source, c->path.data, "unknown key \"%s\": %s%s", key, nearest ? "" : "known here are ", known.data);
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

static void push_key(struct checking *c, const char *key) {
    bool plain = key[0] && !strpbrk(key, ".[]");

    sm_str_addf(&c->path, plain ? c->path.bytes ? ".%s" : "%s" : "[%s]", key);
}

static void check_map(struct checking *c, const struct sm_shape *shape, sm_val v) {
    const struct sm_member *member;
    size_t bytes = c->path.bytes;

    SM_EACH_MEMBER(member, v) {
        const struct sm_shape_field *field = shape->fields;
        while (field->key && strcmp(field->key, member->key) != 0)
            field++;
        push_key(c, member->key);
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

static void check(struct checking *c, const struct sm_shape *shape, sm_val v) {
    const struct sm_member *member;
    size_t bytes = c->path.bytes;
    bool fits = kind_fits(shape, v);

    if (shape->kind == SM_SHAPE_ONE_OF && !fits && sm_val_is_map(v) && shape->ways[0]->kind == SM_SHAPE_MAP) {
        sm_source_problem(c->problems, c->source, c->path.data, "none of its keys says what this is: write one of %s", wish(c, shape));
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
        bool scalar = v->kind == SM_KIND_INT || (v->kind == SM_KIND_STRING && v->count > 0 && v->count < 60);
        sm_source_problem(c->problems, c->source, c->path.data, "%s%s%s: write %s",
                          scalar ? sm_json_text(c->problems->region, v, SM_JSON_COMPACT) : kind_names[v->kind],
                          scalar ? " does not fit" : " does not belong here", "", wish(c, shape));
        return;
    }
    if (shape->kind == SM_SHAPE_MAP)
        check_map(c, shape, v);
    if (shape->kind == SM_SHAPE_NAMED)
        SM_EACH_MEMBER(member, v) {
            push_key(c, member->key);
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
