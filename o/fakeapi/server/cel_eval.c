/* Evaluation: a walk over the tree with plain values. Numbers and booleans are never in memory of their own. */
#include <math.h>

#include "cel_internal.h"

static struct cel_value eval(struct cel_eval *e, const struct cel_node *node);

static const char no_such_overload[] = "no such overload", cancelled[] = "operation cancelled: actual cost limit exceeded";

/* --- Values --------------------------------------------------------------------------------------------------------------- */

struct cel_value cel_from_val(sm_val v) {
    static const uint8_t kinds[] = {
        [SM_KIND_NULL] = CEL_NULL,     [SM_KIND_BOOL] = CEL_BOOL, [SM_KIND_INT] = CEL_INT, [SM_KIND_DOUBLE] = CEL_DOUBLE,
        [SM_KIND_STRING] = CEL_STRING, [SM_KIND_LIST] = CEL_LIST, [SM_KIND_MAP] = CEL_MAP,
    };
    struct cel_value value = {.kind = kinds[v->kind], .val = v};
    if (v->kind == SM_KIND_BOOL)
        value.boolean = v->boolean;
    if (v->kind == SM_KIND_INT)
        value.integer = v->integer;
    if (v->kind == SM_KIND_DOUBLE)
        value.real = v->real;
    return value;
}

sm_val cel_to_val(struct sm_region *r, const struct cel_value *v) {
    switch (v->kind) {
    case CEL_NULL:
        return SM_NULL;
    case CEL_BOOL:
        return sm_val_bool(v->boolean);
    case CEL_INT:
        return sm_val_int(r, v->integer);
    case CEL_DOUBLE:
        return isfinite(v->real) ? sm_val_double(r, v->real) : NULL;
    case CEL_STRING:
    case CEL_LIST:
    case CEL_MAP:
        return v->val;
    default:
        return NULL;
    }
}

static double real_of(const struct cel_value *v) {
    return v->kind == CEL_INT ? (double)v->integer : v->real;
}

static bool is_number(const struct cel_value *v) {
    return v->kind == CEL_INT || v->kind == CEL_DOUBLE;
}

static bool equal_vals(sm_val a, sm_val b) {
    if (sm_val_equal(a, b))
        return true;
    if (a->kind != b->kind || (a->kind != SM_KIND_LIST && a->kind != SM_KIND_MAP) || a->count != b->count) {
        struct cel_value x = cel_from_val(a), y = cel_from_val(b);
        return is_number(&x) && is_number(&y) && real_of(&x) == real_of(&y);
    }
    for (size_t i = 0; i < a->count; i++) {
        if (a->kind == SM_KIND_MAP && strcmp(a->map[i].key, b->map[i].key) != 0)
            return false;
        if (!equal_vals(a->kind == SM_KIND_MAP ? a->map[i].value : a->list[i], b->kind == SM_KIND_MAP ? b->map[i].value : b->list[i]))
            return false;
    }
    return true;
}

bool cel_equal(const struct cel_value *a, const struct cel_value *b) {
    if (a->kind != b->kind)
        return is_number(a) && is_number(b) && real_of(a) == real_of(b);
    switch (a->kind) {
    case CEL_BOOL:
        return a->boolean == b->boolean;
    case CEL_INT:
        return a->integer == b->integer;
    case CEL_DOUBLE:
        return a->real == b->real;
    case CEL_TYPE:
        return a->type == b->type;
    case CEL_STRING:
    case CEL_LIST:
    case CEL_MAP:
        return equal_vals(a->val, b->val);
    case CEL_OPTIONAL:
        return a->val && b->val ? equal_vals(a->val, b->val) : a->val == b->val;
    default:
        return true;
    }
}

int cel_order(const struct cel_value *a, const struct cel_value *b) {
    if (a->kind == CEL_INT && b->kind == CEL_INT)
        return (a->integer > b->integer) - (a->integer < b->integer);
    if (is_number(a) && is_number(b)) {
        double x = real_of(a), y = real_of(b);
        return isnan(x) || isnan(y) ? 2 : (x > y) - (x < y);
    }
    if (a->kind == CEL_STRING && b->kind == CEL_STRING) {
        int order = sm_val_compare(a->val, b->val);
        return (order > 0) - (order < 0);
    }
    return a->kind == CEL_BOOL && b->kind == CEL_BOOL ? a->boolean - b->boolean : 2;
}

