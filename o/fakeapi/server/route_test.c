#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "json.h"
#include "route.h"
#include "sim.h"
#include "stream.h"

static struct sm_region r;
static struct sm_sim *sim;
static struct sm_server *server;

static const char *const masters[] = {"system:masters", NULL};
static const struct sm_client admin = {.name = "admin", .user = "admin", .groups = masters, .agent = "test"};

static int set_up(void **state) {
    (void)state;
    sm_region_init(&r, "test", 0);
    sim = sm_sim_new(&(struct sm_sim_config){.run = &r, .seed = 1, .state_bytes = 4 << 20});
    server = sm_server_new(&sim->env, &(struct sm_server_config){.seed = 1, .rbac = true});
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sm_region_release(&r);
    return 0;
}

static struct sm_route route(const char *method, const char *path, const char *type, const char *body) {
    const struct sm_http_request http = {.method = method,
                                         .path = path,
                                         .content_type = type,
                                         .body = body,
                                         .body_bytes = body ? strlen(body) : 0,
                                         .client = &admin};
    return sm_route(&r, server, &http);
}

/* `list pods ns= name= sub=`, and the refusal. */
static const char *shown(const struct sm_route *route) {
    const struct sm_request *request = &route->request;
    const struct sm_reply *refused = request->refused;

    if (!route->resource)
        return sm_region_printf(&r, "other %s", route->path);
    const char *what = sm_region_printf(&r, "%s %s%s%s %s/%s%s%s", sm_verb_names[request->verb], request->resource->plural,
                                        *request->resource->group ? "." : "", request->resource->group, request->name_space, request->name,
                                        *request->subresource ? " " : "", request->subresource);
    if (!refused)
        return what;
    return sm_region_printf(&r, "%s: %d %s", what, refused->code,
                            sm_val_is_string(refused->body) ? refused->body->string : sm_val_str_at(refused->body, "message"));
}

/* --- Paths ----------------------------------------------------------------------------------------------------------------- */

static void paths_name_what_is_asked(void **state) {
    (void)state;
#define NO_METHOD ": 405 the server does not allow this method on the requested resource"
#define NO_RESOURCE ": 404 the server could not find the requested resource"
    static const char *const rows[][3] = {
        {"GET", "/api/v1/namespaces/a/pods", "list pods a/"},
        {"GET", "/api/v1/pods", "list pods /"},
        {"GET", "/api/v1/namespaces/a/pods?watch=true", "watch pods a/"},
        {"GET", "/api/v1/namespaces/a/pods?watch=0", "list pods a/"},
        {"GET", "/api/v1/namespaces/a/pods/x", "get pods a/x"},
        {"GET", "/api/v1/namespaces/a/pods/x?watch=1", "get pods a/x"},
        {"GET", "/api/v1/namespaces/a/pods/x%2Fy", "get pods a/x/y"},
        {"GET", "/api/v1/watch/namespaces/a/pods", "watch pods a/"},
        {"GET", "/api/v1/watch/namespaces/a/pods/x", "watch pods a/"},
        {"GET", "/apis/apps/v1/statefulsets", "list statefulsets.apps /"},
        {"POST", "/apis/apps/v1/namespaces/a/statefulsets", "create statefulsets.apps a/"},
        {"PUT", "/apis/apps/v1/namespaces/a/statefulsets/x/scale", "update statefulsets.apps a/x scale"},
        {"PATCH", "/apis/apps/v1/namespaces/a/statefulsets/x/status", "patch statefulsets.apps a/x status"},
        {"DELETE", "/apis/apps/v1/namespaces/a/statefulsets/x", "delete statefulsets.apps a/x"},
        {"DELETE", "/apis/apps/v1/namespaces/a/statefulsets", "deletecollection statefulsets.apps a/"},
        {"GET", "/api/v1/namespaces", "list namespaces /"},
        {"GET", "/api/v1/namespaces/a", "get namespaces /a"},
        {"PUT", "/api/v1/namespaces/a/finalize", "update namespaces /a finalize"},
        {"GET", "/api/v1/namespaces/a/status", "get namespaces /a status"},
        {"POST", "/api/v1/namespaces/a/pods/x/binding", "create pods a/x binding"},
        {"GET", "/api/v1/nodes/n", "get nodes /n"},
        /* Methods that mean nothing there. */
        {"POST", "/api/v1/namespaces/a/pods/x", "create pods a/x" NO_METHOD},
        {"PUT", "/api/v1/namespaces/a/pods", "update pods a/" NO_METHOD},
        {"PATCH", "/api/v1/namespaces/a/pods", "patch pods a/" NO_METHOD},
        {"OPTIONS", "/api/v1/namespaces/a/pods", "list pods a/" NO_METHOD},
        {"HEAD", "/api/v1/namespaces/a/pods/x", "get pods a/x" NO_METHOD},
        {"POST", "/api/v1/pods", "create pods /" NO_METHOD},
        {"DELETE", "/api/v1/pods", "deletecollection pods /" NO_METHOD},
        /* Nothing there. */
        {"GET", "/api/v1/nothing", "list nothing /" NO_RESOURCE},
        {"GET", "/apis/apps/v9/statefulsets", "list statefulsets.apps /" NO_RESOURCE},
        {"GET", "/apis/nope.example.com/v1/things", "list things.nope.example.com /: 404 404 page not found\n"},
        {"GET", "/api/v1/namespaces/a/nodes", "list nodes a/" NO_RESOURCE},
        {"GET", "/api/v1/pods/x", "get pods /x" NO_RESOURCE},
        {"GET", "/api/v1/namespaces/a/pods/x/log/y", "get pods a/x log" NO_RESOURCE},
        /* Not about resources. */
        {"GET", "/version?pretty=1", "other /version"},
        {"GET", "/api", "other /api"},
        {"GET", "/api/v1", "other /api/v1"},
        {"GET", "/apis/apps/v1", "other /apis/apps/v1"},
        {"GET", "/a%20b", "other /a b"},
        {"GET", "", "other "},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sm_route found =
            route(rows[i][0], rows[i][1], "application/json-patch+json", strcmp(rows[i][0], "PATCH") == 0 ? "[]" : NULL);
        if (strcmp(rows[i][0], "POST") == 0 || strcmp(rows[i][0], "PUT") == 0)
            found = route(rows[i][0], rows[i][1], NULL, "{}");
        if (strcmp(shown(&found), rows[i][2]) != 0)
            fail_msg("%s %s: %s, not %s", rows[i][0], rows[i][1], shown(&found), rows[i][2]);
    }
}

