/* Reading and printing JSON text.
 *
 * The reader is ours and not cJSON's because a Kubernetes server must carry 64-bit integers, must tell duplicate keys
 * and must tell where an error stands. It accepts RFC 8259 only, UTF-8 only (invalid bytes and lone
 * surrogates become U+FFFD, as Go does), and at most [depth_max] levels of nesting. Keys that hold \u0000 are an error.
 */
#ifndef SM_JSON_H
#define SM_JSON_H

#include "str.h"
#include "val.h"

enum { SM_JSON_DEPTH_MAX = 1000 };

struct sm_json_error {
    size_t offset;         /* byte at which reading stopped */
    unsigned line, column; /* both from 1; column counts bytes */
    char message[160];     /* what is wrong, without the place */
};

/* A duplicate key: the last value wins; each is reported once, in order of appearance. */
struct sm_json_duplicate {
    const char *path; /* dotted path of the key, as Kubernetes prints it: `spec.containers[0].image` */
    unsigned line, column;
};

struct sm_json_options {
    /* Collect duplicate keys here if not NULL, at most [duplicates_max]. */
    struct sm_json_duplicate *duplicates;
    size_t duplicates_max;
    size_t *ret_duplicates_count;
    unsigned depth_max; /* 0: SM_JSON_DEPTH_MAX */
};

/* Parses exactly one document. Returns NULL and fills [reterr_error] on failure. [options] may be NULL. */
sm_val sm_json_parse(struct sm_region *r, const char *text, size_t bytes, const struct sm_json_options *options,
                     struct sm_json_error *reterr_error);

/* Parses a trusted literal, for tests and tables: aborts on an error. Single quotes stand for double quotes. */
sm_val sm_json_literal(struct sm_region *r, const char *text);

enum sm_json_flags {
    SM_JSON_COMPACT = 0,
    SM_JSON_PRETTY = 1,      /* two blanks of indentation, as a server prints when asked for ?pretty=true */
    SM_JSON_ESCAPE_HTML = 2, /* < > & and U+2028, U+2029 as \u escapes: what Go's encoder writes, and what revision hashes are taken over */
};

/* Appends the text of [v]; absent (NULL) prints as null. Doubles print with the fewest digits that read back equal, in Go's
 * forms: 0.000001, 1e-7, 1e+21; a whole one prints without a point and so reads back as an integer. Bytes that are not
 * UTF-8 print as \ufffd. */
void sm_json_print(struct sm_str *out, sm_val v, unsigned flags);

/* The same as a string in [r]. */
const char *sm_json_text(struct sm_region *r, sm_val v, unsigned flags);

/* Appends a quoted JSON string. */
void sm_json_quote(struct sm_str *out, const char *text, size_t bytes, unsigned flags);

#endif
