/* Stands before sm_network_new in a copy of the program: every world is slower by some nanoseconds of the wall's clock. So no run
 * repeats itself, and whoever compares runs must notice. */
#include <time.h>

#include "network.h"

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
