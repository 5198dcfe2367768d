/* Names and types. What a schema leaves open is `dyn` and is found out when the expression is evaluated. */
#include "cel_internal.h"
#include "str.h"

struct checker {
    struct cel_source *source;
    const struct sm_cel_scope *scope;
    struct {
        const char *name;
        const struct cel_type *type;
    } variables[CEL_VARIABLES_MAX];
    size_t variable_count;
    bool uses_old_self;
};

const char *const cel_kind_names[CEL_KINDS] = {
    [CEL_ERROR] = "error",   [CEL_DYN] = "dyn",       [CEL_NULL] = "null_type", [CEL_BOOL] = "bool",
    [CEL_INT] = "int",       [CEL_DOUBLE] = "double", [CEL_STRING] = "string",  [CEL_LIST] = "list",
    [CEL_MAP] = "map",       [CEL_OBJECT] = "object", [CEL_TYPE] = "type",      [CEL_OPTIONAL] = "optional_type",
};

static const struct cel_type simple[CEL_KINDS] = {[CEL_ERROR] = {CEL_ERROR, NULL, NULL}, [CEL_DYN] = {CEL_DYN, NULL, NULL},
                                                  [CEL_NULL] = {CEL_NULL, NULL, NULL},   [CEL_BOOL] = {CEL_BOOL, NULL, NULL},
                                                  [CEL_INT] = {CEL_INT, NULL, NULL},     [CEL_DOUBLE] = {CEL_DOUBLE, NULL, NULL},
                                                  [CEL_STRING] = {CEL_STRING, NULL, NULL}, [CEL_TYPE] = {CEL_TYPE, NULL, NULL}};
#define DYN (&simple[CEL_DYN])

static const struct cel_type *check(struct checker *c, struct cel_node *node);

/* --- Types ---------------------------------------------------------------------------------------------------------------- */

static const struct cel_type *type_of(struct checker *c, enum cel_kind kind, const struct cel_type *of, const struct sm_structural *node) {
    struct cel_type *type = sm_region_alloc(c->source->region, sizeof *type);
    *type = (struct cel_type){.kind = (uint8_t)kind, .of = of, .node = node};
    return type;
}

/* The type of what [node] describes; NULL: nothing that a rule may look at. */
static const struct cel_type *type_of_schema(struct checker *c, const struct sm_structural *node) {
    static const uint8_t kinds[] = {[SM_JSON_STRING] = CEL_STRING, [SM_JSON_INTEGER] = CEL_INT, [SM_JSON_NUMBER] = CEL_DOUBLE,
                                    [SM_JSON_BOOLEAN] = CEL_BOOL};
    if (!node || node->int_or_string)
        return DYN;
    if (node->types == SM_JSON_OBJECT)
        return node->additional ? type_of(c, CEL_MAP, type_of_schema(c, node->additional), NULL) : type_of(c, CEL_OBJECT, NULL, node);
    if (node->types == SM_JSON_ARRAY)
        return type_of(c, CEL_LIST, type_of_schema(c, node->items), NULL);
    return node->types ? &simple[kinds[node->types]] : DYN;
}

static void print_type(struct sm_str *out, const struct cel_type *type) {
    sm_str_add(out, cel_kind_names[type->kind]);
    if (type->kind == CEL_MAP)
        sm_str_add(out, "(string, ");
    else if (type->of)
        sm_str_addc(out, '(');
    if (type->of) {
        print_type(out, type->of);
        sm_str_addc(out, ')');
    }
}

static bool agree(const struct cel_type *a, const struct cel_type *b) {
    bool record_a = a->kind == CEL_MAP || a->kind == CEL_OBJECT, record_b = b->kind == CEL_MAP || b->kind == CEL_OBJECT;
    if (a->kind == CEL_DYN || b->kind == CEL_DYN || a->kind == CEL_NULL || b->kind == CEL_NULL || (record_a && record_b))
        return true;
    return a->kind == b->kind && (!a->of || !b->of || agree(a->of, b->of));
}

static bool is_number(const struct cel_type *type) {
    return type->kind == CEL_INT || type->kind == CEL_DOUBLE;
}