static void a_legacy_watch_of_one_name_selects_it(void **state) {
    (void)state;
    struct sm_route found = route("GET", "/api/v1/watch/namespaces/a/pods/x?timeoutSeconds=5", NULL, NULL);

    assert_string_equal(found.request.field_selector, "metadata.name=x");
    assert_int_equal(found.timeout_seconds, 5);
}

/* --- Options --------------------------------------------------------------------------------------------------------------- */

static void queries_are_decoded(void **state) {
    (void)state;
    struct sm_route found =
        route("GET",
              "/api/v1/pods?labelSelector=a%20in%20(b,c)&fieldSelector=metadata.name%3Dx+y&limit=7&continue=t%3D&"
              "resourceVersion=5&resourceVersionMatch=Exact&allowWatchBookmarks=true&sendInitialEvents=false&nothing=1&",
              NULL, NULL);

    assert_string_equal(found.request.label_selector, "a in (b,c)");
    assert_string_equal(found.request.field_selector, "metadata.name=x y");
    assert_int_equal(found.request.limit, 7);
    assert_string_equal(found.request.continue_token, "t=");
    assert_string_equal(found.request.resource_version, "5");
    assert_string_equal(found.request.resource_version_match, "Exact");
    assert_true(found.request.allow_bookmarks);
    assert_false(found.request.send_initial_events);
    assert_null(found.request.refused);
}

static void options_of_writes(void **state) {
    (void)state;
    struct sm_route found = route("PATCH", "/api/v1/namespaces/a/pods/x?fieldManager=m&force=yes&dryRun=All&fieldValidation=Strict",
                                  "application/apply-patch+yaml; charset=utf-8", "a: 1\n");

    assert_int_equal(found.request.patch, SM_PATCH_APPLY);
    assert_string_equal(found.request.field_manager, "m");
    assert_true(found.request.force && found.request.force_given && found.request.dry_run);
    assert_int_equal(found.request.field_validation, SM_VALIDATE_STRICT);
    assert_int_equal(sm_val_int_at(found.request.body, "a", 0), 1);
}

