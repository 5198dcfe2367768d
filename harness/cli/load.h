/* `serve --load`: manifests that every cluster starts with. */
#ifndef SM_LOAD_H
#define SM_LOAD_H

#include "live.h"

enum { SM_LOAD_MAX = 4096 };

struct sm_load {
    const char *path;
    const sm_val *objects; /* definitions of kinds first, then namespaces, then the rest as it stood there */
    size_t count;
};

/* Reads a file, or the *.yaml, *.yml and *.json of a folder in order of their names. All lives in [r]. False: [reterr] says why not. */
bool sm_load_read(struct sm_region *r, const char *path, struct sm_load *ret, const char **reterr);

/* Creates them in a new cluster. [load] is a struct sm_load. Returns what the server refuses, or NULL. */
const char *sm_load_fill(void *load, struct sm_live *live);

#endif
