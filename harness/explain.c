#include "explain.h"

#include <string.h>

#include "staleness.h"
#include "timeline.h"

enum { READS_MAX = 4, LINES_MAX = 512, FIRST_LINES = 3 };

/* What can be left out first where there are too many lines. */
enum weight { ASIDE, WRITE, TOLD, CHOSEN };

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
    enum weight weights[LINES_MAX];
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

static void add_line(struct telling *telling, const struct sm_journal_event *event, enum weight weight, const char *text) {
    struct sm_str line;
    sm_time since = event->time - telling->begun;

    if (telling->count == LINES_MAX) {
        telling->lost++;
        return;
    }
    sm_str_init(&line, telling->r);
    sm_str_addf(&line, "%4lld.%03llds  %s", (long long)(since / SM_SECOND), (long long)(since / SM_MILLISECOND % 1000), text);
    telling->weights[telling->count] = weight;
    telling->lines[telling->count++] = line.data;
}

static const char *object_of(struct sm_region *r, const struct sm_journal_event *event) {
    const char *name = event->name ? event->name : "", *name_space = event->name_space ? event->name_space : "";

    return sm_region_printf(r, "%s%s%s%s%s", event->resource, name[0] || name_space[0] ? " " : "", name_space,
                            name_space[0] && name[0] ? "/" : "", name);
}

static void remember_read(struct telling *telling, struct pass *pass, const struct sm_journal_event *event) {
    const char *object = object_of(telling->r, event), *age = sm_clock_duration(telling->r, event->behind), *saw;

    if (event->behind <= 0 || pass->count == READS_MAX)
        return;
    if (event->version)
        saw = sm_region_printf(telling->r, "%s at version %lld while the store was at %lld, for %s", object, (long long)event->version,
                               (long long)event->latest, age);
    else
        saw = sm_region_printf(telling->r, "no %s while the store had version %lld, for %s", object, (long long)event->latest, age);
    for (uint32_t i = 0; i < pass->count; i++)
        if (strcmp(pass->stale[i], saw) == 0)
            return;
    pass->stale[pass->count++] = saw;
}

static bool is_write(const struct sm_journal_event *event) {
    static const char *const verbs[] = {"create", "update", "patch", "apply", "delete"};

    for (size_t i = 0; event->verb && i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(event->verb, verbs[i]) == 0)
            return event->resource && strcmp(event->resource, "events") != 0;
    return false;
}

/* What a write is about, of what people look for first: an image, a step of a plan. */
static void add_gist(struct sm_str *text, sm_val body) {
    sm_val status = sm_val_get(body, "status"), plan = sm_val_get(status, "plan"), tasks = sm_val_get(plan, "tasks");
    sm_val containers = sm_val_at(body, "spec.template.spec.containers");

    for (size_t i = 0; i < sm_val_count(containers); i++)
        if (sm_val_is_text(sm_val_get(sm_val_item(containers, i), "name"), "seid"))
            sm_str_addf(text, ", image %s", sm_val_str_at(sm_val_item(containers, i), "image"));
    if (sm_val_str_at(status, "currentImage")[0])
        sm_str_addf(text, ", currentImage %s", sm_val_str_at(status, "currentImage"));
    if (sm_val_is_null(plan))
        sm_str_add(text, ", no plan any more");
    for (size_t i = 0; i < sm_val_count(tasks); i++) {
        sm_val task = sm_val_item(tasks, i);
        if (sm_val_is_text(sm_val_get(task, "status"), "Complete"))
            continue;
        sm_str_addf(text, ", task %s %s", sm_val_str_at(task, "type"), sm_val_str_at(task, "status"));
        return;
    }
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
    add_gist(&text, event->request);
    add_line(telling, event, pass->count || strcmp(event->verb, "delete") == 0 ? TOLD : WRITE, text.data);
    pass->count = 0;
}

/* --- Choices --------------------------------------------------------------------------------------------------------------- */

/* Ways of faults in words: %1 is the client, %2 what it calls. */
static const struct {
    const char *way, *before, *between, *after;
} fault_words[] = {
    {"crash-before", "the process of ", " ends before its ", " is sent"},
    {"crash-after", "the process of ", " ends: its ", " is done, but it never hears of it"},
    {"crash-amid", "the process of ", " ends, and its ", " arrives later nevertheless"},
    {"lose-answer", "", " sees its connection break: its ", " is done, but the answer is lost"},
    {"time-out", "", " waits in vain: its ", " is done, but the answer never comes"},
    {"lose-request", "", " sees its connection break: its ", " is not done"},
    {"error", "", " is answered 500: its ", " is not done"},
    {"conflict", "", " is answered 409 Conflict: its ", " is not done"},
    {"pause-before", "the process of ", " stands still before its ", " is sent"},
    {"pause-after", "the process of ", " stands still after its ", " is done"},
};

