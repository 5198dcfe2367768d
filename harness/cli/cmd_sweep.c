/* `stalemate sweep`: random search. */
#include "search.h"

int sm_cmd_sweep(int argc, char **argv) {
    return sm_search_command("sweep", argc, argv);
}
