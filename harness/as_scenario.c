#include "as_scenario.h"

#include <string.h>

#include "verdict.h"
#include "yaml_print.h"

enum { RUNS_MAX = 1500, PARTS_MAX = 4 };

struct writing {
    struct sm_as_scenario *work;
    struct sm_region *r;
    const char *text; /* of the candidate, for the reader */
    const char *path; /* beside the scenario, so that its files are found */
    sm_val doc;       /* the best so far */
    bool *said;       /* that choice is said otherwise */
};

/* --- Does it end the same? ------------------------------------------------------------------------------------------------------- */

static const char *read_text(void *self, struct sm_region *r, const char *path, size_t *ret_bytes, const char **reterr) {
    const struct writing *w = self;

    if (strcmp(path, w->path) != 0)
        return w->work->reader->read(w->work->reader->self, r, path, ret_bytes, reterr);
    *ret_bytes = strlen(w->text);
    return w->text;
}

static const char *yaml_of(struct writing *w, sm_val doc) {
    static const char *const order[] = {"about",   "controllers", "given", "world",  "lag",       "latency", "faults",     "choices",
                                        "steps",   "properties",  "expect", "patch", "restart-controller", "client",  "verb", "resource",
                                        "namespace", "name",      "nth",    "times", "fault",     "delay",   "before",     "first-cut",
                                        "reviewed", "on-delete",  "merged", "hardened", "apiVersion", "kind", "metadata", "verdict", NULL};
    struct sm_str out;

    sm_str_init(&out, w->r);
    sm_yaml_print(&out, doc, order);
    return out.data;
}

static bool play(struct writing *w, sm_val doc, const struct sm_profile *profile, struct sm_verdict *ret_verdict) {
    struct sm_as_scenario *work = w->work;
    struct sm_problems problems = sm_problems_init(w->r);
    struct sm_reader reader = {w, read_text};

    w->text = yaml_of(w, doc);
    const struct sm_scenario *scenario = sm_scenario_load(w->r, &reader, w->path, &problems);
    if (!scenario)
        return false;
    sm_region_clear(work->run);
    struct sm_world_config config = {.run = work->run,
                                     .scratch = work->scratch,
                                     .library = work->library,
                                     .scenario = scenario,
                                     .profile = profile,
                                     .window = SM_TRIAL_WINDOW};
    work->runs++;
    *ret_verdict = sm_verdict_run(&config, NULL);
    return true;
}

/* The best from now on, if it ends for the cause. */
static bool ends_the_same(struct writing *w, sm_val doc) {
    struct sm_verdict verdict;

    if (w->work->runs >= RUNS_MAX || !play(w, doc, w->work->profile, &verdict) ||
        strcmp(sm_trial_cause(w->r, &verdict), w->work->cause) != 0)
        return false;
    w->work->reason = sm_region_strdup(w->r, verdict.reason);
    w->doc = doc;
    return true;
}

/* --- Choices --------------------------------------------------------------------------------------------------------------------- */

/* [doc] with the choices that are not said otherwise. */
static sm_val with_choices(struct writing *w, sm_val doc) {
    sm_val list = SM_EMPTY_LIST;

    for (size_t i = 0; i < w->work->count; i++) {
        struct sm_str line;
        if (w->said[i])
            continue;
        sm_str_init(&line, w->r);
        sm_schedule_line(&line, &w->work->chosen[i]);
        list = sm_val_append(w->r, list, sm_val_str(w->r, line.data));
    }
    sm_val world = sm_val_is_map(sm_val_get(doc, "world")) ? sm_val_get(doc, "world") : SM_EMPTY_MAP;
    return sm_val_set(w->r, doc, "world", sm_val_set(w->r, world, "choices", sm_val_count(list) ? list : NULL));
}

static const char *client_of(struct writing *w, const struct sm_chosen *chosen) {
    return sm_region_strndup(w->r, chosen->label, strcspn(chosen->label, "./"));
}

/* `seinode-controller.get statefulsets/default/n-1` → {client, verb, resource, namespace, name}; NULL: it is no call's. */
static sm_val call_of(struct writing *w, const struct sm_chosen *chosen, bool with_verb) {
    struct sm_region *r = w->r;
    const char *dot = strchr(chosen->label, '.'), *blank = dot ? strchr(dot, ' ') : NULL;

    if (!blank || memchr(chosen->label, '/', (size_t)(dot - chosen->label)))
        return NULL;
    sm_val client = sm_val_strn(r, chosen->label, (size_t)(dot - chosen->label));
    sm_val verb = with_verb ? sm_val_strn(r, dot + 1, (size_t)(blank - dot - 1)) : NULL;
    char *rest = sm_region_strdup(r, blank + 1), *method = strchr(rest, ' '), *path = method ? strchr(method + 1, ' ') : NULL;
    if (path) { /* of a service */
        *method = *path = '\0';
        return SM_MAP(r, "client", client, "verb", sm_val_str(r, method + 1), "resource", sm_val_str(r, rest), "name",
                      sm_val_str(r, path + 1));
    }
    char *parts[PARTS_MAX];
    size_t count = 0;
    for (char *part = strsep(&rest, "/"); part && count < PARTS_MAX; part = strsep(&rest, "/"))
        parts[count++] = part;
    if (count < 2 || rest)
        return NULL;
    const char *resource = count == 4 ? sm_region_printf(r, "%s/%s", parts[0], parts[1]) : parts[0];
    return SM_MAP(r, "client", client, "verb", verb, "resource", sm_val_str(r, resource), "namespace",
                  count > 2 ? sm_val_str(r, parts[count - 2]) : NULL, "name", parts[count - 1][0] ? sm_val_str(r, parts[count - 1]) : NULL);
}

