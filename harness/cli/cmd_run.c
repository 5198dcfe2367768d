/* `stalemate run`: every scenario under every profile, and whether it ends as it should. Nothing runs before everything that was
 * given has been looked at. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cells.h"
#include "command.h"
#include "json.h"
#include "junit.h"
#include "run_json.h"
#include "table.h"
#include "workload.h"

struct run {
    struct sm_workload *work;
    struct sm_cells cells;

    const char *profile_list, *junit;
    FILE *junit_file; /* NULL: not wanted */
    bool timeline, all_events, json, check, list, control, help;
    double next_progress;
    bool progress_shown;
};

/* --- Running it ----------------------------------------------------------------------------------------------------------------- */

static double seconds(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* From the first second on, five times a second, and only for somebody who looks. */
static void progress(void *arg, size_t done, size_t all) {
    struct run *run = arg;

    if (!isatty(STDERR_FILENO) || seconds() < run->next_progress)
        return;
    run->next_progress = seconds() + 0.2;
    run->progress_shown = true;
    fprintf(stderr, "\r%zu of %zu runs ", done, all);
}

static void run_all(struct run *run) {
    run->cells = (struct sm_cells){
        .kept = &run->work->kept,
        .world = &run->work->world,
        .scratch = &run->work->scratch,
        .library = run->work->library,
        .scenarios = run->work->scenarios,
        .scenario_count = run->work->scenario_count,
        .profiles = run->work->profiles,
        .profile_count = run->work->profile_count,
        .control = run->control,
        .timeline = run->timeline,
        .all_events = run->all_events,
        .progress = progress,
        .progress_arg = run,
    };
    run->next_progress = seconds() + 1;
    sm_cells_run(&run->cells);
    if (run->progress_shown)
        fprintf(stderr, "\r\033[K");
}

/* --- Telling ---------------------------------------------------------------------------------------------------------------------- */

static void print_cell(const struct sm_cell *cell) {
    printf("\n%s under %s: %s, not %s as expected\n", cell->scenario, cell->profile, cell->verdict, cell->expected);
    if (cell->reason[0])
        printf("  reason:   %s\n", cell->reason);
    if (cell->why[0])
        printf("  expected: %s\n", cell->why);
    if (cell->log && cell->log[0] && !cell->log_is_whole)
        printf("  the last events:\n%s", cell->log);
    printf("  %s\n", cell->replay);
}

static void print_timelines(const struct sm_cells *cells) {
    for (size_t i = 0; i < cells->count; i++) {
        const struct sm_cell *cell = &cells->at[i];
        printf("%s--- %s under %s\n%s=== %s%s%s (%s expected)\n", i ? "\n" : "", cell->scenario, cell->profile, cell->log ? cell->log : "",
               cell->verdict, cell->reason[0] ? ": " : "", cell->reason, cell->expected);
    }
    putchar('\n');
}

static const char *count_of(struct sm_region *r, size_t count, const char *one, const char *several) {
    return sm_region_printf(r, "%zu %s", count, count == 1 ? one : several);
}

static void tell_people(struct run *run) {
    const struct sm_cells *cells = &run->cells;
    const char *no_color = getenv("NO_COLOR");
    size_t unexpected = 0;
    struct sm_str out;

    sm_str_init(&out, &run->work->kept);
    if (run->timeline)
        print_timelines(cells);
    sm_table(&out, cells->at, cells->count, run->work->profile_names, run->work->profile_count,
             isatty(STDOUT_FILENO) && !(no_color && no_color[0]));
    fputs(out.data, stdout);
    for (size_t i = 0; i < cells->count; i++)
        if (!cells->at[i].as_expected) {
            print_cell(&cells->at[i]);
            unexpected++;
        }
    printf("\n%s, %s, %zu otherwise than expected\n", count_of(&run->work->kept, run->work->scenario_count, "scenario", "scenarios"),
           count_of(&run->work->kept, cells->count, "run", "runs"), unexpected);
}

/* The file was opened before anything ran, so that a wrong name costs no run. */
static bool write_junit(struct run *run) {
    struct sm_str out;

    sm_str_init(&out, &run->work->kept);
    sm_junit(&out, run->cells.at, run->cells.count);
    bool written = fwrite(out.data, 1, out.bytes, run->junit_file) == out.bytes;
    written = fclose(run->junit_file) == 0 && written;
    if (!written)
        fprintf(stderr, "stalemate run: --junit %s: cannot write it: %s\n", run->junit, strerror(errno));
    return written;
}

static int tell(struct run *run) {
    struct sm_str out;

    sm_str_init(&out, &run->work->kept);
    if (run->json) {
        sm_run_json(&out, run->cells.at, run->cells.count);
        fputs(out.data, stdout);
    } else {
        tell_people(run);
    }
    fflush(stdout); /* what goes to stderr now stands below it */
    for (size_t i = 0; i < run->cells.count; i++) {
        if (run->cells.at[i].complaint)
            fprintf(stderr, "%s\n", run->cells.at[i].complaint);
        if (run->cells.at[i].unstable)
            fprintf(stderr, "stalemate run: %s under %s did not repeat itself: this is a bug of stalemate\n", run->cells.at[i].scenario,
                    run->cells.at[i].profile);
    }
    if (run->junit_file && !write_junit(run))
        return SM_EXIT_USAGE;
    return run->cells.code;
}

/* --- Only looking ------------------------------------------------------------------------------------------------------------- */

static void print_json(struct run *run, sm_val v) {
    puts(sm_json_text(&run->work->kept, v, SM_JSON_COMPACT));
}

static void check(struct run *run) {
    struct sm_region *r = &run->work->kept;

    if (run->json)
        print_json(run, SM_MAP(r, "problems", SM_EMPTY_LIST, "count", sm_val_int(r, 0), "scenarios",
                               sm_val_int(r, (int64_t)run->work->scenario_count)));
    else
        printf("%s well-formed\n", count_of(r, run->work->scenario_count, "scenario is", "scenarios are"));
}

static sm_val listed(struct run *run, const struct sm_scenario *scenario) {
    struct sm_region *r = &run->work->kept;
    sm_val expect = SM_EMPTY_MAP;

    for (size_t i = 0; i < SM_PROFILE_COUNT; i++)
        expect = sm_val_set(r, expect, sm_profiles[i].name, sm_val_str(r, sm_verdict_names[scenario->expect[i].verdict]));
    return SM_MAP(r, "name", sm_val_str(r, scenario->name), "file", sm_val_str(r, scenario->file), "about", sm_val_str(r, scenario->about),
                  "safeguard", scenario->safeguard >= 0 ? sm_val_str(r, sm_safeguard_names[scenario->safeguard]) : NULL, "steps",
                  sm_val_int(r, (int64_t)scenario->step_count), "expect", expect);
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

static void list_scenarios(struct run *run) {
    sm_val list = SM_EMPTY_LIST;
    size_t width = 0;

    for (size_t i = 0; i < run->work->scenario_count; i++) {
        width = strlen(run->work->scenarios[i]->name) > width ? strlen(run->work->scenarios[i]->name) : width;
        list = sm_val_append(&run->work->kept, list, listed(run, run->work->scenarios[i]));
    }
    if (run->json) {
        print_json(run, SM_MAP(&run->work->kept, "scenarios", list));
        return;
    }
    for (size_t i = 0; i < run->work->scenario_count; i++) {
        printf("%-*s ", (int)width, run->work->scenarios[i]->name);
        print_sentence(run->work->scenarios[i]->about, width + 1);
    }
}

/* --- The command --------------------------------------------------------------------------------------------------------------- */

static int run_command(struct run *run, int argc, char **argv) {
    const struct sm_option options[] = {
        {"--profile", "P,…|all", "profiles: before, first-cut, reviewed, on-delete, merged, hardened (all unless said)", NULL, &run->profile_list},
        {"--timeline", NULL, "what happened, event by event", &run->timeline, NULL},
        {"--all-events", NULL, "a timeline with what is usually left out", &run->all_events, NULL},
        {"--control", NULL, "without the scenarios' lag, faults and disturbances", &run->control, NULL},
        {"--json", NULL, "for scripts", &run->json, NULL},
        {"--junit", "FILE", "JUnit XML into this file", NULL, &run->junit},
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
    run->timeline |= run->all_events;
    if (!sm_workload_profiles(run->work, run->profile_list ? run->profile_list : "all"))
        return SM_EXIT_USAGE;
    if (!sm_workload_load(run->work, argc, argv))
        return sm_workload_problems(run->work, run->json);
    if (run->check)
        check(run);
    else if (run->list)
        list_scenarios(run);
    if (run->check || run->list)
        return SM_EXIT_OK;
    if (run->junit && !(run->junit_file = fopen(run->junit, "w"))) {
        fprintf(stderr, "stalemate run: --junit %s: %s: write the path of a file that can be written\n", run->junit, strerror(errno));
        return SM_EXIT_USAGE;
    }
    run_all(run);
    return tell(run);
}

int sm_cmd_run(int argc, char **argv) {
    struct run run = {.work = sm_workload_new("run")};

    return sm_workload_release(run.work, run_command(&run, argc, argv));
}