static const struct cel_type *no_overload(struct checker *c, const struct cel_node *node, const char *name,
                                          const struct cel_type *const *types, size_t count) {
    struct sm_str out;
    sm_str_init(&out, c->source->region);
    for (size_t i = node->kind == CEL_NODE_CALL && node->member; i < count; i++) {
        sm_str_add(&out, out.bytes ? ", " : "");
        print_type(&out, types[i]);
    }
    if (node->kind == CEL_NODE_CALL && node->member) {
        struct sm_str target;
        sm_str_init(&target, c->source->region);
        print_type(&target, types[0]);
        cel_fail(c->source, node->at, "found no matching overload for '%s' applied to '%s.(%s)'", name, target.data, out.data);
    } else {
        cel_fail(c->source, node->at, "found no matching overload for '%s' applied to '(%s)'", name, out.data);
    }
    return &simple[CEL_ERROR];
}

static void expect(struct checker *c, const struct cel_node *node, const struct cel_type *type, enum cel_kind kind) {
    if (type->kind != kind && type->kind != CEL_DYN && type->kind != CEL_ERROR)
        cel_fail(c->source, node->at, "expected type '%s' but found '%s'", cel_kind_names[kind], cel_kind_names[type->kind]);
}

/* --- Names and members ---------------------------------------------------------------------------------------------------- */

static const struct cel_type *check_name(struct checker *c, struct cel_node *node) {
    for (size_t i = c->variable_count; i-- > 0;) {
        if (strcmp(c->variables[i].name, node->name) != 0)
            continue;
        node->kind = CEL_NODE_VARIABLE;
        node->slot = (uint16_t)i;
        return c->variables[i].type;
    }
    if (strcmp(node->name, "self") == 0) {
        node->kind = CEL_NODE_SELF;
        return type_of_schema(c, c->scope->self);
    }
    if (strcmp(node->name, "oldSelf") == 0) {
        node->kind = CEL_NODE_OLD_SELF;
        c->uses_old_self = true;
        const struct cel_type *type = type_of_schema(c, c->scope->self);
        return c->scope->optional_old ? type_of(c, CEL_OPTIONAL, type, NULL) : type;
    }
    for (size_t kind = CEL_NULL; kind < CEL_KINDS; kind++) {
        if (kind == CEL_OBJECT || strcmp(cel_kind_names[kind], node->name) != 0)
            continue;
        node->kind = CEL_NODE_TYPE_NAME;
        node->type_name = (uint8_t)kind;
        return &simple[CEL_TYPE];
    }
    cel_fail(c->source, node->at, "undeclared reference to '%s' (in container '')", node->name);
    return &simple[CEL_ERROR];
}

/* Turns the escaped name of a property into its own: `__dash__`, `__dot__`, `__slash__`, `__underscores__`, `__namespace__`. */
static const char *unescape(struct sm_region *r, const char *name) {
    static const struct {
        const char *from, *to;
    } parts[] = {{"__underscores__", "__"}, {"__dash__", "-"}, {"__dot__", "."}, {"__slash__", "/"}};
    static const char *const keywords[] = {"__true__",  "__false__",    "__null__",     "__in__",     "__as__",     "__break__",
                                           "__const__", "__continue__", "__else__",     "__for__",    "__function__", "__if__",
                                           "__import__", "__let__",     "__loop__",     "__package__", "__namespace__", "__return__",
                                           "__var__",   "__void__",     "__while__"};
    if (!strstr(name, "__"))
        return name;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (strcmp(keywords[i], name) == 0)
            return sm_region_strndup(r, name + 2, strlen(name) - 4);
    struct sm_str out;
    sm_str_init(&out, r);
    while (*name) {
        size_t i = 0;
        while (i < sizeof parts / sizeof *parts && strncmp(name, parts[i].from, strlen(parts[i].from)) != 0)
            i++;
        if (i < sizeof parts / sizeof *parts) {
            sm_str_add(&out, parts[i].to);
            name += strlen(parts[i].from);
        } else {
            sm_str_addc(&out, *name++);
        }
    }
    return out.data;
}

static const struct cel_type *field_of_object(struct checker *c, struct cel_node *node, const struct sm_structural *schema) {
    static const struct sm_structural text = {.types = SM_JSON_STRING};
    static const struct sm_property meta_properties[] = {{"generateName", &text}, {"name", &text}};
    static const struct sm_structural meta = {.types = SM_JSON_OBJECT, .properties = meta_properties, .property_count = 2};

    node->name = unescape(c->source->region, node->name);
    bool implied = schema->root || schema->embedded;
    if (implied && strcmp(node->name, "metadata") == 0)
        return type_of_schema(c, &meta);
    if (implied && (strcmp(node->name, "apiVersion") == 0 || strcmp(node->name, "kind") == 0))
        return &simple[CEL_STRING];
    const struct sm_structural *property = sm_structural_property(schema, node->name);
    if (property)
        return type_of_schema(c, property);
    cel_fail(c->source, node->at, "undefined field '%s'", node->name);
    return &simple[CEL_ERROR];
}

