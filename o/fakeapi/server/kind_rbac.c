/* Roles and their bindings. */
#include <string.h>

#include "kind_functions.h"
#include "validate.h"

static void validate_rule(struct sm_field_errors *errors, const char *path, sm_val rule, bool cluster) {
    if (sm_val_count(sm_val_get(rule, "verbs")) == 0)
        sm_field_required(errors, sm_field_text(errors, "%s.verbs", path), "verbs must contain at least one value");
    bool urls = sm_val_count(sm_val_get(rule, "nonResourceURLs")) > 0;
    bool resources = sm_val_count(sm_val_get(rule, "apiGroups")) + sm_val_count(sm_val_get(rule, "resources")) +
                         sm_val_count(sm_val_get(rule, "resourceNames")) >
                     0;
    if (urls) {
        const char *detail = !cluster    ? "namespaced rules cannot apply to non-resource URLs"
                             : resources ? "rules cannot apply to both regular resources and non-resource URLs"
                                         : NULL;
        if (detail)
            sm_field_invalid_text(errors, sm_field_text(errors, "%s.nonResourceURLs", path),
                                  sm_validate_go_value(errors, "[]string", sm_val_get(rule, "nonResourceURLs")), detail);
        return;
    }
    if (sm_val_count(sm_val_get(rule, "apiGroups")) == 0)
        sm_field_required(errors, sm_field_text(errors, "%s.apiGroups", path), "resource rules must supply at least one api group");
    if (sm_val_count(sm_val_get(rule, "resources")) == 0)
        sm_field_required(errors, sm_field_text(errors, "%s.resources", path), "resource rules must supply at least one resource");
}

VALIDATE(sm_role_validate) {
    (void)write;
    sm_val rule, rules = sm_val_get(object, "rules");
    if (before && sm_val_equal(rules, sm_val_get(before, "rules")))
        return;
    bool cluster = sm_val_is_text(sm_val_get(object, "kind"), "ClusterRole");
    SM_EACH_ITEM(rule, rules)
        validate_rule(errors, sm_field_text(errors, "rules[%zu]", rule_i), rule, cluster);
}

static void validate_subject(struct sm_field_errors *errors, const char *path, sm_val subject) {
    static const char *const kinds[] = {"Group", "ServiceAccount", "User", NULL};
    static const char *const core[] = {"", NULL}, *const ours[] = {"rbac.authorization.k8s.io", NULL};
    sm_val kind = sm_val_get(subject, "kind"), name = sm_val_get(subject, "name");
    if (!*sm_val_text(name))
        sm_field_required(errors, sm_field_text(errors, "%s.name", path), "");
    bool is_account = sm_val_is_text(kind, "ServiceAccount");
    if (is_account && *sm_val_text(name))
        sm_validate_is_subdomain(errors, sm_field_text(errors, "%s.name", path), name);
    if (!is_account && !sm_val_is_text(kind, "User") && !sm_val_is_text(kind, "Group")) {
        sm_validate_one_of(errors, sm_field_text(errors, "%s.kind", path), kind, kinds);
        return;
    }
    sm_validate_one_of(errors, sm_field_text(errors, "%s.apiGroup", path), sm_val_get(subject, "apiGroup"), is_account ? core : ours);
    if (is_account && !*sm_val_text(sm_val_get(subject, "namespace")))
        sm_field_required(errors, sm_field_text(errors, "%s.namespace", path), "");
}

VALIDATE(sm_role_binding_validate) {
    (void)write;
    static const char *const groups[] = {"rbac.authorization.k8s.io", NULL};
    static const char *const any_role[] = {"ClusterRole", "Role", NULL}, *const cluster_role[] = {"ClusterRole", NULL};
    bool cluster = sm_val_is_text(sm_val_get(object, "kind"), "ClusterRoleBinding");
    sm_val subject, role = sm_val_get(object, "roleRef");
    sm_validate_one_of(errors, "roleRef.apiGroup", sm_val_get(role, "apiGroup"), groups);
    sm_validate_one_of(errors, "roleRef.kind", sm_val_get(role, "kind"), cluster ? cluster_role : any_role);
    if (!*sm_val_text(sm_val_get(role, "name")))
        sm_field_required(errors, "roleRef.name", "");
    SM_EACH_ITEM(subject, sm_val_get(object, "subjects"))
        validate_subject(errors, sm_field_text(errors, "subjects[%zu]", subject_i), subject);
    if (before && !sm_val_equal(role, sm_val_get(before, "roleRef")))
        sm_field_invalid_text(errors, "roleRef", sm_validate_go_value(errors, "rbac.RoleRef", role), "cannot change roleRef");
}
