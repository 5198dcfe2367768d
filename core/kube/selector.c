/* Both kinds of selectors are a list of requirements that all must hold, sorted by key as apimachinery sorts them. The reader
 * of label selectors follows apimachinery's token by token, since its errors tell how far it came: `in` and `notin` are
 * keywords only where an operator may stand.
 */
#include "selector.h"

#include <stdlib.h>
#include <errno.h>

#include "bug.h"
#include "names.h"
#include "str.h"

enum operator{ OP_IN, OP_NOT_IN, OP_EQUAL, OP_NOT_EQUAL, OP_GREATER, OP_LESS, OP_EXISTS, OP_NOT_EXISTS };

struct requirement {
    const char *key;
    enum operator op;
    const char **values;
    size_t value_count;
    int64_t number; /* of GREATER and LESS */
};

struct sm_selector {
    struct requirement *requirements;
    size_t count, capacity;
    bool nothing;
};

static struct requirement *add_requirement(struct sm_region *r, struct sm_selector *selector) {
    if (selector->count == selector->capacity) {
        size_t capacity = selector->capacity ? 2 * selector->capacity : 4;
        struct requirement *requirements = sm_region_alloc(r, capacity * sizeof requirements[0]);

        if (selector->count)
            memcpy(requirements, selector->requirements, selector->count * sizeof requirements[0]);
        selector->requirements = requirements;
        selector->capacity = capacity;
    }
    struct requirement *requirement = &selector->requirements[selector->count++];
    memset(requirement, 0, sizeof *requirement);
    return requirement;
}

/* Keeps the order of equal keys: label texts are printed from it. */
static void sort_by_key(struct sm_selector *selector) {
    for (size_t i = 1; i < selector->count; i++) {
        struct requirement moved = selector->requirements[i];
        size_t j = i;

        for (; j > 0 && strcmp(selector->requirements[j - 1].key, moved.key) > 0; j--)
            selector->requirements[j] = selector->requirements[j - 1];
        selector->requirements[j] = moved;
    }
}

/* --- Reading label selectors ------------------------------------------------------------------------------------------ */

enum token { T_END, T_ID, T_IN, T_NOT_IN, T_EQUAL, T_DOUBLE_EQUAL, T_NOT_EQUAL, T_GREATER, T_LESS, T_NOT, T_OPEN, T_CLOSE, T_COMMA };

struct reader {
    struct sm_region *region;
    const char *at;
    enum token token; /* the one that `at` stands behind */
    const char *text;
    const char *error;
    bool in_requirement;
};

static const struct {
    const char *text;
    enum token token;
} symbols[] = {{"==", T_DOUBLE_EQUAL}, {"!=", T_NOT_EQUAL}, {"=", T_EQUAL}, {"!", T_NOT},   {"(", T_OPEN},
               {")", T_CLOSE},         {",", T_COMMA},      {">", T_GREATER}, {"<", T_LESS}};

static void next(struct reader *reader) {
    reader->at += strspn(reader->at, " \t\r\n");
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
        if (strncmp(reader->at, symbols[i].text, strlen(symbols[i].text)) == 0) {
            reader->token = symbols[i].token;
            reader->text = symbols[i].text;
            reader->at += strlen(symbols[i].text);
            return;
        }
    }
    size_t bytes = strcspn(reader->at, " \t\r\n=!(),><");
    reader->text = sm_region_strndup(reader->region, reader->at, bytes);
    reader->at += bytes;
    reader->token = !bytes ? T_END : strcmp(reader->text, "in") == 0 ? T_IN : strcmp(reader->text, "notin") == 0 ? T_NOT_IN : T_ID;
}

/* The token where no operator may stand. */
static enum token as_value(const struct reader *reader) {
    return reader->token == T_IN || reader->token == T_NOT_IN ? T_ID : reader->token;
}

static bool fail(struct reader *reader, const char *message) {
    if (!reader->error)
        reader->error = reader->in_requirement ? sm_region_printf(reader->region, "unable to parse requirement: %s", message) : message;
    return false;
}

static bool fail_found(struct reader *reader, const char *expected) {
    return fail(reader, sm_region_printf(reader->region, "found '%s'%s", reader->text, expected));
}

static bool fail_invalid(struct reader *reader, const char *path, const char *value, const char *const *errors, size_t count) {
    struct sm_str message;

    sm_str_init(&message, reader->region);
    sm_str_addf(&message, "%s: Invalid value: \"%s\": ", path, value);
    for (size_t i = 0; i < count; i++)
        sm_str_addf(&message, "%s%s", i ? "; " : "", errors[i]);
    return fail(reader, message.data);
}

