#include <stdio.h>

#include "command.h"
#include "seinode.h"

#ifndef SM_VERSION
#define SM_VERSION "unreleased"
#endif

int sm_cmd_version(int argc, char **argv) {
    bool json = false, wants_help = false;
    const struct sm_option options[] = {
        {"--json", NULL, "for scripts", &json, NULL}, {"--help", NULL, "this text", &wants_help, NULL}, {0}};

    if (!sm_options_read("version", options, argc, argv, &argc))
        return SM_EXIT_USAGE;
    if (wants_help)
        sm_options_help("stalemate version [--json]", options);
    else if (json)
        printf("{\"version\":\"%s\",\"kubernetes\":[\"1.33\",\"1.37\"]}\n", SM_VERSION);
    else
        printf("stalemate %s, Kubernetes 1.33\n", SM_VERSION);
    return SM_EXIT_OK;
}
