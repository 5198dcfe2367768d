/* From openAPIV3Schema to nodes for checking. The schema for decoding is made beside it, in structural_schema.c. */
#include "structural.h"

#include "json.h"
#include "structural_schema.h"

struct compiler {
    struct sm_region *region;
    struct sm_field_errors *errors;
};

static const struct {
    const char *name;
    uint8_t type;
} types[] = {{"object", SM_JSON_OBJECT},   {"array", SM_JSON_ARRAY},   {"string", SM_JSON_STRING},
             {"integer", SM_JSON_INTEGER}, {"number", SM_JSON_NUMBER}, {"boolean", SM_JSON_BOOLEAN}};

static const struct sm_structural *compile(struct compiler *c, const struct sm_field_path *path, sm_val json);

static bool number_of(sm_val v, double *ret) {
    if (sm_val_is_int(v))
        *ret = (double)v->integer;
    else if (v && v->kind == SM_KIND_DOUBLE)
        *ret = v->real;
    else
        return false;
    return true;
}

static int64_t count_of(sm_val json, const char *key) {
    sm_val v = sm_val_get(json, key);
    return sm_val_is_int(v) && v->integer >= 0 ? v->integer : -1;
}

static const char *trimmed(struct sm_region *r, const char *text) {
    size_t bytes = strlen(text);
    while (bytes && strchr(" \t\r\n", text[bytes - 1]))
        bytes--;
    while (bytes && strchr(" \t\r\n", *text))
        text++, bytes--;
    return sm_region_strndup(r, text, bytes);
}

/* `.spec.a['b.c']` as Kubernetes prints it below a path: `spec.a[b.c]`. */
static const char *field_of_rule(struct sm_region *r, const char *path) {
    if (!*path)
        return NULL;
    struct sm_str out;
    sm_str_init(&out, r);
    for (const char *p = path + (*path == '.'); *p; p++)
        if (*p != '\'')
            sm_str_addc(&out, *p);
    return out.data;
}

static const char *reason_of_rule(sm_val json) {
    const char *reason = sm_val_text(sm_val_get(json, "reason"));
    return *reason ? reason : "FieldValueInvalid";
}

/* --- Rules ---------------------------------------------------------------------------------------------------------------- */

static void complain(struct compiler *c, const struct sm_field_path *path, sm_val value, const char *detail) {
    sm_field_invalid(c->errors, sm_field_path_text(c->errors->region, path, NULL), value, detail);
}

static void compile_rule(struct compiler *c, const struct sm_field_path *path, const struct sm_structural *node, sm_val json,
                         struct sm_rule *ret) {
    const char *error = NULL;
    bool optional_old = sm_val_is_true(sm_val_get(json, "optionalOldSelf"));
    struct sm_cel_scope scope = {.self = node, .optional_old = optional_old, .want = SM_CEL_BOOL};
    *ret = (struct sm_rule){.rule = trimmed(c->region, sm_val_text(sm_val_get(json, "rule"))),
                            .message = trimmed(c->region, sm_val_text(sm_val_get(json, "message"))),
                            .field = field_of_rule(c->region, sm_val_text(sm_val_get(json, "fieldPath"))),
                            .reason = reason_of_rule(json),
                            .optional_old = optional_old};

    struct sm_field_path at = sm_path_child(path, "rule");
    if (!*ret->rule) {
        sm_field_required(c->errors, sm_field_path_text(c->errors->region, &at, NULL), "rule is not specified");
        return;
    }
    ret->cel = sm_cel_compile(c->region, sm_val_text(sm_val_get(json, "rule")), &scope, &error);
    if (!ret->cel) {
        complain(c, &at, json, sm_field_text(c->errors, "compilation failed: %s", error));
        return;
    }
    ret->transition = sm_cel_uses_old_self(ret->cel);

    sm_val message = sm_val_get(json, "messageExpression");
    if (!sm_val_is_string(message) || !message->count)
        return;
    scope.want = SM_CEL_STRING;
    ret->message_cel = sm_cel_compile(c->region, message->string, &scope, &error);
    at = sm_path_child(path, "messageExpression");
    if (!ret->message_cel)
        complain(c, &at, json, sm_field_text(c->errors, "messageExpression compilation failed: %s", error));
    else if (sm_cel_uses_old_self(ret->message_cel) && !ret->transition)
        ret->transition = true;
}

