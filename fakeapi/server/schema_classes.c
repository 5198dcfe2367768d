/* Classes and limits that others name: StorageClass, PriorityClass, RuntimeClass, LimitRange. */
#include "schema_types.h"

static const struct sm_field topology_requirement_fields[] = {
    {"key",    STRING,  ALWAYS, NULL, 1},
    {"values", STRINGS, ALWAYS, NULL, 2},
};
static PLAIN(topology_requirement, "TopologySelectorLabelRequirement");

static const struct sm_field topology_fields[] = {
    {"matchLabelExpressions", ATOMIC_LIST(&topology_requirement), OMIT, NULL, 1},
};
static ATOMIC_PLAIN(topology, "TopologySelectorTerm");

static const struct sm_field sm_schema_storage_class_fields[] = {
    {"allowVolumeExpansion", BOOL,                                   OPTIONAL, NULL, 6},
    {"allowedTopologies",    ATOMIC_LIST(&topology),                 OMIT,     NULL, 8},
    API_VERSION,
    KIND,
    METADATA,
    {"mountOptions",         STRINGS,                                OMIT,     NULL, 5},
    {"parameters",           STRING_MAP,                             OMIT,     NULL, 3},
    {"provisioner",          STRING,                                 ALWAYS,   NULL, 2},
    {"reclaimPolicy",        NAMED("PersistentVolumeReclaimPolicy"), OPTIONAL, "\"Delete\"", 4},
    {"volumeBindingMode",    NAMED("VolumeBindingMode"),             OPTIONAL, "\"Immediate\"", 7},
};
OBJECT(sm_schema_storage_class, "StorageClass");

static const struct sm_field sm_schema_priority_class_fields[] = {
    API_VERSION,
    {"description",      STRING,                    OMIT,     NULL, 4},
    {"globalDefault",    BOOL,                      OMIT,     NULL, 3},
    KIND,
    METADATA,
    {"preemptionPolicy", NAMED("PreemptionPolicy"), OPTIONAL, "\"PreemptLowerPriority\"", 5},
    {"value",            INT32,                     ALWAYS,   NULL, 2},
};
OBJECT(sm_schema_priority_class, "PriorityClass");

static const struct sm_field overhead_fields[] = {
    {"podFixed", QUANTITIES, OMIT, NULL, 1},
};
static PLAIN(overhead, "Overhead");

static const struct sm_field scheduling_fields[] = {
    {"nodeSelector", ATOMIC_MAP(STRING),                 OMIT, NULL, 1},
    {"tolerations",  ATOMIC_LIST(&sm_schema_toleration), OMIT, NULL, 2},
};
static PLAIN(scheduling, "Scheduling");

static const struct sm_field sm_schema_runtime_class_fields[] = {
    API_VERSION,
    {"handler",    STRING,      ALWAYS,   NULL, 2},
    KIND,
    METADATA,
    {"overhead",   &overhead,   OPTIONAL, NULL, 3},
    {"scheduling", &scheduling, OPTIONAL, NULL, 4},
};
PLAIN(sm_schema_runtime_class, "RuntimeClass");

static const struct sm_field limit_fields[] = {
    {"default",              QUANTITIES,         OMIT,   NULL, 4},
    {"defaultRequest",       QUANTITIES,         OMIT,   NULL, 5},
    {"max",                  QUANTITIES,         OMIT,   NULL, 2},
    {"maxLimitRequestRatio", QUANTITIES,         OMIT,   NULL, 6},
    {"min",                  QUANTITIES,         OMIT,   NULL, 3},
    {"type",                 NAMED("LimitType"), ALWAYS, NULL, 1},
};
static PLAIN(limit, "LimitRangeItem");

static const struct sm_field limits_spec_fields[] = {
    {"limits", ATOMIC_LIST(&limit), ALWAYS, NULL, 1},
};
static PLAIN(limits_spec, "LimitRangeSpec");

static const struct sm_field sm_schema_limit_range_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec", &limits_spec, ALWAYS, NULL, 2},
};
PLAIN(sm_schema_limit_range, "LimitRange");
