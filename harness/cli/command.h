/* Commands of the program: one file each, one row each in main.c. */
#ifndef SM_COMMAND_H
#define SM_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

enum sm_exit {
    SM_EXIT_OK = 0,
    SM_EXIT_UNEXPECTED = 1,      /* a cell or a property otherwise than expected */
    SM_EXIT_NOT_CONVERGED = 2,   /* of a searched or replayed run */
    SM_EXIT_NONDETERMINISM = 3,  /* the harness itself */
    SM_EXIT_USAGE = 4,           /* bad usage or scenario */
    SM_EXIT_BUDGET = 5,          /* ran out with no repeat seen */
};

int sm_cmd_bench(int argc, char **argv);
int sm_cmd_merge(int argc, char **argv);
int sm_cmd_perturb(int argc, char **argv);
int sm_cmd_replay(int argc, char **argv);
int sm_cmd_run(int argc, char **argv);
int sm_cmd_serve(int argc, char **argv);
int sm_cmd_shrink(int argc, char **argv);
int sm_cmd_sweep(int argc, char **argv);
int sm_cmd_explore(int argc, char **argv);
int sm_cmd_version(int argc, char **argv);

/* An option: a flag (into a bool) or one with an argument (into a const char *). */
struct sm_option {
    const char *name;     /* `--profile`; NULL ends the options */
    const char *argument; /* `P,…`; NULL: a flag */
    const char *about;
    bool *flag;
    const char **text;
};

/* Reads options anywhere among the arguments; `--name value` and `--name=value`; `--` ends them. What remains stands at the
 * front of argv, [ret_count] of them. False: a message was printed, and the command ends with SM_EXIT_USAGE. */
bool sm_options_read(const char *command, const struct sm_option *options, int argc, char **argv, int *ret_count);
void sm_options_help(const char *usage, const struct sm_option *options);

#endif
