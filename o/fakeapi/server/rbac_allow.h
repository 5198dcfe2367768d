/* RBAC: may this client do that? Purely additive: the first rule that matches allows (Kubernetes: "Using RBAC Authorization").
 *
 *      ClusterRoleBindings ──▶ ClusterRole rules, everywhere     ┐
 *      RoleBindings of a namespace ──▶ Role or ClusterRole rules ┴▶ grants of a client, compiled when first asked
 *
 * Grants are derived from the RBAC objects and made anew when any of those has changed.
 */
#ifndef SM_RBAC_ALLOW_H
#define SM_RBAC_ALLOW_H

#include "api.h"
#include "env.h"

struct sm_server;
struct sm_call;
struct sm_rbac_grants;

enum { SM_RBAC_CACHED = 16 };

struct sm_rbac_cached {
    uint64_t who;   /* hash of user and groups */
    uint64_t stamp; /* of the RBAC logs when they were compiled; 0: free */
    const struct sm_rbac_grants *grants;
};

struct sm_rbac_cache {
    struct sm_rbac_cached client[SM_RBAC_CACHED];
};

struct sm_rbac_question {
    const char *verb; /* `get` … `deletecollection`, `bind`, `escalate`, `impersonate` */
    const char *group, *resource, *subresource;
    const char *name_space, *name; /* "" for none */
    const char *path;              /* not NULL: not about a resource but about this path */
};

/* [ret_reason] (may be NULL): why it is allowed, or the errors met on the way (`RBAC: clusterrole… not found`); "" for none. */
bool sm_rbac_allows(struct sm_env *env, struct sm_server *server, const struct sm_client *client, const struct sm_rbac_question *question,
                    const char **ret_reason);

/* All rules that a client has in a namespace, as a list. */
sm_val sm_rbac_rules(struct sm_env *env, struct sm_server *server, const struct sm_client *client, const char *name_space);

/* What a request asks for; the name of a list comes from its field selector. */
struct sm_rbac_question sm_rbac_question_of(struct sm_region *r, const struct sm_request *request);

/* The 403 of a question that was denied with [reason]. */
struct sm_reply sm_rbac_denied(struct sm_region *r, const struct sm_client *client, const struct sm_rbac_question *question,
                               const char *reason);

/* Writes of roles and bindings may not grant what the writer lacks. True if [object] may be written. */
bool sm_rbac_may_grant(struct sm_call *call, sm_val object, sm_val before, struct sm_reply *reterr);

#endif
