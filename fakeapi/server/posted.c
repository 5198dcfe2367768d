#include "posted.h"

#include <string.h>

#include "field_errors.h"
#include "meta.h"
#include "status.h"

struct posting {
    struct sm_env *env;
    struct sm_server *server;
    struct sm_region *r;
    const struct sm_request *request;
    const struct sm_resource *resource;
};

static struct sm_reply answer(const struct posting *p, sm_val creation_time, sm_val status) {
    const struct sm_resource *resource = p->resource;
    struct sm_region *r = p->r;
    sm_val spec = sm_val_get(p->request->body, "spec");
    sm_val body = SM_MAP(r, "apiVersion", sm_val_str(r, resource->api_version), "kind", sm_val_str(r, resource->kind), "metadata",
                         SM_MAP(r, "creationTimestamp", creation_time), "spec", spec, "status", status);

    return (struct sm_reply){.code = 201, .body = body};
}

/* --- Access reviews ------------------------------------------------------------------------------------------------------------ */

static struct sm_reply review(const struct posting *p, const struct sm_client *client) {
    struct sm_region *r = p->r;
    sm_val spec = sm_val_get(p->request->body, "spec");
    sm_val resource = sm_val_get(spec, "resourceAttributes"), path = sm_val_get(spec, "nonResourceAttributes");
    const char *reason = "";

    if (sm_val_is_map(resource) == sm_val_is_map(path)) {
        struct sm_field_errors errors = sm_field_errors_init(r);

        sm_field_invalid_text(&errors, "spec.resourceAttributes", "\"null\"",
                              "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        return sm_field_errors_reply(&errors, p->resource->group, "", "");
    }
    struct sm_rbac_question question = {.verb = sm_val_str_at(path ? path : resource, "verb"),
                                        .group = sm_val_str_at(resource, "group"),
                                        .resource = sm_val_str_at(resource, "resource"),
                                        .subresource = sm_val_str_at(resource, "subresource"),
                                        .name_space = sm_val_str_at(resource, "namespace"),
                                        .name = sm_val_str_at(resource, "name"),
                                        .path = path ? sm_val_str_at(path, "path") : NULL};
    bool allowed = !p->server->config.rbac || sm_rbac_allows(p->env, p->server, client, &question, &reason);
    return answer(p, SM_NULL, SM_MAP(r, "allowed", sm_val_bool(allowed), "reason", *reason ? sm_val_str(r, reason) : NULL));
}

static struct sm_reply review_self(const struct posting *p) {
    return review(p, p->request->client);
}

static struct sm_reply review_subject(const struct posting *p) {
    sm_val spec = sm_val_get(p->request->body, "spec"), named = sm_val_get(spec, "groups"), group;
    const char **groups = sm_region_alloc(p->r, (sm_val_count(named) + 1) * sizeof groups[0]);
    struct sm_client client = *p->request->client;
    size_t count = 0;

    SM_EACH_ITEM(group, named)
        groups[count++] = sm_val_text(group);
    groups[count] = NULL;
    client.user = sm_val_str_at(spec, "user");
    client.groups = groups;
    return review(p, &client);
}

static struct sm_reply review_rules(const struct posting *p) {
    struct sm_region *r = p->r;
    sm_val all = sm_rbac_rules(p->env, p->server, p->request->client, sm_val_str_at(p->request->body, "spec.namespace")), rule;
    sm_val resources = SM_EMPTY_LIST, paths = SM_EMPTY_LIST;

    SM_EACH_ITEM(rule, all) {
        if (sm_val_get(rule, "nonResourceURLs"))
            paths = sm_val_append(r, paths, rule);
        else
            resources = sm_val_append(r, resources, rule);
    }
    return answer(p, SM_NULL, SM_MAP(r, "resourceRules", resources, "nonResourceRules", paths, "incomplete", SM_FALSE));
}

static struct sm_reply who_am_i(const struct posting *p) {
    struct sm_region *r = p->r;
    sm_val groups = SM_EMPTY_LIST;

