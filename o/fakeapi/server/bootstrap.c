#include "bootstrap.h"

#include "json.h"
#include "store.h"

static const char *const name_spaces[] = {"default", "kube-node-lease", "kube-public", "kube-system"};

/* Discovery and health are for everybody, questions about oneself for who is known. */
static const char cluster_admin[] =
    "{'metadata': {'name': 'cluster-admin'}, 'rules': ["
    "{'apiGroups': ['*'], 'resources': ['*'], 'verbs': ['*']}, {'nonResourceURLs': ['*'], 'verbs': ['*']}]}";
static const char *const cluster_roles[] = {
    "{'metadata': {'name': 'system:basic-user'}, 'rules': [{'apiGroups': ['authorization.k8s.io'], 'resources': "
    "['selfsubjectaccessreviews', 'selfsubjectrulesreviews'], 'verbs': ['create']}, {'apiGroups': ['authentication.k8s.io'], "
    "'resources': ['selfsubjectreviews'], 'verbs': ['create']}]}",
    "{'metadata': {'name': 'system:discovery'}, 'rules': [{'nonResourceURLs': ['/api', '/api/*', '/apis', '/apis/*', '/healthz', "
    "'/livez', '/openapi', '/openapi/*', '/readyz', '/version', '/version/'], 'verbs': ['get']}]}",
    "{'metadata': {'name': 'system:public-info-viewer'}, 'rules': [{'nonResourceURLs': ['/healthz', '/livez', '/readyz', '/version', "
    "'/version/'], 'verbs': ['get']}]}",
};
static const struct {
    const char *role, *groups[2];
} bindings[] = {
    {"system:basic-user", {"system:authenticated", NULL}},
    {"system:discovery", {"system:authenticated", NULL}},
    {"system:public-info-viewer", {"system:authenticated", "system:unauthenticated"}},
};

static void put_name_space(struct sm_env *env, struct sm_server *server, const char *name) {
    struct sm_region *r = env->run;
    sm_val text = sm_val_str(r, name);

    sm_server_put(env, server, SM_NAMESPACES,
                  SM_MAP(r, "metadata", SM_MAP(r, "name", text, "labels", SM_MAP(r, "kubernetes.io/metadata.name", text)), "spec",
                         SM_MAP(r, "finalizers", SM_LIST(r, sm_val_str(r, "kubernetes"))), "status",
                         SM_MAP(r, "phase", sm_val_str(r, "Active"))));
}

static void put_binding(struct sm_env *env, struct sm_server *server, const char *role, const char *const groups[2]) {
    struct sm_region *r = env->run;
    sm_val api_group = sm_val_str(r, "rbac.authorization.k8s.io"), subjects = SM_EMPTY_LIST;

    for (int i = 0; i < 2 && groups[i]; i++)
        subjects =
            sm_val_append(r, subjects, SM_MAP(r, "apiGroup", api_group, "kind", sm_val_str(r, "Group"), "name", sm_val_str(r, groups[i])));
    sm_server_put(env, server, SM_CLUSTERROLEBINDINGS,
                  SM_MAP(r, "metadata", SM_MAP(r, "name", sm_val_str(r, role)), "roleRef",
                         SM_MAP(r, "apiGroup", api_group, "kind", sm_val_str(r, "ClusterRole"), "name", sm_val_str(r, role)), "subjects",
                         subjects));
}

/* Where nobody is refused anything, only what somebody may look for is there. */
void sm_bootstrap(struct sm_env *env, struct sm_server *server) {
    static const char *const masters[2] = {"system:masters", NULL};

    for (size_t i = 0; i < sizeof name_spaces / sizeof name_spaces[0]; i++)
        put_name_space(env, server, name_spaces[i]);
    sm_server_put(env, server, SM_CLUSTERROLES, sm_json_literal(env->run, cluster_admin));
    put_binding(env, server, "cluster-admin", masters);
    if (!server->config.rbac)
        return;
    for (size_t i = 0; i < sizeof cluster_roles / sizeof cluster_roles[0]; i++)
        sm_server_put(env, server, SM_CLUSTERROLES, sm_json_literal(env->run, cluster_roles[i]));
    for (size_t i = 0; i < sizeof bindings / sizeof bindings[0]; i++)
        put_binding(env, server, bindings[i].role, bindings[i].groups);
}
