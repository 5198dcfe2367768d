#include "template.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "str.h"

/* --- Paths --------------------------------------------------------------------------------------------------------------- */

/* As Python prints it. */
static const char *plain_text(struct sm_region *r, sm_val v) {
    if (sm_val_is_string(v))
        return v->string;
    if (v && v->kind == SM_KIND_BOOL)
        return v->boolean ? "True" : "False";
    return sm_json_text(r, v, 0);
}

static sm_val dig_in_brackets(struct sm_region *r, sm_val v, const char *index) {
    char *end;
    long i = strtol(index, &end, 10);

    if (*index && !*end)
        return sm_val_item(v, (size_t)(i < 0 ? i + (long)sm_val_count(v) : i));
    const char *equals = strchr(index, '=');
    const char *key = sm_region_strndup(r, index, equals ? (size_t)(equals - index) : strlen(index));
    sm_val item;
    SM_EACH_ITEM(item, sm_val_is_list(v) ? v : NULL) {
        sm_val found = sm_template_dig(r, item, key);
        if (found && strcmp(plain_text(r, found), equals ? equals + 1 : "") == 0)
            return item;
    }
    return NULL;
}

sm_val sm_template_dig(struct sm_region *r, sm_val v, const char *path) {
    while (*path && v) {
        if (*path == '.') {
            path++;
        } else if (*path == '[') {
            size_t bytes = strcspn(path, "]");
            v = dig_in_brackets(r, v, sm_region_strndup(r, path + 1, bytes - 1));
            path += bytes + (path[bytes] == ']');
        } else {
            size_t bytes = strcspn(path, ".[");
            v = sm_val_is_map(v) ? sm_val_getn(v, path, bytes) : NULL;
            path += bytes;
        }
    }
    return sm_val_is_null(v) ? NULL : v;
}

/* --- Filling ------------------------------------------------------------------------------------------------------------- */

/* `step.path+1`. */
static sm_val look_up(struct sm_template *template, const char *expression) {
    struct sm_region *r = template->r;

    if (strcmp(expression, "ns") == 0)
        return sm_val_str(r, template->name_space);
    size_t bytes = strcspn(expression, "+"), step_bytes = strcspn(expression, ".+");
    const char *step = sm_region_strndup(r, expression, step_bytes);
    const char *path = step_bytes < bytes ? sm_region_strndup(r, expression + step_bytes + 1, bytes - step_bytes - 1) : "";
    sm_val v = sm_template_dig(r, sm_val_get(template->replies, step), path);
    if (!v) {
        if (!template->error)
            template->error = sm_region_printf(r, "the reply of step `%s` has no `%s`", step, path);
        return SM_NULL;
    }
    if (expression[bytes])
        return sm_val_strf(r, "%lld", strtoll(plain_text(r, v), NULL, 10) + strtoll(expression + bytes + 1, NULL, 10));
    return v;
}

static sm_val fill_text(struct sm_template *template, const char *text) {
    struct sm_region *r = template->r;
    size_t bytes = strlen(text);
    struct sm_str out;

    /* A text that is nothing but a reference is that value itself, whatever it is. */
    if (bytes > 4 && strncmp(text, "{{", 2) == 0 && strcmp(text + bytes - 2, "}}") == 0 &&
        !strpbrk(sm_region_strndup(r, text + 2, bytes - 4), "{}"))
        return look_up(template, sm_region_strndup(r, text + 2, bytes - 4));
    sm_str_init(&out, r);
    while (*text) {
        const char *open = strstr(text, "{{"), *close = open ? strstr(open, "}}") : NULL;
        if (!close) {
            sm_str_add(&out, text);
            break;
        }
        sm_str_addn(&out, text, (size_t)(open - text));
        sm_str_add(&out, plain_text(r, look_up(template, sm_region_strndup(r, open + 2, (size_t)(close - open - 2)))));
        text = close + 2;
    }
    return sm_val_str(r, out.data);
}

sm_val sm_template_fill(struct sm_template *template, sm_val v) {
    struct sm_region *r = template->r;
    const struct sm_member *member;
    sm_val item, result = v;

    if (sm_val_is_string(v))
        return strstr(v->string, "{{") ? fill_text(template, v->string) : v;
    if (sm_val_is_list(v)) {
        result = SM_EMPTY_LIST;
        SM_EACH_ITEM(item, v)
            result = sm_val_append(r, result, sm_template_fill(template, item));
    } else if (sm_val_is_map(v)) {
        sm_val merged = sm_val_count(v) == 1 ? sm_val_get(v, "$merge") : NULL;
        if (merged)
            return sm_val_merge_patch(r, sm_template_fill(template, sm_val_item(merged, 0)),
                                      sm_template_fill(template, sm_val_item(merged, 1)));
        result = SM_EMPTY_MAP;
        SM_EACH_MEMBER(member, v) {
            const char *key = strstr(member->key, "{{") ? sm_val_text(fill_text(template, member->key)) : member->key;
            result = sm_val_set(r, result, key, sm_template_fill(template, member->value));
        }
    }
    return result;
}

const char *sm_template_text(struct sm_template *template, sm_val v) {
    return sm_val_text(sm_template_fill(template, v));
}
