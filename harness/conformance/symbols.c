#include "symbols.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bug.h"
#include "json.h"
#include "str.h"

/* --- Tables -------------------------------------------------------------------------------------------------------------- */

/* The place of a name, from 1. */
static size_t number_of(struct sm_symbols *symbols, struct sm_symbol_table *table, const char *name) {
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->names[i], name) == 0)
            return i + 1;
    }
    SM_ASSERT(table->count < SM_SYMBOLS_MAX);
    table->names[table->count++] = sm_region_strdup(symbols->r, name);
    return table->count;
}

void sm_symbols_add_generated(struct sm_symbols *symbols, const char *name) {
    number_of(symbols, &symbols->made_up, name);
}

/* A pattern of the one form that recordings use: `(?<=PREFIX)[CHARACTERS]{MIN,MAX}\b`. */
struct pattern {
    const char *prefix, *characters;
    size_t min, max;
};

static struct pattern parse_pattern(struct sm_region *r, const char *text) {
    struct pattern pattern = {0};
    const char *close = strchr(text, ')'), *end = close ? strchr(close, ']') : NULL;

    if (strncmp(text, "(?<=", 4) != 0 || !end || close[1] != '[' || end[1] != '{')
        sm_bug("a pattern of another form than known: %s", text);
    pattern.prefix = sm_region_strndup(r, text + 4, (size_t)(close - text - 4));
    struct sm_str set;
    sm_str_init(&set, r);
    for (const char *c = close + 2; c < end; c++) {
        if (c[1] == '-' && c + 2 < end) {
            for (char each = *c; each <= c[2]; each++)
                sm_str_addc(&set, each);
            c += 2;
        } else {
            sm_str_addc(&set, *c);
        }
    }
    char *after;
    pattern.characters = set.data;
    pattern.min = strtoul(end + 2, &after, 10);
    pattern.max = *after == ',' ? strtoul(after + 1, &after, 10) : pattern.min;
    if (strcmp(after, "}\\b") != 0)
        sm_bug("a pattern of another form than known: %s", text);
    return pattern;
}

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

void sm_symbols_find(struct sm_symbols *symbols, sm_val v) {
    sm_val item;
    const char *text = symbols->generated ? sm_json_text(symbols->r, v, 0) : "";

    SM_EACH_ITEM(item, symbols->generated) {
        struct pattern pattern = parse_pattern(symbols->r, item->string);
        for (const char *at = strstr(text, pattern.prefix); at; at = strstr(at, pattern.prefix)) {
            at += strlen(pattern.prefix);
            size_t bytes = strspn(at, pattern.characters);
            if (bytes >= pattern.min && bytes <= pattern.max && !is_word(at[bytes]))
                sm_symbols_add_generated(symbols, sm_region_strndup(symbols->r, at, bytes));
        }
    }
}

/* --- Texts --------------------------------------------------------------------------------------------------------------- */

/* How many bytes of [text] look like [shape]: `d` a digit, `x` a lower-case hexadecimal one, the rest itself. 0: not so. */
static size_t looks_like(const char *text, const char *shape) {
    for (size_t i = 0; shape[i]; i++) {
        bool fits = shape[i] == 'd'   ? isdigit((unsigned char)text[i]) != 0
                    : shape[i] == 'x' ? text[i] && strchr("0123456789abcdef", text[i]) != NULL
                                      : text[i] == shape[i];
        if (!fits)
            return 0;
    }
    return strlen(shape);
}

static size_t time_at(const char *text) {
    size_t bytes = looks_like(text, "dddd-dd-ddTdd:dd:dd");

    if (!bytes)
        return 0;
    if (text[bytes] == '.')
        bytes += 1 + strspn(text + bytes + 1, "0123456789");
    return text[bytes] == 'Z' ? bytes + 1 : 0;
}

static const char *replace_all(struct sm_region *r, const char *text, const char *old, const char *new) {
    struct sm_str out;

    if (!strstr(text, old))
        return text;
    sm_str_init(&out, r);
    for (const char *at; (at = strstr(text, old)) != NULL; text = at + strlen(old)) {
        sm_str_addn(&out, text, (size_t)(at - text));
        sm_str_add(&out, new);
    }
    sm_str_add(&out, text);
    return out.data;
}

