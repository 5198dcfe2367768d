/* References, selectors and security options that many core types hold. */
#include "schema_types.h"

static const struct sm_field sm_schema_local_object_reference_fields[] = {
    {"name", STRING, OMIT, NULL},
};
ATOMIC_PLAIN(sm_schema_local_object_reference, "LocalObjectReference");

static const struct sm_field sm_schema_object_reference_fields[] = {
    {"apiVersion",      STRING,       OMIT, NULL},
    {"fieldPath",       STRING,       OMIT, NULL},
    {"kind",            STRING,       OMIT, NULL},
    {"name",            STRING,       OMIT, NULL},
    {"namespace",       STRING,       OMIT, NULL},
    {"resourceVersion", STRING,       OMIT, NULL},
    {"uid",             NAMED("UID"), OMIT, NULL},
};
ATOMIC_PLAIN(sm_schema_object_reference, "ObjectReference");

static const struct sm_field sm_schema_secret_reference_fields[] = {
    {"name",      STRING, OMIT, NULL},
    {"namespace", STRING, OMIT, NULL},
};
ATOMIC_PLAIN(sm_schema_secret_reference, "SecretReference");

static const struct sm_field sm_schema_typed_local_object_reference_fields[] = {
    {"apiGroup", STRING, OR_NULL, NULL},
    {"kind",     STRING, ALWAYS,  NULL},
    {"name",     STRING, ALWAYS,  NULL},
};
ATOMIC_PLAIN(sm_schema_typed_local_object_reference, "TypedLocalObjectReference");

static const struct sm_field node_selector_requirement_fields[] = {
    {"key",      STRING,                        ALWAYS, NULL},
    {"operator", NAMED("NodeSelectorOperator"), ALWAYS, NULL},
    {"values",   STRINGS,                       OMIT,   NULL},
};
static PLAIN(node_selector_requirement, "NodeSelectorRequirement");

static const struct sm_field sm_schema_node_selector_term_fields[] = {
    {"matchExpressions", ATOMIC_LIST(&node_selector_requirement), OMIT, NULL},
    {"matchFields",      ATOMIC_LIST(&node_selector_requirement), OMIT, NULL},
};
ATOMIC_PLAIN(sm_schema_node_selector_term, "NodeSelectorTerm");

static const struct sm_field sm_schema_node_selector_fields[] = {
    {"nodeSelectorTerms", ATOMIC_LIST(&sm_schema_node_selector_term), ALWAYS, NULL},
};
ATOMIC_PLAIN(sm_schema_node_selector, "NodeSelector");

static const struct sm_field sm_schema_object_field_selector_fields[] = {
    {"apiVersion", STRING, OMIT,   "\"v1\""},
    {"fieldPath",  STRING, ALWAYS, NULL},
};
ATOMIC_OBJECT(sm_schema_object_field_selector, "ObjectFieldSelector");

static const struct sm_field sm_schema_resource_field_selector_fields[] = {
    {"containerName", STRING,   OMIT,   NULL},
    {"divisor",       QUANTITY, ALWAYS, NULL},
    {"resource",      STRING,   ALWAYS, NULL},
};
ATOMIC_PLAIN(sm_schema_resource_field_selector, "ResourceFieldSelector");

static const struct sm_field resource_claim_fields[] = {
    {"name",    STRING, ALWAYS, NULL},
    {"request", STRING, OMIT,   NULL},
};
static PLAIN(resource_claim, "ResourceClaim");

static const struct sm_field sm_schema_resource_requirements_fields[] = {
    {"claims",   LIST_WITH(&resource_claim, .list = SM_LIST_MAP, .keys = {"name"}), OMIT, NULL},
    {"limits",   QUANTITIES,                                                        OMIT, NULL},
    {"requests", QUANTITIES,                                                        OMIT, NULL},
};
PLAIN(sm_schema_resource_requirements, "ResourceRequirements");

static const struct sm_field sm_schema_selinux_options_fields[] = {
    {"level", STRING, OMIT, NULL},
    {"role",  STRING, OMIT, NULL},
    {"type",  STRING, OMIT, NULL},
    {"user",  STRING, OMIT, NULL},
};
PLAIN(sm_schema_selinux_options, "SELinuxOptions");

static const struct sm_field sm_schema_seccomp_profile_fields[] = {
    {"localhostProfile", STRING,                      OPTIONAL, NULL},
    {"type",             NAMED("SeccompProfileType"), ALWAYS,   NULL},
};
PLAIN(sm_schema_seccomp_profile, "SeccompProfile");

static const struct sm_field sm_schema_app_armor_profile_fields[] = {
    {"localhostProfile", STRING,                       OPTIONAL, NULL},
    {"type",             NAMED("AppArmorProfileType"), ALWAYS,   NULL},
};
PLAIN(sm_schema_app_armor_profile, "AppArmorProfile");

static const struct sm_field sm_schema_windows_options_fields[] = {
    {"gmsaCredentialSpec",     STRING, OPTIONAL, NULL},
    {"gmsaCredentialSpecName", STRING, OPTIONAL, NULL},
    {"hostProcess",            BOOL,   OPTIONAL, NULL},
    {"runAsUserName",          STRING, OPTIONAL, NULL},
};
PLAIN(sm_schema_windows_options, "WindowsSecurityContextOptions");

static const struct sm_field sm_schema_toleration_fields[] = {
    {"effect",            NAMED("TaintEffect"),        OMIT,     NULL},
    {"key",               STRING,                      OMIT,     NULL},
    {"operator",          NAMED("TolerationOperator"), OMIT,     NULL},
    {"tolerationSeconds", INT64,                       OPTIONAL, NULL},
    {"value",             STRING,                      OMIT,     NULL},
};
PLAIN(sm_schema_toleration, "Toleration");
