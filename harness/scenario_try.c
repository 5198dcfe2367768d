#include "scenario_try.h"

#include "world.h"

static void nothing(struct sm_env *env, struct sm_informer *informer, void *arg) {
    (void)env;
    (void)informer;
    (void)arg;
}

static bool try_cache(struct sm_world *world, const char *place, const char *cache, struct sm_problems *problems) {
    if (!cache || sm_world_informers(world, cache, nothing, NULL))
        return true;
    sm_problem(problems, place, 0, 0, "there is no cache %s: write client/resource of an actor, like seinode-controller/pods", cache);
    return false;
}

bool sm_scenario_try(struct sm_region *run, struct sm_library *library, const struct sm_scenario *scenario, struct sm_problems *problems) {
    size_t before = problems->count;

    sm_region_clear(run);
    struct sm_world *world = sm_world_new(
        &(struct sm_world_config){.run = run, .library = library, .scenario = scenario, .profile = &sm_profiles[SM_PROFILE_COUNT - 1]});
    if (world->setup_error)
        sm_problem(problems, world->setup_place, 0, 0, "the server refuses it: %s", world->setup_error);
    for (size_t i = 0; i < scenario->world.lag_count; i++)
        try_cache(world, scenario->file, scenario->world.lags[i].cache, problems);
    for (size_t i = 0; i < scenario->step_count; i++) {
        const struct sm_step *step = &scenario->steps[i];
        try_cache(world, step->place, step->cache, problems);
        if (step->controller && !sm_world_actor(world, step->controller))
            sm_problem(problems, step->place, 0, 0, "there is no controller %s: write seinode-controller, statefulset-controller …",
                       step->controller);
    }
    sm_region_clear(run);
    return problems->count == before;
}
