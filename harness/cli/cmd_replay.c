/* `stalemate replay`: one run again, from a schedule file or from a line of choices. */
#include <stdio.h>
#include <string.h>

#include "replaying.h"
#include "timeline.h"

static void journal_line(void *self, const struct sm_journal_event *event) {
    sm_timeline_add(self, event);
}

static int replay(struct sm_replaying *replaying, const struct sm_option *options, int argc, char **argv, bool *timeline, bool *all_events,
                  bool *json) {
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
    return outdated                               ? SM_EXIT_USAGE
           : verdict.kind == SM_VERDICT_BUDGET    ? SM_EXIT_BUDGET
           : verdict.kind == SM_VERDICT_CONVERGES ? SM_EXIT_OK
                                                  : SM_EXIT_NOT_CONVERGED;
}

int sm_cmd_replay(int argc, char **argv) {
    bool timeline = false, all_events = false, json = false;
    struct sm_replaying replaying = {.work = sm_workload_new("replay")};
    const struct sm_option options[] = {
        SM_REPLAYING_OPTIONS(replaying),
        {"--timeline", NULL, "what happened, event by event", &timeline, NULL},
        {"--all-events", NULL, "a timeline with what is usually left out", &all_events, NULL},
        {"--json", NULL, "for scripts", &json, NULL},
        {"--help", NULL, "this text", &replaying.help, NULL},
        {0},
    };

    return sm_replaying_close(&replaying, replay(&replaying, options, argc, argv, &timeline, &all_events, &json));
}
