/* The `world` part of a scenario: lag and latency, images, the sidecar, faults, and what a run may take. */
#include "scenario_read.h"
#include "schedule.h"

#include <string.h>

#include "match.h"

/* What a world is like unless the scenario says otherwise: a small cluster on a good day. */
static const struct sm_image_rule usual_image = {
    .pull = 2 * SM_SECOND,
    .start = 500 * SM_MILLISECOND,
    .ready = 3 * SM_SECOND,
    .exit_code = 1,
    .stop = 2 * SM_SECOND,
};
static const struct sm_image_rule calm_images[] = {
    {.pull = 2 * SM_SECOND, .start = 500 * SM_MILLISECOND, .ready = 3 * SM_SECOND, .exit_code = 1, .stop = 2 * SM_SECOND}};
static const struct sm_sidecar_rule calm_sidecar[] = {{.takes = -1}};

struct sm_call_match sm_scenario_call(struct sm_scenario_reading *reading, const char *path, sm_val v) {
    struct sm_call_match match = {.client = sm_read_text(v, "client"),
                                  .verb = sm_read_text(v, "verb"),
                                  .resource = sm_read_text(v, "resource"),
                                  .name_space = sm_read_text(v, "namespace"),
                                  .name = sm_read_text(v, "name"),
                                  .body = sm_val_get(v, "body")};
    const char *wrong_at = "", *wrong = match.body ? sm_match_check(reading->r, match.body, &wrong_at) : NULL;

    if (wrong)
        sm_source_problem(reading->problems, reading->source,
                          sm_region_printf(reading->r, "%s.body%s%s", path, wrong_at[0] && wrong_at[0] != '[' ? "." : "", wrong_at), "%s",
                          wrong);
    static const char *const verbs[] = {"get", "list", "create", "update", "patch", "apply", "delete", "deletecollection", "GET", "POST"};
    bool known = !match.verb || strchr(match.verb, '*');
    for (size_t i = 0; !known && i < sizeof verbs / sizeof *verbs; i++)
        known = strcmp(verbs[i], match.verb) == 0;
    if (!known)
        sm_source_problem(reading->problems, reading->source, sm_region_printf(reading->r, "%s.verb", path),
                          "there is no verb %s: write one of get, list, create, update, patch, apply, delete, or GET or POST of a service",
                          match.verb);
    return match;
}

static void read_lags(struct sm_scenario_reading *reading, struct sm_scenario_world *world, sm_val v) {
    const struct sm_member *member;
    size_t count = sm_val_is_map(v) ? v->count : v ? 1 : 0;
    struct sm_lag *lags = sm_region_zalloc(reading->r, (count + 1) * sizeof *lags);
    size_t i = 0;

    world->lags = lags;
    world->lag_count = count;
    if (sm_val_is_string(v)) {
        lags[0] = (struct sm_lag){"*/*", sm_read_duration(v, 0)};
        return;
    }
    SM_EACH_MEMBER(member, v) {
        if (!strchr(member->key, '/'))
            sm_source_problem(reading->problems, reading->source, sm_path_below(reading->r, "world.lag", member->key),
                              "\"%s\" names no cache: write client/resource, like seinode-controller/pods", member->key);
        lags[i++] = (struct sm_lag){member->key, sm_read_duration(member->value, 0)};
    }
}

static void read_latencies(struct sm_scenario_reading *reading, struct sm_scenario_world *world, sm_val v) {
    size_t count = sm_val_is_list(v) ? v->count : v ? 1 : 0;
    struct sm_latency_rule *rules = sm_region_zalloc(reading->r, (count + 1) * sizeof *rules);

    world->latencies = rules;
    world->latency_count = count;
    if (sm_val_is_string(v)) /* of every call */
        rules[0] = (struct sm_latency_rule){.latency = sm_read_duration(v, 0)};
    for (size_t i = 0; sm_val_is_list(v) && i < count; i++)
        rules[i] = (struct sm_latency_rule){sm_scenario_call(reading, sm_region_printf(reading->r, "world.latency[%zu]", i), v->list[i]),
                                            sm_read_duration(sm_val_get(v->list[i], "takes"), 0)};
}

static const struct sm_image_rule *read_images(struct sm_scenario_reading *reading, sm_val list) {
    size_t count = sm_val_count(list);
    struct sm_image_rule *rules = sm_region_zalloc(reading->r, (count + 1) * sizeof *rules);

    for (size_t i = 0; i < count; i++) {
        sm_val v = list->list[i];
        rules[i] = (struct sm_image_rule){.image = sm_read_text(v, "image"),
                                          .pull = sm_read_duration(sm_val_get(v, "pull"), usual_image.pull),
                                          .start = sm_read_duration(sm_val_get(v, "start"), usual_image.start),
                                          .ready = sm_read_duration(sm_val_get(v, "ready"), usual_image.ready),
                                          .crash_after = sm_read_duration(sm_val_get(v, "crash-after"), 0),
                                          .exit_code = (int)sm_val_int_at(v, "exit-code", usual_image.exit_code),
                                          .stop = sm_read_duration(sm_val_get(v, "stop"), usual_image.stop)};
    }
    rules[count] = usual_image;
    return rules;
}

