/* `stalemate run`: every scenario under every profile, and whether it ends as it should. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cell.h"
#include "command.h"
#include "files.h"
#include "match.h"
#include "run_json.h"
#include "scenario_try.h"
#include "table.h"
#include "timeline.h"
#include "world.h"

enum { PROFILES_MAX = 32, LAST_EVENTS = 10 };
#define RUN_BYTES_MAX ((size_t)4 << 30)

struct run {
    struct sm_region kept;  /* scenarios, names, cells: as long as the command */
    struct sm_region world; /* one run */
    struct sm_region scratch;
    struct sm_library *library;
    struct sm_problems problems;

    const struct sm_scenario *scenarios[SM_FILES_MAX];
    size_t scenario_count;
    const struct sm_profile *profiles[PROFILES_MAX];
    const char *profile_names[PROFILES_MAX];
    size_t profile_count;
    struct sm_cell *cells;
    size_t cell_count;

    const char *profile_list;
    bool timeline, all_events, json, check, list, control, help;
    bool nondeterminism, budget;
};

/* --- What to run ------------------------------------------------------------------------------------------------------------- */

static int print_problems(const struct sm_problems *problems) {
    size_t shown = problems->count < SM_PROBLEMS_MAX ? problems->count : SM_PROBLEMS_MAX;

    for (size_t i = 0; i < shown; i++)
        fprintf(stderr, "%s\n", problems->at[i].text);
    if (problems->count > shown)
        fprintf(stderr, "and %zu more problems\n", problems->count - shown);
    return SM_EXIT_USAGE;
}

static bool load(struct run *run, int count, char **names) {
    char folder[] = "scenarios", *usual[] = {folder};
    const char **paths = sm_region_alloc(&run->kept, SM_FILES_MAX * sizeof *paths);

    if (count == 0) {
        names = usual;
        count = 1;
    }
    for (int i = 0; i < count; i++) {
        size_t found = sm_files_expand(&run->kept, names[i], paths, SM_FILES_MAX - run->scenario_count, &run->problems);
        for (size_t p = 0; p < found; p++) {
            const struct sm_scenario *scenario = sm_scenario_load(&run->kept, &sm_files_reader, paths[p], &run->problems);
            if (scenario && sm_scenario_try(&run->world, run->library, scenario, &run->problems))
                run->scenarios[run->scenario_count++] = scenario;
        }
    }
    return run->problems.count == 0;
}

/* `merged`, or `merged-owner-check`, `merged+uid-precondition`: a profile with one safeguard flipped. */
static const struct sm_profile *profile_named(struct run *run, const char *name) {
    const struct sm_profile *profile = sm_profile_find(name);

    for (size_t i = 0; !profile && i < SM_PROFILE_COUNT; i++)
        for (int s = 0; !profile && s < SM_SAFEGUARD_COUNT; s++) {
            const struct sm_profile *flipped = sm_profile_flip(&run->kept, &sm_profiles[i], (enum sm_safeguard)s);
            if (strcmp(flipped->name, name) == 0)
                profile = flipped;
        }
    return profile;
}

static bool choose_profiles(struct run *run) {
    char *list = sm_region_strdup(&run->kept, run->profile_list ? run->profile_list : "all"), *rest = list;

    for (char *name = strsep(&rest, ","); name; name = strsep(&rest, ",")) {
        if (strcmp(name, "all") == 0) {
            for (size_t i = 0; i < SM_PROFILE_COUNT && run->profile_count < PROFILES_MAX; i++)
                run->profiles[run->profile_count++] = &sm_profiles[i];
            continue;
        }
        const struct sm_profile *profile = profile_named(run, name);
        if (!profile || run->profile_count == PROFILES_MAX) {
            fprintf(stderr, "stalemate run: there is no profile %s: write all, or one of", name);
            for (size_t i = 0; i < SM_PROFILE_COUNT; i++)
                fprintf(stderr, " %s", sm_profiles[i].name);
            fputc('\n', stderr);
            return false;
        }
        run->profiles[run->profile_count++] = profile;
    }
    for (size_t i = 0; i < run->profile_count; i++)
        run->profile_names[i] = run->profiles[i]->name;
    return true;
}

/* --- Running it ----------------------------------------------------------------------------------------------------------------- */

static void journal_line(void *self, const struct sm_journal_event *event) {
    sm_timeline_add(self, event);
}

