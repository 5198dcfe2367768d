#include "call.h"

#include <string.h>

#include "status.h"

void sm_call_warn(struct sm_call *call, const char *text) {
    if (call->warning_count + 1 >= call->warning_capacity) {
        uint32_t capacity = call->warning_capacity ? 2 * call->warning_capacity : 8;
        const char **warnings = sm_region_alloc(call->r, capacity * sizeof warnings[0]);

        if (call->warning_count)
            memcpy(warnings, call->warnings, call->warning_count * sizeof warnings[0]);
        call->warnings = warnings;
        call->warning_capacity = capacity;
    }
    call->warnings[call->warning_count++] = text;
    call->warnings[call->warning_count] = NULL;
}

struct sm_reply sm_call_answer(const struct sm_call *call, int code, sm_val object) {
    if (call->view)
        object = call->view->show(call->r, object);
    else if (call->slot->custom)
        object = sm_custom_show(call->r, call->slot->custom, call->kind, object);
    return (struct sm_reply){.code = code, .body = object};
}

sm_val sm_call_stored(const struct sm_call *call) {
    sm_val object = sm_store_get(call->slot, call->key);

    return object ? sm_call_answer(call, 200, object).body : NULL;
}

struct sm_manager_name sm_call_manager(const struct sm_call *call) {
    const struct sm_request *request = call->request;
    const char *manager = request->field_manager;

    if (!manager || !*manager)
        manager = request->client->agent;
    bool scale = strcmp(request->subresource, "scale") == 0; /* Kubernetes forgets the time of its entries */
    return (struct sm_manager_name){.manager = manager,
                                    .api_version = call->kind->resource->api_version,
                                    .subresource = request->subresource,
                                    .now = scale ? 0 : call->env->now,
                                    .leaves_status = call->kind->status && !*request->subresource};
}

struct sm_reply sm_call_not_found(const struct sm_call *call) {
    return sm_status_not_found(call->r, call->kind->resource, call->request->name);
}

struct sm_reply sm_call_modified(const struct sm_call *call) {
    return sm_status_conflict(call->r, call->kind->resource, call->request->name,
                              "the object has been modified; please apply your changes to the latest version and try again");
}

struct sm_reply sm_call_unknown(struct sm_region *r) {
    return sm_status(r, 404, "NotFound", "the server could not find the requested resource", NULL, NULL, "", NULL, 0);
}

struct sm_reply sm_call_not_allowed(struct sm_region *r) {
    return sm_status(r, 405, "MethodNotAllowed", "the server does not allow this method on the requested resource", NULL, NULL, "", NULL,
                     0);
}

struct sm_reply sm_call_error(struct sm_region *r, const char *message) {
    return sm_status(r, 500, NULL, message, NULL, NULL, NULL, NULL, 0);
}

const char *sm_call_parse_version(struct sm_region *r, const char *text, uint64_t *ret_version) {
    uint64_t version = 0;

    for (const char *digit = text; *digit; digit++) {
        uint64_t next;

        if (*digit < '0' || *digit > '9')
            return sm_region_printf(r, "strconv.ParseUint: parsing \"%s\": invalid syntax", text);
        if (__builtin_mul_overflow(version, 10, &next) || __builtin_add_overflow(next, (uint64_t)(*digit - '0'), &version))
            return sm_region_printf(r, "strconv.ParseUint: parsing \"%s\": value out of range", text);
    }
    *ret_version = version;
    return NULL;
}