/* `fault seinode-controller.delete pods/default/n-1-0 = lose-answer` as a sentence; as it is where there is none. */
static const char *words_of(struct sm_region *r, const char *text) {
    const char *kind_end = strchr(text, ' '), *dot = kind_end ? strchr(kind_end, '.') : NULL, *equals = strstr(text, " = ");

    if (!dot || !equals || dot > equals)
        return text;
    const char *way = equals + 3, *blank = strchr(dot, ' ');
    const char *actor = sm_region_strndup(r, kind_end + 1, (size_t)(dot - kind_end - 1));
    const char *what = sm_region_strndup(r, dot + 1, (size_t)(blank - dot - 1));
    const char *object = blank < equals ? sm_region_strndup(r, blank + 1, (size_t)(equals - blank - 1)) : "";
    if (strncmp(text, "late ", 5) == 0 && strcmp(what, "deliver") == 0)
        return sm_region_printf(r, "the news of %s reaches %s %s late", object, actor, way);
    if (strncmp(text, "late ", 5) == 0)
        return sm_region_printf(r, "%s %s of %s comes %s late", actor, what, object, way);
    if (strncmp(text, "age ", 4) == 0)
        return sm_region_printf(r, "the first list of %s is %s changes old", actor, way);
    if (strcmp(what, "watch") == 0 && strncmp(way, "cut-", 4) == 0)
        return sm_region_printf(r, "the watch of %s breaks at the news of %s: for %s it sees nothing new", actor, object, way + 4);
    if (strcmp(what, "watch") == 0 && strncmp(way, "crash", 5) == 0)
        return sm_region_printf(r, "the process of %s ends at the news of %s", actor, object);
    for (size_t i = 0; strncmp(text, "fault ", 6) == 0 && i < sizeof fault_words / sizeof fault_words[0]; i++)
        if (strcmp(fault_words[i].way, way) == 0)
            return sm_region_printf(r, "%s%s%s%s %s%s", fault_words[i].before, actor, fault_words[i].between, what, object,
                                    fault_words[i].after);
    return text;
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
            add_line(telling, event, TOLD,
                     sm_region_printf(telling->r, "%s: delete %s -> %d", actor, object_of(telling->r, event), event->code));
        break;
    case SM_JOURNAL_CHOSE:
        add_line(telling, event, strncmp(event->text, "event ", 6) == 0 ? ASIDE : CHOSEN,
                 sm_region_printf(telling->r, "* %s", words_of(telling->r, event->text)));
        break;
    case SM_JOURNAL_ACTED:
        add_line(telling, event, ASIDE, sm_region_printf(telling->r, "%s: %s", actor, sm_timeline_what(telling->r, event)));
        break;
    case SM_JOURNAL_STEP:
    case SM_JOURNAL_FAULT:
    case SM_JOURNAL_CRASHED:
    case SM_JOURNAL_RESTARTED:
        add_line(telling, event, TOLD, sm_region_printf(telling->r, "%s: %s", actor, sm_timeline_what(telling->r, event)));
        break;
    default:
        break;
    }
}

/* The lightest go first, and of those the earliest: what came last is nearest to what broke. The first lines say how it began. */
static void add_lines(struct sm_str *text, const struct telling *telling) {
    enum { MOST = SM_EXPLAIN_LINES_MAX - 3 };
    bool *gone = sm_region_zalloc(telling->r, (telling->count + 1) * sizeof *gone);
    uint32_t left = telling->count;

    for (enum weight weight = ASIDE; weight <= CHOSEN; weight++)
        for (uint32_t i = weight == TOLD ? FIRST_LINES : 0; i < telling->count && left > MOST; i++)
            if (telling->weights[i] == weight) {
                gone[i] = true;
                left--;
            }
    for (uint32_t i = 0; i < telling->count; i++)
        if (!gone[i])
            sm_str_addf(text, "%s\n", telling->lines[i]);
    if (left < telling->count)
        sm_str_addf(text, "   …       and %u lines of less weight: replay --timeline has them\n", telling->count - left + telling->lost);
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
    add_lines(&text, telling);
    sm_str_addf(&text, "therefore: %s\n", finding->reason[0] ? finding->reason : finding->cause);
    sm_str_addf(&text, "%s; faults: %s\n", sm_staleness(trial, work, kept, finding), sm_staleness_grade(&finding->schedule));
    finding->explanation = text.data;
}
