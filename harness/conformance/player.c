#include "player.h"

#include <stdlib.h>
#include <string.h>

#include "difference.h"
#include "json.h"
#include "lab.h"
#include "meta.h"
#include "stream.h"
#include "symbols.h"
#include "template.h"

#define POLL (50 * SM_MILLISECOND)

enum { STREAMS_MAX = 8 };

struct watched {
    const char *id;
    struct sm_stream *stream;
    sm_val refused; /* a list with the one body that came instead; NULL: it streams */
};

struct player {
    struct sm_region *r;
    sm_val recording;
    struct sm_lab *lab;
    struct sm_template template;
    struct sm_symbols symbols;
    struct watched watched[STREAMS_MAX];
    size_t watched_count;
};

/* --- Requests ------------------------------------------------------------------------------------------------------------ */

/* As a client quotes a path: what has a meaning in URLs stays. */
static const char *quoted(struct sm_region *r, const char *path) {
    struct sm_str out;

    sm_str_init(&out, r);
    for (; *path; path++) {
        unsigned char c = (unsigned char)*path;
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || strchr("/?&=%,!~:+.-_()'*", c);
        if (plain)
            sm_str_addc(&out, (char)c);
        else
            sm_str_addf(&out, "%%%02X", c);
    }
    return out.data;
}

/* A header of the request; [usual] if it names none, NULL if it says null. */
static const char *header(sm_val headers, const char *name, const char *usual) {
    sm_val value = sm_val_get(headers, name);

    return !value ? usual : sm_val_is_string(value) ? value->string : NULL;
}

static struct sm_http_request request_of(struct player *player, sm_val request) {
    struct sm_region *r = player->r;
    sm_val headers = sm_val_get(request, "headers"), body = sm_val_get(request, "body");
    struct sm_http_request http = {
        .method = sm_val_get(request, "method") ? sm_val_str_at(request, "method") : "GET",
        .path = quoted(r, sm_val_str_at(request, "path")),
        .accept = header(headers, "Accept", "application/json"),
        .content_type = header(headers, "Content-Type", body && !sm_val_is_null(body) ? "application/json" : NULL),
        .impersonate_user = header(headers, "Impersonate-User", NULL),
    };

    if (body && !sm_val_is_null(body)) {
        http.body = sm_val_is_string(body) ? body->string : sm_json_text(r, body, 0);
        http.body_bytes = strlen(http.body);
    }
    return http;
}

/* What of a body is compared. */
static sm_val part(struct player *player, sm_val body, sm_val step) {
    struct sm_region *r = player->r;
    sm_val only = sm_val_get(step, "only"), path, result = SM_EMPTY_MAP;

    if (!sm_val_count(only))
        return sm_symbols_body(&player->symbols, sm_symbols_prune(r, body, sm_val_get(player->recording, "ignore")), NULL);
    SM_EACH_ITEM(path, only) {
        const char *last = strrchr(path->string, '.');
        const char *name = sm_symbols_text(&player->symbols, path->string);
        result = sm_val_set(r, result, name,
                            sm_symbols_body(&player->symbols, sm_template_dig(r, body, path->string), last ? last + 1 : path->string));
    }
    return result;
}

static sm_val symbolised_headers(struct player *player, sm_val headers) {
    const struct sm_member *member;
    sm_val result = SM_EMPTY_MAP;

    SM_EACH_MEMBER(member, headers)
        result = sm_val_set(player->r, result, member->key,
                            sm_val_str(player->r, sm_symbols_text(&player->symbols, sm_val_text(member->value))));
    return result;
}

/* A name that the server made up is a symbol from now on. */
static void note_generated(struct player *player, sm_val request, int code, sm_val body) {
    sm_val metadata = sm_val_at(sm_val_is_map(sm_val_get(request, "body")) ? sm_val_get(request, "body") : NULL, "metadata");

    if (code == 201 && *sm_val_str_at(metadata, "generateName") && !*sm_val_str_at(metadata, "name"))
        sm_symbols_add_generated(&player->symbols, sm_meta_name(body));
}

static const char *settle(struct player *player, sm_val step, const char *label, const char *what, sm_val got) {
    sm_val recorded = sm_val_get(step, "expect");
    const char *difference = recorded ? sm_difference(player->r, recorded, got) : NULL;

    return difference ? sm_region_printf(player->r, "step %s (%s): %s", label, what, difference) : NULL;
}

/* --- Steps --------------------------------------------------------------------------------------------------------------- */

