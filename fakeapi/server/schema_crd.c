/* apiextensions.k8s.io: CustomResourceDefinition. What a schema says of its own values (default, enum, example), and where it
 * may be a schema or something else (items, additionalProperties), is taken as it stands. */
#include <string.h>

#include "schema_types.h"

static const struct sm_field documentation_fields[] = {
    {"description", STRING, OMIT, NULL, 1},
    {"url",         STRING, OMIT, NULL, 2},
};
static PLAIN(documentation, "ExternalDocumentation");

static const struct sm_field rule_fields[] = {
    {"fieldPath",         STRING,                    OMIT,     NULL, 5},
    {"message",           STRING,                    OMIT,     NULL, 2},
    {"messageExpression", STRING,                    OMIT,     NULL, 3},
    {"optionalOldSelf",   BOOL,                      OPTIONAL, NULL, 6},
    {"reason",            NAMED("FieldValueErrorReason"), OPTIONAL, NULL, 4},
    {"rule",              STRING,                    ALWAYS,   NULL, 1},
};
static PLAIN(rule, "ValidationRule");

static const struct sm_schema props;

static const struct sm_field props_fields[] = {
    {"$ref",                                 STRING,              OPTIONAL, NULL, 0},
    {"$schema",                              STRING,              OMIT,     NULL, 0},
    {"additionalItems",                      ANY,                 OPTIONAL, NULL, 33},
    {"additionalProperties",                 ANY,                 OPTIONAL, NULL, 30},
    {"allOf",                                ATOMIC_LIST(&props), OMIT,     NULL, 25},
    {"anyOf",                                ATOMIC_LIST(&props), OMIT,     NULL, 27},
    {"default",                              ANY,                 OPTIONAL, NULL, 8},
    {"definitions",                          MAP_OF(&props),      OMIT,     NULL, 34},
    {"dependencies",                         MAP_OF(ANY),         OMIT,     NULL, 32},
    {"description",                          STRING,              OMIT,     NULL, 4},
    {"enum",                                 ATOMIC_LIST(ANY),    OMIT,     NULL, 20},
    {"example",                              ANY,                 OPTIONAL, NULL, 36},
    {"exclusiveMaximum",                     BOOL,                OMIT,     NULL, 10},
    {"exclusiveMinimum",                     BOOL,                OMIT,     NULL, 12},
    {"externalDocs",                         &documentation,      OPTIONAL, NULL, 35},
    {"format",                               STRING,              OMIT,     NULL, 6},
    {"id",                                   STRING,              OMIT,     NULL, 1},
    {"items",                                ANY,                 OPTIONAL, NULL, 24},
    {"maxItems",                             INT64,               OPTIONAL, NULL, 16},
    {"maxLength",                            INT64,               OPTIONAL, NULL, 13},
    {"maxProperties",                        INT64,               OPTIONAL, NULL, 21},
    {"maximum",                              ANY,                 OPTIONAL, NULL, 9},
    {"minItems",                             INT64,               OPTIONAL, NULL, 17},
    {"minLength",                            INT64,               OPTIONAL, NULL, 14},
    {"minProperties",                        INT64,               OPTIONAL, NULL, 22},
    {"minimum",                              ANY,                 OPTIONAL, NULL, 11},
    {"multipleOf",                           ANY,                 OPTIONAL, NULL, 19},
    {"not",                                  &props,              OPTIONAL, NULL, 28},
    {"nullable",                             BOOL,                OMIT,     NULL, 37},
    {"oneOf",                                ATOMIC_LIST(&props), OMIT,     NULL, 26},
    {"pattern",                              STRING,              OMIT,     NULL, 15},
    {"patternProperties",                    MAP_OF(&props),      OMIT,     NULL, 31},
    {"properties",                           MAP_OF(&props),      OMIT,     NULL, 29},
    {"required",                             STRINGS,             OMIT,     NULL, 23},
    {"title",                                STRING,              OMIT,     NULL, 7},
    {"type",                                 STRING,              OMIT,     NULL, 5},
    {"uniqueItems",                          BOOL,                OMIT,     NULL, 18},
    {"x-kubernetes-embedded-resource",       BOOL,                OMIT,     NULL, 0},
    {"x-kubernetes-int-or-string",           BOOL,                OMIT,     NULL, 0},
    {"x-kubernetes-list-map-keys",           STRINGS,             OMIT,     NULL, 0},
    {"x-kubernetes-list-type",               STRING,              OPTIONAL, NULL, 0},
    {"x-kubernetes-map-type",                STRING,              OPTIONAL, NULL, 0},
    {"x-kubernetes-preserve-unknown-fields", BOOL,                OPTIONAL, NULL, 0},
    {"x-kubernetes-validations", LIST_WITH(&rule, .list = SM_LIST_MAP, .keys = {"rule"}, .merge_key = "rule"), OMIT, NULL, 0},
};
static PLAIN(props, "JSONSchemaProps");

