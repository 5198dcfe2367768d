/* The program: a table of commands. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "near.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *about;
} commands[] = {
    {"run", sm_cmd_run, "the scripted matrix: scenarios against the profiles of the controller's history"},
    {"serve", sm_cmd_serve, "the cluster alone, for kubectl and for any client of Kubernetes"},
    {"perturb", sm_cmd_perturb, "search: every write and every watch event of one run, one thing wrong at a time"},
    {"sweep", sm_cmd_sweep, "search: random schedules, priorities and swarms of faults, each run ended by a quiet phase"},
    {"explore", sm_cmd_explore, "search: every schedule with one thing out of the ordinary, with two, three …, state by state"},
    {"merge", sm_cmd_merge, "result files of the parts of a search, joined"},
    {"replay", sm_cmd_replay, "one run again, as its schedule says"},
    {"shrink", sm_cmd_shrink, "from a failing schedule to the shortest that fails for the same cause"},
    {"bench", sm_cmd_bench, "how fast this is: updates a second, the matrix, a start, memory"},
    {"version", sm_cmd_version, "what this is"},
};

static void help(FILE *to) {
    fprintf(to, "usage: stalemate COMMAND …\n\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(to, "  %-10s %s\n", commands[i].name, commands[i].about);
    fprintf(to, "\nstalemate COMMAND --help says more.\n");
}

/* What could not be printed was not said. */
static int end(int code) {
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fprintf(stderr, "stalemate: cannot write all of the output: %s\n", strerror(errno));
    return SM_EXIT_USAGE;
}

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "--help";

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].name, name) == 0)
            return end(commands[i].run(argc - 2, argv + 2));
    if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0 || strcmp(name, "-h") == 0) {
        help(stdout);
        return argc > 1 ? SM_EXIT_OK : SM_EXIT_USAGE;
    }
    struct sm_near near = sm_near_init(name);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        sm_near_try(&near, commands[i].name);
    fprintf(stderr, "stalemate: there is no command %s: ", name);
    if (near.best)
        fprintf(stderr, "did you mean %s?\n", near.best);
    else
        fprintf(stderr, "write one of these\n\n");
    if (!near.best)
        help(stderr);
    return SM_EXIT_USAGE;
}
