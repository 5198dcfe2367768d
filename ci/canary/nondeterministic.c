/* Stands before sm_network_new and sm_sim_restore in a copy of the program: every world is slower, and every run of a trial begins
 * later, by some nanoseconds of the wall's clock. So no run repeats itself, and whoever compares runs must notice. */
#include <time.h>

#include "network.h"
#include "sim.h"

struct sm_network *__real_sm_network_new(struct sm_env *env, const struct sm_network_config *config);
struct sm_network *__wrap_sm_network_new(struct sm_env *env, const struct sm_network_config *config);

struct sm_network *__wrap_sm_network_new(struct sm_env *env, const struct sm_network_config *config) {
    struct sm_network_config *slower = sm_region_alloc(env->run, sizeof *slower);
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    *slower = *config;
    slower->latency += now.tv_nsec % SM_MILLISECOND;
    return __real_sm_network_new(env, slower);
}

void __real_sm_sim_restore(struct sm_sim *sim, const struct sm_sim_snapshot *snapshot);
void __wrap_sm_sim_restore(struct sm_sim *sim, const struct sm_sim_snapshot *snapshot);

void __wrap_sm_sim_restore(struct sm_sim *sim, const struct sm_sim_snapshot *snapshot) {
    struct timespec now;

    __real_sm_sim_restore(sim, snapshot);
    clock_gettime(CLOCK_REALTIME, &now);
    sim->env.now += now.tv_nsec % SM_MILLISECOND;
}