static sm_val fault_of(struct writing *w, const struct sm_chosen *chosen) {
    struct sm_region *r = w->r;
    bool commit = strstr(chosen->label, ".commit ") != NULL, answer = strstr(chosen->label, ".answer ") != NULL;
    sm_val nth = sm_val_int(r, chosen->occurrence), rule;

    if (chosen->kind == SM_CHOICE_LATE && (commit || answer)) {
        rule = call_of(w, chosen, false);
        return rule ? sm_val_set(r,
                                 sm_val_set(r, sm_val_set(r, rule, "nth", nth), "fault", sm_val_str(r, commit ? "delay" : "delay-answer")),
                                 "delay", sm_val_str(r, chosen->way))
                    : NULL;
    }
    const struct sm_fault_rule *way = chosen->kind == SM_CHOICE_FAULT ? sm_network_way(chosen->way) : NULL;
    rule = way ? call_of(w, chosen, strstr(chosen->label, ".call ") == NULL) : NULL;
    if (!rule)
        return NULL;
    rule = sm_val_set(r, sm_val_set(r, rule, "nth", nth), "fault", sm_val_str(r, sm_fault_names[way->fault]));
    if (way->code)
        rule = sm_val_set(r, rule, "code", sm_val_int(r, way->code));
    return way->delay ? sm_val_set(r, rule, "delay", sm_val_str(r, sm_clock_duration(r, way->delay))) : rule;
}

static sm_val with_fault(struct writing *w, sm_val doc, sm_val rule) {
    return sm_val_set_at(w->r, doc, "world.faults", sm_val_append(w->r, sm_val_at(doc, "world.faults"), rule));
}

/* A watch that is late or broken: its cache lags. The time is what the way ends with: `20s`, `cut-20s`. */
static sm_val with_lag(struct writing *w, sm_val doc, const struct sm_chosen *chosen) {
    const char *dot = strchr(chosen->label, '.'), *dash = strrchr(chosen->way, '-'), *time = dash ? dash + 1 : chosen->way;
    sm_val lag = sm_val_at(doc, "world.lag");
    sm_time duration = 0;

    if (!dot || !memchr(chosen->label, '/', (size_t)(dot - chosen->label)) || !sm_clock_parse_duration(time, &duration) ||
        (lag && !sm_val_is_map(lag)))
        return NULL;
    const char *cache = sm_region_strndup(w->r, chosen->label, (size_t)(dot - chosen->label));
    if (sm_val_get(lag, cache))
        return NULL;
    return sm_val_set_at(w->r, doc, "world.lag", sm_val_set(w->r, lag ? lag : SM_EMPTY_MAP, cache, sm_val_str(w->r, time)));
}

static void say_alone(struct writing *w, size_t i) {
    const struct sm_chosen *chosen = &w->work->chosen[i];
    sm_val rule = fault_of(w, chosen);

    w->said[i] = true;
    sm_val doc = with_choices(w, w->doc), lagging = with_lag(w, doc, chosen);
    if ((rule && ends_the_same(w, with_fault(w, doc, rule))) || (lagging && ends_the_same(w, lagging)))
        return;
    w->said[i] = ends_the_same(w, doc); /* it goes without saying */
}

/* --- Restarts -------------------------------------------------------------------------------------------------------------------- */

static sm_val insert(struct sm_region *r, sm_val list, size_t at, sm_val item) {
    sm_val longer = SM_EMPTY_LIST;

    for (size_t i = 0; i <= sm_val_count(list); i++) {
        if (i == at)
            longer = sm_val_append(r, longer, item);
        if (i < sm_val_count(list))
            longer = sm_val_append(r, longer, sm_val_item(list, i));
    }
    return longer;
}

