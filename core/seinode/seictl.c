#include "seictl.h"

#include <inttypes.h>

#include "json.h"

static const char service[] = "sidecar";

static const char *host(struct sm_node *node) {
    return sm_region_printf(node->r, "%s-0.%s.%s.svc.cluster.local:%" PRId64, node->name, node->name, node->name_space,
                            sm_node_sidecar_port(node));
}

/* A call that is on record needs no arguments. */
static const struct sm_reply *call(struct sm_node *node, const char *method, const char *path, sm_val body, sm_time timeout) {
    const char *to = sm_ctx_recorded(node->ctx) ? NULL : host(node);
    return sm_ctx_service(node->ctx, service, method, to, path, body, timeout);
}

/* What Go's http.Client says when there was no answer. */
static const char *no_answer(struct sm_node *node, const char *method, const char *path, const struct sm_reply *reply) {
    const char *why = sm_val_text(reply->body);
    return sm_region_printf(node->r, "%s \"http://%s%s\": %s", method, host(node), path, *why ? why : "EOF");
}

static const char *body_text(struct sm_node *node, sm_val body) {
    if (!body || sm_val_is_null(body))
        return "";
    return sm_val_is_string(body) ? body->string : sm_json_text(node->r, body, SM_JSON_COMPACT);
}

enum sm_seictl_health sm_seictl_healthz(struct sm_node *node, const char **ret_error) {
    const struct sm_reply *reply = call(node, "GET", "/v0/healthz", NULL, 2 * SM_SECOND);
    if (reply->code == 200)
        return SM_SEICTL_READY;
    if (reply->code == 503)
        return SM_SEICTL_NOT_READY;
    *ret_error = reply->code
                     ? sm_region_printf(node->r, "sidecar healthz returned %d: %s", reply->code, body_text(node, reply->body))
                     : sm_region_printf(node->r, "querying sidecar healthz: %s", no_answer(node, "Get", "/v0/healthz", reply));
    return SM_SEICTL_UNREACHABLE;
}

const char *sm_seictl_submit(struct sm_node *node, const char *type, const char *id, sm_val params) {
    struct sm_region *r = node->r;
    sm_val body = SM_MAP(r, "id", sm_val_str(r, id), "type", sm_val_str(r, type), "params", params);
    const struct sm_reply *reply = call(node, "POST", "/v0/tasks", body, 10 * SM_SECOND);
    switch (reply->code) {
    case 201:
    case 202:
        return NULL;
    case 0:
        return sm_region_printf(r, "submitting %s task to sidecar: %s", type, no_answer(node, "Post", "/v0/tasks", reply));
    case 400:
        return sm_region_printf(r, "sidecar rejected %s task: %s", type, sm_val_str_at(reply->body, "error"));
    default:
        return sm_region_printf(r, "sidecar %s task submission returned %d: %s", type, reply->code, body_text(node, reply->body));
    }
}

enum sm_seictl_state sm_seictl_task(struct sm_node *node, const char *id, const char **ret_error) {
    const char *path = sm_region_printf(node->r, "/v0/tasks/%s", id);
    const struct sm_reply *reply = call(node, "GET", path, NULL, 10 * SM_SECOND);
    sm_val status = reply->code == 200 ? sm_val_get(reply->body, "status") : NULL;
    if (sm_val_is_text(status, "completed"))
        return SM_SEICTL_COMPLETED;
    if (!sm_val_is_text(status, "failed"))
        return SM_SEICTL_RUNNING;
    const char *error = sm_val_str_at(reply->body, "error");
    *ret_error = *error ? error : sm_region_printf(node->r, "task %s failed with unknown error", id);
    return SM_SEICTL_FAILED;
}
