#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kube_expect.h"
#include "recorder.h"
#include "sim.h"

struct fixture {
    struct sm_region run, scratch;
    struct sm_sim *sim;
    struct sm_env *env;
    struct fake *fake;
    struct sm_recorder *recorder;
    sm_val node;
};

static const struct sm_client client = {.name = "seinode-controller"};

static int set_up(void **state) {
    static struct fixture f;

    memset(&f, 0, sizeof f);
    sm_region_init(&f.run, "run", 0);
    sm_region_init(&f.scratch, "scratch", 0);
    f.sim = sm_sim_new(&(struct sm_sim_config){.run = &f.run, .scratch = &f.scratch});
    f.env = &f.sim->env;
    f.fake = fake_new(f.env);
    f.recorder = sm_env_state(f.env, sizeof *f.recorder, "recorder");
    sm_recorder_init(f.recorder, &client, &f.fake->transport, "seinode-controller");
    f.node = sm_json_literal(&f.run, "{'metadata': {'name': 'fn-1', 'namespace': 'run-b', 'uid': 'u1', 'resourceVersion': '3'}}");
    *state = &f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;

    sm_region_release(&f->run);
    sm_region_release(&f->scratch);
    return 0;
}

static void record(struct fixture *f, const char *reason, const char *message) {
    sm_recorder_add(f->env, f->recorder, SM_SEINODES, f->node, "Normal", reason, message);
}

static void drain(struct fixture *f) {
    assert_true(sm_sim_drain(f->sim, 1000));
    assert_true(sm_recorder_idle(f->recorder));
}

static void assert_sent(struct fixture *f, unsigned i, const char *verb, const char *json) {
    assert_true(i < f->fake->sent_count);
    assert_string_equal(sm_request_verb(f->fake->sent[i]), verb);
    assert_string_equal(sm_json_text(&f->run, f->fake->sent[i]->body, 0), sm_json_text(&f->run, sm_json_literal(&f->run, json), 0));
}

/* The form of traces/b-fullnode-init. */
static void an_event_is_posted_as_client_go_posts_it(void **state) {
    struct fixture *f = *state;

    record(f, "PhaseTransition", "Phase changed from  to Initializing");
    assert_int_equal(f->fake->sent_count, 0);
    assert_false(sm_recorder_idle(f->recorder));
    drain(f);

    assert_sent(
        f, 0, "create",
        "{'apiVersion': 'v1', 'count': 1, 'eventTime': null, 'firstTimestamp': '2026-01-01T00:00:00Z', 'involvedObject': {'apiVersion': "
        "'sei.io/v1alpha1', 'kind': 'SeiNode', 'name': 'fn-1', 'namespace': 'run-b', 'resourceVersion': '3', 'uid': 'u1'}, 'kind': "
        "'Event', 'lastTimestamp': '2026-01-01T00:00:00Z', 'message': 'Phase changed from  to Initializing', 'metadata': {'name': "
        "'fn-1.18867251edfa0000', 'namespace': 'run-b'}, 'reason': 'PhaseTransition', 'reportingComponent': 'seinode-controller', "
        "'reportingInstance': '', 'source': {'component': 'seinode-controller'}, 'type': 'Normal'}");
    assert_string_equal(f->fake->sent[0]->name_space, "run-b");
    assert_string_equal(f->fake->sent[0]->name, "");
}

static void an_event_that_comes_again_patches_count_time_and_message(void **state) {
    struct fixture *f = *state;

    record(f, "Began", "began");
    record(f, "Ended", "ended");
    drain(f);
    sm_sim_run_until(f->sim, f->env->now + SM_MINUTE);
    record(f, "Began", "began");
    drain(f);

    assert_int_equal(f->fake->sent_count, 3);
    assert_sent(f, 2, "patch", "{'count': 2, 'lastTimestamp': '2026-01-01T00:01:00Z', 'message': 'began'}");
    assert_string_equal(f->fake->sent[2]->name, "fn-1.18867251edfa0000");
    assert_int_equal(f->fake->sent[2]->patch, SM_PATCH_STRATEGIC);
    assert_non_null(fake_get(f->fake, SM_EVENTS, "run-b/fn-1.18867251edfa0001"));
}

static void a_patch_of_a_vanished_event_becomes_a_new_one(void **state) {
    struct fixture *f = *state;

    record(f, "Began", "began");
    drain(f);
    fake_store(f->env, f->fake, SM_EVENTS, "run-b/fn-1.18867251edfa0000", NULL);
    sm_sim_run_until(f->sim, f->env->now + SM_MINUTE);
    record(f, "Began", "began");
    drain(f);

    sm_val event = fake_get(f->fake, SM_EVENTS, "run-b/fn-1.18867251edfa0000");
    assert_int_equal(sm_val_int_at(event, "count", 0), 2);
    assert_string_equal(sm_val_str_at(event, "firstTimestamp"), "2026-01-01T00:00:00Z");
    assert_string_equal(sm_val_str_at(event, "lastTimestamp"), "2026-01-01T00:01:00Z");
}

