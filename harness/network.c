#include "network.h"

#include <string.h>

#include "bug.h"
#include "match.h"
#include "meta.h"
#include "status.h"

const char *const sm_fault_names[SM_FAULT_COUNT] = {
#define X(id, name, grade) [SM_FAULT_##id] = name,
    SM_FAULTS(X)
#undef X
};
const char *const sm_fault_grades[SM_FAULT_COUNT] = {
#define X(id, name, grade) [SM_FAULT_##id] = grade,
    SM_FAULTS(X)
#undef X
};

/* A call under way: made when it is sent, never changed. */
struct flight {
    struct sm_network *network;
    const struct sm_request *request; /* one of these two */
    const struct sm_service_call *service;
    struct sm_answer_to to;
    sm_time latency, sent;
    const struct sm_fault_rule *fault; /* NULL: none */
    const struct sm_reply *reply;      /* set in the copy that travels back */
    bool made_up;                      /* the reply is the fault's, not the server's */
    bool orphan;                       /* its client's process has ended */
    const char *object;                /* for labels */
};

struct hold {
    const struct sm_call_match *match; /* NULL: free */
    bool used;                         /* a call has waited for it */
};

struct sm_network {
    const struct sm_network_config *config;
    struct sm_transport transport;
    bool begun;
    uint32_t matched[SM_NETWORK_FAULTS_MAX]; /* calls a fault rule has looked at and found its own */
    uint32_t hits[SM_NETWORK_FAULTS_MAX];
    struct hold holds[SM_NETWORK_HOLDS_MAX];
    const struct sm_call_match *idle_hold;          /* the first that was released before any call had waited */
    const struct flight *held[SM_NETWORK_HELD_MAX]; /* in the order they were sent */
    uint32_t held_count;
};

/* --- Matching ---------------------------------------------------------------------------------------------------------- */

static bool text_matches(const char *pattern, const char *text) {
    return !pattern || sm_match_glob(pattern, text ? text : "");
}

static bool resource_matches(const char *pattern, const struct sm_request *request) {
    const char *plural = request->resource->plural;
    size_t bytes = strlen(plural);

    if (!request->subresource[0])
        return sm_match_glob(pattern, plural);
    return strncmp(pattern, plural, bytes) == 0 ? pattern[bytes] == '/' && sm_match_glob(pattern + bytes + 1, request->subresource)
                                                : strcmp(pattern, "*") == 0;
}

bool sm_call_matches(const struct sm_call_match *match, const struct sm_request *request, const struct sm_service_call *service) {
    const struct sm_client *client = request ? request->client : service->client;
    sm_val body = request ? request->body : service->body;

    if (!text_matches(match->client, client ? client->name : ""))
        return false;
    if (request
            ? !text_matches(match->verb, sm_request_verb(request)) || (match->resource && !resource_matches(match->resource, request)) ||
                  !text_matches(match->name_space, request->name_space) || !text_matches(match->name, request->name)
            : !text_matches(match->verb, service->method) || !text_matches(match->resource, service->service) || match->name_space ||
                  !text_matches(match->name, service->path))
        return false;
    return !match->body || sm_match(match->body, body, NULL, NULL, NULL);
}

/* --- The journal -------------------------------------------------------------------------------------------------------- */

static const char *resource_text(struct sm_env *env, const struct sm_request *request) {
    return request->subresource[0] ? sm_region_printf(env->scratch, "%s/%s", request->resource->plural, request->subresource)
                                   : request->resource->plural;
}

static void emit_call(struct sm_env *env, enum sm_journal_kind kind, const struct flight *flight, const char *text) {
    if (!env->journal)
        return;
    struct sm_journal_event event = {.time = env->now, .cause = env->cause, .kind = kind, .text = text};
    const struct sm_reply *reply = flight->reply;

    if (flight->request) {
        const struct sm_request *request = flight->request;
        sm_val now = NULL;
        event.actor = request->client ? request->client->name : "anonymous";
        event.verb = sm_request_verb(request);
        event.resource = resource_text(env, request);
        event.name_space = request->name_space;
        event.name = request->name[0] ? request->name : reply ? sm_meta_name(reply->body) : "";
        event.request = request->body;
        event.options = sm_request_query(env->scratch, request);
        if (request->name[0])
            now = sm_server_peek(flight->network->config->server, request->resource, request->name_space, request->name);
        event.latest = sm_meta_version(now);
    } else {
        event.actor = flight->service->client ? flight->service->client->name : "anonymous";
        event.verb = sm_region_printf(env->scratch, "%s %s", flight->service->method, flight->service->path);
        event.resource = flight->service->service;
        event.name = flight->service->host;
        event.request = flight->service->body;
    }
    if (reply) {
        event.code = reply->code;
        event.reply = reply->body;
        event.version = flight->request ? sm_meta_version(reply->body) : 0;
        if (!text && !sm_reply_ok(reply))
            event.text = sm_reply_error(reply);
    }
    sm_env_emit(env, &event);
}

