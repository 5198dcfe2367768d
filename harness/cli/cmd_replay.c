/* `stalemate replay`: one run again, from a schedule file or from a line of choices. */
#include <stdio.h>
#include <string.h>

#include "replaying.h"
#include "timeline.h"

static void journal_line(void *self, const struct sm_journal_event *event) {
    sm_timeline_add(self, event);
}

/* Twice the same? False: a message was printed. */
static bool repeats(struct sm_replaying *replaying, const struct sm_verdict *verdict) {
    struct sm_region *r = &replaying->work->kept;
    struct sm_verdict first = *verdict;
    const char *reason = sm_region_strdup(r, verdict->reason);

    struct sm_verdict again = sm_trial_play(replaying->trial, replaying->schedule->chosen, replaying->schedule->count, r, NULL, NULL);
    if (again.kind == first.kind && again.events == first.events && again.time == first.time && strcmp(again.reason, reason) == 0)
        return true;
    fprintf(stderr, "stalemate replay: %s did not repeat itself: first %llu events, %s: %s; then %llu events, %s: %s\n",
            replaying->schedule->scenario, (unsigned long long)first.events, sm_verdict_names[first.kind], reason,
            (unsigned long long)again.events, sm_verdict_names[again.kind], again.reason);
    return false;
}

static int replay(struct sm_replaying *replaying, const struct sm_option *options, int argc, char **argv, bool *timeline, bool *all_events,
                  bool *json, bool *check) {
    struct sm_workload *work = replaying->work;
    struct sm_player *player = NULL;
    struct sm_timeline lines;

    if (!sm_replaying_open(replaying, "replay", options, argc, argv))
        return replaying->code;
    sm_timeline_init(&lines, &work->kept);
    lines.all = *all_events;
    struct sm_sim_sink sink = {&lines, journal_line};
    struct sm_verdict verdict = sm_trial_play(replaying->trial, replaying->schedule->chosen, replaying->schedule->count, &work->kept,
                                              *timeline ? &sink : NULL, &player);
    bool outdated = sm_replaying_outdated(replaying, player);
    if (*timeline)
        fputs(lines.text.data, stdout);
    if (*json)
        sm_replaying_json(replaying, &verdict, player);
    else
        printf("%s under %s: %s%s%s\n", replaying->schedule->scenario, replaying->schedule->profile, sm_verdict_names[verdict.kind],
               verdict.reason[0] ? ": " : "", verdict.reason);
    if (*check && !repeats(replaying, &verdict))
        return SM_EXIT_NONDETERMINISM;
    return outdated                               ? SM_EXIT_USAGE
           : verdict.kind == SM_VERDICT_BUDGET    ? SM_EXIT_BUDGET
           : verdict.kind == SM_VERDICT_CONVERGES ? SM_EXIT_OK
                                                  : SM_EXIT_NOT_CONVERGED;
}

int sm_cmd_replay(int argc, char **argv) {
    bool timeline = false, all_events = false, json = false, check = false;
    struct sm_replaying replaying = {.work = sm_workload_new("replay")};
    const struct sm_option options[] = {
        SM_REPLAYING_OPTIONS(replaying),
        {"--timeline", NULL, "what happened, event by event", &timeline, NULL},
        {"--all-events", NULL, "a timeline with what is usually left out", &all_events, NULL},
        {"--check", NULL, "twice, to see whether it repeats itself", &check, NULL},
        {"--json", NULL, "for scripts", &json, NULL},
        {"--help", NULL, "this text", &replaying.help, NULL},
        {0},
    };

    return sm_replaying_close(&replaying, replay(&replaying, options, argc, argv, &timeline, &all_events, &json, &check));
}
