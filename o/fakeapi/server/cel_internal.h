/* What the parts of CEL share: trees, types, values.
 *
 *      text ── cel_lex, cel_parse ──▶ tree ── cel_check ──▶ the same with types ── cel_eval ──▶ value
 */
#ifndef SM_CEL_INTERNAL_H
#define SM_CEL_INTERNAL_H

#include "cel.h"
#include "regex.h"
#include "structural.h"

enum {
    CEL_DEPTH_MAX = 200,     /* of a tree */
    CEL_VARIABLES_MAX = 16,  /* of macros within macros */
    CEL_BYTES_MAX = 64 * 1024,
    CEL_ARGS_MAX = 4,        /* of functions; lists may be longer */
};

/* --- Values and their types ----------------------------------------------------------------------------------------------- */

enum cel_kind {
    CEL_ERROR, /* a value: the text of what went wrong */
    CEL_DYN,   /* a type only: known when evaluated */
    CEL_NULL,
    CEL_BOOL,
    CEL_INT,
    CEL_DOUBLE,
    CEL_STRING,
    CEL_LIST,
    CEL_MAP,
    CEL_OBJECT, /* a type only: a map whose fields a schema names */
    CEL_TYPE,
    CEL_OPTIONAL,
    CEL_KINDS,
};

struct cel_value {
    uint8_t kind;
    union {
        bool boolean;
        int64_t integer;
        double real;
        sm_val val;   /* STRING, LIST, MAP; OPTIONAL: NULL for none */
        uint8_t type; /* TYPE: enum cel_kind */
        const char *error;
    };
};

struct cel_type {
    uint8_t kind;
    const struct cel_type *of;        /* LIST, MAP, OPTIONAL: of what; never NULL */
    const struct sm_structural *node; /* OBJECT */
};

/* --- Trees ---------------------------------------------------------------------------------------------------------------- */

enum cel_node_kind {
    CEL_NODE_LITERAL,
    CEL_NODE_NAME,     /* before it is checked: any name */
    CEL_NODE_VARIABLE, /* of a macro */
    CEL_NODE_SELF,
    CEL_NODE_OLD_SELF,
    CEL_NODE_TYPE_NAME,
    CEL_NODE_SELECT,   /* args[0].name, optional: .?name */
    CEL_NODE_HAS,      /* has(args[0].name) */
    CEL_NODE_INDEX,    /* args[0][args[1]], optional: [?i] */
    CEL_NODE_LIST,
    CEL_NODE_MAP,      /* key, value, key, value … */
    CEL_NODE_NOT,
    CEL_NODE_NEGATE,
    CEL_NODE_AND,
    CEL_NODE_OR,
    CEL_NODE_IF,
    CEL_NODE_BINARY,   /* op */
    CEL_NODE_CALL,     /* name(args) or args[0].name(args[1]…) */
    CEL_NODE_MACRO,    /* op over args[0]: predicate or value args[1], map's value with a predicate args[2] */
};

enum cel_op { CEL_EQ, CEL_NE, CEL_LT, CEL_LE, CEL_GT, CEL_GE, CEL_IN, CEL_ADD, CEL_SUB, CEL_MUL, CEL_DIV, CEL_MOD };
enum cel_macro { CEL_ALL, CEL_EXISTS, CEL_EXISTS_ONE, CEL_FILTER, CEL_MAP_EACH };

struct cel_node {
    uint8_t kind, op;
    bool optional, member, to_double; /* to_double: what is read here is a number and may be whole */
    uint8_t type_name;                /* TYPE_NAME: enum cel_kind */
    uint16_t slot, depth;             /* slot: of VARIABLE and MACRO */
    uint32_t at;                      /* byte of the text, for errors */
    const char *name;
    sm_val literal;
    const struct cel_function *function; /* CALL: the first of its rows */
    const struct sm_regex *regex;        /* CALL of matches with a literal */
    struct cel_node **args;
    uint32_t arg_count;
};

struct sm_cel {
    const struct cel_node *root;
    bool uses_old_self, self_is_double, optional_old;
};

/* --- Parsing -------------------------------------------------------------------------------------------------------------- */

struct cel_source {
    struct sm_region *region;
    const char *text;
    size_t bytes;
    const char *error; /* the first; NULL: none */
};

/* Notes the first error, at byte [at] of the text, in the form of cel-go. */
void cel_fail(struct cel_source *source, size_t at, const char *format, ...) __attribute__((format(printf, 3, 4)));

enum cel_token_kind { CEL_END, CEL_IDENT, CEL_LITERAL, CEL_MARK };

struct cel_token {
    uint8_t kind;
    size_t at;
    const char *text; /* IDENT: the name; MARK: one of the static texts of cel_lex.c, so that `==` compares by strcmp */
    sm_val literal;   /* a null value is SM_NULL */
    bool too_big;     /* the integer 9223372036854775808, good only behind a minus */
};

/* Reads the token at [*at] and moves behind it. */
struct cel_token cel_lex(struct cel_source *source, size_t *at);

/* NULL and source->error on failure. */
struct cel_node *cel_parse(struct cel_source *source);

/* Resolves names, finds out types. False and source->error on failure. */
bool cel_check(struct cel_source *source, struct cel_node *root, const struct sm_cel_scope *scope, bool *ret_uses_old_self);

/* --- Functions ------------------------------------------------------------------------------------------------------------ */

struct cel_eval {
    struct sm_region *region;
    struct cel_value self, old;
    struct cel_value variables[CEL_VARIABLES_MAX];
    int64_t steps;
};

/* Rows of one name stand together; the last row of the table has no name. Letters of [args]: b i d s l m o(ptional), * any; of
 * [result] also: e an element of the first argument, L a list of texts, t a type, v what the optional holds. */
struct cel_function {
    const char *name;
    const char *args; /* of a member function the first is what stands before the dot */
    char result;
    bool global, member;
    struct cel_value (*call)(struct cel_eval *e, const struct cel_node *node, const struct cel_value *args);
};
extern const struct cel_function cel_functions[];
bool cel_letter_accepts(char letter, uint8_t kind);

static inline struct cel_value cel_bool(bool b) { return (struct cel_value){.kind = CEL_BOOL, .boolean = b}; }
static inline struct cel_value cel_int(int64_t i) { return (struct cel_value){.kind = CEL_INT, .integer = i}; }
static inline struct cel_value cel_double(double d) { return (struct cel_value){.kind = CEL_DOUBLE, .real = d}; }
static inline struct cel_value cel_error(const char *text) { return (struct cel_value){.kind = CEL_ERROR, .error = text}; }
static inline struct cel_value cel_optional(sm_val v) { return (struct cel_value){.kind = CEL_OPTIONAL, .val = v}; }
struct cel_value cel_from_val(sm_val v);
sm_val cel_to_val(struct sm_region *r, const struct cel_value *v); /* NULL for what no value holds: types, optionals, errors, infinities */
bool cel_equal(const struct cel_value *a, const struct cel_value *b);
/* -1, 0, 1; 2 if the two have no order. */
int cel_order(const struct cel_value *a, const struct cel_value *b);
struct cel_value cel_add(struct cel_eval *e, const struct cel_value *a, const struct cel_value *b);

extern const char *const cel_kind_names[CEL_KINDS];

#endif
