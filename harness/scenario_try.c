/* Names are looked up in a world that was set up for the scenario, so every kind, client and cache is there that its run will have.
 * Where steps bring definitions of kinds, kinds that are not known yet are let pass. */
#include "scenario_try.h"

#include <string.h>

#include "fields.h"
#include "match.h"
#include "meta.h"
#include "near.h"
#include "user.h"
#include "world.h"

struct trying {
    struct sm_world *world;
    const struct sm_scenario *scenario;
    struct sm_problems *problems;
    struct sm_region *r;
    bool brings_kinds; /* a step applies a CustomResourceDefinition */
};

static void problem(struct trying *t, const char *path, const char *what, const char *word, const char *near, const char *instead) {
    sm_source_problem(t->problems, t->scenario->source, path, "there is no %s %s: %s", what, word,
                      near ? sm_region_printf(t->r, "did you mean %s?", near) : instead);
}

/* --- Objects ------------------------------------------------------------------------------------------------------------------ */

static void unknown_kind(struct trying *t, const struct sm_place *at, const char *api_version, const char *name) {
    struct sm_near near = sm_near_init(name);
    const struct sm_kind_info *kind;

    if (t->brings_kinds)
        return;
    for (size_t i = 0; (kind = sm_server_kind_at(t->world->server, i)) != NULL; i++) {
        if (strcmp(kind->resource->kind, name) == 0) {
            const char *group = kind->resource->group;
            sm_source_problem(t->problems, at->source, sm_path_below(t->r, at->path, "apiVersion"),
                              "no kind %s in %s: write apiVersion: %s%s%s", name, api_version, group, group[0] ? "/" : "",
                              kind->resource->version);
            return;
        }
        sm_near_try(&near, kind->resource->kind);
    }
    sm_source_problem(t->problems, at->source, sm_path_below(t->r, at->path, "kind"), "unknown kind %s: %s", name,
                      near.best ? sm_region_printf(t->r, "did you mean %s?", near.best)
                                : "write a kind that the server knows, or give its CustomResourceDefinition before it");
}

static void try_manifest(struct trying *t, const struct sm_place *at, sm_val object) {
    const char *api_version = sm_val_str_at(object, "apiVersion"), *name = sm_val_str_at(object, "kind");
    const struct sm_kind_info *kind = sm_server_kind_of(t->world->server, api_version, name);

    if (kind)
        sm_fields_check(t->problems, at->source, at->path, SM_FIELDS_OF_MANIFEST, name, kind->schema, object);
    else
        unknown_kind(t, at, api_version, name);
}

/* Of a target: its resource may be one that the loader made of a definition. */
static const struct sm_schema *schema_of(const struct trying *t, const struct sm_target *target) {
    const struct sm_resource *resource = target->resource;

    if (!resource)
        return NULL;
    const char *group = resource->group[0] ? sm_region_printf(t->r, "%s/", resource->group) : "";
    const struct sm_kind_info *kind =
        sm_server_kind_of(t->world->server, sm_region_printf(t->r, "%s%s", group, resource->version), resource->kind);
    return kind ? kind->schema : NULL;
}

static void try_expected(struct trying *t, const char *path, const struct sm_expected_object *expected, size_t count) {
    for (size_t i = 0; i < count; i++)
        sm_fields_check(t->problems, t->scenario->source, sm_path_below(t->r, path, expected[i].target.text), SM_FIELDS_OF_PATTERN,
                        expected[i].target.resource->kind, schema_of(t, &expected[i].target), expected[i].pattern);
}

/* --- Names -------------------------------------------------------------------------------------------------------------------- */

static void offer_cache(struct sm_env *env, struct sm_informer *informer, void *arg) {
    (void)env;
    sm_near_try(arg, informer->name);
}

static void try_cache(struct trying *t, const char *path, const char *cache) {
    struct sm_near near = sm_near_init(cache);

    if (sm_world_informers(t->world, cache, offer_cache, &near))
        return;
    near = sm_near_init(cache);
    sm_world_informers(t->world, "*", offer_cache, &near);
    problem(t, path, "cache", cache, near.best, "write client/resource of an actor, like seinode-controller/pods");
}

static bool offer_client(struct sm_near *near, const char *pattern, const char *name) {
    sm_near_try(near, name);
    return sm_match_glob(pattern, name);
}

static void try_client(struct trying *t, const char *path, const char *client) {
    static const char *const others[] = {"user", "kubelet"};
    struct sm_near near = sm_near_init(client);
    bool found = false;

    for (size_t i = 0; i < t->world->actor_count; i++)
        found |= offer_client(&near, client, t->world->actors[i].client->name);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        found |= offer_client(&near, client, others[i]);
    if (!found)
        problem(t, path, "client", client, near.best, "write seinode-controller, statefulset-controller, kubelet, user …");
}

/* `pods`, `pods/status`, or a service. */
static void try_resource(struct trying *t, const char *path, const char *resource) {
    const char *slash = strchr(resource, '/');
    const char *plural = slash ? sm_region_strndup(t->r, resource, (size_t)(slash - resource)) : resource;
    struct sm_near near = sm_near_init(plural);
    const struct sm_kind_info *kind;
    bool found = offer_client(&near, plural, "sidecar") || t->brings_kinds;

    for (size_t i = 0; (kind = sm_server_kind_at(t->world->server, i)) != NULL; i++)
        found |= offer_client(&near, plural, kind->resource->plural);
    if (!found)
        problem(t, path, "resource", plural, near.best, "write a plural like pods, statefulsets/status, or the service sidecar");
}

