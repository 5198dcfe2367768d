/* explore, over the plain image update: what it covers is what there is, what it finds can be run, and silence says how much it covered. */
#include <string.h>

#include "campaign_test.h"
#include "engines.h"
#include "visited.h"

enum { ORDER = 1 << 0, CRASH = 1 << 2, FAULT = 1 << 4, AGE = 1 << 6 };

static struct sm_region states;

static int explore_setup(void **state) {
    sm_region_init(&states, "states", 0);
    return setup(state);
}

static int explore_teardown(void **state) {
    sm_region_release(&states);
    return teardown(state);
}

static struct sm_campaign campaign_of(struct sm_trial *trial, uint32_t bound, uint32_t tries) {
    return (struct sm_campaign){
        .engine = "explore", .kept = &kept, .work = &work, .trial = trial, .seed = 1, .explore = {.bounds = bound + 1, .tries = tries}};
}

static void starts_with(const char *text, const char *start) {
    if (strncmp(text, start, strlen(start)) != 0)
        fail_msg("%s", text);
}

/* --- Against all runs, one by one -------------------------------------------------------------------------------------------------- */

/* A run in which the [at]-th picks pass over one event, and the states that it goes through. */
struct one {
    struct sm_trial *trial;
    uint32_t at[2], picks;
    struct sm_visited seen;
};

static uint32_t in_order(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    (void)self;
    (void)env;
    (void)point;
    return 0;
}

static uint32_t pass_over(void *self, struct sm_env *env, const struct sm_event *const *enabled, uint32_t n) {
    struct one *one = self;
    uint32_t pick = one->picks++;
    (void)env;
    (void)enabled;
    (void)n;
    return pick == one->at[0] || pick == one->at[1];
}

static void look(void *self, struct sm_env *env) {
    struct one *one = self;
    const struct sm_world *world = one->trial->world;
    struct sm_hash hash;
    (void)env;

    sm_hash_init(&hash);
    hash.memo = world->hash_memo;
    hash.grain = 1;
    hash.horizon = one->trial->begins + world->config.scenario->world.time_max;
    sm_world_hash(world, &hash);
    sm_world_hash_pending(world, &hash);
    sm_judge_hash(world, &hash);
    sm_hash_u64(&hash, 0);
    sm_visited_meet(&one->seen, sm_hash_end(&hash), 0);
}

static uint32_t picks_of(struct one *one, uint32_t first, uint32_t second) {
    struct sm_sim_chooser chooser = {.self = one, .choose = in_order, .choose_event = pass_over, .between = look};

    one->at[0] = first;
    one->at[1] = second;
    one->picks = 0;
    assert_int_equal(sm_trial_run(one->trial, &chooser, NULL).kind, SM_VERDICT_CONVERGES);
    return one->picks;
}

static void its_states_are_those_of_all_runs_there_are(void **state) {
    (void)state;
    struct sm_trial *trial = trial_of("merged");
    struct one one = {.trial = trial};

    sm_visited_init(&one.seen, &states);
    uint32_t picks = picks_of(&one, UINT32_MAX, UINT32_MAX);
    for (uint32_t bound = 0; bound <= 1; bound++) {
        for (uint32_t i = 0; bound == 1 && i < picks; i++)
            picks_of(&one, i, UINT32_MAX);
        struct sm_campaign campaign = campaign_of(trial, bound, ORDER);
        campaign.explore.exact = true;
        sm_explore(&campaign);
        assert_int_equal(campaign.states, one.seen.count);
    }
    assert_true(picks > 10);
}

/* --- Finding, and silence ------------------------------------------------------------------------------------------------------------ */

