/* rbac.authorization.k8s.io: roles and their bindings. */
#include <string.h>

#include "schema_types.h"

static const struct sm_field rule_fields[] = {
    {"apiGroups",       STRINGS, OMIT,   NULL, 2},
    {"nonResourceURLs", STRINGS, OMIT,   NULL, 5},
    {"resourceNames",   STRINGS, OMIT,   NULL, 4},
    {"resources",       STRINGS, OMIT,   NULL, 3},
    {"verbs",           STRINGS, ALWAYS, NULL, 1},
};
static PLAIN(rule, "PolicyRule");

static const struct sm_field aggregation_rule_fields[] = {
    {"clusterRoleSelectors", ATOMIC_LIST(&sm_schema_label_selector), OMIT, NULL, 1},
};
static PLAIN(aggregation_rule, "AggregationRule");

static const struct sm_field role_ref_fields[] = {
    {"apiGroup", STRING, ALWAYS, NULL, 1},
    {"kind",     STRING, ALWAYS, NULL, 2},
    {"name",     STRING, ALWAYS, NULL, 3},
};
static ATOMIC_PLAIN(role_ref, "RoleRef");

/* Users and groups are of this API's group, service accounts of the core's. */
static sm_val fill_subject(struct sm_region *r, sm_val subject) {
    const char *kind = sm_val_text(sm_val_get(subject, "kind"));
    bool ours = strcmp(kind, "User") == 0 || strcmp(kind, "Group") == 0;
    return !ours || sm_val_get(subject, "apiGroup") ? subject
                                                    : sm_val_set(r, subject, "apiGroup", sm_val_str(r, "rbac.authorization.k8s.io"));
}

static const struct sm_field subject_fields[] = {
    {"apiGroup",  STRING, OMIT,   NULL, 2},
    {"kind",      STRING, ALWAYS, NULL, 1},
    {"name",      STRING, ALWAYS, NULL, 3},
    {"namespace", STRING, OMIT,   NULL, 4},
};
static OBJECT_WITH(subject, "Subject", .atomic = true, .fill = fill_subject);

static sm_val fill_binding(struct sm_region *r, sm_val binding) {
    if (*sm_val_str_at(binding, "roleRef.apiGroup"))
        return binding;
    return sm_val_set_at(r, binding, "roleRef.apiGroup", sm_val_str(r, "rbac.authorization.k8s.io"));
}

static const struct sm_field sm_schema_cluster_role_fields[] = {
    {"aggregationRule", &aggregation_rule,  OPTIONAL, NULL, 3},
    API_VERSION,
    KIND,
    METADATA,
    {"rules",           ATOMIC_LIST(&rule), ALWAYS,   NULL, 2},
};
PLAIN(sm_schema_cluster_role, "ClusterRole");

static const struct sm_field sm_schema_role_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"rules", ATOMIC_LIST(&rule), ALWAYS, NULL, 2},
};
PLAIN(sm_schema_role, "Role");

static const struct sm_field binding_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"roleRef",  &role_ref,             ALWAYS, NULL, 3},
    {"subjects", ATOMIC_LIST(&subject), OMIT,   NULL, 2},
};
#define sm_schema_cluster_role_binding_fields binding_fields
#define sm_schema_role_binding_fields binding_fields
OBJECT_WITH(sm_schema_cluster_role_binding, "ClusterRoleBinding", .fill = fill_binding);
OBJECT_WITH(sm_schema_role_binding, "RoleBinding", .fill = fill_binding);
