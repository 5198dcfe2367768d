#include "bench_search.h"

#include "bug.h"
#include "rng.h"
#include "shrink.h"

enum { ODDS = 8, SHRINK_RUNS_MAX = 5000 }; /* one choice in so many goes another way */

struct sm_bench_search {
    struct sm_region work, failures, memo;
    struct sm_trial *trial;
    struct sm_campaign campaign;
    struct sm_rng rng;
    const struct sm_transcript *failure;
};

struct sm_bench_search *sm_bench_search_new(const struct sm_bench_config *config) {
    const char *why = NULL;

    sm_region_clear(config->run);
    struct sm_bench_search *search = sm_region_zalloc(config->kept, sizeof *search);
    sm_region_init(&search->memo, "memo", 0);
    struct sm_trial *trial = sm_trial_new(&(struct sm_trial_config){.kept = config->kept,
                                                                    .run = config->run,
                                                                    .scratch = config->scratch,
                                                                    .library = config->library,
                                                                    .scenario = config->scenario,
                                                                    .profile = config->profile,
                                                                    .memo = &search->memo},
                                          &why);
    if (!trial) {
        sm_region_release(&search->memo);
        return NULL;
    }
    search->trial = trial;
    sm_region_init(&search->work, "campaign", 0);
    sm_region_init(&search->failures, "failures", 0);
    return search;
}

void sm_bench_search_free(struct sm_bench_search *search) {
    sm_region_release(&search->work);
    sm_region_release(&search->failures);
    sm_region_release(&search->memo);
}

const struct sm_campaign *sm_bench_campaign(struct sm_bench_search *search, const struct sm_engine *engine, uint64_t runs) {
    sm_region_clear(&search->work);
    sm_region_clear(&search->failures);
    sm_trial_forget(search->trial);
    search->failure = NULL;
    search->campaign = (struct sm_campaign){.engine = engine->name,
                                            .kept = &search->failures,
                                            .work = &search->work,
                                            .trial = search->trial,
                                            .seed = 1,
                                            .runs_max = runs,
                                            .shards = 1};
    engine->run(&search->campaign);
    return &search->campaign;
}

/* --- From a failing run to its shortest ---------------------------------------------------------------------------------------- */

static uint32_t choose(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    struct sm_bench_search *search = self;
    (void)env;

    return sm_rng_below(&search->rng, ODDS) ? 0 : sm_rng_below(&search->rng, point->n);
}

bool sm_bench_find_failure(struct sm_bench_search *search, uint64_t runs) {
    const struct sm_sim_chooser chooser = {.self = search, .choose = choose};

    for (uint64_t seed = 1; seed <= runs; seed++) {
        struct sm_transcript *transcript = NULL;
        sm_region_clear(&search->failures);
        sm_rng_init(&search->rng, seed, "bench");
        enum sm_verdict_kind kind = sm_trial_transcribe(search->trial, &chooser, &search->failures, &transcript).kind;
        search->failure = transcript;
        if (kind == SM_VERDICT_VIOLATED || kind == SM_VERDICT_STUCK || kind == SM_VERDICT_FAILED)
            return true;
    }
    search->failure = NULL;
    return false;
}

size_t sm_bench_failure_choices(const struct sm_bench_search *search) {
    return search->failure ? search->failure->count : 0;
}

size_t sm_bench_shrink(struct sm_bench_search *search) {
    sm_region_clear(&search->work);
    sm_trial_forget(search->trial);
    struct sm_shrunk shrunk =
        sm_shrink(search->trial, &search->work, search->failure->chosen, search->failure->count, NULL, SHRINK_RUNS_MAX);
    if (!shrunk.fails)
        sm_bug("a run of %zu choices failed, and their schedule does not", search->failure->count);
    return shrunk.count;
}