static const struct cel_type *check_select(struct checker *c, struct cel_node *node) {
    const struct cel_type *of = check(c, node->args[0]), *field = DYN;
    bool optional = of->kind == CEL_OPTIONAL;
    if (optional)
        of = of->of;
    if (of->kind == CEL_OBJECT)
        field = field_of_object(c, node, of->node);
    else if (of->kind == CEL_MAP)
        field = of->of;
    else if (of->kind == CEL_ERROR)
        return of;
    else if (of->kind != CEL_DYN)
        cel_fail(c->source, node->at, "type '%s' does not support field selection", cel_kind_names[of->kind]);
    if (node->kind == CEL_NODE_HAS)
        return &simple[CEL_BOOL];
    node->to_double = field->kind == CEL_DOUBLE;
    return optional || node->optional ? type_of(c, CEL_OPTIONAL, field, NULL) : field;
}

static const struct cel_type *check_index(struct checker *c, struct cel_node *node) {
    const struct cel_type *types[] = {check(c, node->args[0]), check(c, node->args[1])}, *of = types[0];
    bool optional = of->kind == CEL_OPTIONAL;
    if (optional)
        of = of->of;
    if (of->kind == CEL_ERROR)
        return of;
    bool good = of->kind == CEL_DYN || (of->kind == CEL_LIST && (is_number(types[1]) || types[1]->kind == CEL_DYN)) ||
                (of->kind == CEL_MAP && (types[1]->kind == CEL_STRING || types[1]->kind == CEL_DYN));
    if (!good)
        return no_overload(c, node, "_[_]", types, 2);
    const struct cel_type *element = of->of ? of->of : DYN;
    node->to_double = element->kind == CEL_DOUBLE;
    return optional || node->optional ? type_of(c, CEL_OPTIONAL, element, NULL) : element;
}

/* --- Operators, lists, calls ---------------------------------------------------------------------------------------------- */

static const char *const op_names[] = {
    [CEL_EQ] = "_==_", [CEL_NE] = "_!=_", [CEL_LT] = "_<_",  [CEL_LE] = "_<=_", [CEL_GT] = "_>_",  [CEL_GE] = "_>=_",
    [CEL_IN] = "@in",  [CEL_ADD] = "_+_", [CEL_SUB] = "_-_", [CEL_MUL] = "_*_", [CEL_DIV] = "_/_", [CEL_MOD] = "_%_",
};

static const struct cel_type *check_binary(struct checker *c, struct cel_node *node) {
    const struct cel_type *types[] = {check(c, node->args[0]), check(c, node->args[1])}, *a = types[0], *b = types[1];
    bool same = agree(a, b), open = a->kind == CEL_DYN || b->kind == CEL_DYN, good;
    const struct cel_type *known = a->kind == CEL_DYN ? b : a, *result = &simple[CEL_BOOL];
    if (a->kind == CEL_ERROR || b->kind == CEL_ERROR)
        return &simple[CEL_ERROR];
    switch ((enum cel_op)node->op) {
    case CEL_EQ:
    case CEL_NE: good = same; break;
    case CEL_IN:
        good = b->kind == CEL_DYN || (b->kind == CEL_LIST && agree(a, b->of)) ||
               (b->kind == CEL_MAP && (a->kind == CEL_STRING || a->kind == CEL_DYN));
        break;
    case CEL_LT:
    case CEL_LE:
    case CEL_GT:
    case CEL_GE:
        good = (is_number(a) && is_number(b)) || (same && (open || a->kind == CEL_STRING || a->kind == CEL_BOOL));
        break;
    default:
        result = known;
        good = same && (known->kind == CEL_DYN || known->kind == CEL_INT || (known->kind == CEL_DOUBLE && node->op != CEL_MOD) ||
                        (node->op == CEL_ADD && (known->kind == CEL_STRING || known->kind == CEL_LIST)));
    }
    return good ? result : no_overload(c, node, op_names[node->op], types, 2);
}

