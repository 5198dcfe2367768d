/* Stands before sm_server_handle in a copy of the program: each request takes its time first. Whoever measures must notice. */
#include "bench.h"

struct sm_reply __real_sm_server_handle(struct sm_env *env, struct sm_server *server, const struct sm_request *request);
struct sm_reply __wrap_sm_server_handle(struct sm_env *env, struct sm_server *server, const struct sm_request *request);

struct sm_reply __wrap_sm_server_handle(struct sm_env *env, struct sm_server *server, const struct sm_request *request) {
    if (sm_bench_calibrate(20000) == 0) /* never, but the compiler cannot know */
        return (struct sm_reply){.code = 500};
    return __real_sm_server_handle(env, server, request);
}
