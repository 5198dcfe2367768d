/* Any bytes are a scenario or have problems with places. A scenario that has none is tried, and then runs for a little while under
 * the oldest and the newest profile: whatever is in it, that is no bug. */
#include "bug.h"
#include "scenario_try.h"
#include "world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

/* libfyaml 0.7 loses some bytes over few texts, like a block at the left margin of a document that ends in blank lines. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libfyaml.so";
}

enum { EVENTS_MAX = 1500 };

static const char manifest[] =
    "{apiVersion: sei.io/v1alpha1, kind: SeiNode, metadata: {name: n-1}, spec: {chainId: c, image: i, fullNode: {}}}";

/* The text of the input, and a manifest by any other name. */
struct input {
    const char *text;
    size_t bytes;
};

static const char *read_input(void *self, struct sm_region *r, const char *path, size_t *ret_bytes, const char **reterr) {
    const struct input *input = self;
    (void)r;
    (void)reterr;

    *ret_bytes = strcmp(path, "input.yaml") == 0 ? input->bytes : sizeof manifest - 1;
    return strcmp(path, "input.yaml") == 0 ? input->text : manifest;
}

static void run(struct sm_region *world, struct sm_library *library, const struct sm_scenario *scenario, const struct sm_profile *profile) {
    struct sm_scenario brief = *scenario;

    if (brief.world.events_max > EVENTS_MAX)
        brief.world.events_max = EVENTS_MAX;
    const struct sm_world_config config = {.run = world, .library = library, .scenario = &brief, .profile = profile};
    struct sm_verdict verdict = sm_verdict_run(&config, NULL);
    if (verdict.kind == SM_VERDICT_CRASHED)
        sm_bug("crashed: %s", verdict.reason);
    sm_region_clear(world);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    static struct sm_region lasting, r, world;
    static struct sm_library *library; /* parsed once, for speed */
    if (!library) {
        sm_region_init(&lasting, "library", 0);
        sm_region_init(&r, "scenario", 0);
        sm_region_init(&world, "run", 0);
        library = sm_library_new(&lasting);
    }
    sm_region_clear(&r);
    struct sm_problems problems = sm_problems_init(&r);
    struct input input = {sm_region_strndup(&r, (const char *)data, bytes), bytes};
    const struct sm_reader reader = {.self = &input, .read = read_input};

    const struct sm_scenario *scenario = sm_scenario_load(&r, &reader, "input.yaml", &problems);
    SM_ASSERT((scenario == NULL) == (problems.count > 0));
    if (scenario && sm_scenario_try(&world, library, scenario, &problems)) {
        run(&world, library, scenario, &sm_profiles[0]);
        run(&world, library, scenario, &sm_profiles[SM_PROFILE_COUNT - 1]);
    }
    for (size_t i = 0; i < problems.count && i < SM_PROBLEMS_MAX; i++)
        SM_ASSERT(strlen(problems.at[i].text) > 0);
    return 0;
}