static const char *do_request(struct player *player, sm_val step, const char *label) {
    struct sm_region *r = player->r;
    sm_val request = sm_template_fill(&player->template, sm_val_get(step, "do"));

    if (player->template.error)
        return player->template.error;
    struct sm_http_request http = request_of(player, request);
    struct sm_lab_reply reply = sm_lab_do(player->lab, &http);
    player->template.replies = sm_val_set(r, player->template.replies, label, reply.body);
    note_generated(player, request, reply.code, reply.body);
    sm_val headers = symbolised_headers(player, reply.headers), body = NULL;
    if (!sm_val_true_at(step, "statusOnly")) {
        sm_symbols_find(&player->symbols, reply.body);
        body = part(player, reply.body, step);
    }
    sm_val got = SM_MAP(r, "status", sm_val_int(r, reply.code), "headers", headers, "body", body);
    const char *difference = settle(player, step, label, sm_region_printf(r, "%s %s", http.method, sm_val_str_at(request, "path")), got);
    if (!difference || reply.code == sm_val_int_at(step, "expect.status", reply.code))
        return difference;
    return sm_region_printf(r, "%s; it said: %s", difference, sm_val_text(sm_template_dig(r, reply.body, "message")));
}

static const char *do_watch(struct player *player, sm_val step, const char *label) {
    struct sm_region *r = player->r;
    sm_val request = sm_template_fill(&player->template, sm_val_get(step, "watch"));

    if (player->template.error)
        return player->template.error;
    if (player->watched_count == STREAMS_MAX)
        return "too many watches in one conversation";
    struct sm_http_request http = request_of(player, request);
    struct sm_route route = sm_lab_route(player->lab, &http);
    struct watched *watched = &player->watched[player->watched_count++];
    struct sm_reply reply;
    watched->id = label;
    watched->stream = sm_stream_open(r, &player->lab->sim->env, player->lab->server, &route, &reply);
    if (!watched->stream)
        watched->refused = SM_LIST(r, reply.body);
    return settle(player, step, label, sm_region_printf(r, "watch %s", sm_val_str_at(request, "path")),
                  SM_MAP(r, "status", sm_val_int(r, reply.code)));
}

static struct watched *find_watch(struct player *player, const char *id) {
    for (size_t i = 0; i < player->watched_count; i++) {
        if (strcmp(player->watched[i].id, id) == 0)
            return &player->watched[i];
    }
    return NULL;
}

/* Up to [count] events (-1: until a quiet time has passed without one); a closed stream shows at its end. */
static sm_val take(struct player *player, struct watched *watched, int64_t count, sm_time quiet, sm_time total) {
    struct sm_region *r = player->r;
    sm_val events = SM_EMPTY_LIST, closed = SM_MAP(r, "type", sm_val_str(r, "(closed)"));
    sm_time end = player->lab->sim->env.now + total, last = player->lab->sim->env.now;

    if (watched->refused)
        return sm_val_append(r, watched->refused, closed);
    while (count < 0 || (int64_t)events->count < count) {
        sm_val event = sm_stream_next(r, watched->stream, &player->lab->sim->env);
        if (event) {
            events = sm_val_append(r, events, event);
            last = player->lab->sim->env.now;
            continue;
        }
        if (sm_stream_closed(watched->stream, &player->lab->sim->env))
            return sm_val_append(r, events, closed);
        sm_time now = player->lab->sim->env.now;
        if (now >= end || (count < 0 && now >= last + quiet))
            break;
        sm_lab_pass(player->lab, POLL);
    }
    return events;
}

static sm_time seconds_at(sm_val v, const char *key, sm_time absent) {
    sm_val value = sm_val_get(v, key);

    if (!value)
        return absent;
    return value->kind == SM_KIND_DOUBLE ? (sm_time)(value->real * 1e9) : value->integer * SM_SECOND;
}

static const char *do_events(struct player *player, sm_val step, const char *label) {
    struct sm_region *r = player->r;
    sm_val wanted = sm_val_get(step, "events"), event, got = SM_EMPTY_LIST;
    struct watched *watched = find_watch(player, sm_val_str_at(wanted, "of"));

    if (!watched)
        return "events of a watch that was not opened";
    sm_val events = take(player, watched, sm_val_int_at(wanted, "count", -1), seconds_at(wanted, "quiet", SM_SECOND),
                         seconds_at(wanted, "timeout", 8 * SM_SECOND));
    player->template.replies = sm_val_set(r, player->template.replies, label, events);
    sm_symbols_find(&player->symbols, events);
    SM_EACH_ITEM(event, events)
        got = sm_val_append(r, got, part(player, event, wanted));
    return settle(player, step, label, sm_region_printf(r, "events %s", watched->id), SM_MAP(r, "events", got));
}

