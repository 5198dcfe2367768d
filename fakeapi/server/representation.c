#include "representation.h"

#include <string.h>

#include "json.h"
#include "meta.h"
#include "printer.h"
#include "protobuf.h"
#include "status.h"

static const char name_description[] =
    "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request "
    "the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration "
    "definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";

struct showing {
    struct sm_region *r;
    sm_time now;
    const struct sm_route *route;
    const struct sm_kind_info *kind;
};

/* --- Metadata alone ------------------------------------------------------------------------------------------------------------ */

static sm_val meta_version(const struct showing *s) {
    return sm_val_strf(s->r, "meta.k8s.io/%s", s->route->as_version ? s->route->as_version : "v1");
}

static sm_val partial(const struct showing *s, sm_val object) {
    return SM_MAP(s->r, "apiVersion", meta_version(s), "kind", sm_val_str(s->r, "PartialObjectMetadata"), "metadata",
                  sm_val_get(object, "metadata"));
}

static sm_val partial_list(const struct showing *s, sm_val list) {
    sm_val items = SM_EMPTY_LIST, item;

    SM_EACH_ITEM(item, sm_val_get(list, "items"))
        items = sm_val_append(s->r, items, partial(s, item));
    return SM_MAP(s->r, "apiVersion", meta_version(s), "kind", sm_val_str(s->r, "PartialObjectMetadataList"), "metadata",
                  sm_val_get(list, "metadata"), "items", items);
}

/* --- Tables -------------------------------------------------------------------------------------------------------------------- */

static sm_val definition(struct sm_region *r, const char *name, const char *type, int priority) {
    bool is_name = strcmp(name, "Name") == 0;

    return SM_MAP(r, "name", sm_val_str(r, name), "type", sm_val_str(r, type), "format", sm_val_str(r, is_name ? "name" : ""),
                  "description", sm_val_str(r, is_name ? name_description : ""), "priority", sm_val_int(r, priority));
}

static sm_val definitions(const struct showing *s) {
    struct sm_region *r = s->r;
    sm_val list = SM_EMPTY_LIST, column;

    if (s->kind->custom) {
        list = sm_val_append(r, list, definition(r, "Name", "string", 0));
        SM_EACH_ITEM(column, sm_printer_custom_columns(r, s->kind->version))
            list = sm_val_append(r, list, column);
        return list;
    }
    for (const struct sm_column *c = sm_printer_of(s->kind); c->name; c++)
        list = sm_val_append(r, list, definition(r, c->name, c->type ? c->type : "string", c->priority));
    return list;
}

static sm_val cells(const struct showing *s, sm_val object) {
    struct sm_region *r = s->r;
    sm_val list = SM_EMPTY_LIST, cell;

    if (s->kind->custom) {
        list = sm_val_append(r, list, sm_val_str(r, sm_meta_name(object)));
        SM_EACH_ITEM(cell, sm_printer_custom_cells(r, s->now, s->kind->version, object))
            list = sm_val_append(r, list, cell);
        return list;
    }
    for (const struct sm_column *c = sm_printer_of(s->kind); c->name; c++) {
        sm_val of = c->cell(&(struct sm_printing){r, s->now, c}, object);
        list = sm_val_append(r, list, of ? of : sm_val_str(r, ""));
    }
    return list;
}

/* A pod that is over is shown in another way, if the client cares. */
static sm_val conditions(const struct showing *s, sm_val object) {
    const char *phase = sm_val_str_at(object, "status.phase");
    bool done = strcmp(phase, "Succeeded") == 0, failed = strcmp(phase, "Failed") == 0;
    struct sm_region *r = s->r;

    if (s->kind->resource != SM_PODS || (!done && !failed))
        return NULL;
    return SM_LIST(r, SM_MAP(r, "type", sm_val_str(r, "Completed"), "status", sm_val_str(r, "True"), "reason", sm_val_str(r, phase),
                             "message", sm_val_str(r, done ? "The pod has completed successfully." : "The pod failed.")));
}

static sm_val row(const struct showing *s, sm_val object) {
    const char *include = s->route->include_object ? s->route->include_object : "";
    sm_val shown = strcmp(include, "None") == 0 ? SM_NULL : strcmp(include, "Object") == 0 ? object : partial(s, object);

    return SM_MAP(s->r, "cells", cells(s, object), "conditions", conditions(s, object), "object", shown);
}

