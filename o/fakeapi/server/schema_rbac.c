/* rbac.authorization.k8s.io: roles and their bindings. */
#include <string.h>

#include "schema_types.h"

static const struct sm_field rule_fields[] = {
    {"apiGroups",       STRINGS, OMIT,   NULL},
    {"nonResourceURLs", STRINGS, OMIT,   NULL},
    {"resourceNames",   STRINGS, OMIT,   NULL},
    {"resources",       STRINGS, OMIT,   NULL},
    {"verbs",           STRINGS, ALWAYS, NULL},
};
static PLAIN(rule, "PolicyRule");

static const struct sm_field aggregation_rule_fields[] = {
    {"clusterRoleSelectors", ATOMIC_LIST(&sm_schema_label_selector), OMIT, NULL},
};
static PLAIN(aggregation_rule, "AggregationRule");

static const struct sm_field role_ref_fields[] = {
    {"apiGroup", STRING, ALWAYS, NULL},
    {"kind",     STRING, ALWAYS, NULL},
    {"name",     STRING, ALWAYS, NULL},
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
    {"apiGroup",  STRING, OMIT,   NULL},
    {"kind",      STRING, ALWAYS, NULL},
    {"name",      STRING, ALWAYS, NULL},
    {"namespace", STRING, OMIT,   NULL},
};
static OBJECT_WITH(subject, "Subject", .atomic = true, .fill = fill_subject);

static sm_val fill_binding(struct sm_region *r, sm_val binding) {
    if (*sm_val_str_at(binding, "roleRef.apiGroup"))
        return binding;
    return sm_val_set_at(r, binding, "roleRef.apiGroup", sm_val_str(r, "rbac.authorization.k8s.io"));
}

static const struct sm_field sm_schema_cluster_role_fields[] = {
    {"aggregationRule", &aggregation_rule,  OPTIONAL, NULL},
    API_VERSION,
    KIND,
    METADATA,
    {"rules",           ATOMIC_LIST(&rule), ALWAYS,   NULL},
};
PLAIN(sm_schema_cluster_role, "ClusterRole");

static const struct sm_field sm_schema_role_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"rules", ATOMIC_LIST(&rule), ALWAYS, NULL},
};
PLAIN(sm_schema_role, "Role");

static const struct sm_field binding_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"roleRef",  &role_ref,             ALWAYS, NULL},
    {"subjects", ATOMIC_LIST(&subject), OMIT,   NULL},
};
#define sm_schema_cluster_role_binding_fields binding_fields
#define sm_schema_role_binding_fields binding_fields
OBJECT_WITH(sm_schema_cluster_role_binding, "ClusterRoleBinding", .fill = fill_binding);
OBJECT_WITH(sm_schema_role_binding, "RoleBinding", .fill = fill_binding);