static struct cel_value read_val(const struct cel_node *node, sm_val v) {
    struct cel_value value = cel_from_val(v);
    return node->to_double && value.kind == CEL_INT ? cel_double((double)value.integer) : value;
}

static struct cel_value hold_val(struct cel_eval *e, const struct cel_node *node, sm_val v) {
    return cel_optional(v && node->to_double && sm_val_is_int(v) ? sm_val_double(e->region, (double)v->integer) : v);
}

/* --- Names, fields, elements ---------------------------------------------------------------------------------------------- */

static struct cel_value eval_literal(struct cel_eval *e, const struct cel_node *node) {
    (void)e;
    return cel_from_val(node->literal);
}

static struct cel_value eval_variable(struct cel_eval *e, const struct cel_node *node) {
    return e->variables[node->slot];
}

static struct cel_value eval_self(struct cel_eval *e, const struct cel_node *node) {
    return node->kind == CEL_NODE_SELF ? e->self : e->old;
}

static struct cel_value eval_type_name(struct cel_eval *e, const struct cel_node *node) {
    (void)e;
    return (struct cel_value){.kind = CEL_TYPE, .type = node->type_name};
}

static struct cel_value eval_select(struct cel_eval *e, const struct cel_node *node) {
    struct cel_value of = eval(e, node->args[0]);
    bool optional = of.kind == CEL_OPTIONAL;
    if (of.kind == CEL_ERROR)
        return of;
    if (optional) {
        if (!of.val)
            return node->kind == CEL_NODE_HAS ? cel_bool(false) : of;
        of = cel_from_val(of.val);
    }
    if (of.kind != CEL_MAP)
        return cel_error(no_such_overload);
    sm_val field = sm_val_get(of.val, node->name);
    if (node->kind == CEL_NODE_HAS)
        return cel_bool(field != NULL);
    if (optional || node->optional)
        return hold_val(e, node, field);
    return field ? read_val(node, field) : cel_error(sm_region_printf(e->region, "no such key: %s", node->name));
}

static struct cel_value eval_index(struct cel_eval *e, const struct cel_node *node) {
    struct cel_value of = eval(e, node->args[0]), index = eval(e, node->args[1]);
    bool optional = of.kind == CEL_OPTIONAL;
    if (of.kind == CEL_ERROR || index.kind == CEL_ERROR)
        return of.kind == CEL_ERROR ? of : index;
    if (optional && !of.val)
        return of;
    if (optional)
        of = cel_from_val(of.val);
    sm_val element;
    const char *error;
    if (of.kind == CEL_LIST && is_number(&index)) {
        double whole = real_of(&index);
        element = whole >= 0 && whole == floor(whole) && whole < (double)of.val->count ? of.val->list[(size_t)whole] : NULL;
        error = element ? NULL : sm_region_printf(e->region, "index out of bounds: %.0f", whole);
    } else if (of.kind == CEL_MAP && index.kind == CEL_STRING) {
        element = sm_val_getn(of.val, index.val->string, index.val->count);
        error = element ? NULL : sm_region_printf(e->region, "no such key: %s", index.val->string);
    } else {
        return cel_error(no_such_overload);
    }
    if (optional || node->optional)
        return hold_val(e, node, element);
    return element ? read_val(node, element) : cel_error(error);
}

static struct cel_value eval_list(struct cel_eval *e, const struct cel_node *node) {
    sm_val *items = sm_region_alloc(e->region, (node->arg_count + 1) * sizeof(sm_val));
    for (uint32_t i = 0; i < node->arg_count; i++) {
        struct cel_value value = eval(e, node->args[i]);
        if (value.kind == CEL_ERROR)
            return value;
        if (!(items[i] = cel_to_val(e->region, &value)))
            return cel_error(no_such_overload);
    }
    return cel_from_val(sm_val_from_items(e->region, items, node->arg_count));
}

static struct cel_value eval_map(struct cel_eval *e, const struct cel_node *node) {
    sm_val map = SM_EMPTY_MAP;
    for (uint32_t i = 0; i < node->arg_count; i += 2) {
        struct cel_value key = eval(e, node->args[i]), value = eval(e, node->args[i + 1]);
        if (key.kind == CEL_ERROR || value.kind == CEL_ERROR)
            return key.kind == CEL_ERROR ? key : value;
        sm_val plain = cel_to_val(e->region, &value);
        if (key.kind != CEL_STRING || !plain)
            return cel_error(no_such_overload);
        map = sm_val_set(e->region, map, key.val->string, plain);
    }
    return cel_from_val(map);
}