static const struct sm_field validation_fields[] = {
    {"openAPIV3Schema", &props, OPTIONAL, NULL, 1},
};
static PLAIN(validation, "CustomResourceValidation");

static const struct sm_field column_fields[] = {
    {"description", STRING, OMIT,   NULL, 4},
    {"format",      STRING, OMIT,   NULL, 3},
    {"jsonPath",    STRING, ALWAYS, NULL, 6},
    {"name",        STRING, ALWAYS, NULL, 1},
    {"priority",    INT32,  OMIT,   NULL, 5},
    {"type",        STRING, ALWAYS, NULL, 2},
};
static PLAIN(column, "CustomResourceColumnDefinition");

static const struct sm_field scale_fields[] = {
    {"labelSelectorPath",  STRING, OPTIONAL, NULL, 3},
    {"specReplicasPath",   STRING, ALWAYS,   NULL, 1},
    {"statusReplicasPath", STRING, ALWAYS,   NULL, 2},
};
static PLAIN(scale, "CustomResourceSubresourceScale");

static const struct sm_schema status_subresource = {.name = "CustomResourceSubresourceStatus", .type = SM_TYPE_OBJECT, .plain = true};

static const struct sm_field subresources_fields[] = {
    {"scale",  &scale,              OPTIONAL, NULL, 2},
    {"status", &status_subresource, OPTIONAL, NULL, 1},
};
static PLAIN(subresources, "CustomResourceSubresources");

static const struct sm_field selectable_field_fields[] = {
    {"jsonPath", STRING, ALWAYS, NULL, 1},
};
static PLAIN(selectable_field, "SelectableField");

static const struct sm_field version_fields[] = {
    {"additionalPrinterColumns", ATOMIC_LIST(&column),           OMIT,     NULL, 6},
    {"deprecated",               BOOL,                           OMIT,     NULL, 7},
    {"deprecationWarning",       STRING,                         OPTIONAL, NULL, 8},
    {"name",                     STRING,                         ALWAYS,   NULL, 1},
    {"schema",                   &validation,                    OPTIONAL, NULL, 4},
    {"selectableFields",         ATOMIC_LIST(&selectable_field), OMIT,     NULL, 9},
    {"served",                   BOOL,                           ALWAYS,   NULL, 2},
    {"storage",                  BOOL,                           ALWAYS,   NULL, 3},
    {"subresources",             &subresources,                  OPTIONAL, NULL, 5},
};
static PLAIN(version, "CustomResourceDefinitionVersion");

static const struct sm_field service_reference_fields[] = {
    {"name",      STRING, ALWAYS,   NULL, 2},
    {"namespace", STRING, ALWAYS,   NULL, 1},
    {"path",      STRING, OPTIONAL, NULL, 3},
    {"port",      INT32,  OPTIONAL, "443", 4},
};
static OBJECT(service_reference, "ServiceReference");

