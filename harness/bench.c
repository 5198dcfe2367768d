#include "bench.h"

#include "bug.h"
#include "user.h"

struct sm_bench *sm_bench_new(const struct sm_bench_config *config) {
    struct sm_bench *bench = sm_region_zalloc(config->kept, sizeof *bench);

    sm_region_clear(config->run);
    bench->world = sm_world_new(&(struct sm_world_config){.run = config->run,
                                                          .scratch = config->scratch,
                                                          .library = config->library,
                                                          .scenario = config->scenario,
                                                          .profile = config->profile});
    if (bench->world->setup_error || !sm_world_open(bench->world))
        return NULL;
    bench->rest = sm_sim_snapshot(bench->world->sim, config->kept);
    bench->complete = bench->world->memory->plans_complete;
    return bench;
}

static void went_so_far(struct sm_bench *bench) {
    size_t bytes = bench->world->env->run->used_bytes;

    if (bytes > bench->peak_bytes)
        bench->peak_bytes = bytes;
}

uint64_t sm_bench_update(struct sm_bench *bench) {
    struct sm_world *world = bench->world;

    sm_sim_restore(world->sim, bench->rest);
    uint64_t first = world->sim->steps;
    while (world->memory->plans_complete == bench->complete)
        if (world->sim->steps - first == SM_BENCH_EVENTS_MAX || world->memory->violated || !sm_world_step(world))
            sm_bug("%s: no plan was complete after %llu events", world->config.scenario->name,
                   (unsigned long long)(world->sim->steps - first));
    went_so_far(bench);
    return world->sim->steps - first;
}

static const char *first_key(const struct sm_log *log) {
    return log && log->count ? sm_val_str_at(log->entries[log->count - 1].object, "metadata.name") : "";
}

void sm_bench_write(struct sm_bench *bench, uint32_t count) {
    struct sm_world *world = bench->world;
    struct sm_region *r = world->env->run;

    sm_sim_restore(world->sim, bench->rest);
    const char *name = first_key(sm_server_log(world->env, world->server, SM_SEINODES));
    for (uint32_t i = 0; i < count; i++) {
        sm_val patch = SM_MAP(r, "status", SM_MAP(r, "currentImage", sm_val_strf(r, "registry.example/seid:v%u", i)));
        struct sm_request request = {.client = &sm_user_client,
                                     .verb = SM_PATCH,
                                     .patch = SM_PATCH_MERGE,
                                     .resource = SM_SEINODES,
                                     .subresource = "status",
                                     .name_space = "default",
                                     .name = name,
                                     .body = patch,
                                     .field_manager = "bench"};
        const struct sm_reply *reply = sm_network_do(world->env, world->network, &request);
        if (!sm_reply_ok(reply))
            sm_bug("a write was answered %d: %s", reply->code, sm_reply_error(reply));
        sm_region_clear(world->env->scratch);
    }
    went_so_far(bench);
}

uint64_t sm_bench_calibrate(uint32_t rounds) {
    enum { WORDS = 4096 };
    uint64_t table[WORDS], x = 1;

    for (uint32_t i = 0; i < WORDS; i++)
        table[i] = (i * UINT64_C(0x9e3779b97f4a7c15)) ^ (i << 7);
    for (uint32_t i = 0; i < rounds; i++) {
        x = (x ^ table[x & (WORDS - 1)]) * UINT64_C(0xbf58476d1ce4e5b9);
        x ^= x >> 29;
        table[(x >> 20) & (WORDS - 1)] += x;
    }
    return x;
}
