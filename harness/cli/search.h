/* The commands that search: options, the campaigns over scenarios and profiles, progress. What came of it: results.h. */
#ifndef SM_SEARCH_H
#define SM_SEARCH_H

#include "command.h"

/* `stalemate ENGINE SCENARIO… [OPTION…]`, whole. */
int sm_search_command(const char *engine, int argc, char **argv);

#endif
