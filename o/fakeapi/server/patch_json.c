/* JSON patch (RFC 6902) as evanphx/json-patch v4 does it inside kube-apiserver, which is laxer than the RFC: reading a key
 * that a map lacks gives null, so `replace` makes it, `copy` from it puts null, and `test` finds it equal to null. A path
 * without a leading slash loses its first segment. Array indexes may be negative and then count from the end.
 * Whatever goes wrong with an operation is one general 422: the cause is not sent. */
#include <stdlib.h>
#include <string.h>

#include "bug.h"
#include "patch.h"
#include "status.h"

enum { OPERATIONS_MAX = 10000 };

/* A pointer, split: the steps to a container, and a key in it. */
struct pointer {
    const char **steps;
    size_t count; /* without the key */
    const char *key;
};

/* What to do to a container: returns the new container, NULL if impossible. */
typedef sm_val change(struct sm_region *r, sm_val container, const char *key, sm_val value);

/* --- Pointers ------------------------------------------------------------------------------------------------------------ */

static const char *unescape(struct sm_region *r, const char *step, size_t bytes) {
    char *out = sm_region_strndup(r, step, bytes);
    char *to = out;

    for (const char *from = out; *from; from++) {
        char c = *from;
        if (c == '~' && (from[1] == '0' || from[1] == '1'))
            c = *++from == '0' ? '~' : '/';
        *to++ = c;
    }
    *to = '\0';
    return out;
}

static bool parse_pointer(struct sm_region *r, sm_val text, struct pointer *ret) {
    if (!sm_val_is_string(text))
        return false;
    size_t slashes = 0;
    for (const char *at = strchr(text->string, '/'); at; at = strchr(at + 1, '/'))
        slashes++;
    if (!slashes)
        return false;

    const char **steps = sm_region_alloc(r, slashes * sizeof steps[0]);
    const char *at = strchr(text->string, '/') + 1;
    for (size_t i = 0; i < slashes; i++) {
        size_t bytes = strcspn(at, "/");
        steps[i] = unescape(r, at, bytes);
        at += bytes + 1;
    }
    *ret = (struct pointer){.steps = steps, .count = slashes - 1, .key = steps[slashes - 1]};
    return true;
}

/* Go's strconv.Atoi, and -1 for the last of [count] places. */
static bool parse_index(const char *key, size_t count, size_t *ret_index) {
    const char *digits = *key == '-' || *key == '+' ? key + 1 : key;
    if (!*digits || digits[strspn(digits, "0123456789")] || strlen(digits) > 9)
        return false;
    long index = strtol(key, NULL, 10);
    if (index < 0)
        index += (long)count;
    if (index < 0 || index >= (long)count)
        return false;
    *ret_index = (size_t)index;
    return true;
}

/* --- Containers ---------------------------------------------------------------------------------------------------------- */

/* NULL: impossible. A key that a map lacks reads as null. */
static sm_val get(sm_val container, const char *key) {
    size_t index;

    if (sm_val_is_map(container)) {
        sm_val value = sm_val_get(container, key);
        return value ? value : SM_NULL;
    }
    return parse_index(key, container->count, &index) ? container->list[index] : NULL;
}

static sm_val add(struct sm_region *r, sm_val container, const char *key, sm_val value) {
    size_t index;

    if (sm_val_is_map(container))
        return sm_val_set(r, container, key, value);
    if (strcmp(key, "-") == 0)
        return sm_val_append(r, container, value);
    if (!parse_index(key, container->count + (size_t)1, &index))
        return NULL;
    sm_val *items = sm_region_alloc(r, (container->count + (size_t)1) * sizeof items[0]);
    memcpy(items, container->list, index * sizeof items[0]);
    items[index] = value;
    memcpy(items + index + 1, container->list + index, (container->count - index) * sizeof items[0]);
    return sm_val_from_items(r, items, container->count + (size_t)1);
}

static sm_val replace(struct sm_region *r, sm_val container, const char *key, sm_val value) {
    size_t index;

    if (sm_val_is_map(container))
        return sm_val_set(r, container, key, value);
    return parse_index(key, container->count, &index) ? sm_val_replace_item(r, container, index, value) : NULL;
}

static sm_val remove_key(struct sm_region *r, sm_val container, const char *key, sm_val value) {
    size_t index;

    (void)value;
    if (sm_val_is_map(container))
        return sm_val_get(container, key) ? sm_val_set(r, container, key, NULL) : NULL;
    return parse_index(key, container->count, &index) ? sm_val_replace_item(r, container, index, NULL) : NULL;
}

/* The container that [at] points into, NULL if there is none. */
static sm_val find(sm_val document, const struct pointer *at) {
    for (size_t i = 0; i < at->count && document; i++)
        document = get(document, at->steps[i]), document = sm_val_is_map(document) || sm_val_is_list(document) ? document : NULL;
    return document;
}

/* Changes the container that [at] points into, and copies the path to it. */
static sm_val change_at(struct sm_region *r, sm_val document, const struct pointer *at, size_t step, change *how, sm_val value) {
    if (!sm_val_is_map(document) && !sm_val_is_list(document))
        return NULL;
    if (step == at->count)
        return how(r, document, at->key, value);
    sm_val child = get(document, at->steps[step]);
    child = child ? change_at(r, child, at, step + 1, how, value) : NULL;
    return child ? replace(r, document, at->steps[step], child) : NULL;
}

