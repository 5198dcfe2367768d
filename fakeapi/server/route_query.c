#include <stdlib.h>
#include <string.h>

#include "route_internal.h"
#include "field_errors.h"
#include "status.h"

/* What Go's conversion of query parameters takes as true: all but `false` and `0`, and an empty value too. */
static bool is_true(const char *value) {
    return strcmp(value, "false") != 0 && strcmp(value, "0") != 0;
}

/* --- What an option does -------------------------------------------------------------------------------------------------- */

/* Parameters of DELETE that count where there is no body, gathered as a DeleteOptions. */
static void set_delete_option(struct sm_region *r, struct sm_route *route, const char *name, sm_val value) {
    struct sm_request *request = &route->request;

    if (request->verb == SM_DELETE || request->verb == SM_DELETE_COLLECTION)
        request->body = sm_val_set(r, request->body, name, value);
}

static void set_field_manager(struct sm_region *r, struct sm_route *route, const char *value) {
    (void)r;
    route->request.field_manager = value;
}

static void set_force(struct sm_region *r, struct sm_route *route, const char *value) {
    (void)r;
    route->request.force = is_true(value);
    route->request.force_given = true;
}

static const char *options_kind(const struct sm_route *route) {
    switch (route->request.verb) {
    case SM_CREATE:
        return "CreateOptions";
    case SM_UPDATE:
        return "UpdateOptions";
    case SM_PATCH:
        return "PatchOptions";
    default:
        return "DeleteOptions";
    }
}

static void refuse_option(struct sm_region *r, struct sm_route *route, const char *field, const char *message) {
    struct sm_cause cause = {.reason = "FieldValueNotSupported", .message = message, .field = field};

    sm_route_refuse(r, route, sm_status_invalid(r, "meta.k8s.io", options_kind(route), "", &cause, 1));
}

static void set_dry_run(struct sm_region *r, struct sm_route *route, const char *value) {
    if (strcmp(value, "All") == 0)
        route->request.dry_run = true;
    else
        refuse_option(r, route, "dryRun", sm_region_printf(r, "Unsupported value: []string{\"%s\"}: supported values: \"All\"", value));
}

static void set_field_validation(struct sm_region *r, struct sm_route *route, const char *value) {
    static const struct {
        const char *name;
        enum sm_field_validation validation;
    } values[] = {{"Ignore", SM_VALIDATE_IGNORE}, {"Warn", SM_VALIDATE_WARN}, {"Strict", SM_VALIDATE_STRICT}};

    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (strcmp(values[i].name, value) == 0) {
            route->request.field_validation = values[i].validation;
            return;
        }
    }
    if (*value)
        refuse_option(r, route, "fieldValidation",
                      sm_region_printf(r, "Unsupported value: \"%s\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"", value));
}

static void set_resource_version(struct sm_region *r, struct sm_route *route, const char *value) {
    (void)r;
    route->request.resource_version = value;
}

static void set_version_match(struct sm_region *r, struct sm_route *route, const char *value) {
    (void)r;
    route->request.resource_version_match = value;
}

static void set_labels(struct sm_region *r, struct sm_route *route, const char *value) {
    (void)r;
    route->request.label_selector = value;
}

static void set_fields(struct sm_region *r, struct sm_route *route, const char *value) {
    (void)r;
    route->request.field_selector = value;
}

static void set_continue(struct sm_region *r, struct sm_route *route, const char *value) {
    (void)r;
    route->request.continue_token = value;
}

/* A number, or a 400 in Go's words. */
static bool parse_number(struct sm_region *r, struct sm_route *route, const char *value, int64_t *ret) {
    char *end;

    *ret = strtoll(value, &end, 10);
    if (*value && !*end)
        return true;
    sm_route_refuse(r, route, sm_status_bad_request(r, sm_region_printf(r, "strconv.ParseInt: parsing \"%s\": invalid syntax", value)));
    return false;
}

static void set_limit(struct sm_region *r, struct sm_route *route, const char *value) {
    int64_t limit;

    if (*value && parse_number(r, route, value, &limit))
        route->request.limit = limit;
}

static void set_include(struct sm_region *r, struct sm_route *route, const char *value) {
    (void)r;
    route->include_object = value;
}

static void set_timeout(struct sm_region *r, struct sm_route *route, const char *value) {
    int64_t seconds;

    if (*value && parse_number(r, route, value, &seconds))
        route->timeout_seconds = seconds;
}

static void set_initial_events(struct sm_region *r, struct sm_route *route, const char *value) {
    (void)r;
    route->request.send_initial_events = is_true(value);
}

static void set_bookmarks(struct sm_region *r, struct sm_route *route, const char *value) {
    (void)r;
    route->request.allow_bookmarks = is_true(value);
}

/* On the path of one object it means nothing. */
static void set_watch(struct sm_region *r, struct sm_route *route, const char *value) {
    (void)r;
    if (route->request.verb == SM_LIST && is_true(value))
        route->request.verb = SM_WATCH;
}

static void set_grace(struct sm_region *r, struct sm_route *route, const char *value) {
    int64_t seconds;

    if (*value && parse_number(r, route, value, &seconds))
        set_delete_option(r, route, "gracePeriodSeconds", sm_val_int(r, seconds));
}

static void set_propagation(struct sm_region *r, struct sm_route *route, const char *value) {
    set_delete_option(r, route, "propagationPolicy", sm_val_str(r, value));
}

static void set_orphan(struct sm_region *r, struct sm_route *route, const char *value) {
    set_delete_option(r, route, "orphanDependents", sm_val_bool(is_true(value)));
}

/* --- The query ----------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*set)(struct sm_region *r, struct sm_route *route, const char *value);
} options[] = {
    {"allowWatchBookmarks", set_bookmarks},
    {"continue", set_continue},
    {"dryRun", set_dry_run},
    {"fieldManager", set_field_manager},
    {"fieldSelector", set_fields},
    {"fieldValidation", set_field_validation},
    {"force", set_force},
    {"gracePeriodSeconds", set_grace},
    {"includeObject", set_include},
    {"labelSelector", set_labels},
    {"limit", set_limit},
    {"orphanDependents", set_orphan},
    {"propagationPolicy", set_propagation},
    {"resourceVersion", set_resource_version},
    {"resourceVersionMatch", set_version_match},
    {"sendInitialEvents", set_initial_events},
    {"timeoutSeconds", set_timeout},
    {"watch", set_watch},
};

void sm_route_query(struct sm_region *r, struct sm_route *route, const char *query) {
    while (*query) {
        size_t bytes = strcspn(query, "&"), name_bytes = strcspn(query, "=&");
        const char *name = sm_route_decode(r, query, name_bytes, true);
        const char *value = name_bytes < bytes ? sm_route_decode(r, query + name_bytes + 1, bytes - name_bytes - 1, true) : "";
        for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
            if (strcmp(options[i].name, name) == 0)
                options[i].set(r, route, value);
        }
        query += bytes + (query[bytes] == '&');
    }
    /* The legacy `/watch/…/NAME` is a watch of one name. */
    struct sm_request *request = &route->request;
    if (request->verb == SM_WATCH && *request->name) {
        request->field_selector = sm_region_printf(r, "metadata.name=%s", request->name);
        request->name = "";
    }
}
