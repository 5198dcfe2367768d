/* The entry: who may, what is there, then the verb. One row a subresource, one function a verb. */
#include "server.h"

#include <string.h>

#include "bootstrap.h"
#include "bug.h"
#include "call.h"
#include "meta.h"
#include "posted.h"
#include "status.h"

/* --- What can be asked ------------------------------------------------------------------------------------------------------ */

static bool always(const struct sm_kind_info *kind) {
    (void)kind;
    return true;
}
static bool has_status(const struct sm_kind_info *kind) {
    return kind->status;
}
static bool has_scale(const struct sm_kind_info *kind) {
    return kind->scale;
}
static bool is_pod(const struct sm_kind_info *kind) {
    return kind->resource == SM_PODS;
}
static bool is_namespace(const struct sm_kind_info *kind) {
    return kind->resource == SM_NAMESPACES;
}
static bool is_account(const struct sm_kind_info *kind) {
    return kind->resource == SM_SERVICEACCOUNTS;
}

typedef struct sm_reply (*verb_function)(struct sm_call *call);

struct row {
    const char *subresource;
    bool (*served)(const struct sm_kind_info *kind);
    verb_function verb[SM_VERB_COUNT];
};

static const struct row rows[] = {
    {"", always,
     {[SM_GET] = sm_verb_get, [SM_LIST] = sm_verb_list, [SM_WATCH] = sm_verb_watch, [SM_CREATE] = sm_verb_create,
      [SM_UPDATE] = sm_verb_update, [SM_PATCH] = sm_verb_patch, [SM_DELETE] = sm_verb_delete,
      [SM_DELETE_COLLECTION] = sm_verb_delete_collection}},
    {"status", has_status, {[SM_GET] = sm_verb_get, [SM_UPDATE] = sm_verb_update, [SM_PATCH] = sm_verb_patch}},
    {"scale", has_scale, {[SM_GET] = sm_verb_get_scale, [SM_UPDATE] = sm_verb_update_scale, [SM_PATCH] = sm_verb_patch_scale}},
    {"binding", is_pod, {[SM_CREATE] = sm_verb_bind}},
    {"eviction", is_pod, {[SM_CREATE] = sm_verb_evict}},
    {"finalize", is_namespace, {[SM_UPDATE] = sm_verb_finalize}},
    {"token", is_account, {[SM_CREATE] = sm_verb_token}},
};

static const struct row *row_of(const struct sm_kind_info *kind, const char *subresource) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].subresource, subresource) == 0)
            return rows[i].served(kind) ? &rows[i] : NULL;
    }
    return NULL;
}

/* Verbs of an object need its name, those of a collection have none; objects are made in one namespace, and namespaces
 * deleted one by one. */
static bool fits(const struct sm_kind_info *kind, const struct sm_request *request) {
    static const bool named[SM_VERB_COUNT] = {[SM_GET] = true, [SM_UPDATE] = true, [SM_PATCH] = true, [SM_DELETE] = true};

    if (named[request->verb] && !*request->name)
        return false;
    if (request->verb == SM_DELETE_COLLECTION && kind->resource == SM_NAMESPACES)
        return false;
    bool in_all = kind->resource->namespaced && !*request->name_space;
    return !in_all || request->verb == SM_LIST || request->verb == SM_WATCH;
}

static struct sm_reply not_allowed(const struct sm_call *call) {
    const struct sm_resource *resource = call->kind->resource;
    struct sm_region *r = call->r;

    if (!call->kind->custom || !*call->request->subresource)
        return sm_call_not_allowed(r);
    const char *message = sm_region_printf(r, "%s is not supported on resources of kind \"%s\"", sm_verb_names[call->request->verb],
                                           sm_status_qualified(r, resource));
    return sm_status(r, 405, "MethodNotAllowed", message, NULL, resource->group, resource->plural, NULL, 0);
}

static struct sm_reply no_subresource(const struct sm_call *call) {
    return call->kind->custom ? sm_call_not_found(call) : sm_call_unknown(call->r);
}