static void compile_rules(struct compiler *c, const struct sm_field_path *path, sm_val json, struct sm_structural *node) {
    sm_val list = sm_val_get(json, "x-kubernetes-validations");
    size_t count = sm_val_count(list);
    if (!count)
        return;
    struct sm_rule *rules = sm_region_alloc(c->region, count * sizeof *rules);
    struct sm_field_path all = sm_path_child(path, "x-kubernetes-validations");
    for (size_t i = 0; i < count; i++) {
        struct sm_field_path one = sm_path_index(&all, i);
        compile_rule(c, &one, node, sm_val_item(list, i), &rules[i]);
        node->below_transitions = node->below_transitions || rules[i].transition;
    }
    node->rules = rules;
    node->rule_count = (uint32_t)count;
    node->below_rules = true;
}

/* --- Nodes ---------------------------------------------------------------------------------------------------------------- */

static void inherit(struct sm_structural *node, const struct sm_structural *child) {
    node->below_rules = node->below_rules || child->below_rules;
    node->below_transitions = node->below_transitions || child->below_transitions;
    node->below_lists = node->below_lists || child->below_lists;
    node->below_embedded = node->below_embedded || child->below_embedded;
}

static const struct sm_structural *compile_child(struct compiler *c, const struct sm_field_path *path, const char *key, sm_val json,
                                                 struct sm_structural *node) {
    sm_val child = sm_val_get(json, key);
    if (!sm_val_is_map(child))
        return NULL;
    struct sm_field_path at = sm_path_child(path, key);
    const struct sm_structural *compiled = compile(c, &at, child);
    inherit(node, compiled);
    return compiled;
}

static const struct sm_structural *const *compile_alternatives(struct compiler *c, const struct sm_field_path *path, const char *key,
                                                               sm_val json) {
    sm_val list = sm_val_get(json, key);
    size_t count = sm_val_count(list);
    if (!count)
        return NULL;
    const struct sm_structural **nodes = sm_region_zalloc(c->region, (count + 1) * sizeof(void *));
    struct sm_field_path all = sm_path_child(path, key);
    for (size_t i = 0; i < count; i++) {
        struct sm_field_path one = sm_path_index(&all, i);
        nodes[i] = compile(c, &one, sm_val_item(list, i));
    }
    return nodes;
}

static void compile_properties(struct compiler *c, const struct sm_field_path *path, sm_val json, struct sm_structural *node) {
    sm_val map = sm_val_get(json, "properties");
    size_t count = sm_val_count(map);
    struct sm_property *properties = sm_region_alloc(c->region, (count + 1) * sizeof *properties);
    struct sm_field_path all = sm_path_child(path, "properties");
    const struct sm_member *member;
    SM_EACH_MEMBER(member, map) {
        struct sm_field_path one = sm_path_key(&all, member->key);
        properties[member_i] = (struct sm_property){member->key, compile(c, &one, member->value)};
        inherit(node, properties[member_i].node);
    }
    node->properties = properties;
    node->property_count = (uint32_t)count;
}

static const char *const *texts_of(struct sm_region *r, sm_val list) {
    size_t count = sm_val_count(list);
    const char **texts = sm_region_zalloc(r, (count + 1) * sizeof *texts);
    for (size_t i = 0; i < count; i++) {
        sm_val item = sm_val_item(list, i);
        texts[i] = sm_val_is_string(item) ? item->string : sm_json_text(r, item, SM_JSON_COMPACT);
    }
    return texts;
}

static void compile_type(struct sm_structural *node, sm_val json) {
    const char *name = sm_val_text(sm_val_get(json, "type"));
    node->type_text = node->rule_type = name;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, name) == 0)
            node->types = types[i].type;
    if (node->int_or_string) {
        node->types = SM_JSON_INTEGER | SM_JSON_STRING;
        node->type_text = "integer,string";
        node->rule_type = "";
    }
}

