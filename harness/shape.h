/* The shape of a file: which keys, which types. One table (scenario_shape.c) is walked by the checker, which words problems,
 * and by the writer of the JSON Schema for editors; so the two can't differ. */
#ifndef SM_SHAPE_H
#define SM_SHAPE_H

#include "problem.h"
#include "val.h"

enum sm_shape_kind {
    SM_SHAPE_MAP,      /* [fields] */
    SM_SHAPE_NAMED,    /* any keys, values of [element] */
    SM_SHAPE_LIST,     /* of [element], at least [min] */
    SM_SHAPE_TEXT,     /* not empty */
    SM_SHAPE_INT,      /* [min] to [max] */
    SM_SHAPE_BOOL,
    SM_SHAPE_DURATION, /* Go's notation, not negative; or one of [names] */
    SM_SHAPE_NAME,     /* one of [names] */
    SM_SHAPE_OBJECT,   /* any map: a manifest, a patch */
    SM_SHAPE_ANY,
    SM_SHAPE_ONE_OF,   /* one of [ways], told apart by the kind of value, or, if maps, by their first key */
};

struct sm_shape_field {
    const char *key; /* NULL ends the fields */
    const struct sm_shape *shape;
    const char *about;
    bool required;
};

struct sm_shape {
    enum sm_shape_kind kind;
    const struct sm_shape_field *fields;
    const struct sm_shape *element;
    const char *const *names;           /* ended by NULL */
    const struct sm_shape *const *ways; /* ended by NULL */
    int64_t min, max;
    const char *example; /* what to write instead; NULL: by kind */
    const char *name;    /* of its definition in the JSON Schema, for what is used in several places; NULL: written in place */
};

/* A document of a file, and a place in it, for problems. */
struct sm_source {
    const char *file;
    const struct sm_yaml_doc *doc;
};
struct sm_place {
    const struct sm_source *source;
    const char *path;
    const char *text; /* `scenarios/x.yaml:12:3` */
};
struct sm_place sm_place_at(struct sm_region *r, const struct sm_source *source, const char *path);

/* A problem at [path] of the document. */
void sm_source_problem(struct sm_problems *problems, const struct sm_source *source, const char *path, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* [path] and a key below it, whatever is in the key. */
const char *sm_path_below(struct sm_region *r, const char *path, const char *key);

/* True if the whole document has [shape]; else [problems] has grown. */
bool sm_shape_check(struct sm_problems *problems, const struct sm_source *source, const struct sm_shape *shape);

/* The way of a ONE_OF that [v] takes, NULL if none. */
const struct sm_shape *sm_shape_way(const struct sm_shape *shape, sm_val v);

/* JSON Schema (draft 2020-12) of a shape. */
sm_val sm_shape_schema(struct sm_region *r, const struct sm_shape *shape, const char *id, const char *title);

#endif
