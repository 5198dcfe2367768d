/* `stalemate bench`: how fast this is, one line a figure.
 *
 * Throughputs are measured in CPU time of this one thread, in batches of a few milliseconds, and the middle one of the batches
 * counts: a busy machine makes some batches slow, never the figure. Times that a person waits for (start-ms, matrix-ms) are
 * measured by the clock on the wall; the middle of several, too. What belongs to a process, its start and its memory, is
 * measured on a process of its own: this program, called as `bench --child N`.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench_search.h"
#include "command.h"
#include "files.h"
#include "scenario_try.h"

enum { BATCHES_MAX = 1 << 16, CALIBRATION_ROUNDS = 100000, WRITES = 200, SWEEP_RUNS = 2000, EXPLORE_STATES = 50000, FAILURE_RUNS = 2000 };
static const char PROFILE[] = "merged", SAFE_PROFILE[] = "hardened"; /* of which no run fails, so that nothing is shrunk */
#define RUN_BYTES_MAX ((size_t)4 << 30)

struct bench {
    struct sm_region kept, run, scratch;
    struct sm_library *library;
    struct sm_problems problems;
    const struct sm_scenario *scenarios[SM_FILES_MAX]; /* nominal-update first */
    size_t scenario_count;
    const struct sm_profile *profile;
    struct sm_bench *update;        /* made when it is first needed */
    struct sm_bench_search *search; /* likewise; of these two one is there */
    const char *searches;           /* under this profile */

    double *batches;
    size_t batch_count;
    double seconds; /* a figure */
    uint64_t calibrated;

    const char *folder, *seconds_text, *child;
    bool json, list, help;
};

/* --- Time -------------------------------------------------------------------------------------------------------------------- */

static double on_clock(clockid_t clock) {
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b) {
    double first = *(const double *)a, second = *(const double *)b;

    return (first > second) - (first < second);
}

/* Seconds that [once] takes: the middle of as many as fit in the time of a figure, and at least three. */
static double middle(struct bench *bench, clockid_t clock, void (*once)(struct bench *bench)) {
    double end = on_clock(CLOCK_MONOTONIC) + bench->seconds;

    once(bench); /* caches are warm and memory is there from now on */
    bench->batch_count = 0;
    while (bench->batch_count < 3 || (bench->batch_count < BATCHES_MAX && on_clock(CLOCK_MONOTONIC) < end)) {
        double begun = on_clock(clock);
        once(bench);
        bench->batches[bench->batch_count++] = on_clock(clock) - begun;
    }
    qsort(bench->batches, bench->batch_count, sizeof *bench->batches, by_size);
    return bench->batches[bench->batch_count / 2];
}

/* --- Loads --------------------------------------------------------------------------------------------------------------------- */

static void *must_rest(struct bench *bench, void *made) {
    if (made)
        return made;
    fprintf(stderr, "stalemate bench: %s does not come to rest before its first step\n", bench->scenarios[0]->file);
    exit(SM_EXIT_NOT_CONVERGED);
}

/* Another load takes the world. */
static void drop(struct bench *bench) {
    if (bench->search)
        sm_bench_search_free(bench->search);
    bench->update = NULL;
    bench->search = NULL;
}

static struct sm_bench_config config_of(struct bench *bench, const char *profile) {
    return (struct sm_bench_config){&bench->kept,    &bench->run,         &bench->scratch,
                                    bench->library, bench->scenarios[0], sm_profile_find(profile)};
}

static struct sm_bench *updates(struct bench *bench) {
    if (!bench->update) {
        const struct sm_bench_config config = config_of(bench, PROFILE);
        drop(bench);
        bench->update = must_rest(bench, sm_bench_new(&config));
    }
    return bench->update;
}

static struct sm_bench_search *searches(struct bench *bench, const char *profile) {
    if (!bench->search || strcmp(bench->searches, profile) != 0) {
        const struct sm_bench_config config = config_of(bench, profile);
        drop(bench);
        bench->search = must_rest(bench, sm_bench_search_new(&config));
        bench->searches = profile;
    }
    return bench->search;
}

static void one_update(struct bench *bench) {
    sm_bench_update(updates(bench));
}

static void some_writes(struct bench *bench) {
    sm_bench_write(updates(bench), WRITES);
}

static void some_sweeping(struct bench *bench) {
    sm_bench_campaign(searches(bench, SAFE_PROFILE), sm_engine_find("sweep"), SWEEP_RUNS);
}

static void one_perturbing(struct bench *bench) {
    sm_bench_campaign(searches(bench, SAFE_PROFILE), sm_engine_find("perturb"), 0);
}