static const struct sm_field client_config_fields[] = {
    {"caBundle", BYTES,              OMIT,     NULL, 2},
    {"service",  &service_reference, OPTIONAL, NULL, 1},
    {"url",      STRING,             OPTIONAL, NULL, 3},
};
static OBJECT(client_config, "WebhookClientConfig");

static const struct sm_field webhook_fields[] = {
    {"clientConfig",             &client_config, OPTIONAL, NULL, 2},
    {"conversionReviewVersions", STRINGS,        ALWAYS,   NULL, 3},
};
static OBJECT(webhook, "WebhookConversion");

static const struct sm_field conversion_fields[] = {
    {"strategy", NAMED("ConversionStrategyType"), ALWAYS,   NULL, 1},
    {"webhook",  &webhook,                        OPTIONAL, NULL, 2},
};
static OBJECT(conversion, "CustomResourceConversion");

static const struct sm_field names_fields[] = {
    {"categories", STRINGS, OMIT,   NULL, 6},
    {"kind",       STRING,  ALWAYS, NULL, 4},
    {"listKind",   STRING,  OMIT,   NULL, 5},
    {"plural",     STRING,  ALWAYS, NULL, 1},
    {"shortNames", STRINGS, OMIT,   NULL, 3},
    {"singular",   STRING,  OMIT,   NULL, 2},
};
static PLAIN(names, "CustomResourceDefinitionNames");

static sm_val lower(struct sm_region *r, const char *text) {
    char *copy = sm_region_strdup(r, text);
    for (char *c = copy; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return sm_val_str(r, copy);
}

static sm_val fill_spec(struct sm_region *r, sm_val spec) {
    const char *kind = sm_val_str_at(spec, "names.kind");
    if (!*sm_val_str_at(spec, "names.singular") && *kind)
        spec = sm_val_set_at(r, spec, "names.singular", lower(r, kind));
    if (!*sm_val_str_at(spec, "names.listKind") && *kind)
        spec = sm_val_set_at(r, spec, "names.listKind", sm_val_strf(r, "%sList", kind));
    if (!sm_val_get(spec, "conversion"))
        spec = sm_val_set(r, spec, "conversion", SM_MAP(r, "strategy", sm_val_str(r, "None")));
    return spec;
}

static const struct sm_field spec_fields[] = {
    {"conversion",            &conversion,            OPTIONAL, NULL, 9},
    {"group",                 STRING,                 ALWAYS,   NULL, 1},
    {"names",                 &names,                 ALWAYS,   NULL, 3},
    {"preserveUnknownFields", BOOL,                   OMIT,     NULL, 10},
    {"scope",                 NAMED("ResourceScope"), ALWAYS,   NULL, 4},
    {"versions",              ATOMIC_LIST(&version),  ALWAYS,   NULL, 7},
};
static OBJECT_WITH(spec, "CustomResourceDefinitionSpec", .fill = fill_spec);

static const struct sm_field condition_fields[] = {
    {"lastTransitionTime", TIME,                                           ALWAYS, NULL, 3},
    {"message",            STRING,                                         OMIT,   NULL, 5},
    {"reason",             STRING,                                         OMIT,   NULL, 4},
    {"status",             NAMED("ConditionStatus"),                       ALWAYS, NULL, 2},
    {"type",               NAMED("CustomResourceDefinitionConditionType"), ALWAYS, NULL, 1},
};
static PLAIN(condition, "CustomResourceDefinitionCondition");

static const struct sm_field status_fields[] = {
    {"acceptedNames",  &names,                                                             ALWAYS, NULL, 2},
    {"conditions",     LIST_WITH(&condition, .list = SM_LIST_MAP, .keys = {"type"}),       ALWAYS, NULL, 1},
    {"storedVersions", STRINGS,                                                            ALWAYS, NULL, 3},
};
static PLAIN(status, "CustomResourceDefinitionStatus");

static const struct sm_field sm_schema_crd_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &spec,   ALWAYS, NULL, 2},
    {"status", &status, ALWAYS, NULL, 3},
};
OBJECT(sm_schema_crd, "CustomResourceDefinition");
