#include "api.h"

#include <string.h>

#include "str.h"

const char *const sm_verb_names[SM_VERB_COUNT] = {
    [SM_GET] = "get",
    [SM_LIST] = "list",
    [SM_WATCH] = "watch",
    [SM_CREATE] = "create",
    [SM_UPDATE] = "update",
    [SM_PATCH] = "patch",
    [SM_DELETE] = "delete",
    [SM_DELETE_COLLECTION] = "deletecollection",
};

/* --- Replies ---------------------------------------------------------------------------------------------------------- */

/* Of a reply that is no Status (an outside service's, a text page) the body itself is the message. */
const char *sm_reply_error(const struct sm_reply *reply) {
    sm_val message = sm_val_get(reply->body, "message");

    if (sm_reply_ok(reply))
        return "";
    if (sm_val_is_string(message))
        return sm_val_text(message);
    if (sm_val_is_string(reply->body))
        return sm_val_text(reply->body);
    return reply->code ? "unknown" : "connection lost";
}

bool sm_reply_is(const struct sm_reply *reply, const char *reason) {
    return !sm_reply_ok(reply) && sm_val_is_text(sm_val_get(reply->body, "reason"), reason);
}

/* --- Requests --------------------------------------------------------------------------------------------------------- */

/* The strings of a request, where they are. */
static const size_t strings[] = {
    offsetof(struct sm_request, subresource),      offsetof(struct sm_request, name_space),
    offsetof(struct sm_request, name),             offsetof(struct sm_request, field_manager),
    offsetof(struct sm_request, resource_version), offsetof(struct sm_request, resource_version_match),
    offsetof(struct sm_request, label_selector),   offsetof(struct sm_request, field_selector),
    offsetof(struct sm_request, continue_token),
};
enum { STRING_COUNT = sizeof strings / sizeof strings[0] };

static const char *string_at(const struct sm_request *request, size_t offset) {
    const char *string;

    memcpy(&string, (const char *)request + offset, sizeof string);
    return string;
}

const struct sm_request *sm_request_copy(struct sm_region *r, const struct sm_request *request, const struct sm_region *from) {
    struct sm_request *copy = sm_region_alloc(r, sizeof *copy);

    *copy = *request;
    if (from == r)
        return copy;
    for (size_t i = 0; i < STRING_COUNT; i++) {
        const char *string = string_at(request, strings[i]);

        if (string && (!from || sm_region_contains(from, string))) {
            string = sm_region_strdup(r, string);
            memcpy((char *)copy + strings[i], &string, sizeof string);
        }
    }
    if (request->body)
        copy->body = sm_val_copy(r, request->body, from);
    if (request->duplicates)
        copy->duplicates = sm_val_copy(r, request->duplicates, from);
    return copy;
}

static bool same_string(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool sm_request_equal(const struct sm_request *a, const struct sm_request *b) {
    for (size_t i = 0; i < STRING_COUNT; i++) {
        if (!same_string(string_at(a, strings[i]), string_at(b, strings[i])))
            return false;
    }
    return a->client == b->client && a->verb == b->verb && a->patch == b->patch && sm_resource_same(a->resource, b->resource) &&
           sm_val_equal(a->body, b->body) && a->force == b->force && a->force_given == b->force_given && a->dry_run == b->dry_run &&
           a->field_validation == b->field_validation && a->limit == b->limit && a->send_initial_events == b->send_initial_events &&
           a->allow_bookmarks == b->allow_bookmarks && sm_val_equal(a->duplicates, b->duplicates);
}

/* --- For journals ----------------------------------------------------------------------------------------------------- */

const char *sm_request_verb(const struct sm_request *request) {
    return request->verb == SM_PATCH && request->patch == SM_PATCH_APPLY ? "apply" : sm_verb_names[request->verb];
}

/* As Go's url.QueryEscape. */
static void add_escaped(struct sm_str *out, const char *text) {
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || strchr("-_.~", c);

        if (c == ' ')
            sm_str_addc(out, '+');
        else if (plain)
            sm_str_addc(out, (char)c);
        else
            sm_str_addf(out, "%%%02X", c);
    }
}

static void add_option(struct sm_str *out, const char *key, const char *value) {
    if (!value || !*value)
        return;
    if (out->bytes)
        sm_str_addc(out, '&');
    sm_str_addf(out, "%s=", key);
    add_escaped(out, value);
}

const char *sm_request_query(struct sm_region *r, const struct sm_request *request) {
    static const char *const validation[] = {
        [SM_VALIDATE_WARN] = NULL, [SM_VALIDATE_IGNORE] = "Ignore", [SM_VALIDATE_STRICT] = "Strict"};
    struct sm_str out;

    sm_str_init(&out, r);
    add_option(&out, "allowWatchBookmarks", request->allow_bookmarks ? "true" : NULL);
    add_option(&out, "continue", request->continue_token);
    add_option(&out, "dryRun", request->dry_run ? "All" : NULL);
    add_option(&out, "fieldManager", request->field_manager);
    add_option(&out, "fieldSelector", request->field_selector);
    add_option(&out, "fieldValidation", validation[request->field_validation]);
    add_option(&out, "force", request->force ? "true" : request->force_given ? "false" : NULL);
    add_option(&out, "labelSelector", request->label_selector);
    add_option(&out, "limit", request->limit ? sm_region_printf(r, "%lld", (long long)request->limit) : NULL);
    add_option(&out, "resourceVersion", request->resource_version);
    add_option(&out, "resourceVersionMatch", request->resource_version_match);
    add_option(&out, "sendInitialEvents", request->send_initial_events ? "true" : NULL);
    add_option(&out, "watch", request->verb == SM_WATCH ? "true" : NULL);
    return out.data;
}
