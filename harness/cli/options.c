#include "command.h"

#include <stdio.h>
#include <string.h>

#include "near.h"

static const struct sm_option *find(const struct sm_option *options, const char *argument, size_t bytes) {
    for (; options->name; options++)
        if (strncmp(options->name, argument, bytes) == 0 && options->name[bytes] == '\0')
            return options;
    return NULL;
}

static bool unknown(const char *command, const struct sm_option *options, char *argument) {
    argument[strcspn(argument, "=")] = '\0';
    struct sm_near near = sm_near_init(argument);

    for (const struct sm_option *option = options; option->name; option++)
        sm_near_try(&near, option->name);
    fprintf(stderr, "stalemate %s: unknown option %s: ", command, argument);
    if (near.best) {
        fprintf(stderr, "did you mean %s?\n", near.best);
        return false;
    }
    fprintf(stderr, "write one of");
    for (; options->name; options++)
        fprintf(stderr, " %s", options->name);
    fputc('\n', stderr);
    return false;
}

bool sm_options_read(const char *command, const struct sm_option *options, int argc, char **argv, int *ret_count) {
    int count = 0;
    bool ended = false;

    for (int i = 0; i < argc; i++) {
        char *argument = argv[i];
        if (ended || argument[0] != '-' || argument[1] == '\0') {
            argv[count++] = argument;
            continue;
        }
        if (strcmp(argument, "--") == 0) {
            ended = true;
            continue;
        }
        size_t bytes = strcspn(argument, "=");
        const struct sm_option *option = find(options, argument, bytes);
        if (!option)
            return unknown(command, options, argument);
        if (option->flag && argument[bytes]) {
            fprintf(stderr, "stalemate %s: %s takes no argument: write it alone\n", command, option->name);
            return false;
        }
        if (option->flag) {
            *option->flag = true;
        } else if (argument[bytes]) {
            *option->text = argument + bytes + 1;
        } else if (i + 1 < argc) {
            *option->text = argv[++i];
        } else {
            fprintf(stderr, "stalemate %s: %s needs an argument: write %s %s\n", command, option->name, option->name, option->argument);
            return false;
        }
    }
    *ret_count = count;
    return true;
}

void sm_options_help(const char *usage, const struct sm_option *options) {
    printf("usage: %s\n\n", usage);
    for (; options->name; options++)
        printf("  %-12s %-10s %s\n", options->name, options->argument ? options->argument : "", options->about);
}