static void some_exploring(struct bench *bench) {
    sm_bench_campaign(searches(bench, SAFE_PROFILE), sm_engine_find("explore"), EXPLORE_STATES);
}

static void one_shrinking(struct bench *bench) {
    struct sm_bench_search *search = searches(bench, PROFILE);

    if (!sm_bench_failure_choices(search) && !sm_bench_find_failure(search, FAILURE_RUNS)) {
        fprintf(stderr, "stalemate bench: no run of %s fails under %s: shrink-ms has nothing to shrink\n", bench->scenarios[0]->file,
                PROFILE);
        exit(SM_EXIT_UNEXPECTED);
    }
    sm_bench_shrink(search);
}

static void calibration(struct bench *bench) {
    bench->calibrated += sm_bench_calibrate(CALIBRATION_ROUNDS);
}

static void one_run(struct bench *bench, const struct sm_scenario *scenario, const struct sm_profile *profile) {
    struct sm_world_config config = {
        .run = &bench->run, .scratch = &bench->scratch, .library = bench->library, .scenario = scenario, .profile = profile};

    drop(bench);
    sm_region_clear(&bench->run);
    sm_verdict_run(&config, NULL);
}

static void one_cell(struct bench *bench) {
    one_run(bench, bench->scenarios[0], bench->profile);
}

static void matrix(struct bench *bench) {
    for (size_t s = 0; s < bench->scenario_count; s++)
        for (size_t p = 0; p < SM_PROFILE_COUNT; p++)
            one_run(bench, bench->scenarios[s], &sm_profiles[p]);
}

/* --- A process of its own ------------------------------------------------------------------------------------------------------- */

/* The most memory that this process ever had. */
static uint64_t peak_bytes(void) {
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    uint64_t kib = 0;

    while (file && fgets(line, sizeof line, file))
        sscanf(line, "VmHWM: %" SCNu64, &kib);
    if (file)
        fclose(file);
    return kib * 1024;
}

/* What the process does that is measured: the first event of a run, then [count] updates. Says its peak. */
static int be_child(struct bench *bench, uint64_t count) {
    if (!sm_scenario_try(&bench->run, bench->library, bench->scenarios[0], &bench->problems))
        return SM_EXIT_USAGE;
    struct sm_world *world = sm_world_new(&(struct sm_world_config){.run = &bench->run,
                                                                    .scratch = &bench->scratch,
                                                                    .library = bench->library,
                                                                    .scenario = bench->scenarios[0],
                                                                    .profile = bench->profile});
    sm_world_step(world);
    for (uint64_t i = 0; i < count; i++)
        one_update(bench);
    printf("%" PRIu64 "\n", peak_bytes());
    return SM_EXIT_OK;
}

/* Runs this program with other arguments to its end; returns the number that it said first. */
static uint64_t child(const char *const *arguments, enum sm_exit expected) {
    int ends[2], status = -1;
    char said[32] = "";
    pid_t pid = -1;

    if (pipe(ends) == 0)
        pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        execv("/proc/self/exe", (char *const *)(uintptr_t)arguments); /* which does not change them */
        _exit(SM_EXIT_USAGE);
    }
    if (pid > 0) {
        close(ends[1]);
        FILE *from = fdopen(ends[0], "r");
        if (from && !fgets(said, sizeof said, from))
            said[0] = '\0';
        while (from && fgetc(from) != EOF)
            ;
        if (from)
            fclose(from);
        waitpid(pid, &status, 0);
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != (int)expected) {
        fprintf(stderr, "stalemate bench: a process of its own could not be run: stalemate %s\n", arguments[1]);
        exit(SM_EXIT_USAGE);
    }
    return strtoull(said, NULL, 10);
}

static uint64_t peak_of(const struct bench *bench, uint64_t updates) {
    char number[32];

    snprintf(number, sizeof number, "%" PRIu64, updates);
    return child((const char *const[]){"stalemate", "bench", "--child", number, "--scenarios", bench->folder, NULL}, SM_EXIT_OK);
}

static void one_replay(struct bench *bench) {
    child((const char *const[]){"stalemate", "replay", bench->scenarios[0]->file, "--profile", PROFILE, NULL}, SM_EXIT_OK);
}

static void one_start(struct bench *bench) {
    peak_of(bench, 0);
}

/* --- Figures -------------------------------------------------------------------------------------------------------------------- */

static double per_update(struct bench *bench) {
    return middle(bench, CLOCK_THREAD_CPUTIME_ID, one_update);
}

static double calibration_figure(struct bench *bench) {
    return CALIBRATION_ROUNDS / 1e6 / middle(bench, CLOCK_THREAD_CPUTIME_ID, calibration);
}

