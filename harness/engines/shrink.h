/* From a failing schedule to the shortest that fails for the same cause: choices are taken away block by block, then each is made
 * smaller, until nothing more can go. */
#ifndef SM_SHRINK_H
#define SM_SHRINK_H

#include "trial.h"

struct sm_shrunk {
    const struct sm_chosen *chosen; /* in [region] */
    size_t count;
    struct sm_verdict verdict; /* of its run; texts in [region] */
    uint64_t runs;
    bool fails; /* the schedule fails for that cause at all */
};

/* [cause] NULL: whatever the schedule fails with. Stops after [runs_max] runs. */
struct sm_shrunk sm_shrink(struct sm_trial *trial, struct sm_region *region, const struct sm_chosen *chosen, size_t count,
                           const char *cause, uint64_t runs_max);

#endif
