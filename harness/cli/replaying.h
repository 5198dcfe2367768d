/* What replay and shrink have in common: a schedule from their arguments, and the trial that it is about. */
#ifndef SM_REPLAYING_H
#define SM_REPLAYING_H

#include "trial.h"
#include "workload.h"

struct sm_replaying {
    struct sm_workload *work;
    const char *profile, *choices; /* options */
    bool help;

    const struct sm_schedule *schedule;
    struct sm_trial *trial;
    int code; /* of the command, if it can't be opened */
};

#define SM_REPLAYING_OPTIONS(replaying) \
    {"--profile", "P", "instead of the schedule's; needed for a scenario", NULL, &(replaying).profile}, { \
        "--choices", "'A; B; …'", "of a scenario: the lines of its schedule, in one", NULL, &(replaying).choices \
    }

/* `stalemate COMMAND SCHEDULE|SCENARIO [OPTION…]`. False: the command ends with [code]. */
bool sm_replaying_open(struct sm_replaying *replaying, const char *command, const struct sm_option *options, int argc, char **argv);

/* Choices that were not met, or could not go their way, are printed. True if there are any. */
bool sm_replaying_outdated(const struct sm_replaying *replaying, const struct sm_player *player);

void sm_replaying_json(const struct sm_replaying *replaying, const struct sm_verdict *verdict, const struct sm_player *player);

int sm_replaying_close(struct sm_replaying *replaying, int code);

#endif