static struct sm_verdict run_once(struct run *run, const struct sm_scenario *scenario, const struct sm_profile *profile,
                                  struct sm_timeline *timeline) {
    struct sm_world_config config = {
        .run = &run->world, .scratch = &run->scratch, .library = run->library, .scenario = scenario, .profile = profile, .control = run->control};

    if (timeline)
        config.sink = (struct sm_sim_sink){timeline, journal_line};
    sm_region_clear(&run->world);
    return sm_verdict_run(&config, NULL);
}

/* That of the profile, or of the one that it was made from. */
static const struct sm_expectation *expectation(const struct run *run, const struct sm_scenario *scenario, const struct sm_profile *profile) {
    size_t best = SM_PROFILE_COUNT - 1, bytes = 0;

    for (size_t i = 0; i < SM_PROFILE_COUNT; i++)
        if (strncmp(profile->name, sm_profiles[i].name, strlen(sm_profiles[i].name)) == 0 && strlen(sm_profiles[i].name) > bytes) {
            best = i;
            bytes = strlen(sm_profiles[i].name);
        }
    return run->control ? &scenario->control[best] : &scenario->expect[best];
}

static bool fits(const struct sm_verdict *verdict, const struct sm_expectation *expected) {
    return verdict->kind == expected->verdict && (!expected->reason || sm_match_glob(expected->reason, verdict->reason));
}

static void run_cell(struct run *run, const struct sm_scenario *scenario, const struct sm_profile *profile) {
    struct sm_cell *cell = &run->cells[run->cell_count++];
    const struct sm_expectation *expected = expectation(run, scenario, profile);
    struct sm_timeline timeline;
    bool keep = run->timeline;

    sm_timeline_init(&timeline, &run->kept);
    timeline.all = run->all_events;
    struct sm_verdict verdict = run_once(run, scenario, profile, keep ? &timeline : NULL);
    const char *reason = sm_region_strdup(&run->kept, verdict.reason);

    if (!fits(&verdict, expected) && !keep) { /* once more, to hear what happened */
        timeline.last = LAST_EVENTS;
        keep = true;
        struct sm_verdict again = run_once(run, scenario, profile, &timeline);
        run->nondeterminism |= again.kind != verdict.kind || again.events != verdict.events || strcmp(again.reason, reason) != 0;
    }
    run->budget |= verdict.kind == SM_VERDICT_BUDGET;
    *cell = (struct sm_cell){
        .scenario = scenario->name,
        .file = scenario->file,
        .profile = profile->name,
        .verdict = sm_verdict_names[verdict.kind],
        .expected = sm_verdict_names[expected->verdict],
        .as_expected = fits(&verdict, expected),
        .reason = reason,
        .why = expected->why,
        .replay = sm_region_printf(&run->kept, "stalemate run %s --profile %s%s --timeline", scenario->file, profile->name,
                                   run->control ? " --control" : ""),
        .log = keep ? timeline.text.data : NULL,
        .time = verdict.time,
        .events = verdict.events,
    };
}

static double seconds(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void progress(const struct run *run, size_t all, double *next) {
    if (!isatty(STDERR_FILENO) || seconds() < *next)
        return;
    *next = seconds() + 0.2;
    fprintf(stderr, "\r%zu of %zu runs ", run->cell_count, all);
}

static void run_all(struct run *run) {
    size_t all = run->scenario_count * run->profile_count;
    double begun = seconds(), next = begun + 1;

    run->cells = sm_region_zalloc(&run->kept, (all + 1) * sizeof *run->cells);
    for (size_t s = 0; s < run->scenario_count; s++)
        for (size_t p = 0; p < run->profile_count; p++) {
            run_cell(run, run->scenarios[s], run->profiles[p]);
            progress(run, all, &next);
        }
    if (next > begun + 1)
        fprintf(stderr, "\r\033[K");
}

/* --- Telling ---------------------------------------------------------------------------------------------------------------------- */

static void print_cell(const struct sm_cell *cell) {
    printf("\n%s under %s: %s, not %s as expected\n", cell->scenario, cell->profile, cell->verdict, cell->expected);
    if (cell->reason[0])
        printf("  reason:   %s\n", cell->reason);
    if (cell->why[0])
        printf("  expected: %s\n", cell->why);
    if (cell->log && cell->log[0])
        printf("  the last %d events:\n%s", LAST_EVENTS, cell->log);
    printf("  %s\n", cell->replay);
}

static void print_timelines(const struct run *run) {
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct sm_cell *cell = &run->cells[i];
        printf("%s--- %s under %s\n%s=== %s%s%s (%s expected)\n", i ? "\n" : "", cell->scenario, cell->profile, cell->log ? cell->log : "",
               cell->verdict, cell->reason[0] ? ": " : "", cell->reason, cell->expected);
    }
    putchar('\n');
}