const char *sm_symbols_text(struct sm_symbols *symbols, const char *text) {
    struct sm_region *r = symbols->r;
    struct sm_str out;

    for (size_t i = 0; i < symbols->made_up.count; i++)
        text = replace_all(r, text, symbols->made_up.names[i], sm_region_printf(r, "<generated %zu>", i + 1));
    text = replace_all(r, text, symbols->name_space, "<ns>");
    if (!strpbrk(text, "-:"))
        return text;
    sm_str_init(&out, r);
    for (size_t bytes; *text; text += bytes) {
        bytes = time_at(text);
        if (bytes) {
            sm_str_add(&out, "<time>");
            continue;
        }
        bytes = looks_like(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
        if (bytes) {
            sm_str_addf(&out, "<uid %zu>", number_of(symbols, &symbols->uids, sm_region_strndup(r, text, bytes)));
            continue;
        }
        bytes = 1;
        sm_str_addc(&out, *text);
    }
    return out.data;
}

/* --- What only Go prints --------------------------------------------------------------------------------------------------- */

/* Bytes of `v1.Name` at [text], 0 if there is none. */
static size_t qualified_at(const char *text) {
    size_t bytes = 0;

    if (!islower((unsigned char)*text))
        return 0;
    while (is_word(text[bytes]))
        bytes++;
    if (text[bytes] != '.' || !isupper((unsigned char)text[bytes + 1]))
        return 0;
    for (bytes++; is_word(text[bytes]);)
        bytes++;
    return bytes;
}

/* A diff of Go values after a line's end, to the end of the text. */
static const char *without_diff(struct sm_region *r, const char *text) {
    for (const char *line = strchr(text, '\n'); line; line = strchr(line + 1, '\n')) {
        const char *at = line + 1;
        while (isspace((unsigned char)*at) || strncmp(at, "\xc2\xa0", 2) == 0)
            at += *at == '\xc2' ? 2 : 1;
        size_t bytes = qualified_at(at);
        if (bytes && at[bytes] == '{')
            return sm_region_printf(r, "%.*s\n<diff>", (int)(line - text), text);
    }
    return text;
}

static const char *without_quoted_objects(struct sm_region *r, const char *text) {
    static const char start[] = "Invalid value: \"{\\\"";
    struct sm_str out;

    sm_str_init(&out, r);
    for (const char *at; (at = strstr(text, start)) != NULL;) {
        const char *end = at + sizeof start - 1;
        while (*end && *end != '"')
            end += *end == '\\' && end[1] ? 2 : 1;
        if (!*end)
            break;
        sm_str_addn(&out, text, (size_t)(at - text));
        sm_str_add(&out, "Invalid value: \"<object>\"");
        text = end + 1;
    }
    sm_str_add(&out, text);
    return out.data;
}

/* Bytes of a type with its brace at [text]: `&v1.Name{`, `[]v1.Name{`, `map[string]string{`. 0: none. */
static size_t type_at(const char *text) {
    size_t at = 0;

    for (;;) {
        if (strncmp(text + at, "[]", 2) == 0) {
            at += 2;
        } else if (text[at] == '&') {
            at++;
        } else if (strncmp(text + at, "map[", 4) == 0) {
            size_t bytes = 4;
            while (is_word(text[at + bytes]))
                bytes++;
            if (bytes == 4 || text[at + bytes] != ']')
                break;
            at += bytes + 1;
        } else {
            break;
        }
    }
    size_t bytes = qualified_at(text + at);
    if (bytes && text[at + bytes] == '{')
        return at + bytes + 1;
    if (!at || text[at - 1] != ']' || !islower((unsigned char)text[at]))
        return 0;
    while (is_word(text[at]))
        at++;
    return text[at] == '{' ? at + 1 : 0;
}

static const char *without_values(struct sm_region *r, const char *text) {
    struct sm_str out;

    sm_str_init(&out, r);
    while (*text) {
        size_t at = type_at(text);
        if (!at) {
            sm_str_addc(&out, *text++);
            continue;
        }
        bool quoted = false;
        for (int depth = 1; text[at] && depth; at++) {
            if (quoted) {
                if (text[at] == '\\' && text[at + 1])
                    at++;
                else
                    quoted = text[at] != '"';
            } else {
                quoted = text[at] == '"';
                depth += (text[at] == '{') - (text[at] == '}');
            }
        }
        sm_str_add(&out, "<go value>");
        text += at;
    }
    return out.data;
}

const char *sm_symbols_without_go(struct sm_region *r, const char *text) {
    return without_values(r, without_quoted_objects(r, without_diff(r, text)));
}

/* --- Numbers in messages --------------------------------------------------------------------------------------------------- */

/* Bytes at [text] after which a version stands, 0: none. */
static size_t before_version(const char *text) {
    static const char *const plain[] = {"current: ", "("};
    size_t bytes = 0;

    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (strncasecmp(text, plain[i], strlen(plain[i])) == 0)
            bytes = strlen(plain[i]);
    }
    if (strncasecmp(text, "resourceversion", 15) == 0)
        bytes = 15;
    else if (strncasecmp(text, "resource version", 16) == 0)
        bytes = 16;
    else
        return bytes && isdigit((unsigned char)text[bytes]) ? bytes : 0;
    size_t more = strcspn(text + bytes, "0123456789<");
    if (more <= 20 && isdigit((unsigned char)text[bytes + more]))
        return bytes + more;
    /* `ResourceVersion in the precondition: 5`, `ResourceVersion in object meta: 5` */
    more = strcspn(text + bytes, "0123456789");
    return strncmp(text, "ResourceVersion in ", 19) == 0 && more <= 40 && isdigit((unsigned char)text[bytes + more]) ? bytes + more : 0;
}

