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
#include "json.h"

enum { USUAL_RUNS = 10000, OTHERS_SHOWN = 2 };

struct cell {
    const struct sm_scenario *scenario;
    const struct sm_profile *profile;
    struct sm_campaign campaign;
    double seconds;
    const char *error; /* it could not begin; NULL: it could */
};

struct search {
    struct sm_workload *work;
    struct sm_region runs;  /* of campaigns, emptied between runs */
    struct sm_region cells; /* of one campaign's trial */
    const struct sm_engine *engine;
    const char *profile_list, *budget_text, *seed_text, *shard_text, *save;
    bool json, all, help;

    uint64_t runs_max, seed;
    double seconds_max; /* of each cell; 0: no limit */
    uint32_t shard, shards;
    struct cell *cell;
    size_t cell_count, current;
    double begun, next_line, cell_begun;
    bool shown;
};

static volatile sig_atomic_t interrupted;

static void interrupt(int number) {
    (void)number;
    interrupted = 1;
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

static bool read_budget(struct search *search) {
    const char *text = search->budget_text;
    char *end = NULL;

    search->runs_max = USUAL_RUNS;
    if (!text)
        return true;
    unsigned long long number = strtoull(text, &end, 10);
    if (end == text || number == 0)
        return usage(search, "--budget wants a number: write --budget 30s or --budget 10000runs");
    if (strcmp(end, "runs") == 0) {
        search->runs_max = number;
        return true;
    }
    search->runs_max = 0;
    search->seconds_max = (double)number * (strcmp(end, "s") == 0 ? 1 : strcmp(end, "m") == 0 ? 60 : strcmp(end, "h") == 0 ? 3600 : 0);
    return search->seconds_max > 0 || usage(search, "--budget wants s, m, h or runs: write --budget 30s or --budget 10000runs");
}

static bool read_shard(struct search *search) {
    char *end = NULL;

    search->shards = 1;
    if (!search->shard_text)
        return true;
    unsigned long shard = strtoul(search->shard_text, &end, 10);
    unsigned long shards = *end == '/' ? strtoul(end + 1, &end, 10) : 0;
    if (*end || shards == 0 || shard >= shards || shards > 1U << 20)
        return usage(search, "--shard wants i/n, with i from 0: write --shard 0/4");
    search->shard = (uint32_t)shard;
    search->shards = (uint32_t)shards;
    return true;
}

static bool read_numbers(struct search *search) {
    char *end = NULL;

    search->seed = search->seed_text ? strtoull(search->seed_text, &end, 10) : 1;
    if (search->seed_text && (*end || end == search->seed_text))
        return usage(search, "--seed wants a number: write --seed 1");
    return read_budget(search) && read_shard(search);
}

/* --- Progress --------------------------------------------------------------------------------------------------------------- */

static void progress(struct search *search, const struct sm_campaign *campaign, double now) {
    const struct cell *cell = &search->cell[search->current];
    double spent = now - search->cell_begun, left = 0;
    struct sm_str line;

    search->next_line = now + 1;
    search->shown = true;
    sm_str_init(&line, &search->runs);
    sm_str_addf(&line, "%s %s under %s (%zu of %zu) %llu runs %.0f/s", search->engine->name, cell->scenario->name, cell->profile->name,
                search->current + 1, search->cell_count, (unsigned long long)campaign->runs,
                (double)campaign->runs / (spent > 0 ? spent : 1));
    if (campaign->states)
        sm_str_addf(&line, " | states %llu (+%llu) | depth %llu", (unsigned long long)campaign->states,
                    (unsigned long long)campaign->states_new, (unsigned long long)campaign->depth);
    sm_str_addf(&line, " | not converged %llu | findings %zu", (unsigned long long)campaign->failed_runs, campaign->finding_count);
    if (search->seconds_max > 0)
        left = search->seconds_max - spent;
    else if (campaign->runs)
        left = spent * ((double)campaign->runs_max - (double)campaign->runs) / (double)campaign->runs;
    sm_str_addf(&line, " | %.0fs left", left > 0 ? left : 0);
    fprintf(stderr, "\r\033[K%s", line.data);
}

static bool more(void *arg, const struct sm_campaign *campaign) {
    struct search *search = arg;
    double now = seconds();

    if (now >= search->next_line && isatty(STDERR_FILENO))
        progress(search, campaign, now);
    return !interrupted && (search->seconds_max <= 0 || now - search->cell_begun < search->seconds_max);
}

/* --- Campaigns -------------------------------------------------------------------------------------------------------------- */

static void run_cell(struct search *search, struct cell *cell) {
    struct sm_workload *work = search->work;
    struct sm_trial_config config = {.kept = &search->cells,
                                     .run = &work->world,
                                     .scratch = &work->scratch,
                                     .library = work->library,
                                     .scenario = cell->scenario,
                                     .profile = cell->profile,
                                     .memo = &work->memo};
    const char *why = NULL;

    search->cell_begun = seconds();
    sm_region_clear(&search->cells);
    struct sm_trial *trial = sm_trial_new(&config, &why);
    if (!trial) {
        cell->error = sm_region_strdup(&work->kept, why);
        return;
    }
    cell->campaign = (struct sm_campaign){.engine = search->engine->name,
                                          .kept = &work->kept,
                                          .work = &search->runs,
                                          .trial = trial,
                                          .seed = search->seed,
                                          .runs_max = search->runs_max,
                                          .shard = search->shard,
                                          .shards = search->shards,
                                          .more = more,
                                          .arg = search};
    search->engine->run(&cell->campaign);
    cell->seconds = seconds() - search->cell_begun;
    for (size_t i = 0; i < cell->campaign.finding_count; i++)
        sm_explain(trial, &search->runs, &work->kept, cell->campaign.finding[i]);
}

static void run_all(struct search *search) {
    const struct sm_workload *work = search->work;

    search->cell = sm_region_zalloc(&search->work->kept, (work->scenario_count * work->profile_count + 1) * sizeof *search->cell);
    search->cell_count = work->scenario_count * work->profile_count;
    search->begun = seconds();
    search->next_line = search->begun + 1;
    for (search->current = 0; search->current < search->cell_count && !interrupted; search->current++) {
        struct cell *cell = &search->cell[search->current];
        cell->scenario = work->scenarios[search->current / work->profile_count];
        cell->profile = work->profiles[search->current % work->profile_count];
        run_cell(search, cell);
    }
    search->cell_count = search->current;
    if (search->shown)
        fprintf(stderr, "\r\033[K");
}

/* --- Telling ------------------------------------------------------------------------------------------------------------------ */

const char *sm_search_replay_line(struct sm_region *r, const struct sm_schedule *schedule) {
    struct sm_str line;

    sm_str_init(&line, r);
    sm_str_addf(&line, "stalemate replay %s --profile %s", schedule->scenario, schedule->profile);
    for (size_t i = 0; i < schedule->count; i++) {
        sm_str_add(&line, i ? "; " : " --choices '");
        sm_schedule_line(&line, &schedule->chosen[i]);
    }
    sm_str_add(&line, schedule->count ? "'" : "");
    return line.data;
}

static void save(struct search *search, const struct sm_finding *finding) {
    struct sm_str text;
    const char *path = sm_region_printf(&search->runs, "%s/%s.schedule", search->save, finding->name);

    sm_str_init(&text, &search->runs);
    sm_schedule_write(&text, &finding->schedule);
    FILE *file = fopen(path, "w");
    if (!file || fputs(text.data, file) < 0)
        fprintf(stderr, "stalemate %s: %s cannot be written: %s\n", search->engine->name, path, strerror(errno));
    if (file && fclose(file) == 0)
        printf("   saved as %s\n", path);
}

static void print_lines(const char *text) {
    while (*text) {
        size_t bytes = strcspn(text, "\n");
        printf("   %.*s\n", (int)bytes, text);
        text += bytes + (text[bytes] == '\n');
    }
}

static void print_finding(struct search *search, const struct sm_finding *finding, size_t number) {
    struct sm_str lines;

    printf("\n%zu. %s: %s\n", number, finding->name, finding->reason[0] ? finding->reason : finding->cause);
    printf("   found in run %llu, the %lluth, with %zu choices; %llu runs like it; the shortest has %zu\n",
           (unsigned long long)finding->run, (unsigned long long)finding->runs_to_find, finding->found_choices,
           (unsigned long long)finding->times, finding->schedule.count);
    sm_str_init(&lines, &search->runs);
    for (size_t i = 0; i < finding->schedule.count; i++) {
        sm_str_add(&lines, "  ");
        sm_schedule_line(&lines, &finding->schedule.chosen[i]);
        sm_str_addc(&lines, '\n');
    }
    print_lines(lines.data);
    print_lines(finding->explanation ? finding->explanation : "");
    printf("   %s\n", sm_search_replay_line(&search->runs, &finding->schedule));
    if (search->save)
        save(search, finding);
}

/* The shortest of a cause stands for it; the others are told of in a line each. */
static const struct sm_finding *shortest(const struct sm_campaign *campaign, const char *cause) {
    const struct sm_finding *best = NULL;

    for (size_t i = 0; i < campaign->finding_count; i++) {
        const struct sm_finding *finding = campaign->finding[i];
        if (strcmp(finding->cause, cause) == 0 && (!best || finding->schedule.count < best->schedule.count))
            best = finding;
    }
    return best;
}

static void print_causes(struct search *search, const struct sm_campaign *campaign) {
    size_t causes = 0;

    for (size_t i = 0; i < campaign->finding_count; i++) {
        const char *cause = campaign->finding[i]->cause;
        bool told = false;
        for (size_t j = 0; j < i; j++)
            told |= strcmp(campaign->finding[j]->cause, cause) == 0;
        if (told)
            continue;
        const struct sm_finding *best = shortest(campaign, cause);
        print_finding(search, best, ++causes);
        size_t others = 0;
        for (size_t j = i; j < campaign->finding_count; j++) {
            const struct sm_finding *other = campaign->finding[j];
            if (other == best || strcmp(other->cause, cause) != 0)
                continue;
            if (search->all || others < OTHERS_SHOWN)
                printf("   or: %s\n", sm_search_replay_line(&search->runs, &other->schedule));
            others++;
            if (search->save)
                save(search, other);
        }
        if (!search->all && others > OTHERS_SHOWN)
            printf("   and %zu other ways: --all shows them\n", others - OTHERS_SHOWN);
    }
}

static void print_cell(struct search *search, const struct cell *cell) {
    const struct sm_campaign *campaign = &cell->campaign;

    if (cell->error) {
        printf("%s\n", cell->error);
        return;
    }
    printf("%s under %s: %llu runs, %.0f a second, ", cell->scenario->file, cell->profile->name, (unsigned long long)campaign->runs,
           (double)campaign->runs / (cell->seconds > 0 ? cell->seconds : 1));
    if (campaign->failed_runs)
        printf("%llu did not converge: %zu findings\n", (unsigned long long)campaign->failed_runs, campaign->finding_count);
    else
        printf("all converged\n");
    if (campaign->coverage)
        printf("%s\n", campaign->coverage);
    if (campaign->diverged)
        printf("not deterministic: %s\n", campaign->diverged);
    print_causes(search, campaign);
    if (campaign->findings_lost)
        printf("\nand %llu more\n", (unsigned long long)campaign->findings_lost);
    if (search->seconds_max > 0 || campaign->stopped)
        printf("the same again: --budget %lluruns --seed %llu\n", (unsigned long long)campaign->runs, (unsigned long long)search->seed);
}

static void json_text(struct sm_str *out, const char *key, const char *text) {
    sm_str_addf(out, "\"%s\":", key);
    sm_json_print(out, sm_val_str(out->region, text ? text : ""), SM_JSON_COMPACT);
    sm_str_addc(out, ',');
}

static void json_finding(struct sm_str *out, const struct sm_finding *finding) {
    sm_str_add(out, "{");
    json_text(out, "name", finding->name);
    json_text(out, "cause", finding->cause);
    json_text(out, "verdict", sm_verdict_names[finding->verdict]);
    json_text(out, "property", finding->property);
    json_text(out, "reason", finding->reason);
    json_text(out, "explanation", finding->explanation);
    json_text(out, "replay", sm_search_replay_line(out->region, &finding->schedule));
    sm_str_add(out, "\"choices\":[");
    for (size_t i = 0; i < finding->schedule.count; i++) {
        struct sm_str line;
        sm_str_init(&line, out->region);
        sm_schedule_line(&line, &finding->schedule.chosen[i]);
        sm_str_add(out, i ? "," : "");
        sm_json_print(out, sm_val_str(out->region, line.data), SM_JSON_COMPACT);
    }
    sm_str_addf(out, "],\"run\":%llu,\"runsToFind\":%llu,\"times\":%llu,\"foundChoices\":%zu,\"events\":%llu}",
                (unsigned long long)finding->run, (unsigned long long)finding->runs_to_find, (unsigned long long)finding->times,
                finding->found_choices, (unsigned long long)finding->events);
}

static void print_json(struct search *search) {
    struct sm_str out;

    sm_str_init(&out, &search->runs);
    sm_str_addf(&out, "{\"engine\":\"%s\",\"seed\":%llu,\"shard\":%u,\"shards\":%u,\"results\":[", search->engine->name,
                (unsigned long long)search->seed, search->shard, search->shards);
    for (size_t c = 0; c < search->cell_count; c++) {
        const struct cell *cell = &search->cell[c];
        const struct sm_campaign *campaign = &cell->campaign;
        sm_str_add(&out, c ? ",\n{" : "\n{");
        json_text(&out, "scenario", cell->scenario->file);
        json_text(&out, "profile", cell->profile->name);
        if (cell->error)
            json_text(&out, "error", cell->error);
        if (campaign->coverage)
            json_text(&out, "coverage", campaign->coverage);
        if (campaign->diverged)
            json_text(&out, "diverged", campaign->diverged);
        sm_str_addf(&out,
                    "\"runs\":%llu,\"failed\":%llu,\"events\":%llu,\"checked\":%llu,\"milliseconds\":%.0f,\"states\":%llu,\"findings\":[",
                    (unsigned long long)campaign->runs, (unsigned long long)campaign->failed_runs, (unsigned long long)campaign->events,
                    (unsigned long long)campaign->checked, cell->seconds * 1e3, (unsigned long long)campaign->states);
        for (size_t i = 0; i < campaign->finding_count; i++) {
            sm_str_add(&out, i ? ",\n" : "\n");
            json_finding(&out, campaign->finding[i]);
        }
        sm_str_add(&out, "]}");
    }
    sm_str_add(&out, "\n]}\n");
    fputs(out.data, stdout);
}

static int tell(struct search *search) {
    bool budget = false, diverged = false, failed = false, error = false;

    if (search->json)
        print_json(search);
    for (size_t i = 0; i < search->cell_count; i++) {
        const struct cell *cell = &search->cell[i];
        if (!search->json)
            print_cell(search, cell);
        error |= cell->error != NULL;
        diverged |= cell->campaign.diverged != NULL;
        budget |= cell->campaign.verdicts[SM_VERDICT_BUDGET] > 0;
        failed |= cell->campaign.failed_runs > 0;
    }
    if (interrupted)
        fprintf(stderr, "stalemate %s: interrupted\n", search->engine->name);
    return diverged ? SM_EXIT_NONDETERMINISM
           : error  ? SM_EXIT_USAGE
           : budget ? SM_EXIT_BUDGET
           : failed ? SM_EXIT_NOT_CONVERGED
                    : SM_EXIT_OK;
}

/* --- The command -------------------------------------------------------------------------------------------------------------- */

static int run_command(struct search *search, int argc, char **argv) {
    const struct sm_option options[] = {
        {"--profile", "P,…|all", "profiles: before, first-cut, reviewed, on-delete, merged, hardened (merged unless said)", NULL, &search->profile_list},
        {"--budget", "30s|10000runs", "of each scenario under each profile (10000runs unless said)", NULL, &search->budget_text},
        {"--seed", "N", "another seed, other runs (1 unless said)", NULL, &search->seed_text},
        {"--shard", "i/n", "this part of n of the same campaign, i from 0", NULL, &search->shard_text},
        {"--save", "DIR", "write the schedule of each finding there", NULL, &search->save},
        {"--all", NULL, "every schedule of a cause, not only the shortest", &search->all, NULL},
        {"--json", NULL, "for scripts", &search->json, NULL},
        {"--help", NULL, "this text", &search->help, NULL},
        {0},
    };

    if (!sm_options_read(search->engine->name, options, argc, argv, &argc) || !read_numbers(search))
        return SM_EXIT_USAGE;
    if (search->help) {
        sm_options_help(sm_region_printf(&search->runs, "stalemate %s SCENARIO… [OPTION…]", search->engine->name), options);
        return SM_EXIT_OK;
    }
    if (argc == 0) {
        usage(search,
              sm_region_printf(&search->runs, "no scenario: write stalemate %s scenarios/nominal-update.yaml", search->engine->name));
        return SM_EXIT_USAGE;
    }
    if (search->save && mkdir(search->save, 0777) != 0 && errno != EEXIST) {
        usage(search, sm_region_printf(&search->runs, "--save %s: %s", search->save, strerror(errno)));
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

    sm_region_init(&search.runs, "runs", 0);
    sm_region_init(&search.cells, "cells", 0);
    int code = run_command(&search, argc, argv);
    sm_region_release(&search.cells);
    sm_region_release(&search.runs);
    return sm_workload_release(search.work, code);
}