static int tell(struct run *run) {
    size_t unexpected = 0;
    struct sm_str out;
    const char *no_color = getenv("NO_COLOR");

    for (size_t i = 0; i < run->cell_count; i++)
        unexpected += !run->cells[i].as_expected;
    sm_str_init(&out, &run->kept);
    if (run->json) {
        sm_run_json(&out, run->cells, run->cell_count);
        fputs(out.data, stdout);
    } else {
        if (run->timeline)
            print_timelines(run);
        sm_table(&out, run->cells, run->cell_count, run->profile_names, run->profile_count,
                 isatty(STDOUT_FILENO) && !(no_color && no_color[0]));
        fputs(out.data, stdout);
        for (size_t i = 0; i < run->cell_count; i++)
            if (!run->cells[i].as_expected)
                print_cell(&run->cells[i]);
        printf("\n%zu scenarios, %zu runs, %zu otherwise than expected\n", run->scenario_count, run->cell_count, unexpected);
    }
    if (run->nondeterminism) {
        fprintf(stderr, "stalemate run: one run did not repeat itself: this is a bug of stalemate\n");
        return SM_EXIT_NONDETERMINISM;
    }
    return run->budget ? SM_EXIT_BUDGET : unexpected ? SM_EXIT_UNEXPECTED : SM_EXIT_OK;
}

/* The first sentence of [text], in lines of at most 100 columns that begin at [indent]. */
static void print_sentence(const char *text, size_t indent) {
    size_t column = indent;
    bool ended = false;
    for (text += strspn(text, " \n"); *text && !ended; text += strspn(text, " \n")) {
        size_t bytes = strcspn(text, " \n");
        if (column > indent && column + 1 + bytes > 100) {
            printf("\n%*s", (int)indent, "");
            column = indent;
        }
        printf(" %.*s", (int)bytes, text);
        column += 1 + bytes;
        ended = text[bytes - 1] == '.';
        text += bytes;
    }
    putchar('\n');
}

static void list_scenarios(const struct run *run) {
    size_t width = 0;

    for (size_t i = 0; i < run->scenario_count; i++)
        width = strlen(run->scenarios[i]->name) > width ? strlen(run->scenarios[i]->name) : width;
    for (size_t i = 0; i < run->scenario_count; i++) {
        printf("%-*s ", (int)width, run->scenarios[i]->name);
        print_sentence(run->scenarios[i]->about, width + 1);
    }
}

static int run_command(struct run *run, int argc, char **argv) {
    const struct sm_option options[] = {
        {"--profile", "P,…|all", "profiles: before, first-cut, reviewed, on-delete, merged, hardened (all unless said)", NULL, &run->profile_list},
        {"--timeline", NULL, "what happened, event by event", &run->timeline, NULL},
        {"--all-events", NULL, "a timeline with what is usually left out", &run->all_events, NULL},
        {"--control", NULL, "without the scenarios' lag, faults and disturbances", &run->control, NULL},
        {"--json", NULL, "for scripts", &run->json, NULL},
        {"--check", NULL, "only check the files", &run->check, NULL},
        {"--list", NULL, "only say what there is", &run->list, NULL},
        {"--help", NULL, "this text", &run->help, NULL},
        {0},
    };

    if (!sm_options_read("run", options, argc, argv, &argc))
        return SM_EXIT_USAGE;
    if (run->help) {
        sm_options_help("stalemate run [SCENARIO…] [OPTION…]", options);
        return SM_EXIT_OK;
    }
    run->problems = sm_problems_init(&run->kept);
    run->library = sm_library_new(&run->kept);
    if (!choose_profiles(run))
        return SM_EXIT_USAGE;
    if (!load(run, argc, argv))
        return print_problems(&run->problems);
    if (run->check)
        printf("%zu scenarios are well-formed\n", run->scenario_count);
    else if (run->list)
        list_scenarios(run);
    if (run->check || run->list)
        return SM_EXIT_OK;
    run_all(run);
    return tell(run);
}

int sm_cmd_run(int argc, char **argv) {
    struct run *run = calloc(1, sizeof *run);

    if (!run)
        return SM_EXIT_USAGE;
    sm_region_init(&run->kept, "scenarios", 0);
    sm_region_init(&run->world, "run", RUN_BYTES_MAX);
    sm_region_init(&run->scratch, "scratch", 0);
    int code = run_command(run, argc, argv);
    sm_region_release(&run->scratch);
    sm_region_release(&run->world);
    sm_region_release(&run->kept);
    free(run);
    return code;
}
