/* From text to a tree, by recursive descent. Precedence from loose to tight: ?:, ||, &&, relations, + -, * / %, ! -, members. */
#include <limits.h>

#include "cel_internal.h"

struct parser {
    struct cel_source *source;
    struct cel_token token; /* the one to be read next */
    size_t next;            /* where the one after it begins */
    unsigned depth;
};

static struct cel_node *expression(struct parser *p);

/* --- Helpers -------------------------------------------------------------------------------------------------------------- */

static void advance(struct parser *p) {
    p->token = cel_lex(p->source, &p->next);
}

static bool at_mark(const struct parser *p, const char *mark) {
    return p->token.kind == CEL_MARK && strcmp(p->token.text, mark) == 0;
}

static bool take(struct parser *p, const char *mark) {
    if (!at_mark(p, mark))
        return false;
    advance(p);
    return true;
}

static struct cel_node *fail(struct parser *p, const char *wanted) {
    cel_fail(p->source, p->token.at, p->token.kind == CEL_END ? "Syntax error: mismatched input '<EOF>' expecting %s"
                                                              : "Syntax error: mismatched input, expecting %s",
             wanted);
    return NULL;
}

static struct cel_node *make(struct parser *p, enum cel_node_kind kind, size_t at, struct cel_node *const *args, size_t count) {
    struct cel_node *node = sm_region_zalloc(p->source->region, sizeof *node);
    node->kind = (uint8_t)kind;
    node->at = (uint32_t)at;
    node->args = sm_region_alloc(p->source->region, (count + 1) * sizeof(void *));
    node->arg_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        if (!args[i])
            return NULL;
        node->args[i] = args[i];
        if (args[i]->depth >= node->depth)
            node->depth = (uint16_t)(args[i]->depth + 1);
    }
    if (node->depth > CEL_DEPTH_MAX) {
        cel_fail(p->source, at, "expression recursion limit exceeded: %d", CEL_DEPTH_MAX);
        return NULL;
    }
    return node;
}

static struct cel_node *binary(struct parser *p, enum cel_node_kind kind, enum cel_op op, size_t at, struct cel_node *a,
                               struct cel_node *b) {
    struct cel_node *node = make(p, kind, at, (struct cel_node *[]){a, b}, 2);
    if (node)
        node->op = (uint8_t)op;
    return node;
}

/* Expressions up to the mark [end], which is taken. [pairs]: `key: value` each. False on failure. */
static bool list_of(struct parser *p, const char *end, bool pairs, struct cel_node ***ret_items, size_t *ret_count) {
    size_t count = 0, capacity = 0;
    struct cel_node **items = NULL;
    while (!at_mark(p, end)) {
        if (count + 2 > capacity) {
            struct cel_node **more = sm_region_alloc(p->source->region, (2 * capacity + 8) * sizeof *more);
            if (count)
                memcpy(more, items, count * sizeof *more);
            items = more;
            capacity = 2 * capacity + 8;
        }
        if (!(items[count++] = expression(p)))
            return false;
        if (pairs && !take(p, ":"))
            return fail(p, "':'") != NULL;
        if (pairs && !(items[count++] = expression(p)))
            return false;
        if (!take(p, ","))
            break;
    }
    if (!take(p, end))
        return fail(p, sm_region_printf(p->source->region, "'%s'", end)) != NULL;
    *ret_items = items;
    *ret_count = count;
    return true;
}

/* --- Primary expressions -------------------------------------------------------------------------------------------------- */

static bool reserved(const char *name) {
    static const char *const words[] = {"as",       "break",  "const",     "continue", "else", "for",  "function", "if",   "import",
                                        "let",      "loop",   "package",   "namespace", "return", "var", "void",   "while"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], name) == 0)
            return true;
    return false;
}

static struct cel_node *has(struct parser *p, size_t at, struct cel_node **args, size_t count) {
    if (count != 1 || args[0]->kind != CEL_NODE_SELECT) {
        cel_fail(p->source, at, "invalid argument to has() macro");
        return NULL;
    }
    args[0]->kind = CEL_NODE_HAS;
    return args[0];
}