static const struct cel_type *check_logic(struct checker *c, struct cel_node *node) {
    for (uint32_t i = 0; i < node->arg_count; i++)
        expect(c, node->args[i], check(c, node->args[i]), CEL_BOOL);
    return &simple[CEL_BOOL];
}

static const struct cel_type *check_if(struct checker *c, struct cel_node *node) {
    expect(c, node->args[0], check(c, node->args[0]), CEL_BOOL);
    const struct cel_type *types[] = {&simple[CEL_BOOL], check(c, node->args[1]), check(c, node->args[2])};
    if (types[1]->kind == CEL_ERROR || types[2]->kind == CEL_ERROR || !agree(types[1], types[2]))
        return no_overload(c, node, "_?_:_", types, 3);
    return types[1]->kind == CEL_NULL ? types[2] : types[1];
}

static const struct cel_type *check_negate(struct checker *c, struct cel_node *node) {
    const struct cel_type *type = check(c, node->args[0]);
    return is_number(type) || type->kind == CEL_DYN ? type : no_overload(c, node, "-_", &type, 1);
}

static const struct cel_type *check_list(struct checker *c, struct cel_node *node) {
    const struct cel_type *of = NULL;
    for (uint32_t i = node->kind == CEL_NODE_MAP; i < node->arg_count; i += node->kind == CEL_NODE_MAP ? 2 : 1) {
        const struct cel_type *type = check(c, node->args[i]);
        of = !of || agree(of, type) ? type : DYN;
    }
    for (uint32_t i = 0; node->kind == CEL_NODE_MAP && i < node->arg_count; i += 2)
        expect(c, node->args[i], check(c, node->args[i]), CEL_STRING);
    return type_of(c, node->kind == CEL_NODE_MAP ? CEL_MAP : CEL_LIST, of ? of : DYN, NULL);
}

static const struct cel_type *check_macro(struct checker *c, struct cel_node *node) {
    const struct cel_type *range = check(c, node->args[0]), *element = DYN;
    if (range->kind == CEL_MAP || range->kind == CEL_OBJECT)
        element = &simple[CEL_STRING];
    else if (range->kind == CEL_LIST)
        element = range->of;
    else if (range->kind != CEL_DYN && range->kind != CEL_ERROR)
        cel_fail(c->source, node->args[0]->at, "expression of type '%s' cannot be range of a comprehension (must be list, map, or dynamic)",
                 cel_kind_names[range->kind]);
    if (c->variable_count == CEL_VARIABLES_MAX) {
        cel_fail(c->source, node->at, "macros are nested deeper than %d", CEL_VARIABLES_MAX);
        return &simple[CEL_ERROR];
    }
    node->slot = (uint16_t)c->variable_count;
    node->to_double = element->kind == CEL_DOUBLE;
    c->variables[c->variable_count].name = node->name;
    c->variables[c->variable_count++].type = element;
    const struct cel_type *value = check(c, node->args[1]);
    if (node->arg_count == 3)
        expect(c, node->args[2], check(c, node->args[2]), CEL_BOOL);
    c->variable_count--;

    if (node->op != CEL_MAP_EACH)
        expect(c, node->args[1], value, CEL_BOOL);
    if (node->op == CEL_FILTER)
        return type_of(c, CEL_LIST, element, NULL);
    return node->op == CEL_MAP_EACH ? type_of(c, CEL_LIST, value, NULL) : &simple[CEL_BOOL];
}

static const struct cel_type *result_of(struct checker *c, const struct cel_function *function, const struct cel_type *const *types) {
    switch (function->result) {
    case 'b': return &simple[CEL_BOOL];
    case 'i': return &simple[CEL_INT];
    case 'd': return &simple[CEL_DOUBLE];
    case 's': return &simple[CEL_STRING];
    case 't': return &simple[CEL_TYPE];
    case 'L': return type_of(c, CEL_LIST, &simple[CEL_STRING], NULL);
    case 'o': return function->args[0] == 'o' ? types[0] : type_of(c, CEL_OPTIONAL, *function->args ? types[0] : DYN, NULL);
    case 'e':
    case 'v': return types[0]->of ? types[0]->of : DYN;
    default: return DYN;
    }
}