static void observe(struct sm_env *env, const struct flight *flight, enum sm_call_phase phase) {
    const struct sm_network_config *config = flight->network->config;

    if (config->observe)
        config->observe(env, config->observe_arg,
                        &(struct sm_call_event){phase, flight->request, flight->service, flight->reply, flight->made_up});
}

/* --- Faults --------------------------------------------------------------------------------------------------------------- */

static bool writes(const struct flight *flight) {
    return flight->request ? flight->request->verb >= SM_CREATE : strcmp(flight->service->method, "GET") != 0;
}

static const struct sm_fault_rule *rule_fault(struct sm_network *network, const struct flight *flight) {
    for (size_t i = 0; i < network->config->fault_count; i++) {
        const struct sm_fault_rule *rule = &network->config->faults[i];
        uint32_t first = rule->nth ? rule->nth : 1;
        if (!sm_call_matches(&rule->match, flight->request, flight->service))
            continue;
        uint32_t n = ++network->matched[i];
        if (n < first || (rule->times && n >= first + rule->times))
            continue;
        network->hits[i]++;
        return rule;
    }
    return NULL;
}

/* What may be chosen to go wrong with a call, in order of promise. Being late is a choice of every event; see sim.h. Who has
 * no process that can end has the ways before the first CRASH only. */
#define PAUSE (20 * SM_SECOND) /* longer than the 15s for which a leader's lease usually holds */
#define CRASHES \
    {.fault = SM_FAULT_CRASH_AFTER}, {.fault = SM_FAULT_CRASH_BEFORE}, {.fault = SM_FAULT_CRASH_AMID, .delay = 5 * SM_SECOND}, \
        {.fault = SM_FAULT_PAUSE_BEFORE, .delay = PAUSE}, { \
        .fault = SM_FAULT_PAUSE_AFTER, .delay = PAUSE \
    }
#define CRASH_NAMES "crash-after", "crash-before", "crash-amid", "pause-before", "pause-after"
static const struct sm_fault_rule update_ways[] = {{.fault = SM_FAULT_NONE},
                                                   {.fault = SM_FAULT_CONFLICT},
                                                   {.fault = SM_FAULT_LOSE_ANSWER},
                                                   {.fault = SM_FAULT_LOSE_ANSWER, .delay = 30 * SM_SECOND},
                                                   {.fault = SM_FAULT_LOSE_REQUEST},
                                                   {.fault = SM_FAULT_ERROR, .code = 500},
                                                   CRASHES};
static const char *const update_names[] = {"none", "conflict", "lose-answer", "time-out", "lose-request", "error", CRASH_NAMES};
static const struct sm_fault_rule write_ways[] = {{.fault = SM_FAULT_NONE},
                                                  {.fault = SM_FAULT_LOSE_ANSWER},
                                                  {.fault = SM_FAULT_LOSE_ANSWER, .delay = 30 * SM_SECOND},
                                                  {.fault = SM_FAULT_LOSE_REQUEST},
                                                  {.fault = SM_FAULT_ERROR, .code = 500},
                                                  CRASHES};
static const char *const write_names[] = {"none", "lose-answer", "time-out", "lose-request", "error", CRASH_NAMES};
/* A read loses nothing by a lost answer, and conflicts with nobody. */
static const struct sm_fault_rule read_ways[] = {
    {.fault = SM_FAULT_NONE}, {.fault = SM_FAULT_LOSE_REQUEST}, {.fault = SM_FAULT_ERROR, .code = 500}, {.fault = SM_FAULT_CRASH_BEFORE}};
static const char *const read_names[] = {"none", "lose-request", "error", "crash-before"};

static const struct ways {
    const struct sm_fault_rule *rules;
    const char *const *names;
    uint32_t mortal, immortal; /* how many */
} ways_update = {update_ways, update_names, 11, 6}, ways_write = {write_ways, write_names, 10, 5}, ways_read = {read_ways, read_names, 4, 3};