static void compile_bounds(struct compiler *c, const struct sm_field_path *path, sm_val json, struct sm_structural *node) {
    node->has_minimum = number_of(sm_val_get(json, "minimum"), &node->minimum);
    node->has_maximum = number_of(sm_val_get(json, "maximum"), &node->maximum);
    node->exclusive_minimum = sm_val_is_true(sm_val_get(json, "exclusiveMinimum"));
    node->exclusive_maximum = sm_val_is_true(sm_val_get(json, "exclusiveMaximum"));
    number_of(sm_val_get(json, "multipleOf"), &node->multiple_of);
    node->length_min = count_of(json, "minLength");
    node->length_max = count_of(json, "maxLength");
    node->items_min = count_of(json, "minItems");
    node->items_max = count_of(json, "maxItems");
    node->properties_min = count_of(json, "minProperties");
    node->properties_max = count_of(json, "maxProperties");
    node->unique_items = sm_val_is_true(sm_val_get(json, "uniqueItems"));

    sm_val pattern = sm_val_get(json, "pattern");
    if (sm_val_is_string(pattern) && pattern->count) {
        const char *error = NULL;
        struct sm_field_path at = sm_path_child(path, "pattern");
        node->pattern_text = pattern->string;
        node->pattern = sm_regex_compile(c->region, pattern->string, &error);
        if (!node->pattern)
            complain(c, &at, pattern, sm_field_text(c->errors, "must be a valid regular expression, but isn't: %s", error));
    }
    sm_val enumeration = sm_val_get(json, "enum");
    if (sm_val_count(enumeration)) {
        node->enumeration = enumeration;
        node->enumeration_texts = texts_of(c->region, enumeration);
    }
}

static void compile_list(struct compiler *c, sm_val json, struct sm_structural *node) {
    sm_val list = sm_val_get(json, "x-kubernetes-list-type");
    node->list = sm_val_is_text(list, "map") ? SM_LIST_MAP : sm_val_is_text(list, "set") ? SM_LIST_SET : SM_LIST_ATOMIC;
    node->keys = texts_of(c->region, sm_val_get(json, "x-kubernetes-list-map-keys"));
    node->below_lists = node->list != SM_LIST_ATOMIC;
    node->below_embedded = node->embedded;
}

static const struct sm_structural *compile_node(struct compiler *c, const struct sm_field_path *path, bool root, sm_val json) {
    struct sm_structural *node = sm_region_zalloc(c->region, sizeof *node);
    node->root = root;
    node->nullable = sm_val_is_true(sm_val_get(json, "nullable"));
    node->int_or_string = sm_val_is_true(sm_val_get(json, "x-kubernetes-int-or-string"));
    node->preserve_unknown = sm_val_is_true(sm_val_get(json, "x-kubernetes-preserve-unknown-fields"));
    node->embedded = sm_val_is_true(sm_val_get(json, "x-kubernetes-embedded-resource"));
    node->format = sm_format_find(sm_val_text(sm_val_get(json, "format")));
    node->forbids_additional = sm_val_is_true(sm_val_get(json, "additionalProperties")) == false &&
                               sm_val_get(json, "additionalProperties") && !sm_val_is_map(sm_val_get(json, "additionalProperties"));
    compile_type(node, json);
    compile_bounds(c, path, json, node);
    compile_list(c, json, node);

    sm_val required = sm_val_get(json, "required");
    node->required = texts_of(c->region, required);
    node->required_count = (uint32_t)sm_val_count(required);
    compile_properties(c, path, json, node);
    node->additional = compile_child(c, path, "additionalProperties", json, node);
    node->items = compile_child(c, path, "items", json, node);
    node->all_of = compile_alternatives(c, path, "allOf", json);
    node->any_of = compile_alternatives(c, path, "anyOf", json);
    node->one_of = compile_alternatives(c, path, "oneOf", json);
    struct sm_structural apart; /* what stands below `not` is no part of this node's flags */
    memset(&apart, 0, sizeof apart);
    node->none_of = compile_child(c, path, "not", json, &apart);
    compile_rules(c, path, json, node);
    return node;
}

static const struct sm_structural *compile(struct compiler *c, const struct sm_field_path *path, sm_val json) {
    return compile_node(c, path, false, json);
}

const struct sm_schema *sm_structural_compile(struct sm_region *r, struct sm_field_errors *errors, const struct sm_field_path *path,
                                              const char *kind, sm_val json) {
    struct compiler c = {.region = r, .errors = errors};
    return sm_structural_schema(r, kind, json, compile_node(&c, path, true, json));
}
