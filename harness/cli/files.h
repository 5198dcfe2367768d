/* Files, for commands: reading them, and what a person means by a name. */
#ifndef SM_FILES_H
#define SM_FILES_H

#include "problem.h"
#include "scenario.h"

enum { SM_FILES_MAX = 4096 };

/* For the loader. A file over SM_YAML_BYTES_MAX is refused before it is read. */
extern const struct sm_reader sm_files_reader;

/* Paths that [name] stands for, sorted: a file, a folder (its *.yaml), a glob, or the name of a scenario in scenarios/.
 * Returns how many; 0: [problems] has grown. */
size_t sm_files_expand(struct sm_region *r, const char *name, const char **paths, size_t paths_max, struct sm_problems *problems);

#endif
