/* The `steps` part of a scenario: one reader a kind of step, one row each. */
#include "scenario_read.h"

#include <string.h>

#include "bug.h"
#include "match.h"

struct step_reading {
    struct sm_scenario_reading *all;
    struct sm_region *r;
    const char *path; /* `steps[3]` */
    sm_val v;
    struct sm_step *step;
    size_t index;
};

static void problem(struct step_reading *s, const char *key, const char *text) {
    sm_source_problem(s->all->problems, s->all->source, sm_region_printf(s->r, "%s.%s", s->path, key), "%s", text);
}

static const char *at(struct step_reading *s, const char *key) {
    return sm_region_printf(s->r, "%s.%s", s->path, key);
}

/* --- Parts that several kinds have ---------------------------------------------------------------------------------------------- */

static struct sm_expected_object *read_expected(struct step_reading *s, const char *path, sm_val map, size_t *ret_count) {
    struct sm_expected_object *expected = sm_region_zalloc(s->r, (sm_val_count(map) + 1) * sizeof *expected);
    const struct sm_member *member;
    size_t n = 0;

    SM_EACH_MEMBER(member, map) {
        const char *here = sm_path_below(s->r, path, member->key), *wrong_at = "";
        const char *wrong = sm_match_check(s->r, member->value, &wrong_at);
        if (wrong)
            sm_source_problem(s->all->problems, s->all->source,
                              sm_region_printf(s->r, "%s%s%s", here, wrong_at[0] && wrong_at[0] != '[' ? "." : "", wrong_at), "%s", wrong);
        expected[n++] = (struct sm_expected_object){sm_scenario_target(s->all, here, member->key), member->value};
    }
    *ret_count = n;
    return expected;
}

static void read_target(struct step_reading *s, const char *key) {
    s->step->target = sm_scenario_target(s->all, at(s, key), sm_val_str_at(s->v, key));
}

static void read_pod(struct step_reading *s, const char *key) {
    read_target(s, key);
    if (s->step->target.resource && s->step->target.resource != SM_PODS)
        problem(s, key, "this is about a pod: write pod/name");
    s->step->container = sm_read_text(s->v, "container");
}

static void read_trigger(struct step_reading *s, sm_val v) {
    static const char *const phases[] = {[SM_CALL_SENT] = "sent", [SM_CALL_COMMITTED] = "committed", [SM_CALL_ANSWERED] = "answered"};
    struct sm_trigger *when = &s->step->when;
    size_t count = 0;

    when->given = v != NULL;
    when->nth = (uint32_t)sm_val_int_at(v, "nth", 1);
    for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
        if (sm_val_get(v, phases[i])) {
            when->phase = (enum sm_call_phase)i;
            when->call = sm_scenario_call(s->all, sm_region_printf(s->r, "%s.when.%s", s->path, phases[i]), sm_val_get(v, phases[i]));
        }
    if (sm_val_get(v, "matches")) {
        when->object = read_expected(s, at(s, "when.matches"), sm_val_get(v, "matches"), &count);
        if (count != 1)
            problem(s, "when.matches", "it waits for one object: write one, and a wait step for others");
    }
}

/* --- Kinds ------------------------------------------------------------------------------------------------------------------------ */

static void read_apply(struct step_reading *s) {
    s->step->objects =
        sm_scenario_manifests(s->all, at(s, "apply"), sm_val_get(s->v, "apply"), &s->step->object_places, &s->step->object_count);
}

static void read_patch(struct step_reading *s) {
    const char *type = sm_read_text(s->v, "type");

    read_target(s, "patch");
    s->step->body = sm_val_get(s->v, "with");
    s->step->patch = !type || strcmp(type, "merge") == 0 ? SM_PATCH_MERGE : strcmp(type, "json") == 0 ? SM_PATCH_JSON : SM_PATCH_STRATEGIC;
    s->step->subresource = sm_read_text(s->v, "subresource") ? sm_read_text(s->v, "subresource") : "";
    if ((s->step->patch == SM_PATCH_JSON) != sm_val_is_list(s->step->body))
        problem(s, "with",
                s->step->patch == SM_PATCH_JSON ? "a JSON patch is a list: write a list of {op, path, value}"
                                                : "a merge patch is a map: write a map, or type: json");
}

