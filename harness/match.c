/* One operator a row; matching and checking both walk the pattern, never the value alone. */
#include "match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "near.h"
#include "str.h"

enum { DEPTH_MAX = 64, PATH_MAX_BYTES = 512 };

struct matching {
    const struct sm_match_scope *scope;
    struct sm_region *r; /* NULL: nobody asks why */
    const char *why;
    size_t path_bytes;
    char path[PATH_MAX_BYTES];
};

static bool matches(struct matching *m, sm_val pattern, sm_val value);

/* --- Why not ------------------------------------------------------------------------------------------------------- */

static const char *shown(struct matching *m, sm_val v) {
    return v ? sm_json_text(m->r, v, SM_JSON_COMPACT) : "absent";
}

/* The deepest difference is found first and stays. */
static bool differs(struct matching *m, sm_val value, const char *verb, sm_val wanted) {
    if (m->r && !m->why)
        m->why = sm_region_printf(m->r, "%s is %s, %s %s", m->path_bytes ? m->path : "it", shown(m, value), verb,
                                  wanted ? shown(m, wanted) : "present");
    return false;
}

static size_t path_push(struct matching *m, const char *key) {
    size_t before = m->path_bytes, bytes = strlen(key);
    bool bracket = strpbrk(key, ".[]") != NULL;

    if (before + bytes + 3 < sizeof m->path) {
        char *at = m->path + before;
        if (bracket)
            *at++ = '[';
        else if (before)
            *at++ = '.';
        memcpy(at, key, bytes);
        at += bytes;
        if (bracket)
            *at++ = ']';
        *at = '\0';
        m->path_bytes = (size_t)(at - m->path);
    }
    return before;
}

static size_t path_push_index(struct matching *m, size_t index) {
    size_t before = m->path_bytes;
    int bytes = snprintf(m->path + before, sizeof m->path - before, "[%zu]", index);

    if (bytes > 0 && (size_t)bytes < sizeof m->path - before)
        m->path_bytes = before + (size_t)bytes;
    else
        m->path[before] = '\0';
    return before;
}

static void path_pop(struct matching *m, size_t before) {
    m->path_bytes = before;
    m->path[before] = '\0';
}

/* --- Operators ------------------------------------------------------------------------------------------------------- */

static bool op_exists(struct matching *m, sm_val argument, sm_val value) {
    return (value != NULL) == sm_val_is_true(argument) || differs(m, value, "not", sm_val_is_true(argument) ? NULL : SM_NULL);
}

static bool op_absent(struct matching *m, sm_val argument, sm_val value) {
    if ((value == NULL) == sm_val_is_true(argument))
        return true;
    if (m->r && !m->why)
        m->why = sm_region_printf(m->r, "%s is %s, not %s", m->path_bytes ? m->path : "it", value ? "there" : "absent",
                                  value ? "absent" : "there");
    return false;
}

static bool op_not(struct matching *m, sm_val argument, sm_val value) {
    struct matching quiet = {.scope = m->scope};

    return (value && !matches(&quiet, argument, value)) || differs(m, value, "not other than", argument);
}

struct range {
    int64_t low, high;
};

static bool read_range(sm_val v, struct range *ret_range) {
    struct range range = {0, INT64_MAX};

    if (sm_val_is_int(v)) {
        *ret_range = (struct range){v->integer, v->integer};
        return v->integer >= 0;
    }
    if (!sm_val_is_string(v))
        return false;
    const char *dots = strstr(v->string, "..");
    char *end = NULL;
    if (!dots || v->string[2] == '\0')
        return false;
    if (dots != v->string) {
        range.low = strtol(v->string, &end, 10);
        if (end != dots || range.low < 0)
            return false;
    }
    if (dots[2]) {
        range.high = strtol(dots + 2, &end, 10);
        if (*end || range.high < range.low)
            return false;
    }
    *ret_range = range;
    return true;
}

static bool op_count(struct matching *m, sm_val argument, sm_val value) {
    struct range range = {0, 0};
    int64_t count = (int64_t)sm_val_count(value);

    if (read_range(argument, &range) && count >= range.low && count <= range.high)
        return true;
    if (m->r && !m->why)
        m->why =
            sm_region_printf(m->r, "%s has %lld elements, not %s", m->path_bytes ? m->path : "it", (long long)count, shown(m, argument));
    return false;
}