static double update_figure(struct bench *bench) {
    return 1 / per_update(bench);
}

static double events_figure(struct bench *bench) {
    return (double)sm_bench_update(updates(bench)) / per_update(bench);
}

static double update_events_figure(struct bench *bench) {
    return (double)sm_bench_update(updates(bench));
}

static double write_figure(struct bench *bench) {
    return middle(bench, CLOCK_THREAD_CPUTIME_ID, some_writes) * 1e9 / WRITES;
}

static double cell_figure(struct bench *bench) {
    return 1 / middle(bench, CLOCK_THREAD_CPUTIME_ID, one_cell);
}

static double matrix_figure(struct bench *bench) {
    return middle(bench, CLOCK_MONOTONIC, matrix) * 1e3;
}

static double sweep_figure(struct bench *bench) {
    return SWEEP_RUNS / middle(bench, CLOCK_THREAD_CPUTIME_ID, some_sweeping);
}

static double perturb_figure(struct bench *bench) {
    return middle(bench, CLOCK_THREAD_CPUTIME_ID, one_perturbing) * 1e3;
}

static double explore_figure(struct bench *bench) {
    return EXPLORE_STATES / middle(bench, CLOCK_THREAD_CPUTIME_ID, some_exploring);
}

static double shrink_figure(struct bench *bench) {
    return middle(bench, CLOCK_THREAD_CPUTIME_ID, one_shrinking) * 1e3;
}

static double replay_figure(struct bench *bench) {
    return middle(bench, CLOCK_MONOTONIC, one_replay) * 1e3;
}

static double start_figure(struct bench *bench) {
    return middle(bench, CLOCK_MONOTONIC, one_start) * 1e3;
}

static double peak_figure(struct bench *bench) {
    return (double)peak_of(bench, 1000);
}

/* As many as fit in ten times the time of a figure: a million in about four minutes. */
static double peak_more_runs_figure(struct bench *bench) {
    double count = 10 * bench->seconds / per_update(bench);

    return count > 1e6 ? 1e6 : (double)(uint64_t)(count / 1000) * 1000;
}

static double peak_more_figure(struct bench *bench) {
    return (double)peak_of(bench, (uint64_t)peak_more_runs_figure(bench));
}

static const struct figure {
    const char *name, *unit;
    double (*measure)(struct bench *bench);
    const char *about;
} figures[] = {
    {"calibration", "Mrounds/s", calibration_figure, "a loop of arithmetic and loads that no change of ours can touch: compare ratios to it"},
    {"update", "runs/s", update_figure, "complete node updates, from the user's change at rest to the plan stored as Complete; one core"},
    {"events", "events/s", events_figure, "the same, in events"},
    {"update-events", "events", update_events_figure, "of one such update"},
    {"write-ns", "ns", write_figure, "a merge patch of the node's status: all of the server, and what the write wakes"},
    {"cell", "runs/s", cell_figure, "nominal-update from an empty cluster to its verdict"},
    {"sweep", "runs/s", sweep_figure, "of the engine sweep, nominal-update under hardened; one core"},
    {"perturb-ms", "ms", perturb_figure, "the engine perturb, complete: nominal-update under hardened"},
    {"explore-states", "states/s", explore_figure, "new canonical states of the engine explore, nominal-update under hardened; one core"},
    {"shrink-ms", "ms", shrink_figure, "from a failing run of nominal-update under merged to its shortest"},
    {"replay-ms", "ms", replay_figure, "a new process that replays nominal-update, and its end"},
    {"matrix-ms", "ms", matrix_figure, "every scenario under every profile"},
    {"start-ms", "ms", start_figure, "a new process, from fork to the first event of nominal-update, and its end"},
    {"peak-bytes", "bytes", peak_figure, "most memory of a process that does 1,000 updates"},
    {"peak-bytes-more", "bytes", peak_more_figure, "the same with as many as fit in ten times --seconds, up to 1,000,000"},
};
enum { FIGURES = sizeof figures / sizeof *figures };

static const struct figure *find(const char *name) {
    for (size_t i = 0; i < FIGURES; i++)
        if (strcmp(figures[i].name, name) == 0)
            return &figures[i];
    return NULL;
}

static void tell(struct bench *bench, const struct figure *figure) {
    double value = figure->measure(bench);
    int digits = value < 100;

    if (bench->json)
        printf("{\"bench\": \"%s\", \"value\": %.*f, \"unit\": \"%s\"}\n", figure->name, digits, value, figure->unit);
    else
        printf("%-16s %14.*f %-10s %s\n", figure->name, digits, value, figure->unit, figure->about);
    fflush(stdout);
}

