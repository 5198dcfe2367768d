/* What differs from run to run, as symbols in order of appearance: `<uid 1>`, `<rv 1>`, `<generated 1>`, `<time>`, `<ns>`. And
 * what only a server in Go would print, as `<go value>` and `<diff>`. The rules are those of ../shared/conformance. */
#ifndef SM_SYMBOLS_H
#define SM_SYMBOLS_H

#include "val.h"

enum { SM_SYMBOLS_MAX = 512 };

/* The names of one sort. */
struct sm_symbol_table {
    const char *names[SM_SYMBOLS_MAX];
    size_t count;
};

struct sm_symbols {
    struct sm_region *r;
    const char *name_space;
    bool managed_fields; /* they are compared, too */
    sm_val generated;    /* patterns of names that the server makes up; NULL: none */
    struct sm_symbol_table uids, versions, made_up;
};

/* Takes note of the names in [v] that match a pattern, or of one name. */
void sm_symbols_find(struct sm_symbols *symbols, sm_val v);
void sm_symbols_add_generated(struct sm_symbols *symbols, const char *name);

/* [v] with symbols; [key] is the field it is the value of, or NULL. */
sm_val sm_symbols_body(struct sm_symbols *symbols, sm_val v, const char *key);
const char *sm_symbols_text(struct sm_symbols *symbols, const char *text);

/* [v] without what stands at the paths of [ignore]; `*` and lists stand for all that is in them. */
sm_val sm_symbols_prune(struct sm_region *r, sm_val v, sm_val ignore);

/* A message without what only Go prints. */
const char *sm_symbols_without_go(struct sm_region *r, const char *text);

/* The symbols of all resourceVersions seen, in the order of the versions. */
sm_val sm_symbols_order(struct sm_symbols *symbols);

#endif
