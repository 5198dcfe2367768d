/* The program as people and scripts see it: shell lines in a folder of the test, what they print and how they end. */
#ifndef SM_PROGRAM_TEST_H
#define SM_PROGRAM_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static char program[4096]; /* build/<preset>, two folders above the test's */
static char sources[4096]; /* the top of the tree */
static char folder[] = "/tmp/stalemate-test-"
                       "XX"
                       "XX"
                       "XX";
static char output[1 << 20]; /* stdout, then stderr */

/* Runs a shell line in [folder], with $S for the program, $N for one that never repeats itself, $T for the top of the tree; returns
 * its exit code. */
static int run(const char *line) {
    char command[16384];

    snprintf(command, sizeof command, "cd %s && S=%s/stalemate; N=%s/ci/canary/stalemate-nondeterministic; T=%s; exec 2>&1; %s", folder,
             program, program, sources, line);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t bytes = fread(output, 1, sizeof output - 1, pipe);
    output[bytes] = '\0';
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

__attribute__((unused)) static void write_file(const char *name, const char *text) {
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Runs [line]; it must end with [code] and print [part]. */
__attribute__((unused)) static void expect(const char *line, int code, const char *part) {
    int ended = run(line);

    if (ended != code)
        fail_msg("%s\nended with %d, not %d:\n%s", line, ended, code, output);
    if (!strstr(output, part))
        fail_msg("%s\ndid not print\n%s\nbut\n%s", line, part, output);
}

static void program_setup(void) {
    ssize_t bytes = readlink("/proc/self/exe", program, sizeof program - 16);

    assert_true(bytes > 0);
    program[bytes] = '\0';
    for (int i = 0; i < 3; i++)
        *strrchr(program, '/') = '\0';
    assert_non_null(realpath("../..", sources));
    assert_non_null(mkdtemp(folder));
}

static int program_teardown(void **state) {
    char command[4200];
    (void)state;

    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

#endif
