/* What came of a search: a result for each scenario under each profile. It is told as text (telling.h), as JSON and as JUnit; the
 * JSON is also the result file, which `stalemate merge` reads and joins.
 *
 * Whatever depends on how fast the machine is stands in lines of its own, `"took"`; everything else is the same bytes for the same
 * budget of runs, however many processes shared it.
 */
#ifndef SM_RESULTS_H
#define SM_RESULTS_H

#include "engine.h"

enum { SM_RESULTS_MAX = 4096 };

struct sm_outcome {
    const char *scenario, *profile;
    const char *error;           /* it could not begin; NULL: it could */
    struct sm_campaign campaign; /* numbers and findings; of a result that was read there is no trial */
    double seconds;
    double rate; /* runs a second; of several machines, together */
};

struct sm_results {
    struct sm_region *kept;
    const char *engine;
    uint64_t seed;
    uint32_t shard, shards; /* of what was read: which part */
    bool timed;             /* a time budget, or interrupted: the budget of runs that repeats it is worth saying */
    struct sm_outcome *at;
    size_t count;
};

void sm_results_json(struct sm_str *out, const struct sm_results *results);
void sm_results_junit(struct sm_str *out, const struct sm_results *results);

/* Adds what stands in a result file. False: [problems] has grown. Findings of the same core become one, counts are summed. */
bool sm_results_read(struct sm_results *results, const struct sm_reader *reader, const char *path, struct sm_problems *problems);

/* The exit code of a command that ends with them. */
int sm_results_code(const struct sm_results *results);

/* One line to paste that runs [schedule] again. */
const char *sm_results_replay_line(struct sm_region *r, const struct sm_schedule *schedule);

#endif
