/* What no client should send: each such is told what is wrong, or is left; and everybody else is served as before. */
#include "http_expect.h"

/* Somebody else, in the midst of it. */
static void others_are_served(struct place *place) {
    struct client *client = client_new(place);

    say_text(place, client, "GET /api/v1/namespaces/default HTTP/1.1\r\n" AS("secret") "\r\n");
    assert_true(hears(place, client, "\"phase\":\"Active\""));
    client_end(client);
}

/* The door answers with an error, or closes; it does not wait for more. */
static void refuses(struct place *place, const char *bytes, size_t count) {
    struct client *client = client_new(place);
    say_some(place, client, bytes, count);

    for (int turns = 0; turns < TURNS_MAX && !client->closed && !client->bytes; turns++)
        hear(place, client);

    assert_true(client->closed || strncmp(client->heard, "HTTP/1.1 4", 10) == 0 || strncmp(client->heard, "HTTP/1.0 4", 10) == 0 ||
                strncmp(client->heard, "HTTP/1.1 505", 12) == 0);
    others_are_served(place);
    client_end(client);
}

static void what_is_no_http_is_refused(void **state) {
    static const char *const rows[] = {
        "\r\n\r\nGARBAGE\r\n\r\n",
        "GET\r\n\r\n",
        "GET /api HTTP/9.9\r\nHost: x\r\n\r\n",
        "GET /api HTTP/1.1\r\n\r\n",
        "POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        "POST /api HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnothing\r\n",
        "GET /api/v1/pods?watch=%zz&%%% HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n\r\n",
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        refuses(*state, rows[i], strlen(rows[i]));
    static const char zeros[] = "GET /\0\0\0 HTTP/1.1\r\nHost: x\r\nX\0: \0\r\n\r\n";
    refuses(*state, zeros, sizeof zeros - 1);
}

static void too_long_a_header_is_refused(void **state) {
    enum { BYTES = 600 << 10 };
    char *text = malloc(BYTES);
    int start = snprintf(text, BYTES, "GET /api HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ");
    memset(text + start, 'a', (size_t)(BYTES - start));

    refuses(*state, text, BYTES);
    free(text);
}

/* Sends a body, and expects the status and a part of the answer. */
static void post(struct place *place, const char *type, const char *body, size_t bytes, const char *status, const char *text) {
    struct client *client = client_new(place);
    char head[512];
    snprintf(head, sizeof head,
             "POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\n" AS("secret") "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n", type,
             bytes);

    say_text(place, client, head);
    say(place, client, body, bytes);

    assert_true(hears(place, client, text));
    assert_non_null(strstr(client->heard, status));
    client_end(client);
    others_are_served(place);
}

static void a_body_may_have_three_mebibytes(void **state) {
    enum { LIMIT = 3 << 20 };
    char *body = malloc(LIMIT + 1);
    memset(body, ' ', LIMIT + 1);

    post(*state, "application/json", body, LIMIT + 1, "HTTP/1.1 413 ", "Request entity too large: limit is 3145728");
    post(*state, "application/json", body, LIMIT, "HTTP/1.1 400 ", "\"reason\":\"BadRequest\"");
    free(body);
}

static void nesting_bombs_are_refused(void **state) {
    enum { DEPTH = 200000 };
    char *body = malloc(6 * DEPTH);
    memset(body, '[', DEPTH);
    post(*state, "application/json", body, DEPTH, "HTTP/1.1 400 ", "\"reason\":\"BadRequest\"");
    for (size_t i = 0; i < DEPTH; i++)
        memcpy(body + 5 * i, "{\"a\":", 5);
    post(*state, "application/json", body, 5 * DEPTH, "HTTP/1.1 400 ", "\"reason\":\"BadRequest\"");
    memset(body, '[', DEPTH);
    post(*state, "application/yaml", body, DEPTH, "HTTP/1.1 400 ", "\"reason\":\"BadRequest\"");
    free(body);
}

static void bodies_that_are_no_object_are_told_so(void **state) {
    static const struct {
        const char *type, *body, *status, *text;
    } rows[] = {
        {"application/json", "{\"metadata\":{\"name\":\"\xff\xfe\"}}", "HTTP/1.1 4", "\"status\":\"Failure\""},
        {"application/json", "", "HTTP/1.1 4", "\"status\":\"Failure\""},
        {"application/json", "{", "HTTP/1.1 400 ", "\"reason\":\"BadRequest\""},
        {"application/json", "null", "HTTP/1.1 4", "\"status\":\"Failure\""},
        {"text/html", "{}", "HTTP/1.1 415 ", "UnsupportedMediaType"},
        {"application/vnd.kubernetes.protobuf", "k8s", "HTTP/1.1 4", "\"status\":\"Failure\""},
        {"application/vnd.kubernetes.protobuf", "k8s", "HTTP/1.1 4", "\"status\":\"Failure\""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        post(*state, rows[i].type, rows[i].body, strlen(rows[i].body), rows[i].status, rows[i].text);
}

static void tokens_that_are_none_are_refused(void **state) {
    static const char *const rows[] = {"Bearer ", "Bearer  secret", "Bearer secret x", "Bearer stalemate.", "Bearer stalemate.x.y.z",
                                       "Bearer stalemate.00000000-0000-0000-0000-000000000000.default.default", "Bearer \xff\xfe\x01"};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct client *client = client_new(*state);
        char request[512];
        snprintf(request, sizeof request, "GET /api/v1/pods HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\n\r\n", rows[i]);

        say_text(*state, client, request);

        assert_true(hears(*state, client, "\r\n\r\n"));
        assert_true(strstr(client->heard, "HTTP/1.1 401 ") || strstr(client->heard, "HTTP/1.1 400 "));
        client_end(client);
    }
    others_are_served(*state);
}

static void half_requests_hold_nobody_up(void **state) {
    enum { HALVES = 100 };
    static const char request[] =
        "POST /api/v1/namespaces HTTP/1.1\r\n" AS("secret") "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"metadata\":";
    struct client *halves[HALVES];
    for (size_t i = 0; i < HALVES; i++) {
        halves[i] = client_new(*state);
        say(*state, halves[i], request, (i + 1) * (sizeof request - 1) / HALVES);
    }

    others_are_served(*state);

    for (size_t i = 0; i < HALVES; i++)
        client_end(halves[i]);
    others_are_served(*state);
}

/* One watches and never reads; what it is owed does not pile up as text, and who reads is told all. */
static void a_slow_reader_is_waited_for_by_nobody(void **state) {
    enum { WRITES = 300 };
    struct place *place = *state;
    struct client *slow = client_new(place), *quick = client_new(place);
    static const char request[] = "GET /api/v1/configmaps?watch=true HTTP/1.1\r\n" AS("secret") "\r\n";
    char text[16385], last[64];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    say_text(place, slow, request);
    say_text(place, quick, request);
    assert_true(hears(place, quick, "\r\n\r\n"));

    for (int i = 0; i < WRITES; i++) {
        struct sm_region *r = place->sim->env.run;
        sm_server_put(&place->sim->env, place->server, SM_CONFIGMAPS,
                      SM_MAP(r, "metadata", SM_MAP(r, "namespace", sm_val_str(r, "default"), "name", sm_val_strf(r, "c-%d", i)), "data",
                             SM_MAP(r, "a", sm_val_str(r, text))));
        snprintf(last, sizeof last, "\"name\":\"c-%d\"", i);
        assert_true(hears(place, quick, last));
        forget(quick);
    }

    others_are_served(place);
    client_end(slow);
    client_end(quick);
}

static void requests_may_follow_each_other_and_come_in_chunks(void **state) {
    struct client *client = client_new(*state);
    static const char requests[] = "GET /readyz HTTP/1.1\r\n" AS("secret") "\r\nGET /version HTTP/1.1\r\n" AS(
        "secret") "\r\nPOST /api/v1/namespaces/default/configmaps HTTP/1.1\r\n" AS("secret") "Content-Type: "
                                                                                             "application/json\r\nTransfer-Encoding: "
                                                                                             "chunked\r\n\r\n"
                                                                                             "d\r\n{\"metadata\":{\r\n10\r\n\"name\":"
                                                                                             "\"parts\"}}\r\n0\r\n\r\n";

    say_text(*state, client, requests);

    assert_true(hears(*state, client, "\"name\":\"parts\""));
    assert_non_null(strstr(client->heard, "\r\n\r\nok"));
    assert_non_null(strstr(client->heard, "\"minor\":\"33\""));
    client_end(client);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_no_http_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(too_long_a_header_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_body_may_have_three_mebibytes, setup, teardown),
        cmocka_unit_test_setup_teardown(nesting_bombs_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(bodies_that_are_no_object_are_told_so, setup, teardown),
        cmocka_unit_test_setup_teardown(tokens_that_are_none_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(half_requests_hold_nobody_up, setup, teardown),
        cmocka_unit_test_setup_teardown(a_slow_reader_is_waited_for_by_nobody, setup, teardown),
        cmocka_unit_test_setup_teardown(requests_may_follow_each_other_and_come_in_chunks, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