/* Of ways that are no fault of their own. */
static const struct {
    const char *way, *grade;
} grades[] = {{"time-out", "rare"}, {"cut-1s", "common"}, {"cut-20s", "rare"}, {"1m", "rare"}, {"5m", "rare"}};

const struct sm_fault_rule *sm_network_way(const char *way) {
    for (uint32_t i = 1; i < ways_update.mortal; i++)
        if (strcmp(ways_update.names[i], way) == 0)
            return &ways_update.rules[i];
    return NULL;
}

const char *sm_fault_grade(const char *way) {
    for (size_t i = 0; i < SM_FAULT_COUNT; i++)
        if (strcmp(sm_fault_names[i], way) == 0)
            return sm_fault_grades[i];
    for (size_t i = 0; i < sizeof grades / sizeof grades[0]; i++)
        if (strcmp(grades[i].way, way) == 0)
            return grades[i].grade;
    return "common";
}

/* Only what names the version that it changes can conflict. */
static bool conflicts(const struct sm_request *request) {
    if (!request || request->verb == SM_CREATE)
        return false;
    return request->verb == SM_DELETE ? sm_val_at(request->body, "preconditions.resourceVersion") != NULL
                                      : sm_val_at(request->body, "metadata.resourceVersion") != NULL;
}

static const struct sm_client *client_of(const struct flight *flight) {
    return flight->request ? flight->request->client : flight->service->client;
}

static bool crash(struct sm_env *env, const struct flight *flight, bool really) {
    const struct sm_network_config *config = flight->network->config;

    return config->crash && config->crash(env, config->crash_arg, client_of(flight), really);
}

static void pause(struct sm_env *env, const struct flight *flight) {
    const struct sm_network_config *config = flight->network->config;

    if (config->pause && crash(env, flight, false))
        config->pause(env, config->crash_arg, client_of(flight), env->now + flight->fault->delay);
}

static const struct sm_fault_rule *choose_fault(struct sm_env *env, const struct flight *flight) {
    const struct ways *ways = !writes(flight) ? &ways_read : conflicts(flight->request) ? &ways_update : &ways_write;
    const struct sm_client *client = client_of(flight);

    if (flight->request && flight->request->resource == SM_EVENTS) /* nobody reads them */
        return NULL;
    struct sm_choice_point point = {.kind = SM_CHOICE_FAULT,
                                    .n = crash(env, flight, false) ? ways->mortal : ways->immortal,
                                    .actor = client ? client->name : "anonymous",
                                    .what = flight->request ? sm_request_verb(flight->request) : "call",
                                    .object = flight->object,
                                    .ways = ways->names};
    uint32_t way = sm_env_choose(env, &point);
    return way ? &ways->rules[way] : NULL;
}

static struct sm_reply lost(struct sm_env *env, const char *text) {
    return (struct sm_reply){.code = 0, .body = sm_val_str(env->run, text)};
}

static const struct {
    int code;
    const char *reason, *message;
} usual_errors[] = {
    {403, "Forbidden", "forbidden"},
    {404, "NotFound", "the server could not find the requested resource"},
    {409, "AlreadyExists", "already exists"},
    {410, "Expired", "The resourceVersion for the provided watch is too old."},
    {429, "TooManyRequests", "too many requests, please try again later"},
    {500, "InternalError", "Internal error occurred: injected"},
    {503, "ServiceUnavailable", "the server is currently unable to handle the request"},
    {504, "Timeout", "Timeout: request did not complete within requested timeout - context deadline exceeded"},
};

/* The reply that stands in for the server's, or code -1: the server answers. */
static struct sm_reply faulty_reply(struct sm_env *env, const struct flight *flight) {
    const struct sm_fault_rule *rule = flight->fault;

    switch (rule ? rule->fault : SM_FAULT_NONE) {
    case SM_FAULT_CONFLICT:
        if (!flight->request)
            break;
        return sm_status_conflict(env->run, flight->request->resource, flight->request->name,
                                  "the object has been modified; please apply your changes to the latest version and try again");
    case SM_FAULT_LOSE_REQUEST:
        return lost(env, "connect: connection refused");
    case SM_FAULT_ERROR:
        if (flight->service)
            return (struct sm_reply){.code = rule->code, .body = sm_val_str(env->run, rule->message ? rule->message : "injected")};
        for (size_t i = 0; i < sizeof usual_errors / sizeof *usual_errors; i++)
            if (usual_errors[i].code == rule->code)
                return sm_status(env->run, rule->code, usual_errors[i].reason, rule->message ? rule->message : usual_errors[i].message, "", "",
                                 "", NULL, 0);
        return sm_status(env->run, rule->code, "", rule->message ? rule->message : "injected", "", "", "", NULL, 0);
    default:
        break;
    }
    return (struct sm_reply){.code = -1};
}

