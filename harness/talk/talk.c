#include "talk.h"

#include "bug.h"
#include "json.h"
#include "meta.h"
#include "selector.h"
#include "status.h"

static const struct sm_resource *resource_of(sm_val object) {
    const char *api_version = sm_val_str_at(object, "apiVersion"), *kind = sm_val_str_at(object, "kind");
    const struct sm_resource *resource = sm_resource_of_kind(api_version, kind);
    if (!resource)
        sm_bug("talk: no resource for %s %s", api_version, kind);
    return resource;
}

/* --- What is given ------------------------------------------------------------------------------------------------------- */

static struct sm_log *log_of(struct sm_talk *talk, const struct sm_resource *resource) {
    for (size_t i = 0; i < talk->log_count; i++)
        if (sm_resource_same(talk->logs[i].resource, resource))
            return &talk->logs[i];
    SM_ASSERT(talk->log_count < SM_TALK_RESOURCES_MAX);
    struct sm_log *log = &talk->logs[talk->log_count++];
    *log = (struct sm_log){.resource = resource};
    return log;
}

static sm_val with_version(struct sm_talk *talk, sm_val object) {
    if (sm_meta_version(object))
        return object;
    return sm_val_set_at(&talk->run, object, "metadata.resourceVersion", sm_val_strf(&talk->run, "%lld", (long long)++talk->version));
}

void sm_talk_stored(struct sm_talk *talk, sm_val object) {
    SM_ASSERT(talk->store_count < SM_TALK_OBJECTS_MAX);
    talk->store[talk->store_count++] = with_version(talk, object);
}

void sm_talk_cached(struct sm_talk *talk, sm_val object) {
    struct sm_log *log = log_of(talk, resource_of(object));
    const char *key = sm_meta_key(&talk->run, sm_meta_namespace(object), sm_meta_name(object));
    object = with_version(talk, object);
    struct sm_log_entry entry = {.version = sm_meta_version(object), .time = talk->sim->env.now, .change = SM_ADDED, .key = key,
                                 .object = object, .root = sm_pmap_set(&talk->run, log->root, key, object)};
    sm_log_append(&talk->run, log, &entry);
}

void sm_talk_given(struct sm_talk *talk, sm_val object) {
    object = with_version(talk, object);
    sm_talk_stored(talk, object);
    sm_talk_cached(talk, object);
}

void sm_talk_answer(struct sm_talk *talk, const char *call, int code, sm_val body) {
    SM_ASSERT(talk->answer_count < SM_TALK_ANSWERS_MAX);
    talk->answers[talk->answer_count++] = (struct sm_talk_answer){call, {.code = code, .body = body}};
}

/* --- Answers ------------------------------------------------------------------------------------------------------------- */

static sm_val find(const struct sm_talk *talk, const struct sm_request *request) {
    for (size_t i = talk->store_count; i-- > 0;) {
        sm_val object = talk->store[i];
        if (sm_resource_same(resource_of(object), request->resource) && !strcmp(sm_meta_name(object), request->name) &&
            !strcmp(sm_meta_namespace(object), request->name_space))
            return object;
    }
    return NULL;
}

static sm_val list(struct sm_talk *talk, const struct sm_request *request) {
    const char *wrong;
    const struct sm_selector *selector =
        sm_selector_parse_labels(&talk->run, request->label_selector ? request->label_selector : "", &wrong);
    sm_val items = SM_EMPTY_LIST;
    if (!selector)
        sm_bug("talk: %s", wrong);
    for (size_t i = 0; i < talk->store_count; i++) {
        sm_val object = talk->store[i];
        if (sm_resource_same(resource_of(object), request->resource) &&
            sm_selector_matches_labels(selector, sm_val_at(object, "metadata.labels")))
            items = sm_val_append(&talk->run, items, object);
    }
    return SM_MAP(&talk->run, "kind", sm_val_str(&talk->run, "List"), "items", items);
}

