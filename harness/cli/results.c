#include "results.h"

#include <string.h>

#include "command.h"
#include "json.h"
#include "junit.h"

#define VERSION 1 /* of result files */

const char *sm_results_replay_line(struct sm_region *r, const struct sm_schedule *schedule) {
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

int sm_results_code(const struct sm_results *results) {
    bool budget = false, diverged = false, failed = false, error = false;

    for (size_t i = 0; i < results->count; i++) {
        const struct sm_outcome *result = &results->at[i];
        error |= result->error != NULL;
        diverged |= result->campaign.diverged != NULL;
        budget |= result->campaign.verdicts[SM_VERDICT_BUDGET] > 0;
        failed |= result->campaign.failed_runs > 0;
    }
    return diverged ? SM_EXIT_NONDETERMINISM
           : error  ? SM_EXIT_USAGE
           : budget ? SM_EXIT_BUDGET
           : failed ? SM_EXIT_NOT_CONVERGED
                    : SM_EXIT_OK;
}

/* --- JSON --------------------------------------------------------------------------------------------------------------------- */

static void text(struct sm_str *out, const char *key, const char *value) {
    if (!value || !value[0])
        return;
    sm_str_addf(out, "\"%s\":", key);
    sm_json_quote(out, value, strlen(value), SM_JSON_COMPACT);
    sm_str_addc(out, ',');
}

static void number(struct sm_str *out, const char *key, uint64_t value) {
    sm_str_addf(out, "\"%s\":%llu,", key, (unsigned long long)value);
}

/* Every value before this left a comma behind. */
static void end(struct sm_str *out, const char *bracket) {
    if (out->bytes && out->data[out->bytes - 1] == ',')
        out->data[--out->bytes] = '\0';
    sm_str_add(out, bracket);
}

static void finding_json(struct sm_str *out, const struct sm_finding *finding) {
    sm_str_add(out, "{");
    text(out, "name", finding->name);
    text(out, "cause", finding->cause);
    text(out, "core", finding->core);
    text(out, "verdict", sm_verdict_names[finding->verdict]);
    text(out, "property", finding->property);
    text(out, "reason", finding->reason);
    text(out, "explanation", finding->explanation);
    text(out, "replay", sm_results_replay_line(out->region, &finding->schedule));
    number(out, "run", finding->run);
    number(out, "runsToFind", finding->runs_to_find);
    number(out, "times", finding->times);
    number(out, "foundChoices", finding->found_choices);
    number(out, "shrinkRuns", finding->shrink_runs);
    number(out, "events", finding->events);
    sm_str_add(out, "\"choices\":[");
    for (size_t i = 0; i < finding->schedule.count; i++) {
        struct sm_str line;
        sm_str_init(&line, out->region);
        sm_schedule_line(&line, &finding->schedule.chosen[i]);
        sm_json_quote(out, line.data, line.bytes, SM_JSON_COMPACT);
        sm_str_addc(out, ',');
    }
    end(out, "]}");
}

static void result_json(struct sm_str *out, const struct sm_outcome *result) {
    const struct sm_campaign *campaign = &result->campaign;

    sm_str_add(out, "{");
    text(out, "scenario", result->scenario);
    text(out, "profile", result->profile);
    text(out, "error", result->error);
    text(out, "coverage", campaign->coverage);
    text(out, "diverged", campaign->diverged);
    number(out, "runs", campaign->runs);
    number(out, "budget", campaign->asked);
    number(out, "failed", campaign->failed_runs);
    number(out, "events", campaign->events);
    number(out, "checked", campaign->checked);
    number(out, "shrinkRuns", campaign->shrink_runs);
    number(out, "faults", campaign->faults);
    number(out, "states", campaign->states);
    number(out, "newStates", campaign->states_new);
    number(out, "transitions", campaign->transitions);
    number(out, "depth", campaign->depth);
    number(out, "findingsLost", campaign->findings_lost);
    sm_str_add(out, "\"verdicts\":{");
    for (size_t i = 0; i < SM_VERDICT_COUNT; i++)
        if (campaign->verdicts[i])
            number(out, sm_verdict_names[i], campaign->verdicts[i]);
    end(out, "},\n\"took\":{");
    sm_str_addf(out, "\"milliseconds\":%.0f,\"runsASecond\":%.0f},\n\"findings\":[", result->seconds * 1e3, result->rate);
    for (size_t i = 0; i < campaign->finding_count; i++) {
        sm_str_addc(out, '\n');
        finding_json(out, campaign->finding[i]);
        sm_str_addc(out, ',');
    }
    end(out, "]}");
}

void sm_results_json(struct sm_str *out, const struct sm_results *results) {
    sm_str_add(out, "{");
    number(out, "version", VERSION);
    text(out, "engine", results->engine);
    number(out, "seed", results->seed);
    number(out, "shard", results->shard);
    number(out, "shards", results->shards);
    sm_str_add(out, "\"results\":[");
    for (size_t i = 0; i < results->count; i++) {
        sm_str_addc(out, '\n');
        result_json(out, &results->at[i]);
        sm_str_addc(out, ',');
    }
    end(out, "\n]}\n");
}

/* --- JUnit -------------------------------------------------------------------------------------------------------------------- */

static const char *name_of(struct sm_region *r, const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

    return sm_region_strndup(r, name, strcspn(name, "."));
}

static struct sm_cell *add_cell(struct sm_str *out, struct sm_cell *cell, const struct sm_outcome *result) {
    *cell = (struct sm_cell){.scenario = name_of(out->region, result->scenario),
                             .file = result->scenario,
                             .profile = result->profile,
                             .verdict = sm_verdict_names[SM_VERDICT_CONVERGES],
                             .expected = sm_verdict_names[SM_VERDICT_CONVERGES],
                             .as_expected = true,
                             .reason = "",
                             .why = "a search expects that every run converges",
                             .unstable = result->campaign.diverged != NULL,
                             .events = result->campaign.events};
    return cell;
}

/* A testcase a finding; where there is none, one that says so. */
void sm_results_junit(struct sm_str *out, const struct sm_results *results) {
    size_t count = 0;

    for (size_t i = 0; i < results->count; i++)
        count += results->at[i].campaign.finding_count + 1;
    struct sm_cell *cells = sm_region_zalloc(out->region, (count + 1) * sizeof *cells), *to = cells;
    for (size_t i = 0; i < results->count; i++) {
        const struct sm_outcome *result = &results->at[i];
        if (result->campaign.finding_count == 0 || result->campaign.diverged) {
            struct sm_cell *cell = add_cell(out, to++, result);
            cell->reason = result->campaign.diverged ? result->campaign.diverged : result->error ? result->error : "";
            cell->as_expected = !result->error;
        }
        for (size_t f = 0; f < result->campaign.finding_count; f++) {
            const struct sm_finding *finding = result->campaign.finding[f];
            struct sm_cell *cell = add_cell(out, to++, result);
            cell->profile = finding->name;
            cell->verdict = sm_verdict_names[finding->verdict];
            cell->as_expected = false;
            cell->unstable = false;
            cell->undecided = finding->verdict == SM_VERDICT_BUDGET;
            cell->reason = finding->reason;
            cell->replay = sm_results_replay_line(out->region, &finding->schedule);
            cell->log = finding->explanation;
            cell->events = finding->events;
        }
    }
    sm_junit(out, cells, (size_t)(to - cells));
}

/* --- Reading ------------------------------------------------------------------------------------------------------------------ */

struct source {
    const char *text;
};

static const char *read_source(void *self, struct sm_region *r, const char *path, size_t *ret_bytes, const char **reterr) {
    const struct source *source = self;
    (void)r;
    (void)path;
    (void)reterr;

    *ret_bytes = strlen(source->text);
    return source->text;
}

static const struct sm_schedule *schedule_of(struct sm_region *r, sm_val finding, const struct sm_outcome *result, const char *path,
                                             struct sm_problems *problems) {
    sm_val choices = sm_val_get(finding, "choices");
    struct sm_str lines;

    sm_str_init(&lines, r);
    sm_str_addf(&lines, "scenario = %s\nprofile = %s\nverdict = %s\n", result->scenario, result->profile, sm_val_str_at(finding, "cause"));
    for (size_t i = 0; i < sm_val_count(choices); i++)
        sm_str_addf(&lines, "%s\n", sm_val_text(sm_val_item(choices, i)));
    struct source source = {lines.data};
    return sm_schedule_read(r, &(struct sm_reader){&source, read_source}, path, problems);
}

static uint64_t number_at(sm_val v, const char *path) {
    return (uint64_t)sm_val_int_at(v, path, 0);
}

static const char *text_at(struct sm_region *r, sm_val v, const char *key) {
    return sm_region_strdup(r, sm_val_str_at(v, key));
}

static void read_finding(struct sm_results *results, struct sm_outcome *result, sm_val v, const char *path, struct sm_problems *problems) {
    struct sm_region *r = results->kept;
    const struct sm_schedule *schedule = schedule_of(r, v, result, path, problems);
    int verdict = sm_verdict_find(sm_val_str_at(v, "verdict"));

    if (!schedule)
        return;
    if (verdict < 0) {
        sm_problem(problems, path, 0, 0, "finding \"%s\" has no verdict that this program knows", sm_val_str_at(v, "name"));
        return;
    }
    struct sm_finding finding = {
        .name = text_at(r, v, "name"),
        .scenario = result->scenario,
        .profile = result->profile,
        .engine = results->engine,
        .cause = text_at(r, v, "cause"),
        .core = text_at(r, v, "core"),
        .verdict = (enum sm_verdict_kind)verdict,
        .property = sm_val_get(v, "property") ? text_at(r, v, "property") : NULL,
        .reason = text_at(r, v, "reason"),
        .schedule = *schedule,
        .explanation = text_at(r, v, "explanation"),
        .found_choices = number_at(v, "foundChoices"),
        .run = number_at(v, "run"),
        .runs_to_find = number_at(v, "runsToFind"),
        .events = number_at(v, "events"),
        .shrink_runs = number_at(v, "shrinkRuns"),
        .times = number_at(v, "times"),
    };
    finding.schedule.file = NULL;
    sm_finding_merge(&result->campaign, &finding);
}

static struct sm_outcome *result_of(struct sm_results *results, sm_val v) {
    const char *scenario = sm_val_str_at(v, "scenario"), *profile = sm_val_str_at(v, "profile");

    for (size_t i = 0; i < results->count; i++)
        if (strcmp(results->at[i].scenario, scenario) == 0 && strcmp(results->at[i].profile, profile) == 0)
            return &results->at[i];
    if (results->count == SM_RESULTS_MAX)
        return NULL;
    struct sm_outcome *result = &results->at[results->count++];
    *result = (struct sm_outcome){.scenario = sm_region_strdup(results->kept, scenario),
                                 .profile = sm_region_strdup(results->kept, profile),
                                 .campaign = {.engine = results->engine, .kept = results->kept}};
    return result;
}

/* Lines that others have not said yet. */
static const char *joined(struct sm_region *r, const char *had, const char *more) {
    if (!more[0] || (had && strstr(had, more)))
        return had;
    return had ? sm_region_printf(r, "%s\n%s", had, more) : sm_region_strdup(r, more);
}

static void read_result(struct sm_results *results, sm_val v, const char *path, struct sm_problems *problems) {
    struct sm_outcome *result = result_of(results, v);
    sm_val findings = sm_val_get(v, "findings");

    if (!result) {
        sm_problem(problems, path, 0, 0, "more scenarios and profiles than %d", SM_RESULTS_MAX);
        return;
    }
    struct sm_campaign *campaign = &result->campaign;
    const struct {
        const char *key;
        uint64_t *to;
    } sums[] = {
        {"runs", &campaign->runs},
        {"failed", &campaign->failed_runs},
        {"events", &campaign->events},
        {"checked", &campaign->checked},
        {"shrinkRuns", &campaign->shrink_runs},
        {"faults", &campaign->faults},
        {"states", &campaign->states},
        {"newStates", &campaign->states_new},
        {"transitions", &campaign->transitions},
        {"findingsLost", &campaign->findings_lost},
    };
    const struct {
        const char *key;
        uint64_t *to;
    } greatest[] = {{"budget", &campaign->asked}, {"depth", &campaign->depth}};

    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        *sums[i].to += number_at(v, sums[i].key);
    for (size_t i = 0; i < sizeof greatest / sizeof greatest[0]; i++)
        if (number_at(v, greatest[i].key) > *greatest[i].to)
            *greatest[i].to = number_at(v, greatest[i].key);
    for (size_t i = 0; i < SM_VERDICT_COUNT; i++)
        campaign->verdicts[i] += number_at(sm_val_get(v, "verdicts"), sm_verdict_names[i]);
    double seconds = (double)number_at(v, "took.milliseconds") / 1e3;
    result->seconds = seconds > result->seconds ? seconds : result->seconds;
    result->rate += (double)number_at(v, "took.runsASecond");
    campaign->coverage = joined(results->kept, campaign->coverage, sm_val_str_at(v, "coverage"));
    result->error = joined(results->kept, result->error, sm_val_str_at(v, "error"));
    if (!campaign->diverged && sm_val_get(v, "diverged"))
        campaign->diverged = text_at(results->kept, v, "diverged");
    for (size_t i = 0; i < sm_val_count(findings); i++)
        read_finding(results, result, sm_val_item(findings, i), path, problems);
}

bool sm_results_read(struct sm_results *results, const struct sm_reader *reader, const char *path, struct sm_problems *problems) {
    struct sm_region *r = results->kept;
    size_t bytes = 0, before = problems->count;
    const char *why = NULL, *file = reader->read(reader->self, r, path, &bytes, &why);
    struct sm_json_error error;

    if (!file) {
        sm_problem(problems, path, 0, 0, "%s", why);
        return false;
    }
    sm_val v = sm_json_parse(r, file, bytes, NULL, &error);
    if (!v) {
        sm_problem(problems, path, error.line, error.column, "%s", error.message);
        return false;
    }
    const char *engine = sm_val_str_at(v, "engine");
    if (sm_val_int_at(v, "version", 0) != VERSION || !sm_val_is_list(sm_val_get(v, "results"))) {
        sm_problem(problems, path, 0, 0, "no result file of this version: write one with stalemate sweep … --result FILE");
        return false;
    }
    if (results->engine && (strcmp(results->engine, engine) != 0 || results->seed != number_at(v, "seed"))) {
        sm_problem(problems, path, 0, 0, "%s with seed %llu, but the files before it are %s with seed %llu: merge parts of one campaign",
                   engine, (unsigned long long)number_at(v, "seed"), results->engine, (unsigned long long)results->seed);
        return false;
    }
    results->engine = sm_region_strdup(r, engine);
    results->seed = number_at(v, "seed");
    results->shards = 1;
    for (size_t i = 0; i < sm_val_count(sm_val_get(v, "results")); i++)
        read_result(results, sm_val_item(sm_val_get(v, "results"), i), path, problems);
    return problems->count == before;
}