/* A crash alone does no harm, an old list after it does. */
static void what_needs_two_things_is_found_at_bound_two_and_not_at_one(void **state) {
    (void)state;
    struct sm_trial *trial = trial_of("merged");
    struct sm_campaign one = campaign_of(trial, 1, CRASH | AGE), two = campaign_of(trial, 2, CRASH | AGE);

    one.explore.faults_max = two.explore.faults_max = 1;
    sm_explore(&one);
    assert_int_equal(one.finding_count, 0);
    starts_with(one.coverage, "complete to bound 1: every schedule with at most 1 of crash, age");
    sm_explore(&two);
    assert_true(two.finding_count > 0);
    assert_null(two.diverged);
    assert_int_equal(two.finding[0]->schedule.count, 2);
    struct sm_verdict verdict = sm_trial_play(trial, two.finding[0]->schedule.chosen, 2, &work, NULL, NULL);
    assert_string_equal(sm_trial_cause(&work, &verdict), two.finding[0]->cause);
}

static void the_canary_is_found_at_bound_one(void **state) {
    (void)state;
    struct sm_campaign campaign = campaign_of(trial_of("on-delete"), 1, FAULT);

    sm_explore(&campaign);

    assert_true(campaign.finding_count > 0);
    assert_int_equal(campaign.finding[0]->schedule.count, 1);
}

static void a_correct_controller_is_met_with_silence_and_a_space_that_ends_is_said_to_be_complete(void **state) {
    (void)state;
    struct sm_campaign campaign = campaign_of(trial_of("hardened"), 5, CRASH);

    campaign.explore.faults_max = 1;
    sm_explore(&campaign);

    if (campaign.finding_count)
        fail_msg("%s: %s", campaign.finding[0]->name, campaign.finding[0]->reason);
    starts_with(campaign.coverage, "complete: every schedule there is (the most that can be out of the ordinary is 1)");
}

static bool never(void *arg, const struct sm_campaign *campaign) {
    (void)arg;
    (void)campaign;
    return false;
}

static void a_budget_ends_it_at_the_same_place_each_time(void **state) {
    (void)state;
    struct sm_trial *trial = trial_of("merged");
    struct sm_campaign first = campaign_of(trial, 3, ORDER | AGE), again = first, stopped = first;

    first.runs_max = again.runs_max = 700;
    stopped.more = never;
    sm_explore(&first);
    sm_explore(&again);
    sm_explore(&stopped);

    assert_int_equal(first.states, 700);
    assert_int_equal(first.asked, 700);
    assert_int_equal(first.transitions, again.transitions);
    assert_string_equal(first.coverage, again.coverage);
    starts_with(first.coverage, "complete to bound 0: ");
    assert_int_equal(stopped.states, 1024);
    assert_true(stopped.stopped);
}

static void shards_find_what_the_whole_finds(void **state) {
    (void)state;
    struct sm_trial *trial = trial_of("on-delete");
    struct sm_campaign whole = campaign_of(trial, 1, FAULT), part[3];
    uint64_t sum = 0;

    sm_explore(&whole);
    for (uint32_t i = 0; i < 3; i++) {
        part[i] = campaign_of(trial, 1, FAULT);
        part[i].shard = i;
        part[i].shards = 3;
        sm_explore(&part[i]);
        assert_true(part[i].states < whole.states);
        sum += part[i].states;
    }
    assert_true(sum >= whole.states);
    for (size_t f = 0; f < whole.finding_count; f++) {
        bool found = false;
        for (size_t i = 0; i < 3; i++)
            for (size_t g = 0; g < part[i].finding_count; g++)
                found |= strcmp(part[i].finding[g]->cause, whole.finding[f]->cause) == 0;
        assert_true(found);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(its_states_are_those_of_all_runs_there_are, explore_setup, explore_teardown),
        cmocka_unit_test_setup_teardown(what_needs_two_things_is_found_at_bound_two_and_not_at_one, explore_setup, explore_teardown),
        cmocka_unit_test_setup_teardown(the_canary_is_found_at_bound_one, explore_setup, explore_teardown),
        cmocka_unit_test_setup_teardown(a_correct_controller_is_met_with_silence_and_a_space_that_ends_is_said_to_be_complete, explore_setup, explore_teardown),
        cmocka_unit_test_setup_teardown(a_budget_ends_it_at_the_same_place_each_time, explore_setup, explore_teardown),
        cmocka_unit_test_setup_teardown(shards_find_what_the_whole_finds, explore_setup, explore_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
