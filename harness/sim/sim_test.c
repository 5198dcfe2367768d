#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "bug_expect.h"
#include "sim.h"

/* Each event that fires adds its letter to the actor's text, which is state. */
struct actor {
    char text[64];
    uint32_t used;
    uint64_t chain; /* events still to be put behind this one */
};

struct fixture {
    struct sm_region run, keep;
    struct sm_sim *sim;
    struct actor *actor;
    uint32_t choice, choices, late;
    char label[SM_SIM_LABEL_BYTES];
    struct sm_journal_event heard[8];
    unsigned heard_count;
};

static void hear(void *self, const struct sm_journal_event *event) {
    struct fixture *f = self;

    f->heard[f->heard_count++] = *event;
}

static int set_up(void **state) {
    static struct fixture f;

    memset(&f, 0, sizeof f);
    sm_region_init(&f.run, "run", 0);
    sm_region_init(&f.keep, "keep", 0);
    f.sim = sm_sim_new(&(struct sm_sim_config){.run = &f.run, .pending_max = 8, .state_bytes = 256});
    f.actor = sm_env_state(&f.sim->env, sizeof *f.actor, "actor");
    *state = &f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;

    sm_region_release(&f->run);
    sm_region_release(&f->keep);
    return 0;
}

static void fire(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    struct actor *actor = self;

    (void)env;
    (void)data;
    actor->text[actor->used++] = (char)arg;
    actor->text[actor->used] = '\0';
}

static uint64_t put(struct fixture *f, char letter, sm_time after, const void *channel) {
    return sm_env_at(&f->sim->env, &(struct sm_event){.due = SM_TIME_START + after,
                                                      .self = f->actor,
                                                      .fire = fire,
                                                      .arg = (uint64_t)letter,
                                                      .actor = "actor",
                                                      .what = "write",
                                                      .object = letter == 'x' ? NULL : "a/letter",
                                                      .channel = channel});
}

static void events_fire_when_due_and_in_order_of_their_making(void **state) {
    struct fixture *f = *state;

    put(f, 'd', 5, NULL);
    put(f, 'b', 2, NULL);
    put(f, 'c', 2, NULL);
    put(f, 'a', -7, NULL);
    assert_true(sm_sim_drain(f->sim, 100));

    assert_string_equal(f->actor->text, "abcd");
    assert_int_equal(f->sim->env.now, SM_TIME_START + 5);
    assert_int_equal(f->sim->steps, 4);
}

static void nothing_is_due_when_nothing_is_pending(void **state) {
    struct fixture *f = *state;
    sm_time due = 1;

    assert_false(sm_sim_next_due(f->sim, &due));
    assert_false(sm_sim_step(f->sim));
    assert_null(sm_sim_pending(f->sim, 0));

    put(f, 'a', 9, NULL);
    assert_true(sm_sim_next_due(f->sim, &due));
    assert_int_equal(due, SM_TIME_START + 9);
    assert_int_equal(sm_sim_pending(f->sim, 0)->arg, 'a');
}

static void run_until_stops_between_events_and_moves_the_clock(void **state) {
    struct fixture *f = *state;

    put(f, 'a', 10, NULL);
    put(f, 'b', 20, NULL);
    put(f, 'c', 21, NULL);
    sm_sim_run_until(f->sim, SM_TIME_START + 20);
    assert_string_equal(f->actor->text, "ab");

    sm_sim_run_until(f->sim, SM_TIME_START + 20);
    assert_int_equal(f->sim->env.now, SM_TIME_START + 20);
    assert_false(sm_sim_drain(f->sim, 0));
}

static void a_cancelled_event_never_fires(void **state) {
    struct fixture *f = *state;

    uint64_t a = put(f, 'a', 1, NULL);
    uint64_t b = put(f, 'b', 2, NULL);
    put(f, 'c', 3, NULL);
    sm_sim_step(f->sim);
    sm_env_cancel(&f->sim->env, b);
    sm_env_cancel(&f->sim->env, b);
    sm_env_cancel(&f->sim->env, a);
    put(f, 'd', 4, NULL);
    sm_sim_drain(f->sim, 100);

    assert_string_equal(f->actor->text, "acd");
}

