/* Functions of CEL: the standard ones, cel-go's on strings, Kubernetes' on lists. Places in texts count characters. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "cel_internal.h"
#include "json.h"
#include "str.h"
#include "utf8.h"

#define FUNCTION(name) static struct cel_value name(struct cel_eval *e, const struct cel_node *node, const struct cel_value *args)
#define UNUSED (void)e, (void)node, (void)args

bool cel_letter_accepts(char letter, uint8_t kind) {
    switch (letter) {
    case '*':
        return true;
    case 'b':
        return kind == CEL_BOOL;
    case 'i':
        return kind == CEL_INT;
    case 'd':
        return kind == CEL_DOUBLE;
    case 's':
        return kind == CEL_STRING;
    case 'l':
        return kind == CEL_LIST;
    case 'm':
        return kind == CEL_MAP || kind == CEL_OBJECT;
    default:
        return kind == CEL_OPTIONAL;
    }
}

static struct cel_value text_value(struct cel_eval *e, const char *text, size_t bytes) {
    return cel_from_val(sm_val_strn(e->region, text, bytes));
}

/* The byte where character [index] begins; the end for the one past the last; NULL beyond. */
static const char *character(sm_val text, int64_t index) {
    const char *p = text->string, *end = p + text->count;
    for (; index > 0 && p < end; index--) {
        size_t bytes = utf8_bytes(p, end);
        p += bytes ? bytes : 1;
    }
    return index == 0 ? p : NULL;
}

static struct cel_value out_of_range(struct cel_eval *e, int64_t index) {
    return cel_error(sm_region_printf(e->region, "index out of range: %lld", (long long)index));
}

/* --- Texts ---------------------------------------------------------------------------------------------------------------- */

FUNCTION(size) {
    UNUSED;
    return cel_int(args[0].kind == CEL_STRING ? (int64_t)utf8_count(args[0].val->string, args[0].val->count) : (int64_t)args[0].val->count);
}

FUNCTION(starts_with) {
    UNUSED;
    sm_val a = args[0].val, b = args[1].val;
    return cel_bool(a->count >= b->count && memcmp(a->string, b->string, b->count) == 0);
}

FUNCTION(ends_with) {
    UNUSED;
    sm_val a = args[0].val, b = args[1].val;
    return cel_bool(a->count >= b->count && memcmp(a->string + a->count - b->count, b->string, b->count) == 0);
}

FUNCTION(contains) {
    UNUSED;
    e->steps -= args[0].val->count / 10;
    return cel_bool(memmem(args[0].val->string, args[0].val->count, args[1].val->string, args[1].val->count) != NULL);
}

FUNCTION(matches) {
    const char *error = NULL;
    const struct sm_regex *regex = node->regex ? node->regex : sm_regex_compile(e->region, args[1].val->string, &error);
    e->steps -= args[0].val->count / 10;
    return regex ? cel_bool(sm_regex_matches(regex, e->region, args[0].val->string, args[0].val->count)) : cel_error(error);
}

static struct cel_value cased(struct cel_eval *e, sm_val text, char from, char to) {
    char *copy = sm_region_strndup(e->region, text->string, text->count);
    for (size_t i = 0; i < text->count; i++)
        if (copy[i] >= from && copy[i] <= from + 25)
            copy[i] = (char)(copy[i] - from + to);
    return text_value(e, copy, text->count);
}

FUNCTION(lower_ascii) {
    UNUSED;
    return cased(e, args[0].val, 'A', 'a');
}

FUNCTION(upper_ascii) {
    UNUSED;
    return cased(e, args[0].val, 'a', 'A');
}

FUNCTION(trim) {
    UNUSED;
    const char *p = args[0].val->string, *end = p + args[0].val->count;
    while (p < end && strchr(" \t\n\v\f\r", *p))
        p++;
    while (end > p && strchr(" \t\n\v\f\r", end[-1]))
        end--;
    return text_value(e, p, (size_t)(end - p));
}

FUNCTION(replace) {
    UNUSED;
    sm_val text = args[0].val, from = args[1].val, to = args[2].val;
    int64_t left = node->arg_count == 4 ? args[3].integer : -1;
    struct sm_str out;
    sm_str_init(&out, e->region);
    const char *p = text->string, *end = p + text->count;
    while (left != 0 && from->count && (e->steps -= 1 + to->count / 10) > 0) {
        const char *found = memmem(p, (size_t)(end - p), from->string, from->count);
        if (!found)
            break;
        sm_str_addn(&out, p, (size_t)(found - p));
        sm_str_addn(&out, to->string, to->count);
        p = found + from->count;
        left -= left > 0;
    }
    sm_str_addn(&out, p, (size_t)(end - p));
    return text_value(e, out.data, out.bytes);
}

