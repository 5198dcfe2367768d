/* Scalars, and what all kinds share: ObjectMeta, label selectors, conditions. */
#include "schema_types.h"

const struct sm_schema sm_schema_string = {.type = SM_TYPE_STRING};
const struct sm_schema sm_schema_bool = {.type = SM_TYPE_BOOL};
const struct sm_schema sm_schema_int32 = {.type = SM_TYPE_INT32};
const struct sm_schema sm_schema_int64 = {.type = SM_TYPE_INT64};
const struct sm_schema sm_schema_int_or_string = {.type = SM_TYPE_INT_OR_STRING};
const struct sm_schema sm_schema_quantity = {.type = SM_TYPE_QUANTITY};
const struct sm_schema sm_schema_time = {.type = SM_TYPE_TIME};
const struct sm_schema sm_schema_microtime = {.type = SM_TYPE_MICROTIME};
const struct sm_schema sm_schema_bytes = {.type = SM_TYPE_BYTES};
const struct sm_schema sm_schema_any = {.type = SM_TYPE_ANY};
const struct sm_schema sm_schema_strings = {.type = SM_TYPE_LIST, .element = STRING};
const struct sm_schema sm_schema_string_set = {.type = SM_TYPE_LIST, .element = STRING, .list = SM_LIST_SET};
const struct sm_schema sm_schema_string_map = {.type = SM_TYPE_MAP, .element = STRING};
const struct sm_schema sm_schema_quantities = {.name = "ResourceList", .type = SM_TYPE_MAP, .element = QUANTITY};

static const struct sm_field owner_reference_fields[] = {
    {"apiVersion",         STRING,       ALWAYS,   NULL},
    {"blockOwnerDeletion", BOOL,         OPTIONAL, NULL},
    {"controller",         BOOL,         OPTIONAL, NULL},
    {"kind",               STRING,       ALWAYS,   NULL},
    {"name",               STRING,       ALWAYS,   NULL},
    {"uid",                NAMED("UID"), ALWAYS,   NULL},
};
static ATOMIC_PLAIN(owner_reference, "OwnerReference");

static const struct sm_field managed_fields_entry_fields[] = {
    {"apiVersion",  STRING,                              OMIT,     NULL},
    {"fieldsType",  STRING,                              OMIT,     NULL},
    {"fieldsV1",    ANY,                                 OPTIONAL, NULL},
    {"manager",     STRING,                              OMIT,     NULL},
    {"operation",   NAMED("ManagedFieldsOperationType"), OMIT,     NULL},
    {"subresource", STRING,                              OMIT,     NULL},
    {"time",        TIME,                                OPTIONAL, NULL},
};
static PLAIN(managed_fields_entry, "ManagedFieldsEntry");

static const struct sm_field sm_schema_object_meta_fields[] = {
    {"annotations",                STRING_MAP,                                                        OMIT,     NULL},
    {"creationTimestamp",          TIME,                                                              ALWAYS,   NULL},
    {"deletionGracePeriodSeconds", INT64,                                                             OPTIONAL, NULL},
    {"deletionTimestamp",          TIME,                                                              OPTIONAL, NULL},
    {"finalizers",                 LIST_WITH(STRING, .list = SM_LIST_SET, .merge_key = ""),           OMIT,     NULL},
    {"generateName",               STRING,                                                            OMIT,     NULL},
    {"generation",                 INT64,                                                             OMIT,     NULL},
    {"labels",                     STRING_MAP,                                                        OMIT,     NULL},
    {"managedFields",              ATOMIC_LIST(&managed_fields_entry),                                OMIT,     NULL},
    {"name",                       STRING,                                                            OMIT,     NULL},
    {"namespace",                  STRING,                                                            OMIT,     NULL},
    {"ownerReferences",            BY_KEY(&owner_reference, "uid"),                                   OMIT,     NULL},
    {"resourceVersion",            STRING,                                                            OMIT,     NULL},
    {"selfLink",                   STRING,                                                            OMIT,     NULL},
    {"uid",                        NAMED("UID"),                                                      OMIT,     NULL},
};
PLAIN(sm_schema_object_meta, "ObjectMeta");

static const struct sm_field label_selector_requirement_fields[] = {
    {"key",      STRING,                         ALWAYS, NULL},
    {"operator", NAMED("LabelSelectorOperator"), ALWAYS, NULL},
    {"values",   STRINGS,                        OMIT,   NULL},
};
static PLAIN(label_selector_requirement, "LabelSelectorRequirement");

static const struct sm_field sm_schema_label_selector_fields[] = {
    {"matchExpressions", ATOMIC_LIST(&label_selector_requirement), OMIT, NULL},
    {"matchLabels",      STRING_MAP,                               OMIT, NULL},
};
ATOMIC_PLAIN(sm_schema_label_selector, "LabelSelector");

static const struct sm_field sm_schema_condition_fields[] = {
    {"lastTransitionTime", TIME,                     ALWAYS, NULL},
    {"message",            STRING,                   ALWAYS, NULL},
    {"observedGeneration", INT64,                    OMIT,   NULL},
    {"reason",             STRING,                   ALWAYS, NULL},
    {"status",             NAMED("ConditionStatus"), ALWAYS, NULL},
    {"type",               STRING,                   ALWAYS, NULL},
};
PLAIN(sm_schema_condition, "Condition");