static bool op_exactly(struct matching *m, sm_val argument, sm_val value) {
    if (!sm_val_is_list(argument))
        return sm_val_equal(argument, value) || differs(m, value, "not exactly", argument);
    if (!sm_val_is_list(value) || value->count != argument->count)
        return differs(m, value, "not exactly", argument);
    for (size_t i = 0; i < argument->count; i++) {
        size_t before = path_push_index(m, i);
        bool same = matches(m, argument->list[i], value->list[i]);
        path_pop(m, before);
        if (!same)
            return false;
    }
    return true;
}

static bool is_bool(sm_val v) {
    return v && v->kind == SM_KIND_BOOL;
}
static bool is_range(sm_val v) {
    struct range range;

    return read_range(v, &range);
}
static bool is_any(sm_val v) {
    return v != NULL;
}

static const struct operator{
    const char *name;
    bool (*matches)(struct matching *m, sm_val argument, sm_val value);
    bool (*takes)(sm_val argument);
    const char *wants;
    bool pattern; /* its argument is a pattern itself */
}
operators[] = {
    {"$exists", op_exists, is_bool, "true or false", false},
    {"$absent", op_absent, is_bool, "true or false", false},
    {"$not", op_not, is_any, "a pattern", true},
    {"$count", op_count, is_range, "a number or a range like \"1..\", \"..3\", \"1..3\"", false},
    {"$exactly", op_exactly, is_any, "a value or a list of patterns", true},
};

static const struct operator *operator_of(sm_val pattern) {
    const struct sm_member *only = sm_val_member(pattern, 0);

    if (!only || pattern->count != 1 || only->key[0] != '$')
        return NULL;
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (strcmp(operators[i].name, only->key) == 0)
            return &operators[i];
    return NULL;
}

/* --- References: ${kind/name:path} ------------------------------------------------------------------------------------- */

struct reference {
    char kind[64], name[256], path[256];
};

static bool read_reference(sm_val pattern, struct reference *ret_reference) {
    if (!sm_val_is_string(pattern) || strncmp(pattern->string, "${", 2) != 0 || pattern->string[pattern->count - 1] != '}')
        return false;
    const char *kind = pattern->string + 2, *end = pattern->string + pattern->count - 1;
    const char *slash = strchr(kind, '/'), *colon = slash ? strchr(slash, ':') : NULL;

    if (!slash || !colon || slash == kind || colon == slash + 1 || colon + 1 >= end)
        return false;
    size_t kind_bytes = (size_t)(slash - kind), name_bytes = (size_t)(colon - slash - 1), path_bytes = (size_t)(end - colon - 1);
    if (kind_bytes >= sizeof ret_reference->kind || name_bytes >= sizeof ret_reference->name || path_bytes >= sizeof ret_reference->path)
        return false;
    memcpy(ret_reference->kind, kind, kind_bytes);
    ret_reference->kind[kind_bytes] = '\0';
    memcpy(ret_reference->name, slash + 1, name_bytes);
    ret_reference->name[name_bytes] = '\0';
    memcpy(ret_reference->path, colon + 1, path_bytes);
    ret_reference->path[path_bytes] = '\0';
    return sm_val_path_is_well_formed(ret_reference->path);
}

static bool looks_like_reference(sm_val pattern) {
    return sm_val_is_string(pattern) && strncmp(pattern->string, "${", 2) == 0;
}

/* --- Matching ------------------------------------------------------------------------------------------------------------ */

static bool match_map(struct matching *m, sm_val pattern, sm_val value) {
    const struct sm_member *member;

    if (value && !sm_val_is_map(value))
        return differs(m, value, "not", pattern);
    if (!value && pattern->count == 0)
        return differs(m, value, "not", pattern);
    SM_EACH_MEMBER(member, pattern) {
        size_t before = path_push(m, member->key);
        bool same = matches(m, member->value, sm_val_get(value, member->key));
        path_pop(m, before);
        if (!same)
            return false;
    }
    return true;
}

