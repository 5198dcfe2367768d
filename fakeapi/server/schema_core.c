/* The small core kinds: Secret, ConfigMap, ServiceAccount, Namespace, Event. */
#include "base64.h"
#include "schema_types.h"

/* stringData is written only: it ends up in data. */
static sm_val fill_secret(struct sm_region *r, sm_val secret) {
    sm_val texts = sm_val_get(secret, "stringData");
    if (!texts)
        return secret;
    sm_val data = sm_val_get(secret, "data");
    const struct sm_member *text;
    SM_EACH_MEMBER(text, texts)
        data = sm_val_set(r, data, text->key, sm_val_str(r, sm_base64_encode(r, text->value->string, text->value->count)));
    return sm_val_set(r, sm_val_set(r, secret, "data", data), "stringData", NULL);
}

static const struct sm_field sm_schema_secret_fields[] = {
    API_VERSION,
    {"data",       MAP_OF(BYTES),       OMIT,     NULL, 2},
    {"immutable",  BOOL,                OPTIONAL, NULL, 5},
    KIND,
    METADATA,
    {"stringData", STRING_MAP,          OMIT,     NULL, 4},
    {"type",       NAMED("SecretType"), OMIT,     "\"Opaque\"", 3},
};
OBJECT_WITH(sm_schema_secret, "Secret", .fill = fill_secret);

static const struct sm_field sm_schema_config_map_fields[] = {
    API_VERSION,
    {"binaryData", MAP_OF(BYTES), OMIT,     NULL, 3},
    {"data",       STRING_MAP,    OMIT,     NULL, 2},
    {"immutable",  BOOL,          OPTIONAL, NULL, 4},
    KIND,
    METADATA,
};
PLAIN(sm_schema_config_map, "ConfigMap");

static const struct sm_field sm_schema_service_account_fields[] = {
    API_VERSION,
    {"automountServiceAccountToken", BOOL,                                           OPTIONAL, NULL, 4},
    {"imagePullSecrets",             ATOMIC_LIST(&sm_schema_local_object_reference), OMIT,     NULL, 3},
    KIND,
    METADATA,
    {"secrets",                      BY_KEY(&sm_schema_object_reference, "name"),    OMIT,     NULL, 2},
};
PLAIN(sm_schema_service_account, "ServiceAccount");

/* --- Namespace --------------------------------------------------------------------------------------------------------------- */

static const struct sm_field namespace_spec_fields[] = {
    {"finalizers", ATOMIC_LIST(NAMED("FinalizerName")), OMIT, NULL, 1},
};
static PLAIN(namespace_spec, "NamespaceSpec");

static const struct sm_field namespace_condition_fields[] = {
    {"lastTransitionTime", TIME,                            ALWAYS, NULL, 4},
    {"message",            STRING,                          OMIT,   NULL, 6},
    {"reason",             STRING,                          OMIT,   NULL, 5},
    {"status",             NAMED("ConditionStatus"),        ALWAYS, NULL, 2},
    {"type",               NAMED("NamespaceConditionType"), ALWAYS, NULL, 1},
};
static PLAIN(namespace_condition, "NamespaceCondition");

static const struct sm_field namespace_status_fields[] = {
    {"conditions", BY_KEY(&namespace_condition, "type"), OMIT, NULL, 2},
    {"phase",      NAMED("NamespacePhase"),              OMIT, "\"Active\"", 1},
};
static OBJECT(namespace_status, "NamespaceStatus");

static const struct sm_field sm_schema_namespace_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &namespace_spec,   ALWAYS, NULL, 2},
    {"status", &namespace_status, ALWAYS, NULL, 3},
};
OBJECT(sm_schema_namespace, "Namespace");

/* --- Event ------------------------------------------------------------------------------------------------------------------- */

static const struct sm_field event_series_fields[] = {
    {"count",            INT32,     OMIT,   NULL, 1},
    {"lastObservedTime", MICROTIME, ALWAYS, NULL, 2},
};
static PLAIN(event_series, "EventSeries");

static const struct sm_field event_source_fields[] = {
    {"component", STRING, OMIT, NULL, 1},
    {"host",      STRING, OMIT, NULL, 2},
};
static PLAIN(event_source, "EventSource");

static const struct sm_field sm_schema_event_fields[] = {
    {"action",             STRING,                      OMIT,     NULL, 12},
    API_VERSION,
    {"count",              INT32,                       OMIT,     NULL, 8},
    {"eventTime",          MICROTIME,                   ALWAYS,   NULL, 10},
    {"firstTimestamp",     TIME,                        ALWAYS,   NULL, 6},
    {"involvedObject",     &sm_schema_object_reference, ALWAYS,   NULL, 2},
    KIND,
    {"lastTimestamp",      TIME,                        ALWAYS,   NULL, 7},
    {"message",            STRING,                      OMIT,     NULL, 4},
    METADATA,
    {"reason",             STRING,                      OMIT,     NULL, 3},
    {"related",            &sm_schema_object_reference, OPTIONAL, NULL, 13},
    {"reportingComponent", STRING,                      ALWAYS,   NULL, 14},
    {"reportingInstance",  STRING,                      ALWAYS,   NULL, 15},
    {"series",             &event_series,               OPTIONAL, NULL, 11},
    {"source",             &event_source,               ALWAYS,   NULL, 5},
    {"type",               STRING,                      OMIT,     NULL, 9},
};
PLAIN(sm_schema_event, "Event");

/* The same as events.k8s.io shows it. */
static const struct sm_field event_v1_series_fields[] = {
    {"count",            INT32,     ALWAYS, NULL, 1},
    {"lastObservedTime", MICROTIME, ALWAYS, NULL, 2},
};
static PLAIN(event_v1_series, "EventSeries");

static const struct sm_field sm_schema_event_v1_fields[] = {
    {"action",                   STRING,                      OMIT,     NULL, 6},
    API_VERSION,
    {"deprecatedCount",          INT32,                       OMIT,     NULL, 15},
    {"deprecatedFirstTimestamp", TIME,                        ALWAYS,   NULL, 13},
    {"deprecatedLastTimestamp",  TIME,                        ALWAYS,   NULL, 14},
    {"deprecatedSource",         &event_source,               ALWAYS,   NULL, 12},
    {"eventTime",                MICROTIME,                   ALWAYS,   NULL, 2},
    KIND,
    METADATA,
    {"note",                     STRING,                      OMIT,     NULL, 10},
    {"reason",                   STRING,                      OMIT,     NULL, 7},
    {"regarding",                &sm_schema_object_reference, ALWAYS,   NULL, 8},
    {"related",                  &sm_schema_object_reference, OPTIONAL, NULL, 9},
    {"reportingController",      STRING,                      OMIT,     NULL, 4},
    {"reportingInstance",        STRING,                      OMIT,     NULL, 5},
    {"series",                   &event_v1_series,            OPTIONAL, NULL, 3},
    {"type",                     STRING,                      OMIT,     NULL, 11},
};
PLAIN(sm_schema_event_v1, "Event");