/* `range.all(x, p)` and its like. */
static struct cel_node *macro(struct parser *p, enum cel_macro op, size_t at, struct cel_node *range, struct cel_node **args,
                              size_t count) {
    if (args[0]->kind != CEL_NODE_NAME) {
        cel_fail(p->source, args[0]->at, "argument must be a simple name");
        return NULL;
    }
    struct cel_node *value = args[count - 1], *predicate = count == 3 ? args[1] : NULL;
    struct cel_node *node = make(p, CEL_NODE_MACRO, at, (struct cel_node *[]){range, value, predicate}, count);
    if (!node)
        return NULL;
    node->op = (uint8_t)op;
    node->name = args[0]->name;
    return node;
}

static struct cel_node *call(struct parser *p, const char *name, size_t at, struct cel_node *target) {
    static const struct {
        const char *name;
        size_t args_min, args_max;
        enum cel_macro op;
    } macros[] = {{"all", 2, 2, CEL_ALL},
                  {"exists", 2, 2, CEL_EXISTS},
                  {"exists_one", 2, 2, CEL_EXISTS_ONE},
                  {"existsOne", 2, 2, CEL_EXISTS_ONE},
                  {"filter", 2, 2, CEL_FILTER},
                  {"map", 2, 3, CEL_MAP_EACH}};
    struct cel_node **args = NULL;
    size_t count = 0;
    if (!list_of(p, ")", false, &args, &count))
        return NULL;
    if (!target && strcmp(name, "has") == 0)
        return has(p, at, args, count);
    for (size_t i = 0; target && i < sizeof macros / sizeof *macros; i++)
        if (strcmp(macros[i].name, name) == 0 && count >= macros[i].args_min && count <= macros[i].args_max)
            return macro(p, macros[i].op, at, target, args, count);

    if (count > CEL_ARGS_MAX - (target != NULL)) {
        cel_fail(p->source, at, "too many arguments of '%s'", name);
        return NULL;
    }
    struct cel_node *all[CEL_ARGS_MAX] = {target};
    if (count)
        memcpy(all + (target != NULL), args, count * sizeof *args);
    struct cel_node *node = make(p, CEL_NODE_CALL, at, all, count + (target != NULL));
    if (!node)
        return NULL;
    node->name = name;
    node->member = target != NULL;
    return node;
}

static struct cel_node *name(struct parser *p) {
    struct cel_token token = p->token;
    advance(p);
    if (take(p, "("))
        return call(p, token.text, token.at, NULL);
    if (reserved(token.text)) {
        cel_fail(p->source, token.at, "Syntax error: reserved identifier: %s", token.text);
        return NULL;
    }
    struct cel_node *node = make(p, CEL_NODE_NAME, token.at, NULL, 0);
    node->name = token.text;
    return node;
}

static struct cel_node *literal(struct parser *p, bool negative) {
    struct cel_token token = p->token;
    advance(p);
    struct cel_node *node = make(p, CEL_NODE_LITERAL, token.at, NULL, 0);
    node->literal = token.literal;
    if (token.too_big && !negative) {
        cel_fail(p->source, token.at, "Syntax error: invalid int literal");
        return NULL;
    }
    if (negative && sm_val_is_int(token.literal) && !token.too_big)
        node->literal = sm_val_int(p->source->region, -token.literal->integer);
    if (negative && token.literal->kind == SM_KIND_DOUBLE)
        node->literal = sm_val_double(p->source->region, -token.literal->real);
    return node;
}

static struct cel_node *primary(struct parser *p) {
    size_t at = p->token.at, count = 0;
    struct cel_node **items = NULL;
    if (p->token.kind == CEL_LITERAL)
        return literal(p, false);
    if (p->token.kind == CEL_IDENT)
        return name(p);
    if (take(p, "(")) {
        struct cel_node *inner = expression(p);
        return !inner ? NULL : take(p, ")") ? inner : fail(p, "')'");
    }
    if (take(p, "["))
        return list_of(p, "]", false, &items, &count) ? make(p, CEL_NODE_LIST, at, items, count) : NULL;
    if (take(p, "{"))
        return list_of(p, "}", true, &items, &count) ? make(p, CEL_NODE_MAP, at, items, count) : NULL;
    return fail(p, "an expression");
}

/* --- Members and operators ------------------------------------------------------------------------------------------------ */

static struct cel_node *select_or_call(struct parser *p, struct cel_node *target, size_t at, bool optional) {
    if (p->token.kind != CEL_IDENT)
        return fail(p, "IDENTIFIER");
    const char *field = p->token.text;
    advance(p);
    if (!optional && take(p, "("))
        return call(p, field, at, target);
    struct cel_node *node = make(p, CEL_NODE_SELECT, at, &target, 1);
    if (!node)
        return NULL;
    node->name = field;
    node->optional = optional;
    return node;
}

