/* For tests of the door: a world with a door, and clients that talk bytes to it over a loopback socket. Client and door take turns in
 * one thread. */
#ifndef SM_HTTP_EXPECT_H
#define SM_HTTP_EXPECT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "http.h"
#include "sim.h"

enum { TURNS_MAX = 2000, HEARD_MAX = 1 << 16 };

static const char *const masters[] = {"system:masters", "system:authenticated", NULL};
static const char *const nobodies[] = {"system:authenticated", NULL};
static const struct sm_http_account accounts[] = {{"secret", "admin", masters}, {"weak", "eve", nobodies}};

struct place {
    struct sm_region run, scratch;
    struct sm_sim *sim;
    struct sm_server *server;
    struct sm_http *http;
};

struct client {
    int fd;
    bool closed; /* by the door */
    size_t bytes;
    char heard[HEARD_MAX];
};

static inline int setup(void **state) {
    struct place *place = calloc(1, sizeof *place);
    const char *error = NULL;

    sm_region_init(&place->run, "run", 0);
    sm_region_init(&place->scratch, "scratch", 0);
    place->sim = sm_sim_new(&(struct sm_sim_config){.run = &place->run, .scratch = &place->scratch, .seed = 1, .state_bytes = 8 << 20});
    place->server = sm_server_new(&place->sim->env, &(struct sm_server_config){.seed = 1, .rbac = true});
    place->http = sm_http_open(&(struct sm_http_config){.env = &place->sim->env,
                                                        .server = place->server,
                                                        .accounts = accounts,
                                                        .account_count = sizeof accounts / sizeof accounts[0],
                                                        .kubernetes = "1.33"},
                               &error);
    assert_non_null(place->http);
    *state = place;
    return 0;
}

static inline int teardown(void **state) {
    struct place *place = *state;

    if (place->http)
        sm_http_close(place->http);
    sm_region_release(&place->scratch);
    sm_region_release(&place->run);
    free(place);
    return 0;
}

static inline struct client *client_new(const struct place *place) {
    struct client *client = calloc(1, sizeof *client);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(sm_http_port(place->http)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    client->fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(client->fd, (struct sockaddr *)&address, sizeof address), 0);
    fcntl(client->fd, F_SETFL, O_NONBLOCK);
    return client;
}

static inline void client_end(struct client *client) {
    close(client->fd);
    free(client);
}

/* Sends all of it; the door reads in between. */
static inline void say(struct place *place, struct client *client, const char *text, size_t bytes) {
    for (int turns = 0; bytes && turns < TURNS_MAX; turns++) {
        ssize_t sent = send(client->fd, text, bytes, MSG_NOSIGNAL);
        if (sent > 0) {
            text += sent;
            bytes -= (size_t)sent;
        }
        sm_http_run(place->http);
    }
    assert_int_equal(bytes, 0);
}

/* The same as far as the door takes it: it may have closed. */
static inline void say_some(struct place *place, struct client *client, const char *text, size_t bytes) {
    for (int turns = 0; bytes && turns < TURNS_MAX; turns++) {
        ssize_t sent = send(client->fd, text, bytes, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN)
            return;
        if (sent > 0) {
            text += sent;
            bytes -= (size_t)sent;
        }
        sm_http_run(place->http);
    }
}

static inline void say_text(struct place *place, struct client *client, const char *text) { say(place, client, text, strlen(text)); }

/* One turn: what the door has to say by now. */
static inline void hear(struct place *place, struct client *client) {
    struct pollfd polled = {.fd = client->fd, .events = POLLIN};

    sm_http_run(place->http);
    poll(&polled, 1, 1);
    ssize_t got = recv(client->fd, client->heard + client->bytes, sizeof client->heard - 1 - client->bytes, 0);
    client->closed |= got == 0;
    if (got > 0)
        client->bytes += (size_t)got;
    client->heard[client->bytes] = '\0';
}

static inline bool hears(struct place *place, struct client *client, const char *text) {
    for (int turns = 0; turns < TURNS_MAX && !strstr(client->heard, text) && !client->closed; turns++)
        hear(place, client);
    return strstr(client->heard, text) != NULL;
}

static inline void forget(struct client *client) {
    client->bytes = 0;
    client->heard[0] = '\0';
}

#define AS(token) "Host: x\r\nAuthorization: Bearer " token "\r\nUser-Agent: kubectl/v1.33 (linux)\r\n"

#endif
