/* serviceaccounts/token: a token that says whom it is for (sm_server_token_account reads it), and when it expires. */
#include "call.h"
#include "field_errors.h"
#include "meta.h"
#include "status.h"

#include <string.h>

enum { USUAL_SECONDS = 3600, SECONDS_MIN = 600 };

static const char start[] = "stalemate";

static bool check(const struct sm_call *call, int64_t seconds, struct sm_reply *reterr) {
    struct sm_field_errors errors = sm_field_errors_init(call->r);

    if (seconds >= SECONDS_MIN)
        return true;
    sm_field_invalid(&errors, "spec.expirationSeconds", sm_val_int(call->r, seconds), "may not specify a duration less than 10 minutes");
    *reterr = sm_field_errors_reply(&errors, "authentication.k8s.io", "TokenRequest", "");
    return false;
}

static bool check_bound_object(const struct sm_call *call, sm_val reference, struct sm_reply *reterr) {
    const char *kind = sm_val_str_at(reference, "kind"), *name = sm_val_str_at(reference, "name");
    const struct sm_resource *resource = strcmp(kind, "Pod") == 0 ? SM_PODS : strcmp(kind, "Secret") == 0 ? SM_SECRETS : NULL;

    if (!resource || sm_server_peek(call->server, resource, call->request->name_space, name))
        return true;
    *reterr = sm_status_not_found(call->r, resource, name);
    return false;
}

struct sm_reply sm_verb_token(struct sm_call *call) {
    struct sm_region *r = call->r;
    const struct sm_request *request = call->request;
    sm_val account = sm_store_get(call->slot, call->key), spec = sm_val_get(request->body, "spec");
    sm_val reference = sm_val_get(spec, "boundObjectRef"), audiences = sm_val_get(spec, "audiences");
    int64_t seconds = sm_val_int_at(spec, "expirationSeconds", USUAL_SECONDS);
    struct sm_reply reply;

    if (!account)
        return sm_call_not_found(call);
    if (!check(call, seconds, &reply) || !check_bound_object(call, reference, &reply))
        return reply;
    sm_val token = sm_val_strf(r, "%s.%s.%s.%s", start, sm_meta_uid(account), request->name_space, request->name);
    sm_val now = sm_val_str(r, sm_clock_rfc3339(r, call->env->now));
    sm_val until = sm_val_str(r, sm_clock_rfc3339(r, call->env->now + seconds * SM_SECOND));
    if (!audiences)
        audiences = SM_LIST(r, sm_val_str(r, "https://kubernetes.default.svc"));
    sm_val body = SM_MAP(
        r, "apiVersion", sm_val_str(r, "authentication.k8s.io/v1"), "kind", sm_val_str(r, "TokenRequest"), "metadata",
        SM_MAP(r, "name", sm_val_str(r, request->name), "namespace", sm_val_str(r, request->name_space), "creationTimestamp", now), "spec",
        SM_MAP(r, "audiences", audiences, "boundObjectRef", reference ? reference : SM_NULL, "expirationSeconds", sm_val_int(r, seconds)),
        "status", SM_MAP(r, "token", token, "expirationTimestamp", until));
    return (struct sm_reply){.code = 201, .body = body};
}

bool sm_server_token_account(struct sm_region *r, const struct sm_server *server, const char *token, const char **ret_name_space,
                             const char **ret_name) {
    enum { UID_BYTES = 36 };
    size_t bytes = sizeof start - 1;

    if (strncmp(token, start, bytes) != 0 || strlen(token) < bytes + UID_BYTES + 4 || token[bytes] != '.' ||
        token[bytes + UID_BYTES + 1] != '.')
        return false;
    const char *uid = sm_region_strndup(r, token + bytes + 1, UID_BYTES), *name_space = token + bytes + UID_BYTES + 2;
    const char *dot = strchr(name_space, '.');
    if (!dot)
        return false;
    name_space = sm_region_strndup(r, name_space, (size_t)(dot - name_space));
    if (strcmp(sm_meta_uid(sm_server_peek(server, SM_SERVICEACCOUNTS, name_space, dot + 1)), uid) != 0)
        return false;
    *ret_name_space = name_space;
    *ret_name = dot + 1;
    return true;
}
