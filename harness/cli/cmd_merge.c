/* `stalemate merge`: result files of the parts of a campaign, joined. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "telling.h"
#include "workload.h"

struct merge {
    struct sm_workload *work;
    struct sm_results results;
    struct sm_telling telling;
    const char *result, *junit;
    bool json, help;
};

static int merge(struct merge *merge, const struct sm_option *options, int argc, char **argv) {
    struct sm_workload *work = merge->work;
    struct sm_results *results = &merge->results;
    const char *no_color = getenv("NO_COLOR");
    struct sm_str out;

    if (!sm_options_read("merge", options, argc, argv, &argc))
        return SM_EXIT_USAGE;
    if (merge->help) {
        sm_options_help("stalemate merge RESULT… [OPTION…]", options);
        return SM_EXIT_OK;
    }
    if (argc == 0) {
        fprintf(stderr, "stalemate merge: no result file: write stalemate merge RESULT…, files that a search wrote with --result\n");
        return SM_EXIT_USAGE;
    }
    results->kept = &work->kept;
    results->at = sm_region_zalloc(&work->kept, SM_RESULTS_MAX * sizeof *results->at);
    for (int i = 0; i < argc; i++)
        sm_results_read(results, &sm_files_reader, argv[i], &work->problems);
    if (work->problems.count)
        return sm_workload_problems(work, merge->json);
    for (size_t i = 0; i < results->count; i++)
        sm_finding_sort(results->at[i].campaign.finding, results->at[i].campaign.finding_count);
    merge->telling.color = isatty(STDOUT_FILENO) && !(no_color && no_color[0]);
    sm_str_init(&out, &work->kept);
    sm_results_json(&out, results);
    bool written = !merge->result || sm_telling_write("merge", merge->result, &out);
    if (merge->json)
        fputs(out.data, stdout);
    else
        sm_telling_print(results, &merge->telling);
    fflush(stdout); /* what goes to stderr now stands below it */
    sm_str_init(&out, &work->kept);
    sm_results_junit(&out, results);
    written &= !merge->junit || sm_telling_write("merge", merge->junit, &out);
    for (size_t i = 0; i < results->count; i++)
        fprintf(stderr, "%s under %s: %.0f runs a second together\n", results->at[i].scenario, results->at[i].profile, results->at[i].rate);
    return written ? sm_results_code(results) : SM_EXIT_USAGE;
}

int sm_cmd_merge(int argc, char **argv) {
    struct merge m = {.work = sm_workload_new("merge")};
    const struct sm_option options[] = {
        {"--result", "FILE", "the joined result as a result file", NULL, &m.result},
        {"--all", NULL, "every schedule of a cause, not only the shortest", &m.telling.all, NULL},
        {"--json", NULL, "for scripts", &m.json, NULL},
        {"--junit", "FILE", "JUnit XML into this file", NULL, &m.junit},
        {"--help", NULL, "this text", &m.help, NULL},
        {0},
    };

    return sm_workload_release(m.work, merge(&m, options, argc, argv));
}
