#include "call.h"
#include "field_errors.h"
#include "meta.h"
#include "selector.h"
#include "status.h"

#include <string.h>

/* --- Selectors ------------------------------------------------------------------------------------------------------------- */

static bool selectable(const struct sm_kind_info *kind, const char *path) {
    if (strcmp(path, "metadata.name") == 0 || strcmp(path, "metadata.namespace") == 0)
        return true;
    for (const char *const *field = kind->selectable; field && *field; field++) {
        if (strcmp(*field, path) == 0)
            return true;
    }
    return false;
}

/* Kinds with fields of their own complain in other words than those without. */
static const char *unknown_field(struct sm_region *r, const struct sm_kind_info *kind, const char *path) {
    if (kind->selectable)
        return sm_region_printf(r, "field label not supported: %s", path);
    return sm_region_printf(r, "\"%s\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"", path);
}

bool sm_query_parse(struct sm_region *r, const struct sm_kind_info *kind, const struct sm_request *request, struct sm_query *ret_query,
                    struct sm_reply *reterr) {
    const char *message = NULL;
    struct sm_query query = {.r = r, .view = kind->view, .prefix = ""};

    if (*request->name_space && kind->resource->namespaced)
        query.prefix = sm_region_printf(r, "%s/", request->name_space);
    if (request->label_selector && *request->label_selector) {
        query.labels = sm_selector_parse_labels(r, request->label_selector, &message);
        if (!query.labels)
            goto refused;
    }
    if (request->field_selector && *request->field_selector) {
        query.fields = sm_selector_parse_fields(r, request->field_selector, &message);
        if (!query.fields)
            goto refused;
        const char *path;
        for (size_t i = 0; (path = sm_selector_field(query.fields, i)) != NULL; i++) {
            if (!selectable(kind, path)) {
                message = unknown_field(r, kind, path);
                goto refused;
            }
        }
    }
    *ret_query = query;
    return true;
refused:
    *reterr = sm_status_bad_request(r, message);
    return false;
}

static const char *field_text(void *arg, sm_val object, const char *path) {
    return sm_kind_field_text(arg, object, path);
}

bool sm_query_matches(const struct sm_query *query, const char *key, sm_val object) {
    return strncmp(key, query->prefix, strlen(query->prefix)) == 0 &&
           (!query->labels || sm_selector_matches_labels(query->labels, sm_val_at(object, "metadata.labels"))) &&
           (!query->fields ||
            sm_selector_matches_fields(query->fields, query->view ? query->view->show(query->r, object) : object, field_text, query->r));
}

/* --- ListOptions ----------------------------------------------------------------------------------------------------------- */

static void check_list(struct sm_field_errors *errors, const struct sm_request *request, const char *version, const char *match) {
    static const char *const matches[] = {"Exact", "NotOlderThan", "", NULL};

    if (*match) {
        if (!*version)
            sm_field_forbidden(errors, "resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
        if (request->continue_token && *request->continue_token)
            sm_field_forbidden(errors, "resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
        if (strcmp(match, "Exact") != 0 && strcmp(match, "NotOlderThan") != 0)
            sm_field_unsupported(errors, "resourceVersionMatch", sm_val_str(errors->region, match), matches);
        if (strcmp(match, "Exact") == 0 && strcmp(version, "0") == 0)
            sm_field_forbidden(errors, "resourceVersionMatch", "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
    }
    if (request->send_initial_events)
        sm_field_forbidden(errors, "sendInitialEvents", "sendInitialEvents is forbidden for list");
}

/* Watch-list is off in 1.33. */
static void check_watch(struct sm_field_errors *errors, const struct sm_request *request, const char *match, bool watch_list) {
    static const char *const matches[] = {"NotOlderThan", NULL};
    bool not_older = strcmp(match, "NotOlderThan") == 0;

    if (request->send_initial_events && !not_older)
        sm_field_forbidden(errors, "resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    if (request->send_initial_events && !watch_list)
        sm_field_forbidden(errors, "sendInitialEvents",
                           "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled");
    if (!*match)
        return;
    if (!request->send_initial_events)
        sm_field_forbidden(errors, "resourceVersionMatch",
                           "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
    if (!not_older)
        sm_field_unsupported(errors, "resourceVersionMatch", sm_val_str(errors->region, match), matches);
    if (request->continue_token && *request->continue_token)
        sm_field_forbidden(errors, "resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
}

bool sm_query_check(const struct sm_call *call, struct sm_reply *reterr) {
    const struct sm_request *request = call->request;
    const char *version = request->resource_version ? request->resource_version : "";
    const char *match = request->resource_version_match ? request->resource_version_match : "";
    struct sm_field_errors errors = sm_field_errors_init(call->r);

    if (request->verb == SM_WATCH)
        check_watch(&errors, request, match, strcmp(call->server->config.kubernetes, "1.34") >= 0);
    else
        check_list(&errors, request, version, match);
    if (errors.count == 0)
        return true;
    *reterr = sm_field_errors_reply(&errors, "meta.k8s.io", "ListOptions", "");
    return false;
}