    for (const char *const *group = p->request->client->groups; group && *group; group++)
        groups = sm_val_append(r, groups, sm_val_str(r, *group));
    sm_val user = SM_MAP(r, "username", sm_val_str(r, p->request->client->user), "groups", groups->count ? groups : NULL);
    return answer(p, sm_val_str(r, sm_clock_rfc3339(r, p->env->now)), SM_MAP(r, "userInfo", user));
}

/* Whose token is it? Tokens of service accounts are known here; those that the door was given are not. */
static struct sm_reply review_token(const struct posting *p) {
    struct sm_region *r = p->r;
    const char *name_space, *name;
    sm_val status;

    if (!*sm_val_str_at(p->request->body, "spec.token"))
        return sm_status_bad_request(r, "token is required for TokenReview in authentication");
    if (sm_server_token_account(r, p->server, sm_val_str_at(p->request->body, "spec.token"), &name_space, &name)) {
        sm_val account = sm_server_peek(p->server, SM_SERVICEACCOUNTS, name_space, name);
        sm_val groups = SM_LIST(r, sm_val_str(r, "system:serviceaccounts"), sm_val_strf(r, "system:serviceaccounts:%s", name_space),
                                sm_val_str(r, "system:authenticated"));
        sm_val user = SM_MAP(r, "username", sm_val_strf(r, "system:serviceaccount:%s:%s", name_space, name), "uid",
                             sm_val_str(r, sm_meta_uid(account)), "groups", groups);
        status = SM_MAP(r, "authenticated", SM_TRUE, "user", user, "audiences",
                        SM_LIST(r, sm_val_str(r, "https://kubernetes.default.svc.cluster.local")));
    } else {
        status = SM_MAP(r, "user", SM_EMPTY_MAP, "error", sm_val_str(r, "[invalid bearer token, token lookup failed]"));
    }
    return answer(p, SM_NULL, status);
}

/* --- Bindings ------------------------------------------------------------------------------------------------------------------ */

static struct sm_reply bind(const struct posting *p) {
    struct sm_request *request = sm_region_alloc(p->r, sizeof *request);

    *request = *p->request;
    request->resource = SM_PODS;
    request->subresource = "binding";
    request->name = sm_meta_name(p->request->body);
    struct sm_call call = {.env = p->env,
                           .server = p->server,
                           .r = p->r,
                           .request = request,
                           .slot = sm_store_slot_mutable(p->server, SM_PODS),
                           .kind = sm_server_kind(p->server, SM_PODS),
                           .key = sm_meta_key(p->r, request->name_space, request->name),
                           .dry_run = request->dry_run};
    return sm_verb_bind(&call);
}

/* --- All of them --------------------------------------------------------------------------------------------------------------- */

static const struct {
    struct sm_resource resource;
    struct sm_reply (*post)(const struct posting *p);
} rows[] = {
    {{"", "v1", "v1", "Binding", "bindings", true}, bind},
    {{"authorization.k8s.io", "v1", "authorization.k8s.io/v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", false}, review_self},
    {{"authorization.k8s.io", "v1", "authorization.k8s.io/v1", "SubjectAccessReview", "subjectaccessreviews", false}, review_subject},
    {{"authorization.k8s.io", "v1", "authorization.k8s.io/v1", "LocalSubjectAccessReview", "localsubjectaccessreviews", true},
     review_subject},
    {{"authorization.k8s.io", "v1", "authorization.k8s.io/v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", false}, review_rules},
    {{"authentication.k8s.io", "v1", "authentication.k8s.io/v1", "SelfSubjectReview", "selfsubjectreviews", false}, who_am_i},
    {{"authentication.k8s.io", "v1", "authentication.k8s.io/v1", "TokenReview", "tokenreviews", false}, review_token},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

const struct sm_resource *sm_server_posted_at(size_t i) {
    return i < ROWS ? &rows[i].resource : NULL;
}

bool sm_posted_handle(struct sm_env *env, struct sm_server *server, const struct sm_request *request, struct sm_reply *ret_reply) {
    struct posting p = {.env = env, .server = server, .r = env->scratch, .request = request};

    for (size_t i = 0; i < ROWS; i++) {
        if (!sm_resource_same(&rows[i].resource, request->resource))
            continue;
        p.resource = &rows[i].resource;
        *ret_reply = request->verb == SM_CREATE ? rows[i].post(&p) : sm_call_not_allowed(p.r);
        return true;
    }
    return false;
}
