#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "json.h"
#include "network.h"
#include "sim.h"
#include "status.h"
#include "str.h"

static const char *const masters[] = {"system:masters", NULL};
static const struct sm_client client = {.name = "robot", .user = "robot", .groups = masters, .agent = "robot", .index = 1};
static const struct sm_client other = {.name = "other", .user = "other", .groups = masters, .agent = "other", .index = 2};

struct fixture {
    struct sm_region run;
    struct sm_sim *sim;
    struct sm_env *env;
    struct sm_server *server;
    struct sm_network_config config;
    struct sm_network *network;
    struct sm_str told;      /* `1ms sent`, one a line */
    struct sm_str answers;   /* `10ms 200`, one a line */
    struct sm_str faults;    /* labels that were asked about */
    uint32_t way;            /* what the chooser answers */
    struct sm_reply service; /* what the service answers */
};

static sm_time since(const struct fixture *f) {
    return f->env->now - SM_TIME_START;
}

static void observe(struct sm_env *env, void *arg, const struct sm_call_event *event) {
    static const char *const names[] = {"sent", "committed", "answered"};
    struct fixture *f = arg;
    (void)env;

    sm_str_addf(&f->told, "%s %s%s\n", sm_clock_duration(&f->run, since(f)), names[event->phase], event->faulted ? " by a fault" : "");
}

static struct sm_reply serve(struct sm_env *env, void *arg, const struct sm_service_call *call) {
    (void)env;
    (void)call;
    return ((struct fixture *)arg)->service;
}

static uint32_t choose(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    struct fixture *f = self;
    char label[SM_SIM_LABEL_BYTES];
    (void)env;

    if (point->kind != SM_CHOICE_FAULT)
        return 0;
    assert_true(f->way < point->n);
    sm_str_addf(&f->faults, "%s = %s\n", sm_sim_point_label(label, point), point->ways[f->way]);
    return f->way;
}

static void received(struct sm_env *env, void *self, uint64_t token, const void *data) {
    struct fixture *f = self;
    const struct sm_reply *reply = data;
    (void)env;

    sm_str_addf(&f->answers, "%s #%llu %d%s%s\n", sm_clock_duration(&f->run, since(f)), (unsigned long long)token, reply->code,
                reply->code ? "" : " ", reply->code ? "" : sm_val_text(reply->body));
}

static int setup(void **state) {
    struct fixture *f = calloc(1, sizeof *f);

    sm_region_init(&f->run, "network test", 0);
    sm_str_init(&f->told, &f->run);
    sm_str_init(&f->answers, &f->run);
    sm_str_init(&f->faults, &f->run);
    f->sim = sm_sim_new(&(struct sm_sim_config){.run = &f->run, .chooser = {.self = f, .choose = choose}});
    f->env = &f->sim->env;
    f->server = sm_server_new(f->env, &(struct sm_server_config){.seed = 1, .rbac = true});
    f->config = (struct sm_network_config){
        .server = f->server, .latency = 10 * SM_MILLISECOND, .service = serve, .service_arg = f, .observe = observe, .observe_arg = f};
    *state = f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;

    sm_region_release(&f->run);
    free(f);
    return 0;
}

static void open_network(struct fixture *f) {
    f->network = sm_network_new(f->env, &f->config);
    sm_network_begin(f->network);
}

static sm_val config_map(struct fixture *f, const char *name) {
    sm_val map = sm_json_literal(&f->run, "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'namespace':'default'}}");

    return sm_val_set_at(&f->run, map, "metadata.name", sm_val_str(&f->run, name));
}

static const struct sm_request *request(struct fixture *f, enum sm_verb verb, const char *name, sm_val body) {
    struct sm_request *new = sm_region_zalloc(&f->run, sizeof *new);

    *new = (struct sm_request){.client = &client,
                               .verb = verb,
                               .resource = SM_CONFIGMAPS,
                               .subresource = "",
                               .name_space = "default",
                               .name = name,
                               .body = body};
    new->patch = verb == SM_PATCH ? SM_PATCH_MERGE : SM_PATCH_NONE;
    return new;
}

static void send(struct fixture *f, const struct sm_request *sent, uint64_t token) {
    const struct sm_transport *transport = sm_network_transport(f->network);

    transport->send(f->env, transport->self, sent, (struct sm_answer_to){.self = f, .fire = received, .token = token});
}

static void create(struct fixture *f, const char *name, uint64_t token) {
    send(f, request(f, SM_CREATE, "", config_map(f, name)), token);
}