static void read_delete(struct step_reading *s) {
    sm_val grace = sm_val_get(s->v, "grace");
    const char *propagation = sm_read_text(s->v, "propagation");

    read_target(s, "delete");
    if (grace || propagation)
        s->step->body = SM_MAP(s->r, "apiVersion", sm_val_str(s->r, "v1"), "kind", sm_val_str(s->r, "DeleteOptions"), "gracePeriodSeconds",
                               grace ? sm_val_int(s->r, sm_read_duration(grace, 0) / SM_SECOND) : NULL, "propagationPolicy",
                               propagation ? sm_val_str(s->r, propagation) : NULL);
}

static void read_scale(struct step_reading *s) {
    read_target(s, "scale");
    s->step->number = sm_val_int_at(s->v, "replicas", 1);
}

static void read_restart(struct step_reading *s) {
    const struct sm_scenario *scenario = s->all->scenario;
    const char *profile = sm_read_text(s->v, "profile");
    bool known = false;

    s->step->controller = sm_read_text(s->v, "restart-controller");
    s->step->profile = profile ? sm_profile_find(profile) : NULL;
    s->step->profile_of_run = profile && !s->step->profile;
    s->step->time = sm_read_duration(sm_val_get(s->v, "down"), SM_SECOND);
    s->step->stale = sm_read_duration(sm_val_get(s->v, "stale"), 0);
    s->step->catch_up = sm_read_duration(sm_val_get(s->v, "catches-up-after"), 0);
    for (size_t i = 0; i < scenario->controller_count; i++)
        known = known || strcmp(scenario->controllers[i].name, s->step->controller) == 0;
    if (!known && profile)
        problem(s, "profile", "only a controller under test has a profile: write seinode-controller, or no profile");
}

static bool is_held_before(const struct step_reading *s) {
    for (size_t i = 0; i < s->index; i++) {
        const struct sm_step *hold = &s->all->scenario->steps[i];
        if (hold->kind == SM_STEP_HOLD && hold->cache &&
            (sm_match_glob(hold->cache, s->step->cache) || sm_match_glob(s->step->cache, hold->cache)))
            return true;
    }
    return false;
}

static void read_hold(struct step_reading *s) {
    const char *key = s->step->kind == SM_STEP_HOLD ? "hold" : "release";
    sm_val v = sm_val_get(s->v, key), call = sm_val_get(v, "call");

    s->step->cache = sm_read_text(v, "cache");
    if (s->step->cache && !strchr(s->step->cache, '/'))
        problem(s, sm_region_printf(s->r, "%s.cache", key), "it names no cache: write client/resource, like seinode-controller/pods");
    else if (s->step->cache && s->step->kind == SM_STEP_RELEASE && !is_held_before(s))
        problem(s, sm_region_printf(s->r, "%s.cache", key), "no step before holds this: write the cache as in its hold");
    if (!call)
        return;
    struct sm_call_match *match = sm_region_alloc(s->r, sizeof *match);
    *match = sm_scenario_call(s->all, sm_region_printf(s->r, "%s.%s.call", s->path, key), call);
    s->step->call = match;
    s->step->body = call;
    if (s->step->kind == SM_STEP_HOLD)
        return;
    s->step->call = NULL;
    for (size_t i = 0; i < s->index; i++) {
        const struct sm_step *hold = &s->all->scenario->steps[i];
        if (hold->kind == SM_STEP_HOLD && hold->call && sm_val_equal(hold->body, call))
            s->step->call = hold->call;
    }
    if (!s->step->call)
        problem(s, key, "no step before holds this: write the call as in its hold");
}

static void read_relist(struct step_reading *s) {
    s->step->cache = sm_read_text(s->v, "relist");
    s->step->stale = sm_read_duration(sm_val_get(s->v, "stale"), 0);
    if (!strchr(s->step->cache, '/'))
        problem(s, "relist", "it names no cache: write client/resource, like seinode-controller/pods");
}