static const struct sm_sidecar_rule *read_sidecar(struct sm_scenario_reading *reading, sm_val list) {
    size_t count = sm_val_count(list);
    struct sm_sidecar_rule *rules = sm_region_zalloc(reading->r, (count + 1) * sizeof *rules);

    for (size_t i = 0; i < count; i++) {
        sm_val v = list->list[i];
        rules[i] = (struct sm_sidecar_rule){.type = sm_read_text(v, "task"),
                                            .node = sm_read_text(v, "pod"),
                                            .takes = sm_read_duration(sm_val_get(v, "takes"), 0),
                                            .error = sm_read_text(v, "error"),
                                            .failures = (uint32_t)sm_val_int_at(v, "times", 0)};
    }
    rules[count] = calm_sidecar[0];
    return rules;
}

static enum sm_fault fault_named(const char *name) {
    for (int i = 0; i < SM_FAULT_COUNT; i++)
        if (strcmp(sm_fault_names[i], name) == 0)
            return (enum sm_fault)i;
    return SM_FAULT_NONE;
}

static void read_faults(struct sm_scenario_reading *reading, struct sm_scenario_world *world, sm_val list) {
    size_t count = sm_val_count(list);
    struct sm_fault_rule *rules = sm_region_zalloc(reading->r, (count + 1) * sizeof *rules);

    if (count > SM_NETWORK_FAULTS_MAX) {
        sm_source_problem(reading->problems, reading->source, "world.faults", "%zu faults: write at most %d", count, SM_NETWORK_FAULTS_MAX);
        count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        sm_val v = list->list[i];
        const char *path = sm_region_printf(reading->r, "world.faults[%zu]", i);
        rules[i] = (struct sm_fault_rule){.match = sm_scenario_call(reading, path, v),
                                          .nth = (uint32_t)sm_val_int_at(v, "nth", 1),
                                          .times = (uint32_t)sm_val_int_at(v, "times", 1),
                                          .fault = fault_named(sm_val_str_at(v, "fault")),
                                          .code = (int)sm_val_int_at(v, "code", 500),
                                          .message = sm_read_text(v, "message"),
                                          .delay = sm_read_duration(sm_val_get(v, "delay"), 0)};
        if (rules[i].fault == SM_FAULT_CRASH_AMID && !rules[i].delay)
            rules[i].delay = 5 * SM_SECOND;
        if ((rules[i].fault == SM_FAULT_PAUSE_BEFORE || rules[i].fault == SM_FAULT_PAUSE_AFTER) && !rules[i].delay)
            rules[i].delay = 20 * SM_SECOND;
        if ((rules[i].fault == SM_FAULT_DELAY || rules[i].fault == SM_FAULT_DELAY_ANSWER) && rules[i].delay == 0)
            sm_source_problem(reading->problems, reading->source, path, "a delay of nothing: write delay: a duration like 5s");
    }
    world->faults = rules;
    world->fault_count = count;
}

static const char *read_one_line(void *self, struct sm_region *r, const char *path, size_t *ret_bytes, const char **reterr) {
    const char *text = sm_region_printf(r, "scenario = -\nprofile = -\n%s\n", (const char *)self);
    (void)path;
    (void)reterr;

    *ret_bytes = strlen(text);
    return text;
}

static void read_choices(struct sm_scenario_reading *reading, struct sm_scenario_world *world, sm_val list) {
    struct sm_chosen *choices = sm_region_zalloc(reading->r, (sm_val_count(list) + 1) * sizeof *choices);

    for (size_t i = 0; i < sm_val_count(list); i++) {
        struct sm_problems problems = sm_problems_init(reading->r);
        char *line = sm_region_strdup(reading->r, sm_val_text(list->list[i]));
        const struct sm_schedule *schedule = sm_schedule_read(reading->r, &(struct sm_reader){line, read_one_line}, "", &problems);
        if (!schedule || schedule->count != 1)
            sm_source_problem(reading->problems, reading->source, sm_region_printf(reading->r, "world.choices[%zu]", i), "%s",
                              schedule ? "no choice: write `KIND LABEL#OCCURRENCE = WAY`" : problems.at[0].message);
        else
            choices[world->choice_count++] = schedule->chosen[0];
    }
    world->choices = choices;
}

void sm_scenario_world(struct sm_scenario_reading *reading, sm_val v) {
    struct sm_scenario_world *world = &reading->scenario->world;

    world->lag = SM_MILLISECOND;
    world->latency = 2 * SM_MILLISECOND;
    world->calm_images = calm_images;
    world->calm_sidecar = calm_sidecar;
    world->images = sm_val_count(sm_val_get(v, "images")) ? read_images(reading, sm_val_get(v, "images")) : calm_images;
    world->sidecar = sm_val_count(sm_val_get(v, "sidecar")) ? read_sidecar(reading, sm_val_get(v, "sidecar")) : calm_sidecar;
    read_lags(reading, world, sm_val_get(v, "lag"));
    read_latencies(reading, world, sm_val_get(v, "latency"));
    read_faults(reading, world, sm_val_get(v, "faults"));
    read_choices(reading, world, sm_val_get(v, "choices"));
    world->rbac_full = sm_val_is_text(sm_val_get(v, "rbac"), "full");
    world->kubernetes = sm_read_text(v, "kubernetes") ? sm_read_text(v, "kubernetes") : "1.33";
    world->seed = (uint64_t)sm_val_int_at(v, "seed", 1);
    world->probe_period = sm_read_duration(sm_val_get(v, "probes"), 0);
    world->at_once = sm_val_is_text(sm_val_get(v, "start"), "at-once");
    world->events_max = (uint64_t)sm_val_int_at(v, "budget.events", 100000);
    world->time_max = sm_read_duration(sm_val_at(v, "budget.time"), 24 * SM_HOUR);
}
