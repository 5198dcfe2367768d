/* LIST, in pages if asked for: of the latest state, or of the state at a version (kubernetes.md 3.2). */
#include "call.h"
#include "continue.h"
#include "selector.h"
#include "status.h"

#include <string.h>

struct listing {
    struct sm_call *call;
    struct sm_query query;
    int64_t version;  /* of the list */
    sm_pmap root;     /* the store then */
    const char *last; /* goes on behind this key, relative to the prefix; NULL: from the start */
    int64_t limit;    /* 0: none */
    sm_val *items;
    size_t count, capacity;
    const char *more; /* token of the rest, NULL: nothing is left */
    int64_t left;     /* how many, -1: unknown */
};

/* --- Which state ------------------------------------------------------------------------------------------------------------ */

static struct sm_reply expired(struct listing *l, const char *message) {
    return sm_status(l->call->r, 410, "Expired", message, NULL, NULL, NULL, NULL, 0);
}

/* The rest can still be had, of another state. */
static struct sm_reply expired_token(struct listing *l) {
    static const char message[] =
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue "
        "parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided "
        "token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was "
        "returned and now may show up in the list.";
    struct sm_reply reply = expired(l, message);
    struct sm_region *r = l->call->r;

    reply.body = sm_val_set_at(r, reply.body, "metadata.continue", sm_val_str(r, sm_continue_text(r, -1, l->last)));
    return reply;
}

static void go_back(struct listing *l, int64_t version) {
    const struct sm_log *log = &l->call->slot->log;
    int64_t i = sm_log_index_at(log, version);

    l->version = version;
    l->root = i < 0 ? NULL : log->entries[i].root;
}

static bool use_token(struct listing *l, const char *version, struct sm_reply *reterr) {
    struct sm_region *r = l->call->r;
    int64_t at;

    if (*version && strcmp(version, "0") != 0) {
        *reterr = sm_status_bad_request(r, "specifying resource version is not allowed when using continue");
        return false;
    }
    const char *wrong = sm_continue_parse(r, l->call->request->continue_token, &at, &l->last);
    if (wrong) {
        *reterr = sm_status_bad_request(r, sm_region_printf(r, "invalid continue token: %s", wrong));
        return false;
    }
    if (at > 0 && at < l->call->server->compacted) {
        *reterr = expired_token(l);
        return false;
    }
    if (at > 0 && at <= l->version)
        go_back(l, at);
    return true;
}

static bool use_version(struct listing *l, const char *version, const char *match, struct sm_reply *reterr) {
    struct sm_region *r = l->call->r;
    bool exact = strcmp(match, "Exact") == 0 || (!*match && l->limit > 0);
    uint64_t at;
    const char *wrong = sm_call_parse_version(r, version, &at);

    if (wrong) {
        *reterr = sm_status_bad_request(
            r, sm_region_printf(r, "invalid resource version: resourceVersion: Invalid value: \"%s\": %s", version, wrong));
        return false;
    }
    if (at == 0) {
        l->limit = 0;
        return true;
    }
    if (at > (uint64_t)l->version) {
        *reterr = exact ? sm_call_error(r, "etcdserver: mvcc: required revision is a future revision") : sm_call_too_large(l->call, at);
        return false;
    }
    if (exact && (int64_t)at < l->call->server->compacted) {
        *reterr = expired(l, "The resourceVersion for the provided list is too old.");
        return false;
    }
    if (exact)
        go_back(l, (int64_t)at);
    return true;
}

static bool choose_state(struct listing *l, struct sm_reply *reterr) {
    const struct sm_request *request = l->call->request;
    const char *version = request->resource_version ? request->resource_version : "";
    const char *match = request->resource_version_match ? request->resource_version_match : "";

    l->version = l->call->server->version;
    l->root = l->call->slot->log.root;
    l->limit = request->limit > 0 ? request->limit : 0;
    if (request->continue_token && *request->continue_token)
        return use_token(l, version, reterr);
    return !*version || use_version(l, version, match, reterr);
}

/* --- Which objects ------------------------------------------------------------------------------------------------------------ */

/* Items of built-in kinds have neither kind nor apiVersion. */
static sm_val item_of(const struct listing *l, sm_val object) {
    struct sm_region *r = l->call->r;

    if (l->call->view)
        object = l->call->view->show(r, object);
    if (l->call->kind->custom)
        return sm_call_answer(l->call, 200, object).body;
    return sm_val_set(r, sm_val_set(r, object, "kind", NULL), "apiVersion", NULL);
}

static void add(struct listing *l, sm_val object) {
    if (l->count == l->capacity) {
        size_t capacity = l->capacity ? 2 * l->capacity : 16;
        sm_val *items = sm_region_alloc(l->call->r, capacity * sizeof items[0]);

        if (l->count)
            memcpy(items, l->items, l->count * sizeof items[0]);
        l->items = items;
        l->capacity = capacity;
    }
    l->items[l->count++] = item_of(l, object);
}

static bool has_prefix(sm_pmap at, const char *prefix) {
    return at && strncmp(at->key, prefix, strlen(prefix)) == 0;
}

/* A page is full when [limit] objects match; whether more follow is told by keys alone, matching or not. */
static void collect(struct listing *l) {
    const char *prefix = l->query.prefix;
    const char *from = l->last ? sm_region_printf(l->call->r, "%s%s", prefix, l->last) : prefix;
    sm_pmap at = sm_pmap_seek(l->root, from, l->last != NULL);

    for (; has_prefix(at, prefix); at = sm_pmap_seek(l->root, at->key, true)) {
        if (l->limit && (int64_t)l->count == l->limit)
            break;
        from = at->key;
        if (sm_query_matches(&l->query, at->key, at->value))
            add(l, at->value);
    }
    if (!has_prefix(at, prefix))
        return;
    l->more = sm_continue_text(l->call->r, l->version, from + strlen(prefix));
    l->left = l->query.labels || l->query.fields ? -1 : 0;
    for (; l->left >= 0 && has_prefix(at, prefix); at = sm_pmap_seek(l->root, at->key, true))
        l->left++;
}

/* A list of one name is a lookup. */
static bool look_up(struct listing *l) {
    const char *name = l->query.fields ? sm_selector_required(l->query.fields, "metadata.name") : NULL;
    const struct sm_resource *resource = l->call->kind->resource;

    if (!name || l->last || (resource->namespaced && !*l->query.prefix))
        return false;
    const char *key = sm_region_printf(l->call->r, "%s%s", l->query.prefix, name);
    sm_val object = sm_pmap_get(l->root, key);
    if (object && sm_query_matches(&l->query, key, object))
        add(l, object);
    return true;
}

struct sm_reply sm_verb_list(struct sm_call *call) {
    struct sm_region *r = call->r;
    struct listing l = {.call = call, .left = -1};
    struct sm_reply reply;

    if (!sm_query_parse(r, call->kind, call->request, &l.query, &reply) || !sm_query_check(call, &reply) || !choose_state(&l, &reply))
        return reply;
    if (!look_up(&l))
        collect(&l);
    sm_val metadata = SM_MAP(r, "resourceVersion", sm_store_version_text(r, l.version), "continue", l.more ? sm_val_str(r, l.more) : NULL,
                             "remainingItemCount", l.left > 0 ? sm_val_int(r, l.left) : NULL);
    sm_val body = SM_MAP(r, "kind", sm_val_str(r, call->kind->list_kind), "apiVersion", sm_val_str(r, call->kind->resource->api_version),
                         "metadata", metadata, "items", sm_val_from_items(r, l.items, l.count));
    return (struct sm_reply){.code = 200, .body = body};
}
