/* `stalemate serve`: clusters behind HTTP, in real time, until a signal comes or the command that was given has ended. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "certificate.h"
#include "command.h"
#include "files.h"
#include "host.h"
#include "kubeconfig.h"
#include "load.h"
#include "token_file.h"

enum { TOKEN_BYTES = 16, STOP_RUNS_MAX = 200, STOP_WAIT_MS = 10, EXIT_NO_COMMAND = 127, EXIT_SIGNALLED = 128 };

struct serve {
    struct sm_region region;
    const char *port, *bind, *kubeconfig, *token, *token_file, *client_ca, *controllers, *kubernetes, *load, *history;
    bool plain, help;
    char **command;                 /* NULL: none */
    struct sm_authority *authority; /* NULL: plain */
    struct sm_http_tls tls;
    struct sm_load loaded;
    struct sm_host *host;
    const char *path; /* of the kubeconfig */
    pid_t child;      /* 0: none */
    int code;         /* of the child's end */
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

/* The child ended, or somebody wants us to. */
static bool ends(struct serve *serve, int signals) {
    struct signalfd_siginfo info;
    int status;

    if (read(signals, &info, sizeof info) != sizeof info || info.ssi_signo != SIGCHLD)
        return true;
    if (!serve->child || waitpid(serve->child, &status, WNOHANG) != serve->child)
        return false;
    serve->child = 0;
    serve->code = WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SIGNALLED + WTERMSIG(status);
    return true;
}

static void serve_until_signal(struct serve *serve, int signals) {
    struct pollfd polled[SM_HOST_CLUSTERS_MAX + 1] = {{.fd = signals, .events = POLLIN}};

    while (!(polled[0].revents & POLLIN) || !ends(serve, signals)) {
        sm_host_run(serve->host);
        size_t count = sm_host_poll(serve->host, polled + 1);
        if (poll(polled, count + 1, sm_host_wait_ms(serve->host)) < 0)
            polled[0].revents = 0;
    }
}

/* Watches are ended, and their last bytes are sent. */
static void stop(struct serve *serve) {
    for (int i = 0; i < STOP_RUNS_MAX && !sm_host_stopped(serve->host); i++) {
        struct pollfd polled[SM_HOST_CLUSTERS_MAX];
        size_t count = sm_host_poll(serve->host, polled);
        poll(polled, count, STOP_WAIT_MS);
    }
}

/* --- Starting ------------------------------------------------------------------------------------------------------------------- */

/* The command runs with a kubeconfig that leads here, and hears of signals as usual. */
static void start_command(struct serve *serve, const sigset_t *usual) {
    fflush(NULL);
    serve->child = fork();
    if (serve->child < 0) {
        serve->child = 0;
        serve->code = wrong(serve->command[0], strerror(errno));
        raise(SIGTERM);
    } else if (serve->child == 0) {
        setenv("KUBECONFIG", serve->path, 1);
        sigprocmask(SIG_SETMASK, usual, NULL);
        signal(SIGPIPE, SIG_DFL);
        execvp(serve->command[0], serve->command);
        fprintf(stderr, "stalemate serve: %s: %s\n", serve->command[0], strerror(errno));
        _exit(EXIT_NO_COMMAND);
    }
}

/* What the door shows, and whose certificates it believes: its own authority's, and those of --client-ca-file. */
static int make_certificates(struct serve *serve) {
    const char *error = NULL, *more = "";
    size_t bytes;

    if (serve->client_ca && !(more = sm_files_reader.read(NULL, &serve->region, serve->client_ca, &bytes, &error)))
        return wrong(serve->client_ca, error);
    serve->authority = sm_authority_new(&serve->region, wall(), &error);
    if (!serve->authority || !sm_authority_server(serve->authority, &serve->region, serve->bind, &serve->tls.own))
        return wrong("TLS", error ? error : "no certificate could be made");
    serve->tls.trusted = sm_region_printf(&serve->region, "%s%s", sm_authority_pem(serve->authority), more);
    return SM_EXIT_OK;
}

/* Where the doors are and who may come in. */
static int open_host(struct serve *serve) {
    struct sm_http_account *accounts = sm_region_zalloc(&serve->region, (SM_TOKEN_FILE_MAX + 1) * sizeof *accounts);
    size_t count = 1;
    const char *error = NULL;
    char *end;
    long port = strtol(serve->port, &end, 10);

    if (*end || !*serve->port || port < 0 || port > UINT16_MAX)
        return wrong("--port", "write a number from 0 to 65535");
    long long history = strtoll(serve->history, &end, 10);
    if (*end || !*serve->history || history < 1)
        return wrong("--history", "write how many changes are remembered, 1 or more");
    if (!serve->token && !(serve->token = random_token(&serve->region)))
        return wrong("--token", "there is no randomness here for one: give one");
    accounts[0] = (struct sm_http_account){serve->token, "admin", masters};
    if (!serve->plain && make_certificates(serve) != SM_EXIT_OK)
        return SM_EXIT_USAGE;
    if (serve->token_file && !sm_token_file_read(&serve->region, serve->token_file, accounts + 1, &count, &error))
        return wrong(serve->token_file, error);
    if (serve->load && !sm_load_read(&serve->region, serve->load, &serve->loaded, &error))
        return wrong("--load", error);
    serve->host = sm_host_new(&(struct sm_host_config){.bind = serve->bind,
                                                       .port = (uint16_t)port,
                                                       .controllers = serve->controllers,
                                                       .kubernetes = serve->kubernetes,
                                                       .accounts = accounts,
                                                       .account_count = count,
                                                       .open = serve->plain && is_loopback(serve->bind),
                                                       .authority = serve->authority,
                                                       .tls = serve->plain ? NULL : &serve->tls,
                                                       .history = history,
                                                       .fill = serve->load ? sm_load_fill : NULL,
                                                       .fill_arg = &serve->loaded,
                                                       .wall = wall},
                              &serve->region, &error);
    return serve->host ? SM_EXIT_OK : wrong("it cannot start", error);
}