static struct cel_node *member(struct parser *p) {
    struct cel_node *node = primary(p);
    while (node) {
        size_t at = p->token.at;
        bool optional = at_mark(p, ".?") || at_mark(p, "[?");
        if (take(p, ".") || take(p, ".?")) {
            node = select_or_call(p, node, at, optional);
        } else if (take(p, "[") || take(p, "[?")) {
            struct cel_node *index = expression(p);
            if (!index)
                return NULL;
            if (!take(p, "]"))
                return fail(p, "']'");
            if ((node = binary(p, CEL_NODE_INDEX, 0, at, node, index)))
                node->optional = optional;
        } else {
            break;
        }
    }
    return node;
}

static struct cel_node *unary(struct parser *p) {
    size_t at = p->token.at, nots = 0, minuses = 0;
    while (take(p, "!"))
        nots++;
    while (nots == 0 && take(p, "-"))
        minuses++;
    bool number = p->token.kind == CEL_LITERAL && (sm_val_is_int(p->token.literal) || p->token.literal->kind == SM_KIND_DOUBLE);
    struct cel_node *node = minuses % 2 == 1 && number ? literal(p, true) : member(p);
    if (node && (nots % 2 == 1 || (minuses % 2 == 1 && !number)))
        node = make(p, nots ? CEL_NODE_NOT : CEL_NODE_NEGATE, at, &node, 1);
    return node;
}

static const struct level {
    struct {
        const char *mark;
        enum cel_op op;
    } marks[8];
} levels[] = {{{{"==", CEL_EQ}, {"!=", CEL_NE}, {"<=", CEL_LE}, {"<", CEL_LT}, {">=", CEL_GE}, {">", CEL_GT}, {"in", CEL_IN}}},
              {{{"+", CEL_ADD}, {"-", CEL_SUB}}},
              {{{"*", CEL_MUL}, {"/", CEL_DIV}, {"%", CEL_MOD}}}};
enum { LEVELS = sizeof levels / sizeof *levels };

static struct cel_node *operators(struct parser *p, size_t level) {
    if (level == LEVELS)
        return unary(p);
    struct cel_node *node = operators(p, level + 1);
    while (node) {
        size_t i = 0, at = p->token.at;
        while (levels[level].marks[i].mark && !at_mark(p, levels[level].marks[i].mark))
            i++;
        if (!levels[level].marks[i].mark)
            break;
        advance(p);
        node = binary(p, CEL_NODE_BINARY, levels[level].marks[i].op, at, node, operators(p, level + 1));
    }
    return node;
}

static struct cel_node *conjunction(struct parser *p) {
    struct cel_node *node = operators(p, 0);
    for (size_t at = p->token.at; node && take(p, "&&"); at = p->token.at)
        node = binary(p, CEL_NODE_AND, 0, at, node, operators(p, 0));
    return node;
}

static struct cel_node *disjunction(struct parser *p) {
    struct cel_node *node = conjunction(p);
    for (size_t at = p->token.at; node && take(p, "||"); at = p->token.at)
        node = binary(p, CEL_NODE_OR, 0, at, node, conjunction(p));
    return node;
}

static struct cel_node *expression(struct parser *p) {
    if (++p->depth > CEL_DEPTH_MAX) {
        cel_fail(p->source, p->token.at, "expression recursion limit exceeded: %d", CEL_DEPTH_MAX);
        return NULL;
    }
    struct cel_node *node = disjunction(p);
    size_t at = p->token.at;
    if (node && take(p, "?")) {
        struct cel_node *yes = disjunction(p);
        if (!yes || !take(p, ":"))
            node = yes ? fail(p, "':'") : NULL;
        else
            node = make(p, CEL_NODE_IF, at, (struct cel_node *[]){node, yes, expression(p)}, 3);
    }
    p->depth--;
    return node;
}

struct cel_node *cel_parse(struct cel_source *source) {
    struct parser p = {.source = source};
    if (source->bytes > CEL_BYTES_MAX) {
        cel_fail(source, 0, "expression code point size exceeds limit: %d", CEL_BYTES_MAX);
        return NULL;
    }
    advance(&p);
    struct cel_node *node = expression(&p);
    if (node && p.token.kind != CEL_END)
        fail(&p, "<EOF>");
    return source->error ? NULL : node;
}
