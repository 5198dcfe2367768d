#include "schema_posted.h"

#include <string.h>

#include "schema_types.h"

/* --- Options and answers ------------------------------------------------------------------------------------------------------- */

static const struct sm_field sm_schema_list_meta_fields[] = {
    {"continue",           STRING, OMIT,     NULL, 3},
    {"remainingItemCount", INT64,  OPTIONAL, NULL, 4},
    {"resourceVersion",    STRING, OMIT,     NULL, 2},
    {"selfLink",           STRING, OMIT,     NULL, 1},
};
PLAIN(sm_schema_list_meta, "ListMeta");

static const struct sm_field cause_fields[] = {
    {"field",   STRING, OMIT, NULL, 3},
    {"message", STRING, OMIT, NULL, 2},
    {"reason",  STRING, OMIT, NULL, 1},
};
static PLAIN(cause, "StatusCause");

static const struct sm_field details_fields[] = {
    {"causes",            ATOMIC_LIST(&cause), OMIT, NULL, 4},
    {"group",             STRING,              OMIT, NULL, 2},
    {"kind",              STRING,              OMIT, NULL, 3},
    {"name",              STRING,              OMIT, NULL, 1},
    {"retryAfterSeconds", INT32,               OMIT, NULL, 5},
    {"uid",               STRING,              OMIT, NULL, 6},
};
static PLAIN(details, "StatusDetails");

static const struct sm_field sm_schema_status_fields[] = {
    {"code",     INT32,                OMIT,     NULL, 6},
    {"details",  &details,             OPTIONAL, NULL, 5},
    {"message",  STRING,               OMIT,     NULL, 3},
    {"metadata", &sm_schema_list_meta, ALWAYS,   NULL, 1},
    {"reason",   STRING,               OMIT,     NULL, 4},
    {"status",   STRING,               OMIT,     NULL, 2},
};
PLAIN(sm_schema_status, "Status");

static const struct sm_field preconditions_fields[] = {
    {"resourceVersion", STRING, OPTIONAL, NULL, 2},
    {"uid",             STRING, OPTIONAL, NULL, 1},
};
static PLAIN(preconditions, "Preconditions");

static const struct sm_field delete_options_fields[] = {
    {"dryRun",                                           STRINGS,        OMIT,     NULL, 5},
    {"gracePeriodSeconds",                               INT64,          OPTIONAL, NULL, 1},
    {"ignoreStoreReadErrorWithClusterBreakingPotential", BOOL,           OPTIONAL, NULL, 6},
    {"orphanDependents",                                 BOOL,           OPTIONAL, NULL, 3},
    {"preconditions",                                    &preconditions, OPTIONAL, NULL, 2},
    {"propagationPolicy",                                STRING,         OPTIONAL, NULL, 4},
};
static PLAIN(delete_options, "DeleteOptions");

static const struct sm_field partial_fields[] = {
    {"metadata", &sm_schema_object_meta, ALWAYS, NULL, 1},
};
static PLAIN(partial, "PartialObjectMetadata");

/* --- Subresources -------------------------------------------------------------------------------------------------------------- */

static const struct sm_field scale_spec_fields[] = {
    {"replicas", INT32, OMIT, NULL, 1},
};
static PLAIN(scale_spec, "ScaleSpec");

static const struct sm_field scale_status_fields[] = {
    {"replicas", INT32,  ALWAYS, NULL, 1},
    {"selector", STRING, OMIT,   NULL, 2},
};
static PLAIN(scale_status, "ScaleStatus");

static const struct sm_field sm_schema_scale_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec",   &scale_spec,   ALWAYS, NULL, 2},
    {"status", &scale_status, ALWAYS, NULL, 3},
};
PLAIN(sm_schema_scale, "Scale");

static const struct sm_field eviction_fields[] = {
    {"deleteOptions", &delete_options,        OPTIONAL, NULL, 2},
    {"metadata",      &sm_schema_object_meta, ALWAYS,   NULL, 1},
};
static PLAIN(eviction, "Eviction");

static const struct sm_field binding_fields[] = {
    {"metadata", &sm_schema_object_meta,      ALWAYS, NULL, 1},
    {"target",   &sm_schema_object_reference, ALWAYS, NULL, 2},
};
static PLAIN(binding, "Binding");

static const struct sm_field bound_fields[] = {
    {"apiVersion", STRING, OMIT, NULL, 2},
    {"kind",       STRING, OMIT, NULL, 1},
    {"name",       STRING, OMIT, NULL, 3},
    {"uid",        STRING, OMIT, NULL, 4},
};
static PLAIN(bound, "BoundObjectReference");

static const struct sm_field token_spec_fields[] = {
    {"audiences",         STRINGS, ALWAYS,   NULL, 1},
    {"boundObjectRef",    &bound,  OR_NULL,  NULL, 3},
    {"expirationSeconds", INT64,   OPTIONAL, NULL, 4},
};
static PLAIN(token_spec, "TokenRequestSpec");

static const struct sm_field token_status_fields[] = {
    {"expirationTimestamp", TIME,   ALWAYS, NULL, 2},
    {"token",               STRING, ALWAYS, NULL, 1},
};
static PLAIN(token_status, "TokenRequestStatus");

