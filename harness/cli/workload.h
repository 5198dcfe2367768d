/* What a command works on: the scenarios and profiles that its arguments name, and the memory for runs. */
#ifndef SM_WORKLOAD_H
#define SM_WORKLOAD_H

#include "command.h"
#include "files.h"
#include "library.h"
#include "problem.h"
#include "scenario.h"

enum { SM_WORKLOAD_PROFILES_MAX = 32 };

struct sm_workload {
    const char *command;    /* for messages: `run` */
    struct sm_region kept;  /* scenarios, names, results: as long as the command */
    struct sm_region world; /* one run */
    struct sm_region scratch;
    struct sm_region memo; /* of trials */
    struct sm_library *library;
    struct sm_problems problems;
    const struct sm_scenario *scenarios[SM_FILES_MAX];
    size_t scenario_count;
    const struct sm_profile *profiles[SM_WORKLOAD_PROFILES_MAX];
    const char *profile_names[SM_WORKLOAD_PROFILES_MAX];
    size_t profile_count;
};

/* In malloc'ed memory: release ends it. */
struct sm_workload *sm_workload_new(const char *command);
int sm_workload_release(struct sm_workload *workload, int code); /* returns [code] */

/* All scenarios that [names] stand for; none: those of scenarios/. False: there are problems, to be printed. */
bool sm_workload_load(struct sm_workload *workload, int count, char **names);

/* Prints the problems, with [json] on stdout, too; returns SM_EXIT_USAGE. */
int sm_workload_problems(struct sm_workload *workload, bool json);

/* `merged,hardened`, `all`, or a profile with one safeguard flipped: `merged-owner-check`, `merged+uid-precondition`. False: a
 * message was printed. */
bool sm_workload_profiles(struct sm_workload *workload, const char *list);

#endif
