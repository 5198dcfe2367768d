/* What the commands that search have in common: options, the campaigns over scenarios and profiles, progress, and telling. */
#ifndef SM_SEARCH_H
#define SM_SEARCH_H

#include "engine.h"
#include "workload.h"

/* `stalemate ENGINE SCENARIO… [OPTION…]`, whole. */
int sm_search_command(const char *engine, int argc, char **argv);

/* One line to paste that runs [schedule] again. */
const char *sm_search_replay_line(struct sm_region *r, const struct sm_schedule *schedule);

#endif