static struct sm_reply usual_answer(struct sm_talk *talk, const struct sm_request *request) {
    sm_val object = find(talk, request);
    switch (request->verb) {
    case SM_LIST:
        return (struct sm_reply){.code = 200, .body = list(talk, request)};
    case SM_CREATE:
        return (struct sm_reply){.code = 201, .body = with_version(talk, request->body)};
    case SM_UPDATE:
        return (struct sm_reply){.code = 200, .body = request->body};
    case SM_PATCH:
        if (request->patch == SM_PATCH_APPLY)
            return (struct sm_reply){.code = 200, .body = with_version(talk, request->body)};
        break;
    default:
        break;
    }
    if (!object)
        return sm_status_not_found(&talk->run, request->resource, request->name);
    if (request->verb == SM_PATCH)
        object = sm_val_merge_patch(&talk->run, object, request->body);
    return (struct sm_reply){.code = 200, .body = object};
}

static struct sm_reply usual_service_answer(const struct sm_service_call *service) {
    return (struct sm_reply){.code = strcmp(service->method, "POST") ? 200 : 201, .body = SM_EMPTY_MAP};
}

static const struct sm_talk_answer *told(const struct sm_talk *talk, const char *call) {
    for (size_t i = talk->answer_count; i-- > 0;)
        if (!strcmp(talk->answers[i].call, call))
            return &talk->answers[i];
    return NULL;
}

static void fire_answer(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    struct sm_talk *talk = self;
    struct sm_talk_call *call = &talk->calls[arg];
    (void)data;
    call->to.fire(env, call->to.self, call->to.token, &call->reply);
}

/* Writes the call down and answers it a moment later. */
static void answer(struct sm_talk *talk, const struct sm_talk_call *call) {
    SM_ASSERT(talk->call_count < SM_TALK_CALLS_MAX);
    size_t i = talk->call_count++;
    talk->calls[i] = *call;
    sm_env_at(
        &talk->sim->env,
        &(struct sm_event){.due = talk->sim->env.now, .self = talk, .fire = fire_answer, .arg = i, .actor = "talk", .what = "answer"});
}

static const char *http_verb(const struct sm_request *request) {
    static const char *const verbs[SM_VERB_COUNT] = {[SM_GET] = "GET",      [SM_LIST] = "LIST",   [SM_WATCH] = "WATCH",
                                                     [SM_CREATE] = "POST",  [SM_UPDATE] = "PUT",  [SM_PATCH] = "PATCH",
                                                     [SM_DELETE] = "DELETE", [SM_DELETE_COLLECTION] = "DELETE"};
    return request->verb == SM_PATCH && request->patch == SM_PATCH_APPLY ? "APPLY" : verbs[request->verb];
}

/* Bodies are written down where they say what was decided; generated objects are compared elsewhere. */
static const char *describe(struct sm_talk *talk, const struct sm_request *request) {
    struct sm_region *r = &talk->run;
    sm_val body = NULL;
    if (talk->describe)
        return talk->describe(r, request);
    if (request->verb == SM_PATCH && request->patch != SM_PATCH_APPLY)
        body = sm_val_set(r, request->body, "metadata", NULL);
    if (request->verb == SM_DELETE)
        body = sm_val_set(r, sm_val_set(r, request->body, "kind", NULL), "apiVersion", NULL);
    return sm_val_count(body) ? sm_json_text(r, body, SM_JSON_COMPACT) : "";
}

static void hear_call(struct sm_talk *talk, const char *call, const char *text, int code) {
    sm_str_addf(&talk->heard, "%s", call);
    if (code < 200 || code > 299)
        sm_str_addf(&talk->heard, " -> %d", code);
    sm_str_addf(&talk->heard, "%s%s\n", *text ? " " : "", text);
}

