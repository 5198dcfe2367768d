/* Campaigns, over the plain image update: what they find, and that it can be run again. */
#include <stdio.h>
#include <string.h>

#include "campaign_test.h"
#include "engines.h"
#include "shrink.h"

static struct sm_campaign campaign_of(struct sm_trial *trial, uint64_t runs) {
    return (struct sm_campaign){.engine = "sweep", .kept = &kept, .work = &work, .trial = trial, .seed = 1, .runs_max = runs};
}

/* The canary: without live reads of the set, replace-pod believes what an old cache says. */
static void sweep_finds_the_canary(void **state) {
    (void)state;
    struct sm_campaign campaign = campaign_of(trial_of("on-delete"), 30);

    sm_sweep(&campaign);

    assert_true(campaign.finding_count > 0);
    assert_null(campaign.diverged);
    assert_true(campaign.finding[0]->runs_to_find < 30);
}

static void sweep_is_silent_on_a_correct_controller(void **state) {
    (void)state;
    struct sm_campaign campaign = campaign_of(trial_of("hardened"), 60);

    sm_sweep(&campaign);

    if (campaign.finding_count)
        fail_msg("%s: %s", campaign.finding[0]->name, campaign.finding[0]->reason);
    assert_int_equal(campaign.runs, 60);
    assert_int_equal(campaign.verdicts[SM_VERDICT_CONVERGES], 60);
    assert_in_range(campaign.checked, 2, 6);
}

static void a_finding_is_as_short_as_can_be_and_fails_again(void **state) {
    (void)state;
    struct sm_trial *trial = trial_of("on-delete");
    struct sm_campaign campaign = campaign_of(trial, 20);

    sm_sweep(&campaign);
    assert_true(campaign.finding_count > 0);
    const struct sm_finding *finding = campaign.finding[0];
    struct sm_player *player = NULL;
    struct sm_verdict verdict = sm_trial_play(trial, finding->schedule.chosen, finding->schedule.count, &work, NULL, &player);
    assert_string_equal(sm_trial_cause(&work, &verdict), finding->cause);
    for (size_t i = 0; i < player->count; i++)
        assert_true(player->played[i]);

    /* Without any one of its choices it is another run. */
    for (size_t out = 0; out < finding->schedule.count; out++) {
        struct sm_chosen less[64];
        size_t count = 0;
        for (size_t i = 0; i < finding->schedule.count; i++)
            if (i != out)
                less[count++] = finding->schedule.chosen[i];
        verdict = sm_trial_play(trial, less, count, &work, NULL, NULL);
        assert_string_not_equal(sm_trial_cause(&work, &verdict), finding->cause);
    }
}

static void the_same_seed_finds_the_same(void **state) {
    (void)state;
    struct sm_trial *trial = trial_of("on-delete");
    struct sm_campaign first = campaign_of(trial, 20), second = campaign_of(trial, 20), other = campaign_of(trial, 20);

    other.seed = 2;
    sm_sweep(&first);
    sm_sweep(&second);
    sm_sweep(&other);

    assert_int_equal(first.finding_count, second.finding_count);
    assert_int_equal(first.events, second.events);
    for (size_t i = 0; i < first.finding_count; i++)
        assert_string_equal(first.finding[i]->core, second.finding[i]->core);
    assert_int_not_equal(first.events, other.events);
}

static void shards_do_the_runs_of_the_whole(void **state) {
    (void)state;
    struct sm_trial *trial = trial_of("on-delete");
    struct sm_campaign whole = campaign_of(trial, 12), part[3];
    uint64_t events = 0, runs = 0, failed = 0;

    sm_sweep(&whole);
    for (uint32_t i = 0; i < 3; i++) {
        part[i] = campaign_of(trial, 12);
        part[i].shards = 3;
        part[i].shard = i;
        sm_sweep(&part[i]);
        assert_int_equal(part[i].runs, 4);
        runs += part[i].runs;
        events += part[i].events;
        failed += part[i].failed_runs;
    }

    assert_true(failed > 0);
    assert_int_equal(runs, whole.runs);
    assert_int_equal(events, whole.events);
    assert_int_equal(failed, whole.failed_runs);
    for (size_t i = 0; i < whole.finding_count; i++) {
        bool found = false;
        for (size_t s = 0; s < 3; s++)
            for (size_t f = 0; f < part[s].finding_count; f++)
                found |= strcmp(part[s].finding[f]->cause, whole.finding[i]->cause) == 0;
        assert_true(found);
    }
}

/* A chooser that is not the same the second time. */
static uint32_t forget(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    unsigned *times = self;
    (void)env;

    return point->kind == SM_CHOICE_LATE && ++*times == 40 ? 3 : 0;
}

static struct sm_sim_chooser forgetful(void *self) {
    return (struct sm_sim_chooser){.self = self, .choose = forget};
}

