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
    {"apiVersion",         STRING,       ALWAYS,   NULL, 5},
    {"blockOwnerDeletion", BOOL,         OPTIONAL, NULL, 7},
    {"controller",         BOOL,         OPTIONAL, NULL, 6},
    {"kind",               STRING,       ALWAYS,   NULL, 1},
    {"name",               STRING,       ALWAYS,   NULL, 3},
    {"uid",                NAMED("UID"), ALWAYS,   NULL, 4},
};
static ATOMIC_PLAIN(owner_reference, "OwnerReference");

static const struct sm_field managed_fields_entry_fields[] = {
    {"apiVersion",  STRING,                              OMIT,     NULL, 3},
    {"fieldsType",  STRING,                              OMIT,     NULL, 6},
    {"fieldsV1",    ANY,                                 OPTIONAL, NULL, 7},
    {"manager",     STRING,                              OMIT,     NULL, 1},
    {"operation",   NAMED("ManagedFieldsOperationType"), OMIT,     NULL, 2},
    {"subresource", STRING,                              OMIT,     NULL, 8},
    {"time",        TIME,                                OPTIONAL, NULL, 4},
};
static PLAIN(managed_fields_entry, "ManagedFieldsEntry");

static const struct sm_field sm_schema_object_meta_fields[] = {
    {"annotations",                STRING_MAP,                                                        OMIT,     NULL, 12},
    {"creationTimestamp",          TIME,                                                              ALWAYS,   NULL, 8},
    {"deletionGracePeriodSeconds", INT64,                                                             OPTIONAL, NULL, 10},
    {"deletionTimestamp",          TIME,                                                              OPTIONAL, NULL, 9},
    {"finalizers",                 LIST_WITH(STRING, .list = SM_LIST_SET, .merge_key = ""),           OMIT,     NULL, 14},
    {"generateName",               STRING,                                                            OMIT,     NULL, 2},
    {"generation",                 INT64,                                                             OMIT,     NULL, 7},
    {"labels",                     STRING_MAP,                                                        OMIT,     NULL, 11},
    {"managedFields",              ATOMIC_LIST(&managed_fields_entry),                                OMIT,     NULL, 17},
    {"name",                       STRING,                                                            OMIT,     NULL, 1},
    {"namespace",                  STRING,                                                            OMIT,     NULL, 3},
    {"ownerReferences",            BY_KEY(&owner_reference, "uid"),                                   OMIT,     NULL, 13},
    {"resourceVersion",            STRING,                                                            OMIT,     NULL, 6},
    {"selfLink",                   STRING,                                                            OMIT,     NULL, 4},
    {"uid",                        NAMED("UID"),                                                      OMIT,     NULL, 5},
};
PLAIN(sm_schema_object_meta, "ObjectMeta");

static const struct sm_field label_selector_requirement_fields[] = {
    {"key",      STRING,                         ALWAYS, NULL, 1},
    {"operator", NAMED("LabelSelectorOperator"), ALWAYS, NULL, 2},
    {"values",   STRINGS,                        OMIT,   NULL, 3},
};
static PLAIN(label_selector_requirement, "LabelSelectorRequirement");

static const struct sm_field sm_schema_label_selector_fields[] = {
    {"matchExpressions", ATOMIC_LIST(&label_selector_requirement), OMIT, NULL, 2},
    {"matchLabels",      STRING_MAP,                               OMIT, NULL, 1},
};
ATOMIC_PLAIN(sm_schema_label_selector, "LabelSelector");

static const struct sm_field sm_schema_condition_fields[] = {
    {"lastTransitionTime", TIME,                     ALWAYS, NULL, 4},
    {"message",            STRING,                   ALWAYS, NULL, 6},
    {"observedGeneration", INT64,                    OMIT,   NULL, 3},
    {"reason",             STRING,                   ALWAYS, NULL, 5},
    {"status",             NAMED("ConditionStatus"), ALWAYS, NULL, 2},
    {"type",               STRING,                   ALWAYS, NULL, 1},
};
PLAIN(sm_schema_condition, "Condition");