static const char *without_versions(struct sm_region *r, const char *text) {
    struct sm_str out;

    sm_str_init(&out, r);
    while (*text) {
        size_t bytes = before_version(text);
        sm_str_addn(&out, text, bytes ? bytes : 1);
        text += bytes ? bytes : 1;
        if (bytes) {
            sm_str_add(&out, "<n>");
            text += strspn(text, "0123456789");
        }
    }
    return out.data;
}

/* --- Bodies -------------------------------------------------------------------------------------------------------------- */

/* Bytes of an age like `3m20s` at [text], 0: none. */
static size_t age_at(const char *text) {
    size_t at = 0;

    while (isdigit((unsigned char)text[at])) {
        size_t digits = strspn(text + at, "0123456789");
        if (!text[at + digits] || !strchr("smhdy", text[at + digits]))
            return 0;
        at += digits + 1;
    }
    return at;
}

static const char *cell(struct sm_region *r, const char *text) {
    size_t bytes = age_at(text);

    if (bytes && !text[bytes])
        return "<age>";
    const char *open = strrchr(text, '(');
    bytes = open ? age_at(open + 1) : 0;
    if (bytes && strcmp(open + 1 + bytes, " ago)") == 0)
        return sm_region_printf(r, "%.*s(<age> ago)", (int)(open - text), text);
    return NULL;
}

static sm_val string_body(struct sm_symbols *symbols, const char *text, const char *key) {
    struct sm_region *r = symbols->r;

    if (strcmp(key, "continue") == 0 && *text)
        return sm_val_str(r, "<continue>");
    if (strcmp(key, "cells") == 0) {
        const char *shown = cell(r, text);
        if (shown)
            return sm_val_str(r, shown);
    }
    if (strcmp(key, "resourceVersion") == 0) {
        if (!*text || text[strspn(text, "0123456789")] || strcmp(text, "0") == 0)
            return sm_val_str(r, text);
        return sm_val_strf(r, "<rv %zu>", number_of(symbols, &symbols->versions, text));
    }
    text = sm_symbols_text(symbols, text);
    if (strcmp(key, "message") == 0)
        text = without_versions(r, sm_symbols_without_go(r, text));
    return sm_val_str(r, text);
}

sm_val sm_symbols_body(struct sm_symbols *symbols, sm_val v, const char *key) {
    struct sm_region *r = symbols->r;
    const struct sm_member *member;
    sm_val item, result;

    if (sm_val_is_map(v)) {
        result = SM_EMPTY_MAP;
        SM_EACH_MEMBER(member, v) {
            if (!symbols->managed_fields && strcmp(member->key, "managedFields") == 0)
                continue;
            const char *name = sm_symbols_text(symbols, member->key);
            result = sm_val_set(r, result, name, sm_symbols_body(symbols, member->value, member->key));
        }
        return result;
    }
    if (sm_val_is_list(v)) {
        result = SM_EMPTY_LIST;
        SM_EACH_ITEM(item, v)
            result = sm_val_append(r, result, sm_symbols_body(symbols, item, key && strcmp(key, "cells") == 0 ? key : NULL));
        return result;
    }
    if (sm_val_is_string(v))
        return string_body(symbols, v->string, key ? key : "");
    return v ? v : SM_NULL;
}

static sm_val prune_path(struct sm_region *r, sm_val v, const char *path) {
    size_t bytes = strcspn(path, ".");
    const char *name = sm_region_strndup(r, path, bytes), *rest = path[bytes] ? path + bytes + 1 : NULL;
    const struct sm_member *member;
    sm_val item, result = v;

    if (sm_val_is_list(v)) {
        bool all = strcmp(name, "*") == 0 && rest;
        result = SM_EMPTY_LIST;
        SM_EACH_ITEM(item, v)
            result = sm_val_append(r, result, prune_path(r, item, all ? rest : path));
    } else if (sm_val_is_map(v)) {
        SM_EACH_MEMBER(member, v) {
            if (strcmp(name, "*") != 0 && strcmp(name, member->key) != 0)
                continue;
            result = sm_val_set(r, result, member->key, rest ? prune_path(r, member->value, rest) : NULL);
        }
    }
    return result;
}

sm_val sm_symbols_prune(struct sm_region *r, sm_val v, sm_val ignore) {
    sm_val path;

    SM_EACH_ITEM(path, ignore)
        v = prune_path(r, v, path->string);
    return v;
}

static int by_version(const void *left, const void *right) {
    const char *a = *(const char *const *)left, *b = *(const char *const *)right;
    long long x = strtoll(a, NULL, 10), y = strtoll(b, NULL, 10);

    return (x > y) - (x < y);
}

sm_val sm_symbols_order(struct sm_symbols *symbols) {
    struct sm_symbol_table sorted = symbols->versions;
    sm_val order = SM_EMPTY_LIST;

    qsort(sorted.names, sorted.count, sizeof sorted.names[0], by_version);
    for (size_t i = 0; i < sorted.count; i++)
        order =
            sm_val_append(symbols->r, order, sm_val_strf(symbols->r, "<rv %zu>", number_of(symbols, &symbols->versions, sorted.names[i])));
    return order;
}
