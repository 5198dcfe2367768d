#include "explain.h"

#include <string.h>

#include "staleness.h"
#include "timeline.h"

enum { READS_MAX = 4, LINES_MAX = 512, FIRST_LINES = 5 };

/* What a controller under test has seen too late in its pass so far. */
struct pass {
    const char *actor;
    const char *stale[READS_MAX];
    uint32_t count;
};

struct telling {
    struct sm_trial *trial;
    struct sm_region *r;
    sm_time begun;
    struct pass passes[SM_SCENARIO_CONTROLLERS_MAX];
    const char *lines[LINES_MAX];
    uint32_t count, lost;
};

static struct pass *pass_of(struct telling *telling, const char *actor) {
    const struct sm_world *world = telling->trial->world;

    for (size_t i = 0; actor && i < world->actor_count && world->actors[i].under_test && i < SM_SCENARIO_CONTROLLERS_MAX; i++)
        if (strcmp(world->actors[i].client->name, actor) == 0) {
            telling->passes[i].actor = world->actors[i].client->name;
            return &telling->passes[i];
        }
    return NULL;
}

static void add_line(struct telling *telling, const struct sm_journal_event *event, const char *text) {
    struct sm_str line;
    sm_time since = event->time - telling->begun;

    if (telling->count == LINES_MAX) {
        telling->lost++;
        return;
    }
    sm_str_init(&line, telling->r);
    sm_str_addf(&line, "%4lld.%03llds  %s", (long long)(since / SM_SECOND), (long long)(since / SM_MILLISECOND % 1000), text);
    telling->lines[telling->count++] = line.data;
}

static const char *object_of(struct sm_region *r, const struct sm_journal_event *event) {
    const char *name = event->name ? event->name : "", *name_space = event->name_space ? event->name_space : "";

    return sm_region_printf(r, "%s%s%s%s%s", event->resource, name[0] || name_space[0] ? " " : "", name_space,
                            name_space[0] && name[0] ? "/" : "", name);
}

static void remember_read(struct telling *telling, struct pass *pass, const struct sm_journal_event *event) {
    const char *object = object_of(telling->r, event), *age = sm_clock_duration(telling->r, event->behind);

    if (event->behind <= 0 || pass->count == READS_MAX)
        return;
    if (event->version)
        pass->stale[pass->count++] = sm_region_printf(telling->r, "%s at version %lld while the store was at %lld, for %s", object,
                                                      (long long)event->version, (long long)event->latest, age);
    else
        pass->stale[pass->count++] =
            sm_region_printf(telling->r, "no %s while the store had version %lld, for %s", object, (long long)event->latest, age);
}

static bool is_write(const struct sm_journal_event *event) {
    static const char *const verbs[] = {"create", "update", "patch", "apply", "delete"};

    for (size_t i = 0; event->verb && i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(event->verb, verbs[i]) == 0)
            return event->resource && strcmp(event->resource, "events") != 0;
    return false;
}

static void tell_write(struct telling *telling, struct pass *pass, const struct sm_journal_event *event) {
    struct sm_str text;

    sm_str_init(&text, telling->r);
    for (uint32_t i = 0; i < pass->count; i++)
        sm_str_addf(&text, "%s%s", i ? ", and " : sm_region_printf(telling->r, "%s saw ", pass->actor), pass->stale[i]);
    if (pass->count)
        sm_str_add(&text, "; therefore it did: ");
    else
        sm_str_addf(&text, "%s: ", pass->actor);
    sm_str_addf(&text, "%s %s -> %d", event->verb, object_of(telling->r, event), event->code);
    if (event->version)
        sm_str_addf(&text, ", version %lld", (long long)event->version);
    pass->count = 0;
    add_line(telling, event, text.data);
}

static void hear(void *self, const struct sm_journal_event *event) {
    struct telling *telling = self;
    struct pass *pass = pass_of(telling, event->actor);
    const char *actor = event->actor ? event->actor : "";

    switch (event->kind) {
    case SM_JOURNAL_STARTED:
    case SM_JOURNAL_FINISHED:
        if (pass)
            pass->count = 0;
        break;
    case SM_JOURNAL_READ:
        if (pass)
            remember_read(telling, pass, event);
        break;
    case SM_JOURNAL_COMMITTED:
        if (pass && is_write(event))
            tell_write(telling, pass, event);
        else if (event->verb && strcmp(event->verb, "delete") == 0)
            add_line(telling, event, sm_region_printf(telling->r, "%s: delete %s -> %d", actor, object_of(telling->r, event), event->code));
        break;
    case SM_JOURNAL_CHOSE:
    case SM_JOURNAL_STEP:
    case SM_JOURNAL_FAULT:
    case SM_JOURNAL_CRASHED:
    case SM_JOURNAL_RESTARTED:
    case SM_JOURNAL_ACTED:
        add_line(telling, event, sm_region_printf(telling->r, "%s: %s", actor, sm_timeline_what(telling->r, event)));
        break;
    default:
        break;
    }
}

void sm_explain(struct sm_trial *trial, struct sm_region *work, struct sm_region *kept, struct sm_finding *finding) {
    struct sm_str text;

    sm_region_clear(work);
    struct telling *telling = sm_region_zalloc(work, sizeof *telling);
    telling->trial = trial;
    telling->r = work;
    struct sm_sim_sink sink = {telling, hear};
    telling->begun = trial->begins;
    sm_trial_play(trial, finding->schedule.chosen, finding->schedule.count, work, &sink, NULL);

    sm_str_init(&text, kept);
    enum { SHOWN = SM_EXPLAIN_LINES_MAX - 3 };
    for (uint32_t i = 0; i < telling->count; i++) {
        if (telling->count > SHOWN && i == FIRST_LINES) {
            uint32_t next = telling->count - (SHOWN - FIRST_LINES);
            sm_str_addf(&text, "   …       %u more\n", next - i + telling->lost);
            i = next;
        }
        sm_str_addf(&text, "%s\n", telling->lines[i]);
    }
    sm_str_addf(&text, "therefore: %s\n", finding->reason[0] ? finding->reason : finding->cause);
    sm_str_addf(&text, "%s; faults: %s\n", sm_staleness(trial, work, kept, finding), sm_staleness_grade(&finding->schedule));
    finding->explanation = text.data;
}