static void events_of_one_channel_do_not_overtake(void **state) {
    struct fixture *f = *state;
    int channel = 0, other = 0;

    put(f, 'a', 10, &channel);
    put(f, 'b', 5, &channel);
    put(f, 'c', 6, &other);
    put(f, 'd', 12, &channel);
    put(f, 'e', 11, &channel);
    sm_sim_drain(f->sim, 100);

    assert_string_equal(f->actor->text, "cabde");
}

/* --- Choices ---------------------------------------------------------------------------------------------------------- */

static uint32_t choose_event(void *self, struct sm_env *env, const struct sm_event *const *enabled, uint32_t n) {
    struct fixture *f = self;

    (void)env;
    f->choices = n;
    sm_sim_label(f->label, enabled[n - 1]);
    return f->choice;
}

static uint32_t choose(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    struct fixture *f = self;

    (void)env;
    if (point->kind == SM_CHOICE_LATE)
        return f->late;
    assert_int_equal(point->kind, SM_CHOICE_FAULT);
    f->choices = point->n;
    sm_sim_point_label(f->label, point);
    return f->choice;
}

static void put_of(struct fixture *f, const char *actor, char letter, sm_time due, bool under_way) {
    sm_env_at(&f->sim->env, &(struct sm_event){.due = SM_TIME_START + due,
                                               .self = f->actor,
                                               .fire = fire,
                                               .arg = (uint64_t)letter,
                                               .actor = actor,
                                               .what = "write",
                                               .under_way = under_way});
}

static void a_paused_process_does_nothing_until_its_pause_is_over(void **state) {
    struct fixture *f = *state;

    put_of(f, "robot", 'a', 5, false);
    put_of(f, "robot/pods", 'b', 3, false);
    put_of(f, "robot", 'c', 4, true);
    put_of(f, "robots", 'd', 6, false);
    put_of(f, "robot", 'e', 25, false);
    sm_sim_pause(f->sim, "robot", SM_TIME_START + 20);
    put_of(f, "robot", 'f', 7, false);
    sm_sim_run_until(f->sim, SM_TIME_START + 19);
    assert_string_equal(f->actor->text, "cd");
    sm_sim_drain(f->sim, 10);
    assert_string_equal(f->actor->text, "cdabfe");

    put_of(f, "robot", 'g', 30, false);
    sm_sim_drain(f->sim, 10);
    assert_string_equal(f->actor->text, "cdabfeg");
    assert_int_equal(f->sim->env.now, SM_TIME_START + 30);
}

static void a_younger_event_can_run_first_within_the_window(void **state) {
    struct fixture *f = *state;

    f->sim->chooser = (struct sm_sim_chooser){.self = f, .choose_event = choose_event};
    f->sim->window = 10;
    put(f, 'a', 5, NULL);
    put(f, 'b', 15, NULL);
    put(f, 'c', 16, NULL);
    f->choice = 1;
    sm_sim_step(f->sim);

    assert_int_equal(f->choices, 2);
    assert_string_equal(f->label, "actor.write a/letter");
    assert_string_equal(f->actor->text, "b");
    assert_int_equal(f->sim->env.now, SM_TIME_START + 15);

    f->choice = 0;
    sm_sim_step(f->sim);
    assert_string_equal(f->actor->text, "ba");
    assert_int_equal(f->sim->env.now, SM_TIME_START + 15);
}

static void only_the_oldest_of_a_channel_can_be_chosen(void **state) {
    struct fixture *f = *state;
    int channel = 0;

    f->sim->chooser = (struct sm_sim_chooser){.self = f, .choose_event = choose_event};
    put(f, 'a', 5, &channel);
    put(f, 'b', 5, &channel);
    put(f, 'x', 5, NULL);
    f->choice = 1;
    sm_sim_step(f->sim);

    assert_int_equal(f->choices, 2);
    assert_string_equal(f->label, "actor.write");
    assert_string_equal(f->actor->text, "x");
}

