/* What the controller may do, as each profile ships it (seinode-controller.md 7). The pull request's only change here is
 * the verb `delete` on pods, which its first cut forgot.
 */
#include "rbac.h"

#include "seinode.h"

#define CRUD "[\"create\",\"delete\",\"get\",\"list\",\"patch\",\"update\",\"watch\"]"

/* JSON is YAML, so both forms are one text. */
#define RULES(pod_verbs) \
    "[{\"apiGroups\":[\"\"],\"resources\":[\"events\"],\"verbs\":[\"create\",\"patch\"]}," \
    "{\"apiGroups\":[\"\"],\"resources\":[\"persistentvolumeclaims\",\"services\"],\"verbs\":" CRUD "}," \
    "{\"apiGroups\":[\"\"],\"resources\":[\"persistentvolumes\",\"secrets\"],\"verbs\":[\"get\",\"list\",\"watch\"]}," \
    "{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],\"verbs\":" pod_verbs "}," \
    "{\"apiGroups\":[\"apps\"],\"resources\":[\"statefulsets\"],\"verbs\":" CRUD "}," \
    "{\"apiGroups\":[\"batch\"],\"resources\":[\"jobs\"],\"verbs\":" CRUD "}," \
    "{\"apiGroups\":[\"gateway.networking.k8s.io\"],\"resources\":[\"httproutes\"],\"verbs\":" CRUD "}," \
    "{\"apiGroups\":[\"monitoring.coreos.com\"],\"resources\":[\"servicemonitors\"],\"verbs\":" CRUD "}," \
    "{\"apiGroups\":[\"sei.io\"],\"resources\":[\"seinodedeployments\",\"seinodes\"],\"verbs\":" CRUD "}," \
    "{\"apiGroups\":[\"sei.io\"],\"resources\":[\"seinodedeployments/finalizers\",\"seinodes/finalizers\"],\"verbs\":[\"update\"]}," \
    "{\"apiGroups\":[\"sei.io\"],\"resources\":[\"seinodedeployments/status\",\"seinodes/status\"]," \
    "\"verbs\":[\"get\",\"patch\",\"update\"]}]"

#define WITHOUT_DELETE RULES("[\"get\",\"list\",\"watch\"]")
#define WITH_DELETE RULES("[\"delete\",\"get\",\"list\",\"watch\"]")

#define SUBJECT "subjects:\n- kind: ServiceAccount\n  name: seinode-controller\n  namespace: sei-system\n"

#define MANIFESTS(rules) \
    "apiVersion: v1\n" \
    "kind: ServiceAccount\n" \
    "metadata:\n" \
    "  name: seinode-controller\n" \
    "  namespace: sei-system\n" \
    "---\n" \
    "apiVersion: rbac.authorization.k8s.io/v1\n" \
    "kind: ClusterRole\n" \
    "metadata:\n" \
    "  name: manager-role\n" \
    "rules: " rules "\n" \
    "---\n" \
    "apiVersion: rbac.authorization.k8s.io/v1\n" \
    "kind: ClusterRoleBinding\n" \
    "metadata:\n" \
    "  name: manager-rolebinding\n" \
    "roleRef:\n" \
    "  apiGroup: rbac.authorization.k8s.io\n" \
    "  kind: ClusterRole\n" \
    "  name: manager-role\n" SUBJECT "---\n" \
    "apiVersion: rbac.authorization.k8s.io/v1\n" \
    "kind: Role\n" \
    "metadata:\n" \
    "  name: leader-election-role\n" \
    "  namespace: sei-system\n" \
    "rules: [{\"apiGroups\":[\"\"],\"resources\":[\"configmaps\"],\"verbs\":" CRUD "}," \
    "{\"apiGroups\":[\"coordination.k8s.io\"],\"resources\":[\"leases\"],\"verbs\":" CRUD "}," \
    "{\"apiGroups\":[\"\"],\"resources\":[\"events\"],\"verbs\":[\"create\",\"patch\"]}]\n" \
    "---\n" \
    "apiVersion: rbac.authorization.k8s.io/v1\n" \
    "kind: RoleBinding\n" \
    "metadata:\n" \
    "  name: leader-election-rolebinding\n" \
    "  namespace: sei-system\n" \
    "roleRef:\n" \
    "  apiGroup: rbac.authorization.k8s.io\n" \
    "  kind: Role\n" \
    "  name: leader-election-role\n" SUBJECT

const char *sm_seinode_rules(const struct sm_profile *profile) {
    return sm_profile_has(profile, SM_SAFEGUARD_PODS_DELETE_ALLOWED) ? WITH_DELETE : WITHOUT_DELETE;
}

const char *sm_seinode_rbac_yaml(const struct sm_profile *profile) {
    return sm_profile_has(profile, SM_SAFEGUARD_PODS_DELETE_ALLOWED) ? MANIFESTS(WITH_DELETE) : MANIFESTS(WITHOUT_DELETE);
}
