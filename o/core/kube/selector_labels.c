/* The reader of label selectors follows apimachinery's token by token, since its errors tell how far it came: `in` and
 * `notin` are keywords only where an operator may stand.
 */
#include "names.h"
#include "selector_internal.h"
#include "str.h"

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

/* What stands between parentheses; gaps between commas are empty values. */
static bool read_set(struct reader *reader, struct sm_requirement *requirement) {
    for (bool wants_value = true;; next(reader)) {
        switch (as_value(reader)) {
        case T_ID:
            if (!wants_value)
                return fail_found(reader, ", expected: ',' or ')'");
            sm_selector_add_value(reader->region, requirement, reader->text);
            wants_value = false;
            break;
        case T_COMMA:
            if (wants_value)
                sm_selector_add_value(reader->region, requirement, "");
            wants_value = true;
            break;
        case T_CLOSE:
            if (wants_value)
                sm_selector_add_value(reader->region, requirement, "");
            return true;
        default:
            return fail_found(reader, wants_value ? ", expected: ',', or identifier" : ", expected: ',' or ')'");
        }
    }
}

static bool read_values(struct reader *reader, struct sm_requirement *requirement) {
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

static bool read_exact_value(struct reader *reader, struct sm_requirement *requirement) {
    enum token token = as_value(reader);

    if (token == T_END || token == T_COMMA) {
        sm_selector_add_value(reader->region, requirement, "");
        return true;
    }
    if (token != T_ID)
        return fail_found(reader, ", expected: identifier");
    sm_selector_add_value(reader->region, requirement, reader->text);
    next(reader);
    return true;
}

static bool check_values(struct reader *reader, struct sm_requirement *requirement) {
    const char *errors[SM_NAMES_ERRORS_MAX];

    for (size_t i = 0; i < requirement->value_count; i++) {
        const char *value = requirement->values[i];

        if ((requirement->op == OP_GREATER || requirement->op == OP_LESS) && !sm_selector_parse_number(value, &requirement->number)) {
            errors[0] = "for 'Gt', 'Lt' operators, the value must be an integer";
            return fail_invalid(reader, sm_region_printf(reader->region, "values[%zu]", i), value, errors, 1);
        }
        size_t count = sm_names_label_value(value, errors);
        if (count)
            return fail_invalid(reader, sm_region_printf(reader->region, "values[%zu][%s]", i, requirement->key), value, errors, count);
    }
    return true;
}

static bool read_operator(struct reader *reader, struct sm_requirement *requirement) {
    static const struct {
        enum token token;
        enum sm_operator op;
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

static bool read_requirement(struct reader *reader, struct sm_requirement *requirement) {
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
        if (!read_requirement(reader, sm_selector_add_requirement(reader->region, selector)))
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
    sm_selector_sort_by_key(selector);
    return selector;
}