FUNCTION(split) {
    UNUSED;
    sm_val text = args[0].val, by = args[1].val;
    int64_t left = node->arg_count == 3 ? args[2].integer : -1;
    sm_val *items = sm_region_alloc(e->region, (text->count + 2) * sizeof(sm_val));
    size_t count = 0;
    const char *p = text->string, *end = p + text->count;
    e->steps -= text->count;
    while (left != 0) {
        size_t step = by->count ? 0 : p < end ? utf8_bytes(p, end) : 0;
        const char *found = left == 1        ? NULL
                            : by->count      ? memmem(p, (size_t)(end - p), by->string, by->count)
                            : p + step < end ? p + step
                                             : NULL;
        items[count++] = sm_val_strn(e->region, p, (size_t)((found ? found : end) - p));
        if (!found)
            break;
        p = found + by->count;
        left -= left > 0;
    }
    return cel_from_val(sm_val_from_items(e->region, items, by->count || text->count ? count : 0));
}

FUNCTION(join) {
    UNUSED;
    struct sm_str out;
    sm_str_init(&out, e->region);
    for (size_t i = 0; i < args[0].val->count; i++) {
        sm_val item = args[0].val->list[i];
        if (!sm_val_is_string(item))
            return cel_error("no such overload");
        if (i && node->arg_count == 2)
            sm_str_addn(&out, args[1].val->string, args[1].val->count);
        sm_str_addn(&out, item->string, item->count);
    }
    e->steps -= (int64_t)(out.bytes / 10);
    return text_value(e, out.data, out.bytes);
}

FUNCTION(substring) {
    sm_val text = args[0].val;
    const char *from = args[1].integer < 0 ? NULL : character(text, args[1].integer);
    const char *to = node->arg_count == 2 ? text->string + text->count : args[2].integer < 0 ? NULL : character(text, args[2].integer);
    if (!from || !to)
        return out_of_range(e, !from ? args[1].integer : args[2].integer);
    if (to < from)
        return cel_error(sm_region_printf(e->region, "invalid substring range. start: %lld, end: %lld", (long long)args[1].integer,
                                          (long long)args[2].integer));
    return text_value(e, from, (size_t)(to - from));
}

FUNCTION(char_at) {
    UNUSED;
    sm_val text = args[0].val;
    const char *at = args[1].integer < 0 ? NULL : character(text, args[1].integer), *end = text->string + text->count;
    return at ? text_value(e, at, utf8_bytes(at, end)) : out_of_range(e, args[1].integer);
}

FUNCTION(index_of_text) {
    sm_val text = args[0].val, what = args[1].val;
    const char *from = node->arg_count == 3 ? args[2].integer < 0 ? NULL : character(text, args[2].integer) : text->string;
    if (!from)
        return out_of_range(e, args[2].integer);
    const char *found = memmem(from, (size_t)(text->string + text->count - from), what->string, what->count);
    return cel_int(found ? (int64_t)utf8_count(text->string, (size_t)(found - text->string)) : -1);
}

FUNCTION(last_index_of_text) {
    sm_val text = args[0].val, what = args[1].val;
    const char *limit = node->arg_count == 3 ? args[2].integer < 0 ? NULL : character(text, args[2].integer) : text->string + text->count;
    if (!limit)
        return out_of_range(e, args[2].integer);
    if (what->count > text->count)
        return cel_int(-1);
    const char *last = text->string + text->count - what->count;
    e->steps -= text->count / 10;
    for (const char *p = limit < last ? limit : last; p >= text->string; p--)
        if (memcmp(p, what->string, what->count) == 0)
            return cel_int((int64_t)utf8_count(text->string, (size_t)(p - text->string)));
    return cel_int(-1);
}

/* --- Lists ---------------------------------------------------------------------------------------------------------------- */

static struct cel_value find_in_list(struct cel_eval *e, const struct cel_value *args, bool last) {
    int64_t found = -1;
    e->steps -= args[0].val->count;
    for (size_t i = 0; i < args[0].val->count && (last || found < 0); i++) {
        struct cel_value item = cel_from_val(args[0].val->list[i]);
        if (cel_equal(&item, &args[1]))
            found = (int64_t)i;
    }
    return cel_int(found);
}