static void add_value(struct reader *reader, struct requirement *requirement, const char *value) {
    size_t count = requirement->value_count, place = 0;
    const char **values = sm_region_alloc(reader->region, (count + 1) * sizeof values[0]);

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

/* What stands between parentheses; gaps between commas are empty values. */
static bool read_set(struct reader *reader, struct requirement *requirement) {
    for (bool wants_value = true;; next(reader)) {
        switch (as_value(reader)) {
        case T_ID:
            if (!wants_value)
                return fail_found(reader, ", expected: ',' or ')'");
            add_value(reader, requirement, reader->text);
            wants_value = false;
            break;
        case T_COMMA:
            if (wants_value)
                add_value(reader, requirement, "");
            wants_value = true;
            break;
        case T_CLOSE:
            if (wants_value)
                add_value(reader, requirement, "");
            return true;
        default:
            return fail_found(reader, wants_value ? ", expected: ',', or identifier" : ", expected: ',' or ')'");
        }
    }
}

static bool read_values(struct reader *reader, struct requirement *requirement) {
    if (reader->token != T_OPEN)
        return fail_found(reader, " expected: '('");
    next(reader);
    switch (as_value(reader)) {
    case T_CLOSE: /* () is the empty set */
        break;
    case T_ID:
    case T_COMMA:
        if (!read_set(reader, requirement))
            return false;
        break;
    default:
        return fail_found(reader, ", expected: ',', ')' or identifier");
    }
    next(reader);
    return true;
}

static bool read_exact_value(struct reader *reader, struct requirement *requirement) {
    enum token token = as_value(reader);

    if (token == T_END || token == T_COMMA) {
        add_value(reader, requirement, "");
        return true;
    }
    if (token != T_ID)
        return fail_found(reader, ", expected: identifier");
    add_value(reader, requirement, reader->text);
    next(reader);
    return true;
}

static bool parse_number(const char *text, int64_t *ret_number) {
    char *end;

    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || end == text || *end || !strchr("+-0123456789", text[0]))
        return false;
    *ret_number = number;
    return true;
}

static bool check_values(struct reader *reader, struct requirement *requirement) {
    const char *errors[SM_NAMES_ERRORS_MAX];

    for (size_t i = 0; i < requirement->value_count; i++) {
        const char *value = requirement->values[i];

        if ((requirement->op == OP_GREATER || requirement->op == OP_LESS) && !parse_number(value, &requirement->number)) {
            errors[0] = "for 'Gt', 'Lt' operators, the value must be an integer";
            return fail_invalid(reader, sm_region_printf(reader->region, "values[%zu]", i), value, errors, 1);
        }
        size_t count = sm_names_label_value(value, errors);
        if (count)
            return fail_invalid(reader, sm_region_printf(reader->region, "values[%zu][%s]", i, requirement->key), value, errors, count);
    }
    return true;
}

static bool read_operator(struct reader *reader, struct requirement *requirement) {
    static const struct {
        enum token token;
        enum operator op;
    } operators[] = {
        {T_IN, OP_IN},           {T_NOT_IN, OP_NOT_IN},    {T_EQUAL, OP_EQUAL}, {T_DOUBLE_EQUAL, OP_EQUAL}, {T_NOT_EQUAL, OP_NOT_EQUAL},
        {T_GREATER, OP_GREATER}, {T_LESS, OP_LESS},
    };

    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        if (reader->token == operators[i].token) {
            requirement->op = operators[i].op;
            next(reader);
            return true;
        }
    }
    return fail_found(reader, ", expected: in, notin, =, ==, !=, gt, lt");
}

static bool read_requirement(struct reader *reader, struct requirement *requirement) {
    const char *errors[SM_NAMES_ERRORS_MAX];
    bool negated = reader->token == T_NOT;

    if (negated)
        next(reader);
    if (as_value(reader) != T_ID)
        return fail_found(reader, ", expected: identifier");
    requirement->key = reader->text;
    size_t count = sm_names_qualified(reader->text, errors);
    if (count)
        return fail_invalid(reader, "<nil>", reader->text, errors, count);
    next(reader);
    if (negated || reader->token == T_END || reader->token == T_COMMA) {
        requirement->op = negated ? OP_NOT_EXISTS : OP_EXISTS;
        return true;
    }
    if (!read_operator(reader, requirement))
        return false;
    bool set = requirement->op == OP_IN || requirement->op == OP_NOT_IN;
    if (!(set ? read_values(reader, requirement) : read_exact_value(reader, requirement)))
        return false;
    return check_values(reader, requirement);
}

