/* What searching costs, measured on one scenario whose opening is done once: runs of an engine, and the way from a failing run of
 * many choices to its shortest. As in bench.h the command holds the watch, and everything is the same each time: each begins
 * with nothing remembered.
 */
#ifndef SM_BENCH_SEARCH_H
#define SM_BENCH_SEARCH_H

#include "bench.h"
#include "engine.h"

struct sm_bench_search;

/* NULL if the scenario does not come to rest. Takes [config]'s region of the world. */
struct sm_bench_search *sm_bench_search_new(const struct sm_bench_config *config);
void sm_bench_search_free(struct sm_bench_search *search);

/* A campaign of up to [runs] runs, 0: until the engine is done. What it found lives until the next. */
const struct sm_campaign *sm_bench_campaign(struct sm_bench_search *search, const struct sm_engine *engine, uint64_t runs);

/* Looks for a run that fails when choices are drawn at random; false if there is none among [runs]. */
bool sm_bench_find_failure(struct sm_bench_search *search, uint64_t runs);
size_t sm_bench_failure_choices(const struct sm_bench_search *search);

/* Shrinks that run; returns how many choices are left. */
size_t sm_bench_shrink(struct sm_bench_search *search);

#endif
