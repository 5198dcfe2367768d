/* Who a client is: by its certificate, else by its bearer token, else anonymous; and for whom it may act. */
#include <string.h>

#include "http_internal.h"
#include "rbac_allow.h"

static const char bearer[] = "Bearer ";

static const char *const anonymous_groups[] = {"system:unauthenticated", NULL};
static const struct sm_http_account anonymous = {NULL, "system:anonymous", anonymous_groups};

/* The user agent up to its first slash. */
static const char *agent_of(struct sm_region *r, struct MHD_Connection *connection) {
    const char *agent = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "User-Agent");

    return agent ? sm_region_strndup(r, agent, strcspn(agent, "/")) : "";
}

static bool of_service_account(struct sm_http *http, struct sm_region *r, const char *token, struct sm_http_account *ret_account) {
    const char *name_space, *name;

    if (!sm_server_token_account(r, http->config.server, token, &name_space, &name))
        return false;
    const char **groups = sm_region_zalloc(r, 4 * sizeof groups[0]);
    groups[0] = "system:serviceaccounts";
    groups[1] = sm_region_printf(r, "system:serviceaccounts:%s", name_space);
    groups[2] = "system:authenticated";
    *ret_account = (struct sm_http_account){token, sm_region_printf(r, "system:serviceaccount:%s:%s", name_space, name), groups};
    return true;
}

static bool account_of(struct sm_http *http, struct sm_region *r, const char *token, struct sm_http_account *ret_account) {
    for (size_t i = 0; i < http->config.account_count; i++) {
        if (strcmp(http->config.accounts[i].token, token) == 0) {
            *ret_account = http->config.accounts[i];
            return true;
        }
    }
    return of_service_account(http, r, token, ret_account);
}

/* False: it says who it is, and that is not so. */
static bool authenticate(struct sm_http *http, struct sm_region *r, struct MHD_Connection *connection, struct sm_http_account *account) {
    const char *header = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");

    if (http->config.tls) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
        const char *user = NULL;
        const char *const *groups;
        if (!info || !sm_certificate_peer(r, info->tls_session, &user, &groups))
            return false;
        if (user) {
            *account = (struct sm_http_account){NULL, user, groups};
            return true;
        }
    }
    return !header || strncmp(header, bearer, sizeof bearer - 1) != 0 || account_of(http, r, header + sizeof bearer - 1, account);
}

const struct sm_client *sm_http_who(struct sm_http *http, struct sm_region *r, struct MHD_Connection *connection) {
    struct sm_http_account account = http->config.nobody ? *http->config.nobody : anonymous;

    if (!authenticate(http, r, connection, &account))
        return NULL;
    struct sm_client *client = sm_region_zalloc(r, sizeof *client);
    *client = (struct sm_client){
        .name = account.user, .user = account.user, .groups = account.groups, .agent = agent_of(r, connection), .index = 1};
    return client;
}

/* --- For whom it may act ------------------------------------------------------------------------------------------------------ */

/* A service account is a resource of its own; every other user is one of `users`. */
static struct sm_rbac_question user_question(struct sm_region *r, const char *user) {
    static const char prefix[] = "system:serviceaccount:";
    const char *rest = strncmp(user, prefix, sizeof prefix - 1) == 0 ? user + sizeof prefix - 1 : "", *colon = strchr(rest, ':');

    if (!colon || strchr(colon + 1, ':'))
        return (struct sm_rbac_question){
            .verb = "impersonate", .group = "", .resource = "users", .subresource = "", .name_space = "", .name = user};
    return (struct sm_rbac_question){.verb = "impersonate",
                                     .group = "",
                                     .resource = "serviceaccounts",
                                     .subresource = "",
                                     .name_space = sm_region_strndup(r, rest, (size_t)(colon - rest)),
                                     .name = colon + 1};
}

static bool may(struct sm_http *http, struct sm_region *r, const struct sm_client *client, const struct sm_rbac_question *question,
                struct sm_reply *reterr) {
    const char *reason = "";

    if (sm_rbac_allows(http->config.env, http->config.server, client, question, &reason))
        return true;
    *reterr = sm_rbac_denied(r, client, question, reason);
    return false;
}

/* As Go prints the references of what was asked for. */
static struct sm_reply without_user(struct sm_region *r, const struct sm_http_request *request) {
    struct sm_str text;

    sm_str_init(&text, r);
    sm_str_addf(&text, "Internal Server Error: \"%s\": requested [", request->path);
    for (const char *const *group = request->impersonate_groups; *group; group++)
        sm_str_addf(&text, "%s{Group  %s    }", group == request->impersonate_groups ? "" : " ", *group);
    sm_str_add(&text, "] without impersonating a user\n");
    return sm_route_text(r, 500, text.data);
}

bool sm_http_may_impersonate(struct sm_http *http, struct sm_region *r, const struct sm_http_request *request, struct sm_reply *reterr) {
    const char *const *group = request->impersonate_groups;

    if (!request->impersonate_user && group) {
        *reterr = without_user(r, request);
        return false;
    }
    if (!request->impersonate_user)
        return true;
    struct sm_rbac_question question = user_question(r, request->impersonate_user);
    if (!may(http, r, request->client, &question, reterr))
        return false;
    for (; group && *group; group++) {
        question = (struct sm_rbac_question){
            .verb = "impersonate", .group = "", .resource = "groups", .subresource = "", .name_space = "", .name = *group};
        if (!may(http, r, request->client, &question, reterr))
            return false;
    }
    return true;
}
