/* Both kinds of selectors are a list of requirements that all must hold, sorted by key as apimachinery sorts them. */
#include "selector.h"

#include <errno.h>
#include <stdlib.h>

#include "bug.h"
#include "selector_internal.h"
#include "str.h"

struct sm_requirement *sm_selector_add_requirement(struct sm_region *r, struct sm_selector *selector) {
    if (selector->count == selector->capacity) {
        size_t capacity = selector->capacity ? 2 * selector->capacity : 4;
        struct sm_requirement *requirements = sm_region_alloc(r, capacity * sizeof requirements[0]);

        if (selector->count)
            memcpy(requirements, selector->requirements, selector->count * sizeof requirements[0]);
        selector->requirements = requirements;
        selector->capacity = capacity;
    }
    struct sm_requirement *requirement = &selector->requirements[selector->count++];
    memset(requirement, 0, sizeof *requirement);
    return requirement;
}

/* Keeps the order of equal keys: label texts are printed from it. */
void sm_selector_sort_by_key(struct sm_selector *selector) {
    for (size_t i = 1; i < selector->count; i++) {
        struct sm_requirement moved = selector->requirements[i];
        size_t j = i;

        for (; j > 0 && strcmp(selector->requirements[j - 1].key, moved.key) > 0; j--)
            selector->requirements[j] = selector->requirements[j - 1];
        selector->requirements[j] = moved;
    }
}

void sm_selector_add_value(struct sm_region *r, struct sm_requirement *requirement, const char *value) {
    size_t count = requirement->value_count, place = 0;
    const char **values = sm_region_alloc(r, (count + 1) * sizeof values[0]);

    /* A set, in order. */
    while (place < count && strcmp(requirement->values[place], value) < 0)
        place++;
    if (place < count && strcmp(requirement->values[place], value) == 0)
        return;
    for (size_t i = 0; i < count; i++)
        values[i + (i >= place)] = requirement->values[i];
    values[place] = value;
    requirement->values = values;
    requirement->value_count = count + 1;
}

bool sm_selector_parse_number(const char *text, int64_t *ret_number) {
    char *end;

    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || end == text || *end || !strchr("+-0123456789", text[0]))
        return false;
    *ret_number = number;
    return true;
}

/* --- Reading field selectors -------------------------------------------------------------------------------------------- */

/* The value behind an operator, without its backslashes; they may stand before `\`, `,` and `=`, which may not stand alone. */
static const char *unescape(struct sm_region *r, const char *text, size_t bytes, const char **reterr_message) {
    struct sm_str value;

    sm_str_init(&value, r);
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] == '\\') {
            if (i + 1 == bytes || !strchr("\\,=", text[i + 1])) {
                *reterr_message =
                    sm_region_printf(r, "invalid field selector: invalid escape sequence: %.*s", i + 1 == bytes ? 1 : 2, text + i);
                return NULL;
            }
            i++;
        } else if (text[i] == ',' || text[i] == '=') {
            *reterr_message = sm_region_printf(r, "invalid field selector: unescaped character in value: %d", text[i]);
            return NULL;
        }
        sm_str_addc(&value, text[i]);
    }
    return value.data;
}

static bool read_term(struct sm_region *r, struct sm_selector *selector, const char *whole, const char *term, size_t bytes,
                      const char **reterr_message) {
    size_t key = 0;

    while (key < bytes && term[key] != '=' && !(term[key] == '!' && key + 1 < bytes && term[key + 1] == '='))
        key++;
    if (key == bytes) {
        *reterr_message = sm_region_printf(r, "invalid selector: '%s'; can't understand '%.*s'", whole, (int)bytes, term);
        return false;
    }
    size_t value = key + (term[key] == '!' || (key + 1 < bytes && term[key + 1] == '=') ? 2 : 1);
    const char *text = unescape(r, term + value, bytes - value, reterr_message);
    if (!text)
        return false;
    struct sm_requirement *requirement = sm_selector_add_requirement(r, selector);
    requirement->key = sm_region_strndup(r, term, key);
    requirement->op = term[key] == '!' ? OP_NOT_EQUAL : OP_EQUAL;
    requirement->values = sm_region_alloc(r, sizeof requirement->values[0]);
    requirement->values[0] = text;
    requirement->value_count = 1;
    return true;
}

const struct sm_selector *sm_selector_parse_fields(struct sm_region *r, const char *text, const char **reterr_message) {
    struct sm_selector *selector = sm_region_zalloc(r, sizeof *selector);

    for (const char *term = text; *term;) {
        size_t bytes = 0;

        for (; term[bytes] && term[bytes] != ','; bytes++)
            bytes += term[bytes] == '\\' && term[bytes + 1];
        if (bytes && !read_term(r, selector, text, term, bytes, reterr_message))
            return NULL;
        term += bytes + (term[bytes] == ',');
    }
    sm_selector_sort_by_key(selector);
    return selector;
}

