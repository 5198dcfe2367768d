/* `stalemate explore`: all schedules, those with the fewest things out of the ordinary first. */
#include "search.h"

int sm_cmd_explore(int argc, char **argv) {
    return sm_search_command("explore", argc, argv);
}
