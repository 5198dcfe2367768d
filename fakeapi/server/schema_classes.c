/* Classes and limits that others name: StorageClass, PriorityClass, RuntimeClass, LimitRange. */
#include "schema_types.h"

static const struct sm_field topology_requirement_fields[] = {
    {"key",    STRING,  ALWAYS, NULL},
    {"values", STRINGS, ALWAYS, NULL},
};
static PLAIN(topology_requirement, "TopologySelectorLabelRequirement");

static const struct sm_field topology_fields[] = {
    {"matchLabelExpressions", ATOMIC_LIST(&topology_requirement), OMIT, NULL},
};
static ATOMIC_PLAIN(topology, "TopologySelectorTerm");

static const struct sm_field sm_schema_storage_class_fields[] = {
    {"allowVolumeExpansion", BOOL,                                   OPTIONAL, NULL},
    {"allowedTopologies",    ATOMIC_LIST(&topology),                 OMIT,     NULL},
    API_VERSION,
    KIND,
    METADATA,
    {"mountOptions",         STRINGS,                                OMIT,     NULL},
    {"parameters",           STRING_MAP,                             OMIT,     NULL},
    {"provisioner",          STRING,                                 ALWAYS,   NULL},
    {"reclaimPolicy",        NAMED("PersistentVolumeReclaimPolicy"), OPTIONAL, "\"Delete\""},
    {"volumeBindingMode",    NAMED("VolumeBindingMode"),             OPTIONAL, "\"Immediate\""},
};
OBJECT(sm_schema_storage_class, "StorageClass");

static const struct sm_field sm_schema_priority_class_fields[] = {
    API_VERSION,
    {"description",      STRING,                    OMIT,     NULL},
    {"globalDefault",    BOOL,                      OMIT,     NULL},
    KIND,
    METADATA,
    {"preemptionPolicy", NAMED("PreemptionPolicy"), OPTIONAL, "\"PreemptLowerPriority\""},
    {"value",            INT32,                     ALWAYS,   NULL},
};
OBJECT(sm_schema_priority_class, "PriorityClass");

static const struct sm_field overhead_fields[] = {
    {"podFixed", QUANTITIES, OMIT, NULL},
};
static PLAIN(overhead, "Overhead");

static const struct sm_field scheduling_fields[] = {
    {"nodeSelector", ATOMIC_MAP(STRING),                 OMIT, NULL},
    {"tolerations",  ATOMIC_LIST(&sm_schema_toleration), OMIT, NULL},
};
static PLAIN(scheduling, "Scheduling");

static const struct sm_field sm_schema_runtime_class_fields[] = {
    API_VERSION,
    {"handler",    STRING,      ALWAYS,   NULL},
    KIND,
    METADATA,
    {"overhead",   &overhead,   OPTIONAL, NULL},
    {"scheduling", &scheduling, OPTIONAL, NULL},
};
PLAIN(sm_schema_runtime_class, "RuntimeClass");

static const struct sm_field limit_fields[] = {
    {"default",              QUANTITIES,         OMIT,   NULL},
    {"defaultRequest",       QUANTITIES,         OMIT,   NULL},
    {"max",                  QUANTITIES,         OMIT,   NULL},
    {"maxLimitRequestRatio", QUANTITIES,         OMIT,   NULL},
    {"min",                  QUANTITIES,         OMIT,   NULL},
    {"type",                 NAMED("LimitType"), ALWAYS, NULL},
};
static PLAIN(limit, "LimitRangeItem");

static const struct sm_field limits_spec_fields[] = {
    {"limits", ATOMIC_LIST(&limit), ALWAYS, NULL},
};
static PLAIN(limits_spec, "LimitRangeSpec");

static const struct sm_field sm_schema_limit_range_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec", &limits_spec, ALWAYS, NULL},
};
PLAIN(sm_schema_limit_range, "LimitRange");
