/* Reading YAML with libfyaml into values. The only place that sees libfyaml.
 *
 * Scalars are resolved as kubectl's reader does, that is YAML 1.1: `0400` is 256, `yes` is true, `1_000` is 1000,
 * `~` is null; quoted scalars are strings. Anchors, aliases and merge keys (`<<`) are expanded within a limit on the
 * number of nodes, so an anchor bomb is an error and not an outage. Duplicate keys are errors unless allowed.
 */
#ifndef SM_YAML_H
#define SM_YAML_H

#include "val.h"

enum {
    SM_YAML_BYTES_MAX = 4 * 1024 * 1024,
    SM_YAML_DEPTH_MAX = 100,
    SM_YAML_NODES_MAX = 1000000,
};

struct sm_yaml_error {
    unsigned line, column; /* from 1; 0 when the error has no place */
    char message[256];     /* what is wrong, without the place */
};

/* A parsed document: its value, and for every map member and list element where it stands. */
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

/* Where [path] stands; if it is absent, where the nearest part of it that exists stands. */
struct sm_yaml_mark sm_yaml_where(const struct sm_yaml_doc *doc, const char *path);

#endif
