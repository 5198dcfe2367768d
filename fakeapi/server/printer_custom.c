/* Columns of custom resources: JSONPaths of their definition. */
#include <stdlib.h>
#include <string.h>

#include "age.h"
#include "json.h"
#include "printer.h"

/* --- JSONPath ---------------------------------------------------------------------------------------------------------------- */

enum { NAME_MAX_BYTES = 256 };

/* A name up to a dot or bracket; a backslash takes the next as it is. */
static const char *read_name(const char *at, char name[NAME_MAX_BYTES]) {
    size_t bytes = 0;

    for (; *at && *at != '.' && *at != '['; at++) {
        if (*at == '\\' && at[1])
            at++;
        if (bytes + 1 < NAME_MAX_BYTES)
            name[bytes++] = *at;
    }
    name[bytes] = '\0';
    return at;
}

/* `@.type=="Ready"`: does [item] meet it? */
static bool meets(sm_val item, const char *test, size_t bytes) {
    static const char *const operators[] = {"==", "!="};

    for (size_t i = 0; i < 2; i++) {
        const char *operator= memmem(test, bytes, operators[i], 2);
        if (!operator|| * test != '@')
            continue;
        char path[NAME_MAX_BYTES] = "", wanted[NAME_MAX_BYTES] = "";
        size_t left = (size_t)(operator- test) - 1, right = bytes - left - 3;
        const char *text = operator+ 2;
        while (left && test[left] == ' ')
            left--;
        while (right && *text == ' ')
            text++, right--;
        while (right && text[right - 1] == ' ')
            right--;
        bool quoted = right > 1 && (*text == '"' || *text == '\'');
        if (left >= NAME_MAX_BYTES || right >= NAME_MAX_BYTES)
            return false;
        memcpy(path, test + 1, left);
        memcpy(wanted, text + quoted, right - 2 * (size_t)quoted);
        sm_val found = sm_printer_find(item, path);
        bool same = quoted                 ? sm_val_is_text(found, wanted)
                    : sm_val_is_int(found) ? found->integer == strtoll(wanted, NULL, 10)
                                           : found && found->kind == SM_KIND_BOOL && found->boolean == (strcmp(wanted, "true") == 0);
        return found && same == (i == 0);
    }
    return false;
}

/* Behind `[`: an index, `*`, a quoted name or a filter, and what follows it. */
static sm_val find_in_brackets(sm_val v, const char *inside, size_t bytes, const char *rest) {
    sm_val item, found;

    if (*inside == '\'' || *inside == '"')
        return bytes > 1 ? sm_printer_find(sm_val_getn(v, inside + 1, bytes - 2), rest) : NULL;
    if (*inside == '?' || *inside == '*') {
        SM_EACH_ITEM(item, v)
            if ((*inside == '*' || (bytes > 3 && meets(item, inside + 2, bytes - 3))) && (found = sm_printer_find(item, rest)) != NULL)
                return found;
        return NULL;
    }
    int64_t index = strtoll(inside, NULL, 10);
    if (index < 0)
        index += (int64_t)sm_val_count(v);
    return index >= 0 ? sm_printer_find(sm_val_item(v, (size_t)index), rest) : NULL;
}

sm_val sm_printer_find(sm_val v, const char *path) {
    char name[NAME_MAX_BYTES];

    if (!v || !*path)
        return v;
    if (*path == '[') {
        const char *end = path + 1;
        for (char quote = 0; *end && (quote || *end != ']'); end++)
            quote = quote == *end ? '\0' : !quote && (*end == '"' || *end == '\'') ? *end : quote;
        return *end ? find_in_brackets(v, path + 1, (size_t)(end - path - 1), end + 1) : NULL;
    }
    path = read_name(path + (*path == '.'), name);
    return *name ? sm_printer_find(sm_val_get(v, name), path) : sm_printer_find(v, path);
}

/* --- Columns ------------------------------------------------------------------------------------------------------------------ */

static const char created_description[] =
    "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in "
    "happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in "
    "UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: "
    "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

static sm_val columns_of(struct sm_region *r, sm_val version) {
    sm_val columns = sm_val_get(version, "additionalPrinterColumns");

    if (sm_val_count(columns))
        return columns;
    return SM_LIST(r, SM_MAP(r, "name", sm_val_str(r, "Age"), "type", sm_val_str(r, "date"), "description",
                             sm_val_str(r, created_description), "jsonPath", sm_val_str(r, ".metadata.creationTimestamp")));
}

sm_val sm_printer_custom_columns(struct sm_region *r, sm_val version) {
    sm_val list = SM_EMPTY_LIST, column;

    SM_EACH_ITEM(column, columns_of(r, version)) {
        const char *description = sm_val_str_at(column, "description");
        list = sm_val_append(r, list,
                             SM_MAP(r, "name", sm_val_get(column, "name"), "type", sm_val_get(column, "type"), "format",
                                    sm_val_str(r, sm_val_str_at(column, "format")), "description",
                                    *description ? sm_val_str(r, description)
                                                 : sm_val_strf(r, "Custom resource definition column (in JSONPath format): %s",
                                                               sm_val_str_at(column, "jsonPath")),
                                    "priority", sm_val_int(r, sm_val_int_at(column, "priority", 0))));
    }
    return list;
}

/* A value as the type of its column; null where it has another one. */
static sm_val cell(struct sm_region *r, sm_time now, const char *type, sm_val v) {
    if (!v || sm_val_is_null(v))
        return SM_NULL;
    if (strcmp(type, "string") == 0)
        return sm_val_is_string(v) ? v : sm_val_str(r, sm_json_text(r, v, SM_JSON_COMPACT));
    if (strcmp(type, "date") == 0)
        return sm_val_is_string(v) ? sm_val_str(r, sm_age_since(r, now, sm_val_text(v))) : SM_NULL;
    if (strcmp(type, "boolean") == 0)
        return v->kind == SM_KIND_BOOL ? v : SM_NULL;
    if (v->kind == SM_KIND_DOUBLE)
        return strcmp(type, "integer") == 0 ? sm_val_int(r, (int64_t)v->real) : v;
    return sm_val_is_int(v) ? v : SM_NULL;
}

sm_val sm_printer_custom_cells(struct sm_region *r, sm_time now, sm_val version, sm_val object) {
    sm_val cells = SM_EMPTY_LIST, column;

    SM_EACH_ITEM(column, columns_of(r, version))
        cells = sm_val_append(r, cells,
                              cell(r, now, sm_val_str_at(column, "type"), sm_printer_find(object, sm_val_str_at(column, "jsonPath"))));
    return cells;
}