static void try_call(struct trying *t, const char *path, const struct sm_call_match *call) {
    if (call->client)
        try_client(t, sm_path_below(t->r, path, "client"), call->client);
    if (call->resource)
        try_resource(t, sm_path_below(t->r, path, "resource"), call->resource);
}

static void try_controller(struct trying *t, const char *path, const char *name) {
    struct sm_near near = sm_near_init(name);

    for (size_t i = 0; i < t->world->actor_count; i++)
        sm_near_try(&near, t->world->actors[i].client->name);
    if (!sm_world_actor(t->world, name))
        problem(t, path, "controller", name, near.best, "write seinode-controller, statefulset-controller …");
}

static bool applies_node(const struct sm_step *step, const char *name) {
    for (size_t i = 0; i < step->object_count; i++)
        if (strcmp(sm_val_str_at(step->objects[i], "kind"), "Node") == 0 && strcmp(sm_meta_name(step->objects[i]), name) == 0)
            return true;
    return false;
}

static void try_node(struct trying *t, const char *path, const struct sm_step *step) {
    bool found = sm_server_peek(t->world->server, SM_NODES, "", step->target.name) != NULL;

    for (const struct sm_step *before = t->scenario->steps; before < step; before++)
        found |= applies_node(before, step->target.name);
    if (!found)
        problem(t, path, "node", step->target.name, NULL, "write the name of a node that is given; there is worker-1");
}

/* --- All of it ---------------------------------------------------------------------------------------------------------------- */

static void try_step(struct trying *t, const struct sm_step *step, const char *path) {
    static const char *const phases[] = {[SM_CALL_SENT] = "sent", [SM_CALL_COMMITTED] = "committed", [SM_CALL_ANSWERED] = "answered"};
    const char *key = sm_step_names[step->kind], *here = sm_path_below(t->r, path, key);

    for (size_t i = 0; i < step->object_count; i++)
        try_manifest(t, &step->object_places[i], step->objects[i]);
    if (step->kind == SM_STEP_PATCH && step->patch != SM_PATCH_JSON && (!step->subresource[0] || strcmp(step->subresource, "status") == 0))
        sm_fields_check(t->problems, t->scenario->source, sm_path_below(t->r, path, "with"), SM_FIELDS_OF_PATCH,
                        step->target.resource->kind, schema_of(t, &step->target), step->body);
    try_expected(t, here, step->expected, step->expected_count);
    if (step->when.given && step->when.object)
        try_expected(t, sm_region_printf(t->r, "%s.when.matches", path), step->when.object, 1);
    else if (step->when.given)
        try_call(t, sm_region_printf(t->r, "%s.when.%s", path, phases[step->when.phase]), &step->when.call);
    if (step->cache)
        try_cache(t, here, step->cache);
    if (step->call && step->kind == SM_STEP_HOLD)
        try_call(t, sm_path_below(t->r, here, "call"), step->call);
    if (step->controller)
        try_controller(t, here, step->controller);
    if (step->kind == SM_STEP_NODE)
        try_node(t, here, step);
}

static void try_world(struct trying *t) {
    const struct sm_scenario_world *world = &t->scenario->world;

    for (size_t i = 0; i < world->lag_count; i++)
        try_cache(t, sm_path_below(t->r, "world.lag", world->lags[i].cache), world->lags[i].cache);
    for (size_t i = 0; i < world->latency_count; i++)
        try_call(t, sm_region_printf(t->r, "world.latency[%zu]", i), &world->latencies[i].match);
    for (size_t i = 0; i < world->fault_count; i++)
        try_call(t, sm_region_printf(t->r, "world.faults[%zu]", i), &world->faults[i].match);
}

static bool brings_kinds(const struct sm_scenario *scenario) {
    for (size_t s = 0; s < scenario->step_count; s++)
        for (size_t i = 0; i < scenario->steps[s].object_count; i++)
            if (strcmp(sm_val_str_at(scenario->steps[s].objects[i], "kind"), "CustomResourceDefinition") == 0)
                return true;
    return false;
}

/* Something that no table says, so in the server's own words. */
static void refused(struct trying *t) {
    const char *why = t->world->setup_error;

    for (size_t i = 0; i < t->scenario->given_count; i++)
        if (t->scenario->given_places[i].text == t->world->setup_place) {
            const struct sm_place *at = &t->scenario->given_places[i];
            sm_source_problem(t->problems, at->source, at->path, "the server refuses it: %s", why);
            return;
        }
    sm_problem(t->problems, t->world->setup_place, 0, 0, "the server refuses it: %s", why);
}

bool sm_scenario_try(struct sm_region *run, struct sm_library *library, const struct sm_scenario *scenario, struct sm_problems *problems) {
    size_t before = problems->count;

    sm_region_clear(run);
    struct trying t = {.scenario = scenario, .problems = problems, .r = run, .brings_kinds = brings_kinds(scenario)};
    t.world = sm_world_new(
        &(struct sm_world_config){.run = run, .library = library, .scenario = scenario, .profile = &sm_profiles[SM_PROFILE_COUNT - 1]});

    for (size_t i = 0; i < scenario->given_count; i++)
        try_manifest(&t, &scenario->given_places[i], scenario->given[i]);
    if (t.world->setup_error && problems->count == before)
        refused(&t);
    try_world(&t);
    for (size_t i = 0; i < scenario->step_count; i++)
        try_step(&t, &scenario->steps[i], sm_region_printf(run, "steps[%zu]", i));
    sm_problems_sort(problems, before);
    sm_region_clear(run);
    return problems->count == before;
}