/* Tells where it is. Prints nothing to stdout that a command would have to share. */
static bool announce(struct serve *serve) {
    const struct sm_hosted *first = sm_hosted_at(serve->host, 0);
    const char *url = sm_hosted_url(&serve->region, first);
    const char *folder = getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";

    serve->path = serve->kubeconfig
                      ? serve->kubeconfig
                      : sm_region_printf(&serve->region, "%s/stalemate-%u-%u.kubeconfig", folder, (unsigned)getuid(), (unsigned)getpid());
    if (!sm_kubeconfig_write(serve->path, &(struct sm_kubeconfig){.url = url, .authority = serve->authority, .token = serve->token}))
        return false;
    if (!is_loopback(serve->bind))
        fprintf(stderr, "warning: whoever reaches %s can try%s\n", serve->bind,
                serve->plain ? "; without TLS, tokens can be read on the way" : "");
    if (serve->command)
        return true;
    fprintf(stderr, "export KUBECONFIG=%s\n", serve->path);
    printf("%s\n", url);
    fflush(stdout);
    return true;
}

static int serve(struct serve *serve) {
    sigset_t mine, usual;
    int code = open_host(serve);

    if (code != SM_EXIT_OK)
        return code;
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&mine);
    sigaddset(&mine, SIGTERM);
    sigaddset(&mine, SIGINT);
    sigaddset(&mine, SIGCHLD);
    sigprocmask(SIG_BLOCK, &mine, &usual);
    int signals = signalfd(-1, &mine, SFD_CLOEXEC);
    if (signals < 0 || !announce(serve)) {
        code = wrong(serve->path ? serve->path : "signals", strerror(errno));
    } else {
        if (serve->command)
            start_command(serve, &usual);
        serve_until_signal(serve, signals);
        if (!serve->kubeconfig)
            unlink(serve->path);
        code = serve->code;
    }
    if (serve->child)
        kill(serve->child, SIGTERM);
    if (signals >= 0)
        close(signals);
    stop(serve);
    return code;
}

/* As exec wants it. */
static char **command_of(struct sm_region *r, char **argv, int count) {
    char **command = sm_region_zalloc(r, ((size_t)count + 1) * sizeof *command);

    memcpy(command, argv, (size_t)count * sizeof *command);
    return command;
}

int sm_cmd_serve(int argc, char **argv) {
    struct serve it = {.port = "0", .bind = "127.0.0.1", .kubernetes = "1.33", .history = "10000"};
    const struct sm_option options[] = {
        {"--port", "N", "where to listen; 0, the default: any free port", .text = &it.port},
        {"--bind", "ADDRESS", "an address of this machine, 127.0.0.1 if none is given", .text = &it.bind},
        {"--kubeconfig", "FILE", "write it there, and leave it when the end comes", .text = &it.kubeconfig},
        {"--token", "T", "the administrator's bearer token, a random one if none is given", .text = &it.token},
        {"--token-file", "FILE", "more tokens, as kube-apiserver reads them: token,user,uid,\"group,…\"", .text = &it.token_file},
        {"--client-ca-file", "FILE", "whose client certificates are believed, besides those made here (PEM)", .text = &it.client_ca},
        {"--controllers", "C,…", "none, or some of the cluster's: statefulset, garbage-collector, kubelet …", .text = &it.controllers},
        {"--kubernetes", "V", "1.33 or 1.37", .text = &it.kubernetes},
        {"--load", "PATH", "what every cluster starts with: a file or a folder of manifests, definitions of kinds first", .text = &it.load},
        {"--history", "N", "how many changes are remembered, 10000 if nothing is said", .text = &it.history},
        {"--plain", NULL, "no TLS; everybody on this machine is the administrator, with no token", .flag = &it.plain},
        {"--help", NULL, "this", .flag = &it.help},
        {0},
    };
    bool dashes = false;
    int count;

    for (int i = 0; i < argc; i++)
        dashes |= strcmp(argv[i], "--") == 0;
    sm_region_init(&it.region, "serve", 0);
    if (!sm_options_read("serve", options, argc, argv, &count))
        return SM_EXIT_USAGE;
    if (it.help) {
        sm_options_help("stalemate serve [options] [-- COMMAND …]", options);
        return SM_EXIT_OK;
    }
    if (count > 0 && !dashes)
        return wrong(argv[0], "serve takes options alone, and a command behind --");
    if (count > 0)
        it.command = command_of(&it.region, argv, count);
    if (strcmp(it.kubernetes, "1.33") != 0 && strcmp(it.kubernetes, "1.37") != 0)
        return wrong(it.kubernetes, "write --kubernetes 1.33 or 1.37");
    int code = serve(&it);
    if (it.host)
        sm_host_release(it.host);
    if (it.authority)
        sm_authority_release(it.authority);
    sm_region_release(&it.region);
    return code;
}