static bool exists(struct fixture *f, const char *name) {
    return sm_server_peek(f->server, SM_CONFIGMAPS, "default", name) != NULL;
}

static void a_request_is_sent_committed_and_answered(void **state) {
    struct fixture *f = *state;

    open_network(f);
    create(f, "a", 1);
    assert_false(exists(f, "a"));
    sm_sim_run_until(f->sim, SM_TIME_START + 7 * SM_MILLISECOND);
    assert_true(exists(f, "a"));
    assert_string_equal(f->answers.data, "");
    sm_sim_drain(f->sim, 10);

    assert_string_equal(f->answers.data, "10ms #1 201\n");
    assert_string_equal(f->told.data, "0s sent\n5ms committed\n10ms answered\n");
}

static void the_first_latency_rule_that_matches_counts_once_the_network_has_begun(void **state) {
    struct fixture *f = *state;
    const struct sm_latency_rule rules[] = {
        {{.client = "other"}, 50 * SM_MILLISECOND},
        {{.client = "rob*", .verb = "create", .resource = "configmaps"}, 20 * SM_MILLISECOND},
        {{.client = NULL}, 30 * SM_MILLISECOND},
    };

    f->config.latencies = rules;
    f->config.latency_count = 3;
    f->network = sm_network_new(f->env, &f->config);
    create(f, "a", 1);
    sm_network_begin(f->network);
    create(f, "b", 2);
    send(f, request(f, SM_GET, "a", NULL), 3);
    sm_sim_drain(f->sim, 20);

    assert_string_equal(f->answers.data, "10ms #1 201\n20ms #2 201\n30ms #3 200\n");
}

static void a_conflict_hits_the_call_it_names_and_nothing_is_done(void **state) {
    struct fixture *f = *state;
    const struct sm_fault_rule rule = {
        .match = {.verb = "create", .name_space = "default"}, .nth = 2, .times = 1, .fault = SM_FAULT_CONFLICT};

    f->config.faults = &rule;
    f->config.fault_count = 1;
    open_network(f);
    create(f, "a", 1);
    create(f, "b", 2);
    create(f, "c", 3);
    sm_sim_drain(f->sim, 20);

    assert_string_equal(f->answers.data, "10ms #1 201\n10ms #2 409\n10ms #3 201\n");
    assert_true(exists(f, "a") && !exists(f, "b") && exists(f, "c"));
    assert_int_equal(sm_network_fault_hits(f->network, 0), 1);
}

static void run_fault(struct fixture *f, struct sm_fault_rule rule) {
    struct sm_fault_rule *kept = sm_region_alloc(&f->run, sizeof *kept);

    *kept = rule;
    f->config.faults = kept;
    f->config.fault_count = 1;
    open_network(f);
    create(f, "a", 1);
    sm_sim_drain(f->sim, 20);
}

static bool may_end(struct sm_env *env, void *arg, const struct sm_client *who, bool really) {
    (void)env;
    (void)arg;
    (void)really;
    return who == &client;
}

static void pause_client(struct sm_env *env, void *arg, const struct sm_client *who, sm_time until) {
    struct fixture *f = arg;
    (void)env;

    sm_sim_pause(f->sim, who->name, until);
}

static void run_pause(struct fixture *f, enum sm_fault fault) {
    f->config.crash = may_end;
    f->config.pause = pause_client;
    f->config.crash_arg = f;
    run_fault(f, (struct sm_fault_rule){.times = 1, .fault = fault, .delay = 20 * SM_SECOND});
}

static void a_process_may_pause_before_its_request_is_sent(void **state) {
    struct fixture *f = *state;

    run_pause(f, SM_FAULT_PAUSE_BEFORE);

    assert_true(exists(f, "a"));
    assert_string_equal(f->told.data, "0s sent\n20.005s committed\n20.01s answered\n");
}

static void a_process_may_pause_before_it_hears_the_answer(void **state) {
    struct fixture *f = *state;

    run_pause(f, SM_FAULT_PAUSE_AFTER);

    assert_string_equal(f->told.data, "0s sent\n5ms committed\n20.005s answered\n");
}

static void ways_have_grades(void **state) {
    (void)state;

    assert_string_equal(sm_fault_grade("conflict"), "common");
    assert_string_equal(sm_fault_grade("pause-after"), "rare");
    assert_string_equal(sm_fault_grade("time-out"), "rare");
    assert_string_equal(sm_fault_grade("5ms"), "common");
}

