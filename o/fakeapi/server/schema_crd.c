/* apiextensions.k8s.io: CustomResourceDefinition. What a schema says of its own values (default, enum, example), and where it
 * may be a schema or something else (items, additionalProperties), is taken as it stands. */
#include <string.h>

#include "schema_types.h"

static const struct sm_field documentation_fields[] = {
    {"description", STRING, OMIT, NULL},
    {"url",         STRING, OMIT, NULL},
};
static PLAIN(documentation, "ExternalDocumentation");

static const struct sm_field rule_fields[] = {
    {"fieldPath",         STRING,                    OMIT,     NULL},
    {"message",           STRING,                    OMIT,     NULL},
    {"messageExpression", STRING,                    OMIT,     NULL},
    {"optionalOldSelf",   BOOL,                      OPTIONAL, NULL},
    {"reason",            NAMED("FieldValueErrorReason"), OPTIONAL, NULL},
    {"rule",              STRING,                    ALWAYS,   NULL},
};
static PLAIN(rule, "ValidationRule");

static const struct sm_schema props;

static const struct sm_field props_fields[] = {
    {"$ref",                                 STRING,              OPTIONAL, NULL},
    {"$schema",                              STRING,              OMIT,     NULL},
    {"additionalItems",                      ANY,                 OPTIONAL, NULL},
    {"additionalProperties",                 ANY,                 OPTIONAL, NULL},
    {"allOf",                                ATOMIC_LIST(&props), OMIT,     NULL},
    {"anyOf",                                ATOMIC_LIST(&props), OMIT,     NULL},
    {"default",                              ANY,                 OPTIONAL, NULL},
    {"definitions",                          MAP_OF(&props),      OMIT,     NULL},
    {"dependencies",                         MAP_OF(ANY),         OMIT,     NULL},
    {"description",                          STRING,              OMIT,     NULL},
    {"enum",                                 ATOMIC_LIST(ANY),    OMIT,     NULL},
    {"example",                              ANY,                 OPTIONAL, NULL},
    {"exclusiveMaximum",                     BOOL,                OMIT,     NULL},
    {"exclusiveMinimum",                     BOOL,                OMIT,     NULL},
    {"externalDocs",                         &documentation,      OPTIONAL, NULL},
    {"format",                               STRING,              OMIT,     NULL},
    {"id",                                   STRING,              OMIT,     NULL},
    {"items",                                ANY,                 OPTIONAL, NULL},
    {"maxItems",                             INT64,               OPTIONAL, NULL},
    {"maxLength",                            INT64,               OPTIONAL, NULL},
    {"maxProperties",                        INT64,               OPTIONAL, NULL},
    {"maximum",                              ANY,                 OPTIONAL, NULL},
    {"minItems",                             INT64,               OPTIONAL, NULL},
    {"minLength",                            INT64,               OPTIONAL, NULL},
    {"minProperties",                        INT64,               OPTIONAL, NULL},
    {"minimum",                              ANY,                 OPTIONAL, NULL},
    {"multipleOf",                           ANY,                 OPTIONAL, NULL},
    {"not",                                  &props,              OPTIONAL, NULL},
    {"nullable",                             BOOL,                OMIT,     NULL},
    {"oneOf",                                ATOMIC_LIST(&props), OMIT,     NULL},
    {"pattern",                              STRING,              OMIT,     NULL},
    {"patternProperties",                    MAP_OF(&props),      OMIT,     NULL},
    {"properties",                           MAP_OF(&props),      OMIT,     NULL},
    {"required",                             STRINGS,             OMIT,     NULL},
    {"title",                                STRING,              OMIT,     NULL},
    {"type",                                 STRING,              OMIT,     NULL},
    {"uniqueItems",                          BOOL,                OMIT,     NULL},
    {"x-kubernetes-embedded-resource",       BOOL,                OMIT,     NULL},
    {"x-kubernetes-int-or-string",           BOOL,                OMIT,     NULL},
    {"x-kubernetes-list-map-keys",           STRINGS,             OMIT,     NULL},
    {"x-kubernetes-list-type",               STRING,              OPTIONAL, NULL},
    {"x-kubernetes-map-type",                STRING,              OPTIONAL, NULL},
    {"x-kubernetes-preserve-unknown-fields", BOOL,                OPTIONAL, NULL},
    {"x-kubernetes-validations", LIST_WITH(&rule, .list = SM_LIST_MAP, .keys = {"rule"}, .merge_key = "rule"), OMIT, NULL},
};
static PLAIN(props, "JSONSchemaProps");

static const struct sm_field validation_fields[] = {
    {"openAPIV3Schema", &props, OPTIONAL, NULL},
};
static PLAIN(validation, "CustomResourceValidation");

static const struct sm_field column_fields[] = {
    {"description", STRING, OMIT,   NULL},
    {"format",      STRING, OMIT,   NULL},
    {"jsonPath",    STRING, ALWAYS, NULL},
    {"name",        STRING, ALWAYS, NULL},
    {"priority",    INT32,  OMIT,   NULL},
    {"type",        STRING, ALWAYS, NULL},
};
static PLAIN(column, "CustomResourceColumnDefinition");