static void read_advance(struct step_reading *s) {
    s->step->time = sm_read_duration(sm_val_get(s->v, "advance"), 0);
}

static void read_expectation(struct step_reading *s) {
    const char *key = sm_step_names[s->step->kind];

    s->step->expected = read_expected(s, at(s, key), sm_val_get(s->v, key), &s->step->expected_count);
    s->step->time = sm_read_duration(sm_val_get(s->v, "within"), 0);
}

static void read_exit(struct step_reading *s) {
    read_pod(s, "exit");
    s->step->number = sm_val_int_at(s->v, "code", 1);
}

static void read_ready(struct step_reading *s) {
    read_pod(s, "ready");
    s->step->on = sm_val_true_at(s->v, "is");
}

static void read_sidecar(struct step_reading *s) {
    sm_val answers = sm_val_get(s->v, "answers");

    read_pod(s, "sidecar");
    s->step->number = sm_val_is_int(answers) ? answers->integer : sm_val_is_text(answers, "hangs") ? -1 : 0;
}

static void read_node(struct step_reading *s) {
    s->step->target = (struct sm_target){.resource = SM_NODES, .name_space = "", .name = sm_read_text(s->v, "node")};
    s->step->target.text = s->step->target.name;
    s->step->on = strcmp(sm_val_str_at(s->v, "state"), "returns") == 0;
}

static void (*const readers[SM_STEP_COUNT])(struct step_reading *s) = {
    [SM_STEP_APPLY] = read_apply,
    [SM_STEP_PATCH] = read_patch,
    [SM_STEP_DELETE] = read_delete,
    [SM_STEP_SCALE] = read_scale,
    [SM_STEP_RESTART] = read_restart,
    [SM_STEP_HOLD] = read_hold,
    [SM_STEP_RELEASE] = read_hold,
    [SM_STEP_RELIST] = read_relist,
    [SM_STEP_ADVANCE] = read_advance,
    [SM_STEP_WAIT] = read_expectation,
    [SM_STEP_ASSERT] = read_expectation,
    [SM_STEP_NEVER] = read_expectation,
    [SM_STEP_EXIT] = read_exit,
    [SM_STEP_READY] = read_ready,
    [SM_STEP_SIDECAR] = read_sidecar,
    [SM_STEP_NODE] = read_node,
};
static const bool disturbs[SM_STEP_COUNT] = {
#define X(id, key, disturbs) [SM_STEP_##id] = disturbs,
    SM_STEPS(X)
#undef X
};

void sm_scenario_steps(struct sm_scenario_reading *reading, sm_val list) {
    size_t count = sm_val_count(list);
    struct sm_step *steps = sm_region_zalloc(reading->r, (count + 1) * sizeof *steps);

    if (count > SM_SCENARIO_STEPS_MAX) {
        sm_source_problem(reading->problems, reading->source, "steps", "%zu steps: write at most %d", count, SM_SCENARIO_STEPS_MAX);
        return;
    }
    reading->scenario->steps = steps;
    reading->scenario->step_count = count;
    for (size_t i = 0; i < count; i++) {
        struct step_reading s = {.all = reading, .r = reading->r, .v = list->list[i], .step = &steps[i], .index = i};
        s.path = sm_region_printf(reading->r, "steps[%zu]", i);

        steps[i].place = sm_place_at(reading->r, reading->source, s.path).text;
        while (steps[i].kind < SM_STEP_COUNT && !sm_val_get(s.v, sm_step_names[steps[i].kind]))
            steps[i].kind++;
        SM_ASSERT(steps[i].kind < SM_STEP_COUNT);
        steps[i].disturbs = sm_val_get(s.v, "disturbs") ? sm_val_true_at(s.v, "disturbs") : disturbs[steps[i].kind];
        steps[i].after = sm_read_duration(sm_val_get(s.v, "after"), 0);
        if (sm_val_get(s.v, "when"))
            read_trigger(&s, sm_val_get(s.v, "when"));
        readers[steps[i].kind](&s);
    }
}