static void one_enabled_event_is_no_choice(void **state) {
    struct fixture *f = *state;

    f->sim->chooser = (struct sm_sim_chooser){.self = f, .choose_event = choose_event};
    put(f, 'a', 5, NULL);
    put(f, 'b', 6, NULL);
    f->choice = 77;
    sm_sim_step(f->sim);

    assert_string_equal(f->actor->text, "a");
    put(f, 'c', 6, NULL);
    expect_bug("77 of 2", sm_sim_step(f->sim));
}

static void actors_choices_go_to_the_chooser(void **state) {
    struct fixture *f = *state;
    struct sm_choice_point point = {.kind = SM_CHOICE_FAULT, .n = 3, .actor = "robot", .what = "get", .object = "pods"};

    assert_int_equal(sm_env_choose(&f->sim->env, &point), 0);

    f->sim->chooser = (struct sm_sim_chooser){.self = f, .choose = choose};
    f->choice = 2;
    assert_int_equal(sm_env_choose(&f->sim->env, &point), 2);
    assert_int_equal(f->choices, 3);
    assert_string_equal(f->label, "robot.get pods");
    point.n = 2;
    expect_bug("2 of 2", (void)sm_env_choose(&f->sim->env, &point));
}

static void an_event_can_be_chosen_to_come_late(void **state) {
    struct fixture *f = *state;

    f->sim->chooser = (struct sm_sim_chooser){.self = f, .choose = choose};
    f->late = 2;
    put(f, 'a', 5, NULL);
    f->late = 0;
    put(f, 'b', 6, NULL);
    assert_int_equal(f->sim->late_until, SM_TIME_START + 5 + 20 * SM_MILLISECOND);
    sm_sim_drain(f->sim, 10);

    assert_string_equal(f->actor->text, "ba");
}

/* --- Journal ---------------------------------------------------------------------------------------------------------- */

static void say(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    struct actor *actor = self;

    (void)data;
    sm_env_emit(env, &(struct sm_journal_event){.kind = SM_JOURNAL_NOTE, .text = arg ? "second" : "first"});
    if (actor->chain-- > 0)
        sm_env_at(env, &(struct sm_event){.due = env->now + 1, .self = self, .fire = say, .arg = 1, .actor = "actor", .what = "say"});
    sm_env_emit(env, &(struct sm_journal_event){.kind = SM_JOURNAL_NOTE, .text = "also"});
}

static void journal_events_have_number_time_and_cause(void **state) {
    struct fixture *f = *state;

    f->sim->sink = (struct sm_sim_sink){.self = f, .emit = hear};
    f->sim->env.journal = true;
    f->actor->chain = 1;
    sm_env_emit(&f->sim->env, &(struct sm_journal_event){.kind = SM_JOURNAL_STEP});
    sm_env_at(&f->sim->env, &(struct sm_event){.due = 0, .self = f->actor, .fire = say, .actor = "actor", .what = "say"});
    sm_sim_drain(f->sim, 2);

    assert_int_equal(f->heard_count, 5);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(f->heard[i].number, i + 1);
    assert_int_equal(f->heard[0].cause, 0);
    assert_int_equal(f->heard[1].cause, 1);
    assert_int_equal(f->heard[2].cause, 1);
    assert_int_equal(f->heard[3].cause, 2);
    assert_int_equal(f->heard[3].time, SM_TIME_START + 1);
    assert_int_equal(f->sim->env.cause, 0);
}

/* --- State and snapshots ---------------------------------------------------------------------------------------------- */

