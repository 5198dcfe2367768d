/* WATCH: what a stream starts with. The rest is pulled from the log, entry by entry, through sm_server_watch_event. */
#include "call.h"
#include "status.h"

#include <string.h>

static sm_val event(struct sm_region *r, const char *type, sm_val object) {
    return SM_MAP(r, "type", sm_val_str(r, type), "object", object);
}

static struct sm_reply answer(struct sm_region *r, sm_val events, int64_t cursor) {
    return (struct sm_reply){.code = 200, .body = SM_MAP(r, "events", events, "cursor", sm_val_int(r, cursor))};
}

static sm_val present(struct sm_call *call, const struct sm_query *query) {
    sm_val events = SM_EMPTY_LIST;
    size_t count = sm_pmap_count(call->slot->log.root), used = 0;
    sm_val *items = sm_region_alloc(call->r, (count + 1) * sizeof items[0]);
    sm_pmap at = sm_pmap_seek(call->slot->log.root, query->prefix, false);

    for (; at && strncmp(at->key, query->prefix, strlen(query->prefix)) == 0; at = sm_pmap_seek(call->slot->log.root, at->key, true)) {
        if (sm_query_matches(query, at->key, at->value))
            items[used++] = event(call->r, "ADDED", sm_call_answer(call, 200, at->value).body);
    }
    return used ? sm_val_from_items(call->r, items, used) : events;
}

/* Marks the end of the state that a watch-list starts with. */
static sm_val end_of_list(struct sm_call *call) {
    struct sm_region *r = call->r;
    const struct sm_resource *resource = call->kind->resource;
    sm_val metadata = SM_MAP(r, "resourceVersion", sm_store_version_text(r, call->server->version), "creationTimestamp", SM_NULL,
                             "annotations", SM_MAP(r, "k8s.io/initial-events-end", sm_val_str(r, "true")));

    return event(
        r, "BOOKMARK",
        SM_MAP(r, "kind", sm_val_str(r, resource->kind), "apiVersion", sm_val_str(r, resource->api_version), "metadata", metadata));
}

struct sm_reply sm_verb_watch(struct sm_call *call) {
    struct sm_region *r = call->r;
    const struct sm_log *log = &call->slot->log;
    const char *text = call->request->resource_version ? call->request->resource_version : "";
    struct sm_query query;
    struct sm_reply reply;
    uint64_t version;

    if (!sm_query_parse(r, call->kind, call->request, &query, &reply) || !sm_query_check(call, &reply))
        return reply;
    const char *wrong = sm_call_parse_version(r, text, &version);
    if (wrong)
        return sm_call_error(r, sm_region_printf(r, "resourceVersion: Invalid value: \"%s\": %s", text, wrong));
    if (version == 0 || call->request->send_initial_events) {
        sm_val events = present(call, &query);

        if (call->request->send_initial_events && call->request->allow_bookmarks)
            events = sm_val_append(r, events, end_of_list(call));
        return answer(r, events, log->count);
    }
    if (version < (uint64_t)call->server->compacted) {
        const char *message =
            sm_region_printf(r, "too old resource version: %llu (%lld)", (unsigned long long)version, (long long)call->server->compacted);

        return answer(r, SM_LIST(r, event(r, "ERROR", sm_status(r, 410, "Expired", message, NULL, NULL, NULL, NULL, 0).body)), -1);
    }
    if (version >= (uint64_t)call->server->version)
        return answer(r, SM_EMPTY_LIST, log->count);
    return answer(r, SM_EMPTY_LIST, sm_log_index_at(log, (int64_t)version) + 1);
}

sm_val sm_server_watch_event(struct sm_region *r, const struct sm_server *server, const struct sm_request *request,
                             const struct sm_log_entry *entry) {
    const struct sm_store_slot *slot = sm_store_slot(server, request->resource);
    const struct sm_kind_info *kind = sm_server_kind(server, request->resource);
    struct sm_query query;
    struct sm_reply reply;
    uint64_t from = 0;

    if (!kind || !sm_query_parse(r, kind, request, &query, &reply))
        return NULL;
    /* A version of the future: silence until it has come. */
    if (request->resource_version && !sm_call_parse_version(r, request->resource_version, &from) && from >= (uint64_t)entry->version)
        return NULL;
    bool before = entry->before && sm_query_matches(&query, entry->key, entry->before);
    bool after = entry->change != SM_DELETED && sm_query_matches(&query, entry->key, entry->object);
    sm_val object = entry->object;

    if (!before && !after)
        return NULL;
    /* What ceases to match goes as it was when it still matched. */
    if (!after && entry->change != SM_DELETED)
        object = sm_val_set_at(r, entry->before, "metadata.resourceVersion", sm_store_version_text(r, entry->version));
    if (kind->view)
        object = kind->view->show(r, object);
    else if (slot->custom)
        object = sm_custom_show(r, slot->custom, kind, object);
    return event(r, !after ? "DELETED" : before ? "MODIFIED" : "ADDED", object);
}