static void a_lost_answer_is_of_something_done(void **state) {
    struct fixture *f = *state;

    run_fault(f, (struct sm_fault_rule){.fault = SM_FAULT_LOSE_ANSWER, .delay = 30 * SM_SECOND});

    assert_true(exists(f, "a"));
    assert_string_equal(f->answers.data, "30.01s #1 0 EOF\n");
}

static void a_lost_request_does_nothing(void **state) {
    struct fixture *f = *state;

    run_fault(f, (struct sm_fault_rule){.fault = SM_FAULT_LOSE_REQUEST});

    assert_false(exists(f, "a"));
    assert_string_equal(f->answers.data, "10ms #1 0 connect: connection refused\n");
    assert_string_equal(f->told.data, "0s sent\n5ms committed by a fault\n10ms answered by a fault\n");
}

static void a_delay_is_before_and_a_delayed_answer_after_it_is_done(void **state) {
    struct fixture *f = *state;
    const struct sm_fault_rule rules[] = {{.nth = 1, .times = 1, .fault = SM_FAULT_DELAY, .delay = SM_SECOND},
                                          {.nth = 1, .times = 1, .fault = SM_FAULT_DELAY_ANSWER, .delay = SM_SECOND}};

    f->config.faults = rules;
    f->config.fault_count = 2;
    open_network(f);
    create(f, "a", 1);
    create(f, "b", 2);
    sm_sim_run_until(f->sim, SM_TIME_START + 500 * SM_MILLISECOND);
    assert_true(!exists(f, "a") && exists(f, "b"));
    sm_sim_drain(f->sim, 20);

    assert_string_equal(f->answers.data, "1.01s #2 201\n1.01s #1 201\n");
}

static void an_error_has_the_usual_words_of_its_code(void **state) {
    struct fixture *f = *state;

    run_fault(f, (struct sm_fault_rule){.fault = SM_FAULT_ERROR, .code = 503});

    assert_false(exists(f, "a"));
    assert_string_equal(f->answers.data, "10ms #1 503\n");
}

static void what_is_held_arrives_in_order_when_it_is_released(void **state) {
    struct fixture *f = *state;
    const struct sm_call_match match = {.resource = "configmaps", .verb = "create"};

    open_network(f);
    sm_network_hold(f->env, f->network, &match);
    create(f, "a", 1);
    create(f, "b", 2);
    send(f, request(f, SM_LIST, "", NULL), 3);
    sm_sim_run_until(f->sim, SM_TIME_START + SM_SECOND);
    assert_string_equal(f->answers.data, "10ms #3 200\n");
    assert_int_equal(sm_network_held(f->network), 2);

    sm_network_release(f->env, f->network, &match);
    sm_sim_drain(f->sim, 20);
    assert_string_equal(f->answers.data, "10ms #3 200\n1.01s #1 201\n1.01s #2 201\n");
    assert_int_equal(sm_network_held(f->network), 0);
}

static void call_service(struct fixture *f, uint64_t token) {
    const struct sm_transport *transport = sm_network_transport(f->network);
    struct sm_service_call *call = sm_region_zalloc(&f->run, sizeof *call);

    *call = (struct sm_service_call){.client = &client,
                                     .service = "sidecar",
                                     .method = "POST",
                                     .host = "n-1-0",
                                     .path = "/v0/tasks",
                                     .body = sm_json_literal(&f->run, "{'type':'mark-ready'}"),
                                     .timeout = 2 * SM_SECOND};
    transport->call(f->env, transport->self, call, (struct sm_answer_to){.self = f, .fire = received, .token = token});
}

static void a_service_that_hangs_is_given_up_at_the_timeout(void **state) {
    struct fixture *f = *state;
    const struct sm_fault_rule rule = {
        .match = {.verb = "POST", .resource = "sidecar", .name = "/v0/*", .body = sm_json_literal(&f->run, "{'type':'mark-ready'}")},
        .nth = 3,
        .fault = SM_FAULT_ERROR,
        .code = 500};

    f->config.faults = &rule;
    f->config.fault_count = 1;
    open_network(f);
    f->service = (struct sm_reply){.code = 201, .body = SM_NULL};
    call_service(f, 1);
    sm_sim_drain(f->sim, 10);
    f->service = (struct sm_reply){.code = -1};
    call_service(f, 2);
    sm_sim_drain(f->sim, 10);
    call_service(f, 3);
    sm_sim_drain(f->sim, 10);

    assert_string_equal(f->answers.data, "10ms #1 201\n2.01s #2 0 context deadline exceeded\n2.02s #3 500\n");
}

