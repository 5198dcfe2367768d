/* Values against schemas, in the order and the words of kube-openapi's validator: every check that applies to the kind of value
 * speaks, and within one check (a string's, an object's counts) the first fault.
 *
 * An update ratchets: what equals its old value is not looked at, however wrong it is (KEP-4008). Elements of lists have an
 * old value only in lists of type map.
 */
#include "structural.h"

#include <math.h>

#include "json.h"
#include "map_edit.h"
#include "utf8.h"

struct checker {
    struct sm_field_errors *errors;
    const struct sm_field_path *top;
};

static void check(const struct checker *c, const struct sm_structural *node, const struct sm_field_path *path, sm_val v, sm_val before);

/* --- Words ---------------------------------------------------------------------------------------------------------------- */

static const char *name_of(const struct checker *c, const struct sm_field_path *path) {
    return sm_field_path_dotted(c->errors->region, path, c->top);
}

static const char *place(const struct checker *c, const struct sm_field_path *path) {
    const char *top = sm_field_path_text(c->errors->region, c->top, NULL), *name = name_of(c, path);
    return *top ? sm_field_text(c->errors, "%s%s%s", top, *name && *name != '[' ? "." : "", name) : *name ? name : "<nil>";
}

static void invalid(const struct checker *c, const struct sm_field_path *path, sm_val value, const char *should) {
    sm_field_invalid(c->errors, place(c, path), value, sm_field_text(c->errors, "%s in body should %s", name_of(c, path), should));
}

static void type_invalid(const struct checker *c, const struct sm_field_path *path, const char *wanted, const char *got) {
    sm_field_type_invalid(c->errors, place(c, path), sm_val_str(c->errors->region, got),
                          sm_field_text(c->errors, "%s in body must be of type %s: \"%s\"", name_of(c, path), wanted, got));
}

/* Faults of compositions have no place: the validator forgets it. */
static void composition(const struct checker *c, const struct sm_field_path *path, const char *must) {
    sm_field_invalid(c->errors, place(c, c->top), SM_EMPTY_STRING, sm_field_text(c->errors, "\"%s\" must %s", name_of(c, path), must));
}

/* --- Types ---------------------------------------------------------------------------------------------------------------- */

static uint8_t type_of(sm_val v, const char **ret_name, const char **ret_format) {
    static const struct {
        uint8_t type;
        const char *name, *format;
    } kinds[] = {[SM_KIND_NULL] = {0, "null", ""},
                 [SM_KIND_BOOL] = {SM_JSON_BOOLEAN, "boolean", ""},
                 [SM_KIND_INT] = {SM_JSON_INTEGER, "integer", "int64"},
                 [SM_KIND_DOUBLE] = {SM_JSON_NUMBER, "number", "double"},
                 [SM_KIND_STRING] = {SM_JSON_STRING, "string", ""},
                 [SM_KIND_LIST] = {SM_JSON_ARRAY, "array", ""},
                 [SM_KIND_MAP] = {SM_JSON_OBJECT, "object", ""}};
    *ret_name = kinds[v->kind].name;
    *ret_format = kinds[v->kind].format;
    return kinds[v->kind].type;
}

static void check_type(const struct checker *c, const struct sm_structural *node, const struct sm_field_path *path, sm_val v) {
    const char *name, *format;
    uint8_t type = type_of(v, &name, &format), wanted = node->types;
    if (!wanted || wanted & type || (type == SM_JSON_INTEGER && wanted & SM_JSON_NUMBER))
        return;
    if (type == SM_JSON_NUMBER && wanted & SM_JSON_INTEGER && v->real == floor(v->real) && fabs(v->real) < 9007199254740992.0)
        return;
    if (sm_val_is_null(v)) {
        if (!node->nullable)
            type_invalid(c, path, node->type_text, name);
        return;
    }
    if (node->format && (type & (SM_JSON_STRING | SM_JSON_ARRAY)) && !(wanted & (SM_JSON_NUMBER | SM_JSON_INTEGER)))
        return;
    if (node->format && !(type & (SM_JSON_STRING | SM_JSON_ARRAY)))
        type_invalid(c, path, sm_format_name(node->format), format);
    else
        type_invalid(c, path, node->type_text, name);
}

/* --- Compositions --------------------------------------------------------------------------------------------------------- */

/* The faults of one alternative, apart. */
static struct sm_field_errors try_one(const struct checker *c, const struct sm_structural *node, const struct sm_field_path *path,
                                      sm_val v) {
    struct sm_field_errors found = sm_field_errors_init(c->errors->region);
    struct checker apart = {.errors = &found, .top = c->top};
    check(&apart, node, path, v, NULL);
    return found;
}

