#include "status.h"

#include <string.h>

#include "str.h"

static sm_val text(struct sm_region *r, const char *s) {
    return s && *s ? sm_val_str(r, s) : NULL;
}

static sm_val cause_list(struct sm_region *r, const struct sm_cause *causes, size_t count) {
    sm_val *items = sm_region_alloc(r, count * sizeof items[0] + 1);

    if (!count)
        return NULL;
    for (size_t i = 0; i < count; i++)
        items[i] = SM_MAP(r, "reason", text(r, causes[i].reason), "message", text(r, causes[i].message), "field", text(r, causes[i].field));
    return sm_val_from_items(r, items, count);
}

struct sm_reply sm_status(struct sm_region *r, int code, const char *reason, const char *message, const char *name, const char *group,
                          const char *kind, const struct sm_cause *causes, size_t cause_count) {
    sm_val details = NULL;

    if (kind)
        details =
            SM_MAP(r, "name", text(r, name), "group", text(r, group), "kind", text(r, kind), "causes", cause_list(r, causes, cause_count));
    sm_val body = SM_MAP(r, "kind", sm_val_str(r, "Status"), "apiVersion", sm_val_str(r, "v1"), "metadata", SM_EMPTY_MAP, "status",
                         sm_val_str(r, "Failure"), "message", text(r, message), "reason", text(r, reason), "details", details, "code",
                         sm_val_int(r, code));
    return (struct sm_reply){.code = code, .body = body};
}

const char *sm_status_qualified(struct sm_region *r, const struct sm_resource *resource) {
    return *resource->group ? sm_region_printf(r, "%s.%s", resource->plural, resource->group) : resource->plural;
}

static struct sm_reply about(struct sm_region *r, int code, const char *reason, const struct sm_resource *resource, const char *name,
                             const char *message) {
    return sm_status(r, code, reason, message, name, resource->group, resource->plural, NULL, 0);
}

struct sm_reply sm_status_not_found(struct sm_region *r, const struct sm_resource *resource, const char *name) {
    return about(r, 404, "NotFound", resource, name, sm_region_printf(r, "%s \"%s\" not found", sm_status_qualified(r, resource), name));
}

struct sm_reply sm_status_already_exists(struct sm_region *r, const struct sm_resource *resource, const char *name) {
    return about(r, 409, "AlreadyExists", resource, name,
                 sm_region_printf(r, "%s \"%s\" already exists", sm_status_qualified(r, resource), name));
}

struct sm_reply sm_status_conflict(struct sm_region *r, const struct sm_resource *resource, const char *name, const char *why) {
    return about(r, 409, "Conflict", resource, name,
                 sm_region_printf(r, "Operation cannot be fulfilled on %s \"%s\": %s", sm_status_qualified(r, resource), name, why));
}

struct sm_reply sm_status_forbidden(struct sm_region *r, const struct sm_resource *resource, const char *name, const char *why) {
    const char *qualified = sm_status_qualified(r, resource);
    const char *message = *name ? sm_region_printf(r, "%s \"%s\" is forbidden: %s", qualified, name, why)
                                : sm_region_printf(r, "%s is forbidden: %s", qualified, why);

    return about(r, 403, "Forbidden", resource, name, message);
}

struct sm_reply sm_status_bad_request(struct sm_region *r, const char *message) {
    return sm_status(r, 400, "BadRequest", message, NULL, NULL, NULL, NULL, 0);
}

static bool said_before(const struct sm_cause *causes, size_t i) {
    for (size_t j = 0; j < i; j++) {
        if (strcmp(causes[j].field, causes[i].field) == 0 && strcmp(causes[j].message, causes[i].message) == 0)
            return true;
    }
    return false;
}

static size_t count_distinct(const struct sm_cause *causes, size_t count) {
    size_t distinct = 0;

    for (size_t i = 0; i < count; i++)
        distinct += !said_before(causes, i);
    return distinct;
}

struct sm_reply sm_status_invalid(struct sm_region *r, const char *group, const char *kind, const char *name, const struct sm_cause *causes,
                                  size_t cause_count) {
    struct sm_str message;
    bool several = count_distinct(causes, cause_count) > 1;

    sm_str_init(&message, r);
    sm_str_addf(&message, "%s%s%s \"%s\" is invalid", kind, *group ? "." : "", group, name);
    for (size_t i = 0; i < cause_count; i++) {
        if (said_before(causes, i))
            continue;
        sm_str_add(&message, i ? ", " : several ? ": [" : ": ");
        sm_str_addf(&message, "%s%s%s", causes[i].field, *causes[i].field ? ": " : "", causes[i].message);
    }
    if (several)
        sm_str_addc(&message, ']');
    return sm_status(r, 422, "Invalid", message.data, name, group, kind, causes, cause_count);
}