static void a_search_is_asked_about_every_call_and_reads_have_fewer_ways(void **state) {
    struct fixture *f = *state;

    open_network(f);
    f->way = 1;
    create(f, "a", 1);
    send(f, request(f, SM_GET, "a", NULL), 2);
    sm_sim_drain(f->sim, 10);

    assert_true(exists(f, "a"));
    assert_string_equal(f->answers.data, "10ms #1 0 EOF\n10ms #2 0 connect: connection refused\n");
    assert_string_equal(f->faults.data, "robot.create configmaps = lose-answer\nrobot.get configmaps/default/a = lose-request\n");
}

static void rules_match_by_client_verb_resource_name_and_body(void **state) {
    struct fixture *f = *state;
    struct sm_request *patch = sm_region_alloc(&f->run, sizeof *patch);
    sm_val body = sm_json_literal(&f->run, "{'status':{'phase':'Running'}}");
    const struct {
        struct sm_call_match match;
        bool matches;
    } cases[] = {
        {{.client = "robot"}, true},
        {{.client = "other"}, false},
        {{.verb = "patch"}, true},
        {{.verb = "apply"}, false},
        {{.resource = "configmaps/status"}, true},
        {{.resource = "configmaps"}, false},
        {{.resource = "configmaps/*"}, true},
        {{.resource = "*"}, true},
        {{.resource = "secrets/status"}, false},
        {{.name = "a", .name_space = "default"}, true},
        {{.name = "b"}, false},
        {{.body = body}, true},
        {{.body = sm_json_literal(&f->run, "{'status':{'phase':'Failed'}}")}, false},
    };

    *patch = *request(f, SM_PATCH, "a", body);
    patch->subresource = "status";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (sm_call_matches(&cases[i].match, patch, NULL) != cases[i].matches)
            fail_msg("case %zu", i);
    patch->client = &other;
    assert_true(sm_call_matches(&cases[1].match, patch, NULL));
}

static uint64_t pending_hash(struct fixture *f) {
    struct sm_hash hash;
    const struct sm_event *event;

    sm_hash_init(&hash);
    for (uint32_t i = 0; (event = sm_sim_pending(f->sim, i)) != NULL; i++)
        assert_true(sm_network_hash_event(event, &hash));
    sm_network_hash(f->network, &hash);
    return sm_hash_end(&hash);
}

static void what_is_in_flight_is_part_of_the_state(void **state) {
    struct fixture *f = *state;
    const struct sm_event foreign = {.fire = NULL};
    struct sm_hash hash;

    open_network(f);
    create(f, "a", 1);
    uint64_t sent = pending_hash(f);
    sm_sim_step(f->sim);
    uint64_t committed = pending_hash(f);
    sm_sim_step(f->sim);
    uint64_t nothing = pending_hash(f);

    sm_hash_init(&hash);
    assert_true(sent != committed && committed != nothing && sent != nothing);
    assert_false(sm_network_hash_event(&foreign, &hash));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_request_is_sent_committed_and_answered, setup, teardown),
        cmocka_unit_test_setup_teardown(the_first_latency_rule_that_matches_counts_once_the_network_has_begun, setup, teardown),
        cmocka_unit_test_setup_teardown(a_conflict_hits_the_call_it_names_and_nothing_is_done, setup, teardown),
        cmocka_unit_test_setup_teardown(a_process_may_pause_before_its_request_is_sent, setup, teardown),
        cmocka_unit_test_setup_teardown(a_process_may_pause_before_it_hears_the_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(ways_have_grades, setup, teardown),
        cmocka_unit_test_setup_teardown(a_lost_answer_is_of_something_done, setup, teardown),
        cmocka_unit_test_setup_teardown(a_lost_request_does_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_delay_is_before_and_a_delayed_answer_after_it_is_done, setup, teardown),
        cmocka_unit_test_setup_teardown(an_error_has_the_usual_words_of_its_code, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_held_arrives_in_order_when_it_is_released, setup, teardown),
        cmocka_unit_test_setup_teardown(a_service_that_hangs_is_given_up_at_the_timeout, setup, teardown),
        cmocka_unit_test_setup_teardown(a_search_is_asked_about_every_call_and_reads_have_fewer_ways, setup, teardown),
        cmocka_unit_test_setup_teardown(rules_match_by_client_verb_resource_name_and_body, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_in_flight_is_part_of_the_state, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
