#include <string.h>

#include "http_internal.h"

static const char bearer[] = "Bearer ";

static const char *const anonymous_groups[] = {"system:unauthenticated", NULL};
static const struct sm_http_account anonymous = {NULL, "system:anonymous", anonymous_groups};

/* The user agent up to its first slash. */
static const char *agent_of(struct sm_region *r, struct MHD_Connection *connection) {
    const char *agent = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "User-Agent");

    return agent ? sm_region_strndup(r, agent, strcspn(agent, "/")) : "";
}

static bool of_service_account(struct sm_http *http, const char *token, struct sm_http_account *ret_account) {
    struct sm_region *r = http->config.env->run;
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

static bool account_of(struct sm_http *http, const char *token, struct sm_http_account *ret_account) {
    for (size_t i = 0; i < http->config.account_count; i++) {
        if (strcmp(http->config.accounts[i].token, token) == 0) {
            *ret_account = http->config.accounts[i];
            return true;
        }
    }
    return of_service_account(http, token, ret_account);
}

const struct sm_client *sm_http_who(struct sm_http *http, struct MHD_Connection *connection) {
    struct sm_region *r = http->config.env->run;
    const char *header = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
    struct sm_http_account account = http->config.nobody ? *http->config.nobody : anonymous;

    if (header && strncmp(header, bearer, sizeof bearer - 1) == 0 && !account_of(http, header + sizeof bearer - 1, &account))
        return NULL;
    struct sm_client *client = sm_region_zalloc(r, sizeof *client);
    *client = (struct sm_client){
        .name = account.user, .user = account.user, .groups = account.groups, .agent = agent_of(r, connection), .index = 1};
    return client;
}