/* --- Operations: each returns the new document, NULL if it fails ---------------------------------------------------------- */

static sm_val value_of(sm_val operation) {
    sm_val value = sm_val_get(operation, "value");
    return value ? value : SM_NULL;
}

static sm_val do_add(struct sm_region *r, sm_val document, sm_val operation) {
    struct pointer path;

    if (!parse_pointer(r, sm_val_get(operation, "path"), &path))
        return NULL;
    return change_at(r, document, &path, 0, add, value_of(operation));
}

static sm_val do_replace(struct sm_region *r, sm_val document, sm_val operation) {
    struct pointer path;

    if (!parse_pointer(r, sm_val_get(operation, "path"), &path))
        return NULL;
    return change_at(r, document, &path, 0, replace, value_of(operation));
}

static sm_val do_remove(struct sm_region *r, sm_val document, sm_val operation) {
    struct pointer path;

    if (!parse_pointer(r, sm_val_get(operation, "path"), &path))
        return NULL;
    return change_at(r, document, &path, 0, remove_key, NULL);
}

static sm_val read_from(struct sm_region *r, sm_val document, sm_val operation, struct pointer *ret_from) {
    if (!parse_pointer(r, sm_val_get(operation, "from"), ret_from))
        return NULL;
    sm_val container = find(document, ret_from);
    return container ? get(container, ret_from->key) : NULL;
}

static sm_val do_move(struct sm_region *r, sm_val document, sm_val operation) {
    struct pointer from;
    sm_val value = read_from(r, document, operation, &from);

    if (!value)
        return NULL;
    document = change_at(r, document, &from, 0, remove_key, NULL);
    struct pointer path;
    if (!document || !parse_pointer(r, sm_val_get(operation, "path"), &path))
        return NULL;
    return change_at(r, document, &path, 0, add, value);
}

static sm_val do_copy(struct sm_region *r, sm_val document, sm_val operation) {
    struct pointer from, path;
    sm_val value = read_from(r, document, operation, &from);

    if (!value || !parse_pointer(r, sm_val_get(operation, "path"), &path))
        return NULL;
    return change_at(r, document, &path, 0, add, value);
}

static sm_val do_test(struct sm_region *r, sm_val document, sm_val operation) {
    struct pointer path;
    sm_val text = sm_val_get(operation, "path");

    if (sm_val_is_text(text, ""))
        return sm_val_equal(document, value_of(operation)) ? document : NULL;
    if (!parse_pointer(r, text, &path))
        return NULL;
    sm_val container = find(document, &path);
    sm_val value = container ? get(container, path.key) : NULL;
    return sm_val_equal(value, value_of(operation)) ? document : NULL;
}

static const struct {
    const char *name;
    sm_val (*apply)(struct sm_region *r, sm_val document, sm_val operation);
} operations[] = {
    {"add", do_add}, {"remove", do_remove}, {"replace", do_replace}, {"move", do_move}, {"copy", do_copy}, {"test", do_test},
};

static sm_val apply_operation(struct sm_region *r, sm_val document, sm_val operation) {
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        if (sm_val_is_text(sm_val_get(operation, "op"), operations[i].name))
            return operations[i].apply(r, document, operation);
    }
    return NULL;
}

/* --- The patch ----------------------------------------------------------------------------------------------------------- */

/* What encoding/json calls what it cannot put into a patch. */
static const char *json_type(sm_val v) {
    static const char *const names[] = {"null", "bool", "number", "number", "string", "array", "object"};
    return names[sm_val_kind(v)];
}

static struct sm_reply undecodable(struct sm_region *r, sm_val found, const char *type) {
    return sm_status_bad_request(
        r, sm_region_printf(r, "json: cannot unmarshal %s into Go value of type jsonpatch.%s", json_type(found), type));
}

sm_val sm_patch_json(struct sm_region *r, sm_val document, sm_val patch, struct sm_reply *reterr) {
    sm_val operation;

    SM_ASSERT(document);
    if (!patch || sm_val_is_null(patch))
        return document;
    if (!sm_val_is_list(patch)) {
        *reterr = undecodable(r, patch, "Patch");
        return NULL;
    }
    SM_EACH_ITEM(operation, patch) {
        if (!sm_val_is_map(operation) && !sm_val_is_null(operation)) {
            *reterr = undecodable(r, operation, "Operation");
            return NULL;
        }
    }
    if (patch->count > OPERATIONS_MAX) {
        *reterr = sm_status(r, 413, "RequestEntityTooLarge",
                            sm_region_printf(r, "Request entity too large: The allowed maximum operations in a JSON patch is %d, got %u",
                                             OPERATIONS_MAX, patch->count),
                            "", "", NULL, NULL, 0);
        return NULL;
    }
    SM_EACH_ITEM(operation, patch) {
        document = apply_operation(r, document, operation);
        if (!document) {
            *reterr = sm_status(r, 422, "Invalid", "the server rejected our request due to an error in our request", "", "", "", NULL, 0);
            return NULL;
        }
    }
    return document;
}
