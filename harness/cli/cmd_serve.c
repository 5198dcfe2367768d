/* `stalemate serve`: the cluster behind HTTP, in real time. One thread: it waits at the door's descriptor until something comes
 * or is due, lets the world come to the present, and answers. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "certificate.h"
#include "command.h"
#include "files.h"
#include "http.h"
#include "kubeconfig.h"
#include "live.h"
#include "token_file.h"

enum { TOKEN_BYTES = 16, STOP_RUNS_MAX = 200, STOP_WAIT_MS = 10 };
#define SERVE_BYTES_MAX ((size_t)16 << 30)

struct serve {
    struct sm_region run, scratch;
    const char *port, *bind, *kubeconfig, *token, *token_file, *client_ca, *controllers, *kubernetes;
    bool plain, help;
    struct sm_authority *authority; /* NULL: plain */
    struct sm_http_tls tls;
    struct sm_live *live;
    struct sm_http *http;
};

static const char *const masters[] = {"system:masters", "system:authenticated", NULL};

static sm_time wall(void) {
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * SM_SECOND + now.tv_nsec;
}

static int wrong(const char *what, const char *why) {
    fprintf(stderr, "stalemate serve: %s: %s\n", what, why);
    return SM_EXIT_USAGE;
}

/* --- Who may come in ------------------------------------------------------------------------------------------------------------ */