static const struct cel_type *check_call(struct checker *c, struct cel_node *node) {
    /* optional.of(x) is a name with a dot in it, not a member of a value. */
    bool optional = node->member && node->args[0]->kind == CEL_NODE_NAME && strcmp(node->args[0]->name, "optional") == 0;
    const char *name = optional ? sm_region_printf(c->source->region, "optional.%s", node->name) : node->name;
    if (optional) {
        node->member = false;
        node->args++;
        node->arg_count--;
    }

    const struct cel_function *function = cel_functions;
    while (function->name && strcmp(function->name, name) != 0)
        function++;
    if (!function->name) {
        cel_fail(c->source, node->at, "undeclared reference to '%s' (in container '')", name);
        return &simple[CEL_ERROR];
    }
    const struct cel_type *types[CEL_ARGS_MAX] = {NULL};
    for (uint32_t i = 0; i < node->arg_count; i++)
        if ((types[i] = check(c, node->args[i]))->kind == CEL_ERROR)
            return types[i];

    node->function = function;
    const struct cel_type *result = NULL;
    for (; function->name && strcmp(function->name, name) == 0; function++) {
        bool fits = strlen(function->args) == node->arg_count && (node->member ? function->member : function->global);
        for (uint32_t i = 0; fits && i < node->arg_count; i++)
            fits = types[i]->kind == CEL_DYN || cel_letter_accepts(function->args[i], types[i]->kind);
        if (fits)
            result = result ? DYN : result_of(c, function, types);
    }
    if (!result)
        return no_overload(c, node, name, types, node->arg_count);
    struct cel_node *pattern = strcmp(name, "matches") == 0 ? node->args[1] : NULL;
    if (pattern && pattern->kind == CEL_NODE_LITERAL && sm_val_is_string(pattern->literal)) {
        const char *error = NULL;
        node->regex = sm_regex_compile(c->source->region, pattern->literal->string, &error);
        if (!node->regex)
            cel_fail(c->source, pattern->at, "invalid matches argument: %s", error);
    }
    return result;
}

static const struct cel_type *check_literal(struct checker *c, struct cel_node *node) {
    static const uint8_t kinds[] = {[SM_KIND_NULL] = CEL_NULL, [SM_KIND_BOOL] = CEL_BOOL, [SM_KIND_INT] = CEL_INT,
                                    [SM_KIND_DOUBLE] = CEL_DOUBLE, [SM_KIND_STRING] = CEL_STRING};
    (void)c;
    return &simple[kinds[node->literal->kind]];
}

static const struct cel_type *check(struct checker *c, struct cel_node *node) {
    static const struct cel_type *(*const checks[])(struct checker *c, struct cel_node *node) = {
        [CEL_NODE_LITERAL] = check_literal,   [CEL_NODE_NAME] = check_name,     [CEL_NODE_VARIABLE] = check_name,
        [CEL_NODE_SELF] = check_name,         [CEL_NODE_OLD_SELF] = check_name, [CEL_NODE_TYPE_NAME] = check_name,
        [CEL_NODE_SELECT] = check_select,     [CEL_NODE_HAS] = check_select,    [CEL_NODE_INDEX] = check_index,
        [CEL_NODE_LIST] = check_list,         [CEL_NODE_MAP] = check_list,      [CEL_NODE_NOT] = check_logic,
        [CEL_NODE_NEGATE] = check_negate,     [CEL_NODE_AND] = check_logic,     [CEL_NODE_OR] = check_logic,
        [CEL_NODE_IF] = check_if,             [CEL_NODE_BINARY] = check_binary, [CEL_NODE_CALL] = check_call,
        [CEL_NODE_MACRO] = check_macro,
    };
    return c->source->error ? &simple[CEL_ERROR] : checks[node->kind](c, node);
}

bool cel_check(struct cel_source *source, struct cel_node *root, const struct sm_cel_scope *scope, bool *ret_uses_old_self) {
    struct checker c = {.source = source, .scope = scope};
    const struct cel_type *type = check(&c, root);
    enum cel_kind wanted = scope->want == SM_CEL_BOOL ? CEL_BOOL : CEL_STRING;
    if (!source->error && type->kind != wanted && type->kind != CEL_DYN)
        source->error =
            scope->want == SM_CEL_BOOL ? "cel expression must evaluate to a bool" : "messageExpression must evaluate to a string";
    *ret_uses_old_self = c.uses_old_self;
    return !source->error;
}