/* --- The three events ------------------------------------------------------------------------------------------------------- */

/* Nobody listens to a service any more whose answer comes so late. */
static const struct flight *timed_out(struct sm_env *env, const struct flight *late) {
    struct flight *flight = sm_region_alloc(env->run, sizeof *flight);
    struct sm_reply *nothing = sm_region_alloc(env->run, sizeof *nothing);

    *nothing = lost(env, "context deadline exceeded");
    *flight = *late;
    flight->reply = nothing;
    flight->made_up = true;
    return flight;
}

static void answer(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    const struct flight *flight = data;
    (void)self;
    (void)arg;

    if (flight->service && flight->service->timeout && env->now > flight->sent + flight->service->timeout && !flight->made_up)
        flight = timed_out(env, flight);
    observe(env, flight, SM_CALL_ANSWERED);
    emit_call(env, SM_JOURNAL_ANSWERED, flight, NULL);
    flight->to.fire(env, flight->to.self, flight->to.token, flight->reply);
}

static void commit(struct sm_env *env, void *self, uint64_t arg, const void *data);

static void schedule(struct sm_env *env, const struct flight *flight, sm_time delay,
                     void (*fire)(struct sm_env *env, void *self, uint64_t arg, const void *data), const char *what) {
    const struct sm_client *client = flight->request ? flight->request->client : flight->service->client;

    sm_env_at(env, &(struct sm_event){.due = env->now + delay,
                                      .self = flight->network,
                                      .fire = fire,
                                      .data = flight,
                                      .actor = client ? client->name : "anonymous",
                                      .what = what,
                                      .object = flight->object,
                                      .under_way = fire == commit});
}

static struct sm_reply handle(struct sm_env *env, const struct flight *flight, sm_time *ret_delay, bool *ret_made_up) {
    const struct sm_network_config *config = flight->network->config;
    struct sm_reply reply = faulty_reply(env, flight);

    *ret_delay = flight->latency - flight->latency / 2;
    *ret_made_up = reply.code != -1;
    if (*ret_made_up)
        return reply;
    if (flight->request)
        return sm_server_handle(env, config->server, flight->request);
    reply = config->service ? config->service(env, config->service_arg, flight->service) : lost(env, "no such host");
    sm_time timeout = flight->service->timeout;
    if (reply.code == -1 || (timeout && flight->latency > timeout)) {
        *ret_delay = timeout > flight->latency / 2 ? timeout - flight->latency / 2 : 0;
        return lost(env, "context deadline exceeded");
    }
    return reply;
}

/* The process that sent it ends; what had left it already goes on. */
static void end_client(struct sm_env *env, const struct flight *sent) {
    struct flight *orphan = sm_region_alloc(env->run, sizeof *orphan);

    *orphan = *sent;
    orphan->orphan = true;
    emit_call(env, SM_JOURNAL_FAULT, sent, sm_fault_names[sent->fault->fault]);
    crash(env, sent, true);
    if (sent->fault->fault == SM_FAULT_CRASH_AMID)
        schedule(env, orphan, sent->fault->delay, commit, "commit");
}

