/* The door as a client sees it: bytes over a loopback socket. Client and door take turns in one thread. */
#include "http_expect.h"

static const char post_configmap[] = "POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\n" AS(
    "secret") "Content-Type: application/json\r\n"
              "Content-Length: 81\r\n\r\n"
              "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"one\"},\"data\":{\"a\":\"1\"}}";

static void one_connection_serves_a_write_and_reads(void **state) {
    struct place *place = *state;
    struct client *client = client_new(place);

    say_text(place, client, post_configmap);
    assert_true(hears(place, client, "\n\r\n{") && hears(place, client, "}\n"));
    assert_non_null(strstr(client->heard, "HTTP/1.1 201 Created\r\n"));
    assert_non_null(strstr(client->heard, "\"manager\":\"kubectl\""));

    forget(client);
    say_text(place, client, "GET /api/v1/namespaces/default/configmaps/one HTTP/1.1\r\n" AS("secret") "\r\n");
    assert_true(hears(place, client, "\"name\":\"one\""));
    assert_non_null(strstr(client->heard, "HTTP/1.1 200 OK\r\n"));
    assert_non_null(strstr(client->heard, "Content-Type: application/json\r\n"));

    forget(client);
    say_text(place, client, "GET /nowhere HTTP/1.1\r\n" AS("secret") "\r\n");
    assert_true(hears(place, client, "404 page not found\n"));
    assert_non_null(strstr(client->heard, "Content-Type: text/plain"));
    assert_false(client->closed);
    client_end(client);
}

