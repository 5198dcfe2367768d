/* Bodies in protobuf: whatever the bytes are, they are an object or an error; an object that was read can be written. */
#include "bug.h"
#include "json.h"
#include "protobuf.h"
#include "sim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static struct {
    struct sm_region run, input;
    struct sm_server *server;
} world;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    const char *error = NULL;
    struct sm_str out;

    if (!world.server) {
        sm_region_init(&world.run, "run", 0);
        sm_region_init(&world.input, "input", 0);
        struct sm_sim *sim = sm_sim_new(&(struct sm_sim_config){.run = &world.run, .seed = 1});
        world.server = sm_server_new(&sim->env, &(struct sm_server_config){.seed = 1});
    }
    sm_region_clear(&world.input);
    sm_val object = sm_protobuf_decode(&world.input, world.server, (const char *)data, bytes, &error);
    SM_ASSERT((object != NULL) == (error == NULL));
    if (!object)
        return 0;
    sm_json_text(&world.input, object, SM_JSON_COMPACT);
    sm_str_init(&out, &world.input);
    SM_ASSERT(sm_protobuf_encode(&out, world.server, object));
    SM_ASSERT(sm_protobuf_decode(&world.input, world.server, out.data, out.bytes, &error));
    return 0;
}