FUNCTION(index_of_item) {
    UNUSED;
    return find_in_list(e, args, false);
}

FUNCTION(last_index_of_item) {
    UNUSED;
    return find_in_list(e, args, true);
}

FUNCTION(is_sorted) {
    UNUSED;
    e->steps -= args[0].val->count;
    for (size_t i = 1; i < args[0].val->count; i++) {
        struct cel_value a = cel_from_val(args[0].val->list[i - 1]), b = cel_from_val(args[0].val->list[i]);
        int order = cel_order(&a, &b);
        if (order == 2)
            return cel_error("no such overload");
        if (order > 0)
            return cel_bool(false);
    }
    return cel_bool(true);
}

FUNCTION(sum) {
    UNUSED;
    struct cel_value total = cel_int(0);
    e->steps -= args[0].val->count;
    for (size_t i = 0; i < args[0].val->count; i++) {
        struct cel_value item = cel_from_val(args[0].val->list[i]);
        if (item.kind != CEL_INT && item.kind != CEL_DOUBLE)
            return cel_error("no such overload");
        if (item.kind != total.kind) { /* a list of doubles may hold whole ones */
            total = total.kind == CEL_INT ? cel_double((double)total.integer) : total;
            item = item.kind == CEL_INT ? cel_double((double)item.integer) : item;
        }
        total = cel_add(e, &total, &item);
        if (total.kind == CEL_ERROR)
            return total;
    }
    return total;
}

static struct cel_value extreme(struct cel_eval *e, sm_val list, int sign, const char *name) {
    if (!list->count)
        return cel_error(sm_region_printf(e->region, "%s called on empty list", name));
    struct cel_value best = cel_from_val(list->list[0]);
    e->steps -= list->count;
    for (size_t i = 1; i < list->count; i++) {
        struct cel_value item = cel_from_val(list->list[i]);
        int order = cel_order(&item, &best);
        if (order == 2)
            return cel_error("no such overload");
        if (order * sign > 0)
            best = item;
    }
    return best;
}

FUNCTION(min) {
    UNUSED;
    return extreme(e, args[0].val, -1, "min");
}

FUNCTION(max) {
    UNUSED;
    return extreme(e, args[0].val, 1, "max");
}

/* --- Conversions ---------------------------------------------------------------------------------------------------------- */

FUNCTION(same) {
    UNUSED;
    return args[0];
}

FUNCTION(double_to_int) {
    UNUSED;
    double real = args[0].real;
    return real > -9223372036854775808.0 && real < 9223372036854775808.0 ? cel_int((int64_t)real) : cel_error("integer overflow");
}

FUNCTION(text_to_int) {
    UNUSED;
    char *end = NULL;
    const char *text = args[0].val->string;
    errno = 0;
    long long n = strtoll(text, &end, 10);
    if (errno == 0 && end != text && *end == '\0' && !strchr(" \t\n", *text))
        return cel_int(n);
    return cel_error(
        sm_region_printf(e->region, "strconv.ParseInt: parsing \"%s\": %s", text, errno ? "value out of range" : "invalid syntax"));
}

FUNCTION(int_to_double) {
    UNUSED;
    return cel_double((double)args[0].integer);
}

FUNCTION(text_to_double) {
    UNUSED;
    char *end = NULL;
    const char *text = args[0].val->string;
    double n = strtod(text, &end);
    return end != text && *end == '\0' && !strchr(" \t\n", *text)
               ? cel_double(n)
               : cel_error(sm_region_printf(e->region, "strconv.ParseFloat: parsing \"%s\": invalid syntax", text));
}

FUNCTION(to_text) {
    UNUSED;
    if (args[0].kind == CEL_STRING)
        return args[0];
    const char *text;
    if (args[0].kind == CEL_BOOL)
        text = args[0].boolean ? "true" : "false";
    else if (args[0].kind == CEL_INT)
        text = sm_region_printf(e->region, "%lld", (long long)args[0].integer);
    else if (!isfinite(args[0].real))
        text = isnan(args[0].real) ? "NaN" : args[0].real > 0 ? "+Inf" : "-Inf";
    else
        text = sm_json_text(e->region, sm_val_double(e->region, args[0].real), SM_JSON_COMPACT);
    return text_value(e, text, strlen(text));
}