static const struct sm_field scale_fields[] = {
    {"labelSelectorPath",  STRING, OPTIONAL, NULL},
    {"specReplicasPath",   STRING, ALWAYS,   NULL},
    {"statusReplicasPath", STRING, ALWAYS,   NULL},
};
static PLAIN(scale, "CustomResourceSubresourceScale");

static const struct sm_schema status_subresource = {.name = "CustomResourceSubresourceStatus", .type = SM_TYPE_OBJECT, .plain = true};

static const struct sm_field subresources_fields[] = {
    {"scale",  &scale,              OPTIONAL, NULL},
    {"status", &status_subresource, OPTIONAL, NULL},
};
static PLAIN(subresources, "CustomResourceSubresources");

static const struct sm_field selectable_field_fields[] = {
    {"jsonPath", STRING, ALWAYS, NULL},
};
static PLAIN(selectable_field, "SelectableField");

static const struct sm_field version_fields[] = {
    {"additionalPrinterColumns", ATOMIC_LIST(&column),           OMIT,     NULL},
    {"deprecated",               BOOL,                           OMIT,     NULL},
    {"deprecationWarning",       STRING,                         OPTIONAL, NULL},
    {"name",                     STRING,                         ALWAYS,   NULL},
    {"schema",                   &validation,                    OPTIONAL, NULL},
    {"selectableFields",         ATOMIC_LIST(&selectable_field), OMIT,     NULL},
    {"served",                   BOOL,                           ALWAYS,   NULL},
    {"storage",                  BOOL,                           ALWAYS,   NULL},
    {"subresources",             &subresources,                  OPTIONAL, NULL},
};
static PLAIN(version, "CustomResourceDefinitionVersion");

static const struct sm_field service_reference_fields[] = {
    {"name",      STRING, ALWAYS,   NULL},
    {"namespace", STRING, ALWAYS,   NULL},
    {"path",      STRING, OPTIONAL, NULL},
    {"port",      INT32,  OPTIONAL, "443"},
};
static OBJECT(service_reference, "ServiceReference");

static const struct sm_field client_config_fields[] = {
    {"caBundle", BYTES,              OMIT,     NULL},
    {"service",  &service_reference, OPTIONAL, NULL},
    {"url",      STRING,             OPTIONAL, NULL},
};
static OBJECT(client_config, "WebhookClientConfig");

static const struct sm_field webhook_fields[] = {
    {"clientConfig",             &client_config, OPTIONAL, NULL},
    {"conversionReviewVersions", STRINGS,        ALWAYS,   NULL},
};
static OBJECT(webhook, "WebhookConversion");

static const struct sm_field conversion_fields[] = {
    {"strategy", NAMED("ConversionStrategyType"), ALWAYS,   NULL},
    {"webhook",  &webhook,                        OPTIONAL, NULL},
};
static OBJECT(conversion, "CustomResourceConversion");

static const struct sm_field names_fields[] = {
    {"categories", STRINGS, OMIT,   NULL},
    {"kind",       STRING,  ALWAYS, NULL},
    {"listKind",   STRING,  OMIT,   NULL},
    {"plural",     STRING,  ALWAYS, NULL},
    {"shortNames", STRINGS, OMIT,   NULL},
    {"singular",   STRING,  OMIT,   NULL},
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
    {"conversion",            &conversion,            OPTIONAL, NULL},
    {"group",                 STRING,                 ALWAYS,   NULL},
    {"names",                 &names,                 ALWAYS,   NULL},
    {"preserveUnknownFields", BOOL,                   OMIT,     NULL},
    {"scope",                 NAMED("ResourceScope"), ALWAYS,   NULL},
    {"versions",              ATOMIC_LIST(&version),  ALWAYS,   NULL},
};
static OBJECT_WITH(spec, "CustomResourceDefinitionSpec", .fill = fill_spec);

static const struct sm_field condition_fields[] = {
    {"lastTransitionTime", TIME,                                           ALWAYS, NULL},
    {"message",            STRING,                                         OMIT,   NULL},
    {"reason",             STRING,                                         OMIT,   NULL},
    {"status",             NAMED("ConditionStatus"),                       ALWAYS, NULL},
    {"type",               NAMED("CustomResourceDefinitionConditionType"), ALWAYS, NULL},
};
static PLAIN(condition, "CustomResourceDefinitionCondition");

static const struct sm_field status_fields[] = {
    {"acceptedNames",  &names,                                                             ALWAYS, NULL},
    {"conditions",     LIST_WITH(&condition, .list = SM_LIST_MAP, .keys = {"type"}),       ALWAYS, NULL},
    {"storedVersions", STRINGS,                                                            ALWAYS, NULL},
};
static PLAIN(status, "CustomResourceDefinitionStatus");

static const struct sm_field sm_schema_crd_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &spec,   ALWAYS, NULL},
    {"status", &status, ALWAYS, NULL},
};
OBJECT(sm_schema_crd, "CustomResourceDefinition");
