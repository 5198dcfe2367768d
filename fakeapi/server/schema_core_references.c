/* References, selectors and security options that many core types hold. */
#include "schema_types.h"

static const struct sm_field sm_schema_local_object_reference_fields[] = {
    {"name", STRING, OMIT, NULL, 1},
};
ATOMIC_PLAIN(sm_schema_local_object_reference, "LocalObjectReference");

static const struct sm_field sm_schema_object_reference_fields[] = {
    {"apiVersion",      STRING,       OMIT, NULL, 5},
    {"fieldPath",       STRING,       OMIT, NULL, 7},
    {"kind",            STRING,       OMIT, NULL, 1},
    {"name",            STRING,       OMIT, NULL, 3},
    {"namespace",       STRING,       OMIT, NULL, 2},
    {"resourceVersion", STRING,       OMIT, NULL, 6},
    {"uid",             NAMED("UID"), OMIT, NULL, 4},
};
ATOMIC_PLAIN(sm_schema_object_reference, "ObjectReference");

static const struct sm_field sm_schema_secret_reference_fields[] = {
    {"name",      STRING, OMIT, NULL, 1},
    {"namespace", STRING, OMIT, NULL, 2},
};
ATOMIC_PLAIN(sm_schema_secret_reference, "SecretReference");

static const struct sm_field sm_schema_typed_local_object_reference_fields[] = {
    {"apiGroup", STRING, OR_NULL, NULL, 1},
    {"kind",     STRING, ALWAYS,  NULL, 2},
    {"name",     STRING, ALWAYS,  NULL, 3},
};
ATOMIC_PLAIN(sm_schema_typed_local_object_reference, "TypedLocalObjectReference");

static const struct sm_field node_selector_requirement_fields[] = {
    {"key",      STRING,                        ALWAYS, NULL, 1},
    {"operator", NAMED("NodeSelectorOperator"), ALWAYS, NULL, 2},
    {"values",   STRINGS,                       OMIT,   NULL, 3},
};
static PLAIN(node_selector_requirement, "NodeSelectorRequirement");

static const struct sm_field sm_schema_node_selector_term_fields[] = {
    {"matchExpressions", ATOMIC_LIST(&node_selector_requirement), OMIT, NULL, 1},
    {"matchFields",      ATOMIC_LIST(&node_selector_requirement), OMIT, NULL, 2},
};
ATOMIC_PLAIN(sm_schema_node_selector_term, "NodeSelectorTerm");

static const struct sm_field sm_schema_node_selector_fields[] = {
    {"nodeSelectorTerms", ATOMIC_LIST(&sm_schema_node_selector_term), ALWAYS, NULL, 1},
};
ATOMIC_PLAIN(sm_schema_node_selector, "NodeSelector");

static const struct sm_field sm_schema_object_field_selector_fields[] = {
    {"apiVersion", STRING, OMIT,   "\"v1\"", 1},
    {"fieldPath",  STRING, ALWAYS, NULL, 2},
};
ATOMIC_OBJECT(sm_schema_object_field_selector, "ObjectFieldSelector");

static const struct sm_field sm_schema_resource_field_selector_fields[] = {
    {"containerName", STRING,   OMIT,   NULL, 1},
    {"divisor",       QUANTITY, ALWAYS, NULL, 3},
    {"resource",      STRING,   ALWAYS, NULL, 2},
};
ATOMIC_PLAIN(sm_schema_resource_field_selector, "ResourceFieldSelector");

static const struct sm_field resource_claim_fields[] = {
    {"name",    STRING, ALWAYS, NULL, 1},
    {"request", STRING, OMIT,   NULL, 2},
};
static PLAIN(resource_claim, "ResourceClaim");

static const struct sm_field sm_schema_resource_requirements_fields[] = {
    {"claims",   LIST_WITH(&resource_claim, .list = SM_LIST_MAP, .keys = {"name"}), OMIT, NULL, 3},
    {"limits",   QUANTITIES,                                                        OMIT, NULL, 1},
    {"requests", QUANTITIES,                                                        OMIT, NULL, 2},
};
PLAIN(sm_schema_resource_requirements, "ResourceRequirements");

static const struct sm_field sm_schema_selinux_options_fields[] = {
    {"level", STRING, OMIT, NULL, 4},
    {"role",  STRING, OMIT, NULL, 2},
    {"type",  STRING, OMIT, NULL, 3},
    {"user",  STRING, OMIT, NULL, 1},
};
PLAIN(sm_schema_selinux_options, "SELinuxOptions");

static const struct sm_field sm_schema_seccomp_profile_fields[] = {
    {"localhostProfile", STRING,                      OPTIONAL, NULL, 2},
    {"type",             NAMED("SeccompProfileType"), ALWAYS,   NULL, 1},
};
PLAIN(sm_schema_seccomp_profile, "SeccompProfile");

static const struct sm_field sm_schema_app_armor_profile_fields[] = {
    {"localhostProfile", STRING,                       OPTIONAL, NULL, 2},
    {"type",             NAMED("AppArmorProfileType"), ALWAYS,   NULL, 1},
};
PLAIN(sm_schema_app_armor_profile, "AppArmorProfile");

static const struct sm_field sm_schema_windows_options_fields[] = {
    {"gmsaCredentialSpec",     STRING, OPTIONAL, NULL, 2},
    {"gmsaCredentialSpecName", STRING, OPTIONAL, NULL, 1},
    {"hostProcess",            BOOL,   OPTIONAL, NULL, 4},
    {"runAsUserName",          STRING, OPTIONAL, NULL, 3},
};
PLAIN(sm_schema_windows_options, "WindowsSecurityContextOptions");

static const struct sm_field sm_schema_toleration_fields[] = {
    {"effect",            NAMED("TaintEffect"),        OMIT,     NULL, 4},
    {"key",               STRING,                      OMIT,     NULL, 1},
    {"operator",          NAMED("TolerationOperator"), OMIT,     NULL, 2},
    {"tolerationSeconds", INT64,                       OPTIONAL, NULL, 5},
    {"value",             STRING,                      OMIT,     NULL, 3},
};
PLAIN(sm_schema_toleration, "Toleration");