/* --- Logic: an error counts only where it decides ------------------------------------------------------------------------- */

static struct cel_value eval_not(struct cel_eval *e, const struct cel_node *node) {
    struct cel_value value = eval(e, node->args[0]);
    return value.kind == CEL_BOOL ? cel_bool(!value.boolean) : value.kind == CEL_ERROR ? value : cel_error(no_such_overload);
}

static struct cel_value eval_and_or(struct cel_eval *e, const struct cel_node *node) {
    bool decides = node->kind == CEL_NODE_OR;
    struct cel_value left = eval(e, node->args[0]);
    if (left.kind == CEL_BOOL && left.boolean == decides)
        return left;
    struct cel_value right = eval(e, node->args[1]);
    if (right.kind == CEL_BOOL && (right.boolean == decides || left.kind == CEL_BOOL))
        return right;
    return left.kind == CEL_ERROR ? left : right.kind == CEL_ERROR ? right : cel_error(no_such_overload);
}

static struct cel_value eval_if(struct cel_eval *e, const struct cel_node *node) {
    struct cel_value condition = eval(e, node->args[0]);
    if (condition.kind != CEL_BOOL)
        return condition.kind == CEL_ERROR ? condition : cel_error(no_such_overload);
    return eval(e, node->args[condition.boolean ? 1 : 2]);
}

/* --- Arithmetic ----------------------------------------------------------------------------------------------------------- */

static struct cel_value integers(enum cel_op op, int64_t a, int64_t b) {
    int64_t result = 0;
    bool overflow = false;
    if ((op == CEL_DIV || op == CEL_MOD) && b == 0)
        return cel_error(op == CEL_DIV ? "division by zero" : "modulus by zero");
    switch (op) {
    case CEL_ADD: overflow = __builtin_add_overflow(a, b, &result); break;
    case CEL_SUB: overflow = __builtin_sub_overflow(a, b, &result); break;
    case CEL_MUL: overflow = __builtin_mul_overflow(a, b, &result); break;
    default:
        overflow = a == INT64_MIN && b == -1;
        if (!overflow)
            result = op == CEL_DIV ? a / b : a % b;
    }
    return overflow ? cel_error("integer overflow") : cel_int(result);
}

static struct cel_value doubles(enum cel_op op, double a, double b) {
    switch (op) {
    case CEL_ADD: return cel_double(a + b);
    case CEL_SUB: return cel_double(a - b);
    case CEL_MUL: return cel_double(a * b);
    case CEL_DIV: return cel_double(b != 0 ? a / b : a == 0 ? (double)NAN : a < 0 ? -(double)INFINITY : (double)INFINITY);
    default: return cel_error(no_such_overload);
    }
}

struct cel_value cel_add(struct cel_eval *e, const struct cel_value *a, const struct cel_value *b) {
    if (a->kind != b->kind)
        return cel_error(no_such_overload);
    if (a->kind == CEL_INT)
        return integers(CEL_ADD, a->integer, b->integer);
    if (a->kind == CEL_DOUBLE)
        return doubles(CEL_ADD, a->real, b->real);
    if (a->kind != CEL_STRING && a->kind != CEL_LIST)
        return cel_error(no_such_overload);

    size_t bytes = a->val->count + b->val->count, size = a->kind == CEL_LIST ? sizeof(sm_val) : 1;
    e->steps -= (int64_t)(bytes / 10);
    if (e->steps <= 0)
        return cel_error(cancelled);
    char *both = sm_region_alloc(e->region, bytes * size + 1);
    memcpy(both, a->kind == CEL_LIST ? (const void *)a->val->list : a->val->string, a->val->count * size);
    memcpy(both + a->val->count * size, b->kind == CEL_LIST ? (const void *)b->val->list : b->val->string, b->val->count * size);
    return cel_from_val(a->kind == CEL_LIST ? sm_val_from_items(e->region, (const sm_val *)(const void *)both, bytes)
                                            : sm_val_strn(e->region, both, bytes));
}

static struct cel_value contains(struct cel_eval *e, const struct cel_value *item, const struct cel_value *of) {
    if (of->kind == CEL_MAP && item->kind == CEL_STRING)
        return cel_bool(sm_val_getn(of->val, item->val->string, item->val->count) != NULL);
    if (of->kind != CEL_LIST)
        return cel_error(no_such_overload);
    e->steps -= of->val->count;
    for (size_t i = 0; i < of->val->count; i++) {
        struct cel_value element = cel_from_val(of->val->list[i]);
        if (cel_equal(item, &element))
            return cel_bool(true);
    }
    return cel_bool(false);
}