static void ten_that_differ_in_their_message_only_become_one(void **state) {
    struct fixture *f = *state;

    for (int i = 1; i <= 12; i++) {
        record(f, "Polled", sm_region_printf(&f->run, "poll %d", i));
        drain(f);
    }
    assert_int_equal(f->fake->sent_count, 12);
    assert_string_equal(sm_request_verb(f->fake->sent[9]), "create");
    assert_string_equal(sm_val_str_at(f->fake->sent[9]->body, "message"), "(combined from similar events): poll 10");
    assert_string_equal(sm_request_verb(f->fake->sent[11]), "patch");
    assert_int_equal(sm_val_int_at(f->fake->sent[11]->body, "count", 0), 3);
    assert_string_equal(sm_val_str_at(f->fake->sent[11]->body, "message"), "(combined from similar events): poll 12");

    /* After a quiet time they are told apart again. */
    sm_sim_run_until(f->sim, f->env->now + 601 * SM_SECOND);
    record(f, "Polled", "poll 13");
    drain(f);
    assert_string_equal(sm_val_str_at(f->fake->sent[12]->body, "message"), "poll 13");
}

static void one_object_may_have_twenty_five_at_once_and_one_every_five_minutes(void **state) {
    struct fixture *f = *state;

    for (int i = 0; i < 30; i++) {
        record(f, "Again", "and again");
        drain(f);
    }
    assert_int_equal(f->fake->sent_count, 25);

    sm_sim_run_until(f->sim, f->env->now + 299 * SM_SECOND);
    record(f, "Again", "and again");
    drain(f);
    assert_int_equal(f->fake->sent_count, 25);
    sm_sim_run_until(f->sim, f->env->now + SM_SECOND);
    record(f, "Again", "and again");
    drain(f);
    assert_int_equal(f->fake->sent_count, 26);
    assert_int_equal(sm_val_int_at(f->fake->sent[25]->body, "count", 0), 32);
}

static void what_the_server_rejects_is_dropped(void **state) {
    struct fixture *f = *state;

    f->fake->fail = 403;
    record(f, "A", "a");
    record(f, "B", "b");
    drain(f);

    assert_int_equal(f->fake->sent_count, 2);
    assert_int_equal(sm_pmap_count(fake_log(f->fake, SM_EVENTS)->root), 1);
}

static void a_lost_connection_is_tried_again_every_ten_seconds_twelve_times(void **state) {
    struct fixture *f = *state;

    record(f, "A", "a");
    for (int i = 0; i < 12; i++) {
        f->fake->fail = -1;
        sm_sim_run_until(f->sim, f->env->now + (i ? 10 : 0) * SM_SECOND);
        assert_int_equal(f->fake->sent_count, i + 1);
    }
    assert_true(sm_recorder_idle(f->recorder));

    f->fake->fail = -1;
    record(f, "B", "b");
    drain(f);
    assert_int_equal(f->fake->sent_count, 14);
    assert_non_null(fake_get(f->fake, SM_EVENTS, "run-b/fn-1.1886726b8a7ccc00"));
}

static void who_records_too_much_at_once_loses_the_rest(void **state) {
    struct fixture *f = *state;

    for (int i = 0; i < SM_RECORDER_EVENTS_MAX + 5; i++) {
        f->node = sm_val_set_at(&f->run, f->node, "metadata.name", sm_val_strf(&f->run, "n-%d", i));
        record(f, "A", "a");
    }
    drain(f);

    assert_int_equal(f->fake->sent_count, SM_RECORDER_EVENTS_MAX);
}

static void a_crash_loses_what_was_not_sent(void **state) {
    struct fixture *f = *state;

    f->fake->latency = SM_SECOND;
    record(f, "A", "a");
    record(f, "B", "b");
    sm_sim_run_until(f->sim, f->env->now);
    sm_recorder_reset(f->env, f->recorder);
    record(f, "C", "c");
    sm_recorder_reset(f->env, f->recorder);
    drain(f);

    assert_int_equal(f->fake->sent_count, 1);
    assert_int_equal(sm_pmap_count(fake_log(f->fake, SM_EVENTS)->root), 1);
}

static void events_about_cluster_scoped_objects_live_in_default(void **state) {
    struct fixture *f = *state;

    sm_recorder_add(f->env, f->recorder, SM_NODES, sm_json_literal(&f->scratch, "{'metadata': {'name': 'w'}}"), "Warning", "Gone", "");
    drain(f);

    assert_string_equal(f->fake->sent[0]->name_space, "default");
    assert_null(sm_val_at(f->fake->sent[0]->body, "involvedObject.namespace"));
    assert_null(sm_val_at(f->fake->sent[0]->body, "message"));
    assert_string_equal(sm_val_str_at(f->fake->sent[0]->body, "type"), "Warning");
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(an_event_is_posted_as_client_go_posts_it),
        TEST(an_event_that_comes_again_patches_count_time_and_message),
        TEST(a_patch_of_a_vanished_event_becomes_a_new_one),
        TEST(ten_that_differ_in_their_message_only_become_one),
        TEST(one_object_may_have_twenty_five_at_once_and_one_every_five_minutes),
        TEST(what_the_server_rejects_is_dropped),
        TEST(a_lost_connection_is_tried_again_every_ten_seconds_twelve_times),
        TEST(who_records_too_much_at_once_loses_the_rest),
        TEST(a_crash_loses_what_was_not_sent),
        TEST(events_about_cluster_scoped_objects_live_in_default),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
