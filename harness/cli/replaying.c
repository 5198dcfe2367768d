#include "replaying.h"

#include <stdio.h>
#include <string.h>

#include "json.h"

static bool ends(const char *text, const char *end) {
    size_t bytes = strlen(text), end_bytes = strlen(end);

    return bytes >= end_bytes && strcmp(text + bytes - end_bytes, end) == 0;
}

/* Reads `A; B` as if it were a file. */
struct line {
    const char *text;
};

static const char *read_line(void *self, struct sm_region *r, const char *path, size_t *ret_bytes, const char **reterr) {
    const struct line *line = self;
    (void)r;
    (void)path;
    (void)reterr;

    *ret_bytes = strlen(line->text);
    return line->text;
}

static const struct sm_schedule *schedule_of_line(struct sm_replaying *replaying, const char *scenario) {
    struct sm_workload *work = replaying->work;
    struct sm_str text;

    sm_str_init(&text, &work->kept);
    sm_str_addf(&text, "scenario = %s\nprofile = %s\n", scenario, replaying->profile ? replaying->profile : "merged");
    for (const char *at = replaying->choices ? replaying->choices : ""; *at;) {
        size_t bytes = strcspn(at, ";");
        sm_str_addn(&text, at, bytes);
        sm_str_addc(&text, '\n');
        at += bytes + strspn(at + bytes, "; ");
    }
    struct line line = {text.data};
    return sm_schedule_read(&work->kept, &(struct sm_reader){&line, read_line}, "--choices", &work->problems);
}

static bool read_schedule(struct sm_replaying *replaying, const char *name) {
    struct sm_workload *work = replaying->work;

    if (ends(name, ".schedule") || ends(name, ".txt"))
        replaying->schedule = sm_schedule_read(&work->kept, &sm_files_reader, name, &work->problems);
    else
        replaying->schedule = schedule_of_line(replaying, name);
    return replaying->schedule != NULL;
}

static int stop(struct sm_replaying *replaying, int code) {
    replaying->code = code;
    return false;
}

bool sm_replaying_open(struct sm_replaying *replaying, const char *command, const struct sm_option *options, int argc, char **argv) {
    struct sm_workload *work = replaying->work;
    const char *why = NULL;

    if (!sm_options_read(command, options, argc, argv, &argc))
        return stop(replaying, SM_EXIT_USAGE);
    if (replaying->help) {
        sm_options_help(sm_region_printf(&work->kept, "stalemate %s SCHEDULE|SCENARIO [OPTION…]", command), options);
        return stop(replaying, SM_EXIT_OK);
    }
    if (argc != 1) {
        fprintf(stderr, "stalemate %s: write one schedule: stalemate %s scenarios/regress/NAME.schedule\n", command, command);
        return stop(replaying, SM_EXIT_USAGE);
    }
    if (!read_schedule(replaying, argv[0]))
        return stop(replaying, sm_workload_problems(work, false));
    char *scenario = sm_region_strdup(&work->kept, replaying->schedule->scenario);
    if (!sm_workload_profiles(work, replaying->profile ? replaying->profile : replaying->schedule->profile))
        return stop(replaying, SM_EXIT_USAGE);
    if (!sm_workload_load(work, 1, &scenario))
        return stop(replaying, sm_workload_problems(work, false));
    struct sm_trial_config config = {.kept = &work->kept,
                                     .run = &work->world,
                                     .scratch = &work->scratch,
                                     .library = work->library,
                                     .scenario = work->scenarios[0],
                                     .profile = work->profiles[0],
                                     .memo = &work->memo};
    replaying->trial = sm_trial_new(&config, &why);
    if (replaying->trial)
        return true;
    fprintf(stderr, "stalemate %s: %s\n", command, why);
    return stop(replaying, SM_EXIT_USAGE);
}

bool sm_replaying_outdated(const struct sm_replaying *replaying, const struct sm_player *player) {
    const char *file = replaying->schedule->file;
    bool outdated = false;

    for (size_t i = 0; i < player->count; i++) {
        struct sm_str line;
        if (player->played[i])
            continue;
        sm_str_init(&line, &replaying->work->kept);
        sm_schedule_line(&line, &player->chosen[i]);
        fprintf(stderr, "%s:%u:1: outdated: %s: %s\n", file, player->chosen[i].line, line.data,
                player->met[i] ? "that way is not open there any more" : "that choice does not occur any more");
        outdated = true;
    }
    return outdated;
}

void sm_replaying_json(const struct sm_replaying *replaying, const struct sm_verdict *verdict, const struct sm_player *player) {
    struct sm_region *r = &replaying->work->kept;
    size_t played = 0;
    struct sm_str out;
    const struct {
        const char *key, *text;
    } texts[] = {{"scenario", replaying->schedule->scenario}, {"profile", replaying->work->profiles[0]->name},
                 {"verdict", sm_verdict_names[verdict->kind]}, {"property", verdict->property},
                 {"reason", verdict->reason},                  {"cause", sm_trial_cause(r, verdict)}};

    for (size_t i = 0; i < player->count; i++)
        played += player->played[i];
    sm_str_init(&out, r);
    sm_str_addc(&out, '{');
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        sm_str_addf(&out, "\"%s\":", texts[i].key);
        sm_json_print(&out, sm_val_str(r, texts[i].text ? texts[i].text : ""), SM_JSON_COMPACT);
        sm_str_addc(&out, ',');
    }
    sm_str_addf(&out, "\"choices\":%zu,\"played\":%zu,\"events\":%llu}\n", player->count, played, (unsigned long long)verdict->events);
    fputs(out.data, stdout);
}

int sm_replaying_close(struct sm_replaying *replaying, int code) {
    return sm_workload_release(replaying->work, code);
}