static void warn_of_version(struct sm_call *call) {
    const struct sm_kind_info *kind = call->kind;
    const char *text = sm_val_str_at(kind->version, "deprecationWarning");

    if (!sm_val_true_at(kind->version, "deprecated"))
        return;
    sm_call_warn(call, *text ? text : sm_region_printf(call->r, "%s %s is deprecated", kind->resource->api_version, kind->resource->kind));
}

static struct sm_reply dispatch(struct sm_call *call) {
    const struct row *row = row_of(call->kind, call->request->subresource);
    struct sm_reply reply;

    if (call->kind->version)
        warn_of_version(call);
    if (!row)
        return no_subresource(call);
    if (!row->verb[call->request->verb] || !fits(call->kind, call->request))
        return not_allowed(call);
    if (call->slot->custom && call->slot->custom->terminating && call->request->verb == SM_CREATE)
        return sm_status(call->r, 405, "MethodNotAllowed", "create not allowed while custom resource definition is terminating", NULL,
                         call->kind->resource->group, call->kind->resource->plural, NULL, 0);
    return sm_options_check(call, &reply) ? row->verb[call->request->verb](call) : reply;
}

static bool authorise(struct sm_env *env, struct sm_server *server, const struct sm_client *client, const struct sm_rbac_question *question,
                      struct sm_reply *reterr) {
    const char *reason;

    if (!server->config.rbac || sm_rbac_allows(env, server, client, question, NULL))
        return true;
    sm_rbac_allows(env, server, client, question, &reason);
    *reterr = sm_rbac_denied(env->scratch, client, question, reason);
    return false;
}

static struct sm_reply answer(struct sm_env *env, struct sm_server *server, const struct sm_request *request) {
    struct sm_region *r = env->scratch;
    struct sm_rbac_question question = sm_rbac_question_of(r, request);
    struct sm_reply reply;

    if (!authorise(env, server, request->client, &question, &reply))
        return reply;
    if (request->refused)
        return *request->refused;
    struct sm_call call = {.env = env, .server = server, .r = r, .request = request, .dry_run = request->dry_run};
    call.kind = sm_server_kind(server, request->resource);
    if (!call.kind)
        return sm_posted_handle(env, server, request, &reply) ? reply : sm_call_unknown(r);
    call.view = call.kind->view;
    call.slot = sm_store_slot_mutable(server, call.view ? call.view->of : request->resource);
    call.key = *request->name ? sm_meta_key(r, call.kind->resource->namespaced ? request->name_space : "", request->name) : "";
    reply = dispatch(&call);
    if (call.warning_count)
        reply.warnings = call.warnings;
    return reply;
}

static const char *const *kept_texts(struct sm_region *r, const char *const *texts) {
    size_t count = 0;

    while (texts && texts[count])
        count++;
    if (!count)
        return NULL;
    const char **kept = sm_region_alloc(r, (count + 1) * sizeof kept[0]);
    for (size_t i = 0; i < count; i++)
        kept[i] = sm_region_strdup(r, texts[i]);
    kept[count] = NULL;
    return kept;
}

/* All that is made on the way lives in scratch memory and is gone with the answer; what is stored or answered is kept. */
struct sm_reply sm_server_handle(struct sm_env *env, struct sm_server *server, const struct sm_request *request) {
    struct sm_region_mark mark = sm_region_mark(env->scratch);
    struct sm_reply reply = answer(env, server, request);

    if (env->scratch == env->run)
        return reply;
    reply.body = sm_store_keep(env, reply.body);
    reply.warnings = kept_texts(env->run, reply.warnings);
    sm_region_rewind(env->scratch, mark);
    return reply;
}

bool sm_server_allows_path(struct sm_env *env, struct sm_server *server, const struct sm_client *client, const char *verb, const char *path,
                           struct sm_reply *reterr) {
    struct sm_rbac_question question = {.verb = verb, .name_space = "", .path = path};

    if (authorise(env, server, client, &question, reterr))
        return true;
    reterr->body = sm_store_keep(env, reterr->body);
    return false;
}