static void a_run_that_does_not_repeat_itself_is_named(void **state) {
    (void)state;
    unsigned times = 0;
    struct sm_campaign campaign = campaign_of(trial_of("hardened"), 40);

    sm_campaign_try(&campaign, &(struct sm_attempt){.self = &times, .chooser = forgetful, .number = 0});

    assert_non_null(campaign.diverged);
    assert_non_null(strstr(campaign.diverged, "run 0, event "));
    assert_false(sm_campaign_next(&campaign));
}

static void a_choice_that_does_not_occur_is_told_of(void **state) {
    (void)state;
    struct sm_trial *trial = trial_of("hardened");
    static const struct sm_chosen chosen[] = {
        {.kind = SM_CHOICE_LATE, .label = "seinode-controller/pods.deliver default/n-1-0", .occurrence = 1, .way = "5ms"},
        {.kind = SM_CHOICE_LATE, .label = "seinode-controller/pods.deliver default/n-1-0", .occurrence = 2, .way = "7ms"},
        {.kind = SM_CHOICE_FAULT, .label = "seinode-controller.delete pods/default/other", .occurrence = 1, .way = "error"},
    };
    struct sm_player *player = NULL;

    sm_trial_play(trial, chosen, 3, &work, NULL, &player);

    assert_true(player->met[0] && player->played[0]);
    assert_true(player->met[1] && !player->played[1]);
    assert_true(!player->met[2] && !player->played[2]);
}

static void a_user_may_edit_at_any_write(void **state) {
    (void)state;
    struct sm_trial *trial = trial_of("hardened");
    static const struct sm_chosen chosen[] = {
        {.kind = SM_CHOICE_USER, .label = "user.edit seinode/n-1", .occurrence = 2, .way = "touch"},
        {.kind = SM_CHOICE_USER, .label = "user.edit seinode/n-1", .occurrence = 4, .way = "back-and-forth"},
    };
    struct sm_player *player = NULL;

    struct sm_verdict verdict = sm_trial_play(trial, chosen, 2, &work, NULL, &player);

    assert_true(player->played[0] && player->played[1]);
    if (verdict.kind != SM_VERDICT_CONVERGES)
        fail_msg("%s", verdict.reason);
    sm_val node = sm_server_peek(trial->world->server, SM_SEINODES, "default", "n-1");
    assert_string_equal(sm_val_str_at(node, "metadata.annotations.touched"), "1");
    assert_int_equal(sm_val_int_at(node, "metadata.generation", 0), 4);
    assert_string_equal(sm_val_str_at(node, "status.currentImage"), sm_val_str_at(node, "spec.image"));
}

static void a_transcript_is_the_run_again(void **state) {
    (void)state;
    struct sm_trial *trial = trial_of("merged");
    static const struct sm_chosen chosen[] = {
        {.kind = SM_CHOICE_EVENT,
         .label = "seinode-controller/seinodes.deliver default/n-1",
         .occurrence = 1,
         .way = "garbage-collector/seinodes.deliver default/n-1"},
        {.kind = SM_CHOICE_FAULT, .label = "seinode-controller.delete pods/default/n-1-0", .occurrence = 1, .way = "crash-after"},
        {.kind = SM_CHOICE_AGE, .label = "seinode-controller/pods.list", .occurrence = 1, .way = "2"},
    };
    struct sm_transcript *transcript = NULL;

    struct sm_sim_chooser player = sm_player_chooser(sm_player_new(&work, chosen, 3));
    struct sm_verdict first = sm_trial_transcribe(trial, &player, &work, &transcript);
    assert_int_equal(transcript->count, 3);
    struct sm_verdict again = sm_trial_play(trial, transcript->chosen, transcript->count, &work, NULL, NULL);

    assert_int_equal(first.kind, again.kind);
    assert_int_equal(first.events, again.events);
    assert_string_equal(transcript->chosen[1].label, "seinode-controller/pods.list");
    assert_string_equal(transcript->chosen[1].way, "2");
}

static void a_schedule_that_converges_can_not_be_shrunk(void **state) {
    (void)state;
    struct sm_shrunk shrunk = sm_shrink(trial_of("hardened"), &work, NULL, 0, NULL, 100);

    assert_false(shrunk.fails);
    assert_int_equal(shrunk.runs, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sweep_finds_the_canary, setup, teardown),
        cmocka_unit_test_setup_teardown(sweep_is_silent_on_a_correct_controller, setup, teardown),
        cmocka_unit_test_setup_teardown(a_finding_is_as_short_as_can_be_and_fails_again, setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_seed_finds_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(shards_do_the_runs_of_the_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(a_run_that_does_not_repeat_itself_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(a_choice_that_does_not_occur_is_told_of, setup, teardown),
        cmocka_unit_test_setup_teardown(a_user_may_edit_at_any_write, setup, teardown),
        cmocka_unit_test_setup_teardown(a_transcript_is_the_run_again, setup, teardown),
        cmocka_unit_test_setup_teardown(a_schedule_that_converges_can_not_be_shrunk, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
