/* `stalemate shrink`: from a failing schedule to the shortest that fails for the same cause. */
#include <stdio.h>

#include "as_scenario.h"
#include "replaying.h"
#include "shrink.h"

enum { RUNS_MAX = 5000 };

static int print_scenario(struct sm_replaying *replaying, const struct sm_shrunk *shrunk) {
    struct sm_workload *work = replaying->work;
    struct sm_as_scenario as = {.kept = &work->kept,
                                .run = &work->world,
                                .scratch = &work->scratch,
                                .library = work->library,
                                .reader = &sm_files_reader,
                                .scenario = work->scenarios[0],
                                .profile = work->profiles[0],
                                .chosen = shrunk->chosen,
                                .count = shrunk->count,
                                .cause = sm_trial_cause(&work->kept, &shrunk->verdict)};
    const char *text = sm_as_scenario(&as);

    if (!text) {
        fprintf(stderr, "stalemate shrink: as a scenario of its own it does not end with %s: this is a bug of stalemate\n", as.cause);
        return SM_EXIT_NONDETERMINISM;
    }
    printf("# Put it beside %s, whose files it names; stalemate run FILE --profile %s plays it.\n%s", work->scenarios[0]->file,
           work->profiles[0]->name, text);
    fflush(stdout);
    fprintf(stderr, "%zu choices of %zu are said as faults, lag and restarts; %llu runs\n%s\n", shrunk->count - as.choices_left,
            shrunk->count, (unsigned long long)as.runs, as.reason);
    return SM_EXIT_NOT_CONVERGED;
}

static int shrink(struct sm_replaying *replaying, const struct sm_option *options, int argc, char **argv, const bool *as_scenario) {
    struct sm_region *r = &replaying->work->kept;
    struct sm_str text;

    if (!sm_replaying_open(replaying, "shrink", options, argc, argv))
        return replaying->code;
    const struct sm_schedule *schedule = replaying->schedule;
    struct sm_shrunk shrunk = sm_shrink(replaying->trial, r, schedule->chosen, schedule->count, NULL, RUNS_MAX);
    if (!shrunk.fails) {
        fprintf(stderr, "stalemate shrink: the run of this schedule converges: there is nothing to shrink\n");
        return SM_EXIT_OK;
    }
    if (*as_scenario)
        return print_scenario(replaying, &shrunk);
    struct sm_schedule result = *schedule;
    result.chosen = shrunk.chosen;
    result.count = shrunk.count;
    result.profile = replaying->work->profiles[0]->name;
    result.verdict = sm_trial_cause(r, &shrunk.verdict);
    sm_str_init(&text, r);
    sm_schedule_write(&text, &result);
    fputs(text.data, stdout);
    fflush(stdout);
    fprintf(stderr, "%zu choices of %zu are left after %llu runs\n%s: %s\n", shrunk.count, schedule->count, (unsigned long long)shrunk.runs,
            sm_verdict_names[shrunk.verdict.kind], shrunk.verdict.reason);
    return SM_EXIT_NOT_CONVERGED;
}

int sm_cmd_shrink(int argc, char **argv) {
    bool as_scenario = false;
    struct sm_replaying replaying = {.work = sm_workload_new("shrink")};
    const struct sm_option options[] = {
        SM_REPLAYING_OPTIONS(replaying),
        {"--as-scenario", NULL, "a scenario file, for stalemate run, instead of a schedule", &as_scenario, NULL},
        {"--help", NULL, "this text", &replaying.help, NULL},
        {0},
    };

    return sm_replaying_close(&replaying, shrink(&replaying, options, argc, argv, &as_scenario));
}