/* --- The server ---------------------------------------------------------------------------------------------------------------- */

struct sm_server *sm_server_new(struct sm_env *env, const struct sm_server_config *config) {
    struct sm_server *server = sm_env_state(env, sizeof *server, "server");

    server->config = *config;
    if (!server->config.kubernetes)
        server->config.kubernetes = "1.33";
    server->version = config->first_version ? config->first_version : 1;
    server->slot_count = SM_RESOURCE_COUNT;
    sm_rng_init(&server->names, config->seed, "names");
    for (size_t i = 0; i < SM_RESOURCE_COUNT; i++) {
        server->slots[i].log.resource = &sm_resources[i];
        server->slots[i].kind = sm_kind_builtin(&sm_resources[i]);
    }
    sm_bootstrap(env, server);
    return server;
}

const struct sm_log *sm_server_log(struct sm_env *env, struct sm_server *server, const struct sm_resource *resource) {
    const struct sm_store_slot *slot = sm_store_slot(server, resource);

    (void)env;
    if (slot && slot->kind && slot->kind->view)
        slot = sm_store_slot(server, slot->kind->view->of);
    return slot && slot->kind ? &slot->log : NULL;
}

bool sm_server_may_watch(struct sm_env *env, struct sm_server *server, const struct sm_client *client, const struct sm_resource *resource) {
    struct sm_rbac_question question = {
        .verb = "list", .group = resource->group, .resource = resource->plural, .subresource = "", .name_space = "", .name = ""};

    if (!server->config.rbac)
        return true;
    if (!sm_rbac_allows(env, server, client, &question, NULL))
        return false;
    question.verb = "watch";
    return sm_rbac_allows(env, server, client, &question, NULL);
}

const struct sm_kind_info *sm_server_kind(const struct sm_server *server, const struct sm_resource *resource) {
    const struct sm_store_slot *slot = sm_store_slot(server, resource);

    if (!slot || !slot->kind)
        return NULL;
    return slot->custom ? sm_custom_kind(slot->custom, resource->version) : slot->kind;
}

/* The kinds of a slot: one, or one a served version. */
static const struct sm_kind_info *kind_in(const struct sm_store_slot *slot, uint32_t i) {
    if (slot->custom)
        return i < slot->custom->served_count ? slot->custom->served[i] : NULL;
    return i == 0 ? slot->kind : NULL;
}

const struct sm_kind_info *sm_server_kind_of(const struct sm_server *server, const char *api_version, const char *kind) {
    for (uint32_t i = 0; i < server->slot_count; i++) {
        const struct sm_kind_info *found;

        for (uint32_t j = 0; (found = kind_in(&server->slots[i], j)) != NULL; j++) {
            if (strcmp(found->resource->kind, kind) == 0 && strcmp(found->resource->api_version, api_version) == 0)
                return found;
        }
    }
    return NULL;
}

static int compare_kinds(const struct sm_kind_info *a, const struct sm_kind_info *b) {
    int order = strcmp(a->resource->group, b->resource->group);

    return order ? order : strcmp(a->resource->plural, b->resource->plural);
}

const struct sm_log *sm_server_log_at(const struct sm_server *server, size_t i) {
    return i < server->slot_count ? &server->slots[i].log : NULL;
}

/* The custom kind that is next behind [last], or the first; NULL: none. Within a resource versions keep their order. */
static const struct sm_kind_info *next_custom(const struct sm_server *server, const struct sm_kind_info *last) {
    const struct sm_kind_info *next = NULL, *kind;
    bool passed = false; /* [last] itself, among those that compare equal */

    for (uint32_t s = 0; s < server->slot_count; s++) {
        for (uint32_t j = 0; server->slots[s].custom && (kind = kind_in(&server->slots[s], j)) != NULL; j++) {
            int order = last ? compare_kinds(kind, last) : 1;
            passed |= kind == last;
            if (kind != last && (order > 0 || (order == 0 && passed)) && (!next || compare_kinds(kind, next) < 0))
                next = kind;
        }
    }
    return next;
}

