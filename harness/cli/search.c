#include "search.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "explain.h"
#include "jobs.h"
#include "progress.h"
#include "telling.h"
#include "timeline.h"
#include "workload.h"

enum { SHARDS_MAX = 1 << 20, LOG_SECONDS = 10, INSISTS = 3 };

struct search {
    struct sm_workload *work;
    struct sm_region runs;  /* of campaigns, emptied between runs */
    struct sm_region cells; /* of one campaign's trial */
    struct sm_region line;  /* of progress */
    const struct sm_engine *engine;
    const char *profile_list, *budget_text, *seed_text, *jobs_text, *shard_text, *shards_text, *result, *junit;
    const char *bound_text, *faults_text, *tries_text; /* of explore */
    struct sm_explore_options explore;
    bool json, help;

    uint64_t runs_max;
    double seconds_max; /* of each cell; 0: no limit */
    uint32_t jobs;
    struct sm_telling telling;
    struct sm_results results;
    struct sm_progress progress;
    double next_line, cell_begun;
    bool shown;
};

static volatile sig_atomic_t interrupted;

static void interrupt(int number) {
    if (++interrupted >= INSISTS) /* timeout(1) alone sends two */
        signal(number, SIG_DFL);
}

static double seconds(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* --- Options --------------------------------------------------------------------------------------------------------------- */

static bool usage(const struct search *search, const char *what) {
    fprintf(stderr, "stalemate %s: %s\n", search->engine->name, what);
    return false;
}

static uint64_t usual_budget(const struct search *search) {
    return search->engine->usual ? search->engine->usual : SM_CAMPAIGN_RUNS_USUAL;
}

static bool read_budget(struct search *search) {
    const char *text = search->budget_text;
    char *end = NULL;

    search->runs_max = usual_budget(search);
    if (!text)
        return true;
    unsigned long long number = strtoull(text, &end, 10);
    const char *wants = sm_region_printf(&search->line, "--budget wants s, m, h or %s: write --budget 30s or --budget 10000%s",
                                         sm_engine_unit(search->engine), sm_engine_unit(search->engine));
    if (end == text || number == 0)
        return usage(search, wants);
    if (strcmp(end, sm_engine_unit(search->engine)) == 0) {
        search->runs_max = number;
        return true;
    }
    search->runs_max = 0;
    search->results.timed = true;
    search->seconds_max = (double)number * (strcmp(end, "s") == 0 ? 1 : strcmp(end, "m") == 0 ? 60 : strcmp(end, "h") == 0 ? 3600 : 0);
    return search->seconds_max > 0 || usage(search, wants);
}

static bool read_count(const char *text, unsigned long most, uint32_t *ret_count) {
    char *end = NULL;
    unsigned long count = strtoul(text, &end, 10);

    if (end == text || *end || text[0] == '-' || count == 0 || count > most)
        return false;
    *ret_count = (uint32_t)count;
    return true;
}

static bool read_shard_text(struct search *search) {
    const char *text = search->shard_text;
    char *end = NULL;
    unsigned long shard = strtoul(text, &end, 10);

    if (end == text || text[0] == '-' || *end != '/' || !read_count(end + 1, SHARDS_MAX, &search->results.shards) ||
        shard >= search->results.shards)
        return usage(search, "--shard wants i/n, with i from 0: write --shard 0/4");
    search->results.shard = (uint32_t)shard;
    return true;
}

static bool read_try(struct search *search, const char *name, size_t bytes) {
    struct sm_str known;

    sm_str_init(&known, &search->line);
    for (size_t i = 0; sm_explore_tries[i]; i++) {
        if (strlen(sm_explore_tries[i]) == bytes && strncmp(sm_explore_tries[i], name, bytes) == 0) {
            search->explore.tries |= UINT32_C(1) << i;
            return true;
        }
        sm_str_addf(&known, "%s%s", i ? ", " : "", sm_explore_tries[i]);
    }
    return usage(search, sm_region_printf(&search->line, "--try knows no \"%.*s\", but %s", (int)bytes, name, known.data));
}

static bool read_explore(struct search *search) {
    uint32_t bound = 0;

    if (search->bound_text && strcmp(search->bound_text, "0") != 0 && !read_count(search->bound_text, SM_EXPLORE_BOUND_MAX, &bound))
        return usage(search, "--bound wants a number up to 127: write --bound 2");
    search->explore.bounds = search->bound_text ? bound + 1 : 0;
    if (search->faults_text && !read_count(search->faults_text, SM_EXPLORE_BOUND_MAX, &search->explore.faults_max))
        return usage(search, "--faults wants a number from 1: write --faults 1, or --try order to have none");
    for (const char *text = search->tries_text; text && *text; text += *text == ',') {
        size_t bytes = strcspn(text, ",");
        if (!read_try(search, text, bytes))
            return false;
        text += bytes;
    }
    return true;
}

/* In a pod of an Indexed Job. */
static bool read_completion(struct search *search) {
    const char *index = getenv("JOB_COMPLETION_INDEX"),
               *completions = search->shards_text ? search->shards_text : getenv("JOB_COMPLETIONS");

    if (!index && search->shards_text)
        return usage(search, "--shards is for pods of an Indexed Job, where JOB_COMPLETION_INDEX is set: elsewhere write --shard 0/4");
    if (!index)
        return true;
    if (!completions)
        return usage(
            search,
            sm_region_printf(&search->line, "JOB_COMPLETION_INDEX is %s, but of how many? Write --shards N or set JOB_COMPLETIONS", index));
    search->shard_text = sm_region_printf(&search->line, "%s/%s", index, completions);
    return read_shard_text(search) ||
           usage(search, sm_region_printf(&search->line, "so it is with JOB_COMPLETION_INDEX %s of %s", index, completions));
}

static bool read_numbers(struct search *search) {
    char *end = NULL;

    search->results.seed = search->seed_text ? strtoull(search->seed_text, &end, 10) : 1;
    if (search->seed_text && (*end || end == search->seed_text))
        return usage(search, "--seed wants a number: write --seed 1");
    search->jobs = search->results.shards = 1;
    if (search->jobs_text && !read_count(search->jobs_text, SM_JOBS_MAX, &search->jobs))
        return usage(search,
                     sm_region_printf(&search->line, "--jobs wants a number of processes, at most %d: write --jobs 2", SM_JOBS_MAX));
    return read_budget(search) && (search->shard_text ? read_shard_text(search) : read_completion(search));
}

/* --- Progress --------------------------------------------------------------------------------------------------------------- */

static void show_progress(struct search *search, const struct sm_campaign *campaign, double now) {
    bool terminal = isatty(STDERR_FILENO);
    struct sm_str line;

    search->next_line = now + (terminal ? 1 : LOG_SECONDS);
    search->shown = terminal;
    search->progress.spent = now - search->cell_begun;
    sm_region_clear(&search->line);
    sm_str_init(&line, &search->line);
    sm_progress_line(&line, &search->progress, campaign);
    fprintf(stderr, terminal ? "\r\033[K%s" : "%s\n", line.data);
}

static bool more(void *arg, const struct sm_campaign *campaign) {
    struct search *search = arg;
    double now = seconds();

    if (now >= search->next_line)
        show_progress(search, campaign, now);
    return !interrupted && (search->seconds_max <= 0 || now - search->cell_begun < search->seconds_max);
}

/* --- Campaigns -------------------------------------------------------------------------------------------------------------- */

static void journal_line(void *self, const struct sm_journal_event *event) {
    sm_timeline_add(self, event);
}

static void explain(struct search *search, struct sm_trial *trial, struct sm_finding *finding) {
    struct sm_region *kept = &search->work->kept;
    struct sm_timeline lines;

    sm_explain(trial, &search->runs, kept, finding);
    if (!search->telling.save)
        return;
    sm_timeline_init(&lines, kept);
    struct sm_sim_sink sink = {&lines, journal_line};
    sm_region_clear(&search->runs);
    sm_trial_play(trial, finding->schedule.chosen, finding->schedule.count, &search->runs, &sink, NULL);
    finding->timeline = lines.text.data;
}

static void run_campaign(struct search *search, struct sm_outcome *result, struct sm_trial *trial) {
    struct sm_campaign *campaign = &result->campaign;

    *campaign = (struct sm_campaign){.engine = search->engine->name,
                                     .kept = &search->work->kept,
                                     .work = &search->runs,
                                     .trial = trial,
                                     .seed = search->results.seed,
                                     .runs_max = search->runs_max,
                                     .explore = search->explore,
                                     .shard = search->results.shard,
                                     .shards = search->results.shards,
                                     .more = more,
                                     .arg = search};
    if (search->jobs > 1 && search->engine->in_parts)
        sm_jobs_run(search->engine, campaign, search->jobs);
    else
        search->engine->run(campaign);
    result->seconds = seconds() - search->cell_begun;
    result->rate = result->seconds > 0 ? (double)campaign->runs / result->seconds : 0;
    sm_finding_sort(campaign->finding, campaign->finding_count);
    for (size_t i = 0; i < campaign->finding_count; i++)
        explain(search, trial, campaign->finding[i]);
    campaign->trial = NULL;
}

static void run_cell(struct search *search, struct sm_outcome *result, const struct sm_scenario *scenario,
                     const struct sm_profile *profile) {
    struct sm_workload *work = search->work;
    struct sm_trial_config config = {.kept = &search->cells,
                                     .run = &work->world,
                                     .scratch = &work->scratch,
                                     .library = work->library,
                                     .scenario = scenario,
                                     .profile = profile,
                                     .memo = &work->memo};
    const char *why = NULL;

    result->scenario = scenario->file;
    result->profile = profile->name;
    search->progress.scenario = scenario->name;
    search->progress.profile = profile->name;
    search->cell_begun = seconds();
    sm_region_clear(&search->cells);
    struct sm_trial *trial = sm_trial_new(&config, &why);
    if (trial)
        run_campaign(search, result, trial);
    else
        result->error = sm_region_strdup(&work->kept, why);
}

static void run_all(struct search *search) {
    const struct sm_workload *work = search->work;
    struct sm_results *results = &search->results;
    size_t count = work->scenario_count * work->profile_count;

    results->at = sm_region_zalloc(&search->work->kept, (count + 1) * sizeof *results->at);
    search->progress.engine = results->engine;
    search->progress.cells = count;
    search->progress.seconds_max = search->seconds_max;
    search->next_line = seconds() + (isatty(STDERR_FILENO) ? 1 : LOG_SECONDS);
    for (size_t i = 0; i < count && !interrupted; i++) {
        search->progress.cell = ++results->count;
        run_cell(search, &results->at[i], work->scenarios[i / work->profile_count], work->profiles[i % work->profile_count]);
    }
    if (search->shown)
        fprintf(stderr, "\r\033[K");
}

/* --- Telling ------------------------------------------------------------------------------------------------------------------ */

static int tell(struct search *search) {
    const struct sm_results *results = &search->results;
    const char *no_color = getenv("NO_COLOR");
    struct sm_str out;

    sm_str_init(&out, &search->runs);
    sm_results_json(&out, results);
    bool written = !search->result || sm_telling_write(results->engine, search->result, &out);
    search->telling.color = isatty(STDOUT_FILENO) && !(no_color && no_color[0]);
    if (search->json)
        fputs(out.data, stdout);
    else
        sm_telling_print(results, &search->telling);
    written &= !search->telling.save || sm_telling_save(results, &search->telling);
    fflush(stdout); /* what goes to stderr now stands below it */
    sm_str_init(&out, &search->runs);
    sm_results_junit(&out, results);
    written &= !search->junit || sm_telling_write(results->engine, search->junit, &out);
    for (size_t i = 0; i < results->count; i++)
        fprintf(stderr, "%s under %s: %.1f s, %.0f runs a second\n", results->at[i].scenario, results->at[i].profile,
                results->at[i].seconds, results->at[i].rate);
    if (interrupted)
        fprintf(stderr, "stalemate %s: interrupted\n", results->engine);
    return written ? sm_results_code(results) : SM_EXIT_USAGE;
}

/* --- The command -------------------------------------------------------------------------------------------------------------- */

static int run_command(struct search *search, int argc, char **argv) {
    const char *budget_form = sm_region_printf(&search->line, "30s|10000%s", sm_engine_unit(search->engine));
    const char *budget_about = sm_region_printf(&search->line, "of each scenario under each profile (%llu%s unless said)",
                                                (unsigned long long)usual_budget(search), sm_engine_unit(search->engine));
    struct sm_option options[] = {
        {"--profile", "P,…|all", "profiles: before, first-cut, reviewed, on-delete, merged, hardened (merged unless said)", NULL, &search->profile_list},
        {"--budget", budget_form, budget_about, NULL, &search->budget_text},
        {"--seed", "N", "another seed, other runs (1 unless said)", NULL, &search->seed_text},
        {"--jobs", "N", "processes; the findings of a budget of runs are the same for any N", NULL, &search->jobs_text},
        {"--shard", "i/n", "this part of n of the same campaign, i from 0; its budget of runs is of all parts", NULL, &search->shard_text},
        {"--shards", "n", "part JOB_COMPLETION_INDEX of n; unless said, of JOB_COMPLETIONS (both of the environment)", NULL, &search->shards_text},
        {"--save", "DIR", "write the schedule and the timeline of each finding there", NULL, &search->telling.save},
        {"--result", "FILE", "a result file, for stalemate merge", NULL, &search->result},
        {"--all", NULL, "every schedule of a cause, not only the shortest", &search->telling.all, NULL},
        {"--json", NULL, "for scripts", &search->json, NULL},
        {"--junit", "FILE", "JUnit XML into this file", NULL, &search->junit},
        {"--help", NULL, "this text", &search->help, NULL},
        {0},
        {0},
        {0},
        {0},
        {0},
    };
    enum { ALL = sizeof options / sizeof options[0] };
    if (strcmp(search->engine->name, "explore") == 0) {
        options[ALL - 5] = (struct sm_option){"--exact", NULL, "tell times apart exactly, not to 10ms", &search->explore.exact, NULL};
        options[ALL - 4] =
            (struct sm_option){"--bound", "N", "no more than N things out of the ordinary in a run", NULL, &search->bound_text};
        options[ALL - 3] = (struct sm_option){
            "--try", "T,…", "order, yield, crash, pause, fault, late, age, user (order,yield,crash,fault,age unless said)", NULL, &search->tries_text};
        options[ALL - 2] =
            (struct sm_option){"--faults", "N", "no more than N of them faults, crashes or pauses", NULL, &search->faults_text};
    }

    if (!sm_options_read(search->engine->name, options, argc, argv, &argc))
        return SM_EXIT_USAGE;
    if (search->help) {
        sm_options_help(sm_region_printf(&search->runs, "stalemate %s SCENARIO… [OPTION…]", search->engine->name), options);
        return SM_EXIT_OK;
    }
    if (!read_numbers(search) || !read_explore(search))
        return SM_EXIT_USAGE;
    if (argc == 0) {
        usage(search,
              sm_region_printf(&search->runs, "no scenario: write stalemate %s scenarios/nominal-update.yaml", search->engine->name));
        return SM_EXIT_USAGE;
    }
    if (search->telling.save && mkdir(search->telling.save, 0777) != 0 && errno != EEXIST) {
        usage(search, sm_region_printf(&search->runs, "--save %s: %s", search->telling.save, strerror(errno)));
        return SM_EXIT_USAGE;
    }
    if (!sm_workload_profiles(search->work, search->profile_list ? search->profile_list : "merged"))
        return SM_EXIT_USAGE;
    if (!sm_workload_load(search->work, argc, argv))
        return sm_workload_problems(search->work, search->json);
    signal(SIGINT, interrupt);
    run_all(search);
    signal(SIGINT, SIG_DFL);
    sm_region_clear(&search->runs);
    return tell(search);
}

int sm_search_command(const char *engine, int argc, char **argv) {
    struct search search = {.engine = sm_engine_find(engine), .work = sm_workload_new(engine)};

    search.results.engine = engine;
    search.results.kept = &search.work->kept;
    sm_region_init(&search.runs, "runs", 0);
    sm_region_init(&search.cells, "cells", 0);
    sm_region_init(&search.line, "progress", 0);
    int code = run_command(&search, argc, argv);
    sm_region_release(&search.line);
    sm_region_release(&search.cells);
    sm_region_release(&search.runs);
    return sm_workload_release(search.work, code);
}