static struct cel_value eval_binary(struct cel_eval *e, const struct cel_node *node) {
    struct cel_value a = eval(e, node->args[0]), b = eval(e, node->args[1]);
    enum cel_op op = (enum cel_op)node->op;
    if (a.kind == CEL_ERROR || b.kind == CEL_ERROR)
        return a.kind == CEL_ERROR ? a : b;
    if (op == CEL_EQ || op == CEL_NE)
        return cel_bool(cel_equal(&a, &b) == (op == CEL_EQ));
    if (op == CEL_IN)
        return contains(e, &a, &b);
    if (op == CEL_ADD)
        return cel_add(e, &a, &b);
    if (op >= CEL_SUB) {
        if (a.kind == CEL_INT && b.kind == CEL_INT)
            return integers(op, a.integer, b.integer);
        return a.kind == CEL_DOUBLE && b.kind == CEL_DOUBLE ? doubles(op, a.real, b.real) : cel_error(no_such_overload);
    }
    int order = cel_order(&a, &b);
    if (order == 2)
        return is_number(&a) && is_number(&b) ? cel_bool(false) : cel_error(no_such_overload);
    return cel_bool(op == CEL_LT ? order < 0 : op == CEL_LE ? order <= 0 : op == CEL_GT ? order > 0 : order >= 0);
}

static struct cel_value eval_negate(struct cel_eval *e, const struct cel_node *node) {
    struct cel_value value = eval(e, node->args[0]);
    if (value.kind == CEL_DOUBLE)
        return cel_double(-value.real);
    if (value.kind == CEL_INT)
        return integers(CEL_SUB, 0, value.integer);
    return value.kind == CEL_ERROR ? value : cel_error(no_such_overload);
}

/* --- Macros and calls ----------------------------------------------------------------------------------------------------- */

/* What has been gathered while a macro goes over its range. */
struct gathered {
    sm_val *items;
    size_t count;
    struct cel_value error; /* the first one; kind ERROR once there is one */
    bool failed, found;
};

/* One element. False: the answer is known. */
static bool step(struct cel_eval *e, const struct cel_node *node, sm_val element, struct gathered *g) {
    enum cel_macro op = (enum cel_macro)node->op;
    e->variables[node->slot] = read_val(node, element);
    if (node->arg_count == 3) {
        struct cel_value wanted = eval(e, node->args[2]);
        if (wanted.kind == CEL_BOOL && !wanted.boolean)
            return true;
        if (wanted.kind != CEL_BOOL) {
            g->failed = true;
            g->error = wanted.kind == CEL_ERROR ? wanted : cel_error(no_such_overload);
            return false;
        }
    }
    struct cel_value value = eval(e, node->args[1]);
    sm_val plain = op == CEL_MAP_EACH ? cel_to_val(e->region, &value) : op == CEL_FILTER ? element : NULL;
    if (op == CEL_MAP_EACH ? !plain : value.kind != CEL_BOOL) {
        if (!g->failed)
            g->error = value.kind == CEL_ERROR ? value : cel_error(no_such_overload);
        g->failed = true;
        return op == CEL_ALL || op == CEL_EXISTS; /* a later element may decide all the same */
    }
    if (op == CEL_ALL || op == CEL_EXISTS) {
        g->found = value.boolean == (op == CEL_EXISTS);
        return !g->found;
    }
    if (op == CEL_MAP_EACH || value.boolean)
        g->items[g->count++] = plain;
    return true;
}

static struct cel_value eval_macro(struct cel_eval *e, const struct cel_node *node) {
    struct cel_value range = eval(e, node->args[0]);
    enum cel_macro op = (enum cel_macro)node->op;
    if (range.kind != CEL_LIST && range.kind != CEL_MAP)
        return range.kind == CEL_ERROR ? range : cel_error(no_such_overload);
    struct gathered g = {.items = sm_region_alloc(e->region, (range.val->count + 1) * sizeof(sm_val))};
    for (size_t i = 0; i < range.val->count && e->steps > 0; i++) {
        const struct sm_member *member = sm_val_member(range.val, i);
        sm_val element = member ? sm_val_strn(e->region, member->key, member->key_bytes) : range.val->list[i];
        if (!step(e, node, element, &g))
            break;
    }
    if (e->steps <= 0)
        return cel_error(cancelled);
    if (op == CEL_ALL || op == CEL_EXISTS)
        return g.failed && !g.found ? g.error : cel_bool(g.found == (op == CEL_EXISTS));
    if (g.failed)
        return g.error;
    return op == CEL_EXISTS_ONE ? cel_bool(g.count == 1) : cel_from_val(sm_val_from_items(e->region, g.items, g.count));
}

