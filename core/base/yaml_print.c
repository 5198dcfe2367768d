#include "yaml_print.h"

#include <string.h>

#include "json.h"

enum { INDENT = 2 };

/* A word of letters that no version of YAML reads as something else, perhaps with digits and a few signs after its first letter. */
static bool is_plain(sm_val v) {
    static const char *const words[] = {"y",  "n",   "yes",  "no",   "on",   "off",  "true", "false", "null", "Y",     "N",     "Yes",
                                        "No", "YES", "NO",   "On",   "ON",   "Off",  "OFF",  "True",  "TRUE", "False", "FALSE", "Null",
                                        "NULL"};
    const char *text = v->string;

    if (!((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z')))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(text, words[i]) == 0)
            return false;
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./") == v->count;
}

static void scalar(struct sm_str *out, sm_val v) {
    if (sm_val_is_string(v) && is_plain(v))
        sm_str_add(out, v->string);
    else
        sm_json_print(out, v, SM_JSON_COMPACT);
}

static bool is_block(sm_val v) {
    return sm_val_count(v) > 0;
}

static void indent(struct sm_str *out, unsigned depth) {
    sm_str_addf(out, "%*s", (int)depth, "");
}

static void block(struct sm_str *out, sm_val v, const char *const *order, unsigned depth);

/* After `key:` or `-`; a map in a list begins on the line of its dash. */
static void value(struct sm_str *out, sm_val v, const char *const *order, unsigned depth, bool in_list) {
    if (!is_block(v)) {
        sm_str_addc(out, ' ');
        scalar(out, v);
        sm_str_addc(out, '\n');
        return;
    }
    if (in_list) {
        size_t dash = out->bytes;
        block(out, v, order, depth + INDENT);
        memmove(out->data + dash + 1, out->data + dash + depth + INDENT, out->bytes - dash - depth - INDENT + 1);
        out->bytes -= depth + INDENT - 1;
        out->data[dash] = ' ';
        return;
    }
    sm_str_addc(out, '\n');
    block(out, v, order, depth);
}

static void member(struct sm_str *out, const struct sm_member *member, const char *const *order, unsigned depth) {
    indent(out, depth);
    scalar(out, sm_val_str(out->region, member->key));
    sm_str_addc(out, ':');
    value(out, member->value, order, depth + INDENT, false);
}

static bool is_ordered(const char *key, const char *const *order) {
    for (; order && *order; order++)
        if (strcmp(*order, key) == 0)
            return true;
    return false;
}

static void block(struct sm_str *out, sm_val v, const char *const *order, unsigned depth) {
    for (size_t i = 0; sm_val_is_list(v) && i < v->count; i++) {
        indent(out, depth);
        sm_str_addc(out, '-');
        value(out, v->list[i], order, depth, true);
    }
    for (const char *const *first = order; sm_val_is_map(v) && first && *first; first++)
        for (size_t i = 0; i < v->count; i++)
            if (strcmp(sm_val_member(v, i)->key, *first) == 0)
                member(out, sm_val_member(v, i), order, depth);
    for (size_t i = 0; sm_val_is_map(v) && i < v->count; i++)
        if (!is_ordered(sm_val_member(v, i)->key, order))
            member(out, sm_val_member(v, i), order, depth);
}

void sm_yaml_print(struct sm_str *out, sm_val v, const char *const *order) {
    if (is_block(v)) {
        block(out, v, order, 0);
        return;
    }
    scalar(out, v);
    sm_str_addc(out, '\n');
}
