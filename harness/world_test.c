/* The canonical hash of a whole world: the same for what is the same but for names, versions and times, and whatever it was made by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "files.h"
#include "trial.h"
#include "user.h"

static struct sm_region kept, run[2], scratch[2];
static struct sm_library *library;

static int setup(void **state) {
    (void)state;
    sm_region_init(&kept, "kept", 0);
    for (int i = 0; i < 2; i++) {
        sm_region_init(&run[i], "run", 0);
        sm_region_init(&scratch[i], "scratch", 0);
    }
    library = sm_library_new(&kept);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sm_region_release(&kept);
    for (int i = 0; i < 2; i++) {
        sm_region_release(&run[i]);
        sm_region_release(&scratch[i]);
    }
    return 0;
}

/* The plain update; [seed] makes all uids. */
static struct sm_world *world_of(int i, uint64_t seed) {
    struct sm_problems problems = sm_problems_init(&kept);
    struct sm_scenario *scenario = sm_region_zalloc(&kept, sizeof *scenario);
    const char *why = NULL;

    *scenario = *sm_scenario_load(&kept, &sm_files_reader, "../scenarios/nominal-update.yaml", &problems);
    scenario->world.seed = seed;
    struct sm_trial *trial = sm_trial_new(&(struct sm_trial_config){.kept = &kept,
                                                                    .run = &run[i],
                                                                    .scratch = &scratch[i],
                                                                    .library = library,
                                                                    .scenario = scenario,
                                                                    .profile = sm_profile_find("merged")},
                                          &why);
    assert_non_null(trial);
    sm_world_begin(trial->world, &(struct sm_sim_chooser){0});
    return trial->world;
}

static uint64_t hash_of(const struct sm_world *world, struct sm_hash_memo *memo) {
    struct sm_hash hash;

    sm_hash_init(&hash);
    hash.memo = memo;
    sm_world_hash(world, &hash);
    sm_world_hash_pending(world, &hash);
    return sm_hash_end(&hash);
}

static void a_memo_changes_nothing_however_the_world_goes_on(void **state) {
    (void)state;
    struct sm_world *world = world_of(0, 1);
    uint64_t last = 0, changed = 0;

    for (int i = 0; i < 150 && sm_world_step(world); i++) {
        uint64_t hash = hash_of(world, world->hash_memo);
        assert_true(hash == hash_of(world, NULL));
        changed += hash != last;
        last = hash;
    }
    assert_true(changed > 100);
}

static void worlds_that_differ_in_uids_only_are_the_same(void **state) {
    (void)state;
    struct sm_world *a = world_of(0, 1), *b = world_of(1, 2);

    for (int i = 0; i < 150 && sm_world_step(a) && sm_world_step(b); i++)
        assert_true(hash_of(a, a->hash_memo) == hash_of(b, b->hash_memo));
}

/* Restored, it is the state it was, though what came after was hashed in between, and memory was written again. */
static void a_memo_outlives_what_it_has_seen(void **state) {
    (void)state;
    struct sm_world *world = world_of(0, 1);
    uint64_t hashes[60];

    struct sm_sim_snapshot *snapshot = sm_sim_snapshot(world->sim, &kept);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 60; i++) {
            uint64_t hash = hash_of(world, world->hash_memo);
            assert_true(round == 0 || hash == hashes[i]);
            hashes[i] = hash;
            sm_world_step(world);
        }
        sm_sim_restore(world->sim, snapshot);
    }
}

static sm_val with_image(struct sm_region *r, sm_val node) {
    return sm_val_set_at(r, node, "spec.image", sm_val_str(r, "other"));
}

static sm_val with_label(struct sm_region *r, sm_val node) {
    return sm_val_set_at(r, node, "metadata.labels.x", sm_val_str(r, "y"));
}

static void a_write_that_matters_is_another_state(void **state) {
    (void)state;
    static sm_val (*const edits[])(struct sm_region * r, sm_val node) = {with_image, with_label};
    struct sm_world *world = world_of(0, 1);
    struct sm_sim_snapshot *snapshot = sm_sim_snapshot(world->sim, &kept);
    uint64_t before = hash_of(world, world->hash_memo);

    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        const struct sm_log *log = sm_server_log(world->env, world->server, SM_SEINODES);
        struct sm_request request = {
            .client = &sm_user_client, .verb = SM_UPDATE, .resource = SM_SEINODES, .subresource = "", .name_space = "default"};
        sm_val node = sm_pmap_at(log->root, 0)->value;
        request.name = sm_val_str_at(node, "metadata.name");
        request.body = edits[i](world->env->run, node);
        assert_true(sm_reply_ok(sm_network_do(world->env, world->network, &request)));
        assert_true(hash_of(world, world->hash_memo) != before);
        sm_sim_restore(world->sim, snapshot);
        assert_true(hash_of(world, world->hash_memo) == before);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_memo_changes_nothing_however_the_world_goes_on, setup, teardown),
        cmocka_unit_test_setup_teardown(worlds_that_differ_in_uids_only_are_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(a_memo_outlives_what_it_has_seen, setup, teardown),
        cmocka_unit_test_setup_teardown(a_write_that_matters_is_another_state, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