FUNCTION(text_to_bool) {
    UNUSED;
    static const char *const yes[] = {"1", "t", "T", "true", "TRUE", "True"}, *const no[] = {"0", "f", "F", "false", "FALSE", "False"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (strcmp(yes[i], args[0].val->string) == 0)
            return cel_bool(true);
        if (strcmp(no[i], args[0].val->string) == 0)
            return cel_bool(false);
    }
    return cel_error(sm_region_printf(e->region, "strconv.ParseBool: parsing \"%s\": invalid syntax", args[0].val->string));
}

FUNCTION(type) {
    UNUSED;
    return (struct cel_value){.kind = CEL_TYPE, .type = args[0].kind};
}

/* --- Optionals ------------------------------------------------------------------------------------------------------------ */

FUNCTION(optional_of) {
    UNUSED;
    sm_val held = cel_to_val(e->region, &args[0]);
    return held ? cel_optional(held) : cel_error("no such overload");
}

FUNCTION(optional_none) {
    UNUSED;
    return cel_optional(NULL);
}

FUNCTION(has_value) {
    UNUSED;
    return cel_bool(args[0].val != NULL);
}

FUNCTION(value) {
    UNUSED;
    return args[0].val ? cel_from_val(args[0].val) : cel_error("optional.none() dereference");
}

FUNCTION(or_value) {
    UNUSED;
    return args[0].val ? cel_from_val(args[0].val) : args[1];
}

FUNCTION(or_else) {
    UNUSED;
    return args[0].val ? args[0] : args[1];
}

const struct cel_function cel_functions[] = {
    /* name          args    result global member */
    {"size",          "s",    'i', true,  true,  size},
    {"size",          "l",    'i', true,  true,  size},
    {"size",          "m",    'i', true,  true,  size},
    {"startsWith",    "ss",   'b', false, true,  starts_with},
    {"endsWith",      "ss",   'b', false, true,  ends_with},
    {"contains",      "ss",   'b', false, true,  contains},
    {"matches",       "ss",   'b', true,  true,  matches},
    {"lowerAscii",    "s",    's', false, true,  lower_ascii},
    {"upperAscii",    "s",    's', false, true,  upper_ascii},
    {"trim",          "s",    's', false, true,  trim},
    {"replace",       "sss",  's', false, true,  replace},
    {"replace",       "sssi", 's', false, true,  replace},
    {"split",         "ss",   'L', false, true,  split},
    {"split",         "ssi",  'L', false, true,  split},
    {"join",          "l",    's', false, true,  join},
    {"join",          "ls",   's', false, true,  join},
    {"substring",     "si",   's', false, true,  substring},
    {"substring",     "sii",  's', false, true,  substring},
    {"charAt",        "si",   's', false, true,  char_at},
    {"indexOf",       "ss",   'i', false, true,  index_of_text},
    {"indexOf",       "ssi",  'i', false, true,  index_of_text},
    {"indexOf",       "l*",   'i', false, true,  index_of_item},
    {"lastIndexOf",   "ss",   'i', false, true,  last_index_of_text},
    {"lastIndexOf",   "ssi",  'i', false, true,  last_index_of_text},
    {"lastIndexOf",   "l*",   'i', false, true,  last_index_of_item},
    {"isSorted",      "l",    'b', false, true,  is_sorted},
    {"sum",           "l",    'e', false, true,  sum},
    {"min",           "l",    'e', false, true,  min},
    {"max",           "l",    'e', false, true,  max},
    {"int",           "i",    'i', true,  false, same},
    {"int",           "d",    'i', true,  false, double_to_int},
    {"int",           "s",    'i', true,  false, text_to_int},
    {"double",        "d",    'd', true,  false, same},
    {"double",        "i",    'd', true,  false, int_to_double},
    {"double",        "s",    'd', true,  false, text_to_double},
    {"string",        "s",    's', true,  false, to_text},
    {"string",        "b",    's', true,  false, to_text},
    {"string",        "i",    's', true,  false, to_text},
    {"string",        "d",    's', true,  false, to_text},
    {"bool",          "b",    'b', true,  false, same},
    {"bool",          "s",    'b', true,  false, text_to_bool},
    {"dyn",           "*",    '*', true,  false, same},
    {"type",          "*",    't', true,  false, type},
    {"optional.of",   "*",    'o', true,  false, optional_of},
    {"optional.none", "",     'o', true,  false, optional_none},
    {"hasValue",      "o",    'b', false, true,  has_value},
    {"value",         "o",    'v', false, true,  value},
    {"orValue",       "o*",   'v', false, true,  or_value},
    {"or",            "oo",   'o', false, true,  or_else},
    {NULL,            "",     '*', false, false, NULL},
};