static void a_restored_world_goes_on_as_the_first_time(void **state) {
    struct fixture *f = *state;
    sm_region_alloc(&f->run, 100);
    size_t used = f->run.used_bytes;

    put(f, 'a', 1, NULL);
    put(f, 'b', 2, NULL);
    put(f, 'c', 3, NULL);
    sm_sim_step(f->sim);
    used = f->run.used_bytes;
    const struct sm_sim_snapshot *snapshot = sm_sim_snapshot(f->sim, &f->keep);
    sm_region_alloc(&f->run, 1000);
    put(f, 'z', 2, NULL);
    uint64_t random = sm_rng_next(&f->sim->env.random);
    sm_sim_drain(f->sim, 100);
    assert_string_equal(f->actor->text, "abzc");

    sm_sim_restore(f->sim, snapshot);
    assert_string_equal(f->actor->text, "a");
    assert_int_equal(f->sim->env.now, SM_TIME_START + 1);
    assert_int_equal(f->run.used_bytes, used);
    assert_true(sm_rng_next(&f->sim->env.random) == random);
    sm_sim_drain(f->sim, 100);
    assert_string_equal(f->actor->text, "abc");

    sm_sim_restore(f->sim, snapshot);
    assert_string_equal(f->actor->text, "a");
    assert_int_equal(f->sim->steps, 1);
}

static void an_empty_world_can_be_restored(void **state) {
    struct fixture *f = *state;

    const struct sm_sim_snapshot *snapshot = sm_sim_snapshot(f->sim, &f->keep);
    put(f, 'a', 1, NULL);
    sm_sim_restore(f->sim, snapshot);

    assert_false(sm_sim_step(f->sim));
}

static void state_is_zeroed_aligned_limited_and_taken_early(void **state) {
    struct fixture *f = *state;

    char *block = sm_env_state(&f->sim->env, 3, "small");
    assert_int_equal((uintptr_t)block % 16, 0);
    assert_int_equal(block[0] | block[1] | block[2], 0);
    expect_bug("glutton wants 1000 bytes", (void)sm_env_state(&f->sim->env, 1000, "glutton"));

    put(f, 'a', 1, NULL);
    sm_sim_step(f->sim);
    expect_bug("late takes state", (void)sm_env_state(&f->sim->env, 8, "late"));
}

static void use_scratch(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    (void)self;
    (void)arg;
    (void)data;
    sm_region_alloc(env->scratch, 100);
}

static void scratch_is_emptied_after_every_event(void **state) {
    struct fixture *f = *state;

    assert_ptr_equal(f->sim->env.scratch, &f->run);
    f->sim->env.scratch = &f->keep;
    sm_env_at(&f->sim->env, &(struct sm_event){.fire = use_scratch, .actor = "actor", .what = "use"});
    sm_sim_step(f->sim);

    assert_int_equal(f->keep.used_bytes, 0);
    assert_non_null(f->keep.first);
}

static void too_many_pending_events_are_a_bug(void **state) {
    struct fixture *f = *state;

    for (int i = 0; i < 8; i++)
        put(f, 'a', i, NULL);
    expect_bug("more than 8 events are pending", (void)put(f, 'b', 1, NULL));

    sm_sim_step(f->sim);
    put(f, 'b', 1, NULL);
    sm_sim_drain(f->sim, 100);
    assert_string_equal(f->actor->text, "aabaaaaaa");
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(events_fire_when_due_and_in_order_of_their_making),
        TEST(nothing_is_due_when_nothing_is_pending),
        TEST(run_until_stops_between_events_and_moves_the_clock),
        TEST(a_cancelled_event_never_fires),
        TEST(events_of_one_channel_do_not_overtake),
        TEST(a_paused_process_does_nothing_until_its_pause_is_over),
        TEST(a_younger_event_can_run_first_within_the_window),
        TEST(only_the_oldest_of_a_channel_can_be_chosen),
        TEST(one_enabled_event_is_no_choice),
        TEST(actors_choices_go_to_the_chooser),
        TEST(an_event_can_be_chosen_to_come_late),
        TEST(journal_events_have_number_time_and_cause),
        TEST(a_restored_world_goes_on_as_the_first_time),
        TEST(an_empty_world_can_be_restored),
        TEST(state_is_zeroed_aligned_limited_and_taken_early),
        TEST(scratch_is_emptied_after_every_event),
        TEST(too_many_pending_events_are_a_bug),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