static const char *random_token(struct sm_region *r) {
    unsigned char bytes[TOKEN_BYTES];
    FILE *file = fopen("/dev/urandom", "rb");
    size_t got = file ? fread(bytes, 1, sizeof bytes, file) : 0;

    if (file)
        fclose(file);
    if (got != sizeof bytes)
        return NULL;
    char *text = sm_region_alloc(r, 2 * TOKEN_BYTES + 1);
    for (size_t i = 0; i < TOKEN_BYTES; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    return text;
}

static bool is_loopback(const char *bind) {
    return strncmp(bind, "127.", 4) == 0;
}

/* --- Serving -------------------------------------------------------------------------------------------------------------------- */

/* Until when nothing happens by itself, in milliseconds; -1: never. */
static int wait_ms(const struct serve *serve) {
    sm_time due = sm_http_due(serve->http), next;

    if (sm_sim_next_due(serve->live->sim, &next) && (!due || next < due))
        due = next;
    if (!due)
        return -1;
    sm_time left = due - wall();
    if (left <= 0)
        return 0;
    return left > SM_HOUR ? (int)(SM_HOUR / SM_MILLISECOND) : (int)(left / SM_MILLISECOND) + 1;
}

/* The world comes to the present, the door does what there is to do, and what that has caused is told at once. */
static void run(struct serve *serve) {
    sm_time now = wall();

    if (now > serve->live->env->now)
        sm_sim_run_until(serve->live->sim, now);
    sm_http_run(serve->http);
}

static void serve_until_signal(struct serve *serve, int signals) {
    struct pollfd polled[] = {{.fd = sm_http_descriptor(serve->http), .events = POLLIN}, {.fd = signals, .events = POLLIN}};

    while (!(polled[1].revents & POLLIN)) {
        run(serve);
        if (poll(polled, 2, wait_ms(serve)) < 0 && errno != EINTR)
            return;
    }
}

static void stop(struct serve *serve) {
    sm_http_stop(serve->http);
    for (int i = 0; i < STOP_RUNS_MAX && sm_http_streams(serve->http); i++) {
        struct pollfd polled = {.fd = sm_http_descriptor(serve->http), .events = POLLIN};
        sm_http_run(serve->http);
        if (sm_http_streams(serve->http))
            poll(&polled, 1, STOP_WAIT_MS);
    }
    sm_http_close(serve->http);
}

/* --- Starting ------------------------------------------------------------------------------------------------------------------- */

/* What the door shows, and whose certificates it believes: its own authority's, and those of --client-ca-file. */
static int make_certificates(struct serve *serve) {
    const char *error = NULL, *more = "";
    size_t bytes;

    if (serve->client_ca && !(more = sm_files_reader.read(NULL, &serve->run, serve->client_ca, &bytes, &error)))
        return wrong(serve->client_ca, error);
    serve->authority = sm_authority_new(&serve->run, wall(), &error);
    if (!serve->authority || !sm_authority_server(serve->authority, &serve->run, serve->bind, &serve->tls.own))
        return wrong("TLS", error ? error : "no certificate could be made");
    serve->tls.trusted = sm_region_printf(&serve->run, "%s%s", sm_authority_pem(serve->authority), more);
    return SM_EXIT_OK;
}

static int open_door(struct serve *serve) {
    struct sm_http_account *accounts = sm_region_zalloc(&serve->run, (SM_TOKEN_FILE_MAX + 1) * sizeof *accounts);
    size_t count = 1;
    const char *error = NULL;
    char *end;
    long port = strtol(serve->port, &end, 10);

    if (*end || !*serve->port || port < 0 || port > UINT16_MAX)
        return wrong("--port", "write a number from 0 to 65535");
    if (!serve->token && !(serve->token = random_token(&serve->run)))
        return wrong("--token", "there is no randomness here for one: give one");
    accounts[0] = (struct sm_http_account){serve->token, "admin", masters};
    if (!serve->plain && make_certificates(serve) != SM_EXIT_OK)
        return SM_EXIT_USAGE;
    if (serve->token_file && !sm_token_file_read(&serve->run, serve->token_file, accounts + 1, &count, &error))
        return wrong(serve->token_file, error);
    serve->http = sm_http_open(&(struct sm_http_config){.env = serve->live->env,
                                                        .server = serve->live->server,
                                                        .bind = serve->bind,
                                                        .port = (uint16_t)port,
                                                        .accounts = accounts,
                                                        .account_count = count,
                                                        .nobody = serve->plain && is_loopback(serve->bind) ? accounts : NULL,
                                                        .kubernetes = serve->kubernetes,
                                                        .tls = serve->plain ? NULL : &serve->tls},
                               &error);
    return serve->http ? SM_EXIT_OK : wrong("--bind, --port", error);
}

static int serve(struct serve *serve) {
    const char *error = NULL;
    sigset_t ends;

    serve->live = sm_live_new(&(struct sm_live_config){.run = &serve->run,
                                                       .scratch = &serve->scratch,
                                                       .seed = 1,
                                                       .start = wall(),
                                                       .kubernetes = serve->kubernetes,
                                                       .controllers = serve->controllers},
                              &error);
    if (!serve->live)
        return wrong("--controllers: there is no such controller", error);
    int code = open_door(serve);
    if (code != SM_EXIT_OK)
        return code;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    int signals = signalfd(-1, &ends, SFD_CLOEXEC);
    const char *url = sm_region_printf(&serve->run, "%s://%s:%u", serve->plain ? "http" : "https", serve->bind, sm_http_port(serve->http));
    const char *path = serve->kubeconfig;
    if (!path)
        path = sm_region_printf(&serve->run, "%s/stalemate-%u-%u.kubeconfig", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp",
                                (unsigned)getuid(), sm_http_port(serve->http));
    if (signals < 0 ||
        !sm_kubeconfig_write(path, &(struct sm_kubeconfig){.url = url, .authority = serve->authority, .token = serve->token})) {
        code = wrong(path, strerror(errno));
    } else {
        if (!is_loopback(serve->bind))
            fprintf(stderr, "warning: whoever reaches %s can try%s\n", serve->bind,
                    serve->plain ? "; without TLS, tokens can be read on the way" : "");
        fprintf(stderr, "export KUBECONFIG=%s\n", path);
        printf("%s\n", url);
        fflush(stdout);
        serve_until_signal(serve, signals);
        if (!serve->kubeconfig)
            unlink(path);
    }
    if (signals >= 0)
        close(signals);
    stop(serve);
    return code;
}

int sm_cmd_serve(int argc, char **argv) {
    struct serve it = {.port = "0", .bind = "127.0.0.1", .kubernetes = "1.33"};
    const struct sm_option options[] = {
        {"--port", "N", "where to listen; 0, the default: any free port", .text = &it.port},
        {"--bind", "ADDRESS", "an address of this machine, 127.0.0.1 if none is given", .text = &it.bind},
        {"--kubeconfig", "FILE", "write it there, and leave it when the end comes", .text = &it.kubeconfig},
        {"--token", "T", "the administrator's bearer token, a random one if none is given", .text = &it.token},
        {"--token-file", "FILE", "more tokens, as kube-apiserver reads them: token,user,uid,\"group,…\"", .text = &it.token_file},
        {"--client-ca-file", "FILE", "whose client certificates are believed, besides those made here (PEM)", .text = &it.client_ca},
        {"--controllers", "C,…", "none, or some of the cluster's: statefulset, garbage-collector, kubelet …", .text = &it.controllers},
        {"--kubernetes", "V", "1.33 or 1.37", .text = &it.kubernetes},
        {"--plain", NULL, "no TLS; everybody on this machine is the administrator, with no token", .flag = &it.plain},
        {"--help", NULL, "this", .flag = &it.help},
        {0},
    };
    int count;

    if (!sm_options_read("serve", options, argc, argv, &count))
        return SM_EXIT_USAGE;
    if (it.help) {
        sm_options_help("stalemate serve [options]", options);
        return SM_EXIT_OK;
    }
    if (count > 0)
        return wrong(argv[0], "serve takes options alone");
    if (strcmp(it.kubernetes, "1.33") != 0 && strcmp(it.kubernetes, "1.37") != 0)
        return wrong(it.kubernetes, "write --kubernetes 1.33 or 1.37");
    sm_region_init(&it.run, "cluster", SERVE_BYTES_MAX);
    sm_region_init(&it.scratch, "event", 0);
    int code = serve(&it);
    if (it.authority)
        sm_authority_release(it.authority);
    sm_region_release(&it.scratch);
    sm_region_release(&it.run);
    return code;
}
