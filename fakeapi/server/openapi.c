#include "openapi.h"

#include <string.h>

#include "openapi_schema.h"

static const char *place_of(struct sm_region *r, const struct sm_resource *resource) {
    return sm_region_printf(r, "%s/%s", *resource->group ? "apis" : "api", resource->api_version);
}

sm_val sm_openapi_index(struct sm_region *r, const struct sm_server *server) {
    const struct sm_kind_info *kind;
    sm_val paths = SM_EMPTY_MAP;

    for (size_t i = 0; (kind = sm_server_kind_at(server, i)) != NULL; i++) {
        const char *place = place_of(r, kind->resource);
        paths = sm_val_set(r, paths, place, SM_MAP(r, "serverRelativeURL", sm_val_strf(r, "/openapi/v3/%s", place)));
    }
    return SM_MAP(r, "paths", paths);
}

static const char *path_of(struct sm_region *r, const struct sm_resource *resource) {
    return sm_region_printf(r, "/%s/%s%s/{name}", place_of(r, resource), resource->namespaced ? "namespaces/{namespace}/" : "",
                            resource->plural);
}

static sm_val parameter(struct sm_region *r, const char *name, const char *type) {
    return SM_MAP(r, "name", sm_val_str(r, name), "in", sm_val_str(r, "query"), "schema", SM_MAP(r, "type", sm_val_str(r, type)));
}

static sm_val patch_of(struct sm_region *r, const struct sm_resource *resource) {
    sm_val kind = SM_MAP(r, "group", sm_val_str(r, resource->group), "version", sm_val_str(r, resource->version), "kind",
                         sm_val_str(r, resource->kind));
    sm_val parameters = SM_LIST(r, parameter(r, "dryRun", "string"), parameter(r, "fieldManager", "string"),
                                parameter(r, "fieldValidation", "string"), parameter(r, "force", "boolean"));

    return SM_MAP(r, "x-kubernetes-action", sm_val_str(r, "patch"), "x-kubernetes-group-version-kind", kind, "parameters", parameters,
                  "responses", SM_MAP(r, "200", SM_MAP(r, "description", sm_val_str(r, "OK"))));
}

sm_val sm_openapi_document(struct sm_region *r, const struct sm_server *server, const char *place) {
    const struct sm_kind_info *kind;
    sm_val paths = SM_EMPTY_MAP, schemas = SM_EMPTY_MAP;

    for (size_t i = 0; (kind = sm_server_kind_at(server, i)) != NULL; i++) {
        if (strcmp(place_of(r, kind->resource), place) != 0)
            continue;
        paths = sm_val_set(r, paths, path_of(r, kind->resource), SM_MAP(r, "patch", patch_of(r, kind->resource)));
        schemas = sm_openapi_add(r, schemas, kind, "#/components/schemas/");
    }
    if (!sm_val_count(paths))
        return NULL;
    return SM_MAP(r, "openapi", sm_val_str(r, "3.0.0"), "info",
                  SM_MAP(r, "title", sm_val_str(r, "Kubernetes"), "version", sm_val_str(r, "unversioned")), "paths", paths, "components",
                  SM_MAP(r, "schemas", schemas));
}

sm_val sm_openapi_v2(struct sm_region *r, const struct sm_server *server) {
    const struct sm_kind_info *kind;
    sm_val paths = SM_EMPTY_MAP, definitions = SM_EMPTY_MAP;

    for (size_t i = 0; (kind = sm_server_kind_at(server, i)) != NULL; i++) {
        paths = sm_val_set(r, paths, path_of(r, kind->resource), SM_MAP(r, "patch", patch_of(r, kind->resource)));
        definitions = sm_openapi_add(r, definitions, kind, "#/definitions/");
    }
    return SM_MAP(r, "swagger", sm_val_str(r, "2.0"), "info",
                  SM_MAP(r, "title", sm_val_str(r, "Kubernetes"), "version", sm_val_str(r, "unversioned")), "paths", paths, "definitions",
                  definitions);
}
