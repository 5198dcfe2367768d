/* The loader: parse, check the shape, then read part by part. A part that finds something wrong says so and goes on, so that
 * one run shows all problems of a file. */
#include "scenario.h"

#include <string.h>

#include "near.h"
#include "property.h"
#include "scenario_read.h"
#include "scenario_shape.h"
#include "str.h"

const char *const sm_step_names[SM_STEP_COUNT] = {
#define X(id, key, disturbs) [SM_STEP_##id] = key,
    SM_STEPS(X)
#undef X
};

sm_time sm_read_duration(sm_val v, sm_time absent) {
    sm_time duration = absent;

    if (sm_val_is_text(v, "never"))
        return -1;
    if (v)
        sm_clock_parse_duration(sm_val_text(v), &duration);
    return duration;
}

const char *sm_read_text(sm_val map, const char *key) {
    sm_val v = sm_val_get(map, key);

    return sm_val_is_string(v) ? v->string : NULL;
}

static const char *name_of(struct sm_region *r, const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');

    return dot && dot != name ? sm_region_strndup(r, name, (size_t)(dot - name)) : sm_region_strdup(r, name);
}

/* --- Controllers ------------------------------------------------------------------------------------------------------------ */

static void read_controllers(struct sm_scenario_reading *reading, sm_val list) {
    size_t count = sm_val_count(list) ? sm_val_count(list) : 1;
    struct sm_scenario_controller *controllers = sm_region_zalloc(reading->r, count * sizeof *controllers);

    if (count > SM_SCENARIO_CONTROLLERS_MAX) {
        sm_source_problem(reading->problems, reading->source, "controllers", "%zu controllers: write at most %d", count,
                          SM_SCENARIO_CONTROLLERS_MAX);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        sm_val v = sm_val_item(list, i);
        const char *name = sm_read_text(v, "name"), *profile = sm_read_text(v, "profile");

        if (!name)
            name = i ? sm_region_printf(reading->r, "seinode-controller-%zu", i + 1) : "seinode-controller";
        for (size_t j = 0; j < i; j++)
            if (strcmp(controllers[j].name, name) == 0)
                sm_source_problem(reading->problems, reading->source, sm_region_printf(reading->r, "controllers[%zu]", i),
                                  "the name %s is taken: write another name", name);
        controllers[i] = (struct sm_scenario_controller){"seinode", name, profile ? sm_profile_find(profile) : NULL};
    }
    reading->scenario->controllers = controllers;
    reading->scenario->controller_count = count;
}

/* --- Expectations ------------------------------------------------------------------------------------------------------------- */

static void read_expectations(sm_val map, struct sm_expectation expect[SM_PROFILE_COUNT]) {
    for (size_t i = 0; i < SM_PROFILE_COUNT; i++) {
        sm_val v = sm_val_get(map, sm_profiles[i].name);
        expect[i].verdict = SM_VERDICT_CONVERGES;
        expect[i].why = "";
        if (!v)
            continue;
        expect[i].verdict = (enum sm_verdict_kind)sm_verdict_find(sm_val_str_at(v, "verdict"));
        expect[i].why = sm_val_str_at(v, "why");
        expect[i].reason = sm_read_text(v, "reason");
    }
}

/* --- Properties ----------------------------------------------------------------------------------------------------------------- */

static void read_properties(struct sm_scenario_reading *reading, sm_val map) {
    const struct sm_member *member;

    reading->scenario->properties_off = sm_properties_opt_in();
    SM_EACH_MEMBER(member, map) {
        int i = sm_property_find(member->key);
        if (i < 0) {
            struct sm_str known;
            sm_str_init(&known, reading->problems->region);
            struct sm_near near = sm_near_init(member->key);
            for (size_t j = 0; j < sm_property_count; j++) {
                sm_near_try(&near, sm_properties[j]->name);
                sm_str_addf(&known, "%s%s", j ? ", " : "write one of ", sm_properties[j]->name);
            }
            sm_source_problem(reading->problems, reading->source, sm_path_below(reading->r, "properties", member->key),
                              "there is no property %s: %s", member->key,
                              near.best ? sm_region_printf(reading->r, "did you mean %s?", near.best) : known.data);
        } else if (sm_val_is_true(member->value)) {
            reading->scenario->properties_off &= ~(UINT64_C(1) << i);
        } else {
            reading->scenario->properties_off |= UINT64_C(1) << i;
        }
    }
}