static const struct sm_field token_fields[] = {
    {"metadata", &sm_schema_object_meta, ALWAYS, NULL, 1},
    {"spec",     &token_spec,            ALWAYS, NULL, 2},
    {"status",   &token_status,          ALWAYS, NULL, 3},
};
static PLAIN(token, "TokenRequest");

/* --- Reviews ------------------------------------------------------------------------------------------------------------------- */

/* A list of texts under each key: protobuf has a message with one field for it. */
static const struct sm_schema extra_value = {.type = SM_TYPE_LIST, .element = STRING, .wrapped = true};

static const struct sm_field resource_attributes_fields[] = {
    {"group",       STRING, OMIT, NULL, 3},
    {"name",        STRING, OMIT, NULL, 7},
    {"namespace",   STRING, OMIT, NULL, 1},
    {"resource",    STRING, OMIT, NULL, 5},
    {"subresource", STRING, OMIT, NULL, 6},
    {"verb",        STRING, OMIT, NULL, 2},
    {"version",     STRING, OMIT, NULL, 4},
};
static PLAIN(resource_attributes, "ResourceAttributes");

static const struct sm_field path_attributes_fields[] = {
    {"path", STRING, OMIT, NULL, 1},
    {"verb", STRING, OMIT, NULL, 2},
};
static PLAIN(path_attributes, "NonResourceAttributes");

static const struct sm_field access_spec_fields[] = {
    {"extra",                 MAP_OF(&extra_value), OMIT,     NULL, 5},
    {"groups",                STRINGS,              OMIT,     NULL, 4},
    {"nonResourceAttributes", &path_attributes,     OPTIONAL, NULL, 2},
    {"resourceAttributes",    &resource_attributes, OPTIONAL, NULL, 1},
    {"uid",                   STRING,               OMIT,     NULL, 6},
    {"user",                  STRING,               OMIT,     NULL, 3},
};
static PLAIN(access_spec, "SubjectAccessReviewSpec");

static const struct sm_field access_status_fields[] = {
    {"allowed",         BOOL,   ALWAYS, NULL, 1},
    {"denied",          BOOL,   OMIT,   NULL, 4},
    {"evaluationError", STRING, OMIT,   NULL, 3},
    {"reason",          STRING, OMIT,   NULL, 2},
};
static PLAIN(access_status, "SubjectAccessReviewStatus");

static const struct sm_field access_fields[] = {
    {"metadata", &sm_schema_object_meta, ALWAYS, NULL, 1},
    {"spec",     &access_spec,           ALWAYS, NULL, 2},
    {"status",   &access_status,         ALWAYS, NULL, 3},
};
static PLAIN(access, "SubjectAccessReview");

static const struct sm_field self_spec_fields[] = {
    {"nonResourceAttributes", &path_attributes,     OPTIONAL, NULL, 2},
    {"resourceAttributes",    &resource_attributes, OPTIONAL, NULL, 1},
};
static PLAIN(self_spec, "SelfSubjectAccessReviewSpec");

static const struct sm_field self_fields[] = {
    {"metadata", &sm_schema_object_meta, ALWAYS, NULL, 1},
    {"spec",     &self_spec,             ALWAYS, NULL, 2},
    {"status",   &access_status,         ALWAYS, NULL, 3},
};
static PLAIN(self, "SelfSubjectAccessReview");

static const struct sm_field user_fields[] = {
    {"extra",    MAP_OF(&extra_value), OMIT, NULL, 4},
    {"groups",   STRINGS,              OMIT, NULL, 3},
    {"uid",      STRING,               OMIT, NULL, 2},
    {"username", STRING,               OMIT, NULL, 1},
};
static PLAIN(user, "UserInfo");

static const struct sm_field review_spec_fields[] = {
    {"audiences", STRINGS, OMIT, NULL, 2},
    {"token",     STRING,  OMIT, NULL, 1},
};
static PLAIN(review_spec, "TokenReviewSpec");

static const struct sm_field review_status_fields[] = {
    {"audiences",     STRINGS, OMIT,   NULL, 4},
    {"authenticated", BOOL,    OMIT,   NULL, 1},
    {"error",         STRING,  OMIT,   NULL, 3},
    {"user",          &user,   ALWAYS, NULL, 2},
};
static PLAIN(review_status, "TokenReviewStatus");

static const struct sm_field review_fields[] = {
    {"metadata", &sm_schema_object_meta, ALWAYS, NULL, 1},
    {"spec",     &review_spec,           ALWAYS, NULL, 2},
    {"status",   &review_status,         ALWAYS, NULL, 3},
};
static PLAIN(review, "TokenReview");

/* --- By kind -------------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *kind;
    const struct sm_schema *schema;
} kinds[] = {
    {"Binding", &binding},
    {"DeleteOptions", &delete_options},
    {"Eviction", &eviction},
    {"LocalSubjectAccessReview", &access},
    {"PartialObjectMetadata", &partial},
    {"Scale", &sm_schema_scale},
    {"SelfSubjectAccessReview", &self},
    {"Status", &sm_schema_status},
    {"SubjectAccessReview", &access},
    {"TokenRequest", &token},
    {"TokenReview", &review},
};

const struct sm_schema *sm_schema_posted(const char *kind) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].schema;
    return NULL;
}
