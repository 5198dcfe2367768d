#include "telling.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { OTHERS_SHOWN = 2 };

bool sm_telling_write(const char *command, const char *path, const struct sm_str *text) {
    FILE *file = fopen(path, "w");
    bool written = file && fwrite(text->data, 1, text->bytes, file) == text->bytes;

    if (file)
        written = fclose(file) == 0 && written;
    if (!written)
        fprintf(stderr, "stalemate %s: %s: cannot write it: %s\n", command, path, strerror(errno));
    return written;
}

/* --- A finding ------------------------------------------------------------------------------------------------------------------ */

static void add_lines(struct sm_str *out, const char *before, const char *text) {
    while (text && *text) {
        size_t bytes = strcspn(text, "\n");
        sm_str_addf(out, "%s%.*s\n", before, (int)bytes, text);
        text += bytes + (text[bytes] == '\n');
    }
}

/* The schedule, with the explanation above it as a comment; and the timeline. */
static bool save(struct sm_region *r, const struct sm_results *results, const struct sm_telling *telling,
                 const struct sm_finding *finding) {
    struct sm_schedule schedule = finding->schedule;
    const char *path = sm_region_printf(r, "%s/%s.schedule", telling->save, finding->name);
    struct sm_str about, file;

    sm_str_init(&about, r);
    sm_str_addf(&about, "# %s\n#\n", finding->name);
    add_lines(&about, "# ", finding->explanation);
    schedule.about = about.data;
    sm_str_init(&file, r);
    sm_schedule_write(&file, &schedule);
    if (!sm_telling_write(results->engine, path, &file))
        return false;
    if (!finding->timeline)
        return true;
    sm_str_init(&file, r);
    sm_str_add(&file, finding->timeline);
    return sm_telling_write(results->engine, sm_region_printf(r, "%s/%s.timeline", telling->save, finding->name), &file);
}

static void print_finding(struct sm_region *r, const struct sm_telling *telling, const struct sm_finding *finding, size_t number) {
    const char *bold = telling->color ? "\033[1m" : "", *plain = telling->color ? "\033[0m" : "";
    struct sm_str lines;

    printf("\n%zu. %s%s%s\n", number, bold, finding->name, plain);
    printf("   %s\n", finding->reason[0] ? finding->reason : finding->cause);
    printf("   found in run %llu, with %llu choices; %llu %s like it; the shortest has %zu\n", (unsigned long long)finding->run,
           (unsigned long long)finding->found_choices, (unsigned long long)finding->times, finding->times == 1 ? "run" : "runs",
           finding->schedule.count);
    sm_str_init(&lines, r);
    for (size_t i = 0; i < finding->schedule.count; i++) {
        sm_str_add(&lines, "     ");
        sm_schedule_line(&lines, &finding->schedule.chosen[i]);
        sm_str_addc(&lines, '\n');
    }
    add_lines(&lines, "   ", finding->explanation);
    printf("%s   %s\n", lines.data, sm_results_replay_line(r, &finding->schedule));
}

/* --- A result ------------------------------------------------------------------------------------------------------------------- */

/* The shortest of a cause stands for it; the others are told of in a line each. */
static void print_causes(struct sm_region *r, const struct sm_telling *telling, const struct sm_campaign *campaign) {
    size_t causes = 0, others = 0;

    for (size_t i = 0; i < campaign->finding_count; i++) {
        const struct sm_finding *finding = campaign->finding[i];
        bool first = i == 0 || strcmp(campaign->finding[i - 1]->cause, finding->cause) != 0;
        others = first ? 0 : others + 1;
        if (first)
            print_finding(r, telling, finding, ++causes);
        else if (telling->all || others <= OTHERS_SHOWN)
            printf("   or: %s\n", sm_results_replay_line(r, &finding->schedule));
        if (telling->save && (first || telling->all || others <= OTHERS_SHOWN))
            printf("   saved as %s/%s.schedule\n", telling->save, finding->name);
        bool last = i + 1 == campaign->finding_count || strcmp(campaign->finding[i + 1]->cause, finding->cause) != 0;
        if (last && !telling->all && others > OTHERS_SHOWN)
            printf("   and %zu other ways: --all shows them\n", others - OTHERS_SHOWN);
    }
}

static void print_result(struct sm_region *r, const struct sm_results *results, const struct sm_telling *telling,
                         const struct sm_outcome *result) {
    const struct sm_campaign *campaign = &result->campaign;

    if (result->error) {
        printf("%s\n", result->error);
        return;
    }
    printf("%s under %s: %llu runs, ", result->scenario, result->profile, (unsigned long long)campaign->runs);
    if (campaign->failed_runs)
        printf("%llu did not converge: %zu findings\n", (unsigned long long)campaign->failed_runs, campaign->finding_count);
    else
        printf(campaign->verdicts[SM_VERDICT_VACUOUS] ? "all that say anything converged\n" : "all converged\n");
    if (campaign->coverage)
        printf("%s\n", campaign->coverage);
    if (campaign->diverged)
        printf("not deterministic: %s\n", campaign->diverged);
    print_causes(r, telling, campaign);
    if (campaign->findings_lost)
        printf("\nand %llu more\n", (unsigned long long)campaign->findings_lost);
    if (results->timed || campaign->stopped)
        printf("%sthe same again: --budget %llu%s --seed %llu\n", campaign->finding_count ? "\n" : "",
               (unsigned long long)campaign->asked, sm_engine_unit(sm_engine_find(results->engine)), (unsigned long long)results->seed);
}

void sm_telling_print(const struct sm_results *results, const struct sm_telling *telling) {
    struct sm_region r;

    sm_region_init(&r, "telling", 0);
    for (size_t i = 0; i < results->count; i++) {
        sm_region_clear(&r);
        if (i)
            putchar('\n');
        print_result(&r, results, telling, &results->at[i]);
    }
    sm_region_release(&r);
}

bool sm_telling_save(const struct sm_results *results, const struct sm_telling *telling) {
    struct sm_region r;
    bool saved = true;

    sm_region_init(&r, "saving", 0);
    for (size_t i = 0; i < results->count; i++)
        for (size_t f = 0; saved && f < results->at[i].campaign.finding_count; f++) {
            sm_region_clear(&r);
            saved = save(&r, results, telling, results->at[i].campaign.finding[f]);
        }
    sm_region_release(&r);
    return saved;
}