static bool is_so(struct player *player, sm_val until, const struct sm_lab_reply *reply) {
    const struct sm_member *member;

    if (reply->code != sm_val_int_at(until, "status", 200))
        return false;
    SM_EACH_MEMBER(member, sm_val_get(until, "is")) {
        sm_val found = sm_template_dig(player->r, reply->body, member->key);
        if (!sm_val_equal(found ? found : SM_NULL, member->value))
            return false;
    }
    SM_EACH_MEMBER(member, sm_val_get(until, "isNot")) {
        sm_val found = sm_template_dig(player->r, reply->body, member->key);
        if (sm_val_equal(found ? found : SM_NULL, member->value))
            return false;
    }
    sm_val items = sm_val_get(until, "items");
    return !items || (int64_t)sm_val_count(sm_val_get(reply->body, "items")) == items->integer;
}

static const char *do_until(struct player *player, sm_val step, const char *label) {
    struct sm_region *r = player->r;
    sm_val until = sm_template_fill(&player->template, sm_val_get(step, "until"));

    if (player->template.error)
        return player->template.error;
    sm_time end = player->lab->sim->env.now + seconds_at(until, "timeout", 15 * SM_SECOND);
    for (;;) {
        struct sm_http_request http = {
            .method = "GET", .path = quoted(r, sm_val_str_at(until, "path")), .accept = "application/json"};
        struct sm_lab_reply reply = sm_lab_do(player->lab, &http);
        if (is_so(player, until, &reply)) {
            player->template.replies = sm_val_set(r, player->template.replies, label, reply.body);
            sm_lab_pass(player->lab, seconds_at(until, "settle", 400 * SM_MILLISECOND));
            return NULL;
        }
        if (player->lab->sim->env.now >= end)
            return sm_region_printf(r, "step %s: waited for %s; last answer %.600s", label, sm_json_text(r, until, 0),
                                    sm_json_text(r, reply.body, 0));
        sm_lab_pass(player->lab, POLL);
    }
}

static const char *do_sleep(struct player *player, sm_val step, const char *label) {
    (void)label;
    sm_lab_pass(player->lab, seconds_at(step, "sleep", 0));
    return NULL;
}

static const char *do_compact(struct player *player, sm_val step, const char *label) {
    sm_val revision = sm_template_fill(&player->template, sm_val_get(step, "compact"));

    (void)label;
    sm_server_compact(player->lab->server, strtoll(sm_val_text(revision), NULL, 10));
    return player->template.error;
}

static const struct {
    const char *key;
    const char *(*play)(struct player *player, sm_val step, const char *label);
} steps[] = {
    {"sleep", do_sleep}, {"compact", do_compact}, {"until", do_until}, {"watch", do_watch}, {"events", do_events}, {"do", do_request},
};

static const char *play_step(struct player *player, sm_val step, const char *label) {
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (sm_val_get(step, steps[i].key))
            return steps[i].play(player, step, label);
    }
    return sm_region_printf(player->r, "step %s: of no known sort", label);
}

/* --- The conversation ------------------------------------------------------------------------------------------------------ */

static const char *make_namespace(struct player *player) {
    struct sm_http_request http = {.method = "POST", .path = "/api/v1/namespaces", .content_type = "application/json"};

    sm_val no_namespace = sm_val_get(player->recording, "namespace");
    if (no_namespace && !sm_val_is_true(no_namespace))
        return NULL;
    const char *text = sm_region_printf(player->r, "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}",
                                        player->template.name_space);
    http.body = text;
    http.body_bytes = strlen(text);
    struct sm_lab_reply reply = sm_lab_do(player->lab, &http);
    return reply.code == 201
               ? NULL
               : sm_region_printf(player->r, "could not create the namespace: %.300s", sm_json_text(player->r, reply.body, 0));
}

const char *sm_player_play(struct sm_region *r, sm_val recording, bool controllers, const char *kubernetes) {
    struct player *player = sm_region_zalloc(r, sizeof *player);
    sm_val step, order = sm_val_get(recording, "rvOrder");

    player->r = r;
    player->recording = recording;
    player->lab = sm_lab_new(r, controllers, kubernetes);
    player->template = (struct sm_template){.r = r, .name_space = "c-qzkwvjxp", .replies = SM_EMPTY_MAP};
    player->symbols.r = r;
    player->symbols.name_space = player->template.name_space;
    player->symbols.managed_fields = sm_val_true_at(recording, "managedFields");
    player->symbols.generated = sm_val_get(recording, "generated");

    const char *error = make_namespace(player);
    SM_EACH_ITEM(step, sm_val_get(recording, "steps")) {
        sm_val id = sm_val_get(step, "id");
        if (!error)
            error = play_step(player, step, id ? sm_val_text(id) : sm_region_printf(r, "%zu", step_i + 1));
    }
    if (error || !sm_val_is_list(order))
        return error;
    sm_val got = sm_symbols_order(&player->symbols);
    return sm_val_equal(got, order)
               ? NULL
               : sm_region_printf(r, "resourceVersions are ordered %s; recorded %s", sm_json_text(r, got, 0), sm_json_text(r, order, 0));
}