static void commit(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    const struct flight *sent = data;
    struct flight *back = sm_region_alloc(env->run, sizeof *back);
    struct sm_reply *reply = sm_region_alloc(env->run, sizeof *reply);
    enum sm_fault fault = sent->fault ? sent->fault->fault : SM_FAULT_NONE;
    sm_time delay = 0;
    (void)self;
    (void)arg;

    if (fault == SM_FAULT_CRASH_BEFORE || (fault == SM_FAULT_CRASH_AMID && !sent->orphan)) {
        end_client(env, sent);
        return;
    }
    *back = *sent;
    *reply = handle(env, sent, &delay, &back->made_up);
    back->reply = reply;
    if (sent->fault && env->journal)
        emit_call(env, SM_JOURNAL_FAULT, back, sm_fault_names[sent->fault->fault]);
    emit_call(env, sent->request ? SM_JOURNAL_COMMITTED : SM_JOURNAL_SERVICE, back, NULL);
    observe(env, back, SM_CALL_COMMITTED);
    if (fault == SM_FAULT_CRASH_AFTER)
        crash(env, sent, true);
    if (fault == SM_FAULT_PAUSE_AFTER)
        pause(env, sent);
    if (fault == SM_FAULT_LOSE_ANSWER) {
        struct sm_reply *nothing = sm_region_alloc(env->run, sizeof *nothing);
        *nothing = lost(env, "EOF");
        back = sm_region_alloc(env->run, sizeof *back);
        *back = *sent;
        back->reply = nothing;
        back->made_up = true;
    }
    if (fault == SM_FAULT_CRASH_AFTER || fault == SM_FAULT_CRASH_AMID)
        return;
    if (sent->fault && fault != SM_FAULT_DELAY && fault != SM_FAULT_PAUSE_BEFORE && fault != SM_FAULT_PAUSE_AFTER)
        delay += sent->fault->delay;
    schedule(env, back, delay, answer, "answer");
}

static struct hold *held_by(struct sm_network *network, const struct flight *flight) {
    for (size_t i = 0; i < SM_NETWORK_HOLDS_MAX; i++)
        if (network->holds[i].match && sm_call_matches(network->holds[i].match, flight->request, flight->service))
            return &network->holds[i];
    return NULL;
}

static sm_time latency_of(const struct sm_network *network, const struct flight *flight) {
    const struct sm_network_config *config = network->config;

    for (size_t i = 0; network->begun && i < config->latency_count; i++)
        if (sm_call_matches(&config->latencies[i].match, flight->request, flight->service))
            return config->latencies[i].latency;
    return config->latency;
}

static sm_time delay_before(struct sm_env *env, const struct flight *flight) {
    enum sm_fault fault = flight->fault ? flight->fault->fault : SM_FAULT_NONE;

    if (fault == SM_FAULT_PAUSE_BEFORE)
        pause(env, flight);
    return fault == SM_FAULT_DELAY || fault == SM_FAULT_PAUSE_BEFORE ? flight->fault->delay : 0;
}

static void depart(struct sm_env *env, struct sm_network *network, struct flight *flight) {
    flight->latency = latency_of(network, flight);
    flight->sent = env->now;
    if (network->begun) {
        flight->fault = rule_fault(network, flight);
        if (!flight->fault)
            flight->fault = choose_fault(env, flight);
    }
    emit_call(env, SM_JOURNAL_SENT, flight, NULL);
    observe(env, flight, SM_CALL_SENT);
    struct hold *hold = held_by(network, flight);
    if (hold) {
        hold->used = true;
        SM_ASSERT(network->held_count < SM_NETWORK_HELD_MAX);
        network->held[network->held_count++] = flight;
        return;
    }
    schedule(env, flight, flight->latency / 2 + delay_before(env, flight), commit, "commit");
}

static const char *request_object(struct sm_env *env, const struct sm_request *request) {
    if (!request->name[0])
        return request->resource->plural;
    return sm_region_printf(env->run, "%s%s%s/%s%s%s", request->resource->plural, request->subresource[0] ? "/" : "", request->subresource,
                            request->name_space, request->name_space[0] ? "/" : "", request->name);
}

static void send_request(struct sm_env *env, void *self, const struct sm_request *request, struct sm_answer_to to) {
    struct flight *flight = sm_region_zalloc(env->run, sizeof *flight);

    *flight = (struct flight){.network = self, .request = request, .to = to, .object = request_object(env, request)};
    depart(env, self, flight);
}

static void send_call(struct sm_env *env, void *self, const struct sm_service_call *call, struct sm_answer_to to) {
    struct flight *flight = sm_region_zalloc(env->run, sizeof *flight);

    *flight = (struct flight){.network = self, .service = call, .to = to};
    flight->object = sm_region_printf(env->run, "%s %s %s", call->service, call->method, call->path);
    depart(env, self, flight);
}

static const struct sm_log *log_of(struct sm_env *env, void *self, const struct sm_resource *resource) {
    const struct sm_network *network = self;

    return sm_server_log(env, network->config->server, resource);
}

static bool may_watch(struct sm_env *env, void *self, const struct sm_client *client, const struct sm_resource *resource) {
    const struct sm_network *network = self;

    return sm_server_may_watch(env, network->config->server, client, resource);
}

/* --- What others may do ------------------------------------------------------------------------------------------------------- */

