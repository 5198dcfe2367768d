/* Reading YAML with libfyaml into values. The only place that sees libfyaml.
 *
 * Scalars are resolved as kubectl's reader does, that is YAML 1.1: `0400` is 256, `yes` is true, `1_000` is 1000,
 * `~` is null, a date is a string; quoted scalars are strings. What reaches a server has gone through JSON, so `1.0` is the
 * integer 1, and `.inf` is an error. Keys are texts: `1: a` is {"1":"a"}, and `on: a` is {"true":"a"}.
 * Anchors, aliases and merge keys (`<<`) are expanded within a limit on the number of nodes, so an anchor bomb is an error
 * and not an outage. Duplicate keys are errors, unless the caller wants to hear of them. So are control characters and Unicode's
 * separators of lines, unless escaped.
 */
#ifndef SM_YAML_H
#define SM_YAML_H

#include "val.h"

enum {
    SM_YAML_BYTES_MAX = 4 * 1024 * 1024,
    SM_YAML_DEPTH_MAX = 100,
    SM_YAML_NODES_MAX = 1000000,
    SM_YAML_MARKS_BYTES_MAX = 64 * 1024 * 1024, /* of the paths of all marks */
};

struct sm_yaml_error {
    unsigned line, column; /* from 1; 0 when the error has no place; columns count characters */
    char message[256];     /* what is wrong, without the place */
};

/* A parsed document: its value, and for every map member (its key) and list element where it stands. What came in by an
 * alias stands where the alias does, and has no marks of its own. */
struct sm_yaml_doc {
    sm_val value;
    const struct sm_yaml_mark *marks; /* sorted by path */
    size_t mark_count;
};

struct sm_yaml_mark {
    const char *path; /* as in val.h, keys with dots in brackets; "" for the root */
    unsigned line, column;
};

/* Parses all documents of [text] into an array in [r]. Returns false and fills [reterr_error] on failure.
 * JSON is YAML, so JSON files are read too. Empty documents are left out. */
bool sm_yaml_parse(struct sm_region *r, const char *text, size_t bytes, struct sm_yaml_doc **ret_docs, size_t *ret_count,
                   struct sm_yaml_error *reterr_error);

/* A key that stands in a map a second time. */
struct sm_yaml_duplicate {
    const char *key;
    unsigned line;
};

/* The same, but of equal keys the last one counts, as for a server of Kubernetes. Up to [duplicates_max] of the others' successors are
 * put in [duplicates], inner maps first. */
bool sm_yaml_parse_lax(struct sm_region *r, const char *text, size_t bytes, struct sm_yaml_doc **ret_docs, size_t *ret_count,
                       struct sm_yaml_duplicate *duplicates, size_t duplicates_max, size_t *ret_duplicates_count,
                       struct sm_yaml_error *reterr_error);

/* Where [path] stands; if it is absent, where the nearest part of it that exists stands. */
struct sm_yaml_mark sm_yaml_where(const struct sm_yaml_doc *doc, const char *path);

#endif