static void merge(const struct checker *c, const struct sm_field_errors *from) {
    for (size_t i = 0; i < from->count; i++)
        sm_field_error(c->errors, from->causes[i].reason, from->causes[i].field, from->causes[i].message);
}

static void check_any_of(const struct checker *c, const struct sm_structural *node, const struct sm_field_path *path, sm_val v) {
    struct sm_field_errors first = {0};
    for (size_t i = 0; node->any_of[i]; i++) {
        struct sm_field_errors found = try_one(c, node->any_of[i], path, v);
        if (found.count == 0)
            return;
        if (i == 0)
            first = found;
    }
    composition(c, path, "validate at least one schema (anyOf)");
    merge(c, &first);
}

static void check_one_of(const struct checker *c, const struct sm_structural *node, const struct sm_field_path *path, sm_val v) {
    struct sm_field_errors first = {0};
    size_t valid = 0;
    for (size_t i = 0; node->one_of[i]; i++) {
        struct sm_field_errors found = try_one(c, node->one_of[i], path, v);
        valid += found.count == 0;
        if (i == 0)
            first = found;
    }
    if (valid == 1)
        return;
    composition(c, path,
                valid ? sm_field_text(c->errors, "validate one and only one schema (oneOf). Found %zu valid alternatives", valid)
                      : "validate one and only one schema (oneOf). Found none valid");
    if (valid == 0)
        merge(c, &first);
}

static void check_all_of(const struct checker *c, const struct sm_structural *node, const struct sm_field_path *path, sm_val v) {
    size_t valid = 0, count = 0;
    for (; node->all_of[count]; count++) {
        struct sm_field_errors found = try_one(c, node->all_of[count], path, v);
        valid += found.count == 0;
        merge(c, &found);
    }
    if (valid < count)
        composition(c, path, valid ? "validate all the schemas (allOf)" : "validate all the schemas (allOf). None validated");
}

static void check_compositions(const struct checker *c, const struct sm_structural *node, const struct sm_field_path *path, sm_val v) {
    if (node->any_of)
        check_any_of(c, node, path, v);
    if (node->one_of)
        check_one_of(c, node, path, v);
    if (node->all_of)
        check_all_of(c, node, path, v);
    if (node->none_of && try_one(c, node->none_of, path, v).count == 0)
        composition(c, path, "not validate the schema (not)");
}

/* --- Kinds of values ------------------------------------------------------------------------------------------------------ */

static void check_string(const struct checker *c, const struct sm_structural *node, const struct sm_field_path *path, sm_val v) {
    int64_t length = node->length_max >= 0 || node->length_min >= 0 ? (int64_t)utf8_count(v->string, v->count) : 0;
    if (node->length_max >= 0 && length > node->length_max)
        sm_field_too_long(c->errors, place(c, path), node->length_max);
    else if (node->length_min >= 0 && length < node->length_min)
        invalid(c, path, v, sm_field_text(c->errors, "be at least %lld chars long", (long long)node->length_min));
    else if (node->pattern && !sm_regex_matches(node->pattern, c->errors->region, v->string, v->count))
        invalid(c, path, v, sm_field_text(c->errors, "match '%s'", node->pattern_text));

    if (node->format && !sm_format_accepts(node->format, v->string, v->count))
        sm_field_type_invalid(c->errors, place(c, path), v,
                              sm_field_text(c->errors, "%s in body must be of type %s: %s", name_of(c, path), sm_format_name(node->format),
                                            sm_json_text(c->errors->region, v, SM_JSON_COMPACT)));
}

static const char *number_text(const struct checker *c, double number) {
    return sm_json_text(c->errors->region, sm_val_double(c->errors->region, number), SM_JSON_COMPACT);
}

static void check_number(const struct checker *c, const struct sm_structural *node, const struct sm_field_path *path, sm_val v) {
    bool whole = sm_val_is_int(v);
    double number = whole ? (double)v->integer : v->real;
    /* Bounds of integers are cut to integers first, as Kubernetes does. */
    double minimum = whole ? trunc(node->minimum) : node->minimum, maximum = whole ? trunc(node->maximum) : node->maximum;

    if (node->multiple_of > 0 && fmod(number, node->multiple_of) != 0)
        invalid(c, path, v, sm_field_text(c->errors, "be a multiple of %s", number_text(c, node->multiple_of)));
    if (node->has_minimum && (node->exclusive_minimum ? number <= minimum : number < minimum))
        invalid(c, path, v,
                sm_field_text(c->errors, "be greater than %s%s", node->exclusive_minimum ? "" : "or equal to ", number_text(c, minimum)));
    if (node->has_maximum && (node->exclusive_maximum ? number >= maximum : number > maximum))
        invalid(c, path, v,
                sm_field_text(c->errors, "be less than %s%s", node->exclusive_maximum ? "" : "or equal to ", number_text(c, maximum)));
}