static void options_that_are_none_are_refused(void **state) {
    (void)state;
    static const char *const rows[][3] = {
        {"POST", "/api/v1/namespaces/a/pods?dryRun=Some",
         "CreateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: []string{\"Some\"}: supported values: \"All\""},
        {"PUT", "/api/v1/namespaces/a/pods/x?fieldValidation=Nope",
         "UpdateOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"Nope\": supported values: \"\", \"Ignore\", "
         "\"Strict\", \"Warn\""},
        {"GET", "/api/v1/pods?limit=many", "strconv.ParseInt: parsing \"many\": invalid syntax"},
        {"DELETE", "/api/v1/namespaces/a/pods/x?gracePeriodSeconds=x", "strconv.ParseInt: parsing \"x\": invalid syntax"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sm_route found = route(rows[i][0], rows[i][1], NULL, "{}");
        assert_non_null(found.request.refused);
        assert_string_equal(sm_val_str_at(found.request.refused->body, "message"), rows[i][2]);
    }
}

static void options_of_a_delete_come_from_the_query_or_the_body(void **state) {
    (void)state;
    struct sm_route query =
        route("DELETE", "/api/v1/namespaces/a/pods/x?gracePeriodSeconds=3&propagationPolicy=Orphan&orphanDependents=false", NULL, NULL);
    struct sm_route body = route("DELETE", "/api/v1/namespaces/a/pods/x?gracePeriodSeconds=3", NULL, "{\"gracePeriodSeconds\":4}");

    assert_string_equal(sm_json_text(&r, query.request.body, 0),
                        "{\"gracePeriodSeconds\":3,\"orphanDependents\":false,\"propagationPolicy\":\"Orphan\"}");
    assert_int_equal(sm_val_int_at(body.request.body, "gracePeriodSeconds", 0), 4);
}

/* --- Bodies ---------------------------------------------------------------------------------------------------------------- */

static void bodies_that_cannot_be_read_are_refused_by_each_verb_in_its_words(void **state) {
    (void)state;
    static const struct {
        const char *method, *path, *type, *body;
        int code;
        const char *message;
    } rows[] = {
        {"POST", "/api/v1/namespaces/a/configmaps", "application/json", "{", 400,
         "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of "
         "JSON input (7b)"},
        {"POST", "/api/v1/namespaces/a/configmaps", NULL, "", 400,
         "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of "
         "JSON input (<empty>)"},
        {"DELETE", "/api/v1/namespaces/a/configmaps/c", NULL, "{", 500, "unexpected end of JSON input"},
        {"PATCH", "/api/v1/namespaces/a/configmaps/c", "application/merge-patch+json", "no", 400,
         "error decoding patch: invalid character 'o' in literal null (expecting 'u')"},
        {"PATCH", "/api/v1/namespaces/a/configmaps/c", "application/json-patch+json", "]", 400,
         "invalid character ']' looking for beginning of value"},
        {"PATCH", "/api/v1/namespaces/a/configmaps/c", "application/apply-patch+yaml", "a: [", 400, NULL},
        {"POST", "/api/v1/namespaces/a/configmaps", "text/plain", "{}", 415,
         "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, "
         "application/vnd.kubernetes.protobuf"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sm_route found = route(rows[i].method, rows[i].path, rows[i].type, rows[i].body);
        assert_non_null(found.request.refused);
        assert_int_equal(found.request.refused->code, rows[i].code);
        if (rows[i].message)
            assert_string_equal(sm_val_str_at(found.request.refused->body, "message"), rows[i].message);
    }
}

static void a_patch_of_unknown_type_is_left_to_its_kind(void **state) {
    (void)state;
    struct sm_route found = route("PATCH", "/api/v1/namespaces/a/configmaps/c", "application/json", "{}");
    struct sm_reply reply = sm_server_handle(&sim->env, server, &found.request);

    assert_null(found.request.refused);
    assert_int_equal(reply.code, 415);
}

static void duplicate_keys_are_told_of(void **state) {
    (void)state;
    struct sm_route json = route("POST", "/api/v1/namespaces/a/configmaps", NULL, "{\"data\":{\"a\":\"1\",\"a\":\"2\"}}");
    struct sm_route yaml = route("POST", "/api/v1/namespaces/a/configmaps", "application/yaml", "data:\n  a: x\n  a: z\n");
    struct sm_route applied =
        route("PATCH", "/api/v1/namespaces/a/configmaps/c", "application/apply-patch+yaml", "{\"data\":{\"a\":\"1\",\"a\":\"2\"}}");

    assert_string_equal(sm_json_text(&r, json.request.duplicates, 0), "[\"data.a\"]");
    assert_string_equal(sm_val_str_at(json.request.body, "data.a"), "2");
    assert_string_equal(sm_json_text(&r, yaml.request.duplicates, 0), "[\"line 3: key \\\"a\\\" already set in map\"]");
    assert_string_equal(sm_val_str_at(yaml.request.body, "data.a"), "z");
    assert_string_equal(sm_json_text(&r, applied.request.duplicates, 0), "[\"line 1: key \\\"a\\\" already set in map\"]");
}

static void too_large_a_body_is_refused(void **state) {
    (void)state;
    struct sm_http_request http = {
        .method = "POST", .path = "/api/v1/namespaces/a/configmaps", .body = "{}", .body_bytes = 3145729, .client = &admin};

    assert_int_equal(sm_route(&r, server, &http).request.refused->code, 413);
}

/* --- Headers --------------------------------------------------------------------------------------------------------------- */

static void what_is_accepted(void **state) {
    (void)state;
    static const struct {
        const char *accept;
        int code; /* 0: accepted */
        bool yaml;
        enum sm_representation as;
    } rows[] = {
        {"application/json", 0, false, SM_AS_OBJECT},
        {"*/*", 0, false, SM_AS_OBJECT},
        {"", 0, false, SM_AS_OBJECT},
        {"application/yaml", 0, true, SM_AS_OBJECT},
        {"application/vnd.kubernetes.protobuf, application/json", 0, false, SM_AS_OBJECT},
        {"application/json;as=Table;v=v1;g=meta.k8s.io, application/json", 0, false, SM_AS_TABLE},
        {"application/json; as=PartialObjectMetadata; v=v1; g=meta.k8s.io", 0, false, SM_AS_PARTIAL},
        {"application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io", 0, false, SM_AS_PARTIAL_LIST},
        {"application/json;as=Table;v=v9;g=meta.k8s.io,application/json", 0, false, SM_AS_OBJECT},
        {"application/json;as=Table;v=v9;g=meta.k8s.io", 406, false, SM_AS_OBJECT},
        {"text/html", 406, false, SM_AS_OBJECT},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sm_http_request http = {.method = "GET", .path = "/api/v1/pods", .accept = rows[i].accept, .client = &admin};
        struct sm_route found = sm_route(&r, server, &http);
        assert_int_equal(found.request.refused ? found.request.refused->code : 0, rows[i].code);
        assert_int_equal(found.yaml, rows[i].yaml);
        assert_int_equal(found.as, rows[i].as);
    }
}

static void a_service_account_is_impersonated_with_its_groups(void **state) {
    (void)state;
    static const char *const groups[] = {"devs", NULL};
    struct sm_http_request http = {
        .method = "GET", .path = "/api/v1/pods", .impersonate_user = "system:serviceaccount:ns:bot", .client = &admin};
    struct sm_route account = sm_route(&r, server, &http);
    http.impersonate_user = "ann";
    http.impersonate_groups = groups;
    struct sm_route ann = sm_route(&r, server, &http);

    assert_string_equal(account.request.client->user, "system:serviceaccount:ns:bot");
    assert_string_equal(account.request.client->groups[0], "system:serviceaccounts");
    assert_string_equal(account.request.client->groups[1], "system:serviceaccounts:ns");
    assert_string_equal(account.request.client->groups[2], "system:authenticated");
    assert_string_equal(ann.request.client->groups[0], "devs");
    assert_string_equal(ann.request.client->groups[1], "system:authenticated");
    assert_null(ann.request.client->groups[2]);
    assert_string_equal(ann.request.client->agent, "test");
}

/* --- Streams --------------------------------------------------------------------------------------------------------------- */

static struct sm_reply create(const char *name) {
    struct sm_route found = route("POST", "/api/v1/namespaces/default/configmaps", NULL,
                                  sm_region_printf(&r, "{\"metadata\":{\"name\":\"%s\"}}", name));
    return sm_server_handle(&sim->env, server, &found.request);
}

static const char *next(struct sm_stream *stream) {
    sm_val event = sm_stream_next(&r, stream, &sim->env);
    return event ? sm_region_printf(&r, "%s %s", sm_val_str_at(event, "type"), sm_val_str_at(event, "object.metadata.name")) : "nothing";
}

static void a_stream_shows_what_is_and_what_comes(void **state) {
    (void)state;
    struct sm_route found = route("GET", "/api/v1/namespaces/default/configmaps?watch=1&fieldSelector=metadata.name!%3Db", NULL, NULL);
    struct sm_reply reply;
    create("a");

    struct sm_stream *stream = sm_stream_open(&r, &sim->env, server, &found, &reply);
    create("b");
    create("c");

    assert_int_equal(reply.code, 200);
    assert_string_equal(next(stream), "ADDED a");
    assert_string_equal(next(stream), "ADDED c");
    assert_string_equal(next(stream), "nothing");
    assert_false(sm_stream_closed(stream, &sim->env));
    assert_int_equal(sm_stream_due(stream), 0);
}

static void a_stream_with_a_timeout_ends_after_a_bookmark(void **state) {
    (void)state;
    struct sm_route found =
        route("GET", "/api/v1/namespaces/default/configmaps?watch=1&timeoutSeconds=90&allowWatchBookmarks=1", NULL, NULL);
    struct sm_reply reply;
    struct sm_stream *stream = sm_stream_open(&r, &sim->env, server, &found, &reply);
    sm_time start = sim->env.now;

    assert_int_equal(sm_stream_due(stream), start + 60 * SM_SECOND);
    assert_string_equal(next(stream), "nothing");
    sm_sim_run_until(sim, start + 60 * SM_SECOND);
    assert_string_equal(next(stream), "BOOKMARK ");
    assert_string_equal(next(stream), "nothing");
    assert_int_equal(sm_stream_due(stream), start + 88 * SM_SECOND);
    sm_sim_run_until(sim, start + 88 * SM_SECOND);
    assert_string_equal(next(stream), "BOOKMARK ");
    assert_int_equal(sm_stream_due(stream), start + 90 * SM_SECOND);
    sm_sim_run_until(sim, start + 90 * SM_SECOND);
    create("late");
    assert_string_equal(next(stream), "nothing");
    assert_true(sm_stream_closed(stream, &sim->env));
}

static void too_old_a_stream_ends_with_an_error(void **state) {
    (void)state;
    struct sm_route found = route("GET", "/api/v1/namespaces/default/configmaps?watch=1&resourceVersion=1", NULL, NULL);
    struct sm_reply reply;
    create("a");
    sm_server_compact(server, sm_server_version(server));

    struct sm_stream *stream = sm_stream_open(&r, &sim->env, server, &found, &reply);

    assert_false(sm_stream_closed(stream, &sim->env));
    assert_string_equal(next(stream), "ERROR ");
    assert_true(sm_stream_closed(stream, &sim->env));
    assert_string_equal(next(stream), "nothing");
    assert_int_equal(sm_stream_due(stream), 0);
}

static void a_watch_that_is_refused_is_no_stream(void **state) {
    (void)state;
    struct sm_route found = route("GET", "/api/v1/namespaces/default/configmaps?watch=1&labelSelector=a%20b", NULL, NULL);
    struct sm_reply reply;

    assert_null(sm_stream_open(&r, &sim->env, server, &found, &reply));
    assert_int_equal(reply.code, 400);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(paths_name_what_is_asked),
        TEST(a_legacy_watch_of_one_name_selects_it),
        TEST(queries_are_decoded),
        TEST(options_of_writes),
        TEST(options_that_are_none_are_refused),
        TEST(options_of_a_delete_come_from_the_query_or_the_body),
        TEST(bodies_that_cannot_be_read_are_refused_by_each_verb_in_its_words),
        TEST(a_patch_of_unknown_type_is_left_to_its_kind),
        TEST(duplicate_keys_are_told_of),
        TEST(too_large_a_body_is_refused),
        TEST(what_is_accepted),
        TEST(a_service_account_is_impersonated_with_its_groups),
        TEST(a_stream_shows_what_is_and_what_comes),
        TEST(a_stream_with_a_timeout_ends_after_a_bookmark),
        TEST(too_old_a_stream_ends_with_an_error),
        TEST(a_watch_that_is_refused_is_no_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
