/* The engine perturb, over the plain image update: what it tries, what it finds, and that it comes to the same each time. */
#include <stdio.h>
#include <string.h>

#include "campaign_test.h"
#include "engines.h"
#include "points.h"

static struct sm_campaign campaign_of(struct sm_trial *trial, uint64_t runs) {
    return (struct sm_campaign){.engine = "perturb", .kept = &kept, .work = &work, .trial = trial, .seed = 1, .runs_max = runs};
}

/* --- Points ---------------------------------------------------------------------------------------------------------------------- */

struct heard {
    uint32_t writes, watch_events;
};

static void hear(void *self, const struct sm_journal_event *event) {
    static const char *const reads[] = {"get", "list", "watch"};
    struct heard *heard = self;
    bool read = event->verb && strncmp(event->verb, "GET ", 4) == 0;

    for (size_t i = 0; event->verb && i < sizeof reads / sizeof reads[0]; i++)
        read |= strcmp(event->verb, reads[i]) == 0;
    heard->writes += event->kind == SM_JOURNAL_SENT && !read && strcmp(event->resource, "events") != 0;
    heard->watch_events += event->kind == SM_JOURNAL_DELIVERED;
}

static void every_write_and_every_watch_event_of_the_journal_is_a_point(void **state) {
    (void)state;
    struct sm_trial *trial = trial_of("hardened");
    struct heard heard = {0};
    struct sm_sim_chooser nobody = {0};

    sm_trial_run(trial, &nobody, &(struct sm_sim_sink){.self = &heard, .emit = hear});
    struct sm_points *points = sm_points_list(trial, &kept);

    assert_true(heard.writes > 20 && heard.watch_events > 100);
    assert_int_equal(points->writes, heard.writes);
    assert_int_equal(points->watch_events, heard.watch_events);
    assert_int_equal(points->steps, 1);
}

static void points_of_a_rank_go_from_the_end_of_the_run_to_its_beginning(void **state) {
    (void)state;
    struct sm_points *points = sm_points_list(trial_of("hardened"), &kept);

    for (size_t i = 1; i < points->count; i++) {
        const struct sm_point *before = &points->point[i - 1], *after = &points->point[i];
        assert_true(before->rank <= after->rank);
        assert_true(before->rank < after->rank || before->ordinal > after->ordinal ||
                    (before->ordinal == after->ordinal && before->order < after->order));
        assert_true(after->event <= points->events && points->asked[after->event] <= after->ordinal);
    }
}

/* --- Campaigns ------------------------------------------------------------------------------------------------------------------- */

/* The canary: without live reads of the set, replace-pod believes what an old cache says. */
static void perturb_finds_the_canary(void **state) {
    (void)state;
    struct sm_campaign campaign = campaign_of(trial_of("on-delete"), 60);

    sm_perturb(&campaign);

    assert_null(campaign.diverged);
    assert_true(campaign.finding_count > 0);
    assert_int_equal(campaign.finding[0]->schedule.count, 1);
}

/* One point in 29, of all ranks. */
static void perturb_is_silent_on_a_correct_controller(void **state) {
    (void)state;
    struct sm_campaign campaign = campaign_of(trial_of("hardened"), 0);

    campaign.shard = 5;
    campaign.shards = 29;
    sm_perturb(&campaign);

    assert_null(campaign.diverged);
    if (campaign.finding_count)
        fail_msg("%s: %s", campaign.finding[0]->name, campaign.finding[0]->reason);
    assert_true(campaign.runs > 60);
    assert_int_equal(campaign.verdicts[SM_VERDICT_CONVERGES], campaign.runs);
    assert_true(campaign.checked > 0);
}

/* The pod that the user is about to delete is gone by then. */
static void a_step_that_comes_too_late_comes_to_nothing(void **state) {
    (void)state;
    static const struct sm_chosen chosen = {.kind = SM_CHOICE_USER, .label = "user.delete pod/n-1-0", .occurrence = 1, .way = "7"};
    struct sm_player *player = NULL;

    struct sm_verdict verdict =
        sm_trial_play(trial_in("../scenarios/pod-deleted-by-hand.yaml", "hardened"), &chosen, 1, &work, NULL, &player);

    assert_true(player->played[0]);
    if (verdict.kind != SM_VERDICT_CONVERGES)
        fail_msg("%s: %s", sm_verdict_names[verdict.kind], verdict.reason);
}

/* A call that a scenario holds is never sent: that shows nothing of the controller. */
static void a_run_that_chance_made_vacuous_is_no_finding(void **state) {
    (void)state;
    struct sm_campaign campaign = campaign_of(trial_in("../scenarios/replaced-by-hand.yaml", "hardened"), 0);
    static const struct sm_chosen chosen = {
        .kind = SM_CHOICE_FAULT, .label = "seinode-controller.apply statefulsets/default/n-1", .occurrence = 1, .way = "time-out"};

    struct sm_verdict verdict = sm_campaign_play(&campaign, &chosen, 1, 1);

    assert_int_equal(verdict.kind, SM_VERDICT_VACUOUS);
    assert_int_equal(campaign.failed_runs, 0);
    assert_int_equal(campaign.finding_count, 0);
}

static void it_ends_when_every_point_was_tried_and_says_so(void **state) {
    (void)state;
    struct sm_trial *trial = trial_of("hardened");
    size_t count = sm_points_list(trial, &kept)->count;
    struct sm_campaign first = campaign_of(trial, 0), last = campaign_of(trial, 0);

    first.shards = last.shards = 80;
    last.shard = 79;
    sm_perturb(&first);
    sm_perturb(&last);

    assert_int_equal(first.runs, count / 80 + 1);
    assert_int_equal(last.runs, (count + 1) / 80);
    assert_non_null(strstr(first.coverage, sm_region_printf(&kept, "%zu of %zu points", count / 80, count)));
    assert_int_not_equal(first.events, last.events);
}

static void the_same_campaign_comes_to_the_same(void **state) {
    (void)state;
    struct sm_trial *trial = trial_of("merged");
    struct sm_campaign first = campaign_of(trial, 0), second = campaign_of(trial, 0);

    first.shards = second.shards = 80;
    first.shard = second.shard = 2;
    sm_perturb(&first);
    sm_perturb(&second);

    assert_null(first.diverged);
    assert_true(first.finding_count > 0);
    assert_int_equal(first.finding_count, second.finding_count);
    assert_int_equal(first.events, second.events);
    assert_string_equal(first.coverage, second.coverage);
    for (size_t i = 0; i < first.finding_count; i++) {
        assert_string_equal(first.finding[i]->core, second.finding[i]->core);
        assert_int_equal(first.finding[i]->run, second.finding[i]->run);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_write_and_every_watch_event_of_the_journal_is_a_point, setup, teardown),
        cmocka_unit_test_setup_teardown(points_of_a_rank_go_from_the_end_of_the_run_to_its_beginning, setup, teardown),
        cmocka_unit_test_setup_teardown(perturb_finds_the_canary, setup, teardown),
        cmocka_unit_test_setup_teardown(perturb_is_silent_on_a_correct_controller, setup, teardown),
        cmocka_unit_test_setup_teardown(a_step_that_comes_too_late_comes_to_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_run_that_chance_made_vacuous_is_no_finding, setup, teardown),
        cmocka_unit_test_setup_teardown(it_ends_when_every_point_was_tried_and_says_so, setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_campaign_comes_to_the_same, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