static bool repeats(sm_val list) {
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = 0; j < i; j++)
            if (sm_val_equal(list->list[i], list->list[j]))
                return true;
    return false;
}

static void check_list(const struct checker *c, const struct sm_structural *node, const struct sm_field_path *path, sm_val v,
                       sm_val before) {
    for (size_t i = 0; node->items && i < v->count; i++) {
        struct sm_field_path at = sm_path_index(path, i);
        check(c, node->items, &at, v->list[i], sm_structural_same_item(node, before, v->list[i]));
    }
    if (node->items_min >= 0 && v->count < node->items_min)
        invalid(c, path, sm_val_int(c->errors->region, v->count),
                sm_field_text(c->errors, "have at least %lld items", (long long)node->items_min));
    if (node->items_max >= 0 && v->count > node->items_max)
        sm_field_too_many(c->errors, place(c, path), v->count, node->items_max);
    if (node->unique_items && repeats(v))
        sm_field_invalid(c->errors, place(c, path), SM_EMPTY_STRING,
                         sm_field_text(c->errors, "%s in body shouldn't contain duplicates", name_of(c, path)));
}

static void check_object(const struct checker *c, const struct sm_structural *node, const struct sm_field_path *path, sm_val v,
                         sm_val before) {
    if (node->properties_min >= 0 && v->count < node->properties_min) {
        invalid(c, path, sm_val_int(c->errors->region, v->count),
                sm_field_text(c->errors, "have at least %lld properties", (long long)node->properties_min));
        return;
    }
    if (node->properties_max >= 0 && v->count > node->properties_max) {
        sm_field_too_many(c->errors, place(c, path), v->count, node->properties_max);
        return;
    }

    size_t p = 0; /* both sides are sorted by name */
    for (size_t i = 0; i < v->count; i++) {
        const struct sm_member *member = &v->map[i];
        int order = 1;
        while (p < node->property_count && (order = map_key_order(node->properties[p].name, member->key)) < 0)
            p++;
        const struct sm_structural *child = p < node->property_count && order == 0 ? node->properties[p].node : node->additional;
        struct sm_field_path at = sm_path_child(path, member->key);
        if (child)
            check(c, child, &at, member->value, sm_val_getn(before, member->key, member->key_bytes));
        else if (node->forbids_additional)
            sm_field_invalid(c->errors, place(c, path), SM_EMPTY_STRING,
                             sm_field_text(c->errors, "%s.%s in body is a forbidden property", name_of(c, path), member->key));
    }
    for (uint32_t i = 0; i < node->required_count; i++) {
        struct sm_field_path at = sm_path_child(path, node->required[i]);
        if (!sm_val_get(v, node->required[i]))
            sm_field_required(c->errors, place(c, &at), "");
    }
}

static bool allowed(sm_val enumeration, sm_val v) {
    for (size_t i = 0; i < enumeration->count; i++)
        if (sm_val_equal(enumeration->list[i], v))
            return true;
    return false;
}

static void check(const struct checker *c, const struct sm_structural *node, const struct sm_field_path *path, sm_val v, sm_val before) {
    if (before && sm_val_equal(v, before))
        return;
    check_type(c, node, path, v);
    if (sm_val_is_null(v))
        return;
    check_compositions(c, node, path, v);
    if (v->kind == SM_KIND_STRING)
        check_string(c, node, path, v);
    else if (v->kind == SM_KIND_INT || v->kind == SM_KIND_DOUBLE)
        check_number(c, node, path, v);
    else if (v->kind == SM_KIND_LIST)
        check_list(c, node, path, v, before);
    if (node->enumeration && !allowed(node->enumeration, v))
        sm_field_unsupported(c->errors, place(c, path), v, node->enumeration_texts);
    if (v->kind == SM_KIND_MAP)
        check_object(c, node, path, v, before);
}

void sm_structural_check(const struct sm_structural *node, struct sm_field_errors *errors, const struct sm_field_path *top, sm_val value,
                         sm_val before) {
    struct checker c = {.errors = errors, .top = top};
    check(&c, node, top, value, before);
}
