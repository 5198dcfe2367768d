/* `stalemate perturb`: every write and every watch event of one run, one thing wrong at a time. */
#include "search.h"

int sm_cmd_perturb(int argc, char **argv) {
    return sm_search_command("perturb", argc, argv);
}