/* A process that ends at a call, and the old first lists of the one that follows: a step that restarts it. */
static void say_restart(struct writing *w, size_t crash) {
    static const char *const ages[] = {"1s", "5s", "30s", "2m"};
    const struct sm_chosen *chosen = &w->work->chosen[crash];
    bool *before = sm_region_alloc(w->r, w->work->count * sizeof *before);
    const char *client = client_of(w, chosen);
    sm_val call = call_of(w, chosen, strstr(chosen->label, ".call ") == NULL), steps = sm_val_get(w->doc, "steps");
    bool any = false;

    memcpy(before, w->said, w->work->count * sizeof *before);
    for (size_t i = 0; i < w->work->count; i++)
        if (w->work->chosen[i].kind == SM_CHOICE_AGE && !w->said[i] && strcmp(client_of(w, &w->work->chosen[i]), client) == 0)
            any = w->said[i] = true;
    w->said[crash] = true;
    sm_val doc = with_choices(w, w->doc);
    const char *phase = strcmp(chosen->way, "crash-after") == 0 ? "committed" : "sent";
    for (size_t at = 1; any && call && at <= sm_val_count(steps); at++)
        for (size_t age = 0; age < sizeof ages / sizeof ages[0]; age++) {
            sm_val when = SM_MAP(w->r, phase, call, "nth", chosen->occurrence > 1 ? sm_val_int(w->r, chosen->occurrence) : NULL);
            sm_val step = SM_MAP(w->r, "restart-controller", sm_val_str(w->r, client), "stale", sm_val_str(w->r, ages[age]), "when", when);
            if (ends_the_same(w, sm_val_set(w->r, doc, "steps", insert(w->r, steps, at, step))))
                return;
        }
    memcpy(w->said, before, w->work->count * sizeof *before);
}

/* --- Smaller --------------------------------------------------------------------------------------------------------------------- */

static void fewer(struct writing *w, const char *path) {
    for (size_t i = sm_val_count(sm_val_at(w->doc, path)); i-- > 0;) {
        sm_val list = sm_val_replace_item(w->r, sm_val_at(w->doc, path), i, NULL);
        ends_the_same(w, sm_val_set_at(w->r, w->doc, path, sm_val_count(list) ? list : NULL));
    }
}

static void shorter(struct writing *w, const char *path) {
    static const char *const times[] = {"1s", "5s", "10s", "30s", "1m", "5m"};
    sm_time time = 0, less = 0;

    if (!sm_clock_parse_duration(sm_val_str_at(w->doc, path), &time))
        return;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        if (sm_clock_parse_duration(times[i], &less) && less < time &&
            ends_the_same(w, sm_val_set_at(w->r, w->doc, path, sm_val_str(w->r, times[i]))))
            return;
}

static void shorter_all(struct writing *w) {
    static const char *const of_steps[] = {"advance", "after", "within", "stale", "catch-up"};

    for (size_t i = 0; i < sm_val_count(sm_val_get(w->doc, "steps")); i++)
        for (size_t k = 0; k < sizeof of_steps / sizeof of_steps[0]; k++)
            shorter(w, sm_region_printf(w->r, "steps[%zu].%s", i, of_steps[k]));
    for (size_t i = 0; i < sm_val_count(sm_val_at(w->doc, "world.faults")); i++)
        shorter(w, sm_region_printf(w->r, "world.faults[%zu].delay", i));
}

/* --- The whole ------------------------------------------------------------------------------------------------------------------- */

/* What each profile makes of it, as it is. */
static sm_val expectations(struct writing *w) {
    sm_val expect = SM_EMPTY_MAP;

    for (size_t i = 0; i < SM_PROFILE_COUNT; i++) {
        struct sm_verdict verdict;
        if (!play(w, w->doc, &sm_profiles[i], &verdict))
            continue;
        const char *why = verdict.kind == SM_VERDICT_CONVERGES ? "None of this does it harm." : verdict.reason;
        expect = sm_val_set(w->r, expect, sm_profiles[i].name,
                            SM_MAP(w->r, "verdict", sm_val_str(w->r, sm_verdict_names[verdict.kind]), "why",
                                   sm_val_str(w->r, why[0] ? why : sm_verdict_about[verdict.kind])));
    }
    return expect;
}

static sm_val without(struct writing *w, sm_val doc, const char *key) {
    return sm_val_get(doc, key) ? sm_val_set(w->r, doc, key, NULL) : doc;
}

const char *sm_as_scenario(struct sm_as_scenario *work) {
    struct writing w = {.work = work, .r = work->kept};
    const char *file = work->scenario->file, *slash = strrchr(file, '/');
    int folder = slash ? (int)(slash - file + 1) : 0;

    w.path = sm_region_printf(w.r, "%.*sfound-%s", folder, file, file + folder);
    w.said = sm_region_zalloc(w.r, (work->count + 1) * sizeof *w.said);
    if (!ends_the_same(&w, with_choices(&w, without(&w, work->scenario->source->doc->value, "control"))))
        return NULL;
    for (size_t i = 0; i < work->count; i++)
        if (work->chosen[i].kind == SM_CHOICE_FAULT && strncmp(work->chosen[i].way, "crash", 5) == 0)
            say_restart(&w, i);
    for (size_t i = 0; i < work->count; i++)
        if (!w.said[i])
            say_alone(&w, i);
    fewer(&w, "world.faults");
    fewer(&w, "steps");
    fewer(&w, "world.images");
    shorter_all(&w);
    for (size_t i = 0; i < work->count; i++)
        work->choices_left += !w.said[i];
    sm_val about = sm_val_strf(w.r, "Found by searching %s under %s: %s.", work->scenario->name, work->profile->name, work->cause);
    w.doc = sm_val_set(w.r, without(&w, w.doc, "safeguard"), "about", about);
    return yaml_of(&w, sm_val_set(w.r, w.doc, "expect", expectations(&w)));
}