static void send(struct sm_env *env, void *self, const struct sm_request *request, struct sm_answer_to to) {
    struct sm_talk *talk = self;
    struct sm_region *r = &talk->run;
    (void)env;
    const char *call = sm_region_printf(r, "%s %s%s%s%s%s", http_verb(request), request->resource->plural, *request->name ? "/" : "",
                                        request->name, *request->subresource ? "/" : "", request->subresource);
    if (request->verb == SM_LIST && request->label_selector && *request->label_selector)
        call = sm_region_printf(r, "%s?%s", call, request->label_selector);
    const struct sm_talk_answer *answered = told(talk, call);
    struct sm_talk_call entry = {.call = call, .request = request, .to = to,
                                 .reply = answered ? answered->reply : usual_answer(talk, request)};
    if (!sm_resource_same(request->resource, SM_EVENTS))
        hear_call(talk, call, describe(talk, request), entry.reply.code);
    answer(talk, &entry);
}

static void call_service(struct sm_env *env, void *self, const struct sm_service_call *service, struct sm_answer_to to) {
    struct sm_talk *talk = self;
    (void)env;
    const char *call = sm_region_printf(&talk->run, "%s %s", service->method, service->path);
    const struct sm_talk_answer *answered = told(talk, call);
    struct sm_talk_call entry = {.call = call, .service = service, .to = to,
                                 .reply = answered ? answered->reply : usual_service_answer(service)};
    hear_call(talk, call, service->body ? sm_json_text(&talk->run, service->body, SM_JSON_COMPACT) : "", entry.reply.code);
    answer(talk, &entry);
}

static const struct sm_log *log_for(struct sm_env *env, void *self, const struct sm_resource *resource) {
    (void)env;
    return log_of(self, resource);
}

/* --- Running ------------------------------------------------------------------------------------------------------------- */

static void hear(void *self, const struct sm_journal_event *event) {
    struct sm_talk *talk = self;
    switch (event->kind) {
    case SM_JOURNAL_EVENT:
        sm_str_addf(&talk->heard, "event: %s\n", event->text);
        break;
    case SM_JOURNAL_NOTE:
        sm_str_addf(&talk->heard, "note: %s\n", event->text);
        break;
    case SM_JOURNAL_FINISHED:
        talk->passes++;
        sm_str_addf(&talk->heard, "%s\n", event->text);
        break;
    default:
        break;
    }
}

void sm_talk_init(struct sm_talk *talk, const struct sm_controller *controller, const void *options) {
    memset(talk, 0, sizeof *talk);
    sm_region_init(&talk->run, "run", 0);
    sm_region_init(&talk->scratch, "scratch", 0);
    talk->controller = controller;
    talk->options = options;
    talk->client = (struct sm_client){.name = controller->name, .user = controller->name, .agent = controller->name};
    talk->transport = (struct sm_transport){.self = talk, .send = send, .call = call_service, .log = log_for};
    talk->sim = sm_sim_new(&(struct sm_sim_config){.run = &talk->run, .scratch = &talk->scratch, .seed = 1, .sink = {talk, hear}});
    sm_str_init(&talk->heard, &talk->run);
}

void sm_talk_release(struct sm_talk *talk) {
    sm_region_release(&talk->scratch);
    sm_region_release(&talk->run);
}

const char *sm_talk_run(struct sm_talk *talk, uint32_t passes) {
    enum { STEPS_MAX = 100000 };
    struct sm_env *env = &talk->sim->env;
    talk->manager = sm_manager_new(
        env, &(struct sm_manager_config){
                 .controller = talk->controller, .client = &talk->client, .transport = &talk->transport, .options = talk->options});
    sm_manager_start(env, talk->manager);
    for (size_t i = 0; i < STEPS_MAX && talk->passes < passes; i++)
        if (!sm_sim_step(talk->sim))
            break;
    return talk->heard.data;
}

const struct sm_request *sm_talk_request(const struct sm_talk *talk, const char *call, size_t i) {
    for (size_t k = 0; k < talk->call_count; k++)
        if (talk->calls[k].request && !strcmp(talk->calls[k].call, call) && !i--)
            return talk->calls[k].request;
    return NULL;
}