struct sm_network *sm_network_new(struct sm_env *env, const struct sm_network_config *config) {
    struct sm_network *network = sm_env_state(env, sizeof *network, "network");

    SM_ASSERT(config->fault_count <= SM_NETWORK_FAULTS_MAX);
    network->config = config;
    network->transport =
        (struct sm_transport){.self = network, .send = send_request, .call = send_call, .log = log_of, .may_watch = may_watch};
    return network;
}

void sm_network_begin(struct sm_network *network) {
    network->begun = true;
}

const struct sm_transport *sm_network_transport(struct sm_network *network) {
    return &network->transport;
}

const struct sm_reply *sm_network_do(struct sm_env *env, struct sm_network *network, const struct sm_request *request) {
    struct flight flight = {.network = network, .request = request};
    struct sm_reply *reply = sm_region_alloc(env->run, sizeof *reply);

    observe(env, &flight, SM_CALL_SENT);
    *reply = sm_server_handle(env, network->config->server, request);
    flight.reply = reply;
    emit_call(env, SM_JOURNAL_COMMITTED, &flight, NULL);
    observe(env, &flight, SM_CALL_COMMITTED);
    observe(env, &flight, SM_CALL_ANSWERED);
    return reply;
}

void sm_network_hold(struct sm_env *env, struct sm_network *network, const struct sm_call_match *match) {
    (void)env;
    for (size_t i = 0; i < SM_NETWORK_HOLDS_MAX; i++)
        if (!network->holds[i].match) {
            network->holds[i] = (struct hold){.match = match};
            return;
        }
    sm_bug("more than %d holds at a time", SM_NETWORK_HOLDS_MAX);
}

void sm_network_release(struct sm_env *env, struct sm_network *network, const struct sm_call_match *match) {
    uint32_t kept = 0;

    for (size_t i = 0; i < SM_NETWORK_HOLDS_MAX; i++)
        if (network->holds[i].match == match) {
            if (!network->holds[i].used && !network->idle_hold)
                network->idle_hold = match;
            network->holds[i].match = NULL;
        }
    for (uint32_t i = 0; i < network->held_count; i++)
        if (held_by(network, network->held[i]))
            network->held[kept++] = network->held[i];
        else
            schedule(env, network->held[i], network->held[i]->latency / 2, commit, "commit");
    for (uint32_t i = kept; i < network->held_count; i++)
        network->held[i] = NULL;
    network->held_count = kept;
}

uint32_t sm_network_fault_hits(const struct sm_network *network, size_t i) {
    return network->hits[i];
}

const struct sm_call_match *sm_network_idle_hold(const struct sm_network *network) {
    for (size_t i = 0; !network->idle_hold && i < SM_NETWORK_HOLDS_MAX; i++)
        if (network->holds[i].match && !network->holds[i].used)
            return network->holds[i].match;
    return network->idle_hold;
}

uint32_t sm_network_held(const struct sm_network *network) {
    return network->held_count;
}

/* --- The canonical hash --------------------------------------------------------------------------------------------------------- */

static void hash_flight(const struct flight *flight, struct sm_hash *hash) {
    if (flight->request) {
        sm_hash_u64(hash, flight->request->verb);
        sm_hash_u64(hash, flight->request->patch);
        sm_hash_text(hash, flight->request->client ? flight->request->client->name : "");
        sm_hash_val(hash, flight->request->body);
    } else {
        sm_hash_text(hash, flight->service->host);
        sm_hash_val(hash, flight->service->body);
    }
    sm_hash_text(hash, flight->object);
    sm_hash_u64(hash, flight->fault ? flight->fault->fault : SM_FAULT_NONE);
    if (flight->reply) {
        sm_hash_u64(hash, (uint64_t)flight->reply->code);
        sm_hash_val(hash, flight->reply->body);
    }
}

bool sm_network_hash_event(const struct sm_event *event, struct sm_hash *hash) {
    if (event->fire != commit && event->fire != answer)
        return false;
    sm_hash_u64(hash, event->fire == commit);
    hash_flight(event->data, hash);
    return true;
}

void sm_network_hash(const struct sm_network *network, struct sm_hash *hash) {
    for (size_t i = 0; i < network->config->fault_count; i++)
        sm_hash_u64(hash, network->matched[i]);
    sm_hash_u64(hash, network->held_count);
    for (uint32_t i = 0; i < network->held_count; i++)
        hash_flight(network->held[i], hash);
}