static void who_one_is_decides_what_one_may(void **state) {
    static const struct {
        const char *header, *status, *text;
    } rows[] = {
        {"Authorization: Bearer secret\r\n", "HTTP/1.1 200 ", "PodList"},
        {"Authorization: Bearer guessed\r\n", "HTTP/1.1 401 ", "\"message\":\"Unauthorized\""},
        {"Authorization: Bearer weak\r\n", "HTTP/1.1 403 ", "User \\\"eve\\\" cannot list"},
        {"", "HTTP/1.1 403 ", "User \\\"system:anonymous\\\" cannot list"},
        {"Authorization: Bearer secret\r\nImpersonate-User: bob\r\n", "HTTP/1.1 403 ", "User \\\"bob\\\" cannot list"},
        {"Authorization: Bearer weak\r\nImpersonate-User: admin\r\nImpersonate-Group: system:masters\r\n", "HTTP/1.1 403 ",
         "User \\\"eve\\\" cannot impersonate resource \\\"users\\\""},
        {"Authorization: Bearer weak\r\nImpersonate-User: system:serviceaccount:default:x\r\n", "HTTP/1.1 403 ",
         "cannot impersonate resource \\\"serviceaccounts\\\" in API group \\\"\\\" in the namespace \\\"default\\\""},
        {"Authorization: Bearer secret\r\nImpersonate-Group: x\r\n", "HTTP/1.1 500 ",
         "Internal Server Error: \"/api/v1/pods\": requested [{Group  x    }] without impersonating a user\n"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct client *client = client_new(*state);
        char request[512];
        snprintf(request, sizeof request, "GET /api/v1/pods HTTP/1.1\r\nHost: x\r\n%s\r\n", rows[i].header);

        say_text(*state, client, request);

        assert_true(hears(*state, client, rows[i].text));
        assert_non_null(strstr(client->heard, rows[i].status));
        client_end(client);
    }
}

static void watch_says_at_once_what_happens(void **state) {
    struct place *place = *state;
    struct client *watcher = client_new(place), *writer = client_new(place);

    say_text(place, watcher, "GET /api/v1/configmaps?watch=true HTTP/1.1\r\n" AS("secret") "\r\n");
    assert_true(hears(place, watcher, "\r\n\r\n"));
    assert_non_null(strstr(watcher->heard, "HTTP/1.1 200 OK\r\n"));
    assert_non_null(strstr(watcher->heard, "Transfer-Encoding: chunked\r\n"));
    assert_null(strstr(watcher->heard, "ADDED"));

    say_text(place, writer, post_configmap);

    assert_true(hears(place, watcher, "\"type\":\"ADDED\""));
    client_end(watcher);
    client_end(writer);
}

static void watch_ends_with_its_time(void **state) {
    struct place *place = *state;
    struct client *client = client_new(place);
    say_text(place, client, "GET /api/v1/pods?watch=true&timeoutSeconds=5 HTTP/1.1\r\n" AS("secret") "\r\n");
    assert_true(hears(place, client, "\r\n\r\n"));
    assert_int_equal(sm_http_due(place->http), place->sim->env.now + 5 * SM_SECOND);

    sm_sim_run_until(place->sim, place->sim->env.now + 5 * SM_SECOND);

    assert_true(hears(place, client, "0\r\n\r\n"));
    assert_int_equal(sm_http_streams(place->http), 0);
    client_end(client);
}

static void stop_ends_every_watch(void **state) {
    struct place *place = *state;
    struct client *client = client_new(place);
    say_text(place, client, "GET /api/v1/pods?watch=true HTTP/1.1\r\n" AS("secret") "\r\n");
    assert_true(hears(place, client, "\r\n\r\n"));
    assert_int_equal(sm_http_streams(place->http), 1);

    sm_http_stop(place->http);

    assert_true(hears(place, client, "0\r\n\r\n"));
    assert_int_equal(sm_http_streams(place->http), 0);
    client_end(client);
}

static void refused_watch_is_an_answer(void **state) {
    struct client *client = client_new(*state);

    say_text(*state, client, "GET /api/v1/pods?watch=true HTTP/1.1\r\n" AS("weak") "\r\n");

    assert_true(hears(*state, client, "cannot watch resource"));
    assert_non_null(strstr(client->heard, "HTTP/1.1 403 "));
    client_end(client);
}

/* 130 namespaces of a kilobyte each, which is more than what goes out as it is. */
static void large_answers_are_compressed_for_who_reads_that(void **state) {
    struct place *place = *state;
    struct client *client = client_new(place);
    char text[1100];
    memset(text, 'x', 1024);
    text[1024] = '\0';
    struct sm_region *r = place->sim->env.run;
    for (int i = 0; i < 130; i++)
        sm_server_put(&place->sim->env, place->server, SM_CONFIGMAPS,
                      SM_MAP(r, "metadata", SM_MAP(r, "namespace", sm_val_str(r, "default"), "name", sm_val_strf(r, "c-%d", i)), "data",
                             SM_MAP(r, "a", sm_val_str(r, text))));

    say_text(place, client, "GET /api/v1/configmaps HTTP/1.1\r\n" AS("secret") "Accept-Encoding: gzip, deflate\r\n\r\n");

    assert_true(hears(place, client, "\r\n\r\n"));
    assert_non_null(strstr(client->heard, "Content-Encoding: gzip\r\n"));
    const char *length = strstr(client->heard, "Content-Length: ");
    assert_non_null(length);
    assert_in_range(strtol(length + strlen("Content-Length: "), NULL, 10), 1, 32 << 10);
    forget(client);
    client_end(client);

    client = client_new(place);
    say_text(place, client, "GET /api/v1/configmaps HTTP/1.1\r\n" AS("secret") "\r\n");
    assert_true(hears(place, client, "\r\n\r\n{"));
    assert_null(strstr(client->heard, "Content-Encoding"));
    client_end(client);
}

static void too_large_a_body_is_refused_and_others_go_on(void **state) {
    enum { BYTES = 4 << 20 };
    struct place *place = *state;
    struct client *client = client_new(place);
    char *body = malloc(BYTES);
    memset(body, ' ', BYTES);

    say_text(place, client,
             "POST /api/v1/namespaces HTTP/1.1\r\n" AS("secret") "Content-Type: application/json\r\nContent-Length: 4194304\r\n\r\n");
    say(place, client, body, BYTES);

    assert_true(hears(place, client, "Request entity too large"));
    assert_non_null(strstr(client->heard, "HTTP/1.1 413 "));
    forget(client);
    say_text(place, client, "GET /healthz HTTP/1.1\r\n" AS("secret") "\r\n");
    assert_true(hears(place, client, "\r\n\r\nok"));
    client_end(client);
    free(body);
}

static void half_a_request_hurts_nobody(void **state) {
    struct place *place = *state;
    struct client *half = client_new(place), *whole = client_new(place);
    say_text(place, half, "POST /api/v1/namespaces HTTP/1.1\r\n" AS("secret") "Content-Length: 100\r\n\r\n{");
    client_end(half);

    say_text(place, whole, "GET /version HTTP/1.1\r\n" AS("secret") "\r\n");

    assert_true(hears(place, whole, "\"minor\":\"33\""));
    client_end(whole);
}

static void discovery_has_both_forms(void **state) {
    struct place *place = *state;
    struct client *client = client_new(place);

    say_text(place, client,
             "GET /apis HTTP/1.1\r\n" AS("secret") "Accept: application/json;g=apidiscovery.k8s.io;v=v2;"
                                                   "as=APIGroupDiscoveryList,application/json\r\n\r\n");
    assert_true(hears(place, client, "\"resource\":\"statefulsets\""));
    assert_non_null(strstr(client->heard, "Content-Type: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList\r\n"));
    client_end(client);

    client = client_new(place);
    say_text(place, client, "GET /apis/apps/v1 HTTP/1.1\r\n" AS("secret") "\r\n");
    assert_true(hears(place, client, "\"name\":\"statefulsets/scale\""));
    assert_non_null(strstr(client->heard, "\"kind\":\"APIResourceList\""));
    client_end(client);
}

static void openapi_says_that_fields_are_validated(void **state) {
    struct place *place = *state;
    struct client *client = client_new(place);

    say_text(place, client, "GET /openapi/v3 HTTP/1.1\r\n" AS("secret") "\r\n");
    assert_true(hears(place, client, "\"apis/apps/v1\":{\"serverRelativeURL\":\"/openapi/v3/apis/apps/v1\"}"));
    forget(client);
    say_text(place, client, "GET /openapi/v3/apis/apps/v1 HTTP/1.1\r\n" AS("secret") "\r\n");
    assert_true(hears(place, client, "\"/apis/apps/v1/namespaces/{namespace}/statefulsets/{name}\""));
    assert_non_null(strstr(client->heard, "\"name\":\"fieldValidation\""));
    forget(client);
    say_text(place, client, "GET /openapi/v3/apis/no/v1 HTTP/1.1\r\n" AS("secret") "\r\n");
    assert_true(hears(place, client, "404 page not found"));
    client_end(client);
}

static void bad_address_is_told(void **state) {
    struct place *place = *state;
    const char *error = NULL;

    assert_null(sm_http_open(&(struct sm_http_config){.env = &place->sim->env, .server = place->server, .bind = "here"}, &error));
    assert_string_equal(error, "that is no IPv4 address");
    assert_null(sm_http_open(&(struct sm_http_config){.env = &place->sim->env, .server = place->server, .port = sm_http_port(place->http)},
                             &error));
    assert_string_equal(error, "the port cannot be had");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_connection_serves_a_write_and_reads, setup, teardown),
        cmocka_unit_test_setup_teardown(who_one_is_decides_what_one_may, setup, teardown),
        cmocka_unit_test_setup_teardown(watch_says_at_once_what_happens, setup, teardown),
        cmocka_unit_test_setup_teardown(watch_ends_with_its_time, setup, teardown),
        cmocka_unit_test_setup_teardown(stop_ends_every_watch, setup, teardown),
        cmocka_unit_test_setup_teardown(refused_watch_is_an_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(large_answers_are_compressed_for_who_reads_that, setup, teardown),
        cmocka_unit_test_setup_teardown(too_large_a_body_is_refused_and_others_go_on, setup, teardown),
        cmocka_unit_test_setup_teardown(half_a_request_hurts_nobody, setup, teardown),
        cmocka_unit_test_setup_teardown(discovery_has_both_forms, setup, teardown),
        cmocka_unit_test_setup_teardown(openapi_says_that_fields_are_validated, setup, teardown),
        cmocka_unit_test_setup_teardown(bad_address_is_told, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