/* --- LabelSelector objects ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    enum sm_operator op;
} expression_operators[] = {{"In", OP_IN}, {"NotIn", OP_NOT_IN}, {"Exists", OP_EXISTS}, {"DoesNotExist", OP_NOT_EXISTS}};

static void add_expression(struct sm_region *r, struct sm_selector *selector, sm_val expression) {
    struct sm_requirement *requirement = sm_selector_add_requirement(r, selector);
    sm_val values = sm_val_get(expression, "values"), value;
    const char *name = sm_val_text(sm_val_get(expression, "operator"));

    requirement->key = sm_val_text(sm_val_get(expression, "key"));
    selector->nothing = true;
    for (size_t i = 0; i < sizeof expression_operators / sizeof expression_operators[0]; i++) {
        if (strcmp(name, expression_operators[i].name) == 0) {
            requirement->op = expression_operators[i].op;
            selector->nothing = false;
        }
    }
    SM_EACH_ITEM(value, values)
        sm_selector_add_value(r, requirement, sm_val_text(value));
}

const struct sm_selector *sm_selector_of(struct sm_region *r, sm_val label_selector) {
    struct sm_selector *selector = sm_region_zalloc(r, sizeof *selector);
    const struct sm_member *label;
    sm_val expression;

    selector->nothing = !label_selector || sm_val_is_null(label_selector);
    SM_EACH_MEMBER(label, sm_val_get(label_selector, "matchLabels")) {
        struct sm_requirement *requirement = sm_selector_add_requirement(r, selector);

        requirement->key = label->key;
        requirement->op = OP_EQUAL;
        requirement->values = sm_region_alloc(r, sizeof requirement->values[0]);
        requirement->values[0] = sm_val_text(label->value);
        requirement->value_count = 1;
    }
    SM_EACH_ITEM(expression, sm_val_get(label_selector, "matchExpressions")) {
        if (!selector->nothing)
            add_expression(r, selector, expression);
    }
    sm_selector_sort_by_key(selector);
    return selector;
}

const char *sm_selector_text(struct sm_region *r, sm_val label_selector) {
    static const char *const infix[] = {
        [OP_IN] = " in ", [OP_NOT_IN] = " notin ", [OP_EQUAL] = "=", [OP_NOT_EQUAL] = "!=", [OP_GREATER] = ">", [OP_LESS] = "<"};
    const struct sm_selector *selector = sm_selector_of(r, label_selector);
    struct sm_str text;

    sm_str_init(&text, r);
    for (size_t i = 0; i < selector->count && !selector->nothing; i++) {
        const struct sm_requirement *requirement = &selector->requirements[i];
        bool set = requirement->op == OP_IN || requirement->op == OP_NOT_IN;

        sm_str_addf(&text, "%s%s%s", i ? "," : "", requirement->op == OP_NOT_EXISTS ? "!" : "", requirement->key);
        if (requirement->op == OP_EXISTS || requirement->op == OP_NOT_EXISTS)
            continue;
        sm_str_addf(&text, "%s%s", infix[requirement->op], set ? "(" : "");
        for (size_t j = 0; j < requirement->value_count; j++)
            sm_str_addf(&text, "%s%s", j ? "," : "", requirement->values[j]);
        sm_str_add(&text, set ? ")" : "");
    }
    return text.data;
}

/* --- Matching ------------------------------------------------------------------------------------------------------------- */

static bool holds_value(const struct sm_requirement *requirement, const char *value) {
    for (size_t i = 0; i < requirement->value_count; i++) {
        if (strcmp(requirement->values[i], value) == 0)
            return true;
    }
    return false;
}

/* [value] NULL: there is none. Not equal and not in hold then, too. */
static bool meets(const struct sm_requirement *requirement, const char *value) {
    int64_t number;

    switch (requirement->op) {
    case OP_EXISTS:
        return value != NULL;
    case OP_NOT_EXISTS:
        return value == NULL;
    case OP_IN:
    case OP_EQUAL:
        return value && holds_value(requirement, value);
    case OP_NOT_IN:
    case OP_NOT_EQUAL:
        return !value || !holds_value(requirement, value);
    case OP_GREATER:
        return value && sm_selector_parse_number(value, &number) && number > requirement->number;
    case OP_LESS:
        return value && sm_selector_parse_number(value, &number) && number < requirement->number;
    }
    sm_bug("a selector with operator %d", (int)requirement->op);
}

bool sm_selector_matches_labels(const struct sm_selector *selector, sm_val labels) {
    for (size_t i = 0; i < selector->count; i++) {
        sm_val value = sm_val_get(labels, selector->requirements[i].key);

        if (!meets(&selector->requirements[i], value ? sm_val_text(value) : NULL))
            return false;
    }
    return !selector->nothing;
}

bool sm_selector_matches_fields(const struct sm_selector *selector, sm_val object,
                                const char *(*field)(void *arg, sm_val object, const char *path), void *arg) {
    for (size_t i = 0; i < selector->count; i++) {
        const char *value = field(arg, object, selector->requirements[i].key);

        if (!meets(&selector->requirements[i], value ? value : ""))
            return false;
    }
    return true;
}

const char *sm_selector_required(const struct sm_selector *selector, const char *path) {
    for (size_t i = 0; i < selector->count; i++) {
        const struct sm_requirement *requirement = &selector->requirements[i];

        if ((requirement->op == OP_EQUAL || requirement->op == OP_IN) && requirement->value_count == 1 &&
            strcmp(requirement->key, path) == 0)
            return requirement->values[0];
    }
    return NULL;
}

const char *sm_selector_field(const struct sm_selector *selector, size_t i) {
    return i < selector->count ? selector->requirements[i].key : NULL;
}