/* --- The whole ------------------------------------------------------------------------------------------------------------------ */

static int safeguard_of(const char *name) {
    for (int i = 0; name && i < SM_SAFEGUARD_COUNT; i++)
        if (strcmp(sm_safeguard_names[i], name) == 0)
            return i;
    return name ? SM_SAFEGUARD_NONE : SM_SAFEGUARD_UNSAID;
}

static bool calm(const struct sm_scenario *scenario) {
    const struct sm_scenario_world *world = &scenario->world;

    for (size_t i = 0; i < scenario->step_count; i++)
        if (scenario->steps[i].disturbs)
            return false;
    return !world->lag_count && !world->latency_count && !world->fault_count && !world->choice_count &&
           world->images == world->calm_images && world->sidecar == world->calm_sidecar;
}

static void read_all(struct sm_scenario_reading *reading, sm_val v) {
    struct sm_scenario *scenario = reading->scenario;

    scenario->about = sm_val_str_at(v, "about");
    scenario->safeguard = safeguard_of(sm_read_text(v, "safeguard"));
    read_controllers(reading, sm_val_get(v, "controllers"));
    if (sm_val_get(v, "given"))
        scenario->given = sm_scenario_manifests(reading, "given", sm_val_get(v, "given"), &scenario->given_places, &scenario->given_count);
    reading->custom = sm_scenario_custom(reading->r, scenario->given, scenario->given_count);
    sm_scenario_world(reading, sm_val_get(v, "world"));
    sm_scenario_steps(reading, sm_val_get(v, "steps"));
    read_properties(reading, sm_val_get(v, "properties"));
    read_expectations(sm_val_get(v, "expect"), scenario->expect);
    read_expectations(sm_val_get(v, "control"), scenario->control);
    scenario->has_control = !calm(scenario);
}

const struct sm_scenario *sm_scenario_load(struct sm_region *r, const struct sm_reader *reader, const char *path,
                                           struct sm_problems *problems) {
    size_t bytes = 0, count = 0, before = problems->count;
    const char *why = NULL, *text = reader->read(reader->self, r, path, &bytes, &why);
    struct sm_yaml_doc *docs = NULL;
    struct sm_yaml_error error;

    if (!text) {
        sm_problem(problems, path, 1, 1, "%s", why);
        return NULL;
    }
    if (!sm_yaml_parse(r, text, bytes, &docs, &count, &error)) {
        sm_problem(problems, path, error.line, error.column, "%s", error.message);
        return NULL;
    }
    if (count == 0) {
        sm_problem(problems, path, 1, 1, "nothing stands in this file: write a map with the keys about, steps, expect …");
        return NULL;
    }
    if (count != 1) {
        sm_problem(problems, path, 1, 1, "%zu documents: write one scenario a file, and manifests under given", count);
        return NULL;
    }
    struct sm_scenario *scenario = sm_region_zalloc(r, sizeof *scenario);
    struct sm_source *source = sm_region_alloc(r, sizeof *source);
    struct sm_scenario_reading reading = {.r = r, .reader = reader, .problems = problems, .source = source, .scenario = scenario};

    *source = (struct sm_source){.file = sm_region_strdup(r, path), .doc = docs};
    scenario->file = source->file;
    scenario->source = source;
    scenario->name = name_of(r, path);
    if (sm_shape_check(problems, source, &sm_scenario_shape))
        read_all(&reading, docs->value);
    sm_problems_sort(problems, before);
    return problems->count == before ? scenario : NULL;
}