static struct cel_value eval_call(struct cel_eval *e, const struct cel_node *node) {
    struct cel_value args[CEL_ARGS_MAX];
    for (uint32_t i = 0; i < node->arg_count; i++)
        if ((args[i] = eval(e, node->args[i])).kind == CEL_ERROR)
            return args[i];
    for (const struct cel_function *f = node->function; f->name && strcmp(f->name, node->function->name) == 0; f++) {
        bool fits = strlen(f->args) == node->arg_count && (node->member ? f->member : f->global);
        for (uint32_t i = 0; fits && i < node->arg_count; i++)
            fits = cel_letter_accepts(f->args[i], args[i].kind);
        if (fits)
            return f->call(e, node, args);
    }
    return cel_error(no_such_overload);
}

static struct cel_value eval(struct cel_eval *e, const struct cel_node *node) {
    static struct cel_value (*const evals[])(struct cel_eval *e, const struct cel_node *node) = {
        [CEL_NODE_LITERAL] = eval_literal, [CEL_NODE_VARIABLE] = eval_variable,   [CEL_NODE_SELF] = eval_self,
        [CEL_NODE_OLD_SELF] = eval_self,   [CEL_NODE_TYPE_NAME] = eval_type_name, [CEL_NODE_SELECT] = eval_select,
        [CEL_NODE_HAS] = eval_select,      [CEL_NODE_INDEX] = eval_index,         [CEL_NODE_LIST] = eval_list,
        [CEL_NODE_MAP] = eval_map,         [CEL_NODE_NOT] = eval_not,             [CEL_NODE_NEGATE] = eval_negate,
        [CEL_NODE_AND] = eval_and_or,      [CEL_NODE_OR] = eval_and_or,           [CEL_NODE_IF] = eval_if,
        [CEL_NODE_BINARY] = eval_binary,   [CEL_NODE_CALL] = eval_call,           [CEL_NODE_MACRO] = eval_macro,
    };
    return --e->steps > 0 ? evals[node->kind](e, node) : cel_error(cancelled);
}

/* --- The whole ------------------------------------------------------------------------------------------------------------ */

const struct sm_cel *sm_cel_compile(struct sm_region *r, const char *text, const struct sm_cel_scope *scope, const char **reterr) {
    struct cel_source source = {.region = r, .text = text, .bytes = strlen(text)};
    struct cel_node *root = cel_parse(&source);
    bool uses_old_self = false;
    if (!root || !cel_check(&source, root, scope, &uses_old_self)) {
        *reterr = source.error;
        return NULL;
    }
    struct sm_cel *cel = sm_region_alloc(r, sizeof *cel);
    bool number = scope->self && scope->self->types == SM_JSON_NUMBER && !scope->self->int_or_string;
    *cel = (struct sm_cel){.root = root, .uses_old_self = uses_old_self, .self_is_double = number, .optional_old = scope->optional_old};
    return cel;
}

bool sm_cel_uses_old_self(const struct sm_cel *cel) {
    return cel->uses_old_self;
}

static struct cel_value top(const struct sm_cel *cel, sm_val v) {
    struct cel_value value = v ? cel_from_val(v) : cel_error("no such attribute(s): oldSelf");
    return cel->self_is_double && value.kind == CEL_INT ? cel_double((double)value.integer) : value;
}

struct sm_cel_result sm_cel_eval(struct sm_region *r, const struct sm_cel *cel, sm_val self, sm_val old, int64_t *steps) {
    struct cel_eval e;
    e.region = r;
    e.self = top(cel, self);
    e.old = cel->optional_old ? cel_optional(old) : top(cel, old);
    e.steps = *steps;
    struct cel_value value = eval(&e, cel->root);
    *steps = e.steps;
    if (e.steps <= 0)
        value = cel_error(cancelled);
    if (value.kind == CEL_ERROR)
        return (struct sm_cel_result){.error = value.error};
    sm_val plain = cel_to_val(r, &value);
    return plain ? (struct sm_cel_result){.value = plain} : (struct sm_cel_result){.error = no_such_overload};
}