/* --- The command ------------------------------------------------------------------------------------------------------------------- */

static bool load(struct bench *bench, bool all) {
    const char **paths = sm_region_alloc(&bench->kept, SM_FILES_MAX * sizeof *paths);
    const char *first = sm_region_printf(&bench->kept, "%s/nominal-update.yaml", bench->folder);
    size_t found = sm_files_expand(&bench->kept, first, paths, 1, &bench->problems);

    if (all)
        found += sm_files_expand(&bench->kept, bench->folder, paths + found, SM_FILES_MAX - found, &bench->problems);
    for (size_t i = 0; i < found; i++) {
        if (i && strcmp(paths[i], first) == 0)
            continue;
        const struct sm_scenario *scenario = sm_scenario_load(&bench->kept, &sm_files_reader, paths[i], &bench->problems);
        if (scenario)
            bench->scenarios[bench->scenario_count++] = scenario;
    }
    for (size_t i = 0; i < bench->problems.count && i < SM_PROBLEMS_MAX; i++)
        fprintf(stderr, "%s\n", bench->problems.at[i].text);
    return bench->problems.count == 0;
}

static bool names_known(int count, char **names) {
    for (int i = 0; i < count; i++) {
        if (find(names[i]))
            continue;
        fprintf(stderr, "stalemate bench: there is no figure %s: write one of", names[i]);
        for (size_t f = 0; f < FIGURES; f++)
            fprintf(stderr, " %s", figures[f].name);
        fputc('\n', stderr);
        return false;
    }
    return true;
}

static bool read_seconds(struct bench *bench) {
    char *end = NULL;

    bench->seconds = bench->seconds_text ? strtod(bench->seconds_text, &end) : 1;
    if (!end || (end != bench->seconds_text && !*end && bench->seconds > 0 && bench->seconds <= 3600))
        return true;
    fprintf(stderr, "stalemate bench: --seconds %s: write a number up to 3600\n", bench->seconds_text);
    return false;
}

static int bench_command(struct bench *bench, int argc, char **argv) {
    const struct sm_option options[] = {
        {"--seconds", "N", "how long to measure each figure (1 unless said)", NULL, &bench->seconds_text},
        {"--scenarios", "DIR", "where nominal-update.yaml and the matrix are (scenarios unless said)", NULL, &bench->folder},
        {"--json", NULL, "for scripts: a line a figure", &bench->json, NULL},
        {"--list", NULL, "only say what figures there are", &bench->list, NULL},
        {"--help", NULL, "this text", &bench->help, NULL},
        {"--child", "N", "the process that start-ms and peak-bytes measure: one event, N updates, and its peak bytes", NULL, &bench->child},
        {0},
    };

    bench->folder = "scenarios";
    if (!sm_options_read("bench", options, argc, argv, &argc) || !names_known(argc, argv) || !read_seconds(bench))
        return SM_EXIT_USAGE;
    if (bench->help)
        sm_options_help("stalemate bench [NAME…] [OPTION…]", options);
    for (size_t i = 0; bench->list && i < FIGURES; i++)
        printf("%-16s %-10s %s\n", figures[i].name, figures[i].unit, figures[i].about);
    if (bench->help || bench->list)
        return SM_EXIT_OK;

    bench->problems = sm_problems_init(&bench->kept);
    bench->library = sm_library_new(&bench->kept);
    bench->profile = sm_profile_find(PROFILE);
    if (!load(bench, !bench->child))
        return SM_EXIT_USAGE;
    if (bench->child)
        return be_child(bench, strtoull(bench->child, NULL, 10));
    bench->batches = sm_region_alloc(&bench->kept, BATCHES_MAX * sizeof *bench->batches);
    for (size_t i = 0; argc == 0 && i < FIGURES; i++)
        tell(bench, &figures[i]);
    for (int i = 0; i < argc; i++)
        tell(bench, find(argv[i]));
    return SM_EXIT_OK;
}

int sm_cmd_bench(int argc, char **argv) {
    struct bench *bench = calloc(1, sizeof *bench);

    if (!bench)
        return SM_EXIT_USAGE;
    sm_region_init(&bench->kept, "kept", 0);
    sm_region_init(&bench->run, "run", RUN_BYTES_MAX);
    sm_region_init(&bench->scratch, "scratch", 0);
    int code = bench_command(bench, argc, argv);
    sm_region_release(&bench->scratch);
    sm_region_release(&bench->run);
    sm_region_release(&bench->kept);
    free(bench);
    return code;
}
