/* What a campaign keeps of runs that do not converge.
 *
 *      failure ──shrink──▶ shortest schedule ──▶ core = cause and what its choices are about ──▶ a finding, or one more of one
 *
 * Two failures are one finding if they have the same cause and the same shrunk core. Shrinking costs hundreds of runs, so of each
 * cause only the first few failures are shrunk, and then ever fewer; which, depends on nothing but their order.
 */
#ifndef SM_FINDING_H
#define SM_FINDING_H

#include "shrink.h"

enum { SM_FINDINGS_MAX = 256, SM_CAUSES_MAX = 64, SM_FINDING_SHRINK_RUNS_MAX = 2000 };

struct sm_finding {
    const char *name;     /* `edit.merged.stuck-task-observe-image.3f2a`: of scenario, profile, cause and core */
    const char *scenario; /* path */
    const char *profile;
    const char *engine;
    const char *cause; /* sm_trial_cause */
    const char *core;  /* cause and the gist of the shrunk schedule: what makes two findings one */
    enum sm_verdict_kind verdict;
    const char *property; /* NULL: none broke */
    const char *reason;   /* of the shrunk run */
    struct sm_schedule schedule;
    const char *explanation; /* lines; NULL until sm_explain */
    const char *timeline;    /* likewise; NULL: not wanted */
    uint64_t found_choices;  /* how many there were before shrinking */
    uint64_t run;            /* the first that showed it */
    uint64_t runs_to_find;   /* runs of the campaign until then */
    uint64_t events;         /* of the shrunk run */
    uint64_t shrink_runs;
    uint64_t times; /* runs with this cause, as far as they were told apart */
};

/* How often a cause was met. */
struct sm_cause_count {
    const char *cause;
    uint64_t times;
};

/* One run that did not converge. */
struct sm_failure {
    uint64_t number;
    const char *cause;
    const struct sm_chosen *chosen;
    size_t count;
};

struct sm_campaign;

/* Is the so-many-th failure of a cause, from 1, one to shrink? */
bool sm_finding_is_shrunk(uint64_t time);

/* Counts a failure, in the order of the runs. True: it is to be shrunk and filed; false: it is one more of its cause. */
bool sm_finding_count(struct sm_campaign *campaign, const char *cause);

/* Files what a failure was shrunk to. [runs]: of the campaign until then. */
void sm_finding_file(struct sm_campaign *campaign, const struct sm_failure *failure, const struct sm_shrunk *shrunk, uint64_t runs);

/* One finding of another campaign. */
void sm_finding_merge(struct sm_campaign *campaign, const struct sm_finding *finding);

/* Those of one cause side by side, causes as they were first met, the shortest schedule of each first. */
void sm_finding_sort(struct sm_finding **findings, size_t count);

#endif