/* [object] NULL: a table without rows. */
static sm_val table(const struct showing *s, sm_val object, bool with_columns) {
    sm_val items = sm_val_get(object, "items"), rows = SM_EMPTY_LIST, item;
    struct sm_region *r = s->r;
    bool is_list = s->route->request.verb == SM_LIST && sm_val_is_list(items);
    sm_val meta = sm_val_get(object, "metadata");

    SM_EACH_ITEM(item, is_list ? items : NULL)
        rows = sm_val_append(r, rows, row(s, item));
    if (!is_list && *sm_meta_name(object))
        rows = SM_LIST(r, row(s, object));
    return SM_MAP(r, "kind", sm_val_str(r, "Table"), "apiVersion", meta_version(s), "metadata",
                  is_list ? meta : SM_MAP(r, "resourceVersion", sm_val_get(meta, "resourceVersion")), "columnDefinitions",
                  with_columns ? definitions(s) : SM_NULL, "rows", rows);
}

/* --- Replies ------------------------------------------------------------------------------------------------------------------- */

static bool begin(struct showing *s, struct sm_region *r, const struct sm_server *server, sm_time now, const struct sm_route *route) {
    *s = (struct showing){.r = r, .now = now, .route = route};
    if (!route->resource || route->as == SM_AS_OBJECT)
        return false;
    s->kind = sm_server_kind(server, route->request.resource);
    return s->kind != NULL;
}

static bool is_status(sm_val body) {
    return !sm_val_is_map(body) || sm_val_is_text(sm_val_get(body, "kind"), "Status");
}

static struct sm_reply refuse(const struct showing *s, const char *form, bool wants_list, sm_val body) {
    const char *type = s->kind->custom ? (wants_list ? "unstructured.Unstructured" : "unstructured.UnstructuredList")
                                       : sm_region_printf(s->r, "%s.%s", *s->kind->resource->group ? s->kind->resource->group : "core",
                                                          wants_list ? sm_val_str_at(body, "kind") : s->kind->list_kind);

    return sm_status(s->r, 406, "NotAcceptable",
                     sm_region_printf(s->r, "you requested %s, but the requested object is %sa list (*%s)", form, wants_list ? "not " : "",
                                      type),
                     NULL, NULL, NULL, NULL, 0);
}

struct sm_reply sm_represent(struct sm_region *r, const struct sm_server *server, sm_time now, const struct sm_route *route,
                             struct sm_reply reply) {
    struct showing s;

    if (!begin(&s, r, server, now, route) || is_status(reply.body))
        return reply;
    bool is_list = route->request.verb == SM_LIST || route->request.verb == SM_DELETE_COLLECTION;
    if (route->as == SM_AS_TABLE)
        reply.body = table(&s, reply.body, true);
    else if (is_list != (route->as == SM_AS_PARTIAL_LIST))
        return refuse(&s, is_list ? "PartialObjectMetadata" : "PartialObjectMetadataList", !is_list, reply.body);
    else
        reply.body = is_list ? partial_list(&s, reply.body) : partial(&s, reply.body);
    return reply;
}

sm_val sm_represent_event(struct sm_region *r, const struct sm_server *server, sm_time now, const struct sm_route *route, sm_val event,
                          bool first) {
    sm_val object = sm_val_get(event, "object");
    struct showing s;

    if (!begin(&s, r, server, now, route) || is_status(object))
        return event;
    return sm_val_set(r, event, "object", route->as == SM_AS_TABLE ? table(&s, object, first) : partial(&s, object));
}

/* --- Bytes --------------------------------------------------------------------------------------------------------------------- */

sm_val sm_represent_bytes(struct sm_region *r, const struct sm_server *server, const struct sm_route *route, sm_val body,
                          const char **ret_type) {
    struct sm_str out;

    if (!sm_val_is_map(body) || (!route->yaml && !route->protobuf))
        return body;
    sm_str_init(&out, r);
    if (route->yaml) {
        sm_json_print(&out, body, SM_JSON_PRETTY);
        *ret_type = "application/yaml";
    } else if (sm_protobuf_encode(&out, server, body)) {
        *ret_type = "application/vnd.kubernetes.protobuf";
    } else {
        return body;
    }
    return sm_val_strn(r, out.data, out.bytes);
}