static bool match_list(struct matching *m, sm_val pattern, sm_val value) {
    sm_val wanted, element;

    if (!sm_val_is_list(value))
        return differs(m, value, "not", pattern);
    SM_EACH_ITEM(wanted, pattern) {
        struct matching quiet = {.scope = m->scope};
        bool found = false;
        SM_EACH_ITEM(element, value)
            found = found || matches(&quiet, wanted, element);
        if (!found) {
            if (m->r && !m->why)
                m->why = sm_region_printf(m->r, "%s has no element like %s", m->path_bytes ? m->path : "the list", shown(m, wanted));
            return false;
        }
    }
    return true;
}

static bool matches(struct matching *m, sm_val pattern, sm_val value) {
    const struct operator* op = operator_of(pattern);
    struct reference reference;

    if (op)
        return op->matches(m, pattern->map[0].value, value);
    if (sm_val_is_map(pattern))
        return match_map(m, pattern, value);
    if (sm_val_is_list(pattern))
        return match_list(m, pattern, value);
    if (read_reference(pattern, &reference) && m->scope) {
        sm_val object = m->scope->find(m->scope->arg, reference.kind, reference.name);
        sm_val wanted = sm_val_at(object, reference.path);
        return (wanted && sm_val_equal(wanted, value)) || differs(m, value, "not", wanted ? wanted : pattern);
    }
    return sm_val_equal(pattern, value) || differs(m, value, "not", pattern);
}

bool sm_match(sm_val pattern, sm_val value, const struct sm_match_scope *scope, struct sm_region *r, const char **reterr_why) {
    struct matching m = {.scope = scope, .r = r};
    bool same = matches(&m, pattern, value);

    if (!same && reterr_why)
        *reterr_why = m.why ? m.why : "it does not match";
    return same;
}

/* --- Checking a pattern ---------------------------------------------------------------------------------------------------- */

static const char *unknown_operator(struct matching *m, const char *key) {
    struct sm_near near = sm_near_init(key);

    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        sm_near_try(&near, operators[i].name);
    if (near.best)
        return sm_region_printf(m->r, "unknown operator %s: did you mean %s?", key, near.best);
    return sm_region_printf(m->r, "unknown operator %s: write one of $exists, $absent, $not, $count, $exactly", key);
}

static const char *check(struct matching *m, sm_val pattern, unsigned depth) {
    const struct sm_member *member;
    struct reference reference;
    const char *wrong = NULL;

    if (depth > DEPTH_MAX)
        return "too deep: write at most 64 levels";
    if (looks_like_reference(pattern) && !read_reference(pattern, &reference))
        return "not a reference: write ${kind/name:path}, like ${statefulset/n-1:status.updateRevision}";
    if (sm_val_is_list(pattern))
        for (size_t i = 0; i < pattern->count && !wrong; i++) {
            size_t before = path_push_index(m, i);
            wrong = check(m, pattern->list[i], depth + 1);
            if (!wrong)
                path_pop(m, before);
        }
    if (!sm_val_is_map(pattern))
        return wrong;
    SM_EACH_MEMBER(member, pattern) {
        const struct operator* op = operator_of(pattern);
        size_t before = path_push(m, member->key);

        if (member->key[0] == '$' && !op) {
            if (pattern->count != 1)
                return "an operator stands alone in its map: write the rest of the map without operators, or as another assert";
            return unknown_operator(m, member->key);
        }
        if (op && !op->takes(member->value))
            return sm_region_printf(m->r, "%s does not fit: write %s", op->name, op->wants);
        if (!op || op->pattern)
            wrong = check(m, member->value, depth + 1);
        if (wrong)
            return wrong;
        path_pop(m, before);
    }
    return NULL;
}

const char *sm_match_check(struct sm_region *r, sm_val pattern, const char **ret_path) {
    struct matching m = {.r = r};
    const char *wrong = check(&m, pattern, 0);

    if (wrong)
        *ret_path = sm_region_strdup(r, m.path);
    return wrong;
}

bool sm_match_glob(const char *pattern, const char *text) {
    const char *star = NULL, *retry = NULL;

    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            retry = text;
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}
