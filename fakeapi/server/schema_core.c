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
    {"data",       MAP_OF(BYTES),       OMIT,     NULL},
    {"immutable",  BOOL,                OPTIONAL, NULL},
    KIND,
    METADATA,
    {"stringData", STRING_MAP,          OMIT,     NULL},
    {"type",       NAMED("SecretType"), OMIT,     "\"Opaque\""},
};
OBJECT_WITH(sm_schema_secret, "Secret", .fill = fill_secret);

static const struct sm_field sm_schema_config_map_fields[] = {
    API_VERSION,
    {"binaryData", MAP_OF(BYTES), OMIT,     NULL},
    {"data",       STRING_MAP,    OMIT,     NULL},
    {"immutable",  BOOL,          OPTIONAL, NULL},
    KIND,
    METADATA,
};
PLAIN(sm_schema_config_map, "ConfigMap");

static const struct sm_field sm_schema_service_account_fields[] = {
    API_VERSION,
    {"automountServiceAccountToken", BOOL,                                           OPTIONAL, NULL},
    {"imagePullSecrets",             ATOMIC_LIST(&sm_schema_local_object_reference), OMIT,     NULL},
    KIND,
    METADATA,
    {"secrets",                      BY_KEY(&sm_schema_object_reference, "name"),    OMIT,     NULL},
};
PLAIN(sm_schema_service_account, "ServiceAccount");

/* --- Namespace --------------------------------------------------------------------------------------------------------------- */

static const struct sm_field namespace_spec_fields[] = {
    {"finalizers", ATOMIC_LIST(NAMED("FinalizerName")), OMIT, NULL},
};
static PLAIN(namespace_spec, "NamespaceSpec");

static const struct sm_field namespace_condition_fields[] = {
    {"lastTransitionTime", TIME,                            ALWAYS, NULL},
    {"message",            STRING,                          OMIT,   NULL},
    {"reason",             STRING,                          OMIT,   NULL},
    {"status",             NAMED("ConditionStatus"),        ALWAYS, NULL},
    {"type",               NAMED("NamespaceConditionType"), ALWAYS, NULL},
};
static PLAIN(namespace_condition, "NamespaceCondition");

static const struct sm_field namespace_status_fields[] = {
    {"conditions", BY_KEY(&namespace_condition, "type"), OMIT, NULL},
    {"phase",      NAMED("NamespacePhase"),              OMIT, "\"Active\""},
};
static OBJECT(namespace_status, "NamespaceStatus");

static const struct sm_field sm_schema_namespace_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &namespace_spec,   ALWAYS, NULL},
    {"status", &namespace_status, ALWAYS, NULL},
};
OBJECT(sm_schema_namespace, "Namespace");

/* --- Event ------------------------------------------------------------------------------------------------------------------- */

static const struct sm_field event_series_fields[] = {
    {"count",            INT32,     OMIT,   NULL},
    {"lastObservedTime", MICROTIME, ALWAYS, NULL},
};
static PLAIN(event_series, "EventSeries");

static const struct sm_field event_source_fields[] = {
    {"component", STRING, OMIT, NULL},
    {"host",      STRING, OMIT, NULL},
};
static PLAIN(event_source, "EventSource");

static const struct sm_field sm_schema_event_fields[] = {
    {"action",             STRING,                      OMIT,     NULL},
    API_VERSION,
    {"count",              INT32,                       OMIT,     NULL},
    {"eventTime",          MICROTIME,                   ALWAYS,   NULL},
    {"firstTimestamp",     TIME,                        ALWAYS,   NULL},
    {"involvedObject",     &sm_schema_object_reference, ALWAYS,   NULL},
    KIND,
    {"lastTimestamp",      TIME,                        ALWAYS,   NULL},
    {"message",            STRING,                      OMIT,     NULL},
    METADATA,
    {"reason",             STRING,                      OMIT,     NULL},
    {"related",            &sm_schema_object_reference, OPTIONAL, NULL},
    {"reportingComponent", STRING,                      ALWAYS,   NULL},
    {"reportingInstance",  STRING,                      ALWAYS,   NULL},
    {"series",             &event_series,               OPTIONAL, NULL},
    {"source",             &event_source,               ALWAYS,   NULL},
    {"type",               STRING,                      OMIT,     NULL},
};
PLAIN(sm_schema_event, "Event");

/* The same as events.k8s.io shows it. */
static const struct sm_field event_v1_series_fields[] = {
    {"count",            INT32,     ALWAYS, NULL},
    {"lastObservedTime", MICROTIME, ALWAYS, NULL},
};
static PLAIN(event_v1_series, "EventSeries");

static const struct sm_field sm_schema_event_v1_fields[] = {
    {"action",                   STRING,                      OMIT,     NULL},
    API_VERSION,
    {"deprecatedCount",          INT32,                       OMIT,     NULL},
    {"deprecatedFirstTimestamp", TIME,                        ALWAYS,   NULL},
    {"deprecatedLastTimestamp",  TIME,                        ALWAYS,   NULL},
    {"deprecatedSource",         &event_source,               ALWAYS,   NULL},
    {"eventTime",                MICROTIME,                   ALWAYS,   NULL},
    KIND,
    METADATA,
    {"note",                     STRING,                      OMIT,     NULL},
    {"reason",                   STRING,                      OMIT,     NULL},
    {"regarding",                &sm_schema_object_reference, ALWAYS,   NULL},
    {"related",                  &sm_schema_object_reference, OPTIONAL, NULL},
    {"reportingController",      STRING,                      OMIT,     NULL},
    {"reportingInstance",        STRING,                      OMIT,     NULL},
    {"series",                   &event_v1_series,            OPTIONAL, NULL},
    {"type",                     STRING,                      OMIT,     NULL},
};
PLAIN(sm_schema_event_v1, "Event");