static bool read_selector(struct reader *reader, struct sm_selector *selector) {
    next(reader);
    if (reader->token == T_END)
        return true;
    if (as_value(reader) != T_ID && reader->token != T_NOT)
        return fail_found(reader, ", expected: !, identifier, or 'end of string'");
    for (;;) {
        reader->in_requirement = true;
        if (!read_requirement(reader, add_requirement(reader->region, selector)))
            return false;
        reader->in_requirement = false;
        if (reader->token == T_END)
            return true;
        if (reader->token != T_COMMA)
            return fail_found(reader, ", expected: ',' or 'end of string'");
        next(reader);
        if (as_value(reader) != T_ID && reader->token != T_NOT)
            return fail_found(reader, ", expected: identifier after ','");
    }
}

const struct sm_selector *sm_selector_parse_labels(struct sm_region *r, const char *text, const char **reterr_message) {
    struct sm_selector *selector = sm_region_zalloc(r, sizeof *selector);
    struct reader reader = {.region = r, .at = text};

    if (!read_selector(&reader, selector)) {
        *reterr_message = reader.error;
        return NULL;
    }
    sort_by_key(selector);
    return selector;
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
    struct requirement *requirement = add_requirement(r, selector);
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
    sort_by_key(selector);
    return selector;
}

/* --- LabelSelector objects ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    enum operator op;
} expression_operators[] = {{"In", OP_IN}, {"NotIn", OP_NOT_IN}, {"Exists", OP_EXISTS}, {"DoesNotExist", OP_NOT_EXISTS}};

static void add_expression(struct sm_region *r, struct sm_selector *selector, sm_val expression) {
    struct requirement *requirement = add_requirement(r, selector);
    sm_val values = sm_val_get(expression, "values"), value;
    const char *name = sm_val_text(sm_val_get(expression, "operator"));
    struct reader reader = {.region = r};

    requirement->key = sm_val_text(sm_val_get(expression, "key"));
    selector->nothing = true;
    for (size_t i = 0; i < sizeof expression_operators / sizeof expression_operators[0]; i++) {
        if (strcmp(name, expression_operators[i].name) == 0) {
            requirement->op = expression_operators[i].op;
            selector->nothing = false;
        }
    }
    SM_EACH_ITEM(value, values)
        add_value(&reader, requirement, sm_val_text(value));
}

const struct sm_selector *sm_selector_of(struct sm_region *r, sm_val label_selector) {
    struct sm_selector *selector = sm_region_zalloc(r, sizeof *selector);
    const struct sm_member *label;
    sm_val expression;

    selector->nothing = !label_selector || sm_val_is_null(label_selector);
    SM_EACH_MEMBER(label, sm_val_get(label_selector, "matchLabels")) {
        struct requirement *requirement = add_requirement(r, selector);

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
    sort_by_key(selector);
    return selector;
}

const char *sm_selector_text(struct sm_region *r, sm_val label_selector) {
    static const char *const infix[] = {
        [OP_IN] = " in ", [OP_NOT_IN] = " notin ", [OP_EQUAL] = "=", [OP_NOT_EQUAL] = "!=", [OP_GREATER] = ">", [OP_LESS] = "<"};
    const struct sm_selector *selector = sm_selector_of(r, label_selector);
    struct sm_str text;

    sm_str_init(&text, r);
    for (size_t i = 0; i < selector->count && !selector->nothing; i++) {
        const struct requirement *requirement = &selector->requirements[i];
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

static bool holds_value(const struct requirement *requirement, const char *value) {
    for (size_t i = 0; i < requirement->value_count; i++) {
        if (strcmp(requirement->values[i], value) == 0)
            return true;
    }
    return false;
}

/* [value] NULL: there is none. Not equal and not in hold then, too. */
static bool meets(const struct requirement *requirement, const char *value) {
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
        return value && parse_number(value, &number) && number > requirement->number;
    case OP_LESS:
        return value && parse_number(value, &number) && number < requirement->number;
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
        const struct requirement *requirement = &selector->requirements[i];

        if ((requirement->op == OP_EQUAL || requirement->op == OP_IN) && requirement->value_count == 1 &&
            strcmp(requirement->key, path) == 0)
            return requirement->values[0];
    }
    return NULL;
}

const char *sm_selector_field(const struct sm_selector *selector, size_t i) {
    return i < selector->count ? selector->requirements[i].key : NULL;
}