/* Built-in kinds stand in order in their table; custom ones come in between. */
const struct sm_kind_info *sm_server_kind_at(const struct sm_server *server, size_t i) {
    const struct sm_kind_info *custom = next_custom(server, NULL);

    for (uint32_t s = 0; s <= SM_RESOURCE_COUNT; s++) {
        const struct sm_kind_info *kind = s < SM_RESOURCE_COUNT && !server->slots[s].custom ? server->slots[s].kind : NULL;

        for (; custom && (s == SM_RESOURCE_COUNT || (kind && compare_kinds(custom, kind) < 0)); custom = next_custom(server, custom))
            if (i-- == 0)
                return custom;
        if (kind && i-- == 0)
            return kind;
    }
    return NULL;
}

const struct sm_kind_info *sm_server_kind_named(const struct sm_server *server, const char *group, const char *version, const char *plural) {
    const struct sm_kind_info *kind;

    for (uint32_t s = 0; s < server->slot_count; s++) {
        for (uint32_t j = 0; (kind = kind_in(&server->slots[s], j)) != NULL; j++) {
            if (strcmp(kind->resource->plural, plural) == 0 && strcmp(kind->resource->group, group) == 0 &&
                strcmp(kind->resource->version, version) == 0)
                return kind;
        }
    }
    return NULL;
}

int64_t sm_server_version(const struct sm_server *server) {
    return server->version;
}

sm_val sm_server_peek(const struct sm_server *server, const struct sm_resource *resource, const char *name_space, const char *name) {
    const struct sm_store_slot *slot = sm_store_slot(server, resource);
    char key[512];
    size_t space = resource->namespaced ? strlen(name_space) : 0, bytes = strlen(name);

    if (!slot || space + bytes + 2 > sizeof key)
        return NULL;
    memcpy(key, name_space, space);
    if (space)
        key[space++] = '/';
    memcpy(key + space, name, bytes + 1);
    return sm_store_get(slot, key);
}

sm_val sm_server_put(struct sm_env *env, struct sm_server *server, const struct sm_resource *resource, sm_val object) {
    struct sm_region *r = env->run;
    struct sm_store_slot *slot = sm_store_slot_mutable(server, resource);

    SM_ASSERT(slot && *sm_meta_name(object));
    const char *key = sm_meta_key(r, resource->namespaced ? sm_meta_namespace(object) : "", sm_meta_name(object));
    sm_val before = sm_store_get(slot, key);
    if (!sm_val_get(object, "kind"))
        object = sm_val_set(r, object, "kind", sm_val_str(r, resource->kind));
    if (!sm_val_get(object, "apiVersion"))
        object = sm_val_set(r, object, "apiVersion", sm_val_str(r, resource->api_version));
    if (!*sm_meta_uid(object))
        object = sm_val_set_at(r, object, "metadata.uid", before ? sm_val_at(before, "metadata.uid") : sm_store_uid(r, server));
    if (!sm_val_at(object, "metadata.creationTimestamp"))
        object = sm_val_set_at(r, object, "metadata.creationTimestamp", sm_val_str(r, sm_clock_rfc3339(r, env->now)));
    object = sm_managed_clean(r, object);
    return sm_store_append(env, server, slot, before ? SM_MODIFIED : SM_ADDED, key, object);
}

void sm_server_compact(struct sm_server *server, int64_t version) {
    if (version > server->version)
        version = server->version;
    if (version <= server->compacted)
        return;
    server->compacted = version;
    for (uint32_t i = 0; i < server->slot_count; i++)
        server->slots[i].log.first = (uint32_t)(sm_log_index_at(&server->slots[i].log, version) + 1);
}
